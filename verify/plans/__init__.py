"""The plans, one file per family of claims; ``PLANS`` maps every claim id to its plan."""

from __future__ import annotations

from verify.plan import Plan
from verify.plans import (
    equation_6,
    equation_8,
    equations_3_4,
    hilbert,
    lemma_1,
    lemma_3,
    lemma_4,
    lemma_5,
    lemma_7,
    score,
)

PLANS: dict[str, Plan] = {
    plan.claim: plan
    for module in (equation_8, equations_3_4, equation_6, score, lemma_1, hilbert, lemma_3, lemma_4, lemma_5, lemma_7)
    for plan in module.PLANS
}
