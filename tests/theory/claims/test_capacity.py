"""The bounds by capacity written again by hand."""

import math

import pytest

from theory import claims

AT = {"top_B": 3.0, "nu": 1.0, "share": 0.25, "gain": 1.5, "loss_minimum": 1.0, "loss_hat": 5.0}
RHO = math.sqrt(3 / 4)
PATH = {**AT, "loss_tau": 10.0, "noise_end": 0.5, "noise_path": 0.125}
COMPARATOR = {**AT, "loss_comparator": 10.0, "noise_gap": 0.5, "slope_ridge": 0.25}
SIDES = [
    ("CAP:path", PATH, 2.0, 3 + RHO * (1.5 * 0.5 + 0.125) / 0.25),
    (
        "CAP:comparator",
        {**COMPARATOR, "distance_initial": 2.0, "decay_four": 0.01},
        2.0,
        3 + RHO * (2 * math.sqrt(0.01 / 0.25) + 1.5 / 0.25 * 0.75),
    ),
    (
        "CAP:comparator-weak",
        {**COMPARATOR, "distance_ridge": 2.0, "decay_two": 0.01},
        2.0,
        3 + RHO * (2 * 0.01 / 0.25 + 1.5 / 0.25 * 0.75),
    ),
]


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_all_are_for_every_pair_of_quadratics(kinds):
    assert set(kinds.values()) == {"∀ ≤"}


def test_without_data_noise_the_population_flow_is_left():
    silent = {**PATH, "noise_end": 0.0, "noise_path": 0.0}
    assert float(claims["CAP:path"].evaluate(**silent).right) == pytest.approx(3.0)
