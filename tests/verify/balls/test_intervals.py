"""The second engine's intervals contain every value, to 50 digits, and are nearly as narrow as their precision."""

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from mpmath import libmp

from tests.verify.balls.test_enclosures import CATALOGUE
from verify.balls.interval_walk import Walk, missing
from verify.balls.intervals import INF, LOW_INF, ratio

X = sp.Symbol("x", real=True)
PRECISION = 128

# An expression in x and an interval inside its domain, beyond those of the first engine's catalogue.
MORE = [
    (sp.erf(X), -30, 30),
    (sp.erfc(X), -30, 30),
    (sp.erfc(X), 9, 13),  # where the series and the expansion meet
    (sp.erfi(X), -9, 9),
    (sp.asinh(X), -9, 9),
    (sp.acosh(X), 1, 9),
    (sp.atanh(X / 10), -9, 9),
    (sp.asin(X / 9), -8, 8),
    (sp.acos(X / 9), -8, 8),
    (sp.atan(X), -99, 99),
    (sp.tan(X), -9, 9),
    (sp.sin(X), -99, 99),
    (sp.cos(X**3), -9, 9),
    (sp.LambertW(X), 0, 99),
    (sp.LambertW(-sp.exp(-X)), 2, 40),
    (sp.LambertW(-sp.exp(-X), -1), 2, 40),
    (sp.tanh(X), -90, 90),
    (sp.sinh(X), -90, 90),
    (sp.exp(X) - 1, -90, 90),
    (X**-7, 1, 90),
    (X**7, -90, 90),
    (X ** sp.Rational(5, 3), 0, 90),
    ((1 + X**2) ** sp.Rational(-5, 2), -9, 9),
    (sp.Abs(X) ** sp.sqrt(2), -9, 9),
    (sp.sign(X) + sp.floor(X) + sp.ceiling(X / 2), -9, 9),
    (sp.Sum(X ** sp.Symbol("k"), (sp.Symbol("k"), 0, 5)), -3, 3),
    (sp.Product(1 + X / sp.Symbol("k"), (sp.Symbol("k"), 1, 4)), -3, 3),
]


def over(expr, low, high, precision=PRECISION):
    """The second engine's interval for x in [low, high]."""
    ends = [ratio(precision, Fraction(end).numerator, Fraction(end).denominator) for end in (low, high)]
    return Walk({X: (ends[0][0], ends[1][1])}, precision).value(expr)


def value(expr, x):
    """50 correct digits."""
    found = expr.doit().evalf(50, subs={X: sp.Rational(x.numerator, x.denominator)})
    return mpmath.mpf(found._to_mpmath(200))


@pytest.mark.parametrize(("expr", "low", "high"), [*CATALOGUE, *MORE], ids=str)
def test_an_interval_contains_the_value_to_fifty_digits(expr, low, high):
    assert missing(expr) == ""
    rng = random.Random(f"second {expr} {low}")
    for scale in (1, 1, 1, 1000, 10**6, 10**12):
        a = Fraction(rng.randint(low * 997, high * 997), 997)
        b = min(Fraction(high), a + Fraction(high - low, scale) * Fraction(rng.randint(0, 997), 997))
        found = over(expr, a, b)
        if found is None:  # a pole of the tangent may lie there
            assert expr.has(sp.tan)
            continue
        for _ in range(6):
            x = a + (b - a) * Fraction(rng.randint(0, 997), 997)
            with mpmath.workdps(50):
                exact = value(expr, x)
                slack = abs(exact) * mpmath.mpf(10) ** -49  # of the 50 digits themselves
                assert mpmath.mpf(found[0]) <= exact + slack, (x, found)
                assert exact - slack <= mpmath.mpf(found[1]), (x, found)


@pytest.mark.parametrize(("expr", "low", "high"), [*CATALOGUE, *MORE], ids=str)
def test_at_a_point_an_interval_is_narrow(expr, low, high):
    x = Fraction(2 * low + 3 * high, 5) + Fraction(1, 97)
    found = over(expr, x, x, 256)
    assert found is not None
    size = max(abs(value(expr, x)), mpmath.mpf(1))
    width = mpmath.mpf(libmp.mpf_sub(found[1], found[0]))
    assert width <= size * mpmath.mpf(2) ** (-256 + 48)  # 48 bits: some hundred operations, and e^90 in the sums


