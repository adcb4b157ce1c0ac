"""Plans for the lower tails: laws of matrices whose every level is enumerated."""

from __future__ import annotations

from verify.evidence.measured import Measured
from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models.lower_tails import ERROR, SPECIAL, measure

_LEVELS = Measured(
    measure=measure,
    error=ERROR,
    count=lambda models: len(SPECIAL) + models,
    noun="law",
    many="laws of matrices, every δ",
    note="what the data keep of B+ν, against its exact quantile",
    shared="laws of matrices",
)

PLANS = tuple(
    Plan(claim=f"CAP:lower-tail{name}", expected=Verdict.PROVED, methods=(_LEVELS,))
    for name in ("-sure", "-moment", "-Bernstein", "-Chernoff", "-master", "")
)
