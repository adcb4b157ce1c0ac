"""Plans for equation 6: the expected squared score and the weightings."""

from __future__ import annotations

from collections.abc import Sequence

from theory.claims.equation_6 import FAMILY
from theory.statement import Claim
from verify.evidence.domain import Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.symbolic import Equal, Proof, Step
from verify.evidence.verdict import Verdict
from verify.models.moment_equations import SQUARED_SCORES
from verify.models.sdes import experiment


def _steps(claim: Claim) -> Sequence[Step]:
    return [Equal(name="the Gaussian integral gives the stated value", left=claim.left().doit(), right=claim.right())]


_SCALE = Real(low=0.01, high=10, log=True)
_KERNELS = experiment("kernels", {"d": Integer(low=1, high=9), "r": _SCALE, "v": _SCALE}, families=("ou",))

PLANS = tuple(
    Plan(
        claim=claim.id,
        expected=Verdict.PROVED,
        methods=(Search(experiment=_KERNELS), Search(experiment=SQUARED_SCORES), Proof(steps=_steps)),
    )
    for claim in FAMILY.claims
)
