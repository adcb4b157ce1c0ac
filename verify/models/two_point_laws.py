"""Laws on two points in balls: entropies, divergences, and the best sub-Gaussian constant of a Bernoulli number."""

from __future__ import annotations

from flint import arb


def plogp(p: arb, other: arb | None = None) -> arb:
    """p log(p/other), p log p without it; 0 for p = 0."""
    if p.is_zero():
        return arb(0)
    return p * (p if other is None else p / other).log()


def kl_bernoulli(p: arb, other: arb) -> arb:
    """KL(Bern(p)‖Bern(other))."""
    return plogp(p, other) + plogp(1 - p, 1 - other)


def bernoulli_proxy(p: arb) -> arb:
    """R², the least with log E e^{a(f − p)} <= a²R²/2 for every a: (1 − 2p)/(2 log((1 − p)/p)).

    It is ¼ at p = ½ and 0 at 0 and 1.
    """
    if p.is_zero() or (1 - p).is_zero():
        return arb(0)
    half = 1 - 2 * p
    return arb(1) / 4 if half.is_zero() else half / (2 * ((1 - p) / p).log())


def bernoulli_cumulant(p: arb, tilt: arb) -> arb:
    """log E e^{a(f − p)}."""
    return (p * tilt.expm1()).log1p() - tilt * p
