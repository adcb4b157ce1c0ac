"""What a sampler reveals of the data, written again by hand."""

import math

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import ndtr

from theory import claims

GROWN = 1 - math.exp(-1.4)
SIGNAL = GROWN**2 / 20
AT = {"T": 0.7, "n": 20}
SIDES = [
    ("IT11:printed", {"T": 0.7, "score_limit": 3.0, "sampler_information": 1.0}, 1.0, 6.3),
    ("IT11:sharper", {"path_cost": 0.2, "sampler_information": 0.1}, 0.1, 0.2),
    ("IT11:location", AT, 0.5 * math.log(1 + GROWN / 20), GROWN / 40),
    ("IT11:memory", AT, GROWN / 10, 2 * (2 + SIGNAL) * math.sqrt(0.5 * math.log(1 + SIGNAL) / 20)),
]


def test_both_sides_are_the_ledgers(row, close):
    close(row, rel=1e-12)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_the_bound_on_memory_is_loose_by_the_root_of_two_for_many_data():
    found = claims["IT11:memory"].evaluate(T=1.0, n=10**7)
    assert math.isclose(float(found.right / found.left), math.sqrt(2), rel_tol=1e-6)


def test_the_memory_of_a_location_is_that_of_simulated_samples():
    rng = np.random.default_rng(11)
    data = 0.3 + rng.standard_normal((400_000, 5))
    grown = 1 - math.exp(-2.0)
    samples = grown * data.mean(axis=1) + rng.standard_normal(len(data))
    fresh = 0.3 + rng.standard_normal(len(data))
    values = (samples - fresh) ** 2 - (samples - data[:, 0]) ** 2
    error = 6 * values.std() / math.sqrt(len(values))  # six standard errors
    assert abs(values.mean() - float(claims["IT11:memory"].evaluate(T=1.0, n=5).left)) < error
    information = 0.5 * math.log(1 + grown**2 / 5)
    empirical = -0.5 * math.log(1 - np.corrcoef(samples, data.mean(axis=1))[0, 1] ** 2)
    assert abs(empirical - information) < 6 / math.sqrt(len(data))


def gaussian_cost(horizon, variance, drift):
    """∫E(s − s̄)²dt from 0.01 on for s = −x/V_t and s̄ = −drift·x on data of this variance, V = 1 + (σ² − 1)e^{−2t}."""

    def rate(t):
        spread = 1 + (variance - 1) * math.exp(-2 * t)
        return (1 / spread - drift) ** 2 * spread

    return quad(rate, 0.01, horizon)[0]


def test_a_reference_that_pulls_back_keeps_the_cost_bounded_and_none_lets_it_grow_with_time():
    levels = (np.arange(50) + 0.5) / 50
    points = [brentq(lambda x, q=q: ndtr(x - 3) / 2 + ndtr(x + 3) / 2 - q, -9, 9) for q in levels]
    variance = float(np.mean(np.square(points)))
    assert round(gaussian_cost(5.0, variance, 1.0), 3) == 3.247
    assert round(gaussian_cost(5.0, variance, 0.0), 3) == 3.850
    assert math.isclose(gaussian_cost(6.0, variance, 0.0) - gaussian_cost(5.0, variance, 0.0), 1.0, abs_tol=1e-3)
    assert gaussian_cost(9.0, variance, 1.0) < gaussian_cost(5.0, variance, 1.0) + 1e-3
