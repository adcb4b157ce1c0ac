"""Lemma 9 written again by hand. (A skeleton: tests/theory/claims/test_lemma_9.py, beside its conftest.py.)"""

import math

from theory import claims

# id, values, left side, right side; None for a side that a row leaves out
SIDES = [
    ("L9:printed", {"tau": 0.5}, 1 - math.exp(-0.5), 0.25),
    ("L9:repaired", {"tau": 2.0}, 1 - math.exp(-2.0), 2.0),
    ("L9:repaired", {"tau": 2.0, "C": 3}, None, 6.0),
]
KINDS = {"L9:printed": "∀ ≤", "L9:repaired": "∀ ≤"}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


# Edge cases, and how the claims hang together ------------------------------------------------------------------------


def test_late_times_miss_the_printed_hypothesis():
    assert not claims["L9:printed"].evaluate(tau=2.0).hypotheses["early"]


def test_the_repaired_bound_is_twice_the_printed_one():
    repaired, printed = (claims[name].evaluate(tau=0.25).right for name in ("L9:repaired", "L9:printed"))
    assert repaired == 2 * printed
