"""The terms of the diffusion bound against the number of data: two modes on the line, samples drawn over and over.

P = ½N(−3, 1) + ½N(3, 1), Ornstein–Uhlenbeck, ε = 0.01, T = 1; every term by quadrature on each sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Unpack

import numpy as np

from numerics import DiffusedData, mixture_kl, score_losses
from numerics.statistics import streams
from numerics.statistics.streams import Tag
from verify.models.tradeoff_data import MODES, START, blurred
from verify.studies.drawing import Figure, figure, style
from verify.studies.files import Numbers, Output
from verify.studies.grids.fits import decay, told
from verify.studies.replicas import Record, ReplicaKeywords, column, replicate
from verify.studies.summaries import verdicts

NAME = "terms-against-n"
COLUMNS = ("n", "replica", "quantity", "value")
HORIZON, BLUR, SCORE_BOUND, LOSS_RANGE = 1.0, 0.5, 5.0, 2.0
TERMS = {
    "rate": "mean KL(E_T(x_i)‖π)",
    "root rate": "mean √KL(E_T(x_i)‖π)",
    "prior": "KL(p̂_T‖π)",
    "excess at T": "KL(p̂_T‖p_T)",
    "excess at ε": "KL(p̂_ε‖p_ε)",
    "explicit loss, law": "L̂_ESM of the law's score",
}
"""What is measured on samples of every n."""
LEARNER = {
    "explicit loss, learner": "L̂_ESM of the blurred data's score",
    "population loss, learner": "L_ESM of that",
    "gap, learner": "L_DSM − L̂_DSM of that, beyond the law's score's",
}
"""What is measured up to the largest n of the learner."""
FITTED = ("excess at T", "excess at ε", "explicit loss, law", "gap, learner")
"""What falls to 0 with n: their exponents are fitted."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is computed: numbers of data, the largest one at which a learner is measured, replicas."""

    counts: tuple[int, ...]
    learner: int
    replicas: int


FULL = Size(counts=(10, 30, 100, 300, 1000), learner=300, replicas=60)
QUICK = Size(counts=(10, 30, 100), learner=30, replicas=6)


def run(out: Path, quick: bool = True, seed: int = 0, **how: Unpack[ReplicaKeywords]) -> tuple[Path, ...]:
    """Write terms-against-n.csv, .json, .png, .svg and the replicas into an existing directory; return their paths.

    ``quick`` takes fewer n and replicas; ``replicas``, ``resume``, ``workers`` and ``executor`` as in `replicate`.
    """
    files, size = Output(out, NAME), QUICK if quick else FULL
    names = {n: (*TERMS, *(LEARNER if n <= size.learner else ())) for n in size.counts}
    records = replicate(
        partial(measure, size, seed),
        files=files,
        settings={"counts": list(size.counts), "learner": size.learner},
        seed=seed,
        usual=size.replicas,
        form=lambda _: {key_of(name, n): () for n, own in names.items() for name in own},
        **how,
    )
    rows = [(n, k, name, record[key_of(name, n)])
            for k, record in enumerate(records) for n, own in names.items() for name in own]  # fmt: skip
    numbers = {
        "study": NAME,
        "seed": seed,
        "replicas": len(records),
        "claims": verdicts("IT3:plug-in", "IT3:excess", "IT12:repaired", "IT12:exact"),
        **summary(records, size),
    }
    return files.table(COLUMNS, rows), files.numbers(numbers), *files.figure(draw(records, size))


def key_of(name: str, count: int) -> str:
    """How a record calls a quantity at n."""
    return f"{name} at n = {count}"


# What is measured ----------------------------------------------------------------------------------------------------


def measure(size: Size, seed: int, replica: int) -> dict[str, float]:
    """Every term on one sample of each n."""
    return {
        key_of(name, n): value
        for n in size.counts
        for name, value in on_sample(sample(seed, replica, n), learner=n <= size.learner).items()
    }


def sample(seed: int, replica: int, count: int) -> np.ndarray:
    """n draws from ½N(−3, 1) + ½N(3, 1)."""
    rng = streams.generator(seed, Tag.SAMPLES_AGAINST_N, replica, count)
    return np.where(rng.random(count) < 0.5, -MODES, MODES) + rng.standard_normal(count)


def law() -> DiffusedData:
    """P under the process: two points blurred by 1."""
    return blurred(np.array([-MODES, MODES]), 1.0)


def on_sample(data: np.ndarray, *, learner: bool) -> dict[str, float]:
    """The terms of one sample.

    L̂_ESM of the law's score is KL(p̂_ε‖p_ε) − KL(p̂_T‖p_T): two laws under the same process come closer by half the
    integral of g² times the mean squared difference of their scores. Where I(X; X_T) is the information of the law,
    E KL(p̂_T‖p_T) = I(X; X_T) − E Î_T (IT4:data), and it scatters less from sample to sample. The gap of a learner's
    loss holds Î_ε − Î_T, as that of the law's own score does, whose mean is 0: the difference is L_ESM − L̂_ESM + L̂_ESM
    of the law's score.
    """
    diffused, target = DiffusedData.ornstein_uhlenbeck(data), law()
    rates = diffused.rate(HORIZON)
    late, early = (mixture_kl(diffused.mixture(t), target.mixture(t)).value for t in (HORIZON, START))
    found = {
        "rate": float(rates.mean()),
        "root rate": float(np.sqrt(rates).mean()),
        "prior": diffused.prior(HORIZON).value,
        "excess at T": late,
        "excess at ε": early,
        "explicit loss, law": early - late,
    }
    if learner:
        score = blurred(data, BLUR)
        own, other = (score_losses(score, data=of, start=START, horizon=HORIZON).explicit[0].value
                      for of in (diffused, target))  # fmt: skip
        found |= {
            "explicit loss, learner": own,
            "population loss, learner": other,
            "gap, learner": other - own + found["explicit loss, law"],
        }
    return found


