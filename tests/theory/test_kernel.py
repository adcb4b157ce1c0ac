import mpmath
import pytest
import sympy as sp

from theory.kernel import (
    Transition,
    chi,
    compose,
    coordinates,
    expected_squared_score,
    fokker_planck_residual,
    log_fokker_planck_residual_d,
    log_transition_density,
    probability_flow_residual,
    reverse_residual,
    rho,
    transition,
    transition_density,
    weighting,
)
from theory.mixture import GaussianMixture
from theory.sde import LinearSDE, OrnsteinUhlenbeck, SubVariancePreserving, VarianceExploding, VariancePreserving
from theory.symbols import d, s, t, x, x0

R = sp.Rational
SDES = [
    OrnsteinUhlenbeck(),
    VariancePreserving(R(1, 10), 20),
    VariancePreserving(sp.Symbol("b0", nonnegative=True), sp.Symbol("b1", positive=True)),
    SubVariancePreserving(R(1, 10), 20),
    VarianceExploding(25),
    VarianceExploding(sp.Symbol("a", positive=True)),
    VarianceExploding(1),
    LinearSDE(-t, 1),
    LinearSDE.abstract(),
]
NAMES = ["OU", "VP", "VP-symbolic", "sub-VP", "VE", "VE-symbolic", "Brownian", "linear", "abstract"]
every_sde = pytest.mark.parametrize("sde", SDES, ids=NAMES)
TWO = GaussianMixture((R(1, 4), R(3, 4)), (-1, 2), (1, R(1, 4)))
POINTS = [{x: R(1, 3), t: R(1, 5), x0: R(1, 2)}, {x: -1, t: R(2, 7), x0: 2}]


def raw_fokker_planck(p, sde):
    return p.diff(t) + (sde.drift * x * p).diff(x) - sde.diffusion**2 / 2 * p.diff(x, 2)


def raw_reverse(p, sde, score):
    return p.diff(t) + ((sde.drift * x - sde.diffusion**2 * score) * p).diff(x) + sde.diffusion**2 / 2 * p.diff(x, 2)


def raw_flow(p, sde, score):
    return p.diff(t) + ((sde.drift * x - sde.diffusion**2 / 2 * score) * p).diff(x)


def at_points(expression):
    return [float(sp.N(expression.subs(point), 30)) for point in POINTS]


@every_sde
def test_the_kernel_solves_the_fokker_planck_equation(sde):
    assert fokker_planck_residual(transition_density(sde), sde) == 0


@every_sde
def test_the_kernel_solves_it_in_every_dimension(sde):
    assert log_fokker_planck_residual_d(sde) == 0


@every_sde
def test_chapman_kolmogorov(sde):
    composed = compose(transition(sde, later=s), transition(sde, earlier=s))
    direct = transition(sde)
    assert sp.simplify(composed.mean_scale - direct.mean_scale) == 0
    assert sp.simplify(composed.variance - direct.variance) == 0


@pytest.mark.parametrize("sde", SDES[:7], ids=NAMES[:7])
def test_the_step_variance_is_the_clock_difference(sde):
    step = transition(sde, earlier=s)
    clock = sde.clock
    assert sp.simplify(step.variance - sde.mean_scale**2 * (clock**2 - clock.subs(t, s) ** 2)) == 0
    assert sp.simplify(step.mean_scale - sde.mean_scale / sde.mean_scale.subs(t, s)) == 0


def test_composition_agrees_with_the_convolution_of_densities():
    first, second = Transition(mean_scale=R(1, 2), variance=R(3)), Transition(mean_scale=R(3), variance=R(2))
    both = compose(first, second)
    with mpmath.workdps(20):
        value = mpmath.quad(
            lambda z: mpmath.npdf(z, 0.5, mpmath.sqrt(3)) * mpmath.npdf(1, 3 * z, mpmath.sqrt(2)),
            [-10, -2, 0, 1, 2, 10],
        )
        exact = mpmath.npdf(1, float(both.mean_scale), mpmath.sqrt(float(both.variance)))
        # Gaussian tails beyond |z| = 10 are below e^{-15·20}
        assert mpmath.almosteq(value, exact, rel_eps=1e-12)


