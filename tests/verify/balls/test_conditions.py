"""Piecewise functions: decided branches alone count, undecided ones are united, and no branch means no value."""

import random
from fractions import Fraction

import pytest
import sympy as sp
from flint import arb

from verify.balls.certificates import Box, Certificate, certify_nonnegative
from verify.balls.conditions import possible
from verify.balls.enclosures import Program, enclose
from verify.balls.numbers import ball, rational, working_precision
from verify.balls.reading import parse
from verify.balls.spans import INF

X, Y = sp.symbols("x y", real=True)
PARTS = sp.Piecewise((X**2, X < -1), (sp.cos(X), sp.And(X >= -1, sp.Le(X, sp.Rational(1, 2)))), (sp.exp(-X) + 3, True))


@pytest.fixture(autouse=True)
def precise():
    with working_precision(160):
        yield


CATALOGUE = [
    PARTS,
    sp.Piecewise((sp.log(X), X > 1), (X - 1, True)),
    sp.Piecewise((sp.sqrt(X - 1), X >= 1), (sp.sqrt(1 - X), True)),
    sp.Piecewise((1, X**2 > 2), (X, sp.Or(X < -1, X > 1)), (-X, True)),
    sp.Piecewise((X, sp.Ne(X, 0)), (5, True)),
    sp.Piecewise((sp.Piecewise((1, X < 0), (2, True)), X < 1), (sp.sin(X), True)),
    sp.Piecewise((X, sp.Eq(sp.floor(X), 1)), (X**3, True)),
]


@pytest.mark.parametrize("expr", CATALOGUE, ids=str)
def test_an_enclosure_contains_the_values_of_every_branch_reached(expr):
    rng = random.Random(str(expr))
    for _ in range(30):
        a, b = sorted(Fraction(rng.randint(-160, 160), 64) for _ in range(2))
        wide = enclose(expr, {X: ball(a, b)})
        assert wide.is_finite()
        for weight in (Fraction(0), Fraction(rng.randint(0, 16), 16), Fraction(1)):
            x = a + weight * (b - a)
            exact = enclose(expr.subs(X, sp.Rational(x.numerator, x.denominator)), {}, precision=200)
            assert enclose(expr, {X: rational(x)}, precision=200).overlaps(exact)
            assert wide.overlaps(exact)


@pytest.mark.parametrize("expr", CATALOGUE, ids=str)
def test_piecewise_functions_are_read_back(expr):
    assert parse(sp.srepr(expr)) == expr


def test_at_a_point_one_branch_counts_however_the_others_fare():
    removable = sp.Piecewise((sp.sin(X) / X, sp.Ne(X, 0)), (1, True))
    assert enclose(removable, {X: arb(0)}) == 1
    assert enclose(removable, {X: arb(1)}).overlaps(arb(1).sin())
    halves = sp.Piecewise((sp.log(X), X > 0), (X, True))
    assert enclose(halves, {X: arb(-1)}) == -1
    assert enclose(halves, {X: arb(1)}) == 0


def test_a_branch_that_is_undefined_where_it_may_be_reached_leaves_no_value():
    removable = sp.Piecewise((sp.sin(X) / X, sp.Ne(X, 0)), (1, True))
    assert enclose(removable, {X: ball(-1, 1)}).is_nan()
    assert enclose(sp.Piecewise((sp.log(X), X > 0), (X, True)), {X: ball(-1, 1)}).is_nan()


def test_a_branch_is_evaluated_on_its_own_side_only():
    roots = sp.Piecewise((sp.sqrt(X - 1), X >= 1), (0, True))
    found = enclose(roots, {X: ball(0, 5)})
    assert found.is_finite()
    assert abs(found.upper() - 2) < arb("1e-6")
    mirrored = sp.Piecewise((sp.sqrt(X - Y), Y <= X), (0, True))
    assert enclose(mirrored, {X: arb(3), Y: ball(0, 5)}).is_finite()