def chi_square(time: float) -> float:
    """χ²(X; X_t) = E ∫ E_t(X)²/p_t − 1 of the law, by the trapezoidal rule on a uniform grid.

    E E_t(X)² is that of r X + a centred normal of half the kernel's variance, over the kernel's 2 √π std. The variance
    is nearly that of p_t where t is small, so that the quotient has long tails, and logarithms are taken.
    """
    a = math.exp(-2.0 * time)
    variance, r = 0.5 * (1.0 + a), MODES * math.sqrt(a)
    y = np.linspace(-1.0, 1.0, 40_001) * (r + 10.0 * math.sqrt(variance / (1.0 - variance)))
    logs = -0.5 * (variance**-1 - 1.0) * y**2 + (1.0 - variance**-1) * 0.5 * r**2
    logs += np.logaddexp(r * y / variance, -r * y / variance) - np.logaddexp(r * y, -r * y)
    scale = 2.0 * math.sqrt(math.pi * (1.0 - a) * variance)
    return float(y[1] - y[0]) * float(np.exp(logs).sum()) / scale - 1.0


BOUNDS: Mapping[str, Callable[[int], float]] = {
    "log(1 + χ²/n) at T": lambda n: math.log1p(chi_square(HORIZON) / n),
    "log(1 + χ²/n) at ε": lambda n: math.log1p(chi_square(START) / n),
    "T3 as printed, R = 1, L = 5": lambda n: SCORE_BOUND * math.sqrt(2.0 * HORIZON / n),
    "b√(Ī/2) of a Gaussian mean, b = 2": lambda n: LOSS_RANGE * math.sqrt(0.25 * math.log(n / (n - 1))),
}
"""What depends on n alone."""


# What was found ------------------------------------------------------------------------------------------------------


def values_of(records: Sequence[Record], name: str, counts: Sequence[int]) -> np.ndarray:
    """A quantity as (replicas, numbers of data)."""
    return np.column_stack([column(records, key_of(name, n)) for n in counts])


def _counts(name: str, size: Size) -> list[int]:
    return [n for n in size.counts if n <= size.learner or name in TERMS]


def summary(records: Sequence[Record], size: Size) -> Numbers:
    """Means with standard errors, and exponents of what falls to 0."""
    found: Numbers = {}
    for name, meaning in (TERMS | LEARNER).items():
        counts = _counts(name, size)
        values = values_of(records, name, counts)
        found[name] = {"is": meaning, "n": counts, "mean": values.mean(axis=0).tolist()}
        if len(records) > 1:
            found[name]["standard error"] = (values.std(axis=0, ddof=1) / math.sqrt(len(values))).tolist()
        if name in FITTED and len(counts) > 1 and np.all(values.mean(axis=0) > 0.0):
            found[name]["exponent of n"] = told(*decay(np.array(counts), values))
    bounds = {name: [bound(n) for n in size.counts] for name, bound in BOUNDS.items()}
    return {"terms": found, "depends on n alone": {"n": list(size.counts), **bounds}}


def draw(records: Sequence[Record], size: Size) -> Figure:
    """Left: what the data's terms have too much, its bound, and what falls like 1/√n; right: a learner's losses."""
    made = figure(11.0, 4.4)
    axes = made.subplots(1, 2)
    panels = (("excess at T", "excess at ε", "explicit loss, law"), tuple(LEARNER))
    for one, names in zip(axes, panels, strict=True):
        for k, name in enumerate(names):
            counts = _counts(name, size)
            values = values_of(records, name, counts)
            errors = 2.0 * values.std(axis=0) / math.sqrt(max(len(values) - 1, 1))
            look = {**style(k), "marker": "os^"[k], "markevery": 1}
            one.errorbar(counts, values.mean(axis=0), yerr=errors, capsize=2, label=(TERMS | LEARNER)[name], **look)
        one.set_xscale("log")
        one.set_yscale("log")
        one.set_xlabel("number n of data")
        one.grid(visible=True, alpha=0.25)
    for k, (name, bound) in enumerate(BOUNDS.items()):
        axes[0].plot(size.counts, [bound(n) for n in size.counts], label=name, **style(k + 3))
    for one in axes:
        one.legend(frameon=False, fontsize=7)
    axes[0].set_ylabel("nats, mean of the samples ± 2 standard errors")
    axes[0].set_title(f"terms that the data give, T = {HORIZON:g}", fontsize=10)
    axes[1].set_title(f"the score of the data blurred by {BLUR:g}", fontsize=10)
    return made
