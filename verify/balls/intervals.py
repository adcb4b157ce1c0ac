"""Intervals of mpmath's numbers, for a second engine that knows nothing of flint.

An *interval* is a pair of mpmath's raw numbers, lower end first, an end may be infinite; None is undefined, and absorbs
what it meets. Two equal infinite ends stand for a limit. The functions are those behind ``mpmath.iv``, but each is told
its precision: the context of ``mpmath.iv`` keeps one for the whole process.

Why values stay inside. Sums, products, quotients and square roots of mpmath's numbers are computed in integers and
rounded in the direction that is asked for: lower ends down, upper ends up. Its elementary functions err by a few units
in the last place, in either direction: they are computed with GUARD bits more than are wanted, and the value is then
moved outwards by 2^-precision of itself, 2^GUARD such units. Everything else is made of these: functions by formulas
at the ends of their arguments where they are monotone, erf and erfi by series of positive terms whose remainder is
below the last term, erfc far out by the alternating expansion whose remainder is below the first term left out (DLMF
7.12), inverse functions by a guess whose two sides are checked.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cmp_to_key, partial
from typing import Any

from mpmath import libmp

Interval = tuple[Any, Any]
Operation = Callable[..., "Interval | None"]
"""From the precision and the intervals of the arguments to an interval of the values."""
At = Callable[[int, Any], "Interval | None"]
"""From the precision and a number to an interval around the value of a function there."""

GUARD = 32
ZERO, ONE, HALF, TWO = libmp.fzero, libmp.fone, libmp.fhalf, libmp.ftwo
INF, LOW_INF = libmp.finf, libmp.fninf
DOWN, UP = libmp.round_floor, libmp.round_ceiling
UNIT = (ONE, ONE)
_ORDER = cmp_to_key(libmp.mpf_cmp)
_LARGEST_EXPONENT = libmp.from_int(2**32)


def whole(n: int) -> Interval:
    """An integer."""
    return libmp.from_int(n), libmp.from_int(n)


def ratio(precision: int, p: int, q: int) -> Interval:
    """The rational p/q."""
    return libmp.mpi_div(whole(p), whole(q), precision)


def is_limit(x: Interval) -> bool:
    """Whether the interval stands for the limit at ∞ or −∞."""
    return x[0] == x[1] and x[0] in (INF, LOW_INF)


def is_finite(x: Any) -> bool:
    """Whether an end is a number."""
    return x not in (INF, LOW_INF, libmp.fnan)


def least(*ends: Any) -> Any:
    """The least of numbers."""
    return min(ends, key=_ORDER)


def most(*ends: Any) -> Any:
    """The greatest of numbers."""
    return max(ends, key=_ORDER)


def holds_zero(x: Interval) -> bool:
    """Whether 0 lies in the interval."""
    return libmp.mpf_sign(x[0]) <= 0 <= libmp.mpf_sign(x[1])


# Arithmetic ----------------------------------------------------------------------------------------------------------


def add(precision: int, *terms: Interval) -> Interval:
    """The sum; ∞ − ∞ may be anything."""
    total = terms[0]
    for term in terms[1:]:
        total = libmp.mpi_add(total, term, precision)
    return total


def negative(x: Interval) -> Interval:
    """``−x``."""
    return libmp.mpf_neg(x[1]), libmp.mpf_neg(x[0])


def _product(precision: int, x: Interval, y: Interval) -> Interval | None:
    if (is_limit(x) and holds_zero(y)) or (is_limit(y) and holds_zero(x)):
        return None  # the limit ∞·0 may be anything
    if all(map(is_finite, (*x, *y))):
        return libmp.mpi_mul(x, y, precision)

    # 0·∞ is 0 for the ends of an interval: its infinite end is never attained
    def corners(rounding: Any) -> list[Any]:
        return [
            ZERO if ZERO in (a, b) else libmp.mpf_mul(a, b, precision, rounding) for a, b in itertools.product(x, y)
        ]

    return least(*corners(DOWN)), most(*corners(UP))


def multiply(precision: int, *factors: Interval) -> Interval | None:
    """The product; undefined for the limit ∞·0."""
    result: Interval | None = UNIT
    for factor in factors:
        result = _product(precision, result, factor)
        if result is None:
            return None
    return result


def reciprocal(precision: int, x: Interval) -> Interval | None:
    """``1/x``; undefined where x may be 0."""
    if holds_zero(x):
        return None
    return libmp.mpf_div(ONE, x[1], precision, DOWN), libmp.mpf_div(ONE, x[0], precision, UP)


def absolute(_precision: int, x: Interval) -> Interval:
    """``|x|``."""
    if libmp.mpf_sign(x[0]) >= 0:
        return x
    return negative(x) if libmp.mpf_sign(x[1]) <= 0 else (ZERO, most(libmp.mpf_neg(x[0]), x[1]))


def power(precision: int, n: int, x: Interval) -> Interval | None:
    """The whole power n >= 0, by squarings of its ends' sizes."""
    if n == 0:
        return None if is_limit(x) else UNIT
    if n % 2 and libmp.mpf_sign(x[0]) < 0:
        below = power(precision, n, (ZERO if libmp.mpf_sign(x[1]) > 0 else libmp.mpf_neg(x[1]), libmp.mpf_neg(x[0])))
        above = power(precision, n, (ZERO, x[1])) if libmp.mpf_sign(x[1]) > 0 else below
        if below is None or above is None:
            return None
        return libmp.mpf_neg(below[1]), above[1] if libmp.mpf_sign(x[1]) > 0 else libmp.mpf_neg(below[0])
    base, result = absolute(precision, x), UNIT
    for bit in bin(n)[2:]:
        result = tuple(
            libmp.mpf_mul(libmp.mpf_mul(end, end, precision, rounding), side, precision, rounding)
            if bit == "1"
            else libmp.mpf_mul(end, end, precision, rounding)
            for end, side, rounding in zip(result, base, (DOWN, UP), strict=True)
        )
    return result  # type: ignore[return-value]


