"""The Rademacher chain inside Theorem 1 of LLZB: networks of one hidden layer, trained and frozen features."""

from __future__ import annotations

import sympy as sp

from theory.claims.rademacher_contraction import CHAIN, REPAIR
from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Inequality, Mutant
from theory.symbols import (
    C,
    ball_radius,
    breakpoint_max,
    feature_energy,
    n,
    neuron_sum,
    rademacher_abs_neuron,
    rademacher_frozen,
    rademacher_network,
    rademacher_neuron,
)

_NEURONS = ForAll(over="classes of neurons that contain 0, samples and radii")
_FROZEN = ForAll(over="frozen features, samples and radii")
_ZERO = Hypothesis(name="contains-zero", statement="the neuron 0 belongs to the class, as w = 0, u = 0 does")
_BALL = Hypothesis(name="coefficient-ball", statement="(1/m)Σ a_i² <= ρ² for the coefficients, m any width")
_LINE = Hypothesis(name="one-dimension", statement="d = 1, |w| + ‖u‖₁ <= 1, e(t) is the same for all samples, σ = ReLU")

_ROOT = ball_radius * sp.sqrt(feature_energy) / n
_SQUARE = ball_radius**2 * feature_energy / n**2

CLAIMS = (
    Claim(
        id="R4:printed",
        sentence="Networks with a coefficient ball of radius ρ have at most 2ρ times the complexity of a neuron.",
        source=CHAIN,
        quantifier=_NEURONS,
        hypotheses=(_ZERO, _BALL),
        relation=Inequality(lhs={"network": rademacher_network}, rhs={"bound": C * ball_radius * rademacher_neuron}),
        constants={"C": Constant(symbol=C, value=sp.S(2), meaning="attained by one sample")},
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
        quantifier=ForAll(over="signs, points, embeddings and neurons"),
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
)

FAMILY = Family(key="R4", subject="Rademacher chain: networks", claims=CLAIMS)
