"""What CAP:rates takes for granted, measured on a data law and features: how fast the start is forgotten, and how
many directions count. Both are slopes over a range of training times, since with finitely many features neither is a
power law for ever; as rationals they go to `theory.rates`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from numerics import Capacity
from numerics.per_datum.lower_tail import Ridge
from theory.rates import Stopping, capacity_terms, optimal_stopping

_POINTS = 33
"""Training times at which the slopes are looked at, evenly in log τ."""
_STEPS = 20
"""A rational exponent is a multiple of one over this: more than the range of times tells."""


@dataclass(frozen=True, kw_only=True)
class Exponents:
    """Least-squares slopes against log τ: ``start`` of −log(L̃(Θ(τ))−L*), ``dimension`` of log tr B(B+1/(2τ))^{−1}.

    CAP:rates has 1+2r for the first, 0 <= r <= 1/2, and β in [0, 1] for the second.
    """

    start: float
    dimension: float

    @property
    def source(self) -> Fraction:
        """r, the nearest one that CAP:rates allows: where the start is forgotten more slowly than 1/τ, 0."""
        return _rational((self.start - 1) / 2, Fraction(1, 2))

    @property
    def capacity(self) -> Fraction:
        """β."""
        return _rational(self.dimension, Fraction(1))

    def rates(self) -> Stopping:
        """The stopping time and the excess loss of CAP:rates, as exponents of n, with features enough."""
        return optimal_stopping(capacity_terms(self.source, self.capacity), 1)


def measured_exponents(capacity: Capacity, first: float, last: float) -> Exponents:
    """The exponents between two training times."""
    times = np.geomspace(first, last, _POINTS)
    starts = [2 * math.log(capacity.root(time)) for time in times.tolist()]
    counts = [math.log(Ridge(law=capacity.law, ridge=0.5 / time).dimension) for time in times.tolist()]
    return Exponents(start=-_slope(times, starts), dimension=_slope(times, counts))


def noise_at_the_minimiser(capacity: Capacity) -> tuple[float, float]:
    """D(0) = E‖G_*(x₀)B^{−½}‖² of CAP:saturation and σ_*² of CAP:rates: trace and largest eigenvalue of one matrix."""
    law = capacity.law
    spectrum = law.quadratic.spectrum
    fit = spectrum.slopes * spectrum.inverse
    noise = (fit @ law.matrices - law.vectors) * np.sqrt(spectrum.inverse)
    square = np.einsum("n,nai,naj->ij", law.weights, noise, noise)
    return float(np.trace(square)), float(np.linalg.eigvalsh(square)[-1])


def data_enough(capacity: Capacity, stopping: float, delta: float) -> float:
    """The least n with 16K_B τ log(2m/δ) <= n at τ = n^stopping, from which on CAP:rates speaks."""
    most = 16 * capacity.law.largest * math.log(2 * capacity.law.quadratic.width / delta)
    return most ** (1 / (1 - stopping)) if stopping < 1 else (1.0 if most <= 1 else math.inf)


def _rational(value: float, most: Fraction) -> Fraction:
    return min(max(Fraction(round(value * _STEPS), _STEPS), Fraction(0)), most)


def _slope(times: np.ndarray, heights: list[float]) -> float:
    return float(np.polyfit(np.log(times), heights, 1)[0])
