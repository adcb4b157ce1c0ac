"""Laws on the line and features there, by quadrature: mixtures along the Ornstein–Uhlenbeck process, data in noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.models.theorems.quadratics import Quadratic

Array = np.ndarray
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(80)
_GRID = np.linspace(-14.0, 14.0, 2801)
"""Where smooth densities are summed: the trapezoidal rule converges faster than any power there."""
_TIMES = ((0.3, 0.6), (0.8, 0.4))
"""Times and their weights λ(t)·w(t) of a loss."""


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """Σ w_k N(m_k, v_k) on the line."""

    weights: tuple[float, ...]
    means: tuple[float, ...]
    variances: tuple[float, ...]

    def diffused(self, t: float, pull: float = 1.0) -> Mixture:
        """The law at a time under dx = −pull·x dt + √2 dW."""
        fall = float(np.exp(-2 * pull * t))
        return Mixture(
            weights=self.weights,
            means=tuple(float(np.sqrt(fall)) * a for a in self.means),
            variances=tuple(fall * v + (1 - fall) / pull for v in self.variances),
        )

    def density(self, x: Array) -> tuple[Array, Array]:
        """The density and its derivative."""
        w, a, v = (np.asarray(each)[:, None] for each in (self.weights, self.means, self.variances))
        parts = w * np.exp(-((x - a) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v)
        return parts.sum(axis=0), (-(x - a) / v * parts).sum(axis=0)


def to_normal(law: Mixture) -> float:
    """KL(law‖N(0, 1)), by quadrature."""
    density, _ = law.density(_GRID)
    logs = np.log(np.maximum(density, 1e-300)) + _GRID**2 / 2 + np.log(2 * np.pi) / 2
    return float((density * logs).sum() * (_GRID[1] - _GRID[0]))


def second_moment(law: Mixture) -> float:
    """E x², by quadrature."""
    density, _ = law.density(_GRID)
    return float((density * _GRID**2).sum() * (_GRID[1] - _GRID[0]))


def fisher(law: Mixture) -> float:
    """I(law‖N(0, 1)) = E(∂log p + x)², by quadrature."""
    density, slope = law.density(_GRID)
    scores = slope / np.maximum(density, 1e-300) + _GRID
    return float((density * scores**2).sum() * (_GRID[1] - _GRID[0]))


@dataclass(frozen=True, kw_only=True)
class Line:
    """Data at ``points`` with chances ``law``, under dx = −x dt + √2 dW at a few times, and features σ(w·x + u)."""

    points: Array
    law: Array
    inner: Array

    def features(self, x: Array, _time: float) -> Array:
        """h(x), of shape (m, places)."""
        values = np.maximum(self.inner[:, :1] * x + self.inner[:, 1:], 0)
        return values / np.sqrt(len(self.inner))

    def _marginal(self, t: float) -> tuple[Array, Array]:
        """p_t and its derivative on the grid."""
        spread = 1 - np.exp(-2 * t)
        law = Mixture(
            weights=tuple(self.law),
            means=tuple(np.exp(-t) * self.points),
            variances=(float(spread),) * len(self.points),
        )
        return law.density(_GRID)

    def quadratic(self, least: float | None = None) -> Quadratic:
        """The population's loss, with the score of p_t; ``least`` in place of its constant."""
        matrix, vector, constant = 0.0, 0.0, 0.0
        for t, weight in _TIMES:
            density, slope = self._marginal(t)
            h, step = self.features(_GRID, t), weight * (_GRID[1] - _GRID[0])
            matrix = matrix + step * (h * density) @ h.T
            vector = vector + step * (h @ slope)[None]
            constant += float(step * (slope**2 / np.maximum(density, 1e-300)).sum())
        return Quadratic(
            matrix=np.asarray(matrix), vector=np.asarray(vector), constant=constant if least is None else least
        )

    def loss(self, network: Callable[[Array, float], Any]) -> float:
        """E λ(s − ∇log p_t)²."""
        found = 0.0
        for t, weight in _TIMES:
            density, slope = self._marginal(t)
            error = network(_GRID, t)[0] - slope / np.maximum(density, 1e-300)
            found += float(weight * (_GRID[1] - _GRID[0]) * (density * error**2).sum())
        return found

    def given(self, x: float) -> tuple[Array, Array, float]:
        """B(x₀), b(x₀) and the constant, with the denoising labels −z/σ of the noise z."""
        matrix, vector, constant = 0.0, 0.0, 0.0
        for t, weight in _TIMES:
            std = np.sqrt(1 - np.exp(-2 * t))
            places = _GRID
            density = np.exp(-((places - np.exp(-t) * x) ** 2) / (2 * std**2)) / np.sqrt(2 * np.pi) / std
            label = -(places - np.exp(-t) * x) / std**2
            h, step = self.features(places, t), weight * (places[1] - places[0])
            matrix = matrix + step * (h * density) @ h.T
            vector = vector + step * (h @ (density * label))[None]
            constant += float(step * (density * label**2).sum())
        return np.asarray(matrix), np.asarray(vector), constant
