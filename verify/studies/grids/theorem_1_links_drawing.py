"""What Theorem 1's bounds and links lose over a grid: medians of bound over measured along each axis, a figure."""

from __future__ import annotations

import numpy as np

from verify.studies.drawing import Figure, figure, style
from verify.studies.files import Numbers
from verify.studies.grids.fits import Columns, Summary, numbers_of
from verify.studies.grids.theorem_1_links import TAUS
from verify.studies.theorem_1_chain import LINKS, QUANTILES

_AXES = {"n": "n", "width": "features drawn", "tau": "τ", "horizon": "T", "mu": "μ"}


def over_the_grid(columns: Columns) -> Summary:
    """Bound over measured by link: quantiles over all cells and times, and medians at each value of each axis."""
    ratios = {link: _ratios(columns, link) for link in LINKS}
    values = {name: np.concatenate([numbers_of(columns, name)] * len(TAUS)) for name in _AXES if name != "tau"} | {
        "tau": np.repeat(TAUS, len(columns["n"]))
    }
    found: Numbers = {}
    for link, ratio in ratios.items():
        known = np.isfinite(ratio)
        quantiles = np.quantile(ratio[known], list(QUANTILES.values()), method="lower") if known.any() else []
        found[link] = {
            "claim": LINKS[link][0],
            "instances": int(known.sum()),
            "no number": int((~known).sum()),
            "violated": int(sum(np.nansum(numbers_of(columns, f"{link} violated@{tau:g}")) for tau in TAUS)),
            "bound over measured": dict(zip(QUANTILES, map(float, quantiles), strict=False)),
            "medians": {name: _medians(ratio, axis) for name, axis in values.items()},
        }
    return Summary(figure=_drawn(ratios, values), numbers={"links": found, "cells": len(columns["n"])})


def _ratios(columns: Columns, link: str) -> np.ndarray:
    """Bound over measured of all cells at the first time, at the second, …; NaN where what is measured is rounding."""
    bound, measured = (
        np.concatenate([numbers_of(columns, f"{link} {what}@{tau:g}") for tau in TAUS])
        for what in ("bound", "measured")
    )
    return np.where(measured > bound * 2.0**-52, bound / np.where(measured > 0, measured, 1.0), np.nan)


def _medians(ratio: np.ndarray, axis: np.ndarray) -> dict[str, float | None]:
    out: dict[str, float | None] = {}
    for value in np.unique(axis):
        here = ratio[(axis == value) & np.isfinite(ratio)]
        out[f"{value:g}"] = float(np.median(here)) if len(here) else None
    return out


def _drawn(ratios: dict[str, np.ndarray], values: dict[str, np.ndarray]) -> Figure:
    made = figure(11.0, 4.6)
    panels = made.subplots(1, len(_AXES), sharey=True)
    for axes, (name, label) in zip(panels, _AXES.items(), strict=True):
        for k, (link, ratio) in enumerate(ratios.items()):
            medians = _medians(ratio, values[name])
            whole = link.startswith("total")
            axes.plot(
                range(len(medians)),
                [np.nan if value is None else value for value in medians.values()],
                label=f"{link} ({LINKS[link][0]})",
                **{**style(k), "marker": "os^Dv<>Pph*"[k], "markevery": 1, "linewidth": 2.2 if whole else 1.0},
            )
        ticks = [f"{value:g}" for value in np.unique(values[name])]
        axes.set_xticks(range(len(ticks)), ticks)
        axes.set_xlabel(label)
        axes.set_yscale("log")
        axes.axhline(1.0, color="black", linewidth=0.8)
        axes.grid(visible=True, alpha=0.3)
    panels[0].set_ylim(0.5, None)  # of all panels, when all curves are there
    panels[0].set_ylabel("bound / measured, median of cells")
    handles, names = panels[0].get_legend_handles_labels()
    made.legend(handles, names, loc="outside lower center", ncols=5, frameon=False, fontsize=7)
    return made
