"""Special functions on spans: gamma and its incomplete forms, beta, Bessel functions, factorials and binomials.

Where a function is monotone in an argument its range is read off at the ends; elsewhere the function is evaluated at
the ball around the span, and it is undefined where that ball is not finite (a pole may be near, or a branch cut).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import sympy as sp
from flint import acb, arb

from verify.balls.spans import (
    INF,
    ONE,
    ZERO,
    Operation,
    Span,
    absolute,
    add,
    at_infinity,
    clip,
    hull,
    monotone,
    subtract,
    whole,
)

VANISHED = (ZERO, ZERO)
_TURN = arb(1.4616), arb(1.4617)
"""Around the argument 1.46163… at which the gamma function is least on (0, ∞)."""


def around(x: Span) -> arb:
    """One ball that holds a span."""
    return x[0] if x[0] is x[1] or bool(x[0] == x[1]) else x[0].union(x[1])


def finite(value: arb) -> Span | None:
    """The span of a ball; undefined if it is not finite."""
    return hull(value, value) if value.is_finite() else None


# Gamma ---------------------------------------------------------------------------------------------------------------


def _valley(name: str, least: float, x: Span) -> Span | None:
    """A convex function on (0, ∞) that falls up to its least value in _TURN and rises to ∞."""
    ends = [getattr(end, name)() if end.is_finite() else INF for end in x]
    if x[0] >= _TURN[1]:
        return hull(*ends)
    if x[1] <= _TURN[0]:
        return hull(ends[1], ends[0])
    here = getattr(around(x), name)() if x[1].is_finite() else arb.nan()
    floor = arb(least)
    return hull(max(floor, here.lower()) if here.is_finite() else floor, max(end.upper() for end in ends))


def gamma(x: Span) -> Span | None:
    """The gamma function, away from its poles."""
    return _valley("gamma", 0.88560319441, x) if x[0] > 0 else finite(around(x).gamma())


def _log_gamma(x: Span) -> Span | None:
    return _valley("lgamma", -0.1214862906, x) if x[0] > 0 else None


_digamma = monotone("digamma", above=ZERO)


def _polygamma(order: Span, x: Span) -> Span | None:
    n = whole(order)
    if n is None or n < 0:
        return None
    if n == 0 and x[0] > 0:
        return _digamma(x)

    def at(z: arb) -> arb:
        return acb(z).polygamma(n).real if z.is_finite() else ZERO

    if x[0] > 0:  # (−1)^{n+1} ψ⁽ⁿ⁾ falls to 0
        return hull(at(x[1]), at(x[0])) if n % 2 else hull(at(x[0]), at(x[1]))
    return finite(at(around(x))) if x[1].is_finite() and x[0].is_finite() else None


def _lower_gamma(s: Span, x: Span) -> Span | None:
    if not (s[0] > 0 and x[0] >= 0):
        return None
    order = around(s)
    low, high = (order.gamma() if not end.is_finite() else end.gamma_lower(order) for end in x)
    return clip((low.lower(), high.upper())) if low.is_finite() and high.is_finite() else None


def _upper_gamma(s: Span, x: Span) -> Span | None:
    if not (x[0] > 0 or (x[0] >= 0 and s[0] > 0)):
        return None
    order = around(s)
    high, low = (ZERO if not end.is_finite() else end.gamma_upper(order) for end in x)
    return clip((low.lower(), high.upper())) if low.is_finite() and high.is_finite() else None


def _falling_in_both(at: Callable[[arb, arb], arb]) -> Callable[[Span, Span], Span | None]:
    """A function that falls to 0 in each of two arguments."""

    def apply(a: Span, b: Span) -> Span | None:
        high, low = (at(a[i], b[i]) if a[i].is_finite() and b[i].is_finite() else ZERO for i in (0, 1))
        return hull(low, high)

    return apply


_positive_beta = _falling_in_both(lambda a, b: a.gamma() * b.gamma() * (a + b).rgamma())
_positive_integral = _falling_in_both(lambda order, x: x.expint(order))


def _exponential_integral(order: Span, x: Span) -> Span | None:
    """``E_ν(x) = ∫_1^∞ e^{−xt} t^{−ν} dt``."""
    defined = x[0] > 0 or (x[0] >= 0 and order[0] > 1)
    return _positive_integral(order, x) if defined and order[0].is_finite() else None


def _beta(a: Span, b: Span) -> Span | None:
    if a[0] > 0 and b[0] > 0:
        return _positive_beta(a, b)
    left, right = around(a), around(b)
    return finite(left.gamma() * right.gamma() * (left + right).rgamma())


def _beta_below(a: Span, b: Span, x: Span, *, regularized: bool) -> Span | None:
    """``B(x; a, b) = ∫_0^x t^{a−1}(1−t)^{b−1} dt``; regularized, the distribution function of the beta law."""
    if not (a[0] > 0 and b[0] > 0 and x[0] >= 0 and x[1] <= 1 and a[1].is_finite() and b[1].is_finite()):
        return None

    def at(p: arb, q: arb, z: arb) -> arb:
        return z.beta_lower(p, q, int(regularized))

    # B falls in a and in b; its regularized form falls in a and rises in b
    low = at(a[1], b[0] if regularized else b[1], x[0])
    high = at(a[0], b[1] if regularized else b[0], x[1])
    return clip((low.lower(), high.upper())) if low.is_finite() and high.is_finite() else None


def _beta_between(a: Span, b: Span, x: Span, y: Span, *, regularized: bool) -> Span | None:
    left, right = (_beta_below(a, b, end, regularized=regularized) for end in (x, y))
    return None if left is None or right is None else subtract(right, left)


# Factorials ----------------------------------------------------------------------------------------------------------


def _factorial(n: Span) -> Span | None:
    above = add(n, (ONE, ONE))
    return None if above is None else gamma(above)


def _binomial(n: Span, k: Span) -> Span | None:
    """``Γ(n+1)/(Γ(k+1) Γ(n−k+1))``; for a whole k >= 0 a polynomial in n, which rises where n >= k − 1."""
    chosen, none = whole(k), n[0] >= 0
    if chosen is not None and chosen >= 0:
        if n[0] >= chosen - 1:
            return hull(*(end.bin(chosen) if end.is_finite() else (INF if chosen else ONE) for end in n))
        return finite(around(n).bin(chosen))
    if chosen is not None:  # 1/Γ(k+1) = 0
        return VANISHED if none else None
    top, bottom = around(n), around(k)
    return finite((top + 1).gamma() * (bottom + 1).rgamma() * (top - bottom + 1).rgamma()) if n[0] > -1 else None


def _rising(x: Span, n: Span) -> Span | None:
    """``Γ(x+n)/Γ(x)``; for a whole n >= 0 the product x(x+1)…(x+n−1), which rises where x >= 0."""
    factors = whole(n)
    if factors is not None and factors >= 0:
        if x[0] >= 0:
            return hull(*(end.rising(factors) if end.is_finite() else (INF if factors else ONE) for end in x))
        return finite(around(x).rising(arb(factors)))
    above = add(x, n)
    if above is None or not (above[0] > 0 and x[0] > 0):
        return None
    return finite((around(x) + around(n)).gamma() * around(x).rgamma())


def _falling(x: Span, n: Span) -> Span | None:
    difference = subtract(x, n)
    first = None if difference is None else add(difference, (ONE, ONE))
    return None if first is None else _rising(first, n)


# Bessel --------------------------------------------------------------------------------------------------------------


def _bessel_i(order: Span, x: Span) -> Span | None:
    """Rises in x and falls in the order where both are >= 0 (Cochran 1967)."""
    if order[0] >= 0 and x[0] >= 0 and order[1].is_finite():
        low, high = (x[i].bessel_i(order[1 - i]) if x[i].is_finite() else INF for i in (0, 1))
        return hull(low, high)
    return _at_balls("bessel_i", order, x)


def _bessel_k(order: Span, x: Span) -> Span | None:
    """Falls in x > 0, is even in the order and rises in its modulus."""
    size = absolute(order)
    if not (x[0] > 0 and size[1].is_finite()):
        return None
    high, low = (x[i].bessel_k(size[1 - i]) if x[i].is_finite() else ZERO for i in (0, 1))
    return clip((low.lower(), high.upper())) if low.is_finite() and high.is_finite() else None


def _bessel_j(order: Span, x: Span) -> Span | None:
    """At most 1 in modulus, and so is its slope, for whole orders and for orders >= 1 at x >= 0 (DLMF 10.14)."""
    n = whole(order)
    bounded = n is not None or (order[0] >= 0 and x[0] >= 0)
    if at_infinity(x) and bounded:
        return VANISHED
    if not (x[0].is_finite() and x[1].is_finite()):
        return (-ONE, ONE) if bounded else None
    found = _at_balls("bessel_j", order, x)
    if not bounded:
        return found
    pieces = [(-ONE, ONE)] if found is None else [(-ONE, ONE), found]
    if n is not None or order[0] >= 1:
        middle = (x[0] + x[1]) / 2
        near = finite(middle.bessel_j(around(order)) + arb(0, (x[1] - x[0]).upper()) / 2)
        pieces += [] if near is None else [near]
    return max(low for low, _ in pieces), min(high for _, high in pieces)


def _bessel_y(order: Span, x: Span) -> Span | None:
    if at_infinity(x) and x[0] > 0:
        return VANISHED
    return _at_balls("bessel_y", order, x) if x[0] > 0 else None


def _at_balls(name: str, order: Span, x: Span) -> Span | None:
    """A Bessel function where it is real: at x > 0, or for a whole order."""
    if whole(order) is None and not x[0] >= 0:
        return None
    if not all(end.is_finite() for end in (*order, *x)):
        return None
    return finite(getattr(around(x), name)(around(order)))


SPECIAL: dict[Any, Operation] = {
    sp.gamma: gamma,
    sp.loggamma: _log_gamma,
    sp.polygamma: _polygamma,
    sp.lowergamma: _lower_gamma,
    sp.uppergamma: _upper_gamma,
    sp.expint: _exponential_integral,
    sp.beta: _beta,
    sp.betainc: partial(_beta_between, regularized=False),
    sp.betainc_regularized: partial(_beta_between, regularized=True),
    sp.factorial: _factorial,
    sp.binomial: _binomial,
    sp.RisingFactorial: _rising,
    sp.FallingFactorial: _falling,
    sp.besseli: _bessel_i,
    sp.besselj: _bessel_j,
    sp.besselk: _bessel_k,
    sp.bessely: _bessel_y,
}
