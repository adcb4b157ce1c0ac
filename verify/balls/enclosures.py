"""Enclosures of SymPy expressions in ball arithmetic: an allow-list walk from the tree to rigorous bounds.

Inside the walk a value is a span of `verify.balls.spans`; an undefined one (``None``) absorbs everything it meets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import sympy as sp
from flint import arb

from theory.normal import BivariateNormalCDF
from verify.balls.conditions import spanned_piecewise
from verify.balls.elementary import (
    ELEMENTARY,
    ERF,
    ERFC,
    EXPM1,
    LAMBERT,
    LOG,
    LOG1P,
    STEPS,
    general_power,
    symbolic_power,
    whole_power,
)
from verify.balls.integrals import spanned_integral
from verify.balls.numbers import rational, working_precision
from verify.balls.spans import (
    INF,
    ZERO,
    Compile,
    Operation,
    Run,
    Span,
    add,
    at_infinity,
    clip,
    hull,
    integer_power,
    multiply,
    rational_power,
    reciprocal,
)
from verify.balls.special import SPECIAL
from verify.balls.sums import spanned_series

FUNCTIONS: dict[Any, Operation] = {**ELEMENTARY, **SPECIAL}
COMPOUND: dict[Any, Callable[[Any, tuple[sp.Symbol, ...], Compile], Operation]] = {
    sp.Integral: spanned_integral,
    sp.Sum: spanned_series,
    sp.Product: spanned_series,
    sp.Piecewise: spanned_piecewise,
}
"""Nodes with parts of their own, which are compiled apart: they are operations on the spans of their free symbols."""
JUMPS = (*STEPS, sp.Piecewise)
ROUGH = (*JUMPS, sp.Abs, sp.Max, sp.Min)
"""Nodes that may not be differentiable."""
SUPPORTED = (
    "rational numbers, pi, E, symbols, Add, Mul, Pow, log, LambertW (branches 0 and -1), "
    f"{', '.join(kind.__name__ for kind in FUNCTIONS)}, BivariateNormalCDF, Piecewise, and Sum, Product and Integral "
    "over one range each"
)


class Program:
    """An expression compiled to a list of span operations, one per distinct subexpression.

    ``run(spans)`` takes one span per symbol, in the order of ``symbols``, and returns a span that contains every value
    of the expression there, or None where the expression may be undefined. It computes at the current precision; the
    constants carry the precision of the moment when the program was made. Raises ValueError for a node outside the
    allow-list.
    """

    def __init__(self, expr: sp.Expr, symbols: Sequence[sp.Symbol]) -> None:
        self.symbols = tuple(symbols)
        missing = sorted(str(item) for item in expr.free_symbols - set(symbols))
        if missing:
            raise ValueError(f"no interval was given for {', '.join(missing)}: give one for every symbol of {expr}")
        self._slots: list[Span | None] = [None] * len(self.symbols)
        self._code: list[tuple[int, Operation, tuple[int, ...]]] = []
        self._index: dict[Any, int] = {symbol: i for i, symbol in enumerate(self.symbols)}
        self._varies = set(range(len(self.symbols)))
        self._jumps = expr.has(*JUMPS)
        self._result = self._visit(expr)

    def run(self, spans: Sequence[Span]) -> Span | None:
        """The span of the expression's values on the product of the given spans."""
        if self._jumps and any(map(at_infinity, spans)):
            return None  # a jump may keep the limit from being the value at the limit
        slots = self._slots.copy()
        slots[: len(spans)] = spans
        for target, operation, arguments in self._code:
            values = [slots[i] for i in arguments]
            slots[target] = None if None in values else operation(*values)
        return slots[self._result]

    def _emit(self, operation: Operation, *arguments: int) -> int:
        target = len(self._slots)
        if self._varies.isdisjoint(arguments):  # a constant subexpression: evaluated once, now
            values = [self._slots[i] for i in arguments]
            self._slots.append(None if None in values else operation(*values))
        else:
            self._slots.append(None)
            self._varies.add(target)
            self._code.append((target, operation, arguments))
        return target

    def _constant(self, value: arb) -> int:
        self._slots.append(hull(value, value))
        return len(self._slots) - 1

    def _visit(self, expr: sp.Basic) -> int:
        if expr not in self._index:
            self._index[expr] = self._node(expr)
        return self._index[expr]

    def _node(self, expr: Any) -> int:  # noqa: PLR0911
        if isinstance(expr, sp.Rational) and expr.is_finite:
            return self._constant(rational(expr))
        if expr is sp.pi or expr is sp.E:
            return self._constant(arb.pi() if expr is sp.pi else arb.const_e())
        if isinstance(expr, sp.Add):
            return self._sum(expr)
        if isinstance(expr, sp.Mul):
            return self._emit(multiply, *map(self._visit, expr.args))
        if isinstance(expr, sp.Pow):
            return self._power(expr)
        kind: Any = expr.func
        arguments: tuple[Any, ...] = expr.args
        if kind is sp.log:
            return self._logarithm(arguments[0])
        if kind is sp.LambertW and arguments[1:] in ((), (0,), (-1,)):
            return self._emit(LAMBERT[int(sum(arguments[1:]))], self._visit(arguments[0]))
        if kind in FUNCTIONS:
            return self._emit(FUNCTIONS[kind], *map(self._visit, arguments))
        if kind is BivariateNormalCDF:
            return self._visit(expr.rewrite(sp.Integral))
        if kind in COMPOUND:
            symbols = _free_symbols(expr)
            return self._emit(COMPOUND[kind](expr, symbols, _compile), *map(self._visit, symbols))
        if isinstance(expr, sp.Float):
            raise ValueError(
                f"cannot enclose the Float {expr}: it is already rounded; write Rational('{expr}') or an "
                "exact expression"
            )
        raise ValueError(
            f"cannot enclose the node {expr!r} ({type(expr).__name__}); supported are {SUPPORTED}: "
            "rewrite the expression in these"
        )

    def _sum(self, expr: sp.Add) -> int:
        """A sum, with k eˣ − k as k·expm1(x), k − k·erf(x) as k·erfc(x) and k − k·erfc(x) as k·erf(x)."""
        constant = next((term for term in expr.args if isinstance(term, sp.Rational)), None)
        if constant is None:
            return self._emit(add, *map(self._visit, expr.args))
        for term in expr.args:
            factor, rest = term.as_coeff_Mul()
            for kind, operation, flip in ((sp.exp, EXPM1, 1), (sp.erf, ERFC, -1), (sp.erfc, ERF, -1)):
                if isinstance(rest, kind) and factor == -constant:
                    merged = self._emit(operation, self._visit(rest.args[0]))
                    scaled = self._emit(multiply, self._visit(factor * flip), merged)
                    others = [self._visit(item) for item in expr.args if item not in (constant, term)]
                    return self._emit(add, scaled, *others) if others else scaled
        return self._emit(add, *map(self._visit, expr.args))

    def _logarithm(self, argument: Any) -> int:
        if isinstance(argument, sp.Add) and sp.S.One in argument.args:
            return self._emit(LOG1P, self._visit(sp.Add(argument, sp.S.NegativeOne)))
        return self._emit(LOG, self._visit(argument))

    def _power(self, expr: Any) -> int:
        base, exponent = expr.args
        inner = self._visit(base)
        if not isinstance(exponent, sp.Rational):
            return self._emit(_power_of(exponent), inner, self._visit(exponent))
        p, q = abs(int(exponent.p)), int(exponent.q)
        if q == 1:
            result = self._emit(partial(integer_power, p), inner)
        else:
            if base.is_nonnegative:  # known from the symbols' assumptions; overestimation must not undo it
                inner = self._emit(clip, inner)
            result = self._emit(partial(rational_power, p, q), inner)
        return self._emit(reciprocal, result) if exponent.is_negative else result


