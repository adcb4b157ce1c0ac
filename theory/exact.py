"""The one place that lets a number into the theory: exact, finite, real; and whether an expression is zero."""

from __future__ import annotations

import numbers
import re
from fractions import Fraction
from functools import lru_cache
from typing import SupportsFloat

import sympy as sp
from sympy.core.function import AppliedUndef

from theory.checks import shown

Exact = sp.Expr | int | Fraction | str
"""What is read as an exact number or expression, see `exact`."""
_DECIMAL = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*")
_RATIO = re.compile(r"\s*[+-]?\d+/\d+\s*")
DIGITS = 40
"""Decimal digits of the numeric half of an identity check."""


def exact(name: str, value: object, *, strings: bool = True) -> sp.Expr:
    """Return ``value`` as an exact, finite SymPy expression; ``name`` is what an error message calls it.

    Accepts int, Fraction, exact SymPy expressions and, unless ``strings`` is False, the strings "3", "0.1", "1e-3",
    "1/3" (read exactly). Raises TypeError for a float, for an expression that contains one and for any other
    kind, ValueError for nan, infinities, non-real values and strings that do not parse.
    """
    if isinstance(value, sp.Expr):
        return _checked(name, value, strings)
    if isinstance(value, str) and strings:
        return _parsed(name, value)
    if isinstance(value, numbers.Rational) and not isinstance(value, bool):
        return sp.Rational(int(value.numerator), int(value.denominator))
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        raise TypeError(f"{name} must be exact; got the float {value!r}; {_float_remedy(value, strings)}")
    text = " or a decimal string such as '0.1'" if strings else ""
    raise TypeError(
        f"{name} must be an exact number or expression; got {shown(value)}; "
        f"pass an int, a Fraction, an exact SymPy expression{text}"
    )


def _checked(name: str, value: sp.Expr, strings: bool) -> sp.Expr:
    floats = value.atoms(sp.Float)
    if floats:
        culprit = min(floats, key=str)
        raise TypeError(
            f"{name} must be exact; got {value}, which contains the float {culprit}; {_float_remedy(culprit, strings)}"
        )
    if not _is_finite(value):
        raise ValueError(f"{name} must be finite; got {value}; pass a finite exact number or expression")
    if not _may_be_real(value):
        raise ValueError(f"{name} must be real; got {value}; pass a real number or expression")
    return value


@lru_cache(maxsize=2**14)  # the terms of a claim are those of its mutants
def _is_finite(value: sp.Expr) -> bool:
    if value.has(sp.Integral):  # its limits may be infinite, its value is not thereby
        value = value.replace(lambda e: isinstance(e, sp.Integral), lambda _: sp.Dummy())
    return not value.has(sp.nan, sp.oo, -sp.oo, sp.zoo)


@lru_cache(maxsize=2**14)
def _may_be_real(value: sp.Expr) -> bool:
    return value.is_extended_real is not False


def _float_remedy(value: SupportsFloat, strings: bool) -> str:
    try:
        near = Fraction(str(float(value)))
    except (ValueError, OverflowError):  # nan and infinities have no exact neighbour
        return "pass a finite exact number such as Rational(1, 10)" + (" or the string '0.1'" if strings else "")
    text = f" or the string '{float(value)}'" if strings else ""
    return f"pass Rational({near.numerator}, {near.denominator}){text}"


def _parsed(name: str, value: str) -> sp.Expr:
    if not (_DECIMAL.fullmatch(value) or _RATIO.fullmatch(value)):
        raise ValueError(
            f"{name} must be a number; got the string {value!r}, which does not parse; "
            "pass a decimal or a ratio such as '0.1' or '1/3', or a SymPy expression"
        )
    try:
        number = Fraction(value)
    except ZeroDivisionError:
        raise ValueError(
            f"{name} must be a number; got {value!r}, a division by zero; pass a nonzero denominator"
        ) from None
    return sp.Rational(number.numerator, number.denominator)


def decide_zero(expression: sp.Expr) -> bool | None:
    """Decide whether an expression is identically zero: True, False or None (undecided).

    True when it cancels symbolically, or when it vanishes to 30 of 40 digits, relative to its largest term, at every
    one of five rational points where it is defined; False when it does not vanish at one of them.
    """
    expanded = sp.expand(expression)
    if expanded == 0:
        return True
    if expanded.atoms(AppliedUndef, sp.Integral):
        return True if sp.simplify(expanded) == 0 else None
    free = sorted(expanded.free_symbols, key=str)
    decided = None
    for k in range(5):
        point = {symbol: sp.Rational(3 + 2 * k + 5 * j, 17 + 4 * k + 7 * j) for j, symbol in enumerate(free)}
        terms = [term.subs(point).evalf(DIGITS) for term in sp.Add.make_args(expanded)]
        if not all(term.is_number and term.is_finite for term in terms):
            continue
        scale = max(abs(term) for term in terms)
        if abs(expanded.subs(point).evalf(DIGITS)) > scale * sp.Rational(1, 10**30):
            return False
        decided = True
    return decided


def nonnegative(name: str, value: sp.Expr) -> sp.Expr:
    """Return ``value`` unless it is decidably negative (ValueError)."""
    if value.is_negative:
        raise ValueError(f"{name} must be >= 0; got {value}; pass a nonnegative number")
    return value


def positive(name: str, value: sp.Expr) -> sp.Expr:
    """Return ``value`` unless it is decidably not positive (ValueError)."""
    if value.is_nonpositive:
        raise ValueError(f"{name} must be > 0; got {value}; pass a positive number")
    return value
