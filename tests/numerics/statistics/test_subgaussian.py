"""Sub-Gaussian constants against their definitions, and the decoupling bound against closed forms."""

import math

import numpy as np
import pytest

import numerics as nm


@pytest.mark.parametrize("p", [1e-8, 0.01, 0.3, 0.4999, 0.5, 0.6, 0.99])
def test_the_constant_of_a_bernoulli_is_enough_and_the_least(p):
    square = nm.bernoulli_subgaussian(p)
    rates = np.linspace(-40, 40, 4001)
    cumulant = np.log1p(p * np.expm1(rates)) - rates * p
    assert (cumulant <= rates**2 * square / 2 + 1e-12).all()
    touching = 2 * math.log((1 - p) / p)  # where the two touch
    if touching:
        at = math.log1p(p * math.expm1(touching)) - touching * p
        assert at == pytest.approx(touching**2 * square / 2, rel=1e-9)


def test_the_constant_of_a_bernoulli_is_known_at_the_ends_and_in_the_middle():
    assert nm.bernoulli_subgaussian(0) == nm.bernoulli_subgaussian(1) == 0.0
    assert nm.bernoulli_subgaussian(0.5) == 0.25
    assert nm.bernoulli_subgaussian(0.4951) == pytest.approx(nm.bernoulli_subgaussian(0.4949), rel=1e-5)


def test_the_one_sided_constant_bounds_the_cumulants_on_its_side():
    rng = np.random.default_rng(0)
    values, weights = rng.exponential(size=6), rng.dirichlet(np.ones(6))
    square, cumulant = nm.one_sided_proxy(values, weights), nm.cumulants(values, weights)
    assert all(cumulant(rate) <= rate**2 * square / 2 + 1e-12 for rate in np.geomspace(1e-3, 1e3, 200))
    assert nm.one_sided_proxy([0.0, 5.0, 7.0], [0.0, 0.5, 0.5]) == 2.0  # what has no weight is no minimum


def test_a_gaussian_cumulant_gives_the_square_root_bound():
    bound, rate = nm.decoupling_bound(lambda r: 0.5 * 3.0 * r * r, 0.7)
    assert bound == pytest.approx(math.sqrt(2 * 3.0 * 0.7), rel=1e-12)
    assert rate == pytest.approx(math.sqrt(2 * 0.7 / 3.0), rel=1e-4)  # of second order in the bound


def test_the_bound_holds_for_finite_laws_and_is_sharper_than_the_constant():
    rng = np.random.default_rng(1)
    for _ in range(12):
        values, nu, mu = rng.normal(size=5), rng.dirichlet(np.ones(5)), rng.dirichlet(np.ones(5))
        divergence = float(mu @ np.log(mu / nu))
        bound, _ = nm.decoupling_bound(nm.cumulants(values, nu), divergence)
        assert float((nu - mu) @ values) <= bound + 1e-12
        assert bound <= math.sqrt(2 * nm.one_sided_proxy(values, nu) * divergence) * (1 + 1e-9)
    assert nm.decoupling_bound(nm.cumulants([0.0, 1.0]), 0.0) == (0.0, 0.0)
