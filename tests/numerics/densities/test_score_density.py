import math
from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.integrals.quadrature import gauss_legendre

import numerics
from numerics import NotNormalisableError, RandomFeatures, UndefinedDivergenceError, constant_embedding, score_density
from numerics.densities.divergence import integrate
from numerics.densities.score_density import log_piece_integrals, log_tail_integral

ROUNDING = 1e-13  # some hundred units in the last place, relative: what a few hundred operations may lose
DIGITS = 50
with mp.workdps(DIGITS):
    GAUSS = [(mp.mpf(str(x)), mp.mpf(str(w))) for x, w in zip(*gauss_legendre(24, 40), strict=True)]


def mixture(weights, means, variances):
    return SimpleNamespace(weights=weights, means=means, variances=variances)


TWO = mixture([0.3, 0.7], [-2.0, 2.0], [1.0, 0.25])


def network(slopes, biases, parameters):
    return (
        RandomFeatures(
            weights=np.reshape(slopes, (-1, 1)),
            time_weights=np.reshape(biases, (-1, 1)),
            embedding=constant_embedding(),
        ),
        np.reshape(parameters, (1, -1)),
    )


def kinks(knots, jumps, *, sides=None):
    """A network whose score has the given kinks, with features active to the right (side 1) or to the left (-1)."""
    knots, jumps = np.asarray(knots, dtype=float), np.asarray(jumps, dtype=float)
    sides = np.ones(len(knots)) if sides is None else np.asarray(sides, dtype=float)
    w = sides * 0.99 / (1.0 + np.abs(knots))
    return network(w, -w * knots, jumps / np.abs(w) * math.sqrt(len(knots)))


def gaussian(mean=0.0, variance=1.0):
    """The score −(x − mean)/variance by two features with a kink at the mean."""
    return kinks([mean, mean], [-1.0 / variance, 1.0 / variance], sides=[1, -1])


def fitted(width, seed):
    """A random network fitted to the score of two modes."""
    features = RandomFeatures.sample(width, 1, constant_embedding(), rng=np.random.default_rng(seed))
    x = np.linspace(-6.0, 6.0, 400)
    H = features.matrix(x[:, None], 0.0)
    target = -x + 2.0 * np.tanh(2.0 * x)
    return features, np.linalg.solve(H.T @ H + 1e-6 * np.eye(width), H.T @ target)[None, :]


# The reference: the same pieces in 50 digits, from the network's own formula ---------------------------------------


