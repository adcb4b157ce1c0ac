"""Theorem 1 with a handful of data in the infinite-width flow: denoising labels memorise, true scores do not.

The flows, their losses and divergences are `verify.studies.memorising_flows`; here they meet the printed right side.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from theory.claims import REGISTRY
from theory.sde import OrnsteinUhlenbeck
from verify.bound.inputs import prior_divergence
from verify.studies.drawing import Axes, Figure, figure, style
from verify.studies.files import Numbers, Output
from verify.studies.memorising_flows import FULL, HORIZON, LABELS, LAW, QUICK, WEIGHTS, Curve, Points, draw, measure
from verify.studies.summaries import verdicts

NAME = "memorisation"
COLUMNS = (
    "weight",
    "labels",
    "time",
    "loss",
    "loss on the coarser quadrature",
    "divergence",
    "divergence error",
    "resolved",
    "printed right side, K = 1",
)
NO_WIDTH = 1e100
"""In place of m = ∞ in the printed right side: its terms in m vanish in floating-point numbers."""


def printed(tau: np.ndarray, count: int, floor: float) -> np.ndarray:
    """The right side of T1:printed with K = 1 and m → ∞, both floors at a comparator's loss; nan below τ = 1."""
    late = tau >= 1.0
    out = np.full(tau.shape, np.nan)
    prior = prior_divergence(LAW, OrnsteinUhlenbeck(), HORIZON, 1.0)
    out[late] = (
        REGISTRY["T1:printed"]
        .evaluate(K=1, tau=tau[late], m=NO_WIDTH, n=count, loss_bar=floor, loss_star=floor, kl_prior=prior)
        .right
    )
    return out


def run(out: Path, quick: bool = True, seed: int = 0) -> tuple[Path, ...]:
    """Write memorisation.csv, .json, .png and .svg into an existing directory and return their paths.

    ``quick`` takes fewer data, times and nodes; ``seed`` draws the data. ValueError for a directory that cannot be
    used.
    """
    files, size = Output(out, NAME, digits=6), QUICK if quick else FULL
    curves = measure(size, seed)
    # the population flow at the last time stands for the comparators of the printed floors
    floor = next(
        float(curve.loss[-1]) for curve in curves if (curve.weighting, curve.labels) == ("likelihood", "population")
    )
    bound = printed(curves[0].tau, size.data, floor)
    rows = (
        (curve.weighting, curve.labels, *row)
        for curve in curves
        for row in zip(
            curve.tau,
            curve.loss,
            curve.coarse,
            curve.divergence,
            curve.error,
            (bool(a) if b else "" for a, b in zip(curve.resolved, curve.asked, strict=True)),
            bound if curve.weighting == "likelihood" else np.full(bound.shape, np.nan),
            strict=True,
        )
    )
    return (
        files.table(COLUMNS, rows),
        files.numbers(_numbers(curves, bound, draw(size.data, seed))),
        *files.figure(_draw(curves, bound)),
    )


def _numbers(curves: Sequence[Curve], bound: np.ndarray, data: Points) -> Numbers:
    found = {}
    for curve in curves:
        least = int(curve.loss.argmin())
        entry = {
            "weight": curve.weighting,
            "labels": curve.labels,
            "least loss": curve.loss[least],
            "time of the least loss": curve.tau[least],
            "last loss": curve.loss[-1],
            "last over least loss": curve.loss[-1] / curve.loss[least],
            "falls all the way": bool((np.diff(curve.loss) < 0).all()),
            "largest relative gap to the coarser quadrature": np.max(np.abs(curve.coarse / curve.loss - 1)),
        }
        if curve.asked.any():
            entry["divergences not resolved"] = int((curve.asked & ~curve.resolved).sum())
            kl, tau = curve.divergence[curve.resolved], curve.tau[curve.resolved]
            need = kl / bound[curve.resolved]
            parts = (tau, kl, curve.error[curve.resolved], need, curve.interpolation[curve.resolved])
            names = ("time", "value", "error", "constant needed in print", "score interpolation error")
            entry["divergence"] = [dict(zip(names, values, strict=True)) for values in zip(*parts, strict=True)]
        found[f"{curve.labels}, {WEIGHTS[curve.weighting]}"] = entry
    own = {weighting: _agreement(curves, weighting) for weighting in WEIGHTS}
    return {
        "study": NAME,
        "claims": verdicts("T1:printed"),
        "data": data.means,
        "n": len(data.means),
        "flows": found,
        "own labels agree within 1 % until": own,
        "printed right side at time 1 and at the last": [bound[np.isfinite(bound)][0], bound[-1]],
    }


