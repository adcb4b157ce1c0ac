"""Score-, SDE- and ODE-density of the same network: their divergences along training, a figure."""

from __future__ import annotations

import numpy as np

from verify.studies.drawing import Figure, figure, style
from verify.studies.files import Numbers
from verify.studies.grids.fits import Columns, Summary, levels, table_of
from verify.studies.grids.two_modes import TAUS

_KINDS = {"sde": "SDE-density, eq. (3)", "ode": "ODE-density, eq. (4)", "score": "score-density, eq. (11)"}

_SHOWN = (2e-4, 10.0)
"""Divergences that are drawn: an ODE-density of a score that was trained for long may be very far off."""


def along_training(columns: Columns) -> Summary:
    """Medians over the replicas for each n, m and training time, and how often each density was the nearest to p₀."""
    numbers: Numbers = {"tau": list(TAUS)}
    panels: dict[str, dict[str, np.ndarray]] = {}
    for count in levels(columns, "n"):
        for width in levels(columns, "width"):
            place = {"n": float(count), "width": float(width)}
            found = {
                name: np.stack([table_of(columns, f"{name}@{tau:g}", **place) for tau in TAUS], axis=1)
                for name in (*_KINDS, *(f"{kind}_error" for kind in _KINDS), "loss")
            }
            what = f"n = {count:g}, m = {width + 3:g}"
            panels[what] = found
            numbers[what] = _summed(found)
    return Summary(figure=_drawn(panels), numbers=numbers)


def _summed(found: dict[str, np.ndarray]) -> Numbers:
    shown = {name: np.where(np.isnan(found[name]), np.inf, found[name]) for name in _KINDS}
    stacked = np.stack(list(shown.values()))
    resolved = np.isfinite(stacked).all(axis=0)
    nearest = np.argmin(stacked, axis=0)
    return {
        **{name: np.median(values, axis=0).tolist() for name, values in shown.items()},
        "loss": np.median(found["loss"], axis=0).tolist(),
        "error": {name: np.nanmax(found[f"{name}_error"], initial=0.0) for name in _KINDS},
        "no density": {name: int(np.isinf(values).sum()) for name, values in shown.items()},
        "networks": int(stacked[0].size),
        "nearest": {name: int((nearest == k).sum()) for k, name in enumerate(_KINDS)},
        "sde over ode, where all are numbers": np.median((shown["sde"] / shown["ode"])[resolved]).tolist()
        if resolved.any()
        else None,
    }


def _drawn(panels: dict[str, dict[str, np.ndarray]]) -> Figure:
    columns = 2
    rows = -(-len(panels) // columns)
    made = figure(9.4, 2.8 * rows)
    grid = np.atleast_1d(made.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)).ravel()
    for axes, (what, found) in zip(grid, panels.items(), strict=False):
        for k, (name, label) in enumerate(_KINDS.items()):
            values = np.where(np.isnan(found[name]), np.inf, found[name])
            axes.plot(TAUS, np.median(values, axis=0), label=label, **{**style(k), "marker": "os^"[k], "markevery": 1})
            axes.plot(TAUS, values.T, linestyle="none", marker=".", markersize=3, color=style(k)["color"])
        axes.plot(TAUS, np.median(found["loss"], axis=0), color="0.6", linewidth=3, zorder=1, label="loss L̃(θ; g²)")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_ylim(*_SHOWN)
        axes.set_title(what, fontsize=9)
        axes.grid(visible=True, alpha=0.3)
    for axes in grid[-columns:]:
        axes.set_xlabel("training time τ")
    for axes in grid[::columns]:
        axes.set_ylabel("KL(p₀ ‖ density)")
    grid[0].legend(frameon=False, fontsize=8)
    return made
