import math
from itertools import pairwise
from types import SimpleNamespace

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import RandomFeatures, constant_embedding, histogram_density, kl_divergence, score_density
from numerics.densities.density import as_density
from numerics.densities.divergence import _general, integrate


def mixture(weights, means, variances):
    return SimpleNamespace(weights=weights, means=means, variances=variances)


def gaussians(m1, v1, m2, v2):
    with mp.workdps(40):
        m1, v1, m2, v2 = (mp.mpf(v) for v in (m1, v1, m2, v2))
        return (v1 / v2 - 1 - mp.log(v1 / v2)) / 2 + (m1 - m2) ** 2 / (2 * v2)


def line(mean, variance):
    """The score-density with score −(x − mean)/variance."""
    w = 0.99 / (1.0 + abs(mean))
    features = RandomFeatures(
        weights=[[w], [-w]], time_weights=[[-w * mean], [w * mean]], embedding=constant_embedding()
    )
    theta = math.sqrt(2.0) / (w * variance)
    return score_density(features, [[-theta, theta]], 0.0)


TWO = mixture([0.5, 0.5], [-3.0, 3.0], [1.0, 1.0])
UNEQUAL = mixture([0.2, 0.3, 0.5], [-1.0, 0.0, 4.0], [1e-4, 2.0, 0.3])


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    m1=st.floats(-5, 5), m2=st.floats(-5, 5), v1=st.floats(1e-3, 1e3),
    ratio=st.one_of(st.floats(1e-4, 1e4), st.sampled_from([1.0, 1 + 1e-9, 1 - 1e-5, 1.01])),
)  # fmt: skip
def test_gaussians_agree_with_the_closed_form(m1, m2, v1, ratio):
    v2 = v1 * ratio
    value, error = kl_divergence(mixture([1.0], [m1], [v1]), mixture([1.0], [m2], [v2]), with_error=True)
    assert abs(value - gaussians(m1, v1, m2, v2)) <= error
    assert error <= 1e-14 * max(1.0, value, ratio, 1 / ratio)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(m1=st.floats(-5, 5), m2=st.floats(-5, 5), v1=st.floats(0.01, 100), v2=st.floats(0.01, 100))
def test_every_route_gives_the_closed_form_for_gaussians(m1, m2, v1, v2):
    exact = gaussians(m1, v1, m2, v2)
    p, q = mixture([1.0], [m1], [v1]), mixture([1.0], [m2], [v2])
    split = mixture([0.25, 0.75], [m1, m1], [v1, v1])
    # a breakpoint −b/w has an error of some units in its last place, which a steep score feels
    moved = 20 * 2.0**-52 * (abs(m1) + abs(m2)) * (1 + abs(m1 - m2)) / min(v1, v2) * max(1.0, v1 / v2)
    for a, b in ((split, q), (p, line(m2, v2)), (split, line(m2, v2)), (line(m1, v1), q), (line(m1, v1), line(m2, v2))):
        value, error = kl_divergence(a, b, with_error=True)
        assert abs(value - exact) <= error + moved
        assert error <= 1e-10 * max(1.0, value)


def brute(p, q):
    """KL of mixtures by mpmath's quadrature in 20 digits."""
    with mp.workdps(20):

        def pdf(law, x):
            return sum(
                mp.mpf(w) * mp.npdf(x, mp.mpf(m), mp.sqrt(mp.mpf(v)))
                for w, m, v in zip(law.weights, law.means, law.variances, strict=True)
            )

        cuts = sorted(
            {
                m + k * math.sqrt(v)
                for law in (p, q)
                for m, v in zip(law.means, law.variances, strict=True)
                for k in (-12, -8, -5, -3, -1.5, 0, 1.5, 3, 5, 8, 12)
            }
        )
        return mp.quad(lambda x: pdf(p, x) * mp.log(pdf(p, x) / pdf(q, x)), cuts, maxdegree=4)


@pytest.mark.parametrize(("p", "q"), [(TWO, UNEQUAL), (UNEQUAL, TWO)])
def test_mixtures_agree_with_twenty_digits(p, q):
    value, error = kl_divergence(p, q, with_error=True)
    assert abs(value - brute(p, q)) <= error
    assert error < 1e-11


