"""The trade-off in the diffusion time: the bound's terms over T against what a generator really does.

Two modes on the line, against the exact divergence (continuous time, a fixed step, a fixed number of steps); a swiss
roll in the plane and digits in 64 dimensions, against the held-out likelihood of the probability flow and of the same
two samplers. Forward process: Ornstein–Uhlenbeck, ε = 0.01.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from numerics import DiffusedData, ReverseProcess, kl_divergence, log_likelihood, score_losses, sde_density
from numerics.checks.aliases import Score
from theory.sde import OrnsteinUhlenbeck
from verify.bound.horizon import best_time, printed_best_time
from verify.models.chain_likelihoods import ChainLikelihood, chain_likelihood
from verify.models.euler_chains import chain_densities, grid_divergence, line_grid
from verify.models.tradeoff_data import (
    MODES,
    START,
    Field,
    blurred,
    image_vectors,
    swiss_rolls,
    two_mode_density,
    two_mode_scores,
    two_modes,
)
from verify.studies.drawing import Axes, Figure, figure, style
from verify.studies.files import Output
from verify.studies.progress import Progress
from verify.studies.summaries import verdicts

NAME = "time-tradeoff"
COLUMNS = (
    "data",
    "score",
    "T",
    "rate",
    "root rate",
    "information",
    "prior",
    "explicit loss",
    "denoising loss",
    "two data terms",
    "their error",
    "divergence",
    "divergence, fixed step",
    "divergence, fixed count",
    "held-out nats",
    "its standard error",
    "held-out nats, fixed step",
    "held-out nats, fixed count",
    "standard error of fixed count less fixed step",
    "half the draws add",
)
STEP, STEPS = 0.05, 40
LINE_TIMES = (1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120)
"""Horizons of the two modes, in fixed steps after ε: 16 of them."""
ROLL_TIMES = (1, 2, 4, 8, 14, 20, 30, 40, 60, 80, 120)
DIGIT_TIMES = (2, 6, 12, 20, 40, 60, 100)
"""Those of the roll and of the digits, in the same steps."""
BLURS = {"swiss roll": 0.2, "digits": 0.5}
PATH_STEPS = {"swiss roll": 16_000, "digits": 2560}
"""Steps of all paths from one held-out point: the shorter the chain, the more paths."""
SCORE_BOUND = 5.0
_WIDE, _CELLS = 18.0, 720  # of the grid: the Gaussian score's chain has a standard deviation of 3.2


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is computed: every which horizon, random points, points held out, the flow's tolerance, fewest paths."""

    every: int
    samples: int
    held_out: int
    tolerance: float
    paths: int


FULL, QUICK = (
    Size(every=1, samples=4096, held_out=597, tolerance=1e-3, paths=64),
    Size(every=3, samples=256, held_out=20, tolerance=1e-2, paths=4),
)
Row = dict[str, Any]


def run(out: Path, quick: bool = True, seed: int = 0) -> tuple[Path, ...]:
    """Write time-tradeoff.csv, .json, .png and .svg into an existing directory and return their paths.

    ``quick`` takes every third horizon, and fewer points in the plane and beyond; ``seed`` is that of the random points
    there. ValueError for a directory that cannot be used.
    """
    files = Output(out, NAME)
    size = QUICK if quick else FULL
    rows: list[Row] = []
    total = 3 * len(LINE_TIMES[:: size.every]) + len(ROLL_TIMES[:: size.every]) + len(DIGIT_TIMES[:: size.every])
    with Progress(NAME, total) as progress:
        for row in chain(_line(size), _space("swiss roll", size, seed), _space("digits", size, seed)):
            rows.append(row)
            progress.tell(len(rows))
    # the table first: whatever fails later, what took the time is kept
    table = files.table(COLUMNS, [tuple(row.get(name, math.nan) for name in COLUMNS) for row in rows])
    pictures = files.figure(draw(rows))
    numbers = files.numbers(
        {
            "study": NAME,
            "claims": verdicts("IT12:repaired", "IT12:split"),
            "start": START,
            "fixed step": STEP,
            "fixed count": STEPS,
            "findings": findings(rows),
            "printed best times": printed_times(),
            "best time of the bound, two modes": {
                name: best_time(two_modes(), score, sde=OrnsteinUhlenbeck(), start=START, tolerance=1e-6).sentence()
                for name, score in (two_mode_scores().items() if not quick else ())
            },
        }
    )
    return table, numbers, *pictures


