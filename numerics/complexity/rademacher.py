"""Empirical Rademacher complexities: exact over all signs, or Monte Carlo with an anytime interval.

With independent fair signs ξ_j, a class F of functions on n points has

    rademacher_complexity       (1/n) E sup_f Σ_j ξ_j f(x_j)
    rademacher_complexity_abs   (1/n) E sup_f |Σ_j ξ_j f(x_j)|

Both are averages of a function of hi = sup_f Σ and lo = inf_f Σ: of (hi − lo)/2, since −ξ has the law of ξ, and of
max(hi, −lo). These are even in ξ, so that half of all signs suffices. Flipping one sign moves them by at most
2 sup_f |f(x_j)|, hence (McDiarmid) they are sub-Gaussian with variance proxy Σ_j sup_f f(x_j)²: that gives one interval
of the Monte-Carlo mean; the empirical-Bernstein interval, better when they vary less, gives another. Each has half of
`alpha`, and what is returned is their intersection.

More samples extend the same sequence (see `streams`), and the intervals hold for all numbers of samples at once.
"""

import math
import numbers
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple, Unpack

import numpy as np
from numpy.typing import NDArray

from numerics import checks
from numerics.backends import philox
from numerics.backends.backend import Backend
from numerics.backends.choice import NUMPY, chosen
from numerics.backends.counts import Samples
from numerics.checks.aliases import Exact, FloatArray, Signs
from numerics.checks.memory import require_sizes
from numerics.kernels import sign_suprema
from numerics.statistics import intervals, streams
from numerics.statistics.intervals import Estimate
from numerics.statistics.sampling import Sampling, SamplingKeywords
from numerics.statistics.streams import Tag

METHODS = ("exact", "monte-carlo")

_LARGEST_WORK = 1 << 34  # additions of an enumeration: about half a minute
_TABLE = 8  # signs whose partial sums are tabulated
_CHUNK = 1 << 12  # sign vectors or blocks enumerated at once
_INTEGERS = 1 << 40  # largest row sum of integers: 2^(8 + 2) of them still fit in 64 bits
_NUMBERED_BLOCKS = 64  # blocks in one, where the signs belong to the samples
_EPS = float(np.finfo(float).eps)

Extremes = Callable[[Signs], tuple[FloatArray, FloatArray]]


class FunctionClass(NamedTuple):
    """What the averages need: ``extremes`` maps signs (S, n) of int8 to hi and lo (S,), ``peaks`` are sup_f |f(x_j)|.

    ``largest`` bounds sup_f Σ_j |f(x_j)|, and ``cost`` counts the additions for one sign vector.
    ``table``: the values (N, n) of a finite class, which other backends can take.
    """

    extremes: Extremes
    peaks: FloatArray
    largest: float
    cost: int
    table: FloatArray | None = None


def complexity(
    family: FunctionClass, absolute: bool, method: str, sampling: Sampling, where: Backend = NUMPY
) -> Estimate:
    """The complexity of a class by either method, all signs being walked one by one in the exact one."""
    if checks.option("method", method, METHODS) == "monte-carlo":
        return _monte_carlo(family, absolute, sampling, where)
    n = len(family.peaks)
    check_work(n, family.cost)
    count = 1 << (n - 1)
    sums = [
        float(_even(*family.extremes(_patterns(first, min(_CHUNK, count - first), n)), absolute).sum())
        for first in range(0, count, _CHUNK)
    ]
    return _exact(math.fsum(sums) / count, family.largest, n, count)