def fitted(width, seed):
    features = RandomFeatures.sample(width, 1, constant_embedding(), rng=np.random.default_rng(seed))
    x = np.linspace(-9.0, 9.0, 400)
    H = features.matrix(x[:, None], 0.0)
    target = -x + 2.5 * np.tanh(2.5 * x)
    return score_density(features, np.linalg.solve(H.T @ H + 1e-4 * np.eye(width), H.T @ target)[None, :], 0.0)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_closed_pieces_and_quadrature_agree(seed):
    q = fitted(200, seed)
    assert q.normalisable
    for law in (TWO, UNEQUAL, mixture([1.0], [0.3], [1e-8])):
        closed, error = kl_divergence(law, q, with_error=True)
        general, more = _general(as_density("p", law), q)
        assert abs(closed - general) <= error + more
        assert error + more <= 1e-10


@pytest.mark.parametrize("seed", [0, 1])
def test_the_divergence_of_a_score_density_from_a_mixture_agrees_with_brute_quadrature(seed):
    p, q = fitted(60, seed), as_density("q", TWO)
    low, high = p.support
    edges = np.unique(np.concatenate([np.linspace(low, high, 2001), p.knots]))  # Gauss's rule between all kinks
    nodes, weights = np.polynomial.legendre.leggauss(16)
    half = 0.5 * np.diff(edges)
    x = (edges[:-1] + half)[:, None] + half[:, None] * nodes
    log_p = p.log_pdf(x)
    brute_force = float(np.sum((np.exp(log_p) * (log_p - q.log_pdf(x)) @ weights) * half))
    value, error = kl_divergence(p, TWO, with_error=True)
    assert abs(value - brute_force) <= error + 1e-13
    assert error < 1e-10


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(shift=st.sampled_from([0.0, 1e-9, 1e-6, 1e-3]), seed=st.integers(0, 3))
def test_a_divergence_is_never_negative_and_vanishes_between_equal_laws(shift, seed):
    p = fitted(40, seed)
    moved = mixture(TWO.weights, [m + shift for m in TWO.means], TWO.variances)
    for a, b, bound in ((p, p, 0.0), (TWO, moved, shift**2 / 2), (moved, TWO, shift**2 / 2)):
        value, error = kl_divergence(a, b, with_error=True)
        assert 0.0 <= value <= bound + error
        assert error < 1e-11


@pytest.mark.parametrize("mu", [10.0, 100.0, 1000.0])
def test_far_modes_are_found(mu):
    p = mixture([0.5, 0.5], [-mu, mu], [1.0, 1.0])
    q = mixture([0.25, 0.75], [-mu, mu], [1.0, 1.0])
    value, error = kl_divergence(p, q, with_error=True)
    assert abs(value - 0.5 * math.log(4.0 / 3.0)) <= error  # the overlap is below e^{-mu²/2}
    value, error = kl_divergence(p, line(0.0, mu * mu + 1.0), with_error=True)
    exact = 0.5 * math.log(mu * mu + 1.0) - math.log(2.0)
    assert abs(value - exact) <= error + 1e-13


def test_many_components_are_handled():
    data = np.random.default_rng(5).standard_normal(1000)
    p = mixture(np.full(1000, 1e-3), data, np.full(1000, 0.01))
    value, error = kl_divergence(p, mixture([1.0], [0.0], [1.0]), with_error=True)
    assert error < 1e-10
    assert 0.0 < value < 0.1


def test_a_point_mass_has_infinite_divergence_from_a_density_and_is_none():
    point = mixture([0.5, 0.5], [0.0, 1.0], [0.0, 1.0])
    assert kl_divergence(point, TWO) == math.inf
    assert kl_divergence(point, fitted(40, 0), with_error=True) == (math.inf, 0.0)
    with pytest.raises(ValueError, match="q must have positive variances"):
        kl_divergence(TWO, point)


def test_components_of_weight_zero_do_not_count():
    p = mixture([0.0, 1.0], [5.0, 0.0], [0.0, 1.0])
    assert kl_divergence(p, mixture([1.0], [0.0], [1.0])) == 0.0


def test_exact_numbers_are_taken():
    import theory  # noqa: PLC0415 (only here)

    p = theory.GaussianMixture.two_modes(3)
    assert kl_divergence(p, TWO) <= 1e-15


