"""What theory states in closed form against what numerics computes, and against SciPy where neither is asked."""

import math
import types
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import quad, solve_ivp

import numerics
import verify
from theory import GaussianMixture, claims, flow
from theory import features as closed
from theory.kernel import WEIGHTINGS
from theory.sde import LinearSDE, OrnsteinUhlenbeck, SubVariancePreserving, VarianceExploding, VariancePreserving
from theory.symbols import kappa, m, t, tau, x, y, y0

R = sp.Rational
SDES = [
    OrnsteinUhlenbeck(),
    VariancePreserving(R(1, 10), 20),
    SubVariancePreserving(R(1, 10), 20),
    VarianceExploding(25),
    VarianceExploding(1),
    LinearSDE(sp.S.One, sp.sqrt(2)),
    LinearSDE(-t, sp.exp(-(t**2) / 2)),
]
every_sde = pytest.mark.parametrize("sde", SDES, ids=lambda sde: f"{sde.name}-{sde.drift}")
MIXTURES = {
    "two-modes": GaussianMixture.two_modes(3),
    "unequal": GaussianMixture((R(1, 4), R(3, 4)), (-1, 2), (R(1, 2), 2)),
    "one": GaussianMixture((1,), (R(1, 2),), (R(3, 2),)),
    "point-masses": GaussianMixture((R(1, 3), R(2, 3)), (-1, 1), (0, 0)),
    "three": GaussianMixture((R(1, 5), R(2, 5), R(2, 5)), (-4, 0, 4), (1, R(1, 10), 1)),
}
every_mixture = pytest.mark.parametrize("mixture", MIXTURES.values(), ids=MIXTURES)


def function(expr, *symbols):
    return sp.lambdify(symbols, expr, modules=["scipy", "numpy"])


def features(width=5, seed=0):
    return numerics.RandomFeatures.sample(width, 1, numerics.exponential_embedding(), rng=np.random.default_rng(seed))


def schedule(sde=SDES[0], count=6, weighting="likelihood", horizon=1.0, start=0.1):
    return verify.schedule(sde, horizon=horizon, count=count, weighting=weighting, start=start)


# Densities and scores ------------------------------------------------------------------------------------------------


@every_sde
@every_mixture
def test_the_score_is_the_slope_of_the_log_density(mixture, sde):
    diffused = mixture.diffused(sde).at(R(3, 10))
    score, pdf = function(diffused.score, x), function(diffused.pdf, x)
    scale = math.sqrt(min(float(value) for value in diffused.variances))
    for point in np.linspace(-3, 3, 13):
        step = 1e-3 * scale
        four = [math.log(pdf(point + k * step)) for k in (-2, -1, 1, 2)]
        slope = (four[0] - 8 * four[1] + 8 * four[2] - four[3]) / (12 * step)
        # fifth derivatives of log p are at most some hundreds over scale⁵; rounding of log p over the step
        rounding = 8 * np.finfo(float).eps * (1 + max(map(abs, four))) / step
        assert abs(float(score(point)) - slope) <= 1e3 * step**4 / scale**5 + rounding


@every_mixture
def test_numerics_and_theory_have_the_same_fisher_information(mixture):
    diffused = mixture.diffused(SDES[0]).at(R(1, 2))
    integrand = function(diffused.fisher_integrand, x)
    means = sorted(float(mean) for mean in diffused.means)
    value, error = quad(integrand, means[0] - 12, means[-1] + 12, points=means, limit=400, epsabs=1e-12, epsrel=1e-12)
    law = {name: [float(entry) for entry in getattr(diffused, name)] for name in ("weights", "means", "variances")}
    assert numerics.fisher_information(**law) == pytest.approx(value, abs=1e-11 + 2 * error, rel=2e-11)


def test_the_linear_regimes_are_where_the_score_goes():
    mixture = MIXTURES["two-modes"]
    score = function(mixture.score, x)
    for side, point in (("left", -20.0), ("right", 20.0)):
        regime = function(getattr(mixture.linear_regimes, side).score, x)
        assert float(score(point)) == pytest.approx(float(regime(point)), rel=1e-14)


# Schedules -----------------------------------------------------------------------------------------------------------


