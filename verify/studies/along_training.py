"""LLZB's figures 3 and 8: the divergence along training with SGD and with Adam, over many replicas.

Does it fall, has it a minimum, does it rise behind it, and how large is the noise of one run beside that?
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np

from verify.models.two_mode_runs import OPTIMIZERS, RATES, Run
from verify.studies.drawing import Figure, figure
from verify.studies.files import Numbers, Output
from verify.studies.replicas import ReplicaKeywords, column, replicate
from verify.studies.summaries import band, finite, judge, median, median_interval, ratios, share

COLUMNS = ("replica", "epoch", "divergence", "diverged")
CHECKPOINTS = tuple(range(1, 2002, 100))
MIDDLE = CHECKPOINTS.index(1001)
REPLICAS, QUICK_REPLICAS, QUICK_POINTS = 1000, 48, 250
_SINGLE = 4  # runs drawn one by one


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Which figure, its optimiser, and the epochs between which its claim on the fall is judged."""

    name: str
    optimizer: str
    start: int

    @property
    def family(self) -> str:
        """The family of its claims."""
        return self.name.upper().replace("FIGURE", "FIG")


FIGURE_3 = Shown(name="figure-3", optimizer="sgd", start=1)
FIGURE_8 = Shown(name="figure-8", optimizer="adam", start=101)


def study_of(shown: Shown) -> Callable[..., tuple[Path, ...]]:
    """The study of a figure."""

    def run(out: Path, quick: bool = True, seed: int = 0, **how: Unpack[ReplicaKeywords]) -> tuple[Path, ...]:
        """Write NAME.csv, .json, .png, .svg and the replicas into an existing directory and return their paths.

        ``quick`` takes fewer replicas and points; the other arguments as in `replicate`.
        """
        files = Output(out, shown.name)
        training = Run(optimizer=shown.optimizer, learning_rate=RATES[shown.optimizer], checkpoints=CHECKPOINTS)
        if quick:
            training = replace(training, points=QUICK_POINTS)
        records = replicate(
            partial(training.measure, seed),
            together=partial(training.measure_all, seed),
            files=files,
            settings=training.settings(),
            seed=seed,
            usual=QUICK_REPLICAS if quick else REPLICAS,
            form=lambda _: {"kl": (len(CHECKPOINTS),)},
            **how,
        )
        kl = column(records, "kl")
        rows = (
            (k, epoch, value, bool(np.isnan(value)))
            for k, line in enumerate(kl)
            for epoch, value in zip(CHECKPOINTS, line, strict=True)
        )
        numbers = {"study": shown.name, "set-up": training.settings(), "seed": seed, **_numbers(shown, finite(kl))}
        return (
            files.table(COLUMNS, rows),
            files.numbers(numbers),
            *files.figure(_draw(shown, training, finite(kl), numbers)),
        )

    return run


run_figure_3, run_figure_8 = study_of(FIGURE_3), study_of(FIGURE_8)


def symbols(kl: np.ndarray, start: int, end: int) -> list[Mapping[str, float]]:
    """The values of a claim's symbols on each replica, between two checkpoints."""
    first, last = CHECKPOINTS.index(start), CHECKPOINTS.index(end)
    return [
        {
            "kl_earlier": line[first],
            "kl_later": line[last],
            "kl_least": line[first : last + 1].min(),
            "kl_most": line[first : last + 1].max(),
        }
        for line in kl
    ]


def _numbers(shown: Shown, kl: np.ndarray) -> Numbers:
    second = symbols(kl, 1001, CHECKPOINTS[-1])
    verdicts = [judge(f"{shown.family}:fall", symbols(kl, shown.start, 1001)), judge(f"{shown.family}:rise", second)]
    if shown is FIGURE_3:
        verdicts.append(judge("FIG-3:noise", second))
    return {"verdicts": verdicts, "diverged": int(np.isinf(kl[:, -1]).sum()), **_minimum(kl), **_noise(kl)}


