"""Special functions and steps: each contains mpmath's 50 digits, at points and on boxes, and knows its domain."""

import itertools
import random
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from flint import arb

from verify.balls.certificates import Box, Certificate, certify_nonnegative
from verify.balls.enclosures import Program, enclose
from verify.balls.numbers import ball, rational, working_precision
from verify.balls.reading import parse
from verify.balls.spans import INF
from verify.balls.special import _TURN

X, Y, Z, W = sp.symbols("x y z w", real=True)
N = sp.Symbol("n", integer=True)
DIGITS = 50
GAMMA = mpmath.gamma


def whole_orders(function):
    return lambda x, n: function(n, x)


# An expression, the range of each symbol ("int" for whole values), and mpmath's function of the symbols in this order.
CATALOGUE = {
    "atan": (sp.atan(X), {X: (-9, 9)}, mpmath.atan),
    "asin": (sp.asin(X), {X: (-1, 1)}, mpmath.asin),
    "acos": (sp.acos(X), {X: (-1, 1)}, mpmath.acos),
    "asinh": (sp.asinh(X), {X: (-9, 9)}, mpmath.asinh),
    "acosh": (sp.acosh(X), {X: (1, 9)}, mpmath.acosh),
    "atanh": (sp.atanh(X / 10), {X: (-9, 9)}, lambda x: mpmath.atanh(x / 10)),
    "tan": (sp.tan(X), {X: (-1, 1)}, mpmath.tan),
    "erfi": (sp.erfi(X), {X: (-3, 3)}, mpmath.erfi),
    "erfcinv": (sp.erfcinv(X / 10), {X: (1, 19)}, lambda x: mpmath.erfinv(1 - x / 10)),
    "gamma": (sp.gamma(X), {X: (1, 9)}, GAMMA),
    "gamma near its least value": (sp.gamma(1 + X / 10), {X: (3, 6)}, lambda x: GAMMA(1 + x / 10)),
    "gamma near its pole": (sp.gamma(X / 100), {X: (1, 99)}, lambda x: GAMMA(x / 100)),
    "gamma below 0": (sp.gamma(-1 - X / 10), {X: (2, 8)}, lambda x: GAMMA(-1 - x / 10)),
    "loggamma": (sp.loggamma(X), {X: (1, 90)}, mpmath.loggamma),
    "loggamma near its least value": (sp.loggamma(1 + X / 10), {X: (3, 6)}, lambda x: mpmath.loggamma(1 + x / 10)),
    "digamma": (sp.digamma(X), {X: (1, 9)}, mpmath.digamma),
    "trigamma": (sp.polygamma(1, X), {X: (1, 9)}, lambda x: mpmath.psi(1, x)),
    "tetragamma": (sp.polygamma(2, X), {X: (1, 9)}, lambda x: mpmath.psi(2, x)),
    "lower gamma": (sp.lowergamma(Y, X), {X: (0, 9), Y: (1, 4)}, lambda x, s: mpmath.gammainc(s, 0, x)),
    "lower gamma, regularized": (
        sp.lowergamma(sp.Rational(7, 3), X) / sp.gamma(sp.Rational(7, 3)),
        {X: (0, 9)},
        lambda x: mpmath.gammainc(mpmath.mpf(7) / 3, 0, x, regularized=True),
    ),
    "upper gamma": (sp.uppergamma(Y, X), {X: (1, 9), Y: (-3, 4)}, lambda x, s: mpmath.gammainc(s, x)),
    "exponential integral": (sp.expint(Y, X), {X: (1, 9), Y: (-2, 4)}, lambda x, s: mpmath.expint(s, x)),
    "beta": (sp.beta(X, Y), {X: (1, 9), Y: (1, 5)}, mpmath.beta),
    "beta below 0": (sp.beta(-X / 10, Y), {X: (2, 8), Y: (1, 5)}, lambda x, y: mpmath.beta(-x / 10, y)),
    "incomplete beta": (
        sp.betainc(X, Y, Z / 10, W / 10),
        {X: (1, 5), Y: (1, 5), Z: (0, 10), W: (0, 10)},
        lambda a, b, x, y: mpmath.betainc(a, b, 0, y / 10) - mpmath.betainc(a, b, 0, x / 10),
    ),
    "incomplete beta, regularized": (
        sp.betainc_regularized(X, Y, 0, Z / 10),
        {X: (1, 5), Y: (1, 5), Z: (0, 10)},
        lambda a, b, x: mpmath.betainc(a, b, 0, x / 10, regularized=True),
    ),
    "I": (sp.besseli(Y, X), {X: (0, 9), Y: (0, 4)}, lambda x, n: mpmath.besseli(n, x)),
    "I of a whole order": (sp.besseli(N, X), {X: (-5, 5), N: (-4, 4, int)}, whole_orders(mpmath.besseli)),
    "K": (sp.besselk(Y, X), {X: (1, 9), Y: (-4, 4)}, lambda x, n: mpmath.besselk(n, x)),
    "J": (sp.besselj(Y, X), {X: (0, 20), Y: (0, 4)}, lambda x, n: mpmath.besselj(n, x)),
    "J of a whole order": (sp.besselj(N, X), {X: (-20, 20), N: (-4, 4, int)}, whole_orders(mpmath.besselj)),
    "Y": (sp.bessely(Y, X), {X: (1, 20), Y: (0, 4)}, lambda x, n: mpmath.bessely(n, x)),
    "factorial": (sp.factorial(X), {X: (0, 9)}, mpmath.factorial),
    "binomial": (sp.binomial(X, Y), {X: (0, 9), Y: (0, 5)}, mpmath.binomial),
    "binomial of whole numbers": (sp.binomial(X, N), {X: (-5, 9), N: (0, 5, int)}, mpmath.binomial),
    "rising": (sp.RisingFactorial(X, Y), {X: (1, 5), Y: (0, 5)}, mpmath.rf),
    "rising, whole": (sp.RisingFactorial(X, N), {X: (-5, 5), N: (0, 5, int)}, mpmath.rf),
    "falling": (sp.FallingFactorial(X, Y), {X: (6, 9), Y: (0, 5)}, mpmath.ff),
    "sign": (sp.sign(X), {X: (-3, 3)}, mpmath.sign),
    "Heaviside": (sp.Heaviside(X, 3), {X: (-3, 3)}, lambda x: 3 if x == 0 else int(x > 0)),
    "floor": (sp.floor(X), {X: (-3, 3)}, mpmath.floor),
    "ceiling": (sp.ceiling(X), {X: (-3, 3)}, mpmath.ceil),
}


