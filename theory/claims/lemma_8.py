"""Lemma 8 of LLZB: the Monte-Carlo error when the data have two modes at ±μ [43]."""

from __future__ import annotations

import sympy as sp

from theory.claims.lemma_6 import FEATURES, SAMPLE
from theory.family import Family
from theory.statement import Claim, ForAll, Hypothesis, Inequality, Mutant, Source
from theory.symbols import M, a_sup, delta, e_sup, lambda_mean, m, mc_error, mu, noise_moment, scale_moment

_LEMMA = Source(paper="LLZB", place="Lemma 8", equation="43")
_REPAIR = Source(paper="scoregap", place="repair of LLZB, Lemma 8", equation="43")
_MODES = Hypothesis(name="two-modes", statement="x(0) ~ (1−q) N(−μ, 1) + q N(μ, 1), any weight q in [0, 1], d = 1")
_LOG = sp.log(1 / delta**2)
_FAR = Hypothesis(name="far-modes", statement="μ > √log(1/δ²)", lesser=sp.sqrt(_LOG), greater=mu, strict=True)
_PROPER = Hypothesis(name="proper", statement="δ < 1", lesser=delta, greater=sp.S.One, strict=True)
_TAIL = 1 + sp.sqrt(2 * sp.log(1 / delta))
_SPREAD = scale_moment + noise_moment
_SPACE = mu**2 * scale_moment + _SPREAD
_TIME = lambda_mean * e_sup**2
_LARGEST = sp.Max(_SPACE, _TIME)
_CONSTANT = a_sup**2 * _TAIL**2 * (scale_moment + (_SPREAD + _TIME) / _LOG)
_ALL = ForAll(over="schedules, weights λ, μ >= 0, q, embeddings and features")


def _rate(moment: sp.Expr, tail: sp.Expr = _TAIL) -> dict[str, sp.Expr]:
    return {"bound": a_sup * sp.sqrt(moment / m) * tail}


