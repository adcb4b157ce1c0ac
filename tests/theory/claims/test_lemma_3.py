"""Lemma 3 written again by hand: 2(B⊗I) along Θ = A/√m, printed also along A, where it is (2/m)(B⊗I)."""

import pytest

from theory import claims

SIDES = [
    ("L3:scaled", {"quadratic_form": 5.0}, None, 10.0),
    ("L3:scaled", {"quadratic_form": 1, "second_variation": 2}, 2, None),
    ("L3:A", {"quadratic_form": 5.0}, None, 10.0),
    ("L3:repaired-A", {"quadratic_form": 5.0, "m": 8}, None, 10.0 / 8),
]
KINDS = {"L3:scaled": "∀ =", "L3:A": "∀ =", "L3:repaired-A": "∀ ="}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


@pytest.mark.parametrize("name", KINDS)
def test_each_claim_names_its_coordinates(name):
    assert claims[name].setting == {"coordinates": "scaled" if name == "L3:scaled" else "A"}


def test_width_one_makes_the_two_parametrizations_one():
    sides = [
        claims[name].evaluate(quadratic_form=3, **at).right
        for name, at in (("L3:repaired-A", {"m": 1}), ("L3:scaled", {}))
    ]
    assert sides[0] == sides[1]
