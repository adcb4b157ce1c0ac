"""The plans of the prior term: what the audit says of it."""

from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.verdict import Verdict
from verify.plans import prior

CONTEXT = Context(budget=BUDGETS["quick"])


def test_mixtures_refute_a_contraction_that_is_too_fast():
    claim = REGISTRY["PRIOR:contraction"]
    evidence = prior.MIXTURES.run(claim.with_constant("C", claim.constants["C"].value / 2), CONTEXT)
    assert evidence.verdict is Verdict.REFUTED
