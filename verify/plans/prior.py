"""Plans for the prior term: closed forms in balls, the contraction by de Bruijn and log-Sobolev, real mixtures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from flint import arb

from numerics import mixture_kl
from theory.statement import Claim
from theory.symbols import T, d, kl_data, kl_prior, mean_initial, mean_log_variance, second_moment, variance_initial
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Field, Instance, Integer, Real
from verify.evidence.measured import Measured, Values
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.verdict import Verdict
from verify.models.linear_gaussian import kl_gaussian

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


_TIGHT = _gaussian(1.0, 1.0)

PLANS = (
    Plan(claim="PRIOR:exact", expected=Verdict.PROVED, methods=(Search(experiment=GAUSSIAN),)),
    Plan(
        claim="PRIOR:gaussian",
        expected=Verdict.PROVED,
        methods=(Search(experiment=GAUSSIAN), Sharpness(experiment=GAUSSIAN, instance=_TIGHT, constant="C")),
    ),
    Plan(claim="PRIOR:sharp", expected=Verdict.PROVED, methods=(Search(experiment=UNIT),)),
    Plan(
        claim="PRIOR:contraction",
        expected=Verdict.PROVED,
        methods=(Search(experiment=GAUSSIAN), Sharpness(experiment=GAUSSIAN, instance=_TIGHT, constant="C"), MIXTURES),
    ),
    Plan(claim="PRIOR:mixture", expected=Verdict.PROVED, methods=(Search(experiment=GAUSSIAN), MIXTURES)),
    Plan(claim="PRIOR:moment", expected=Verdict.PROVED, methods=(Search(experiment=POINTS), MIXTURES)),
)
