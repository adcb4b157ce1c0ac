"""The plans, one file per family of claims; ``PLANS`` maps every claim id to its plan."""

from __future__ import annotations

from verify.evidence.plan import Plan
from verify.plans import (
    early_stopping,
    equation_6,
    equation_7,
    equation_8,
    equations_3_4,
    equations_12_13,
    figures,
    hidden_norm,
    hilbert,
    inconsistency,
    lemma_1,
    lemma_2,
    lemma_3,
    lemma_4,
    lemma_5,
    lemma_6,
    lemma_7,
    lemma_8,
    prior,
    rademacher,
    relu,
    score,
    theorem_1,
    theorem_1_bound,
    theorem_1_printed,
    theorem_1_width,
    theorem_2,
    uniform_deviation,
)

PLANS: dict[str, Plan] = {
    plan.claim: plan
    for module in (
        equation_8,
        equations_3_4,
        equation_6,
        equation_7,
        equations_12_13,
        relu,
        score,
        lemma_1,
        lemma_2,
        prior,
        hilbert,
        lemma_3,
        lemma_4,
        lemma_5,
        lemma_6,
        lemma_7,
        lemma_8,
        rademacher,
        uniform_deviation,
        theorem_1,
        theorem_1_width,
        theorem_1_bound,
        theorem_1_printed,
        theorem_2,
        inconsistency,
        hidden_norm,
        early_stopping,
        figures,
    )
    for plan in module.PLANS
}