def _minimum(kl: np.ndarray) -> Numbers:
    """Is there a minimum and a rise? The epoch is chosen on one half of the replicas, the rise measured on the other.

    So the choice does not bias what is measured.
    """
    chosen = int(np.argmin(median_interval(kl[::2])[1]))
    rest = kl[1::2] if len(kl) > 1 else kl
    rise = ratios(rest[:, -1], rest[:, chosen])
    least = np.argmin(kl, axis=1)
    return {
        "minimum": {
            "epoch of the least median (first half of the replicas)": CHECKPOINTS[chosen],
            "end over the level there (second half)": median(rise),
            "ends above it (second half)": share(rise > 1),
            "epochs of the runs' own least divergence, quartiles": [
                CHECKPOINTS[int(k)] for k in np.quantile(least, [0.25, 0.5, 0.75], method="inverted_cdf")
            ],
            "end over a run's own least divergence": median(ratios(kl[:, -1], kl.min(axis=1))),
        }
    }


def _noise(kl: np.ndarray) -> Numbers:
    """The noise of one run against what training does."""
    late = kl[np.isfinite(kl[:, -1]), MIDDLE:]
    steps = np.exp(np.median(np.abs(np.diff(np.log(late), axis=1)), axis=1))
    low, high = band(kl)
    return {
        "at the end, nine runs of ten lie in": [float(low[-1]), float(high[-1])],
        "noise, of the runs that had not diverged": {
            "largest over least divergence of a run, second half": median(late.max(axis=1) / late.min(axis=1)),
            "factor between neighbouring checkpoints, second half": median(steps),
            "first over last divergence": median(ratios(kl[:, 0], kl[:, -1])),
            "middle over last divergence": median(ratios(kl[:, MIDDLE], kl[:, -1])),
        },
    }


def _draw(shown: Shown, training: Run, kl: np.ndarray, numbers: Numbers) -> Figure:
    made = figure(10.0, 4.2)
    curves, least = made.subplots(1, 2, width_ratios=(3, 2))
    low, high = band(kl)
    curves.fill_between(CHECKPOINTS, low, high, color="0.88", linewidth=0, label="nine runs of ten")
    for k, line in enumerate(kl[:_SINGLE]):
        curves.plot(
            CHECKPOINTS,
            line,
            color="0.5",
            linewidth=0.8,
            linestyle=("-", "--", ":", "-.")[k],
            label=f"single runs 1–{min(_SINGLE, len(kl))}" if k == 0 else None,
        )
    bottom, middle, top = median_interval(kl)
    curves.fill_between(
        CHECKPOINTS,
        bottom,
        top,
        color="#0072b2",
        alpha=0.45,
        linewidth=0,
        label="95 % interval of the median, pointwise",
    )
    curves.plot(CHECKPOINTS, middle, color="black", linewidth=1.6, marker="o", markersize=3, label="median")
    if np.isfinite(kl).any():  # there is no logarithm of nothing
        curves.set_yscale("log")
    curves.set_xlabel("epochs of training")
    curves.set_ylabel("KL on the grid (nats)")
    curves.set_title(
        f"{OPTIMIZERS[shown.optimizer]}, rate {training.learning_rate:g}; n = {training.points}, width "
        f"{training.width}; N = {len(kl)} replicas",
        fontsize=10,
    )
    curves.legend(frameon=False, fontsize=8)
    edges = [epoch - 50 for epoch in (*CHECKPOINTS, CHECKPOINTS[-1] + 100)]
    least.hist(
        [CHECKPOINTS[k] for k in np.argmin(kl, axis=1)],
        bins=edges,
        color="0.75",
        edgecolor="0.3",
        weights=np.full(len(kl), 1 / len(kl)),
    )
    least.set_xlabel("epoch of a run's own least KL")
    least.set_ylabel("share of the runs")
    rise = numbers["minimum"]["end over the level there (second half)"]
    least.set_title(
        f"end / level at the medians' minimum:\n{rise['median']:.2f} (95 %: {rise['interval'][0]:.2f} to "
        f"{rise['interval'][1]:.2f})",
        fontsize=10,
    )
    for axes in (curves, least):
        axes.grid(visible=True, alpha=0.25)
    return made
