"""Two modes further and further apart: divergence and norm of the best fit against μ, a figure."""

from __future__ import annotations

import numpy as np

from verify.studies.drawing import Figure, figure, style
from verify.studies.files import Numbers
from verify.studies.grids.fits import Columns, Summary, by_size, exponent, levels, spread, told

_DIVERGENCES = {
    "prior": "before training, of N(0, 1)",
    "best": "least along the population's flow",
    "data_best": "least along the flow on n data",
}
_NORMS = {
    "least_norm": "of the least loss, at τ = ∞",
    "best_norm": "where the divergence is least, population",
    "data_best_norm": "where the divergence is least, n data",
}
_OTHERS = ("least", "start", "best_tau", "data_best_tau", "best_loss", "data_best_loss", "result.error", "data_error")
WIDE = 4.0
"""From this μ on the modes are apart, and the norms' exponents are fitted."""


def effect(columns: Columns) -> Summary:
    """Medians over the replicas for each μ, and the exponents of the norms in μ where the modes are apart."""
    mus = levels(columns, "mu")
    numbers: Numbers = {"mu": mus.tolist()}
    apart = mus >= WIDE
    for name in (*_DIVERGENCES, *_NORMS, *_OTHERS):
        values = by_size(columns, name, "mu")
        numbers[name] = spread(values)
        if name in _NORMS and np.isfinite(values[:, apart]).all():
            numbers[name] |= told(*exponent(mus[apart], values[:, apart]))
    return Summary(figure=_drawn(columns, mus), numbers=numbers)


def _drawn(columns: Columns, mus: np.ndarray) -> Figure:
    made = figure(9.4, 4.2)
    left, right = made.subplots(1, 2)
    for axes, names in ((left, _DIVERGENCES), (right, _NORMS)):
        for k, (name, label) in enumerate(names.items()):
            values = by_size(columns, name, "mu")
            axes.plot(mus, np.median(values, axis=0), label=label, **{**style(k), "marker": "os^"[k], "markevery": 1})
            for replica in values:
                axes.plot(mus, replica, linestyle="none", marker=".", markersize=3, color="0.5", zorder=1)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("μ, half the distance of the modes")
        axes.grid(visible=True, alpha=0.3)
        axes.legend(frameon=False, fontsize=8)
    for name, label in (("result.error", "numerical error, population"), ("data_error", "numerical error, n data")):
        error = np.median(by_size(columns, name, "mu"), axis=0)
        left.plot(mus, error, color="0.6", linewidth=2, linestyle="-" if name == "data_error" else "--", label=label)
    left.legend(frameon=False, fontsize=8)
    left.set_ylabel("KL(p₀ ‖ generated)")
    right.set_ylabel("‖Θ‖ = ‖A‖/√m")
    return made
