"""Where a claim meets numbers: instances of a domain, and the two sides of the claim at an instance, as balls."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import sympy as sp
from flint import arb, ctx

from theory.statement import Claim, Identity
from verify.balls.enclosures import enclose
from verify.balls.numbers import working_precision
from verify.evidence.domain import Domain, Instance
from verify.evidence.verdict import Witness

Sides = tuple[arb, arb]
Evaluator = Callable[[Instance], Sides]
Quantities: TypeAlias = Mapping[sp.Symbol, "arb | float"]
"""What was measured at an instance, by symbol; floats and integers are taken exactly."""
Measure = Callable[[Instance], Quantities]
PRECISION = 160
PRECISIONS = (PRECISION, 1024, 8192)
"""Bits, tried in turn until the balls are narrow enough to tell the ratio of the two sides, and which is larger."""
_LARGEST = 1.0e300
_TELLING = arb("1e-6")
_EQUAL = arb(2) ** -512
"""How narrow a ball of right − left around 0 must be, relative to the sides or to 1, for them to count as equal."""


def _nothing(_claim: Claim, _instance: Instance) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """How to confront a claim with instances.

    ``sides(claim)`` compiles the claim to a function from an instance to (left, right): the measured quantity and its
    bound, or a violation probability and δ. All numbers are balls, so that a violation is a certainty and never a
    rounding error. ``extremal`` instances (where the claim is known to be tight) are always visited first. ``beyond``
    are instances outside the claim's conditions, at the ends of the domain or beyond them (`conditions`).
    ``closed_form``: the fields are the claim's symbols, by name, and the sides those of its relation, so that a search
    may scout in floats. ``too_much(claim, instance)``: why an instance of the domain costs more than a replay may take,
    in words, or nothing: a token may come from anywhere.
    """

    name: str
    domain: Domain
    sides: Callable[[Claim], Evaluator]
    extremal: tuple[Instance, ...] = ()
    beyond: tuple[Instance, ...] = ()
    measures: str = "left side over right side"
    closed_form: bool = False
    too_much: Callable[[Claim, Instance], str] = _nothing

    def outcome(self, claim: Claim, evaluate: Evaluator, instance: Instance) -> Outcome:
        """Evaluate one instance."""
        compare = _compare_identity if isinstance(claim.relation, Identity) else _compare
        found = Outcome(left=arb.nan(), right=arb.nan(), ratio=math.nan, violated=False)
        for precision in PRECISIONS:
            with working_precision(precision):
                found = compare(*evaluate(instance))
            if found.equal or not (math.isnan(found.ratio) or (found.close and precision == PRECISION)):
                break
        return found


@dataclass(frozen=True)
class Outcome:
    """The two sides at an instance; ``ratio`` is nan where a side is undefined, which is never a pass.

    ``close``: the balls of an inequality's sides do not tell which is larger; ``equal``: nor would much narrower ones,
    which is neither a violation nor undefined.
    """

    left: arb
    right: arb
    ratio: float
    violated: bool
    close: bool = False
    equal: bool = False

    def gap(self, above: arb | None = None) -> float:
        """How far the left side exceeds the right one, relative to the larger; nan where they are equal or undefined.

        Its sign is that of left − right, and near 0 it keeps its relative precision, which the ratio near 1 loses.
        With ``above`` both sides are counted from there: what they have in common says nothing of their order.
        """
        with working_precision(PRECISION):
            left, right = (self.left, self.right) if above is None else (self.left - above, self.right - above)
            difference = left - right
            if not difference.is_finite() or difference.contains(0):
                return math.nan
            if bool(left > 0) == bool(right > 0) and bool(left < 0) == bool(right < 0) and not right.contains(0):
                return number(difference / arb.max(abs(left), abs(right)))
            return math.copysign(1 + number(abs(difference).log1p()), number(difference))

    def excess(self) -> float:
        """Left − right, which leads on where the signs of the sides differ; nan where they are equal or undefined."""
        with working_precision(PRECISION):
            difference = self.left - self.right
            return math.nan if self.equal or not difference.is_finite() else number(difference)

    def witness(self, instance: Instance, note: str = "") -> Witness:
        """The outcome as a witness."""
        return Witness(instance=instance, left=number(self.left), right=number(self.right), ratio=self.ratio, note=note)


def number(ball: arb) -> float:
    """The float nearest to the ball's midpoint."""
    return float(ball.mid())