def printed_times() -> dict[str, dict[str, float]]:
    """The time T = B/2 at which T2 + T3 of the printed bound is least, exactly and by the Lambert law, L = 5."""
    sets = {"two modes": two_modes(), "swiss roll": swiss_rolls()[0], "digits": image_vectors()[0]}
    found = {name: printed_best_time(data, score_bound=SCORE_BOUND) for name, data in sets.items()}
    return {name: {"exact": 0.5 * time.exact, "law": 0.5 * time.law} for name, time in found.items()}


# The rows ------------------------------------------------------------------------------------------------------------


def _terms(law: DiffusedData, score: Any, times: list[float], how: dict[str, Any]) -> Iterator[Row]:
    losses = score_losses(score, data=law, start=START, horizon=times, **how)
    for k, time in enumerate(times):
        rate, prior = law.rate(time), law.prior(time, **how)
        yield {
            "T": time,
            "rate": float(rate.mean()),
            "root rate": float(np.sqrt(rate).mean()),
            "information": law.information(time, **how).value,
            "prior": prior.value,
            "explicit loss": losses.explicit[k].value,
            "denoising loss": losses.denoising[k].value,
            "two data terms": prior.value + losses.explicit[k].value,
            "their error": prior.error + losses.explicit[k].error,
        }


def _line(size: Size) -> Iterator[Row]:
    law = DiffusedData.ornstein_uhlenbeck(two_modes())
    counts = list(LINE_TIMES[:: size.every])
    times = [START + STEP * count for count in counts]
    x = line_grid(_WIDE, _CELLS)
    p = two_mode_density(x, START)
    for name, score in two_mode_scores().items():
        fixed = [grid_divergence(x, p, q) for q in chain_densities(score, x, start=START, step=STEP, counts=counts)]
        for row, divergence in zip(_terms(law, score, times, {}), fixed, strict=True):
            yield {
                "data": "two modes",
                "score": name,
                **row,
                "divergence": _divergence(score, row["T"]),
                "divergence, fixed step": divergence,
                "divergence, fixed count": _fixed_count(score, row["T"]),
            }


def _divergence(score: Field, horizon: float) -> float:
    """KL(P_ε‖Q) in continuous time."""
    density = sde_density(_process(lambda x, t: score(x[:, None], t)[:, 0], horizon))
    r = MODES * math.exp(-START)
    return float(kl_divergence(_Modes((0.5, 0.5), (-r, r), (1.0, 1.0)), density))


def _process(score: Score, horizon: float, divergence: Score | None = None) -> ReverseProcess:
    return ReverseProcess(
        score=score, divergence=divergence, drift=-1.0, diffusion=math.sqrt(2.0), horizon=horizon, start=START,
        prior_std=1.0,
    )  # fmt: skip


def _fixed_count(score: Field, horizon: float) -> float:
    step = (horizon - START) / STEPS
    x = line_grid(_WIDE, max(_CELLS, math.ceil(4.0 * _WIDE / math.sqrt(2.0 * step))))
    (q,) = chain_densities(score, x, start=START, step=step, counts=[STEPS])
    return grid_divergence(x, two_mode_density(x, START), q)