def fraction(rng, low, high, kind=None):
    return Fraction(rng.randint(low, high)) if kind else Fraction(rng.randint(low * 64, high * 64), 64)


def mp(x):
    return mpmath.mpf(x.numerator) / x.denominator


def truth_of(function, point):
    """A ball around mpmath's value, which is good to 50 digits of 60."""
    with mpmath.workdps(60):
        value = mpmath.mpf(function(*map(mp, point)))
        text = mpmath.nstr(value, 55)
    with working_precision(256):
        value = arb(text)
        return value + arb(0, 1) * (abs(value) + arb(10) ** -40) * arb(10) ** -DIGITS


def defined(function, point):
    with mpmath.workdps(60):
        try:
            value = function(*map(mp, point))
        except (ValueError, ZeroDivisionError, mpmath.libmp.NoConvergence):
            return False
        return bool(mpmath.isfinite(value)) and mpmath.im(value) == 0


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_value_at_a_point_is_mpmaths(name):
    expr, ranges, function = CATALOGUE[name]
    rng, seen = random.Random(name), 0
    for _ in range(12):
        point = [fraction(rng, *limits) for limits in ranges.values()]
        if not defined(function, point):
            continue
        seen += 1
        found = enclose(expr, dict(zip(ranges, map(rational, point), strict=True)), precision=256)
        with working_precision(256):
            assert found.overlaps(truth_of(function, point)), point
        assert found.rad() < arb("1e-30") * (1 + abs(found.mid())), point
    assert seen >= 8


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_box_contains_the_values_inside(name):
    expr, ranges, function = CATALOGUE[name]
    rng, finite = random.Random(name + " boxes"), 0
    for width in (Fraction(1, 64), Fraction(1, 8), Fraction(1), Fraction(4)):
        for _ in range(4):
            sides = []
            for low, high, *kind in ranges.values():
                start = fraction(rng, low, high, *kind)
                sides.append((start, start if kind else min(start + width, Fraction(high))))
            wide = enclose(expr, {s: ball(*side) for s, side in zip(ranges, sides, strict=True)}, precision=128)
            if not wide.is_finite():
                continue
            finite += 1
            for _ in range(4):
                point = [a + (b - a) * Fraction(rng.randint(0, 16), 16) for a, b in sides]
                if defined(function, point):
                    assert wide.overlaps(truth_of(function, point)), (sides, point)
    assert finite >= 4


MONOTONE = ["atan", "asin", "acosh", "gamma", "loggamma", "digamma", "trigamma", "tetragamma", "factorial", "floor"]


