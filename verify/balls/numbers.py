"""Exact numbers and balls around them: the working precision, reading a rational, the sign that a ball establishes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from threading import RLock
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

Exact = int | Fraction | sp.Rational | str

_PRECISION = RLock()


@contextmanager
def working_precision(bits: int) -> Iterator[None]:
    """Compute with ``bits`` bits inside the block and restore the caller's precision afterwards, errors included.

    The precision belongs to the whole process: other threads wait for the end of the block.
    """
    if not isinstance(bits, int) or isinstance(bits, bool) or bits < 24:
        raise ValueError(f"precision must be an integer number of bits, at least 24; got {bits!r}")
    with _PRECISION:
        before = ctx.prec
        ctx.prec = bits
        try:
            yield
        finally:
            ctx.prec = before


def exact(value: Exact, name: str = "value") -> Fraction:
    """Read an exact rational: an int, a Fraction, a SymPy Rational or text such as ``"0.1"`` or ``"1/3"``.

    Raises ValueError for a float (it has already been rounded) and for everything that is not a finite rational.
    """
    number: Any = value
    if isinstance(value, sp.Rational) and number.is_finite:
        return Fraction(int(number.p), int(number.q))
    if isinstance(value, int | Fraction | str) and not isinstance(value, bool):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            pass
    raise ValueError(
        f"{name} must be an exact rational; got {value!r}: pass an int, a Fraction, a sympy.Rational or "
        'text such as "0.1"'
    )


def rational(value: Exact) -> arb:
    """Enclose an exact rational number, to the current precision; errors as for `exact`."""
    number = exact(value)
    return arb(fmpq(number.numerator, number.denominator))


def ball(lower: Exact, upper: Exact) -> arb:
    """Cover the interval [lower, upper] of exact rationals by one ball; ValueError if lower > upper."""
    if exact(lower, "lower") > exact(upper, "upper"):
        raise ValueError(f"lower must not exceed upper; got lower={lower}, upper={upper}")
    return rational(lower).union(rational(upper))


def certainly_nonnegative(b: arb) -> bool:
    """Whether every number in the ball is >= 0; False for a nan ball."""
    return not b.is_nan() and bool(b >= 0)


def certainly_positive(b: arb) -> bool:
    """Whether every number in the ball is > 0; False for a nan ball."""
    return not b.is_nan() and bool(b > 0)


def certainly_negative(b: arb) -> bool:
    """Whether every number in the ball is < 0; False for a nan ball."""
    return not b.is_nan() and bool(b < 0)


def sign(b: arb) -> str:
    """The sign that a ball establishes: positive, negative, nonnegative, nonpositive, zero, unknown, or nan."""
    tests = (
        ("nan", b.is_nan()),
        ("zero", b.is_zero()),
        ("positive", b > 0),
        ("negative", b < 0),
        ("nonnegative", b >= 0),
        ("nonpositive", b <= 0),
    )
    return next((name for name, holds in tests if holds), "unknown")


def root(square: arb) -> arb:
    """√square of a number that is known to be >= 0, whatever its ball says."""
    low, high = (arb.max(end, arb(0)).sqrt() for end in (square.lower(), square.upper()))
    return low.union(high)
