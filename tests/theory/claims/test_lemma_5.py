"""Lemma 5 written again by hand, with κ⋆ to the 14 digits of the ledger, and the profiles behind its constants."""

import math

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import brentq, minimize_scalar

from theory import claims

KAPPA_STAR = 0.81452875517815
FROM_NORM = {"norm_initial": 2.0, "loss_initial": 3.0, "tau": 5.0}
FROM_COMPARATOR = {"distance_initial": 2.0, "loss_comparator": 3.0, "tau": 5.0}
SIDES = [
    ("L5:printed-A", {**FROM_NORM, "m": 8}, None, 2 + math.sqrt(5 * 3 / 8)),
    ("L5:printed-scaled", {**FROM_NORM, "m": 8}, None, 2 + math.sqrt(5 * 3 / 8)),
    ("L5:repaired-scaled", FROM_NORM, None, 2 + math.sqrt(KAPPA_STAR * 5 * 3)),
    ("L5:repaired-scaled", {"norm_initial": 1, "loss_initial": 1, "tau": 1, "norm_tau": 3}, 3, None),
    ("L5:sharp", {"loss_initial": 3.0, "tau": 5.0}, None, KAPPA_STAR * 5 * 3),
    ("L5:sharp", {"loss_initial": 1, "tau": 1, "displacement": 3}, 9, None),
    ("L5:comparator", FROM_COMPARATOR, None, 4 + 2 * 5 * 3),
    ("L5:comparator", {"distance_initial": 1, "loss_comparator": 1, "tau": 1, "distance_tau": 3}, 9, None),
    ("L5:comparator-sharp", FROM_COMPARATOR, None, 4 + 5 * 3),
]
KINDS = {
    "L5:printed-A": "≲ L̃(θ₀) ∀ ≤",
    "L5:printed-scaled": "≲ L̃(θ₀) ∀ ≤",
    "L5:repaired-scaled": "∀ ≤",
    "L5:sharp": "∀ ≤",
    "L5:comparator": "∀ ≤",
    "L5:comparator-sharp": "∀ ≤",
}


def constant(claim_id, name):
    return claims[claim_id].constants[name].value


def test_both_sides_are_the_ledgers(row, close):
    close(row, rel=1e-13)  # the ledger prints κ⋆ to 14 digits


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


@pytest.mark.parametrize("name", KINDS)
def test_each_claim_names_its_parametrization(name):
    assert claims[name].setting == {"flow": "A" if name.endswith("-A") else "scaled"}


def test_constants_are_the_ledgers():
    assert (constant("L5:comparator", "C"), constant("L5:comparator-sharp", "C")) == (2, 1)
    assert constant("L5:printed-A", "K") == constant("L5:printed-scaled", "K") == 1
    assert str(sp.N(constant("L5:sharp", "kappa_star"), 14)) == "0.81452875517815"
    assert constant("L5:sharp", "kappa_star") == constant("L5:repaired-scaled", "kappa_star")


def test_kappa_star_is_the_maximum_of_its_profile():
    found = minimize_scalar(
        lambda u: -((1 - math.exp(-2 * u)) ** 2) / u, bounds=(0.1, 3), method="bounded", options={"xatol": 1e-12}
    )
    # the maximum is flat: an error of 1e-8 in u is one of 1e-16 in the value
    assert float(constant("L5:sharp", "kappa_star")) == pytest.approx(-found.fun, rel=1e-14)
    root = brentq(lambda u: math.exp(2 * u) - 1 - 4 * u, 0.3, 1)
    assert root == pytest.approx(0.6282156043130849, rel=1e-12)


@pytest.mark.parametrize(
    ("claim_id", "name", "largest", "profile"),
    [
        ("L5:sharp", "kappa_star", KAPPA_STAR, lambda u: (1 - math.exp(-2 * u)) ** 2 / u),
        ("L5:comparator-sharp", "C", 1.0, lambda u: math.tanh(u) / u),
    ],
)
def test_no_mode_exceeds_its_constant_and_some_mode_comes_close(claim_id, name, largest, profile):
    ratios = [profile(u) for u in np.geomspace(1e-6, 50, 4001)]
    assert max(ratios) <= largest * (1 + 1e-9)  # 1 − e^{−u} at u = 1e-6 keeps 10 digits
    assert max(ratios) >= largest * (1 - 1e-5)
    assert float(constant(claim_id, name)) == pytest.approx(largest, rel=1e-13)


def test_without_a_loss_nothing_moves():
    assert float(claims["L5:sharp"].evaluate(loss_initial=0, tau=1e9).right) == 0