@pytest.mark.parametrize("name", [*MONOTONE, "gamma near its pole", "lower gamma, regularized"])
def test_the_range_of_a_monotone_function_is_sharp(name):
    expr, ranges, function = CATALOGUE[name]
    ((symbol, (low, high)),) = ranges.items()
    a, b = Fraction(low) + Fraction(high - low, 8), Fraction(low) + Fraction(3 * (high - low), 4)
    wide = enclose(expr, {symbol: ball(a, b)}, precision=128)
    ends = [truth_of(function, [end]) for end in (a, b)]
    if name == "gamma near its pole":
        ends = ends[::-1]  # it falls up to 1.46
    assert abs(wide.lower() - min(ends)) < arb("1e-6") * (1 + abs(max(ends)))
    assert abs(wide.upper() - max(ends)) < arb("1e-6") * (1 + abs(max(ends)))


def test_the_gamma_function_turns_where_it_is_said_to():
    low, high = _TURN
    assert low.digamma() < 0
    assert high.digamma() > 0
    assert (low + high).lower() / 2 > 1
    middle = arb(low).union(high)
    floor = enclose(sp.gamma(X), {X: middle})
    assert floor.lower() > arb("0.885603194")
    assert enclose(sp.gamma(X), {X: arb("1.4616321449683623413")}).lower() >= arb("0.88560319441")
    assert enclose(sp.loggamma(X), {X: arb("1.4616321449683623413")}).lower() >= arb("-0.1214862906")


def value(expr, **values):
    symbols = {symbol.name: symbol for symbol in expr.free_symbols}
    balls = {symbols[name]: item if isinstance(item, arb) else rational(item) for name, item in values.items()}
    return enclose(expr, balls)


@pytest.mark.parametrize(
    ("expr", "values"),
    [
        (sp.gamma(X), {"x": 0}),
        (sp.gamma(X), {"x": -3}),
        (sp.gamma(X), {"x": ball(-1, 1)}),
        (sp.gamma(X), {"x": ball("-1.1", "-0.9")}),
        (sp.loggamma(X), {"x": -1}),
        (sp.loggamma(X), {"x": ball(0, 1)}),
        (sp.polygamma(0, X), {"x": ball(-1, 0)}),
        (sp.polygamma(Y, X), {"x": 1, "y": "1/2"}),
        (sp.polygamma(Y, X), {"x": 1, "y": -1}),
        (sp.lowergamma(Y, X), {"x": 1, "y": 0}),
        (sp.lowergamma(Y, X), {"x": -1, "y": "1/2"}),
        (sp.uppergamma(Y, X), {"x": -1, "y": "1/2"}),
        (sp.uppergamma(Y, X), {"x": 0, "y": 0}),
        (sp.expint(Y, X), {"x": 0, "y": 1}),
        (sp.expint(Y, X), {"x": -1, "y": 2}),
        (sp.beta(X, Y), {"x": 0, "y": 1}),
        (sp.beta(X, Y), {"x": -2, "y": "1/2"}),
        (sp.betainc(2, 3, 0, X), {"x": "-1/10"}),
        (sp.betainc(2, 3, 0, X), {"x": "11/10"}),
        (sp.betainc(Y, 3, 0, X), {"x": "1/2", "y": 0}),
        (sp.besselk(Y, X), {"x": -1, "y": 0}),
        (sp.besselk(Y, X), {"x": 0, "y": 0}),
        (sp.besselk(Y, X), {"x": ball(-1, 1), "y": 2}),
        (sp.bessely(Y, X), {"x": -1, "y": 0}),
        (sp.bessely(Y, X), {"x": 0, "y": 0}),
        (sp.besselj(Y, X), {"x": -1, "y": "1/2"}),
        (sp.besseli(Y, X), {"x": ball(-1, 1), "y": "1/2"}),
        (sp.besselj(Y, X), {"x": 0, "y": "-1/2"}),
        (sp.asin(X), {"x": ball(0, 2)}),
        (sp.acos(X), {"x": -2}),
        (sp.acosh(X), {"x": 0}),
        (sp.atanh(X), {"x": 1}),
        (sp.tan(X), {"x": ball(1, 2)}),
        (sp.erfcinv(X), {"x": 2}),
        (sp.factorial(X), {"x": -1}),
        (sp.binomial(X, Y), {"x": -2, "y": "1/2"}),
        (sp.binomial(X, Y), {"x": -2, "y": -3}),
        (sp.RisingFactorial(X, Y), {"x": -2, "y": "1/2"}),
        (sp.gamma(X), {"x": arb.nan()}),
        (sp.floor(X), {"x": arb.nan()}),
    ],
)
def test_outside_the_domain_there_is_no_number(expr, values):
    assert not value(expr, **values).is_finite()


def test_steps_are_exact_at_their_jumps():
    assert value(sp.sign(X), x=0) == 0
    assert value(sp.Heaviside(X), x=0) == arb("0.5")
    assert value(sp.Heaviside(X, 7), x=0) == 7
    assert value(sp.floor(X), x=3) == 3
    assert value(sp.ceiling(X), x=3) == 3
    assert value(sp.floor(X), x="-1/2") == -1


