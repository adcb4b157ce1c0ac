"""Arithmetic of spans, the values inside the walk of `verify.balls.enclosures`.

A *span* is an interval given by its two ends as exact balls, rather than one ball: a ball has a 30-bit radius, so a
ball around [0, 1/3] leaks below 0 (where a square root is undefined), and it cannot hold a half-line. A span whose ends
are the same infinity stands for a limit. ``None`` is undefined: somewhere on its arguments an operation may leave its
domain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sympy as sp
from flint import arb

Span = tuple[arb, arb]
Operation = Callable[..., Span | None]
"""From the spans of its arguments to a span of its values."""
Run = Callable[[Sequence[Span]], Span | None]
Compile = Callable[[sp.Expr, tuple[sp.Symbol, ...]], Run]
"""From an expression and its symbols to a function of their spans."""

ZERO, ONE, TWO, INF = arb(0), arb(1), arb(2), arb("inf")


def hull(low: arb, high: arb) -> Span | None:
    """The span from the lower end of one ball to the upper end of another; undefined for nan."""
    return None if low.is_nan() or high.is_nan() else (low.lower(), high.upper())


def add(*terms: Span) -> Span | None:
    """The sum of one or more spans."""
    low, high = terms[0]
    for term in terms[1:]:
        low, high = low + term[0], high + term[1]
    return hull(low, high)


def subtract(x: Span, y: Span) -> Span | None:
    """The difference of two spans."""
    return hull(x[0] - y[1], x[1] - y[0])


def whole(x: Span) -> int | None:
    """The integer that a span is, if it is one."""
    number = x[0].unique_fmpz() if bool(x[0] == x[1]) else None
    return None if number is None else int(number)


def _times(x: arb, y: arb) -> arb:
    # 0·∞ = 0 is right for the ends of a span, whose infinite end is never attained.
    return ZERO if x.is_zero() or y.is_zero() else x * y


def contains_zero(x: Span) -> bool:
    """Whether 0 lies in the span."""
    return bool(x[0] <= 0) and bool(x[1] >= 0)


def at_infinity(x: Span) -> bool:
    """Whether the span stands for the limit at ∞ or −∞."""
    return not x[0].is_finite() and bool(x[0] == x[1])


def multiply(*factors: Span) -> Span | None:
    """The product of one or more spans; undefined for the limit ∞·0."""
    result = factors[0]
    for other in factors[1:]:
        (a, b), (c, d) = result, other
        if (at_infinity(result) and contains_zero(other)) or (at_infinity(other) and contains_zero(result)):
            return None  # the limit ∞·0 is indeterminate
        if a >= 0 and c >= 0:
            low, high = _times(a, c), _times(b, d)
        else:
            corners = _times(a, c), _times(a, d), _times(b, c), _times(b, d)
            low, high = min(p.lower() for p in corners), max(p.upper() for p in corners)
        product = hull(low, high)
        if product is None:
            return None
        result = product
    return result


def reciprocal(x: Span) -> Span | None:
    """``1/x``; undefined where x may be 0."""
    return None if contains_zero(x) else hull(ONE / x[1], ONE / x[0])


def absolute(x: Span) -> Span:
    """``|x|``."""
    low, high = x
    if low >= 0:
        return x
    return (-high, -low) if high <= 0 else (ZERO, max(-low, high))


def clip(x: Span) -> Span | None:
    """The part of the span that is >= 0."""
    return None if x[1] < 0 else (max(x[0], ZERO), x[1])


def integer_power(n: int, x: Span) -> Span | None:
    """The power n >= 0, exact in its range: [−1, 2]² is [0, 4], and 0 is never divided by."""

    def at(p: arb) -> arb:
        return p if not p.is_finite() else (-((-p) ** n) if p < 0 else p**n)  # n is odd wherever p < 0

    if n == 0:
        return ONE, ONE
    low, high = absolute(x) if n % 2 == 0 else x
    return hull(at(low), at(high))


def rational_power(p: int, q: int, x: Span) -> Span | None:
    """The power p/q > 0 of numbers >= 0; undefined on a span that reaches below 0."""

    def at(z: arb) -> arb:
        if z.is_zero() or not z.is_finite():
            return z
        return z.sqrt() ** p if q == 2 else (z.log() * p / q).exp()

    return hull(at(x[0]), at(x[1])) if x[0] >= 0 else None


def united(items: Sequence[Span]) -> Span:
    """The smallest span that holds one or more spans."""
    return min(low for low, _ in items), max(high for _, high in items)


def least(*items: Span) -> Span:
    """The least of spans."""
    return min(low for low, _ in items), min(high for _, high in items)


def greatest(*items: Span) -> Span:
    """The greatest of spans."""
    return max(low for low, _ in items), max(high for _, high in items)


def monotone(
    name: str,
    *,
    bottom: arb = -INF,
    top: arb = INF,
    falling: bool = False,
    above: arb | None = None,
    below: arb | None = None,
    start: arb = -INF,
    stop: arb = INF,
    branch: int | None = None,
) -> Operation:
    """A monotone function on a span, from its values at the ends; the range is (bottom, top), limits included.

    Its domain is (above, below), or [start, stop].
    """

    def at(x: arb) -> arb:
        if not x.is_finite():
            return top if bool(x > 0) != falling else bottom
        return getattr(x, name)() if branch is None else x.lambertw(branch)

    def apply(x: Span) -> Span | None:
        if (above is not None and not x[0] > above) or (below is not None and not x[1] < below):
            return None
        if x[0] < start or x[1] > stop:
            return None
        low = at(x[1] if falling else x[0])
        result = hull(low, low if x[0] is x[1] else at(x[0] if falling else x[1]))
        return None if result is None else (max(result[0], bottom), min(result[1], top))

    return apply
