"""Certificates that an expression is nonnegative on a box, by adaptive bisection in interval arithmetic.

On every cell one of four arguments must hold; a certificate records the splits and the argument of every cell, and
`Certificate.verify` checks them all again, with either of two engines. Taken for granted: the enclosures of
python-flint, or of `verify.balls.intervals`, and SymPy's substitution and differentiation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import sympy as sp

from verify.balls.bisection import Goal, Search, halves
from verify.balls.numbers import Exact, exact, working_precision
from verify.balls.reading import parse
from verify.balls.recheck import Recheck, Rechecker

Point = Mapping[sp.Symbol, Exact]

ENGINES = ("flint", "mpmath")
THEOREMS = {
    "natural": "inclusion property of interval arithmetic (Moore 1966)",
    "mean-value": "mean value theorem",
    "monotone": "mean value theorem (a monotone function is least at an end, or in the limit)",
    "touching": "Taylor's theorem with the Lagrange remainder",
}


@dataclass(frozen=True)
class Box:
    """A product of intervals: ``Box({u: (0, oo), y: (-5, "1/3")})``.

    Each side is [lower, upper], exact rationals with lower <= upper, or [lower, ∞) when upper is ``oo``. A half-line
    needs no substitution: cells may themselves be half-lines. Raises ValueError for floats, an infinite lower end, a
    symbol that is declared an integer (a certificate speaks of all reals in the box), or a side outside its symbol's
    declared sign.
    """

    sides: Mapping[sp.Symbol, tuple[Any, Any]]

    def __post_init__(self) -> None:
        strangers = [item for item in self.sides if not isinstance(item, sp.Symbol)]
        if strangers:
            raise ValueError(f"the keys of a box must be SymPy symbols; got {strangers!r}")
        names = [symbol.name for symbol in self.sides]
        if len(set(names)) < len(names):
            raise ValueError(f"the symbols of a box must have different names; got {names}")
        sides: dict[sp.Symbol, tuple[Any, Any]] = {}
        for symbol in sorted(self.sides, key=str):
            lower, upper = self.sides[symbol]
            if symbol.is_integer:
                raise ValueError(
                    f"{symbol} is an integer symbol, and a box holds all reals between its ends: "
                    f"substitute a real symbol for {symbol}"
                )
            if lower == -sp.oo:
                raise ValueError(
                    f"the lower end of {symbol} must be finite; got -oo: substitute -{symbol} and certify "
                    "the two halves"
                )
            low = exact(lower, f"lower end of {symbol}")
            high = None if upper == sp.oo else exact(upper, f"upper end of {symbol}")
            if high is not None and low > high:
                raise ValueError(f"the side of {symbol} must have lower <= upper; got [{low}, {high}]")
            if symbol.is_nonnegative and low < 0:
                raise ValueError(
                    f"{symbol} is declared nonnegative; got the lower end {low}: use lower >= 0 or a real symbol"
                )
            if symbol.is_nonpositive and (high is None or high > 0):
                raise ValueError(
                    f"{symbol} is declared nonpositive; got the upper end {upper}: use upper <= 0 or a real symbol"
                )
            sides[symbol] = (_rational(low), sp.oo if high is None else _rational(high))
        object.__setattr__(self, "sides", MappingProxyType(sides))

    def __str__(self) -> str:
        return (
            " × ".join(
                f"{symbol} in [{low}, {'∞)' if high is sp.oo else f'{high}]'}"
                for symbol, (low, high) in self.sides.items()
            )
            or "a point"
        )

    def to_dict(self) -> list[dict[str, str]]:
        """The box as a JSON array; symbols with their assumptions, ends as text."""
        return [
            {"symbol": sp.srepr(symbol), "lower": str(low), "upper": str(high)}
            for symbol, (low, high) in self.sides.items()
        ]

    @classmethod
    def from_dict(cls, data: Sequence[Mapping[str, str]]) -> Box:
        """Read a box back from `to_dict`."""
        return cls(
            {parse(item["symbol"]): (item["lower"], sp.oo if item["upper"] == "oo" else item["upper"]) for item in data}
        )  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What was established about ``expr >= 0`` (``> 0`` if ``strict``) on ``box``, and how.

    ``outcome`` is "certified", "violated" (at the rational ``witness``, where the enclosure is certainly negative) or
    "undecided" (``failing`` is a smallest cell on which every argument failed, ``reason`` says why). ``tree`` is the
    bisection in preorder: ``"split i p/q"`` cuts the side of the i-th symbol at p/q, every other entry is the argument
    that holds on a cell: "natural" (the enclosure is nonnegative), "mean-value", "monotone" (in some variables, in the
    others natural) or "touching j" (Taylor at the j-th touching point).
    """

    expr: sp.Expr
    box: Box
    outcome: str
    strict: bool = False
    touching: tuple[Mapping[sp.Symbol, sp.Rational], ...] = ()
    precision: int = 128
    tree: tuple[str, ...] = ()
    cells: int = 0
    methods: Mapping[str, int] = field(default_factory=dict)
    witness: Mapping[sp.Symbol, sp.Rational] | None = None
    failing: Box | None = None
    reason: str = ""

    @property
    def certified(self) -> bool:
        """Whether the inequality was proved on the whole box."""
        return self.outcome == "certified"

    @property
    def value_at_witness(self) -> float:
        """The upper end of the expression's enclosure at the witness; NaN without one."""
        if self.witness is None:
            return math.nan
        goal = Goal(self.expr, self.box.sides, (), False, self.precision)
        span = goal.at([exact(x) for x in self.witness.values()])
        return math.nan if span is None else float(span[1])

    def verify(self, engine: str = "flint") -> bool:
        """Check the certificate again from scratch; an undecided one establishes nothing and gives False.

        Certified: every split lies strictly inside its cell, so that the leaves tile the box exactly (in rational
        arithmetic), and the argument stated for each leaf holds there. Violated: the witness lies in the box and the
        enclosure of the expression there is certainly negative. ``engine``: "flint", or "mpmath", whose evaluation
        shares nothing with the other's; False, too, for an expression that it does not know (`recheck` says which).
        Raises ValueError for another engine.
        """
        if engine not in ENGINES:
            raise ValueError(f"engine must be one of {', '.join(ENGINES)}; got {engine!r}")
        if engine == "mpmath":
            return self.recheck().holds
        goal = Goal(self.expr, self.box.sides, self.touching, self.strict, self.precision)
        with working_precision(self.precision):
            if self.outcome == "violated":
                point = [exact(value) for value in (self.witness or {}).values()]
                named = tuple(self.witness or {}) == goal.symbols
                return named and goal.inside(point) and goal.violated_at(point)
            try:
                return self.outcome == "certified" and self._leaves_hold(goal)
            except (ValueError, IndexError, ZeroDivisionError):  # an entry of the tree that cannot be read
                return False

    def recheck(self) -> Recheck:
        """What the second engine, mpmath's intervals, finds on every cell, or at the witness."""
        again = Rechecker(self.expr, self.box.sides, self.touching, self.strict, self.precision)
        if self.outcome == "violated":
            return again.violated(self.witness or {})
        counted = Counter(entry.partition(" ")[0] for entry in self.tree)
        del counted["split"]
        if self.outcome != "certified" or dict(counted) != dict(self.methods):
            return Recheck(held=0, cells=self.cells)
        return again.certified(self.tree, self.cells)

    def _leaves_hold(self, goal: Goal) -> bool:
        pending, counted = [goal.cell], Counter[str]()
        for entry in self.tree:
            if not pending:
                return False
            cell = pending.pop()
            word, *rest = entry.split()
            if word == "split":
                i, at = int(rest[0]), Fraction(rest[1])
                low, high = cell[i]
                if not (i >= 0 and low < at and (high is None or at < high)):
                    return False
                pending += reversed(halves(cell, i, at))
            elif goal.holds(cell, entry):
                counted[word] += 1
            else:
                return False
        return not pending and dict(counted) == dict(self.methods) and self.cells == counted.total()

    def to_dict(self) -> dict[str, Any]:
        """The certificate as a JSON object from which `from_dict` makes an equal one."""
        out: dict[str, Any] = {
            "expr": sp.srepr(self.expr),
            "shown": f"{self.expr} {'>' if self.strict else '>='} 0",
            "box": self.box.to_dict(),
            "outcome": self.outcome,
            "strict": self.strict,
            "precision": self.precision,
            "touching": [point_to_dict(item) for item in self.touching],
            "tree": list(self.tree),
            "cells": self.cells,
            "methods": dict(self.methods),
            "reason": self.reason,
        }
        out["witness"] = None if self.witness is None else point_to_dict(self.witness)
        out["failing"] = None if self.failing is None else self.failing.to_dict()
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Certificate:
        """Read a certificate back from `to_dict`; nothing in it is executed, and `verify` trusts none of it."""
        box = Box.from_dict(data["box"])
        symbols = {symbol.name: symbol for symbol in box.sides}
        witness, failing = data["witness"], data["failing"]
        return cls(
            expr=parse(data["expr"]),
            box=box,
            outcome=data["outcome"],
            strict=data["strict"],
            touching=tuple(_point_from_dict(item, symbols) for item in data["touching"]),
            precision=data["precision"],
            tree=tuple(data["tree"]),
            cells=data["cells"],
            methods=data["methods"],
            reason=data["reason"],
            witness=None if witness is None else _point_from_dict(witness, symbols),
            failing=None if failing is None else Box.from_dict(failing),
        )