class Reference:
    def __init__(self, features, parameters):
        self.w = [mp.mpf(float(v)) for v in features.weights[:, 0]]
        self.b = [mp.mpf(float(v)) for v in features.intercepts([0.0])[0]]
        self.theta = [mp.mpf(float(v)) for v in np.ravel(parameters)]
        self.root = mp.sqrt(features.width)
        self.knots = sorted({-b / w for w, b in zip(self.w, self.b, strict=True) if w != 0}) or [mp.mpf(0)]
        self.scores = [self.score(x) for x in self.knots]
        self.logs = [mp.mpf(0)]
        for (x, y), (s, r) in zip(self.pairs(self.knots), self.pairs(self.scores), strict=True):
            self.logs.append(self.logs[-1] + (y - x) * (s + r) / 2)
        inner = [
            (r - s) / (y - x) for (x, y), (s, r) in zip(self.pairs(self.knots), self.pairs(self.scores), strict=True)
        ]
        ends = [
            sum(t * w for t, w in zip(self.theta, self.w, strict=True) if sign * w > 0) / self.root for sign in (-1, 1)
        ]
        self.slopes = [ends[0], *inner, ends[1]]
        top = max(self.logs)
        self.logs = [h - top for h in self.logs]
        self.total = sum(self.piece(k) for k in range(len(self.slopes)))

    @staticmethod
    def pairs(values):
        return list(pairwise(values))

    def score(self, x):
        return sum(t * max(w * x + b, 0) for t, w, b in zip(self.theta, self.w, self.b, strict=True)) / self.root

    def end(self, k):
        """Anchor of a piece, and its width to the right (or to the left for the first)."""
        if k == 0:
            return 0, -mp.inf
        return k - 1, mp.inf if k == len(self.knots) else self.knots[k] - self.knots[k - 1]

    def piece(self, k):
        i, width = self.end(k)
        h, s, a = self.logs[i], self.scores[i], self.slopes[k]
        if abs(width) == mp.inf:
            s = s if width > 0 else -s
            if a == 0:
                return mp.exp(h) / -s
            r = mp.sqrt(-a)
            return mp.exp(h + s * s / (-2 * a)) * mp.sqrt(mp.pi / 2) / r * mp.erfc(-s / r / mp.sqrt(2))
        cuts = max(1, int(mp.ceil(abs(s) * width + abs(a) * width**2)))
        if cuts > 400:  # too wide for the rule: the error function
            r = mp.sqrt(mp.mpc(-a))
            f = [mp.erf(r / mp.sqrt(2) * (u + s / a)) for u in (mp.mpf(0), width)]
            return (mp.exp(h - s * s / (2 * a)) * mp.sqrt(mp.pi / 2) / r * (f[1] - f[0])).real
        d = width / cuts
        return (
            d
            / 2
            * sum(
                w * mp.exp(h + u * (s + a * u / 2))
                for j in range(cuts)
                for x, w in GAUSS
                for u in [d * (j + (1 + x) / 2)]
            )
        )

    def log_pdf(self, x):
        x = mp.mpf(x)
        k = sum(y < x for y in self.knots)
        i, _ = self.end(k)
        u = x - self.knots[i]
        return self.logs[i] + u * (self.scores[i] + self.slopes[k] * u / 2) - mp.log(self.total)

    def kl_from(self, law):
        """E log p − E log q for a mixture p."""
        cross = mp.mpf(0)
        for weight, mean, variance in zip(law.weights, law.means, law.variances, strict=True):
            m, sd = mp.mpf(mean), mp.sqrt(mp.mpf(variance))
            for k in range(len(self.slopes)):
                i, _ = self.end(k)
                low = (self.knots[k - 1] - m) / sd if k > 0 else -mp.inf
                high = (self.knots[k] - m) / sd if k < len(self.knots) else mp.inf
                c = (m - self.knots[i]) / sd
                mass = mp.ncdf(high) - mp.ncdf(low)
                first = mp.npdf(low) - mp.npdf(high)
                second = mass + sum(z * mp.npdf(z) * sign for z, sign in ((low, 1), (high, -1)) if abs(z) < mp.inf)
                cross += mp.mpf(weight) * (
                    self.logs[i] * mass
                    + self.scores[i] * sd * (first + c * mass)
                    + self.slopes[k] / 2 * sd**2 * (second + 2 * c * first + c * c * mass)
                )

        def pdf(x):
            return sum(
                mp.mpf(w) * mp.npdf(x, mp.mpf(m), mp.sqrt(mp.mpf(v)))
                for w, m, v in zip(law.weights, law.means, law.variances, strict=True)
            )

        cuts = sorted(
            {
                m + k * math.sqrt(v)
                for m, v in zip(law.means, law.variances, strict=True)
                for k in (-13, -8, -5, -3, -1, 0, 1, 3, 5, 8, 13)
            }
        )
        entropy = mp.quad(lambda x: pdf(x) * mp.log(pdf(x)), cuts)
        return entropy - cross + mp.log(self.total)


def agree(value, exact, tolerance):
    return abs(mp.mpf(value) - exact) <= tolerance


