"""The proofs of the claims: each is certified, and breaks when what it cites is weakened."""

import ast
import dataclasses
import inspect

import pytest
import sympy as sp
from sympy import Rational

from theory.claims import REGISTRY
from theory.symbols import M
from theory.vocabulary.statements import at_most
from verify.evidence.verdict import Verdict
from verify.proofs import lemma_4
from verify.proofs.book import Book, Derivation, load
from verify.proofs.kernel import assume, cite
from verify.proofs.terms import ProofError
from verify.proofs.writing import PROOFS

BOOK = Book()


@pytest.mark.parametrize("claim_id", sorted(load()))
def test_the_proof_is_certified(claim_id):
    assert BOOK.proved(claim_id).theorem.id == claim_id


def test_the_sharp_decay_takes_eight_lines():
    (function,) = ast.parse(inspect.getsource(lemma_4.sharp)).body
    assert len(function.body) - 1 <= 8


def test_claims_in_a_circle_are_not_proved(monkeypatch):
    mean, deviation = "HILBERT:mean", "HILBERT:deviation"
    monkeypatch.setitem(PROOFS, mean, lambda p: cite(REGISTRY[deviation]))
    monkeypatch.setitem(PROOFS, deviation, lambda p: cite(REGISTRY[mean]))
    with pytest.raises(ProofError, match="rests on itself"):
        Book().proved(mean)


def test_a_claim_without_a_proof_is_not_proved():
    with pytest.raises(ProofError, match="no proof"):
        Book().certify(REGISTRY["L1:printed"])


def test_a_restatement_is_no_proof(monkeypatch):
    monkeypatch.setitem(PROOFS, "HILBERT:mean", lambda p: assume(at_most(0, sp.S.One)))
    with pytest.raises(ProofError, match="not the claim"):
        Book().proved("HILBERT:mean")


def test_a_link_stated_otherwise_breaks_the_chain():
    mean = REGISTRY["HILBERT:mean"]
    larger = dataclasses.replace(mean, relation=mean.relation.map(lambda e: e * Rational(101, 100) if e.has(M) else e))
    with pytest.raises(ProofError):
        Book(claims={**REGISTRY, mean.id: larger}).proved("HILBERT:deviation")


def test_a_claim_with_a_changed_side_is_not_derived_by_its_proof():
    claim = REGISTRY["EQ-8:stationary"]
    changed = dataclasses.replace(claim.relation, rhs={"prior variance": sp.S.One + Rational(1, 10**9)})
    assert Derivation().run(claim, None).verdict is Verdict.PROVED
    wrong = Derivation().run(dataclasses.replace(claim, relation=changed, mutants=()), None)
    assert wrong.verdict is Verdict.UNDECIDED
    assert wrong.summary.startswith("not derived: ")


def test_a_proof_over_one_randomness_is_none_over_another():
    claim = REGISTRY["HILBERT:deviation"]
    assert Book().certify(claim).judgement.events
    other = REGISTRY["L1:repaired"].quantifier.over
    elsewhere = dataclasses.replace(claim.quantifier, over=other)
    with pytest.raises(ProofError, match="random over"):
        Book().certify(dataclasses.replace(claim, quantifier=elsewhere, mutants=()))
