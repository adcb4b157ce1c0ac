"""Proofs of the bounds by the data's own residual."""

from __future__ import annotations

from typing import Any

from sympy import sqrt

from theory.claims.capacity.path import RHO
from theory.symbols import (
    decay_four,
    decay_two,
    distance_initial,
    distance_ridge,
    gain_residual,
    residual_hat,
    residual_mean,
    share,
    tau,
)
from theory.theorems.places import time
from theory.vocabulary import capacity as ca
from theory.vocabulary import objects as o
from verify.proofs.capacity.path import filtered, least, minkowski
from verify.proofs.kernel import Judgement
from verify.proofs.theorem_1 import hat
from verify.proofs.writing import Draft, proves


def _excess(p: Draft) -> Judgement:
    """min L̂ <= L̂(Θ)."""
    return p.cite("least loss", {o.Q: o.EMPIRICAL})


@proves("CAP:self-residual")
def residual(p: Draft) -> Judgement:
    """A minimum of a mean is at least the mean of the minima."""
    loss, minimum, excess = (p.cite(name) for name in ("loss of a sample", "minimum of a mean", "mean excess of data"))
    return p.combine(residual_hat, "<=", residual_mean, loss, minimum, (-1, excess))


def _towards(p: Draft, flow: Judgement, bias: Any, forgotten: Judgement) -> Judgement:
    """The flow's distance from a comparator: its bias at most ``bias``, then its residual in B̂'s own norm."""
    above = least(p, hat(p), p(o.Theta))
    near = minkowski(p, p(o.Theta), above)
    filter_ = filtered(p, ca.DampedSquare(tau), p.cite("what flows do to a residual", {time: tau}))
    root, size = p.rising(sqrt, filter_), p.rising(sqrt, p.use("CAP:self-residual"), _excess(p))
    noise = sqrt(gain_residual) / sqrt(share)
    distance = p.combine(
        flow.left,
        "<=",
        bias + noise * sqrt(residual_mean),
        flow,
        forgotten,
        (sqrt(residual_hat), root),
        (noise, size),
        given=_excess(p),
    )
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, near, (RHO, distance), given=above)


@proves("CAP:self")
def strongly(p: Draft) -> Judgement:
    """Variation of constants from the comparator."""
    decay = p.rising(sqrt, filtered(p, ca.Decay(4 * tau), p.cite("decay of a mode", {tau: 4 * tau})))
    bias = distance_initial * sqrt(decay_four / share)
    forgotten = p.combine(distance_initial * decay.left, "<=", bias, (distance_initial, decay))
    flow = p.cite("flow towards a comparator by its residual", given=_excess(p))
    return _towards(p, flow, bias, forgotten)


@proves("CAP:self-weak")
def weakly(p: Draft) -> Judgement:
    """The same, with the weak bias."""
    decay = filtered(p, ca.Decay(2 * tau), p.cite("decay of a mode", {tau: 2 * tau}))
    bias = distance_ridge * decay_two / share
    forgotten = p.combine(distance_ridge * decay.left, "<=", bias, (distance_ridge, decay))
    flow = p.cite("flow towards a comparator by its residual, weakly", given=_excess(p))
    return _towards(p, flow, bias, forgotten)
