"""The law at the end of the reverse SDE of a learned score, on the line, by its Fokker–Planck equation."""

import math
from itertools import pairwise
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import CubicSpline

from numerics import checks
from numerics.checks.aliases import FloatArray
from numerics.densities.density import Density
from numerics.densities.score_density import log_tail_integral
from numerics.kernels.fokker_planck import implicit_step
from numerics.reverse.process import Dynamics, ProcessOrScore, ReverseKeywords, ReverseProcess

_DEPTH = 27.0  # log p is extrapolated where p is below e^{-27} = 2e-12 of its maximum
_BULK = 6.0  # where p is above e^{-6} of its maximum, it must be resolved
_LEVELS = 3
_GROWTHS = 60
_PILOT = (400, 100)  # cells and steps of the runs that choose the interval
_MOST = 10**9  # cells times steps at the finest level


class NoDecayError(ArithmeticError):
    """Raised where a density is flat, or rises, towards the ends of its grid."""


class CoarseGridError(ArithmeticError):
    """Raised where a density is too narrow for the cells of its grid: more cells resolve it."""


class GridDensity(Density):
    """exp of a cubic spline through log p at equidistant nodes (n,), continued quadratically, with mass 1."""

    def __init__(self, nodes: FloatArray, logs: FloatArray, error: float = 0.0, coarse: Density | None = None):
        trusted = np.flatnonzero(logs >= logs.max() - _DEPTH)
        first, last = int(trusted[0]), int(trusted[-1]) + 1
        self._x = nodes[first:last]
        if len(self._x) < 8:
            raise CoarseGridError(f"the density fills {len(self._x)} cells of the grid only; pass more cells")
        self._spline = CubicSpline(self._x, logs[first:last] - logs.max())
        self._ends = [tuple(float(self._spline(self._x[k], n)) for n in range(3)) for k in (0, -1)]
        (_, left, _), (_, right, _) = self._ends
        if left <= 0.0 or right >= 0.0:
            raise NoDecayError("the density does not decay towards the ends of the grid; pass a smaller tail_mass")
        nodes_5, weights_5 = np.polynomial.legendre.leggauss(5)
        half = 0.5 * np.diff(self._x)
        inner = (0.5 * (self._x[1:] + self._x[:-1]))[:, None] + half[:, None] * nodes_5
        mass = math.fsum((np.exp(self._spline(inner)) @ weights_5) * half)
        for (h, s, a), sign in zip(self._ends, (-1.0, 1.0), strict=True):
            mass += math.exp(log_tail_integral(h, sign * s, min(a, 0.0)))
        self._log_total = math.log(mass)
        self.error, self.coarse, self.largest_log = error, coarse, abs(self._log_total)

    @property
    def support(self) -> tuple[float, float]:
        """Where the continued log-density is above -80, and 100 widths of the grid at most."""
        low, high = float(self._x[0]), float(self._x[-1])
        reach = []
        for h, s, a in self._ends:
            drop = h + 80.0
            reach.append(2.0 * drop / (abs(s) + math.sqrt(s * s + 2.0 * max(-a, 0.0) * drop)))
        return low - reach[0], high + reach[1]

    @property
    def knots(self) -> FloatArray:
        """Every eighth node: the spline is smooth to quadrature between them."""
        return np.append(self._x[:-1:8], self._x[-1])

    def _log_pdf(self, x: FloatArray) -> FloatArray:
        value = self._spline(np.clip(x, self._x[0], self._x[-1]))
        for k, (_, s, a), sign in zip((0, -1), self._ends, (-1.0, 1.0), strict=True):
            u = np.maximum(sign * (x - self._x[k]), 0.0)
            value += u * (sign * s + 0.5 * min(a, 0.0) * u)
        return value - self._log_total


class SDEDensity(GridDensity):
    """The extrapolated density of the reverse SDE.

    ``error``: estimated ∫|p − exact|. ``mass_outside``: what left the grid.
    ``levels``: the log-densities before extrapolation at the nodes of the coarsest grid, (levels, n); ``nodes``: those,
    (n,).
    """

    def __init__(self, grids: list[FloatArray], levels: list[FloatArray], mass_outside: float, *, kinks: bool):
        self.nodes, self.mass_outside = grids[0], mass_outside
        self.levels = np.array([level[:: 2**k] for k, level in enumerate(levels)])
        bulk = levels[2] >= levels[2].max() - _BULK
        bend = float(np.abs(np.diff(levels[2], 2))[bulk[1:-1]].max(initial=0.0))
        if bend > 1.0:  # for a Gaussian: a cell of the finest grid is wider than its standard deviation
            raise CoarseGridError(
                f"the density bends by {bend:.3g} within two cells of the finest grid; pass more cells: about "
                f"{math.ceil(math.sqrt(2.0 * bend)) * (len(grids[0]) - 1)} or more"
            )
        rough = levels[1] + _correction(grids[:2], levels[:2], 3.0)
        best = levels[2] + _correction(grids[1:], levels[1:], 3.0)
        if not kinks:  # the next term of the error's expansion is there only if the score is smooth
            best = best + _correction(grids[1:], [rough, best], 15.0)
        coarse = GridDensity(grids[1], rough)
        super().__init__(grids[2], best, 0.0, coarse)
        x = grids[2]
        gap = np.abs(np.exp(self._log_pdf(x)) - np.exp(coarse._log_pdf(x)))
        self.error = float(np.trapezoid(gap, x)) + mass_outside
        self.mass_error = mass_outside