def _space(name: str, size: Size, seed: int) -> Iterator[Row]:
    points, held_out = swiss_rolls() if name == "swiss roll" else image_vectors()
    held_out = held_out[: size.held_out]
    every = ROLL_TIMES if name == "swiss roll" else DIGIT_TIMES
    law, score = DiffusedData.ornstein_uhlenbeck(points), blurred(points, BLURS[name])
    how = {"samples": size.samples, "rng": seed}
    counts = list(every[:: size.every])
    rows = _terms(law, score, [START + STEP * count for count in counts], how)
    for count, row in zip(counts, rows, strict=True):
        process = _process(score.score, row["T"], score.divergence)
        nats = -log_likelihood(held_out, process, tolerance=size.tolerance).nats

        def chain_of(steps: int, horizon: float = row["T"]) -> ChainLikelihood:
            draws = 2 * max(size.paths // 2, PATH_STEPS[name] // (2 * steps))
            step = (horizon - START) / steps
            return chain_likelihood(held_out, score, start=START, step=step, count=steps, draws=draws, rng=seed)

        by_step, by_count = chain_of(count), chain_of(STEPS)
        yield {
            "data": name,
            "score": f"blurred by {BLURS[name]:g}",
            **row,
            "held-out nats": float(nats.mean()),
            "its standard error": standard_error(nats),
            "held-out nats, fixed step": float(by_step.nats.mean()),
            "held-out nats, fixed count": float(by_count.nats.mean()),
            "standard error of fixed count less fixed step": standard_error(by_count.nats - by_step.nats),
            "half the draws add": max(by_step.excess, by_count.excess),
        }


def standard_error(values: np.ndarray) -> float:
    """Of the mean of independent values (n,)."""
    return float(values.std(ddof=1)) / math.sqrt(len(values))


class _Modes:
    """A mixture on the line."""

    def __init__(self, weights: tuple[float, ...], means: tuple[float, ...], variances: tuple[float, ...]):
        self.weights, self.means, self.variances = weights, means, variances


# What choosing T by the bound gains ----------------------------------------------------------------------------------


def findings(rows: list[Row]) -> dict[str, dict[str, float]]:
    """For each data and score: the horizon that the two data terms choose, the truth's best one, and what each costs.

    "loss by the bound": the truth at the bound's horizon less that at the longest; negative would be a gain.
    """
    found = {}
    for name in dict.fromkeys((row["data"], row["score"]) for row in rows):
        own = [row for row in rows if (row["data"], row["score"]) == name]
        truth = "divergence" if "divergence" in own[0] else "held-out nats"
        chosen = min(own, key=lambda row: row["two data terms"])
        best = min(own, key=lambda row, truth=truth: row[truth])
        found[", ".join(name)] = {
            "T by the two data terms": chosen["T"],
            "best T": best["T"],
            "longest T": own[-1]["T"],
            f"{truth} at the bound's T": chosen[truth],
            f"{truth} at the best T": best[truth],
            f"{truth} at the longest T": own[-1][truth],
            "loss by the bound against the longest T": chosen[truth] - own[-1][truth],
            "possible gain over the longest T": own[-1][truth] - best[truth],
        }
        for kind in (f"{truth}, fixed step", f"{truth}, fixed count"):
            least = min(own, key=lambda row, kind=kind: row[kind])
            found[", ".join(name)] |= {f"best T, {kind}": least["T"], kind: least[kind]}
    return found


# The figure ----------------------------------------------------------------------------------------------------------

_PANELS = (
    ("two modes", "law"),
    ("two modes", "blurred"),
    ("two modes", "gaussian"),
    ("swiss roll", ""),
    ("digits", ""),
)


def draw(rows: list[Row]) -> Figure:
    """Above: the terms over T; below: the truth. A column for each data and score."""
    made = figure(15.0, 6.4)
    axes = made.subplots(2, len(_PANELS), squeeze=False)
    for k, (data, score) in enumerate(_PANELS):
        own = [row for row in rows if row["data"] == data and (not score or row["score"] == score)]
        _upper(axes[0, k], own)
        _lower(axes[1, k], own)
        axes[0, k].set_title(f"{data}, {own[0]['score']}" + (" score" if score else ""), fontsize=9)
        axes[1, k].set_xlabel("T")
        for one in axes[:, k]:
            one.set_xscale("log")
            one.grid(visible=True, alpha=0.25)
    axes[0, 0].set_ylabel("terms of the bound   (nats)")
    axes[1, 0].set_ylabel("KL(P_ε‖Q)   (nats)")
    axes[1, 3].set_ylabel("held-out −log q   (nats)")
    axes[0, 0].legend(frameon=False, fontsize=7)
    axes[1, 0].legend(frameon=False, fontsize=7)
    axes[1, 3].legend(frameon=False, fontsize=7)
    return made


def _upper(axes: Axes, rows: list[Row]) -> None:
    times = [row["T"] for row in rows]
    for k, (key, label) in enumerate(
        {
            "prior": "KL(p̂_T‖π)",
            "explicit loss": "L̂_ESM",
            "two data terms": "their sum",
            "root rate": "mean √KL(E_T(x)‖π)",
            "information": "Î_T",
        }.items()
    ):
        axes.plot(times, [max(row[key], 1e-12) for row in rows], label=label, **style(k))
    axes.set_yscale("log")
    axes.set_ylim(bottom=1e-6)


def _lower(axes: Axes, rows: list[Row]) -> None:
    times = [row["T"] for row in rows]
    if "held-out nats" in rows[0]:
        for k, (key, label) in enumerate(
            {
                "held-out nats": "probability flow, ± 2 standard errors",
                "held-out nats, fixed step": f"step {STEP:g}",
                "held-out nats, fixed count": f"{STEPS} steps",
            }.items()
        ):
            values, errors = [row[key] for row in rows], [2 * row["its standard error"] for row in rows]
            look = {**style(k), "marker": "os^"[k]}
            axes.errorbar(times, values, yerr=None if k else errors, capsize=2, label=label, **look)
        return
    for k, (key, label) in enumerate(
        {
            "divergence": "continuous time",
            "divergence, fixed step": f"step {STEP:g}",
            "divergence, fixed count": f"{STEPS} steps",
        }.items()
    ):
        axes.plot(times, [row[key] for row in rows], label=label, **{**style(k), "marker": "os^"[k]})
    axes.set_yscale("log")
