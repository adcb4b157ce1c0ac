"""The population quadratic is the expectation that it claims to be, and a quadratic does its algebra right."""

import itertools
import math
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

import numerics as nm

MIXTURES = {
    "gaussian": SimpleNamespace(weights=[1.0], means=[0.5], variances=[1.0]),
    "two modes": SimpleNamespace(weights=[0.3, 0.7], means=[-2.0, 2.0], variances=[1.0, 1.0]),
    "unequal": SimpleNamespace(weights=[0.5, 0.25, 0.25], means=[[-1.0], [0.0], [3.0]], variances=[0.25, 1.0, 0.0]),
}


def ornstein_uhlenbeck(times, weights, loss_weight=2.0):
    times = np.asarray(times)
    return nm.Schedule(
        times=times,
        weights=weights,
        mean_scale=np.exp(-times),
        std=np.sqrt(-np.expm1(-2 * times)),
        loss_weight=np.full(len(times), loss_weight),
    )


def marginal(mixture, t):
    """Density and score of the diffused mixture at one time, and points between which it is smooth and narrow."""
    w, m = np.asarray(mixture.weights, float), np.asarray(mixture.means, float).reshape(-1)
    r = math.exp(-t)
    mean, std = r * m, np.sqrt(r * r * np.asarray(mixture.variances, float) - math.expm1(-2 * t))

    def pdf_and_score(x):
        z = (x - mean) / std
        parts = w * np.exp(-z * z / 2) / std / math.sqrt(2 * math.pi)
        total = parts.sum()
        return total, float(-(parts * z / std).sum() / total)

    return pdf_and_score, mean, std


def integrate(function, points, low, high):
    """Adaptive quadrature piece by piece; the sum and the sum of the error estimates."""
    edges = sorted({low, high, *(p for p in points if low < p < high)})
    parts = [quad(function, a, b, epsabs=1e-13, epsrel=1e-12, limit=200) for a, b in itertools.pairwise(edges)]
    return sum(p[0] for p in parts), sum(p[1] for p in parts)


@pytest.fixture(scope="module")
def features():
    return nm.RandomFeatures.sample(5, 1, nm.exponential_embedding(), rng=np.random.default_rng(7))


@pytest.mark.parametrize("name", MIXTURES)
def test_B_b_and_c_are_the_expectations_by_brute_quadrature(features, name):
    # b is compared with E[λ s_t h], with the score and no Stein identity in sight
    mixture = MIXTURES[name]
    schedule = ornstein_uhlenbeck([0.05, 0.8], [0.25, 0.75], loss_weight=1.5)
    m = features.width
    B, b, c, errors = np.zeros((m, m)), np.zeros(m), 0.0, np.zeros(3)
    for t, q in zip(schedule.times, schedule.weights, strict=True):
        law, mean, std = marginal(mixture, t)
        w, u = features.weights[:, 0], features.intercepts([t])[0]
        points = [*(-u / w), *mean, *(mean - 3 * std), *(mean + 3 * std)]
        low, high = float((mean - 12 * std).min()), float((mean + 12 * std).max())

        def h(x, i, w=w, u=u):
            return max(0.0, w[i] * x + u[i]) / math.sqrt(m)

        for i in range(m):
            for j in range(i + 1):
                value, error = integrate(lambda x: h(x, i) * h(x, j) * law(x)[0], points, low, high)  # noqa: B023
                B[i, j] += 1.5 * q * value
                B[j, i] = B[i, j]
                errors[0] = max(errors[0], error)
            value, error = integrate(lambda x: h(x, i) * math.prod(law(x)), points, low, high)  # noqa: B023
            b[i] += 1.5 * q * value
            errors[1] = max(errors[1], error)
        value, error = integrate(lambda x: law(x)[0] * law(x)[1] ** 2, points, low, high)  # noqa: B023
        c += 1.5 * q * value
        errors[2] = max(errors[2], error)
    got = nm.population_quadratic(features, mixture, schedule)
    # quad's estimates times the weights (sum 1.5), and 1e-12 for rounding and the mass beyond 12 deviations
    np.testing.assert_allclose(got.B, B, rtol=0, atol=2 * errors[0] + 1e-12)
    np.testing.assert_allclose(got.b[0], b, rtol=0, atol=2 * errors[1] + 1e-12)
    assert got.c == pytest.approx(c, rel=1e-11, abs=2 * errors[2])


