"""Points on the line under the Ornstein–Uhlenbeck process: every term of a diffusion model's bound, by quadrature.

A law of points x_j with weights w_j becomes the mixture of N(e^{−t}x_j, 1 − e^{−2t}); the learned score is that of such
a mixture whose points are blurred, N(x_j, h²), so that the law which the reverse SDE generates from π is known up to
one integral. Integrands are smooth and fall like normal densities, so that the trapezoidal rule has the digits of the
floats; times are taken by Gauss–Legendre in log t.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp

_STEPS, _REACH = 8, 9.0
"""Trapezoidal steps per standard deviation, and standard deviations on each side."""
_TIMES = 16
"""Gauss–Legendre nodes per three units of log t."""
Score = Callable[[np.ndarray, float], np.ndarray]
"""s(x, t) at points x."""


@dataclass(frozen=True)
class Points:
    """Σ w_j N(x_j, h²) on the line: ``weights`` > 0, ``places`` x_j, and the ``blur`` h, 0 for points alone."""

    weights: tuple[float, ...]
    places: tuple[float, ...]
    blur: float = 0.0

    def variance(self, t: float) -> float:
        """The variance of each component at a time."""
        return float(-np.expm1(-2 * t) + self.blur**2 * np.exp(-2 * t))

    def log_terms(self, x: np.ndarray, t: float) -> np.ndarray:
        """The logarithms of the components' densities times their weights, a row for each."""
        gaps = x - np.exp(-t) * self._column(x.ndim)[1]
        v = self.variance(t)
        return self._column(x.ndim)[0] - gaps**2 / (2 * v) - 0.5 * np.log(2 * np.pi * v)

    def _column(self, ndim: int) -> tuple[np.ndarray, np.ndarray]:
        shape = (-1, *[1] * ndim)
        return np.log(self.weights).reshape(shape), np.reshape(self.places, shape)

    def log_density(self, x: np.ndarray, t: float) -> np.ndarray:
        """log p_t(x)."""
        return logsumexp(self.log_terms(x, t), axis=0)

    def score(self, x: np.ndarray, t: float) -> np.ndarray:
        """∇log p_t(x)."""
        terms = self.log_terms(x, t)
        posterior = np.exp(terms - logsumexp(terms, axis=0))
        return (np.exp(-t) * np.tensordot(self.places, posterior, axes=1) - x) / self.variance(t)

    def blurred(self, blur: float) -> Points:
        """The same points with another blur."""
        return Points(self.weights, self.places, blur)


@lru_cache(maxsize=1)
def _deviates() -> tuple[np.ndarray, np.ndarray]:
    """Standard normal deviates and their weights in a trapezoidal rule."""
    z = np.arange(-int(_REACH * _STEPS), int(_REACH * _STEPS) + 1) / _STEPS
    w = np.exp(-z * z / 2)
    return z, w / w.sum()


