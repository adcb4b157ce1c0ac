"""The two sides of a lemma in balls at an instance: a relation, an exact probability, an exact expectation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb

from theory.quantifiers import UpToConstant, WithProbability
from theory.statement import Claim
from verify.evidence.confrontation import Evaluator, Sides, value_of
from verify.evidence.domain import Instance
from verify.lemma.functions import FunctionError, Given, at


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The balls of an instance's symbols: its own numbers, and what is measured there."""

    numbers: Mapping[str, sp.Symbol]
    measure: Mapping[sp.Symbol, Given]

    def __call__(self, instance: Mapping[str, Any]) -> dict[sp.Symbol, arb]:
        """All values at an instance, whose numbers may be balls."""
        values = {symbol: _ball(instance[name]) for name, symbol in self.numbers.items()}
        for symbol, function in self.measure.items():
            found = function.ball(instance)
            if symbol.is_nonnegative and bool(found < 0):
                raise FunctionError(
                    f"{function.name} must be >= 0, as {symbol} is declared; got {found} at {at(instance)}; "
                    f"correct it, or declare {symbol} real"
                )
            values[symbol] = found
        return values


def _ball(value: Any) -> arb:
    return value if isinstance(value, arb) else arb(value)


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A claim as ``expr >= 0``; ``inside`` must be >= 0 too for the expression to be what is claimed (None: always)."""

    expr: sp.Expr
    inside: sp.Expr | None = None

    def symbols(self) -> set[sp.Basic]:
        """The symbols of both."""
        return self.expr.free_symbols | (set() if self.inside is None else self.inside.free_symbols)


@dataclass(frozen=True, kw_only=True)
class RelationSides:
    """Both sides as they stand."""

    reading: Reading

    def __call__(self, claim: Claim) -> Evaluator:
        """Compile a claim of these symbols."""
        left, right = claim.left(), claim.right()

        def evaluate(instance: Instance) -> Sides:
            values = self.reading(instance)
            return value_of(left, values), value_of(right, values)

        return evaluate

    def gap(self, claim: Claim) -> Gap | None:
        """What is claimed to be >= 0, as an expression."""
        return Gap(expr=claim.right() - claim.left())


@dataclass(frozen=True, kw_only=True)
class ProbabilitySides:
    """The exact probability that the left side exceeds the right one, and the δ that is allowed.

    ``violation`` is a function of the right side's value, or an expression in the left side's symbol: its tail.
    """

    reading: Reading
    left: sp.Expr
    violation: Given | sp.Expr

    def __call__(self, claim: Claim) -> Evaluator:
        """Compile a claim with this left side."""
        probability = self.with_constants(claim)
        return lambda instance: probability(instance, {})

    def with_constants(self, claim: Claim) -> Any:
        """The two numbers at an instance and at balls for the claim's constants, by name."""
        refuse_other_left(claim, self.left, "violation")
        values = {constant.symbol: constant.value for constant in claim.constants.values()}
        right, level = claim.relation.rhs.total(), 1 - probability_of(claim)

        def evaluate(instance: Mapping[str, Any], constants: Mapping[str, arb]) -> Sides:
            known = self.reading(instance)
            known |= {symbol: constants.get(str(symbol), value_of(value, {})) for symbol, value in values.items()}
            return self._tail(value_of(right, known), instance, known), value_of(level, known)

        return evaluate

    def _tail(self, bound: arb, instance: Mapping[str, Any], known: Mapping[sp.Symbol, arb]) -> arb:
        if isinstance(self.violation, Given):
            found = self.violation.ball(instance, bound)
        elif (self.left.is_nonnegative and bool(bound < 0)) or (self.left.is_positive and bool(bound <= 0)):
            return arb(1)
        else:
            found = value_of(self.violation, {**known, self.left: bound})
        if bool(found < 0) or bool(found > 1):
            raise FunctionError(
                f"violation must be a probability in [0, 1]; got {found} at the right side {bound}, {at(instance)}; "
                "give P(left side > right side)"
            )
        return found

    def gap(self, claim: Claim) -> Gap | None:
        """δ minus the tail at the right side, where the tail is an expression."""
        if isinstance(self.violation, Given):
            return None
        right = claim.right()
        inside = right if self.left.is_nonnegative and not right.is_nonnegative else None
        return Gap(expr=1 - probability_of(claim) - self.violation.subs(self.left, right), inside=inside)


@dataclass(frozen=True, kw_only=True)
class ExpectationSides:
    """The exact expectation of the left side, and the right side."""

    reading: Reading
    left: sp.Expr
    expectation: Given | sp.Expr

    def __call__(self, claim: Claim) -> Evaluator:
        """Compile a claim with this left side."""
        refuse_other_left(claim, self.left, "expectation")
        right = claim.right()

        def evaluate(instance: Instance) -> Sides:
            values = self.reading(instance)
            mean = self.expectation
            return (mean.ball(instance) if isinstance(mean, Given) else value_of(mean, values)), value_of(right, values)

        return evaluate

    def gap(self, claim: Claim) -> Gap | None:
        """The right side minus the expectation, where that is an expression."""
        return None if isinstance(self.expectation, Given) else Gap(expr=claim.right() - self.expectation)


AnySides = RelationSides | ProbabilitySides | ExpectationSides


def probability_of(claim: Claim) -> sp.Expr:
    """The probability with which the claim is made."""
    inner = claim.quantifier.inner if isinstance(claim.quantifier, UpToConstant) else claim.quantifier
    if not isinstance(inner, WithProbability):
        raise ValueError(f"quantifier of {claim.id} must be a probability; got {claim.quantifier}: state another lemma")
    return inner.at_least


def refuse_other_left(claim: Claim, left: sp.Expr, name: str) -> None:
    """Refuse a claim whose left side is not the one that the lemma's function speaks of."""
    if claim.left() != left:
        raise ValueError(
            f"{name} is given for the left side {left}; got {claim.left()} in {claim.id}: state another lemma"
        )
