"""The prior term KL(p_T‖π) of the Ornstein–Uhlenbeck process, in closed form and by contraction."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.statement import Claim, Constant, ForAll, Hypothesis, Identity, Inequality, Mutant, Source
from theory.symbols import C, T, d, kl_data, kl_prior, mean_initial, mean_log_variance, second_moment, variance_initial

_SOURCE = Source(paper="scoregap", place="the term KL(p_T‖π) of LLZB, Lemma 2 and Theorem 1", equation="14")
_OU = Hypothesis(name="ornstein-uhlenbeck", statement="dx = −x dt + √2 dW and π = N(0, I)")
_GAUSSIAN = Hypothesis(name="gaussian", statement="p₀ = N(m₀, v₀ I), ‖m₀‖ its mean's norm")
_ALL = ForAll(over="means, variances, dimensions and horizons")
_LEFT = {"prior": kl_prior}
_FALL = sp.exp(-2 * T)
_SHARP = {"C": Constant(symbol=C, value=sp.S.One, meaning="attained by N(m₀, I)")}
_VARIANCE = 1 + (variance_initial - 1) * _FALL
_LOG = sp.log(_VARIANCE)
_MEAN = mean_initial**2 * _FALL / 2
_MOMENT = _FALL * (second_moment - d) / 2


def _shape(logarithm: sp.Expr) -> sp.Expr:
    return d * (_VARIANCE - 1 - logarithm) / 2


def _contracted(factor: sp.Expr) -> dict[str, sp.Expr]:
    return {"contraction": factor * kl_data}


_CONTRACTION_MUTANTS = (
    Mutant(
        name="faster", description="e^{−3T} in place of e^{−2T}", regime="v₀ = 1", rhs=_contracted(C * sp.exp(-3 * T))
    ),
    Mutant(name="twice", description="e^{−4T}, the square", regime="v₀ = 1", rhs=_contracted(C * sp.exp(-4 * T))),
    Mutant(
        name="constant-below", description="0.9999 e^{−2T}", regime="v₀ = 1", constants={"C": sp.Rational(9999, 10000)}
    ),
    Mutant(name="squared", description="e^{−2T} KL²", regime="KL < 1", rhs={"contraction": _FALL * kl_data**2}),
)

CLAIMS = (
    Claim(
        id="PRIOR:exact",
        sentence="For Gaussian data KL(p_T‖π) is ½e^{−2T}‖m₀‖² + (d/2)(V − 1 − log V), V = 1 + (v₀ − 1)e^{−2T}.",
        source=_SOURCE,
        quantifier=_ALL,
        hypotheses=(_OU, _GAUSSIAN),
        relation=Identity(lhs=_LEFT, rhs={"mean": _MEAN, "variance": _shape(_LOG)}),
        mutants=(
            Mutant(
                name="slow-mean",
                description="½e^{−T}‖m₀‖²",
                regime="m₀ ≠ 0",
                rhs={"mean": mean_initial**2 * sp.exp(-T) / 2, "variance": _shape(_LOG)},
            ),
            Mutant(
                name="std",
                description="log V halved: a standard deviation for a variance",
                regime="v₀ ≠ 1",
                rhs={"mean": _MEAN, "variance": _shape(_LOG / 2)},
            ),
            Mutant(
                name="lost-log",
                description="the logarithm is lost",
                regime="v₀ ≠ 1",
                rhs={"mean": _MEAN, "variance": _shape(sp.S.Zero)},
            ),
            Mutant(
                name="no-dimension",
                description="the factor d is lost",
                regime="d >= 2, v₀ ≠ 1",
                rhs={"mean": _MEAN, "variance": _shape(_LOG) / d},
            ),
        ),
    ),
    Claim(
        id="PRIOR:gaussian",
        sentence="For Gaussian data KL(p_T‖π) is at most e^{−2T} KL(p₀‖π).",
        source=_SOURCE,
        quantifier=_ALL,
        hypotheses=(_OU, _GAUSSIAN),
        relation=Inequality(lhs=_LEFT, rhs=_contracted(C * _FALL)),
        constants=_SHARP,
        note="Jensen for the logarithm: log(1 − w + w v₀) >= w log v₀ at w = e^{−2T}; equality for v₀ = 1.",
        mutants=_CONTRACTION_MUTANTS,
    ),
    Claim(
        id="PRIOR:sharp",
        sentence="For p₀ = N(m₀, I) the contraction is an equality: KL(p_T‖π) = e^{−2T} KL(p₀‖π).",
        source=_SOURCE,
        quantifier=ForAll(over="means, dimensions and horizons"),
        hypotheses=(_OU, Hypothesis(name="unit-gaussian", statement="p₀ = N(m₀, I)")),
        relation=Identity(lhs=_LEFT, rhs=_contracted(_FALL)),
        note="So e^{−2T} cannot be improved for any T, not even in the exponent.",
        mutants=(
            Mutant(name="slower", description="e^{−T}", regime="m₀ ≠ 0", rhs=_contracted(sp.exp(-T))),
            Mutant(name="faster", description="e^{−4T}", regime="m₀ ≠ 0", rhs=_contracted(sp.exp(-4 * T))),
            Mutant(name="half", description="½e^{−2T}", regime="m₀ ≠ 0", rhs=_contracted(_FALL / 2)),
        ),
    ),
    Claim(
        id="PRIOR:contraction",
        sentence="For all data KL(p_T‖π) is at most e^{−2T} KL(p₀‖π).",
        source=_SOURCE,
        quantifier=ForAll(over="initial laws and horizons"),
        hypotheses=(_OU, Hypothesis(name="finite", statement="KL(p₀‖π) is finite")),
        relation=Inequality(lhs=_LEFT, rhs=_contracted(C * _FALL)),
        constants=_SHARP,
        note="De Bruijn's identity, the log-Sobolev inequality of N(0, I) and Grönwall; equality for N(m₀, I). The "
        "identity asks that the flux p_t|∇log p_t| vanishes at infinity: it does for t > 0, as KL(p₀‖π) < ∞ gives a "
        "second moment; at t = 0 only continuity is used.",
        mutants=_CONTRACTION_MUTANTS,
    ),
    Claim(
        id="PRIOR:mixture",
        sentence="For a mixture KL(p_T‖π) is at most the average of its components' divergences.",
        source=_SOURCE,
        quantifier=ForAll(over="mixtures of isotropic Gaussians and horizons"),
        hypotheses=(
            _OU,
            Hypothesis(
                name="mixture", statement="p₀ is a mixture of normal laws N(m_k, v_k I), v_k > 0, with weights w_k"
            ),
        ),
        relation=Inequality(lhs=_LEFT, rhs={"moment": _MOMENT, "volume": -d * mean_log_variance / 2}),
        note="Convexity of KL. What is lost is I(K; x(T)), the information on the component; equality for one.",
        mutants=(
            Mutant(
                name="faster",
                description="e^{−4T} in front of the moment",
                regime="E‖x(0)‖² > d",
                rhs={"moment": sp.exp(-4 * T) * (second_moment - d) / 2, "volume": -d * mean_log_variance / 2},
            ),
            Mutant(
                name="lost-log",
                description="the volume term is lost",
                regime="small variances",
                rhs={"moment": _MOMENT},
            ),
            Mutant(
                name="half-log",
                description="half of the volume term",
                regime="small variances",
                rhs={"moment": _MOMENT, "volume": -d * mean_log_variance / 4},
            ),
            Mutant(
                name="no-dimension",
                description="1 in place of d in the volume term",
                regime="d >= 2",
                rhs={"moment": _MOMENT, "volume": -mean_log_variance / 2},
            ),
        ),
    ),
    Claim(
        id="PRIOR:moment",
        sentence="KL(p_T‖π) is at most ½e^{−2T}(E‖x(0)‖² − d) − (d/2) log(1 − e^{−2T}), even for a data set.",
        source=_SOURCE,
        quantifier=ForAll(over="initial laws (no density needed) and horizons"),
        hypotheses=(_OU, Hypothesis(name="second-moment", statement="E‖x(0)‖² is finite")),
        relation=Inequality(lhs=_LEFT, rhs={"moment": _MOMENT, "volume": -d * sp.log(1 - _FALL) / 2}),
        note="Convexity of KL over single points; equality for one point. What is lost is I(x(0); x(T)).",
        mutants=(
            Mutant(
                name="faster",
                description="e^{−4T} in front of the moment",
                regime="a point far away",
                rhs={"moment": sp.exp(-4 * T) * (second_moment - d) / 2, "volume": -d * sp.log(1 - _FALL) / 2},
            ),
            Mutant(name="lost-log", description="the volume term is lost", regime="a point", rhs={"moment": _MOMENT}),
            Mutant(
                name="slow-log",
                description="log(1 − e^{−4T}): the clock runs twice as fast",
                regime="a point",
                rhs={"moment": _MOMENT, "volume": -d * sp.log(1 - sp.exp(-4 * T)) / 2},
            ),
            Mutant(
                name="no-dimension",
                description="1 in place of d in the volume term",
                regime="d >= 2, a point",
                rhs={"moment": _MOMENT, "volume": -sp.log(1 - _FALL) / 2},
            ),
        ),
    ),
)

FAMILY = Family(key="PRIOR", subject="the term KL(p_T‖π)", claims=CLAIMS)