def _correction(grids: list[FloatArray], levels: list[FloatArray], divisor: float) -> FloatArray:
    """Richardson's correction of the finer of two log-densities, at its nodes; p stays positive.

    It is interpolated from the coarser nodes. Corrections above ½ are cut: that far down the tail there is no order.
    """
    gap = np.clip((levels[1][::2] - levels[0]) / divisor, -0.5, 0.5)
    return np.clip(CubicSpline(grids[0], gap)(grids[1]), -0.5, 0.5)


def _mean_score(law: Dynamics, x: FloatArray, t: float) -> FloatArray:
    """The mean of s(·, t) between neighbouring nodes: exact for a network, by Simpson's rule for a callable.

    Exact means keep the equilibrium exactly, and leave an error of h³ where a kink falls between two nodes.
    """
    if law.kinks is None:
        s = law.score(np.append(x, 0.5 * (x[1:] + x[:-1]))[:, None], t)[:, 0]
        ends, middle = s[: len(x)], s[len(x) :]
        return (ends[:-1] + 4.0 * middle + ends[1:]) / 6.0
    s = law.score(x[:, None], t)[:, 0]
    mean = 0.5 * (s[:-1] + s[1:])
    knots, jumps = law.kinks(t)  # the trapezium exceeds the mean by jump (β − x)(y − β)/(2h) for each kink β
    inside = (knots > x[0]) & (knots < x[-1])
    knots = knots[inside]
    cell = np.clip(np.searchsorted(x, knots) - 1, 0, len(mean) - 1)
    left, right = knots - x[cell], x[cell + 1] - knots
    return mean - np.bincount(cell, 0.5 * jumps[inside] * left * right / (x[cell + 1] - x[cell]), len(mean))


def _run(
    law: Dynamics, low: float, high: float, cells: int, steps: int, *, absorbing: bool
) -> tuple[FloatArray, FloatArray]:
    """The density at the nodes (cells + 1,) at the time `start`, and the masses that left at either end."""
    x, h = np.linspace(low, high, cells + 1), (high - low) / cells
    z = x / law.prior_std
    p = np.exp(-0.5 * z * z)
    with np.errstate(invalid="ignore"):  # no node is where the prior is: NaN, which is told below
        p /= h * (p.sum() - 0.5 * (p[0] + p[-1]))
    # steps that shorten quadratically towards the start, where the score changes fastest
    times = law.start + (law.horizon - law.start) * np.linspace(1.0, 0.0, steps + 1) ** 2
    middles = 0.5 * (times[:-1] + times[1:])
    if law.network is not None:
        law.network.foresee(middles)
    lost, scratch = np.zeros(2), np.empty((2, cells + 1))
    for t, (before, after) in zip(middles.tolist(), pairwise(times.tolist()), strict=True):
        square = law.diffusion(t) ** 2
        mean = square * _mean_score(law, x, t)
        mean -= (0.5 * law.drift(t)) * (x[:-1] + x[1:])
        lost += implicit_step(p, mean, 0.5 * square, h, before - after, absorbing, scratch[0], scratch[1])
    if not np.isfinite(p).all():
        raise ArithmeticError("the reverse Fokker–Planck equation overflowed: the score is too steep for the grid")
    return p, lost


def _interval(law: Dynamics, tail_mass: float) -> tuple[float, float, float]:
    """An interval that paths of the reverse SDE leave with probability at most ``tail_mass``, and that probability."""
    low, high, lost = -7.0 * law.prior_std, 7.0 * law.prior_std, np.ones(2)
    for _ in range(_GROWTHS):
        _, lost = _run(law, low, high, *_PILOT, absorbing=True)
        if lost.sum() <= tail_mass:
            return low, high, float(lost.sum())
        step = 0.25 * (high - low)
        low -= step * bool(lost[0] > 0.5 * tail_mass)
        high += step * bool(lost[1] > 0.5 * tail_mass)
        if max(-low, high) > 1e9 * law.prior_std:
            break
    raise ArithmeticError(
        f"score lets mass escape beyond [{low:g}, {high:g}]: {lost.sum():.3g} leaves it; pass a larger tail_mass, or "
        "report the SDE-density as unbounded"
    )


def _log(p: FloatArray) -> FloatArray:
    return np.log(np.maximum(p, 1e-300))


