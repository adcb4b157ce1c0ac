"""The prior term KL(p_T‖π) of CZS: what it is by the rate and the information, and how it is told from data."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, ForAll, Hypothesis, Identity, Inequality, Mutant, Source
from theory.symbols import (
    T,
    chi_square,
    d,
    excess_data,
    information_law,
    kl_prior,
    mean_prior,
    n,
    rate_law,
    rate_reversed,
    second_moment,
)

_PRINTED = Source(paper="CZS", place="the prior term of Theorem 6.2 (reconstructed from the code's terms)")
_OWN = Source(paper="scoregap", place="the prior term of CZS, Theorem 6.2")
_OU = Hypothesis(name="ornstein-uhlenbeck", statement="dx = −x dt + √2 dW and π = N(0, I)")
_MOMENT = Hypothesis(name="second-moment", statement="E‖x(0)‖² is finite")
_DATA = Hypothesis(name="iid", statement="the data X₁, …, Xₙ are i.i.d. from P")
_FINITE = Hypothesis(name="finite-chi-square", statement="χ²(X; X_T) is finite")
_ALL = ForAll(over="laws of the data and horizons")
_SETS = ForAll(over="laws of the data, horizons and numbers of data")
_LEFT_OVER = sp.exp(-2 * T)


def _rate(logarithm: sp.Expr) -> dict[str, sp.Expr]:
    return {"moment": _LEFT_OVER * second_moment / 2, "volume": -d * (_LEFT_OVER + logarithm) / 2}


def _excess(share: sp.Expr) -> dict[str, sp.Expr]:
    return {"chi-square": sp.log(1 + chi_square * share)}


CLAIMS = (
    Claim(
        id="IT3:printed",
        sentence="KL(p_T‖π) is the mean of KL(E_T(X)‖π) less the information I(X; X_T).",
        source=_PRINTED,
        quantifier=_ALL,
        hypotheses=(_MOMENT,),
        relation=Identity(lhs={"prior": kl_prior}, rhs={"rate": rate_law, "information": -information_law}),
        note="The golden formula. Convexity of KL alone gives the rate as a bound.",
        mutants=(
            Mutant(
                name="plus-information",
                description="+ I(X; X_T)",
                regime="every law but a point",
                rhs={"rate": rate_law, "information": information_law},
            ),
            Mutant(
                name="reversed",
                description="KL(π‖E_T(X)) in place of KL(E_T(X)‖π)",
                regime="T small",
                rhs={"rate": rate_reversed, "information": -information_law},
            ),
            Mutant(
                name="lost-information",
                description="the information is lost",
                regime="every law but a point",
                rhs={"rate": rate_law},
            ),
        ),
    ),
    Claim(
        id="IT3:rate",
        sentence="E KL(E_T(X)‖π) = ½(aE‖X‖² − ad − d log(1 − a)), a = e^{−2T}.",
        source=_OWN,
        quantifier=_ALL,
        hypotheses=(_OU, _MOMENT),
        relation=Identity(lhs={"rate": rate_law}, rhs=_rate(sp.log(1 - _LEFT_OVER))),
        note="In floating point −a − log(1 − a) is to be taken by log1p, or by its series for small a: as it stands it "
        "turns negative in double precision from 2T ≈ 34 on.",
        mutants=(
            Mutant(name="no-log", description="the logarithm is lost", regime="T small", rhs=_rate(sp.S.Zero)),
            Mutant(
                name="std",
                description="log(1 − a)/2: a standard deviation for a variance",
                regime="T small",
                rhs=_rate(sp.log(1 - _LEFT_OVER) / 2),
            ),
            Mutant(
                name="time",
                description="a = e^{−T}",
                regime="every law",
                rhs={
                    "moment": sp.exp(-T) * second_moment / 2,
                    "volume": -d * (sp.exp(-T) + sp.log(1 - sp.exp(-T))) / 2,
                },
            ),
        ),
    ),
    Claim(
        id="IT3:plug-in",
        sentence="In the mean over data sets KL(p̂_T‖π) is KL(p_T‖π) + E KL(p̂_T‖p_T), exactly.",
        source=_OWN,
        quantifier=_SETS,
        hypotheses=(_DATA, _MOMENT),
        relation=Identity(lhs={"plug-in": mean_prior}, rhs={"prior": kl_prior, "excess": excess_data}),
        note="So the plug-in is an upper bound in the mean, and needs no sub-Gaussian constant (IT3:upper). Points ±1, "
        "n = 2, T = ½: 0.1157592 on both sides.",
        mutants=(
            Mutant(
                name="lost-excess",
                description="the excess is lost",
                regime="every law but a point",
                rhs={"prior": kl_prior},
            ),
            Mutant(
                name="minus-excess",
                description="− E KL(p̂_T‖p_T)",
                regime="every law but a point",
                rhs={"prior": kl_prior, "excess": -excess_data},
            ),
            Mutant(
                name="per-datum",
                description="the excess divided by n",
                regime="n >= 2",
                rhs={"prior": kl_prior, "excess": excess_data / n},
            ),
        ),
    ),
    Claim(
        id="IT3:upper",
        sentence="KL(p_T‖π) is at most the mean over data sets of KL(p̂_T‖π).",
        source=_OWN,
        quantifier=_SETS,
        hypotheses=(_DATA, _MOMENT),
        relation=Inequality(lhs={"prior": kl_prior}, rhs={"plug-in": mean_prior}),
        note="Equality for one point.",
        mutants=(
            Mutant(
                name="less-excess",
                description="KL(p̂_T‖π) − 2E KL(p̂_T‖p_T): the excess taken off twice",
                regime="every law but a point",
                rhs={"plug-in": mean_prior, "excess": -2 * excess_data},
            ),
            Mutant(name="half", description="half of it", regime="one point", rhs={"plug-in": mean_prior / 2}),
            Mutant(
                name="reversed",
                description="the two sides exchanged",
                regime="every law but a point",
                lhs={"plug-in": mean_prior},
                rhs={"prior": kl_prior},
            ),
        ),
    ),
    Claim(
        id="IT3:excess",
        sentence="E KL(p̂_T‖p_T) is at most log(1 + χ²(X; X_T)/n).",
        source=_OWN,
        quantifier=_SETS,
        hypotheses=(_DATA, _FINITE),
        relation=Inequality(lhs={"excess": excess_data}, rhs=_excess(1 / n)),
        note="KL <= log(1 + χ²), Jensen, and the variance of a mean. For P = N(0, 1) χ² is a/(1 − a), a = e^{−2T}. "
        "Points ±1, n = 2, T = ½: 0.1135784 against 0.1780961. With 1/√n it would hold as well, and say less.",
        mutants=(
            Mutant(name="square", description="χ²/n²", regime="n >= 2", rhs=_excess(1 / n**2)),
            Mutant(
                name="third",
                description="a third of the logarithm",
                regime="n >= 2",
                rhs={"chi-square": sp.log(1 + chi_square / n) / 3},
            ),
            Mutant(name="half-share", description="χ²/(2n)", regime="n >= 2", rhs=_excess(1 / (2 * n))),
        ),
    ),
)

FAMILY = Family(key="IT3", subject="the prior term, by the rate and the information", claims=CLAIMS)
