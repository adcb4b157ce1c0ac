import math

import numpy as np
import pytest

from numerics import (
    RandomFeatures,
    ReverseProcess,
    exponential_embedding,
    sample_forward,
    sample_probability_flow,
    sample_reverse_sde,
)
from numerics.reverse.sampling import _step_numbers

OU = {"drift": -1.0, "diffusion": math.sqrt(2.0), "prior_std": 1.0}
# |Z| > 5.5 has probability 4e-8: a comparison at 5.5 standard errors fails once in 2.6e7 seeds, and the seed is fixed
SIGMAS = 5.5


def moments_agree(x, mean, variance, bias=0.0):
    n = len(x)
    np.testing.assert_array_less(np.abs(x.mean(axis=0) - mean), SIGMAS * math.sqrt(variance / n) + bias)
    # the variance of a Gaussian sample's variance is 2 v²/n
    np.testing.assert_array_less(np.abs(x.var(axis=0) - variance), SIGMAS * variance * math.sqrt(2 / n) + bias)


def shifted(c):
    """The score −x + c e^{−t}: SDE-density N(c(1 − e^{−2T}), 1), ODE-density N(c(1 − e^{−T}), 1)."""
    return lambda x, t: -x + c * math.exp(-t)


@pytest.mark.parametrize("d", [1, 3])
def test_forward_samples_have_the_kernels_moments(d):
    x = sample_forward(np.full(d, 2.0), mean_scale=0.6, std=0.8, samples=40_000, rng=1)
    assert x.shape == (40_000, d)
    moments_agree(x, 1.2, 0.64)


def test_forward_samples_of_data_use_every_point_equally():
    x = sample_forward([[-5.0], [0.0], [5.0]], mean_scale=1.0, std=0.01, samples=30_000, rng=2)
    counts = np.array([np.count_nonzero(np.abs(x - m) < 1.0) for m in (-5.0, 0.0, 5.0)])
    assert counts.sum() == 30_000
    assert np.abs(counts - 10_000).max() < SIGMAS * math.sqrt(30_000 * 2 / 9)


@pytest.mark.parametrize("d", [1, 2])
def test_the_exponential_integrator_reaches_the_ledgers_law(d):
    c, T, steps = 1.5, 3.0, 400
    x = sample_reverse_sde(shifted(c), horizon=T, dim=d, samples=40_000, steps=steps, rng=3, **OU)
    # order 1: the steps are 2T/400 at most, the bias about half a step of the score's change
    moments_agree(x, c * -math.expm1(-2 * T), 1.0, bias=2 * T / steps)


@pytest.mark.parametrize("scheme", ["exponential", "euler-maruyama"])
def test_the_bias_falls_with_the_step(scheme):
    # the mean of a linear SDE's scheme is computed exactly by a run without noise: prior and noise of size 1e-6
    c, T = 2.0, 2.0
    g = 1e-3
    # dx = (f x − g² s) dt with f = −1 and s = c e^{−t}/g²: mean of x(0) = ∫ e^{s} c e^{−s} ds = c T
    means = []
    for steps in (50, 100, 200):
        x = sample_reverse_sde(lambda x, t: np.full(x.shape, c * math.exp(-t) / g**2), drift=-1.0, diffusion=g,
                               horizon=T, prior_std=1e-9, samples=4, steps=steps, scheme=scheme, rng=4)  # fmt: skip
        means.append(abs(float(x.mean()) - c * T))
    noise = 5 * g * math.exp(T) / 2
    assert means[1] + noise < means[0]
    assert means[2] + noise < means[1]
    assert means[0] / means[1] == pytest.approx(2.0, abs=0.3)


def test_euler_maruyama_reaches_the_ledgers_law():
    c, T, steps = 1.5, 3.0, 800
    x = sample_reverse_sde(shifted(c), horizon=T, samples=20_000, steps=steps, scheme="euler-maruyama", rng=5, **OU)
    moments_agree(x, c * -math.expm1(-2 * T), 1.0, bias=4 * T / steps)


