"""Bounds on the tails of integrals, proved from how the integrand grows.

With the growth ``g(x) = exp(c₀ log x + Σ c_q x^q) s`` on [R, ∞), R >= 1: if ``c₀ + Σ q c_q x^q <= −p < −1`` there for
the upper ends of the rates, then ``∫_R^∞ |g| <= sup|s| exp(c₀ log R + Σ c_q R^q) R/(p − 1)``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp
from flint import arb

from verify.balls.growth import Growth, Ray
from verify.balls.growth_rules import RULES
from verify.balls.spans import INF, ZERO, Compile, Run, Span, absolute

_COMPLEMENTS: dict[Any, Callable[[Any], sp.Expr]] = {
    sp.erf: lambda u: 1 - sp.erfc(u),
    sp.tanh: lambda u: 1 - 2 / (1 + sp.exp(2 * u)),
    sp.atan: lambda u: sp.pi / 2 - sp.atan(1 / u),
}
"""f(u) for u > 0; all are odd."""


class Tails:
    """Bounds on ``∫_R^∞ |expr|`` in one variable, for R = 2^k and spans of the other symbols."""

    def __init__(self, expr: sp.Expr, variable: sp.Symbol, symbols: tuple[sp.Symbol, ...], compile_: Compile) -> None:
        self.variable, self.symbols, self._compile = variable, symbols, compile_
        self._forms = (expr, sp.cancel(expr)) if expr.is_rational_function(variable) else (expr,)
        self._programs: dict[sp.Expr, Run | None] = {}

    def beyond(self, k: int, spans: Sequence[Span]) -> arb | None:
        """The bound for R = 2^k, k >= 0, from the first form of the integrand that has one; None where none has."""
        start = arb(2) ** k

        def run(expr: sp.Expr) -> Span | None:
            program = self._program(expr)
            return None if program is None else program(((start, INF), *spans))

        ray = Ray(self.variable, start, run, RULES)
        for form in itertools.chain(self._forms, (_complemented(form, ray) for form in self._forms)):
            found = _bound(form, ray)
            if found is not None:
                return found
        return None

    def _program(self, expr: sp.Expr) -> Run | None:
        if expr not in self._programs:
            try:
                self._programs[expr] = self._compile(expr, (self.variable, *self.symbols))
            except ValueError:  # a part that spans do not know
                self._programs[expr] = None
        return self._programs[expr]


def _bound(expr: sp.Expr, ray: Ray) -> arb | None:
    """Term by term, or else for the sum as a whole."""
    parts = [_bound_of(ray.of(term), ray) for term in sp.Add.make_args(expr)]
    known = [part for part in parts if part is not None]
    return sum(known, ZERO).upper() if len(known) == len(parts) else _bound_of(ray.of(expr), ray)


def _bound_of(growth: Growth | None, ray: Ray) -> arb | None:
    if growth is None:
        return None
    size = absolute(growth.factor)[1]
    if size.is_zero():
        return ZERO
    slope = ray.steepest(growth.rates)
    if not slope < -1:
        return None
    bound = size * ray.largest(growth.rates) * ray.start / (-slope - 1)
    return bound.upper() if bound.is_finite() else None


def _complemented(expr: Any, ray: Ray) -> sp.Expr:
    """erf, tanh and atan by what they lack to their limits: 1 − erf(x) is seen to fall as erfc(x) only."""

    def written(node: Any) -> sp.Expr:
        inner = ray.of(node.args[0])
        if inner is None or inner.factor[0] * inner.factor[1] <= 0:
            return node
        side = 1 if inner.factor[0] > 0 else -1
        return side * _COMPLEMENTS[node.func](side * node.args[0])

    found = expr.replace(lambda node: node.func in _COMPLEMENTS and node.has(ray.variable), written)
    return expr if found == expr else sp.expand_mul(found)
