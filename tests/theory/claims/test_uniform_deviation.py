"""R6 written again by hand: uniform deviations of means from expectations."""

import math

import pytest

from theory import claims

LOG = math.log(1 / 0.1)
SAMPLE = {"M": 2.0, "n": 50, "delta": 0.1}
SIDES = [
    ("R6:expected", {**SAMPLE, "rademacher_expected": 0.3}, None, 0.6 + 2 * math.sqrt(2 * LOG / 50)),
    ("R6:sharp", {**SAMPLE, "rademacher_abs": 0.3}, None, 0.6 + 4 * math.sqrt(2 * LOG / 50)),
    ("R6:empirical", {**SAMPLE, "rademacher_abs": 0.3}, None, 0.6 + 6 * math.sqrt(2 * math.log(20) / 50)),
    (
        "R6:one-sided",
        {"n": 50, "delta": 0.1, "value_range": 4.0, "rademacher_one_sided": 0.3},
        None,
        0.6 + 4 * math.sqrt(LOG / 100),
    ),
    ("R6:sharp", {**SAMPLE, "rademacher_abs": 0, "uniform_deviation": 0.5}, 0.5, None),
    (
        "R6:one-sided",
        {"n": 1, "delta": 0.5, "value_range": 1, "rademacher_one_sided": 0, "one_sided_deviation": -0.5},
        -0.5,
        None,
    ),
]
KINDS = {"R6:expected": "P ≤", "R6:sharp": "P ≤", "R6:empirical": "P ≤", "R6:one-sided": "P ≤"}


def right(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).right)


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_certain_failure_leaves_the_complexity_alone():
    at = {"M": 2.0, "n": 50, "delta": 1}
    assert right("R6:expected", **at, rademacher_expected=0.3) == 0.6
    assert right("R6:sharp", **at, rademacher_abs=0.3) == 0.6


@pytest.mark.parametrize("count", [1, 10, 10**6])
def test_the_empirical_bound_with_a_union_is_looser_by_more_than_three_halves(count):
    for level in (1e-9, 0.1, 0.9, 1):
        at = {"M": 1, "n": count, "delta": level, "rademacher_abs": 0}
        assert right("R6:empirical", **at) >= 1.5 * right("R6:sharp", **at)
