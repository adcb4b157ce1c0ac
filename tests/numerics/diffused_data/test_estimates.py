"""What two density estimates make of a divergence: against scikit-learn's, and in the limit of many points."""

import math

import numpy as np
import pytest
from scipy.special import ndtri

import numerics as nm


def test_the_estimates_are_those_of_scikit_learn():
    neighbors = pytest.importorskip("sklearn.neighbors")
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(30, 3)), 0.5 + rng.normal(size=(50, 3))
    p, q = (neighbors.KernelDensity(bandwidth=0.4, rtol=0.0, atol=0.0).fit(points) for points in (x, y))
    expected = float((p.score_samples(x) - q.score_samples(x)).mean())
    assert nm.density_estimate_divergence(x, y, bandwidth=0.4) == pytest.approx(expected, rel=1e-9)


def test_an_estimate_diverges_from_none_of_its_own_points():
    x = np.linspace(-1.0, 1.0, 7)
    assert nm.density_estimate_divergence(x, x, bandwidth=0.1) == 0.0


def test_many_points_give_the_divergence_divided_by_one_plus_the_squared_bandwidth():
    """log p̂/q̂ is linear in x for two Gaussians of one variance: ½ μ²/(1 + h²) of ½ μ² (IT14:smoothing)."""
    x = ndtri((np.arange(2000) + 0.5) / 2000)
    found = nm.density_estimate_divergence(x, x + 1.0, bandwidth=0.5)
    assert found == pytest.approx(0.5 / 1.25, rel=2e-3)  # quantiles lack the tails


def test_few_points_in_many_dimensions_say_nothing_of_the_law():
    """Far apart, log p̂(x_i) is that of its own kernel, whatever the law: −log n here, and q̂ is as far as it likes."""
    x = 100.0 * np.eye(5, 20)
    found = nm.density_estimate_divergence(x, x + 1e3, bandwidth=0.1)
    nearest = (((x[:, None] - x - 1e3) / 0.1) ** 2).sum(axis=2).min(axis=1)
    assert found == pytest.approx(0.5 * float(nearest.mean()), rel=1e-6)
    assert math.isfinite(found)
