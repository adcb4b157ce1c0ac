"""Second moments of one ReLU feature and of its coordinates under a normal law, in ball arithmetic."""

from __future__ import annotations

from flint import arb

_FAR, _NOTHING = arb(10) ** 6, arb(2) ** -20000


def _tail(z: arb) -> arb:
    return (z / arb(2).sqrt()).erfc() / 2


def _density(z: arb) -> arb:
    return (-(z**2) / 2).exp() / (2 * arb.pi()).sqrt()


def relu_square(mean: arb, std: arb) -> arb:
    """E σ(Y)² for Y ~ N(mean, std²), σ the ReLU: (mean² + std²)Φ(u) + mean std φ(u), u = mean/std; std >= 0."""
    if std.is_zero():
        return arb.max(mean, arb(0)) ** 2
    u = mean / std
    if bool(abs(u) > _FAR):  # the other side of 0 has a chance below e^{−u²/2}
        return (mean**2 + std**2) * (arb(1) if bool(u > 0) else arb(0)) + arb(0, 1) * (mean**2 + std**2) * _NOTHING
    return (mean**2 + std**2) * _tail(-u) + mean * std * _density(u)


def clipped_square(mean: arb, std: arb, level: arb) -> arb:
    """E max(|X|, level)² for X ~ N(mean, std²), std > 0, level >= 0: level² + E[(X²−level²); |X| > level]."""
    total = level**2
    for centre in (mean, -mean):
        u = (level - centre) / std
        total += (centre**2 + std**2 - level**2) * _tail(u) + std * (level + centre) * _density(u)
    return total
