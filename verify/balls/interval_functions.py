"""Functions on intervals of `verify.balls.intervals`: hyperbolic and inverse ones, error functions, waves, steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import mpmath
import sympy as sp
from mpmath import libmp

from verify.balls.intervals import (
    DOWN,
    EXP,
    GUARD,
    HALF,
    INF,
    LOG,
    LOW_INF,
    ONE,
    TWO,
    UNIT,
    UP,
    ZERO,
    At,
    Interval,
    Operation,
    absolute,
    add,
    computed,
    exp_at,
    is_finite,
    least,
    monotone,
    most,
    multiply,
    negative,
    pi,
    power,
    reciprocal,
    root,
    whole,
)

_LARGEST_ERFI = libmp.from_int(64)
_MINUS_ONE = libmp.fnone

# Hyperbolic and inverse functions ------------------------------------------------------------------------------------


def _odd(positive: At) -> At:
    """An odd function from its values at numbers > 0."""

    def at(precision: int, x: Any) -> Interval | None:
        side = libmp.mpf_sign(x)
        if side == 0:
            return ZERO, ZERO
        found = positive(precision, libmp.mpf_abs(x))
        return found if found is None or side > 0 else negative(found)

    return at


def _sinh_at(precision: int, x: Any) -> Interval | None:
    up, down = exp_at(precision, x), exp_at(precision, libmp.mpf_neg(x))
    return None if up is None or down is None else multiply(precision, (HALF, HALF), add(precision, up, negative(down)))


def _cosh_at(precision: int, x: Any) -> Interval | None:
    up, down = exp_at(precision, x), exp_at(precision, libmp.mpf_neg(x))
    return None if up is None or down is None else multiply(precision, (HALF, HALF), add(precision, up, down))


def _tanh_at(precision: int, x: Any) -> Interval | None:
    """1 − 2/(e²ˣ + 1)."""
    power_ = exp_at(precision, libmp.mpf_shift(x, 1))
    part = None if power_ is None else reciprocal(precision, add(precision, power_, UNIT))
    return None if part is None else add(precision, UNIT, multiply(precision, whole(-2), part) or (LOW_INF, INF))


def _asinh_at(precision: int, x: Any) -> Interval | None:
    square = power(precision, 2, (x, x))
    length = None if square is None else root(precision, add(precision, square, UNIT))
    return None if length is None else LOG(precision, add(precision, (x, x), length))


def _acosh_at(precision: int, x: Any) -> Interval | None:
    factors = add(precision, (x, x), whole(-1)), add(precision, (x, x), UNIT)
    square = multiply(precision, *factors)
    length = None if square is None else root(precision, square)
    return None if length is None else LOG(precision, add(precision, (x, x), length))


def _atanh_at(precision: int, x: Any) -> Interval | None:
    below = reciprocal(precision, add(precision, UNIT, negative((x, x))))
    quotient = None if below is None else multiply(precision, add(precision, UNIT, (x, x)), below)
    found = None if quotient is None else LOG(precision, quotient)
    return None if found is None else multiply(precision, (HALF, HALF), found)


def _asin_at(precision: int, x: Any) -> Interval | None:
    """atan(x/√((1 − x)(1 + x)))."""
    if x in (ONE, _MINUS_ONE):
        half = multiply(precision, (HALF, HALF), pi(precision))
        return half if half is None or x == ONE else negative(half)
    square = multiply(precision, add(precision, UNIT, negative((x, x))), add(precision, UNIT, (x, x)))
    length = None if square is None else root(precision, square)
    below = None if length is None else reciprocal(precision, length)
    inner = None if below is None else multiply(precision, (x, x), below)
    return None if inner is None else _atan(precision, inner)


def _acos_at(precision: int, x: Any) -> Interval | None:
    inner, half = _asin_at(precision, x), multiply(precision, (HALF, HALF), pi(precision))
    return None if inner is None or half is None else add(precision, half, negative(inner))


_atan = monotone(partial(computed, libmp.mpf_atan))


# Error functions -----------------------------------------------------------------------------------------------------


def _series(precision: int, square: Interval, step: Callable[[int], int], weight: Callable[[int], int]) -> Interval:
    """``Σ_k t_k/weight(k)``, t₀ = 1, t_k = t_{k−1} square/step(k): the terms' ratio falls, and they are all positive.

    From where the ratio is at most ½ the remainder is at most the last term.
    """
    term, total, k = UNIT, (ZERO, ZERO), 0
    while True:
        part = libmp.mpi_div(term, whole(weight(k)), precision)
        total = libmp.mpi_add(total, part, precision)
        k += 1
        small = libmp.mpf_lt(part[1], libmp.mpf_shift(total[0], -precision))
        if small and libmp.mpf_le(libmp.mpf_shift(square[1], 1), libmp.from_int(step(k))):
            return total[0], libmp.mpf_add(total[1], part[1], precision, UP)
        term = libmp.mpi_div(libmp.mpi_mul(term, square, precision), whole(step(k)), precision)


def _two_over_root_pi(precision: int) -> Interval:
    return libmp.mpi_div((TWO, TWO), libmp.mpi_sqrt(pi(precision), precision), precision)


def _erf_at(precision: int, x: Any) -> Interval | None:
    """``2/√π e^{−x²} x Σ (2x²)^k/(1·3·…·(2k+1))`` for x > 0."""
    if x == INF:
        return UNIT
    bits = precision + GUARD
    square = libmp.mpi_mul((x, x), (x, x), bits)
    if libmp.mpf_gt(square[0], libmp.from_int(bits)):  # 1 − erf(x) < e^{−x²} < 2^-bits
        return libmp.mpf_sub(ONE, libmp.mpf_shift(ONE, -bits), bits, DOWN), ONE
    total = _series(bits, libmp.mpi_mul((TWO, TWO), square, bits), lambda k: 2 * k + 1, lambda _: 1)
    falling = EXP(bits, negative(square))
    return None if falling is None else multiply(bits, _two_over_root_pi(bits), (x, x), falling, total)


def _erfi_at(precision: int, x: Any) -> Interval | None:
    """``2/√π x Σ x^{2k}/(k!(2k+1))`` for x > 0."""
    if libmp.mpf_gt(x, _LARGEST_ERFI):
        near = _erfi_at(precision, _LARGEST_ERFI)
        return (INF, INF) if x == INF else None if near is None else (near[0], INF)
    bits = precision + GUARD
    square = libmp.mpi_mul((x, x), (x, x), bits)
    return multiply(bits, _two_over_root_pi(bits), (x, x), _series(bits, square, lambda k: k, lambda k: 2 * k + 1))


def _erfc_at(precision: int, x: Any) -> Interval | None:
    """1 − erf(x), with as many bits more as it cancels; the alternating expansion where that tells all bits."""
    if libmp.mpf_sign(x) <= 0:
        found = _odd(_erf_at)(precision, x)
        return None if found is None else add(precision, UNIT, negative(found))
    if x == INF:
        return ZERO, ZERO
    square = libmp.mpi_mul((x, x), (x, x), precision + GUARD)
    if libmp.mpf_gt(square[0], libmp.from_int(precision + GUARD)):
        return _erfc_far(precision + GUARD, x, square)
    found = _erf_at(precision + 2 * int(libmp.to_int(square[1])) + GUARD, x)
    return None if found is None else libmp.mpi_sub(UNIT, found, precision)


def _erfc_far(precision: int, x: Any, square: Interval) -> Interval | None:
    """``e^{−x²}/(x√π) Σ (−1)^k 1·3·…·(2k−1)/(2x²)^k``: two partial sums in a row have the value between them."""
    double = libmp.mpi_mul((TWO, TWO), square, precision)
    term, total, k = UNIT, UNIT, 0
    while True:
        k += 1
        term = libmp.mpi_div(libmp.mpi_mul(term, whole(2 * k - 1), precision), double, precision)
        following = libmp.mpi_add(total, term if k % 2 == 0 else negative(term), precision)
        done = libmp.mpf_lt(term[1], libmp.mpf_shift(ONE, -precision)) or libmp.mpf_gt(whole(2 * k)[0], double[0])
        if done:
            break
        total = following
    between = least(total[0], following[0]), most(total[1], following[1])
    falling = EXP(precision, negative(square))
    below = reciprocal(precision, libmp.mpi_mul((x, x), libmp.mpi_sqrt(pi(precision), precision), precision))
    return None if falling is None or below is None else multiply(precision, falling, below, between)


# Inverse functions, by a guess -----------------------------------------------------------------------------------


def _inverse(function: Operation, guess: Callable[[Any, Any], Any], *, falling: bool = False) -> At:
    """The inverse of a monotone function: ends around a guess between whose values the number certainly lies."""

    def at(precision: int, x: Any) -> Interval | None:
        context = mpmath.MPContext()
        context.prec = precision + GUARD
        near = context.convert(guess(context, context.make_mpf(x)))
        if not isinstance(near, context.mpf):
            return None
        step = libmp.mpf_shift(most(libmp.mpf_abs(near._mpf_), libmp.mpf_shift(ONE, -precision)), -precision)
        ends = (
            libmp.mpf_sub(near._mpf_, step, precision + GUARD, DOWN),
            libmp.mpf_add(near._mpf_, step, precision + GUARD, UP),
        )
        first, second = (function(2 * precision, (end, end)) for end in (reversed(ends) if falling else ends))
        inside = first is not None and second is not None and libmp.mpf_le(first[1], x) and libmp.mpf_le(x, second[0])
        return ends if inside else None

    return at


def _times_exp(precision: int, x: Interval) -> Interval | None:
    grown = EXP(precision, x)
    return None if grown is None else multiply(precision, x, grown)


def _lambert_at(precision: int, x: Any) -> Interval | None:
    if x == INF:
        return INF, INF
    found = _inverse(_times_exp, lambda context, y: context.lambertw(y))(precision, x)
    return None if found is None or not libmp.mpf_gt(found[0], _MINUS_ONE) else found  # x eˣ rises beyond −1


def _lower_lambert_at(precision: int, x: Any) -> Interval | None:
    found = _inverse(_times_exp, lambda context, y: context.lambertw(y, -1), falling=True)(precision, x)
    return None if found is None or not libmp.mpf_lt(found[1], _MINUS_ONE) else found  # and falls before it


# Waves and steps -----------------------------------------------------------------------------------------------------


def _peaks(precision: int, x: Interval, offset: Interval) -> range:
    """The integers k for which π(k + offset) lies in the interval, and perhaps some at its ends."""
    ends = []
    for end in x:
        turns = libmp.mpi_div((end, end), pi(precision), precision)
        ends.append(libmp.mpi_sub(turns, offset, precision))
    return range(libmp.to_int(ends[0][0], UP), libmp.to_int(ends[1][1], DOWN) + 1)


def _wave(name: str, offset: Interval, precision: int, x: Interval) -> Interval | None:
    """Sine or cosine: the hull of the values at the ends and of the peaks ±1 between them."""
    if not all(map(is_finite, x)) or libmp.mpf_gt(libmp.mpf_sub(x[1], x[0]), libmp.from_int(7)):
        return _MINUS_ONE, ONE
    values = [ONE if k % 2 == 0 else _MINUS_ONE for k in _peaks(precision, x, offset)]
    for end in x:
        value = getattr(libmp, name)(end, precision + GUARD, libmp.round_nearest)
        error = libmp.mpf_shift(ONE, -precision)
        values += [libmp.mpf_sub(value, error, precision, DOWN), libmp.mpf_add(value, error, precision, UP)]
    return most(least(*values), _MINUS_ONE), least(most(*values), ONE)


_sine, _cosine = partial(_wave, "mpf_sin", (HALF, HALF)), partial(_wave, "mpf_cos", (ZERO, ZERO))


def _tangent(precision: int, x: Interval) -> Interval | None:
    """Rises between its poles π(k + ½)."""
    wide = not all(map(is_finite, x)) or libmp.mpf_gt(libmp.mpf_sub(x[1], x[0]), libmp.from_int(4))
    if wide or len(_peaks(precision, x, (HALF, HALF))):
        return None
    ends = []
    for end in x:
        sine, cosine = _sine(precision, (end, end)), _cosine(precision, (end, end))
        below = None if cosine is None else reciprocal(precision, cosine)
        value = None if sine is None or below is None else multiply(precision, sine, below)
        if value is None:
            return None
        ends.append(value)
    return ends[0][0], ends[1][1]


def _whole_part(function: Any, _precision: int, x: Interval) -> Interval:
    low, high = (end if not is_finite(end) else function(end, 0) for end in x)
    return low, high


def _sign(_precision: int, x: Interval) -> Interval:
    return libmp.from_int(libmp.mpf_sign(x[0])), libmp.from_int(libmp.mpf_sign(x[1]))


def _least(_precision: int, *items: Interval) -> Interval:
    return least(*(low for low, _ in items)), least(*(high for _, high in items))


def _greatest(_precision: int, *items: Interval) -> Interval:
    return most(*(low for low, _ in items)), most(*(high for _, high in items))


def _cosh(precision: int, x: Interval) -> Interval | None:
    return _cosh_of_size(precision, absolute(precision, x))


_cosh_of_size = monotone(_cosh_at, bottom=ONE)
STEPS: dict[Any, Operation] = {
    sp.sign: _sign,
    sp.floor: partial(_whole_part, libmp.mpf_floor),
    sp.ceiling: partial(_whole_part, libmp.mpf_ceil),
}
"""Functions with jumps."""
LAMBERT: dict[int, Operation] = {
    0: monotone(_lambert_at, bottom=_MINUS_ONE),
    -1: monotone(_lower_lambert_at, falling=True, top=_MINUS_ONE, below=ZERO),
}
FUNCTIONS: dict[Any, Operation] = {
    sp.exp: EXP,
    sp.log: LOG,
    sp.sinh: monotone(_odd(_sinh_at)),
    sp.cosh: _cosh,
    sp.tanh: monotone(_odd(_tanh_at), bottom=_MINUS_ONE, top=ONE),
    sp.asinh: monotone(_odd(_asinh_at)),
    sp.acosh: monotone(_acosh_at, bottom=ZERO),
    sp.atanh: monotone(_odd(_atanh_at), above=_MINUS_ONE, below=ONE),
    sp.sin: _sine,
    sp.cos: _cosine,
    sp.tan: _tangent,
    sp.asin: monotone(_odd(_asin_at)),
    sp.acos: monotone(_acos_at, falling=True),
    sp.atan: _atan,
    sp.erf: monotone(_odd(_erf_at), bottom=_MINUS_ONE, top=ONE),
    sp.erfc: monotone(_erfc_at, falling=True, bottom=ZERO, top=TWO),
    sp.erfi: monotone(_odd(_erfi_at)),
    sp.Abs: absolute,
    sp.Max: _greatest,
    sp.Min: _least,
    **STEPS,
}
