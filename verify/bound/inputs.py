"""What the repaired Theorems 1 and 2 ask for, computed for a given data law, features, SDE and training time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics import (
    GradientFlow,
    HistogramDensity,
    Quadratic,
    RandomFeatures,
    Schedule,
    checks,
    datum_constants,
    histogram_quadratic,
    kl_divergence,
    mixture_kl,
    per_datum_parts,
    population_quadratic,
)
from theory import symbols
from theory.checks import shown
from theory.evaluation import number_function
from theory.mixture import GaussianMixture
from theory.sde import AbstractLinearSDE
from verify.bound.schedules import require_sde, schedule

Law = HistogramDensity | GaussianMixture
"""What the data of a bound are drawn from."""
TIMES = 24
"""Times of the quadrature of (0, T); graded, because the scores of a law with edges grow like 1/√t."""
GRADING = 2
LEAST_STD = 1e-50
"""Of the noise at the times of a quadrature: the score of a law with edges grows like its inverse."""
_MODE_NODES = 20  # of the Gauss–Hermite rule for each Gaussian component


def theorem_1_inputs(
    *,
    features: RandomFeatures,
    law: Law,
    sde: AbstractLinearSDE,
    horizon: float,
    n: int,
    tau: ArrayLike,
    delta: float,
    initial: ArrayLike | None = None,
    comparator: ArrayLike | None = None,
    prior_std: float = 1.0,
    times: int = TIMES,
    nodes: int = 64,
) -> dict[str, ArrayLike]:
    """Return the values, by symbol name, at which ``claims["T1:repaired"].evaluate`` gives its named terms.

    ``features``: RandomFeatures with dim 1. ``law``: a histogram (`numerics.histogram_density`) for T1:repaired, or a
    GaussianMixture, whose support is unbounded, for T2:repaired. ``horizon``: T. ``n``: sample size. ``tau``: a number,
    or an array. ``initial``: Θ₀ (1, m), 0 when None. ``comparator``: Θ (1, m), a number (the time of the population
    flow at which it is taken), or None for the population's minimiser. ``prior_std``: of π. ``times``, ``nodes``: of
    the quadratures in time and over the data. The weight is λ = g², the flow is the scaled one.

    Returns T, n, delta, tau, kl_prior, loss_minimum, loss_comparator, distance_initial, and S_B, S_G, with K_B and
    K_G for a bounded law. Raises TypeError or ValueError naming the argument at fault.
    """
    checks.instance("features", features, RandomFeatures, "build it with RandomFeatures(…)")
    checks.integer("n", n)
    checks.integer("times", times)
    checks.failure("delta", delta)
    checks.real("prior_std", prior_std, above=0.0)
    when_trained = checks.array("tau", tau, shape=None, minimum=0.0)
    if not when_trained.all():
        checks.refuse("tau", "be positive", tau, "pass training times > 0")
    shape = (1, features.width)
    require_sde(sde)
    when = schedule(sde, horizon=horizon, count=times, weighting="likelihood", grading=GRADING)
    if isinstance(law, HistogramDensity) and when.std.min() < LEAST_STD:  # its score grows like 1/std
        checks.refuse("horizon", f"leave noise of std at least {LEAST_STD:g}", horizon, "pass a larger horizon")
    loss = law_quadratic(features, law, when)
    start = np.zeros(shape) if initial is None else checks.array("initial", initial, shape=shape)
    flow = GradientFlow(loss, start)
    if comparator is None or isinstance(comparator, (int, float)):
        theta = flow.parameters(math.inf if comparator is None else checks.real("comparator", comparator, minimum=0.0))
    else:
        theta = checks.array("comparator", comparator, shape=shape)
    least = max(loss.minimum, 0.0)
    return {
        "T": horizon,
        "n": n,
        "delta": delta,
        "tau": tau,
        "kl_prior": prior_divergence(law, sde, horizon, prior_std),
        "loss_minimum": least,
        "loss_comparator": max(loss.loss(theta), least),
        "distance_initial": float(np.linalg.norm(start - theta)),
        **scatters(features, law, when, theta, nodes=nodes),
    }


@dataclass(frozen=True, kw_only=True, eq=False)
class RepairedModel:
    """A data law and features, for T1:repaired or T2:repaired with the population's flow Θ(τ) as comparator."""

    features: RandomFeatures
    law: Law
    sde: AbstractLinearSDE
    horizon: float
    prior_std: float = 1.0

    @property
    def claim(self) -> str:
        """The bound whose hypotheses the law meets."""
        return "T1:repaired" if isinstance(self.law, HistogramDensity) else "T2:repaired"

    def inputs(self, *, n: int, tau: float, delta: float) -> dict[str, float]:
        """The values, by symbol name, at which the claim's right side is the bound at n, τ and δ."""
        found = theorem_1_inputs(
            features=self.features,
            law=self.law,
            sde=self.sde,
            horizon=self.horizon,
            n=n,
            tau=tau,
            delta=delta,
            comparator=tau,
            prior_std=self.prior_std,
        )
        return {name: float(np.asarray(value)) for name, value in found.items()}


