"""The engine of `certificates`: the arguments that can hold on one cell, and breadth-first bisection into cells.

Cells have Fraction ends, so that splits are exact; an upper end of None is infinity. Everything here runs at the
precision that the caller has set.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp
from flint import arb, arb_mat, fmpq

from verify.balls.enclosures import ROUGH, Program, compiled
from verify.balls.numbers import exact
from verify.balls.spans import INF, Span

Side = tuple[Fraction, Fraction | None]
Cell = tuple[Side, ...]

HIGHEST_ORDER = 6  # of the Taylor argument at a touching point
SMALLEST = Fraction(1, 2**60)  # relative width below which a cell is not split


class Goal:
    """The inequality ``expr >= 0`` on a box, with the compiled programs that its arguments need.

    Raises ValueError for a touching point where the expression is not exactly 0.
    """

    def __init__(
        self,
        expr: sp.Expr,
        sides: Mapping[sp.Symbol, tuple[Any, Any]],
        touching: Sequence[Mapping[sp.Symbol, sp.Rational]],
        strict: bool,
        precision: int,
    ) -> None:
        self.expr, self.strict, self.precision, self.touching = expr, strict, precision, touching
        self.symbols = tuple(symbol for symbol in sides if symbol in expr.free_symbols)
        self.cell: Cell = tuple(
            (exact(low), None if high is sp.oo else exact(high))
            for low, high in (sides[symbol] for symbol in self.symbols)
        )
        self.value = self.program(expr)
        self.faces = [self._face(point) for point in touching]
        self._derivatives: dict[tuple[int, int], Any] = {}
        self._latest: tuple[Cell, Span | None] | None = None

    def program(self, expr: sp.Expr) -> Program:
        """The compiled expression, in the goal's symbols."""
        return compiled(expr, self.symbols, self.precision)

    def over(self, cell: Cell) -> Span | None:
        """The natural enclosure on a cell; the latest one is remembered, for every argument asks for it."""
        if self._latest is None or self._latest[0] != cell:
            self._latest = cell, self.value.run(_spans(cell))
        return self._latest[1]

    def _face(self, point: Mapping[sp.Symbol, sp.Rational]) -> dict[int, Fraction]:
        if not point or not set(point) <= set(self.symbols):
            raise ValueError(f"a touching point must name some of the symbols {self.symbols}; got {dict(point)}")
        if not _vanishes(self.expr, point):
            raise ValueError(
                f"expr must vanish exactly at a touching point; at {dict(point)} it is "
                f"{_at(self.expr, point)}: correct the point or leave it out"
            )
        return {self.symbols.index(symbol): exact(value) for symbol, value in point.items()}

    @cached_property
    def _gradient(self) -> list[Any] | None:
        try:
            slopes = [_diff(self.expr, symbol) for symbol in self.symbols]
            return None if None in slopes else [self.program(slope) for slope in slopes]
        except ValueError:  # a derivative outside the allow-list
            return None

    def _slopes(self, cell: Cell) -> list[Span | None] | None:
        return None if self._gradient is None else [program.run(_spans(cell)) for program in self._gradient]

    def argument(self, cell: Cell) -> str | None:
        """The first argument that holds on the cell."""
        near = [f"touching {j}" for j, face in enumerate(self.faces) if all(_near(cell[i], x) for i, x in face.items())]
        names = ["natural", *near, "monotone", "mean-value"]
        return next((name for name in names if self.holds(cell, name)), None)

    def holds(self, cell: Cell, name: str) -> bool:
        """Whether the named argument holds on the cell; ValueError for a name that is no argument."""
        if self.over(cell) is None:  # somewhere on the cell the expression may be undefined
            return False
        if name == "natural":
            return self._passes(self.over(cell))
        if name == "monotone":
            return self._monotone(cell)
        if name == "mean-value":
            return self._mean_value(cell)
        for j in range(len(self.faces)):
            if name == f"touching {j}":
                return not self.strict and self._touching(cell, j)
        raise ValueError(f"an argument is natural, monotone, mean-value or touching j; got {name!r}")

    def _passes(self, span: Span | None) -> bool:
        return span is not None and bool(span[0] > 0 if self.strict else span[0] >= 0)

    def _monotone(self, cell: Cell) -> bool:
        """Where ∂f/∂xᵢ has a sign, f is least at one end of side i; at an infinite end, in the limit."""
        slopes, spans = self._slopes(cell), _spans(cell)
        if slopes is None or None in slopes:
            return False
        moved = False
        for i, slope in enumerate(slopes):
            if slope is not None and (slope[0] >= 0 or slope[1] <= 0):
                spans[i] = _thin(cell[i][0] if slope[0] >= 0 else cell[i][1])
                moved = True
        return moved and self._passes(self.value.run(spans))

    def _mean_value(self, cell: Cell) -> bool:
        """F(X) ⊂ f(c) + Σ ∂ᵢf(X)(Xᵢ − cᵢ), c the midpoint."""
        slopes = None if any(high is None for _, high in cell) else self._slopes(cell)
        centre = self.at(_midpoint(cell))
        if slopes is None or centre is None:
            return False
        low = centre[0]
        for slope, (left, right) in zip(slopes, cell, strict=True):
            if slope is None or right is None:
                return False
            half = _thin((right - left) / 2)[1]
            low = low - max(abs(slope[0]).upper(), abs(slope[1]).upper()) * half
        return self._passes((low.lower(), low.lower()))

    def _touching(self, cell: Cell, j: int) -> bool:
        face = self.faces[j]
        # The segment from the point to x must stay where the derivative was enclosed: take the hull of both.
        hull = tuple(side if i not in face else _hull(side, face[i]) for i, side in enumerate(cell))
        if self.value.run(_spans(hull)) is None:
            return False
        return self._taylor(cell, hull, j) if len(face) == 1 else self._convex(hull, j)

    def _taylor(self, cell: Cell, hull: Cell, j: int) -> bool:
        ((i, at),) = self.faces[j].items()
        low, high = cell[i]
        for order in range(1, HIGHEST_ORDER + 1):
            program = self._vanishing_derivative(i, j, order)
            span = None if program is None else program.run(_spans(hull))
            if span is None:
                return False
            if (low >= at or order % 2 == 0) and span[0] >= 0:
                return True
            if high is not None and high <= at and order % 2 == 1 and span[1] <= 0:
                return True
        return False

    def _vanishing_derivative(self, i: int, j: int, order: int) -> Any:
        """∂ᵢ to the given order, provided that all lower orders vanish exactly on face j."""
        key = (j, order)
        if key not in self._derivatives:
            symbol, point = self.symbols[i], self.touching[j]
            expr, program = self.expr, None
            for _ in range(order):
                if expr is None or not _vanishes(expr, point):
                    break
                expr = _diff(expr, symbol)
            else:
                program = self._try_program(expr)
            self._derivatives[key] = program
        return self._derivatives[key]

    def _convex(self, hull: Cell, j: int) -> bool:
        """All leading minors of the Hessian (in the touching variables) are certainly positive on the hull."""
        indices, point = sorted(self.faces[j]), self.touching[j]
        key = (j, 0)
        if key not in self._derivatives:
            first = {i: _diff(self.expr, self.symbols[i]) for i in indices}
            flat = all(slope is not None and _vanishes(slope, point) for slope in first.values())
            self._derivatives[key] = (
                [[self._try_program(_diff(first[i], self.symbols[k])) for k in indices] for i in indices]
                if flat
                else []
            )
        spans = [
            [None if entry is None else entry.run(_spans(hull)) for entry in row] for row in self._derivatives[key]
        ]
        if not spans or any(span is None for row in spans for span in row):
            return False
        matrix = [[span[0].union(span[1]) for span in row if span is not None] for row in spans]
        return all(bool(arb_mat([row[:k] for row in matrix[:k]]).det() > 0) for k in range(1, len(matrix) + 1))

    def _try_program(self, expr: sp.Expr | None) -> Any:
        try:
            return None if expr is None else self.program(expr)
        except ValueError:
            return None

    def inside(self, point: Sequence[Fraction]) -> bool:
        """Whether the point lies in the box."""
        return all(low <= x and (high is None or x <= high) for x, (low, high) in zip(point, self.cell, strict=True))

    def at(self, point: Sequence[Fraction]) -> Span | None:
        """The enclosure of the expression at an exact point."""
        return self.value.run([_thin(x) for x in point])

    def violated_at(self, point: Sequence[Fraction]) -> bool:
        """Whether the inequality certainly fails at the point."""
        span = self.at(point)
        return span is not None and bool(span[1] <= 0 if self.strict else span[1] < 0)

    def refuse_singular_corners(self) -> None:
        """Raise ValueError where the expression is undefined at a corner of the box or at a touching point."""
        ends = [sorted({x for x in side if x is not None}) for side in self.cell]
        corners = [] if len(ends) > 6 else [list(corner) for corner in itertools.product(*ends)]
        corners += [[face.get(i, low) for i, (low, _) in enumerate(self.cell)] for face in self.faces]
        for corner in corners:
            if self.at(corner) is None:
                where = ", ".join(f"{s}={x}" for s, x in zip(self.symbols, corner, strict=True)) or "its value"
                raise ValueError(
                    f"{self.expr} is undefined or singular at {where}: give an equivalent form without "
                    "the singularity (multiply by the denominator, say) or a smaller box"
                )


