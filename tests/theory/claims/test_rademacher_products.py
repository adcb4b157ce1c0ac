"""R3 written again by hand: products of two classes."""

import math

import numpy as np

from theory import claims

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
PRODUCT = {"sup_first": 2.0, "sup_second": 3.0, "rademacher_first": 0.4, "rademacher_second": 0.1}
BARRED = {"sup_first": 2.0, "sup_second": 3.0, "rademacher_abs_first": 0.4, "rademacher_abs_second": 0.1}
SIDES = [
    ("R3:printed", PRODUCT, None, 5 * 0.5),
    ("R3:abs", BARRED, None, 5 * 0.5),
    ("R3:sharp", PRODUCT, None, (math.sqrt(2 * 0.1) + math.sqrt(3 * 0.4)) ** 2),
    ("R3:sharp", {**PRODUCT, "rademacher_product": 0.5}, 0.5, None),
]
KINDS = {"R3:printed": "∀ ≤", "R3:abs": "∀ ≤", "R3:sharp": "∀ ≤"}


def right(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).right)


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_sharp_product_bound_is_never_above_the_printed_one():
    grid = np.meshgrid([0, 0.1, 1, 7], [0, 0.2, 1, 5], [0, 0.3, 1], [0, 0.4, 1])
    values = dict(zip(PRODUCT, grid, strict=True))
    sharp, printed = (claims[name].evaluate(**values).right for name in ("R3:sharp", "R3:printed"))
    assert (sharp <= printed * (1 + RTOL)).all()
    assert right("R3:sharp", sup_first=1, sup_second=3, rademacher_first=0.5, rademacher_second=0) == 1.5
