"""Finite sums and products between whole limits."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb

from verify.balls.spans import ONE, ZERO, Compile, Operation, Span, add, multiply, reciprocal, whole

MOST_TERMS = 100_000

Place = tuple[int, ...]
Ends = Callable[[Place], tuple[int, int] | None]
"""The limits of an index, given the values of the indices outside of it; None where one is not whole."""


class LimitError(Exception):
    """A limit is no whole number here."""


def unfolded(expr: Any) -> tuple[sp.Expr, list[tuple[sp.Symbol, sp.Expr, sp.Expr]]]:
    """The term of a sum or product and its limits, outermost first, with indices that occur nowhere else.

    Raises ValueError for limits that are missing, infinite or visibly no integers.
    """
    term, limits = expr.function, []
    for item in expr.limits:
        if len(item) != 3 or any(end.is_infinite or end.is_integer is False for end in item[1:]):
            raise ValueError(f"cannot enclose {expr!r}: the limits of {item[0]} must be two integers; got {item[1:]}")
        index, low, high = item
        fresh = sp.Dummy(index.name, integer=True, nonnegative=index.is_nonnegative)
        term = term.xreplace({index: fresh})
        limits = [(inner, a.xreplace({index: fresh}), b.xreplace({index: fresh})) for inner, a, b in limits]
        limits.append((fresh, low, high))
    return term, limits[::-1]


def places(ends: Sequence[Ends]) -> Iterator[tuple[Place, bool]]:
    """The values that nested indices take, and whether each counts forwards.

    From a to b < a an index takes the values b + 1, …, a − 1 backwards: a sum counts these negatively, a product
    divides by them (Karr 1981), as SymPy does. Raises LimitError, and ValueError for more than MOST_TERMS terms.
    """
    counter = itertools.count(1)

    def inside(outer: Place, forwards: bool) -> Iterator[tuple[Place, bool]]:
        if len(outer) == len(ends):
            _check(next(counter))
            yield outer, forwards
            return
        found = ends[len(outer)](outer)
        if found is None:
            raise LimitError
        low, high = found
        _check(abs(high - low))
        for value in range(low, high + 1) if low <= high else range(high + 1, low):
            yield from inside((*outer, value), forwards == (low <= high))

    return inside((), True)


def _check(terms: int) -> None:
    if terms > MOST_TERMS:
        raise ValueError(
            f"a sum or product may have {MOST_TERMS:,} terms; got more: use a closed form or a smaller instance"
        )


def the_integer(span: Span | None, known: bool) -> int | None:
    """The integer that a span is, or holds alone if its value is known to be an integer."""
    if span is None or not (span[0].is_finite() and span[1].is_finite()):
        return None
    top = span[1].floor()
    alone = known and bool(top >= span[0]) and bool(top - 1 < span[0])
    return whole((top, top) if alone else span)


@dataclass(frozen=True, kw_only=True)
class _Fold:
    """How terms are joined, from what, and what becomes of one that is counted backwards."""

    start: arb
    join: Operation
    back: Operation


_ADDED = _Fold(start=ZERO, join=add, back=lambda x: (-x[1], -x[0]))
_MULTIPLIED = _Fold(start=ONE, join=multiply, back=reciprocal)


def spanned_series(expr: Any, symbols: tuple[sp.Symbol, ...], compile_: Compile) -> Operation:
    """The operation of a finite sum or product on its symbols' spans; undefined where a limit is not whole."""
    fold = _MULTIPLIED if isinstance(expr, sp.Product) else _ADDED
    term, limits = unfolded(expr)
    indices = tuple(index for index, _, _ in limits)
    run = compile_(term, (*indices, *symbols))
    bounds = [
        [(compile_(end, (*indices[:depth], *symbols)), bool(end.is_integer)) for end in limit[1:]]
        for depth, limit in enumerate(limits)
    ]

    def operation(*spans: Span) -> Span | None:
        def at(place: Place) -> tuple[Span, ...]:
            return (*((arb(value), arb(value)) for value in place), *spans)

        def between(place: Place) -> tuple[int, int] | None:
            low, high = (the_integer(run_end(at(place)), known) for run_end, known in bounds[len(place)])
            return None if low is None or high is None else (low, high)

        total: Span | None = (fold.start, fold.start)
        try:
            for place, forwards in places([between] * len(limits)):
                here = run(at(place))
                turned = here if here is None or forwards else fold.back(here)
                total = None if turned is None or total is None else fold.join(total, turned)
                if total is None:
                    return None
        except LimitError:
            return None
        return total

    return operation
