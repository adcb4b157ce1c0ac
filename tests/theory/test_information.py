"""Closed forms for Gaussians against quadrature of the definitions."""

import math

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import information
from theory.sde import LinearSDE, OrnsteinUhlenbeck, SubVariancePreserving, VarianceExploding, VariancePreserving
from theory.symbols import T, d, mean_initial, t, variance_initial

R = sp.Rational
means = st.fractions(min_value=-3, max_value=3, max_denominator=20)
variances = st.fractions(min_value=R(1, 10), max_value=5, max_denominator=20)
SDES = [
    OrnsteinUhlenbeck(),
    VariancePreserving(R(1, 10), 20),
    SubVariancePreserving(R(1, 10), 20),
    VarianceExploding(5),
]


NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(40)


def log_normal(x, mean, variance):
    return -((x - mean) ** 2) / (2 * variance) - math.log(2 * math.pi * variance) / 2


def divergence(mean, variance, other_mean, other_variance):
    """E_p[log p − log q] by a Gauss–Hermite rule, exact for the quadratic log-ratio."""
    x = mean + math.sqrt(variance) * NODES
    ratio = log_normal(x, mean, variance) - log_normal(x, other_mean, other_variance)
    return float(WEIGHTS @ ratio) / math.sqrt(2 * math.pi)


@settings(max_examples=15, deadline=None, database=None, derandomize=True)
@given(shift=means, variance=variances, other=variances)
def test_the_divergence_is_the_integral_of_its_definition(shift, variance, other):
    value = float(information.isotropic_kl(shift, variance, other))
    exact = divergence(float(shift), float(variance), 0.0, float(other))
    assert value == pytest.approx(exact, rel=1e-12, abs=1e-12)  # rounding of 40 terms of size 1 to 100


def test_the_divergence_adds_over_coordinates():
    whole = information.isotropic_kl(mean_initial, variance_initial, 2, 3)
    across = information.isotropic_kl(0, variance_initial, 2)
    assert sp.expand(whole - information.isotropic_kl(mean_initial, variance_initial, 2) - 2 * across) == 0
    assert information.isotropic_kl(0, 1) == 0


@pytest.mark.parametrize("sde", SDES, ids=lambda sde: sde.name)
def test_the_prior_term_is_the_divergence_of_the_marginal(sde):
    horizon, mean, variance = R(1, 2), R(3, 2), R(1, 3)
    at = sde.at(horizon)
    r, spread, prior = (float(expr) for expr in (at.mean_scale, at.variance, sde.prior_variance(horizon)))
    exact = divergence(1.5 * r, r * r / 3 + spread, 0.0, prior)
    assert float(information.prior_kl(sde, mean, variance, horizon)) == pytest.approx(exact, rel=1e-10)


def test_the_prior_term_of_a_point_and_of_the_prior_itself():
    process = OrnsteinUhlenbeck()
    assert sp.simplify(information.prior_kl(process, 0, 1)) == 0
    point = information.prior_kl(process, mean_initial, 0, T, d)
    by_hand = mean_initial**2 * sp.exp(-2 * T) / 2 - d * (sp.exp(-2 * T) + sp.log(1 - sp.exp(-2 * T))) / 2
    assert sp.simplify(point - by_hand) == 0


def test_the_channel_information_is_the_average_divergence_of_the_outputs():
    # I(X; Y) = E KL(P(Y|X)‖P(Y)), here against the law of Y = rX + √V Z
    process, horizon, variance = LinearSDE(-t, 1), R(2, 3), 2.0
    at = process.at(horizon)
    r, noise = float(at.mean_scale), float(at.variance)
    value = float(information.gaussian_channel_information(process, 2, horizon))
    inputs = math.sqrt(variance) * NODES
    outputs = [divergence(r * x, noise, 0.0, r * r * variance + noise) for x in inputs]
    exact = float(WEIGHTS @ np.array(outputs)) / math.sqrt(2 * math.pi)
    assert value == pytest.approx(exact, rel=1e-10)
    assert float(information.gaussian_channel_information(process, 2, horizon, 3)) == pytest.approx(3 * value)
    assert information.gaussian_channel_information(OrnsteinUhlenbeck(), 0) == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: information.isotropic_kl(0, 0),
        lambda: information.isotropic_kl(0, 1, -1),
        lambda: information.isotropic_kl(0, 1, 1, 0),
        lambda: information.prior_kl(OrnsteinUhlenbeck(), 0, -1),
        lambda: information.prior_kl(OrnsteinUhlenbeck(), 0, 1, 0),
        lambda: information.gaussian_channel_information(OrnsteinUhlenbeck(), -1),
    ],
)
def test_what_is_no_law_is_refused(call):
    with pytest.raises(ValueError, match="must be"):
        call()
