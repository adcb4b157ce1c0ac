"""What T1:capacity and T2:capacity ask for, computed for a data law, features, an SDE, n, τ and δ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NotRequired, TypedDict, Unpack, cast

import numpy as np
from numpy.typing import ArrayLike

from numerics import (
    Capacity,
    CapacityBound,
    HistogramDensity,
    MomentBound,
    MomentCapacity,
    RandomFeatures,
    Schedule,
    checks,
    histogram_datum_law,
    mixture_datum_law,
)
from numerics.checks.aliases import FloatArray
from theory.checks import shown
from theory.mixture import GaussianMixture
from theory.sde import AbstractLinearSDE
from verify.bound.inputs import GRADING, LEAST_STD, TIMES, Law, law_quadratic, prior_divergence
from verify.bound.schedules import schedule


class OfLaw(TypedDict):
    """What `capacity_model` and `moment_model` take beside a law."""

    features: RandomFeatures
    sde: AbstractLinearSDE
    horizon: float
    initial: NotRequired[ArrayLike | None]
    prior_std: NotRequired[float]
    times: NotRequired[int]
    nodes: NotRequired[int]


def _finite(found: CapacityBound | MomentBound) -> None:
    """ValueError where there is no bound."""
    if not math.isfinite(found.total):
        checks.refuse("n", "be so large that the bound is a number", found.n, "pass more data, or a larger delta")


@dataclass(frozen=True, kw_only=True, eq=False)
class _Common:
    """What both models have beside the capacity."""

    when: Schedule
    start: FloatArray
    kl_prior: float


def _common(
    *,
    features: RandomFeatures,
    law: Law,
    sde: AbstractLinearSDE,
    horizon: float,
    initial: ArrayLike | None,
    prior_std: float,
    times: int,
) -> _Common:
    checks.real("prior_std", prior_std, above=0.0)
    checks.integer("times", times)
    when = schedule(sde, horizon=horizon, count=times, weighting="likelihood", grading=GRADING)
    if isinstance(law, HistogramDensity) and when.std.min() < LEAST_STD:  # its score grows like 1/std
        checks.refuse("horizon", f"leave noise of std at least {LEAST_STD:g}", horizon, "pass a larger horizon")
    start = np.zeros((1, features.width)) if initial is None else cast(FloatArray, initial)
    return _Common(when=when, start=start, kl_prior=prior_divergence(law, sde, horizon, prior_std))


# Data of bounded support ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False)
class CapacityModel:
    """A data law and features with all that T1:capacity computes once for every n, τ and δ."""

    capacity: Capacity
    horizon: float
    kl_prior: float

    @property
    def claim(self) -> str:
        """The claim that it is for."""
        return "T1:capacity"

    @cached_property
    def least(self) -> float:
        """min L̃."""
        return max(self.capacity.law.quadratic.minimum, 0.0)

    def best(self, *, tau: float, n: int, delta: float) -> CapacityBound:
        """The bound along the path at the best ridge, with the best lower tail."""
        return self.capacity.bounds(tau=tau, n=n, delta=delta, comparators=())[0]

    def inputs(self, *, n: int, tau: float, delta: float) -> dict[str, float]:
        """The values of the best bound, finite or not."""
        return self.values(self.best(tau=tau, n=n, delta=delta))

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
    made = _common(
        features=features, law=law, sde=sde, horizon=horizon, initial=initial, prior_std=prior_std, times=times
    )
    parts = histogram_datum_law(features, law, made.when, nodes=nodes)
    return CapacityModel(capacity=Capacity(law=parts, initial=made.start), horizon=horizon, kl_prior=made.kl_prior)


def capacity_inputs(
    *, law: HistogramDensity, n: int, tau: float, delta: float, **model: Unpack[OfLaw]
) -> dict[str, float]:
    """Return the values, by symbol name, at which ``verify.bound("T1:capacity", …)`` is the bound at n, τ and δ.

    ``law``: a histogram. ``features``: RandomFeatures with dim 1. ``sde``, ``horizon``: the forward process, T.
    ``initial``: Θ₀ (1, m), 0 when None. ``prior_std``: of π, 1. ``times``, ``nodes``: of the quadratures in time and
    over the data, 24 and 64. The weight is λ = g², the flow the scaled one. Ridge and lower tail are the best that are
    tried, which depend on the law alone: see `numerics.Capacity`.

    Returns T, kl_prior, loss_minimum, loss_tau, top_B, nu, share, noise_leading, noise_rest. Raises TypeError or
    ValueError naming the argument at fault, and where the bound overflows.
    """
    made = capacity_model(law=law, **model)
    found = made.best(tau=tau, n=n, delta=delta)
    _finite(found)
    return made.values(found)


# Data without a bounded support --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False)
class MomentModel:
    """A Gaussian mixture and features with all that T2:capacity computes once for every n, τ and δ."""

    capacity: MomentCapacity
    horizon: float
    kl_prior: float
    least: float

    @property
    def claim(self) -> str:
        """The claim that it is for."""
        return "T2:capacity"

    def best(self, *, tau: float, n: int, delta: float) -> MomentBound:
        """The bound along the path at the best ridge, with the best lower tail."""
        return self.capacity.bound(tau=tau, n=n, delta=delta)

    def inputs(self, *, n: int, tau: float, delta: float) -> dict[str, float]:
        """The values of the best bound, finite or not."""
        return self.values(self.best(tau=tau, n=n, delta=delta))

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
    made = _common(
        features=features, law=law, sde=sde, horizon=horizon, initial=initial, prior_std=prior_std, times=times
    )
    parts = mixture_datum_law(features, law, made.when, nodes=nodes)
    return MomentModel(
        capacity=MomentCapacity(law=parts, initial=made.start),
        horizon=horizon,
        kl_prior=made.kl_prior,
        least=max(law_quadratic(features, law, made.when).minimum, 0.0),
    )


def moment_capacity_inputs(
    *, law: GaussianMixture, n: int, tau: float, delta: float, **model: Unpack[OfLaw]
) -> dict[str, float]:
    """Return the values, by symbol name, at which ``verify.bound("T2:capacity", …)`` is the bound at n, τ and δ.

    ``law``: a GaussianMixture on the line, whose support is not bounded; ``nodes``, 40, of the Gauss–Hermite rule of
    each component. The other arguments, and errors, as `capacity_inputs`; see `numerics.MomentCapacity`.

    Returns T, n, delta, kl_prior, loss_minimum, loss_tau, top_B, S_B, K_B, nu, share, path_spread.
    """
    made = moment_model(law=law, **model)
    found = made.best(tau=tau, n=n, delta=delta)
    _finite(found)
    return made.values(found)
