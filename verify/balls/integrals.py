"""Rigorous integrals in ball arithmetic: of SymPy integrands over intervals, and of functions under normal laws.

Integration is Arb's (Johansson 2018): adaptive Gauss–Legendre quadrature with an error bound from the integrand's size
on ellipses around each piece, so that integrands are evaluated at complex balls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import add, mul
from typing import Any

import sympy as sp
from flint import acb, arb, ctx

Complex = Callable[[acb, bool], acb]
"""An integrand: (x, analytic) -> f(x); with ``analytic`` it must return nan where f is not analytic on the ball x."""

_BITS = 40
"""Integrals are computed to 2⁻⁴⁰ in absolute or relative terms, far below what a comparison of two sides needs."""
SPAN = 9
"""Standard deviations beyond which a normal law is bounded rather than integrated: its tail is below 2⁻⁶¹."""

_ENTIRE: dict[Any, str] = {
    sp.exp: "exp",
    sp.erf: "erf",
    sp.erfc: "erfc",
    sp.sin: "sin",
    sp.cos: "cos",
    sp.sinh: "sinh",
    sp.cosh: "cosh",
    sp.tanh: "tanh",
}  # tanh: infinite balls at its poles
_CONSTANTS: dict[Any, Callable[[], arb]] = {sp.pi: arb.pi, sp.E: arb.const_e}
SUPPORTED = "rational numbers, pi, E, symbols, Add, Mul, Pow, log, " + ", ".join(_ENTIRE.values())


def integral(function: Complex, lower: arb, upper: arb) -> arb:
    """Enclose ``∫_lower^upper f(x) dx`` for finite limits, which may be balls; nan where f cannot be bounded."""
    if not (lower.is_finite() and upper.is_finite()):
        return arb.nan()
    width = upper - lower

    def unit(x: acb, analytic: bool) -> acb:  # exact limits, also where the given ones are balls
        return function(width * x + lower, analytic)

    goal = arb(2) ** -min(_BITS, ctx.prec - 8)
    found = width * acb.integral(unit, 0, 1, rel_tol=goal, abs_tol=goal)
    return found.real if found.imag.contains(0) else arb.nan()


def normal_expectation(
    function: Complex,
    mean: arb,
    std: arb,
    *,
    growth: tuple[arb, arb],
    above: arb | None = None,
    below: arb | None = None,
) -> arb:
    """Enclose ``E[f(X) 1{above < X < below}]`` for X ~ N(mean, std²), std > 0.

    ``growth`` = (p, q) promises ``|f(mean + std z)| <= p + q z²`` for all real z with |z| >= SPAN: what lies there adds
    at most ``2 [(p + q) Q(SPAN) + q SPAN φ(SPAN)]``, Q the normal tail.
    """
    far = arb(SPAN)
    scale = (2 * arb.pi()).sqrt()
    low = -far if above is None else arb.min(far, arb.max(-far, (above - mean) / std))
    high = far if below is None else arb.max(-far, arb.min(far, (below - mean) / std))
    p, q = growth
    tail = (p + q) * (far / arb(2).sqrt()).erfc() + 2 * q * far * (-far * far / 2).exp() / scale
    rest = arb(0, tail.abs_upper())
    if bool(low >= high):
        return rest

    def weighted(z: acb, analytic: bool) -> acb:
        return function(std * z + mean, analytic) * (-z * z / 2).exp()

    return integral(weighted, low, high) / scale + rest


def enclose_integral(expr: sp.Integral, values: Mapping[sp.Symbol, arb]) -> arb:
    """Enclose a one-dimensional integral between finite limits at balls for its free symbols.

    Raises ValueError for an integral over several variables, without limits or with infinite ones, and for a node that
    the walk does not know.
    """
    if len(expr.limits) != 1 or len(expr.limits[0]) != 3 or any(end.is_infinite for end in expr.limits[0][1:]):
        raise ValueError(f"cannot enclose the integral {expr!r}: it must have one variable and finite limits")
    variable, *ends = expr.limits[0]
    known = {symbol: acb(value) for symbol, value in values.items()}
    lower, upper = (_walk(end, known, False).real for end in ends)
    return integral(lambda x, analytic: _walk(expr.function, {**known, variable: x}, analytic), lower, upper)


def spanned_integral(expr: sp.Integral, symbols: Sequence[sp.Symbol]) -> Callable[..., tuple[arb, arb] | None]:
    """The operation of `enclose_integral` on spans, for the walk of `verify.balls.enclosures`."""

    def operation(*spans: tuple[arb, arb]) -> tuple[arb, arb] | None:
        balls = {
            symbol: low if bool(low == high) else low.union(high)
            for symbol, (low, high) in zip(symbols, spans, strict=True)
        }
        found = enclose_integral(expr, balls)
        return (found.lower(), found.upper()) if found.is_finite() else None

    return operation


def _walk(expr: Any, values: Mapping[Any, acb], analytic: bool) -> acb:
    """The value of an expression at complex balls."""
    if expr in values:
        return values[expr]
    if isinstance(expr, sp.Rational) and expr.is_finite:
        return acb(int(expr.p)) / int(expr.q)
    if expr in _CONSTANTS:
        return acb(_CONSTANTS[expr]())
    parts = [_walk(part, values, analytic) for part in expr.args] if not isinstance(expr, sp.Pow) else []
    if isinstance(expr, (sp.Add, sp.Mul)):
        return reduce(add if isinstance(expr, sp.Add) else mul, parts)
    if isinstance(expr, sp.Pow):
        return _power(expr, values, analytic)
    if expr.func in _ENTIRE or (expr.func is sp.log and len(parts) == 1):
        return getattr(parts[0], _ENTIRE[expr.func])() if expr.func in _ENTIRE else _branched("log", parts[0], analytic)
    raise ValueError(
        f"cannot enclose the node {expr!r} ({type(expr).__name__}) of an integrand; supported are "
        f"{SUPPORTED}: rewrite the integrand in these"
    )


def _power(expr: Any, values: Mapping[Any, acb], analytic: bool) -> acb:
    base, exponent = expr.args
    inner = _walk(base, values, analytic)
    if isinstance(exponent, sp.Integer):
        # 1/x rather than x^(−1) at balls that reach 0: both are infinite there
        power = inner ** abs(int(exponent))
        return power if exponent.is_positive else 1 / power
    if isinstance(exponent, sp.Rational) and exponent.q == 2:
        root = _branched("sqrt", inner, analytic)
        power = root ** abs(int(exponent.p))
        return power if exponent.is_positive else 1 / power
    return (_walk(exponent, values, analytic) * _branched("log", inner, analytic)).exp()


def _branched(name: str, value: acb, analytic: bool) -> acb:
    """A root or logarithm; nan at negative numbers, where the real function is undefined and the complex one is not."""
    negative = value.imag.is_zero() and bool(value.real < 0)
    return acb(arb.nan()) if negative else getattr(value, name)(analytic=analytic)
