"""Divergences, entropies and channel informations agree with closed forms and independent quadrature in 30 digits.

mpmath integrals are split where the densities have structure and carry errors far below the 1e-10 asked for. Monte
Carlo assertions use the anytime interval at α = 1e-9, and fixed seeds.
"""

import itertools
import math
from types import SimpleNamespace

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

import numerics as nm
from numerics.mixtures.information import _integral
from numerics.statistics import intervals

TOLERANCE = 1e-10  # what the project asks of these numbers
ALPHA = 1e-9
quick = settings(max_examples=25, deadline=None, database=None, derandomize=True)


def mixture(weights, means, variances):
    return SimpleNamespace(weights=weights, means=means, variances=variances)


def random_mixture(rng, size, spread=2.0):
    weights = rng.dirichlet(np.ones(size))
    return mixture(weights, spread * rng.normal(size=size), np.exp(rng.normal(size=size)))


def density(m):
    """The density of a one-dimensional mixture in mpmath numbers."""
    parts = [
        (mp.mpf(float(w)), mp.mpf(float(a)), mp.mpf(float(v)))
        for w, a, v in zip(m.weights, m.means, m.variances, strict=True)
    ]
    return lambda x: mp.fsum(w * mp.exp(-((x - a) ** 2) / (2 * v)) / mp.sqrt(2 * mp.pi * v) for w, a, v in parts)


def integral(f, *mixtures, span=12.0):
    """∫ f over the mixtures' means ± 12 standard deviations (beyond: below 1e-30), split at steps of 2 of them."""
    edges = sorted(
        {
            float(a) + k * math.sqrt(v)
            for m in mixtures
            for a, v in zip(m.means, m.variances, strict=True)
            for k in np.arange(-span, span + 1, 3.0)
        }
    )
    with mp.workdps(20):
        return float(mp.quad(f, edges, maxdegree=5))


def holds(estimate, value):
    assert estimate.interval[0] <= value <= estimate.interval[1], (estimate, value)


# Closed forms --------------------------------------------------------------------------------------------------------


@quick
@given(st.integers(1, 5), st.integers(0, 2**32))
def test_the_divergence_of_gaussians_is_its_closed_form(d, seed):
    rng = np.random.default_rng(seed)
    C, D = (x @ x.T + 0.1 * np.eye(d) for x in rng.normal(size=(2, d, d)))
    m, n = rng.normal(size=(2, d))
    with mp.workdps(40):
        E = mp.matrix(D.tolist()) ** -1
        delta = mp.matrix((m - n).tolist())
        trace = mp.fsum((E * mp.matrix(C.tolist()))[i, i] for i in range(d))
        expected = (
            trace
            - d
            + (delta.T * E * delta)[0]
            + mp.log(mp.det(mp.matrix(D.tolist())))
            - mp.log(mp.det(mp.matrix(C.tolist())))
        ) / 2
    # the condition numbers are below 1e4 here: 1e4 · 2⁻⁵² · d² leaves 1e-10
    assert nm.gaussian_kl(m, C, n, D) == pytest.approx(float(expected), rel=TOLERANCE)


@pytest.mark.parametrize("x", [1e-2, 1e-6, 1e-8, 1e-12])
def test_the_divergence_of_nearly_equal_gaussians_keeps_its_relative_accuracy(x):
    variance = 1.0 + x  # rounded: take the same number in the reference
    with mp.workdps(60):
        y = mp.mpf(variance) - 1
        expected = float((y - mp.log(1 + y)) / 2)
    assert nm.gaussian_kl(0.0, variance, 0.0, 1.0) == pytest.approx(expected, rel=1e-14)
    assert nm.gaussian_kl([0.0, 0.0], np.eye(2), [x, 0.0], np.eye(2)) == pytest.approx(x * x / 2, rel=1e-14)
    assert nm.gaussian_kl([1.0], [[2.0]], [1.0], [[2.0]]) == 0.0


