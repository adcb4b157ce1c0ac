"""Elementary functions on spans."""

from __future__ import annotations

from functools import partial
from typing import Any

import sympy as sp

from verify.balls.spans import ONE, TWO, ZERO, Operation, Span, absolute, greatest, hull, least, monotone, multiply

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


def _cosh_of(x: Span) -> Span | None:
    return _cosh(absolute(x))


def general_power(base: Span, exponent: Span) -> Span | None:
    """``base**exponent`` for base > 0, and 0 for 0 to a positive power."""
    if base[0].is_zero() and exponent[0] > 0:  # 0 to a positive power is 0
        top = (ZERO, ZERO) if base[1].is_zero() else general_power((base[1], base[1]), exponent)
        return None if top is None else (ZERO, top[1])
    logarithm = LOG(base)
    product = None if logarithm is None else multiply(exponent, logarithm)
    return None if product is None else EXP(product)


ELEMENTARY: dict[Any, Operation] = {
    sp.exp: EXP,
    sp.erf: ERF,
    sp.erfc: ERFC,
    sp.sinh: monotone("sinh"),
    sp.cosh: _cosh_of,
    sp.tanh: monotone("tanh", bottom=-ONE, top=ONE),
    sp.erfinv: monotone("erfinv", above=-ONE, below=ONE),
    sp.sin: partial(_wave, "sin"),
    sp.cos: partial(_wave, "cos"),
    sp.Abs: absolute,
    sp.Max: greatest,
    sp.Min: least,
}
