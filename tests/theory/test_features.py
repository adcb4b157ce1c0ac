"""Moments of ReLU features and the infinite-width kernel against quadrature, and their edge cases."""

import math

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import dblquad, quad
from scipy.stats import multivariate_normal, norm

from theory import features
from theory.evaluation import floats
from theory.normal import BivariateNormalCDF, bivariate_normal_pdf, normal_cdf, normal_pdf
from theory.symbols import x

R = sp.Rational
LAWS = [(0, 1), (2, R(1, 2)), (R(-3, 2), 2), (R(-1, 3), R(1, 5)), (5, 3)]
# quad is asked for 1e-12 and reports less on these smooth integrands
ACCURATE = 1e-11


def expectation(function, mean, std):
    mean, std = float(mean), float(std)
    return quad(
        lambda z: function(mean + std * z) * norm.pdf(z),
        max(-mean / std, -12),
        14,
        epsabs=1e-13,
        epsrel=1e-12,
        limit=200,
    )[0]


@pytest.mark.parametrize(("mean", "std"), LAWS)
def test_the_moments_are_the_integrals(mean, std):
    assert float(features.activation_probability(mean, std)) == pytest.approx(
        expectation(lambda _: 1.0, mean, std), rel=ACCURATE
    )
    assert float(features.relu_mean(mean, std)) == pytest.approx(expectation(lambda y: y, mean, std), rel=ACCURATE)
    assert float(features.relu_second_moment(mean, std)) == pytest.approx(
        expectation(lambda y: y * y, mean, std), rel=ACCURATE
    )


@pytest.mark.parametrize("rho", [R(1, 2), R(-4, 5), R(9, 10), R(1, 100)])
def test_the_product_is_the_double_integral(rho):
    mu, s, nu, q = R(1, 2), R(3, 2), R(-1, 3), R(4, 5)
    law = multivariate_normal([0.5, -1 / 3], [[2.25, float(rho * s * q)], [float(rho * s * q), 0.64]])
    value, error = dblquad(lambda b, a: a * b * law.pdf([a, b]), 0, 12, 0, 7, epsabs=1e-9, epsrel=1e-9)
    exact = floats.compiled(features.relu_product(mu, s, nu, q, x), (x,))(float(rho))
    assert float(exact) == pytest.approx(value, abs=error + 1e-9)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("a", "b"), [(R(1, 2), 2), (2, R(1, 2)), (1, 1), (-1, R(1, 3)), (R(1, 3), -1), (-1, -2)])
def test_the_product_of_dependent_features_is_a_single_integral(sign, a, b):
    s, q = R(3, 2), R(1, 4)

    def product(z):
        return max(0.0, float(s) * (float(a) + z)) * max(0.0, float(q) * (float(b) + sign * z)) * norm.pdf(z)

    kinks = sorted({float(-a), -sign * float(b)})
    value = sum(
        quad(product, low, high, epsabs=1e-13)[0] for low, high in zip([-12.0, *kinks], [*kinks, 12.0], strict=True)
    )
    assert float(features.relu_product(a * s, s, b * q, q, sign)) == pytest.approx(value, rel=ACCURATE, abs=1e-12)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_product_is_continuous_at_correlation_one(sign):
    pair = (R(1, 2), R(3, 2), R(1, 3), R(4, 5))
    near = floats.compiled(features.relu_product(*pair, x), (x,))(sign * (1 - 1e-10))
    # the derivative s₁s₂Φ₂ is below 1.2
    assert float(near) == pytest.approx(float(features.relu_product(*pair, sign)), abs=1e-9)


def test_equal_features_give_the_second_moment():
    for mean, std in LAWS:
        assert sp.simplify(features.relu_product(mean, std, mean, std, 1) - features.relu_second_moment(mean, std)) == 0


def test_uncorrelated_features_multiply():
    product = features.relu_product(x, 1, 2, R(1, 2), 0)
    assert sp.simplify(product - features.relu_mean(x, 1) * features.relu_mean(2, R(1, 2))) == 0


def test_without_noise_a_feature_is_its_value():
    assert features.relu_mean(x, 0) == sp.Max(0, x)
    assert features.relu_second_moment(-3, 0) == 0
    assert features.relu_second_moment(3, 0) == 9
    assert [features.activation_probability(mean, 0) for mean in (-1, 0, 1)] == [0, 0, 1]
    assert features.relu_product(2, 0, x, 1, R(1, 3)) == 2 * features.relu_mean(x, 1)
    std = sp.Symbol("std", positive=True)
    for mean in (-2, 0, 3):
        assert sp.limit(features.relu_mean(mean, std), std, 0, "+") == max(0, mean)


