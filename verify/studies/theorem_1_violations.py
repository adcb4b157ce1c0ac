"""How often the bound by capacity fails: the loss on thousands of samples of each of many random models.

The models are those of `verify.studies.theorem_1_chain`, their law that of its quadrature's nodes, from which thousands
of samples are drawn and trained exactly. What is counted is how often √(L̃(Θ̂(τ))−min L̃) exceeds CAP:path's bound at δ:
all that is random in T1:capacity, which cannot fail where this does not.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np
from scipy.stats import binomtest

from verify.evidence.verdict import Verdict
from verify.models.resampled_flows import excess_of_samples
from verify.models.theorem_1_models import DELTA, FLOAT
from verify.studies.drawing import Figure, figure
from verify.studies.files import Output
from verify.studies.replicas import Record, ReplicaKeywords, replicate
from verify.studies.summaries import verdicts
from verify.studies.theorem_1_chain import QUANTILES, model_at

NAME = "theorem-1-violations"
COLUMNS = (
    "model", "sde", "horizon", "width", "n", "time", "bound", "without data", "quantile", "largest", "violations",
    "violations without data", "p-value",
)  # fmt: skip
MODELS, DRAWS = 100, 2000
_QUICK, _QUICK_DRAWS = 4, 500
LEVEL = 1e-6
"""Probability of refuting a true bound, all tests together."""
NODES = 64
_TIMES = 3
_MEASURED = ("bound", "root", "quantile", "largest", "violations", "violations of root")


def run(out: Path, quick: bool = True, seed: int = 0, **how: Unpack[ReplicaKeywords]) -> tuple[Path, ...]:
    """Write theorem-1-violations.csv, .json, .png and .svg into an existing directory and return their paths.

    ``quick`` takes few models and samples, otherwise they are `MODELS`, or ``replicas``, and `DRAWS`; each model is
    kept as it ends, and ``resume`` goes on from these. ValueError for a directory that cannot be used, ReplicasError
    for a file of other models.
    """
    files, draws = Output(out, NAME), _QUICK_DRAWS if quick else DRAWS
    records = replicate(
        partial(_measured, seed, draws),
        files=files,
        settings={"delta": DELTA, "draws": draws, "nodes": NODES},
        seed=seed,
        usual=_QUICK if quick else MODELS,
        form=lambda _: dict.fromkeys(("times", *_MEASURED), (_TIMES,)),
        **how,
    )
    count = len(records)
    found = {name: np.array([record[name] for record in records]) for name in ("times", *_MEASURED)}
    p = np.array([[_p_value(int(k), draws) for k in row] for row in found["violations"]])
    ratio = found["bound"] / found["quantile"]
    models = [model_at(index, seed) for index in range(count)]
    rows = (
        (k, model.sde, model.horizon, model.features.width, model.count, found["times"][k][j],
         *(found[name][k][j] for name in _MEASURED), p[k][j])
        for k, model in enumerate(models)
        for j in range(_TIMES)
    )  # fmt: skip
    refuted = bool((p * p.size < LEVEL).any())
    numbers = {
        "study": NAME,
        "claims": verdicts("CAP:path", "T1:capacity"),
        "models": count,
        "draws": draws,
        "delta": DELTA,
        "tests": p.size,
        "level of all tests": LEVEL,
        "verdict": str(Verdict.REFUTED if refuted else Verdict.SUPPORTED),
        "violations": int(found["violations"].sum()),
        "allowed on average": DELTA * draws * p.size,
        "least p-value": float(p.min()),
        "share of violations where what data add is left out": float(
            found["violations of root"].sum() / draws / p.size
        ),
        "bound over the quantile of 1 - delta": dict(
            zip(QUANTILES, np.quantile(ratio, list(QUANTILES.values()), method="lower"), strict=True)
        ),
        "bound over the largest": {"least": float((found["bound"] / found["largest"]).min())},
    }
    drawn = _draw(np.array([model.count for model in models]), ratio, draws)
    return (files.table(COLUMNS, rows), files.numbers(numbers), *files.figure(drawn))


def _p_value(violations: int, draws: int) -> float:
    """Of as many violations or more, if each has the probability δ."""
    return float(binomtest(violations, draws, DELTA, alternative="greater").pvalue)


def _measured(seed: int, draws: int, k: int) -> Record:
    """Bounds and counts of one model at its training times."""
    model = replace(model_at(k, seed), nodes=NODES)
    bounds = [model.capacity.best(tau=tau, n=model.count, delta=DELTA) for tau in model.tau]
    total, root = (np.array([getattr(bound, name) for bound in bounds]) for name in ("total", "root"))
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(k, 2)))
    excess = excess_of_samples(model.capacity.capacity, np.array(model.tau), n=model.count, draws=draws, rng=rng)
    sizes = np.sort(np.sqrt(excess), axis=1)
    return {
        "times": list(model.tau),
        "bound": total.tolist(),
        "root": root.tolist(),
        "quantile": np.quantile(sizes, 1 - DELTA, axis=1, method="inverted_cdf").tolist(),
        "largest": sizes[:, -1].tolist(),
        "violations": (sizes > total[:, None] * (1 + FLOAT)).sum(axis=1).tolist(),
        "violations of root": (sizes > root[:, None] * (1 + FLOAT)).sum(axis=1).tolist(),
    }


def _draw(counts: np.ndarray, ratio: np.ndarray, draws: int) -> Figure:
    made = figure(6.4, 4.0)
    axes = made.subplots()
    axes.plot(np.repeat(counts, _TIMES), ratio.ravel(), "o", color="#0072b2", markersize=3.5, alpha=0.6)
    axes.axhline(1.0, color="black", linewidth=1.0, linestyle="--", label="violated below")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("n")
    axes.set_ylabel("bound / measured quantile of 1 − δ   (no unit)")
    axes.set_title(f"√(excess of the loss): {len(counts)} models, {draws} samples each, δ = {DELTA:g}", fontsize=10)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(frameon=False, fontsize=8)
    return made