def law_quadratic(features: RandomFeatures, law: Law, when: Schedule) -> Quadratic:
    """The population loss of a histogram or a Gaussian mixture."""
    if isinstance(law, HistogramDensity):
        return histogram_quadratic(features, law, when)
    if isinstance(law, GaussianMixture):
        return population_quadratic(features, law, when)
    raise TypeError(
        f"law must be a histogram or a GaussianMixture; got {shown(law)}; build one with "
        "numerics.histogram_density or theory.GaussianMixture"
    )


def scatters(features: RandomFeatures, law: Law, when: Schedule, theta: np.ndarray, *, nodes: int) -> dict[str, float]:
    """S_B and S_G of the per-datum parts, with K_B and K_G where the law is bounded."""
    if isinstance(law, HistogramDensity):
        found = datum_constants(features, law, when, theta, nodes=nodes)
        return {
            "S_B": found.matrix_scatter,
            "K_B": found.matrix_bound,
            "S_G": found.gradient_scatter,
            "K_G": found.gradient_radius,
        }
    weights, means, stds = (
        np.array([float(value) for value in values])
        for values in (law.weights, law.means, [variance**0.5 for variance in law.variances])
    )
    z, rule = np.polynomial.hermite_e.hermegauss(_MODE_NODES)
    mass = (weights[:, None] * (rule / rule.sum())).ravel()
    B, b = per_datum_parts(features, (means[:, None] + stds[:, None] * z).ravel(), when)
    return {"S_B": _scatter(B, mass), "S_G": _scatter(theta @ B - b, mass)}


def prior_divergence(law: Law, sde: AbstractLinearSDE, horizon: float, prior_std: float) -> float:
    """KL(p_T‖π), π = N(0, prior_std²)."""
    scale, std = (number_function(expr, symbols.t)(horizon) for expr in (sde.mean_scale, sde.std))
    prior = _Mixture((1.0,), (0.0,), (prior_std**2,))
    if isinstance(law, HistogramDensity):
        if scale == 0.0:  # below the smallest float: the data are forgotten
            return float(mixture_kl(_Mixture((1.0,), (0.0,), (std**2,)), prior))
        return float(kl_divergence(law.diffused(scale, std), prior))
    return float(
        mixture_kl(
            _Mixture(
                tuple(float(w) for w in law.weights),
                tuple(scale * float(mean) for mean in law.means),
                tuple(scale**2 * float(variance) + std**2 for variance in law.variances),
            ),
            prior,
        )
    )


class _Mixture:
    """A mixture in floating-point numbers."""

    def __init__(self, weights: tuple[float, ...], means: tuple[float, ...], variances: tuple[float, ...]):
        self.weights, self.means, self.variances = weights, means, variances


def _scatter(values: np.ndarray, weights: np.ndarray) -> float:
    flat = values.reshape(len(values), -1)
    return math.sqrt(float(weights @ np.sum((flat - weights @ flat) ** 2, axis=1)))
