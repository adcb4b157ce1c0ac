"""Laws of bounded support on the line: piecewise constant densities, and what the forward process makes of them."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr, logsumexp, ndtr

from numerics import checks
from numerics.aliases import RNG, FloatArray
from numerics.densities.density import Density
from numerics.statistics import streams

_SPAN = 13.5  # standard deviations, as for mixtures
_BLOCK = 1 << 15  # panels times edges at once: eight nodes each, 2 MiB per array
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)


class HistogramDensity(Density):
    """p(x) = masses_k/(edges_{k+1} − edges_k) on the k-th cell, 0 outside: a data law with ‖x(0)‖_∞ bounded."""

    def __init__(self, edges: FloatArray, masses: FloatArray):
        self.edges, self.masses = edges, masses
        self._levels = np.log(masses) - np.log(np.diff(edges))

    @property
    def support(self) -> tuple[float, float]:
        """The first and the last edge."""
        return float(self.edges[0]), float(self.edges[-1])

    @property
    def knots(self) -> FloatArray:
        """The edges."""
        return self.edges

    def _log_pdf(self, x: FloatArray) -> FloatArray:
        cell = np.clip(np.searchsorted(self.edges, x, side="right") - 1, 0, len(self.masses) - 1)
        inside = (x >= self.edges[0]) & (x <= self.edges[-1])
        return np.where(inside, self._levels[cell], -np.inf)

    def quantile(self, u: ArrayLike) -> FloatArray:
        """The u-quantiles, u in [0, 1] of any shape: data of equal weight at u = (k + ½)/N are a quadrature of p."""
        level = checks.array("u", u, shape=None, minimum=0.0)
        if level.size and level.max() > 1.0:
            checks.refuse("u", "lie in [0, 1]", float(level.max()), "pass probabilities")
        below = np.concatenate([[0.0], np.cumsum(self.masses)])
        return np.interp(level, below / below[-1], self.edges)

    def sample(self, count: int, *, rng: RNG) -> FloatArray:
        """``count`` independent draws, shape (count,); ``rng``: an integer, a SeedSequence or a Generator."""
        source = streams.drawn_from(rng)
        return self.quantile(source.random(checks.integer("count", count)))

    def diffused(self, mean_scale: float, std: float) -> "DiffusedHistogram":
        """The law of mean_scale X + std Z, ``mean_scale`` > 0 and std > 0."""
        return DiffusedHistogram(self, checks.real("mean_scale", mean_scale, above=0.0),
                                 checks.real("std", std, above=0.0))  # fmt: skip


class DiffusedHistogram(Density):
    """A histogram scaled by ``mean_scale`` and blurred by N(0, std²): Σ_k l_k [Φ((x − a_k)/std) − Φ((x − b_k)/std)]."""

    def __init__(self, start: HistogramDensity, mean_scale: float, std: float):
        self.std = std
        self._edges = mean_scale * start.edges
        self._levels = start.masses / np.diff(self._edges)
        # the density is a sum of steps of heights `jumps` at the edges, each blurred
        self._jumps = np.diff(self._levels, prepend=0.0, append=0.0)

    @property
    def support(self) -> tuple[float, float]:
        """The edges −/+ 13.5 standard deviations of the noise."""
        return float(self._edges[0] - _SPAN * self.std), float(self._edges[-1] + _SPAN * self.std)

    @property
    def knots(self) -> FloatArray:
        """The edges and some multiples of the noise's standard deviation around them."""
        steps = np.array([-9.0, -6.5, -4.5, -3.0, -1.5, 0.0, 1.5, 3.0, 4.5, 6.5, 9.0])
        points = np.sort((self._edges[:, None] + self.std * steps).ravel())
        cell = np.floor((points - points[0]) / (0.3 * self.std))
        return points[np.append(True, np.diff(cell) > 0.0)]

    def _log_pdf(self, x: FloatArray) -> FloatArray:
        low = (x[:, None] - self._edges[:-1]) / self.std
        high = (x[:, None] - self._edges[1:]) / self.std
        flip = low + high > 0.0  # the upper tails are the small ones
        top, bottom = log_ndtr(np.where(flip, -high, low)), log_ndtr(np.where(flip, -low, high))
        with np.errstate(divide="ignore"):
            parts = top + np.log(-np.expm1(np.minimum(bottom - top, 0.0)))
        return logsumexp(parts + np.log(self._levels), axis=1)

    def score(self, x: ArrayLike) -> FloatArray:
        """d/dx log p at points (n,): Σ_k jumps_k φ((x − edge_k)/std)/std over the density."""
        points = checks.vector("x", x)
        z = (points[:, None] - self._edges) / self.std
        logs = -0.5 * z * z - 0.5 * math.log(2.0 * math.pi) - math.log(self.std) - self._log_pdf(points)[:, None]
        return np.exp(logs) @ self._jumps

    def fisher_information(self) -> float:
        """∫ p (d/dx log p)² dx within 9 standard deviations of the edges, by panels of half a standard deviation."""
        reach = 9.0 * self.std
        gaps = np.flatnonzero(np.diff(self._edges) > 2.0 * reach)
        low, high = self._edges[np.append(0, gaps + 1)] - reach, self._edges[np.append(gaps, -1)] + reach
        total, rows = 0.0, max(1, _BLOCK // len(self._edges))
        for a, b in zip(low, high, strict=True):
            ends = np.linspace(a, b, math.ceil((b - a) / (0.5 * self.std)) + 1)
            for first in range(0, len(ends) - 1, rows):
                total += self._information(ends[first : first + rows + 1], ndtr)
        return total

    def _information(self, ends: FloatArray, normal: Callable[[FloatArray], FloatArray]) -> float:
        half = 0.5 * np.diff(ends)[:, None]
        z = ((0.5 * (ends[1:] + ends[:-1]))[:, None] + half * _NODES - self._edges[:, None, None]) / self.std
        flip = z[:-1] + z[1:] > 0.0  # a difference of the smaller tails
        parts = normal(np.where(flip, -z[1:], z[:-1])) - normal(np.where(flip, -z[:-1], z[1:]))
        density = np.tensordot(self._levels, parts, axes=1)
        slope = np.tensordot(self._jumps, np.exp(-0.5 * z * z), axes=1) / (self.std * math.sqrt(2.0 * math.pi))
        return float(np.sum((slope**2 / density) @ _WEIGHTS * half[:, 0]))


def histogram_density(edges: ArrayLike, masses: ArrayLike) -> HistogramDensity:
    """The law with probability masses_k on the cell (edges_k, edges_{k+1}), uniform within it.

    ``edges``: (K + 1,), increasing. ``masses``: (K,), positive, with sum 1. ValueError otherwise. Its support is
    bounded, as LLZB's Theorem 1 asks of p_0; `sample`, `quantile`, `diffused` and every function of a density take it.
    """
    ends = checks.increasing("edges", checks.vector("edges", edges))
    weights = checks.probabilities("masses", masses)
    if len(ends) != len(weights) + 1:
        checks.refuse("edges", f"have one entry more than masses, {len(weights) + 1}", len(ends), "pass every edge")
    if weights.min() <= 0.0:
        checks.refuse("masses", "be positive", float(weights.min()), "merge empty cells with their neighbours")
    return HistogramDensity(ends, weights)
