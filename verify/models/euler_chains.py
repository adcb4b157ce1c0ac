"""The law of a simulated sampler on the line: the Euler–Maruyama chain of the reverse OU process, on a grid.

One step is x − h (−x − 2 s(x, t)) + √(2h) Z: the density is multiplied by a matrix of normal densities, and the
trapezoidal rule on a uniform grid is spectrally accurate where the step's noise spans two cells or more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

Field = Callable[[np.ndarray, float], np.ndarray]
_NOISE_CELLS = 1.5


def line_grid(half_width: float, cells: int) -> np.ndarray:
    """A uniform grid (cells + 1,) of [−half_width, half_width]."""
    return np.linspace(-half_width, half_width, cells + 1)


def step_matrix(score: Field, x: np.ndarray, time: float, h: float) -> np.ndarray:
    """What one Euler step from ``time`` makes of a density on the grid: (N, N). ValueError for too short a step."""
    std, width = math.sqrt(2.0 * h), float(x[1] - x[0])
    if std < _NOISE_CELLS * width:
        raise ValueError(
            f"h must be at least {0.5 * (_NOISE_CELLS * width) ** 2:.3g} on this grid; got {h:g}; refine it"
        )
    means = x + h * (x + 2.0 * score(x[:, None], time)[:, 0])
    z = (x[:, None] - means) / std
    return np.exp(-0.5 * z * z) * (width / (std * math.sqrt(2.0 * math.pi)))


def normal_density(x: np.ndarray) -> np.ndarray:
    """The density of π = N(0, 1) on the grid."""
    return np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)


def chain_densities(
    score: Field, x: np.ndarray, *, start: float, step: float, counts: Sequence[int]
) -> list[np.ndarray]:
    """Densities at ``start`` of chains of equal steps from π at start + count · step, for increasing counts."""
    waiting, running = list(counts), np.zeros((len(x), 0))
    order: list[int] = []
    for k in range(waiting[-1], 0, -1):
        if k == waiting[-1]:
            running = np.column_stack([running, normal_density(x)])
            order.append(waiting.pop())
            waiting = waiting or [-1]
        running = step_matrix(score, x, start + k * step, step) @ running
    found = dict(zip(order, running.T, strict=True))
    return [found[count] for count in counts]


def grid_divergence(x: np.ndarray, p: np.ndarray, q: np.ndarray) -> float:
    """KL(p‖q) of densities on the grid, q divided by its mass there; ArithmeticError where that mass left the grid."""
    width = float(x[1] - x[0])
    mass = width * float(q.sum())
    if abs(mass - 1.0) > 1e-3:
        raise ArithmeticError(f"the chain left the grid: mass {mass:.4g}; widen it")
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0.0, p * (np.log(p) - np.log(q)) + q - p, 0.0)
    return width * float(terms.sum())
