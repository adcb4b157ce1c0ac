import math
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from numerics import RandomFeatures, ReverseProcess, exponential_embedding, kl_divergence, ode_density
from numerics.backends.choice import NUMPY
from numerics.reverse.probability_flow import _fixed_steps, _from_kink_to_kink, log_prior

OU = {"drift": -1.0, "diffusion": math.sqrt(2.0), "prior_std": 1.0}
FINE = OU | {"tolerance": 1e-9}


def gaussian(mean, variance=1.0):
    return SimpleNamespace(weights=[1.0], means=[mean], variances=[variance])


def log_gaussian(x, mean, variance):
    return -0.5 * (x - mean) ** 2 / variance - 0.5 * math.log(2 * math.pi * variance)


@pytest.mark.parametrize(("c", "T"), [(1.5, 3.0), (-2.0, 0.5), (0.3, 8.0)])
def test_the_ledgers_family_has_its_gaussian_law(c, T):
    # dx/dt = −x − (−x + c e^{−t}) = −c e^{−t}: the flow only shifts, so that the law is N(c(1 − e^{−T}), 1)
    q = ode_density(lambda x, t: -x + c * math.exp(-t), horizon=T, divergence=lambda x, _t: -np.ones(len(x)), **FINE)
    mean = c * -math.expm1(-T)
    x = np.linspace(mean - 6, mean + 6, 25)
    # the looser run bounds the error at the images of 6.5 standard deviations
    np.testing.assert_allclose(q.log_pdf(x), log_gaussian(x, mean, 1.0), atol=max(q.noise, 1e-12))
    assert q.noise < 1e-6
    assert q.mass_error < 1e-8
    value, error = kl_divergence(gaussian(0.0), q, with_error=True)
    assert abs(value - mean**2 / 2) <= error < 1e-6


def test_the_law_is_not_that_of_the_sde():
    # the two densities of one inexact score: c(1 − e^{−T}) against c(1 − e^{−2T})
    c, T = 2.0, 0.7
    q = ode_density(lambda x, t: -x + c * math.exp(-t), horizon=T, divergence=lambda x, _t: -np.ones(len(x)), **FINE)
    assert kl_divergence(gaussian(c * -math.expm1(-T)), q) < 1e-9
    assert kl_divergence(gaussian(c * -math.expm1(-2 * T)), q) > 0.1


@pytest.mark.parametrize("v0", [0.05, 1.0, 4.0])
def test_an_exact_gaussian_score_gives_the_scaled_prior(v0):
    # p_t = N(0, v), v = e^{−2t} v0 + 1 − e^{−2t}; the flow scales by √(v(0)/v(T)), so the law is N(0, v0/v(T))
    T = 2.0

    def v(t):
        return math.exp(-2 * t) * v0 - math.expm1(-2 * t)

    q = ode_density(lambda x, t: -x / v(t), horizon=T, divergence=lambda x, t: np.full(len(x), -1 / v(t)), **FINE)
    x = math.sqrt(v0) * np.linspace(-6, 6, 13)
    np.testing.assert_allclose(q.log_pdf(x), log_gaussian(x, 0.0, v0 / v(T)), atol=max(q.noise, 1e-12))
    assert q.log_pdf(0.0) == pytest.approx(-0.5 * math.log(2 * math.pi * v0 / v(T)), abs=1e-7)


def test_the_flow_keeps_the_divergence_from_the_prior():
    # with the exact score, data law and prior are moved together: KL(p0‖q) = KL(p_T‖π), here for Gaussians
    v0, m0, T = 0.3, 1.2, 1.5

    def law(t):
        return math.exp(-t) * m0, math.exp(-2 * t) * v0 - math.expm1(-2 * t)

    q = ode_density(lambda x, t: -(x - law(t)[0]) / law(t)[1], horizon=T,
                    divergence=lambda x, t: np.full(len(x), -1 / law(t)[1]), **FINE)  # fmt: skip
    value, error = kl_divergence(gaussian(m0, v0), q, with_error=True)
    assert abs(value - kl_divergence(gaussian(*law(T)), gaussian(0.0))) <= error < 1e-6


def network(seed, width=10):
    rng = np.random.default_rng(seed)
    features = RandomFeatures.sample(width, 1, exponential_embedding(), rng=rng)
    x = np.linspace(-5, 5, 200)
    times = (0.0, 0.3, 1.0, 2.0)
    H = np.vstack([features.matrix(x[:, None], t) for t in times])
    target = np.concatenate([-x + 1.5 * math.exp(-t) * np.tanh(1.5 * math.exp(-t) * x) for t in times])
    return features, np.linalg.solve(H.T @ H + 1e-2 * np.eye(width), H.T @ target)[None, :]


