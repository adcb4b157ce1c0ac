"""Lemma 6 written again by hand in plain floating-point mathematics."""

import math

import numpy as np
import pytest

from theory import claims

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
LOG = math.log(1 / 0.1)
TAIL = 1 + math.sqrt(2 * LOG)
HALF = math.sqrt(2 * math.log(2))
SIDES = [
    ("L6:printed", {"d": 3, "m": 8, "delta": 0.1}, None, 10 * 3 * (2 * LOG) ** 2 / 8),
    ("L6:printed", {"d": 3, "m": 8, "delta": 0.1, "K": 2}, None, 2 * 3 * (2 * LOG) ** 2 / 8),
    ("L6:repaired", {"M": 3.0, "m": 16, "delta": 0.1}, None, 0.75 * TAIL),
    ("L6:moment", {"a_sup": 3.0, "box_moment": 2.0}, None, 18.0),
    ("L6:moment-sharp", {"a_sup": 3.0, "coordinate_moment": 2.0}, None, 18.0),
    (
        "L6:small-delta",
        {"d": 3, "a_max": 2.0, "coordinate_moment": 5.0, "m": 8, "delta": 0.1},
        None,
        (1 + HALF) ** 2 / HALF**4 * 3 * 4 * 5 * (2 * LOG) ** 2 / 8,
    ),
    ("L6:repaired", {"M": 1, "m": 1, "delta": 0.5, "mc_error": 9.0}, 3.0, None),
    ("L6:moment", {"a_sup": 1, "box_moment": 1, "M": 3}, 9.0, None),
]
KINDS = {
    "L6:printed": "≲ T P ≤",
    "L6:repaired": "P ≤",
    "L6:moment": "∀ ≤",
    "L6:moment-sharp": "∀ ≤",
    "L6:small-delta": "P ≤",
}


def value(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).right)


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


@pytest.mark.parametrize("level", [0.5, 0.3, 1e-3, 1e-9])
def test_lemma_6_repaired_implies_the_printed_form_below_one_half_and_touches_it_there(level):
    strong = value("L6:repaired", M=1, m=5, delta=level) ** 2
    weak = value("L6:small-delta", d=1, a_max=1, coordinate_moment=1, m=5, delta=level)
    assert strong <= weak * (1 + RTOL)
    assert (level < 0.5) or strong == pytest.approx(weak, rel=RTOL)


def test_the_printed_lemma_6_vanishes_as_failure_becomes_certain():
    levels = 1 - 10.0 ** -np.arange(1, 7)
    right = claims["L6:printed"].evaluate(d=1, m=1, delta=levels, K=1e6).right
    assert (np.diff(right) < 0).all()
    assert right[-1] < 1  # the error that two features ±1 leave at m = 1
