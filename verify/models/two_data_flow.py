"""The scaled flow on two data ±z with features x and −x, and the density of what it learns, in closed form."""

from __future__ import annotations

from flint import arb


def learned_slope(spread: arb, horizon: arb, time: arb) -> arb:
    """a(τ) of the learned score −a(τ)x on the scaled flow from 0: a' = 1 − aM₂, M₂ = E_t(e^{−2t}z² + 1 − e^{−2t}).

    Half of the features are x, half −x; denoising labels and Stein's identity give E[λ(s − label)σ(±x)] = 1 − aM₂ with
    λ = g² = 2, by symmetry of the sample for both.
    """
    moment = 1 + (spread**2 - 1) * -((-2 * horizon).expm1()) / (2 * horizon)
    return -((-moment * time).expm1()) / moment


def learned_variance(slope: arb, horizon: arb) -> arb:
    """Variance of the SDE-density of −ax under Ornstein–Uhlenbeck from N(0, 1): V' = −2cV + 2, c = 2a − 1."""
    rate = 2 * slope - 1
    decay = (-2 * rate * horizon).exp()
    if rate.contains(0):
        return arb.nan()
    return decay + (1 - decay) / rate