def root(precision: int, x: Interval) -> Interval | None:
    """``√x``; undefined where x may be below 0."""
    return None if libmp.mpf_sign(x[0]) < 0 else libmp.mpi_sqrt(x, precision)


def rational_power(precision: int, p: int, q: int, x: Interval) -> Interval | None:
    """The power p/q > 0 of numbers >= 0."""
    if q == 2:
        half = root(precision, x)
        return None if half is None else power(precision, p, half)
    return general_power(precision, x, ratio(precision, p, q))


def general_power(precision: int, base: Interval, exponent: Interval) -> Interval | None:
    """``base**exponent`` for a base > 0, or >= 0 if the exponent is > 0."""
    if base[0] == ZERO and libmp.mpf_sign(exponent[0]) > 0:
        top = (ZERO, ZERO) if base[1] == ZERO else general_power(precision, (base[1], base[1]), exponent)
        return None if top is None else (ZERO, top[1])
    logarithm = LOG(precision, base)
    product = None if logarithm is None else multiply(precision, exponent, logarithm)
    return None if product is None else EXP(precision, product)


# Functions that are monotone, from their values at numbers ---------------------------------------------------------


def outwards(precision: int, low: Any, high: Any) -> Interval | None:
    """Both ends moved outwards by 2^-precision of themselves."""
    if libmp.fnan in (low, high):
        return None
    if is_finite(low):
        low = libmp.mpf_sub(low, libmp.mpf_shift(libmp.mpf_abs(low), -precision), precision + GUARD, DOWN)
    if is_finite(high):
        high = libmp.mpf_add(high, libmp.mpf_shift(libmp.mpf_abs(high), -precision), precision + GUARD, UP)
    return low, high


def computed(function: Any, precision: int, x: Any) -> Interval | None:
    """Around the value of one of mpmath's elementary functions."""
    value = function(x, precision + GUARD, libmp.round_nearest)
    return outwards(precision, value, value)


def exp_at(precision: int, x: Any) -> Interval | None:
    """Around ``eˣ``; far out an end is 0 or infinite, for the exponent would fill the memory."""
    if is_finite(x) and libmp.mpf_gt(libmp.mpf_abs(x), _LARGEST_EXPONENT):
        above = libmp.mpf_sign(x) > 0
        near = computed(libmp.mpf_exp, precision, _LARGEST_EXPONENT if above else libmp.mpf_neg(_LARGEST_EXPONENT))
        return None if near is None else ((near[0], INF) if above else (ZERO, near[1]))
    return computed(libmp.mpf_exp, precision, x)


def monotone(
    at: At, *, falling: bool = False, bottom: Any = LOW_INF, top: Any = INF, above: Any = None, below: Any = None
) -> Operation:
    """A monotone function on an interval, from its values at the ends; range and open domain, if they have ends."""

    def apply(precision: int, x: Interval) -> Interval | None:
        if (above is not None and not libmp.mpf_gt(x[0], above)) or (
            below is not None and not libmp.mpf_lt(x[1], below)
        ):
            return None
        first = at(precision, x[0])
        second = first if x[0] == x[1] else at(precision, x[1])
        if first is None or second is None:
            return None
        low, high = (second[0], first[1]) if falling else (first[0], second[1])
        return most(low, bottom), least(high, top)

    return apply


def pi(precision: int) -> Interval:
    """``π``."""
    value = libmp.mpf_pi(precision + GUARD)
    below, above = (libmp.mpf_shift(libmp.from_int(side), -precision) for side in (-1, 1))
    return libmp.mpf_add(value, below, precision + GUARD, DOWN), libmp.mpf_add(value, above, precision + GUARD, UP)


EXP = monotone(exp_at, bottom=ZERO)
LOG = monotone(partial(computed, libmp.mpf_log), above=ZERO)
