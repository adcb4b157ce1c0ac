"""Plans for the norm of an i.i.d. mean: laws of vectors whose every level is enumerated."""

from __future__ import annotations

from verify.evidence.measured import Measured
from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models.sample_means import ERROR, SPECIAL, measure

_LEVELS = Measured(
    measure=measure,
    error=ERROR,
    count=lambda models: len(SPECIAL) + models,
    noun="law",
    many="laws of vectors, every δ",
    note="the deviation of a mean, against its exact quantile",
    shared="laws of vectors",
)

PLANS = tuple(
    Plan(claim=f"CAP:sample{name}", expected=Verdict.PROVED, methods=(_LEVELS,))
    for name in ("-Bousquet", "-differences", "-Pinelis", "-sure", "")
)
