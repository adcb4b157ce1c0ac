"""Plans for saturation: pairs of quadratics trained to their end, and samples that are enumerated."""

from __future__ import annotations

from verify.evidence.measured import Measured
from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models import saturated_flows as flows
from verify.models import stopped_samples as samples

_PAIRS = Measured(
    measure=flows.measure,
    error=flows.ERROR,
    count=lambda models: len(flows.SPECIAL) + 2 * models,
    noun="pair",
    many="pairs of quadratics",
    note="a flow on data, trained for long",
    shared="pairs of quadratics",
)
_SAMPLES = Measured(
    measure=samples.measure_ended,
    error=samples.ERROR,
    count=lambda models: len(samples.ENDED) + models,
    noun="law",
    many="laws of data, every sample and δ",
    note="the excess loss, against its exact quantile",
    shared="laws of data",
)

PLANS = (
    *(
        Plan(claim=f"CAP:saturation{name}", expected=Verdict.PROVED, methods=(_PAIRS,))
        for name in ("", "-limit", "-floor")
    ),
    *(
        Plan(claim=f"CAP:saturation-{name}", expected=Verdict.PROVED, methods=(_SAMPLES,))
        for name in ("sample", "bounded")
    ),
)
