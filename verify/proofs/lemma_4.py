"""Proofs of Lemma 4: the loss along gradient flow."""

from __future__ import annotations

from typing import Any

from sympy import exp

from theory.symbols import (
    distance_initial,
    distance_minimiser,
    loss_comparator,
    loss_minimum,
    loss_tau,
    m,
    norm_comparator,
    norm_initial,
    tau,
    u,
    x,
)
from theory.theorems.places import mode, offset, offset_0
from theory.vocabulary.objects import Path, Q, Theta0, Value, scaled
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.writing import Draft, proves


def modewise(p: Draft, each: Judgement, **weights: Any) -> Judgement:
    """The spectral theorem, with the weights of the terms of one mode that ``each`` bounds; the others are 0."""
    return p.cite("spectral theorem", by=each, **{name: weights.get(name, 0) for name in "abcefgh"})


@proves("L4:sharp")
def sharp(p: Draft) -> Judgement:
    """A square, and a multiple of e^w − 1 − w at w = 4κτ, in each mode."""
    k, y, y0, w = mode, offset, offset_0, 4 * mode * tau
    convex = p.at(taylor(exp(u) - 1 - u, u), {u: w})
    square = p.sign((1 + w) / (4 * tau) * (y - y0 / (1 + w)) ** 2)
    gap = -k * exp(-w) * y0**2 + k * y**2 + (y0 - y) ** 2 / (4 * tau)
    each = p.combine(0, "<=", gap, (y0**2 * k * exp(-w) / (1 + w), convex), square)
    total = modewise(p, each, a=-1, b=1, c=1 / (4 * tau))
    return p.combine(loss_tau - loss_comparator, "<=", distance_initial**2 / (4 * tau), total)


@proves("L4:sharp-minimiser")
def sharp_minimiser(p: Draft) -> Judgement:
    """e^{w−1} >= w, a convex function and its tangent, at w = 4κτ in each mode."""
    k, y0, w = mode, offset_0, 4 * mode * tau
    tangent = p.at(taylor(exp(x - 1) - x, x, 1, both_sides=True), {x: w})
    gap = -k * exp(-w) * y0**2 + exp(-1) * y0**2 / (4 * tau)
    each = p.combine(0, "<=", gap, (y0**2 * exp(-w) / (4 * tau), tangent))
    total = modewise(p, each, a=-1, h=exp(-1) / (4 * tau))
    return p.combine(loss_tau - loss_minimum, "<=", exp(-1) * distance_minimiser**2 / (4 * tau), total)


@proves("L4:repaired-A")
def repaired_A(p: Draft) -> Judgement:
    """The flow of A is the scaled flow in the time τ/m."""
    slow = Value(Q, Path(scaled, Q, Theta0, tau / m))
    return p.calc(
        loss_tau - loss_comparator,
        ("=", slow - loss_comparator, p.cite("flow of A")),
        ("<=", m * distance_initial**2 / (4 * tau), p.use("L4:sharp", tau=tau / m)),
    )


@proves("L4:printed-scaled")
def printed_scaled(p: Draft) -> Judgement:
    """‖Θ₀ − Θ‖² <= 2‖Θ₀‖² + 2‖Θ‖²."""
    triangle = p.rising(lambda e: e**2, p.cite("triangle inequality of a distance"))
    square = p.sign((norm_initial - norm_comparator) ** 2)
    bound = (norm_initial**2 + norm_comparator**2) / (2 * tau)
    return p.combine(
        loss_tau - loss_comparator, "<=", bound, p.use("L4:sharp"), (1 / (4 * tau), triangle), (1 / (4 * tau), square)
    )
