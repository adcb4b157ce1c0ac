"""Lower tails: how much of B+ν the data's B̂+ν keeps with probability 1−δ, branch by branch and by the best of them.

W = B_ν^{−½}(B(x₀)+ν)B_ν^{−½} has the mean 1; B̂+ν ⪰ c(B+ν) says that the mean of the n data's W is above c.
"""

from __future__ import annotations

import sympy as sp

from theory.claims.capacity.path import SOURCE
from theory.statement import Claim, ForAll, Hypothesis, Inequality, Mutant, WithProbability
from theory.symbols import (
    delta,
    kept,
    laplace_at,
    laplace_chord,
    log_laplace,
    m,
    n,
    omega,
    ridged_range,
    whitened_square,
    whitened_variance,
)
from theory.vocabulary import capacity as ca

DATA = Hypothesis(
    name="iid", statement="the data are i.i.d. from p₀; m features, which do not depend on them, have B = E B(x₀) ⪰ 0"
)
_PROPER = Hypothesis(
    name="proper", statement="m > 1 or δ < 1", lesser=sp.S.Zero, greater=sp.log(m / delta), strict=True
)
_SAMPLE = WithProbability(at_least=1 - delta, over="the n data")
_KEPT = {"kept": kept}
_ONE = {"mean": sp.S.One}


def _claim(
    name: str, sentence: str, left: dict[str, sp.Expr], loss: dict[str, sp.Expr], note: str, *mutants: Mutant
) -> Claim:
    return Claim(
        id=f"CAP:lower-tail-{name}",
        sentence=sentence,
        source=SOURCE,
        quantifier=_SAMPLE,
        hypotheses=(DATA, _PROPER) if name in ("moment", "Bernstein") else (DATA,),
        relation=Inequality(lhs=left, rhs={**_KEPT, **loss}),
        note=note,
        mutants=mutants,
    )


def _wrong(name: str, description: str, regime: str, **loss: sp.Expr) -> Mutant:
    return Mutant(name=name, description=description, regime=regime, rhs={**_KEPT, **loss})


_LEVEL, _NARROW = ca.tail_level(delta), sp.log(1 / delta) / n
_MOMENT, _SPREAD = ca.gaussian_loss(whitened_square, _LEVEL), ca.gaussian_loss(whitened_variance, _LEVEL)
_RANGE = (1 - omega) * _LEVEL / 3