def certify_nonnegative(
    expr: sp.Expr,
    box: Box,
    *,
    strict: bool = False,
    touching: Sequence[Point] = (),
    max_cells: int = 20000,
    precision: int = 128,
) -> Certificate:
    """Prove ``expr >= 0`` (or ``> 0``) everywhere on the box, or find a point where it fails, or say "undecided".

    ``touching`` names where the inequality is an equality: a dict of some or all symbols to rationals, on which expr
    must vanish identically. Around a point {x: a} of one variable (a face, if there are more) the argument is
    f = ∂ᵏf(ξ)(x−a)ᵏ/k! with f, …, ∂ᵏ⁻¹f exactly 0 there; with more variables f = ½ zᵀH(ξ)z, with f and its gradient
    exactly 0 and the Hessian positive definite on the cell. An inequality that is tight elsewhere, or degenerate,
    ends "undecided". Cells are halved (at a geometric mean when their ends differ by more than a factor 16) breadth
    first. Raises ValueError for a node outside the allow-list of `balls`, a symbol without a side, a touching point
    where expr is not exactly 0, touching points together with ``strict``, and an expression that is singular at a
    corner of the box or a touching point: give an equivalent form without the singularity.
    """
    if max_cells < 1:
        raise ValueError(f"max_cells must be at least 1; got {max_cells}")
    if strict and touching:
        raise ValueError("a strict inequality cannot touch 0; drop strict or touching")
    points = tuple(_point(item) for item in touching)
    goal = Goal(sp.sympify(expr), box.sides, points, strict, precision)
    with working_precision(precision):
        goal.refuse_singular_corners()
        found = Search(goal).run(max_cells)
    for name, read in (("witness", _point), ("failing", _box)):
        if name in found:
            found[name] = read(found[name])
    return Certificate(expr=goal.expr, box=box, strict=strict, touching=points, precision=precision, **found)