@every_sde
def test_a_schedule_is_the_solution_of_its_moment_equations(sde):
    grid = schedule(sde, count=7, weighting="likelihood", horizon=0.9, start=0.05)
    drift, diffusion = function(sde.drift, t), function(sde.diffusion, t)

    def rates(time, state):
        return [drift(time) * state[0], 2 * drift(time) * state[1] + diffusion(time) ** 2]

    # atol and rtol bound the local error; the flows are short and not stiff, some tens of steps
    solved = solve_ivp(rates, (0.0, 0.9), [1.0, 0.0], method="DOP853", t_eval=grid.times, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(grid.mean_scale, solved.y[0], rtol=1e-9)
    np.testing.assert_allclose(grid.std**2, solved.y[1], rtol=1e-9)
    np.testing.assert_allclose(grid.loss_weight, [diffusion(time) ** 2 for time in grid.times], rtol=1e-13)
    assert grid.times[0] > 0.05
    assert grid.times[-1] < 0.9
    assert math.fsum(grid.weights) == pytest.approx(1, abs=1e-14)


@every_sde
def test_weightings_follow_from_the_variance(sde):
    song, printed, uniform = (
        verify.schedule(sde, horizon=1.0, count=4, weighting=kind, dim=3) for kind in ("song", "printed", "uniform")
    )
    np.testing.assert_allclose(song.loss_weight, song.std**2 / 3, rtol=1e-13)
    np.testing.assert_allclose(printed.loss_weight, printed.std / math.sqrt(3), rtol=1e-13)
    assert (uniform.loss_weight == 1).all()
    assert set(WEIGHTINGS) == {"song", "printed", "likelihood", "uniform"}


def test_a_schedule_averages_over_the_interval():
    grid = schedule(VarianceExploding(25), count=20, weighting="song", start=0.0)
    exact = sp.integrate(VarianceExploding(25).variance, (t, 0, 1))
    assert float(grid.weights @ grid.loss_weight) == pytest.approx(float(exact), rel=1e-12)


# Quadratics ----------------------------------------------------------------------------------------------------------


@every_mixture
@pytest.mark.parametrize("weighting", ["likelihood", "song"])
def test_the_constant_of_the_loss_is_the_weighted_fisher_information(mixture, weighting):
    sde, grid = SDES[0], schedule(weighting=weighting, count=4)
    quadratic = numerics.population_quadratic(features(), mixture, grid)
    total = 0.0
    for time, weight, loss_weight in zip(grid.times, grid.weights, grid.loss_weight, strict=True):
        diffused = mixture.diffused(sde).at(R(float(time)))
        means = sorted(float(mean) for mean in diffused.means)
        value, _ = quad(
            function(diffused.fisher_integrand, x),
            means[0] - 13,
            means[-1] + 13,
            points=means,
            limit=400,
            epsabs=1e-13,
            epsrel=1e-12,
        )
        total += weight * loss_weight * value
    assert quadratic.c == pytest.approx(total, rel=1e-9)


def test_the_quadratic_is_the_loss_of_the_symbolic_score():
    sde, mixture, grid, random = SDES[0], MIXTURES["unequal"], schedule(count=3), features(4, 1)
    quadratic = numerics.population_quadratic(random, mixture, grid)
    theta = np.array([[0.3, -1.0, 0.5, 2.0]])
    total = 0.0
    for time, weight, loss_weight in zip(grid.times, grid.weights, grid.loss_weight, strict=True):
        diffused = mixture.diffused(sde).at(R(float(time)))
        score, pdf = function(diffused.score, x), function(diffused.pdf, x)

        def integrand(point, score=score, pdf=pdf, time=time):
            return (random.score(theta, [[point]], float(time))[0, 0] - score(point)) ** 2 * pdf(point)

        kinks = [
            -b / w for w, b in zip(random.weights[:, 0], random.intercepts([time])[0], strict=True) if abs(b / w) < 12
        ]
        value, _ = quad(
            integrand, -13, 13, points=sorted([-1.0, 0.0, 2.0, *kinks]), limit=500, epsabs=1e-12, epsrel=1e-11
        )
        total += weight * loss_weight * value
    assert quadratic.loss(theta) == pytest.approx(total, rel=1e-8)


@every_mixture
def test_theorys_mixtures_and_plain_numbers_give_the_same_quadratic(mixture):
    names = ("weights", "means", "variances")
    numbers = types.SimpleNamespace(**{name: [float(entry) for entry in getattr(mixture, name)] for name in names})
    exact, plain = (numerics.population_quadratic(features(), law, schedule(count=3)) for law in (mixture, numbers))
    assert exact == plain


def test_a_mixture_with_a_free_symbol_has_no_numbers():
    with pytest.raises(TypeError, match=r"mixture.means must hold real numbers"):
        numerics.population_quadratic(features(), GaussianMixture.two_modes(sp.Symbol("mu", positive=True)), schedule())


# Gradient flow -------------------------------------------------------------------------------------------------------

TIMES = np.array([0.0, 1e-6, 0.1, 0.7, 3.0, 40.0])


@pytest.mark.parametrize("parametrization", ["scaled", "A"])
@pytest.mark.parametrize("rate", [R(1, 1000), R(1, 2), 3])
def test_one_mode_flows_as_theory_says(parametrization, rate):
    width, initial, comparator, optimum = 3, R(5, 4), R(-2, 3), 0.75
    direction = np.array([[1.0, 2.0, 2.0]]) / 3  # one mode among three features
    matrix = float(rate) * direction.T @ direction
    quadratic = numerics.Quadratic(B=matrix, b=optimum * float(rate) * direction, c=float(rate) * optimum**2)
    start = (optimum + float(initial)) * direction
    other = (optimum + float(comparator)) * direction
    moving = numerics.GradientFlow(quadratic, start, parametrization=parametrization)
    given = {"kappa": rate, "parametrization": parametrization, "width": width, "initial": initial}
    scale = 64 * np.finfo(float).eps

    def theory(function, **more):
        return np.array([float(function(tau=R(float(time)), **given, **more)) for time in TIMES])

    position = moving.parameters(TIMES) @ direction[0] - optimum
    np.testing.assert_allclose(position[:, 0], theory(flow.mode_solution), rtol=0, atol=scale * 2)
    np.testing.assert_allclose(moving.loss(TIMES), theory(flow.mode_loss), rtol=0, atol=scale * 4 * float(rate))
    np.testing.assert_allclose(
        moving.distance(TIMES, start) ** 2, theory(flow.mode_displacement), rtol=0, atol=scale * 4
    )
    np.testing.assert_allclose(
        moving.distance(TIMES, other) ** 2, theory(flow.mode_distance_to, comparator=comparator), rtol=0, atol=scale * 8
    )
    excess = moving.excess_over(TIMES, other)
    expected = theory(flow.mode_loss) - float(rate * comparator**2)
    np.testing.assert_allclose(excess, expected, rtol=0, atol=scale * 4 * float(rate))


def test_the_two_parametrizations_are_one_flow_at_two_speeds():
    quadratic = numerics.population_quadratic(features(6), MIXTURES["two-modes"], schedule())
    start = np.linspace(-1, 1, 6)[None, :]
    slow, fast = (numerics.GradientFlow(quadratic, start, parametrization=name) for name in ("A", "scaled"))
    np.testing.assert_allclose(slow.parameters(6 * TIMES), fast.parameters(TIMES), rtol=0, atol=1e-12)
    assert sp.simplify(flow.mode_solution(parametrization="A").subs(tau, m * tau) - flow.mode_solution()) == 0


def test_a_genuine_loss_obeys_the_bounds_of_theory_at_every_time():
    quadratic = numerics.population_quadratic(features(8, 2), MIXTURES["two-modes"], schedule())
    start = np.linspace(-2, 1, 8)[None, :]
    moving, times = numerics.GradientFlow(quadratic, start), np.geomspace(1e-3, 1e4, 30)
    best = quadratic.minimiser()
    distance = float(np.linalg.norm(start - best))
    decay = claims["L4:sharp"].evaluate(
        tau=times, distance_initial=distance, loss_tau=moving.loss(times), loss_comparator=quadratic.loss(best)
    )
    assert decay.outcome == "finite"
    rounding = 1e3 * np.finfo(float).eps * quadratic.c
    assert (decay.slack >= -rounding).all()
    growth = claims["L5:sharp"].evaluate(
        tau=times, loss_initial=float(moving.loss(0.0)), displacement=moving.distance(times, start)
    )
    assert (growth.slack >= -rounding).all()
    assert (growth.ratio > 0).all()


def test_the_lyapunov_function_falls_along_the_numerical_flow():
    energy = function(flow.lyapunov(), y, kappa, tau, y0)
    values = [float(energy(0.5, 2.0, time, 1.5)) for time in np.linspace(0, 3, 50)]
    assert all(later <= earlier for earlier, later in pairwise(values))


# Random features -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slope", "intercept"), [(1.5, 0.25), (-2.0, 1.0), (0.5, -3.0), (-0.25, 0.0)])
def test_relu_moments_are_theorys(slope, intercept):
    mean, variance = 0.5, 2.25
    inner, std = R(slope * mean + intercept), R(abs(slope) * 1.5)
    law = {"means": mean, "variances": variance}
    assert numerics.relu_mean(slope, intercept, **law) == pytest.approx(float(closed.relu_mean(inner, std)), rel=1e-12)
    assert numerics.activation_probability(slope, intercept, **law) == pytest.approx(
        float(closed.activation_probability(inner, std)), rel=1e-12
    )
    assert numerics.relu_product_mean(slope, intercept, slope, intercept, **law) == pytest.approx(
        float(closed.relu_second_moment(inner, std)), rel=1e-12
    )


@pytest.mark.parametrize("second", [(0.75, 1.0), (-1.0, 0.5), (-2.0, -4.0)])
def test_products_along_a_line_are_theorys_at_correlation_one(second):
    mean, std, first = 0.5, 1.5, (1.25, -0.5)
    (mu, s), (nu, q) = ((R(a * mean + c), R(abs(a) * std)) for a, c in (first, second))
    sign = 1 if second[0] > 0 else -1
    value = numerics.relu_product_mean(*first, *second, means=mean, variances=std**2)
    scale = math.sqrt(float(closed.relu_second_moment(mu, s) * closed.relu_second_moment(nu, q)))
    assert value == pytest.approx(float(closed.relu_product(mu, s, nu, q, sign)), abs=1e-12 * scale)


@pytest.mark.parametrize("angle", [0.3, 1.0, 2.5])
def test_products_of_correlated_features_are_theorys(angle):
    directions = np.array([[1.5, 0.0], [0.8 * math.cos(angle), 0.8 * math.sin(angle)]])
    gram = numerics.relu_gram_gaussian(directions, [0.25, -0.5], means=[0.5, 1.0], variances=2.0)
    means = directions @ [0.5, 1.0] + [0.25, -0.5]
    value = (
        claims["RELU:product"]
        .evaluate(
            mean_1=means[0],
            mean_2=means[1],
            std_1=1.5 * math.sqrt(2),
            std_2=0.8 * math.sqrt(2),
            correlation=math.cos(angle),
        )
        .right
    )
    assert gram[0, 1] == pytest.approx(float(value), abs=1e-12 * math.sqrt(gram[0, 0] * gram[1, 1]) + 1e-15)


@pytest.mark.parametrize("dim", [2, 3, 8])
def test_the_infinite_width_kernel_is_theorys(dim):
    z, other = np.zeros(dim), np.zeros(dim)
    z[0], other[:2] = 2.0, [3.0 * math.cos(1.25), 3.0 * math.sin(1.25)]
    value = numerics.arc_cosine_kernel([z], [other], radius=0.5)[0, 0]
    exact = closed.arc_cosine_kernel(2, 3, R(5, 4), dimension=dim, radius=R(1, 2))
    assert value == pytest.approx(float(exact), rel=1e-12)


# Score matching ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dim", [1, 3])
def test_dsm_on_data_is_sm_against_the_datas_own_score_up_to_the_constant(dim):
    rng = np.random.default_rng(0)
    random = numerics.RandomFeatures.sample(6, dim, numerics.exponential_embedding(), rng=rng)
    line = np.array([[-1.0], [0.25], [2.0]]) * np.eye(dim)[:1]
    law = types.SimpleNamespace(weights=[1 / 3] * 3, means=line.tolist(), variances=[0.0] * 3)
    grid = schedule(count=4)
    dsm, sm = numerics.empirical_quadratic(random, line, grid), numerics.population_quadratic(random, law, grid)
    np.testing.assert_allclose(dsm.B, sm.B, rtol=0, atol=1e-12 * np.abs(sm.B).max())
    np.testing.assert_allclose(dsm.b, sm.b, rtol=0, atol=1e-12 * np.abs(sm.b).max())
    rates, noise = grid.weights * grid.loss_weight, grid.std**2
    information = sum(
        rate * (numerics.fisher_information(means=r * line[:, 0], variances=[p] * 3) + (dim - 1) / p)
        for rate, r, p in zip(rates, grid.mean_scale, noise, strict=True)
    )
    difference = (
        sum(
            float(claims["EQ-7:population"].evaluate(d=dim, r=r, v=std / r, loss_weight=rate, fisher=0).right)
            for rate, r, std in zip(rates, grid.mean_scale, grid.std, strict=True)
        )
        - information
    )
    assert dsm.c - sm.c == pytest.approx(difference, rel=1e-10)
    theta = rng.normal(size=(dim, 6))
    assert dsm.loss(theta) - sm.loss(theta) == pytest.approx(difference, rel=1e-9)


def test_the_b_of_a_datum_has_the_populations_as_its_mean_for_both_labels():
    mixture, grid, random = MIXTURES["unequal"], schedule(count=3), features(5, 3)
    population = numerics.population_quadratic(random, mixture, grid)
    nodes, mass = np.polynomial.hermite_e.hermegauss(60)
    totals = {"dsm": 0.0, "sm": 0.0}
    for weight, mean, variance in zip(mixture.weights, mixture.means, mixture.variances, strict=True):
        for node, share in zip(nodes, mass / mass.sum(), strict=True):
            datum = [float(mean) + math.sqrt(float(variance)) * node]
            for kind, given in (("dsm", {}), ("sm", {"mixture": mixture})):
                one = numerics.empirical_quadratic(random, datum, grid, labels=kind, **given)
                totals[kind] = totals[kind] + float(weight) * share * one.b
    one = {
        kind: numerics.empirical_quadratic(random, [0.5], grid, labels=kind, **given).b
        for kind, given in (("dsm", {}), ("sm", {"mixture": mixture}))
    }
    size = np.abs(population.b).max()
    assert np.abs(one["dsm"] - one["sm"]).max() > 0.05 * size  # per datum they differ
    for total in totals.values():  # the integrand is smoothed by std >= 0.4: the rule has converged to 1e-7
        np.testing.assert_allclose(total, population.b, rtol=0, atol=1e-6 * size)


def test_the_difference_of_the_two_empirical_losses_is_theorys():
    law, datum, amplitude = GaussianMixture((1,), (R(1, 2),), (R(3, 2),)), 0.75, 1.3
    random = numerics.RandomFeatures(weights=[[-0.75]], time_weights=[[0.25]], embedding=numerics.constant_embedding())
    grid = schedule(count=3)
    dsm = numerics.empirical_quadratic(random, [datum], grid)
    sm = numerics.empirical_quadratic(random, [datum], grid, labels="sm", mixture=law)
    gap = sum(
        float(
            claims["EQ-7:empirical-gap"]
            .evaluate(x0=datum, a=amplitude, w=-0.75, b=0.25, m_1=0.5, V_1=1.5, r=r, v=std / r, loss_weight=rate)
            .right
        )
        for r, std, rate in zip(grid.mean_scale, grid.std, grid.weights * grid.loss_weight, strict=True)
    )
    theta = [[amplitude]]
    assert dsm.loss(theta) - sm.loss(theta) == pytest.approx(gap, rel=1e-10)


# Graded times --------------------------------------------------------------------------------------------------------


def test_graded_times_integrate_what_is_smooth_in_the_root_of_time():
    grid = verify.schedule(OrnsteinUhlenbeck(), horizon=2.0, count=8, weighting="likelihood", start=0.5, grading=2)
    assert grid.weights.sum() == pytest.approx(1.0, rel=1e-14)
    assert (grid.times > 0.5).all()
    assert (grid.times < 2.0).all()
    span = 1.5
    for power in range(-1, 14):  # u^power · 2u du/(span)^0: a polynomial of degree < 16 in u
        mean = quad(lambda u, power=power: 2 * u * u**power, 0, 1)[0] * span ** (power / 2)
        assert (grid.weights * (grid.times - 0.5) ** (power / 2)).sum() == pytest.approx(mean, rel=1e-12)
    plain = schedule(count=8, start=0.5, horizon=2.0)
    assert abs((plain.weights * (plain.times - 0.5) ** -0.5).sum() - 2 * span**-0.5) > 1e-2