@pytest.mark.parametrize("sde", SDES[:5], ids=NAMES[:5])
def test_kernel_moments_agree_with_the_densities(sde):
    p, time, start = transition_density(sde), R(1, 4), R(2)
    p = p.subs({sp.Symbol("b0", nonnegative=True): 1, sp.Symbol("b1", positive=True): 2}).subs({t: time, x0: start})
    values = sde.at(time)
    free = {sp.Symbol("b0", nonnegative=True): 1, sp.Symbol("b1", positive=True): 2}
    mean = float((start * values.mean_scale).subs(free))
    variance = float(values.variance.subs(free))
    density = sp.lambdify(x, p, "mpmath")
    with mpmath.workdps(20):
        nodes = [mean + k * variance**0.5 for k in (-12, -4, 0, 4, 12)]
        total, first, second = (mpmath.quad(lambda z, k=k: density(z) * (z - mean) ** k, nodes) for k in (0, 1, 2))
    # mean and variance above are floats: 1e-12 leaves room for their rounding
    assert abs(total - 1) < 1e-12
    assert abs(first) < 1e-12
    assert second == pytest.approx(variance, rel=1e-12)


def test_the_d_dimensional_residual_in_rho_and_chi_is_that_of_the_coordinates():
    wrong = SubVariancePreserving(1, 2)  # the OU kernel in another SDE: a residual that is not 0 on either side
    sde = OrnsteinUhlenbeck()
    p = transition_density(sde, 2)
    a, b = coordinates(2)
    a0, b0 = coordinates(2, "x0")
    raw = (
        p.diff(t)
        + (wrong.drift * a * p).diff(a)
        + (wrong.drift * b * p).diff(b)
        - wrong.diffusion**2 / 2 * (p.diff(a, 2) + p.diff(b, 2))
    )
    r, variance = sde.mean_scale, sde.variance
    f, noise = wrong.drift, wrong.diffusion**2
    formula = (
        -2 * variance.diff(t) / (2 * variance)
        + r.diff(t) / r * chi / variance
        + rho * variance.diff(t) / (2 * variance**2)
        - (-2 * f + f * (rho + chi) / variance + noise / 2 * (-2 / variance + rho / variance**2))
    )
    point = {a: R(1, 3), b: 2, a0: -1, b0: R(1, 2), t: R(1, 4)}
    u, w = a - r * a0, b - r * b0
    value = formula.subs({rho: u**2 + w**2, chi: u * r * a0 + w * r * b0}).subs(point)
    assert float(sp.N((raw / p).subs(point), 20)) == pytest.approx(float(sp.N(value, 20)), rel=1e-14)
    assert float(sp.N(sp.log(p).subs(point), 20)) == pytest.approx(
        float(sp.N(log_transition_density(sde, 2).subs(rho, u**2 + w**2).subs(point), 20)), rel=1e-14
    )


def test_a_wrong_closed_form_leaves_a_residual():
    sde = OrnsteinUhlenbeck()
    wrong = transition_density(sde).subs(x0, x0 + t)
    residual = fokker_planck_residual(wrong, sde)
    assert at_points(residual) == pytest.approx(at_points(raw_fokker_planck(wrong, sde)), rel=1e-12)
    assert min(abs(value) for value in at_points(residual)) > 1e-20  # evaluated to 30 digits
    wider = transition_density(VariancePreserving(1, 2))
    assert fokker_planck_residual(wider, sde) != 0


def test_ornstein_uhlenbeck_keeps_the_standard_normal_and_forgets_its_start():
    sde = OrnsteinUhlenbeck()
    normal = sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)
    assert fokker_planck_residual(normal, sde) == 0
    assert sde.mean_scale.limit(t, sp.oo) == 0
    assert sde.variance.limit(t, sp.oo) == 1
    assert GaussianMixture((1,), (0,), (1,)).diffused(sde) == GaussianMixture((1,), (0,), (1,))


@every_sde
def test_forward_marginals_of_a_mixture_solve_the_forward_reverse_and_flow_equations(sde):
    mixture = TWO.diffused(sde)
    p = mixture.pdf
    assert fokker_planck_residual(p, sde) == 0
    assert reverse_residual(p, sde) == 0
    assert probability_flow_residual(p, sde) == 0


