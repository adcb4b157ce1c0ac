"""Integrals over half-lines, the line and up to singular ends: closed forms are contained, divergent ones undefined."""

import itertools
import random

import mpmath
import pytest
import sympy as sp
from flint import arb

from verify.balls.bisection import Goal
from verify.balls.certificates import Box, Certificate, certify_nonnegative
from verify.balls.enclosures import Program, enclose
from verify.balls.growth import Ray
from verify.balls.growth_rules import RULES
from verify.balls.numbers import ball, rational, working_precision
from verify.balls.reading import parse
from verify.balls.spans import INF
from verify.balls.tails import Tails

Q, X, M = sp.symbols("q x m", real=True)
S, P = sp.symbols("s p", positive=True)
oo, HALF = sp.oo, sp.Rational(1, 2)
NORMAL = sp.exp(-(Q**2) / 2) / sp.sqrt(2 * sp.pi)
GAUSSIAN = sp.exp(-((Q - M) ** 2) / (2 * S**2)) / (S * sp.sqrt(2 * sp.pi))
LOGISTIC = sp.exp(-Q) / (1 + sp.exp(-Q)) ** 2
PHI = (1 + sp.erf(Q / sp.sqrt(2))) / 2
GOOD = arb("1e-10")

# An integrand with its range, and the value.
CLOSED = {
    "normal mass": ((NORMAL, -oo, oo), 1),
    "half the normal mass": ((NORMAL, 0, oo), HALF),
    "normal second moment": ((Q**2 * NORMAL, -oo, oo), 1),
    "normal eighth moment": ((Q**8 * NORMAL, -oo, oo), 105),
    "normal odd moment": ((Q**3 * NORMAL, -oo, oo), 0),
    "mean of |N|": ((sp.Abs(Q) * NORMAL, -oo, oo), sp.sqrt(2 / sp.pi)),
    "mean of the positive part": ((sp.Max(Q, 0) * NORMAL, -oo, oo), 1 / sp.sqrt(2 * sp.pi)),
    "mean of the ReLU, piecewise": ((sp.Piecewise((Q, Q > 0), (0, True)) * NORMAL, -oo, oo), 1 / sp.sqrt(2 * sp.pi)),
    "probability of a sign": ((sp.Heaviside(Q) * NORMAL, -oo, oo), HALF),
    "characteristic function": ((sp.cos(2 * Q) * NORMAL, -oo, oo), sp.exp(-2)),
    "normal tail": ((NORMAL, 3, oo), sp.erfc(3 / sp.sqrt(2)) / 2),
    "far normal tail": ((NORMAL, 20, oo), sp.erfc(20 / sp.sqrt(2)) / 2),
    "left normal tail": ((NORMAL, -oo, -3), sp.erfc(3 / sp.sqrt(2)) / 2),
    "integrated tail": ((sp.erfc(Q), 0, oo), 1 / sp.sqrt(sp.pi)),
    "integrated tail, by erf": ((1 - sp.erf(Q), 0, oo), 1 / sp.sqrt(sp.pi)),
    "squared tail, by erf": ((Q * (1 - sp.erf(Q)) ** 2, 0, oo), sp.Rational(1, 4) - 1 / (2 * sp.pi)),
    "Gini's mean difference": ((PHI * (1 - PHI), -oo, oo), 1 / sp.sqrt(sp.pi)),
    "exponential": ((sp.exp(-Q), 0, oo), 1),
    "damped cosine": ((sp.exp(-Q) * sp.cos(Q), 0, oo), HALF),
    "Laplace": ((sp.exp(-sp.Abs(Q)) / 2, -oo, oo), 1),
    "logistic": ((LOGISTIC, -oo, oo), 1),
    "logistic variance": ((Q**2 * LOGISTIC, -oo, oo), sp.pi**2 / 3),
    "softplus": ((sp.log(1 + sp.exp(-Q)), 0, oo), sp.pi**2 / 12),
    "1 - tanh": ((1 - sp.tanh(Q), 0, oo), sp.log(2)),
    "hyperbolic secant squared": ((1 / sp.cosh(Q) ** 2, -oo, oo), 2),
    "Gumbel": ((sp.exp(-Q - sp.exp(-Q)), -oo, oo), 1),
    "Gumbel mean": ((Q * sp.exp(-Q - sp.exp(-Q)), -oo, oo), sp.EulerGamma),
    "Cauchy": ((1 / (1 + Q**2), -oo, oo), sp.pi),
    "quartic": ((Q**2 / (1 + Q**4), -oo, oo), sp.pi / sp.sqrt(2)),
    "Student": (((1 + Q**2 / 3) ** -2, -oo, oo), sp.sqrt(3) * sp.pi / 2),
    "power": ((Q**-2, 1, oo), 1),
    "slow power": ((Q ** sp.Rational(-11, 10), 1, oo), 10),
    "logarithm over a square": ((sp.log(Q) / Q**2, 1, oo), 1),
    "telescoping": ((1 / Q - 1 / (Q + 1), 1, oo), sp.log(2)),
    "stretched": ((sp.exp(-sp.sqrt(Q)), 0, oo), 2),
    "cube root in the exponent": ((sp.exp(-sp.cbrt(P)), 0, oo), 6),
    "base 2": ((2**-Q, 0, oo), 1 / sp.log(2)),
    "Bose": ((Q**3 / (sp.exp(Q) - 1), 0, oo), sp.pi**4 / 15),
    "Gamma(5/2)": ((P ** sp.Rational(3, 2) * sp.exp(-P), 0, oo), sp.gamma(sp.Rational(5, 2))),
    "Gamma(1/2)": ((P**-HALF * sp.exp(-P), 0, oo), sp.sqrt(sp.pi)),
    "Gamma(1/10)": ((P ** sp.Rational(-9, 10) * sp.exp(-P), 0, oo), sp.gamma(sp.Rational(1, 10))),
    "Bessel K": ((sp.besselk(0, Q), 0, oo), sp.pi / 2),
    "Bessel I": ((sp.besseli(0, Q) * sp.exp(-2 * Q), 0, oo), 1 / sp.sqrt(3)),
    "Bessel J": ((sp.besselj(0, Q) * sp.exp(-Q), 0, oo), 1 / sp.sqrt(2)),
    "upper gamma": ((sp.uppergamma(sp.Rational(3, 2), Q), 0, oo), sp.gamma(sp.Rational(5, 2))),
    "exponential integral": ((sp.expint(2, Q), 0, oo), HALF),
    "geometric": ((sp.exp(-Q) * sp.floor(Q), 0, oo), 1 / (sp.E - 1)),
    "cut off": ((sp.Piecewise((1, Q < 2), (0, True)), 0, oo), 2),
    "arctangent": ((sp.atan(1 / Q**2), 1, oo), None),
    "backwards": ((sp.exp(-Q), oo, 0), -1),
    "singular at the lower end": ((P**-HALF, 0, 1), 2),
    "singular at the upper end": (((1 - P) ** -HALF, 0, 1), 2),
    "singular at both ends": (((Q * (1 - Q)) ** -HALF, 0, 1), sp.pi),
    "logarithm": ((sp.log(Q), 0, 1), -1),
    "entropy": ((Q * sp.log(Q), 0, 1), sp.Rational(-1, 4)),
    "removable at an end": (((1 - sp.exp(-Q)) / Q, 0, 1), None),
    "singular inside a line": ((sp.Abs(Q) ** -HALF * sp.exp(-(Q**2)), -oo, oo), sp.gamma(sp.Rational(1, 4))),
}
NUMERIC = {
    "arctangent": lambda: mpmath.quad(lambda q: mpmath.atan(1 / q**2), [1, 2, mpmath.inf]),
    "removable at an end": lambda: mpmath.euler + mpmath.e1(1),
}


