"""The repaired Theorem 1 on random models: bound over measured, link by link and in total.

Each model (`verify.models.theorem_1_models`: SDE, bounded law, features, n, comparator) is trained until three times τ
of eight decades. Links with a deviation or a residual on their right side take the measured deviations, so that each
ratio is what its link loses by itself; the totals take the constants of the data law alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np

from theory.claims import REGISTRY
from theory.evaluation import Evaluation
from theory.statement import WithProbability
from verify.evidence.measured import Values
from verify.models.theorem_1_models import DELTA, FLOAT, Model, draw, measure
from verify.studies.drawing import Figure, figure
from verify.studies.files import Numbers, Output
from verify.studies.replicas import ReplicaKeywords, replicate
from verify.studies.summaries import verdicts

NAME = "theorem-1"
COLUMNS = (
    "model",
    "sde",
    "horizon",
    "width",
    "n",
    "comparator",
    "time",
    "link",
    "claim",
    "measured",
    "bound",
    "slack",
    "bound over measured",
    "resolved",
    "violated",
)
MODELS = 480
_QUICK = 4
QUANTILES = {"least": 0.0, "5 %": 0.05, "25 %": 0.25, "median": 0.5, "75 %": 0.75, "95 %": 0.95, "largest": 1.0}

LINKS: Mapping[str, tuple[str, str]] = {
    "norm": ("T1:norm", "distance to the comparator, squared"),
    "concentration of B": ("T1:concentration-B", "‖B̂ − B‖"),
    "concentration of G": ("T1:concentration-G", "half-gradient at the comparator"),
    "flow error": ("T1:parameter-error", "‖Θ̂ − Θ‖, residual at its bound"),
    "score error": ("T1:score-error", "‖(Θ̂ − Θ)B^½‖², residual at its bound"),
    "loss": ("T1:loss", "population loss"),
    "divergence": ("L2:repaired", "KL from the measured loss"),
    "loss, capacity": ("CAP:path", "root of the excess loss, noise at its bound"),
    "total": ("T1:repaired", "KL, the whole chain"),
    "total, simple": ("T1:simple", "KL, separate terms"),
    "total, capacity": ("T1:capacity", "KL, by capacity"),
}
"""Link, its claim, what is measured."""
_PER_SAMPLE = ("concentration of B", "concentration of G")
_NUMBERS = ("time", "measured", "bound", "slack")
_DIVERGENCES = ("divergence", "total", "total, simple", "total, capacity")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One link on one model at one training time (nan: at all of them)."""

    link: str
    time: float
    measured: float
    bound: float
    slack: float

    @property
    def resolved(self) -> bool:
        """Whether both sides are numbers."""
        return bool(np.isfinite(self.measured) and np.isfinite(self.bound))

    @property
    def violated(self) -> bool:
        """Whether the measured side exceeds its bound by more than the errors of both."""
        return self.resolved and self.measured > self.bound + self.slack

    @property
    def ratio(self) -> float:
        """Bound over measured: inf where nothing is measured."""
        if not self.resolved:
            return float("nan")
        return self.bound / self.measured if self.measured > 0 else float("inf")


def model_at(index: int, seed: int) -> Model:
    """The random model of an index."""
    return draw(np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index, 0))))


def links(model: Model, seed: np.random.SeedSequence) -> Iterator[Row]:
    """Every link of the chain on a sample of a model's data."""
    values = measure(model, seed)
    found = np.array([model.learned(parameters) for parameters in values["parameters"]])
    values |= {"kl_learned": found[:, 0]}
    noise = found[:, 1] + model.horizon * model.quadrature_error
    residual = REGISTRY["T1:residual"].evaluate(**_known("T1:residual", values, left=False)).right
    by_capacity = model.by_capacity
    special = {
        "flow error": {"residual": residual},
        "score error": {"residual": residual},
        "divergence": {"loss_likelihood": values["loss_hat"], "kl_sde": values["kl_learned"]},
        "loss, capacity": model.by_capacity
        | {"gain": 0.0, "noise_end": 0.0, "noise_path": by_capacity["noise_leading"] + by_capacity["noise_rest"]},
        "total, capacity": model.by_capacity,
    }
    for link, (claim, _) in LINKS.items():
        known = {**values, **special.get(link, {})}
        for k in range(1 if link in _PER_SAMPLE else len(model.tau)):
            here = {
                name: value[k] if np.ndim(value) == 1 else value
                for name, value in known.items()
                if name != "parameters"
            }
            time = np.nan if link in _PER_SAMPLE else model.tau[k]
            if link in _DIVERGENCES and not np.isfinite(found[k]).all():
                yield Row(link=link, time=time, measured=np.nan, bound=np.nan, slack=np.nan)
                continue
            result = REGISTRY[claim].evaluate(**_known(claim, here))
            yield Row(
                link=link,
                time=time,
                measured=float(_left(result)),
                bound=float(result.right),
                slack=_slack(result) + (float(noise[k]) if link in _DIVERGENCES else 0.0),
            )


def _known(claim: str, values: Values, *, left: bool = True) -> Values:
    names = {str(symbol) for symbol in REGISTRY[claim].symbols}
    if not left:
        names -= {str(symbol) for symbol in REGISTRY[claim].left().free_symbols}
    return {name: value for name, value in values.items() if name in names}


def _left(result: Evaluation) -> np.ndarray:
    if result.left is None:
        raise ValueError("values must hold every symbol of the left side; measure it as well")
    return result.left


