"""Proofs of the term KL(p_T‖π)."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import exp, log, sqrt

from theory.symbols import T, d, delta, kl_data, kl_prior, mean_initial, u, variance_initial, x
from theory.theorems import places
from theory.theorems.places import time
from theory.vocabulary import features as fe
from theory.vocabulary import gaussians as gs
from theory.vocabulary import objects as o
from theory.vocabulary.gaussians import At
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.writing import Draft, proves


@proves("PRIOR:contraction")
def contraction(p: Draft) -> Judgement:
    """De Bruijn, the log-Sobolev inequality, and Grönwall."""
    now = o.Prior(o.p0, time)
    falls = p.combine(sp.Derivative(now, time), "<=", -2 * now, p.cite("de Bruijn"), p.cite("log-Sobolev"))
    facts = [falls, p.cite("divergence continuous at 0")]
    end = p.cite("Grönwall", {places.F: sp.Lambda(time, now)}, rate=2, by=facts)
    return p.combine(kl_prior, "<=", exp(-2 * T) * kl_data, end)


def _decays(p: Draft, at: Any) -> Judgement:
    """e^{−2t} <= 1."""
    return p.combine(exp(-2 * at), "<=", 1, p.at(taylor(1 - exp(-2 * u), u), {u: at}))


def gaussian(p: Draft, at: Any) -> Judgement:
    """KL(p_t‖π) for a Gaussian p₀, at a time."""
    mean, variance, decay = mean_initial, variance_initial, exp(-2 * at)
    positive = p.at(p.sign(1 + (variance - 1) * delta, strict=True), {delta: decay}, [_decays(p, at)])
    law = p.cite("Gaussian along an Ornstein–Uhlenbeck process", X=mean, level=variance, time_=at)
    values = {"X": exp(-at) * mean, "level": 1 + (variance - 1) * decay}
    known = p.cite("divergence of a Gaussian from N(0, I)", law=At(o.p0, at), **values, by=law, given=positive)
    return p.combine(o.Prior(o.p0, at), "=", known.right, p.cite("prior term", time_=at), known, given=positive)


@proves("PRIOR:exact")
def exact(p: Draft) -> Judgement:
    """The law at T is Gaussian, and so is π."""
    return gaussian(p, T)


@proves("PRIOR:gaussian")
def of_gaussians(p: Draft) -> Judgement:
    """log(1 + w(v − 1)) >= w log v, w = e^{−2T}: convex in log v, and flat at v = 1."""
    w = exp(-2 * T)
    bend = taylor(log(1 + delta * (exp(x) - 1)) - delta * x, x, both_sides=True)
    jensen = p.at(p.at(bend, {x: log(variance_initial)}), {delta: w}, [_decays(p, T)])
    end, start = gaussian(p, T), gaussian(p, sp.S.Zero)
    return p.combine(kl_prior, "<=", w * kl_data, end, (-w, start), (d / 2, jensen))


@proves("PRIOR:sharp")
def sharp(p: Draft) -> Judgement:
    """For v₀ = 1 both sides are half a squared mean."""
    whole = {at: p.at(gaussian(p, at), {variance_initial: 1}) for at in (T, sp.S.Zero)}
    return p.combine(kl_prior, "=", exp(-2 * T) * kl_data, whole[T], (-exp(-2 * T), whole[sp.S.Zero]))


_GROWN = sp.Symbol("y", positive=True)
"""e^{2T} − 1: in it, signs can be seen."""
_THEN, _FALL = log(1 + _GROWN) / 2, 1 / (1 + _GROWN)


def _at_horizon(p: Draft, j: Judgement) -> Judgement:
    """What holds at the time log(1 + y)/2, at y = e^{2T} − 1 > 0."""
    rise = p.at(taylor(exp(u) - 1 - u, u), {u: 2 * T})
    return p.at(j, {_GROWN: exp(2 * T) - 1}, p.combine(0, "<", exp(2 * T) - 1, rise))


@proves("PRIOR:mixture")
def mixture(p: Draft) -> Judgement:
    """Convexity, and each component in closed form."""
    k, w = gs.component, _FALL
    mean, spread = gs.MeanNorm(k), gs.Spread(k)
    volume, square = log(1 + (spread - 1) * w), mean**2 + d * spread
    moves = [p.cite("components of a mixture"), p.cite("components follow the process")]
    law = p.cite("Gaussian along an Ornstein–Uhlenbeck process", {o.p0: k}, X=mean, level=spread, time_=_THEN, by=moves)
    values = {"X": sqrt(w) * mean, "level": 1 + (spread - 1) * w}
    known = p.cite("divergence of a Gaussian from N(0, I)", law=At(k, _THEN), **values, by=law)
    each = p.combine(known.left, "<=", w / 2 * square - d / 2 * volume - d * w / 2, known)
    sides = {places.F: sp.Lambda(k, each.left), places.G: sp.Lambda(k, each.right)}
    parts = {places.F: sp.Lambda(k, square), places.G: sp.Lambda(k, volume)}
    average = p.cite("monotonicity of a mean over components", sides, by=each)
    split = p.cite("mean over components", parts, a=w / 2, b=-d / 2, c=-d * w / 2)
    moment, convex = (
        p.cite("second moment of a mixture"),
        p.cite("convexity of the divergence of a mixture", time_=_THEN),
    )
    whole = w / 2 * (gs.SecondMoment(o.p0) - d) - d / 2 * gs.ComponentMean(o.p0, sp.Lambda(k, volume))
    return _at_horizon(p, p.combine(convex.left, "<=", whole, convex, average, split, (-w / 2, moment)))


@proves("PRIOR:moment")
def moment(p: Draft) -> Judgement:
    """Convexity over the starting points, from each of which the law is normal."""
    x0, w = fe.StartSquare(fe.datum), _FALL
    law = p.cite("transition of the Ornstein–Uhlenbeck process", X=sqrt(x0), later=_THEN, by=p.equal(x0, x0))
    values = {"X": sqrt(w * x0), "level": 1 - w}
    known = p.cite("divergence of a Gaussian from N(0, I)", law=gs.Transition(fe.datum, _THEN), **values, by=law)
    a, b = w / 2, d / 2 * (-w - log(1 - w))
    each = p.combine(known.left, "<=", a * x0 + b, known)
    sides = {places.F: sp.Lambda(fe.datum, each.left), places.G: sp.Lambda(fe.datum, each.right)}
    average, mean = (
        p.cite("monotonicity of a mean over data", sides, by=each),
        p.cite("mean of the squared start", a=a, b=b),
    )
    convex = p.cite("convexity of the divergence over starting points", later=_THEN)
    return _at_horizon(p, p.combine(convex.left, "<=", mean.right, convex, average, mean))
