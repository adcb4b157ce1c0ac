"""Proofs of rates from a source and an effective dimension: CAP's bounds at the ridge 1/(2τ)."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import exp, log, sqrt

from theory.claims.capacity import rates
from theory.symbols import (
    K_B,
    capacity_constant,
    capacity_power,
    delta,
    loss_hat,
    loss_minimum,
    m,
    n,
    noise_std,
    nu,
    share,
    source_norm,
    source_power,
    tau,
    x,
)
from theory.theorems import places
from theory.theorems.capacity import FILTER
from theory.theorems.places import mode, number
from theory.vocabulary import capacity as ca
from theory.vocabulary import objects as o
from verify.proofs.capacity.saturation import falling, mean_square
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.theorem_1 import hat
from verify.proofs.writing import Draft, proves

_RIDGE, _HALF = 1 / (2 * tau), sp.Rational(1, 2)
_SUM = 1 + 2 * source_power + capacity_power
_ROOT = sqrt(loss_hat - loss_minimum)


def _kept(p: Draft) -> Judgement:
    """½ <= what the data keep at ν = 1/(2τ), but for an event of probability δ/2."""
    proper = p.sign(log(2 * m / delta), strict=True)
    at = {nu: _RIDGE}
    bounded = p.cite("whitened matrices are bounded", {**at, places.bound: K_B})
    facts = [bounded, p.cite("per-datum matrix")]
    square = p.cite("squares of whitened matrices", {**at, places.level: 2 * tau * K_B}, by=facts)
    tail = p.use("CAP:lower-tail-moment", {**at, delta: delta / 2}, by=proper)
    level = 2 * log(2 * m / delta) / n
    root = p.rising(lambda v: sqrt(level * v), square, proper)
    few = p.rising(sqrt, p.combine(4 * K_B * tau * log(2 * m / delta) / n, "<=", sp.Rational(1, 4), (
        1 / (4 * n), p.hypothesis("many data"))), p.sign(log(2 * m / delta)))  # fmt: skip
    return p.combine(_HALF, "<=", tail.right - sqrt(level * square.left), tail, root, few, given=proper)


def _gain(p: Draft) -> Judgement:
    """(k+ν)(1−e^{−2τk}) <= (1+1/e)k at ν = 1/(2τ): u/e − 1 + (1+u)e^{−u}, u = 2τk, has the slope 1/e − ue^{−u} >= 0."""
    tangent = p.at(taylor(exp(x - 1) - x, x, 1, both_sides=True), {x: number})
    slope = p.combine(0, "<=", exp(-1) - number * exp(-number), (exp(-number), tangent))
    functions = {
        places.F: sp.Lambda(number, number * exp(-1) - 1 + (1 + number) * exp(-number)),
        places.G: sp.Lambda(number, slope.right),
        places.low: 0,
        places.high: 2 * tau * mode,
    }
    same = p.equal(sp.Derivative(functions[places.F].expr, number), slope.right)
    rise = p.cite("monotone by its derivative", functions, by=[same, slope, p.sign(2 * tau * mode)])
    factor = 1 + exp(-1)
    each = p.combine((mode + _RIDGE) * (1 - exp(-2 * tau * mode)), "<=", factor * mode, (_RIDGE, rise))
    return p.cite("largest of what flows do", {nu: _RIDGE, places.bound: factor}, by=each)


@proves("CAP:rates-time")
def at_a_time(p: Draft) -> Judgement:
    """Variation of constants, Cordes, and Chebyshev outside two events."""
    at = {nu: _RIDGE}
    kept, gain = _kept(p), _gain(p)
    above = p.cite("least loss", {o.Theta: hat(p)})
    flow = p.cite("flow from a source", at)
    each = falling(p, 2 * tau, _RIDGE)
    values = {**at, share: _HALF, tau: 2 * tau, places.rate: source_power, places.level: each.right}
    start = p.cite("Cordes, from a source", {**values, places.bound: source_norm}, by=[kept, each])
    below, positive = p.cite("largest eigenvalue of a mean", {places.bound: K_B}), p.cite(
        "what flows do to a mode", {places.a: 0, places.time: tau})  # fmt: skip
    values = {**at, share: _HALF, places.bound: K_B, FILTER: ca.Damped(0, tau)}
    filter_ = p.cite("filter above a lower bound", values, by=[kept, below, positive])
    noise = _noise(p)
    goal = p.goal.says.right
    return p.combine(
        _ROOT,
        "<=",
        goal,
        flow,
        start,
        (noise.left, filter_),
        (2 * noise.left, gain),
        (2 + 2 * exp(-1), noise),
        given=above,
    )


def _noise(p: Draft) -> Judgement:
    """‖Ĝ_*B_ν^{−½}‖ <= √(2σ²A(2τ)^β/(nδ)), but for an event of probability δ/2."""
    mean = mean_square(p, _RIDGE, delta / 2)
    size = p.cite("effective dimension", {nu: _RIDGE, places.bound: capacity_constant, places.rate: capacity_power})
    square = p.cite("noise by the effective dimension", {nu: _RIDGE, places.bound: noise_std})
    whole = p.combine(square.left, "<=", noise_std**2 * size.right, square, (noise_std**2, size))
    root = p.rising(lambda v: sqrt(2 * v / (n * delta)), whole)
    return p.combine(mean.left, "<=", root.right, mean, root)


def _power(p: Draft, j: Judgement, exponent: Any) -> Judgement:
    """L^r <= R^r from L <= R."""
    return p.cite(
        "powers rise with their base", {places.time: j.left, places.level: j.right, places.rate: exponent}, by=j
    )


@proves("CAP:rates")
def stopped(p: Draft) -> Judgement:
    """At n^{1/(1+2r+β)} or up to twice as late."""
    whole, above = p.use("CAP:rates-time"), p.cite("least loss", {o.Theta: hat(p)})
    early, late = p.hypothesis("not early"), p.hypothesis("not late")
    inverse = p.rising(lambda t: 1 / t, early)
    start = _power(p, inverse, source_power + _HALF)
    later = _power(p, late, capacity_power / 2)
    split = p.equal(later.right, 2 ** (capacity_power / 2) * rates.STOP ** (capacity_power / 2))
    exponent = p.equal(capacity_power / (2 * _SUM) - _HALF, -(source_power + _HALF) / _SUM)
    balance, factor = p.rising(lambda v: n**v, exponent), 2 ** (capacity_power / 2) / sqrt(n)
    root = sqrt(2**capacity_power * tau**capacity_power / n)
    noise = p.combine(root, "<=", 2**capacity_power * balance.left, (factor, later), (factor, split))
    noise = p.combine(root, "<=", 2**capacity_power * rates.RATE, noise, (2**capacity_power, balance))
    factor = rates.FACTOR * noise_std * sqrt(2 * capacity_constant / delta)
    return p.combine(_ROOT, "<=", p.goal.says.right, whole, (source_norm, start), (factor, noise), given=above)
