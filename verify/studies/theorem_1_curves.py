"""Theorem 1 by capacity beside what is measured, against τ, n and m: two bumps, the Ornstein–Uhlenbeck process, T = 1.

A replica draws features and data anew. The bound is that of its features' law at δ, the measured divergence that of one
sample. Each panel varies one of τ, n and m.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np

from numerics import GradientFlow
from verify.bound.swept import swept
from verify.models.theorem_1_models import DELTA, Model
from verify.studies.drawing import Axes, Figure, figure, style
from verify.studies.files import Output
from verify.studies.grids.trained_divergence import LAW
from verify.studies.replicas import Record, ReplicaKeywords, replicate
from verify.studies.summaries import median_interval, verdicts

NAME = "theorem-1-curves"
COLUMNS = ("replica", "panel", "curve", "tau", "n", "features", "bound", "measured")
REPLICAS, _QUICK = 8, 2
_FIRST = 3
"""Features that are always there: x, −x and e^{−t}."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Curves by name, sequences of (τ, n, features drawn) along which ``over`` grows; ``fixed``: what does not."""

    over: str
    label: str
    fixed: str
    curves: Mapping[str, tuple[tuple[float, int, int], ...]]


_WIDTH, _WIDTHS, _COUNT = 29, (5, 13, 29, 61, 125), 1000
_TAUS = tuple(float(f"{time:.4g}") for time in np.geomspace(1e-1, 1e5, 13))
_COUNTS = (10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000)
_FEW = (10.0, 1e3, 1e5)
PANELS: tuple[Panel, ...] = (
    Panel(
        over="tau",
        label="training time τ",
        fixed=f"m = {_WIDTH + _FIRST}",
        curves={f"n = {n}": tuple((time, n, _WIDTH) for time in _TAUS) for n in (30, 1000, 30_000)},
    ),
    Panel(
        over="n",
        label="number of data n",
        fixed=f"m = {_WIDTH + _FIRST}",
        curves={f"τ = {time:g}": tuple((time, n, _WIDTH) for n in _COUNTS) for time in _FEW},
    ),
    Panel(
        over="features",
        label="features m",
        fixed=f"n = {_COUNT}",
        curves={f"τ = {time:g}": tuple((time, _COUNT, width) for width in _WIDTHS) for time in _FEW},
    ),
)
_PLACE = {"tau": 0, "n": 1, "features": 2}


def run(out: Path, quick: bool = True, seed: int = 0, **how: Unpack[ReplicaKeywords]) -> tuple[Path, ...]:
    """Write theorem-1-curves.csv, .json, .png and .svg into an existing directory and return their paths.

    ``quick`` takes few replicas and three points of each curve, otherwise they are `REPLICAS`, or ``replicas``; each is
    kept as it ends, and ``resume`` goes on from these. ValueError for a directory that cannot be used, ReplicasError
    for a file of others.
    """
    files = Output(out, NAME)
    panels = tuple(_thinned(panel) for panel in PANELS) if quick else PANELS
    records = replicate(
        partial(_measured, seed, panels),
        files=files,
        settings={"delta": DELTA, **{panel.over: {k: list(v) for k, v in panel.curves.items()} for panel in panels}},
        seed=seed,
        usual=_QUICK if quick else REPLICAS,
        form=lambda _: {panel.over: {name: (2, len(at)) for name, at in panel.curves.items()} for panel in panels},
        **how,
    )
    count = len(records)
    found = {
        panel.over: {name: np.array([one[panel.over][name] for one in records], dtype=float) for name in panel.curves}
        for panel in panels
    }
    rows = (
        (k, panel.over, name, time, n, width + _FIRST, *found[panel.over][name][k, :, j])
        for k in range(count)
        for panel in panels
        for name, places in panel.curves.items()
        for j, (time, n, width) in enumerate(places)
    )
    numbers = {
        "study": NAME,
        "claims": verdicts("T1:capacity"),
        "delta": DELTA,
        "replicas": count,
        **{
            panel.over: {name: _summed(panel, name, found[panel.over][name]) for name in panel.curves}
            for panel in panels
        },
    }
    return (files.table(COLUMNS, rows), files.numbers(numbers), *files.figure(_draw(panels, found, count)))


