"""The divergence along training against m: medians for each law and n, exponents with their intervals, a figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from verify.studies.drawing import Axes, Figure, figure, style
from verify.studies.files import Numbers
from verify.studies.grids.divergence_against_n import STOPS
from verify.studies.grids.fits import Columns, Summary, by_size, exponent, levels, only, spread, table_of, told

RATES = {"m^(-4/5)": -0.8, "m^(-1)": -1.0}
"""Exponents that the paper's rate has, and the width's part of CAP:rates (Lemma 6)."""
_POPULATION = {"limit": "least along the population's flow, n = ∞", "loss": "the population's least loss"}
_TRAINED = "loss at the best time for it"


@dataclass(frozen=True, kw_only=True)
class _Law:
    """What the cells of one data law found: by number of data and of the population, by name (replicas, widths)."""

    features: np.ndarray
    curves: Mapping[str, Mapping[str, np.ndarray]]
    population: Mapping[str, np.ndarray]
    times: Numbers


def against_m(columns: Columns) -> Summary:
    """Medians over the replicas for each law, m and n, and the exponents of divergences and losses in m."""
    laws = {name: _law(only(columns, "law", name)) for name in dict.fromkeys(map(str, columns["law"]))}
    return Summary(figure=_drawn(laws), numbers={name: _summed(law) for name, law in laws.items()})


def _law(columns: Columns) -> _Law:
    widths, counts = levels(columns, "width"), levels(columns, "n")
    curves, times = {}, {}
    for count in counts:
        found = {name: by_size(columns, name, "width", n=float(count)) for name in (*STOPS, "capacity_bound")}
        trained = [by_size(columns, name, "width", n=float(count)) for name in ("loss", "best_excess")]
        curves[f"{count:g}"] = {**found, _TRAINED: trained[0] + trained[1]}
        times[f"n = {count:g}"] = {
            name: np.median(by_size(columns, name, "width", n=float(count)), axis=0).tolist()
            for name in ("best_tau", "best_excess_tau", "capacity_tau", "result.error")
        }
    return _Law(
        features=widths + 3,  # x, −x and e^{−t} besides those that are drawn
        curves=curves,
        population={
            name: np.stack([table_of(columns, name, width=float(m)) for m in widths], axis=1) for name in _POPULATION
        },
        times=times,
    )


def _summed(law: _Law) -> Numbers:
    numbers: Numbers = {"features": law.features.tolist()}
    for count, found in law.curves.items():
        place = f"n = {count}"
        numbers[place] = {name: _told(law.features, values) for name, values in found.items()} | law.times[place]
    numbers["population"] = {name: _told(law.features, values) for name, values in law.population.items()}
    return numbers


def _told(features: np.ndarray, values: np.ndarray) -> Numbers:
    slope, (low, high) = exponent(features, values)
    held = [name for name, value in RATES.items() if low <= value <= high]
    return {**spread(values), **told(slope, (low, high)), "interval holds": held}


def _drawn(laws: Mapping[str, _Law]) -> Figure:
    most = max(len(law.curves) for law in laws.values())
    made = figure(3.6 * most, 0.6 + 3.8 * len(laws))
    panels = made.subplots(len(laws), most, sharex=True, sharey="row", squeeze=False)
    for row, (name, law) in zip(panels, laws.items(), strict=True):
        for axes, (count, found) in zip(row, law.curves.items(), strict=True):
            _panel(axes, law, found)
            axes.set_title(f"{name}, n = {count}", fontsize=10)
        row[0].set_ylabel("KL(p₀ ‖ generated), median of replicas")
    for axes in panels[-1]:
        axes.set_xlabel("features m")
    handles, names = panels[0, 0].get_legend_handles_labels()
    made.legend(handles, names, loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    return made


def _panel(axes: Axes, law: _Law, found: Mapping[str, np.ndarray]) -> None:
    for k, (name, label) in enumerate(STOPS.items()):
        values = found[name]
        axes.plot(law.features, np.median(values, axis=0), label=label, **style(k + 1))
        axes.fill_between(law.features, values.min(axis=0), values.max(axis=0), color="0.88", linewidth=0)
    bound = np.median(found["capacity_bound"], axis=0)
    axes.plot(law.features, bound, label="T1:capacity's bound at its own time", color="0.5", linewidth=3)
    for line, (name, label) in zip((":", "--"), _POPULATION.items(), strict=True):
        axes.plot(law.features, np.median(law.population[name], axis=0), label=label, color="black", lw=0.8, ls=line)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.grid(visible=True, which="both", alpha=0.3)