def _slack(result: Evaluation) -> float:
    return FLOAT * float(sum(np.abs(term) for term in result.terms.values()))


def run(out: Path, quick: bool = True, seed: int = 0, **how: Unpack[ReplicaKeywords]) -> tuple[Path, ...]:
    """Write theorem-1.csv, .json, .png and .svg into an existing directory and return their paths.

    ``quick`` takes few models, otherwise it is `MODELS`, or ``replicas``; each is kept as it ends, and ``resume`` goes
    on from these. ValueError for a directory that cannot be used, ReplicasError for a file of other models.
    """
    files = Output(out, NAME)

    settings = {"links": list(LINKS), "delta": DELTA}
    records = replicate(
        partial(_measured, seed),
        files=files,
        settings=settings,
        seed=seed,
        usual=_QUICK if quick else MODELS,
        form=lambda _: {"rows": None},
        **how,
    )
    count = len(records)
    models = [model_at(index, seed) for index in range(count)]
    rows = [
        (index, models[index], Row(link=link, **dict(zip(_NUMBERS, map(_number, numbers), strict=True))))
        for index, record in enumerate(records)
        for link, *numbers in record["rows"]
    ]
    table = (
        (
            index,
            model.sde,
            model.horizon,
            model.features.width,
            model.count,
            model.comparator,
            row.time,
            row.link,
            LINKS[row.link][0],
            row.measured,
            row.bound,
            row.slack,
            row.ratio,
            row.resolved,
            row.violated,
        )
        for index, model, row in rows
    )
    found = {link: [row for _, _, row in rows if row.link == link] for link in LINKS}
    return (files.table(COLUMNS, table), files.numbers(_numbers(found, count)), *files.figure(_draw(found, count)))


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _measured(seed: int, k: int) -> dict[str, object]:
    """The links of one model."""
    rows = links(model_at(k, seed), np.random.SeedSequence(seed, spawn_key=(k, 1)))
    return {"rows": [[row.link, row.time, row.measured, row.bound, row.slack] for row in rows]}


def _numbers(found: Mapping[str, Sequence[Row]], models: int) -> Numbers:
    summary = {}
    for link, rows in found.items():
        claim, measured = LINKS[link]
        ratios = _ratios(rows)
        known = [row for row in rows if row.resolved]
        quantiles = (
            dict(zip(QUANTILES, np.quantile(ratios, list(QUANTILES.values()), method="lower"), strict=True))
            if len(ratios)
            else {}
        )
        summary[link] = {
            "claim": claim,
            "measured": measured,
            "instances": len(rows),
            "resolved": len(known),
            "unresolved": len(rows) - len(known),
            "nothing measured": len(known) - len(ratios),
            "violations": sum(row.violated for row in rows),
            "with probability": isinstance(REGISTRY[claim].quantifier, WithProbability),
            "bound over measured": quantiles,
        }
    return {
        "study": NAME,
        "claims": verdicts(*(claim for claim, _ in LINKS.values())),
        "models": models,
        "delta": DELTA,
        "violations": sum(entry["violations"] for entry in summary.values()),
        "links": summary,
    }


def _ratios(rows: Sequence[Row]) -> np.ndarray:
    ratios = np.array([row.ratio for row in rows])
    return ratios[np.isfinite(ratios)]


def _draw(found: Mapping[str, Sequence[Row]], models: int) -> Figure:
    """One row per link: a line over all ratios, a thick one from 5 to 95 %, a box of the middle half, the median."""
    made = figure(8.4, 5.2)
    axes = made.subplots()
    labels = []
    for place, (link, rows) in enumerate(found.items()):
        ratios = _ratios(rows)
        labels.append(f"{link} ({LINKS[link][0]})\n{LINKS[link][1]}; N = {len(ratios)}")
        if not len(ratios):
            continue
        least, low, first, middle, third, high, largest = np.quantile(ratios, list(QUANTILES.values()))
        told = place == 0
        axes.plot([least, largest], [place] * 2, color="0.6", linewidth=1, label="all" if told else None)
        axes.plot(
            [low, high],
            [place] * 2,
            color="0.4",
            linewidth=3.5,
            label="5 % to 95 %" if told else None,
            solid_capstyle="butt",
        )
        axes.barh(
            place,
            third - first,
            left=first,
            height=0.5,
            facecolor="0.85",
            edgecolor="black",
            zorder=3,
            label="middle half" if told else None,
        )
        axes.plot(
            [middle],
            [place],
            color="#d55e00",
            marker="|",
            markersize=12,
            markeredgewidth=2.5,
            zorder=4,
            linestyle="none",
            label="median" if told else None,
        )
    axes.axvline(1.0, color="black", linewidth=1.0, linestyle="--", label="violated to the left")
    axes.set_xscale("log")
    axes.set_xlim(0.5, 3 * max((float(_ratios(rows).max(initial=1.0)) for rows in found.values()), default=1.0))
    axes.set_yticks(range(len(labels)), labels, fontsize=7)
    axes.invert_yaxis()
    axes.set_xlabel("bound / measured   (no unit)")
    axes.set_title(f"Theorem 1, repaired: what each link loses, {models} random models, δ = {DELTA:g}", fontsize=10)
    axes.grid(visible=True, axis="x", alpha=0.25)
    axes.legend(frameon=False, fontsize=7, loc="lower right")
    return made
