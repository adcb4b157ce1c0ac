"""Integrals over the plane against p̂_t: the trapezoidal rule on a square grid, spectrally accurate for Gaussians."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from numerics.checks.aliases import FloatArray, IntArray
from numerics.kernels import mixture_densities

_REACH = 7.0  # standard deviations around each datum: the mass beyond is e^{−24.5}
_STEP = 0.5  # standard deviations between first neighbours
_MOST = 1 << 26  # pairs of points and data of one grid: beyond, the error says what is left
_MOST_DATA = 400
_BOX = 1 << 24  # cells of a rectangle that are marked one by one
_WIDEST = 1e4  # standard deviations: squares of distances lose 16 digits less twice the logarithm of that


class Grid(NamedTuple):
    """Points x (N, 2) of a grid, p̂ there (N,), and of the posterior of the data given x: KL from uniform, (N,).

    ``shift`` (N, 2): its mean of r x_j − x, and ``spread`` (N,): its Σ_j w_j ‖r x_j − mean‖².
    """

    x: FloatArray
    density: FloatArray
    divergence: FloatArray
    shift: FloatArray
    spread: FloatArray


def fits_grid(points: FloatArray, r: float, s: float) -> bool:
    """Whether data are few, in the plane, and not too far apart for the noise."""
    n, d = points.shape
    return d == 2 and n <= _MOST_DATA and r * float(np.ptp(points, axis=0).max()) <= _WIDEST * s


def plane_integrals(
    points: FloatArray, r: float, s: float, function: Callable[[Grid], FloatArray], tolerance: float
) -> tuple[FloatArray, FloatArray, int]:
    """∫ p̂(x) f(x) dx for f ≥ 0 with values (N, m): the integrals (m,), their errors (m,), and the points used.

    The error is the largest difference from the three grids of half as many points: every other row, every other
    column, the black squares of a chessboard. Half of every frequency that the grid takes for 0 is taken for 0 by one
    of the three. Where it exceeds ``tolerance`` of the integral the step is divided by √2.
    """
    step, used = _STEP * s, 0
    while True:
        grid, cells = _grid(points, r, s, step)
        values = grid.density[:, None] * function(grid)
        fine = values.sum(axis=0) * step**2
        halves = ((cells[:, 0] & 1) == 0, (cells[:, 1] & 1) == 0, (cells.sum(axis=1) & 1) == 0)
        coarse = np.stack([2.0 * step**2 * values[half].sum(axis=0) for half in halves])
        error = np.abs(coarse - fine).max(axis=0)
        used += len(cells)
        if (error <= tolerance * fine + 1e-15).all() or 2 * len(cells) * len(points) > _MOST:
            return fine, error + math.exp(-0.5 * _REACH**2) * fine, used
        step /= math.sqrt(2.0)


def _grid(points: FloatArray, r: float, s: float, step: float) -> tuple[Grid, IntArray]:
    """The grid's points within reach of some datum, and their two numbers, (N, 2)."""
    centre = r * points.mean(axis=0)
    places = np.ascontiguousarray(r * points - centre)
    near = np.rint(places / step).astype(np.int64)
    k = math.ceil(_REACH * s / step) + 1
    offsets = np.stack(np.meshgrid(np.arange(-k, k + 1), np.arange(-k, k + 1)), axis=-1).reshape(-1, 2)
    offsets = offsets[(offsets**2).sum(axis=1) <= k * k]
    low = near.min(axis=0) - k
    height, width = (int(size) for size in near.max(axis=0) + k - low + 1)
    keys = (((near - low) @ [width, 1])[:, None] + offsets @ [width, 1]).reshape(-1)
    if height * width <= _BOX:
        marked = np.zeros(height * width, dtype=bool)
        marked[keys] = True
        keys = np.flatnonzero(marked)
    else:
        keys = np.unique(keys)
    cells = np.stack(np.divmod(keys, width), axis=1) + low
    x = cells * step
    N = len(x)
    density, divergence, shift, spread = np.empty(N), np.empty(N), np.empty((N, 2)), np.empty(N)
    mixture_densities.plane_posteriors(x, places, s * s, density, divergence, shift, spread)
    return Grid(x + centre, density, divergence, shift, spread), cells