def test_an_integral_with_a_kink_off_the_edges_reports_an_error_that_covers_it():
    value, error = integrate(lambda x: np.abs(x - 0.3), np.array([0.0, 1.0]), 1e-12)
    assert abs(value - (0.3**2 + 0.7**2) / 2) <= error <= 1e-11
    value, error = integrate(lambda x: np.exp(-1e4 * x), np.array([0.0, 1.0]), 1e-12)
    assert abs(value - 1e-4) <= error <= 1e-11


def test_modes_inside_wide_pieces_are_found():
    # two bells 2e6 standard deviations apart, joined by a linear piece of the score that rises
    far = 1e6
    w, s = 0.9 / (1.0 + far), math.sqrt(4.0)
    features = RandomFeatures(weights=[[w], [-w], [w], [-w]], embedding=constant_embedding(),
                              time_weights=[[-w * far / 2], [-w * far / 2], [0.0], [0.0]])  # fmt: skip
    # the score is x for |x| < far/2 and −(x ∓ far) beyond
    p = score_density(features, np.array([[-2.0, 2.0, 1.0, -1.0]]) * s / w, 0.0)
    assert p.normalisable
    target = mixture([0.5, 0.5], [-far, far], [1.0, 1.0])
    for a, b in ((p, target), (target, p)):
        value, error = kl_divergence(a, b, with_error=True)
        # rounding the breakpoints moves log p between the modes by far²/4 · 2⁻⁵² = 5e-5, and KL by its square over 8
        assert value <= error + 1e-9
        assert error < 1e-9
    value, _ = kl_divergence(p, mixture([0.25, 0.75], [-far, far], [1.0, 1.0]), with_error=True)
    assert value == pytest.approx(0.5 * math.log(4.0 / 3.0), abs=1e-4)


def histograms(p, q):
    """KL of two histograms, and of a histogram and a Gaussian, to 60 digits (with Σq − Σp, which rounding leaves)."""
    with mp.workdps(60):
        exact = [[mp.mpf(float(x)) for x in part] for part in (p.edges, p.masses, q.edges, q.masses)]
        ends, masses, others, shares = exact
        total, cuts = sum(shares) - sum(masses), sorted({*ends, *others})

        def level(x, edges, parts):
            k = max(k for k, edge in enumerate(edges[:-1]) if edge <= x)
            return parts[k] / (edges[k + 1] - edges[k])

        for a, b in pairwise(cuts):
            if ends[0] <= a < ends[-1]:
                one = level(a, ends, masses)
                total += one * (b - a) * mp.log(one / level(a, others, shares))
        return total


def from_a_gaussian(p, mean, variance):
    with mp.workdps(60):
        m, v, total = mp.mpf(float(mean)), mp.mpf(float(variance)), mp.mpf(1)
        for mass, low, high in zip(p.masses, p.edges[:-1], p.edges[1:], strict=True):
            w, a, b = mp.mpf(float(mass)), mp.mpf(float(low)), mp.mpf(float(high))
            total += w * (mp.log(w / (b - a)) + mp.log(2 * mp.pi * v) / 2 - 1)
            total += w / (b - a) * ((b - m) ** 3 - (a - m) ** 3) / (6 * v)
        return total


