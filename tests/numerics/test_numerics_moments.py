"""The exact ReLU moments agree with high-precision references, also in the corners."""

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

import numerics as nm
from numerics.moments import tails

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
