"""In the plane, quadratics agree with Monte Carlo and with means over the data."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

import numerics as nm
from tests.numerics.random_features.schedules import ornstein_uhlenbeck


@pytest.fixture(scope="module")
def planar():
    # every feature is active half of the time, so that Monte Carlo sees all of them
    rows = np.random.default_rng(8).uniform(-0.4, 0.4, (6, 2))
    return nm.RandomFeatures(
        weights=rows, time_weights=np.linspace(-0.1, 0.1, 12).reshape(6, 2), embedding=nm.exponential_embedding()
    )


def test_quadratics_in_the_plane_agree_with_monte_carlo(planar):
    mixture = SimpleNamespace(weights=[0.4, 0.6], means=[[-1.0, 0.5], [1.0, -0.5]], variances=[0.5, 0.5])
    schedule, t, n = ornstein_uhlenbeck([0.3], [1.0]), 0.3, 200_000
    rng = np.random.default_rng(1)
    component = rng.choice(2, p=mixture.weights, size=n)
    variance = 0.5 * math.exp(-2 * t) - math.expm1(-2 * t)
    means = math.exp(-t) * np.array(mixture.means)
    x = means[component] + math.sqrt(variance) * rng.standard_normal((n, 2))
    squares = np.stack([((x - m) ** 2).sum(axis=1) for m in means])
    share = np.array(mixture.weights)[:, None] * np.exp(-squares / 2 / variance)
    share /= share.sum(axis=0)
    score = sum(p[:, None] * (m - x) for p, m in zip(share, means, strict=True)) / variance
    h = planar.matrix(x, t)
    got = nm.population_quadratic(planar, mixture, schedule)
    for value, sample in (
        (got.B, 2.0 * h[:, :, None] * h[:, None, :]),
        (got.b, 2.0 * score[:, :, None] * h[:, None, :]),
        (got.c, 2.0 * (score**2).sum(axis=1)),
    ):
        # 6.5 standard errors, 49 comparisons: false alarm below 49 · 8e-11
        assert (np.abs(sample.mean(axis=0) - value) <= 6.5 * sample.std(axis=0) / math.sqrt(n) + 1e-15).all()
    assert got.minimum > 0


def test_empirical_quadratics_in_the_plane_are_means_over_the_data(planar):
    data = np.array([[0.5, -1.0], [1.5, 0.25], [-2.0, 0.0]])
    schedule = ornstein_uhlenbeck([0.01, 0.9], [0.5, 0.5])
    whole = nm.empirical_quadratic(planar, data, schedule)
    parts = [nm.empirical_quadratic(planar, x[None], schedule) for x in data]
    np.testing.assert_allclose(whole.B, sum(p.B for p in parts) / 3, rtol=0, atol=1e-15)
    np.testing.assert_allclose(whole.b, sum(p.b for p in parts) / 3, rtol=0, atol=1e-15)
    assert whole.c == pytest.approx(float(schedule.weights @ (2 * 2.0 / schedule.std**2)), rel=1e-15)
    norms = nm.per_datum_norms(planar, data, schedule)
    np.testing.assert_allclose(norms[0], [np.linalg.norm(p.B) for p in parts], rtol=1e-13)
    np.testing.assert_allclose(norms[1], [np.linalg.norm(p.b) for p in parts], rtol=1e-13)


def test_a_constant_without_a_closed_form_has_to_be_given(planar):
    law = {"weights": [0.5, 0.25, 0.25], "means": [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], "variances": [1.0, 1.0, 1.0]}
    schedule = ornstein_uhlenbeck([0.3], [1.0])
    with pytest.raises(ValueError, match="constant must be given"):
        nm.population_quadratic(planar, SimpleNamespace(**law), schedule)
    quadratic = nm.population_quadratic(planar, SimpleNamespace(**law), schedule, constant=math.inf)
    assert quadratic.minimum == math.inf
    assert nm.GradientFlow(quadratic, np.zeros((2, 6))).excess_over(1.0, np.zeros((2, 6))) < 0
    one = SimpleNamespace(weights=[1.0], means=[[1.0, 2.0]], variances=[0.5])
    variance = 0.5 * math.exp(-0.6) - math.expm1(-0.6)
    assert nm.population_quadratic(planar, one, schedule).c == pytest.approx(2.0 * 2 / variance, rel=1e-14)


def test_true_scores_are_one_dimensional_so_far(planar):
    mixture = SimpleNamespace(weights=[1.0], means=[[0.0, 0.0]], variances=[1.0])
    with pytest.raises(ValueError, match="use labels='dsm'"):
        nm.empirical_quadratic(planar, [[0.0, 0.0]], ornstein_uhlenbeck([0.3], [1.0]), labels="sm", mixture=mixture)