@pytest.mark.parametrize(
    ("expr", "x"),
    [
        (sp.Piecewise((1, X < 0)), arb(1)),
        (sp.Piecewise((1, X < 0)), arb(0)),
        (sp.Piecewise((1, X < 0)), ball(-1, 1)),
        (sp.Piecewise((1, sp.log(X) > 0), (0, True)), arb(-1)),
        (sp.Piecewise((1, X < 0), (0, True)), arb.nan()),
    ],
)
def test_without_a_branch_that_holds_there_is_no_value(expr, x):
    assert enclose(expr, {X: x}).is_nan()


def test_the_last_of_exhaustive_conditions_needs_no_deciding():
    third = sp.Rational(1, 3)
    tight = sp.Piecewise((X, sp.Lt(X, third)), (third, sp.Ge(X, third)), evaluate=False)
    found = enclose(tight, {X: rational("1/3")})
    assert found.overlaps(rational("1/3"))
    assert found.rad() < arb("1e-30")


def test_a_piecewise_function_has_no_limit_by_evaluation():
    assert Program(sp.Piecewise((1, sp.tanh(X) < 1), (0, True)), (X,)).run([(INF, INF)]) is None
    assert Program(sp.Piecewise((1, sp.tanh(X) < 1), (0, True)), (X,)).run([(arb(1), INF)]) == (0, 1)


@pytest.mark.parametrize(
    ("condition", "span", "truth"),
    [
        (X < 0, (-1, 0), {True, False}),
        (X < 0, (-2, -1), {True}),
        (X <= 0, (-1, 0), {True}),
        (X > 0, (0, 0), {False}),
        (sp.Eq(X, 0), (0, 0), {True}),
        (sp.Eq(X, 0), (-1, 1), {True, False}),
        (sp.Ne(X, 0), (1, 2), {True}),
        (sp.true, (0, 1), {True}),
        (sp.And(X < 1, X > -1, evaluate=False), (0, 0), {False}),  # with every difference at 0
        (sp.Or(X < 1, X > 1, evaluate=False), (0, 0), {False}),
        (sp.Not(sp.And(X < 1, X > -1, evaluate=False), evaluate=False), (0, 0), {True}),
    ],
)
def test_conditions_are_decided_by_the_sign_of_a_difference(condition, span, truth):
    assert possible(condition, lambda _: (arb(span[0]), arb(span[1]))) == truth


def test_a_condition_on_a_piecewise_function_is_one_on_its_branches():
    inner = sp.Piecewise((X, X < 0), (2 * X, True))
    outer = sp.Piecewise((1, inner < 1), (0, True))
    assert outer.has(sp.ITE)
    for x, value in ((-1, 1), ("1/4", 1), ("3/4", 0)):
        assert enclose(outer, {X: rational(x)}) == value


def test_an_undefined_comparison_decides_nothing():
    assert possible(sp.And(X < 0, X < 1, evaluate=False), lambda _: None) is None


@pytest.mark.parametrize("condition", [sp.Contains(X, sp.Interval(0, 1)), sp.Symbol("b", bool=True)])
def test_conditions_of_other_kinds_are_refused(condition):
    expr = sp.Piecewise((1, condition), (0, True))
    with pytest.raises(ValueError, match="cannot decide the condition"):
        enclose(expr, {symbol: arb(0) for symbol in expr.free_symbols})


@pytest.mark.parametrize("branch", [sp.Float("0.5"), sp.zeta(X)])
def test_a_branch_outside_the_list_is_refused_although_it_is_never_reached(branch):
    with pytest.raises(ValueError, match="cannot enclose"):
        enclose(sp.Piecewise((branch, X < 0), (1, True)), {X: arb(1)})


def test_a_piecewise_inequality_is_certified_by_its_range():
    hinge = sp.Piecewise((1 - X, X < 1), (0, True))
    found = certify_nonnegative(hinge + sp.exp(-X) / 10, Box({X: (0, sp.oo)}))
    assert found.certified
    assert Certificate.from_dict(found.to_dict()).verify()
    assert certify_nonnegative(sp.Rational(1, 2) - hinge, Box({X: (0, 2)})).outcome == "violated"
