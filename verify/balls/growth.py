"""How expressions grow on a ray [R, ∞), R >= 1, with certified bounds.

Every part g of an expression is written as ``g(x) = exp(c₀ log x + Σ c_q x^q) s`` with spans for the rates c and the
factor s, which may both move with x: products add rates, sums are brought to the rates of their largest term,
exponentials turn powers into rates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key, partial, reduce
from typing import Any

import sympy as sp
from flint import arb, fmpq

from verify.balls.elementary import EXP, general_power
from verify.balls.spans import (
    ONE,
    ZERO,
    Operation,
    Span,
    add,
    clip,
    greatest,
    integer_power,
    least,
    multiply,
    reciprocal,
    whole,
)

UNIT: Span = (ONE, ONE)
BELOW_ONE: Span = (ZERO, ONE)


@dataclass(frozen=True, kw_only=True)
class Growth:
    """``g(x) = exp(Σ c_q x^q) s`` on a ray, with c_q in ``rates[q]`` and s in ``factor``; x⁰ stands for log x."""

    rates: Mapping[Fraction, Span]
    factor: Span


# Rates ----------------------------------------------------------------------------------------------------------------


def finite(span: Span) -> bool:
    """Whether both ends of a span are."""
    return bool(span[0].is_finite()) and bool(span[1].is_finite())


def number(x: Fraction) -> arb:
    """A fraction as a ball."""
    return arb(fmpq(x.numerator, x.denominator))


def thin(x: Fraction) -> Span:
    """A fraction as a span."""
    value = number(x)
    return value.lower(), value.upper()


def _fraction(x: arb) -> Fraction:
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _rate(power: Fraction, rate: Span, factor: Span = UNIT) -> Growth:
    return Growth(rates={power: rate}, factor=factor)


def _merged(a: Mapping[Fraction, Span], b: Mapping[Fraction, Span]) -> dict[Fraction, Span]:
    """The sum of two rates, all finite, without those that are exactly 0."""
    sums = {q: (a[q][0] + b[q][0], a[q][1] + b[q][1]) if q in a and q in b else a.get(q) or b[q] for q in {**a, **b}}
    return {q: (low.lower(), high.upper()) for q, (low, high) in sums.items() if not (low.is_zero() and high.is_zero())}


def product(a: Growth | None, b: Growth | None) -> Growth | None:
    """The growth of a product."""
    if a is None or b is None:
        return None
    factor = multiply(a.factor, b.factor)
    return None if factor is None else Growth(rates=_merged(a.rates, b.rates), factor=factor)


def _scaled(rates: Mapping[Fraction, Span], by: Span) -> dict[Fraction, Span] | None:
    products = {q: multiply(span, by) for q, span in rates.items()}
    known = {q: span for q, span in products.items() if span is not None}
    return _merged(known, {}) if len(known) == len(rates) else None


def _compared(a: Mapping[Fraction, Span], b: Mapping[Fraction, Span]) -> int:
    """Which of two rates is larger in the end, judged by the middles of their spans."""
    for q in sorted({*a, *b}, reverse=True):
        left, right = (sum(rates.get(q, (ZERO, ZERO)), ZERO) for rates in (a, b))
        if left != right:
            return 1 if left > right else -1
    return 0


# Growth ---------------------------------------------------------------------------------------------------------------


_JOINS: dict[Any, Operation] = {sp.Add: add, sp.Max: greatest, sp.Min: least}
_multiplied_out = partial(sp.expand, power_base=False, power_exp=False, log=False, basic=False)


class Ray:
    """The growth of expressions on [start, ∞); ``run(expr)`` is the span of an expression's values there."""

    def __init__(
        self, variable: sp.Symbol, start: arb, run: Callable[[sp.Expr], Span | None], rules: Mapping[Any, Rule]
    ) -> None:
        self.variable, self.start, self.run, self._rules = variable, start, run, rules
        self._known: dict[Any, Growth | None] = {}

    # Rates

    def _raised(self, power: Fraction) -> arb:
        return (self.start.log() * number(power)).exp()

    def steepest(self, rates: Mapping[Fraction, Span]) -> arb:
        """An upper bound on the ray of x (d/dx) Σ c_q x^q, for the upper ends of the rates."""
        if not rates:
            return ZERO
        top = max(rates)
        lead = rates[top][1] * (number(top) if top else 1)
        if top == 0:
            return lead
        rest = {q: span for q, span in rates.items() if q != top}
        bracket = lead  # of x^top
        for q, span in rest.items():
            bracket = bracket + arb.max(ZERO, span[1] * (number(q) if q else 1)) * self._raised(q - top)
        options = [(bracket * self._raised(top)).upper()] if bracket <= 0 else []
        if lead <= 0:
            options.append(self.steepest(rest))
        return min(options, default=arb("inf"))

    def largest(self, rates: Mapping[Fraction, Span]) -> arb:
        """``exp(Σ c_q R^q)`` for the upper ends of the rates."""
        terms = [span[1] * (self._raised(q) if q else self.start.log()) for q, span in rates.items()]
        return sum(terms, ZERO).exp().upper()

    def _ratio(self, rates: Mapping[Fraction, Span], base: Mapping[Fraction, Span]) -> Span | None:
        """The span of exp of the difference of two rates on the ray; None if it is not seen to fall."""
        difference = _merged(rates, {q: (-high, -low) for q, (low, high) in base.items()})
        if not difference:
            return UNIT
        return (ZERO, self.largest(difference)) if self.steepest(difference) <= 0 else None

    def _together(self, parts: Sequence[Growth]) -> tuple[Mapping[Fraction, Span], list[Span]] | None:
        """The parts at common rates: those of the fastest part, exact or rounded up to their upper ends."""
        fastest = max((part.rates for part in parts), key=cmp_to_key(_compared))
        for base in (fastest, {q: (high, high) for q, (_, high) in fastest.items()}):
            ratios = [self._ratio(part.rates, base) for part in parts]
            factors = [
                None if ratio is None else multiply(ratio, part.factor)
                for ratio, part in zip(ratios, parts, strict=True)
            ]
            known = [factor for factor in factors if factor is not None]
            if len(known) == len(parts):
                return base, known
        return None

    # The walk

    def of(self, expr: sp.Expr) -> Growth | None:
        """The growth of an expression; None where it is not known."""
        if expr not in self._known:
            found = self._structural(expr) if self.variable in expr.free_symbols else None
            self._known[expr] = found if found is not None else self._bounded(expr)
        return self._known[expr]

    def _bounded(self, expr: sp.Expr) -> Growth | None:
        span = self.run(expr)
        return None if span is None or not finite(span) else Growth(rates={}, factor=span)

    def _structural(self, expr: Any) -> Growth | None:
        kind = expr.func
        found = self._rules[kind](self, *expr.args) if kind in self._rules else None
        if found is not None:
            return found
        if kind in _JOINS:
            return self.joined(list(map(self.of, expr.args)), _JOINS[kind])
        if kind is sp.Mul:
            return reduce(product, map(self.of, expr.args))
        if kind is sp.Pow:
            return self._power(*expr.args)
        if kind is sp.exp:
            return self.exponential(expr.args[0])
        return Growth(rates={Fraction(0): UNIT}, factor=UNIT) if expr == self.variable else None

    def joined(self, parts: Sequence[Growth | None], join: Callable[..., Span | None]) -> Growth | None:
        """A function of parts, positively homogeneous like a sum or a maximum, from its values on their factors."""
        known = [part for part in parts if part is not None]
        common = self._together(known) if len(known) == len(parts) else None
        factor = None if common is None else join(*common[1])
        return None if common is None or factor is None else Growth(rates=common[0], factor=factor)

    def _power(self, base: Any, exponent: Any) -> Growth | None:
        if self.variable in exponent.free_symbols:
            return self.exponential(exponent * sp.log(base))
        inner, power = self.of(base), self.run(exponent)
        if inner is None or power is None or not finite(power):
            return None
        n = whole(power)
        if n is None:
            return self.power_of(inner, power, nonnegative=bool(base.is_nonnegative))
        factor = integer_power(abs(n), inner.factor)
        factor = reciprocal(factor) if factor is not None and n < 0 else factor
        rates = _scaled(inner.rates, power)
        return None if factor is None or rates is None or not finite(factor) else Growth(rates=rates, factor=factor)

    def power_of(self, inner: Growth, power: Span, *, nonnegative: bool = False) -> Growth | None:
        """The growth of a power of what is nonnegative."""
        base = clip(inner.factor) if nonnegative else inner.factor
        factor = None if base is None or base[0] < 0 else general_power(base, power)
        rates = _scaled(inner.rates, power)
        return None if factor is None or rates is None or not finite(factor) else Growth(rates=rates, factor=factor)

    def exponential(self, exponent: Any) -> Growth | None:
        """The growth of exp(exponent)."""
        return reduce(product, map(self._exponential_of_term, sp.Add.make_args(_multiplied_out(exponent))))

    def _exponential_of_term(self, term: Any) -> Growth | None:
        if self.variable not in term.free_symbols:
            return self._bounded(sp.exp(term))
        coefficient, power = term.as_coeff_exponent(self.variable)
        if power.is_Rational and power > 0 and self.variable not in coefficient.free_symbols:
            rate = self.run(coefficient)
            return None if rate is None or not finite(rate) else _rate(Fraction(int(power.p), int(power.q)), rate)
        inner = self.of(term)
        return None if inner is None else self._exponential_of_growth(inner)

    def _exponential_of_growth(self, inner: Growth) -> Growth | None:
        high = inner.factor[1]
        if self.steepest(inner.rates) <= 0:  # bounded
            scale: Span = (ZERO, self.largest(inner.rates)) if inner.rates else UNIT
            bounded = multiply(scale, inner.factor)
            factor = None if bounded is None else EXP(bounded)
            return None if factor is None else Growth(rates={}, factor=factor)
        if set(inner.rates) == {0} and inner.rates[Fraction(0)][0] > 0:
            below, above = inner.rates[Fraction(0)]
            if below == above:
                return _rate(_fraction(below), inner.factor)
            return _rate(_fraction(below if high <= 0 else above), (high, high), BELOW_ONE)
        return self._falling_exponential(inner.rates, high) if high < 0 else None

    def _falling_exponential(self, rates: Mapping[Fraction, Span], high: arb) -> Growth | None:
        """exp of −|high| exp(rates) or less: the scale grows at least like x^k from its value at the start."""
        lower = {q: (-low, -low) for q, (low, _) in rates.items()}
        slope = -self.steepest(lower)
        if not slope >= 1:
            return None
        power = 2 if slope >= 2 else 1
        rate = (high / self.largest(lower) / self._raised(Fraction(power))).upper()
        return _rate(Fraction(power), (rate, rate), BELOW_ONE)


Rule = Callable[..., "Growth | None"]
"""(ray, *arguments) -> growth of a function of the arguments; None where the rule does not apply."""
