"""The two gradient flows side by side: Lemma 4 is true as printed on one, Lemma 5 on the other, both on neither.

Two modes at ±2 under Ornstein–Uhlenbeck, T = 1, λ = std², nested random features, Θ₀ = 0. The comparator is the
scaled flow at one fixed time. Both flows are exact (`numerics.GradientFlow`); every bound is its claim's right side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from numerics import GradientFlow, RandomFeatures, exponential_embedding, population_quadratic
from theory.claims import REGISTRY
from theory.mixture import GaussianMixture
from theory.sde import OrnsteinUhlenbeck
from verify.bound.schedules import schedule
from verify.studies.drawing import Axes, Figure, figure, style
from verify.studies.files import Numbers, Output
from verify.studies.summaries import verdicts

NAME = "parametrizations"
COLUMNS = (
    "flow",
    "width",
    "time",
    "excess loss",
    "lemma 4 printed",
    "lemma 4 sharp",
    "norm",
    "lemma 5 printed",
    "lemma 5 sharp",
)
FLOWS = ("scaled", "A")
TITLES = {"scaled": "scaled flow, Θ = A/√m", "A": "flow of A"}
HORIZON, MODE = 1.0, 2
WHEN_COMPARED = 10.0
"""Time of the scaled flow at which the comparator is taken."""
_QUICK, _FULL = (4, 16, 64), (4, 16, 64, 256, 1024)


@dataclass(frozen=True, kw_only=True, eq=False)
class Trained:
    """One flow at one width along its own time: excess loss and norm, with (printed, sharp) bounds on each."""

    flow: str
    width: int
    times: np.ndarray
    excess: np.ndarray
    norm: np.ndarray
    loss_bounds: tuple[np.ndarray, np.ndarray]
    norm_bounds: tuple[np.ndarray, np.ndarray]

    def needed(self) -> tuple[float, float]:
        """The constants K with which Lemmas 4 and 5 as printed would hold on this path."""
        ratios = (float(np.max(self.excess / self.loss_bounds[0])), float(np.max(self.norm / self.norm_bounds[0])))
        hidden = [float(REGISTRY[name].constants["K"].value) for name in _printed(self.flow)]
        return ratios[0] * hidden[0], ratios[1] * hidden[1]

    def sharpness(self) -> tuple[float, float]:
        """Measured over sharp bound, at its largest."""
        return (float(np.max(self.excess / self.loss_bounds[1])), float(np.max(self.norm / self.norm_bounds[1])))


def _printed(flow: str) -> tuple[str, str]:
    return f"L4:printed-{flow}", f"L5:printed-{flow}"


def train(width: int, flow: str, times: np.ndarray, seed: int, widest: int) -> Trained:
    """The first ``width`` of ``widest`` features of a draw, trained by one of the flows at its times (k,)."""
    embedding = exponential_embedding()
    every = RandomFeatures.sample(widest, 1, embedding, rng=np.random.default_rng(seed))
    features = RandomFeatures(
        weights=every.weights[:width], time_weights=every.time_weights[:width], embedding=embedding
    )
    grid = schedule(OrnsteinUhlenbeck(), horizon=HORIZON, count=24, weighting="song")
    loss = population_quadratic(features, GaussianMixture.two_modes(MODE), grid)
    start = np.zeros((1, width))
    comparator = GradientFlow(loss, start).parameters(WHEN_COMPARED)
    path = GradientFlow(loss, start, parametrization=flow)
    distance, first = float(np.linalg.norm(comparator)), loss.loss(start)
    clock = times / width if flow == "A" else times
    lemma_4, lemma_5 = (REGISTRY[name] for name in _printed(flow))
    sharp_4 = (
        REGISTRY["L4:repaired-A"].evaluate(distance_initial=distance, m=width, tau=times)
        if flow == "A"
        else REGISTRY["L4:sharp"].evaluate(distance_initial=distance, tau=times)
    )
    sharp_5 = REGISTRY["L5:repaired-scaled"].evaluate(norm_initial=0.0, loss_initial=first, tau=clock)
    return Trained(
        flow=flow,
        width=width,
        times=times,
        excess=np.asarray(path.loss(times)) - loss.loss(comparator),
        norm=np.asarray(path.norm(times)),
        loss_bounds=(lemma_4.evaluate(norm_initial=0.0, norm_comparator=distance, tau=times).right, sharp_4.right),
        norm_bounds=(lemma_5.evaluate(norm_initial=0.0, loss_initial=first, m=width, tau=times).right, sharp_5.right),
    )


def run(out: Path, quick: bool = True, seed: int = 0) -> tuple[Path, ...]:
    """Write parametrizations.csv, .json, .png and .svg into an existing directory and return their paths.

    ``quick`` takes fewer widths and times; ``seed`` draws the features. ValueError for a directory that cannot be used.
    """
    files = Output(out, NAME)
    widths = _QUICK if quick else _FULL
    times = np.logspace(-2, 5, 50 if quick else 141)
    paths = [train(width, flow, times, seed, widths[-1]) for flow in FLOWS for width in widths]
    rows = (
        (path.flow, path.width, *row)
        for path in paths
        for row in zip(times, path.excess, *path.loss_bounds, path.norm, *path.norm_bounds, strict=True)
    )
    return (files.table(COLUMNS, rows), files.numbers(_numbers(paths)), *files.figure(_draw(paths)))


def _numbers(paths: Sequence[Trained]) -> Numbers:
    claims = [name for flow in FLOWS for name in _printed(flow)]
    exponents, table = {}, []
    for flow in FLOWS:
        chosen = [path for path in paths if path.flow == flow]
        logs = np.log([path.width for path in chosen])
        exponents |= {
            name: float(np.polyfit(logs, np.log([path.needed()[k] for path in chosen]), 1)[0])
            for k, name in enumerate(_printed(flow))
        }
        for path in chosen:
            need, sharp = path.needed(), path.sharpness()
            table.append(
                {
                    "flow": flow,
                    "width": path.width,
                    "needed K of lemma 4": need[0],
                    "needed K of lemma 5": need[1],
                    "measured over sharp bound, lemma 4": sharp[0],
                    "measured over sharp bound, lemma 5": sharp[1],
                }
            )
    return {
        "study": NAME,
        "claims": verdicts(*claims, "L4:sharp", "L4:repaired-A", "L5:repaired-scaled"),
        "exponent of the needed K in the width": exponents,
        "paths": table,
        "sharp bounds are violated": any(max(path.sharpness()) > 1 for path in paths),
    }


# Figure --------------------------------------------------------------------------------------------------------------


def _draw(paths: Sequence[Trained]) -> Figure:
    made = figure(12.0, 6.6)
    grid = made.subplots(2, 3)
    widest = max(path.width for path in paths)
    for column, flow in enumerate(FLOWS):
        upper, lower = grid[0, column], grid[1, column]
        chosen = [path for path in paths if path.flow == flow]
        for k, path in enumerate(chosen):
            for axes, values in ((upper, np.where(path.excess > 0, path.excess, np.nan)), (lower, path.norm)):
                axes.loglog(
                    path.times,
                    values,
                    label=f"measured, m = {path.width}",
                    linewidth=1.6,
                    color=str(0.65 - 0.65 * k / max(len(chosen) - 1, 1)),
                    linestyle="-",
                    marker="osD^v"[k],
                    markersize=4,
                    markevery=(3 * k % 14, 14),
                )
        _bounds(upper, chosen, "loss_bounds", "4")
        _bounds(lower, chosen, "norm_bounds", "5")
        upper.set_ylim(1e-3, 2.0)
        lower.set_ylim(2e-6, 1e2)  # room for the legend below the curves
        upper.set_title(TITLES[flow])
        upper.set_ylabel("excess loss L̃(θ(τ)) − L̃(θ)")
        lower.set_ylabel("norm ‖s$_{θ(τ)}$‖$_H$")
        lower.set_xlabel(f"training time τ of the {'scaled flow' if flow == 'scaled' else 'flow of A'}")
    _needed(grid[0, 2], paths, 0, widest)
    _needed(grid[1, 2], paths, 1, widest)
    for axes in (grid[0, 0], grid[0, 2], grid[1, 0], grid[1, 2]):  # the flow of A has the same curves
        axes.legend(frameon=False, fontsize=7)
    for axes in grid.flat:
        axes.grid(visible=True, alpha=0.25)
    return made


def _bounds(axes: Axes, chosen: Sequence[Trained], kind: str, lemma: str) -> None:
    """The printed and the sharp bound at the narrowest and the widest network, one line each where they agree."""
    for place, (word, colour) in enumerate((("printed", "#d55e00"), ("sharp", "#0072b2"))):
        for path, dash in ((chosen[0], ":"), (chosen[-1], "--")):
            axes.plot(
                path.times,
                getattr(path, kind)[place],
                color=colour,
                linestyle=dash,
                linewidth=1.3,
                label=f"Lemma {lemma} {word}, m = {path.width}",
            )


def _needed(axes: Axes, paths: Sequence[Trained], which: int, widest: int) -> None:
    chosen = list(paths)
    for k, flow in enumerate(FLOWS):
        chosen = [path for path in paths if path.flow == flow]
        axes.loglog(
            [path.width for path in chosen],
            [path.needed()[which] for path in chosen],
            label=TITLES[flow],
            **{**style(k), "marker": "os"[k], "markersize": 5, "markevery": 1},
        )
    reference = np.array([chosen[0].width, widest], dtype=float)
    power, text = ((1.0, "∝ m"), (0.5, "∝ √m"))[which]
    worst = max(path.needed()[which] for path in paths if path.width == widest)
    axes.loglog(
        reference, 1.6 * worst * (reference / widest) ** power, color="0.5", linewidth=0.9, linestyle="-", label=text
    )
    axes.set_xlabel("width m")
    axes.set_xticks([path.width for path in chosen], [str(path.width) for path in chosen])
    axes.set_xticks([], minor=True)
    axes.set_ylabel(f"K needed in Lemma {4 + which} as printed")
    axes.set_title("" if which else "smallest constant on these paths")
