"""LLZB's figures 4, 5, 9 and 10: the learned density at epochs 100, 1000 and 1900, for modes 6 and 30 apart.

How does the distance of the modes act: on the divergence, and on the share of the mass that each mode gets?
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np

from verify.models.two_mode_runs import OPTIMIZERS, RATES, Run
from verify.studies.drawing import Figure, figure
from verify.studies.files import Numbers, Output
from verify.studies.replicas import Record, ReplicaKeywords, column, replicate
from verify.studies.summaries import band, finite, judge, median, ratios, share

COLUMNS = ("replica", "distance", "epoch", "quantity", "x", "value")
EPOCHS = (100, 1000, 1900)
NEAR, FAR = 6, 30
REPLICAS, QUICK_REPLICAS, QUICK_POINTS = 400, 48, 250
_SINGLE = 3  # runs drawn one by one


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Which figure, its optimiser, and the distance of its modes; a far one trains on near modes as well."""

    name: str
    optimizer: str
    distance: int

    @property
    def distances(self) -> tuple[int, ...]:
        """What is trained on; the last one is drawn."""
        return (NEAR,) if self.distance == NEAR else (NEAR, FAR)

    @property
    def family(self) -> str:
        """The family of its claims."""
        return self.name.upper().replace("FIGURE", "FIG")


FIGURES = (
    Shown(name="figure-4", optimizer="sgd", distance=NEAR),
    Shown(name="figure-5", optimizer="sgd", distance=FAR),
    Shown(name="figure-9", optimizer="adam", distance=NEAR),
    Shown(name="figure-10", optimizer="adam", distance=FAR),
)


def study_of(shown: Shown) -> Callable[..., tuple[Path, ...]]:
    """The study of a figure."""

    def run(out: Path, quick: bool = True, seed: int = 0, **how: Unpack[ReplicaKeywords]) -> tuple[Path, ...]:
        """Write NAME.csv, .json, .png, .svg and the replicas into an existing directory and return their paths.

        ``quick`` takes fewer replicas and points; the other arguments as in `replicate`.
        """
        files = Output(out, shown.name)
        base = Run(optimizer=shown.optimizer, learning_rate=RATES[shown.optimizer], checkpoints=EPOCHS)
        if quick:
            base = replace(base, points=QUICK_POINTS)
        runs = {distance: replace(base, mode=distance / 2) for distance in shown.distances}

        settings = {str(distance): one.settings() for distance, one in runs.items()}
        form: dict[str, dict[str, tuple[int, ...]]] = {
            str(distance): {"kl": (len(EPOCHS),), "mass": (len(EPOCHS),)} for distance in shown.distances
        }
        form[str(shown.distance)]["density"] = (len(EPOCHS), len(runs[shown.distance].grid()))
        records = replicate(
            partial(_measure, runs, shown.distance, seed),
            together=partial(_measure_all, runs, shown.distance, seed),
            files=files,
            settings=settings,
            seed=seed,
            usual=QUICK_REPLICAS if quick else REPLICAS,
            form=lambda _: form,
            **how,
        )
        drawn = runs[shown.distance]
        density = column([record[str(shown.distance)] for record in records], "density")
        numbers = {"study": shown.name, "set-up": settings, "seed": seed, **_numbers(shown, records)}
        return (
            files.table(COLUMNS, _rows(shown, drawn, records)),
            files.numbers(numbers),
            *files.figure(_draw(shown, drawn, density)),
        )

    return run


run_figure_4, run_figure_5, run_figure_9, run_figure_10 = map(study_of, FIGURES)


def _measure(runs: Mapping[int, Run], drawn: int, seed: int, replica: int) -> Record:
    """Of one replica, what each run finds, with the densities of those that are drawn."""
    return _measure_all(runs, drawn, seed, range(replica, replica + 1))[0]


def _measure_all(runs: Mapping[int, Run], drawn: int, seed: int, group: range) -> list[Record]:
    """The same of each of a range of replicas."""
    found = {str(distance): one.measure_all(seed, group, densities=distance == drawn) for distance, one in runs.items()}
    return [{name: each[place] for name, each in found.items()} for place in range(len(group))]


