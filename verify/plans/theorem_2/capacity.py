"""Plan for Theorem 2 by capacity: two modes, of which everything is measured by quadrature."""

from __future__ import annotations

from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models.theorem_1_chains import Chain
from verify.models.theorem_2_chains import SPECIAL, draw

PLANS = (
    Plan(
        claim="T2:capacity",
        expected=Verdict.PROVED,
        methods=(Chain(divergence=True, capacity=True, special=SPECIAL, draw=draw),),
    ),
)
