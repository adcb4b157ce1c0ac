"""The Rademacher chain inside Theorem 1 of LLZB, second half: networks, fixed functions, uniform deviations."""

from __future__ import annotations

import sympy as sp

from theory.claims.rademacher import CHAIN, REPAIR
from theory.statement import Claim, Constant, ForAll, Hypothesis, Identity, Inequality, Mutant, WithProbability
from theory.symbols import (
    C,
    M,
    ball_radius,
    breakpoint_max,
    delta,
    feature_energy,
    n,
    neuron_sum,
    one_sided_deviation,
    rademacher,
    rademacher_abs,
    rademacher_abs_neuron,
    rademacher_abs_shifted,
    rademacher_expected,
    rademacher_frozen,
    rademacher_network,
    rademacher_neuron,
    rademacher_one_sided,
    rademacher_shifted,
    shift_energy,
    uniform_deviation,
    value_range,
)

_NEURONS = ForAll(over="classes of neurons that contain 0, samples and radii")
_FROZEN = ForAll(over="frozen features, samples and radii")
_SHIFTS = ForAll(over="classes of functions, fixed functions and samples")
_SAMPLE = WithProbability(at_least=1 - delta, over="the sample")
_ZERO = Hypothesis(name="contains-zero", statement="the neuron 0 belongs to the class, as w = 0, u = 0 does")
_BALL = Hypothesis(name="coefficient-ball", statement="(1/m)Σ a_i² <= ρ² for the coefficients, m any width")
_IID = Hypothesis(name="bounded-iid", statement="i.i.d. samples, and |f| <= M for every f of the class")
_RANGE = Hypothesis(name="range-iid", statement="i.i.d. samples, and all values f(x) lie in an interval of that range")
_LINE = Hypothesis(name="one-dimension", statement="d = 1, e(t) is the same for all samples, σ = ReLU")

_TAIL = sp.sqrt(2 * sp.log(1 / delta) / n)
_HALF_TAIL = sp.sqrt(sp.log(1 / delta) / (2 * n))
_TAIL_TWO = sp.sqrt(2 * sp.log(2 / delta) / n)
_ROOT = ball_radius * sp.sqrt(feature_energy) / n
_SQUARE = ball_radius**2 * feature_energy / n**2


def _deviation(complexity: sp.Expr, fluctuation: sp.Expr) -> dict[str, sp.Expr]:
    return {"complexity": complexity, "fluctuation": fluctuation}