def test_steps_jump_inside_a_ball():
    across = ball("-1/2", "1/2")
    steps = {sp.sign(X): (-1, 1), sp.floor(X): (-1, 0), sp.ceiling(X): (0, 1), sp.Heaviside(X, 7): (0, 7)}
    for expr, (low, high) in steps.items():
        found = value(expr, x=across)
        assert found.contains(low)
        assert found.contains(high)


LIMITS = [
    (sp.atan(X), sp.pi / 2),
    (sp.acosh(X) / X, None),
    (sp.uppergamma(sp.pi, X), 0),
    (sp.lowergamma(sp.pi, X), sp.gamma(sp.pi)),
    (sp.expint(2, X), 0),
    (sp.polygamma(1, X), 0),
    (sp.beta(X, 2), 0),
    (sp.besselk(1, X), 0),
    (sp.besselj(1, X), 0),
    (1 / sp.gamma(X), 0),
    (1 / sp.besseli(1, X), 0),
    (sp.gamma(X) * sp.exp(-X), None),
]


@pytest.mark.parametrize(("expr", "limit"), LIMITS, ids=str)
def test_limits_at_infinity_are_right_or_undefined(expr, limit):
    with working_precision(128):
        found = Program(expr, (X,)).run([(INF, INF)])
        assert (found is None) == (limit is None)
        if found is not None:
            exact = enclose(sp.sympify(limit), {})
            assert found[0] <= exact.upper()
            assert exact.lower() <= found[1]
            assert found[1] - found[0] < arb("1e-30")


@pytest.mark.parametrize("expr", [sp.sign(1 - sp.tanh(X)), sp.floor(1 - sp.exp(-X)), sp.Heaviside(-1 / X)])
def test_a_step_has_no_limit_because_its_argument_may_come_from_one_side(expr):
    assert Program(expr, (X,)).run([(INF, INF)]) is None


@pytest.mark.parametrize("expr", [item[0] for item in CATALOGUE.values()], ids=list(CATALOGUE))
def test_special_functions_are_read_back(expr):
    assert parse(sp.srepr(expr)) == expr


def test_orders_and_arguments_of_boxes_meet_in_corners():
    assert value(sp.besselk(Y, X), x=ball(1, 2), y=ball(-2, 1)).contains(value(sp.besselk(2, X), x=1).mid())
    wide = value(sp.besseli(Y, X), x=ball(1, 2), y=ball(1, 3))
    corners = [value(sp.besseli(n, X), x=x) for n, x in itertools.product((1, 3), (1, 2))]
    assert abs(wide.upper() - max(corners)) < arb("1e-6")
    assert abs(wide.lower() - min(corners)) < arb("1e-6")


# Certificates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "side", "touching"),
    [
        (X - sp.atan(X), (0, sp.oo), [{X: 0}]),
        (sp.gamma(X) - sp.Rational(885, 1000), ("1/10", sp.oo), []),
        (sp.log(X) - sp.digamma(X) - 1 / (2 * X), ("1/2", 20), []),
        (1 - sp.besselj(0, X), (0, 30), [{X: 0}]),
        (sp.exp(X) - sp.besseli(0, X), (0, 5), [{X: 0}]),
        (1 - sp.betainc_regularized(2, 3, 0, X), (0, "9/10"), []),
        (sp.exp(-X) / X - sp.expint(1, X), ("1/10", 20), []),
    ],
    ids=str,
)
def test_inequalities_with_special_functions_are_certified(expr, side, touching):
    found = certify_nonnegative(expr, Box({X: side}), touching=touching)
    assert found.certified, found.reason
    assert Certificate.from_dict(found.to_dict()) == found
    assert Certificate.from_dict(found.to_dict()).verify()


def test_a_false_inequality_with_a_special_function_is_refuted():
    found = certify_nonnegative(sp.Rational(9, 10) * X - sp.atan(X), Box({X: (0, 5)}), touching=[{X: 0}])
    assert found.outcome == "violated"
    assert found.verify()


@pytest.mark.parametrize(
    "expr",
    [  # the derivatives know nothing of the jumps
        sp.floor(X) + X / 10 - sp.Rational(1, 20) * X**2,
        sp.sign(X - 1) * (X - 2),
        -sp.Heaviside(X - sp.Rational(1, 3)),
        sp.Piecewise((1 + X, X < 1), (X - 2, True)),
    ],
)
def test_no_certificate_climbs_a_jump_by_a_derivative(expr):
    found = certify_nonnegative(expr, Box({X: (0, 3)}), max_cells=400)
    assert not found.certified
    assert "monotone" not in found.methods
    assert "mean-value" not in found.methods
