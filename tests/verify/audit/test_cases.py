"""Claims that are not the registry's as they stand: what speaks for them, and what is silent."""

from dataclasses import replace

import pytest
import sympy as sp

import verify
from theory.claims import REGISTRY
from theory.quantifiers import WithProbability
from theory.symbols import delta
from verify.audit.cases import case
from verify.evidence.plan import Plan
from verify.evidence.verdict import Evidence, Verdict
from verify.plans import PLANS


class Says:
    """A method that gives a fixed verdict."""

    method = "says"

    def __init__(self, verdict):
        self.verdict = verdict

    def run(self, claim, _context):
        return Evidence(method=self.method, verdict=self.verdict, summary=f"about {claim.id}")


def test_a_changed_claim_runs_its_own_plan_and_its_proof_must_derive_it():
    sharper = REGISTRY["L4:sharp"].with_constant("C", sp.Rational(1, 5))
    result = verify.check(sharper, mutants=False)
    assert result.verdict is Verdict.REFUTED
    assert result.token is None  # it would replay the registry's claim
    weaker = verify.check(REGISTRY["L4:sharp"].with_constant("C", sp.Rational(1, 3)), mutants=False)
    assert weaker.verdict is Verdict.SEARCHED
    assert not any(item.verdict is Verdict.PROVED for item in weaker.evidence)


def test_steps_that_go_through_say_nothing_of_a_changed_claim():
    worded = replace(REGISTRY["RELU:arc-cosine"], sentence="The same in other words.")
    symbolic = [item for item in verify.check(worded, mutants=False).evidence if item.method == "symbolic"]
    assert [item.verdict for item in symbolic] == [Verdict.UNDECIDED]
    assert "symbolic steps do not speak for a changed claim" in symbolic[0].summary
    assert verify.check("RELU:arc-cosine", mutants=False).verdict is Verdict.ARGUED


def test_a_changed_claim_that_its_proof_derives_is_proved():
    worded = replace(REGISTRY["L4:sharp"], sentence="The same in other words.")
    assert verify.check(worded, mutants=False).verdict is Verdict.PROVED
    likelier = WithProbability(at_least=1 - 2 * delta, over=REGISTRY["HILBERT:deviation"].quantifier.over)
    result = verify.check(replace(REGISTRY["HILBERT:deviation"], quantifier=likelier), mutants=False)
    assert result.verdict is Verdict.PROVED  # less is claimed than is derived


@pytest.mark.parametrize(
    ("claim_id", "change", "words"),
    [
        ("L2:printed-short", {"hypotheses": ()}, "does not look at the hypotheses"),
        (
            "HILBERT:deviation",
            {"quantifier": WithProbability(at_least=1 - delta**3, over="the sample")},
            "does not look at the quantifier",
        ),
    ],
)
def test_nothing_speaks_where_the_plan_does_not_look_at_what_was_changed(claim_id, change, words):
    result = verify.check(replace(REGISTRY[claim_id], **change), mutants=False)
    assert result.verdict is Verdict.UNDECIDED
    assert result.evidence[0].summary.startswith("not derived: ")
    assert all(words in item.summary for item in result.evidence[1:])
    assert result.smallest is None


def test_a_claim_of_ones_own_needs_a_plan():
    own = replace(REGISTRY["L7:mode"], id="OWN:mode")
    with pytest.raises(ValueError, match=r"OWN:mode.*pass plan=.*verify\.lemma"):
        verify.check(own)
    plan = Plan(claim="OWN:mode", expected=Verdict.SEARCHED, methods=(Says(Verdict.SEARCHED),))
    assert verify.check(own, plan, mutants=False).verdict is Verdict.SEARCHED
    for says in (Verdict.PROVED, Verdict.ARGUED):  # only the kernel proves
        steps = replace(plan, methods=(Says(says), Says(Verdict.REFUTED)))
        assert verify.check(own, steps, mutants=False).verdict is Verdict.UNDECIDED
    assert verify.assert_holds(own, plan).id == "OWN:mode"
    with pytest.raises(TypeError, match="plan must be a Plan; got 3"):
        verify.check(own, 3)


def test_a_registered_claim_may_be_given_another_plan():
    plan = Plan(claim="L7:mode", expected=Verdict.SEARCHED, methods=(Says(Verdict.PROVED),))
    result = verify.check("L7:mode", plan, mutants=False)
    assert (result.verdict, result.expected) == (Verdict.PROVED, Verdict.SEARCHED)


def test_a_registered_claim_keeps_its_own_plan_as_it_stands():
    for claim_id in ("L7:mode", "L1:printed"):
        found = case(REGISTRY[claim_id])
        assert found.plan is PLANS[claim_id]
        assert found.stated == claim_id


def test_a_changed_claim_is_audited_beside_registered_ones():
    changed = replace(REGISTRY["L7:mode"], sentence="In other words.")
    report = verify.audit(["L3:A", changed])
    assert list(report.results) == ["L3:A", "L7:mode"]
    with pytest.raises(ValueError, match="two statements called L7:mode"):
        verify.audit(["L7", changed])