@pytest.mark.parametrize("mean", [0.0, 1e3, -1e6])
@pytest.mark.parametrize("variance", [1e-8, 1.0, 1e8])
def test_one_component_gives_the_gaussian_values(mean, variance):
    one = mixture([1.0], [mean], [variance])
    holds(nm.mixture_entropy(one), 0.5 * math.log(2 * math.pi * math.e * variance))
    other = mixture([1.0], [mean + 2 * math.sqrt(variance)], [3 * variance])
    expected = nm.gaussian_kl(mean, variance, other.means[0], other.variances[0])
    got = nm.mixture_kl(one, other)
    assert got.value == pytest.approx(expected, rel=1e-12)
    assert got.error <= TOLERANCE
    holds(nm.channel_information(one, mean_scale=0.5, std=0.3), 0.5 * math.log1p(variance * 0.25 / 0.09))


def test_far_components_give_the_entropy_of_the_weights():
    two = mixture([0.25, 0.75], [-1e3, 1e3], [1.0, 4.0])
    weights = -0.25 * math.log(0.25) - 0.75 * math.log(0.75)
    gaussians = 0.5 * math.log(2 * math.pi * math.e) + 0.75 * math.log(2.0)
    holds(nm.mixture_entropy(two), weights + gaussians)  # the overlap is e^{-(1e3)²/2} and less
    # KL to one Gaussian of the same mean and variance: its entropy minus that of the mixture
    mean, second = 500.0, 1e6 + 0.25 + 3.0
    moments = mixture([1.0], [mean], [second - mean**2])
    expected = 0.5 * math.log(2 * math.pi * math.e * moments.variances[0]) - weights - gaussians
    assert nm.mixture_kl(two, moments).value == pytest.approx(expected, abs=TOLERANCE)


# Quadrature ----------------------------------------------------------------------------------------------------------


@settings(max_examples=4, deadline=None, database=None, derandomize=True)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(0, 2**32))
def test_divergence_and_entropy_of_mixtures_agree_with_mpmath(k, l, seed):
    rng = np.random.default_rng(seed)
    p, q = random_mixture(rng, k), random_mixture(rng, l)
    f, g = density(p), density(q)
    kl, entropy = nm.mixture_kl(p, q), nm.mixture_entropy(p)
    slack = 1e-13 * (1 + abs(kl.value))  # of mpmath's integral in 20 digits
    assert abs(kl.value - integral(lambda x: f(x) * mp.log(f(x) / g(x)), p, q)) <= kl.error + slack
    assert abs(entropy.value + integral(lambda x: f(x) * mp.log(f(x)), p)) <= entropy.error + slack
    assert max(kl.error / (1 + kl.value), entropy.error) <= TOLERANCE


def test_the_divergence_of_a_mixture_from_itself_vanishes_and_a_small_one_keeps_its_digits():
    p = mixture([0.5, 0.5], [-3.0, 3.0], [1.0, 1.0])
    assert nm.mixture_kl(p, p).value < 1e-30
    # to second order in the shift h of all means, KL = J h²/2, J the Fisher information
    h = 1e-5
    moved = mixture([0.5, 0.5], [-3.0 + h, 3.0 + h], [1.0, 1.0])
    fisher = nm.fisher_information(means=p.means, variances=p.variances, weights=p.weights)
    assert nm.mixture_kl(p, moved).value == pytest.approx(fisher * h * h / 2, rel=10 * h)


def test_narrow_components_inside_a_wide_one_are_found():
    wide = mixture([1.0], [0.0], [1e6])
    narrow = mixture([0.5, 0.5], [1.2345, 700.1], [1e-10, 1e-6])
    # the two do not overlap: the closed form is a weighted sum of Gaussian divergences minus log 2
    expected = sum(0.5 * nm.gaussian_kl(m, v, 0.0, 1e6) for m, v in zip(narrow.means, narrow.variances, strict=True))
    assert nm.mixture_kl(narrow, wide).value == pytest.approx(expected - math.log(2), rel=1e-13)
    spiked = mixture([0.5, 0.25, 0.25], [0.0, 1.2345, 700.1], [1e6, 1e-10, 1e-6])
    got = nm.mixture_kl(wide, spiked)
    assert math.log(2) - 1e-4 < got.value < math.log(2)  # the spikes cover less than 1e-5 of the wide one's mass


