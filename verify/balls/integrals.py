"""Rigorous integrals in ball arithmetic: of SymPy integrands over intervals, half-lines and the line, and under normal
laws.

Integration is Arb's (Johansson 2018): adaptive Gauss–Legendre quadrature with an error bound from the integrand's size
on ellipses around each piece, so that integrands are evaluated at complex balls. Half-lines are cut into pieces up to
a power of 2 beyond which `verify.balls.tails` bounds the rest; an integrand that is unbounded at an end of an interval
is taken to a half-line by 1/y.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any

import sympy as sp
from flint import acb, arb, ctx

from verify.balls.integrands import Complex, Integrand
from verify.balls.spans import Compile, Operation, Span
from verify.balls.tails import Tails

_BITS = 40
"""Integrals are computed to 2⁻⁴⁰ in absolute or relative terms, far below what a comparison of two sides needs."""
_EVALUATIONS = 5_000
"""Of an integrand in one piece, after which the ball says what was reached."""
_NEAR = arb(2) ** -1000
SPAN = 9
"""Standard deviations beyond which a normal law is bounded rather than integrated: its tail is below 2⁻⁶¹."""


def integral(
    function: Complex, lower: arb, upper: arb, *, absolute: arb | None = None, evaluations: int | None = None
) -> arb:
    """Enclose ``∫_lower^upper f(x) dx`` for finite limits, which may be balls; nan where f cannot be bounded.

    It stops at a relative error of 2⁻⁴⁰, at the same or the given ``absolute`` error of the mean of f, or after so many
    ``evaluations``; the ball says what was reached.
    """
    if not (lower.is_finite() and upper.is_finite()):
        return arb.nan()
    width = upper - lower

    def unit(x: acb, analytic: bool) -> acb:  # exact limits, also where the given ones are balls
        return function(width * x + lower, analytic)

    goal = arb(2) ** -min(_BITS, ctx.prec - 8)
    found = width * acb.integral(
        unit, 0, 1, rel_tol=goal, abs_tol=goal if absolute is None else absolute, eval_limit=evaluations
    )
    return found.real if found.imag.contains(0) else arb.nan()


def normal_expectation(
    function: Complex,
    mean: arb,
    std: arb,
    *,
    growth: tuple[arb, arb],
    above: arb | None = None,
    below: arb | None = None,
) -> arb:
    """Enclose ``E[f(X) 1{above < X < below}]`` for X ~ N(mean, std²), std > 0.

    ``growth`` = (p, q) promises ``|f(mean + std z)| <= p + q z²`` for all real z with |z| >= SPAN: what lies there adds
    at most ``2 [(p + q) Q(SPAN) + q SPAN φ(SPAN)]``, Q the normal tail.
    """
    far = arb(SPAN)
    scale = (2 * arb.pi()).sqrt()
    low = -far if above is None else arb.min(far, arb.max(-far, (above - mean) / std))
    high = far if below is None else arb.max(-far, arb.min(far, (below - mean) / std))
    p, q = growth
    tail = (p + q) * (far / arb(2).sqrt()).erfc() + 2 * q * far * (-far * far / 2).exp() / scale
    rest = arb(0, tail.abs_upper())
    if bool(low >= high):
        return rest

    def weighted(z: acb, analytic: bool) -> acb:
        return function(std * z + mean, analytic) * (-z * z / 2).exp()

    middle = weighted(acb((low + high) / 2), False)
    if not middle.is_finite():  # no piece around it can be bounded: nothing is gained by cutting pieces
        return arb.nan()
    return integral(weighted, low, high) / scale + rest


# Integrals of expressions --------------------------------------------------------------------------------------------


def spanned_integral(expr: sp.Integral, symbols: tuple[sp.Symbol, ...], compile_: Compile) -> Operation:
    """The operation of a one-dimensional integral on the spans of its symbols.

    Raises ValueError for an integral over several variables or without limits, for a variable that is declared
    nonnegative and integrated over negative numbers, and for a node that an integrand may not hold.
    """
    if len(expr.limits) != 1 or len(expr.limits[0]) != 3:
        raise ValueError(f"cannot enclose the integral {expr!r}: it must have one variable and two limits")
    variable, lower, upper = expr.limits[0]
    if variable.is_nonnegative and (lower.is_extended_negative or upper.is_extended_negative):
        raise ValueError(
            f"{variable} is declared nonnegative; got an integral over it from {lower} to {upper}: use a real symbol"
        )
    value = _path(_Line(expr.function, variable, symbols, compile_), lower, upper)

    def operation(*spans: Span) -> Span | None:
        if not all(end.is_finite() for span in spans for end in span):
            return None
        found = value(spans)
        return (found.lower(), found.upper()) if found.is_finite() else None

    return operation


class _Line:
    """An integrand in one variable, with the other symbols that it and its limits have."""

    def __init__(self, expr: sp.Expr, variable: sp.Symbol, symbols: tuple[sp.Symbol, ...], compile_: Compile) -> None:
        self.variable, self.symbols, self._compile = variable.as_dummy(), symbols, compile_
        self.expr = expr.xreplace({variable: self.variable})
        self._integrand = Integrand(self.expr, (self.variable, *symbols))
        self._folded: dict[tuple[sp.Expr, int], _Line] = {}

    @cached_property
    def tails(self) -> Tails:
        """Bounds on what lies beyond a power of 2."""
        return Tails(self.expr, self.variable, self.symbols, self._compile)

    def mirrored(self) -> _Line:
        """The integrand at −x."""
        x = sp.Dummy("x", real=True)
        return _Line(self.expr.xreplace({self.variable: -x}), x, self.symbols, self._compile)

    def folded(self, end: sp.Expr, side: int) -> _Line:
        """The integrand beside an end of its interval, in y = 1/|x − end|."""
        key = (end, side)
        if key not in self._folded:
            y = sp.Dummy("y", positive=True)
            beside = self.expr.xreplace({self.variable: end + side / y}) / y**2
            self._folded[key] = _Line(beside, y, self.symbols, self._compile)
        return self._folded[key]

    def between(self, lower: arb, upper: arb, spans: Sequence[Span], *, goal: arb | None = None) -> arb:
        """The integral between finite limits of an integrand that is bounded there; nan otherwise."""
        if not all(self.bounded_at(lower + (upper - lower) * k / 8, spans) for k in range(9)):
            return arb.nan()  # at once, without a search for pieces on which it is
        balls = _balls(spans)
        return integral(
            lambda x, analytic: self._integrand.at((x, *balls), analytic),
            lower,
            upper,
            absolute=goal,
            evaluations=_EVALUATIONS,
        )

    def bounded_at(self, point: arb, spans: Sequence[Span]) -> bool:
        """Whether the integrand is finite around a point; if not, no piece that holds the point can be integrated."""
        near = acb(point + arb(0, _NEAR))
        return self._integrand.at((near, *_balls(spans)), False).is_finite()

    def beside(
        self, end: sp.Expr, side: int, lower: arb, upper: arb, spans: Sequence[Span], *, goal: arb | None = None
    ) -> arb:
        """The integral between limits, the lower (side 1) or upper one being ``end``, where it may be unbounded."""
        if self.bounded_at(lower if side > 0 else upper, spans) or not lower < upper:
            return self.between(lower, upper, spans, goal=goal)
        try:
            line = self.folded(end, side)
        except ValueError:  # a root of negative numbers is written with I
            return arb.nan()
        return _beyond(1 / (upper - lower), line, spans, line.between)


def _balls(spans: Sequence[Span]) -> tuple[acb, ...]:
    return tuple(acb(low if bool(low == high) else low.union(high)) for low, high in spans)


_Value = Callable[[Sequence[Span]], arb]


def _path(line: _Line, lower: Any, upper: Any) -> _Value:
    """The integral from one limit to another, as a function of the symbols' spans."""
    if lower is sp.oo or upper is sp.S.NegativeInfinity:
        back = _path(line, upper, lower)
        return lambda spans: -back(spans)
    if lower is sp.S.NegativeInfinity and upper is sp.oo:
        halves = _path(line.mirrored(), sp.S.Zero, sp.oo), _path(line, sp.S.Zero, sp.oo)
        return lambda spans: halves[0](spans) + halves[1](spans)
    if lower is sp.S.NegativeInfinity:
        return _path(line.mirrored(), -upper, sp.oo)
    ends = [Integrand(end, line.symbols) for end in (lower, upper) if end is not sp.oo]

    def half_line(spans: Sequence[Span]) -> arb:
        (start,) = (end.at(_balls(spans), False).real for end in ends)
        return _beyond(start, line, spans, partial(line.beside, lower, 1))

    def interval(spans: Sequence[Span]) -> arb:
        low, high = (end.at(_balls(spans), False).real for end in ends)
        if all(line.bounded_at(end, spans) for end in (low, high)) or not (low < high or high < low):
            return line.between(low, high, spans)
        left, right, first, last = (low, high, lower, upper) if low < high else (high, low, upper, lower)
        middle = (left + right) / 2
        found = line.beside(first, 1, left, middle, spans)
        if found.is_finite():
            found += line.beside(last, -1, middle, right, spans)
        return found if low < high else -found

    return half_line if upper is sp.oo else interval


