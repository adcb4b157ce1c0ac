"""The prior term written again by hand in plain floating-point mathematics."""

import math

import numpy as np
import pytest

from theory import claims

A = math.exp(-1)
SIDES = [
    ("IT3:printed", {"kl_prior": 0.5, "rate_law": 2.0, "information_law": 0.75}, 0.5, 1.25),
    (
        "IT3:rate",
        {"rate_law": 0.5, "second_moment": 3, "d": 2, "T": 0.5},
        0.5,
        (3 * A - 2 * A - 2 * math.log(1 - A)) / 2,
    ),
    ("IT3:plug-in", {"mean_prior": 1, "kl_prior": 0.5, "excess_data": 0.25}, 1, 0.75),
    ("IT3:upper", {"mean_prior": 1, "kl_prior": 0.5}, 0.5, 1),
    ("IT3:excess", {"excess_data": 0.25, "chi_square": 3, "n": 6}, 0.25, math.log(1.5)),
]
IDENTITIES = {"IT3:printed", "IT3:rate", "IT3:plug-in"}
KINDS = {row[0]: "∀ =" if row[0] in IDENTITIES else "∀ ≤" for row in SIDES}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_rate_as_it_stands_turns_negative_in_floats():
    a = math.exp(-34.5)
    assert -a - math.log(1 - a) < 0 < -a - math.log1p(-a)
    value = claims["IT3:rate"].evaluate(second_moment=0, d=1, T=1.0).right
    assert float(value) == pytest.approx((-math.exp(-2) - np.log1p(-math.exp(-2))) / 2)
