"""Rigorous integrals contain the true value, know where they are undefined, and refuse what they cannot bound."""

import mpmath
import pytest
import sympy as sp
from flint import arb

from theory.normal import BivariateNormalCDF
from verify.balls.enclosures import enclose
from verify.balls.integrals import integral, normal_expectation
from verify.balls.numbers import ball, rational, working_precision

X, Q = sp.symbols("x q", real=True)
N = sp.Symbol("n", integer=True)
HALF = sp.Rational(1, 2)


def value(text):
    """A ball around a number known to 30 digits."""
    return arb(text) + arb(0, "1e-29")


CATALOGUE = [
    (sp.Integral(Q**2, (Q, 0, X)), lambda x: x**3 / 3),
    (sp.Integral(1 / (1 + Q), (Q, 0, X)), lambda x: mpmath.log(1 + x)),
    (sp.Integral(sp.sqrt(1 + Q) * Q**3, (Q, 0, X)), lambda x: mpmath.quad(lambda q: mpmath.sqrt(1 + q) * q**3, [0, x])),
    (
        sp.Integral(sp.log(2 + Q) * sp.cos(Q), (Q, -1, X)),
        lambda x: mpmath.quad(lambda q: mpmath.log(2 + q) * mpmath.cos(q), [-1, x]),
    ),
    (sp.Integral((2 + Q) ** X, (Q, 0, 1)), lambda x: (mpmath.mpf(3) ** (x + 1) - mpmath.mpf(2) ** (x + 1)) / (x + 1)),
    (
        sp.Integral(sp.erf(X * Q) / (1 + Q**2) ** sp.Rational(3, 2), (Q, 0, 3)),
        lambda x: mpmath.quad(lambda q: mpmath.erf(x * q) / (1 + q**2) ** 1.5, [0, 1, 3]),
    ),
    (
        sp.pi * sp.Integral(sp.tanh(Q) * sp.exp(-Q), (Q, 0, X)),
        lambda x: mpmath.pi * mpmath.quad(lambda q: mpmath.tanh(q) * mpmath.exp(-q), [0, x]),
    ),
]


@pytest.mark.parametrize(("expr", "truth"), CATALOGUE, ids=[str(item[0]) for item in CATALOGUE])
def test_an_integral_contains_its_value_at_points_and_on_intervals(expr, truth):
    with mpmath.workdps(40):
        for point in (HALF, sp.Rational(7, 4), sp.Integer(2)):
            exact = value(mpmath.nstr(truth(mpmath.mpf(int(point.p)) / int(point.q)), 35))
            found = enclose(expr, {X: ball(point, point)})
            assert found.overlaps(exact)
            assert found.rad() < arb("1e-10")
            wide = enclose(expr, {X: ball(point - sp.Rational(1, 50), point + sp.Rational(1, 50))})
            assert wide.is_finite()
            assert wide.overlaps(exact)
            assert wide.rad() > found.rad()


SPECIAL = [
    (sp.gamma(Q), 1, 3, mpmath.gamma),
    (sp.loggamma(Q), HALF, 3, mpmath.loggamma),
    (sp.digamma(Q), HALF, 3, mpmath.digamma),
    (sp.polygamma(1, Q), HALF, 3, lambda q: mpmath.psi(1, q)),
    (sp.lowergamma(2 + HALF / 5, Q), 0, 2, lambda q: mpmath.gammainc(mpmath.mpf("2.1"), 0, q)),
    (sp.uppergamma(2 + HALF / 5, Q), HALF, 2, lambda q: mpmath.gammainc(mpmath.mpf("2.1"), q)),
    (sp.expint(2, Q), HALF, 2, lambda q: mpmath.expint(2, q)),
    (sp.beta(Q, 2), 1, 3, lambda q: mpmath.beta(q, 2)),
    (sp.betainc(2, 3, 0, Q), sp.Rational(1, 4), HALF, lambda q: mpmath.betainc(2, 3, 0, q)),
    (sp.betainc_regularized(2, 3, 0, Q), 0, 1, lambda q: mpmath.betainc(2, 3, 0, q, regularized=True)),
    (sp.besselj(1, Q), -2, 5, lambda q: mpmath.besselj(1, q)),
    (sp.besseli(HALF, Q), 1, 2, lambda q: mpmath.besseli(0.5, q)),
    (sp.besselk(2, Q), 1, 2, lambda q: mpmath.besselk(2, q)),
    (sp.bessely(0, Q), 1, 2, lambda q: mpmath.bessely(0, q)),
    (sp.factorial(Q), 0, 3, mpmath.factorial),
    (sp.binomial(5, Q), 0, 5, lambda q: mpmath.binomial(5, q)),
    (sp.RisingFactorial(Q, HALF), 1, 2, lambda q: mpmath.rf(q, 0.5)),
    (sp.FallingFactorial(Q, HALF), 1, 2, lambda q: mpmath.ff(q, 0.5)),
    (sp.atan(Q), -2, 5, mpmath.atan),
    (sp.asin(Q), -1, 1, mpmath.asin),
    (sp.acos(Q), -1, 1, mpmath.acos),
    (sp.asinh(Q), -2, 5, mpmath.asinh),
    (sp.acosh(Q), 1, 5, mpmath.acosh),
    (sp.atanh(Q), -HALF, HALF, mpmath.atanh),
    (sp.tan(Q), -1, 1, mpmath.tan),
    (sp.erfi(Q), 0, 2, mpmath.erfi),
    (sp.LambertW(Q), 0, 2, mpmath.lambertw),
    (sp.Sum(Q**N / sp.factorial(N), (N, 0, 4)), -1, 2, lambda q: sum(q**k / mpmath.factorial(k) for k in range(5))),
    (sp.Product(Q + N, (N, 1, 3)), -1, 2, lambda q: (q + 1) * (q + 2) * (q + 3)),
    ((2 + Q) ** X, 0, 1, lambda q: (2 + q) ** mpmath.mpf("1.5")),
]


