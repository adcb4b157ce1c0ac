"""Early stopping by the bound: what it costs to stop where T1:capacity is least, and not where it is best in truth.

The models are those of `verify.studies.theorem_1_chain`, each with one sample. The bound is known before any datum is
seen: of the law, the features and n. What the sample's flow has at the chosen time, in the population's loss and in the
divergence of what it generates, is set beside the least along the path, and beside training to the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np

from numerics import GradientFlow
from verify.models.theorem_1_models import DELTA
from verify.studies.drawing import Figure, figure, style
from verify.studies.files import Numbers, Output
from verify.studies.replicas import Record, ReplicaKeywords, replicate
from verify.studies.summaries import median, verdicts
from verify.studies.theorem_1_chain import model_at

NAME = "early-stopping"
COLUMNS = ("model", "sde", "horizon", "width", "n", "time", "bound", "loss", "divergence", "resolved")
MODELS = 200
_QUICK = 3
TIMES = tuple(float(time) for time in np.geomspace(1e-2, 1e4, 13))
"""The training times among which both choose."""
_SHARES = {"75 %": 0.75, "95 %": 0.95, "largest": 1.0}
_MEASURED = {"loss": "population's loss", "divergence": "divergence"}


def run(out: Path, quick: bool = True, seed: int = 0, **how: Unpack[ReplicaKeywords]) -> tuple[Path, ...]:
    """Write early-stopping.csv, .json, .png and .svg into an existing directory and return their paths.

    ``quick`` takes few models, otherwise it is `MODELS`, or ``replicas``; each is kept as it ends, and ``resume`` goes
    on from these. ValueError for a directory that cannot be used, ReplicasError for a file of other models.
    """
    files = Output(out, NAME)
    records = replicate(
        partial(_measured, seed),
        files=files,
        settings={"delta": DELTA, "times": list(TIMES)},
        seed=seed,
        usual=_QUICK if quick else MODELS,
        form=lambda _: dict.fromkeys(("bound", *_MEASURED), (len(TIMES),)),
        **how,
    )
    count = len(records)
    found = {name: np.array([record[name] for record in records], dtype=float) for name in ("bound", *_MEASURED)}
    models = [model_at(index, seed) for index in range(count)]
    rows = (
        (k, model.sde, model.horizon, model.features.width, model.count, time,
         *(found[name][k, j] for name in ("bound", *_MEASURED)), bool(np.isfinite(found["divergence"][k, j])))
        for k, model in enumerate(models)
        for j, time in enumerate(TIMES)
    )  # fmt: skip
    costs = {name: _costs(found["bound"], found[name]) for name in _MEASURED}
    numbers: Numbers = {
        "study": NAME,
        "claims": verdicts("T1:capacity"),
        "models": count,
        "delta": DELTA,
        "times": list(TIMES),
        **{name: _numbers(cost) for name, cost in costs.items()},
    }
    return (files.table(COLUMNS, rows), files.numbers(numbers), *files.figure(_draw(costs)))


def _measured(seed: int, k: int) -> Record:
    """Bound, loss and divergence of one model's sample along its training."""
    model = replace(model_at(k, seed), tau=TIMES)
    flow = GradientFlow(model.sample(np.random.SeedSequence(seed, spawn_key=(k, 3))), model.initial)
    path = flow.parameters(np.array(TIMES))
    return {
        "bound": model.totals.tolist(),
        "loss": [max(model.population.loss(one), 0.0) for one in path],
        "divergence": [model.learned(one)[0] for one in path],
    }


def _costs(bound: np.ndarray, measured: np.ndarray) -> Mapping[str, np.ndarray]:
    """Measured at a chosen time over the least of the path, model by model; those without a number are left out.

    By where it is stopped: where the bound is least, at the last time, at the first.
    """
    known = np.isfinite(measured).all(axis=1)
    bound, measured = bound[known], measured[known]
    least = measured.min(axis=1)
    chosen = np.take_along_axis(measured, bound.argmin(axis=1)[:, None], axis=1)[:, 0]
    return {
        "where the bound is least": chosen / least,
        "at the last time": measured[:, -1] / least,
        "at the first time": measured[:, 0] / least,
    }


def _numbers(costs: Mapping[str, np.ndarray]) -> Numbers:
    return {
        where: {
            **median(cost),
            **dict(zip(_SHARES, np.quantile(cost, list(_SHARES.values()), method="higher"), strict=True)),
            "the best time itself": float((cost == 1.0).mean()),
        }
        for where, cost in costs.items()
        if len(cost)
    }


def _draw(costs: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """For each measured quantity the share of the models whose cost is at most so much."""
    made = figure(8.6, 3.8)
    panels = made.subplots(1, len(costs), sharey=True)
    for axes, (name, cost) in zip(panels, costs.items(), strict=True):
        for k, (where, values) in enumerate(cost.items()):
            share = np.arange(1, len(values) + 1) / max(len(values), 1)
            axes.step(np.sort(values) - 1 + _FLOOR, share, where="post", label=f"stopped {where}", **_look(k))
        axes.set_xscale("log")
        axes.set_xlabel(f"{_MEASURED[name]} / its least of the path − 1")
        axes.grid(visible=True, alpha=0.3)
        axes.set_title(f"N = {len(next(iter(cost.values())))} models", fontsize=10)
    panels[0].set_ylabel("share of the models")
    panels[0].legend(frameon=False, fontsize=8, loc=(0.06, 0.18))
    return made


_FLOOR = 1e-6
"""What stands for nothing on a logarithmic axis."""


def _look(k: int) -> dict[str, object]:
    return {**style(k), "marker": ""}
