"""The printed bound of diffusion models, written again by hand, and its numbers by quadrature and simulation."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from theory import claims

KEPT = math.exp(-1.4)
PRINTED = {"kl_model": 0.1, "data_terms": -2.0, "fixed_proxy": 1.5, "mean_root_rate": 0.4, "sampler_information": 2.0}
RIGHT = -2 + math.sqrt(2) * 1.5 * 0.4 + math.sqrt(2) * 1.5 * math.sqrt(2 / 50)
SIDES = [
    ("IT10:printed", {**PRINTED, "n": 50, "T": 1.0, "early": 0.1}, 0.1, RIGHT),
    ("IT10:sampler", {**PRINTED, "n": 50}, 0.1, RIGHT),
    ("IT10:prior", {"prior_hat": 0.2, "rate_hat": 0.7, "information_data": 0.4}, 0.2, 0.3),
    ("IT10:step", {"euler_step": 0.1}, 0.01 / 16, 0.5 * (0.95 - 1 + math.log(1 / 0.95))),
    ("IT10:floor", {"T": 0.7, "conditional_divergence": 0.3}, 0.3, KEPT / (1 - KEPT) + math.log(1 - KEPT) / 2),
    ("IT10:proxy", {"T": 0.7, "proxy_end": 0.3}, 0.3, (1 + KEPT) / (1 - KEPT) / math.sqrt(2)),
]


def test_both_sides_are_the_ledgers(row, close):
    close(row, rel=1e-12)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def mean_root_rate(horizon):
    """E√KL(E_T(X)‖π) over X ~ N(0, 1), by quadrature."""
    kept, volume = math.exp(-2 * horizon), -math.log(-math.expm1(-2 * horizon))

    def density(x):
        rate = 0.5 * (kept * x * x - kept + volume)
        return math.sqrt(rate) * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)

    return quad(density, -12, 12, points=[0.0])[0]


def data_terms(horizon, early, count):
    """The upper bound ½log(1 − a_T) + log(1 + χ²/n)."""
    chi = math.exp(-2 * early) / -math.expm1(-2 * early)
    return 0.5 * math.log(-math.expm1(-2 * horizon)) + math.log1p(chi / count)


def test_the_printed_right_side_is_negative_at_a_short_time():
    terms = {"kl_model": 0.0, "data_terms": data_terms(0.005, 0.004, 1000), "fixed_proxy": 1.0}
    terms |= {"mean_root_rate": mean_root_rate(0.005), "sampler_information": 0.0, "n": 1000}
    assert round(float(claims["IT10:printed"].evaluate(T=0.005, early=0.004, **terms).right), 4) == -0.0597
    looser = terms | {"mean_root_rate": math.sqrt(-0.5 * math.log(-math.expm1(-0.01)))}
    assert round(float(claims["IT10:printed"].evaluate(T=0.005, early=0.004, **looser).right), 4) == -0.0406


def test_the_upper_bound_of_the_data_terms_is_one_for_random_data():
    """L̂_DSM of −x is known, and Î_ε is a mean log-ratio of the exact mixture: by sampling from it."""
    rng = np.random.default_rng(5)
    early, horizon, count, found = 0.2, 0.5, 20, []
    for _ in range(400):
        data = rng.standard_normal(count)
        losses = [quad(lambda t, x=x: _loss(t, x), early, horizon)[0] for x in data[:1]]
        own = rng.integers(count, size=200)
        std = math.sqrt(-math.expm1(-2 * early))
        noise = rng.standard_normal(200)
        at = math.exp(-early) * data[own] + std * noise
        logs = -((at[:, None] - math.exp(-early) * data) ** 2) / (2 * std**2)
        top = logs.max(axis=1)
        ratio = -(noise**2) / 2 - top - np.log(np.exp(logs - top[:, None]).mean(axis=1))
        found.append(losses[0] - ratio.mean())
    error = 6 * np.std(found) / math.sqrt(len(found))
    assert np.mean(found) - error <= data_terms(horizon, early, count)


def _loss(t, x):
    """The denoising loss rate of s = −x given the datum: e^{−2t}x² + e^{−4t}/V."""
    return math.exp(-2 * t) * x * x + math.exp(-4 * t) / -math.expm1(-2 * t)


@pytest.mark.parametrize(("horizon", "floor"), [(0.1, 3.663), (0.5, 0.3526), (2.0, 0.00942)])
def test_the_floor_of_a_decoupled_bound_at_three_times(horizon, floor):
    found = claims["IT10:floor"].evaluate(T=horizon, conditional_divergence=0.0).right
    assert float(found) == pytest.approx(floor, rel=1e-3)


@pytest.mark.parametrize(("horizon", "proxy"), [(0.005, 141.4), (0.1, 7.09), (1.0, 0.928)])
def test_the_proxy_grows_at_short_times(horizon, proxy):
    assert float(claims["IT10:proxy"].evaluate(T=horizon, proxy_end=0.0).right) == pytest.approx(proxy, rel=1e-3)


def test_eulers_chain_keeps_the_variance_that_the_step_term_has():
    step, variance = 0.1, 1.0
    for _ in range(400):
        variance = (1 - step) ** 2 * variance + 2 * step
    assert variance == pytest.approx(1 / (1 - step / 2), rel=1e-12)
    divergence = float(claims["IT10:step"].evaluate(euler_step=step).right)
    assert divergence == pytest.approx(0.5 * (1 / variance - 1 + math.log(variance)), rel=1e-9)
    assert f"{divergence:.3e}" == "6.466e-04"
    assert f"{math.sqrt(2) * mean_root_rate(10.0):.2e}" == "3.62e-05"
