"""IT11, CZS, Theorem 6.3: what a generated sample reveals of the data that the score was learned from."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Inequality, Mutant, Source
from theory.symbols import C, T, n, path_cost, path_cost_data, path_cost_mirrored, sampler_information, score_limit

_THEOREM = Source(paper="CZS", place="Theorem 6.3 [r: for Euler's chain (T L²/2N)Σβ(t_k), here its limit]")
_REPAIR = Source(paper="scoregap", place="beside CZS, Theorem 6.3")
_GENERATES = Hypothesis(
    name="generates",
    statement="Ornstein–Uhlenbeck; the reverse SDE of the learned score generates X̂_t from X̂_T ~ π, by Girsanov's "
    "theorem",
)
_BOUNDED = Hypothesis(name="bounded", statement="‖s_θ(x, t)‖ <= L for all x, t and data")
_FIXED = Hypothesis(name="fixed", statement="s̄ does not depend on the data")
_GROWN = 1 - sp.exp(-2 * T)
_SIGNAL = _GROWN**2 / n
_LEFT = {"information": sampler_information}
_ALL = ForAll(over="learning rules, laws, numbers of data and horizons")
_SIZES = ForAll(over="numbers of data and horizons")

CLAIMS = (
    Claim(
        id="IT11:printed",
        sentence="A score with ‖s‖ <= L reveals I(X̂₀;S|X̂_T) <= ½L²B of its data, B = 2T.",
        source=_THEOREM,
        quantifier=_ALL,
        hypotheses=(_GENERATES, _BOUNDED),
        relation=Inequality(lhs=_LEFT, rhs={"sampler": C * score_limit**2 * T}),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="½β of Girsanov's theorem, β = 2")},
        note="True, and it grows with T for ever, while the information need not (IT11:location). No fit of a Gaussian "
        "has a bounded score. It says nothing of the gap of a log-loss (IT7), nor of pairs that start at E_T(x_i).",
        mutants=(
            Mutant(
                name="small",
                description="0.2 in place of 1",
                regime="a score ±L by the data",
                constants={"C": sp.Rational(1, 5)},
            ),
            Mutant(
                name="linear", description="L in place of L²", regime="L large", rhs={"sampler": score_limit * T / 5}
            ),
            Mutant(
                name="square-time",
                description="T² in place of T",
                regime="T small",
                rhs={"sampler": score_limit**2 * T**2},
            ),
        ),
    ),
    Claim(
        id="IT11:sharper",
        sentence="For every data-free s̄ I(X̂₀;S|X̂_T) is at most ½∫β E‖s_θ − s̄‖² along the generator's own paths.",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(_GENERATES, _FIXED),
        relation=Inequality(lhs=_LEFT, rhs={"cost": path_cost}),
        note="The information is the least mean divergence from a law that does not know the data; s̄ = 0 and ‖s‖ <= L "
        "give IT11:printed. With s̄ = −x it stays bounded in T where s_θ → −x, with s̄ = E_S s_θ it is of the order 1/n "
        "for smooth fits. The expectation is over paths from π, not over the data's.",
        mutants=(
            Mutant(name="half", description="half of it", regime="a location, many data", rhs={"cost": path_cost / 2}),
            Mutant(name="square", description="its square", regime="a location, many data", rhs={"cost": path_cost**2}),
            Mutant(
                name="per-datum",
                description="divided by n",
                regime="a location, many data",
                rhs={"cost": path_cost / n},
            ),
            Mutant(
                name="from-the-data",
                description="along paths that start at the data in place of π",
                regime="a score that tells most where no data are, T small",
                rhs={"cost": path_cost_data},
            ),
            Mutant(
                name="mirrored",
                description="s(x_τ, τ) on the reverse path for s(x_τ, T − τ)",
                regime="a score that tells most at the end of the path, where paths are spread",
                rhs={"cost": path_cost_mirrored},
            ),
        ),
    ),
    Claim(
        id="IT11:location",
        sentence="For a Gaussian location the information ½log(1 + (1 − a)/n) is at most (1 − a)/(2n), a = e^{−2T}.",
        source=_REPAIR,
        quantifier=_SIZES,
        relation=Inequality(lhs={"information": sp.log(1 + _GROWN / n) / 2}, rhs={"cost": C * _GROWN / (2 * n)}),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="the limit for n large")},
        note="s = −x + e^{−t}x̄, s̄ = −x + e^{−t}m₀: IT11:sharper with the constant 1 in the limit. A bound of the form "
        "L²T is infinite here, for the score is unbounded.",
        mutants=(
            Mutant(
                name="constant-below",
                description="0.99 in place of 1",
                regime="n large",
                constants={"C": sp.Rational(99, 100)},
            ),
            Mutant(
                name="fast", description="1/n² in place of 1/n", regime="n >= 2", rhs={"cost": C * _GROWN / (2 * n**2)}
            ),
            Mutant(
                name="short",
                description="(1 − a)² in place of 1 − a",
                regime="T small",
                rhs={"cost": C * _GROWN**2 / (2 * n)},
            ),
        ),
    ),
    Claim(
        id="IT11:memory",
        sentence="What the information does bound: how much nearer samples are to data than to fresh points, "
        "2(1 − a)/n <= 2V√(I/n) with V = 2 + (1 − a)²/n and I = ½log(1 + (1 − a)²/n).",
        source=_REPAIR,
        quantifier=_SIZES,
        relation=Inequality(
            lhs={"memory": 2 * C * _GROWN / n},
            rhs={"information": 2 * (2 + _SIGNAL) * sp.sqrt(sp.log(1 + _SIGNAL) / 2 / n)},
        ),
        constants={"C": Constant(symbol=C, value=sp.S.One, meaning="√2 in the limit, which is not claimed")},
        note="For X̂ ~ Q, E[(X̂ − X′)² − (X̂ − X_i)²] <= R₋√(2I(X̂;S)/n), X′ fresh; the Gaussian location has both in "
        "closed form, with the ratio √2 for n large.",
        mutants=(
            Mutant(
                name="half",
                description="half of the right side",
                regime="n large",
                rhs={"information": (2 + _SIGNAL) * sp.sqrt(sp.log(1 + _SIGNAL) / 2 / n)},
            ),
            Mutant(
                name="fast",
                description="I/n² in place of I/n",
                regime="n >= 3",
                rhs={"information": 2 * (2 + _SIGNAL) * sp.sqrt(sp.log(1 + _SIGNAL) / 2) / n},
            ),
            Mutant(
                name="constant-above",
                description="1.5 in place of 1",
                regime="n large",
                constants={"C": sp.Rational(3, 2)},
            ),
        ),
    ),
)

FAMILY = Family(key="IT11", subject="what a sampler reveals of the data", claims=CLAIMS)