def test_the_score_is_the_mean_of_its_features():
    score = features.random_feature_score((1, -2, R(1, 2)), (x, 1 - x, 3))
    assert score.subs(x, 2) == (1 * 2 - 2 * 0 + R(1, 2) * 3) / 3
    assert score.subs(x, -1) == (0 - 2 * 2 + R(3, 2)) / 3


# The kernel ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theta", [0, R(1, 3), 1, sp.pi / 2, 3, sp.pi])
def test_on_the_circle_the_kernel_is_an_angular_mean(theta):
    angle = float(theta)
    value = quad(
        lambda p: max(0.0, math.cos(p)) * max(0.0, math.cos(p - angle)),
        -math.pi,
        math.pi,
        points=[-math.pi / 2, math.pi / 2, angle - math.pi / 2],
        epsabs=1e-13,
    )[0] / (2 * math.pi)
    found = float(features.arc_cosine_kernel(2, 3, theta, dimension=2, radius=R(1, 2)))
    assert found == pytest.approx(6 / 4 * value, rel=ACCURATE, abs=1e-12)


def test_on_two_points_the_kernel_is_half_or_nothing():
    assert features.arc_cosine_kernel(2, 3, 0, dimension=1, radius=5) == R(25 * 6, 2)
    assert features.arc_cosine_kernel(2, 3, sp.pi, dimension=1, radius=5) == 0


@pytest.mark.parametrize("dim", [3, 4, 7])
def test_on_the_sphere_the_diagonal_is_half_the_mean_square(dim):
    assert features.arc_cosine_kernel(1, 1, 0, dimension=dim) == R(1, 2 * dim)


def test_the_kernel_is_the_product_moment_of_gaussian_features():
    for theta in (R(1, 2), 1, 2):
        product = features.relu_product(0, 2, 0, 3, x)
        value = floats.compiled(product, (x,))(math.cos(float(theta)))
        kernel = features.arc_cosine_kernel(2, 3, theta, dimension=7, radius=sp.sqrt(7))  # E‖v‖² = 7 as for N(0, I_7)
        assert float(value) == pytest.approx(float(kernel), rel=1e-14)


# Two normal variables ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rho", [-0.999, -0.5, 0.0, 0.3, 0.99])
def test_the_bivariate_distribution_function_is_scipys(rho):
    grid = [-3.0, -1.0, 0.0, 0.5, 2.0]
    for a in grid:
        for b in grid:
            found = float(floats._bivariate_normal_cdf(a, b, rho))
            assert found == pytest.approx(multivariate_normal.cdf([a, b], cov=[[1, rho], [rho, 1]]), abs=1e-13)


def test_no_correlation_beyond_one_is_evaluated():
    assert np.isnan(floats._bivariate_normal_cdf([0.0, 1.0], 0.0, [1.0, -1.0])).all()


def test_the_derivatives_are_those_of_the_integral():
    a, b, rho = sp.symbols("a b rho", real=True)
    cdf = BivariateNormalCDF(a, b, rho)
    assert sp.diff(cdf, rho) == sp.diff(cdf.rewrite(sp.Integral), rho) == bivariate_normal_pdf(a, b, rho)
    assert cdf.subs(rho, 0) == normal_cdf(a) * normal_cdf(b)
    for name, point in (("a", (0.3, -0.7, 0.6)), ("b", (-1.1, 0.4, -0.8))):
        symbol = {"a": a, "b": b}[name]
        values = dict(zip((a, b, rho), point, strict=True))
        step = 1e-4
        ends = [
            floats._bivariate_normal_cdf(*({**values, symbol: values[symbol] + k * step}.values())) for k in (1, -1)
        ]
        slope = float(sp.N(sp.diff(cdf, symbol).subs({key: R(str(value)) for key, value in values.items()})))
        assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(slope, abs=1e-8)  # step²/6 times a third derivative


def test_the_density_and_the_distribution_function_are_the_normal_ones():
    for point in (-2, 0, R(1, 2)):
        assert float(normal_pdf(point)) == pytest.approx(norm.pdf(float(point)), rel=1e-14)
        assert float(normal_cdf(point)) == pytest.approx(norm.cdf(float(point)), rel=1e-14)


def test_functions_of_two_normal_variables_have_a_name_in_print():
    shown = sp.latex(BivariateNormalCDF(x, 1, R(1, 2)) ** 2)
    assert r"\Phi_2^{2}\left(x, 1; \frac{1}{2}\right)" in shown
