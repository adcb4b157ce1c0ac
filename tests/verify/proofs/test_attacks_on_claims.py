"""Attacks on what is called proved: claims that assume themselves, foreign theorems, stronger statements."""

import dataclasses

import pytest
import sympy as sp
from sympy import Rational

from tests.verify.proofs.attacking import DEVIATION, false, refused, theorem, x, y
from theory import symbols as sym
from theory.claims import REGISTRY
from theory.theorems import THEOREMS
from theory.vocabulary import objects as o
from theory.vocabulary.meanings import formal
from theory.vocabulary.statements import at_most
from theory.vocabulary.terms import E, Image, Law, Object, Sample, law, sources
from verify.proofs import hilbert, lemma_4
from verify.proofs.certified import Proved, certify
from verify.proofs.judgement import Event
from verify.proofs.kernel import assume, cite, substitute
from verify.proofs.terms import ProofError, canonical
from verify.proofs.writing import Draft


def proved(claim_id, proof):
    return certify(REGISTRY[claim_id], proof(Draft(REGISTRY[claim_id])), {})


def test_a_claim_is_not_proved_by_assuming_it():
    claim = REGISTRY["HILBERT:deviation"]
    refused(lambda: certify(claim, assume(formal(claim).says), {}))


def test_no_claim_rests_on_itself():
    claim = REGISTRY["HILBERT:mean"]
    refused(lambda: certify(claim, cite(claim), {}))
    own = proved("HILBERT:mean", hilbert.mean)
    refused(lambda: certify(claim, cite(claim), {"HILBERT:mean": own}))


def test_no_claim_rests_on_itself_through_another():
    mean, deviation = REGISTRY["HILBERT:mean"], REGISTRY["HILBERT:deviation"]
    first = proved("HILBERT:mean", hilbert.mean)
    second = certify(deviation, hilbert.deviation(Draft(deviation)), {"HILBERT:mean": first})
    assert second.claims == {"HILBERT:mean"}
    link = theorem(formal(mean).says, takes=formal(mean).takes, given=(formal(deviation).says,))
    refused(lambda: certify(mean, cite(link, by=[cite(deviation)]), {"HILBERT:deviation": second}))


def test_a_link_that_is_not_proved_is_refused():
    deviation = REGISTRY["HILBERT:deviation"]
    j = hilbert.deviation(Draft(deviation))
    first = proved("HILBERT:mean", hilbert.mean)
    refused(lambda: certify(deviation, j, {}))
    refused(lambda: certify(deviation, j, {"HILBERT:mean": dataclasses.replace(first, theorems=frozenset())}))
    other = Proved(formal(REGISTRY["HILBERT:mean"]), j, frozenset(), frozenset(), frozenset(), 0)
    refused(lambda: certify(deviation, j, {"HILBERT:mean": other}))


def test_a_theorem_of_ones_own_is_not_the_registrys():
    claim = REGISTRY["HILBERT:mean"]
    says = formal(claim).says
    refused(lambda: certify(claim, cite(theorem(says, takes=formal(claim).takes)), {}))
    jensen = dataclasses.replace(THEOREMS["Chebyshev"], says=says, failure=sp.S.Zero, takes=formal(claim).takes)
    refused(lambda: certify(claim, cite(jensen), {}))


@pytest.mark.parametrize("change", ["hypotheses", "at_least", "relation"])
def test_a_stronger_claim_is_not_proved_by_the_proof(change):
    claim = REGISTRY["HILBERT:deviation"]
    j = hilbert.deviation(Draft(claim))
    first = {"HILBERT:mean": proved("HILBERT:mean", hilbert.mean)}
    assert certify(claim, j, first).theorems >= {"bounded differences"}
    if change == "hypotheses":
        changed = dataclasses.replace(claim, hypotheses=())
    elif change == "at_least":
        changed = dataclasses.replace(
            claim, quantifier=dataclasses.replace(claim.quantifier, at_least=1 - sym.delta**3)
        )
    else:
        changed = dataclasses.replace(
            claim, relation=claim.relation.map(lambda e: e * Rational(99, 100) if e.has(sym.M) else e)
        )
    refused(lambda: certify(changed, j, first))


def test_a_mutated_chain_is_not_proved():
    claim = REGISTRY["L4:sharp"]
    for mutant in claim.mutants:
        wrong = mutant.apply(claim)
        refused(lambda wrong=wrong: certify(wrong, lemma_4.sharp(Draft(wrong)), {}))


def test_theorems_speak_of_what_they_take():
    refused(lambda: cite(theorem(at_most(0, x), takes=())))
    refused(lambda: cite(theorem(at_most(0, x), takes=(y,))))


def test_a_relation_is_put_in_beside_a_law_but_not_inside():
    hole = sp.Dummy("hole", nonnegative=True)
    beside = substitute(hole + o.Variance(o.Y), hole, assume(at_most(DEVIATION, sym.M)))
    assert beside.says == at_most(DEVIATION + o.Variance(o.Y), sym.M + o.Variance(o.Y))
    refused(lambda: substitute(hole + E(o.Y, hole), hole, assume(at_most(DEVIATION, sym.M))))


def test_laws_are_no_random_numbers():
    spread = law("spread")
    assert issubclass(spread, Law)
    assert not sources(spread(o.Y) + E(o.Y, DEVIATION))
    assert sources(DEVIATION + spread(o.Y)) == {o.Y}
    assert sources(spread(Image(o.GradientPart(o.Q, o.SampledWeights(o.sampled)), o.data))) == {o.sampled}
    assert isinstance(Event(false(), sym.delta, frozenset()), Event)
    assert Object("Q") == o.Q
    assert Object("Q") != Sample("Q") != sp.Symbol("Q")


def test_a_float_is_not_taken_for_the_integer_that_it_equals():
    assert canonical(sym.x + 1) == sym.x + 1
    with pytest.raises(ProofError, match="Float"):
        canonical(sym.x + sp.Float(1))