def mean_by_point(law: Points, t: float, function: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """E f(x_t) given each point; ``function`` takes an array (points, deviates)."""
    z, w = _deviates()
    centres = np.exp(-t) * np.asarray(law.places)
    return function(centres[:, None] + np.sqrt(law.variance(t)) * z) @ w


def mean(law: Points, t: float, function: Callable[[np.ndarray], np.ndarray]) -> float:
    """E f(x_t)."""
    return float(np.dot(law.weights, mean_by_point(law, t, function)))


def times(early: float, horizon: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights for ∫ dt from ``early`` to ``horizon``."""
    pieces = max(1, int(np.ceil(np.log(horizon / early) / 3)))
    x, w = np.polynomial.legendre.leggauss(_TIMES)
    ends = np.linspace(np.log(early), np.log(horizon), pieces + 1)
    logs = np.concatenate([(a + b + (b - a) * x) / 2 for a, b in pairwise(ends)])
    steps = np.concatenate([(b - a) / 2 * w for a, b in pairwise(ends)])
    return np.exp(logs), np.exp(logs) * steps


# The terms ------------------------------------------------------------


def rate(law: Points, horizon: float) -> float:
    """E KL(N(e^{−T}x, 1 − e^{−2T})‖π) = ½E(a x² − a − log(1 − a)), a = e^{−2T}, over the points."""
    a = np.exp(-2 * horizon)
    squares = np.asarray(law.places) ** 2
    return float(0.5 * (np.dot(law.weights, a * squares) - a - np.log(-np.expm1(-2 * horizon))))


def prior(law: Points, t: float) -> float:
    """KL(p_t‖π)."""
    return mean(law, t, lambda x: law.log_density(x, t) + x**2 / 2 + 0.5 * np.log(2 * np.pi))


def divergence(law: Points, other: Points, t: float) -> float:
    """KL(p_t‖q_t) of two laws of points along the process."""
    return mean(law, t, lambda x: law.log_density(x, t) - other.log_density(x, t))


def information(law: Points, t: float) -> float:
    """I(X; X_t) = h(p_t) − ½log(2πe(1 − e^{−2t})) for points without blur; 0 for one point, without rounding."""
    if len(law.places) == 1:
        return 0.0
    entropy = -mean(law, t, lambda x: law.log_density(x, t))
    return entropy - 0.5 * (np.log(2 * np.pi * law.variance(t)) + 1)


def channel(law: Points, scale: float, variance: float, mixed: float | None = None) -> float:
    """I(X; scale·X + √variance·ξ) of points, ξ a standard normal number.

    With ``mixed``: the mean divergence of those kernels from the mixture of kernels of this variance.
    """
    other = variance if mixed is None else mixed
    z, w = _deviates()
    centres = scale * np.asarray(law.places)
    gaps = (centres[:, None, None] + np.sqrt(variance) * z - centres[None, :, None]) ** 2
    terms = np.log(law.weights)[None, :, None] - gaps / (2 * other)
    known = -np.dot(law.weights, (logsumexp(terms, axis=1) + z**2 / 2) @ w)
    return float(known + np.log(other / variance) / 2)


def explicit_loss(law: Points, score: Score, early: float, horizon: float) -> float:
    """L_ESM = ½∫β E(s − ∇log p_t)² dt, β = 2."""
    nodes, weights = times(early, horizon)
    found = [mean(law, t, lambda x, t=t: (score(x, t) - law.score(x, t)) ** 2) for t in nodes]
    return float(np.dot(weights, found))


def denoising_by_point(law: Points, score: Score, early: float, horizon: float) -> np.ndarray:
    """ℓ(x) = ½∫β E[(s(x_t, t) − ∇log p_{t|0}(x_t|x))² | x] dt for each point."""
    nodes, weights = times(early, horizon)
    centres = np.asarray(law.places)[:, None]

    def gap(x: np.ndarray, t: float) -> np.ndarray:
        return (score(x, t) + (x - np.exp(-t) * centres) / law.variance(t)) ** 2

    found = [mean_by_point(law, t, lambda x, t=t: gap(x, t)) for t in nodes]
    return np.asarray(weights) @ np.asarray(found)


def denoising_loss(law: Points, score: Score, early: float, horizon: float) -> float:
    """L_DSM, the mean of ℓ over the points."""
    return float(np.dot(law.weights, denoising_by_point(law, score, early, horizon)))


def generated_divergence(law: Points, fitted: Points, early: float, horizon: float, shift: float = 0.0) -> float:
    """KL(p_ε‖q_ε), q the law of the reverse SDE with the score of ``fitted`` from π (or N(shift, 1)) at the horizon.

    With the exact score of ν the reverse SDE has the kernel ν_ε(x)k(y|x)/ν_T(y), so that q_ε(x) = ν_ε(x)E[π(y)/ν_T(y)]
    over y ~ k(·|x), the process from ε to T.
    """
    fall = np.exp(early - horizon)
    spread = float(-np.expm1(2 * (early - horizon)))
    tilt = max(0.0, spread * (1 / fitted.variance(horizon) - 1))
    size = _REACH / np.sqrt(1 - tilt)
    z = np.arange(-np.ceil(size * _STEPS), np.ceil(size * _STEPS) + 1) / _STEPS

    def log_generated(x: np.ndarray) -> np.ndarray:
        y = fall * x[..., None] + np.sqrt(spread) * z
        logs = -((y - shift) ** 2) / 2 - 0.5 * np.log(2 * np.pi) - fitted.log_density(y, horizon) - z * z / 2
        start = logsumexp(logs, axis=-1) - np.log(_STEPS) - 0.5 * np.log(2 * np.pi)
        return fitted.log_density(x, early) + start

    return mean(law, early, lambda x: law.log_density(x, early) - log_generated(x))