def certify_at_least(
    expr: sp.Expr, bound: sp.Expr | Exact, point: Mapping[sp.Symbol, sp.Expr | Exact], *, precision: int = 128
) -> Certificate:
    """Certify ``expr >= bound`` at one exact point, e.g. that an instance comes within 1e-6 of equality.

    Rational coordinates become a box of one point; others (π, a Lambert W value) are substituted. The outcome is
    "certified", "violated", or "undecided" when ``precision`` does not separate the two sides (as when they are
    equal). Raises ValueError as `certify_nonnegative` does.
    """
    difference: Any = sp.sympify(expr) - _number("bound", bound)
    values = {symbol: _number(f"value of {symbol}", value) for symbol, value in point.items()}
    rational = {symbol: (value, value) for symbol, value in values.items() if isinstance(value, sp.Rational)}
    others = {symbol: value for symbol, value in values.items() if symbol not in rational}
    return certify_nonnegative(difference.subs(others), Box(rational), precision=precision)


def point_to_dict(point: Mapping[sp.Symbol, sp.Rational]) -> dict[str, str]:
    """A point as a JSON object: coordinates as text, by name."""
    return {symbol.name: str(value) for symbol, value in point.items()}


def _rational(x: Fraction) -> Any:
    return sp.Rational(x.numerator, x.denominator)


def _number(name: str, value: Any) -> Any:
    return value if isinstance(value, sp.Expr) else _rational(exact(value, name))


def _point(values: Mapping[sp.Symbol, Exact]) -> Mapping[sp.Symbol, sp.Rational]:
    return MappingProxyType(
        {
            symbol: _rational(exact(value, f"coordinate {symbol}"))
            for symbol, value in sorted(values.items(), key=lambda item: str(item[0]))
        }
    )


def _box(sides: Mapping[sp.Symbol, tuple[Fraction, Fraction | None]]) -> Box:
    return Box({symbol: (low, sp.oo if high is None else high) for symbol, (low, high) in sides.items()})


def _point_from_dict(data: Mapping[str, str], symbols: Mapping[str, sp.Symbol]) -> Mapping[sp.Symbol, sp.Rational]:
    return _point({symbols[name]: value for name, value in data.items()})
