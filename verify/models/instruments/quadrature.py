"""Means under Gaussian mixtures by plain Gauss–Legendre panels: what the closed forms of ``numerics`` are held to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_REACH = 12.0
"""Standard deviations beyond which a normal law has a mass below 1e-32."""


@dataclass(frozen=True, kw_only=True)
class PlainMixture:
    """A Gaussian mixture in floating-point numbers."""

    weights: Sequence[float] | np.ndarray
    means: Sequence[float] | np.ndarray
    variances: Sequence[float]


def panels(edges: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a rule with 24 nodes between neighbouring edges: exact to rounding where it is smooth."""
    ends = np.unique(np.asarray(edges, dtype=float))
    half = 0.5 * np.diff(ends)[:, None]
    return (ends[:-1, None] + half * (1.0 + _NODES)).ravel(), (half * _WEIGHTS).ravel()


def normal_density(x: np.ndarray, mean: float | np.ndarray, std: float | np.ndarray) -> np.ndarray:
    """The density of N(mean, std²)."""
    return np.exp(-0.5 * ((x - mean) / std) ** 2) / (std * np.sqrt(2.0 * np.pi))


def mixture_rule(
    weights: ArrayLike, means: ArrayLike, stds: ArrayLike, kinks: ArrayLike = ()
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nodes, probability weights and the mixture's score at the nodes, for functions smooth between the ``kinks``."""
    w, m, s = (np.asarray(item, dtype=float) for item in (weights, means, stds))
    grid = (m[:, None] + s[:, None] * np.linspace(-_REACH, _REACH, 25)).ravel()
    inside = [x for x in np.asarray(kinks, dtype=float).ravel() if grid.min() < x < grid.max()]
    x, rule = panels(np.concatenate([grid, inside]))
    parts = w[:, None] * normal_density(x, m[:, None], s[:, None])
    density = parts.sum(axis=0)
    slope = (parts * (m[:, None] - x) / s[:, None] ** 2).sum(axis=0)
    return x, rule * density, np.divide(slope, density, out=np.zeros_like(x), where=density > 0.0)