def _power_of(exponent: Any) -> Operation:
    indices = exponent.is_integer and all(isinstance(symbol, sp.Dummy) for symbol in exponent.free_symbols)
    if indices:
        return whole_power
    return symbolic_power if exponent.is_integer or exponent.is_Symbol else general_power


def _compile(expr: sp.Expr, symbols: tuple[sp.Symbol, ...]) -> Run:
    return Program(expr, symbols).run


@lru_cache(maxsize=512)
def compiled(expr: sp.Expr, symbols: tuple[sp.Symbol, ...], precision: int) -> Program:
    """The program of an expression with its constants at ``precision`` bits, made once per process."""
    with working_precision(precision):
        return Program(expr, symbols)


@lru_cache(maxsize=2048)
def _free_symbols(expr: sp.Expr) -> tuple[sp.Symbol, ...]:
    return tuple(sorted(expr.free_symbols, key=str))  # type: ignore[arg-type]


def enclose(expr: sp.Expr, values: Mapping[sp.Symbol, arb], *, precision: int = 128) -> arb:
    """Enclose every value that an expression takes when each symbol ranges over its ball.

    The result contains {expr(x) : xᵢ in values[i]}; it is nan where the expression may be undefined (a logarithm of a
    ball that reaches 0), never a guess. Symbols' assumptions are believed: a ball that lies outside its symbol's
    domain raises ValueError, as does a node outside the allow-list or a symbol without a ball. Source: the inclusion
    property of interval arithmetic (Moore 1966); Arb (Johansson 2017) for the elementary functions.
    """
    expr = sp.sympify(expr)
    free = _free_symbols(expr)
    symbols = tuple(symbol for symbol in free if symbol in values)
    with working_precision(precision):
        spans = []
        for symbol in symbols:
            value = values[symbol]
            if not isinstance(value, arb):
                raise ValueError(f"the value of {symbol} must be a ball; got {value!r}: use ball(lower, upper)")
            if value.is_nan():
                return arb.nan()
            if symbol.is_nonnegative and value < 0:
                raise ValueError(
                    f"{symbol} is declared nonnegative; got the ball {value}: use a symbol without that assumption"
                )
            # a nonnegative symbol's ball may leak below 0 by its radius: that part is not in the symbol's domain
            low = value.lower()
            spans.append((max(low, ZERO) if symbol.is_nonnegative else low, value.upper()))
        result = compiled(expr, symbols, precision).run(spans)
        if result is None:
            return arb.nan()
        return result[0].union(result[1]) if result[0].is_finite() and result[1].is_finite() else arb(0, INF)
