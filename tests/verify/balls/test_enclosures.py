"""Enclosures contain every value, know their own domain, and refuse what they cannot bound."""

import random
from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, ctx

from verify.balls.enclosures import Program, enclose
from verify.balls.numbers import (
    ball,
    certainly_negative,
    certainly_nonnegative,
    certainly_positive,
    exact,
    rational,
    sign,
    working_precision,
)
from verify.balls.reading import parse
from verify.balls.spans import INF

X = sp.Symbol("x", real=True)
Y = sp.Symbol("y", real=True)
U = sp.Symbol("u", nonnegative=True)
THIRD = sp.Rational(1, 3)

# An expression in x, and an interval inside its domain.
CATALOGUE = [
    (X**2, -3, 2),
    (X**3, -3, 2),
    (X**4 - 7 * X**3 + X, -2, 5),
    (X**-2, 1, 4),
    (X**-3, -4, -1),
    (sp.sqrt(X), 0, 5),
    (X ** sp.Rational(-3, 2), 1, 5),
    (X**THIRD, 0, 8),
    (X**X, 1, 3),
    (2**X, -3, 3),
    (X**sp.pi, 1, 3),
    (sp.exp(-X) * X, -2, 6),
    (1 - sp.exp(-X), -1, 3),
    (3 * sp.exp(X) - 3, -1, 2),
    (sp.log(1 + X), 0, 4),
    (sp.log(X), 1, 9),
    (sp.erf(X), -2, 3),
    (1 - sp.erf(X), 0, 6),
    (2 * sp.erfc(X) - 2, -1, 4),
    (sp.sin(X), -4, 9),
    (sp.cos(3 * X), -1, 2),
    (sp.sinh(X), -2, 3),
    (sp.cosh(X), -2, 3),
    (sp.tanh(X), -2, 3),
    (sp.Abs(X - 1), -2, 3),
    (sp.Max(X, 1, X**2), -2, 3),
    (sp.Min(X, 1 - X), -2, 3),
    (sp.LambertW(X), 0, 5),
    (sp.LambertW(-sp.exp(-X), -1), 2, 9),
    (sp.pi * X + sp.E, -1, 1),
    (sp.exp(-(X**2) / 2) - sp.erfc(X / sp.sqrt(2)), 0, 9),
]


@pytest.mark.parametrize(("expr", "low", "high"), CATALOGUE, ids=[str(item[0]) for item in CATALOGUE])
def test_an_enclosure_contains_every_value(expr, low, high):
    rng = random.Random(str(expr))
    for _ in range(12):
        a, b = sorted(Fraction(rng.randint(low * 997, high * 997), 997) for _ in range(2))
        wide = enclose(expr, {X: ball(a, b)})
        assert not wide.is_nan()
        for weight in (Fraction(0), Fraction(rng.randint(0, 64), 64), Fraction(1)):
            x = a + weight * (b - a)
            point = enclose(expr, {X: rational(x)}, precision=200)
            truth = arb(str(expr.subs(X, sp.Rational(x.numerator, x.denominator)).evalf(50)))  # good to 1e-48, relative
            truth = truth + arb(0, float("1e-46")) * (1 + abs(truth))
            assert point.overlaps(truth)
            with working_precision(300):
                assert wide.overlaps(point)
                assert wide.lower() <= point.upper()
                assert wide.upper() >= point.lower()


@pytest.mark.parametrize(
    ("expr", "low", "high", "range_"),
    [
        (X**2, -1, 1, (0, 1)),
        (X**4, -2, 1, (0, 16)),
        (X**3, -2, 1, (-8, 1)),
        (sp.Abs(X), -2, 1, (0, 2)),
        (sp.cosh(X) - 1, 0, 0, (0, 0)),
        (sp.Max(X, 0), -2, 1, (0, 1)),
        (X**-2, 1, 2, (Fraction(1, 4), 1)),
    ],
)
def test_ranges_of_one_operation_are_sharp(expr, low, high, range_):
    result = enclose(expr, {X: ball(low, high)})
    left, right = rational(range_[0]), rational(range_[1])
    assert abs(result.lower() - left) < 1e-7
    assert abs(result.upper() - right) < 1e-7