def _compare(left: arb, right: arb) -> Outcome:
    """Whether left > right for certain; the ratio is nan while the balls are too wide to tell it to a millionth."""
    if not (left.is_finite() and right.is_finite()):
        return Outcome(left=left, right=right, ratio=math.nan, violated=False)
    difference, size = right - left, arb.max(abs(left), abs(right))
    close = difference.contains(0)
    equal = difference.is_zero() or (close and bool(difference.rad() <= _EQUAL * arb.max(arb(1), size.mid())))
    if bool(left <= 0) and bool(right >= 0):
        ratio = 0.0
    elif bool(left >= 0) and bool(right <= 0):
        ratio = math.inf
    elif right.contains(0):
        ratio = 0.0 if equal else math.nan
    else:
        quotient = right / left if bool(right < 0) else left / right  # above 1 exactly where left > right
        sharp = bool(quotient.rad() <= _TELLING * arb.max(abs(quotient.mid()), arb(1)))
        ratio = min(max(number(quotient), 0.0), _LARGEST) if sharp else math.nan
    return Outcome(left=left, right=right, ratio=ratio, violated=bool(left > right), close=close, equal=equal)


def _compare_identity(left: arb, right: arb) -> Outcome:
    """Whether the two sides certainly differ; the ratio is that of the larger to the smaller, 1 where they agree."""
    if not (left.is_finite() and right.is_finite()):
        return Outcome(left=left, right=right, ratio=math.nan, violated=False)
    difference = left - right
    if difference.contains(0):
        told = bool(difference.rad() <= _TELLING * arb.max(arb(1), arb.max(abs(left.mid()), abs(right.mid()))))
        return Outcome(left=left, right=right, ratio=1.0 if told else math.nan, violated=False)
    low, high = sorted((abs(number(left)), abs(number(right))))
    ratio = min(high / low, _LARGEST) if low > 0 and bool(left * right > 0) else math.inf
    return Outcome(left=left, right=right, ratio=ratio, violated=True)


def exact_values(values: Quantities) -> dict[sp.Symbol, arb]:
    """Balls of radius 0 for floats and integers: an instance's numbers are taken exactly."""
    return {sym: value if isinstance(value, arb) else arb(value) for sym, value in values.items()}


@lru_cache(maxsize=1024)
def _sorted_symbols(expr: sp.Expr) -> tuple[sp.Symbol, ...]:
    return tuple(sorted(expr.free_symbols, key=str))  # type: ignore[arg-type]


def value_of(expr: sp.Expr, values: Mapping[sp.Symbol, arb]) -> arb:
    """Enclose an expression at balls, taking from ``values`` the symbols that it has."""
    return enclose(expr, {sym: values[sym] for sym in _sorted_symbols(expr)}, precision=ctx.prec)


@dataclass(frozen=True, kw_only=True)
class MeasuredSides:
    """Two sides as expressions, and how their symbols are measured at an instance: an `Evaluator`."""

    left: sp.Expr
    right: sp.Expr
    measure: Measure

    def __call__(self, instance: Instance) -> Sides:
        """Both sides at an instance."""
        values = exact_values(self.measure(instance))
        return value_of(self.left, values), value_of(self.right, values)


def relation_sides(claim: Claim, measure: Measure) -> MeasuredSides:
    """The two sides of a claim's relation, from a measurement of its symbols at an instance."""
    return MeasuredSides(left=claim.left(), right=claim.right(), measure=measure)
