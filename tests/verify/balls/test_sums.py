"""Finite sums and products: SymPy's own values, term by term, between whole limits only."""

import pytest
import sympy as sp
from flint import arb

from verify.balls.certificates import Box, Certificate, certify_nonnegative
from verify.balls.enclosures import enclose
from verify.balls.numbers import ball, rational, working_precision
from verify.balls.reading import parse

X = sp.Symbol("x", real=True)
N = sp.Symbol("n", integer=True, nonnegative=True)
I, J = sp.symbols("i j", integer=True)


@pytest.fixture(autouse=True)
def precise():
    with working_precision(160):
        yield


CATALOGUE = [
    sp.Sum(X**I / sp.factorial(I), (I, 0, N)),
    sp.Sum(sp.binomial(N, I) * X**I, (I, 0, N)),
    sp.Sum(I * J * X, (I, 0, J), (J, 1, N)),
    sp.Sum(1 / (I + J), (I, 1, N), (J, I - I + 1, N + 1)),
    sp.Sum(sp.cos(I * X), (I, -N, N)),
    sp.Product(1 + X / I, (I, 1, N)),
    sp.Product(I + X**2, (I, 1, J), (J, 1, N)),
    sp.Sum(sp.Product(J + X**2, (J, 1, I)), (I, 0, N)),
    sp.Sum(X, (I, 1, sp.floor(N / 2))),
    sp.Sum(I, (I, 3, N - 3)),
    sp.Product(I, (I, 7, N)),
    N * sp.Sum(sp.exp(-I * X), (I, 1, N)) ** 2,
]


@pytest.mark.parametrize("expr", CATALOGUE, ids=str)
def test_a_finite_series_is_the_sum_of_its_terms(expr):
    for n in (0, 1, 2, 5):
        for x in (sp.Rational(1, 3), sp.Rational(-5, 4), sp.Integer(2)):
            exact = enclose(expr.subs(N, n).doit().subs(X, x), {})
            values = {X: rational(x), N: arb(n)}
            found = enclose(expr, {symbol: values[symbol] for symbol in expr.free_symbols})
            assert found.overlaps(exact)
            assert found.rad() < arb("1e-25") * (1 + abs(exact))
            wide = enclose(expr, {**{symbol: values[symbol] for symbol in expr.free_symbols}, X: ball(x - 1, x + 1)})
            assert wide.overlaps(exact)


@pytest.mark.parametrize("expr", CATALOGUE, ids=str)
def test_series_are_read_back(expr):
    assert parse(sp.srepr(expr)) == expr


def test_an_empty_series_is_empty_whatever_its_terms():
    assert enclose(sp.Sum(1 / X, (I, 1, N)), {X: arb(0), N: arb(0)}) == 0
    assert enclose(sp.Product(sp.log(X), (I, 1, N)), {X: arb(-1), N: arb(0)}) == 1


def test_series_backwards_follow_karr_as_sympy_does():
    for low, high in ((3, 1), (5, 2), (2, 1), (4, -2)):
        for kind in (sp.Sum, sp.Product):
            expr = kind(I + 7, (I, low, N - 5))
            exact = kind(I + 7, (I, low, high)).doit()
            assert enclose(expr, {N: arb(high + 5)}).overlaps(rational(exact))


def test_an_index_may_bear_the_name_of_a_symbol():
    assert enclose(sp.Sum(I, (I, 0, I)), {I: arb(4)}) == 10
    assert enclose(sp.Sum(I * X, (I, 0, 2)) + I, {I: arb(100), X: arb(1)}) == 103


@pytest.mark.parametrize("limit", [rational("5/2"), ball(2, 3), arb("inf"), arb.nan()])
def test_a_limit_that_is_not_whole_leaves_no_value(limit):
    m = sp.Symbol("m", real=True)
    assert not enclose(sp.Sum(X, (I, 0, m)), {X: arb(1), m: limit}).is_finite()


def test_a_ball_around_one_integer_will_do_for_an_integer_limit():
    near = arb(3, 2**-40)
    assert enclose(sp.Sum(I, (I, 0, N)), {N: near}) == 6
    assert enclose(sp.Sum(I, (I, 0, sp.Symbol("m", real=True))), {sp.Symbol("m", real=True): near}).is_nan()


@pytest.mark.parametrize("limits", [(I, 0, sp.oo), (I, -sp.oo, 0), (I, 0, sp.Rational(1, 2))])
def test_other_limits_are_refused(limits):
    with pytest.raises(ValueError, match="must be two integers"):
        enclose(sp.Sum(X**I, limits), {X: arb(1)})


def test_too_many_terms_are_refused_before_they_are_added():
    with pytest.raises(ValueError, match="100,000 terms"):
        enclose(sp.Sum(I, (I, 1, N)), {N: arb(10**30)})
    with pytest.raises(ValueError, match="100,000 terms"):
        enclose(sp.Sum(I * J, (I, 1, N), (J, 1, N)), {N: arb(400)})


def test_an_undefined_term_leaves_no_value():
    assert enclose(sp.Sum(1 / (X - I), (I, 0, 3)), {X: arb(2)}).is_nan()


def test_an_inequality_for_a_partial_sum_is_certified():
    expr = sp.exp(X) - sp.Sum(X**I / sp.factorial(I), (I, 0, 4))
    found = certify_nonnegative(expr, Box({X: (1, 10)}))
    assert found.certified
    assert Certificate.from_dict(found.to_dict()).verify()
    assert certify_nonnegative(-expr, Box({X: (1, 10)})).outcome == "violated"
