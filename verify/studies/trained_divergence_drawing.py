"""The divergence along training against n: medians, fitted exponents with their intervals, a figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from verify.studies.drawing import Figure, figure, style
from verify.studies.files import Numbers
from verify.studies.summaries import LEVEL, median_interval

STOPS = {
    "best": "at the best time",
    "capacity": "where T1:capacity's bound is least",
    "power": "at τ = $n^{2/5}$",
    "end": "at the last time, τ = 10⁶",
}
"""Column, and where on the training path it is taken."""
_RESAMPLES = 2000


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A figure, and the numbers behind it."""

    figure: Figure
    numbers: Numbers


def against_n(columns: Mapping[str, list[object]]) -> Summary:
    """Medians over the replicas for each n, and the exponents of the distance from the population's least divergence.

    The flows lower the loss, not the divergence: that of n data may lie on either side of the population's.
    """
    count = np.array(columns["n"], dtype=float)
    sizes = np.unique(count)
    limit = float(np.array(columns["limit"], dtype=float)[0])
    values = {name: _by_size(count, sizes, np.array(columns[name], dtype=float)) for name in STOPS}
    bound = _by_size(count, sizes, np.array(columns["capacity_bound"], dtype=float))
    numbers: Numbers = {
        "limit": limit,
        "n": sizes.tolist(),
        "bound": bound[0].tolist(),
        "capacity_tau": _by_size(count, sizes, np.array(columns["capacity_tau"], dtype=float))[0].tolist(),
        "best_tau": np.median(_by_size(count, sizes, np.array(columns["best_tau"], dtype=float)), axis=0).tolist(),
    }
    for name, found in values.items():
        low, middle, high = median_interval(found)
        slope, interval = exponent(sizes, found - limit)
        numbers[name] = {
            "median": middle.tolist(),
            "interval": [low.tolist(), high.tolist()],
            "exponent": slope,
            "exponent interval": list(interval),
        }
    return Summary(figure=_drawn(sizes, limit, values, bound[0]), numbers=numbers)


def exponent(sizes: np.ndarray, distance: np.ndarray) -> tuple[float, tuple[float, float]]:
    """The slope of log(root mean square of a distance) against log(n), and its interval by resampling replicas.

    sizes: (k,); distance: (replicas, k), of either sign. The level is `verify.studies.summaries.LEVEL`.
    """
    rng = np.random.default_rng(0)
    picks = rng.integers(len(distance), size=(_RESAMPLES, *distance.shape))
    squares = np.take_along_axis(distance[None] ** 2, picks, axis=1).mean(axis=1)
    slopes = _slope(np.log(sizes), np.log(squares) / 2)
    own = _slope(np.log(sizes), np.log((distance**2).mean(axis=0)) / 2)
    low, high = np.quantile(slopes, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(own), (float(low), float(high))


def _slope(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    centred = x - x.mean()
    return (y * centred).sum(axis=-1) / (centred**2).sum()


def _by_size(count: np.ndarray, sizes: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The values as (replicas, sizes)."""
    return np.stack([values[count == size] for size in sizes], axis=1)


def _drawn(sizes: np.ndarray, limit: float, values: Mapping[str, np.ndarray], bound: np.ndarray) -> Figure:
    made = figure(6.4, 4.2)
    axes = made.subplots()
    for k, (name, found) in enumerate(values.items()):
        low, middle, high = median_interval(found)
        axes.plot(sizes, middle, label=STOPS[name], **style(k + 1))
        axes.fill_between(sizes, low, high, color="0.85", linewidth=0)
    axes.plot(sizes, bound, label="T1:capacity's bound at its own time", color="0.5", linewidth=3)
    axes.axhline(limit, color="black", linewidth=0.8, linestyle=":", label="least along the population's flow, n = ∞")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("n")
    axes.set_ylabel("KL(p₀ ‖ generated), median of replicas")
    axes.legend(frameon=False, fontsize=8)
    axes.grid(visible=True, alpha=0.3)
    return made