@pytest.mark.parametrize("kind", [sp.erfc, sp.erf, sp.exp, sp.tanh, sp.LambertW, sp.log, sp.sqrt])
def test_the_ends_keep_their_order_where_formulas_change(kind):
    points = [Fraction(k, 16) for k in range(1, 16 * 14)]
    found = [over(kind(X), x, x) for x in points]
    ends = [item if kind is not sp.erfc else (libmp.mpf_neg(item[1]), libmp.mpf_neg(item[0])) for item in found]
    assert all(libmp.mpf_le(left[0], right[1]) for left, right in itertools.pairwise(ends))
    assert all(libmp.mpf_lt(left[1], right[0]) for left, right in itertools.pairwise(ends[:64]))


def test_limits_and_undefined_values_are_told_apart():
    half_line = {X: (libmp.fone, INF)}
    assert Walk(half_line, PRECISION).value(sp.exp(-X))[0] == libmp.fzero
    assert Walk(half_line, PRECISION).value(X * sp.exp(X))[1] == INF
    limit = {X: (INF, INF)}
    assert Walk(limit, PRECISION).value(X * sp.exp(-X)) is None  # ∞·0
    assert Walk(limit, PRECISION).value(X - sp.sqrt(X)) == (LOW_INF, INF)  # ∞ − ∞
    assert Walk(limit, PRECISION).value(sp.floor(sp.exp(-X))) is None  # the limit is no value
    assert Walk(limit, PRECISION).value(sp.tanh(X)) == (libmp.fone, libmp.fone)
    assert Walk(limit, PRECISION).value(sp.erfc(X)) == (libmp.fzero, libmp.fzero)
    for expr in (1 / X, sp.log(X), sp.sqrt(X), sp.LambertW(X - 1), sp.acosh(X), sp.asin(2 + X), sp.tan(2 * X)):
        assert over(expr, -1, 1) is None, expr
    assert over(1 / (X - 3) + X, -1, 4) is None


def test_huge_exponents_end_in_bounds_and_not_in_memory():
    tower = over(sp.exp(sp.exp(X)), 50, 60)
    assert tower[1] == INF
    assert libmp.mpf_gt(tower[0], libmp.from_int(10**9))
    low, high = over(sp.exp(-sp.exp(X)), 50, 60)
    assert low == libmp.fzero
    assert libmp.mpf_lt(high, libmp.mpf_shift(libmp.fone, -(10**9)))


@pytest.mark.parametrize(
    ("expr", "name"),
    [
        (sp.gamma(X), "gamma"),
        (sp.besseli(0, X), "besseli"),
        (sp.Integral(sp.exp(-(X**2)), (X, 0, 1)), "Integral"),
        (sp.Piecewise((X, X > 0), (0, True)), "Piecewise"),
        (sp.Float("0.5") * X, "Float"),
        (sp.LambertW(X, 2), "LambertW"),
        (sp.Sum(X ** sp.Symbol("k"), (sp.Symbol("k"), 0, sp.oo)), "Sum"),
    ],
)
def test_what_has_no_second_engine_is_named(expr, name):
    assert missing(1 + expr) == name


def test_no_precision_of_the_process_is_touched_or_used():
    before = mpmath.iv.prec, mpmath.mp.prec
    narrow = over(sp.erfc(X) + sp.LambertW(X), 3, 3)
    assert (mpmath.iv.prec, mpmath.mp.prec) == before
    with mpmath.workprec(20):
        assert over(sp.erfc(X) + sp.LambertW(X), 3, 3) == narrow
    precisions = (64, 512) * 8
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda bits: over(sp.erfc(X), 3, 3, bits), precisions))
    assert found == [over(sp.erfc(X), 3, 3, bits) for bits in precisions]