def euler_midpoint(features, theta, x, T, steps):
    """Ends and Jacobians of the flow of OU by the midpoint rule for x and for its finite-difference neighbour."""
    h = T / steps
    for k in range(steps):
        t = k * h
        mid = x + 0.5 * h * (-x - features.score(theta, x[:, None], t)[:, 0])
        x = x + h * (-mid - features.score(theta, mid[:, None], t + 0.5 * h)[:, 0])
    return x


@pytest.mark.parametrize("seed", [0, 1])
def test_a_networks_density_is_the_priors_times_the_maps_derivative(seed):
    features, theta = network(seed)
    T = 2.0
    q = ode_density(features, theta, horizon=T, tolerance=1e-4, **OU)
    assert q.mass_error < 1e-3
    x = np.array([-2.5, -1.1, 0.2, 0.9, 3.0])
    h = 1e-4
    steps = 2000
    low, high = (euler_midpoint(features, theta, x + s * h, T, steps) for s in (-1, 1))
    end = euler_midpoint(features, theta, x, T, steps)
    reference = log_gaussian(end, 0.0, 1.0) + np.log((high - low) / (2 * h))
    # midpoint: h² of 1e-6 times constants; a kink within x ± h moves the difference by about h times its jump
    np.testing.assert_allclose(q.log_pdf(x), reference, atol=2e-3)
    assert np.sort(np.abs(q.log_pdf(x) - reference))[1] < 1e-5 + q.noise  # points with no kink close by


def test_a_network_and_the_same_score_as_a_callable_agree():
    features, theta = network(2)
    p = ode_density(features, theta, horizon=1.0, tolerance=1e-4, **OU)

    def slope(x, t):
        active = x[:, None] * features.weights[:, 0] + features.intercepts([t])[0] > 0
        return active @ (theta[0] * features.weights[:, 0]) / math.sqrt(features.width)

    q = ode_density(lambda x, t: features.score(theta, x[:, None], t)[:, 0], horizon=1.0, divergence=slope,
                    tolerance=1e-4, **OU)  # fmt: skip
    x = np.linspace(-3, 3, 13)
    # one by fixed steps, one by scipy
    np.testing.assert_allclose(p.log_pdf(x), q.log_pdf(x), atol=p.noise + q.noise)


def test_fixed_steps_share_out_kinks_with_order_two():
    features, theta = network(3)
    law = ReverseProcess(score=features, parameters=theta, horizon=1.0, start=0.0, **OU).in_dimension(1)
    assert law.network is not None
    x = np.linspace(-3, 3, 100)[:, None]
    values = []
    for steps in (32, 128, 2048):
        ends, change = _fixed_steps(law, law.network, x, steps, False, where=NUMPY)
        values.append(log_prior(law, ends) + change)
    coarse, fine = (np.abs(v - values[-1]).mean() for v in values[:2])
    assert fine < coarse / 8  # 16 for order 2; a point may graze a kink


def linear(c):
    """Features whose score is exactly −x + c e^{−t}: σ(x/2), σ(−x/2) and σ(e^{−t}/2)."""
    features = RandomFeatures(weights=[[0.5], [-0.5], [0.0]], time_weights=[[0.0, 0.0], [0.0, 0.0], [0.0, 0.5]],
                              embedding=exponential_embedding())  # fmt: skip
    return features, 2 * math.sqrt(3) * np.array([[-1.0, 1.0, c]])


@pytest.mark.parametrize(("c", "T"), [(1.5, 3.0), (-2.0, 0.5), (0.3, 8.0)])
def test_a_network_that_is_linear_has_its_gaussian_law(c, T):
    # the kink at 0 that every path meets is none: the two slopes agree; the law is N(c(1 − e^{−T}), 1) as above
    q = ode_density(*linear(c), horizon=T, **FINE)
    mean = c * -math.expm1(-T)
    x = np.linspace(mean - 6, mean + 6, 25)
    np.testing.assert_allclose(q.log_pdf(x), log_gaussian(x, mean, 1.0), atol=q.noise + 1e-12)
    value, error = kl_divergence(gaussian(0.0), q, with_error=True)
    assert abs(value - mean**2 / 2) <= error < 1e-6