CLAIMS = (
    Claim(
        id="L8:printed",
        sentence="From two far modes the Monte-Carlo error is at most K μ²/m, K free of μ and m.",
        source=_LEMMA,
        quantifier=FEATURES,
        hypotheses=(SAMPLE, _MODES, _FAR, _PROPER),
        relation=Inequality(lhs={"error": mc_error}, rhs={"bound": _CONSTANT * mu**2 / m}),
        note="The dependence on μ and m, with K written out: sup‖a‖²(1+√(2 log(1/δ)))² times time averages. It needs "
        "the modes to be far: as μ → 0 the error does not vanish. Where s̄ has to match the score, sup‖a‖ grows like μ "
        "as well (INCONSISTENCY:scales): the error then scales as μ⁴/m.",
        mutants=(
            Mutant(name="one-mu", description="μ in place of μ²", regime="μ large", rhs={"bound": _CONSTANT * mu / m}),
            Mutant(name="no-mu", description="μ² is lost", regime="μ large", rhs={"bound": _CONSTANT / m}),
            Mutant(
                name="faster-rate",
                description="1/m² in place of 1/m",
                regime="m large",
                rhs={"bound": _CONSTANT * mu**2 / m**2},
            ),
        ),
    ),
    Claim(
        id="L8:moment",
        sentence="M² <= sup‖a‖²((μ²+1) E_t[λr²] + E_t[λr²v²] + E_t[λ] sup‖e‖∞²).",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(SAMPLE, _MODES),
        relation=Inequality(
            lhs={"feature": M**2},
            rhs={"modes": a_sup**2 * mu**2 * scale_moment, "noise": a_sup**2 * _SPREAD, "time": a_sup**2 * _TIME},
        ),
        note="max(a, b) <= a + b: at most a factor 2 above L8:moment-sharp.",
        mutants=(
            Mutant(
                name="no-modes",
                description="the term in μ² is lost",
                regime="μ large",
                rhs={"noise": a_sup**2 * _SPREAD, "time": a_sup**2 * _TIME},
            ),
            Mutant(
                name="no-time",
                description="the embedding's term is lost",
                regime="sup‖e‖∞ large",
                rhs={"modes": a_sup**2 * mu**2 * scale_moment, "noise": a_sup**2 * _SPREAD},
            ),
            Mutant(
                name="no-noise",
                description="the variance is lost",
                regime="μ = 0, e small",
                rhs={"modes": a_sup**2 * mu**2 * scale_moment, "time": a_sup**2 * _TIME},
            ),
            Mutant(
                name="one-mu",
                description="μ in place of μ²",
                regime="μ > 1",
                rhs={"modes": a_sup**2 * mu * scale_moment, "noise": a_sup**2 * _SPREAD, "time": a_sup**2 * _TIME},
            ),
        ),
    ),
    Claim(
        id="L8:moment-sharp",
        sentence="M² <= sup‖a‖² max((μ²+1) E_t[λr²] + E_t[λr²v²], E_t[λ] sup‖e‖∞²).",
        source=_REPAIR,
        quantifier=_ALL,
        hypotheses=(SAMPLE, _MODES),
        relation=Inequality(lhs={"feature": M**2}, rhs={"bound": a_sup**2 * _LARGEST}),
        note="x_t has the second moment r²(μ²+1+v²), for every weight of the modes. Equality for a feature of time "
        "alone; approached for w = 1 and one far mode; a factor 2 above the truth for equal weights, e small.",
        mutants=(
            Mutant(
                name="half",
                description="half: as for a symmetric argument of the ReLU",
                regime="one far mode",
                rhs={"bound": a_sup**2 * sp.Max(_SPACE / 2, _TIME)},
            ),
            Mutant(
                name="no-data-variance",
                description="the modes' own variance is lost",
                regime="one mode, v small",
                rhs={"bound": a_sup**2 * sp.Max(mu**2 * scale_moment + noise_moment, _TIME)},
            ),
            Mutant(
                name="centred",
                description="the variance in place of the second moment",
                regime="one far mode",
                rhs={"bound": a_sup**2 * sp.Max(_SPREAD, _TIME)},
            ),
            Mutant(
                name="no-time",
                description="the embedding's term is lost",
                regime="sup‖e‖∞ large",
                rhs={"bound": a_sup**2 * _SPACE},
            ),
        ),
    ),
    Claim(
        id="L8:repaired",
        sentence="√Err_MC <= sup‖a‖ √(max((μ²+1) E_t[λr²] + E_t[λr²v²], E_t[λ] sup‖e‖∞²)/m) (1 + √(2 log(1/δ))).",
        source=_REPAIR,
        quantifier=FEATURES,
        hypotheses=(SAMPLE, _MODES),
        relation=Inequality(lhs={"error": sp.sqrt(mc_error)}, rhs=_rate(_LARGEST)),
        note="μ²/m with every constant explicit, for every μ >= 0; r = v = λ = 1 needs no schedule.",
        mutants=(
            Mutant(name="no-modes", description="μ² is lost", regime="μ large", rhs=_rate(sp.Max(_SPREAD, _TIME))),
            Mutant(
                name="one-per-cent",
                description="1 % smaller",
                regime="one feature, of time alone",
                rhs=_rate(sp.Rational(99**2, 100**2) * _LARGEST),
            ),
            Mutant(
                name="no-mean",
                description="the expectation's 1 is lost",
                regime="δ near 1",
                rhs=_rate(_LARGEST, _TAIL - 1),
            ),
            Mutant(name="no-log", description="the tail is lost", regime="δ small", rhs=_rate(_LARGEST, sp.S.One)),
            Mutant(
                name="faster-rate",
                description="1/m in place of 1/√m",
                regime="m >= 2",
                rhs={"bound": a_sup * sp.sqrt(_LARGEST) / m * _TAIL},
            ),
        ),
    ),
)

FAMILY = Family(key="L8", subject="Lemma 8: Monte-Carlo error for two modes", claims=CLAIMS)
