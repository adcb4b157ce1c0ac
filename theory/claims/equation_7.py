"""Equations 5, 7 and 9 of LLZB: denoising and plain score matching, in the population and on data."""

from __future__ import annotations

import sympy as sp

from theory.family import Family
from theory.features import relu_mean
from theory.normal import normal_cdf
from theory.statement import Claim, ForAll, Hypothesis, Identity, Mutant, Source
from theory.symbols import (
    d,
    fisher,
    loss_dsm,
    loss_sm,
    loss_weight,
    posterior_score,
    r,
    slope,
    slope_dsm,
    slope_sm,
    v,
    x,
    x0,
)

_SOURCE = Source(paper="LLZB", place="section 2, score matching and denoising score matching", equation="5, 7")
_EMPIRICAL = Source(paper="LLZB", place="section 3, the empirical loss, and the proof of Theorem 1", equation="7, 9")
_OWN = Source(paper="scoregap", place="Stein's identity for random features, used by the repairs of Theorem 1")
_NOISY = Hypothesis(
    name="positive-time", statement="v > 0, so that the kernel has a density", lesser=sp.S.Zero, greater=v, strict=True
)
_MIXTURE = Hypothesis(name="mixture", statement="p0 is a mixture of N(m_k, V_k) with weights w_k over their sum")
_NORMAL = Hypothesis(name="normal-data", statement="p0 = N(m_1, V_1)")
_FEATURE = Hypothesis(
    name="feature", statement="w ≠ 0", lesser=sp.S.Zero, greater=sp.Abs(sp.Symbol("w", real=True)), strict=True
)
weights = sp.symbols("w_1:3", positive=True)
means = sp.symbols("m_1:3", real=True)
variances = sp.symbols("V_1:3", positive=True)
amplitude, w, bias = sp.symbols("a w b", real=True)
"""The network a σ(w x + b) of one feature; b is its intercept u·e(t)."""
NOISE = (r * v) ** 2
MEAN, SPREAD = r * means[0], r**2 * variances[0] + NOISE
"""Mean and variance of x_t for normal data."""


def active_at(mean: sp.Expr, variance: sp.Expr) -> sp.Expr:
    """P(w x + b > 0) for x ~ N(mean, variance)."""
    return normal_cdf((w * mean + bias) / (sp.Abs(w) * sp.sqrt(variance)))


def _part(k: int, added: sp.Expr = NOISE) -> sp.Expr:
    """The k-th component of p_t, without the factor 1/√(2π) and the sum of the weights."""
    spread = r**2 * variances[k] + added
    return weights[k] * sp.exp(-((x - r * means[k]) ** 2) / (2 * spread)) / sp.sqrt(spread)


def _score(density: sp.Expr) -> dict[str, sp.Expr]:
    return {"marginal score": sp.Derivative(sp.log(density), x)}


def _slopes(scale: sp.Expr = w) -> dict[str, sp.Expr]:
    return {
        f"mode {k + 1}": -scale * weights[k] / sp.Add(*weights) * active_at(r * means[k], r**2 * variances[k] + NOISE)
        for k in range(2)
    }


P_T = _part(0) + _part(1)
_DATUM = active_at(r * x0, NOISE)
_HEIGHT = relu_mean(w * r * x0 + bias, sp.Abs(w) * r * v)
_POPULATION = {"kernel's score": loss_weight * d / NOISE, "Fisher information": -loss_weight * fisher}
_DIFFERENCE = {"DSM": loss_dsm, "minus SM": -loss_sm}
_AT_ZERO = loss_weight * (1 / NOISE - ((r * x0 - MEAN) ** 2 + NOISE) / SPREAD**2)
_SHIFT = (x0 - means[0]) * _HEIGHT
_REACH = r * w * variances[0] * _DATUM


def _cross(inner: sp.Expr) -> sp.Expr:
    return -2 * amplitude * loss_weight * r / SPREAD * inner


_GAP = {"difference at θ = 0": _AT_ZERO, "cross term": _cross(_SHIFT - _REACH)}
_MARGINAL = {"active": -w * active_at(MEAN, SPREAD)}
_SLOPE_MUTANTS = (
    Mutant(
        name="kernel-spread",
        description="the noise's spread in place of that of x_t",
        regime="V > 0",
        rhs={"active": -w * active_at(MEAN, NOISE)},
    ),
    Mutant(
        name="one-time",
        description="x_0's spread r²V without the noise",
        regime="everywhere",
        rhs={"active": -w * active_at(MEAN, r**2 * variances[0])},
    ),
    Mutant(name="half", description="half of it", regime="everywhere", rhs={"active": _MARGINAL["active"] / 2}),
    Mutant(name="sign", description="+w P(active)", regime="everywhere", rhs={"active": -_MARGINAL["active"]}),
)

