"""Elementary functions on spans, and the steps: sign, Heaviside, floor and ceiling."""

from __future__ import annotations

from functools import partial
from typing import Any

import sympy as sp

from verify.balls.spans import (
    ONE,
    TWO,
    ZERO,
    Operation,
    Span,
    absolute,
    contains_zero,
    greatest,
    hull,
    integer_power,
    least,
    monotone,
    multiply,
    reciprocal,
    united,
    whole,
)

EXP, LOG = monotone("exp", bottom=ZERO), monotone("log", above=ZERO)
EXPM1, LOG1P = monotone("expm1", bottom=-ONE), monotone("log1p", above=-ONE)
ERF, ERFC = monotone("erf", bottom=-ONE, top=ONE), monotone("erfc", bottom=ZERO, top=TWO, falling=True)
_cosh = monotone("cosh", bottom=ONE)
LAMBERT = {
    0: monotone("lambertw", bottom=-ONE, above=-ONE, branch=0),
    -1: monotone("lambertw", top=-ONE, falling=True, above=-ONE, below=ZERO, branch=-1),
}


def _wave(name: str, x: Span) -> Span | None:
    if not (x[0].is_finite() and x[1].is_finite()):
        return (-ONE, ONE)
    value = getattr(x[0].union(x[1]), name)()
    result = hull(value, value)
    return None if result is None else (max(result[0], -ONE), min(result[1], ONE))


def _tangent(x: Span) -> Span | None:
    if not (x[0].is_finite() and x[1].is_finite()):
        return None
    value = x[0].union(x[1]).tan()
    return hull(value, value) if value.is_finite() else None  # not finite where there may be a pole


def _cosh_of(x: Span) -> Span | None:
    return _cosh(absolute(x))


def _arctangent(x: Span) -> Span | None:
    return hull(x[0].atan(), x[1].atan())  # ±π/2 at ±∞


def general_power(base: Span, exponent: Span) -> Span | None:
    """``base**exponent`` for base > 0, and 0 for 0 to a positive power."""
    if base[0].is_zero() and exponent[0] > 0:  # 0 to a positive power is 0
        top = (ZERO, ZERO) if base[1].is_zero() else general_power((base[1], base[1]), exponent)
        return None if top is None else (ZERO, top[1])
    logarithm = LOG(base)
    product = None if logarithm is None else multiply(exponent, logarithm)
    return None if product is None else EXP(product)


def whole_power(base: Span, exponent: Span) -> Span | None:
    """A power whose exponent is the index of a sum: beyond `general_power`, whole powers of any base."""
    n = None if base[0] > 0 else whole(exponent)
    if n is None or (base[0].is_zero() and n > 0):
        return general_power(base, exponent)
    result = integer_power(abs(n), base)
    return reciprocal(result) if n < 0 and result is not None else result


def symbolic_power(base: Span, exponent: Span) -> Span | None:
    """A power whose exponent is a symbol or an integer: beyond `general_power`, whole powers of negative numbers.

    The exponent may not be a limit: (1/x)^(1/log x) tends to 1/e.
    """
    return whole_power(base, exponent) if base[1] < 0 else general_power(base, exponent)


def _rounded(name: str, x: Span) -> Span | None:
    low, high = (end if not end.is_finite() else getattr(end, name)() for end in x)
    return hull(low, high)


def _sign(x: Span) -> Span:
    return x[0].sgn(), x[1].sgn()


def _heaviside(x: Span, at_zero: Span) -> Span:
    reached = [(ZERO, ZERO)] * bool(x[0] < 0) + [at_zero] * contains_zero(x) + [(ONE, ONE)] * bool(x[1] > 0)
    return united(reached)


STEPS: dict[Any, Operation] = {
    sp.sign: _sign,
    sp.Heaviside: _heaviside,
    sp.floor: partial(_rounded, "floor"),
    sp.ceiling: partial(_rounded, "ceil"),
}
"""Functions with jumps."""

ELEMENTARY: dict[Any, Operation] = {
    sp.exp: EXP,
    sp.erf: ERF,
    sp.erfc: ERFC,
    sp.erfi: monotone("erfi"),
    sp.erfinv: monotone("erfinv", above=-ONE, below=ONE),
    sp.erfcinv: monotone("erfcinv", falling=True, above=ZERO, below=TWO),
    sp.sinh: monotone("sinh"),
    sp.cosh: _cosh_of,
    sp.tanh: monotone("tanh", bottom=-ONE, top=ONE),
    sp.asinh: monotone("asinh"),
    sp.acosh: monotone("acosh", bottom=ZERO, start=ONE),
    sp.atanh: monotone("atanh", above=-ONE, below=ONE),
    sp.sin: partial(_wave, "sin"),
    sp.cos: partial(_wave, "cos"),
    sp.tan: _tangent,
    sp.asin: monotone("asin", start=-ONE, stop=ONE),
    sp.acos: monotone("acos", falling=True, start=-ONE, stop=ONE),
    sp.atan: _arctangent,
    sp.Abs: absolute,
    sp.Max: greatest,
    sp.Min: least,
    **STEPS,
}
