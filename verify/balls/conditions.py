"""Conditions decided by spans, and piecewise functions: which branches a box may reach, and what they give there."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sympy as sp

from verify.balls.spans import Compile, Operation, Span, contains_zero, united

Value = Callable[[sp.Expr], Span | None]

_HOLDS: dict[Any, frozenset[int]] = {
    sp.StrictLessThan: frozenset({-1}),
    sp.LessThan: frozenset({-1, 0}),
    sp.StrictGreaterThan: frozenset({1}),
    sp.GreaterThan: frozenset({0, 1}),
    sp.Equality: frozenset({0}),
    sp.Unequality: frozenset({-1, 1}),
}
"""The signs of left − right at which a relation holds."""
_JOINED: dict[Any, Callable[[Sequence[bool]], bool]] = {sp.And: all, sp.Or: any, sp.Not: lambda truth: not truth[0]}
READABLE = (*_HOLDS, *_JOINED)
"""The relations and connectives of which a condition may be made."""


def branches(expr: sp.Piecewise) -> Iterator[tuple[sp.Expr, Any]]:
    """The branches with their conditions; one that holds wherever none before it does is unconditional."""
    seen: list[Any] = []
    for value, given in expr.args:
        condition = given.to_nnf(simplify=False) if given.has(sp.ITE, sp.Xor, sp.Implies) else given
        seen.append(condition)
        last = sp.Or(*seen) is sp.true
        yield value, sp.true if last else condition
        if last:
            return


def compared(condition: Any) -> Iterator[sp.Expr]:
    """The expressions whose spans decide a condition; ValueError for what is neither a relation nor a connective."""
    if condition in (sp.true, sp.false):
        return
    if condition.func in _HOLDS:
        yield condition.lhs - condition.rhs
        yield from (limit for _, limit in _limits(condition))
    else:
        _connective(condition)
        for part in condition.args:
            yield from compared(part)


def possible(condition: Any, value: Value) -> frozenset[bool] | None:
    """The truth values that a condition may take, from the spans of what it compares; None where it is undefined."""
    if condition in (sp.true, sp.false):
        return frozenset({condition is sp.true})
    if condition.func in _HOLDS:
        span = value(condition.lhs - condition.rhs)
        if span is None:
            return None
        signs = [-1] * bool(span[0] < 0) + [0] * contains_zero(span) + [1] * bool(span[1] > 0)
        return frozenset(sign in _HOLDS[condition.func] for sign in signs)
    parts = [possible(part, value) for part in condition.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return frozenset(map(_connective(condition), itertools.product(*known)))


def _connective(condition: Any) -> Callable[[Sequence[bool]], bool]:
    if condition.func not in _JOINED:
        raise ValueError(
            f"cannot decide the condition {condition!r}: it must be made of <, <=, >, >=, Eq, Ne, And, Or and Not"
        )
    return _JOINED[condition.func]


def _limits(relation: Any) -> Iterator[tuple[Any, sp.Expr]]:
    """A relation as one that bounds a symbol, if it does, with the bound."""
    for turned in (relation, relation.reversed):
        if isinstance(turned.lhs, sp.Symbol) and turned.lhs not in turned.rhs.free_symbols:
            yield turned, turned.rhs


def narrowed(spans: Mapping[sp.Symbol, Span], condition: Any, truth: bool, value: Value) -> dict[sp.Symbol, Span]:
    """Spans that hold every point at which a condition has the given truth value."""
    kind, result = condition.func, dict(spans)
    if kind is sp.Not:
        return narrowed(spans, condition.args[0], not truth, value)
    if kind is (sp.And if truth else sp.Or):
        for part in condition.args:
            result = narrowed(result, part, truth, value)
        return result
    if kind not in _HOLDS:
        return result
    for turned, limit in _limits(condition if truth else condition.negated):
        bound, (low, high) = value(limit), result[turned.lhs]
        if bound is None:
            continue
        signs = _HOLDS[turned.func]
        if 1 not in signs:
            high = min(high, bound[1])
        if -1 not in signs:
            low = max(low, bound[0])
        if low <= high:
            result[turned.lhs] = (low, high)
    return result


def spanned_piecewise(expr: sp.Piecewise, symbols: tuple[sp.Symbol, ...], compile_: Compile) -> Operation:
    """The operation of a piecewise function on the spans of its symbols.

    Every branch that may be reached must be defined where it may be, and some branch must certainly be reached.
    """
    listed = [(compile_(item, symbols), condition) for item, condition in branches(expr)]
    programs = {item: compile_(item, symbols) for _, condition in listed for item in compared(condition)}

    def operation(*given: Span) -> Span | None:
        spans = dict(zip(symbols, given, strict=True))
        found: list[Span] = []

        def value(item: sp.Expr) -> Span | None:
            return programs[item](tuple(spans.values()))

        for run, condition in listed:
            truth = possible(condition, value)
            if truth is None:
                return None
            if True in truth:
                here = run(tuple(narrowed(spans, condition, True, value).values()))
                if here is None:
                    return None
                found.append(here)
            if False not in truth:
                return united(found)
            spans = narrowed(spans, condition, False, value)
        return None

    return operation
