"""Proofs of the term KL(p_T‖π)."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import exp, log

from theory.symbols import T, d, delta, kl_data, kl_prior, mean_initial, u, variance_initial, x
from theory.theorems import places
from theory.theorems.places import time
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
