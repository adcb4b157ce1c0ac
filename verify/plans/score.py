"""Plans for the score of a Gaussian mixture."""

from __future__ import annotations

from collections.abc import Mapping

from theory.claims.score import FAMILY
from theory.statement import Claim
from verify.evidence.domain import Field, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.sdes import POINT, experiment

_POSITIVE = Real(low=0.1, high=5)
_FIELDS: dict[str, Mapping[str, Field]] = {
    "SCORE:mixture": {"x": POINT}
    | {f"w_{k}": _POSITIVE for k in (1, 2, 3)}
    | {f"m_{k}": POINT for k in (1, 2, 3)}
    | {f"V_{k}": _POSITIVE for k in (1, 2, 3)},
    "SCORE:two-modes": {"x": POINT, "mu": Real(low=0, high=5), "q": Real(low=0.01, high=0.99)},
    "SCORE:slope": {"mu": Real(low=0, high=10)},
}


def _plan(claim: Claim) -> Plan:
    points = experiment(claim.variant, _FIELDS[claim.id], families=("ou",))
    return Plan(claim=claim.id, expected=Verdict.PROVED, methods=(Search(experiment=points),))


PLANS = tuple(_plan(claim) for claim in FAMILY.claims)
