"""The exact families of Lemma 2 against differential equations, quadrature and the measured densities."""

import math

import numpy as np
import pytest
from flint import arb
from scipy.integrate import quad, solve_ivp

import numerics
from theory.mixture import GaussianMixture
from theory.symbols import kl_ode, kl_prior, kl_score, kl_sde, loss_likelihood
from verify.balls.numbers import working_precision
from verify.models import linear_gaussian
from verify.models.linear_gaussian import affine, affine_values, mismatch, shifted

REL = 1e-8  # of solve_ivp and quad at the tolerances below


def numbers(values):
    return {symbol: float(value.mid()) for symbol, value in values.items()}


def shift_of(instance):
    return lambda t: sum(c * math.exp(-k * t) for k, c in enumerate(instance["shifts"]))


def learned(instance):
    """Slope and intercept of the learned score at time t."""
    if instance["kind"] == "slope":
        push = shift_of(instance)
        return lambda t: (-instance["slope"], push(t))
    w, m = instance["other_variance"], instance["shifts"][1]

    def score(t):
        spread = 1 + (w - 1) * math.exp(-2 * t)
        return -1 / spread, m * math.exp(-t) / spread

    return score


def gaussian_kl(mean, variance, other_mean, other):
    ratio = variance / other
    return (ratio - 1 - math.log(ratio) + (mean - other_mean) ** 2 / other) / 2


def reversed_law(instance, noise=1.0):
    """Mean and variance of the reverse SDE (noise 1) or flow (noise 0) as functions of t, by an ODE solver."""
    score, weight = learned(instance), 1.0 if noise else 0.5

    def field(t, y):
        a, b = score(t)
        return [-y[0] - 2 * weight * (a * y[0] + b), 2 * (-1 - 2 * weight * a) * y[1] - 2 * noise]

    return solve_ivp(
        field, (instance["T"], 0), [0.0, 1.0], method="DOP853", rtol=1e-12, atol=1e-13, dense_output=True
    ).sol


def forward(instance, t):
    return instance["mean"] * math.exp(-t), 1 + (instance["variance"] - 1) * math.exp(-2 * t)


def mean_square(instance, slope, intercept, t):
    """E_{p_t}(a x + b)²."""
    m, v = forward(instance, t)
    return (slope * m + intercept) ** 2 + slope**2 * v


def loss_by_quadrature(instance):
    def error(t):
        m, v = forward(instance, t)
        a, b = learned(instance)(t)
        return 2 * mean_square(instance, a + 1 / v, b - m / v, t)

    return quad(error, 0, instance["T"], epsabs=1e-13, epsrel=1e-12)[0] / instance["T"]


INSTANCES = [
    affine(1.3, mean=0.7, variance=0.4, slope=1.6, shifts=[0.3, -0.8, 0.2, 1.1]),
    affine(0.6, mean=-1.5, variance=3.0, slope=-0.4, shifts=[0.0, 2.0, 0.0, -1.0]),
    affine(2.5, mean=1.0, variance=1.0, slope=0.5, shifts=[1.0, 0.0, 0.5, 0.0]),  # β = 0
    affine(2.0, mean=0.5, variance=2.0, slope=0.0, shifts=[0.5, 0.5, 0.0, 0.0]),  # β = −1 meets k = 1
    affine(1.3, kind="gaussian", mean=0.7, variance=0.4, other_variance=2.5, shifts=[0.0, -0.8, 0.0, 0.0]),
    affine(0.4, kind="gaussian", mean=-2.0, variance=5.0, other_variance=0.2, shifts=[0.0, 1.5, 0.0, 0.0]),
    affine(1.0, kind="gaussian", mean=1.0, variance=0.5, other_variance=1.0, shifts=[0.0, 1.0, 0.0, 0.0]),
]


