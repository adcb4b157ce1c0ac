"""R4 written again by hand: networks of one hidden layer, frozen features, and the corners in one dimension."""

import math

from theory import claims

SIDES = [
    ("R4:printed", {"ball_radius": 3.0, "rademacher_neuron": 0.2}, None, 2 * 3 * 0.2),
    ("R4:sharp", {"ball_radius": 3.0, "rademacher_abs_neuron": 0.3}, None, 3 * 0.3),
    ("R4:frozen", {"ball_radius": 3.0, "n": 50, "feature_energy": 7.0}, None, 3 * math.sqrt(7) / 50),
    ("R4:khintchine", {"ball_radius": 3.0, "n": 50, "feature_energy": 7.0, "rademacher_frozen": 0.2}, None, 2 * 0.2**2),
    ("R4:breakpoints", {"breakpoint_max": 2.5}, None, 2.5),
    ("R4:printed", {"ball_radius": 1, "rademacher_neuron": 1, "rademacher_network": 0.5}, 0.5, None),
    ("R4:khintchine", {"ball_radius": 3, "n": 50, "feature_energy": 7, "rademacher_frozen": 0.2}, 9 * 7 / 2500, None),
]
KINDS = dict.fromkeys([row[0] for row in SIDES], "∀ ≤")


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_constant_is_two():
    assert claims["R4:printed"].constants["C"].value == 2
    assert claims["R4:khintchine"].constants["C"].value == 2


def test_no_features_have_no_complexity():
    assert float(claims["R4:frozen"].evaluate(ball_radius=1, n=1, feature_energy=0).right) == 0
