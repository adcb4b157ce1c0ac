"""The divergence along training against m: medians for each n, fitted exponents with their intervals, a figure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from verify.studies.drawing import Figure, figure, style
from verify.studies.files import Numbers
from verify.studies.grids.divergence_against_n import STOPS
from verify.studies.grids.fits import Columns, Summary, by_size, exponent, levels, spread, table_of, told

_POPULATION = {"limit": "least along the population's flow, n = ∞", "loss": "the population's least loss"}
Curves = Mapping[str, np.ndarray]
"""By name (replicas, widths)."""


def against_m(columns: Columns) -> Summary:
    """Medians over the replicas for each m and n, and the exponents of divergences and of the least loss in m."""
    widths = levels(columns, "width")
    features = widths + 3  # x, −x and e^{−t} besides those that are drawn
    counts = levels(columns, "n")
    numbers: Numbers = {"features": features.tolist(), "n": counts.tolist()}
    curves: dict[str, Curves] = {}
    for count in counts:
        found = {name: by_size(columns, name, "width", n=float(count)) for name in (*STOPS, "capacity_bound")}
        curves[f"{count:g}"] = found
        numbers[f"n = {count:g}"] = {name: _summed(features, values) for name, values in found.items()} | {
            name: np.median(by_size(columns, name, "width", n=float(count)), axis=0).tolist()
            for name in ("best_tau", "capacity_tau", "result.error")
        }
    whole = {name: np.stack([table_of(columns, name, width=float(m)) for m in widths], axis=1) for name in _POPULATION}
    numbers["population"] = {name: _summed(features, values) for name, values in whole.items()}
    return Summary(figure=_drawn(features, curves, whole), numbers=numbers)


def _summed(features: np.ndarray, values: np.ndarray) -> Numbers:
    return {**spread(values), **told(*exponent(features, values))}


def _drawn(features: np.ndarray, curves: Mapping[str, Curves], whole: Curves) -> Figure:
    made = figure(3.6 * len(curves), 4.4)
    panels = np.atleast_1d(made.subplots(1, len(curves), sharey=True))
    for axes, (count, found) in zip(panels, curves.items(), strict=True):
        for k, (name, label) in enumerate(STOPS.items()):
            values = found[name]
            axes.plot(features, np.median(values, axis=0), label=label, **style(k + 1))
            axes.fill_between(features, values.min(axis=0), values.max(axis=0), color="0.88", linewidth=0)
        bound = np.median(found["capacity_bound"], axis=0)
        axes.plot(features, bound, label="T1:capacity's bound at its own time", color="0.5", linewidth=3)
        for line, (name, label) in zip((":", "--"), _POPULATION.items(), strict=True):
            axes.plot(features, np.median(whole[name], axis=0), label=label, color="black", linewidth=0.8, ls=line)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_title(f"n = {count}", fontsize=10)
        axes.set_xlabel("features m")
        axes.grid(visible=True, which="both", alpha=0.3)
    panels[0].set_ylabel("KL(p₀ ‖ generated), median of replicas")
    handles, names = panels[0].get_legend_handles_labels()
    made.legend(handles, names, loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    return made