class Search:
    """Breadth-first bisection; the nodes are kept so that the tree can be written in preorder."""

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self.nodes: list[tuple[str, int, int]] = [("", 0, 0)]  # argument or split, and the two children

    def run(self, max_cells: int) -> dict[str, Any]:
        """The fields of the certificate that the search decides."""
        goal, pending = self.goal, deque([(0, self.goal.cell)])
        leaves = Counter[str]()
        while pending:
            index, cell = pending.popleft()
            name = goal.argument(cell)
            if name is not None:
                self.nodes[index] = (name, 0, 0)
                leaves[name.split()[0]] += 1
                continue
            witness = next((x for x in _samples(cell) if goal.violated_at(x)), None)
            used = {"cells": leaves.total(), "methods": dict(leaves)}
            if witness is not None:
                return {"outcome": "violated", "witness": dict(zip(goal.symbols, witness, strict=True)), **used}
            i, size = _longest(cell, goal.cell)
            if size < SMALLEST or leaves.total() + len(pending) + 2 > max_cells:
                return {
                    "outcome": "undecided",
                    "failing": dict(zip(goal.symbols, cell, strict=True)),
                    "reason": self._reason(cell, size),
                    **used,
                }
            at = _cut(*cell[i])
            left, right = halves(cell, i, at)
            self.nodes[index] = (f"split {i} {at}", len(self.nodes), len(self.nodes) + 1)
            pending += [(len(self.nodes), left), (len(self.nodes) + 1, right)]
            self.nodes += [("", 0, 0), ("", 0, 0)]
        return {
            "outcome": "certified",
            "tree": tuple(self._preorder()),
            "cells": leaves.total(),
            "methods": dict(leaves),
        }

    def _preorder(self) -> Iterator[str]:
        stack = [0]
        while stack:
            text, left, right = self.nodes[stack.pop()]
            yield text
            if text.startswith("split"):
                stack += [right, left]

    def _reason(self, cell: Cell, size: Fraction) -> str:
        where = (
            ", ".join(
                f"{s} in [{low}, {high if high is not None else '∞'}]"
                for s, (low, high) in zip(self.goal.symbols, cell, strict=True)
            )
            or "the point"
        )
        if self.goal.over(cell) is None:
            return f"the expression may be undefined on {where}: give an equivalent form without the singularity"
        if any(high is None for _, high in cell):
            return (
                f"no sign could be read off the half-line {where}: give an equivalent form whose derivative or "
                "value has a factored sign there, or a finite box and a bound for the tail"
            )
        what = "not separated from 0 at this precision" if size < SMALLEST else "more cells than max_cells are needed"
        return f"{what}, near {where}; if it is an equality there, name the point in touching"


