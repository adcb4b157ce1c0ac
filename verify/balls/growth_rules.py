"""How the functions grow that are neither powers nor exponentials: one rule each, by a known bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial, reduce
from typing import Any

import sympy as sp
from flint import arb

from verify.balls.conditions import branches, possible
from verify.balls.elementary import LOG
from verify.balls.growth import BELOW_ONE, UNIT, Growth, Ray, Rule, finite, number, product, thin
from verify.balls.spans import ONE, ZERO, Span, absolute, add, united, whole
from verify.balls.sums import LimitError, places, the_integer, unfolded

_SLOW = Fraction(1, 64)
"""The power that stands for a logarithm: log x <= x^ε/(eε)."""
_MOST_TERMS = 100


def _constant(factor: Span) -> Growth:
    return Growth(rates={}, factor=factor)


def _falls(ray: Ray, growth: Growth | None) -> bool:
    return growth is not None and bool(growth.rates) and bool(ray.steepest(growth.rates) < 0)


# Near 0 --------------------------------------------------------------------------------------------------------------


def _near_zero(ray: Ray, argument: Any, span: Span | None, ratio: Callable[[arb], arb], slope: arb) -> Growth | None:
    """f(v) for v that falls to 0, by f(v)/v, which is monotone over the span and ``slope`` at 0."""
    inner = ray.of(argument)
    if inner is None or span is None or not _falls(ray, inner):
        return None
    ends = [slope if end.is_zero() else ratio(end) for end in span]
    factor = (min(end.lower() for end in ends), max(end.upper() for end in ends))
    return product(inner, _constant(factor)) if finite(factor) else None


def _odd(name: str, slope: arb, below: arb, ray: Ray, argument: Any) -> Growth | None:
    """An odd function with f(v)/v monotone in |v| < below."""
    span = ray.run(argument)
    size = None if span is None else absolute(span)
    if size is None or not size[1] < below:
        return None
    return _near_zero(ray, argument, size, lambda v: getattr(v, name)() / v, slope)


def _less_one(ray: Ray, *terms: Any) -> Growth | None:
    """A sum with c eᵛ − c, by the rise of (eᵛ − 1)/v."""
    for term in terms:
        scale, rest = term.as_coeff_Mul()
        if isinstance(rest, sp.exp) and -scale in terms:
            argument = rest.args[0]
            difference = _near_zero(ray, argument, ray.run(argument), lambda v: v.expm1() / v, ONE)
            others = [ray.of(other) for other in terms if other not in (term, -scale)]
            scaled = product(ray.of(scale), difference)
            return ray.joined([scaled, *others], add) if scaled is not None and others else scaled
    return None


def _logarithm(ray: Ray, argument: Any) -> Growth | None:
    if isinstance(argument, sp.Add) and sp.S.One in argument.args:
        rest = argument - 1
        span = ray.run(rest)
        near = None if span is None or not span[0] > -1 else _near_zero(ray, rest, span, lambda v: v.log1p() / v, ONE)
        if near is not None:
            return near
    inner = ray.of(argument)
    factor = LOG(inner.factor) if inner is not None else None
    if inner is None or factor is None:
        return None
    parts: list[Growth | None] = [_constant(factor)]
    for q, span in inner.rates.items():
        if q:
            parts.append(Growth(rates={Fraction(0): thin(q)}, factor=span))
        else:
            most = (1 / (arb.const_e() * number(_SLOW))).upper()
            slow = Growth(rates={Fraction(0): thin(_SLOW)}, factor=(ZERO, most))
            parts.append(product(slow, _constant(span)))
    return ray.joined(parts, add)


def _sinh(ray: Ray, argument: Any) -> Growth | None:
    near = _odd("sinh", ONE, arb("inf"), ray, argument)
    return near if near is not None else ray.of(sp.sinh(argument).rewrite(sp.exp))


# Special functions ---------------------------------------------------------------------------------------------------


def _erfc(ray: Ray, argument: Any) -> Growth | None:
    """``erfc(u) <= exp(−u²)`` for u >= 0."""
    inner = ray.of(argument)
    if inner is None or not inner.factor[0] >= 0:
        return None
    return product(ray.exponential(-(argument**2)), _constant(BELOW_ONE))


def _scaled_exponential(sign: int, peak: arb, ray: Ray, argument: Any) -> Growth | None:
    """exp(sign·u) times a factor in [0, peak]."""
    factor = (ZERO, peak.upper())
    return product(ray.exponential(sign * argument), _constant(factor)) if finite(factor) else None


def _bessel_i(ray: Ray, order: Any, argument: Any) -> Growth | None:
    """``e^{−u} I_ν(u) <= e^{−u} I_0(u)``, which falls in u > 0."""
    nu, u = ray.run(order), ray.run(argument)
    if nu is None or u is None or not (u[0] > 0 and (nu[0] >= 0 or whole(nu) is not None)):
        return None
    return _scaled_exponential(1, u[0].bessel_i(0, True), ray, argument)


def _bessel_k(ray: Ray, order: Any, argument: Any) -> Growth | None:
    """``e^u K_ν(u)`` and ``u^ν K_ν(u) <= 2^{ν−1} Γ(ν)``, ν > 0, fall in u > 0; K rises in ν."""
    nu, u = ray.run(order), ray.run(argument)
    if nu is None or u is None or not u[0] >= 0:
        return None
    size = absolute(nu)[1]
    if u[0] > 0:
        return _scaled_exponential(-1, u[0].bessel_k(size, True), ray, argument)
    inner, power = ray.of(argument), arb.max(size, number(_SLOW)).upper()
    if inner is None or not _falls(ray, inner):
        return None
    peak = (2 ** (power - 1) * power.gamma()).upper()
    return product(ray.power_of(inner, (-power, -power)), _constant((ZERO, peak)))


def _upper_gamma(ray: Ray, order: Any, argument: Any) -> Growth | None:
    """``e^u u^{1−s} Γ(s, u) = ∫_0^∞ e^{−w} (1 + w/u)^{s−1} dw``, at most 1 for s <= 1 and falling in u for s >= 1."""
    s, u = ray.run(order), ray.run(argument)
    if s is None or u is None or not (u[0] > 0 and finite(s)):
        return None
    top = s[1]
    peak = arb.max(ONE, u[0].gamma_upper(top) * u[0].exp() * ((1 - top) * u[0].log()).exp()) if top > 1 else ONE
    return product(_scaled_exponential(-1, peak, ray, argument), ray.of(argument ** (order - 1)))


def _exponential_integral(ray: Ray, order: Any, argument: Any) -> Growth | None:
    """``E_ν(u) <= e^{−u}/u`` for ν >= 0."""
    s, u = ray.run(order), ray.run(argument)
    if s is None or u is None or not (s[0] >= 0 and u[0] > 0):
        return None
    return product(_scaled_exponential(-1, ONE, ray, argument), ray.of(1 / argument))


# Kinks and jumps -----------------------------------------------------------------------------------------------------


def _absolute(ray: Ray, argument: Any) -> Growth | None:
    inner = ray.of(argument)
    return None if inner is None else Growth(rates=inner.rates, factor=absolute(inner.factor))


def _hull(*spans: Span) -> Span:
    return united(spans)


def _rounded(shift: int, ray: Ray, argument: Any) -> Growth | None:
    """floor and ceiling lie between u and u + shift."""
    return ray.joined([ray.of(argument), ray.of(argument + shift)], _hull)


def _piecewise(ray: Ray, *pairs: Any) -> Growth | None:
    parts: list[Growth | None] = []
    for value, condition in branches(sp.Piecewise(*pairs, evaluate=False)):
        truth = possible(condition, ray.run)
        if truth is None:
            return None
        if True in truth:
            parts.append(ray.of(value))
        if False not in truth:
            return ray.joined(parts, _hull)
    return None


def _series(kind: Any, ray: Ray, term: Any, *limits: Any) -> Growth | None:
    """A finite sum or product, term by term."""
    term, bounds = unfolded(kind(term, *limits))
    indices = tuple(index for index, _, _ in bounds)

    def at(expr: Any, place: tuple[int, ...]) -> Any:
        return expr.subs(dict(zip(indices, map(sp.Integer, place), strict=False)))

    def between(place: tuple[int, ...]) -> tuple[int, int] | None:
        ends = (at(end, place) for end in bounds[len(place)][1:])
        low, high = (the_integer(ray.run(end), bool(end.is_integer)) for end in ends)
        return None if low is None or high is None else (low, high)

    parts: list[Growth | None] = []
    try:
        for place, forwards in places([between] * len(bounds)):
            if not forwards or len(parts) > _MOST_TERMS:
                return None
            parts.append(ray.of(at(term, place)))
    except LimitError:
        return None
    if kind is sp.Product:
        return reduce(product, parts, _constant(UNIT))
    return ray.joined(parts, add) if parts else _constant((ZERO, ZERO))


_INFINITE = arb("inf")
RULES: Mapping[Any, Rule] = {
    sp.Add: _less_one,
    sp.log: _logarithm,
    sp.sinh: _sinh,
    sp.cosh: lambda ray, u: ray.of(sp.cosh(u).rewrite(sp.exp)),
    sp.erfc: _erfc,
    sp.besseli: _bessel_i,
    sp.besselk: _bessel_k,
    sp.uppergamma: _upper_gamma,
    sp.expint: _exponential_integral,
    sp.Abs: _absolute,
    sp.floor: partial(_rounded, -1),
    sp.ceiling: partial(_rounded, 1),
    sp.Piecewise: _piecewise,
    sp.Sum: partial(_series, sp.Sum),
    sp.Product: partial(_series, sp.Product),
    sp.sin: partial(_odd, "sin", ONE, arb(3)),
    sp.atan: partial(_odd, "atan", ONE, _INFINITE),
    sp.tanh: partial(_odd, "tanh", ONE, _INFINITE),
    sp.asinh: partial(_odd, "asinh", ONE, _INFINITE),
    sp.erf: lambda ray, u: _odd("erf", 2 / arb.pi().sqrt(), _INFINITE, ray, u),
}
