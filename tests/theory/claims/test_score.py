"""The scores of Gaussian mixtures written again by hand, and by the slope of the log-density."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from theory import claims

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
SIDES = [
    ("SCORE:two-modes", {"mu": 2.0, "q": 0.3, "x": 0.4}, None, -0.4 + 2 * math.tanh(0.8 + math.log(0.3 / 0.7) / 2)),
    ("SCORE:slope", {"mu": 3.0}, None, -1 + 9),
]
KINDS = {"SCORE:mixture": "∀ =", "SCORE:two-modes": "∀ =", "SCORE:slope": "∀ ="}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} - {"SCORE:mixture"} == {row[0] for row in SIDES}  # it has its own test


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_modes_without_a_distance_are_one_gaussian():
    for point in (-2.0, 0.0, 3.0):
        out = claims["SCORE:two-modes"].evaluate(mu=0, q=0.3, x=point)
        assert (float(out.left), float(out.right)) == (pytest.approx(-point, abs=1e-15), -point)
    flat = claims["SCORE:slope"].evaluate(mu=0)
    assert float(flat.right) == float(flat.left) == -1


def test_the_score_of_a_mixture_is_that_of_its_density():
    weights, means, variances = (0.2, 0.5, 0.3), (-1.0, 0.5, 2.0), (0.5, 1.0, 2.0)
    values = {
        f"{letter}_{k}": part
        for letter, parts in (("w", weights), ("m", means), ("V", variances))
        for k, part in enumerate(parts, 1)
    }

    def density(point):
        return sum(
            w * NormalDist(a, math.sqrt(s)).pdf(point) for w, a, s in zip(weights, means, variances, strict=True)
        )

    out = claims["SCORE:mixture"].evaluate(**values, x=0.3)
    step = 1e-5
    slope = (math.log(density(0.3 + step)) - math.log(density(0.3 - step))) / (2 * step)
    assert float(out.right) == pytest.approx(slope, abs=1e-9)  # step² and 2⁻⁵²/step
    assert float(out.left) == pytest.approx(float(out.right), rel=RTOL)