def test_B_and_b_converge_to_the_two_dimensional_integral(features):
    mixture = MIXTURES["two modes"]
    times, weights = nm.gauss_legendre_times(1.5, 40, 0.02)
    got = nm.population_quadratic(features, mixture, ornstein_uhlenbeck(times, weights))
    i, j = 0, 3
    w = features.weights[:, 0]

    def inner(t, score):
        law, mean, std = marginal(mixture, t)
        u = features.intercepts([t])[0]

        def integrand(x):
            density, slope = law(x)
            first = max(0.0, w[i] * x + u[i])
            return 2.0 * density * first * (slope if score else max(0.0, w[j] * x + u[j]))

        points = [*(-u / w), *mean, *(mean - 3 * std), *(mean + 3 * std)]
        return integrate(integrand, points, float(mean.min()) - 12, float(mean.max()) + 12)[0]

    for score, value, power in ((False, got.B[i, j], 1.0), (True, got.b[0, i], 0.5)):
        exact, error = quad(inner, 0.02, 1.5, args=(score,), epsabs=1e-9, epsrel=1e-9)
        scale = 1.48 * features.width**power
        # quad's estimate; the 40-point rule is far more accurate on this smooth function of t
        assert value == pytest.approx(exact / scale, abs=2 * error / scale + 1e-9)


def test_exact_numbers_and_any_nesting_describe_the_same_mixture(features):
    schedule = ornstein_uhlenbeck([0.5], [1.0])
    one = nm.population_quadratic(features, MIXTURES["two modes"], schedule)
    exact = SimpleNamespace(
        weights=(Fraction(3, 10), Fraction(7, 10)), means=((-2,), (2,)), variances=np.array([Fraction(1), 1])
    )
    assert nm.population_quadratic(features, exact, schedule) == one
    # a component of weight 0 is no component
    padded = SimpleNamespace(weights=[0.3, 0.0, 0.7], means=[-2, 50, 2], variances=[1, 0, 1])
    assert nm.population_quadratic(features, padded, schedule) == one


def test_a_point_mass_without_noise_is_refused_and_one_without_weight_is_not(features):
    mixture = MIXTURES["unequal"]
    for loss_weight, refused in (([1.0, 1.0], True), ([0.0, 1.0], False)):
        schedule = nm.Schedule(
            times=[0.0, 1.0], weights=[0.5, 0.5], mean_scale=[1, 0.5], std=[0, 0.5], loss_weight=loss_weight
        )
        if refused:
            with pytest.raises(ValueError, match="start the times after 0"):
                nm.population_quadratic(features, mixture, schedule)
        else:
            assert math.isfinite(nm.population_quadratic(features, mixture, schedule).c)


def test_the_loss_of_a_perfect_score_is_zero():
    # p_t = N(0, 1) for all t under Ornstein–Uhlenbeck, s = −x = −σ(x) + σ(−x)
    features = nm.RandomFeatures(
        weights=[[1.0], [-1.0]], time_weights=[[0.0], [0.0]], embedding=nm.constant_embedding()
    )
    schedule = ornstein_uhlenbeck(*nm.gauss_legendre_times(4.0, 12))
    quadratic = nm.population_quadratic(features, SimpleNamespace(weights=[1], means=[0], variances=[1]), schedule)
    theta = math.sqrt(2) * np.array([[-1.0, 1.0]])
    # three terms of size c = 2 and a sum of twelve times: a few units of rounding
    assert abs(quadratic.loss(theta)) < 1e-14
    np.testing.assert_allclose(quadratic.minimiser(), theta, rtol=1e-14)
    assert abs(quadratic.minimum) < 1e-14
    x = np.linspace(-3, 3, 7)[:, None]
    np.testing.assert_allclose(features.score(theta, x, 0.3), -x, rtol=1e-15)


def test_the_quadratic_is_the_mean_squared_error_of_the_score(features):
    rng = np.random.default_rng(3)
    mixture, t = MIXTURES["two modes"], 0.4
    quadratic = nm.population_quadratic(features, mixture, ornstein_uhlenbeck([t], [1.0]))
    theta = rng.normal(size=(1, features.width))
    law, mean, _ = marginal(mixture, t)

    def integrand(x):
        density, score = law(x)
        return 2.0 * density * (features.score(theta, [[x]], t)[0, 0] - score) ** 2

    u = features.intercepts([t])[0]
    exact, error = integrate(integrand, [*(-u / features.weights[:, 0]), *mean], -12.0, 12.0)
    assert quadratic.loss(theta) == pytest.approx(exact, abs=error + 1e-11)  # c is good to 1e-11


