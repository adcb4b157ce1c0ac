"""Suprema over the spectrum of what gradient flow does to an eigenmode, and integrals of them along a path."""

import numpy as np
from scipy.special import exprel

from numerics.checks.aliases import FloatArray

_TURNS = 36  # halvings of 60 in log κ: the error of the supremum is of second order in that of its place


def damped(times: FloatArray, end: float, kappa: FloatArray) -> FloatArray:
    """e^{−2(τ−s)κ} φ_s(κ) = (e^{−2(τ−s)κ} − e^{−2τκ})/κ for times s (k,) up to τ = ``end`` and κ (m,): shape (k, m)."""
    s = times[:, None]
    return 2.0 * s * exprel(-2.0 * s * kappa) * np.exp(-2.0 * (end - s) * kappa)


def largest_damped(times: FloatArray, end: float, ridges: FloatArray, most: float) -> FloatArray:
    """ω_τ(s) = sup over κ in [0, K] of (κ+ν) e^{−2(τ−s)κ} φ_s(κ), φ_s(κ) = (1−e^{−2sκ})/κ.

    For times s (k,) up to τ = ``end``, ridges ν (r,), K = ``most``: shape (r, k). At s = τ it is C = sup (κ+ν)φ_τ(κ).
    With a = 2sκ, c = 2sν and q = (τ−s)/s the derivative of the logarithm, 1/(a+c) − 1/a + 1/(e^a − 1) − q, changes its
    sign once, from + to −: the supremum is at this root, or at an end of the spectrum.
    """
    s = np.maximum(times, 1e-200)
    c, q, top = 2.0 * s * ridges[:, None], (end - s) / s, np.maximum(2.0 * s * most, 1e-290)
    high = np.broadcast_to(np.log(top), c.shape)
    low, rises = high - 60.0, _slope(np.broadcast_to(top, c.shape), c, q) >= 0.0
    for _ in range(_TURNS):
        middle = 0.5 * (low + high)
        up = _slope(np.exp(middle), c, q) > 0.0
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    a = np.where(rises, top, np.exp(low))
    inside = (a + c) * exprel(-a) * np.exp(-a * q)
    return np.where(times > 0.0, np.maximum(inside, c), 0.0)


def _slope(a: FloatArray, c: FloatArray, q: FloatArray) -> FloatArray:
    small = a < 1e-4  # 1/a − 1/(e^a − 1) = 1/2 − a/12 + …
    safe = np.minimum(np.where(small, 1.0, a), 700.0)
    mean = np.where(small, 0.5 - a / 12.0, 1.0 / safe - 1.0 / np.expm1(safe))
    return 1.0 / (a + c) - mean - q


def largest_decay(rate: float, ridge: float, most: float) -> float:
    """sup over κ in [0, K] of (κ+ν) e^{−rate κ}."""
    place = most if rate <= 0.0 else min(max(1.0 / rate - ridge, 0.0), most)
    return float((place + ridge) * np.exp(-rate * place))


def path_times(end: float, fastest: float, count: int) -> FloatArray:
    """Times 0 = s_0 < … < s_J = τ, graded geometrically towards both ends: from 1e-3/K, and from the last 1e-4 τ."""
    first = min(1e-3 / fastest, 1e-2 * end) if fastest > 0.0 else 1e-2 * end
    early = np.geomspace(first, end, count)
    late = end * (1.0 - np.geomspace(1e-4, 0.5, max(count // 3, 2)))
    return np.unique(np.concatenate([[0.0], early, late, [end]]))


def interpolation_error(widths: FloatArray, kappa: FloatArray) -> FloatArray:
    """How far e^{−2κu} is below its chord on [0, h] at most, for h (k,) and κ (m,): shape (k, m).

    With a = 2κh it is 1 − λ(1−e^{−a}) − (1−e^{−a})/a at e^{−λa} = (1−e^{−a})/a; a²/8 and less for small a.
    """
    a = 2.0 * widths[:, None] * kappa
    small = a < 1e-3
    safe = np.where(small, 1.0, a)
    mean = exprel(-safe)
    return np.where(small, a * a / 8.0, 1.0 + np.log(mean) * mean - mean)


def chord_weights(times: FloatArray, level: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weights c (r, k) and e (r, k−1) with ∫ ω p <= Σ c_i p(s_i) + Σ e_j error_j for a convex ω, ``level`` (r, k).

    ω lies below its chords, and so does p but for error_j on the j-th interval; the product of two chords is integrated
    exactly.
    """
    h = np.diff(times)
    left, right = level[:, :-1], level[:, 1:]
    weights = np.zeros_like(level)
    weights[:, :-1] += h * (2.0 * left + right) / 6.0
    weights[:, 1:] += h * (left + 2.0 * right) / 6.0
    return weights, 0.5 * h * (left + right)