# Pieces ------------------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    slope=st.floats(-60.0, 60.0),
    bend=st.one_of(st.floats(-200.0, 200.0), st.sampled_from([0.0, 1e-12, -1e-12, 1e-300, -1e-300, 1e6, -1e6])),
    width=st.one_of(st.floats(1e-9, 8.0), st.sampled_from([1e-15, 1.0, 30.0])),
)
def test_an_integral_over_a_piece_agrees_with_fifty_digits(slope, bend, width):
    with mp.workdps(DIGITS):
        s, a, d = mp.mpf(slope), mp.mpf(bend), mp.mpf(width)
        top = [mp.mpf(0), d]
        if bend and 0 < -s / a < d:
            top.insert(1, -s / a)
        peak = max(s * u + a * u * u / 2 for u in top)
        # cuts that double from each end and the vertex, starting where the exponent has changed by about 1
        first = 1 / (abs(s) + mp.sqrt(abs(a)) + abs(a) * d + 1 / d)
        cuts = {u for c in top for k in range(60) for u in (c + first * 2**k, c - first * 2**k, c) if 0 < u < d}
        cuts = [mp.mpf(0), *sorted(cuts), d]
        seen = [s * u + a * u * u / 2 > peak - 60 for u in cuts]  # pieces with both ends below carry e^{-60}
        cuts = [u for k, u in enumerate(cuts) if any(seen[max(k - 1, 0) : k + 2])]
        exact = peak + mp.log(
            sum(
                (y - x)
                / 2
                * sum(w * mp.exp(s * u + a * u * u / 2 - peak) for t, w in GAUSS for u in [x + (y - x) * (1 + t) / 2])
                for x, y in pairwise(cuts)
            )
        )
        h_r, s_r = float(s * d + a * d * d / 2), float(s + a * d)
        value = log_piece_integrals(*(np.array([v]) for v in (width, 0.0, h_r, slope, s_r, bend)))[0]
        assert agree(value, exact, ROUNDING + 8 * 2.0**-52 * (abs(h_r) + abs(float(peak)) + abs(slope * width)))


@pytest.mark.parametrize(("slope", "bend"), [(-1.0, 0.0), (-1e-8, 0.0), (3.0, -2.0), (-3.0, -2.0), (-40.0, -1e-9),
                                             (40.0, -1e-2), (0.0, -1e-30), (-2.0, -1e-300), (1e3, -1e6)])  # fmt: skip
def test_an_integral_over_a_tail_agrees_with_fifty_digits(slope, bend):
    with mp.workdps(DIGITS):
        s, a = mp.mpf(slope), mp.mpf(bend)
        if bend == 0.0:
            exact = -mp.log(-s)
        elif slope < 0 and s * s / -a > 1e6:  # Watson's series; its fourth term is below the digits compared
            q = a / s**2
            exact = mp.log((1 + q + 3 * q**2 + 15 * q**3) / -s)
        else:
            r = mp.sqrt(-a)
            exact = s * s / (-2 * a) + mp.log(mp.sqrt(mp.pi / 2) / r * mp.erfc(-s / r / mp.sqrt(2)))
        assert agree(log_tail_integral(0.0, slope, bend), exact, ROUNDING * max(1.0, abs(float(exact))))


@pytest.mark.parametrize(("slope", "bend"), [(0.0, 0.0), (1.0, 0.0), (-5.0, 1e-300), (1.0, 1.0)])
def test_a_tail_that_does_not_fall_has_no_integral(slope, bend):
    assert log_tail_integral(0.0, slope, bend) == math.inf


# The density -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mean", "variance"), [(0.0, 1.0), (3.0, 0.01), (-900.0, 1.0), (1000.0, 1e-6), (0.5, 1e8)])
def test_a_linear_score_gives_a_gaussian(mean, variance):
    q = score_density(*gaussian(mean, variance), 0.0)
    z = np.linspace(-8.0, 8.0, 33)
    x = mean + math.sqrt(variance) * z
    exact = -0.5 * (x - mean) ** 2 / variance - 0.5 * math.log(2 * math.pi * variance)
    # a breakpoint −b/w is exact to one unit in the last place of the mean, which the steepness amplifies
    shift = 4 * 2.0**-52 * abs(mean) / math.sqrt(variance)
    assert q.outcome == "normalisable"
    np.testing.assert_allclose(q.log_pdf(x), exact, rtol=1e-13, atol=1e-13 + 10 * shift)
    normal = [0.5 * math.erfc(-v / math.sqrt(2)) for v in (x - mean) / math.sqrt(variance)]
    np.testing.assert_allclose(q.cdf(x), normal, rtol=1e-12, atol=1e-13 + shift)


