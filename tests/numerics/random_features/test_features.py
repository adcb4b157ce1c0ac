"""Random features, embeddings and time quadratures are what their definitions say."""

import pickle

import numpy as np
import pytest
from scipy.stats import binom

import numerics as nm

EMBEDDINGS = {
    "constant": (nm.constant_embedding(), lambda t: [1.0]),
    "exponential": (nm.exponential_embedding(), lambda t: [1.0, np.exp(-t)]),
    "polynomial": (nm.polynomial_embedding(3, 2.0), lambda t: [(t / 2) ** k for k in range(4)]),
}


@pytest.mark.parametrize("name", EMBEDDINGS)
def test_embeddings_follow_their_formula_and_survive_pickling(name):
    embedding, formula = EMBEDDINGS[name]
    times = np.array([0.0, 0.3, 2.0])
    # a product or power of at most three factors: a few roundings
    np.testing.assert_allclose(embedding(times), [formula(t) for t in times], rtol=1e-15)
    assert pickle.loads(pickle.dumps(embedding)) == embedding
    assert np.abs(embedding(times)).max() <= 1.0


def test_features_and_score_follow_their_formula():
    rng = np.random.default_rng(1)
    features = nm.RandomFeatures.sample(5, 3, nm.exponential_embedding(), rng=rng)
    theta, x, t = rng.normal(size=(3, 5)), rng.normal(size=(4, 3)), 0.7
    e = np.array([1.0, np.exp(-t)])
    for j in range(4):
        h = [max(0.0, float(features.weights[i] @ x[j] + features.time_weights[i] @ e)) / 5**0.5 for i in range(5)]
        # sums of at most five products: rounding of order 1e-15
        np.testing.assert_allclose(features.matrix(x, t)[j], h, rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(features.score(theta, x, t)[j], theta @ h, rtol=1e-13, atol=1e-14)
    assert (features.width, features.dim) == (5, 3)


def test_sampled_rows_lie_on_the_l1_sphere_and_repeat_with_the_seed():
    one = nm.RandomFeatures.sample(1000, 3, nm.polynomial_embedding(4, 1.0), rng=np.random.default_rng(3))
    norms = np.abs(one.weights).sum(axis=1) + np.abs(one.time_weights).sum(axis=1)
    np.testing.assert_allclose(norms, 1.0, rtol=8 * 4 * 2.0**-52)  # eight terms
    assert one == nm.RandomFeatures.sample(1000, 3, nm.polynomial_embedding(4, 1.0), rng=np.random.default_rng(3))
    assert one != nm.RandomFeatures.sample(1000, 3, nm.polynomial_embedding(4, 1.0), rng=np.random.default_rng(4))


def test_sampled_rows_are_uniform_on_the_l1_sphere():
    # Uniform on |w| + |u_1| + |u_2| = 1: P(w > 1/2) = P(w < −1/2) = (1/2)(1 − 1/2)². A two-sided exact binomial test
    # at level 1e-9 for each of the three coordinates and both signs.
    size = 20_000
    features = nm.RandomFeatures.sample(size, 1, nm.exponential_embedding(), rng=np.random.default_rng(5))
    rows = np.hstack([features.weights, features.time_weights])
    for sign in (1, -1):
        for count in (sign * rows > 0.5).sum(axis=0):
            assert min(binom.cdf(count, size, 0.125), binom.sf(count - 1, size, 0.125)) > 5e-10


def test_a_row_on_the_boundary_is_accepted_and_one_beyond_is_not():
    thirds = np.full((1, 3), 1.0 / 3.0)
    nm.RandomFeatures(weights=thirds[:, :2], time_weights=thirds[:, 2:], embedding=nm.constant_embedding())
    with pytest.raises(ValueError, match="row 0"):
        nm.RandomFeatures(weights=[[1.0]], time_weights=[[1e-12]], embedding=nm.constant_embedding())


@pytest.mark.parametrize(("horizon", "count", "start"), [(1.0, 1, 0.0), (3.0, 8, 0.5), (50.0, 64, 1e-5)])
def test_gauss_legendre_times_are_exact_for_polynomials(horizon, count, start):
    times, weights = nm.gauss_legendre_times(horizon, count, start)
    assert abs(weights.sum() - 1.0) < 1e-14  # a sum of 64 roundings
    assert start < times[0] <= times[-1] < horizon
    for degree in range(min(2 * count, 12)):
        exact = (horizon ** (degree + 1) - start ** (degree + 1)) / (degree + 1) / (horizon - start)
        # nodes to 1e-15, amplified by the degree, and the cancellation in `exact`
        assert weights @ times**degree == pytest.approx(exact, rel=1e-13)


def test_a_schedule_may_contain_time_zero_and_zero_noise():
    schedule = nm.Schedule(times=[0.0], weights=[1.0], mean_scale=[1.0], std=[0.0], loss_weight=[0.0])
    assert schedule.std[0] == 0.0
