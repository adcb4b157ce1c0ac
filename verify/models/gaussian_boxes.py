"""What the plans of Lemmas 1 and 7 share: exact violation probabilities of Gaussian boxes."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from flint import arb

from theory.statement import Claim, Hypothesis
from theory.symbols import REGISTRY, K, delta
from verify.evidence.confrontation import Evaluator, Sides, exact_values, number, value_of
from verify.evidence.domain import Instance


def only(claim: Claim, measured: sp.Symbol) -> sp.Expr:
    """0 where the claim's left side is just the measured quantity, else a term that no certificate gets rid of."""
    return (claim.left() - measured) * sp.Symbol("left", real=True)


def upper_tail(z: sp.Expr) -> sp.Expr:
    """Q(z) = P(Z > z) for a standard normal Z."""
    return sp.erfc(z / sp.sqrt(2)) / 2


def symbol_values(instance: Instance) -> dict[sp.Symbol, arb | float]:
    """An instance's numbers by symbol: its field names are symbol names."""
    return {REGISTRY[name].symbol: value for name, value in instance.items() if name in REGISTRY}


def bound_on(measured: sp.Symbol, left: sp.Expr, right: sp.Expr) -> sp.Expr:
    """The bound that ``left <= right`` puts on a measured quantity, of which the left side is an increasing line.

    Raises ValueError for any other left side: its violation probability is not known here.
    """
    slope = sp.diff(left, measured)
    rest = sp.expand(left - slope * measured)
    if not slope.is_positive or measured in (slope.free_symbols | rest.free_symbols):
        raise ValueError(f"the left side must increase along a line in {measured}; got {left}")
    return (right - rest) / slope


def bound_at(claim: Claim, measured: sp.Symbol, instance: Instance) -> float:
    """The claim's bound on a measured quantity at an instance, as a float for a simulation."""
    expr = bound_on(measured, claim.left(), claim.right())
    return number(value_of(expr, exact_values(symbol_values(instance))))


def violation_sides(measured: sp.Symbol, probability: Callable[[sp.Expr], sp.Expr]) -> Callable[[Claim], Evaluator]:
    """Violation probability against δ; ``probability(bound)`` is the exact P(measured > bound)."""

    def sides(claim: Claim) -> Evaluator:
        expr = probability(bound_on(measured, claim.left(), claim.right()))

        def evaluate(instance: Instance) -> Sides:
            values = exact_values(symbol_values(instance))
            return value_of(expr, values), values[delta]

        return evaluate

    return sides


def violation_at(
    measured: sp.Symbol, probability: Callable[[sp.Expr], sp.Expr]
) -> Callable[[Claim], Callable[[Instance, arb], Sides]]:
    """As `violation_sides`, as a function of the instance and of the constant K."""

    def compile_claim(claim: Claim) -> Callable[[Instance, arb], Sides]:
        expr = probability(bound_on(measured, claim.relation.lhs.total(), claim.relation.rhs.total()))

        def evaluate(instance: Instance, constant: arb) -> Sides:
            values = exact_values({**symbol_values(instance), K: constant})
            return value_of(expr, values), values[delta]

        return evaluate

    return compile_claim


def holds(hypothesis: Hypothesis) -> Callable[[Instance], bool]:
    """Whether a checked hypothesis certainly holds at an instance."""

    def check(instance: Instance) -> bool:
        values = exact_values(symbol_values(instance))
        low, high = (value_of(side, values) for side in (hypothesis.lesser, hypothesis.greater))  # type: ignore[arg-type]
        return bool(low < high) if hypothesis.strict else bool(low <= high)

    return check
