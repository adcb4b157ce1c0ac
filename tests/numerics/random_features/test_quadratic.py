"""The population quadratic is the expectation that it claims to be, and a quadratic does its algebra right."""

import itertools
import math
import os
import subprocess
import sys
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

import numerics as nm
from numerics.random_features.second_moments import SortedData
from tests.numerics.random_features.schedules import ornstein_uhlenbeck

MIXTURES = {
    "gaussian": SimpleNamespace(weights=[1.0], means=[0.5], variances=[1.0]),
    "two modes": SimpleNamespace(weights=[0.3, 0.7], means=[-2.0, 2.0], variances=[1.0, 1.0]),
    "unequal": SimpleNamespace(weights=[0.5, 0.25, 0.25], means=[[-1.0], [0.0], [3.0]], variances=[0.25, 1.0, 0.0]),
}


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


DATA = np.array([-1.5, -0.25, 0.125, 2.0, 2.0])


def as_mixture(data):
    return SimpleNamespace(weights=np.full(len(data), 1 / len(data)), means=data, variances=np.zeros(len(data)))


@pytest.mark.parametrize("scale", [1.0, 1e3])
def test_the_empirical_quadratic_is_that_of_a_mixture_of_point_masses(features, scale):
    # another algorithm: a sum over the components instead of cells and one-sided sums
    data = scale * DATA
    schedule = ornstein_uhlenbeck(*nm.gauss_legendre_times(2.0, 5, 1e-5))
    got, exact = nm.empirical_quadratic(features, data, schedule), nm.population_quadratic(
        features, as_mixture(data), schedule, constant=math.inf
    )  # fmt: skip
    np.testing.assert_allclose(got.B, exact.B, rtol=0, atol=1e-14 * exact.B.max())
    np.testing.assert_allclose(got.b, exact.b, rtol=0, atol=1e-13)
    assert got.c == pytest.approx(float(schedule.weights @ (2.0 / schedule.std**2)), rel=1e-15)
    assert got == nm.empirical_quadratic(features, data[::-1][:, None], schedule)
    assert got.spectrum.values.max() > 0


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(1, 400),
    std=st.sampled_from([1e-6, 1e-3, 0.05, 0.5, 1.0, 30.0]),
    mean_scale=st.sampled_from([0.0, 0.25, 1.0]),
)
def test_sums_over_sorted_data_have_twelve_digits_in_every_tail(seed, n, std, mean_scale):
    rng = np.random.default_rng(seed)
    # multiples of 2⁻²⁰: positions relative to the centre are the only rounding
    data = np.round(rng.normal(size=n) * rng.choice([0.01, 1.0, 50.0]) * 2**20) / 2**20
    prepared = SortedData(data)
    reach = float(np.ptp(data)) + 30 * std
    points = np.concatenate([rng.uniform(-reach, reach, 20), rng.choice(data, 5)])
    got = prepared.moments(points - mean_scale * prepared.centre, mean_scale, std)
    law = {"means": mean_scale * data, "variances": std * std}
    for k, (a, sign) in enumerate(((1.0, -1.0), (-1.0, 1.0))):
        exact = [
            nm.activation_probability(a, sign * points, **law),
            nm.relu_mean(a, sign * points, **law),
            nm.relu_product_mean(a, sign * points, a, sign * points, **law),
        ]
        for value, reference in zip(got[3 * k : 3 * k + 3], exact, strict=True):
            # the reference: 1e-12. The positions: δu = 2⁻⁵² · range/std in tails that fall by e^{−u δu}, u < 40
            position = 8 * 2.0**-52 * (mean_scale * float(np.abs(data).max()) + float(np.abs(points).max()))
            slack = 1e-12 + 45 * min(1.0, position / std)
            assert (np.abs(value - reference) <= slack * reference + 1e-290).all()


def test_a_datum_far_away_takes_no_digits_from_those_at_zero():
    features = nm.RandomFeatures(
        weights=[[-0.5], [-0.25]], time_weights=[[0.1, 0.2], [0.3, -0.1]], embedding=nm.exponential_embedding()
    )
    schedule = ornstein_uhlenbeck([0.3, 1.0], [0.5, 0.5])
    near = nm.empirical_quadratic(features, [-0.5, 0.25], schedule)
    both = nm.empirical_quadratic(features, [-0.5, 0.25, 2.0**60], schedule)  # where both features are 0
    assert np.allclose(both.B, 2 / 3 * near.B, rtol=1e-13, atol=0.0)


def test_many_data_cost_no_more_digits():
    # 20 000 data in closed form: the mean over equally likely points of a fine lattice, by direct summation
    data = np.linspace(-2.0, 2.0, 20_001)
    prepared = SortedData(data)
    points = np.array([-9.0, -3.0, -2.0, 0.3, 1.999, 4.0, 11.0])
    for std in (0.01, 0.4, 1.5):
        got = prepared.moments(points - prepared.centre, 1.0, std)
        for i, z in enumerate(points):
            exact = nm.relu_mean(1.0, -z, means=data, variances=std * std)
            # n additions of positive terms: of order √n 2⁻⁵², below n 2⁻⁵³
            assert got[1, i] == pytest.approx(exact, rel=3e-12, abs=1e-290)


def test_without_noise_the_data_are_their_own_law(features):
    schedule = nm.Schedule(times=[0.0], weights=[1.0], mean_scale=[1.0], std=[0.0], loss_weight=[2.0])
    got = nm.empirical_quadratic(features, DATA, schedule)
    h = features.matrix(DATA[:, None], 0.0)
    np.testing.assert_allclose(got.B, 2.0 * h.T @ h / len(DATA), rtol=0, atol=1e-15)
    active = (h > 0).mean(axis=0)
    np.testing.assert_allclose(got.b[0], -2.0 * features.weights[:, 0] * active / math.sqrt(5), rtol=0, atol=1e-15)
    assert got.c == math.inf
    assert got.loss(np.zeros((1, 5))) == math.inf
    truth = nm.empirical_quadratic(features, DATA, schedule, labels="sm", mixture=MIXTURES["two modes"])
    law = marginal(MIXTURES["two modes"], 0.0)[0]
    score = np.array([law(x)[1] for x in DATA])
    np.testing.assert_allclose(truth.b[0], 2.0 * score @ h / len(DATA), rtol=0, atol=1e-14)
    assert truth.c == pytest.approx(2.0 * float(np.mean(score**2)), rel=1e-14)


def test_the_true_scores_as_labels_agree_with_brute_quadrature(features):
    mixture, t, m = MIXTURES["two modes"], 0.02, features.width
    got = nm.empirical_quadratic(features, DATA, ornstein_uhlenbeck([t], [1.0]), labels="sm", mixture=mixture)
    law, _, _ = marginal(mixture, t)
    density, mean, std = marginal(as_mixture(DATA), t)
    u = features.intercepts([t])[0]
    points = [*(-u / features.weights[:, 0]), *mean, *(mean - 3 * std), *(mean + 3 * std)]
    for i in range(m):

        def integrand(x, i=i):
            return 2.0 * density(x)[0] * law(x)[1] * max(0.0, features.weights[i, 0] * x + u[i]) / math.sqrt(m)

        value, error = integrate(integrand, points, -4.0, 5.0)
        assert got.b[0, i] == pytest.approx(value, abs=error + 1e-11)
    value, error = integrate(lambda x: 2.0 * density(x)[0] * law(x)[1] ** 2, points, -4.0, 5.0)
    assert got.c == pytest.approx(value, abs=error + 1e-11 * value)
    dsm = nm.empirical_quadratic(features, DATA, ornstein_uhlenbeck([t], [1.0]))
    np.testing.assert_array_equal(got.B, dsm.B)
    assert np.abs(got.b - dsm.b).max() > 0.1  # equal only in expectation over the data


def test_both_labels_have_the_population_as_their_mean(features):
    # every datum is an unbiased sample: six standard errors of 4000 data, 10 comparisons: below 2e-8
    rng, mixture = np.random.default_rng(12), MIXTURES["two modes"]
    n = 4000
    data = rng.choice([-2.0, 2.0], p=[0.3, 0.7], size=n) + rng.standard_normal(n)
    schedule = ornstein_uhlenbeck([0.3], [1.0])
    exact = nm.population_quadratic(features, mixture, schedule)
    for labels, law in (("dsm", None), ("sm", mixture)):
        parts = np.concatenate(
            [nm.empirical_quadratic(features, x[None], schedule, labels=labels, mixture=law).b for x in data[:200]]
        )
        error = 6.5 * parts.std(axis=0) / math.sqrt(n) + 1e-12
        got = nm.empirical_quadratic(features, data, schedule, labels=labels, mixture=law)
        assert (np.abs(got.b[0] - exact.b[0]) <= 1.5 * error).all()


def test_the_norms_of_the_parts_are_those_of_one_datum_at_a_time(features):
    schedule = ornstein_uhlenbeck([0.05, 0.8], [0.25, 0.75])
    B, b = nm.per_datum_norms(features, DATA, schedule)
    for i, x in enumerate(DATA):
        one = nm.empirical_quadratic(features, [x], schedule)
        assert B[i] == pytest.approx(np.linalg.norm(one.B), rel=1e-13)
        assert b[i] == pytest.approx(np.linalg.norm(one.b), rel=1e-13)
    # K_b ≤ E_t λ
    assert b.max() <= 2.0


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"labels": "sm"}, "mixture must be given for labels='sm' only"),
        ({"mixture": MIXTURES["gaussian"]}, "mixture must be given for labels='sm' only"),
        ({"data": [[0.0, 1.0]]}, r"data must have shape \(n, 1\) or \(n,\)"),
        ({"labels": "DSM"}, "labels must be a known option"),
    ],
)
def test_data_and_labels_that_do_not_fit_are_refused_in_words(features, change, word):
    arguments = {"data": DATA, "schedule": ornstein_uhlenbeck([0.3], [1.0]), **change}
    with pytest.raises(ValueError, match=word):
        nm.empirical_quadratic(features, **arguments)


def test_the_matrices_have_the_same_bits_on_one_and_on_two_threads():
    code = (
        "import hashlib, numpy as np, numerics as nm\n"
        "f = nm.RandomFeatures.sample(90, 1, nm.exponential_embedding(), rng=np.random.default_rng(0))\n"
        "s = nm.Schedule(times=[.1, 1.], weights=[.5, .5], mean_scale=[.9, .4], std=[.3, .9], loss_weight=[2., 2.])\n"
        "q = nm.empirical_quadratic(f, np.random.default_rng(1).normal(size=999), s)\n"
        "print(hashlib.sha256(q.B.tobytes() + q.b.tobytes()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS"), n)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for n in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("m", [2, 5, 300])  # a tile of 256 and a part of one
def test_a_matrix_that_rounding_left_asymmetric_is_made_symmetric(m):
    rng = np.random.default_rng(m)
    root = rng.normal(size=(m, m))
    B = root @ root.T
    B *= 1.0 + 2.0**-51 * np.triu(np.ones((m, m)), 1)
    assert (B != B.T).any()
    found = nm.Quadratic(B=B, b=np.zeros((1, m)), c=1.0).B
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_allclose(found, 0.5 * (B + B.T), rtol=1e-15)
