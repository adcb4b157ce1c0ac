"""When memorising begins against n: exponents with their intervals, in infinite width and at finite width; a figure."""

from __future__ import annotations

import numpy as np

from verify.studies.drawing import Figure, figure, style
from verify.studies.files import Numbers
from verify.studies.grids.fits import Columns, Summary, growth, numbers_of, told

_INFINITE = "memorisation-in-infinite-width"
_NAMES = ("begins", "least_tau", "rise")
EARLY = 300.0
"""Before this time a flow has learned the modes' masses and widths and nothing finer: some begin to memorise then."""
Groups = dict[str, dict[float, dict[str, np.ndarray]]]
"""Model, n, and by name the replicas' numbers."""


def against_data(columns: Columns) -> Summary:
    """For each model and n the times of the least loss and of the rise; exponents in n where every replica rises."""
    groups = _groups(columns)
    coarse = [np.log(numbers_of(columns, name)) for name in ("begins", "coarse")]
    apart = np.abs(coarse[0] - coarse[1])
    numbers: Numbers = {"largest factor between fine and coarse quadrature": float(np.exp(np.nanmax(apart)))}
    for model, found in groups.items():
        entry: Numbers = {"n": list(found)}
        for name in ("begins", "least_tau"):
            values = [one[name] for one in found.values()]
            entry[name] = [float(np.median(value)) for value in values]
            entry[f"{name}, least and largest"] = [[float(value.min()), float(value.max())] for value in values]
            whole = [k for k, value in enumerate(values) if np.isfinite(value).all()]
            if len(whole) > 2:
                sizes = np.array(list(found))[whole]
                entry[f"{name} exponent"] = {
                    "n": sizes.tolist(),
                    **told(*growth(sizes, np.stack([values[k] for k in whole], axis=1))),
                }
        entry["early"] = [int((one["begins"] < EARLY).sum()) for one in found.values()]
        entry["never began"] = [int(np.isinf(one["begins"]).sum()) for one in found.values()]
        entry["replicas"] = [len(one["begins"]) for one in found.values()]
        entry["last over least loss"] = [float(np.median(one["rise"])) for one in found.values()]
        numbers[model] = entry
    return Summary(figure=_drawn(groups), numbers=numbers)


def _groups(columns: Columns) -> Groups:
    targets = np.array([str(target) for target in columns["target"]])
    width, count = numbers_of(columns, "width"), numbers_of(columns, "n")
    models = {"m = ∞": targets == _INFINITE} | {f"m = {m:g}": width == m for m in np.unique(width[np.isfinite(width)])}
    return {
        model: {
            float(n): {name: numbers_of(columns, name)[where & (count == n)] for name in _NAMES}
            for n in np.unique(count[where])
        }
        for model, where in models.items()
    }


def _drawn(groups: Groups) -> Figure:
    made = figure(6.4, 4.6)
    axes = made.subplots()
    for k, (model, found) in enumerate(groups.items()):
        sizes, look = list(found), {**style(k), "marker": "os^D"[k % 4], "markevery": 1}
        for n, one in found.items():
            here = one["begins"][np.isfinite(one["begins"])]
            axes.plot([n * (1 + 0.03 * k)] * len(here), here, ls="none", marker=".", markersize=3, color=look["color"])
        begins = [float(np.median(one["begins"])) for one in found.values()]
        axes.plot(sizes, begins, label=f"{model}: begins to memorise", **look)
        least = [float(np.median(one["least_tau"])) for one in found.values()]
        axes.plot(
            sizes,
            least,
            **{**look, "linewidth": 0.7, "markerfacecolor": "white"},
            label="its least loss" if not k else None,
        )
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xlabel("n")
    axes.set_ylabel("training time τ of the scaled flow, median of replicas")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(frameon=False, fontsize=8)
    return made
