"""Exact tables of the families that refute Lemma 2 as printed, for figures: certified in balls, returned as floats."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from flint import arb

from theory import checks
from theory.claims import REGISTRY
from verify.balls.numbers import working_precision
from verify.evidence.confrontation import number
from verify.evidence.domain import Entry
from verify.models.linear_gaussian import AFFINE, LATE, affine

_BITS = 160


class HorizonRow(NamedTuple):
    """Horizon T, and divergence over bound for Lemma 2 as printed and as repaired."""

    horizon: float
    printed: float
    repaired: float


class LateRow(NamedTuple):
    """ε, the loss L̃(θ; g²) and the divergence from the score-density."""

    epsilon: float
    loss: float
    divergence: float


def horizon_table(horizons: Iterable[float], *, family: str = "shift") -> Sequence[HorizonRow]:
    """Ratio of KL(p₀‖SDE-density) to the bound of L2:printed and of L2:repaired, for every horizon T > 0.

    family "shift": p₀ = N(0, 1), s_θ = −x + c e^{−t}: T(1 − e^{−2T})/2 and 1 − e^{−2T}, above 1 from T = 2.03476… on.
    family "stationary": p₀ = N(1, 1), s_θ = −x: 1/(2(1 − e^{−2T})/T + e^{−2T}) and 1, above 1 from T = 2 on. Both are
    under Ornstein–Uhlenbeck. Raises TypeError or ValueError for a horizon that is no positive finite number, and
    for another family.
    """
    families: dict[str, dict[str, Entry]] = {"shift": {"shifts": [0.0, 1.0, 0.0, 0.0]}, "stationary": {"mean": 1.0}}
    if checks.text("family", family) not in families:
        raise ValueError(f"family must be one of {', '.join(families)}; got {checks.shown(family)}")
    claims = [REGISTRY[name] for name in ("L2:printed", "L2:repaired")]
    rows = []
    for end in _numbers("horizons", horizons):
        instance = affine(end, **families[family])
        rows.append(HorizonRow(end, *(AFFINE.outcome(claim, AFFINE.sides(claim), instance).ratio for claim in claims)))
    return rows


def late_table(epsilons: Iterable[float], *, horizon: float = 1.0, push: float = 1.0) -> Sequence[LateRow]:
    """Loss and divergence from the score-density of s_θ = −x + c(1 − t/ε)₊ against p₀ = N(0, 1).

    L̃ = 2c²ε/(3T) and KL = c²/2 for 0 < ε <= T = ``horizon`` and c = ``push``, under Ornstein–Uhlenbeck. Raises
    TypeError or ValueError for numbers that are not finite, or not positive, and for an ε beyond the horizon.
    """
    (end,), (size,) = _numbers("horizon", [horizon]), _numbers("push", [push])
    claim = REGISTRY["L2:score-density"]
    rows = []
    for late in _numbers("epsilons", epsilons):
        if late > end:
            raise ValueError(f"epsilons must be at most the horizon {end}; got {late}; the error must end before T")
        outcome = LATE.outcome(claim, LATE.sides(claim), {"T": end, "epsilon": late, "push": size})
        rows.append(LateRow(late, number(outcome.right), number(outcome.left)))
    return rows


def shift_threshold(digits: int = 12) -> tuple[Fraction, Fraction]:
    """The horizon T > 0 with T(1 − e^{−2T}) = 2, beyond which the shift family violates L2:printed: two certified ends.

    T(1 − e^{−2T}) increases; the ends are 10^{−digits} apart, and balls certify that it is below 2 at the first and
    above 2 at the second: T = 2.034764817612…. Raises TypeError or ValueError unless digits is an integer from 1 to 40.
    """
    count = checks.instance("digits", digits, int)
    if not 1 <= count <= 40:
        raise ValueError(f"digits must be an integer from 1 to 40; got {digits}")
    low, high, scale = 2 * 10**count, 3 * 10**count, 10**count
    with working_precision(_BITS):
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _excess(middle, scale) < 0 else (low, middle)
        if not (_excess(low, scale) < 0 and _excess(high, scale) > 0):
            raise ArithmeticError(f"digits = {digits} are too many to decide at {_BITS} bits; pass fewer")
    return Fraction(low, scale), Fraction(high, scale)


def _excess(ticks: int, scale: int) -> arb:
    end = arb(ticks) / scale
    return -end * (-2 * end).expm1() - 2


def _numbers(name: str, values: object) -> list[float]:
    """Positive finite numbers as floats."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise TypeError(f"{name} must be numbers; got {checks.shown(values)}; pass a list")
    out = []
    for value in values:
        checks.instance(name, value, (int, float))
        try:
            small = float(value)
        except OverflowError:
            small = math.inf
        if not (math.isfinite(small) and small > 0):
            raise ValueError(f"{name} must be positive and finite; got {checks.shown(value)}")
        out.append(small)
    return out
