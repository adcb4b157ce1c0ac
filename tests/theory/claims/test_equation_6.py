"""Equation 6 written again by hand: d/(rv)², its inverse, and the root of its inverse."""

import math

AT = {"r": 0.7, "v": 1.3, "d": 3}
SIDES = [
    ("EQ-6:norm", AT, None, 3 / 0.91**2),
    ("EQ-6:song-weight", AT, None, 0.91**2 / 3),
    ("EQ-6:printed-weight", AT, None, 0.91 / math.sqrt(3)),
]
KINDS = {"EQ-6:norm": "∀ =", "EQ-6:song-weight": "∀ =", "EQ-6:printed-weight": "∀ ="}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS
