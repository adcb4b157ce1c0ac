"""The exact ReLU moments agree with high-precision references, also in the corners."""

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

import numerics as nm
from numerics.random_features.moments import tails

# The inputs of the property tests are multiples of 2⁻¹² of moderate size, so that α = a mean + c and β = |a| std are
# exact and the references see the same problem: the tolerances below are then those that the module promises.
DYADIC = st.integers(-(2**9), 2**9).map(lambda k: k / 64)
MEANS = st.sampled_from([0.0, 1.0, -3.0, 1000.0, -1000.0])
STDS = st.sampled_from([0.0, 2.0**-10, 0.25, 1.0, 3.0, 64.0])
LAWS = st.tuples(MEANS, STDS)
INTERCEPTS = st.one_of(DYADIC, st.just(0.0))


def _tail(z):
    return mp.erfc(z / mp.sqrt(2)) / 2


def _density(z):
    return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def _moment(z):
    return mp.mpf(0) if mp.isinf(z) else z * _density(z)


def reference(sides, mean, std):
    """E Π σ(a X + c) over one or two sides (a, c), X ~ N(mean, std²), by partial moments at 120 digits."""
    with mp.workdps(120):
        lines = [(mp.mpf(a) * mp.mpf(mean) + mp.mpf(c), mp.mpf(a) * mp.mpf(std)) for a, c in sides]
        low, high = -mp.inf, mp.inf
        for alpha, beta in lines:
            if beta == 0 and alpha <= 0:
                return mp.mpf(0)
            if beta > 0:
                low = max(low, -alpha / beta)
            elif beta < 0:
                high = min(high, -alpha / beta)
        if low >= high:
            return mp.mpf(0)
        # the difference of the tails on the side where the interval lies
        mass = _tail(low) - _tail(high) if low > 0 else _tail(-high) - _tail(-low)
        first = _density(low) - _density(high)
        second = mass + _moment(low) - _moment(high)
        polynomial = [mp.mpf(1), mp.mpf(0), mp.mpf(0)]
        for alpha, beta in lines:
            polynomial = [
                alpha * polynomial[0],
                alpha * polynomial[1] + beta * polynomial[0],
                alpha * polynomial[2] + beta * polynomial[1],
            ]
        return polynomial[0] * mass + polynomial[1] * first + polynomial[2] * second


def test_the_tails_have_thirteen_digits_everywhere():
    for u in [0.0, 1e-9, 0.5, 1.0, 1.999, 2.0, 2.001, 3.0, 7.0, 15.0, 30.0, 37.0]:
        n1, n2 = tails(np.array([u]))
        exact1, exact2 = reference([(1.0, -u)], 0.0, 1.0), reference([(1.0, -u), (1.0, -u)], 0.0, 1.0)
        # exp(−u²/2) alone has relative error u²/2 · 2⁻⁵³ < 8e-14 at u = 37
        assert abs(n1[0] / exact1 - 1) < 2e-13
        assert abs(n2[0] / exact2 - 1) < 2e-13
    assert [x.tolist() for x in tails(np.array([math.inf, -math.inf]))] == [[0.0, 0.0], [0.0, 0.0]]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(a=DYADIC, offset=INTERCEPTS, mean=MEANS, std=STDS, centred=st.booleans())
def test_the_mean_of_a_relu_is_accurate_to_1e_12(a, offset, mean, std, centred):
    c = offset - a * mean if centred else offset
    exact = reference([(a, c)], mean, std)
    got = nm.relu_mean(a, c, means=mean, variances=std * std)
    assert abs(got - exact) <= 1e-12 * exact + 1e-300  # the tail may underflow


@settings(max_examples=300, deadline=None, derandomize=True)
@given(a=DYADIC, offset=INTERCEPTS, mean=MEANS, std=STDS, centred=st.booleans())
def test_the_activation_probability_is_accurate_to_1e_12(a, offset, mean, std, centred):
    c = offset - a * mean if centred else offset
    got = nm.activation_probability(a, c, means=mean, variances=std * std)
    alpha, beta = a * mean + c, abs(a) * std
    if beta == 0.0:
        assert got == float(alpha > 0.0)
    else:
        with mp.workdps(50):
            exact = mp.erfc(-mp.mpf(alpha) / beta / mp.sqrt(2)) / 2
        assert abs(got - exact) <= 1e-12 * exact + 1e-300


@settings(max_examples=600, deadline=None, derandomize=True)
@given(first=st.tuples(DYADIC, INTERCEPTS), second=st.tuples(DYADIC, INTERCEPTS), law=LAWS, centred=st.booleans())
def test_the_product_of_two_relus_is_as_accurate_as_documented(first, second, law, centred):
    (a1, o1), (a2, o2), (mean, std) = first, second, law
    c1, c2 = (o1 - a1 * mean, o2 - a2 * mean) if centred else (o1, o2)
    exact = reference([(a1, c1), (a2, c2)], mean, std)
    got = nm.relu_product_mean(a1, c1, a2, c2, means=mean, variances=std * std)
    if a1 * a2 >= 0:
        tolerance = 1e-12 * exact
    else:
        squares = [reference([(a, c), (a, c)], mean, std) for a, c in ((a1, c1), (a2, c2))]
        tolerance = 1e-14 * mp.sqrt(squares[0] * squares[1])
    assert abs(got - exact) <= tolerance + 1e-300
    assert got >= 0.0
    assert got == nm.relu_product_mean(a2, c2, a1, c1, means=mean, variances=std * std)


@pytest.mark.parametrize(
    ("one", "two", "law"),
    [
        ((0.5, 0.25), (0.75, -0.5), (0.0, 1.0)),
        ((0.5, 0.25), (-0.75, 0.5), (0.0, 1.0)),
        ((1.0, -1e3), (1.0, -1e3 - 2), (1e3, 4.0)),
        ((-1.0, 1e3), (1.0, -1e3 + 3), (1e3, 1.0)),
        ((0.0, 0.5), (-1.0, 0.5), (2.0, 1.0)),
        ((1e-9, 0.5), (-1e-9, 0.5), (2.0, 1.0)),
        ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0)),
        ((0.5, -2.0), (0.5, -2.0), (4.0, 0.0)),
    ],
)
def test_the_product_agrees_with_adaptive_quadrature(one, two, law):
    (a1, c1), (a2, c2), (mean, variance) = one, two, law
    s = math.sqrt(variance)

    def integrand(z):
        x = mean + s * z
        return max(a1 * x + c1, 0.0) * max(a2 * x + c2, 0.0) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    kinks = [(-c / a - mean) / s for a, c in ((a1, c1), (a2, c2)) if a * s != 0.0]
    exact, error = quad(integrand, -12, 12, points=[z for z in kinks if abs(z) < 12] or None, epsabs=1e-13, limit=200)
    got = nm.relu_product_mean(a1, c1, a2, c2, means=mean, variances=variance)
    # quad's own estimate; 12 standard deviations leave less than 1e-30; nodes near 1000 carry 1e-13
    assert abs(got - exact) <= error + 1e-12 + 1e-12 * abs(exact)


def test_a_mixture_is_the_weighted_sum_of_its_components():
    law = {"means": [-2.0, 0.5, 1.0], "variances": [1.0, 0.0, 0.25], "weights": [0.25, 0.25, 0.5]}
    parts = [
        {"means": m, "variances": v} for m, v in zip(law["means"], law["variances"], strict=True)
    ]  # fmt: skip
    for function, arguments in (
        (nm.relu_mean, (0.5, 0.25)),
        (nm.activation_probability, (0.5, 0.25)),
        (nm.relu_product_mean, (0.5, 0.25, -0.5, 1.0)),
    ):
        exact = sum(w * function(*arguments, **part) for w, part in zip(law["weights"], parts, strict=True))
        assert function(*arguments, **law) == pytest.approx(exact, rel=1e-15)  # three roundings
        assert isinstance(function(*arguments, **law), float)
    assert nm.relu_mean(0.5, 0.25, means=[0, 4]) == pytest.approx(
        (nm.relu_mean(0.5, 0.25) + nm.relu_mean(0.5, 2.25)) / 2
    )


def test_arguments_broadcast():
    slopes, intercepts = np.linspace(-1, 1, 3)[:, None], np.linspace(-1, 1, 4)
    table = nm.relu_mean(slopes, intercepts)
    assert table.shape == (3, 4)
    assert table[0, 1] == nm.relu_mean(slopes[0, 0], intercepts[1])
    assert nm.relu_product_mean(slopes, intercepts, 1.0, 0.0).shape == (3, 4)


def test_the_gram_matrix_holds_the_products_and_is_positive_semidefinite():
    rng = np.random.default_rng(2)
    a, c = rng.uniform(-1, 1, 40), rng.uniform(-1, 1, 40)
    a[:3] = 0.0
    law = {"means": [-3.0, 3.0], "variances": [1.0, 0.01], "weights": [0.3, 0.7]}
    gram = nm.relu_gram(a, c, **law)
    np.testing.assert_array_equal(gram, gram.T)
    np.testing.assert_array_equal(gram, nm.relu_product_mean(a[:, None], c[:, None], a, c, **law))
    # an error of 1e-14 (B_ii B_jj)^½ per entry has a spectral norm below 1e-14 tr B
    assert np.linalg.eigvalsh(gram)[0] > -1e-14 * np.trace(gram)


