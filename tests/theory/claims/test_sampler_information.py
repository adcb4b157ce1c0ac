"""What a sampler reveals of the data, written again by hand."""

import math

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import ndtr

from theory import claims, symbols
from verify.plans.sampler_information import coupled

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


def test_coupled_coordinates_are_those_of_simulated_paths():
    """The costs by 160 steps of 20,000 paths, and the best guess of the bit from both ends of the path."""
    horizon, share, gain, steps, paths = 2.0, 0.5, 0.7, 160, 20_000
    found = coupled({"T": horizon, "share": share, "gain": gain})
    rng, h, last = np.random.default_rng(5), horizon / steps, share * horizon
    x1, x2 = rng.standard_normal((2, paths))
    first1, first2 = x1, x2
    cost = mirrored = from_data = 0.0
    for k in range(steps):
        late, early = k >= steps * (1 - share), k < steps * share
        cost += late * h * gain**2 * (x2**2).mean()
        from_data += late * h * gain**2 * ((x2 - first2) ** 2).mean()
        mirrored += early * h * gain**2 * (x2**2).mean()
        x1 = x1 + h * (2 * gain * late * x2 - x1) + math.sqrt(2 * h) * rng.standard_normal(paths)
        x2 = x2 + math.sqrt(2 * h) * rng.standard_normal(paths)
    close = 0.05  # of 20,000 paths (0.01) and of Euler's steps (h = 0.0125 of times of the order 1)
    assert math.isclose(cost, float(found[symbols.path_cost]), rel_tol=close)
    assert math.isclose(from_data, float(found[symbols.path_cost_data]), rel_tol=close)
    assert math.isclose(mirrored, float(found[symbols.path_cost_mirrored]), rel_tol=close)
    whole, late = 1 - math.exp(-last), 1 - (1 + last) * math.exp(-last)
    guess = first2 * whole + (x2 - first2) * (whole - late / horizon)
    error = np.mean((x1 - math.exp(-horizon) * first1) * guess < 0)
    information = math.log(2) + error * math.log(error) + (1 - error) * math.log(1 - error)
    assert math.isclose(information, float(found[symbols.sampler_information]), abs_tol=0.02)
    assert information < cost
