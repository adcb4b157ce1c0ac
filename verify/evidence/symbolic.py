"""Symbolic steps, each an object that a machine checks, and arguments made of them, which derive no conclusion.

A step that does not reduce is UNDECIDED; a step is false only with a rational point at which ball arithmetic excludes
it. SymPy's own inequality reasoning is not used, except for the sign that its assumptions give to a product or sum of
visibly nonnegative parts.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import sympy as sp
from flint import arb

from theory.statement import Claim
from theory.symbols import REGISTRY
from verify.balls.enclosures import enclose
from verify.evidence.budget import Context
from verify.evidence.verdict import CheckedStep, Evidence, Verdict


class Status(StrEnum):
    """The outcome of one step."""

    VERIFIED = "verified"
    UNDECIDED = "undecided"
    FALSE = "false"


class Step(Protocol):
    """A step of a proof: a name, and a check."""

    @property
    def name(self) -> str:
        """What the step says."""
        ...

    def check(self) -> Status:
        """Verify the step."""
        ...


@dataclass(frozen=True, kw_only=True)
class Equal:
    """The identity ``left == right`` for all values of its symbols."""

    name: str
    left: sp.Expr
    right: sp.Expr

    def check(self) -> Status:
        """Reduce the difference to 0, or exclude 0 at a rational point by balls."""
        return Status.FALSE if self.counterexample() is not None else vanishes(self.left - self.right)

    def counterexample(self) -> dict[str, str] | None:
        """A rational point at which the two sides certainly differ, if a few tries find one."""
        return separating_point(self.left, self.right)


@dataclass(frozen=True, kw_only=True)
class Sign:
    """``expr >= 0`` (``> 0`` if ``strict``), visible from the signs of the parts."""

    name: str
    expr: sp.Expr
    strict: bool = False

    def check(self) -> Status:
        """Ask for the sign that the assumptions on the symbols give to sums and products."""
        sign = self.expr.is_positive if self.strict else self.expr.is_nonnegative
        return Status.VERIFIED if sign else Status.UNDECIDED


@dataclass(frozen=True, kw_only=True)
class Tends:
    """The limit of ``expr`` as ``variable`` tends to ``point`` (from ``direction``) is ``value``.

    Other symbols may stand in a factor of a definite sign only: SymPy's limits hold for generic values of parameters,
    (ax + 1)/(ax + 2) → 1 forgets a = 0.
    """

    name: str
    expr: sp.Expr
    variable: sp.Symbol
    point: sp.Expr
    value: sp.Expr
    direction: str = "-"

    def check(self) -> Status:
        """Let SymPy take the limit and compare."""
        factor, rest = sp.sympify(self.expr).as_independent(self.variable, as_Add=False)
        if rest.free_symbols - {self.variable} or not (factor.is_positive or factor.is_negative):
            return Status.UNDECIDED
        limit, value = factor * _limit(rest, self.variable, self.point, self.direction), sp.sympify(self.value)
        return Status.VERIFIED if limit == value or sp.simplify(limit - value) == 0 else Status.UNDECIDED


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A standard theorem that the proof rests on; it is named, not checked."""

    theorem: str
    use: str

    @property
    def name(self) -> str:
        """The theorem and its use."""
        return f"{self.theorem}: {self.use}"

    def check(self) -> Status:
        """Cited theorems are taken for granted, and listed as such."""
        return Status.VERIFIED


