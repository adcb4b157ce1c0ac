"""Proofs of Lemma 5: how far gradient flow moves."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import LambertW, Rational, exp, sqrt

from theory.flow import GROWTH_CONSTANT
from theory.symbols import (
    displacement,
    distance_initial,
    distance_tau,
    kappa_star,
    loss_comparator,
    loss_initial,
    m,
    norm_initial,
    norm_tau,
    tau,
    u,
)
from theory.theorems import places
from theory.theorems.places import mode, number, offset_0
from theory.vocabulary.objects import Distance, Norm, Path, Q, Theta, Theta0, scaled
from verify.proofs.kernel import Judgement, cases, discharge, regular, taylor
from verify.proofs.lemma_4 import modewise
from verify.proofs.writing import Draft, proves

PEAK = sp.Symbol("u_star", positive=True)
"""The positive number with e^{2u} = 1 + 4u, where (1 − e^{−2u})²/u is largest."""
END = exp(-2 * PEAK)
_W = LambertW(-exp(-Rational(1, 2)) / 2, -1)
_AT = (-Rational(1, 2) - _W) / 2


class Peak:
    """What is known of u⋆ = ``PEAK`` and e = ``END`` = e^{−2u⋆}."""

    def __init__(self, p: Draft):
        self.p = p
        self.stationary = p.assume(exp(2 * PEAK), "=", 1 + 4 * PEAK)
        self.above = p.assume(Rational(1, 2), "<=", PEAK)
        self.below = p.assume(PEAK, "<=", Rational(3, 4))
        self.end = p.combine(END * (1 + 4 * PEAK), "=", 1, (-END, self.stationary))
        self.half = p.combine(2 * END, "<=", 1, self.end, (4 * END, self.above))
        self.less = p.combine(0, "<=", 1 - END, self.half, p.sign(END))

    def found(self, j: Judgement) -> Judgement:
        """A judgement on u⋆ at its value by Lambert's W."""
        p, root = self.p, -exp(-Rational(1, 2)) / 2
        domain = [p.combine(-exp(-1), "<=", root), p.combine(root, "<", 0)]
        inverse = p.cite("Lambert's W", low=root, by=domain)
        stationary = p.combine(exp(2 * _AT), "=", 1 + 4 * _AT, (2 * exp(-_W), inverse))
        shown = [stationary, p.combine(Rational(1, 2), "<=", _AT), p.combine(_AT, "<=", Rational(3, 4))]
        j = p.at(j, {PEAK: _AT})
        return discharge(j, *(s for s in shown if s.says in j.hyps))


def integral(p: Draft, integrand: Any, primitive: Any, low: Any = 0, high: Any = tau) -> Judgement:
    """∫ f from a to b by a primitive, both in ``number``."""
    values = {places.F: sp.Lambda(number, primitive), places.G: sp.Lambda(number, integrand)}
    slope = p.equal(sp.Derivative(p(primitive), number), integrand)
    facts = [slope, regular(sp.Lambda(number, p(integrand)), "continuous"), p.combine(low, "<=", high)]
    return p.cite("fundamental theorem of calculus", {**values, places.low: low, places.high: high}, by=facts)


def rises(p: Draft, function: Any, slope: Any, sign: Judgement, *ends: Any) -> Judgement:
    """f(low) <= f(high) from f' = slope >= 0 between these ends."""
    low, high = ends
    values = {places.F: sp.Lambda(number, function), places.G: sp.Lambda(number, slope), places.low: low}
    derivative = p.equal(sp.Derivative(function, number), slope)
    ordered = p.assume(low, "<=", high)
    return p.cite("monotone by its derivative", {**values, places.high: high}, by=[derivative, sign, ordered])


def _falling(p: Draft, low: Any, high: Any) -> Judgement:
    """e^{−2·high} <= e^{−2·low} if low <= high is assumed."""
    return p.rising(lambda x: exp(-2 * x), p.assume(low, "<=", high))


