"""The choice of the diffusion time, written again by hand, and its numbers from quantiles, minimisers and samples."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.special import lambertw, ndtr

from theory import claims

KEPT = math.exp(-1.4)
AT = {"T": 0.7, "n": 20, "mean_initial": 1.5}
TRUTH = 0.5 * (2.25 * KEPT**2 + (1 - KEPT) ** 2 / 20)
BOUND = 0.5 * (2.25 * KEPT + (1 - KEPT) / 20)
LEAST = 0.5 * 2.25 / 46
SLOPE = 3 * 2 * math.exp(-2)
SIDES = [
    (
        "IT13:lambert",
        {"clock": 9.0, "best_clock": 4.0, "mean_size": 3.0},
        3 * math.exp(-2) + 2 * SLOPE,
        3 * math.exp(-4.5) + 3 * SLOPE,
    ),
    ("IT13:long-time", {"T": 0.7, "mean_size": 3.0, "mean_root_rate": 2.0}, 3 * math.exp(-0.7) / math.sqrt(2), 2.0),
    ("IT13:branch", {"best_clock": 4.0, "lambert_lower": 3.0}, 4.0, 3.0),
    ("IT13:location", {**AT, "kl_location": 0.1}, 0.1, TRUTH),
    ("IT13:best-time", AT, LEAST, TRUTH),
    ("IT13:affine", AT, TRUTH, BOUND),
    ("IT13:endpoints", AT, 0.025, BOUND),
    ("IT13:twice", {"n": 20, "mean_initial": 1.5}, 2 * LEAST, 2 * LEAST),
    ("IT13:data-terms", {"kl_horizon": 0.4, "kl_other_horizon": 0.5}, 0.5, 0.4),
]


def test_both_sides_are_the_ledgers(row, close):
    close(row, rel=1e-13)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_the_best_time_of_fifty_data_gains_two_per_cent():
    best = 0.5 * math.log(51)
    assert round(best, 5) == 1.96591
    found = claims["IT13:best-time"].evaluate(T=best, n=50, mean_initial=1.0)
    assert float(found.left) == pytest.approx(float(found.right), rel=1e-12)
    assert round(float(found.right), 7) == 0.0098039
    assert float(claims["IT13:best-time"].evaluate(T=40.0, n=50, mean_initial=1.0).right) == pytest.approx(0.01)


def test_the_divergence_of_a_location_is_that_of_simulated_fits():
    rng = np.random.default_rng(20)
    average = 1.5 + rng.standard_normal(200_000) / math.sqrt(20)
    values = 0.5 * (1.5 - (1 - KEPT) * average) ** 2  # divergence of N(m, 1) from N(m', 1)
    error = 6 * values.std() / math.sqrt(len(values))  # six standard errors: below 1e-8
    assert abs(values.mean() - TRUTH) < error


def two_modes(count=50):
    """The mid-quantiles of ½N(−3, 1) + ½N(3, 1)."""
    levels = (np.arange(count) + 0.5) / count
    return np.array([brentq(lambda x, q=q: ndtr(x - 3) / 2 + ndtr(x + 3) / 2 - q, -9, 9) for q in levels])


def printed(clock, points, bound):
    """T2 + T3 over R, T3 = L√(B/n)."""
    kept = math.exp(-clock)
    rates = 0.5 * (kept * points**2 - kept - math.log1p(-kept))
    return math.sqrt(2) * np.sqrt(rates).mean() + bound * math.sqrt(clock / len(points))


def test_the_law_of_lambert_is_near_the_exact_minimum_for_two_modes():
    points, bound = two_modes(), 5.0
    size = np.abs(points).mean()
    assert round(size, 6) == 3.000035
    law = float(-lambertw(-(bound**2) / (len(points) * size**2), -1).real)
    exact = minimize_scalar(
        lambda b: printed(b, points, bound), bounds=(2, 9), method="bounded", options={"xatol": 1e-6}
    )
    assert (round(float(exact.x), 3), round(law, 3)) == (4.367, 4.364)


def test_there_is_no_best_time_for_a_large_bound_of_the_score():
    points = two_modes()
    grid = np.linspace(0.5, 30, 200)
    values = [printed(clock, points, 1.01 * math.sqrt(50 / math.e) * 3) for clock in grid]
    assert np.all(np.diff(values[20:]) > 0)
