"""Gaussian laws and affine scores: the reverse equation's laws in closed form, path laws on finer and finer grids."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Affine:
    """p₀ = N(mean, variance) under dx = −x dt + √2 dW up to the horizon, and the score s = −slope·x + shift.

    From ``turn`` on, forward in time, the shift is larger by ``jump``.
    """

    mean: float
    variance: float
    slope: float
    shift: float
    horizon: float
    jump: float = 0.0
    turn: float = math.inf

    def forward(self, t: float) -> tuple[float, float]:
        """Mean and variance of p_t."""
        return self.mean * math.exp(-t), 1 + (self.variance - 1) * math.exp(-2 * t)

    def shift_at(self, t: float) -> float:
        """The score's shift at a time."""
        return self.shift + (self.jump if t > self.turn else 0.0)

    def reverse(self, t: float) -> tuple[float, float]:
        """Mean and variance of q_t, from N(0, 1) at the horizon along dx = (x + 2s) du + √2 dW, u = T − t."""
        pull, u = 1 - 2 * self.slope, self.horizon - t
        first, second = (math.expm1(k * pull * u) / (k * pull) if pull else u for k in (1, 2))
        return 2 * self.shift * first, math.exp(2 * pull * u) + 2 * second

    def between(self, t: float) -> float:
        """KL(p_t‖q_t)."""
        (a, v), (b, w) = self.forward(t), self.reverse(t)
        return (v / w - 1 - math.log(v / w) + (a - b) ** 2 / w) / 2

    def _rate(self, t: float, slope: float, shift: float) -> float:
        """2E(slope·x + shift − s)² under p_t."""
        mean, variance = self.forward(t)
        slope, shift = slope + self.slope, shift - self.shift_at(t)
        return 2 * (slope**2 * variance + (slope * mean + shift) ** 2)

    def mismatch_rate(self, t: float) -> float:
        """g²E‖s − ∇log q_t‖²."""
        mean, variance = self.reverse(t)
        return self._rate(t, -1 / variance, mean / variance)

    def loss_rate(self, t: float) -> float:
        """g²E‖s − ∇log p_t‖²."""
        mean, variance = self.forward(t)
        return self._rate(t, -1 / variance, mean / variance)

    def over_time(self, function: Callable[[float], float]) -> float:
        """∫₀^T, by Gauss's rule."""
        nodes, weights = np.polynomial.legendre.leggauss(60)
        times = self.horizon * (nodes + 1) / 2
        return float(sum(w * function(t) for w, t in zip(weights, times, strict=True)) * self.horizon / 2)


def _limit(at: Callable[[int], float], first: int, levels: int) -> float:
    """The limit of what has an expansion in 1/K, by Romberg's scheme."""
    row = [at(first * 2**k) for k in range(levels)]
    for order in range(1, len(row)):
        row = [(2**order * fine - coarse) / (2**order - 1) for coarse, fine in itertools.pairwise(row)]
    return row[0]


def _step(pair: Affine, length: float, noise: float) -> tuple[float, float, float]:
    """A step of the reverse equation: slope, shift and variance of x_{t−h} given x_t."""
    pull = 1 - 2 * pair.slope
    first, second = (math.expm1(k * pull * length) / (k * pull) if pull else length for k in (1, 2))
    return math.exp(pull * length), 2 * pair.shift * first, 2 * noise**2 * second


@cache
def drift_divergence(pair: Affine, noise: float = 1.0) -> float:
    """The mean KL of the paths from p_T, forward in reverse against the reverse equation: transition by transition.

    ``noise`` times √2 is the noise of the reverse equation.
    """

    def at(steps: int) -> float:
        length = pair.horizon / steps
        slope, shift, variance = _step(pair, length, noise)
        times = np.linspace(0, pair.horizon, steps + 1)
        means, variances = (np.array(each) for each in zip(*map(pair.forward, times), strict=True))
        back = math.exp(-length) * variances[:-1] / variances[1:]  # of x_t given x_{t+h} under the forward process
        own = (variances[:-1] - back**2 * variances[1:]) / variance
        square = (means[:-1] - slope * means[1:] - shift) ** 2 + (back - slope) ** 2 * variances[1:]
        return float((own - 1 - np.log(own) + square / variance).sum() / 2)

    return _limit(at, 8, 7)


@cache
def path_divergence(pair: Affine) -> float:
    """KL of the path laws: of the joint normal laws at the times of a grid."""

    def at(steps: int) -> float:
        length = pair.horizon / steps
        slope, shift, variance = _step(pair, length, 1.0)
        times = np.linspace(0, pair.horizon, steps + 1)
        means, variances = (np.array(each) for each in zip(*map(pair.forward, times), strict=True))
        low = np.minimum(times[:, None], times[None])
        spread = np.exp(-np.abs(times[:, None] - times[None])) * np.interp(low, times, variances)
        # under the reverse equation the innovations x_T and x_t − slope·x_{t+h} − shift are independent
        system = np.eye(steps + 1) - slope * np.eye(steps + 1, k=1)
        rates = np.append(np.full(steps, variance), 1.0)
        offset = system @ means - np.append(np.full(steps, shift), 0.0)
        moved = system @ spread @ system.T
        trace = (np.diag(moved) / rates).sum() + (offset**2 / rates).sum()
        return float(trace - steps - 1 - np.linalg.slogdet(spread)[1] + np.log(rates).sum()) / 2

    return _limit(at, 8, 6)
