"""Proofs of Lemma 4: the loss along gradient flow."""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.symbols import distance_initial, loss_comparator, loss_tau, tau, u
from theory.theorems.places import mode as k
from theory.theorems.places import offset as y
from theory.theorems.places import offset_0 as y0
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.writing import Draft, proves


def modewise(p: Draft, each: Judgement, **weights: Any) -> Judgement:
    """The spectral theorem, with the weights of the terms of one mode that ``each`` bounds; the others are 0."""
    return p.cite("spectral theorem", by=each, **{name: weights.get(name, 0) for name in "abcefgh"})


@proves("L4:sharp")
def sharp(p: Draft) -> Judgement:
    """A square, and a multiple of e^w − 1 − w at w = 4kτ, in each mode."""
    w = 4 * k * tau
    convex = p.at(taylor(sp.exp(u) - 1 - u, u), {u: w})
    square = p.sign((1 + w) / (4 * tau) * (y - y0 / (1 + w)) ** 2)
    each = p.combine(0, "<=", -k * sp.exp(-w) * y0**2 + k * y**2 + (y0 - y) ** 2 / (4 * tau),
                     (y0**2 * k * sp.exp(-w) / (1 + w), convex), square)  # fmt: skip
    all_ = modewise(p, each, a=-1, b=1, c=1 / (4 * tau))
    return p.combine(loss_tau - loss_comparator, "<=", distance_initial**2 / (4 * tau), all_)