def test_extreme_slopes_neither_overflow_nor_warn():
    for a in (1e-300, 1e-160, 1e-20, 0.0):
        assert nm.relu_product_mean(a, 1.0, -a, 1.0) == pytest.approx(1.0, rel=1e-15)
        assert nm.relu_product_mean(a, -1.0, a, 1.0) == 0.0
        assert nm.relu_mean(a, 2.0) == pytest.approx(2.0, rel=1e-15)
    assert nm.relu_product_mean(1e50, 0.0, 1e50, 0.0) == pytest.approx(0.5e100, rel=1e-15)


def mp_fisher(weights, means, variances):
    with mp.workdps(30):
        parts = [(mp.mpf(w), mp.mpf(m), mp.sqrt(mp.mpf(v))) for w, m, v in zip(weights, means, variances, strict=True)]

        def integrand(x):
            terms = [w / s * mp.npdf((x - m) / s) for w, m, s in parts]
            p = mp.fsum(terms)
            slope = mp.fsum(t * (m - x) / s**2 for t, (_, m, s) in zip(terms, parts, strict=True))
            return slope**2 / p if p > 0 else mp.mpf(0)

        edges = sorted({m + s * k for _, m, s in parts for k in range(-14, 15, 2)})
        return float(mp.quad(integrand, edges))


@pytest.mark.parametrize(
    ("weights", "means", "variances"),
    [
        ([0.5, 0.5], [-1.0, 1.0], [1.0, 1.0]),
        ([0.3, 0.7], [-3.0, 3.0], [1.0, 0.25]),
        ([0.5, 0.5], [0.0, 0.0], [1.0, 1e-4]),
        ([1 - 1e-6, 1e-6], [0.0, 5.0], [1.0, 1e-4]),
        ([0.2, 0.3, 0.5], [0.0, 0.5, 10.0], [1.0, 0.01, 4.0]),
    ],
)
def test_the_fisher_information_agrees_with_a_high_precision_integral(weights, means, variances):
    got = nm.fisher_information(means=means, variances=variances, weights=weights)
    assert got == pytest.approx(mp_fisher(weights, means, variances), rel=1e-11)  # what the module promises


def test_the_fisher_information_has_its_exact_values():
    assert nm.fisher_information(means=3.0, variances=0.25) == 4.0
    assert nm.fisher_information(means=[3.0, 3.0], variances=[0.25, 0.25]) == pytest.approx(4.0, rel=1e-12)
    # disjoint components: Σ w / s², the overlap at a distance of 1000 standard deviations underflows
    far = nm.fisher_information(means=[0.0, 1e3], variances=[1.0, 1e-12], weights=[0.5, 0.5])
    assert far == pytest.approx(0.5 + 0.5e12, rel=1e-11)
    many = nm.fisher_information(means=np.linspace(-1, 1, 200), variances=np.full(200, 1e-6))
    assert many == pytest.approx(1e6, rel=0.05)  # spacing of ten standard deviations: overlap e^{−12.5}


def correlated_reference(h, k, rho):
    """E (X + h)_+ (Y + k)_+ at 40 digits: over x, with the exact conditional mean; h, k ≤ 0 are far tails."""
    with mp.workdps(40):
        h, k, rho = mp.mpf(h), mp.mpf(k), mp.mpf(rho)
        s = mp.sqrt((1 - rho) * (1 + rho))

        def mean(u):
            return mp.npdf(u) + u * mp.erfc(-u / mp.sqrt(2)) / 2

        def integrand(x):
            return mp.npdf(x) * (x + h) * s * mean((k + rho * x) / s)

        scale = 1 / mp.mpf(max(1, abs(h), abs(k)))
        points = [-h + j * scale for j in (0, 1, 3, 6, 12, 24, 48)]
        if rho != 0:
            points += [-k / rho + j * s for j in (-12, -4, 0, 4, 12)]
            points += [-k / rho + j * scale for j in (-12, -4, 4, 12)]
        points = sorted({p for p in [*points, mp.mpf(0), mp.mpf(14)] if p >= -h})
        return mp.quad(integrand, [*points, points[-1] + 14])


@pytest.mark.parametrize("rho", [0.0, 0.4, -0.6, 0.9, 0.90001, -0.90001, 0.9999, -0.9999, 1 - 1e-9, -1 + 1e-9])
def test_correlated_features_are_accurate_to_1e_12(rho):
    cases = [(0.0, 0.0), (1.0, 0.5), (2.0, -1.5), (-3.0, -3.25), (1e-3, -1e-3), (-7.0, -6.0), (6.0, -6.5), (9.0, 8.0)]
    directions = np.array([[1.0, 0.0], [rho, math.sqrt((1.0 - rho) * (1.0 + rho))]])
    # the correlation that the floating-point rows really have
    exact_rho = mp.mpf(rho) / mp.sqrt(mp.mpf(rho) ** 2 + mp.mpf(directions[1, 1]) ** 2)
    for h, k in cases:
        got = nm.relu_gram_gaussian(directions, [h, k], means=[0.0, 0.0])
        exact = correlated_reference(h, k, exact_rho)
        squares = [reference([(1.0, u), (1.0, u)], 0.0, 1.0) for u in (h, k)]
        assert abs(got[0, 1] - exact) <= 1e-12 * mp.sqrt(squares[0] * squares[1])
        assert abs(got[0, 0] - squares[0]) <= 1e-12 * squares[0]
        assert got[0, 1] == got[1, 0] >= 0.0