def random_histogram(rng, edges, spread):
    masses = 10.0 ** rng.uniform(-spread, 0, len(edges) - 1)
    return histogram_density(edges, masses / masses.sum())


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 2**31), scale=st.floats(-20, 20).map(lambda e: 10.0**e), far=st.sampled_from([0, 1, -1e4]))
def test_a_claimed_error_contains_the_truth_at_every_scale(seed, scale, far):
    rng = np.random.default_rng(seed)
    pairs = []
    v1 = scale**2 * 10.0 ** rng.uniform(-4, 4)
    v2 = v1 * rng.choice([1.0, 1 + 1e-15, 1 + 1e-9, 1 - 1e-5, 1.01, 10.0 ** rng.uniform(-8, 8)])
    m1 = far * scale + scale * rng.normal()
    m2 = m1 + math.sqrt(v1) * 10.0 ** rng.uniform(-17, 2) * rng.choice([-1, 0, 1])
    exact, one = gaussians(m1, v1, m2, v2), mixture([1.0], [m2], [v2])
    pairs += [(mixture(*law), one, exact) for law in (([1.0], [m1], [v1]), ([0.25, 0.75], [m1, m1], [v1, v1]))]
    edges = np.unique(far * scale + scale * np.cumsum(np.append(0.0, 10.0 ** rng.uniform(-20, 1, rng.integers(1, 5)))))
    if len(edges) > 1:
        p = random_histogram(rng, edges, 12)
        inner = rng.uniform(edges[0], edges[-1], rng.integers(0, 3))
        q = random_histogram(rng, np.unique(np.concatenate([edges[[0, -1]], inner, rng.choice(edges, 1)])), 12)
        near = p.masses * (1 + 1e-9 * rng.normal(size=len(p.masses)))
        near = histogram_density(edges, near / near.sum())
        pairs += [(p, other, histograms(p, other)) for other in (q, near, p)]
        mean, variance = rng.uniform(edges[0], edges[-1]), (edges[-1] - edges[0]) ** 2 * 10.0 ** rng.uniform(-3, 3)
        pairs.append((p, mixture([1.0], [mean], [variance]), from_a_gaussian(p, mean, variance)))
    for a, b, truth in pairs:
        value, error = kl_divergence(a, b, with_error=True)
        assert abs(value - truth) <= error
        if far == 0:
            assert error <= 1e-9 * max(1.0, value)


def test_an_error_of_close_mixtures_is_not_below_the_rounding_of_their_logarithms():
    p, q = mixture([0.5, 0.5], [0.0, 1.0], [1.0, 1.0]), mixture([0.5, 0.5], [1e-4, 1.0001], [1.0, 1.0])
    with mp.workdps(40):

        def pdf(law, x):
            return sum(mp.mpf(w) * mp.npdf(x, mp.mpf(m)) for w, m in zip(law.weights, law.means, strict=True))

        exact = mp.quad(lambda x: pdf(p, x) * mp.log(pdf(p, x) / pdf(q, x)) + pdf(q, x) - pdf(p, x), range(-14, 17, 2))
    value, error = kl_divergence(p, q, with_error=True)
    assert abs(value - exact) <= error <= 1e-9 * value


@pytest.mark.parametrize(
    ("edges", "others"),
    [
        ([0.0, 1.0], [0.0, 1 - 1e-14]),
        ([0.0, 1.0], [0.0, np.nextafter(1.0, 0.0)]),
        ([0.0, 1.0], [5e-324 + 1e-299, 1.0]),
        ([1e6, 1e6 + 1], [1e6, 1e6 + 1 - 1e-8]),
        ([1e6, 1e6 + 1], [1e6 + 2e-10, 1e6 + 1]),
        ([-1.0, 0.0, 1.0], [0.0, 1.0]),
    ],
)
def test_mass_outside_of_the_support_is_infinite_however_little(edges, others):
    p, q = (histogram_density(part, np.full(len(part) - 1, 1 / (len(part) - 1))) for part in (edges, others))
    assert kl_divergence(p, q, with_error=True) == (math.inf, 0.0)
    assert kl_divergence(q, p) < math.inf
    assert kl_divergence(TWO, q) == kl_divergence(q.diffused(1.0, 1e-3), q) == math.inf


def test_a_cell_between_neighbouring_floats_keeps_its_mass():
    above = np.nextafter(1.0, 2.0)
    p = histogram_density([0.0, 1.0, above], [0.5, 0.5])
    q = histogram_density([0.0, 1.0, above], [0.9, 0.1])
    value, error = kl_divergence(p, q, with_error=True)
    assert abs(value - 0.5 * math.log(0.5 / 0.9) - 0.5 * math.log(0.5 / 0.1)) <= error <= 1e-11
    value, error = kl_divergence(p, mixture([1.0], [0.0], [1.0]), with_error=True)
    assert abs(value - from_a_gaussian(p, 0.0, 1.0)) <= error <= 1e-11


def test_a_variance_that_is_neither_0_nor_a_number_to_square_is_refused():
    for variance in (5e-324, 1e-200, 1e-121):
        for pair in ((mixture([1.0], [0.0], [variance]), TWO), (TWO, mixture([1.0], [0.0], [variance]))):
            with pytest.raises(ValueError, match=r"variances must be 0 or at least 1e-120"):
                kl_divergence(*pair)