def integral(integrand, lower, upper):
    variable = P if P in integrand.free_symbols else Q
    return sp.Integral(integrand, (variable, lower, upper))


def exact(name):
    value = CLOSED[name][1]
    with mpmath.workdps(40):
        number = NUMERIC[name]() if value is None else mpmath.mpf(sp.N(value, 40))
        return arb(mpmath.nstr(number, 35)) + arb(0, "1e-28") * arb(abs(float(number)))


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_form_is_contained(name):
    found = enclose(integral(*CLOSED[name][0]), {})
    with working_precision(160):
        truth = exact(name)
        assert found.overlaps(truth)
        assert found.rad() < GOOD * arb.max(abs(truth), arb("1e-3" if truth.contains(0) else 0))


@pytest.mark.parametrize("name", CLOSED)
def test_integrals_are_read_back(name):
    expr = integral(*CLOSED[name][0])
    assert parse(sp.srepr(expr)) == expr


DIVERGENT = {
    "constant": (sp.Integer(1), 0, oo),
    "small constant": (sp.Rational(1, 10**30), 0, oo),
    "growing": (sp.exp(Q / 10**6), 0, oo),
    "harmonic": (1 / Q, 1, oo),
    "harmonic, slightly faster": (1 / (Q * sp.log(Q)), 2, oo),
    "harmonic, shifted": (1 / (Q + 1000), 0, oo),
    "square root": (1 / sp.sqrt(1 + Q**2), -oo, oo),
    "odd and heavy": (Q / (1 + Q**2), -oo, oo),
    "oscillating": (sp.sin(Q), 0, oo),
    "conditionally convergent": (sp.sin(Q) / Q, 1, oo),
    "Fresnel": (sp.sin(Q**2), 0, oo),
    "heavy beside a light term": (sp.exp(-Q) + 1 / Q, 1, oo),
    "constant beside a light term": (sp.exp(-Q) + 1, 0, oo),
    "a wrong side": (sp.exp(Q), 0, oo),
    "the whole line of an exponential": (sp.exp(-Q), -oo, oo),
    "the limit of tanh": (sp.tanh(Q), 0, oo),
    "1 + tanh": (1 + sp.tanh(Q), 0, oo),
    "1 - tanh on the left": (1 - sp.tanh(Q), -oo, 0),
    "1 + erf": (1 + sp.erf(Q), 0, oo),
    "2 - erfc": (2 - sp.erfc(Q), 0, oo),
    "pi/2 - atan": (sp.pi / 2 - sp.atan(Q), 0, oo),
    "a factor that comes back": (sp.exp(-Q * (1 + sp.cos(Q))), 0, oo),
    "a pole on the way": (sp.exp(-(Q**2)) / (Q - sp.Rational(5, 3)), 0, oo),
    "a pole far out": (sp.exp(-Q) / (Q - 10**6), 0, oo),
    "a pole at 0": (sp.exp(-(Q**2)) / sp.Abs(Q), -oo, oo),
    "a pole at the end": (1 / P, 0, 1),
    "a stronger pole at the end": (P ** sp.Rational(-3, 2) * sp.exp(-P), 0, oo),
    "a pole at the upper end": (1 / (1 - Q), 0, 1),
    "undefined far out": (sp.exp(-Q) * sp.sqrt(10**6 - Q), 0, oo),
    "undefined on the left": (sp.exp(-(Q**2)) * sp.log(Q), -oo, oo),
    "no branch": (sp.Piecewise((sp.exp(-Q), Q < 100)), 0, oo),
    "a branch that stays": (sp.Piecewise((sp.exp(-Q), Q < 100), (1, True)), 0, oo),
    "a late jump": (sp.exp(-Q) + sp.Heaviside(Q - 10**9), 0, oo),
    "gamma": (sp.gamma(Q) * sp.exp(-(Q**2)), 1, oo),  # convergent, but no growth is known for gamma
    "Bessel I alone": (sp.besseli(0, Q) * sp.exp(-Q), 0, oo),
    "E_1 times exp": (sp.exp(Q) * sp.expint(1, Q), 1, oo),
    "Dirichlet": (sp.Heaviside(Q, 0) * sp.floor(Q), 0, oo),
}


