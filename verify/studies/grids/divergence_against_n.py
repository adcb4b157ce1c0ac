"""The divergence along training against n: medians, fitted exponents with their intervals, a figure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from verify.studies.drawing import Figure, figure, style
from verify.studies.files import Numbers
from verify.studies.grids.fits import Columns, Summary, by_size, exponent, levels, numbers_of
from verify.studies.summaries import median_interval

STOPS = {
    "best": "at the best time",
    "capacity": "where T1:capacity's bound is least",
    "power": "at τ = $n^{2/5}$",
    "end": "at the last time, τ = 10⁶",
}
"""Column, and where on the training path it is taken."""
RATES = {"n^(-2/5)": -0.4, "n^(-1/2)": -0.5}
"""Exponents that the paper and its repair have, for the divergence beyond what no training lowers."""


def against_n(columns: Columns) -> Summary:
    """Medians over the replicas for each n, and the exponents of the distance from the population's least divergence.

    The flows lower the loss, not the divergence: that of n data may lie on either side of the population's.
    """
    sizes = levels(columns, "n")
    limit = float(numbers_of(columns, "limit")[0])
    values = {name: by_size(columns, name, "n") for name in STOPS}
    bound = by_size(columns, "capacity_bound", "n")
    numbers: Numbers = {
        "limit": limit,
        "n": sizes.tolist(),
        "bound": bound[0].tolist(),
        "capacity_tau": by_size(columns, "capacity_tau", "n")[0].tolist(),
        "best_tau": np.median(by_size(columns, "best_tau", "n"), axis=0).tolist(),
    }
    for name, found in values.items():
        low, middle, high = median_interval(found)
        slope, interval = exponent(sizes, found - limit)
        numbers[name] = {
            "median": middle.tolist(),
            "interval": [low.tolist(), high.tolist()],
            "exponent": slope,
            "exponent interval": list(interval),
            "interval holds": [rate for rate, value in RATES.items() if interval[0] <= value <= interval[1]],
        }
    return Summary(figure=_drawn(sizes, limit, values, bound[0]), numbers=numbers)


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
