"""Every proof breaks on what it must not derive, and on theorems that are too weak for it."""

import dataclasses

import pytest

from theory.claims import REGISTRY
from theory.symbols import loss_comparator, loss_tau, norm_comparator, norm_initial, tau
from theory.theorems import THEOREMS
from theory.vocabulary.statements import Fact
from verify.audit.attacks import attacks, weakened
from verify.proofs.book import Book, load, registry_book
from verify.proofs.writing import PROOFS

TWO = ("HILBERT:mean", "L1:repaired")
"""A claim without a probability, and one over the noise."""


@pytest.mark.parametrize("claim_id", sorted(load()))
def test_every_attack_breaks_the_proof(claim_id):
    found = list(attacks(REGISTRY[claim_id], registry_book()))
    assert {attack.kind for attack in found} >= {"constant"}
    assert len(found) >= 1 + len(REGISTRY[claim_id].hypotheses)
    assert [str(attack) for attack in found if not attack.broke] == []


def test_a_probability_is_never_one_over_something_else():
    found = {key: [a.name for a in attacks(REGISTRY[key], registry_book()) if a.kind == "randomness"] for key in TWO}
    assert found == {"HILBERT:mean": [], "L1:repaired": ["the sample"]}


def test_a_hypothesis_that_no_proof_uses_is_found():
    claim = REGISTRY["HILBERT:mean"]
    idle = dataclasses.replace(REGISTRY["L8:printed"].hypotheses[1], name="idle")
    burdened = dataclasses.replace(claim, hypotheses=(*claim.hypotheses, idle))
    book = Book(claims={**REGISTRY, claim.id: burdened})
    assert [str(a) for a in attacks(burdened, book) if not a.broke] == ["without the hypothesis idle"]


def test_a_proof_with_room_to_spare_survives_a_weaker_theorem(monkeypatch):
    claim = REGISTRY["L4:printed-scaled"]
    doubled = {name: 2 * term for name, term in claim.relation.rhs.items()}
    loose = dataclasses.replace(claim, mutants=(), relation=dataclasses.replace(claim.relation, rhs=doubled))

    def spare(p):
        triangle = p.rising(lambda e: e**2, p.cite("triangle inequality of a distance"))
        square = p.sign((norm_initial - norm_comparator) ** 2)
        bound = (norm_initial**2 + norm_comparator**2) / tau
        reasons = (p.use("L4:sharp"), (1 / (4 * tau), triangle), (3 / (10 * tau), square))
        return p.combine(loss_tau - loss_comparator, "<=", bound, *reasons)

    monkeypatch.setitem(PROOFS, claim.id, spare)
    survivors = {str(a) for a in attacks(loose, Book(claims={**REGISTRY, claim.id: loose})) if not a.broke}
    assert survivors == {"with a weaker theorem, triangle inequality of a distance"}


@pytest.mark.parametrize("theorem_id", sorted(THEOREMS))
def test_a_weakened_theorem_says_something_else(theorem_id):
    theorem = THEOREMS[theorem_id]
    for weaker in weakened(theorem):
        assert weaker.says != theorem.says
        assert weaker.given == theorem.given
        if isinstance(theorem.says, Fact):
            assert weaker.says.args == theorem.says.args