@pytest.mark.parametrize(("integrand", "low", "high", "function"), SPECIAL, ids=[str(item[0]) for item in SPECIAL])
def test_special_functions_are_integrated(integrand, low, high, function):
    expr = sp.Integral(integrand, (Q, low, high))
    found = enclose(expr, {X: arb("1.5")} if expr.has(X) else {})
    with mpmath.workdps(35):
        limits = [mpmath.mpf(sp.Rational(end).p) / sp.Rational(end).q for end in (low, high)]
        exact = value(mpmath.nstr(mpmath.re(mpmath.quad(function, [limits[0], sum(limits) / 2, limits[1]])), 30))
    assert abs(found - exact) < arb("1e-10") * (1 + abs(exact))


ROUGH = [
    (sp.Abs(Q - sp.Rational(1, 3)), sp.Rational(5, 18)),
    (sp.Max(Q, 1 - Q), sp.Rational(3, 4)),
    (sp.Min(Q, HALF, 1 - Q / 2), sp.Rational(3, 8)),
    (sp.sign(Q - sp.Rational(1, 3)), sp.Rational(1, 3)),
    (sp.Heaviside(Q - sp.Rational(1, 3), 7), sp.Rational(2, 3)),
    (sp.floor(3 * Q), 1),
    (sp.ceiling(3 * Q), 2),
    (sp.Piecewise((Q, sp.Rational(1, 3) > Q), (0, Q < HALF), (1, True)), sp.Rational(5, 9)),
    (sp.Piecewise((1, sp.And(sp.Rational(1, 3) < Q, sp.Ne(Q, HALF))), (0, True)), sp.Rational(2, 3)),
]


@pytest.mark.parametrize(("integrand", "exact"), ROUGH, ids=[str(item[0]) for item in ROUGH])
def test_kinks_and_jumps_are_integrated_over(integrand, exact):
    found = enclose(sp.Integral(integrand, (Q, 0, 1)), {})
    assert abs(found - rational(exact)) < arb("1e-9")
    assert found.overlaps(rational(exact))


@pytest.mark.parametrize(
    "integrand",
    [
        sp.asin(2 * Q),
        sp.acosh(Q),
        sp.atanh(2 * Q - HALF),
        sp.loggamma(Q - HALF),
        sp.besselk(1, Q - HALF),
        sp.besselj(HALF, Q - HALF),
        sp.uppergamma(HALF / 3, Q - HALF),
        sp.lowergamma(HALF / 3, Q - HALF),
        sp.betainc(2, HALF / 3, 0, 2 * Q),
        sp.gamma(Q - HALF),
        sp.polygamma(X, 1 + Q),
        sp.Piecewise((1, Q < HALF)),
        sp.Sum(Q, (N, 0, X)),
        sp.LambertW(-Q),
    ],
    ids=str,
)
def test_an_integrand_that_leaves_its_domain_gives_no_number(integrand):
    expr = sp.Integral(integrand, (Q, 0, 1))
    assert not enclose(expr, {X: arb("1.5")} if expr.has(X) else {}).is_finite()


