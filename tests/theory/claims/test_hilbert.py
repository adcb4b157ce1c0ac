"""Concentration in a Hilbert space written again by hand, and how its forms hang together."""

import math

import numpy as np
import pytest

from theory import claims

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
LOG = math.log(1 / 0.1)
AT = {"n": 16, "delta": 0.1}
SIDES = [
    ("HILBERT:mean", {"M": 3.0, "n": 16}, None, 3.0 / 4),
    ("HILBERT:mean", {"M": 1, "n": 2, "mean_deviation": 0.5}, 0.5, None),
    ("HILBERT:deviation", {"M": 3.0, **AT}, None, 3.0 / 4 * (1 + math.sqrt(2 * LOG))),
    ("HILBERT:diameter", {"sigma_Y": 2.0, "diameter": 3.0, **AT}, None, 0.5 + 3 * math.sqrt(LOG / 32)),
    ("HILBERT:operator", {"sigma_Y": 2.0, "M": 3.0, **AT}, None, 0.5 + 3 * math.sqrt(LOG / 32)),
    ("HILBERT:operator", {"sigma_Y": 1, "M": 1, "n": 1, "delta": 0.5, "op_deviation": 0.25}, 0.25, None),
    ("HILBERT:second-moment", {"sigma_Y": 2.0, **AT}, None, 2 / math.sqrt(1.6)),
]
KINDS = {
    "HILBERT:mean": "E ≤",
    "HILBERT:deviation": "P ≤",
    "HILBERT:diameter": "P ≤",
    "HILBERT:operator": "P ≤",
    "HILBERT:second-moment": "P ≤",
}


def value(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).right)


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_certain_failure_leaves_the_mean():
    assert value("HILBERT:deviation", M=2, n=1, delta=1) == 2


def test_one_sample_in_a_hilbert_space():
    assert value("HILBERT:mean", M=3, n=1) == 3
    assert value("HILBERT:deviation", M=3, n=1, delta=math.exp(-2)) == pytest.approx(9, rel=RTOL)


# How the forms hang together -----------------------------------------------------------------------------------------


def test_the_diameter_form_contains_the_deviation_form_and_halves_it_for_positive_operators():
    at = {"n": 7, "delta": 0.01}
    assert value("HILBERT:diameter", sigma_Y=3, diameter=6, **at) == pytest.approx(
        value("HILBERT:deviation", M=3, **at), rel=RTOL
    )
    tails = [
        value(name, sigma_Y=0, **at, **extra)
        for name, extra in (("HILBERT:operator", {"M": 3}), ("HILBERT:diameter", {"diameter": 6}))
    ]
    assert tails[0] == pytest.approx(tails[1] / 2, rel=RTOL)


def test_chebyshev_wins_where_failure_is_likely_and_loses_where_it_is_rare():
    for level, wins in ((0.5, True), (1e-6, False)):
        chebyshev = value("HILBERT:second-moment", sigma_Y=1, n=9, delta=level)
        assert (chebyshev < value("HILBERT:deviation", M=1, n=9, delta=level)) is wins
