"""The second engine: every cell of a certificate again, in mpmath's intervals and by arguments of its own.

It shares with the first one SymPy's differentiation and substitution, and nothing that computes a number: the tree of
cells is read, the derivatives are bounded and the arguments are made here once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp
from mpmath import libmp

from verify.balls.interval_walk import Walk, missing
from verify.balls.intervals import INF, UNIT, ZERO, Interval, absolute, add, multiply, negative, ratio

Side = tuple[Fraction, Fraction | None]
Cell = tuple[Side, ...]

HIGHEST_ORDER = 6
EXTRA_BITS = 64
"""Beyond the precision of the certificate: eˣ − 1 loses bits near 0, where the first engine has a function for it."""


@dataclass(frozen=True, kw_only=True)
class Recheck:
    """What the second engine found: the cells of ``cells`` that ``held``, or what it ``lacks``, a function by name."""

    held: int
    cells: int
    lacks: str = ""

    @property
    def holds(self) -> bool:
        """Whether every cell was re-checked, and held."""
        return not self.lacks and 0 < self.cells == self.held

    @property
    def contradicts(self) -> bool:
        """Whether a cell was re-checked and did not hold."""
        return not self.lacks and not self.holds

    def __str__(self) -> str:
        if self.lacks:
            return f"not re-checked by mpmath: {self.lacks}"
        return f"re-checked by mpmath: {self.held} of {self.cells} cell{'s' * (self.cells != 1)}"


class Rechecker:
    """The inequality ``expr >= 0`` on a box, for the second engine."""

    def __init__(
        self,
        expr: sp.Expr,
        sides: Mapping[sp.Symbol, tuple[Any, Any]],
        touching: Sequence[Mapping[sp.Symbol, sp.Rational]],
        strict: bool,
        precision: int,
    ) -> None:
        self.expr, self.touching, self.strict, self.precision = expr, touching, strict, precision + EXTRA_BITS
        self.symbols = tuple(symbol for symbol in sides if symbol in expr.free_symbols)
        self.box: Cell = tuple(
            (_fraction(low), None if high is sp.oo else _fraction(high))
            for low, high in (sides[x] for x in self.symbols)
        )

    def certified(self, tree: Sequence[str], cells: int) -> Recheck:
        """Read the tree: a split lies inside its cell, every cell has an argument, and nothing is left over."""
        lacks = missing(self.expr)
        if lacks:
            return Recheck(held=0, cells=cells, lacks=lacks)
        entries, held, seen = iter(tree), 0, 0
        pending = [self.box]
        while pending:
            cell, words = pending.pop(), next(entries, "").split()
            if words[:1] != ["split"]:
                seen += 1
                held += self._argument(cell, words)
                continue
            parts = _split(cell, words[1:])
            if parts is None:
                return Recheck(held=0, cells=cells)
            pending += parts
        whole = next(entries, None) is None and seen == cells
        return Recheck(held=held if whole else 0, cells=cells)

    def violated(self, witness: Mapping[sp.Symbol, sp.Rational]) -> Recheck:
        """The witness lies in the box, and the expression is negative there (not positive, if the claim is strict)."""
        lacks = missing(self.expr)
        if lacks or set(witness) != set(self.symbols):
            return Recheck(held=0, cells=1, lacks=lacks)
        point = tuple((_fraction(witness[x]), _fraction(witness[x])) for x in self.symbols)
        inside = all(
            low <= at and (high is None or at <= high) for (at, _), (low, high) in zip(point, self.box, strict=True)
        )
        value = self._value(self.expr, point)
        negative_there = value is not None and libmp.mpf_sign(value[1]) < (1 if self.strict else 0)
        return Recheck(held=int(inside and negative_there), cells=1)

    # The arguments

    def _argument(self, cell: Cell, words: Sequence[str]) -> bool:
        if self._value(self.expr, cell) is None:  # it may be undefined somewhere on the cell
            return False
        match list(words):
            case ["natural"]:
                return self._passes(self._value(self.expr, cell))
            case ["monotone"]:
                return self._monotone(cell)
            case ["mean-value"]:
                return self._mean_value(cell)
            case ["touching", j] if j.isdecimal() and int(j) < len(self.touching):
                return not self.strict and self._touching(cell, self.touching[int(j)])
        return False

    def _passes(self, value: Interval | None) -> bool:
        return value is not None and libmp.mpf_sign(value[0]) >= (1 if self.strict else 0)

    def _monotone(self, cell: Cell) -> bool:
        sides, moved = self._sides(cell), False
        for symbol, (low, high) in zip(self.symbols, cell, strict=True):
            slope = self._slope(self.expr, symbol, cell)
            if slope is None:
                return False
            if libmp.mpf_sign(slope[0]) >= 0:
                sides[symbol], moved = self._interval(low, low), True
            elif libmp.mpf_sign(slope[1]) <= 0:
                sides[symbol], moved = (INF, INF) if high is None else self._interval(high, high), True
        return moved and self._passes(Walk(sides, self.precision).value(self.expr))

    def _mean_value(self, cell: Cell) -> bool:
        centre: list[Side] = []
        fall: Interval | None = (ZERO, ZERO)
        for symbol, (low, high) in zip(self.symbols, cell, strict=True):
            slope = self._slope(self.expr, symbol, cell)
            if high is None or slope is None:
                return False
            centre.append(((low + high) / 2, (low + high) / 2))
            reach = multiply(self.precision, absolute(self.precision, slope), self._interval(*2 * ((high - low) / 2,)))
            fall = None if reach is None or fall is None else add(self.precision, fall, reach)
        value = self._value(self.expr, tuple(centre))
        if value is None or fall is None:
            return False
        lowest = libmp.mpf_sub(value[0], fall[1], self.precision, libmp.round_floor)
        return self._passes((lowest, lowest))

    def _touching(self, cell: Cell, point: Mapping[sp.Symbol, sp.Rational]) -> bool:
        """Taylor's theorem on the hull of cell and point, from derivatives that vanish exactly at the point."""
        if not point or not set(point) <= set(self.symbols) or not _vanishes(self.expr, point):
            return False
        hull = tuple(
            (min(low, _fraction(point[x])), None if high is None else max(high, _fraction(point[x])))
            if x in point
            else (low, high)
            for x, (low, high) in zip(self.symbols, cell, strict=True)
        )
        if self._value(self.expr, hull) is None:
            return False
        return self._taylor(cell, hull, *next(iter(point.items()))) if len(point) == 1 else self._convex(hull, point)

    def _taylor(self, cell: Cell, hull: Cell, symbol: sp.Symbol, at: sp.Rational) -> bool:
        low, high = cell[self.symbols.index(symbol)]
        above, below = low >= _fraction(at), high is not None and high <= _fraction(at)
        derivative: sp.Expr | None = self.expr
        for order in range(1, HIGHEST_ORDER + 1):
            if not _vanishes(derivative, {symbol: at}):
                return False
            derivative = _slope_of(derivative, symbol)
            value = None if derivative is None or missing(derivative) else self._value(derivative, hull)
            if value is None:
                return False
            if libmp.mpf_sign(value[0]) >= 0 and (above or order % 2 == 0):
                return True
            if libmp.mpf_sign(value[1]) <= 0 and below and order % 2 == 1:
                return True
        return False

    def _convex(self, hull: Cell, point: Mapping[sp.Symbol, sp.Rational]) -> bool:
        """The gradient vanishes at the point, and all leading minors of the Hessian are positive on the hull."""
        names, rows = list(point), []
        for first in names:
            slope = _slope_of(self.expr, first)
            if slope is None or not _vanishes(slope, point):
                return False
            rows.append([self._slope(slope, second, hull) for second in names])
        if any(entry is None for row in rows for entry in row):
            return False
        minors = (self._determinant([row[:k] for row in rows[:k]]) for k in range(1, len(rows) + 1))
        return all(minor is not None and libmp.mpf_sign(minor[0]) > 0 for minor in minors)

    def _determinant(self, rows: list[list[Any]]) -> Interval | None:
        """By the first row."""
        if not rows:
            return UNIT
        terms: list[Interval] = []
        for j, entry in enumerate(rows[0]):
            rest = self._determinant([row[:j] + row[j + 1 :] for row in rows[1:]])
            term = None if rest is None else multiply(self.precision, entry, rest)
            if term is None:
                return None
            terms.append(negative(term) if j % 2 else term)
        return add(self.precision, *terms)

    # Values

    def _interval(self, low: Fraction, high: Fraction | None) -> Interval:
        first = ratio(self.precision, low.numerator, low.denominator)
        if high is None:
            return first[0], INF
        return first[0], ratio(self.precision, high.numerator, high.denominator)[1]

    def _sides(self, cell: Cell) -> dict[sp.Symbol, Interval]:
        return {symbol: self._interval(*side) for symbol, side in zip(self.symbols, cell, strict=True)}

    def _value(self, expr: sp.Expr, cell: Cell) -> Interval | None:
        return Walk(self._sides(cell), self.precision).value(expr)

    def _slope(self, expr: sp.Expr, symbol: sp.Symbol, cell: Cell) -> Interval | None:
        slope = _slope_of(expr, symbol)
        return None if slope is None or missing(slope) else self._value(slope, cell)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _split(cell: Cell, words: Sequence[str]) -> list[Cell] | None:
    """The two parts of a cell, the lower one last; None for a split that is not strictly inside."""
    try:
        (index, place) = words
        i, at = int(index), Fraction(place)
    except (ValueError, ZeroDivisionError):
        return None
    if not 0 <= i < len(cell):
        return None
    low, high = cell[i]
    if not (low < at and (high is None or at < high)):
        return None
    return [(*cell[:i], (at, high), *cell[i + 1 :]), (*cell[:i], (low, at), *cell[i + 1 :])]


@lru_cache(maxsize=256)
def _slope_of(expr: sp.Expr | None, symbol: sp.Symbol) -> sp.Expr | None:
    """The derivative, with common factors taken out; None where the symbol is under a kink or a jump."""
    kinks = (sp.Abs, sp.Max, sp.Min, sp.sign, sp.floor, sp.ceiling)
    if expr is None or any(symbol in node.free_symbols for node in expr.atoms(*kinks)):
        return None
    return sp.factor_terms(sp.diff(expr, symbol))  # type: ignore[return-value]


def _vanishes(expr: sp.Expr | None, point: Mapping[sp.Symbol, sp.Rational]) -> bool:
    value = None if expr is None else expr.subs(dict(point))
    return value is not None and (value == 0 or sp.simplify(value) == 0)
