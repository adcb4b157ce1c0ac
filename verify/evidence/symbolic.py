"""Symbolic proofs: chains of steps, each an object that a machine checks, resting on named standard theorems.

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
from verify.evidence.verdict import CheckedStep, Evidence, Verdict, Witness


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
class TaylorSign:
    """``expr >= 0`` for every ``variable >= start``, by the first derivative whose sign is visible.

    f(start) >= 0, f'(start) >= 0, …, f⁽ᵏ⁻¹⁾(start) >= 0 and f⁽ᵏ⁾ >= 0 throughout imply f >= 0 beyond ``start``.
    With ``both_sides`` (k = 2, f = f' = 0 at ``start``: a convex function touching 0) it holds on the whole line.
    """

    name: str
    expr: sp.Expr
    variable: sp.Symbol
    start: sp.Expr = sp.S.Zero
    both_sides: bool = False
    order: int = 3

    def check(self) -> Status:
        """Differentiate until the sign is visible, checking the values at ``start`` on the way."""
        # a dummy: a symbol that merely has the same name must not be taken for the variable
        shift = sp.Dummy("shift", real=True) if self.both_sides else sp.Dummy("shift", nonnegative=True)
        point = self.start if self.both_sides else sp.S.Zero
        current = self.expr.subs(self.variable, shift if self.both_sides else self.start + shift)
        if not smooth(current):  # across a jump or a pole derivatives say nothing
            return Status.UNDECIDED
        for k in range(self.order + 1):
            if sp.simplify(current).is_nonnegative and not (self.both_sides and k != 2):
                return Status.VERIFIED
            value = sp.simplify(current.subs(shift, point))
            if not (value.is_zero if self.both_sides else value.is_nonnegative):
                return Status.UNDECIDED
            current = sp.diff(current, shift)
        return Status.UNDECIDED


@dataclass(frozen=True, kw_only=True)
class RiseThenFall:
    """``expr >= 0`` on [0, ∞): it starts at >= 0, rises, then falls towards a limit >= 0.

    The derivative is ``positive · sign`` with ``positive > 0`` and ``sign`` strictly decreasing from a positive value.
    """

    name: str
    expr: sp.Expr
    variable: sp.Symbol
    positive: sp.Expr
    sign: sp.Expr

    def check(self) -> Status:
        """Check the factorisation of the derivative, the monotone factor, and both ends."""
        var = sp.Dummy("var", nonnegative=True)
        expr, positive, sign = (part.subs(self.variable, var) for part in (self.expr, self.positive, self.sign))
        if not (smooth(expr) and smooth(positive) and smooth(sign)):
            return Status.UNDECIDED
        facts = [
            vanishes(sp.diff(expr, var) - positive * sign) is Status.VERIFIED,
            bool(positive.is_positive),
            bool(sp.diff(sign, var).is_negative),
            bool(sp.simplify(sign.subs(var, 0)).is_positive),
            bool(sp.simplify(expr.subs(var, 0)).is_nonnegative),
            bool(_limit(expr, var, sp.oo, "-").is_nonnegative),
        ]
        return Status.VERIFIED if all(facts) else Status.UNDECIDED


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
class Certain:
    """``left < right`` (or ``<=`` at exact equality of rationals) between two numbers, certified by balls."""

    name: str
    left: sp.Expr
    right: sp.Expr

    def check(self) -> Status:
        """Compare enclosures; rationals are compared exactly."""
        if isinstance(self.left, sp.Rational) and isinstance(self.right, sp.Rational):
            return Status.VERIFIED if self.left <= self.right else Status.FALSE
        left, right = enclose(sp.sympify(self.left), {}), enclose(sp.sympify(self.right), {})
        if bool(left <= right):
            return Status.VERIFIED
        return Status.FALSE if bool(left > right) else Status.UNDECIDED


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
class Proof:
    """Prove a claim by steps built from the claim's own expressions, so that a wrong variant does not go through.

    ``decisive`` says that a false step refutes the claim (when the step *is* the claim); else it only breaks the proof.
    """

    steps: Callable[[Claim], Sequence[Step]]
    decisive: bool = False
    method: str = "symbolic"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Check every step."""
        begin = time.perf_counter()
        steps = list(self.steps(claim))
        outcomes = [(step, step.check()) for step in steps]
        cited = tuple(step.name for step in steps if isinstance(step, Cited))
        broken = [(step, status) for step, status in outcomes if status is not Status.VERIFIED]
        worst: Witness | None = None
        checked = len(steps) - len(cited)
        # citations alone prove nothing about this claim: the same would go through for any other
        verdict = Verdict.ARGUED if checked and not broken else Verdict.UNDECIDED
        if self.decisive and any(status is Status.FALSE for _, status in broken):
            step = next(step for step, status in broken if status is Status.FALSE)
            point = step.counterexample() if isinstance(step, Equal) else {}
            verdict = Verdict.REFUTED
            worst = Witness(
                instance=point or {},
                left=float("nan"),
                right=float("nan"),
                ratio=float("nan"),
                note=f"the two sides of “{step.name}” differ at this point",
            )
        summary = (
            f"{checked} step{'s' * (checked != 1)} checked" if not broken else f"{broken[0][1]}: {broken[0][0].name}"
        )
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            steps=checked_steps(outcomes),
            rests_on=cited,
            smallest=worst,
            worst=worst,
            seconds=time.perf_counter() - begin,
        )


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


_ENTIRE = (sp.exp, sp.erf, sp.erfc, sp.sin, sp.cos, sp.sinh, sp.cosh, sp.tanh, sp.atan, sp.asinh)


def smooth(expr: sp.Expr) -> bool:
    """Whether ``expr`` is visibly infinitely differentiable in all its (real) symbols: no jump, kink or pole.

    Numbers, real symbols, sums, products, functions that are smooth on the line, logarithms of positive parts, powers
    with an exponent in {0, 1, 2, …} or a base that cannot vanish.
    """
    if expr.is_number:
        return bool(expr.is_real) and bool(expr.is_finite)
    if isinstance(expr, sp.Symbol):
        return bool(expr.is_real)
    parts: tuple[sp.Expr, ...] = expr.args  # type: ignore[assignment]
    if isinstance(expr, sp.Pow):
        base, exponent = parts
        allowed = (
            bool(base.is_positive)
            or (bool(exponent.is_Integer) and bool(exponent.is_nonnegative))
            or (bool(exponent.is_Integer) and bool(base.is_negative))
        )
    elif isinstance(expr, sp.log):
        allowed = len(parts) == 1 and bool(parts[0].is_positive)
    else:
        allowed = isinstance(expr, (sp.Add, sp.Mul, *_ENTIRE))
    return allowed and all(smooth(part) for part in parts)


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
