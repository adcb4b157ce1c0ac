"""The conventions of the authors' code, written again by hand, and what they cost on two modes."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import ndtr

from theory import claims
from verify.models.point_diffusions import Points, channel

SIDES = [
    ("IT14:weighted-loss", {"T": 0.5, "weighted_loss": 0.3}, 0.3, (1 - math.exp(-1)) / 2),
    ("IT14:wide-kernel", {"information_wide": 1.3, "information_data": 1.8}, 1.3, 1.8),
    ("IT14:mixed-kernel", {"information_wide": 1.3, "information_mixed": 1.4}, 1.3, 1.4),
    ("IT14:batches", {"batch_information": 0.3, "mean_information_data": 0.5}, 0.3, 0.5),
    ("IT14:mean-sup", {"sampler_information": 0.05, "mean_limit": 0.05, "T": 2.0}, 0.05, 0.005),
    (
        "IT14:started-at-data",
        {"started_cost": 3.0, "second_moment": 5.0, "d": 2, "T": 0.5},
        3.0,
        1 + 1.5 * (1 - math.exp(-1)),
    ),
    ("IT14:mean-root", {"mean_root_rate": 0.5, "rate_hat": 0.49}, 0.5, 0.7),
    ("IT14:mirrored-time", {"spread_at": 2.0, "spread_mirrored": 5.0}, 0.7, 2 / 25 + 5 / 4),
    (
        "IT14:smoothing",
        {"mean_initial": 1.0, "variance_initial": 3.0, "bandwidth": 0.5},
        0.4 + 0.5 * (1.6 - math.log(2.6)),
        0.4 * (3 - math.log(3)),
    ),
    ("IT14:grid", {"T": 2.0, "beta_first": 0.1, "beta_last": 20.0, "m": 10, "grid_sum": 22.0}, 22.0, 20.1 * 1.1),
]


def test_both_sides_are_the_ledgers(row, close):
    close(row, rel=1e-12)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def clock(t):
    """∫β of the variance-preserving schedule from 0.1 to 20."""
    return 0.1 * t + 9.95 * t * t


@pytest.mark.parametrize(("horizon", "loss"), [(0.2, 0.437), (1.0, 0.138), (1.8, 0.077)])
def test_a_perfect_score_does_not_lose_nothing_by_the_weighted_loss(horizon, loss):
    mean = quad(lambda t: math.exp(-clock(t)), 0, horizon)[0] / (2 * horizon)
    assert round(mean, 3) == loss


def test_the_weighted_loss_is_that_of_simulated_data_and_noise():
    rng = np.random.default_rng(14)
    x, noise = rng.standard_normal((2, 400_000))
    t = rng.uniform(0, 1.0, len(x))
    std = np.sqrt(-np.expm1(-2 * t))
    values = 0.5 * std**2 * (-(np.exp(-t) * x + std * noise) + noise / std) ** 2
    error = 6 * values.std() / math.sqrt(len(values))  # six standard errors
    assert abs(values.mean() - float(claims["IT14:weighted-loss"].evaluate(T=1.0, weighted_loss=0).right)) < error


def test_the_standard_deviation_for_the_variance_costs_two_modes_half_a_nat():
    levels = (np.arange(50) + 0.5) / 50
    points = [brentq(lambda x, q=q: ndtr(x - 3) / 2 + ndtr(x + 3) / 2 - q, -9, 9) for q in levels]
    law = Points((0.02,) * 50, tuple(points))
    kept = math.exp(-clock(0.1))
    exact, wide = (channel(law, math.sqrt(kept), v) for v in (1 - kept, math.sqrt(1 - kept)))
    mixed = channel(law, math.sqrt(kept), math.sqrt(1 - kept), 1 - kept)
    assert (round(exact, 4), round(wide, 4), round(mixed, 4)) == (1.7970, 1.3310, 1.3560)


def test_images_are_bounded_by_the_wrong_dimension():
    assert round(3072 / 784, 3) == 3.918  # CIFAR bounds divided by the dimension of MNIST


def test_the_sum_over_one_node_too_many_is_the_trapezium_and_half_of_both_ends():
    steps, end = 10, 2.0
    nodes = 0.1 + (20 - 0.1) * np.arange(steps + 1) / steps
    total = end / steps * nodes.sum()
    assert total == pytest.approx(float(claims["IT14:grid"].evaluate(**SIDES[-1][1]).right), rel=1e-12)