CLAIMS = (
    Claim(
        id="CAP:lower-tail-sure",
        sentence="The data keep of B+ν surely what every single datum keeps.",
        source=SOURCE,
        quantifier=ForAll(over="data in the support of p₀, features and ridges ν > 0"),
        hypotheses=(DATA,),
        relation=Inequality(lhs={"sure": omega}, rhs=_KEPT),
        note="W(x₀) ⪰ ω. Equality for n = 1, or where all data are alike.",
        mutants=(
            Mutant(
                name="average",
                description="ω plus a hundredth",
                regime="n = 1",
                lhs={"sure": omega * sp.Rational(101, 100)},
            ),
            Mutant(name="root", description="√ω in place of ω", regime="n = 1", lhs={"sure": sp.sqrt(omega)}),
            Mutant(
                name="half-way",
                description="half way from ω to the mean",
                regime="n = 1",
                lhs={"sure": (1 + omega) / 2},
            ),
        ),
    ),
    _claim(
        "moment",
        "With probability 1−δ the data keep 1 − √(2v_ν log(m/δ)/n) of B+ν, v_ν = ‖E(B_ν^{−½}B(x₀)B_ν^{−½})²‖.",
        _ONE,
        {"moment": _MOMENT},
        "e^{−w} <= 1−w+w²/2 for w >= 0: nothing bounds B(x₀) from above, and no term in L appears. v_ν <= L(ν).",
        _wrong("half-variance", "v_νℓ in place of 2v_νℓ", "rare Bernoulli W, δ small", moment=_MOMENT / sp.sqrt(2)),
        _wrong(
            "no-width",
            "log(1/δ) in place of log(m/δ)",
            "m > 1, δ near 1",
            moment=ca.gaussian_loss(whitened_square, _NARROW),
        ),
        _wrong("centred", "the centred v′_ν in place of v_ν", "rare small W, δ small", moment=_SPREAD),
        _wrong("lost", "the fluctuation is lost", "n small"),
    ),
    _claim(
        "Bernstein",
        "With probability 1−δ the data keep 1 − √(2v′_ν log(m/δ)/n) − (1−ω) log(m/δ)/(3n) of B+ν, v′_ν = ‖E(W−1)²‖.",
        _ONE,
        {"spread": _SPREAD, "range": _RANGE},
        "One-sided: W−1 >= −(1−ω) is at most 1 from below, whatever L(ν) is.",
        _wrong(
            "half-variance",
            "v′_νℓ in place of 2v′_νℓ",
            "Bernoulli W, δ small",
            spread=_SPREAD / sp.sqrt(2),
            range=_RANGE,
        ),
        _wrong(
            "no-width",
            "log(1/δ) in place of log(m/δ)",
            "m > 1, δ near 1",
            spread=ca.gaussian_loss(whitened_variance, _NARROW),
            range=(1 - omega) * _NARROW / 3,
        ),
        _wrong("no-spread", "the fluctuation is lost", "n small", range=_RANGE),
    ),
    _claim(
        "Chernoff",
        "For every ς′ > 0 chosen by the law alone the data keep, with probability 1−δ, "
        "ω + (1−ω)(1−e^{−ς′L′})/(ς′L′) − log(m/δ)/(ς′n) of B+ν.",
        {"chord": ca.chord(laplace_chord)},
        {"failure": _LEVEL / laplace_chord},
        "W−ω lies between 0 and L′ <= L+1−ω. The best ς′ has 1−e^{−ς′L′} = t, where (1−ω)(t + (1−t) log(1−t)) is "
        "L′ log(m/δ)/n, and keeps ω + (1−ω)(1−t).",
        Mutant(
            name="half-range",
            description="L′/2 in place of L′",
            regime="W nearly Bernoulli, ς′L′ > 1",
            lhs={"chord": ca.chord(laplace_chord, reach=ridged_range / 2)},
        ),
        Mutant(
            name="tangent",
            description="the tangent 1 in place of (1−e^{−ς′L′})/(ς′L′)",
            regime="ς′L′ large",
            lhs={"chord": sp.S.One},
        ),
        _wrong("half-failure", "half of log(m/δ)", "δ small", failure=_LEVEL / (2 * laplace_chord)),
    ),
    _claim(
        "master",
        "For every ς > 0 chosen by the law alone the data keep, with probability 1−δ, "
        "(log δ − log tr(E e^{−ςW})ⁿ)/(ςn) of B+ν.",
        {"transform": -log_laplace / (laplace_at * n)},
        {"failure": sp.log(1 / delta) / (laplace_at * n)},
        "The matrix Laplace transform itself, the sharpest: every Chernoff bound of W is below it at the same ς.",
        _wrong("half-failure", "half of log(1/δ)", "δ small", failure=sp.log(1 / delta) / (2 * laplace_at * n)),
        _wrong("no-failure", "log(1/δ) is lost", "one feature", failure=sp.S.Zero),
        _wrong("third-failure", "a third of log(1/δ)", "δ small", failure=sp.log(1 / delta) / (3 * laplace_at * n)),
    ),
    Claim(
        id="CAP:lower-tail",
        sentence="With probability 1−δ the data keep of B+ν what the best of three says: ω, the second moment, "
        "the transform.",
        source=SOURCE,
        quantifier=_SAMPLE,
        hypotheses=(DATA, _PROPER),
        relation=Inequality(lhs={"best": ca.best_tail(delta)}, rhs=_KEPT),
        note="The branches are numbers of the law, and the greatest is one of them: one event of probability δ, and "
        "no union. Bernstein's and Chernoff's are below the transform at their own ς.",
        mutants=(
            Mutant(
                name="half-failure",
                description="every branch at 2δ",
                regime="δ small",
                lhs={"best": ca.best_tail(2 * delta)},
            ),
            Mutant(
                name="third-failure",
                description="every branch at 3δ",
                regime="δ small",
                lhs={"best": ca.best_tail(3 * delta)},
            ),
            Mutant(
                name="sum-of-gains",
                description="the moment branch without its factor 2",
                regime="rare Bernoulli W, δ small",
                lhs={"best": sp.Max(*ca.best_tail(delta).args, 1 - _MOMENT / sp.sqrt(2), evaluate=False)},
            ),
        ),
    ),
)