@pytest.mark.parametrize("instance", INSTANCES)
def test_the_affine_family_is_the_solution_of_its_differential_equations(instance):
    found = numbers(affine_values(instance))
    mean, variance = reversed_law(instance)(0.0)
    exact = gaussian_kl(instance["mean"], instance["variance"], mean, variance)
    assert found[kl_sde] == pytest.approx(exact, rel=REL)
    assert found[loss_likelihood] == pytest.approx(loss_by_quadrature(instance), rel=REL)
    assert found[kl_prior] == pytest.approx(gaussian_kl(*forward(instance, instance["T"]), 0.0, 1.0), rel=REL)


@pytest.mark.parametrize("instance", [i for i in INSTANCES if i["kind"] == "slope"])
def test_the_mismatch_is_the_integral_along_the_reverse_sde(instance):
    law, score = reversed_law(instance), learned(instance)

    def integrand(t):
        mean, variance = law(t)
        a, b = score(t)
        return mean_square(instance, a + 1 / variance, b - mean / variance, t)

    exact = quad(integrand, 0, instance["T"], epsabs=1e-12, epsrel=1e-11)[0]
    with working_precision(160):
        assert float(mismatch(instance).mid()) == pytest.approx(exact, rel=REL)


def test_the_mismatch_is_undefined_where_the_bits_do_not_reach():
    with working_precision(160):
        assert mismatch(affine(1.0, slope=1e-200)).is_nan()
    with working_precision(1024):
        assert mismatch(affine(1.0, slope=1e-200)).is_finite()


@pytest.mark.parametrize("push", [0.5, 2.0])
def test_the_shift_family_is_what_the_measured_densities_say(push):
    end = 1.5
    instance = affine(end, shifts=[0.3, push, 0.0, 0.0])
    score, push_of = learned(instance), shift_of(instance)
    process = {"drift": -1.0, "diffusion": math.sqrt(2), "horizon": end, "prior_std": 1.0}
    found = numbers(linear_gaussian._profile_values(shifted(end, 0.3, push)))
    data = GaussianMixture((1,), (0,), (1,))
    density = numerics.sde_density(lambda x, t: score(t)[0] * x + score(t)[1], **process)
    kl = numerics.kl_divergence(data, density, with_error=True)
    assert abs(found[kl_sde] - kl.value) <= kl.error
    assert found[kl_sde] == pytest.approx(numbers(affine_values(instance))[kl_sde], rel=REL)
    flow = numerics.ode_density(
        lambda x, t: -x + push_of(t), divergence=lambda x, _t: -np.ones_like(x), tolerance=1e-9, **process
    )
    kl = numerics.kl_divergence(data, flow, with_error=True)
    assert abs(found[kl_ode] - kl.value) <= kl.error + 1e-8  # the flow's own tolerance


def test_the_late_error_is_what_the_score_density_says():
    row = {"T": 2.0, "epsilon": 0.25, "push": 1.5}
    found = numbers(linear_gaussian._late_values(row))
    features = numerics.RandomFeatures(
        weights=np.array([[1.0], [-1.0], [0.0]]), time_weights=np.eye(3)[:, 2:], embedding=numerics.constant_embedding()
    )
    root = math.sqrt(3)
    density = numerics.score_density(features, [[-root, root, 1.5 * root]], 0.0)
    data = GaussianMixture((1,), (0,), (1,))
    assert found[kl_score] == pytest.approx(numerics.kl_divergence(data, density), rel=1e-10)
    exact = quad(lambda t: 2 * (1.5 * (1 - t / 0.25)) ** 2, 0, 0.25)[0] / 2.0
    assert found[loss_likelihood] == pytest.approx(exact, rel=REL)


def test_the_steep_score_is_what_the_flow_says():
    found = numbers(linear_gaussian._steep_values({"T": 1.5, "steepness": 0.7}))
    instance = affine(1.5, slope=1.7)
    _, variance = reversed_law(instance, noise=0.0)(0.0)
    assert found[kl_ode] == pytest.approx(gaussian_kl(0, 1, 0, variance), rel=REL)
    assert found[loss_likelihood] == pytest.approx(loss_by_quadrature(instance), rel=REL)


def test_both_parts_of_the_gaussian_kl_vanish_at_equality():
    with working_precision(160):
        assert linear_gaussian.kl_gaussian(arb(0), arb(2), arb(2)).contains(0)