@pytest.mark.parametrize("sde", [SDES[0], SDES[4], SDES[8]], ids=[NAMES[0], NAMES[4], NAMES[8]])
def test_the_score_in_closed_form_makes_the_same_residuals_vanish(sde):
    mixture = TWO.diffused(sde)
    assert reverse_residual(mixture.pdf, sde, score=mixture.score) == 0
    assert probability_flow_residual(mixture.pdf, sde, score=mixture.score) == 0


@pytest.mark.parametrize("factor", [R(1, 2), 2, -1])
def test_a_wrong_score_leaves_the_residuals_of_their_definitions(factor):
    sde = VarianceExploding(25)
    mixture = GaussianMixture.two_modes(1).diffused(sde)
    p, wrong = mixture.pdf, factor * mixture.score
    reverse, flow = reverse_residual(p, sde, score=wrong), probability_flow_residual(p, sde, score=wrong)
    assert at_points(reverse) == pytest.approx(at_points(raw_reverse(p, sde, wrong)), rel=1e-12)
    assert at_points(flow) == pytest.approx(at_points(raw_flow(p, sde, wrong)), rel=1e-12)
    assert min(map(abs, at_points(reverse) + at_points(flow))) > 1e-20  # evaluated to 30 digits


@pytest.mark.parametrize("sde", SDES[:5], ids=NAMES[:5])
def test_the_expected_squared_score_is_d_over_the_variance(sde):
    score = sp.expand_log(sp.log(transition_density(sde)), force=True).diff(x)
    z = sp.Symbol("z", real=True)
    difference = score.subs(x, sde.mean_scale * x0 + z) + z / sde.variance
    assert sp.expand(sp.fraction(sp.together(difference))[0]) == 0  # score = −z/(rv)², and E z² = (rv)²
    assert expected_squared_score(sde, 3) == 3 / sde.variance


def test_weightings_are_those_of_the_two_readings():
    sde = OrnsteinUhlenbeck()
    assert weighting(sde, "song") == sde.variance / d
    assert sp.expand(weighting(sde, "song") * expected_squared_score(sde)) == 1
    assert sp.simplify(weighting(sde, "printed") ** 2 * expected_squared_score(sde)) == 1
    assert weighting(sde, "likelihood") == 2
    assert weighting(sde, "uniform") == 1


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: weighting(OrnsteinUhlenbeck(), "sogn"), ValueError, "kind must be one of song, printed.*got 'sogn'"),
        (lambda: weighting("OU", "song"), TypeError, "sde must be an SDE"),
        (lambda: weighting(OrnsteinUhlenbeck(), "song", 0), ValueError, "dimension must be a positive integer; got 0"),
        (lambda: weighting(OrnsteinUhlenbeck(), "song", R(1, 2)), ValueError, "dimension must be a positive integer"),
        (lambda: transition_density(OrnsteinUhlenbeck(), 0), ValueError, "dimension must lie in 1..1000, .*; got 0"),
        (lambda: transition_density(OrnsteinUhlenbeck(), 1.5), TypeError, "dimension must be an int; got 1.5"),
        (lambda: transition_density(None), TypeError, "sde must be an SDE"),
        (lambda: fokker_planck_residual("p", OrnsteinUhlenbeck()), TypeError, "density must be a SymPy expression"),
        (lambda: fokker_planck_residual(0.5 * x, OrnsteinUhlenbeck()), TypeError, "density must be exact"),
        (lambda: reverse_residual(sp.exp(-(x**2)), OrnsteinUhlenbeck(), score=1), TypeError, "score must be"),
        (lambda: transition(OrnsteinUhlenbeck(), earlier=-1), ValueError, "earlier must be >= 0; got -1"),
        (lambda: transition(OrnsteinUhlenbeck(), earlier=2, later=1), ValueError, "later must be >= earlier.*swap"),
        (lambda: transition(OrnsteinUhlenbeck(), later=0.5), TypeError, "later must be exact"),
        (lambda: compose(1, 2), TypeError, "first must be a Transition"),
    ],
)
def test_invalid_kernels_are_refused_by_name(make, error, message):
    with pytest.raises(error, match=message):
        make()