@pytest.mark.parametrize("name", DIVERGENT)
def test_what_does_not_converge_visibly_is_undefined(name):
    assert not enclose(integral(*DIVERGENT[name]), {}).is_finite()


# Parameters ----------------------------------------------------------------------------------------------------------

PARAMETERS = [
    (sp.Integral(Q * GAUSSIAN, (Q, -oo, oo)), {M: 3, S: 2}, lambda m, s: m),
    (sp.Integral((Q - M) ** 2 * GAUSSIAN, (Q, -oo, oo)), {M: 1000, S: "1/100"}, lambda m, s: s**2),
    (sp.Integral(GAUSSIAN, (Q, M + 2 * S, oo)), {M: -5, S: 1000}, lambda m, s: mpmath.erfc(mpmath.sqrt(2)) / 2),
    (sp.Integral(sp.exp(-S * Q), (Q, M, oo)), {M: -2, S: "1/3"}, lambda m, s: mpmath.exp(-s * m) / s),
    (sp.Integral(P ** (X - 1) * sp.exp(-P), (P, 0, oo)), {X: "1/3"}, mpmath.gamma),
    (sp.Integral(P ** (X - 1) * sp.exp(-P), (P, 0, oo)), {X: 7}, mpmath.gamma),
    (sp.Integral(P ** (X - 1) * (1 - P) ** (S - 1), (P, 0, 1)), {X: "1/3", S: "1/4"}, lambda s, x: mpmath.beta(x, s)),
    (sp.Integral((1 + Q**2 / S) ** (-(S + 1) / 2), (Q, -oo, oo)), {S: "5/2"}, None),
    (sp.Integral(1 / ((Q - M) ** 2 + S**2), (Q, -oo, oo)), {M: 50, S: "1/10"}, lambda m, s: mpmath.pi / s),
    (sp.Integral(sp.exp(-Q * X), (Q, 0, oo)), {X: "1/1000"}, lambda x: 1 / x),
]