def test_a_laplace_density_has_exponential_tails():
    # the score is 1 left of −1, −x in between, and −1 right of 1
    q = score_density(*kinks([-1.0, 1.0, -1.0, 1.0], [-0.5, 0.5, -0.5, 0.5], sides=[-1, -1, 1, 1]), 0.0)
    assert q.normalisable
    total = mp.quad(lambda x: mp.exp(-x * x / 2), [-1, 0, 1]) + 2 * mp.exp(-mp.mpf(1) / 2)
    assert agree(q.log_pdf(0.0), -mp.log(total), ROUNDING)
    assert agree(q.log_pdf(50.0), -mp.mpf("49.5") - mp.log(total), 50 * ROUNDING)
    assert agree(q.cdf(1.0), 1 - mp.exp(-mp.mpf(1) / 2) / total, ROUNDING)


def test_a_convex_valley_between_modes_is_integrated():
    # slopes −1, +3, −1: a double well with the derivative rising in the middle
    features, theta = kinks([-3.0, -1.0, 1.0, 3.0] * 2, [0.0, 2.0, -2.0, 0.0, 0.0, 2.0, -2.0, 0.0],
                            sides=[1] * 4 + [-1] * 4)  # fmt: skip
    theta = theta.copy()
    base, t0 = gaussian(0.0, 2.0)
    joined = RandomFeatures(
        weights=np.vstack([features.weights, base.weights]),
        embedding=constant_embedding(),
        time_weights=np.vstack([features.time_weights, base.time_weights]),
    )
    theta = np.hstack([theta / math.sqrt(8), t0 / math.sqrt(2)]) * math.sqrt(10)
    q = score_density(joined, theta, 0.0)
    with mp.workdps(DIGITS):
        r = Reference(joined, theta)
        for x in (-9.0, -2.0, 0.0, 0.3, 4.0, 60.0):
            assert agree(q.log_pdf(x), r.log_pdf(x), ROUNDING * (1 + abs(float(r.log_pdf(x)))))


@pytest.mark.parametrize(("width", "seed"), [(10, 1), (50, 2), (300, 3)])
def test_log_density_and_divergence_of_a_fitted_network_agree_with_thirty_digits(width, seed):
    features, theta = fitted(width, seed)
    q = score_density(features, theta, 0.0)
    with mp.workdps(30):
        r = Reference(features, theta)
        for x in (-30.0, -3.3, 0.0, 1.1, 7.0):
            assert agree(q.log_pdf(x), r.log_pdf(x), 10 * ROUNDING * (1 + abs(float(r.log_pdf(x)))))
        exact = r.kl_from(TWO)
    value, error = numerics.kl_divergence(TWO, q, with_error=True)
    assert agree(value, exact, error)
    assert error < 1e-12


def test_far_knots_and_large_parameters_do_not_spoil_the_bulk():
    # two far features cancel up to a slope −1: sums of size 1e6 around a score of size 1
    features, theta = kinks([-1e5, 2e5, 0.0, 0.0, 1e5], [-30.0, 0.25, -1.0, 1.0, 29.0], sides=[1, 1, 1, -1, -1])
    q = score_density(features, theta, 0.0)
    with mp.workdps(DIGITS):
        r = Reference(features, theta)
        for z in (-2.0, 0.0, 1.0):
            x = float(q.knots[np.argmax(q._log_pdf(q.knots))]) + z
            # one unit in the last place of the far breakpoints moves the score by 30 · 1e5 · 2⁻⁵²
            assert agree(q.log_pdf(x), r.log_pdf(x), 1e7 * 2.0**-52)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6, 1e12])
