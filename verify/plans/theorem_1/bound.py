"""Plans for the whole bound of Theorem 1, repaired: models in closed form."""

from __future__ import annotations

from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models.theorem_1_chains import Chain

# Proofs --------------------------------------------------------------------------------------------------------------


PLANS = (
    Plan(claim="T1:repaired", expected=Verdict.PROVED, methods=(Chain(divergence=True),)),
    Plan(claim="T1:simple", expected=Verdict.PROVED, methods=(Chain(divergence=True),)),
)
