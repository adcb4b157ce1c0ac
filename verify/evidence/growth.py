"""Laws of growth: what a sequence of measured constants along a parameter looks like, and where it tends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import scipy

from verify.evidence.verdict import Law

FLAT = 1e-5
"""A relative growth from end to end below this is none: measured constants carry about seven digits."""
FITS = 0.02
"""A law fits when it misses no constant of the second half by more than this part of it."""
SLOW = 0.2
"""Exponents p of a + b·x^p within this of 0 are slow: no limit is told from a fit, save by a logarithm that fits."""
_SMALL = 1e-6
_LEAST = 0.02
"""The least exponent of a power by itself."""


def grows(constants: Sequence[float]) -> bool:
    """Whether positive constants grow at every step, and by more than their own error in all."""
    if len(constants) < 3 or not all(math.isfinite(value) and value > 0 for value in constants):
        return False
    return all(a < b for a, b in pairwise(constants)) and constants[-1] > (1 + FLAT) * constants[0]


def fitted_law(parameter: str, values: Sequence[float], constants: Sequence[float]) -> Law | None:
    """The law that fits the last half of a growth best (four constants at least); None where none comes within `FITS`.

    Powers b·x^p, logarithms a + b·log x and their roots (Gaussian maxima grow so), and a + b·x^p: bounded by a where
    p < 0.
    """
    tail = max(4, (len(constants) + 1) // 2)
    if len(constants) < 4:
        return None
    x, y = np.log(np.array(values[-tail:], dtype=float)), np.array(constants[-tail:], dtype=float)
    if y[-1] <= (1 + FLAT) * y[0]:
        text = f"a constant from {parameter} = {values[-tail]:.3g} on"
        return Law(kind="bounded", text=text, limit=float(y[-1]), error=float(1 - y[0] / y[-1]))
    parameter = parameter if parameter.isidentifier() else f"({parameter})"
    found = [_power(parameter, x, y), _logarithm(parameter, x, y), _root(parameter, x, y), _shifted(parameter, x, y)]
    fitting = [law for law in found if law.error <= FITS]
    return min(fitting, key=lambda law: max(law.error, 1e-6), default=None)


def _line(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[float, float, float]:
    """Least squares y ≈ a + b·x, relative to the weights: (a, b, largest relative residual)."""
    design = np.stack([np.ones_like(x), x], axis=1) / weight[:, None]
    a, b = np.linalg.lstsq(design, y / weight, rcond=None)[0]
    return float(a), float(b), float(np.max(np.abs(a + b * x - y) / weight))


def _power(parameter: str, x: np.ndarray, y: np.ndarray) -> Law:
    _, slope, error = _line(x, np.log(y), np.ones_like(y))
    error = math.expm1(min(error, 700.0)) if slope > _LEAST else math.inf
    return Law(kind="power", text=f"{parameter}^{slope:.2f}", limit=math.inf, error=error)


def _logarithm(parameter: str, x: np.ndarray, y: np.ndarray) -> Law:
    a, b, error = _line(x, y, y)
    return Law(kind="logarithm", text=_sum(b, parameter, a), limit=math.inf, error=error)


def _root(parameter: str, x: np.ndarray, y: np.ndarray) -> Law:
    size = y.max()  # squared, it might overflow
    a, b, error = _line(x, (y / size) ** 2, (y / size) ** 2) if y[0] > _SMALL * size else (0.0, 0.0, math.inf)
    text = f"√({_sum(b * size**2, parameter, a * size**2)})" if math.isfinite(error) else ""
    return Law(kind="root of a logarithm", text=text, limit=math.inf, error=error / 2)


def _sum(rate: float, parameter: str, constant: float) -> str:
    return f"{rate:.3g}·log {parameter} {'+' if constant >= 0 else '−'} {abs(constant):.3g}"


def _shifted(parameter: str, x: np.ndarray, y: np.ndarray) -> Law:
    middle = x.mean()  # exponents act on x over its geometric mean, so that the columns stay of one size

    def fit(p: float) -> tuple[float, float, float]:
        return _line(np.expm1(p * (x - middle)) / p if p else x - middle, y, y)

    steepest = min(6.0, 600 / max(float(x[-1] - x[0]), 1.0))
    grid = np.linspace(-steepest, steepest, 121)
    start, width = float(min(grid, key=lambda p: fit(p)[2])), float(grid[1] - grid[0])
    ends = (start - width, start + width)
    p = float(scipy.optimize.minimize_scalar(lambda p: fit(p)[2], bounds=ends, method="bounded").x)
    level, rate, error = fit(p)
    if p > SLOW:
        return Law(kind="power", text=f"a + b·{parameter}^{p:.2f}", limit=math.inf, error=error)
    if p > -SLOW:
        return Law(kind="slow", text=f"a + b·{parameter}^{p:.2f}, which tells no limit", limit=math.nan, error=error)
    limit = level - rate / p
    return Law(kind="bounded", text=f"{limit:.4g} − c·{parameter}^{p:.2f}", limit=limit, error=error)