def test_an_integral_between_equal_limits_is_zero():
    assert enclose(sp.Integral(sp.exp(Q), (Q, X, X)), {X: arb(2)}).contains(0)


@pytest.mark.parametrize("integrand", [1 / Q, sp.log(Q - 1), sp.sqrt(Q - 1), 1 / (Q - sp.Rational(1, 3))])
def test_an_integrand_without_a_bound_gives_no_number(integrand):
    assert not enclose(sp.Integral(integrand, (Q, 0, 1)), {}).is_finite()


@pytest.mark.parametrize("bad", [sp.Integral(Q, (Q, 1)), sp.Integral(Q, Q), sp.Integral(Q * X, (Q, 0, 1), (X, 0, 1))])
def test_other_integrals_are_refused(bad):
    with pytest.raises(ValueError, match="cannot enclose the integral"):
        enclose(bad, {symbol: arb(1) for symbol in bad.free_symbols})


@pytest.mark.parametrize("node", [sp.zeta(Q + 2), sp.Float(0.5) * Q, sp.LambertW(Q, -1), sp.Function("f")(Q)])
def test_integrands_outside_the_list_are_refused(node):
    with pytest.raises(ValueError, match="of an integrand"):
        enclose(sp.Integral(node, (Q, 0, 1)), {})


def test_unbounded_limits_give_no_number():
    assert integral(lambda x, _: x, arb(0), arb("inf")).is_nan()


@pytest.mark.parametrize("rho", [sp.Rational(-99, 100), -HALF, sp.Rational(3, 10), sp.Rational(999, 1000)])
def test_the_bivariate_distribution_function_is_enclosed(rho):
    a, b = sp.Rational(1, 3), sp.Rational(-5, 4)
    found = enclose(BivariateNormalCDF(a, b, rho), {})
    with mpmath.workdps(30):
        root = mpmath.sqrt(1 - mpmath.mpf(rho.p) ** 2 / mpmath.mpf(rho.q) ** 2)
        rest = mpmath.mpf(rho.p) / rho.q
        kink = mpmath.mpf(-5) / 4 / rest  # where the inner argument changes sign, steeply for rho near 1
        limits = sorted(
            {mpmath.mpf(-12), *(k for k in (kink - 0.3, kink, kink + 0.3) if k < mpmath.mpf(1) / 3), mpmath.mpf(1) / 3}
        )
        exact = mpmath.quad(lambda z: mpmath.npdf(z) * mpmath.ncdf((mpmath.mpf(-5) / 4 - rest * z) / root), limits)
    assert abs(found - arb(str(exact))) < arb("1e-10")


# Normal laws ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("degree", "moment"), [(0, "1"), (1, "0.5"), (2, "4.25")])
def test_moments_of_a_normal_law(degree, moment):
    found = normal_expectation(lambda x, _: x**degree, arb("0.5"), arb(2), growth=(arb(0), arb("2.5") ** degree))
    assert found.contains(arb(moment))
    assert found.rad() < arb("1e-9")


def test_half_lines_add_up():
    cut, law = arb("0.25"), (arb("0.5"), arb(2))
    parts = [
        normal_expectation(lambda x, _: x * x, *law, growth=(arb(0), arb(7)), **side)
        for side in ({"above": cut}, {"below": cut})
    ]
    assert (parts[0] + parts[1]).contains(arb("4.25"))
    assert parts[0] > 0


@pytest.mark.parametrize("side", [{"above": arb(100)}, {"below": arb(-100)}, {"above": arb(1), "below": arb(-1)}])
def test_where_the_law_has_no_mass_only_the_tail_is_left(side):
    found = normal_expectation(lambda x, _: x, arb(0), arb(1), growth=(arb(1), arb(1)), **side)
    assert found.contains(0)
    assert 0 < float(found.rad()) < 1e-15


def test_the_tail_bound_covers_what_is_cut_off():
    # all of f lies beyond the span: f = 1 there is a tail of 2Q(9), which the ball around 0 must contain
    found = normal_expectation(lambda x, _: 0 * x, arb(0), arb(1), growth=(arb(1), arb(0)))
    with working_precision(200):
        tail = (arb(9) / arb(2).sqrt()).erfc()
        assert found.contains(tail)
        square = normal_expectation(lambda x, _: 0 * x, arb(0), arb(1), growth=(arb(0), arb(1)))
        second = tail + 18 * (-arb(81) / 2).exp() / (2 * arb.pi()).sqrt()  # E z² 1{|z| > 9} = 2[Q(9) + 9 φ(9)]
        assert square.contains(second * arb("0.999999"))
        assert not square.contains(second * arb("1.01"))
