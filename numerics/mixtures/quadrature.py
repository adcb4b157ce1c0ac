"""Adaptive quadrature over the line for integrands made of one-dimensional Gaussian mixtures."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from numerics.checks.aliases import FloatArray
from numerics.kernels import mixture_densities

_SPAN = 14.0  # a component's mass beyond 14 standard deviations is below 1e-43
_STEP = 2.0  # standard deviations between first edges; bisection does the rest
_DEPTH = 60
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_EPS = float(np.finfo(float).eps)
_ROWS = 1 << 12  # panels evaluated at once
_MOST = 1 << 20  # panels halved at once: beyond, rounding alone keeps the values from agreeing

Integrand = Callable[[FloatArray, FloatArray], FloatArray]


class Line(NamedTuple):
    """A one-dimensional mixture sorted by its means, all (K,): weights > 0, means, stds, logs of weight/(std √(2π))."""

    weights: FloatArray
    means: FloatArray
    stds: FloatArray
    logs: FloatArray

    @classmethod
    def of(cls, weights: FloatArray, means: FloatArray, stds: FloatArray) -> "Line":
        """Sort the components by their means."""
        order = np.argsort(means, kind="stable")
        w, m, s = (np.ascontiguousarray(x[order]) for x in (weights, means, stds))
        return cls(w, m, s, np.log(w) - np.log(s) - 0.5 * math.log(2.0 * math.pi))

    def bounds(self) -> tuple[float, float, float]:
        """The widest std, the largest log, and the cut e^{−cut} < 2⁻⁵²/K below which terms do not matter."""
        return float(self.stds.max()), float(self.logs.max()), 45.0 + math.log(len(self.means))

    def log_density(self, centres: FloatArray, offsets: FloatArray) -> FloatArray:
        """log p at centres[:, None] + offsets, (P, k)."""
        out = np.empty_like(offsets)
        mixture_densities.log_density(centres, offsets, self.logs, self.means, self.stds, *self.bounds(), out)
        return out

    def component_density(self, centres: FloatArray, offsets: FloatArray) -> FloatArray:
        """The integrand of the information that x has on its component, (P, k)."""
        out, log_weights = np.empty_like(offsets), np.log(self.weights)
        mixture_densities.component_density(
            centres, offsets, log_weights, self.logs, self.means, self.stds, *self.bounds(), out
        )
        return out

    def posterior(self, centres: FloatArray, offsets: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Density, and given x the mean of (component's mean − x) and the variance of the component's mean: (P, k)."""
        density, shift, spread = np.empty_like(offsets), np.empty_like(offsets), np.empty_like(offsets)
        mixture_densities.posterior_moments(
            centres, offsets, self.logs, self.means, self.stds, *self.bounds(), density, shift, spread
        )
        return density, shift, spread


class Panels(NamedTuple):
    """Panels centre + [start, start + width], all (P,), that touch one another and cover a range."""

    centres: FloatArray
    starts: FloatArray
    widths: FloatArray


def panels(line: Line, *others: Line) -> Panels:
    """Panels over all means ± 14 standard deviations of ``line``, with edges where any mixture has structure."""
    grid = np.arange(-_SPAN, _SPAN + 0.5 * _STEP, _STEP)
    lines = (line, *others)
    centres = np.concatenate([np.repeat(one.means, len(grid)) for one in lines])
    offsets = np.concatenate([np.multiply.outer(one.stds, grid).ravel() for one in lines])
    scales = np.concatenate([np.repeat(one.stds, len(grid)) for one in lines])
    places = centres + offsets
    own = line.means.size * len(grid)
    inside = (places >= places[:own].min()) & (places <= places[:own].max())
    order = np.flatnonzero(inside)[np.argsort(places[inside], kind="stable")]
    c, o, s = centres[order].tolist(), offsets[order].tolist(), scales[order].tolist()
    kept = [0]
    for i in range(1, len(c)):
        a = kept[-1]
        if (c[i] - c[a]) + (o[i] - o[a]) >= 0.25 * _STEP * s[i] or i == len(c) - 1:
            kept.append(i)
    C, O = np.array(c)[kept], np.array(o)[kept]
    widths = (C[1:] - C[:-1]) + (O[1:] - O[:-1])
    some = widths > 0.0
    return Panels(C[:-1][some], O[:-1][some], widths[some])