# The channel ---------------------------------------------------------------------------------------------------------


def test_the_information_of_data_points_falls_from_log_n_to_zero():
    points = np.random.default_rng(0).normal(size=40)
    times = np.logspace(-9, 1.2, 40)
    values = [nm.ou_information(points, t) for t in times]
    assert values[0].value == pytest.approx(math.log(40), rel=0, abs=TOLERANCE)
    for one, two in itertools.pairwise(values):
        assert two.value <= one.value + one.error + two.error
    assert max(value.error for value in values) <= TOLERANCE
    # far out the input acts as a Gaussian: I = ½ log(1 + snr Var) + O((snr Var)²)
    snr = 1 / math.expm1(2 * times[-1])
    assert values[-1].value == pytest.approx(0.5 * snr * points.var(), rel=1e-6)


def test_repeated_data_points_count_once_with_their_weight():
    expected = nm.ou_information(mixture([0.75, 0.25], [1.0, 2.0], [0.0, 0.0]), 0.2)
    got = nm.ou_information([1.0, 2.0, 1.0, 1.0], 0.2)
    assert abs(got.value - expected.value) <= got.error + expected.error
    holds(nm.ou_information([3.0, 3.0, 3.0], 0.2), 0.0)


@pytest.mark.parametrize("time", [0.01, 0.3, 2.0])
def test_the_information_is_the_entropy_of_the_output_minus_that_of_the_noise(time):
    source = mixture([0.3, 0.7], [-1.0, 2.0], [0.25, 0.0])
    r, variance = math.exp(-time), -math.expm1(-2 * time)
    output = mixture(source.weights, [r * m for m in source.means], [r * r * v + variance for v in source.variances])
    noise = 0.5 * math.log(2 * math.pi * math.e * variance)
    got, entropy = nm.ou_information(source, time), nm.mixture_entropy(output)
    assert abs(got.value - (entropy.value - noise)) <= got.error + entropy.error + 1e-14
    # IT3: KL(p_T‖π) = E_x KL(E_T(x)‖π) − I(X; X_T)
    prior = mixture([1.0], [0.0], [1.0])
    mean_square = sum(w * (m * m + v) for w, m, v in zip(source.weights, source.means, source.variances, strict=True))
    channel = 0.5 * (r * r * mean_square + variance - 1 - math.log(variance))
    assert nm.mixture_kl(output, prior).value == pytest.approx(channel - got.value, rel=0, abs=TOLERANCE)


@pytest.mark.parametrize("snr", [0.05, 1.0, 4.0])
def test_the_derivative_in_the_signal_to_noise_ratio_is_half_the_minimum_mean_square_error(snr):
    # Guo, Shamai & Verdú 2005; the conditional mean and its error by an independent quadrature in y
    points = np.array([-1.0, 0.5, 2.0])

    def error(y):
        share = [mp.exp(-((y - mp.sqrt(snr) * x) ** 2) / 2) for x in points]
        mass = mp.fsum(share)
        mean = mp.fsum(s * x for s, x in zip(share, points, strict=True)) / mass
        return mp.fsum(s * (x - mean) ** 2 for s, x in zip(share, points, strict=True)) / mp.sqrt(2 * mp.pi) / 3

    mmse = integral(error, mixture([1.0], list(math.sqrt(snr) * points), [1.0] * 3))
    h = 1e-3 * snr
    up, down = (nm.channel_information(points, mean_scale=math.sqrt(snr + s), std=1.0).value for s in (h, -h))
    # central difference: h² |I'''|/6, and |I'''| is below 10 for inputs of variance 1.5 here
    assert (up - down) / (2 * h) == pytest.approx(mmse / 2, rel=0, abs=2 * h * h + 1e-12 / h)