def _opened(law: Dynamics, low: float, high: float, cells: int, steps: int) -> tuple[float, float, int, FloatArray]:
    """The interval widened, with cells of the same width, until no end reflects, its cells, and log p at its nodes.

    Nothing leaves at the ends: what a score does not hold back is thrown back there. Then log p is flatter at the end
    than further inside, where that is deep enough to matter.
    """
    for _ in range(_GROWTHS):
        logs = _log(_run(law, low, high, cells, steps, absorbing=False)[0])
        flat = [_reflects(side) for side in (logs[::-1], logs)]
        if not any(flat):
            return low, high, cells, logs
        more = max(1, cells // 8)
        step = more * (high - low) / cells
        low, high, cells = low - step * flat[0], high + step * flat[1], cells + more * sum(flat)
        if cells * steps * 8 ** (_LEVELS - 1) > _MOST:
            break
    raise ArithmeticError(
        f"score does not hold the density back: it is above {math.exp(-_DEPTH):.0e} of its maximum at the ends of "
        f"[{low:g}, {high:g}]; pass fewer cells or steps, or report the SDE-density as unbounded"
    )


def _reflects(logs: FloatArray) -> bool:
    """Whether log p is flatter at its last node than an eighth of its nodes above 2⁻³⁹ further inside."""
    depth = logs.max() - logs
    if depth[-1] >= _DEPTH:
        return False
    step = max(1, int(np.count_nonzero(depth < _DEPTH)) // 8)
    if len(logs) < 2 * step + 2:
        return False
    inside = (logs[-1 - step] - logs[-1 - 2 * step]) / step
    return bool(logs[-1] - logs[-2] > 0.5 * min(inside, 0.0) - 1e-12)


def sde_density(
    score: ProcessOrScore,
    parameters: ArrayLike | None = None,
    *,
    cells: int = 256,
    steps: int = 64,
    tail_mass: float = 1e-9,
    **process: Unpack[ReverseKeywords],
) -> SDEDensity:
    """The law at time ``start`` of dx = (f x − g² s(x, t)) dt + g dW̄ run back from N(0, prior_std²) at ``horizon``.

    Its Fokker–Planck equation is solved by exponentially fitted finite volumes and implicit Euler steps (positive,
    conservative; errors of order h² and Δt) on three grids with h, h/2, h/4 and Δt, Δt/4, Δt/16, and log p is
    extrapolated: twice for a callable (order h⁶ if it is smooth), once for a network (its kinks leave order h³).

    ``score``: a `ReverseProcess` of one variable; or RandomFeatures with dim 1 and ``parameters`` Θ (1, m), or a
    callable (x (k,), t) -> (k,), and the other fields of a process as keywords: drift, diffusion, horizon, prior_std,
    start=0. ``cells``, ``steps``: of the coarsest grid, from 16 and 4; at most 1e9 cell-steps on the finest.
    ``tail_mass``: probability with which paths may leave the interval, which is widened until pilot runs with absorbing
    ends confirm it.

    The ends are moved out where the score does not hold the density back, so that nothing is reflected.

    Returns a density with .error (estimated L¹ error), .mass_outside, .nodes, .levels; .error and the error of
    `kl_divergence` are differences from the extrapolation of the two coarser grids, hence on the safe side. ValueError
    or TypeError for bad arguments, ArithmeticError when mass escapes or a cell of the
    finest grid is wider than what the density has there. Source: LLZB eq. (3).
    """
    law = ReverseProcess.of(score, parameters, process).in_dimension(1, flat=True)
    N, n = checks.integer("cells", cells, minimum=16), checks.integer("steps", steps, minimum=4)
    tail = checks.real("tail_mass", tail_mass, minimum=1e-14, below=0.1)
    if (work := N * n * 8 ** (_LEVELS - 1)) > _MOST:
        checks.refuse(
            "cells", f"times steps be at most {_MOST // 8 ** (_LEVELS - 1)}", N * n, f"reduce it by {work / _MOST:.1f}"
        )
    low, high, lost = _interval(law, tail)
    low, high, N, first = _opened(law, low, high, N, n)
    for wider in (N // 8, N // 4, 0):
        grids, levels = [np.linspace(low, high, N + 1)], [first]
        for k in range(1, _LEVELS):
            p, _ = _run(law, low, high, N * 2**k, n * 4**k, absorbing=False)
            grids.append(np.linspace(low, high, N * 2**k + 1))
            levels.append(_log(p))
        try:
            return SDEDensity(grids, levels, lost, kinks=law.kinks is not None)
        except NoDecayError:  # the ends of finer grids may reflect where the coarse ones did not show it
            if not wider:
                raise
        step = wider * (high - low) / N
        low, high, N, first = _opened(law, low - step, high + step, N + 2 * wider, n)
    raise AssertionError  # the last round returns or raises
