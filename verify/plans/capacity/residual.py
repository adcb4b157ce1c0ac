"""Plans for the bounds by the data's own residual: flows on losses of a few data, of which some attain them."""

from __future__ import annotations

from verify.evidence.measured import Measured
from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models.datum_losses import ERROR, SPECIAL, measure

_LOSSES = Measured(
    measure=measure,
    error=ERROR,
    count=lambda models: len(SPECIAL) + 4 * models,
    noun="set of data",
    many="flows on losses of a few data",
    note="a flow on the losses of a few data",
    shared="losses of data",
)

PLANS = tuple(
    Plan(claim=f"CAP:{name}", expected=Verdict.PROVED, methods=(_LOSSES,))
    for name in ("self-residual", "self", "self-weak")
)
