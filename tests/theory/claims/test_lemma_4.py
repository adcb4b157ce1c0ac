"""Lemma 4 written again by hand, and the profile of one mode behind each of its constants."""

import math

import numpy as np
import pytest
import sympy as sp

from theory import claims

NORMS = {"norm_initial": 2.0, "norm_comparator": 3.0, "tau": 5.0}
SIDES = [
    ("L4:printed-scaled", NORMS, None, 0.5 * (4 + 9) / 5),
    ("L4:printed-scaled", {**NORMS, "K": 1}, None, 13 / 5),
    ("L4:printed-A", NORMS, None, 0.5 * (4 + 9) / 5),
    ("L4:sharp", {"distance_initial": 3.0, "tau": 5.0}, None, 9 / (4 * 5)),
    ("L4:sharp", {"distance_initial": 1, "tau": 1, "loss_tau": 3, "loss_comparator": 2.5}, 0.5, None),
    ("L4:sharp-minimiser", {"distance_minimiser": 3.0, "tau": 5.0}, None, 9 / (4 * math.e * 5)),
    ("L4:sharp-minimiser", {"distance_minimiser": 1, "tau": 1, "loss_tau": 3, "loss_minimum": 2.5}, 0.5, None),
    ("L4:repaired-A", {"distance_initial": 3.0, "tau": 5.0, "m": 8}, None, 8 * 9 / (4 * 5)),
]
KINDS = {
    "L4:printed-scaled": "≲ ∀ ≤",
    "L4:printed-A": "≲ ∀ ≤",
    "L4:sharp": "∀ ≤",
    "L4:sharp-minimiser": "∀ ≤",
    "L4:repaired-A": "∀ ≤",
}


def right(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).right)


def constant(claim_id, name):
    return claims[claim_id].constants[name].value


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


@pytest.mark.parametrize("name", KINDS)
def test_each_claim_names_its_parametrization(name):
    assert claims[name].setting == {"flow": "A" if name.endswith("-A") else "scaled"}


def test_constants_are_the_ledgers():
    assert constant("L4:sharp", "C") == constant("L4:repaired-A", "C") == sp.Rational(1, 4)
    assert constant("L4:sharp-minimiser", "C") == 1 / (4 * sp.E)
    assert constant("L4:printed-scaled", "K") == sp.Rational(1, 2)


@pytest.mark.parametrize(
    ("claim_id", "largest", "profile"),
    [
        ("L4:sharp", 0.25, lambda u: u * math.exp(-u) * (1 - math.exp(-u)) / (1 - math.exp(-u)) ** 2 / 4),
        ("L4:sharp-minimiser", 1 / (4 * math.e), lambda u: u * math.exp(-4 * u)),
    ],
)
def test_no_mode_exceeds_its_constant_and_some_mode_comes_close(claim_id, largest, profile):
    ratios = [profile(u) for u in np.geomspace(1e-6, 50, 4001)]
    assert max(ratios) <= largest * (1 + 1e-9)  # 1 − e^{−u} at u = 1e-6 keeps 10 digits
    assert max(ratios) >= largest * (1 - 1e-5)
    assert float(constant(claim_id, "C")) == pytest.approx(largest, rel=1e-13)


def test_width_one_makes_the_two_parametrizations_one():
    values = {"distance_initial": 3.0, "tau": 5.0}
    assert right("L4:repaired-A", **values, m=1) == right("L4:sharp", **values)


def test_starting_at_the_minimiser_the_loss_stays():
    assert right("L4:sharp-minimiser", distance_minimiser=0, tau=1e-9) == 0
