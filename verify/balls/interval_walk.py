"""The second engine's walk: from a SymPy tree and the intervals of its symbols to an interval of its values."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import sympy as sp
from mpmath import libmp

from verify.balls.interval_functions import FUNCTIONS, LAMBERT, STEPS
from verify.balls.intervals import (
    UNIT,
    ZERO,
    Interval,
    add,
    general_power,
    is_limit,
    most,
    multiply,
    pi,
    power,
    ratio,
    rational_power,
    reciprocal,
)

MOST_TERMS = 2000
"""Of sums and products, which are written out."""


def missing(expr: sp.Basic) -> str:
    """The name of a node that the second engine does not know; empty if there is none."""
    for node in sp.preorder_traversal(expr):
        kind: Any = node.func
        if (
            isinstance(node, sp.Symbol | sp.Add | sp.Mul | sp.Pow | sp.Tuple)
            or node in (sp.pi, sp.E)
            or kind in FUNCTIONS
        ):
            continue
        if isinstance(node, sp.Rational) and node.is_finite:
            continue
        if kind is sp.LambertW and (len(node.args) == 1 or node.args[1] in (0, -1)):
            continue
        if isinstance(node, sp.Sum | sp.Product) and _places(node) is not None:
            continue
        return kind.__name__
    return ""


class Walk:
    """The values of expressions while each symbol ranges over its interval, at one precision.

    Raises KeyError for a symbol without an interval, ValueError for what `missing` names.
    """

    def __init__(self, sides: Mapping[sp.Symbol, Interval], precision: int) -> None:
        self.precision = precision
        self._at_infinity = any(map(is_limit, sides.values()))
        self._known: dict[Any, Interval | None] = dict(sides)

    def value(self, expr: sp.Basic) -> Interval | None:
        """An interval that holds every value; None where the expression may be undefined."""
        if expr not in self._known:
            self._known[expr] = self._node(expr)
        return self._known[expr]

    def _node(self, expr: Any) -> Interval | None:  # noqa: PLR0911
        if isinstance(expr, sp.Rational):
            return ratio(self.precision, int(expr.p), int(expr.q))
        if expr is sp.pi:
            return pi(self.precision)
        if expr is sp.E:
            return FUNCTIONS[sp.exp](self.precision, UNIT)
        if isinstance(expr, sp.Symbol):
            raise KeyError(expr)
        if isinstance(expr, sp.Sum | sp.Product):
            return self._written_out(expr)
        kind: Any = expr.func
        if kind in STEPS and self._at_infinity:
            return None  # a jump may keep the limit from being the value at the limit
        if kind is sp.Pow:
            return self._power(*expr.args)
        if kind is sp.LambertW:
            branch = int(expr.args[1]) if len(expr.args) == 2 else 0
            return self._apply(LAMBERT[branch], expr.args[:1])
        found = {sp.Add: add, sp.Mul: multiply}.get(kind) or FUNCTIONS.get(kind)
        if found is None:
            raise ValueError(f"the second engine has no {kind.__name__}: use `missing` first")
        return self._apply(found, expr.args)

    def _apply(self, operation: Any, arguments: Any) -> Interval | None:
        values = [self.value(argument) for argument in arguments]
        return None if None in values else operation(self.precision, *values)

    def _power(self, base: Any, exponent: Any) -> Interval | None:
        inner = self.value(base)
        if inner is None:
            return None
        if not isinstance(exponent, sp.Rational):
            index = self.value(exponent)
            if index is None or is_limit(index):
                return None
            return general_power(self.precision, inner, index)
        p, q = abs(int(exponent.p)), int(exponent.q)
        if q == 1:
            result = power(self.precision, p, inner)
        else:
            if base.is_nonnegative and not libmp.mpf_sign(inner[1]) < 0:
                inner = most(inner[0], ZERO), inner[1]  # what lies below 0 is overestimation
            result = rational_power(self.precision, p, q, inner)
        return reciprocal(self.precision, result) if exponent.is_negative and result is not None else result

    def _written_out(self, expr: Any) -> Interval | None:
        places = _places(expr)
        if places is None:
            raise ValueError(f"the second engine has no {type(expr).__name__} like {expr}: use `missing` first")
        indices = [limit[0] for limit in expr.limits]
        terms = [expr.function.xreplace(dict(zip(indices, place, strict=True))) for place in places]
        if not terms:
            return UNIT if isinstance(expr, sp.Product) else (ZERO, ZERO)
        return self._apply(multiply if isinstance(expr, sp.Product) else add, terms)


def _places(expr: Any) -> list[tuple[sp.Integer, ...]] | None:
    """The values that the indices of a sum or product take; None where limits are no integers, or fall."""
    ranges, count = [], 1
    for limit in expr.limits:
        if len(limit) != 3 or not all(isinstance(end, sp.Integer) for end in limit[1:]):
            return None
        low, high = int(limit[1]), int(limit[2])
        count *= high - low + 1
        if high < low or count > MOST_TERMS:
            return None
        ranges.append([sp.Integer(k) for k in range(low, high + 1)])
    return list(itertools.product(*ranges))
