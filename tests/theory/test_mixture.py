import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.mixture import GaussianMixture, LinearRegime
from theory.sde import LinearSDE, OrnsteinUhlenbeck, SubVariancePreserving, VarianceExploding, VariancePreserving
from theory.symbols import mu, q, t, x

R = sp.Rational
UNEQUAL = GaussianMixture(("0.25", "0.5", "0.25"), (-1, 2, 5), (1, "0.25", 4))
PLANE = GaussianMixture((R(1, 3), R(2, 3)), ((0, 1), (2, "0.1")), (1, 2))
small = st.fractions(min_value=-3, max_value=3, max_denominator=8)
positive = st.fractions(min_value=R(1, 4), max_value=4, max_denominator=8)


@st.composite
def mixtures(draw):
    size = draw(st.integers(1, 4))
    parts = draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    weights = tuple(R(part, sum(parts)) for part in parts)
    lists = (draw(st.lists(of, min_size=size, max_size=size)) for of in (small, positive))
    return GaussianMixture(weights, *(tuple(values) for values in lists))


def test_the_two_mode_score_is_the_tanh_of_the_paper():
    printed = -x + mu * sp.tanh(mu * x + sp.log(q / (1 - q)) / 2)
    assert sp.simplify((GaussianMixture.two_modes(mu, q).score - printed).rewrite(sp.exp)) == 0


def test_the_slope_at_the_origin_is_mu_squared_minus_one():
    score = GaussianMixture.two_modes(mu).score
    assert sp.simplify(score.subs(x, 0)) == 0
    assert sp.simplify(score.diff(x).subs(x, 0) - (mu**2 - 1)) == 0


def test_one_mode_is_the_standard_normal():
    for mixture in (GaussianMixture.two_modes(0), GaussianMixture.two_modes(mu, 1), GaussianMixture.two_modes(mu, 0)):
        shift = mixture.mean
        assert sp.expand(mixture.score - (shift - x)) == 0
    assert sp.expand(GaussianMixture((1,), (0,), (2,)).log_pdf.diff(x) + x / 2) == 0


@settings(max_examples=15, deadline=None)
@given(mixtures(), small)
def test_the_score_is_the_derivative_of_the_log_density(mixture, point):
    p = sp.lambdify(x, mixture.pdf, "mpmath")
    with mpmath.workdps(40):
        derivative = mpmath.diff(lambda z: mpmath.log(p(z)), mpmath.mpf(point.numerator) / point.denominator)
        value = mpmath.mpf(str(sp.N(mixture.score.subs(x, R(point.numerator, point.denominator)), 40)))
        # mpmath.diff works at twice the precision and keeps about 30 of the 40 digits
        assert abs(derivative - value) < mpmath.mpf(10) ** -20
    assert sp.N(sum(mixture.responsibilities).subs(x, R(point.numerator, point.denominator)), 30) == pytest.approx(1)


@settings(max_examples=8, deadline=None)
@given(mixtures())
def test_density_and_moments_agree_with_quadrature(mixture):
    p = sp.lambdify(x, mixture.pdf, "mpmath")
    with mpmath.workdps(15):
        moments = [mpmath.quad(lambda z, k=k: z**k * p(z), list(range(-24, 25, 6))) for k in range(3)]
    # means within 3 and std within 2: the tails beyond 24 are 10 standard deviations away
    assert [float(moment) for moment in moments] == pytest.approx(
        [1, float(mixture.mean), float(mixture.second_moment)], abs=1e-10
    )