@pytest.mark.parametrize(("expr", "values", "truth"), PARAMETERS, ids=[f"{row[0]} at {row[1]}" for row in PARAMETERS])
def test_parameters_enter_at_points_and_on_intervals(expr, values, truth):
    symbols = sorted(values, key=str)
    if truth is None:

        def truth(s):
            return mpmath.sqrt(s * mpmath.pi) * mpmath.gamma(s / 2) / mpmath.gamma((s + 1) / 2)

    with mpmath.workdps(40), working_precision(160):
        numbers = [sp.Rational(values[symbol]) for symbol in symbols]
        value = arb(mpmath.nstr(truth(*(mpmath.mpf(int(x.p)) / int(x.q) for x in numbers)), 35))
        found = enclose(expr, {symbol: rational(values[symbol]) for symbol in symbols})
        assert abs(found - value) < arb("1e-8") * abs(value) + arb("1e-30")
        assert found.overlaps(value + arb(0, "1e-28") * abs(value))
        near = {s: ball(x - abs(x) / 1000, x + abs(x) / 1000) for s, x in zip(symbols, numbers, strict=True)}
        wide = enclose(expr, near)
        assert wide.is_finite()
        assert wide.overlaps(value)


def test_where_the_rate_of_decay_may_vanish_there_is_no_value():
    decaying = sp.Integral(sp.exp(-Q * X), (Q, 0, oo))
    for x in (arb(0), ball(0, 1), ball(-1, 1), arb(-1), INF, arb.nan()):
        assert not enclose(decaying, {X: x}).is_finite()
    powers = sp.Integral(Q**-X, (Q, 1, oo))
    assert enclose(powers, {X: arb(3)}).contains(HALF.p / arb(HALF.q))
    for x in (arb(1), ball(1, 2), arb("0.5")):
        assert not enclose(powers, {X: x}).is_finite()


