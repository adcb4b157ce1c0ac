"""R2 written again by hand: linear functions of the ℓ1 ball."""

import math

import numpy as np
import pytest

from theory import claims

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
BALL = {"ball_radius": 3.0, "n": 50, "d": 4}
SIDES = [
    ("R2:massart", {**BALL, "point_norm": 2.0}, None, 3 * 2 * math.sqrt(2 * math.log(8) / 50)),
    ("R2:sharp", {**BALL, "input_norm": 2.0}, None, 3 * 2 * math.sqrt(2 * math.log(10) / 50)),
    ("R2:printed", {**BALL, "input_norm": 2.0}, None, 3 * 2 * math.sqrt(2 * math.log(16) / 50)),
    (
        "R2:cosh",
        {**BALL, "input_norm": 2.0, "temperature": 1.5},
        None,
        3 * 2 * math.acosh(1 + 5 * (math.exp(1.5**2 / 2) - 1)) / (1.5 * math.sqrt(50)),
    ),
    ("R2:printed", {**BALL, "input_norm": 1, "rademacher_affine": 0.5}, 0.5, None),
]
KINDS = {"R2:massart": "∀ ≤", "R2:sharp": "∀ ≤", "R2:printed": "∀ ≤", "R2:cosh": "∀ ≤"}


def right(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).right)


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_printed_logarithm_costs_at_most_a_tenth():
    many = np.arange(1, 10**5)
    at = {"ball_radius": 1, "n": 10, "input_norm": 1, "d": many}
    loss = claims["R2:printed"].evaluate(**at).right / claims["R2:sharp"].evaluate(**at).right
    assert loss[0] == pytest.approx(1, rel=RTOL)
    assert loss.argmax() + 1 == 5
    assert 1.097 < loss.max() < 1.098


@pytest.mark.parametrize("dim", [1, 2, 3, 10, 1000])
def test_the_hyperbolic_cosine_beats_the_exponential(dim):
    at = {"ball_radius": 1, "n": 10, "input_norm": 1, "d": dim}
    best = math.sqrt(2 * math.log(2 * (dim + 1)))
    assert right("R2:cosh", **at, temperature=best) < right("R2:sharp", **at)
    small = right("R2:cosh", **at, temperature=1e-3)
    assert small == pytest.approx(math.sqrt((dim + 1) / 10), rel=1e-3)  # to the order of the squared parameter times d


def test_a_ball_of_radius_zero_has_no_complexity():
    assert right("R2:massart", ball_radius=0, n=1, d=1, point_norm=1) == 0
