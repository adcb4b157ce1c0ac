"""The norm of an i.i.d. mean of vectors: five bounds in three numbers of their law, and the least of them.

σ_Y² = E‖Y−EY‖², w_Y² = ‖Cov Y‖ and R_Y = sup‖Y−EY‖ are far apart for vectors of many directions: w_Y <= σ_Y <= R_Y.
"""

from __future__ import annotations

import sympy as sp

from theory.claims.capacity.path import SOURCE
from theory.statement import Claim, ForAll, Hypothesis, Inequality, Mutant, WithProbability
from theory.symbols import delta, mean_deviation, n, radius_Y, sigma_Y, weak_Y

IID = Hypothesis(name="iid", statement="Y₁, …, Yₙ are i.i.d. in a separable Hilbert space")
SPREAD = Hypothesis(name="spread", statement="E‖Y−EY‖² <= σ_Y²")
WEAK = Hypothesis(name="weak", statement="‖Cov Y‖ <= w_Y²")
RADIUS = Hypothesis(name="radius", statement="‖Y−EY‖ <= R_Y")
_SAMPLE = WithProbability(at_least=1 - delta, over="the sample")
_LEFT = {"deviation": mean_deviation}


_MEAN = sigma_Y / sp.sqrt(n)


def _bousquet(
    failure: sp.Expr = delta, factor: int = 2, mean: sp.Expr = _MEAN, cross: sp.Expr = _MEAN
) -> dict[str, sp.Expr]:
    level = sp.log(1 / failure)
    return {
        "mean": mean,
        "fluctuation": sp.sqrt(factor * level * (weak_Y**2 + 2 * radius_Y * cross) / n),
        "range": radius_Y * level / (3 * n),
    }


def _differences(
    failure: sp.Expr = delta, mean: sp.Expr = _MEAN, radius: sp.Expr = radius_Y, factor: int = 2
) -> dict[str, sp.Expr]:
    return {"mean": mean, "fluctuation": radius * sp.sqrt(factor * sp.log(1 / failure) / n)}


def _pinelis(failure: sp.Expr = delta, radius: sp.Expr = radius_Y, sides: int = 2) -> dict[str, sp.Expr]:
    return {"fluctuation": radius * sp.sqrt(2 * sp.log(sides / failure) / n)}


def _chebyshev(failure: sp.Expr = delta) -> sp.Expr:
    return sigma_Y / sp.sqrt(n * failure)


def branches(failure: sp.Expr = delta) -> tuple[sp.Expr, ...]:
    """The bounds that fail with this probability at most, and the sure one."""
    made = (_bousquet(failure), _differences(failure), _pinelis(failure))
    return (*(sp.Add(*terms.values()) for terms in made), _chebyshev(failure), radius_Y)


def _least(failure: sp.Expr = delta) -> dict[str, sp.Expr]:
    return {"least": sp.Min(*branches(failure), evaluate=False)}


def _claim(
    name: str,
    sentence: str,
    right: dict[str, sp.Expr],
    note: str,
    mutants: tuple[tuple[str, str, str, dict[str, sp.Expr]], ...],
    *given: Hypothesis,
) -> Claim:
    return Claim(
        id=f"CAP:sample{name}",
        sentence=sentence,
        source=SOURCE,
        quantifier=_SAMPLE if IID in given else ForAll(over="samples of n vectors"),
        hypotheses=given,
        relation=Inequality(lhs=_LEFT, rhs=right),
        note=note,
        mutants=tuple(Mutant(name=a, description=b, regime=c, rhs=d) for a, b, c, d in mutants),
    )


CLAIMS = (
    _claim(
        "-Bousquet",
        "An i.i.d. mean deviates by at most σ_Y/√n + √(2x(w_Y² + 2R_Yσ_Y/√n)/n) + R_Yx/(3n), x = log(1/δ).",
        _bousquet(),
        "Bousquet's inequality, the norm being a supremum of linear functions over countably many unit vectors, and "
        "E‖·‖ <= σ_Y/√n. For large n the fluctuation has the weak variance in it and not σ_Y².",
        (
            ("half-variance", "x in place of 2x", "coins, δ small", _bousquet(factor=1)),
            (
                "weak-mean",
                "w_Y/√n in place of σ_Y/√n",
                "many directions, δ near 1",
                _bousquet(mean=weak_Y / sp.sqrt(n)),
            ),
            ("no-cross", "2R_Yσ_Y/√n is lost", "one rare vector of many directions", _bousquet(cross=sp.S.Zero)),
            ("no-range", "R_Yx/(3n) is lost", "rare values, δ small", {**_bousquet(), "range": sp.S.Zero}),
        ),
        IID,
        SPREAD,
        WEAK,
        RADIUS,
    ),
    _claim(
        "-differences",
        "An i.i.d. mean deviates by at most σ_Y/√n + R_Y√(2 log(1/δ)/n).",
        _differences(),
        "HILBERT:diameter, two vectors being 2R_Y apart at most.",
        (
            ("half-fluctuation", "log(1/δ) in place of 2 log(1/δ)", "coins, δ small", _differences(factor=1)),
            ("no-mean", "σ_Y/√n is lost", "δ near 1", _differences(mean=sp.S.Zero)),
            ("spread-tail", "σ_Y in place of R_Y", "rare large values", _differences(radius=sigma_Y)),
        ),
        IID,
        SPREAD,
        RADIUS,
    ),
    _claim(
        "-Pinelis",
        "An i.i.d. mean deviates by at most R_Y√(2 log(2/δ)/n).",
        _pinelis(),
        "No mean stands before it: less than the bounded differences where σ_Y√(2 log(1/δ)) >= R_Y log 2.",
        (
            ("one-side", "log(1/δ) in place of log(2/δ)", "δ near 1", _pinelis(sides=1)),
            ("half", "half of the bound", "coins, δ small", _pinelis(radius=radius_Y / 2)),
            ("spread-tail", "σ_Y in place of R_Y", "rare large values", _pinelis(radius=sigma_Y)),
        ),
        IID,
        RADIUS,
    ),
    _claim(
        "-sure",
        "A mean of n vectors surely deviates by at most R_Y.",
        {"radius": radius_Y},
        "A ball is convex. Equality where all data are the same vector of the sphere.",
        (
            ("spread", "σ_Y in place of R_Y", "rare large values", {"radius": sigma_Y}),
            ("root", "R_Y/√n in place of R_Y", "n > 1", {"radius": radius_Y / sp.sqrt(n)}),
            ("one-per-cent", "1 % smaller", "n = 1", {"radius": sp.Rational(99, 100) * radius_Y}),
        ),
        RADIUS,
    ),
    _claim(
        "",
        "An i.i.d. mean deviates by at most the least of five: Bousquet's, bounded differences, Pinelis', "
        "Chebyshev's and R_Y.",
        _least(),
        "Each is a number of the law, and the least is one of them: one event of probability δ, and no union. "
        "Chebyshev's is HILBERT:second-moment. They are what numerics.Capacity takes of the noise.",
        (
            ("half-failure", "every bound at 2δ", "rare large values", _least(2 * delta)),
            ("third-failure", "every bound at 3δ", "rare large values", _least(3 * delta)),
            (
                "half-radius",
                "R_Y/2 in place of R_Y",
                "n = 1",
                {"least": sp.Min(*branches()[:-1], radius_Y / 2, evaluate=False)},
            ),
        ),
        IID,
        SPREAD,
        WEAK,
        RADIUS,
    ),
)