# Sides and cells -----------------------------------------------------------------------------------------------------


def _arb(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))


def _thin(x: Fraction | None) -> Span:
    if x is None:
        return INF, INF
    value = _arb(x)
    return value.lower(), value.upper()


def _spans(cell: Cell) -> list[Span]:
    return [(_arb(low).lower(), INF if high is None else _arb(high).upper()) for low, high in cell]


def _near(side: Side, at: Fraction) -> bool:
    """Whether the point is at most one width away from the side; further off, the hull would be enclosed badly."""
    low, high = side
    return low - at <= max(at, 1) if high is None else max(low - at, at - high) <= high - low


def _hull(side: Side, at: Fraction) -> Side:
    return min(side[0], at), None if side[1] is None else max(side[1], at)


def halves(cell: Cell, i: int, at: Fraction) -> list[Cell]:
    """Cut side i of a cell at a point inside it."""
    low, high = cell[i]
    return [(*cell[:i], (low, at), *cell[i + 1 :]), (*cell[:i], (at, high), *cell[i + 1 :])]


def _middle(low: Fraction, high: Fraction | None) -> Fraction:
    return low + max(1, abs(low)) if high is None else (low + high) / 2


def _midpoint(cell: Cell) -> list[Fraction]:
    return [_middle(*side) for side in cell]