@pytest.mark.parametrize("time", [0.05, 0.5])
def test_de_bruijn_the_entropy_grows_at_the_rate_of_the_fisher_information(time):
    # dX = −X dt + √2 dW: dh/dt = J − 1 for the density of X_t
    source, h = mixture([0.5, 0.5], [-2.0, 1.0], [0.3, 0.5]), 1e-4

    def output(t):
        r = math.exp(-t)
        return mixture(
            [0.5, 0.5], [r * m for m in source.means], [r * r * v - math.expm1(-2 * t) for v in source.variances]
        )

    law = output(time)
    fisher = nm.fisher_information(means=law.means, variances=law.variances, weights=law.weights)
    slope = (nm.mixture_entropy(output(time + h)).value - nm.mixture_entropy(output(time - h)).value) / (2 * h)
    assert slope == pytest.approx(fisher - 1.0, rel=0, abs=100 * h * h)  # third derivatives below 600 at these times


# Monte Carlo ---------------------------------------------------------------------------------------------------------


def test_monte_carlo_intervals_hold_the_quadrature_values():
    rng = np.random.default_rng(3)
    p, q = random_mixture(rng, 3), random_mixture(rng, 2)
    options = {"method": "monte-carlo", "samples": 20_000, "alpha": ALPHA}
    for call in (
        lambda **k: nm.mixture_entropy(p, **k),
        lambda **k: nm.mixture_kl(p, q, **k),
        lambda **k: nm.ou_information(p, 0.3, **k),
        lambda **k: nm.ou_information([0.0, 1.0, 1.5], 0.3, **k),
    ):
        got = call(**options)
        holds(got, call().value)
        assert got.alpha == ALPHA
        assert got == call(**options, workers=2)
        assert got != call(**options, rng=1)


def test_the_divergence_in_several_dimensions_adds_over_independent_coordinates():
    # p = p1 × N, q = q1 × N': KL(p‖q) = KL(p1‖q1) + KL(N‖N'), rotated so that covariances are full
    p1, q1 = mixture([0.4, 0.6], [-1.0, 1.0], [0.5, 1.0]), mixture([0.5, 0.5], [0.0, 1.5], [1.0, 2.0])
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])

    def product(one, mean, variance):
        means = np.array([[m, mean] for m in one.means]) @ turn.T
        return mixture(one.weights, means, [turn @ np.diag([v, variance]) @ turn.T for v in one.variances])

    p, q = product(p1, 0.0, 1.0), product(q1, 0.5, 2.0)
    expected = nm.mixture_kl(p1, q1).value + nm.gaussian_kl(0.0, 1.0, 0.5, 2.0)
    options = {"method": "monte-carlo", "samples": 20_000, "alpha": ALPHA}
    got = nm.mixture_kl(p, q, **options)
    holds(got, expected)
    holds(nm.mixture_entropy(p, **options), nm.mixture_entropy(p1).value + 0.5 * math.log(2 * math.pi * math.e))
    # two Gaussians leave nothing to chance
    exact = nm.mixture_kl(mixture([1.0], [[0.0, 1.0]], [2.0]), mixture([1.0], [[1.0, 1.0]], [1.0]), **options)
    assert exact.value == pytest.approx(nm.gaussian_kl([0, 1], 2 * np.eye(2), [1, 1], np.eye(2)), rel=1e-14)
    assert exact.error == 0.0


def test_quadrature_is_refused_in_several_dimensions_with_the_remedy():
    plane = mixture([1.0], [[0.0, 1.0]], [2.0])
    with pytest.raises(ValueError, match='pass method="monte-carlo"'):
        nm.mixture_entropy(plane)
    with pytest.raises(ValueError, match="equal dimensions"):
        nm.mixture_kl(plane, mixture([1.0], [0.0], [1.0]))


# Intervals -----------------------------------------------------------------------------------------------------------


