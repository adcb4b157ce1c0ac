import math

import numpy as np
import pytest

from numerics import RandomFeatures, bits_per_dim, exponential_embedding, log_likelihood, ode_density

OU = {"drift": -1.0, "diffusion": math.sqrt(2.0), "prior_std": 1.0}
FINE = OU | {"tolerance": 1e-8}
T = 1.5


@pytest.mark.parametrize("d", [1, 2, 5])
def test_a_gaussian_with_its_exact_score_has_the_scaled_priors_likelihood(d):
    rng = np.random.default_rng(d)
    v0 = rng.uniform(0.2, 3.0, d)
    x = rng.standard_normal((7, d)) * np.sqrt(v0)

    def v(t):
        return math.exp(-2 * t) * v0 - math.expm1(-2 * t)

    nats, error = log_likelihood(x, lambda y, t: -y / v(t), horizon=T,
                                 divergence=lambda y, t: np.full(len(y), -np.sum(1 / v(t))), **FINE)  # fmt: skip
    s = v0 / v(T)  # coordinate by coordinate the flow scales by √(v(0)/v(T))
    exact = np.sum(-0.5 * x * x / s - 0.5 * np.log(2 * math.pi * s), axis=1)
    assert nats.shape == error.shape == (7,)
    np.testing.assert_array_less(np.abs(nats - exact), error + 1e-9)
    assert error.max() < 1e-5


def network(d, width=12, seed=0):
    features = RandomFeatures.sample(width, d, exponential_embedding(), rng=np.random.default_rng(seed))
    return features, -0.4 * features.weights.T * math.sqrt(width)


def test_one_dimension_agrees_with_the_ode_density():
    features, theta = network(1)
    x = np.linspace(-2, 2, 9)
    q = ode_density(features, theta, horizon=T, tolerance=1e-4, **OU)
    nats, error = log_likelihood(x[:, None], features, theta, horizon=T, **OU)
    np.testing.assert_array_less(np.abs(nats - q.log_pdf(x)), error + q.noise + 1e-7)


def test_the_divergence_is_that_of_the_network():
    # −log det of the map's Jacobian by finite differences of the flow itself
    d = 3
    features, theta = network(d, seed=4)
    x = np.array([0.3, -0.7, 0.2])

    def flow(y):
        steps = 2000
        h = T / steps
        for k in range(steps):
            mid = y + 0.5 * h * (-y - features.score(theta, y, k * h))
            y = y + h * (-mid - features.score(theta, mid, (k + 0.5) * h))
        return y

    eps = 1e-5
    points = np.vstack([x, *(x + s * eps * np.eye(d)[i] for i in range(d) for s in (1, -1))])
    ends = flow(points)
    jacobian = np.stack([(ends[1 + 2 * i] - ends[2 + 2 * i]) / (2 * eps) for i in range(d)])
    exact = -0.5 * ends[0] @ ends[0] - 1.5 * math.log(2 * math.pi) + np.linalg.slogdet(jacobian)[1]
    nats, error = log_likelihood(x[None, :], features, theta, horizon=T, **OU)
    # midpoint steps of 8e-4 cross kinks with an error of a step times a jump
    assert abs(nats[0] - exact) < 1e-4 + error[0]


def test_the_likelihood_integrates_to_one_in_two_dimensions():
    features, theta = network(2, seed=1)
    grid = np.linspace(-8, 8, 65)  # the flow widens the prior by e^{1/2} at most: 4.8 standard deviations
    x = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    nats, _ = log_likelihood(x, features, theta, horizon=0.5, tolerance=1e-2, **OU)
    # the trapezoidal sum of a density with kinks in its logarithm: second order in the spacing of ¼
    assert np.exp(nats).sum() * (grid[1] - grid[0]) ** 2 == pytest.approx(1.0, abs=2e-3)


def test_points_do_not_influence_one_another():
    features, theta = network(2, seed=2)
    x = np.array([[0.1, 0.2], [30.0, -20.0], [-0.4, 0.0]])
    nats, error = log_likelihood(x, features, theta, horizon=T, **OU)
    for k in range(3):
        alone, also = log_likelihood(x[k : k + 1], features, theta, horizon=T, **OU)
        # one solver's steps serve all points: the error of both runs
        assert abs(alone[0] - nats[k]) <= error[k] + also[0] + 1e-7 * abs(nats[k])


def test_bits_are_nats_over_the_dimension():
    assert bits_per_dim(-math.log(2.0) * 10, dim=10) == pytest.approx(1.0, rel=1e-15)
    np.testing.assert_allclose(bits_per_dim([0.0, math.log(2.0)], dim=1, offset=8.0), [8.0, 7.0])


def test_uniform_pixels_cost_eight_bits():
    # 256 levels divided by 256 and dequantised have density 1 on the cube: 0 nats, offset log2 256
    assert bits_per_dim(0.0, dim=784, offset=8.0) == 8.0


def test_points_of_another_dimension_are_refused():
    features, theta = network(2)
    with pytest.raises(ValueError, match="dim"):
        log_likelihood([[1.0]], features, theta, horizon=T, **OU)