def test_the_density_is_equivariant_under_scaling(scale):
    q = score_density(*kinks([-1.0, 0.5, 0.5, 2.0], [1.0, -3.0, -1.0, -0.5], sides=[-1, 1, 1, 1]), 0.0)
    law = score_density(*kinks(np.array([-1.0, 0.5, 0.5, 2.0]) * scale, np.array([1.0, -3.0, -1.0, -0.5]) / scale**2,
                               sides=[-1, 1, 1, 1]), 0.0)  # fmt: skip
    assert law.outcome == q.outcome
    x = np.linspace(-3.0, 3.0, 7)
    np.testing.assert_allclose(law.log_pdf(x * scale), q.log_pdf(x) - math.log(scale), rtol=1e-12, atol=1e-12)


def test_coincident_breakpoints_add_up():
    one = score_density(*kinks([0.5, -0.5], [-2.0, 1.5], sides=[1, -1]), 0.0)
    two = score_density(*kinks([0.5, 0.5, -0.5, -0.5], [-1.5, -0.5, 1.0, 0.5], sides=[1, 1, -1, -1]), 0.0)
    x = np.linspace(-4.0, 4.0, 17)
    np.testing.assert_allclose(one.log_pdf(x), two.log_pdf(x), rtol=ROUNDING, atol=ROUNDING)


def test_features_without_a_breakpoint_only_shift_the_score():
    # w = 0: σ(u) with u = 0.5 adds 0.5 θ/√m; σ(−0.5) adds nothing
    features, theta = gaussian()
    joined = RandomFeatures(
        weights=np.vstack([features.weights, [[0.0], [0.0]]]),
        embedding=constant_embedding(),
        time_weights=np.vstack([features.time_weights, [[0.5], [-0.5]]]),
    )
    q = score_density(joined, np.hstack([theta * math.sqrt(2.0), [[4.0, 1e9]]]), 0.0)
    x = np.linspace(-3.0, 5.0, 9)  # the score is −x + 1
    np.testing.assert_allclose(q.log_pdf(x), -0.5 * (x - 1) ** 2 - 0.5 * math.log(2 * math.pi), atol=1e-13)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 10**6), width=st.integers(2, 30), scale=st.sampled_from([0.1, 3.0, 100.0]))
def test_density_distribution_function_and_outcome_agree_for_random_networks(seed, width, scale):
    rng = np.random.default_rng(seed)
    features = RandomFeatures.sample(width, 1, constant_embedding(), rng=rng)
    theta = scale * rng.standard_normal((1, width))
    q = score_density(features, theta, 0.0)
    far = [features.score(theta, [[x]], 0.0)[0, 0] / abs(x) for x in (-1e9, 1e9)]
    assert q.normalisable == (far[0] > 0.0 and far[1] < 0.0)  # slopes ≥ 1e-7 in size for these seeds
    if not q.normalisable:
        return
    low, high = q.support
    assert agree(q.cdf(low), 0, 1e-30)
    assert agree(q.cdf(high), 1, 1e-14)
    mass, error = integrate(q.pdf, np.unique(np.concatenate([[low], q.knots, [high]])), 1e-12)
    assert abs(mass - 1.0) <= error + 1e-13
    x = np.sort(rng.uniform(low, high, 4))
    part, error = integrate(q.pdf, np.unique(np.concatenate([x, q.knots[(q.knots > x[0]) & (q.knots < x[-1])]])), 1e-12)
    assert abs(q.cdf(x[-1]) - q.cdf(x[0]) - part) <= error + 1e-13


