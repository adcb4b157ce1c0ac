"""Anytime-valid confidence intervals for means, and the value `Estimate` that carries one.

Each interval comes from nonnegative supermartingales of mean at most 1 under the true mean (Ville 1939). So for i.i.d.
values, or any with conditional mean μ given the past, P(for some N the interval of the first N values misses μ) ≤ α:
one may look after every value and stop at will.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from numerics import checks
from numerics.checks.aliases import FloatArray

_EPS = float(np.finfo(float).eps)
_TUNING = 100.0  # the normal mixture is narrowest, within a few per cent, at a few hundred to ten thousand values
_LARGEST_BET = 0.5


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A number with the interval that holds it.

    ``value``: the estimate. ``interval``: (low, high), low ≤ value ≤ high. ``alpha``: the probability that the interval
    misses; 0 when it bounds rounding or quadrature error (``error``), not chance. ``samples``: random values, sign
    vectors or quadrature nodes used. ``fraction``: the exact value as a fraction where one is at hand, else None.
    ``float`` gives the value. Raises ValueError when the interval does not hold the value, or alpha is outside [0, 1).
    """

    value: float
    interval: tuple[float, float]
    alpha: float
    samples: int
    fraction: Fraction | None = None

    def __post_init__(self):
        value = checks.real("value", self.value)
        ends = checks.array("interval", self.interval, shape=(2,))
        low, high = float(ends[0]), float(ends[1])
        if not low <= value <= high:
            raise ValueError(f"interval must hold the value {value!r}; got ({low!r}, {high!r}); widen it")
        alpha = checks.real("alpha", self.alpha, minimum=0.0, below=1.0)
        if self.fraction is not None:
            checks.instance("fraction", self.fraction, Fraction, "pass a fractions.Fraction or None")
        samples = checks.integer("samples", self.samples, minimum=0, maximum=1 << 62)
        for name, x in (("value", value), ("interval", (low, high)), ("alpha", alpha), ("samples", samples)):
            object.__setattr__(self, name, x)

    @property
    def error(self) -> float:
        """The larger distance of the value from the interval's ends."""
        return max(self.value - self.interval[0], self.interval[1] - self.value)

    def __float__(self) -> float:
        return self.value


def level(alpha: float) -> float:
    """``alpha`` as a float in (0, 1); ValueError otherwise."""
    return checks.real("alpha", alpha, above=0.0, below=1.0)


def probability(name: str, value: float) -> float:
    """``value`` as a float in [0, 1]; ValueError otherwise."""
    return checks.real(name, value, minimum=0.0, maximum=1.0)


def subgaussian_radius(count: int, proxy: float, alpha: float) -> float:
    """Half the width of the interval around the average of N = ``count`` sub-Gaussian values.

    √(V (N + a) (2 log(1/α) + log((N + a)/a))) / N with a = 100, when E exp(s (X − μ)) ≤ exp(s² V/2) for all s; the
    variance proxy V = ``proxy`` is in squared units of the values. Source: Robbins 1970, the two-sided normal mixture.
    """
    grown = (count + _TUNING) * (2.0 * math.log(1.0 / alpha) + math.log((count + _TUNING) / _TUNING))
    return math.sqrt(proxy * grown) / count


def bounded_interval(values: FloatArray, low: float, high: float, alpha: float) -> tuple[float, float]:
    """The empirical-Bernstein interval of the mean of values (N,) in [low, high], clipped to that range.

    With X rescaled to [0, 1], running guesses m and s² of mean and variance from the past only, the bets
    λ = min(1/2, √(2 log(2/α)/(s² t log(1 + t)))) and ψ(λ) = −log(1 − λ) − λ: the weighted mean Σλ X/Σλ, plus and minus
    (log(2/α) + Σ (X − m)² ψ(λ))/Σλ. Source: Waudby-Smith & Ramdas 2024, theorem 2 (with Howard et al. 2021).
    """
    width = high - low
    if width <= 0.0:
        return low, high
    x = (values - low) / width
    t = np.arange(1.0, len(x) + 1.0)
    mean = np.concatenate([[0.5], (0.5 + np.cumsum(x)) / (t + 1.0)])  # mean[t] uses the first t values
    variance = np.concatenate([[0.25], (0.25 + np.cumsum((x - mean[1:]) ** 2)) / (t + 1.0)])
    log_term = math.log(2.0 / alpha)
    bets = np.minimum(np.sqrt(2.0 * log_term / (variance[:-1] * t * np.log1p(t))), _LARGEST_BET)
    total = float(bets.sum())
    centre = float(bets @ x) / total
    radius = (log_term + float(((x - mean[:-1]) ** 2) @ (-np.log1p(-bets) - bets))) / total
    slack = 4 * len(x) * _EPS  # of the cumulative sums
    return max(low, low + width * (centre - radius - slack)), min(high, low + width * (centre + radius + slack))


def variance_interval(values: FloatArray, variance: float, alpha: float) -> tuple[float, float]:
    """Catoni's interval of the mean μ of values (N,) with E (X − μ)² ≤ ``variance`` and no other condition.

    {m : |Σ ψ(λ_t (X_t − m))| ≤ log(2/α) + (V/2) Σ λ_t²}, ψ(y) = sign(y) log(1 + |y| + y²/2) and
    λ_t = √(2 log(2/α)/(V t log(1 + t))). Source: Catoni 2012; Wang & Ramdas 2023.
    """
    if variance <= 0.0:
        return float(values[0]), float(values[0])
    t = np.arange(1.0, len(values) + 1.0)
    log_term = math.log(2.0 / alpha)
    bets = np.sqrt(2.0 * log_term / (variance * t * np.log1p(t)))
    threshold = (log_term + 0.5 * variance * float(bets @ bets)) * (1.0 + len(values) * _EPS)

    def influence(m: float) -> float:
        y = bets * (values - m)
        size = np.abs(y)
        return float((np.sign(y) * np.log1p(size + 0.5 * size * size)).sum())  # falls with m

    return _end(influence, threshold, values, -1.0), _end(influence, -threshold, values, 1.0)


def _end(influence: Callable[[float], float], target: float, values: FloatArray, side: float) -> float:
    """The m with influence(m) = target, rounded outwards to the given side, by doubling and bisection."""
    inner = float(np.median(values))
    step = max(float(np.ptp(values)), 1e-8 * abs(inner), 1e-300)

    def outside(m: float) -> bool:  # beyond the end of the interval on this side
        return influence(m) >= target if side < 0.0 else influence(m) <= target

    while outside(inner):  # the median itself may lie outside: start from the other side
        inner -= side * step
        step *= 2.0
    outer = inner + side * step
    while not outside(outer):
        step *= 2.0
        outer += side * step
    return outermost(outside, outer, inner, steps=60)


def outermost(excluded: Callable[[float], bool], outer: float, inner: float, *, steps: int = 200) -> float:
    """The end of an interval between an excluded ``outer`` and an ``inner`` that is not, rounded outwards."""
    for _ in range(steps if inner != outer else 0):
        middle = 0.5 * (outer + inner)
        if middle in {outer, inner}:
            break
        outer, inner = (middle, inner) if excluded(middle) else (outer, middle)
    return outer
