"""Plans for capacity: flows on two quadratics of random matrices, of which some attain the bounds."""

from __future__ import annotations

from verify.evidence.measured import Measured
from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models.ridged_flows import ERROR, SPECIAL, measure

_FLOWS = Measured(
    measure=measure,
    error=ERROR,
    count=lambda models: len(SPECIAL) + 4 * models,
    noun="pair",
    many="pairs of quadratics",
    note="flows on two quadratics",
    shared="pairs of quadratics",
)

PLANS = tuple(
    Plan(claim=f"CAP:{name}", expected=Verdict.PROVED, methods=(_FLOWS,))
    for name in ("path", "comparator", "comparator-weak")
)
