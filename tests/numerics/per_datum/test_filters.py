"""Suprema over the spectrum against dense grids, and majorants of integrals against quadrature."""

import numpy as np
import pytest

from numerics.per_datum import filters

GRID = 2e-6  # the square of the relative distance of neighbours on the grid


@pytest.mark.parametrize("seed", range(12))
def test_the_largest_damped_filter_is_that_of_a_dense_grid(seed):
    rng = np.random.default_rng(seed)
    end, most = 10 ** rng.uniform(-4, 4), 10 ** rng.uniform(-2, 0.5)
    ridges = np.array([0.0, *10 ** rng.uniform(-7, 0, 3)])
    times = np.array([*end * rng.uniform(0, 1, 4), end])
    k = np.concatenate([[1e-300], np.geomspace(1e-12 * most, most, 20_001)])
    found = filters.largest_damped(times, end, ridges, most)
    for nu, row in zip(ridges, found, strict=True):
        dense = ((k + nu) * filters.damped(times, end, k)).max(axis=1)
        assert (row >= dense * (1 - 1e-12)).all()
        np.testing.assert_allclose(row, dense, rtol=GRID)


def test_nothing_is_damped_before_the_start_and_a_ridge_alone_is_left_of_no_spectrum():
    found = filters.largest_damped(np.array([0.0, 2.0]), 2.0, np.array([0.5]), 1e-9)
    np.testing.assert_allclose(found, [[0.0, 2.0]], rtol=1e-8)


@pytest.mark.parametrize(("rate", "ridge"), [(0.5, 0.1), (4.0, 0.1), (4.0, 1.0), (100.0, 0.001)])
def test_the_largest_decay_is_that_of_a_dense_grid(rate, ridge):
    k = np.linspace(0.0, 2.0, 200_001)
    assert filters.largest_decay(rate, ridge, 2.0) == pytest.approx(((k + ridge) * np.exp(-rate * k)).max(), rel=1e-6)


@pytest.mark.parametrize("width", [1.0, 0.3, 1e-3])
def test_a_chord_is_as_far_above_an_exponential_as_is_said(width):
    kappa = np.array([0.1, 1.0, 5.0])
    u = np.linspace(0.0, width, 100_001)[:, None]
    gap = 1 - u / width + u / width * np.exp(-2 * kappa * width) - np.exp(-2 * kappa * u)
    found = filters.interpolation_error(np.array([width]), kappa)[0]
    # a²/8, which stands for small a, is a/2 above it
    np.testing.assert_allclose(found, gap.max(axis=0), rtol=2e-4, atol=1e-13)


def test_chord_weights_bound_the_integral_of_a_product_and_nearly_attain_it():
    times = np.linspace(0.0, 2.0, 41)
    omega, p = np.exp(times), np.exp(-3 * times)
    weights, errors = filters.chord_weights(times, omega[None])
    bound = float(weights[0] @ p)
    exact = (1 - np.exp(-4.0)) / 2
    assert exact <= bound <= 1.01 * exact
    assert (errors > 0).all()


def test_the_path_has_its_ends_and_is_graded_towards_both():
    times = filters.path_times(100.0, 0.5, 48)
    assert times[0] == 0.0
    assert times[-1] == 100.0
    assert (np.diff(times) > 0).all()
    assert times[1] <= 1e-3 / 0.5
    assert times[-1] - times[-2] <= 0.011