def _rows(shown: Shown, drawn: Run, records: Sequence[Record]) -> Iterator[tuple[object, ...]]:
    grid = drawn.grid()
    for k, record in enumerate(records):
        for distance in shown.distances:
            found = record[str(distance)]
            for place, epoch in enumerate(EPOCHS):
                for quantity in ("kl", "mass"):
                    value = found[quantity][place]
                    yield k, distance, epoch, quantity, "", float("nan") if value is None else value
                if distance == shown.distance:
                    yield from (
                        (k, distance, epoch, "density", x, float("nan") if value is None else value)
                        for x, value in zip(grid, found["density"][place], strict=True)
                    )


def _numbers(shown: Shown, records: Sequence[Record]) -> Numbers:
    kl = {distance: finite(column([record[str(distance)] for record in records], "kl")) for distance in shown.distances}
    mass = np.nan_to_num(column([record[str(shown.distance)] for record in records], "mass"), nan=0.0)
    verdicts, epochs = [], {}
    for place, epoch in enumerate(EPOCHS):
        found = [judge(f"{shown.family}:balance", [{"mass_smaller": value} for value in mass[:, place]])]
        here: Numbers = {
            "divergence": median(kl[shown.distance][:, place]),
            "mass of the smaller side": median(mass[:, place]),
            "diverged": int(np.isinf(kl[shown.distance][:, place]).sum()),
        }
        if shown.distance == FAR:
            near, far = kl[NEAR][:, place], kl[FAR][:, place]
            found.append(
                judge(f"{shown.family}:distance", [{"kl_near": a, "kl_far": b} for a, b in zip(near, far, strict=True)])
            )
            here |= {
                "divergence, 6 apart": median(near),
                "30 apart over 6 apart, same replica": median(ratios(far, near)),
                "larger for 30 apart": share(far > near),
            }
        epochs[str(epoch)] = here
        verdicts += [{"epoch": epoch, **verdict} for verdict in found]
    last = kl[shown.distance]
    rise = ratios(last[:, 2], last[:, 1])
    return {
        "verdicts": verdicts,
        "epochs": epochs,
        "from epoch 1000 to 1900, runs that had not diverged": {
            "factor of the divergence": median(rise),
            "rises": share(rise > 1),
        },
    }


def _draw(shown: Shown, drawn: Run, density: np.ndarray) -> Figure:
    made = figure(10.5, 3.8)
    grid = drawn.grid()
    fine = np.linspace(grid[0], grid[-1], 801)
    truth = _truth(drawn)
    columns = made.subplots(1, len(EPOCHS), sharey=True)
    top = peak = float(truth(fine).max())
    for place, (axes, epoch) in enumerate(zip(columns, EPOCHS, strict=True)):
        found = density[:, place]
        alive = found[~np.isnan(found).any(axis=1)]
        axes.plot(fine, truth(fine), color="#d55e00", linewidth=1.4, linestyle="--", label="density of the data")
        if len(alive):
            low, high = band(alive)
            top = max(top, float(high.max()), float(alive[:_SINGLE].max()))
            axes.fill_between(grid, low, high, color="0.85", linewidth=0, label="nine runs of ten, pointwise")
            for k, line in enumerate(alive[:_SINGLE]):
                axes.plot(
                    grid,
                    line,
                    color="0.4",
                    linewidth=0.8,
                    linestyle=("-.", ":", (0, (5, 1)))[k],
                    label=f"single runs 1–{_SINGLE}" if k == 0 else None,
                )
            axes.plot(grid, alive.mean(axis=0), color="black", linewidth=1.6, label="mean of the runs")
        lost = len(found) - len(alive)
        axes.set_title(f"epoch {epoch}; N = {len(alive)}" + (f", {lost} diverged" if lost else ""), fontsize=10)
        axes.set_xlabel("x")
        axes.grid(visible=True, alpha=0.25)
    columns[0].set_ylim(0.0, min(1.3 * top, 3.0 * peak))  # room for the legend; spikes at the grid's ends are cut
    columns[0].set_ylabel("density at t = 0.065")
    made.suptitle(
        f"{OPTIMIZERS[shown.optimizer]}, rate {drawn.learning_rate:g}; modes {shown.distance} apart, n = "
        f"{drawn.points}, width {drawn.width}",
        fontsize=10,
    )
    columns[-1].legend(frameon=False, fontsize=8)
    return made


def _truth(drawn: Run) -> Callable[[np.ndarray], np.ndarray]:
    def density(x: np.ndarray) -> np.ndarray:
        parts = [np.exp(-0.5 * (x - mean) ** 2) for mean in (-drawn.mode, drawn.mode)]
        return 0.5 * np.sum(parts, axis=0) / np.sqrt(2 * np.pi)

    return density
