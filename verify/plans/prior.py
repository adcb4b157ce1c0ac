"""Plans for the prior term: closed forms in balls, the contraction by de Bruijn and log-Sobolev, real mixtures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp
from flint import arb

from numerics import mixture_kl
from theory import information
from theory.claims import REGISTRY
from theory.sde import OrnsteinUhlenbeck
from theory.statement import Claim
from theory.symbols import (
    T,
    d,
    kl_data,
    kl_prior,
    mean_initial,
    mean_log_variance,
    second_moment,
    t,
    u,
    variance_initial,
    x,
)
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Field, Instance, Integer, Real
from verify.evidence.measured import Measured, Values
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Step
from verify.evidence.verdict import Verdict
from verify.models.linear_gaussian import kl_gaussian

_OU = OrnsteinUhlenbeck()
_EXACT = information.prior_kl(_OU, mean_initial, variance_initial, T, d)
_START = information.isotropic_kl(mean_initial, variance_initial, 1, d)
_W = sp.exp(-2 * T)
_CONVEX = Cited(
    theorem="convexity of KL in its first argument",
    use="KL(Σ w_k P_k‖π) <= Σ w_k KL(P_k‖π), also for continuous averages",
)


# Gaussian data ----------------------------------------------------------------------------------------------------


def _values(instance: Instance) -> Quantities:
    """The divergences of Gaussian data from the definition: E log p − E log π by a rule exact for quadratics."""
    end, dim = arb(instance["T"]), arb(instance["d"])
    mean, variance = arb(instance["mean_initial"]), arb(instance["variance_initial"])
    fall = (-2 * end).exp()
    spread, center = 1 + (variance - 1) * fall, mean * (-end).exp()
    out = {
        T: end,
        d: dim,
        mean_initial: mean,
        variance_initial: variance,
        second_moment: mean * mean + dim * variance,
        mean_log_variance: spread.log(),
        kl_prior: _by_nodes(center, spread) + (dim - 1) * _by_nodes(arb(0), spread),
    }
    return out | {kl_data: kl_gaussian(mean, variance, arb(1)) + (dim - 1) * kl_gaussian(arb(0), variance, arb(1))}


def _by_nodes(mean: arb, variance: arb) -> arb:
    """KL(N(mean, variance)‖N(0, 1)): Gauss–Hermite at mean and mean ± √(3 variance), weights ⅔, ⅙, ⅙."""
    total = arb(0)
    for weight, node in ((arb(2) / 3, arb(0)), (arb(1) / 6, arb(3).sqrt()), (arb(1) / 6, -arb(3).sqrt())):
        point = mean + variance.sqrt() * node
        total += weight * ((point * point - node * node - variance.log()) / 2)
    return total


def _gaussian(mean: float, variance: float, horizon: float = 1.0, dim: int = 1) -> Instance:
    return {"T": horizon, "d": dim, "mean_initial": mean, "variance_initial": variance}


_FIELDS: Mapping[str, Field] = {
    "T": Real(low=0.05, high=5),
    "d": Integer(low=1, high=100),
    "mean_initial": Real(low=-10, high=10),
    "variance_initial": Real(low=0.01, high=20, log=True),
}
_EXTREMAL = (
    _gaussian(1.0, 1.0),
    _gaussian(0.1, 1.0, 0.5),
    _gaussian(0.0, 0.01),
    _gaussian(2.0, 0.5, 0.2, 3),
    _gaussian(1.0, 2.0, 0.5, 2),
)
_MEASURES = "Gaussian data: both sides from expectations of log-densities"
GAUSSIAN = Experiment(
    name="gaussian-data",
    domain=Domain(fields=_FIELDS),
    extremal=_EXTREMAL,
    measures=_MEASURES,
    sides=lambda claim: relation_sides(claim, _values),
)
UNIT = Experiment(
    name="unit-gaussian",
    extremal=(_gaussian(1.0, 1.0),),
    measures=_MEASURES,
    domain=Domain(fields={**_FIELDS, "variance_initial": Real(low=1, high=1)}),
    sides=lambda claim: relation_sides(claim, _values),
)
POINTS = Experiment(
    name="gaussian-or-point",
    measures=_MEASURES + " (a point has v₀ = 0)",
    extremal=(_gaussian(2.0, 0.0, 0.5), _gaussian(0.0, 0.0, 0.3), _gaussian(0.0, 0.0, 0.5, 3), *_EXTREMAL),
    domain=Domain(fields={**_FIELDS, "variance_initial": Real(low=0, high=20)}),
    sides=lambda claim: relation_sides(claim, _values),
)


# Mixtures ---------------------------------------------------------------------------------------------------------


def _mixture(_claim: Claim, _index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """A mixture of two or three components at a random horizon, the ends of both intervals in the claim's favour."""
    rng = np.random.default_rng(seed)
    size, horizon = int(rng.integers(2, 4)), float(rng.uniform(0.1, 2))
    law = _Law(
        weights=rng.dirichlet(np.ones(size)),
        means=rng.normal(scale=2, size=size),
        variances=rng.uniform(0.05, 2, size=size),
    )
    fall = math.exp(-2 * horizon)
    later = _Law(weights=law.weights, means=math.exp(-horizon) * law.means, variances=1 + (law.variances - 1) * fall)
    unit = _Law(weights=np.ones(1), means=np.zeros(1), variances=np.ones(1))
    start, end = mixture_kl(law, unit), mixture_kl(later, unit)
    values = {
        "kl_prior": end.interval[0],
        "kl_data": start.interval[1],
        "T": horizon,
        "d": 1,
        "second_moment": float(law.weights @ (law.means**2 + law.variances)),
        "mean_log_variance": float(law.weights @ np.log(later.variances)),
    }
    return values, {
        "weights": law.weights.tolist(),
        "means": law.means.tolist(),
        "variances": law.variances.tolist(),
        "T": horizon,
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class _Law:
    weights: np.ndarray
    means: np.ndarray
    variances: np.ndarray


MIXTURES = Measured(
    measure=_mixture,
    error=64 * float(np.finfo(float).eps),
    count=lambda models: 4 * models,
    noun="mixture",
    many="mixtures",
    note="a mixture, its divergence by quadrature",
)


# Proofs -----------------------------------------------------------------------------------------------------------


def _exact_steps(claim: Claim) -> Sequence[Step]:
    """KL from first and second moments, since log p − log π is quadratic."""
    mean, spread = sp.exp(-T) * mean_initial, 1 + (variance_initial - 1) * _W
    point = sp.Symbol("X", real=True)
    ratio = sp.expand(-((point - mean) ** 2) / (2 * spread) - sp.log(spread) / 2 + point**2 / 2)
    moments = {point**2: mean**2 + spread, point: mean}
    line = sp.expand(sum(ratio.coeff(point, k) * moments.get(point**k, sp.S.One) for k in range(3)))
    return [
        Equal(
            name="V(0) = v₀ and V' = −2V + 2, the variance of x(t)",
            left=sp.diff(1 + (variance_initial - 1) * sp.exp(-2 * t), t),
            right=-2 * (1 + (variance_initial - 1) * sp.exp(-2 * t)) + 2,
        ),
        Equal(
            name="E log(p_T/π) from the moments, one coordinate along the mean and d − 1 across",
            left=line + (d - 1) * line.subs(mean_initial, 0),
            right=_EXACT,
        ),
        Equal(name="both sides of the claim are this", left=claim.left().subs(kl_prior, _EXACT), right=claim.right()),
    ]


def _gaussian_steps(claim: Claim) -> Sequence[Step]:
    """The gap is (d/2)(log(1 − w + wv) − w log v), w = e^{−2T} = 1/(1 + r), on either side of v = 1."""
    exact, rate = REGISTRY["PRIOR:exact"], sp.Symbol("r", positive=True)
    weight = 1 / (1 + rate)
    gap = sp.log(1 - _W + _W * variance_initial) - _W * sp.log(variance_initial)
    inside = gap.subs(_W, weight)
    return [
        Equal(name="the left side is PRIOR:exact's", left=claim.left(), right=exact.left()),
        Equal(
            name="right − left side = (d/2)(log(1 − w + w v₀) − w log v₀), w = e^{−2T}",
            left=claim.right().subs(kl_data, _START) - exact.right(),
            right=d * gap / 2,
        ),
        *_rising(
            "v₀ = 1 + u, w = 1/(1 + r)",
            inside.subs(variance_initial, 1 + u),
            rate * u * weight / ((1 + u) * (1 + rate + u)),
        ),
        *_rising(
            "v₀ = 1/(1 + u), w = 1/(1 + r)",
            inside.subs(variance_initial, 1 / (1 + u)),
            rate * u * weight / ((1 + u) * (1 + rate + rate * u)),
        ),
        Cited(theorem="PRIOR:exact", use="KL(p_T‖π) for Gaussian data"),
    ]


def _rising(place: str, expr: sp.Expr, slope: sp.Expr) -> Sequence[Step]:
    """An expression is nonnegative for u >= 0: it is 0 at u = 0, and its derivative is nonnegative."""
    return [
        Equal(name=f"at {place} the bracket vanishes for u = 0", left=expr.subs(u, 0), right=sp.S.Zero),
        Equal(name=f"at {place} its derivative in u is {slope}", left=sp.diff(expr, u), right=slope),
        Sign(name=f"which is nonnegative, so that the bracket is (u >= 0, {place})", expr=slope),
    ]


def _unit_steps(claim: Claim) -> Sequence[Step]:
    return [
        Equal(
            name="both sides of the claim at v₀ = 1",
            left=claim.left().subs(kl_prior, _EXACT).subs(variance_initial, 1),
            right=claim.right().subs(kl_data, _START).subs(variance_initial, 1),
        )
    ]


def _contraction_steps(claim: Claim) -> Sequence[Step]:
    """D' = −I (de Bruijn, up to a flux), I >= 2D (log-Sobolev), hence e^{2t}D falls."""
    p, prior = sp.Function("p", positive=True)(x, t), sp.exp(-(x**2) / 2)
    flow = -x * p - sp.diff(p, x)
    entropy = p * (sp.log(p) + x**2 / 2)
    flux = -flow * (sp.log(p) + x**2 / 2 + 1)
    fisher = p * (sp.diff(p, x) / p - sp.diff(sp.log(prior), x)) ** 2
    divergence, excess = sp.Function("D", nonnegative=True)(t), sp.Function("E", nonnegative=True)(t)
    falling = sp.diff(sp.exp(2 * t) * divergence, t).subs(sp.Derivative(divergence, t), -2 * divergence - excess)
    start = sp.Symbol("D_0", nonnegative=True)
    return [
        Equal(
            name="∂ₜ(p log(p/π)) = ∂ₓ flux − p‖∇log(p/π)‖², coordinate by coordinate",
            left=sp.expand(sp.diff(entropy, t).subs(sp.Derivative(p, t), -sp.diff(flow, x)).doit()),
            right=sp.expand(sp.diff(flux, x).doit() - fisher),
        ),
        Cited(theorem="log-Sobolev inequality of N(0, I) (Gross 1975)", use="E‖∇log(p/π)‖² >= 2 KL(p‖π)"),
        Equal(
            name="(e^{2t}D)' = −e^{2t}E with E = E‖∇log(p/π)‖² − 2D >= 0",
            left=sp.expand(falling),
            right=-sp.exp(2 * t) * excess,
        ),
        Sign(name="e^{2t}E >= 0", expr=sp.exp(2 * t) * excess),
        Equal(name="the left side is KL(p_T‖π)", left=claim.left(), right=kl_prior),
        Equal(name="the right side is D(0)e^{−2T}", left=claim.right().subs(kl_data, start), right=start * _W),
    ]


def _mixture_steps(claim: Claim) -> Sequence[Step]:
    """The right side is linear in the moments and logarithms, and for one component it is PRIOR:exact."""
    w = sp.Symbol("w", positive=True)
    means, spreads = sp.symbols("m_1 m_2", real=True), sp.symbols("v_1 v_2", positive=True)
    weights = (w, 1 - w)
    parts = [information.prior_kl(_OU, mean, spread, T, d) for mean, spread in zip(means, spreads, strict=True)]
    logs = [sp.log(1 + (spread - 1) * _W) for spread in spreads]
    values = {
        second_moment: sum((a * (m**2 + d * v) for a, m, v in zip(weights, means, spreads, strict=True)), sp.S.Zero),
        mean_log_variance: sum((a * log for a, log in zip(weights, logs, strict=True)), sp.S.Zero),
    }
    one = {
        second_moment: mean_initial**2 + d * variance_initial,
        mean_log_variance: sp.log(1 + (variance_initial - 1) * _W),
    }
    return [
        _CONVEX,
        Equal(name="the left side is KL(p_T‖π)", left=claim.left(), right=kl_prior),
        Equal(
            name="for one component the right side is that of PRIOR:exact",
            left=claim.right().subs(one),
            right=REGISTRY["PRIOR:exact"].right(),
        ),
        Equal(
            name="for two it is the average of their divergences (so for any number, by induction)",
            left=claim.right().subs(values),
            right=sum((a * part for a, part in zip(weights, parts, strict=True)), sp.S.Zero),
        ),
    ]


def _moment_steps(claim: Claim) -> Sequence[Step]:
    """Each point is a Gaussian of variance 0, and the right side is linear in E‖x(0)‖²."""
    one = information.prior_kl(_OU, mean_initial, 0, T, d)
    other = sp.Symbol("M_2", nonnegative=True)
    w = sp.Symbol("w", positive=True)
    lost = information.gaussian_channel_information(_OU, variance_initial, T, d)
    return [
        _CONVEX,
        Equal(name="the left side is KL(p_T‖π)", left=claim.left(), right=kl_prior),
        Equal(
            name="for one point the right side is its divergence",
            left=claim.right().subs(second_moment, mean_initial**2),
            right=one,
        ),
        Equal(
            name="it is affine in E‖x(0)‖²",
            left=claim.right().subs(second_moment, w * second_moment + (1 - w) * other),
            right=w * claim.right() + (1 - w) * claim.right().subs(second_moment, other),
        ),
        Equal(
            name="for Gaussian data what is lost is I(x(0); x(T)): exp of twice it, per coordinate",
            left=sp.exp(
                2 * (claim.right().subs(second_moment, mean_initial**2 + d * variance_initial) - _EXACT).subs(d, 1)
            ),
            right=sp.exp(2 * lost.subs(d, 1)),
        ),
    ]


_TIGHT = _gaussian(1.0, 1.0)

PLANS = (
    Plan(
        claim="PRIOR:exact", expected=Verdict.PROVED, methods=(Search(experiment=GAUSSIAN), Proof(steps=_exact_steps))
    ),
    Plan(
        claim="PRIOR:gaussian",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=GAUSSIAN),
            Sharpness(experiment=GAUSSIAN, instance=_TIGHT, constant="C"),
            Proof(steps=_gaussian_steps),
        ),
    ),
    Plan(claim="PRIOR:sharp", expected=Verdict.PROVED, methods=(Search(experiment=UNIT), Proof(steps=_unit_steps))),
    Plan(
        claim="PRIOR:contraction",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=GAUSSIAN),
            Sharpness(experiment=GAUSSIAN, instance=_TIGHT, constant="C"),
            MIXTURES,
            Proof(steps=_contraction_steps),
        ),
    ),
    Plan(
        claim="PRIOR:mixture",
        expected=Verdict.PROVED,
        methods=(Search(experiment=GAUSSIAN), MIXTURES, Proof(steps=_mixture_steps)),
    ),
    Plan(
        claim="PRIOR:moment",
        expected=Verdict.PROVED,
        methods=(Search(experiment=POINTS), MIXTURES, Proof(steps=_moment_steps)),
    ),
)
