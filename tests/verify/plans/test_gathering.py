"""Plans and claims belong together: what is missing on one side is named."""

import sys
from dataclasses import replace
from types import ModuleType

import pytest

from theory.claims import FAMILIES
from verify.plans import PLANS, Plans, lemma_3
from verify.proofs.book import Derivation, load

LEMMA_3 = {"lemma_3": FAMILIES["lemma_3"]}


@pytest.fixture
def plans(monkeypatch):
    """A stand-in for the file of Lemma 3's plans."""
    module = ModuleType("verify.plans.lemma_3")
    module.PLANS = lemma_3.PLANS
    monkeypatch.setitem(sys.modules, "verify.plans.lemma_3", module)
    return module


def test_every_claim_has_the_plan_of_its_own_file_and_its_proof_first():
    gathered = Plans(LEMMA_3, ["lemma_3"])
    for plan in lemma_3.PLANS:
        proof = (Derivation(),) if plan.claim in load("lemma_3") else ()
        assert gathered[plan.claim] == replace(plan, methods=(*proof, *plan.methods))
    assert [plan.methods[0] == Derivation() for plan in gathered.values()] == [True, False, True]
    assert list(PLANS) != []
    assert all(PLANS[claim.id].claim == claim.id for family in FAMILIES.values() for claim in family.claims)


def test_claims_without_a_file_of_plans_are_named():
    with pytest.raises(ValueError, match=r"theory/claims/lemma_3 has no plans; write verify/plans/lemma_3\.py"):
        Plans(LEMMA_3, [])


def test_plans_without_a_file_of_claims_are_named():
    with pytest.raises(ValueError, match=r"verify/plans/lemma_9 has no claims; write theory/claims/lemma_9\.py"):
        Plans(LEMMA_3, ["lemma_3", "lemma_9"])


def test_a_claim_without_a_plan_is_named(plans):
    plans.PLANS = lemma_3.PLANS[1:]
    with pytest.raises(ValueError, match=f"verify/plans/lemma_3 has no plan for {lemma_3.PLANS[0].claim}"):
        dict(Plans(LEMMA_3, ["lemma_3"]))
    del plans.PLANS
    with pytest.raises(ValueError, match=f"verify/plans/lemma_3 has no plan for {lemma_3.PLANS[0].claim}"):
        dict(Plans(LEMMA_3, ["lemma_3"]))


def test_a_plan_without_a_claim_is_named(plans):
    plans.PLANS = (*lemma_3.PLANS, replace(lemma_3.PLANS[0], claim="L3:none"))
    with pytest.raises(ValueError, match="verify/plans/lemma_3 plans L3:none, which theory/claims does not state"):
        dict(Plans(LEMMA_3, ["lemma_3"]))


def test_two_plans_for_one_claim_are_named(plans):
    plans.PLANS = (*lemma_3.PLANS, lemma_3.PLANS[0])
    with pytest.raises(ValueError, match=f"has two plans for {lemma_3.PLANS[0].claim}"):
        dict(Plans(LEMMA_3, ["lemma_3"]))
