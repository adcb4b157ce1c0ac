"""Plans for equation 6: the expected squared score and the weightings."""

from __future__ import annotations

from theory.claims.equation_6 import FAMILY
from verify.evidence.domain import Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.moment_equations import SQUARED_SCORES
from verify.models.sdes import experiment

_SCALE = Real(low=0.01, high=10, log=True)
_KERNELS = experiment("kernels", {"d": Integer(low=1, high=9), "r": _SCALE, "v": _SCALE}, families=("ou",))

PLANS = tuple(
    Plan(
        claim=claim.id,
        expected=Verdict.PROVED,
        methods=(Search(experiment=_KERNELS), Search(experiment=SQUARED_SCORES)),
    )
    for claim in FAMILY.claims
)