def check_work(n: int, cost: int) -> None:
    """Refuse an enumeration of 2^(n − 1) sign vectors at ``cost`` additions each that would not end in time."""
    if n > 50 or cost << (n - 1) > _LARGEST_WORK:
        most = max(1, (_LARGEST_WORK // cost).bit_length())
        raise ValueError(
            f'method="exact" would add {cost} numbers for each of 2^{n - 1} sign vectors; got n = {n} points; take at '
            f'most {most}, or method="monte-carlo"'
        )


def _even(high: FloatArray, low: FloatArray, absolute: bool) -> FloatArray:
    return np.maximum(high, -low) if absolute else 0.5 * (high - low)


def _exact(mean: float, largest: float, n: int, count: int, fraction: Fraction | None = None) -> Estimate:
    # hi and lo are sums of n terms; the sum over a chunk adds less than its length in roundings, the rest is fsum's
    error = 0.0 if fraction is not None else 2.0 * (n + 16) * _EPS * largest / n
    value = mean / n if fraction is None else float(fraction)
    if fraction is not None:
        error = _EPS * abs(value)
    return Estimate(value=value, interval=(value - error, value + error), alpha=0.0, samples=count, fraction=fraction)


def _patterns(first: int, count: int, n: int) -> Signs:
    """Sign vectors number first, …, first + count − 1 as int8 (count, n); the last sign is +1."""
    bits = (np.arange(first, first + count)[:, None] >> np.arange(n)) & 1
    bits[:, n - 1] = 1
    return (2 * bits - 1).astype(np.int8)


def _monte_carlo(family: FunctionClass, absolute: bool, sampling: Sampling, where: Backend) -> Estimate:
    half, n = 0.5 * sampling.alpha, len(family.peaks)
    block = max(32, min(1 << 12, (1 << 20) // n) // 32 * 32)

    def run(root: np.random.SeedSequence, number: int, rows: int) -> FloatArray:
        rng = streams.generator(root, Tag.SIGNS, number, 0)
        bits = np.unpackbits(np.frombuffer(rng.bytes(-(-rows * n // 8)), np.uint8), count=rows * n)
        signs = (bits.view(np.int8) << 1) - np.int8(1)
        return _even(*family.extremes(signs.reshape(rows, n)), absolute)

    def numbered(root: np.random.SeedSequence, number: int, rows: int) -> FloatArray:
        drawn = Samples(philox.key_of(streams.child(root, Tag.SIGNS)), number * block, rows)
        return _even(*where.sign_extremes(drawn, family.table), absolute)  # type: ignore[arg-type]

    if where.numbered and family.table is not None:
        block *= _NUMBERED_BLOCKS
        run = numbered
    values = sampling.values(run, block) / n
    mean, scale = float(values.mean()), float(np.linalg.norm(family.peaks)) / n
    radius = intervals.subgaussian_radius(len(values), scale * scale, half)
    rounding = 2.0 * (n + 16) * where.eps * family.largest / n
    largest = family.largest / n + rounding
    low, high = max(0.0, mean - radius - rounding), min(largest, mean + radius + rounding)
    bernstein = intervals.bounded_interval(np.clip(values, 0.0, largest), 0.0, largest, half)
    if max(low, bernstein[0]) <= min(high, bernstein[1]):  # else one of them misses, and the wider way is to keep one
        low, high = max(low, bernstein[0] - rounding), min(high, bernstein[1] + rounding)
    return sampling.estimate(mean, low, high)


# Finite classes ------------------------------------------------------------------------------------------------------


def _finite(values: FloatArray) -> FunctionClass:
    table = np.array(values)

    def extremes(signs: Signs) -> tuple[FloatArray, FloatArray]:
        high, low = np.empty(len(signs)), np.empty(len(signs))
        sign_suprema.finite_extremes(table, np.ascontiguousarray(signs.T, dtype=float), high, low)
        return high, low

    size = np.abs(values)
    return FunctionClass(extremes, size.max(axis=0), float(size.sum(axis=1).max()), size.size, table)


def _numerators(values: Any, floats: FloatArray) -> tuple[NDArray[np.int64], int] | None:
    """The values as integers over a common denominator, where they are rational and small enough; else None."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        whole, divisor = floats, 1
        if (np.floor(whole) != whole).any() or np.abs(whole).sum(axis=1).max() > _INTEGERS:
            return None
        return whole.astype(np.int64), divisor
    entries = [entry for row in values for entry in row]
    if not all(isinstance(x, numbers.Rational) or float(x).is_integer() for x in entries):
        return None
    fractions = [
        Fraction(int(x.numerator), int(x.denominator)) if isinstance(x, numbers.Rational) else Fraction(int(float(x)))
        for x in entries
    ]
    divisor = math.lcm(*(f.denominator for f in fractions))
    whole = np.array([int(f * divisor) for f in fractions], dtype=object).reshape(floats.shape)
    if max(sum(map(abs, row)) for row in whole.tolist()) > _INTEGERS:
        return None
    return whole.astype(np.int64), divisor


def _enumerate(values: Exact, floats: FloatArray, absolute: bool) -> Estimate:
    n = floats.shape[1]
    check_work(n, len(floats))
    bits = min(_TABLE, n - 1)
    require_sizes("the enumeration", lambda number_of_functions: number_of_functions * (8.0 * (1 << bits) + 40.0 * n),
                  number_of_functions=len(floats))  # fmt: skip
    exact = _numerators(values, floats)
    table = np.array(floats) if exact is None else exact[0]
    signs = 2 * ((np.arange(1 << bits) >> np.arange(bits)[:, None]) & 1) - 1
    partial = np.zeros((len(table), 1 << bits), table.dtype)
    for j in range(bits):
        partial += table[:, j, None] * signs[j].astype(table.dtype)
    sums = []
    for first in range(0, 1 << (n - 1 - bits), _CHUNK):
        part = np.empty(min(_CHUNK, (1 << (n - 1 - bits)) - first), table.dtype)
        sign_suprema.enumerate_finite(table, partial, first, absolute, part)
        sums += part.tolist()
    count, largest = 1 << (n - 1), float(np.abs(floats).sum(axis=1).max())
    if exact is None:
        return _exact(math.fsum(sums) / (2 * count), largest + (1 << bits) / (2 * n) * largest, n, count)
    return _exact(0.0, largest, n, count, Fraction(sum(sums), 2 * count * n * exact[1]))


def _table(name: str, values: Exact) -> FloatArray:
    plain = isinstance(values, np.ndarray) and values.dtype.kind in "iuf"
    return checks.array(name, values, shape=("N", "n"), exact=not plain)


def _of_values(values: Exact, absolute: bool, method: str, sampling: Sampling, where: Backend) -> Estimate:
    floats = _table("values", values)
    if checks.option("method", method, METHODS) == "exact":
        return _enumerate(values, floats, absolute)
    return complexity(_finite(floats), absolute, method, sampling, where)


def rademacher_complexity(
    values: Exact,
    *,
    method: str = "exact",
    backend: Backend | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
    **how: Unpack[SamplingKeywords],
) -> Estimate:
    """The empirical Rademacher complexity (1/n) E max_i Σ_j ξ_j f_i(x_j) of N functions, without |·|.

    ``values``: f_i(x_j), (N, n). ``method``: "exact" enumerates 2^(n − 1) sign vectors (the value is even in them),
    with ``alpha`` 0 and an interval that bounds rounding; where the values are integers, or fractions.Fraction, and
    their row sums over a common denominator are at most 2^40, the arithmetic is exact and the result has a
    ``fraction``. "monte-carlo" averages over sign vectors as ``sampling``, a `Sampling`, says, or its fields do:
    samples=10_000, alpha=0.01, rng=0, workers=1. The interval misses with probability at most alpha ever, for all
    numbers of samples at once. ``backend``, ``device``, ``dtype``: where the Monte-Carlo signs are drawn and summed, as
    in `violation_blocks`; the interval allows for the rounding of the dtype.

    Returns an `Estimate`. ValueError for NaN, empty axes, an unknown method, and an enumeration of more than 2^34
    additions (N = 16: n up to 31). Source: LLZB, proof of theorem 1; Bartlett & Mendelson 2002.
    """
    return _of_values(values, False, method, Sampling.of(how), chosen(backend, device, dtype))


def rademacher_complexity_abs(
    values: Exact,
    *,
    method: str = "exact",
    backend: Backend | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
    **how: Unpack[SamplingKeywords],
) -> Estimate:
    """The empirical Rademacher complexity (1/n) E max_i |Σ_j ξ_j f_i(x_j)| of N functions, with |·|.

    It is that of the class ±f_i without |·|. Arguments, result and errors as in `rademacher_complexity`.
    """
    return _of_values(values, True, method, Sampling.of(how), chosen(backend, device, dtype))