def _thinned(panel: Panel) -> Panel:
    return replace(panel, curves={name: places[:: len(places) // 2] for name, places in panel.curves.items()})


def _measured(seed: int, panels: tuple[Panel, ...], k: int) -> Record:
    """By panel and curve: bounds and measured divergences."""
    features, data = np.random.SeedSequence(seed, spawn_key=(k,)).spawn(2)
    models: dict[int, Model] = {}
    known: dict[tuple[float, int, int], tuple[float, float]] = {}
    out: Record = {}
    for panel in panels:
        out[panel.over] = {}
        for name, places in panel.curves.items():
            for place in places:
                if place not in known:
                    time, n, width = place
                    if width not in models:
                        models[width] = _model(width, int(features.generate_state(1)[0] >> 1))
                    known[place] = _point(models[width], time, n, data)
            out[panel.over][name] = np.array([known[place] for place in places]).T.tolist()
    return out


def _model(width: int, seed: int) -> Model:
    return Model(
        sde="ou",
        horizon=1.0,
        width=width,
        count=1,
        comparator="minimiser",
        tau=(1.0,),
        seed=seed,
        **LAW,  # type: ignore[arg-type]
    )


def _point(model: Model, time: float, n: int, seed: np.random.SeedSequence) -> tuple[float, float]:
    """The bound, and the measured divergence of the first n data of the replica."""
    bound = swept(model.capacity, "tau", np.array([time]), n=n, tau=time, delta=DELTA).total[0]
    hat = replace(model, count=n).sample(np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, n)))
    return float(bound), model.learned(GradientFlow(hat, model.initial).parameters(time))[0]


def _summed(panel: Panel, name: str, found: np.ndarray) -> dict[str, object]:
    """Medians of bound and measured over the replicas, and what lies between them."""
    bound, measured = found[:, 0], found[:, 1]
    return {
        panel.over: _axis(panel, name).tolist(),
        "bound": np.median(bound, axis=0).tolist(),
        "measured": np.median(measured, axis=0).tolist(),
        "bound over measured": {
            part: float(get(bound / measured))
            for part, get in {"least": np.nanmin, "median": np.nanmedian, "largest": np.nanmax}.items()
        },
    }


def _axis(panel: Panel, name: str) -> np.ndarray:
    values = np.array([place[_PLACE[panel.over]] for place in panel.curves[name]], dtype=float)
    return values + _FIRST if panel.over == "features" else values


def _draw(panels: tuple[Panel, ...], found: Mapping[str, Mapping[str, np.ndarray]], count: int) -> Figure:
    made = figure(11.0, 4.2)
    for axes, panel in zip(made.subplots(1, len(panels)), panels, strict=True):
        _panel(axes, panel, found[panel.over])
    made.axes[0].set_ylabel("KL(p₀‖ generated), nats")
    made.suptitle(
        f"T1:capacity (thick) and measured (thin), medians of {count} draws of features and data, δ = {DELTA:g}",
        fontsize=10,
    )
    return made


def _panel(axes: Axes, panel: Panel, found: Mapping[str, np.ndarray]) -> None:
    for k, (name, values) in enumerate(found.items()):
        look, x = {**style(k + 1), "marker": ""}, _axis(panel, name)
        axes.plot(x, np.median(values[:, 0], axis=0), linewidth=3.0, alpha=0.55, **look)
        low, middle, high = median_interval(values[:, 1])
        axes.plot(x, middle, linewidth=1.2, label=name, **look)
        axes.fill_between(x, low, high, color="0.85", linewidth=0)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(panel.label)
    axes.set_title(panel.fixed, fontsize=9)
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(frameon=False, fontsize=8)