@dataclass(frozen=True, kw_only=True)
class Argument:
    """Argue for a claim by steps built from its own expressions, so that a wrong variant does not go through.

    The steps are checked one by one; that the claim follows from them is not, for the reason ``gap``.
    """

    steps: Callable[[Claim], Sequence[Step]]
    gap: str
    method: str = "symbolic"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Check every step."""
        begin = time.perf_counter()
        steps = list(self.steps(claim))
        outcomes = [(step, step.check()) for step in steps]
        cited = tuple(step.name for step in steps if isinstance(step, Cited))
        broken = [(step, status) for step, status in outcomes if status is not Status.VERIFIED]
        checked = len(steps) - len(cited)
        # citations alone say nothing about this claim: the same would go through for any other
        verdict = Verdict.ARGUED if checked and not broken else Verdict.UNDECIDED
        summary = f"{broken[0][1]}: {broken[0][0].name}" if broken else _summary(checked, self.gap)
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            steps=checked_steps(outcomes),
            rests_on=cited,
            seconds=time.perf_counter() - begin,
        )


def _summary(checked: int, gap: str) -> str:
    return f"{checked} step{'s' * (checked != 1)} checked; the conclusion is not derived: {gap}"


def checked_steps(outcomes: Iterable[tuple[Step, Status]]) -> tuple[CheckedStep, ...]:
    """Steps with their outcomes, for a report."""
    return tuple(
        CheckedStep(step=step.name, status="cited" if isinstance(step, Cited) else str(status))
        for step, status in outcomes
    )


_REDUCTIONS: tuple[Callable[[sp.Expr], sp.Expr], ...] = (
    sp.expand,
    sp.simplify,
    lambda expr: sp.expand(sp.expand_log(expr, force=False)),
    lambda expr: sp.simplify(sp.expand(expr.rewrite(sp.exp))),
    lambda expr: sp.simplify(sp.powdenest(sp.expand(expr, power_base=True))),
)


def vanishes(expr: sp.Expr) -> Status:
    """Whether a portfolio of reductions brings ``expr`` to 0 (else undecided: not reaching 0 proves nothing)."""
    for reduce in _REDUCTIONS:
        if reduce(expr) == 0:
            return Status.VERIFIED
    return Status.UNDECIDED


def _limit(expr: sp.Expr, variable: sp.Symbol, point: sp.Expr, direction: str) -> sp.Expr:
    """SymPy's limit, or nan where it finds none."""
    try:
        return sp.limit(expr, variable, point, direction)
    except (ArithmeticError, AttributeError, NotImplementedError, RecursionError, TypeError, ValueError, sp.PoleError):
        return sp.nan


def separating_point(left: sp.Expr, right: sp.Expr, tries: int = 4) -> dict[str, str] | None:
    """A rational point at which balls certainly separate two expressions; None when a few tries find none."""
    difference = sp.sympify(left) - sp.sympify(right)
    free = sorted(difference.free_symbols, key=str)
    draw = random.Random(20231)
    for number in range(tries):
        side = (1, -1)[number] if number < 2 else 0  # both signs once for certain, then mixed ones
        values = {sym: _admissible(sym, draw, side) for sym in free}
        if not all(_belongs(value, sym) for sym, value in values.items()):
            return None  # a symbol whose assumptions the draws do not meet
        try:
            ball = enclose(difference, {sym: arb(value.p) / arb(value.q) for sym, value in values.items()})
        except ValueError:
            return None  # undefined functions, integrals: no numeric value
        if ball.is_finite() and not ball.contains(0):
            return {str(sym): str(value) for sym, value in values.items()}
    return None


def _admissible(symbol: sp.Basic, draw: random.Random, side: int) -> sp.Rational:
    entry = REGISTRY.get(str(symbol))
    if symbol.is_integer:
        return sp.Integer(draw.randint(1, 9))
    if entry is not None and entry.upper == 1:
        return sp.Rational(draw.randint(1, 96), 97)
    value = sp.Rational(draw.randint(1, 300), 101)
    if symbol.is_nonpositive:
        return -value
    return value if symbol.is_nonnegative or (side or draw.choice((1, -1))) > 0 else -value


def _belongs(value: sp.Rational, symbol: sp.Basic) -> bool:
    """Whether a number meets every assumption that its symbol was declared with."""
    return all(getattr(value, f"is_{name}") is truth for name, truth in symbol.assumptions0.items())