@pytest.mark.parametrize(
    "sde",
    [OrnsteinUhlenbeck(), VariancePreserving(R(1, 10), 20), SubVariancePreserving(1, 2), VarianceExploding(25)],
    ids=lambda sde: sde.name,
)
def test_the_diffused_mixture_is_the_convolution_with_the_kernel(sde):
    diffused = UNEQUAL.diffused(sde).at(R(1, 4))
    start, end = sp.lambdify(x, UNEQUAL.pdf, "mpmath"), sp.lambdify(x, diffused.pdf, "mpmath")
    values = sde.at(R(1, 4))
    with mpmath.workdps(20):
        r, std = (mpmath.mpf(str(sp.N(value, 20))) for value in (values.mean_scale, values.std))
        convolved = mpmath.quad(
            lambda z: start(z) * mpmath.npdf(mpmath.mpf(1) / 2, r * z, std), [-20, -4, -1, 0, 1, 2, 3, 5, 9, 25]
        )
        assert mpmath.almosteq(convolved, end(mpmath.mpf(1) / 2), rel_eps=1e-12)
    assert UNEQUAL.diffused(sde).at(0) == UNEQUAL


def test_a_point_mass_has_no_density_until_diffused():
    data = GaussianMixture((R(1, 2), R(1, 2)), (-1, 1), (0, 0))
    for name in ("pdf", "score", "log_pdf", "fisher_integrand", "responsibilities", "linear_regimes"):
        with pytest.raises(ValueError, match=r"variances\[0\] must be > 0.*diffused\(sde\)"):
            getattr(data, name)
    diffused = data.diffused(OrnsteinUhlenbeck())
    assert diffused.variances == (1 - sp.exp(-2 * t),) * 2
    assert diffused.at(1).pdf.subs(x, 0).evalf() > 0
    with pytest.raises(ValueError, match="point mass"):
        _ = diffused.at(0).pdf


def test_the_ornstein_uhlenbeck_flow_keeps_unit_variances_and_contracts_the_modes():
    mixture = GaussianMixture.two_modes(mu).diffused(OrnsteinUhlenbeck())
    assert mixture.variances == (1, 1)
    assert mixture.means == (-mu * sp.exp(-t), mu * sp.exp(-t))


def test_diffusing_by_the_abstract_sde_keeps_r_and_v():
    sde = LinearSDE.abstract()
    mixture = GaussianMixture.two_modes(mu).diffused(sde)
    assert mixture.means[1] == mu * sde.mean_scale
    assert sp.expand(mixture.variances[0] - sde.mean_scale**2 - sde.variance) == 0
    assert mixture.linear_regimes.right.component == 1


def test_fisher_information_of_a_gaussian_is_the_inverse_variance():
    gaussian = GaussianMixture((1,), (3,), (R(1, 2),))
    assert sp.simplify(sp.integrate(gaussian.fisher_integrand, (x, -sp.oo, sp.oo))) == 2


def test_the_plane_mixture_has_a_vector_score():
    assert PLANE.dim == 2
    a, b = PLANE.coordinates
    point = {a: R(1, 2), b: R(-1, 3)}
    for part, coordinate in zip(PLANE.score, (a, b), strict=True):
        derivative = PLANE.pdf.diff(coordinate) / PLANE.pdf
        assert sp.N((part - derivative).subs(point), 20, chop=True) == 0
    assert PLANE.mean == (R(4, 3), R(2, 5))
    assert PLANE.second_moment == R(1, 3) * (1 + 2) + R(2, 3) * (4 + R(1, 100) + 4)
    squares = sum(part**2 for part in PLANE.score) * PLANE.pdf
    assert sp.N((PLANE.fisher_integrand - squares).subs(point), 20, chop=True) == 0
    assert PLANE.diffused(OrnsteinUhlenbeck()).means[1] == (2 * sp.exp(-t), sp.exp(-t) / 10)


def test_rows_of_length_one_are_numbers():
    assert GaussianMixture((1,), ((2,),), (1,)) == GaussianMixture((1,), (2,), (1,))


def test_numpy_reads_the_attributes():
    assert np.asarray(PLANE.means, float).shape == (2, 2)
    assert np.asarray(UNEQUAL.weights, float).tolist() == [0.25, 0.5, 0.25]
    assert np.asarray(UNEQUAL.variances, float).tolist() == [1, 0.25, 4]


