"""A certificate for a lemma in which one real symbol is left: the goal, its box, and where it may touch 0."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from flint import arb

from theory.statement import Claim, Hypothesis
from verify.balls.enclosures import enclose
from verify.evidence.budget import Context
from verify.evidence.certify import Certify, Goal
from verify.evidence.verdict import Evidence, Verdict
from verify.lemma.ranges import Range
from verify.lemma.reading import Gap

_GRID, _STEPS, _DENOMINATOR = 200, 60, 100
_SPAN = 40.0
"""How far a half-line is looked at for points where the goal vanishes."""


@dataclass(frozen=True, kw_only=True)
class OneVariable:
    """Certify what `gap` makes of a claim for one variable between exact ends; else the claim stays undecided."""

    gap: Callable[[Claim], Gap | None]
    variable: sp.Symbol
    low: sp.Rational
    high: sp.Expr
    method: str = "certified"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Certify, with the points of equality that are found, or else without them."""
        begin = time.perf_counter()
        gap = self.gap(claim)
        if gap is None:
            found = self._undecided("the claim is no expression")
        elif gap.inside is not None and not self._certify(claim, gap.inside, context).verdict.holds:
            found = self._undecided(f"{gap.inside} >= 0 is not shown")
        else:
            found = self._certify(claim, gap.expr, context)
        return replace(found, seconds=time.perf_counter() - begin)

    def _certify(self, claim: Claim, expr: sp.Expr, context: Context) -> Evidence:
        reason = ""
        for points in (self._touching(expr), ()):
            goal = Goal(
                name=claim.id, expr=expr, variable=self.variable, lower=self.low, upper=self.high, touching=points
            )
            try:
                return Certify(goals=lambda _claim, goal=goal: (goal,), method=self.method).run(claim, context)
            except ValueError as error:  # singular at an end, or a function that balls do not know
                reason = str(error)
        return self._undecided(reason)

    def _undecided(self, reason: str) -> Evidence:
        return Evidence(method=self.method, verdict=Verdict.UNDECIDED, summary=f"no certificate: {reason}")

    def _touching(self, expr: sp.Expr) -> tuple[sp.Rational, ...]:
        """Rationals at which the goal seems to vanish: the ends, and least values on a grid, refined."""
        if expr.free_symbols != {self.variable}:
            return ()

        def value(point: float) -> float:
            try:
                return float(enclose(expr, {self.variable: arb(point)}).mid())
            except ValueError:
                return math.inf

        low = float(self.low)
        high = low + _SPAN if self.high is sp.oo else float(self.high)
        grid = np.linspace(low, high, _GRID + 1)
        values = [value(float(point)) for point in grid]
        places = {self.low} | (set() if self.high is sp.oo else {self.high})
        for k in range(1, _GRID):
            if values[k] <= min(values[k - 1], values[k + 1]):
                near = _least(value, float(grid[k - 1]), float(grid[k + 1]))
                guess = Fraction(near).limit_denominator(_DENOMINATOR)
                places.add(sp.Rational(guess.numerator, guess.denominator))
        return tuple(sorted(point for point in places if self.low <= point <= self.high))  # type: ignore[type-var]


def _least(value: Callable[[float], float], low: float, high: float) -> float:
    """A least point between two others, by ternary search."""
    for _ in range(_STEPS):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, b) if value(a) <= value(b) else (a, high)
    return (low + high) / 2


def one_variable(
    gap: Callable[[Claim], Gap | None], claim: Claim, ranges: Mapping[str, Range], hypotheses: Iterable[Hypothesis]
) -> OneVariable | None:
    """The certificate of a claim whose gap holds one real symbol, with the range that the hypotheses leave it."""
    found = gap(claim)
    free: set[Any] = set() if found is None else found.symbols()
    if len(free) != 1:
        return None
    (variable,) = free
    own = ranges.get(str(variable))
    if own is None or own.symbol != variable or variable.is_integer or own.low is None:
        return None
    low, high = own.low, own.high
    for item in hypotheses:
        if not item.checked:
            continue
        if item.greater == variable and isinstance(item.lesser, sp.Rational):
            low = sp.Max(low, item.lesser)
        elif item.lesser == variable and isinstance(item.greater, sp.Rational):
            high = sp.Min(high, item.greater)
        else:
            return None
    return OneVariable(gap=gap, variable=variable, low=low, high=high) if low <= high else None  # type: ignore[arg-type]
