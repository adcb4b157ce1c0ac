"""Where a claim meets numbers: instances of a domain, and the two sides of the claim at an instance, as balls."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb

from theory.statement import Claim, Identity
from verify.domain import Domain, Instance
from verify.methods.balls import enclose, working_precision
from verify.verdict import Witness

Sides = tuple[arb, arb]
Evaluator = Callable[[Instance], Sides]
PRECISION = 160
_LARGEST = 1.0e300


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """How to confront a claim with instances.

    ``sides(claim)`` compiles the claim to a function from an instance to (left, right): the measured quantity and its
    bound, or a violation probability and δ. All numbers are balls, so that a violation is a certainty and never a
    rounding error. ``extremal`` instances (where the claim is known to be tight) are always visited first.
    """

    name: str
    domain: Domain
    sides: Callable[[Claim], Evaluator]
    extremal: tuple[Instance, ...] = ()
    measures: str = "left side over right side"

    def outcome(self, claim: Claim, evaluate: Evaluator, instance: Instance) -> Outcome:
        """Evaluate one instance."""
        with working_precision(PRECISION):
            left, right = evaluate(instance)
            if not (left.is_finite() and right.is_finite()):
                return Outcome(left=left, right=right, ratio=math.nan, violated=False)
            if isinstance(claim.relation, Identity):
                violated = not (left - right).contains(0)
                ratio = _identity_ratio(left, right) if violated else 1.0
            else:
                violated = bool(left > right)
                ratio = _ratio(left, right)
        return Outcome(left=left, right=right, ratio=ratio, violated=violated)


@dataclass(frozen=True)
class Outcome:
    """The two sides at an instance; ``ratio`` is nan where a side is undefined, which is never a pass."""

    left: arb
    right: arb
    ratio: float
    violated: bool

    def witness(self, instance: Instance, note: str = "") -> Witness:
        """The outcome as a witness."""
        return Witness(instance=instance, left=number(self.left), right=number(self.right), ratio=self.ratio, note=note)


def number(ball: arb) -> float:
    """The float nearest to the ball's midpoint."""
    return float(ball.mid())


def _ratio(left: arb, right: arb) -> float:
    if right.contains(0):
        return math.inf if bool(left > 0) else 0.0
    return min(number(left / right), _LARGEST)


def _identity_ratio(left: arb, right: arb) -> float:
    low, high = sorted((abs(number(left)), abs(number(right))))
    return min(high / low, _LARGEST) if low > 0 and bool(left * right > 0) else math.inf


def exact_values(values: Mapping[sp.Symbol, Any]) -> dict[sp.Symbol, arb]:
    """Balls of radius 0 for floats and integers: an instance's numbers are taken exactly."""
    return {sym: value if isinstance(value, arb) else arb(value) for sym, value in values.items()}


@lru_cache(maxsize=1024)
def _sorted_symbols(expr: sp.Expr) -> tuple[sp.Symbol, ...]:
    return tuple(sorted(expr.free_symbols, key=str))  # type: ignore[arg-type]


def value_of(expr: sp.Expr, values: Mapping[sp.Symbol, arb]) -> arb:
    """Enclose an expression at balls, taking from ``values`` the symbols that it has."""
    return enclose(expr, {sym: values[sym] for sym in _sorted_symbols(expr)}, precision=PRECISION)


def relation_sides(claim: Claim, measure: Callable[[Instance], Mapping[sp.Symbol, Any]]) -> Evaluator:
    """The two sides of a claim's relation, from a measurement of its symbols at an instance."""
    left, right = claim.left(), claim.right()

    def evaluate(instance: Instance) -> Sides:
        values = exact_values(measure(instance))
        return value_of(left, values), value_of(right, values)

    return evaluate
