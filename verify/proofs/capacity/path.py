"""Proofs of the bounds by capacity."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import sqrt

from theory.claims.capacity.path import RHO
from theory.symbols import (
    K_B,
    decay_four,
    decay_two,
    distance_initial,
    distance_ridge,
    gain,
    noise_end,
    noise_gap,
    noise_path,
    nu,
    share,
    slope_ridge,
    tau,
)
from theory.theorems import places
from theory.theorems.capacity import FILTER
from theory.theorems.places import time
from theory.vocabulary import capacity as ca
from theory.vocabulary import objects as o
from verify.proofs.kernel import Judgement
from verify.proofs.theorem_1 import hat
from verify.proofs.writing import Draft, proves

_HAT = o.EMPIRICAL


def filtered(p: Draft, function: Any, nonnegative: Judgement) -> Judgement:
    """‖B_ν^½f(B̂)B_ν^½‖ <= sup(k+ν)f(k)/c_ν."""
    return p.cite("filter above a lower bound", {FILTER: function, places.bound: K_B}, by=nonnegative)


def damped(p: Draft, at: Any) -> Judgement:
    """What is so at the time ``at`` of the path."""
    lag = tau - at
    return filtered(p, ca.Damped(lag, at), p.cite("what flows do to a mode", {places.a: lag, time: at}))


def least(p: Draft, *places_: Any) -> list[Judgement]:
    """min L̃ <= L̃ at parameters."""
    return [p.cite("least loss", {o.Theta: each}) for each in places_]


def minkowski(p: Draft, other: Any, above: list[Judgement]) -> Judgement:
    """√(L̃(Θ̂)−L*) <= √(L̃(other)−L*) + ρ‖(Θ̂−other)B_ν^½‖."""
    near = p.cite("Minkowski, excess loss", {o.Theta0: hat(p), o.Theta: other}, given=above)
    ridge = p.cite("largest eigenvalue under a ridge", {o.Theta0: hat(p), o.Theta: other})
    return p.combine(near.left, "<=", near.right - ridge.left + ridge.right, near, ridge, given=above)


@proves("CAP:path")
def path(p: Draft) -> Judgement:
    """Duhamel by parts, each filter at its largest."""
    now = p(o.Path(o.scaled, o.Q, o.Theta0, tau))
    above = least(p, hat(p), now)
    near, parts = minkowski(p, now, above), p.cite("Duhamel by parts")
    rate = ca.WeightedRate(_HAT, o.Q, o.Theta0, nu, time)
    each, along = damped(p, time), ca.FilterSup(ca.Damped(tau - time, time), nu, K_B)
    functions = {
        places.F: sp.Lambda(time, each.left * rate),
        places.G: sp.Lambda(time, along * rate),
        places.a: 1 / share,
    }
    inside = p.combine(each.left * rate, "<=", along * rate / share, (rate, each))
    whole = p.cite("monotonicity of the integral", functions, by=inside)
    distance = p.combine(
        parts.left, "<=", gain * noise_end / share + noise_path / share, parts, (noise_end, damped(p, tau)), whole
    )
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, near, (RHO, distance), given=above)


def _towards(p: Draft, flow: Judgement, bias: Any, forgotten: Judgement) -> Judgement:
    """The flow's distance from a comparator, with its bias at most ``bias``."""
    above = least(p, hat(p), p(o.Theta))
    near, noise = minkowski(p, p(o.Theta), above), p.cite("half-gradient of a sample")
    end = damped(p, tau)
    gradient = ca.WeightedGradient(_HAT, o.Q, o.Theta, nu)
    goal = bias + gain * (noise_gap + slope_ridge) / share
    distance = p.combine(flow.left, "<=", goal, flow, forgotten, (gradient, end), (gain / share, noise))
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, near, (RHO, distance), given=above)


@proves("CAP:comparator")
def comparator(p: Draft) -> Judgement:
    """Variation of constants from the comparator."""
    decay = filtered(p, ca.Decay(4 * tau), p.cite("decay of a mode", {tau: 4 * tau}))
    root = p.rising(sqrt, decay)
    bias = distance_initial * sqrt(decay_four / share)
    return _towards(p, p.cite("flow towards a comparator"), bias, p.combine(
        distance_initial * root.left, "<=", bias, (distance_initial, root)))  # fmt: skip


@proves("CAP:comparator-weak")
def weakly(p: Draft) -> Judgement:
    """The same, with the weak bias."""
    decay = filtered(p, ca.Decay(2 * tau), p.cite("decay of a mode", {tau: 2 * tau}))
    bias = distance_ridge * decay_two / share
    return _towards(p, p.cite("flow towards a comparator, weakly"), bias, p.combine(
        distance_ridge * decay.left, "<=", bias, (distance_ridge, decay)))  # fmt: skip