def test_small_differences_keep_their_digits():
    tiny = {X: rational(Fraction(1, 10**40))}
    for expr in (1 - sp.exp(-X), sp.exp(X) - 1, sp.log(1 + X), sp.Rational(1, 2) * (2 * sp.exp(X) - 2)):
        assert enclose(expr, tiny, precision=64).rel_accuracy_bits() > 50
    assert enclose(1 - sp.erf(X), {X: rational(30)}, precision=64).rel_accuracy_bits() > 50


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (sp.log(X), ball(0, 1)),
        (1 / X, ball(-1, 1)),
        (sp.sqrt(X), ball(-1, 1)),
        (X**X, ball(0, 1)),
        (sp.LambertW(X), ball(-1, 0)),
        (sp.LambertW(X, -1), ball("-0.1", 1)),
        (sp.log(1 + X), ball(-1, 0)),
        (sp.exp(sp.log(X)) ** 2 + sp.exp(1 / X), ball(-1, 1)),
        (X, arb.nan()),
    ],
)
def test_leaving_the_domain_is_nan_and_never_a_sign(expr, value):
    result = enclose(expr, {X: value})
    assert result.is_nan()
    assert not any(test(result) for test in (certainly_nonnegative, certainly_positive, certainly_negative))
    assert sign(result) == "nan"


def test_undefined_is_not_washed_out_by_a_bounded_function():
    assert enclose(sp.tanh(sp.log(X)), {X: ball(-1, 1)}).is_nan()
    assert enclose(sp.Max(1, sp.log(X)), {X: ball(-1, 1)}).is_nan()


def test_a_nonnegative_symbol_has_a_square_root_down_to_zero():
    result = enclose(sp.sqrt(U), {U: ball(0, "1/3")})
    assert result.is_finite()
    assert enclose(sp.sqrt(X), {X: ball(0, "1/3")}).is_nan()  # the ball leaks below 0, and x may be negative


def test_an_infinite_ball_is_the_whole_line():
    assert enclose(sp.tanh(X), {X: arb(0, INF)}).overlaps(arb(1))
    assert certainly_nonnegative(enclose(2 + sp.sin(X), {X: arb(0, INF)}))
    assert not enclose(sp.exp(X), {X: arb(0, INF)}).is_finite()


def test_overflow_and_underflow_keep_the_sign():
    huge = {X: rational(10) ** 1000}
    assert not certainly_negative(enclose(sp.exp(-X), huge))
    with working_precision(128):
        low, _ = Program(sp.exp(-X), (X,)).run([(arb(10) ** 1000, INF)])
        assert low >= 0


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (sp.exp(-X), (0, 0)),
        (sp.erfc(X), (0, 0)),
        (sp.tanh(X), (1, 1)),
        (1 / X, (0, 0)),
        (X * sp.exp(-X), None),
        (X - X**2, None),
        (sp.exp(-(X**2)) - sp.erfc(X) + 1, (1, 1)),
        (sp.sin(X), (-1, 1)),
        (sp.exp(-X) * sp.sin(X), (0, 0)),
    ],
)
def test_limits_at_infinity_are_exact_or_undefined(expr, expected):
    result = Program(expr, (X,)).run([(INF, INF)])
    assert (result is None) == (expected is None)
    if result is not None:
        assert result == expected


def test_a_whole_power_may_have_a_negative_base():
    n, m = sp.Symbol("n", integer=True), sp.Symbol("m", real=True)
    for exponent in (n, m):
        assert enclose(X**exponent, {X: arb(-2), exponent: arb(3)}) == -8
        assert enclose(X**exponent, {X: arb(-2), exponent: arb(-1)}) == arb("-0.5")
        assert enclose(X**exponent, {X: arb(-2), exponent: arb("0.5")}).is_nan()
        assert enclose(X**exponent, {X: arb(0), exponent: arb(-1)}).is_nan()
    assert enclose((-1) ** n, {n: arb(5)}) == -1
    assert enclose(X**m, {X: arb(-2), m: ball(1, 3)}).is_nan()
    assert Program((1 / X) ** (1 / sp.log(X)), (X,)).run([(INF, INF)]) is None  # it tends to 1/e


