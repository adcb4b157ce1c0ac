"""LLZB's figure 11: the divergence at epoch 1000, and the first epoch with a divergence of 0.1 nats, against the width.

With Adam and with SGD, the output divided by 16 whatever the width (as printed for 16 units), and for SGD by the width
as well: at rate 1/2 and divided by 16 a wide network diverges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np

from verify.models.two_mode_runs import OPTIMIZERS, RATES, Run
from verify.studies.drawing import Axes, Figure, figure, style
from verify.studies.files import Numbers, Output
from verify.studies.replicas import Record, ReplicaKeywords, replicate
from verify.studies.summaries import finite, judge, median, median_interval

NAME = "figure-11"
COLUMNS = ("replica", "optimizer", "output divided by", "width", "epoch", "divergence", "diverged")
SERIES: tuple[tuple[str, float | str], ...] = (("adam", 16.0), ("sgd", 16.0), ("sgd", "width"))
WHEN, THRESHOLD = 1000, 0.1


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is trained: widths, epochs between checkpoints, the last epoch, replicas."""

    widths: tuple[int, ...]
    every: int
    epochs: int
    replicas: int

    @property
    def checkpoints(self) -> tuple[int, ...]:
        """Numbers of completed epochs."""
        return tuple(range(self.every, self.epochs + 1, self.every))


FULL = Size(widths=tuple(2**k for k in range(1, 12)), every=100, epochs=10_000, replicas=16)
QUICK = Size(widths=(2, 4, 8, 16, 32, 64), every=50, epochs=1000, replicas=12)


def run(out: Path, quick: bool = True, seed: int = 0, **how: Unpack[ReplicaKeywords]) -> tuple[Path, ...]:
    """Write figure-11.csv, .json, .png, .svg and the replicas into an existing directory and return their paths.

    ``quick`` takes fewer replicas, widths and epochs; the other arguments as in `replicate`.
    """
    files, size = Output(out, NAME), QUICK if quick else FULL
    runs = {
        key(optimizer, scale, width): Run(
            optimizer=optimizer,
            learning_rate=RATES[optimizer],
            checkpoints=size.checkpoints,
            width=width,
            output_scale=scale,
        )
        for optimizer, scale in SERIES
        for width in size.widths
    }

    settings = {
        "widths": list(size.widths),
        "series": [list(entry) for entry in SERIES],
        "run": next(iter(runs.values())).settings(),
    }
    records = replicate(
        partial(_measure, runs, seed),
        together=partial(_measure_all, runs, seed),
        files=files,
        settings=settings,
        seed=seed,
        usual=size.replicas,
        form=lambda _: {name: (len(size.checkpoints),) for name in runs},
        **how,
    )
    kl = {name: finite(np.array([record[name] for record in records], dtype=float)) for name in runs}
    rows = (
        (
            k,
            one.optimizer,
            one.output_scale,
            one.width,
            epoch,
            value if np.isfinite(value) else float("nan"),
            not np.isfinite(value),
        )
        for name, one in runs.items()
        for k, line in enumerate(kl[name])
        for epoch, value in zip(size.checkpoints, line, strict=True)
    )
    numbers = {"study": NAME, "set-up": settings, "seed": seed, **_numbers(kl, size)}
    return (files.table(COLUMNS, rows), files.numbers(numbers), *files.figure(_draw(kl, size)))


def _measure(runs: Mapping[str, Run], seed: int, replica: int) -> Record:
    """The divergences of every run of one replica."""
    return _measure_all(runs, seed, range(replica, replica + 1))[0]


def _measure_all(runs: Mapping[str, Run], seed: int, group: range) -> list[Record]:
    """The same of each of a range of replicas."""
    found = {name: one.measure_all(seed, group) for name, one in runs.items()}
    return [{name: each[place]["kl"] for name, each in found.items()} for place in range(len(group))]


def key(optimizer: str, scale: float | str, width: int) -> str:
    """The name of one run in a record."""
    return f"{optimizer}/{scale}/{width}"