CLAIMS = (
    Claim(
        id="EQ-7:posterior",
        sentence="The marginal score is the posterior mean of the kernel's score, given x_t.",
        source=_SOURCE,
        quantifier=ForAll(over="points, r, v > 0 and mixtures of two normal laws"),
        hypotheses=(_NOISY, _MIXTURE),
        relation=Identity(lhs={"posterior mean": posterior_score}, rhs=_score(P_T)),
        note="For any p0 it is differentiation under the integral, ∇∫p(x|x0)p0(dx0) = ∫∇log p(x|x0) p(x|x0) p0(dx0); "
        "stated for two components with free parameters, where both sides can be computed.",
        mutants=(
            Mutant(
                name="not-logarithmic",
                description="∇p_t, not divided by p_t",
                regime="p_t ≠ 1",
                rhs={"slope": sp.Derivative(P_T / (sp.Add(*weights) * sp.sqrt(2 * sp.pi)), x)},
            ),
            Mutant(
                name="not-diffused",
                description="noise v² in place of (rv)²",
                regime="r ≠ 1",
                rhs=_score(_part(0, v**2) + _part(1, v**2)),
            ),
            Mutant(
                name="lost-mode",
                description="the second component's score is lost",
                regime="everywhere",
                rhs=_score(_part(0)),
            ),
            Mutant(name="half", description="∇√p_t/√p_t", regime="everywhere", rhs=_score(sp.sqrt(P_T))),
        ),
    ),
    Claim(
        id="EQ-7:population",
        sentence="DSM and SM differ by λ[d/(rv)² − J(p_t)], whatever the network.",
        source=_SOURCE,
        quantifier=ForAll(over="networks with E‖s_θ‖² < ∞, data laws, times t > 0 and weights λ"),
        hypotheses=(_NOISY, Hypothesis(name="population", statement="both losses average over x_0 ~ p0 and the noise")),
        relation=Identity(lhs=_DIFFERENCE, rhs=_POPULATION),
        note="At each time; the losses [5], [7] are averages over t, and so is the difference. p0 may be the law of n "
        "data points: DSM on data is SM against the score of the diffused data, up to a constant.",
        mutants=(
            Mutant(
                name="no-dimension",
                description="1/(rv)² in place of d/(rv)²",
                regime="d >= 2",
                rhs={**_POPULATION, "kernel's score": loss_weight / NOISE},
            ),
            Mutant(
                name="std",
                description="d/(rv)",
                regime="rv ≠ 1",
                rhs={**_POPULATION, "kernel's score": loss_weight * d / (r * v)},
            ),
            Mutant(
                name="half-fisher",
                description="J/2",
                regime="everywhere",
                rhs={**_POPULATION, "Fisher information": -loss_weight * fisher / 2},
            ),
            Mutant(
                name="unweighted",
                description="J without λ",
                regime="λ ≠ 1",
                rhs={**_POPULATION, "Fisher information": -fisher},
            ),
        ),
    ),
    Claim(
        id="EQ-7:stein",
        sentence="The mean of the score times a ReLU feature is −w times the probability that the feature is active.",
        source=_OWN,
        quantifier=ForAll(over="features, r > 0, v and mixtures of two normal laws"),
        hypotheses=(_MIXTURE, _FEATURE),
        relation=Identity(lhs={"slope": slope}, rhs=_slopes()),
        note="∫p'σ(wx + b) = −w∫p 1{wx + b > 0}: b of the loss needs no score, and stays finite as v → 0.",
        mutants=(
            Mutant(name="sign", description="+w P(active)", regime="everywhere", rhs=_slopes(-w)),
            Mutant(name="modulus", description="|w| in place of w", regime="w < 0", rhs=_slopes(sp.Abs(w))),
            Mutant(
                name="lost-mode",
                description="the second component is lost",
                regime="everywhere",
                rhs={"mode 1": _slopes()["mode 1"]},
            ),
            Mutant(name="half", description="−w/2", regime="everywhere", rhs=_slopes(w / 2)),
        ),
    ),
    Claim(
        id="EQ-7:unbiased-dsm",
        sentence="DSM's b of one datum has the population's b as its mean over the data.",
        source=_EMPIRICAL,
        quantifier=ForAll(over="features, r, v > 0 and normal data; mixtures by linearity"),
        hypotheses=(_NOISY, _NORMAL, _FEATURE),
        relation=Identity(lhs={"mean of DSM's b": slope_dsm}, rhs=_MARGINAL),
        note="The b of a datum is −w P(w x_t + b > 0 | x_0); n data average it.",
        mutants=_SLOPE_MUTANTS,
    ),
    Claim(
        id="EQ-7:unbiased-sm",
        sentence="SM's b of one datum, with the true marginal score as its label, has the same mean.",
        source=_EMPIRICAL,
        quantifier=ForAll(over="features, r > 0, v and normal data"),
        hypotheses=(_NORMAL, _FEATURE),
        relation=Identity(lhs={"mean of SM's b": slope_sm}, rhs=_MARGINAL),
        note="For any p0 it is the tower property: the mean over data and noise is one over x_t. Unlike DSM's label, "
        "SM's needs no noise where the data have a density: v = 0 is allowed.",
        mutants=_SLOPE_MUTANTS,
    ),
    Claim(
        id="EQ-7:empirical-printed",
        sentence="On data, too, DSM and SM differ by a constant: at θ by as much as at θ = 0.",
        source=_EMPIRICAL,
        quantifier=ForAll(over="data, amplitudes a (θ), features, r, v > 0 and normal data laws"),
        hypotheses=(_NOISY, _NORMAL, _FEATURE),
        relation=Identity(lhs=_DIFFERENCE, rhs={"difference at θ = 0": _AT_ZERO}),
        note="SM's label on data is the true score. False for one datum already: given x_0 the labels differ, and "
        "so do the two b. The exact difference is EQ-7:empirical-gap. True when SM's label is the diffused data's own "
        "score (EQ-7:population with p0 the data's law).",
        mutants=(
            Mutant(
                name="population-constant",
                description="the population's constant λ(1/(rv)² − 1/(r²V + (rv)²))",
                regime="everywhere",
                rhs={"constant": loss_weight * (1 / NOISE - 1 / SPREAD)},
            ),
            Mutant(
                name="no-constant", description="no difference at all", regime="everywhere", rhs={"zero": sp.S.Zero}
            ),
            Mutant(
                name="kernel-only", description="λ/(rv)²", regime="everywhere", rhs={"constant": loss_weight / NOISE}
            ),
        ),
    ),
    Claim(
        id="EQ-7:empirical-gap",
        sentence="On data, DSM minus SM has a term linear in θ, of mean 0 over the data and in general not 0.",
        source=_EMPIRICAL,
        quantifier=ForAll(over="data, amplitudes a (θ), features, r, v > 0 and normal data laws"),
        hypotheses=(_NOISY, _NORMAL, _FEATURE),
        relation=Identity(lhs=_DIFFERENCE, rhs=_GAP),
        note="One datum; n data average both sides. −2aλ(b̂_DSM − b̂_SM) with b̂_DSM − b̂_SM = (r/(r²V + (rv)²)) "
        "[(x_0 − m) E σ(w x_t + b) − r w V P(active)], which is centred (EQ-7:unbiased-dsm and -sm): of order 1/√n.",
        mutants=(
            Mutant(
                name="half-cross",
                description="half the cross term",
                regime="a ≠ 0",
                rhs={**_GAP, "cross term": _cross((_SHIFT - _REACH) / 2)},
            ),
            Mutant(
                name="no-reach",
                description="r w V P(active) is lost",
                regime="a ≠ 0",
                rhs={**_GAP, "cross term": _cross(_SHIFT)},
            ),
            Mutant(
                name="unscaled-reach",
                description="w V P(active): r is lost",
                regime="a ≠ 0, r ≠ 1",
                rhs={**_GAP, "cross term": _cross(_SHIFT - _REACH / r)},
            ),
            Mutant(
                name="sign",
                description="the cross term reversed",
                regime="a ≠ 0",
                rhs={**_GAP, "cross term": -_GAP["cross term"]},
            ),
        ),
    ),
)

FAMILY = Family(key="EQ-7", subject="denoising against true-score labels", claims=CLAIMS)