def random_quadratic(seed, m, d, rank, c=1.0):
    """A quadratic of integer features: B is exactly singular for rank < m, b exactly in its range."""
    rng = np.random.default_rng(seed)
    H = rng.integers(-3, 4, size=(m, rank)).astype(float)
    return nm.Quadratic(B=H @ H.T, b=rng.integers(-3, 4, size=(d, rank)) @ H.T, c=c)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), m=st.integers(1, 6), d=st.integers(1, 3), rank=st.integers(1, 6))
def test_loss_gradient_and_minimiser_belong_together(seed, m, d, rank):
    quadratic = random_quadratic(seed, m, d, min(rank, m))
    rng = np.random.default_rng(seed + 1)
    theta, step = rng.integers(-4, 5, size=(2, d, m)).astype(float)
    # integer arithmetic: exact
    expansion = np.sum(quadratic.gradient(theta) * step) + np.trace(step @ quadratic.B @ step.T)
    assert quadratic.loss(theta + step) - quadratic.loss(theta) == expansion
    assert quadratic.loss(theta) == quadratic.excess(theta) + 1.0
    best = quadratic.minimiser()
    kappa = quadratic.spectrum.values
    if not kappa.any():
        assert not best.any()
        return
    # backward error 64 m 2⁻⁵² of the decomposition, amplified by the condition number
    condition = kappa.max() / kappa[kappa > 0].min()
    size = 64 * m * 2.0**-52 * condition * max(1.0, float(np.abs(quadratic.b).max()))
    assert np.abs(quadratic.gradient(best)).max() <= size
    assert quadratic.minimum <= quadratic.loss(theta) + size * (1 + abs(quadratic.minimum))
    assert quadratic.loss(best) == pytest.approx(quadratic.minimum, abs=size * (1 + abs(quadratic.minimum)))
    # minimum norm: orthogonal to the null space
    null = quadratic.spectrum.vectors[:, kappa == 0]
    assert np.abs(best @ null).max(initial=0.0) <= size * (1 + np.abs(best).max())


def test_an_infinite_constant_makes_the_loss_infinite_but_not_its_differences():
    quadratic = nm.Quadratic(B=np.eye(2), b=[[1.0, 2.0]], c=math.inf)
    assert quadratic.loss([[0.0, 0.0]]) == math.inf
    assert quadratic.minimum == math.inf
    assert quadratic.excess([[1.0, 2.0]]) == -5.0
    flow = nm.GradientFlow(quadratic, [[0.0, 0.0]])
    assert flow.loss(1.0) == math.inf
    assert flow.excess_over(math.inf, [[0.0, 0.0]]) == pytest.approx(-5.0, rel=1e-15)


def test_rounding_of_B_is_forgiven_and_more_is_not():
    B = np.array([[1.0, 1.0], [1.0, 1.0]])
    nm.Quadratic(B=B - 1e-15 * np.eye(2), b=[[1.0, 1.0]], c=1.0)
    with pytest.raises(ValueError, match="positive semidefinite"):
        nm.Quadratic(B=B - 1e-12 * np.eye(2), b=[[1.0, 1.0]], c=1.0)


def test_b_outside_the_range_of_B_is_refused_where_a_minimum_is_needed():
    quadratic = nm.Quadratic(B=[[1.0, 0.0], [0.0, 0.0]], b=[[1.0, 1e-6]], c=1.0)
    assert quadratic.loss([[0.0, 0.0]]) == 1.0
    for use in (quadratic.minimiser, lambda: quadratic.minimum, lambda: nm.GradientFlow(quadratic, [[0.0, 0.0]])):
        with pytest.raises(ValueError, match="b must lie in the range of B"):
            use()
    zero = nm.Quadratic(B=np.zeros((2, 2)), b=np.zeros((1, 2)), c=1.0)
    assert zero.minimum == 1.0
    assert not zero.minimiser().any()


def test_a_population_quadratic_has_b_in_the_range_of_a_singular_B():
    # smooth features in one dimension: B is singular in floating point
    features = nm.RandomFeatures.sample(200, 1, nm.exponential_embedding(), rng=np.random.default_rng(0))
    schedule = ornstein_uhlenbeck(*nm.gauss_legendre_times(3.0, 16))
    quadratic = nm.population_quadratic(features, MIXTURES["two modes"], schedule)
    assert (quadratic.spectrum.values == 0.0).any()
    assert 0.0 < quadratic.minimum < 0.1 * quadratic.c
    assert np.linalg.eigvalsh(quadratic.B)[0] > -1e-14 * np.trace(quadratic.B)
