"""R5 written again by hand: one fixed function that is added to a class."""

import math

SIDES = [
    ("R5:fixed-function", {"rademacher": 0.2}, None, 0.2),
    ("R5:fixed-function-abs", {"rademacher_abs": 0.2}, None, 0.2),
    ("R5:abs", {"n": 50, "shift_energy": 7.0}, None, math.sqrt(7) / 50),
    ("R5:abs", {"n": 1, "shift_energy": 1, "rademacher_abs_shifted": 0.75, "rademacher_abs": 0.5}, 0.25, None),
]
KINDS = {"R5:fixed-function": "∀ =", "R5:fixed-function-abs": "∀ =", "R5:abs": "∀ ≤"}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS
