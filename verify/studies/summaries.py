"""What replicas say, with exact intervals: medians by order statistics, shares by the binomial, verdicts on claims."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom, binomtest

from numerics.statistics.sequential import BernoulliTest
from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS
from verify.evidence.verdict import Verdict
from verify.models.replica_tests import level as level_of
from verify.models.replica_tests import violated
from verify.plans import PLANS
from verify.studies.files import Numbers

LEVEL = 0.95
"""The confidence level of every interval that is drawn or written, each for itself."""
BAND = (0.05, 0.95)
"""The quantiles between which nine runs of ten lie."""


def median_interval(values: ArrayLike, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Low end, median and high end for the columns of values (N, …), NaN counting as larger than every number.

    The ends are order statistics: the interval holds the population's median with probability at least ``level`` for
    every law, P = 1 − 2 P(Bin(N, ½) < k). Where N is too small for the level they are infinite, and NaN in the values'
    place comes back as infinity.
    """
    ordered = np.sort(np.where(np.isnan(values), np.inf, values), axis=0)
    count = len(ordered)
    k = int(binom.ppf((1 - level) / 2, count, 0.5))
    low, high = (
        (ordered[k - 1], ordered[count - k])
        if k > 0
        else (np.full_like(ordered[0], -np.inf), np.full_like(ordered[0], np.inf))
    )
    return low, ordered[(count - 1) // 2], high


def band(values: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """The `BAND` quantiles of the columns of values (N, …), NaN counting as infinite."""
    ordered = np.where(np.isnan(values), np.inf, values)
    low, high = np.quantile(ordered, BAND, axis=0, method="inverted_cdf")
    return low, high


def share(flags: ArrayLike, level: float = LEVEL) -> Numbers:
    """How often something was seen, with the exact (Clopper–Pearson) interval of its probability."""
    seen = np.asarray(flags, dtype=bool)
    if not len(seen):
        return {"share": math.nan, "interval": [0.0, 1.0], "level": level, "replicas": 0}
    interval = binomtest(int(seen.sum()), len(seen)).proportion_ci(level, method="exact")
    return {
        "share": float(seen.mean()),
        "interval": [float(interval.low), float(interval.high)],
        "level": level,
        "replicas": len(seen),
    }


def median(values: np.ndarray, level: float = LEVEL) -> Numbers:
    """The median of numbers (N,) with its interval, as JSON holds it; NaN where there are none."""
    if not len(values):
        return {"median": math.nan, "interval": [-math.inf, math.inf], "level": level, "replicas": 0}
    low, middle, high = (float(end) for end in median_interval(values, level))
    return {"median": middle, "interval": [low, high], "level": level, "replicas": len(values)}


def judge(claim_id: str, found: Iterable[Mapping[str, float]]) -> Numbers:
    """A verdict on a claim of the figures from its symbols' values on independent replicas, one after the other.

    The test and the level are the audit's: anytime-valid, wrong with probability at most α.
    """
    claim = REGISTRY[claim_id]
    test = BernoulliTest(bound=float(1 - level_of(claim)), alpha=BUDGETS["quick"].alpha)
    wrong = violated(claim)
    for values in found:
        test.update(int(wrong(values)), 1)
    verdict = {"supported": Verdict.SUPPORTED, "refuted": Verdict.REFUTED}.get(test.decision, Verdict.UNDECIDED)
    low, high = test.interval()
    return {
        "claim": claim_id,
        "sentence": claim.sentence,
        "verdict": str(verdict),
        "expected": str(PLANS[claim_id].expected),
        "alpha": test.alpha,
        "replicas": test.trials,
        "violations": test.violations,
        "violation probability in": [low, high],
        "may be": test.bound,
    }


def verdicts(*ids: str) -> dict[str, str]:
    """The verdict that the plan of each claim expects, and an audit establishes."""
    return {name: str(PLANS[name].expected) for name in ids}


def ratios(values: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Value over reference on the replicas whose reference is finite, which had not diverged there: (k,), k <= N."""
    alive = np.isfinite(references)
    return values[alive] / references[alive]


def finite(values: ArrayLike) -> np.ndarray:
    """The values with infinity in the place of NaN: a run that diverged."""
    return np.where(np.isnan(values), math.inf, np.asarray(values, dtype=float))