# Tails ---------------------------------------------------------------------------------------------------------------
def test_the_regimes_of_two_modes_have_slope_minus_one():
    regimes = GaussianMixture.two_modes(mu).linear_regimes
    assert regimes.left == LinearRegime(slope=sp.Integer(-1), intercept=-mu, component=0)
    assert regimes.right.score == mu - x
    single = GaussianMixture.two_modes(mu, 1).linear_regimes
    assert single.left.score == mu - x


@settings(max_examples=15, deadline=None)
@given(mixtures())
def test_the_score_approaches_its_linear_regimes(mixture):
    regimes = mixture.linear_regimes
    for regime, far in ((regimes.left, -(10**6)), (regimes.right, 10**6)):
        error = sp.lambdify(x, mixture.score - regime.score, "mpmath")
        with mpmath.workdps(50):
            # variances <= 4 and means within 3 differ by 1/56 at least, if at all: losers weigh below e^{-4000} at
            # 10^6, and 50 digits of a score below 10^8 leave 40
            assert abs(error(mpmath.mpf(far))) < mpmath.mpf(10) ** -40


def test_the_widest_component_wins_both_tails():
    regimes = UNEQUAL.linear_regimes
    assert (regimes.left.component, regimes.right.component) == (2, 2)
    assert regimes.right == LinearRegime(slope=R(-1, 4), intercept=R(5, 4), component=2)


def test_the_regime_error_bound_is_an_equality():
    bound = GaussianMixture.two_modes(mu).regime_error_bound
    assert bound == 2 * mu / (1 + sp.exp(2 * mu * sp.Abs(x)))
    a = sp.Symbol("a", positive=True)
    score = GaussianMixture.two_modes(mu).score
    assert sp.simplify((mu - a) - score.subs(x, a) - bound.subs(x, a)) == 0
    assert sp.simplify(score.subs(x, -a) - (a - mu) - bound.subs(x, -a)) == 0


def test_the_regime_error_is_exact_for_unequal_weights():
    mixture = GaussianMixture((q, 1 - q), (3, -1), (2, 2))
    regimes = mixture.linear_regimes
    assert regimes.right.component == 0
    assert sp.simplify(regimes.right.score - mixture.score - mixture.regime_error("right")) == 0
    assert sp.simplify(mixture.score - regimes.left.score - mixture.regime_error("left")) == 0


# Validation ----------------------------------------------------------------------------------------------------------
def test_symbols_are_accepted_where_nothing_is_decidable():
    weight, mean, variance = sp.symbols("w a V")
    assert GaussianMixture((weight, 1 - weight), (mean, 0), (variance, 1)).dim == 1
    assert GaussianMixture((sp.sin(weight) ** 2, sp.cos(weight) ** 2), (0, 1), (1, 1)).dim == 1
    with pytest.raises(ValueError, match="means must be decidably ordered"):
        _ = GaussianMixture((R(1, 2), R(1, 2)), (mean, 0), (1, 1)).linear_regimes


