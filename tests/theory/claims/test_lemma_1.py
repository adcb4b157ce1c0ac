"""Lemma 1 written again by hand, in plain floating-point mathematics: C_T = max(r, rv), printed with K = 1."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from theory import claims

PHI = NormalDist()
RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
LOG = math.log(1 / 0.1)
AT = {"r": 0.7, "v": 1.3, "delta": 0.1}
SIDES = [
    ("L1:printed", {**AT, "x0_norm": 2.0}, None, 0.7 * 1.3 * (2.0 + math.sqrt(2 * LOG))),
    ("L1:printed", {**AT, "v": 0.5, "x0_norm": 2.0}, None, 0.7 * (2.0 + math.sqrt(math.log(1 / 0.01)))),
    ("L1:printed", {**AT, "x0_norm": 2.0, "K": 3}, None, 3 * 0.7 * 1.3 * (2.0 + math.sqrt(2 * LOG))),
    ("L1:repaired", {**AT, "d": 10, "x0_norm": 2.0}, None, 0.7 * 2.0 + 0.7 * 1.3 * math.sqrt(2 * math.log(10 / 0.1))),
    ("L1:repaired", {**AT, "d": 2, "x0_norm": 0, "xt_norm": 1.5}, 1.5, None),
    ("L1:sharp", {**AT, "d": 10, "x0_norm": 2.0}, None, 1.4 + 0.91 * PHI.inv_cdf((1 + 0.9**0.1) / 2)),
    (
        "L1:pathwise",
        {"r_max": 1.0, "v_T": 1.3, "delta": 0.1, "d": 10, "x0_norm": 2.0},
        None,
        2.0 + 1.3 * math.sqrt(2 * math.log(2 * 10 / 0.1)),
    ),
    ("L1:pathwise", {"r_max": 1, "v_T": 1, "delta": 0.1, "d": 2, "x0_norm": 0, "path_norm": 1.5}, 1.5, None),
]
KINDS = {"L1:printed": "≲ T P ≤", "L1:repaired": "P ≤", "L1:sharp": "P ≤", "L1:pathwise": "P ≤"}


def right(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).right)


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_printed_constant_is_one():
    assert claims["L1:printed"].constants["K"].value == 1


# Edge cases ----------------------------------------------------------------------------------------------------------


def test_certain_failure_asks_for_nothing():
    """At δ = 1 "with probability at least 0" is true of anything: the noise terms may vanish, but not be undefined."""
    assert right("L1:printed", r=1, v=1, delta=1, x0_norm=2) == 2
    assert right("L1:repaired", r=1, v=1, delta=1, d=1, x0_norm=2) == 2
    assert right("L1:repaired", r=1, v=1, delta=1, d=math.e.__ceil__(), x0_norm=0) == pytest.approx(
        math.sqrt(2 * math.log(3)), rel=RTOL
    )
    assert right("L1:sharp", r=1, v=1, delta=1, d=5, x0_norm=2) == 2


def test_without_noise_the_point_stays_where_it_is():
    for name, rest in (("L1:repaired", {"d": 7}), ("L1:sharp", {"d": 7})):
        assert right(name, r=0.5, v=0, delta=0.01, x0_norm=3, **rest) == 1.5
    assert right("L1:pathwise", r_max=1, v_T=0, delta=0.01, d=7, x0_norm=3) == 3
    assert right("L1:printed", r=0.5, v=0, delta=math.exp(-2), x0_norm=3) == pytest.approx(0.5 * (3 + 2), rel=RTOL)


def test_one_dimension_needs_no_union_bound():
    assert right("L1:repaired", r=1, v=1, delta=0.1, d=1, x0_norm=0) == pytest.approx(
        right("L1:printed", r=1, v=1, delta=0.1, x0_norm=0), rel=RTOL
    )
    assert right("L1:sharp", r=1, v=1, delta=0.1, d=1, x0_norm=0) == pytest.approx(PHI.inv_cdf(0.95), rel=RTOL)


def test_the_sharp_quantile_lies_below_the_union_bound():
    many, level = np.array([[1], [2], [10], [1000]]), np.array([1e-9, 0.01, 0.5, 0.99])
    values = {"r": 1, "v": 1, "x0_norm": 0, "d": many, "delta": level}
    assert (claims["L1:sharp"].evaluate(**values).right < claims["L1:repaired"].evaluate(**values).right).all()


@pytest.mark.parametrize(("dim", "fails"), [(1, False), (3, False), (4, True), (5, True), (100, True)])
def test_the_printed_lemma_1_fails_from_dimension_four_on(dim, fails):
    bound = right("L1:printed", r=1, v=1, delta=0.1, x0_norm=0)
    violation = 1 - (2 * PHI.cdf(bound) - 1) ** dim
    assert (violation > 0.1) == fails