def _samples(cell: Cell) -> list[list[Fraction]]:
    """The midpoint, and the corner of the lower ends."""
    return [_midpoint(cell), [low for low, _ in cell]]


def _wide_ratio(low: Fraction, high: Fraction) -> bool:
    return low > 0 and high > 16 * low


def _cut(low: Fraction, high: Fraction | None) -> Fraction:
    """Where a side is split: doubling towards ∞, a power of two between ends of different scale, or the midpoint."""
    if high is not None and _wide_ratio(low, high):
        return Fraction(2) ** math.floor((math.log2(low) + math.log2(high)) / 2)
    return _middle(low, high)


def _longest(cell: Cell, box: Cell) -> tuple[int, Fraction]:
    """The side that is longest relative to the box, and its size; (0, 0) for a cell without sides."""
    sizes = [Fraction(0)]
    for (low, high), (left, right) in zip(cell, box, strict=True):
        if high is None:
            sizes.append(Fraction(2) if low < 1 / SMALLEST else Fraction(0))
        elif _wide_ratio(low, high):
            sizes.append(Fraction(3, 2))
        else:
            whole = max(1, abs(low)) if right is None else right - left
            sizes.append((high - low) / whole if whole else Fraction(0))
    best = max(range(len(sizes)), key=lambda k: sizes[k])
    return max(best - 1, 0), sizes[best]


# Exact calculus ------------------------------------------------------------------------------------------------------


def _diff(expr: Any, symbol: sp.Symbol) -> sp.Expr | None:
    """The derivative; None where the symbol is under a kink or a jump, of which SymPy's derivative may know nothing."""
    if any(symbol in node.free_symbols for node in expr.atoms(*ROUGH)):
        return None
    # Common factors are taken out: (u − 1)e⁻ᵘ has a sign on a half-line, u e⁻ᵘ − e⁻ᵘ does not.
    return sp.factor_terms(sp.diff(expr, symbol))


def _at(expr: Any, point: Mapping[sp.Symbol, sp.Rational]) -> Any:
    return expr.subs(dict(point))


def _vanishes(expr: sp.Expr, point: Mapping[sp.Symbol, sp.Rational]) -> bool:
    value = _at(expr, point)
    return value == 0 or sp.simplify(value, doit=not value.has(sp.Integral)) == 0  # SymPy's integrals prove nothing
