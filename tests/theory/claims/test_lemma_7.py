"""Lemma 7 written again by hand: √2 C_T(μ + √log(1/δ²)) as printed with its hidden constant, and explicit."""

import math

import numpy as np
import pytest
import sympy as sp

from theory import claims

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
LOG = math.log(1 / 0.1)
AT = {"r": 0.7, "v": 1.3, "delta": 0.1}
FAR = 0.7 * math.sqrt(1 + 1.3**2)
SIDES = [
    ("L7:printed", {**AT, "mu": 4.0}, None, math.sqrt(2) * 0.91 * (4 + math.sqrt(2 * LOG))),
    ("L7:repaired", {**AT, "mu": 4.0}, None, 0.7 * 4 + FAR * math.sqrt(2 * LOG)),
    ("L7:repaired", {**AT, "mu": 1, "xt_abs": 2}, 2, None),
    ("L7:mode", {"delta": 0.1}, None, math.sqrt(math.log(1 / 0.01))),
    ("L7:mode", {"delta": 0.1, "mode_gap": 2}, 2, None),
]
KINDS = {"L7:printed": "≲ T P ≤", "L7:repaired": "P ≤", "L7:mode": "P ≤"}


def right(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).right)


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_printed_constant_is_the_root_of_two():
    assert claims["L7:printed"].constants["K"].value == sp.sqrt(2)


def test_certain_failure_asks_for_nothing():
    assert right("L7:mode", delta=1) == 0
    assert right("L7:repaired", r=1, v=1, delta=1, mu=0) == 0


def test_without_a_distance_one_mode_is_the_gaussian():
    assert right("L7:repaired", r=1, v=1, delta=0.1, mu=0) == pytest.approx(math.sqrt(2) * math.sqrt(2 * LOG), rel=RTOL)
    assert right("L7:printed", r=1, v=1, delta=0.1, mu=0) == pytest.approx(
        right("L7:repaired", r=1, v=1, delta=0.1, mu=0), rel=RTOL
    )  # where √2 cannot be improved


def test_lemma_7_repaired_implies_lemma_7_printed():
    grid = np.meshgrid([0.1, 1, 3], [0, 0.3, 1, 5], [1e-9, 0.1, 0.9], [0, 1, 20])
    values = dict(zip(("r", "v", "delta", "mu"), grid, strict=True))
    explicit, printed = (claims[name].evaluate(**values).right for name in ("L7:repaired", "L7:printed"))
    assert (explicit <= printed * (1 + RTOL)).all()