def test_the_intervals_miss_no_more_often_than_they_say():
    # 250 sequences at α = 10 %, looked at 4 times each: misses are at most Binomial(250, 0.1) in law
    limit, alpha, rng = int(binom.isf(1e-9, 250, 0.1)), 0.1, np.random.default_rng(0)
    misses = np.zeros(3)
    for _ in range(250):
        signs = 2.0 * rng.integers(0, 2, 400) - 1.0
        rare = (rng.random(400) < 0.03).astype(float)
        heavy = rng.standard_t(3.0, size=400)  # variance 3
        missed = np.zeros(3, bool)
        for n in (5, 30, 120, 400):
            missed[0] |= abs(signs[:n].mean()) > intervals.subgaussian_radius(n, 1.0, alpha)
            low, high = intervals.bounded_interval(rare[:n], 0.0, 1.0, alpha)
            missed[1] |= not low <= 0.03 <= high
            low, high = intervals.variance_interval(heavy[:n], 3.0, alpha)
            missed[2] |= not low <= 0.0 <= high
        misses += missed
    assert (misses <= limit).all()


def test_the_intervals_close_in_on_the_mean():
    rng = np.random.default_rng(1)
    values = rng.random(50_000)
    # half-widths √(2 σ² log(2/α)/n) up to a factor: bets that fall like 1/√(t log t) cost ½(√log n + 1/√log n) ≤ 1.9
    # for two-sided bounds of equal terms, the start more; 4.5 tells a wrong rate in n, which would cost hundreds
    unit = math.sqrt(2 * math.log(2e9) / 50_000)
    for low, high, std in (
        (*intervals.bounded_interval(values, 0.0, 1.0, ALPHA), math.sqrt(1 / 12)),
        (*intervals.variance_interval(values, 1 / 12, ALPHA), math.sqrt(1 / 12)),
    ):
        assert low <= 0.5 <= high
        assert high - low <= 4.5 * 2 * std * unit
    assert intervals.subgaussian_radius(50_000, 0.25, ALPHA) <= 3 * 0.5 * unit


def test_intervals_of_few_or_equal_values_are_sane():
    assert intervals.bounded_interval(np.array([0.3]), 0.0, 1.0, 0.01) == (0.0, 1.0)
    assert intervals.bounded_interval(np.array([2.0]), 2.0, 2.0, 0.01) == (2.0, 2.0)
    low, high = intervals.variance_interval(np.full(10_000, 7.0), 1e-4, 0.01)
    assert 6.99 < low <= 7.0 <= high < 7.01
    assert intervals.variance_interval(np.array([7.0, 7.0]), 0.0, 0.01) == (7.0, 7.0)


def test_an_estimate_checks_itself():
    good = {"value": 1.0, "interval": (0.5, 2.0), "alpha": 0.0, "samples": 3}
    estimate = nm.Estimate(**good)
    assert (float(estimate), estimate.error) == (1.0, 1.0)
    for changes, word in (
        ({"value": 3.0}, "interval"),
        ({"interval": (2.0, 0.5)}, "interval"),
        ({"alpha": 1.0}, "alpha"),
        ({"samples": -1}, "samples"),
        ({"value": math.nan}, "value"),
        ({"fraction": 0.5}, "fraction"),
    ):
        with pytest.raises((ValueError, TypeError), match=word):
            nm.Estimate(**{**good, **changes})


def test_an_information_below_rounding_lies_in_its_interval():
    # two points at ±r, noise 1: I = r²/2 up to r⁴, r = e^{−50}
    low, high = nm.ou_information([-1.0, 1.0], 50.0).interval
    assert low <= math.exp(-100.0) / 2 <= high


@pytest.mark.parametrize("value", [0.0, *np.geomspace(1e-32, 10.0, 34)])
def test_an_integral_of_squares_allows_for_the_rounding_of_what_is_squared(value):
    eps = np.finfo(float).eps
    found = _integral(value, 0.0, 100)
    for root in (math.sqrt(value) - 24.0 * eps, math.sqrt(value) + 24.0 * eps):  # of d²/2, d wrong by some roundings
        low, high = found.interval
        assert low <= root * root <= high
