"""What T1:capacity asks for, computed for a data law, features, an SDE, n, τ and δ; ridge and branch are the best."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from numerics import (
    Capacity,
    CapacityBound,
    HistogramDensity,
    MomentBound,
    MomentCapacity,
    RandomFeatures,
    checks,
    histogram_datum_law,
    mixture_datum_law,
)
from numerics.checks.aliases import FloatArray
from theory.checks import shown
from theory.claims import REGISTRY
from theory.mixture import GaussianMixture
from theory.sde import AbstractLinearSDE
from verify.bound.inputs import GRADING, LEAST_STD, TIMES, law_quadratic, prior_divergence
from verify.bound.schedules import schedule
from verify.bound.terms import Bound


@dataclass(frozen=True, kw_only=True, eq=False)
class CapacityModel:
    """A data law and features with all that T1:capacity computes once for every n, τ and δ."""

    capacity: Capacity
    horizon: float
    kl_prior: float

    @cached_property
    def least(self) -> float:
        """min L̃."""
        return max(self.capacity.law.quadratic.minimum, 0.0)

    def best(self, *, tau: float, n: int, delta: float) -> CapacityBound:
        """The bound along the path at the best ridge, with the best lower tail."""
        return self.capacity.bounds(tau=tau, n=n, delta=delta, comparators=())[0]

    def values(self, found: CapacityBound) -> dict[str, float]:
        """The values, by symbol name, at which ``claims["T1:capacity"].evaluate`` gives its terms."""
        leading = found.noise.leading(found.n, 0.5 * found.delta)
        return {
            "T": self.horizon,
            "kl_prior": self.kl_prior,
            "loss_minimum": self.least,
            "loss_tau": self.least + found.root**2,
            "top_B": float(self.capacity.law.quadratic.spectrum.values.max()),
            "nu": found.ridge,
            "share": found.kept,
            "noise_leading": leading,
            "noise_rest": max(found.noise.quantile(found.n, 0.5 * found.delta) - leading, 0.0),
        }

    def swept(self, name: str, points: np.ndarray, *, n: int, tau: float, delta: float) -> Bound:
        """The bound over n or τ, a best ridge for each value; the best training time is that of the values."""
        claim, rows = REGISTRY["T1:capacity"], []
        for point in points.tolist():
            at = {"n": n, "tau": tau, "delta": delta, name: int(point) if name == "n" else point}
            rows.append(self.values(self.best(tau=at["tau"], n=int(at["n"]), delta=at["delta"])))
        columns = {key: np.array([row[key] for row in rows]) for key in rows[0]}
        found = claim.evaluate(**columns)
        terms = {term: np.broadcast_to(found.terms[term], points.shape) for term in claim.relation.rhs}
        total, names = np.asarray(found.right), np.array(list(terms))
        place = int(np.argmin(total))
        inside = name == "tau" and 0 < place < len(points) - 1
        word = "interior" if inside else "falls" if place else "rises"
        return Bound(
            id=claim.id,
            claim=claim,
            values={key: float(column[0]) for key, column in columns.items() if np.ptp(column) == 0.0},
            over=(name, points),
            terms=terms,
            total=total,
            dominant=names[np.argmax(np.stack(list(terms.values())), axis=0)],
            left=None,
            hypotheses={},
            outcome=found.outcome,
            best_tau=np.array(points[place] if inside else np.nan) if name == "tau" else None,
            best_total=np.array(total[place] if inside else np.nan) if name == "tau" else None,
            trend=np.array(word) if name == "tau" else None,
        )


def capacity_model(
    *,
    features: RandomFeatures,
    law: HistogramDensity,
    sde: AbstractLinearSDE,
    horizon: float,
    initial: ArrayLike | None = None,
    prior_std: float = 1.0,
    times: int = TIMES,
    nodes: int = 64,
) -> CapacityModel:
    """The per-datum parts, their enclosures and the prior's divergence, for every n, τ and δ; arguments and errors as
    `capacity_inputs`.
    """
    checks.instance("features", features, RandomFeatures, "build it with RandomFeatures(…)")
    if isinstance(law, GaussianMixture):
        raise ValueError(
            f"law must have bounded support for T1:capacity; got {shown(law)}, whose B(x₀) are not bounded; pass a "
            "histogram, or take T2:capacity with moment_capacity_inputs"
        )
    checks.instance("law", law, HistogramDensity, "build it with numerics.histogram_density(edges, masses)")
    checks.real("prior_std", prior_std, above=0.0)
    checks.integer("times", times)
    when = schedule(sde, horizon=horizon, count=times, weighting="likelihood", grading=GRADING)
    if when.std.min() < LEAST_STD:  # the score of a histogram grows like 1/std
        checks.refuse("horizon", f"leave noise of std at least {LEAST_STD:g}", horizon, "pass a larger horizon")
    parts = histogram_datum_law(features, law, when, nodes=nodes)
    start = np.zeros((1, features.width)) if initial is None else initial
    return CapacityModel(
        capacity=Capacity(law=parts, initial=cast(FloatArray, start)),
        horizon=horizon,
        kl_prior=prior_divergence(law, sde, horizon, prior_std),
    )


def capacity_inputs(
    *,
    features: RandomFeatures,
    law: HistogramDensity,
    sde: AbstractLinearSDE,
    horizon: float,
    n: int,
    tau: float,
    delta: float,
    initial: ArrayLike | None = None,
    prior_std: float = 1.0,
    times: int = TIMES,
    nodes: int = 64,
) -> dict[str, float]:
    """Return the values, by symbol name, at which ``verify.bound("T1:capacity", …)`` is the bound at n, τ and δ.

    ``features``: RandomFeatures with dim 1. ``law``: a histogram. ``horizon``: T. ``initial``: Θ₀ (1, m), 0 when None.
    ``prior_std``: of π. ``times``, ``nodes``: of the quadratures in time and over the data. The weight is λ = g², the
    flow the scaled one. Ridge and lower tail are the best that are tried, which depend on the law alone: see
    `numerics.Capacity`.

    Returns T, kl_prior, loss_minimum, loss_tau, top_B, nu, share, noise_leading, noise_rest. Raises TypeError or
    ValueError naming the argument at fault, and where the data may keep nothing of B+ν, so that there is no bound.
    """
    made = capacity_model(
        features=features,
        law=law,
        sde=sde,
        horizon=horizon,
        initial=initial,
        prior_std=prior_std,
        times=times,
        nodes=nodes,
    )
    found = made.best(tau=tau, n=n, delta=delta)
    if not math.isfinite(found.total):
        checks.refuse("n", "be so large that the data keep a part of B+ν", n, "pass more data, or more nodes")
    return made.values(found)


# Data without a bounded support --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False)
class MomentModel:
    """A Gaussian mixture and features with all that T2:capacity computes once for every n, τ and δ."""

    capacity: MomentCapacity
    horizon: float
    kl_prior: float
    least: float

    def best(self, *, tau: float, n: int, delta: float) -> MomentBound:
        """The bound along the path at the best ridge, with the best lower tail."""
        return self.capacity.bound(tau=tau, n=n, delta=delta)

    def values(self, found: MomentBound) -> dict[str, float]:
        """The values, by symbol name, at which ``claims["T2:capacity"].evaluate`` gives its terms."""
        return {
            "T": self.horizon,
            "n": found.n,
            "delta": found.delta,
            "kl_prior": self.kl_prior,
            "loss_minimum": self.least,
            "loss_tau": self.least + found.root**2,
            "top_B": float(self.capacity.law.quadratic.spectrum.values.max()),
            "S_B": found.scatter,
            "K_B": found.largest,
            "nu": found.ridge,
            "share": found.kept,
            "path_spread": found.spread,
        }


def moment_model(
    *,
    features: RandomFeatures,
    law: GaussianMixture,
    sde: AbstractLinearSDE,
    horizon: float,
    initial: ArrayLike | None = None,
    prior_std: float = 1.0,
    times: int = TIMES,
    nodes: int = 40,
) -> MomentModel:
    """The per-datum parts and the prior's divergence, for every n, τ and δ; arguments and errors as
    `moment_capacity_inputs`.
    """
    checks.instance("features", features, RandomFeatures, "build it with RandomFeatures(…)")
    checks.instance("law", law, GaussianMixture, "build it with theory.GaussianMixture(…), or take capacity_inputs")
    checks.real("prior_std", prior_std, above=0.0)
    checks.integer("times", times)
    when = schedule(sde, horizon=horizon, count=times, weighting="likelihood", grading=GRADING)
    parts = mixture_datum_law(features, law, when, nodes=nodes)
    start = np.zeros((1, features.width)) if initial is None else initial
    return MomentModel(
        capacity=MomentCapacity(law=parts, initial=cast(FloatArray, start)),
        horizon=horizon,
        kl_prior=prior_divergence(law, sde, horizon, prior_std),
        least=max(law_quadratic(features, law, when).minimum, 0.0),
    )


def moment_capacity_inputs(
    *,
    features: RandomFeatures,
    law: GaussianMixture,
    sde: AbstractLinearSDE,
    horizon: float,
    n: int,
    tau: float,
    delta: float,
    initial: ArrayLike | None = None,
    prior_std: float = 1.0,
    times: int = TIMES,
    nodes: int = 40,
) -> dict[str, float]:
    """Return the values, by symbol name, at which ``verify.bound("T2:capacity", …)`` is the bound at n, τ and δ.

    ``law``: a GaussianMixture on the line, whose support is not bounded; ``nodes`` of the Gauss–Hermite rule of each
    component. The other arguments, and errors, as `capacity_inputs`; see `numerics.MomentCapacity`.

    Returns T, n, delta, kl_prior, loss_minimum, loss_tau, top_B, S_B, K_B, nu, share, path_spread.
    """
    made = moment_model(
        features=features,
        law=law,
        sde=sde,
        horizon=horizon,
        initial=initial,
        prior_std=prior_std,
        times=times,
        nodes=nodes,
    )
    found = made.best(tau=tau, n=n, delta=delta)
    if not math.isfinite(found.total):
        checks.refuse("n", "be so large that the data keep a part of B+ν", n, "pass more data")
    return made.values(found)