def _agreement(curves: Sequence[Curve], weighting: str) -> float:
    """The time until which a label per node and the conditional mean give the same loss to 1 %."""
    one, two = (
        next(c for c in curves if c.weighting == weighting and c.labels == labels)
        for labels in ("dsm", "dsm, own labels")
    )
    apart = np.flatnonzero(np.abs(two.loss / one.loss - 1) > 0.01)
    return float(one.tau[apart[0] - 1]) if len(apart) and apart[0] else float(one.tau[-1 if not len(apart) else 0])


# Figure --------------------------------------------------------------------------------------------------------------

_SHOWN = ("dsm", "sm", "population")


def _draw(curves: Sequence[Curve], bound: np.ndarray) -> Figure:
    made = figure(13.0, 4.6)
    panels = made.subplots(1, 3)
    for axes, weighting in zip(panels, WEIGHTS, strict=False):
        shown = {c.labels: c for c in curves if c.weighting == weighting}
        for k, labels in enumerate(_SHOWN):
            _loss(axes, shown[labels], k)
        if weighting == "likelihood":
            axes.loglog(
                shown["dsm"].tau,
                bound,
                color="0.6",
                linewidth=3.5,
                label="Theorem 1 as printed, K = 1, m → ∞",
                zorder=1,
            )
        axes.set_title(f"population loss, {WEIGHTS[weighting]}")
        axes.set_ylabel("population loss L̃(f$_τ$)")
    last = panels[2]
    for k, labels in enumerate(("dsm", "sm")):
        curve = next(c for c in curves if c.weighting == "likelihood" and c.labels == labels)
        keep = curve.resolved
        last.errorbar(
            curve.tau[keep],
            curve.divergence[keep],
            curve.error[keep],
            capsize=3,
            label=f"{LABELS[labels]} (bars: its error)",
            **{**style(k), "marker": "os"[k], "markersize": 5, "markevery": 1},
        )
    last.loglog(curves[0].tau, bound, color="0.6", linewidth=3.5, zorder=1, label="Theorem 1 as printed, K = 1, m → ∞")
    last.set_xscale("log")
    last.set_yscale("log")
    last.set_title("divergence, λ = g²")
    last.set_ylabel("KL(p₀ ‖ SDE-density)   (nats)")
    for axes in panels:
        axes.set_xlabel("training time τ of the scaled flow")
        axes.grid(visible=True, alpha=0.25)
        axes.legend(frameon=False, fontsize=7)
    return made


def _loss(axes: Axes, curve: Curve, k: int) -> None:
    axes.loglog(
        curve.tau,
        curve.loss,
        label=LABELS[curve.labels],
        **{**style(k), "marker": "os^"[k], "markersize": 4, "markevery": (k, max(len(curve.tau) // 10, 1))},
    )
    axes.fill_between(
        curve.tau,
        np.minimum(curve.loss, curve.coarse),
        np.maximum(curve.loss, curve.coarse),
        color="0.75",
        linewidth=0,
        label="band: to the coarser quadrature" if k == 2 else None,
    )
    if curve.labels == "dsm":
        least = int(curve.loss.argmin())
        axes.plot(
            [curve.tau[least]],
            [curve.loss[least]],
            marker="D",
            color="black",
            markerfacecolor="white",
            linestyle="none",
            label=f"least, at τ = {curve.tau[least]:.2g}",
        )