def test_half_lines_keep_their_finite_end():
    low, high = Program(X**2 + sp.exp(X) / X, (X,)).run([(arb(2), INF)])
    assert low >= 4
    assert not high.is_finite()


@pytest.mark.parametrize(
    ("expr", "match"),
    [
        (sp.Float("0.1") * X, "Float"),
        (sp.zeta(X), "zeta"),
        (sp.I * X, "ImaginaryUnit"),
        (sp.LambertW(X, 1), "LambertW"),
        (sp.zoo + X, "Infinity"),
        (sp.re(sp.Symbol("c")), "re"),
        (sp.Integral(X, X), "Integral"),
        (sp.oo * sp.exp(X), "Infinity"),
        (sp.Function("f")(X), "f"),
        (sp.EulerGamma + X, "EulerGamma"),
    ],
)
def test_a_node_off_the_list_is_refused_by_name(expr, match):
    with pytest.raises(ValueError, match=match):
        enclose(expr, {X: arb(1)})


def test_values_must_be_given_and_be_balls_in_the_domain():
    with pytest.raises(ValueError, match="no interval was given for y"):
        enclose(X + Y, {X: arb(1)})
    with pytest.raises(ValueError, match="must be a ball"):
        enclose(X, {X: 0.5})
    with pytest.raises(ValueError, match="declared nonnegative"):
        enclose(U, {U: arb(-1)})


def test_the_precision_is_restored_even_after_an_error():
    before = ctx.prec
    with pytest.raises(ValueError, match="zeta"):
        enclose(sp.zeta(X), {X: arb(1)}, precision=333)
    assert ctx.prec == before
    with working_precision(200):
        assert ctx.prec == 200
    assert ctx.prec == before
    with pytest.raises(ValueError, match="precision"):
        enclose(X, {X: arb(1)}, precision=2)


def test_precision_buys_digits():
    coarse, fine = (enclose(sp.exp(X) + sp.pi, {X: arb(3)}, precision=bits) for bits in (64, 256))
    assert fine.rad() < coarse.rad() * arb(2) ** -150


def test_exact_numbers_are_read_and_rounded_ones_refused():
    third = Fraction(1, 3)
    assert exact("1/3") == exact(sp.Rational(1, 3)) == exact(third) == third
    assert exact("0.1") == Fraction(1, 10)
    assert rational("0.1").contains(rational(1) / 10)
    for wrong in (0.1, "pi", True, sp.pi, sp.oo, sp.nan, "1/0", None):
        with pytest.raises(ValueError, match="exact rational"):
            exact(wrong)
    with pytest.raises(ValueError, match="lower"):
        ball(2, 1)


def test_balls_cover_both_ends():
    covered = ball("1/3", "2/3")
    assert covered.contains(rational("1/3"))
    assert covered.contains(rational("2/3"))


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (arb(0), "zero"),
        (arb(2, 1), "positive"),
        (arb(-2, 1), "negative"),
        (arb(0, 1), "unknown"),
        (arb.nan(), "nan"),
        (arb(1, 1), "unknown"),  # the radius is rounded up: the ball leaks below 0
    ],
)
def test_signs_are_named(value, name):
    assert sign(value) == name
    assert certainly_positive(value) == (name == "positive")
    assert certainly_negative(value) == (name == "negative")
    assert certainly_nonnegative(value) == (name in ("positive", "nonnegative", "zero"))


@pytest.mark.parametrize("expr", [item[0] for item in CATALOGUE], ids=str)
def test_expressions_are_read_back(expr):
    assert parse(sp.srepr(expr)) == expr


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').getcwd()",
        "Symbol('x').func",
        "open('x')",
        "x +",
        "Float('0.1')",
        "Integer(1) + Integer(2)",
        "'text'",
        "[].append(1)",
        "Symbol(*['x'])",
        "Symbol('x', 'y')",
        "exp('print(1)')",
        "Integer('7')",
        "Symbol('x', real='no')",
        "Piecewise(Integer(1))",
        "Tuple(Integer(1))",
        "besselj(Integer(1))",
        "true",
    ],
)
def test_nothing_else_is_read(text):
    with pytest.raises(ValueError, match="cannot read"):
        parse(text)