def test_an_exact_score_with_a_single_kink_has_its_law():
    # f = 0, g = 1, s = −2a σ(x): for x > 0 the flow dx/dt = a x grows to x e^{aT}, below it stands still; no path
    # crosses the kink, so the law at 0 is N(0, 1) for x < 0 and e^{aT} φ(x e^{aT}) for x > 0
    a, T = 0.7, 1.3
    features = RandomFeatures(weights=[[1.0]], time_weights=[[0.0]], embedding=lambda t: np.ones((len(t), 1)))
    q = ode_density(features, [[-2 * a]], drift=0.0, diffusion=1.0, prior_std=1.0, horizon=T, tolerance=1e-8)
    x = np.array([-3.0, -0.5, 0.25, 1.0])
    scale = np.where(x > 0, math.exp(a * T), 1.0)
    np.testing.assert_allclose(q.log_pdf(x), log_gaussian(x * scale, 0.0, 1.0) + np.log(scale), atol=q.noise + 1e-13)
    assert q.mass_error < 1e-8


def test_moving_kinks_that_paths_cross_are_met_exactly():
    # f = 0, g = 1, s = −2 σ(x − t/2 + ½)·1/2: while x > (t − 1)/2 the flow is dx/dt = (x − (t − 1)/2)/2, where
    # y = x − (t − 1)/2 obeys y' = y/2 − 1/2: y = 1 + (y0 − 1) e^{t/2}. Paths with 0 < y0 < 1 hit the kink at
    # t* = −2 log(1 − y0), if that is before T, and stand still from then on, as do those below it from the start
    T = 1.5
    features = RandomFeatures(weights=[[0.4]], time_weights=[[0.2, -0.4]],
                              embedding=lambda t: np.stack([np.ones(len(t)), 0.5 * np.asarray(t)], axis=1))  # fmt: skip
    q = ode_density(features, [[-2.5]], drift=0.0, diffusion=1.0, prior_std=1.0, horizon=T, tolerance=1e-9)
    x = np.array([-2.0, -0.7, -0.45, -0.2, 0.02, 0.1, 0.6, 2.0])
    y = x + 0.5
    with np.errstate(invalid="ignore", divide="ignore"):
        stop = np.where(y <= 0.0, 0.0, np.where(y < 1.0, np.minimum(-2.0 * np.log(np.maximum(1.0 - y, 1e-99)), T), T))
    end = np.where(y <= 0.0, x, 1.0 + (y - 1.0) * np.exp(stop / 2) + (stop - 1.0) / 2)
    np.testing.assert_allclose(q.log_pdf(x), log_gaussian(end, 0.0, 1.0) + stop / 2, atol=q.noise + 1e-12)


@pytest.mark.parametrize("seed", [4, 5])
def test_following_the_kinks_has_order_three_and_the_limit_of_shared_steps(seed):
    features, theta = network(seed, 24)
    law = ReverseProcess(score=features, parameters=theta, horizon=1.0, start=0.0, **OU).in_dimension(1)
    assert law.network is not None
    x = np.linspace(-4, 4, 60)[:, None]

    def values(method, steps):
        ends, change = method(law, law.network, x, steps, False)
        return log_prior(law, ends) + change

    fine = values(_from_kink_to_kink, 4096)
    coarse, half = (np.abs(values(_from_kink_to_kink, steps) - fine).mean() for steps in (32, 128))
    assert half < coarse / 32  # 64 for order 3, that of a kink's time; a path may graze a kink
    shared = np.abs(values(partial(_fixed_steps, where=NUMPY), 1024) - fine)
    assert np.median(shared) < 1e-6  # h² = 1e-6, times shares of a kink's jump
    assert shared.max() < 1e-4


def test_the_flow_of_a_network_is_undone_by_the_flow_back():
    features, theta = network(6, 40)
    law = ReverseProcess(score=features, parameters=theta, horizon=2.0, start=0.1, **OU).in_dimension(1)
    assert law.network is not None
    x = np.linspace(-3, 3, 41)[:, None]
    ends, there = _from_kink_to_kink(law, law.network, x, 512, False)
    back, again = _from_kink_to_kink(law, law.network, ends, 512, True)
    # h³ for h = 1/256, and the expansion of the way back, at most exp of the largest log-Jacobian
    np.testing.assert_allclose(back, x, atol=1e-7 * math.exp(np.abs(there).max()))
    np.testing.assert_allclose(again, -there, atol=1e-5)


def test_a_callable_without_its_derivative_is_refused():
    with pytest.raises(TypeError, match="divergence must be given"):
        ode_density(lambda x, _t: -x, horizon=1.0, **OU)


def test_a_flow_that_ends_early_is_an_error():
    with pytest.raises((ArithmeticError, ValueError), match=r"flow|finite"):
        ode_density(lambda x, _t: x**3, horizon=50.0, divergence=lambda x, _t: 3 * x * x, drift=0.0, diffusion=3.0,
                    prior_std=1.0)  # fmt: skip