def test_correlations_of_plus_and_minus_one_are_the_one_dimensional_case():
    rng = np.random.default_rng(4)
    scales = np.array([0.25, -0.5, 1.0, -2.0, 0.0])
    direction = np.array([3.0, 4.0]) / 8  # dyadic: the mean is exact
    intercepts = rng.integers(-64, 65, 5) / 64
    law = {"variances": [1.0, 0.25], "weights": [0.5, 0.5]}
    means = np.array([[1.0, -0.5], [-2.0, 4.0]])
    got = nm.relu_gram_gaussian(scales[:, None] * direction, intercepts, means=means, **law)
    length = 5 / 8
    along = means @ direction / length
    flat = nm.relu_gram(scales * length, intercepts, means=along, **law)
    size = np.sqrt(np.outer(np.diag(flat), np.diag(flat)))
    assert (np.abs(got - flat) <= 1e-13 * size + 1e-300).all()


def test_a_covariance_is_a_change_of_coordinates_and_a_mixture_a_sum():
    rng = np.random.default_rng(6)
    W, c, root = rng.standard_normal((6, 3)), rng.standard_normal(6), rng.standard_normal((3, 3))
    means, variances, weights = rng.standard_normal((2, 3)), np.array([0.5, 2.0]), np.array([0.25, 0.75])
    whole = nm.relu_gram_gaussian(W, c, means=means, variances=variances, weights=weights, covariance=root @ root.T)
    parts = sum(
        w * nm.relu_gram_gaussian(W @ root, W @ m + c, means=np.zeros(3), variances=v)
        for w, m, v in zip(weights, means, variances, strict=True)
    )
    # the square root of C is another one: rounding of C, its condition number is below 1e3
    np.testing.assert_allclose(whole, parts, rtol=0, atol=1e-12 * parts.max())
    # six standard errors of 2·10⁵ samples, 36 entries: false alarm below 1e-7 · 36 · 2e-2 = 7e-8 … per entry 2e-9
    component = rng.choice(2, size=200_000, p=weights)
    noise = rng.standard_normal((200_000, 3)) @ root.T
    x = means[component] + np.sqrt(variances[component])[:, None] * noise
    act = np.maximum(x @ W.T + c, 0.0)
    products = act[:, :, None] * act[:, None, :]
    error = 6 * products.std(axis=0) / math.sqrt(len(x))
    assert (np.abs(products.mean(axis=0) - whole) <= error).all()
    # a singular covariance: the law lives on a line
    line = nm.relu_gram_gaussian(W, c, means=np.zeros(3), covariance=np.outer(root[0], root[0]))
    flat = nm.relu_gram(W @ root[0], c)
    np.testing.assert_allclose(line, flat, rtol=0, atol=1e-7 * flat.max())  # the root of a rounding of C


def test_correlated_features_without_noise_are_products_of_constants():
    W, c = np.array([[1.0, 2.0], [0.0, 0.0], [-1.0, 1.0]]), np.array([0.5, 2.0, -1.0])
    value = np.maximum(W @ [1.0, -0.25] + c, 0.0)
    np.testing.assert_array_equal(
        nm.relu_gram_gaussian(W, c, means=[1.0, -0.25], variances=0.0), np.outer(value, value)
    )
    tiny = nm.relu_gram_gaussian(1e-200 * W, c, means=[1.0, -0.25])
    np.testing.assert_allclose(tiny, np.outer(np.maximum(c, 0), np.maximum(c, 0)), rtol=1e-15)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"covariance": [[1.0, 2.0], [2.0, 1.0]]}, "positive semidefinite"),
        ({"covariance": [[1.0, 0.5], [0.0, 1.0]]}, "symmetric"),
        ({"means": [[0.0, 0.0, 0.0]]}, "means must have shape"),
        ({"variances": [1.0, 1.0]}, "variances must have one entry"),
    ],
)
def test_bad_laws_in_two_dimensions_are_refused_in_words(change, word):
    with pytest.raises(ValueError, match=word):
        nm.relu_gram_gaussian(**{"directions": np.eye(2), "intercepts": [0.0, 0.0], "means": [0.0, 0.0], **change})