CLAIMS = (
    Claim(
        id="R4:printed",
        sentence="Networks with a coefficient ball of radius ρ have at most 2ρ times the complexity of a neuron.",
        source=CHAIN,
        quantifier=_NEURONS,
        hypotheses=(_ZERO, _BALL),
        relation=Inequality(lhs={"network": rademacher_network}, rhs={"bound": C * ball_radius * rademacher_neuron}),
        constants={"C": Constant(symbol=C, value=sp.S(2), meaning="attained by one sample")},
        depends_on=("R4:sharp",),
        note="Complexities without |·|. The factor 2 is the price of the coefficients' signs; n = 1 attains it.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 1.999 in place of 2",
                regime="n = 1",
                constants={"C": sp.Rational(1999, 1000)},
            ),
            Mutant(
                name="factor-one",
                description="ρ in place of 2ρ",
                regime="n = 1",
                rhs={"bound": ball_radius * rademacher_neuron},
            ),
            Mutant(
                name="root-radius",
                description="√ρ in place of ρ",
                regime="ρ > 1",
                rhs={"bound": C * sp.sqrt(ball_radius) * rademacher_neuron},
            ),
        ),
    ),
    Claim(
        id="R4:sharp",
        sentence="Networks with a coefficient ball of radius ρ have at most ρ times the |·|-complexity of neurons.",
        source=REPAIR,
        quantifier=_NEURONS,
        hypotheses=(_BALL,),
        relation=Inequality(lhs={"network": rademacher_network}, rhs={"bound": ball_radius * rademacher_abs_neuron}),
        note="An equality: networks of one neuron attain it, and as (1/m)Σ|a_i| <= ρ no width passes it.",
        mutants=(
            Mutant(
                name="no-abs",
                description="the neuron's complexity without |·|",
                regime="n = 1",
                rhs={"bound": ball_radius * rademacher_neuron},
            ),
            Mutant(
                name="root-radius",
                description="√ρ in place of ρ",
                regime="ρ > 1",
                rhs={"bound": sp.sqrt(ball_radius) * rademacher_abs_neuron},
            ),
            Mutant(
                name="below",
                description="0.99 of the bound",
                regime="everywhere",
                rhs={"bound": sp.Rational(99, 100) * ball_radius * rademacher_abs_neuron},
            ),
        ),
    ),
    Claim(
        id="R4:frozen",
        sentence="With frozen features the complexity (ρ/n) E‖Σ ξ_j h_j‖ is at most (ρ/n)√(Σ‖h_j‖²).",
        source=REPAIR,
        quantifier=_FROZEN,
        relation=Inequality(lhs={"frozen": rademacher_frozen}, rhs={"bound": _ROOT}),
        note="Jensen; no logarithm and no factor 2. Equality where ‖Σ ξ_j h_j‖ is the same for all signs: one sample, "
        "or orthogonal features. R4:khintchine shows that it never loses more than √2.",
        mutants=(
            Mutant(
                name="rate",
                description="a spurious 1/√n",
                regime="n >= 2, orthogonal features",
                rhs={"bound": _ROOT / sp.sqrt(n)},
            ),
            Mutant(
                name="khintchine",
                description="divided by √2: the lower bound taken for the upper",
                regime="n = 1",
                rhs={"bound": _ROOT / sp.sqrt(2)},
            ),
            Mutant(
                name="root-radius",
                description="√ρ in place of ρ",
                regime="ρ > 1",
                rhs={"bound": sp.sqrt(ball_radius * feature_energy) / n},
            ),
        ),
    ),
    Claim(
        id="R4:khintchine",
        sentence="The complexity of frozen features is at least (ρ/n)√(Σ‖h_j‖²)/√2, and 1/√2 is attained.",
        source=REPAIR,
        quantifier=_FROZEN,
        relation=Inequality(lhs={"energy": _SQUARE}, rhs={"bound": C * rademacher_frozen**2}),
        constants={"C": Constant(symbol=C, value=sp.S(2), meaning="attained by two samples with the same features")},
        note="Khintchine–Kahane with its best constant (Latała and Oleszkiewicz 1994), squared: so R4:frozen is sharp "
        "up to √2 for every feature matrix.",
        mutants=(
            Mutant(
                name="constant-below",
                description="C = 1.999 in place of 2",
                regime="n = 2, h₁ = h₂",
                constants={"C": sp.Rational(1999, 1000)},
            ),
            Mutant(
                name="gaussian",
                description="π/2, the constant of Gaussian weights",
                regime="n = 2, h₁ = h₂",
                constants={"C": sp.pi / 2},
            ),
            Mutant(name="rate", description="1/n in place of 1/n²", regime="n >= 3", lhs={"energy": n * _SQUARE}),
        ),
    ),
    Claim(
        id="R4:breakpoints",
        sentence="For d = 1 the signed sum of a neuron is at most the largest over 2n breakpoints and 4 vertices.",
        source=CHAIN,
        quantifier=ForAll(over="signs, points, embeddings and neurons with |w| + ‖u‖₁ <= 1"),
        hypotheses=(_LINE,),
        setting={"corners": "all"},
        relation=Inequality(lhs={"neuron": neuron_sum}, rhs={"bound": breakpoint_max}),
        note="The corners are w x_j + b = 0 on |w| + |b|/‖e‖∞ = 1, (w, b) = (±1, 0), (0, ±‖e‖∞), and 0: all are "
        "neurons of the class, so that the bound is its supremum, in O(n log n).",
        mutants=(
            Mutant(
                name="no-vertices",
                description="breakpoints only",
                regime="one point, sign +",
                setting={"corners": "breakpoints"},
            ),
            Mutant(
                name="vertices-only",
                description="vertices only",
                regime="points −1, 1 with signs −, +",
                setting={"corners": "vertices"},
            ),
            Mutant(
                name="one-side",
                description="corners with w >= 0 only",
                regime="a negative point, sign +",
                setting={"corners": "right"},
            ),
            Mutant(
                name="below",
                description="0.999 of the maximum",
                regime="everywhere",
                rhs={"bound": sp.Rational(999, 1000) * breakpoint_max},
            ),
        ),
    ),
    Claim(
        id="R5:fixed-function",
        sentence="Adding one fixed function to a class does not change its complexity without |·|.",
        source=CHAIN,
        quantifier=_SHIFTS,
        relation=Identity(lhs={"shifted": rademacher_shifted}, rhs={"class": rademacher}),
        note="E Σ ξ_j g(x_j) = 0.",
        mutants=(
            Mutant(
                name="abs-left",
                description="|·| on the left",
                regime="F = {0}, g = 1",
                lhs={"shifted": rademacher_abs_shifted},
            ),
            Mutant(
                name="added",
                description="√(Σg²)/n added",
                regime="g ≠ 0",
                rhs={"class": rademacher, "shift": sp.sqrt(shift_energy) / n},
            ),
            Mutant(
                name="doubled",
                description="twice the complexity",
                regime="two functions",
                rhs={"class": 2 * rademacher},
            ),
        ),
    ),
    Claim(
        id="R5:fixed-function-abs",
        sentence="Adding one fixed function to a class does not change its complexity with |·|.",
        source=CHAIN,
        quantifier=_SHIFTS,
        relation=Identity(lhs={"shifted": rademacher_abs_shifted}, rhs={"class": rademacher_abs}),
        note="False: F = {0} has complexity 0, F + 1 has 1 at n = 1. R5:abs says by how much at most.",
        mutants=(
            Mutant(
                name="plain-right",
                description="without |·| on the right",
                regime="a single function",
                rhs={"class": rademacher},
            ),
            Mutant(
                name="doubled", description="twice the complexity", regime="f ≠ 0", rhs={"class": 2 * rademacher_abs}
            ),
            Mutant(
                name="added",
                description="√(Σg²)/n added",
                regime="g = −f",
                rhs={"class": rademacher_abs, "shift": sp.sqrt(shift_energy) / n},
            ),
        ),
    ),
    Claim(
        id="R5:abs",
        sentence="Adding one fixed function g changes the complexity with |·| by at most √(Σ g(x_j)²)/n, either way.",
        source=REPAIR,
        quantifier=_SHIFTS,
        relation=Inequality(
            lhs={"shifted": rademacher_abs_shifted, "minus class": -rademacher_abs},
            rhs={"shift": sp.sqrt(shift_energy) / n},
        ),
        note="For F + g and −g it is the bound in the other direction. At most sup|g|/√n; attained by F = {0} where g "
        "lives on one sample. Never below the complexity without |·|, which does not move.",
        mutants=(
            Mutant(
                name="half",
                description="half of the change",
                regime="F = {0}",
                rhs={"shift": sp.sqrt(shift_energy) / (2 * n)},
            ),
            Mutant(
                name="rate",
                description="a spurious 1/√n",
                regime="n = 2, g on one sample",
                rhs={"shift": sp.sqrt(shift_energy) / n ** sp.Rational(3, 2)},
            ),
            Mutant(
                name="lost-root",
                description="Σg² in place of its root",
                regime="Σg² < 1",
                rhs={"shift": shift_energy / n},
            ),
        ),
    ),
    Claim(
        id="R6:expected",
        sentence="Uniformly over the class the deviation is at most 2R_n + M√(2 log(1/δ)/n), R_n with |·|.",
        source=CHAIN,
        quantifier=_SAMPLE,
        hypotheses=(_IID,),
        relation=Inequality(lhs={"deviation": uniform_deviation}, rhs=_deviation(2 * rademacher_expected, M * _TAIL)),
        note="Symmetrisation and bounded differences 2M/n. The factor 2 is attained in the limit of all ±M-valued "
        "functions on many points; without |·| the statement is false already for one function.",
        mutants=(
            Mutant(
                name="one-complexity",
                description="R_n in place of 2R_n",
                regime="all ±1-valued functions",
                rhs=_deviation(rademacher_expected, M * _TAIL),
            ),
            Mutant(
                name="no-abs",
                description="R_n without |·|",
                regime="a single function, n = 1",
                rhs=_deviation(2 * rademacher_one_sided, M * _TAIL),
            ),
            Mutant(
                name="half-fluctuation",
                description="differences taken as M/n, not 2M/n",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_expected, M * _TAIL / 2),
            ),
            Mutant(
                name="lost-root",
                description="M · 2 log(1/δ)/n: the root lost",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_expected, M * _TAIL**2),
            ),
        ),
    ),
    Claim(
        id="R6:sharp",
        sentence="Uniformly over the class the deviation is at most 2R̂_n + 2M√(2 log(1/δ)/n), R̂_n with |·|.",
        source=REPAIR,
        quantifier=_SAMPLE,
        hypotheses=(_IID,),
        relation=Inequality(lhs={"deviation": uniform_deviation}, rhs=_deviation(2 * rademacher_abs, 2 * M * _TAIL)),
        note="One application of bounded differences to the deviation minus 2R̂_n: one sample moves R̂_n by M/n only "
        "(it lies between the complexity of the others and that plus M/n), so 2M/n + 2M/n in all, and no union bound.",
        mutants=(
            Mutant(
                name="one-complexity",
                description="R̂_n in place of 2R̂_n",
                regime="all ±1-valued functions",
                rhs=_deviation(rademacher_abs, 2 * M * _TAIL),
            ),
            Mutant(
                name="no-abs",
                description="R̂_n without |·|",
                regime="a single function, n = 1",
                rhs=_deviation(2 * rademacher, 2 * M * _TAIL),
            ),
            Mutant(
                name="quarter",
                description="M/2 in place of 2M",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_abs, M * _TAIL / 2),
            ),
            Mutant(
                name="rate-n",
                description="1/n in place of 1/√n",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_abs, 2 * M * _TAIL / sp.sqrt(n)),
            ),
        ),
    ),
    Claim(
        id="R6:empirical",
        sentence="Uniformly over the class the deviation is at most 2R̂_n + 3M√(2 log(2/δ)/n), R̂_n with |·|.",
        source=CHAIN,
        quantifier=_SAMPLE,
        hypotheses=(_IID,),
        relation=Inequality(
            lhs={"deviation": uniform_deviation}, rhs=_deviation(2 * rademacher_abs, 3 * M * _TAIL_TWO)
        ),
        depends_on=("R6:sharp",),
        note="Printed up to constants; this is the usual form with a union bound. R6:sharp has 2M√(2 log(1/δ)/n), "
        "better by a factor above 3/2.",
        mutants=(
            Mutant(
                name="one-complexity",
                description="R̂_n in place of 2R̂_n",
                regime="all ±1-valued functions, n > 12",
                rhs=_deviation(rademacher_abs, 3 * M * _TAIL_TWO),
            ),
            Mutant(
                name="half-bound",
                description="M/2 in place of 3M",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_abs, M * _TAIL_TWO / 2),
            ),
            Mutant(
                name="rate-n",
                description="1/n in place of 1/√n",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_abs, 3 * M * _TAIL_TWO / sp.sqrt(n)),
            ),
            Mutant(
                name="lost-root",
                description="3M · 2 log(2/δ)/n: the root lost",
                regime="fair coins, n = 1600",
                rhs=_deviation(2 * rademacher_abs, 3 * M * _TAIL_TWO**2),
            ),
        ),
    ),
    Claim(
        id="R6:one-sided",
        sentence="Expectations exceed empirical means by at most 2R_n + range(F)√(log(1/δ)/(2n)), R_n without |·|.",
        source=REPAIR,
        quantifier=_SAMPLE,
        hypotheses=(_RANGE,),
        relation=Inequality(
            lhs={"excess": one_sided_deviation}, rhs=_deviation(2 * rademacher_one_sided, value_range * _HALF_TAIL)
        ),
        note="What a generalization bound needs: the side that hurts, the complexity that a fixed function leaves "
        "alone, and the range in place of 2M. For one function it is Hoeffding's inequality.",
        mutants=(
            Mutant(
                name="one-complexity",
                description="R_n in place of 2R_n",
                regime="all ±1-valued functions",
                rhs=_deviation(rademacher_one_sided, value_range * _HALF_TAIL),
            ),
            Mutant(
                name="half-range",
                description="range(F)/2",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_one_sided, value_range * _HALF_TAIL / 2),
            ),
            Mutant(
                name="two-sided",
                description="both sides for the price of one",
                regime="a single function, n = 1",
                lhs={"excess": uniform_deviation},
            ),
            Mutant(
                name="lost-root",
                description="range(F) log(1/δ)/(2n): the root lost",
                regime="fair coins, n = 100",
                rhs=_deviation(2 * rademacher_one_sided, value_range * _HALF_TAIL**2),
            ),
        ),
    ),
)