BAD = [
    (
        lambda: GaussianMixture((R(97, 100), 0, 0), (0, 1, 2), (1, 1, 1)),
        ValueError,
        r"weights must sum to 1; got 97/100 \(3 components\); divide them by their sum",
    ),
    (lambda: GaussianMixture((q, R(11, 10) - q), (0, 1), (1, 1)), ValueError, "weights must sum to 1"),
    (lambda: GaussianMixture((-1, 2), (0, 1), (1, 1)), ValueError, r"weights\[0\] must be >= 0; got -1"),
    (lambda: GaussianMixture((), (), ()), ValueError, "weights must have at least one component"),
    (lambda: GaussianMixture((1,), (0, 1), (1,)), ValueError, "means must have one entry per component; got 2 for 1"),
    (lambda: GaussianMixture((1,), (0,), (1, 1)), ValueError, "variances must have one entry per component"),
    (lambda: GaussianMixture((1,), (0,), (-1,)), ValueError, r"variances\[0\] must be >= 0; got -1"),
    (lambda: GaussianMixture((1,), (0,), (sp.nan,)), ValueError, r"variances\[0\] must be finite; got nan"),
    (lambda: GaussianMixture((1,), (sp.oo,), (1,)), ValueError, r"means\[0\] must be finite"),
    (lambda: GaussianMixture((1,), (sp.I,), (1,)), ValueError, r"means\[0\] must be real"),
    (lambda: GaussianMixture((1,), (x,), (1,)), ValueError, r"means\[0\] must not depend on x"),
    (lambda: GaussianMixture((1,), ("one",), (1,)), ValueError, r"means\[0\] must be a number; got the string 'one'"),
    (lambda: GaussianMixture((R(1, 2),) * 2, ((0, 1), (1,)), (1, 1)), ValueError, "means must be all numbers or all"),
    (lambda: GaussianMixture((R(1, 2),) * 2, ((0, 1), 1), (1, 1)), ValueError, "means must be all numbers or all"),
    (lambda: GaussianMixture((1,), ((),), (1,)), ValueError, "means must be all numbers or all"),
    (lambda: GaussianMixture(1, 0, 1), TypeError, "weights must be a sequence; got 1"),
    (lambda: GaussianMixture({1}, (0,), (1,)), TypeError, "weights must be a sequence"),
    (lambda: GaussianMixture((1,), "0", (1,)), TypeError, "means must be a sequence; got '0'"),
    (lambda: GaussianMixture((1,), np.array([0.5]), (1,)), TypeError, r"means\[0\] must be exact"),
    (lambda: GaussianMixture.two_modes(-1), ValueError, "mu must be >= 0; got -1"),
    (lambda: GaussianMixture.two_modes(1, 2), ValueError, "right_weight must be <= 1; got 2"),
    (lambda: GaussianMixture.two_modes(1, 0.5), TypeError, r"right_weight must be exact.*Rational\(1, 2\)"),
    (lambda: UNEQUAL.diffused("OU"), TypeError, "sde must be an SDE"),
    (lambda: UNEQUAL.diffused(OrnsteinUhlenbeck()).diffused(OrnsteinUhlenbeck()), ValueError, "must not depend on t"),
    (lambda: UNEQUAL.at(-1), ValueError, "time must be >= 0; got -1"),
    (lambda: PLANE.linear_regimes, ValueError, "linear_regimes needs dimension 1"),
    (lambda: UNEQUAL.regime_error_bound, ValueError, "two components of equal variances"),
    (lambda: GaussianMixture.two_modes(1, R(1, 3)).regime_error_bound, ValueError, r"use regime_error\(side\)"),
    (lambda: GaussianMixture.two_modes(1).regime_error("up"), ValueError, "side must be 'left' or 'right'; got 'up'"),
]


@pytest.mark.parametrize(("make", "error", "message"), BAD)
def test_invalid_mixtures_are_refused_by_name(make, error, message):
    with pytest.raises(error, match=message):
        make()


@settings(max_examples=25, deadline=None)
@given(st.floats(), st.sampled_from(["weights", "means", "variances"]))
def test_no_float_enters_a_mixture(value, name):
    arguments = {"weights": (1,), "means": (0,), "variances": (1,)} | {name: (value,)}
    with pytest.raises(TypeError, match=rf"{name}\[0\] must be exact; got the float"):
        GaussianMixture(**arguments)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=5))
def test_weights_are_accepted_exactly_when_they_sum_to_one(parts):
    arguments = (tuple(range(len(parts))), (1,) * len(parts))
    if sum(parts) > 0:
        assert sum(GaussianMixture(tuple(R(part, sum(parts)) for part in parts), *arguments).weights) == 1
    with pytest.raises(ValueError, match="weights must sum to 1"):
        GaussianMixture(tuple(R(part, sum(parts) + 1) for part in parts), *arguments)