def growth(p: Draft) -> Judgement:
    """(1 − e^{−2u})² <= κ⋆u for u >= 0: the difference F falls to 0 at u⋆, and rises from there; it starts above 0.

    F' = 4(e − X)(1 − e − X) with X = e^{−2u}: beyond u⋆ both factors are >= 0, before it the first is <= 0; where the
    second is too, (1 − X)² <= (1 − X) 2u <= 2e(1 − e) 2u.
    """
    peak, t, e = Peak(p), number, END

    def gap(x: Any) -> Any:
        return 4 * e * (1 - e) * x - (1 - exp(-2 * x)) ** 2

    slope, at_t, at_u = 4 * e * (1 - e) - 4 * exp(-2 * t) * (1 - exp(-2 * t)), exp(-2 * t), exp(-2 * u)
    touches = p.combine(gap(PEAK), "=", 0, (1 - e, peak.end))
    # beyond u⋆
    first = _falling(p, PEAK, t)
    second = p.combine(0, "<=", 1 - e - at_t, peak.half, first)
    up = p.combine(0, "<=", slope, p.sign(4 * (e - at_t) * (1 - e - at_t), [second, first]))
    after = p.combine(0, "<=", gap(u), rises(p, gap(t), slope, up, PEAK, u), (-1, touches))
    # between: 1 − e >= X, u <= u⋆
    first, some = _falling(p, t, PEAK), p.assume(at_u, "<=", 1 - e)
    second = p.combine(0, "<=", 1 - e - at_t, some, _falling(p, u, t))
    down = p.combine(0, "<=", -slope, p.sign(4 * (at_t - e) * (1 - e - at_t), [second, first]))
    between = p.combine(0, "<=", gap(u), rises(p, -gap(t), -slope, down, u, PEAK), (-1, touches))
    # near 0: 1 − e <= X
    near, chord = p.assume(1 - e, "<=", at_u), taylor(2 * u - 1 + at_u, u)
    small = p.combine(1 - at_u, "<=", 2 * e * (1 - e), near, (e, peak.half))
    start = p.combine(0, "<=", gap(u), (1 - at_u, chord), (2 * u, small), given=taylor(1 - at_u, u))
    whole = cases(cases(start, between, 1 - e, at_u), after, u, PEAK)
    exact = p.combine((1 - at_u) ** 2, "<=", 16 * PEAK * e**2 * u, whole, (-4 * e * u, peak.end))
    found, star = peak.found(exact), p.defines(kappa_star)
    return p.combine((1 - at_u) ** 2, "<=", kappa_star * u, found, (-u, star))


@proves("L5:sharp")
def sharp(p: Draft) -> Judgement:
    """(1 − e^{−2u})² <= κ⋆u at u = κτ, in each mode."""
    time = mode * tau
    gap = -((1 - exp(-2 * time)) ** 2) * offset_0**2 + kappa_star * tau * mode * offset_0**2
    each = p.combine(0, "<=", gap, (offset_0**2, p.at(growth(p), {u: time})))
    total, least = modewise(p, each, f=-1, g=kappa_star * tau), p.cite("least loss is nonnegative")
    return p.combine(displacement**2, "<=", kappa_star * tau * loss_initial, total, (kappa_star * tau, least))


def moved(p: Draft, clock: Any) -> Judgement:
    """‖Θ(τ)‖ <= ‖Θ₀‖ + √(κ⋆τL̃(Θ₀)), at a time of the scaled flow."""
    now = Path(scaled, Q, Theta0, clock)
    square = p.use("L5:sharp", tau=clock)
    root = p.rising(sqrt, square)
    walk = p.calc(Distance(now, Theta0), ("=", sqrt(Distance(now, Theta0) ** 2)), ("<=", root.right, root))
    triangle = p.cite("triangle inequality of norms", {Theta0: now, Theta: Theta0})
    return p.combine(Norm(now), "<=", norm_initial + root.right, triangle, walk)


@proves("L5:repaired-scaled")
def repaired_scaled(p: Draft) -> Judgement:
    """The triangle inequality and the displacement."""
    return p.combine(norm_tau, "<=", norm_initial + sqrt(kappa_star * tau * loss_initial), moved(p, tau))


@proves("L5:comparator-sharp")
def comparator_sharp(p: Draft) -> Judgement:
    """The excess loss is at most the loss."""
    least = p.cite("least loss is nonnegative")
    bound = distance_initial**2 + tau * loss_comparator
    return p.combine(distance_tau**2, "<=", bound, p.use("T1:norm"), (tau, least))


@proves("L5:comparator")
def comparator(p: Draft) -> Judgement:
    """Twice the loss is more than the loss."""
    bound = distance_initial**2 + 2 * tau * loss_comparator
    return p.combine(distance_tau**2, "<=", bound, p.use("L5:comparator-sharp"))


@proves("L5:printed-A")
def printed_A(p: Draft) -> Judgement:
    """The flow of A is slower by the factor m, and κ⋆ <= 1."""
    now, clock = Path(scaled, Q, Theta0, tau / m), tau / m
    star = p.assume(kappa_star, "=", GROWTH_CONSTANT)
    whole = p.calc(
        norm_tau,
        ("=", Norm(now), p.cite("norm along the flow of A")),
        ("<=", norm_initial + sqrt(kappa_star * clock * loss_initial), moved(p, clock)),
        ("<=", norm_initial + sqrt(clock * loss_initial), p.combine(kappa_star, "<=", 1, star)),
    )
    return discharge(p.at(whole, {kappa_star: GROWTH_CONSTANT}), p.equal(GROWTH_CONSTANT, GROWTH_CONSTANT))
