"""Data, scores and held-out points for the trade-off in the diffusion time: two modes, a swiss roll, digits."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import ndtr, ndtri

from numerics import DiffusedData
from verify.models.images.digits import digits

Field = Callable[[np.ndarray, float], np.ndarray]
MODES = 3.0
START = 0.01
COUNT = 50


def two_modes() -> np.ndarray:
    """The 50 mid-quantiles of ½N(−3, 1) + ½N(3, 1), by Newton's method from the nearer mode's quantiles."""
    share = (np.arange(COUNT) + 0.5) / COUNT
    side = np.where(share < 0.5, -1.0, 1.0)
    x = side * MODES + ndtri(np.clip(np.where(side < 0, 2 * share, 2 * share - 1), 1e-3, 1 - 1e-3))
    for _ in range(60):
        value = 0.5 * (ndtr(x + MODES) + ndtr(x - MODES)) - share
        density = 0.5 * (np.exp(-0.5 * (x + MODES) ** 2) + np.exp(-0.5 * (x - MODES) ** 2)) / math.sqrt(2 * math.pi)
        x = x - value / density
    return x


def two_mode_density(x: np.ndarray, time: float) -> np.ndarray:
    """The density of the diffused law: its modes are at ±3 e^{−t}, with variance 1 throughout."""
    r = MODES * math.exp(-time)
    return 0.5 * (np.exp(-0.5 * (x + r) ** 2) + np.exp(-0.5 * (x - r) ** 2)) / math.sqrt(2 * math.pi)


def two_mode_scores() -> dict[str, Field]:
    """The law's score, that of the data blurred by ½, and that of the Gaussian with the law's mean and variance."""
    return {"law": _law, "blurred": blurred(two_modes(), 0.5).score, "gaussian": _gaussian}


def _law(x: np.ndarray, time: float) -> np.ndarray:
    r = MODES * math.exp(-time)
    return -x + r * np.tanh(r * x)


def _gaussian(x: np.ndarray, time: float) -> np.ndarray:
    return -x / (1.0 + MODES**2 * math.exp(-2.0 * time))


def blurred(points: np.ndarray, blur: float) -> DiffusedData:
    """Data smoothed by N(0, blur² I) under OU: its score is what a learner that smooths would find."""
    return DiffusedData(
        points=points,
        mean_scale=lambda t: np.exp(-t),
        std=lambda t: np.sqrt(-np.expm1(-2.0 * t) + blur**2 * np.exp(-2.0 * t)),
    )


def swiss_rolls(count: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Points θ (cos θ, sin θ)/5 of the roll, θ ~ U(3π/2, 9π/2), with noise of std 0.1; and as many others."""
    rolls = []
    for seed in (0, 1):
        rng = np.random.default_rng(seed)
        angle = 1.5 * math.pi * (1.0 + 2.0 * rng.random(count))
        roll = angle[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        rolls.append((roll + 0.5 * rng.standard_normal((count, 2))) / 5.0)
    return rolls[0], rolls[1]


def image_vectors() -> tuple[np.ndarray, np.ndarray]:
    """The first 1200 of the 8 × 8 digits, x/8 − 1, to learn from, and the other 597; errors as `images.digits`."""
    data = digits().pixels.reshape(-1, 64) / 8.0 - 1.0
    return data[:1200], data[1200:]