def first_epochs(kl: np.ndarray, size: Size) -> np.ndarray:
    """The first checkpoint at which the divergence is at most `THRESHOLD`, per replica; infinite where none is."""
    reached = kl <= THRESHOLD
    return np.where(reached.any(axis=1), np.array(size.checkpoints)[np.argmax(reached, axis=1)], np.inf)


def _numbers(kl: Mapping[str, np.ndarray], size: Size) -> Numbers:
    when = size.checkpoints.index(WHEN)

    def pairs(optimizer: str, narrow: int, wide: int) -> list[dict[str, float]]:
        both = [kl[key(optimizer, 16.0, width)][:, when] for width in (narrow, wide)]
        return [{"kl_narrow": a, "kl_wide": b} for a, b in zip(*both, strict=True)]

    wide = {"FIG-11:width": ("adam", 4, 64), "FIG-11:scale": ("sgd", 32, size.widths[-1])}
    verdicts = [
        {"optimizer": optimizer, "narrow": narrow, "wide": top, **judge(name, pairs(optimizer, narrow, top))}
        for name, (optimizer, narrow, top) in wide.items()
        if top >= 1024 or name == "FIG-11:width"
    ]
    table = [
        {
            "optimizer": optimizer,
            "output divided by": scale,
            "width": width,
            f"divergence at epoch {WHEN}": median(found[:, when]),
            f"first epoch with at most {THRESHOLD}": median(first_epochs(found, size)),
            "diverged": int(np.isinf(found[:, -1]).sum()),
        }
        for optimizer, scale in SERIES
        for width in size.widths
        for found in (kl[key(optimizer, scale, width)],)
    ]
    return {"verdicts": verdicts, "widths": table}


def _draw(kl: Mapping[str, np.ndarray], size: Size) -> Figure:
    made = figure(10.0, 4.2)
    left, right = made.subplots(1, 2, sharex=True)
    when = size.checkpoints.index(WHEN)
    for k, (optimizer, scale) in enumerate(SERIES):
        found = [kl[key(optimizer, scale, width)] for width in size.widths]
        name = f"{OPTIMIZERS[optimizer]}, output ÷ {'width' if scale == 'width' else 16}"
        _points(left, size, [values[:, when] for values in found], k, name)
        _points(right, size, [first_epochs(values, size) for values in found], k, name)
    for axes in (left, right):
        axes.set_xscale("log", base=2)
        axes.set_xticks(size.widths, [str(width) for width in size.widths])
        axes.set_xlabel("width (hidden units)")
        axes.grid(visible=True, alpha=0.25)
    left.set_yscale("log")
    left.set_ylabel(f"KL at epoch {WHEN} (nats)")
    right.set_yscale("log")
    right.set_ylabel(f"first epoch with KL ≤ {THRESHOLD}")
    right.set_ylim(size.every / 1.5, size.epochs * 1.5)
    count = len(next(iter(kl.values())))
    left.set_title(f"medians of N = {count} replicas, bars: all that did not diverge", fontsize=10)
    right.set_title(f"no point: half of them do not get there by epoch {size.epochs}", fontsize=10)
    left.legend(frameon=False, fontsize=8)
    return made


def _points(axes: Axes, size: Size, found: Sequence[np.ndarray], index: int, name: str) -> None:
    """Medians, with bars from the least to the largest finite value; widths are moved apart a little."""
    look = {**style(index), "marker": "osD"[index], "markersize": 5, "markevery": 1}
    places = np.array(size.widths) * 2.0 ** (0.12 * (index - 1))
    middle = np.array([median_interval(values)[1] for values in found])
    shown = np.isfinite(middle)
    axes.plot(places[shown], middle[shown], label=name, **look)
    for place, values in zip(places, found, strict=True):
        known = values[np.isfinite(values)]
        if len(known):
            axes.plot([place, place], [known.min(), known.max()], color=look["color"], linewidth=0.9)
