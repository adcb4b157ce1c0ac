"""Plans for the first order: flows on two quadratics of random matrices."""

from __future__ import annotations

from verify.evidence.measured import Measured
from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models.linearised_flows import ERROR, SPECIAL, measure

_FLOWS = Measured(
    measure=measure,
    error=ERROR,
    count=lambda models: len(SPECIAL) + 4 * models,
    noun="pair",
    many="pairs of quadratics",
    note="a flow on data and its first order",
    shared="pairs of quadratics",
)

PLANS = tuple(
    Plan(claim=f"CAP:{name}", expected=Verdict.PROVED, methods=(_FLOWS,)) for name in ("linear", "linear-below")
)