# Half-lines ----------------------------------------------------------------------------------------------------------

_FINER = 6
"""Further bits for each of the pieces, of which there are some dozens."""
_ABOVE = (*range(13), 16, 22, 30, 40, 54, 72, 96, 128, 171, 228, 304, 405, 540, 720, 960)
"""Doublings above the start at which the tail may be cut off."""


def _beyond(start: arb, line: _Line, spans: Sequence[Span], first: Callable[..., arb]) -> arb:
    """Enclose the integral from start to ∞, to 2⁻⁴⁰ of its size; ``first`` takes the piece beside the start."""
    lowest = next((k for k in range(4096) if arb(2) ** k >= start.upper()), None)
    if lowest is None:
        return arb.nan()
    bounds: dict[int, arb | None] = {}
    size, total = arb(1), arb.nan()
    for _ in range(4):
        goal = size / 2 ** (_BITS + _FINER)
        cut = _cut(line.tails, spans, lowest, goal, bounds)
        if cut is None:
            return arb.nan()
        total = arb(0, cut[1])
        edges = [start, *(arb(2) ** k for k in range(lowest, cut[0] + 1))]
        for left, right in itertools.pairwise(edges):
            width = (right - left).upper()
            take = first if left is start else line.between
            if width > 0:
                total += take(left, right, spans, goal=goal / width)
        found = total.abs_upper()
        if not total.is_finite() or found.is_zero() or found > size / 2**_FINER:
            break
        size = found
    return total


def _cut(
    tails: Tails, spans: Sequence[Span], lowest: int, goal: arb, bounds: dict[int, arb | None]
) -> tuple[int, arb] | None:
    """The first power of 2 beyond which the tail is below the goal, or the one with the least tail, and that tail."""
    best: tuple[int, arb] | None = None
    for k in (lowest + above for above in _ABOVE):
        bound = bounds[k] if k in bounds else bounds.setdefault(k, tails.beyond(k, spans))
        if bound is not None and (best is None or bound < best[1]):
            best = k, bound
            if bound <= goal:
                break
    return best