def even_panels(line: Line, step: float = 1.5) -> Panels:
    """Panels of ``step`` standard deviations over all means ± 14 of them, for components of one standard deviation.

    Between means that are further than 28 standard deviations apart there is no panel: the mass there is below 1e-43.
    """
    s, reach = float(line.stds[0]), _SPAN * float(line.stds[0])
    first = np.concatenate([[0], np.flatnonzero(np.diff(line.means) > 2.0 * reach) + 1])
    last = np.append(first[1:], len(line.means)) - 1
    lengths = (line.means[last] - line.means[first]) + 2.0 * reach
    counts = np.ceil(lengths / (step * s)).astype(np.intp)
    widths = np.repeat(lengths / counts, counts)
    place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return Panels(np.repeat(line.means[first], counts), place * widths - reach, widths)


def cut(cells: Panels, places: FloatArray) -> Panels:
    """The panels, each cut at those of the places (k,) that lie inside of it."""
    lefts = cells.centres + cells.starts
    index = np.searchsorted(lefts, places, side="right") - 1
    inside = index >= 0
    offsets = places[inside] - cells.centres[index[inside]]
    index = index[inside]
    start, width = cells.starts[index], cells.widths[index]
    kept = (offsets > start + 1e-9 * width) & (offsets < start + (1.0 - 1e-9) * width)
    rows = np.concatenate([np.arange(len(lefts)), index[kept]])
    starts = np.concatenate([cells.starts, offsets[kept]])
    order = np.lexsort((starts, rows))
    rows, starts = rows[order], starts[order]
    last = np.append(rows[1:] != rows[:-1], True)
    ends = np.where(last, cells.starts[rows] + cells.widths[rows], np.append(starts[1:], 0.0))
    some = ends > starts
    return Panels(cells.centres[rows][some], starts[some], (ends - starts)[some])


def _rule(f: Integrand, cells: Panels) -> FloatArray:
    out = np.empty(len(cells.centres))
    for first in range(0, len(out), _ROWS):
        part = slice(first, first + _ROWS)
        offsets = cells.starts[part, None] + cells.widths[part, None] * (0.5 + 0.5 * _NODES)
        out[part] = (f(cells.centres[part], offsets) @ _WEIGHTS) * 0.5 * cells.widths[part]
    return out


def integrate(f: Integrand, cells: Panels, tolerance: float = 1e-13) -> tuple[float, float, int]:
    """∫ f over the panels, an estimate of its error, and the number of nodes used.

    Each panel is halved until its 16-point Gauss–Legendre value and the sum over its halves agree to ``tolerance`` of
    that value, to a hundredth of it of the whole I, or to 16 · 2⁻⁵² (I + √I): densities times d²/2 with an error of
    2⁻⁵² in d cannot do better. The estimate is the sum of these differences, which bounds the errors of the coarser
    values.
    """
    coarse = _rule(f, cells)
    whole, nodes = float(np.abs(coarse).sum()), 16 * len(coarse)
    done: list[float] = []
    errors: list[float] = []
    for depth in range(_DEPTH):
        half = 0.5 * cells.widths
        halves = Panels(
            np.repeat(cells.centres, 2),
            np.stack([cells.starts, cells.starts + half], axis=1).ravel(),
            np.repeat(half, 2),
        )
        fine = _rule(f, halves).reshape(-1, 2)
        nodes += 16 * fine.size
        value = fine.sum(axis=1)
        difference = np.abs(value - coarse)
        if np.isnan(difference).any():
            raise ArithmeticError("the integrand is not a number somewhere; bring the mixture to a scale near 1")
        floor = max(16 * _EPS * (whole + math.sqrt(whole)), 0.01 * tolerance * whole)
        good = (difference <= tolerance * np.abs(value)) | (difference <= floor)
        if depth == _DEPTH - 1 or len(good) > _MOST:
            good[:] = True
        done += value[good].tolist()
        errors += difference[good].tolist()
        if good.all():
            break
        again = np.repeat(~good, 2)
        cells = Panels(*(x[again] for x in halves))
        coarse = fine[~good].ravel()
    return math.fsum(done), math.fsum(errors), nodes