def test_a_variable_that_is_declared_positive_has_no_negative_values():
    for limits in ((P, -oo, oo), (P, -1, 1), (P, 1, -1)):
        with pytest.raises(ValueError, match="declared nonnegative"):
            enclose(sp.Integral(sp.exp(-(P**2)), limits), {})


def test_a_bound_variable_may_bear_the_name_of_a_limit():
    found = enclose(sp.Integral(sp.exp(-Q), (Q, Q, oo)), {Q: arb(2)})
    assert found.overlaps(arb(-2).exp())


# Tails ---------------------------------------------------------------------------------------------------------------

TAILS = [
    (sp.exp(-Q), lambda r: mpmath.exp(-r)),
    (Q**3 * sp.exp(-Q), lambda r: mpmath.gammainc(4, r)),
    (sp.exp(-(Q**2) / 2), lambda r: mpmath.sqrt(mpmath.pi / 2) * mpmath.erfc(r / mpmath.sqrt(2))),
    (sp.exp(-((Q - 3) ** 2)), lambda r: mpmath.sqrt(mpmath.pi) / 2 * mpmath.erfc(r - 3)),
    (1 / (1 + Q**2), lambda r: mpmath.atan(1 / r)),
    (sp.log(Q) / Q**2, lambda r: (1 + mpmath.log(r)) / r),
    (Q ** sp.Rational(-3, 2), lambda r: 2 / mpmath.sqrt(r)),
    (sp.erfc(Q), lambda r: mpmath.exp(-(r**2)) / mpmath.sqrt(mpmath.pi) - r * mpmath.erfc(r)),
    (sp.exp(-Q) * sp.floor(Q), lambda r: mpmath.exp(-r) * (r + 1 / (mpmath.e - 1))),
    (sp.exp(-sp.sqrt(Q)), lambda r: 2 * mpmath.exp(-mpmath.sqrt(r)) * (1 + mpmath.sqrt(r))),
    (1 / Q - 1 / (Q + 1), lambda r: mpmath.log(1 + 1 / r)),
    (sp.besselk(1, Q), lambda r: mpmath.besselk(0, r)),
    (sp.expint(3, Q), lambda r: mpmath.expint(4, r)),
]


def compile_(expr, symbols):
    return Program(expr, symbols).run


@pytest.mark.parametrize(("integrand", "tail"), TAILS, ids=[str(item[0]) for item in TAILS])
def test_a_tail_is_never_above_its_bound(integrand, tail):
    with working_precision(128), mpmath.workdps(30):
        tails, bounds = Tails(integrand, Q, (), compile_), []
        for k in range(9):
            bound = tails.beyond(k, ())
            if bound is not None:
                assert bound >= arb(mpmath.nstr(tail(mpmath.mpf(2) ** k), 25)) * arb("0.999999999")
                bounds.append(bound)
        assert len(bounds) >= 4
        assert all(later < earlier for earlier, later in itertools.pairwise(bounds))


GROWTHS = [
    Q**2 + 3 * Q + 1,
    1 / (1 + Q**2),
    (1 + Q) ** sp.Rational(5, 2) * sp.log(Q + 1),
    sp.exp(-(Q**2) + 3 * Q) * (1 + sp.sin(Q)),
    sp.cosh(Q) / (1 + sp.exp(Q)),
    sp.sinh(1 / Q),
    sp.exp(1 / Q) - 1,
    sp.log(1 + 1 / Q),
    Q * (1 + sp.exp(-Q)) ** -2,
    sp.exp(-sp.exp(Q)),
    sp.exp(-(Q ** sp.Rational(1, 3))),
    sp.exp(-Q * sp.log(Q + 1)),
    sp.Max(Q, 3) - sp.Min(Q, 2),
    sp.Abs(1 - Q) * sp.atan(1 / Q),
    sp.tanh(1 / Q) * sp.erf(1 / Q) * sp.asinh(1 / Q) * sp.sin(1 / Q),
    sp.besselk(1, Q) + sp.besselk(1, 1 / Q),
    sp.besseli(2, Q) * sp.exp(-Q),
    sp.uppergamma(sp.Rational(5, 2), Q),
    sp.uppergamma(sp.Rational(-1, 2), Q),
    sp.expint(HALF, 2 * Q),
    sp.erfc(Q - 1),
    sp.floor(Q) * sp.ceiling(Q),
    sp.Piecewise((Q, sp.cos(Q) > 0), (Q**2, True)),
    sp.Sum(Q**X / sp.factorial(X), (X, 0, 3)),
    sp.Product(Q + X, (X, 1, 3)),
    2**-Q,
    Q**-Q,
    (Q**2) ** HALF,
]