@pytest.mark.parametrize("solver", ["DOP853", "RK45", "LSODA"])
def test_the_probability_flow_reaches_its_own_law(solver):
    c, T = 1.5, 1.0
    n = 20_000 if solver != "LSODA" else 400
    x = sample_probability_flow(shifted(c), horizon=T, samples=n, rng=6, solver=solver, **OU)
    moments_agree(x, c * -math.expm1(-T), 1.0, bias=1e-4)


def test_a_step_of_the_exponential_integrator_has_the_closed_numbers():
    law = ReverseProcess(
        score=shifted(0.0), drift=-1.0, diffusion=math.sqrt(2), horizon=4.0, prior_std=1.0, start=0.0
    ).in_dimension(1)
    decay, weight, noise = _step_numbers(law, 1.3, 1.0)
    h = 0.3
    # x' = e^h x + 2(e^h − 1) s + √(e^{2h} − 1) z; an 8-point rule is exact to rounding on such a step
    assert (decay, weight, noise) == pytest.approx(
        (math.exp(h), 2 * math.expm1(h), math.sqrt(math.expm1(2 * h))), rel=1e-13
    )
    law = ReverseProcess(score=shifted(0.0), drift=lambda t: -t, diffusion=lambda t: math.sqrt(2 * t), horizon=4.0,
                  prior_std=1.0, start=0.0).in_dimension(1)  # fmt: skip
    a = 0.5 * (1.3**2 - 1.0)
    assert _step_numbers(law, 1.3, 1.0) == pytest.approx(
        (math.exp(a), 2 * math.expm1(a), math.sqrt(math.expm1(2 * a))), rel=1e-12
    )


def network():
    features = RandomFeatures.sample(20, 2, exponential_embedding(), rng=np.random.default_rng(7))
    return features, -0.5 * features.weights.T * math.sqrt(20)


def runs(samples, workers, seed=11):
    features, theta = network()
    common = {"dim": 2, "samples": samples, "rng": seed, "workers": workers, "horizon": 1.0, **OU}
    return [
        sample_forward([[0.0, 1.0], [2.0, 3.0]], mean_scale=0.5, std=0.5, samples=samples, rng=seed, workers=workers),
        sample_reverse_sde(features, theta, steps=5, **common),
        sample_reverse_sde(features, theta, steps=5, scheme="euler-maruyama", **common),
        sample_probability_flow(features, theta, tolerance=1e-2, **common),
    ]


def test_a_seed_gives_the_same_bits_for_every_number_of_workers():
    for one, two in zip(runs(9001, 1), runs(9001, 3), strict=True):
        assert np.array_equal(one, two)


def test_more_samples_extend_the_same_sequence():
    for few, many in zip(runs(5000, 1), runs(9001, 1), strict=True):
        assert np.array_equal(few, many[:5000])


def test_another_seed_and_another_sampler_give_other_numbers():
    one, two = runs(100, 1, seed=1), runs(100, 1, seed=2)
    for a, b in zip(one, two, strict=True):
        assert not np.isclose(a, b).any()
    assert not np.isclose(one[1], one[3]).any()


def test_a_seed_sequence_is_taken():
    a, b = (sample_forward([0.0], mean_scale=1.0, std=1.0, samples=10, rng=np.random.SeedSequence(5, spawn_key=key))
            for key in ((), (1,)))  # fmt: skip
    assert not np.isclose(a, b).any()
    assert np.array_equal(a, sample_forward([0.0], mean_scale=1.0, std=1.0, samples=10, rng=5))


def test_steps_that_are_too_long_are_an_error():
    with pytest.raises(ArithmeticError, match="pass more steps"):
        sample_reverse_sde(lambda x, _t: -1e100 * x, horizon=1.0, samples=4, steps=20, rng=1, **OU)


def test_a_request_that_cannot_fit_is_refused():
    with pytest.raises(ValueError, match="samples must be at most 268 in dimension 1000000"):
        sample_forward(np.zeros(10**6), mean_scale=1.0, std=1.0, samples=300, rng=1)
