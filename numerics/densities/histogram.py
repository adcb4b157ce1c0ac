"""Laws of bounded support on the line: piecewise constant densities, and what the forward process makes of them."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr, logsumexp, ndtr

from numerics import checks
from numerics.checks.aliases import RNG, FloatArray
from numerics.checks.memory import require_memory
from numerics.densities.density import Density
from numerics.statistics import streams

_SPAN = 13.5  # standard deviations, as for mixtures
_BLOCK = 1 << 15  # panels times edges at once: eight nodes each, 2 MiB per array
_NARROW = 1 / 16  # cells whose product of width and distance is smaller have a density without cancellation
_FAR = 1e8  # standard deviations, beyond which Mills' ratio is 1 to the last place
_LEAST_WIDTH = 1e-300  # of a cell: its density can be represented
_POINT = 1e-290  # widths below are 0
_LOG_2PI = math.log(2.0 * math.pi)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)


class HistogramDensity(Density):
    """p(x) = masses_k/(edges_{k+1} − edges_k) on the k-th cell, 0 outside: a data law with ‖x(0)‖_∞ bounded."""

    def __init__(self, edges: FloatArray, masses: FloatArray):
        self.edges, self.masses = edges, masses
        self._levels = np.log(masses) - np.log(np.diff(edges))
        self.bounds = float(edges[0]), float(edges[-1])
        self.largest_log = float(max(np.abs(np.log(masses)).max(), np.abs(np.log(np.diff(edges))).max()))

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

    def _log_pdf_from(self, x: FloatArray, left: FloatArray) -> FloatArray:
        del x  # which rounding may have moved into the next cell
        return np.where(left < self.edges[-1], self._log_pdf(left), -np.inf)

    def quantile(self, u: ArrayLike) -> FloatArray:
        """The u-quantiles, u in [0, 1] of any shape: data of equal weight at u = (k + ½)/N are a quadrature of p."""
        level = checks.array("u", u, shape=None, minimum=0.0)
        if level.size and level.max() > 1.0:
            checks.refuse("u", "lie in [0, 1]", float(level.max()), "pass probabilities")
        below = np.concatenate([[0.0], np.cumsum(self.masses)])
        return np.interp(level, below / below[-1], self.edges)

    def sample(self, count: int, *, rng: RNG) -> FloatArray:
        """``count`` independent draws, shape (count,); ``rng``: an integer, a SeedSequence or a Generator."""
        source, number = streams.drawn_from(rng), checks.integer("count", count)
        require_memory("a sample", 64.0 * number, name="count", size=number, cost=lambda k: 64.0 * k)
        return self.quantile(source.random(number))

    def diffused(self, mean_scale: float, std: float) -> "DiffusedHistogram":
        """The law of mean_scale X + std Z, ``mean_scale`` > 0 and std ≥ 1e-60."""
        return DiffusedHistogram(self, checks.real("mean_scale", mean_scale, above=0.0),
                                 checks.real("std", std, minimum=1.0 / checks.LARGEST))  # fmt: skip


class DiffusedHistogram(Density):
    """A histogram scaled by ``mean_scale`` and blurred by N(0, std²): Σ_k m_k [Φ(z_k + δ_k) − Φ(z_k)]/(δ_k std).

    ``z_k``: how many standard deviations x is beyond the right end of the k-th cell; ``δ_k``: its width in the same.
    Where δ_k max(|z_k|, 1) is small the difference would cancel: then it is a series for the mean of the normal density
    over the cell, which for a width of 0 is its value.
    """

    def __init__(self, start: HistogramDensity, mean_scale: float, std: float):
        self.std = std
        self._edges = mean_scale * start.edges
        # not differences of scaled edges, which may coincide, and no levels m_k/width, which may overflow
        self._widths = mean_scale * np.diff(start.edges) / std
        self._masses = start.masses
        self._wide = self._widths > _NARROW / 16.0  # narrow at every distance that matters
        # the wide cells are a sum of steps of heights `jumps` at the edges, each blurred
        self._levels = np.divide(self._masses, self._widths * std, out=np.zeros_like(self._masses), where=self._wide)
        self._jumps = np.diff(self._levels, prepend=0.0, append=0.0)
        # Φ(a) − Φ(b) of a cell that is just not narrow loses a factor 1/`_NARROW`
        self.largest_log = float(np.abs(np.log(self._masses)).max()) + abs(math.log(std)) + 1.0 / _NARROW

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
        out = np.empty(len(x))
        rows = max(1, _BLOCK // len(self._masses))
        for i in range(0, len(x), rows):
            out[i : i + rows] = logsumexp(self._log_parts(x[i : i + rows]), axis=1)
        return out

    def _log_parts(self, x: FloatArray) -> FloatArray:
        """log(m_k × the mean over the k-th cell of the noise's density at x), (n, K)."""
        low = (x[:, None] - self._edges[:-1]) / self.std
        high = (x[:, None] - self._edges[1:]) / self.std
        flip = low + high > 0.0  # the upper tails are the small ones
        near = np.where(flip, high, -low)  # standard deviations from the nearer end
        near = np.clip(near, -1e150, 1e150)  # where the density is 0, without overflow
        parts, widths = np.empty_like(near), np.broadcast_to(self._widths, near.shape)
        narrow = self._widths * np.maximum(np.abs(near), 1.0) <= _NARROW
        parts[narrow] = _log_mean_density(near[narrow] + 0.5 * widths[narrow], widths[narrow])
        if not narrow.all():
            wide = ~narrow
            top, bottom = log_ndtr(-near[wide]), log_ndtr(np.where(flip, -low, high)[wide])
            with np.errstate(over="ignore"):  # by Mills' ratio where near + width may be near itself
                steep = -widths[wide] * (near[wide] + 0.5 * widths[wide])
            fall = np.where(near[wide] > _FAR, steep, bottom - top)
            parts[wide] = top + np.log(-np.expm1(fall)) - np.log(widths[wide])
        return parts + (np.log(self._masses) - math.log(self.std))

    def score(self, x: ArrayLike) -> FloatArray:
        """d/dx log p at points (n,): Σ_k m_k [φ(z_k + δ_k) − φ(z_k)]/(δ_k std²) over the density."""
        points = checks.vector("x", x)
        out = np.empty(len(points))
        rows = max(1, _BLOCK // len(self._masses))
        for i in range(0, len(points), rows):
            some = points[i : i + rows]
            low = (some[:, None] - self._edges[:-1]) / self.std
            high = (some[:, None] - self._edges[1:]) / self.std
            both = low + high
            near = np.clip(np.where(both > 0.0, high, -low), -1e150, 1e150)
            log_p = logsumexp(self._log_parts(some), axis=1)
            with np.errstate(divide="ignore"):
                logs = np.log(_decrease(0.5 * np.abs(both), self._widths)) - 0.5 * near * near - 0.5 * _LOG_2PI
            logs += np.log(self._masses) - 2.0 * math.log(self.std) - log_p[:, None]
            out[i : i + rows] = -(np.sign(both) * np.exp(logs)).sum(axis=1)
        return out

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
        for k in np.flatnonzero(~self._wide):
            width, mass = self._widths[k], self._masses[k] / self.std
            middle = np.clip(z[k] - 0.5 * width, -40.0, 40.0)  # beyond, nothing of it is left
            density += mass * np.exp(_log_mean_density(middle, width))
            near = np.abs(middle) - 0.5 * width
            bell = np.exp(-0.5 * near * near) / math.sqrt(2.0 * math.pi)
            slope -= np.copysign(mass / self.std * bell * _decrease(np.abs(middle), width), middle)
        part = np.divide(slope**2, density, out=np.zeros_like(density), where=density > 0.0)
        return float(np.sum(part @ _WEIGHTS * half[:, 0]))


def _log_mean_density(middle: FloatArray, width: FloatArray | float) -> FloatArray:
    """log of the mean of φ over an interval around ``middle``: φ Σ_n He_2n(middle) (width/2)^2n/(2n + 1)!, up to n = 4.

    The next term is below 1e-17 where width × max(|middle|, 1) is at most `_NARROW`.
    """
    square, h = middle * middle, 0.25 * np.square(width)
    z = np.minimum(square, 1e30)  # beyond, what the width adds is lost in the rounding of the square
    he = (z - 1.0, (z - 6.0) * z + 3.0, ((z - 15.0) * z + 45.0) * z - 15.0,
          (((z - 28.0) * z + 210.0) * z - 420.0) * z + 105.0)  # fmt: skip
    more = h * (he[0] / 6.0 + h * (he[1] / 120.0 + h * (he[2] / 5040.0 + h * he[3] / 362880.0)))
    return np.log1p(more) - 0.5 * square - 0.5 * _LOG_2PI


def _decrease(middle: FloatArray, width: FloatArray | float) -> FloatArray:
    """1 − φ(far)/φ(near) over the width, for the ends of an interval around ``middle`` ≥ 0; for width 0 its limit."""
    width = np.broadcast_to(width, middle.shape)
    drop = -np.expm1(-middle * width)
    return np.divide(drop, width, out=np.array(middle), where=width > _POINT)


def histogram_density(edges: ArrayLike, masses: ArrayLike) -> HistogramDensity:
    """The law with probability masses_k on the cell (edges_k, edges_{k+1}), uniform within it.

    ``edges``: (K + 1,), increasing. ``masses``: (K,), positive, with sum 1. ValueError otherwise. Its support is
    bounded, as LLZB's Theorem 1 asks of p_0; `sample`, `quantile`, `diffused` and every function of a density take it.
    """
    ends = checks.increasing("edges", checks.vector("edges", edges))
    weights = checks.probabilities("masses", masses)
    if len(ends) != len(weights) + 1:
        checks.refuse("edges", f"have one entry more than masses, {len(weights) + 1}", len(ends), "pass every edge")
    if (least := float(np.diff(ends).min())) < _LEAST_WIDTH:
        checks.refuse("edges", f"leave cells wider than {_LEAST_WIDTH:g}", least, "merge them, or rescale the problem")
    if weights.min() <= 0.0:
        checks.refuse("masses", "be positive", float(weights.min()), "merge empty cells with their neighbours")
    return HistogramDensity(ends, weights)