@pytest.mark.parametrize("expr", GROWTHS, ids=str)
def test_growth_contains_the_expression_all_along_its_ray(expr):
    """g = exp(Σ c x^q) s with the rates and the factor in their spans: divide, and see whether s is in reach."""
    rng = random.Random(str(expr))
    with working_precision(256):
        for k in (3, 5):
            start = arb(2) ** k
            ray = Ray(Q, start, lambda e, start=start: compile_(e, (Q,))(((start, INF),)), RULES)
            growth = ray.of(expr)
            assert growth is not None
            for _ in range(20):
                x = rational(sp.Rational(rng.randint(64, 6400), 64)) * start
                value = enclose(expr, {Q: x}, precision=256)
                scale = [
                    sum((span[i] * (x ** rational(q) if q else x.log()) for q, span in growth.rates.items()), arb(0))
                    for i in (0, 1)
                ]
                reach = [growth.factor[i] * scale[j].exp() for i in (0, 1) for j in (0, 1)]
                slack = arb("1e-60") * abs(value)
                assert min(item.lower() for item in reach) <= (value + slack).upper()
                assert max(item.upper() for item in reach) >= (value - slack).lower()


# Certificates --------------------------------------------------------------------------------------------------------


def test_an_inequality_between_an_integral_and_its_bound_is_certified():
    mills = NORMAL.subs(Q, X) / X - sp.Integral(NORMAL, (Q, X, oo))
    found = certify_nonnegative(mills, Box({X: (1, 4)}))
    assert found.certified, found.reason
    back = Certificate.from_dict(found.to_dict())
    assert back == found
    assert back.verify()
    assert certify_nonnegative(-mills, Box({X: (1, 4)})).outcome == "violated"


def test_an_equality_with_an_integral_is_undecided_and_away_from_it_certified():
    transform = 1 - sp.Integral(sp.exp(-Q) * sp.exp(-Q * X), (Q, 0, oo))  # x/(1 + x)
    # the integral is a ball around 1 at x = 0, and SymPy's value of it is not trusted
    with pytest.raises(ValueError, match="vanish exactly"):
        certify_nonnegative(transform, Box({X: (0, 1)}), touching=[{X: 0}])
    assert certify_nonnegative(transform, Box({X: (0, 1)}), max_cells=8).outcome == "undecided"
    found = certify_nonnegative(transform, Box({X: ("1/10", 1)}))
    assert found.certified
    assert found.verify()


def test_a_derivative_is_taken_under_the_integral_unless_there_is_a_jump_in_it():
    goals = {
        "smooth": sp.Integral(sp.exp(-Q - Q * X), (Q, 0, oo)),
        "jump": sp.Integral(sp.exp(-Q) * sp.Heaviside(X - Q), (Q, 0, oo)),  # it rises, and ∂/∂x of the integrand is 0
        "branch": sp.Integral(sp.Piecewise((sp.exp(-Q), Q < X), (0, True)), (Q, 0, oo)),
    }
    for name, expr in goals.items():
        goal = Goal(expr, {X: (1, 2)}, (), False, 128)
        with working_precision(128):
            assert goal.holds(goal.cell, "natural")
            assert goal.holds(goal.cell, "monotone") == (name == "smooth")
            assert goal.holds(goal.cell, "mean-value") == (name == "smooth")