# Densities that do not exist ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jumps", "outcome"),
    [
        ((-1.0, 1.0), "normalisable"),
        ((1.0, 1.0), "right tail not integrable"),
        ((-1.0, -1.0), "left tail not integrable"),
        ((1.0, -1.0), "both tails not integrable"),
        ((0.0, 1.0), "right tail not integrable"),
        ((-1.0, 0.0), "left tail not integrable"),
        ((0.0, 0.0), "both tails not integrable"),
        ((-1e-30, 1e-30), "normalisable"),
    ],
)
def test_the_tail_at_fault_is_named(jumps, outcome):
    # the score is jumps[0] x for x > 0 and −jumps[1] x for x < 0
    q = score_density(*kinks([0.0, 0.0], jumps, sides=[1, -1]), 0.0)
    assert q.outcome == outcome
    assert q.normalisable == (outcome == "normalisable")
    if not q.normalisable:
        for ask in (lambda: q.pdf(0.0), lambda: q.log_pdf([0.0, 1.0]), lambda: q.cdf(0.0), lambda: q.normaliser,
                    lambda: q.log_normaliser, lambda: q.support):  # fmt: skip
            with pytest.raises(NotNormalisableError, match=outcome):
                ask()


@pytest.mark.parametrize("sign", [1.0, 0.0, -1.0])
def test_a_tail_whose_slopes_cancel_is_decided_by_its_limit(sign):
    # right of 1: slope 0.3 + 0.1 − 0.4 of products that floating point does not cancel; limit = sign
    features, theta = network([0.3, 0.1, 0.25, 0.0, -0.5], [0.0, 0.0, 0.0, 0.5, 0.0],
                              [0.1, 0.3, -0.24, 2.0 * sign, 1.0])  # fmt: skip
    exact = sum(
        Fraction(float(a)) * Fraction(float(b)) for a, b in zip(theta[0, :3], features.weights[:3, 0], strict=True)
    )
    q = score_density(features, theta, 0.0)
    expected = exact < 0 if exact != 0 else sign < 0
    assert (q.outcome == "normalisable") == expected
    # and with products that cancel exactly
    q = score_density(*network([0.5, 0.25, 0.0, -0.5], [0.0, 0.0, 0.5, 0.0], [1.0, -2.0, 2.0 * sign, 8.0]), 0.0)
    assert q.outcome == ("normalisable" if sign < 0 else "right tail not integrable")


def test_a_plateau_of_any_length_is_normalised():
    q = score_density(*kinks([1e50, -1e50], [-1.0, 1.0], sides=[1, -1]), 0.0)
    assert q.outcome == "normalisable"
    assert q.log_normaliser == pytest.approx(math.log(2e50), rel=1e-14)
    assert q.log_pdf([-3e49, 0.0]) == pytest.approx(-math.log(2e50), rel=1e-14)


def test_a_normaliser_beyond_double_precision_is_an_outcome():
    # the score falls by 1e-360 per unit from 3e49: its mode is beyond 1e400
    q = score_density(*network([1e-300, -1e-300, 0.0], [0.0, 0.0, 0.5], [-1e-60, 1e-60, 1e50]), 0.0)
    assert q.outcome == "normaliser not representable"
    with pytest.raises(NotNormalisableError, match="not representable"):
        q.pdf(0.0)


def test_a_breakpoint_that_cannot_be_squared_is_refused():
    with pytest.raises(ValueError, match="breakpoints"):
        score_density(*network([1e-200, 0.5], [0.5, 0.0], [1.0, 1.0]), 0.0)


def test_a_network_in_two_dimensions_is_refused():
    features = RandomFeatures(weights=[[0.5, 0.1]], time_weights=[[0.1]], embedding=constant_embedding())
    with pytest.raises(ValueError, match="features must have dim 1"):
        score_density(features, [[1.0]], 0.0)


def test_a_divergence_from_or_to_no_density_is_undefined():
    none = score_density(*kinks([0.0, 0.0], (1.0, 1.0), sides=[1, -1]), 0.0)
    with pytest.raises(UndefinedDivergenceError, match="q must be normalisable; got right tail"):
        numerics.kl_divergence(TWO, none)
    with pytest.raises(UndefinedDivergenceError, match="p must be normalisable; got right tail"):
        numerics.kl_divergence(none, TWO, with_error=True)
