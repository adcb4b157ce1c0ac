"""Plans for rates: samples that are enumerated, stopped at the time of the rate."""

from __future__ import annotations

from verify.evidence.measured import Measured
from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models import stopped_samples as samples

_SAMPLES = Measured(
    measure=samples.measure_stopped,
    error=samples.ERROR,
    count=lambda models: len(samples.STOPPED) + models,
    noun="law",
    many="laws of data, every sample and δ",
    note="the excess loss, against its exact quantile",
    shared="laws of data",
)

PLANS = tuple(
    Plan(claim=f"CAP:{name}", expected=Verdict.PROVED, methods=(_SAMPLES,)) for name in ("rates-time", "rates")
)
