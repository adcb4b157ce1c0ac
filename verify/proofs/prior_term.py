"""Proofs of the prior term: the golden formula, for the law and for data."""

from __future__ import annotations

import sympy as sp
from sympy import log, sqrt

from theory.symbols import T, d, excess_data, kl_prior, mean_prior, n
from theory.theorems import places
from theory.theorems.places import time
from theory.vocabulary import channels as ch
from theory.vocabulary import diffusions as df
from theory.vocabulary import features as fe
from theory.vocabulary import gaussians as gs
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Y, data, p0
from theory.vocabulary.terms import E
from verify.proofs.diffusion_repaired import _mean, _sum
from verify.proofs.kernel import Judgement, antisymmetric
from verify.proofs.prior import _FALL, _THEN, _at_horizon
from verify.proofs.writing import Draft, proves

_X0 = fe.StartSquare(fe.datum)


@proves("IT3:printed")
def golden(p: Draft) -> Judgement:
    """The golden formula."""
    return p.cite("golden formula along a process")


@proves("IT3:rate")
def rate(p: Draft) -> Judgement:
    """The divergence of a normal law, from each start, and its mean."""
    law = p.cite("transition of the Ornstein–Uhlenbeck process", X=sqrt(_X0), later=_THEN, by=p.equal(_X0, _X0))
    values = {"X": sqrt(_FALL * _X0), "level": 1 - _FALL}
    known = p.cite("divergence of a Gaussian from N(0, I)", law=gs.Transition(fe.datum, _THEN), **values, by=law)
    a, b = _FALL / 2, d / 2 * (-_FALL - log(1 - _FALL))
    one, other = known.left, a * _X0 + b
    both = []
    for low, high in ((one, other), (other, one)):
        each = p.combine(low, "<=", high, (1 if low == one else -1, known))
        sides = {places.F: sp.Lambda(fe.datum, low), places.G: sp.Lambda(fe.datum, high)}
        both.append(p.cite("monotonicity of a mean over data", sides, by=each))
    parts = (
        p.cite("rate of the Ornstein–Uhlenbeck process", {time: _THEN}),
        antisymmetric(*both),
        p.cite("mean of the squared start", a=a, b=b),
    )
    return _at_horizon(p, p.combine(parts[0].left, "=", parts[2].right, *parts))


def _plug_in(p: Draft) -> Judgement:
    rate, information = df.Rate(df.HAT, T), df.ChannelInformation(df.HAT, T)
    of_data = p.cite("golden formula along a process", {p0: df.HAT}, by=p.cite("moment of an empirical law"))
    moved = p.combine(o.Prior(df.HAT, T) + information, "=", rate, of_data)
    parts = (
        _mean(p, moved),
        (-1, _sum(p, o.Prior(df.HAT, T), information)),
        p.cite("mean rate of a data set"),
        (-1, p.cite("information in an empirical law", time_=T)),
        (-1, p.cite("golden formula along a process")),
    )
    return p.combine(mean_prior, "=", kl_prior + excess_data, *parts)


@proves("IT3:plug-in")
def plug_in(p: Draft) -> Judgement:
    """The golden formula for each data set, in the mean, and for the law."""
    return _plug_in(p)


@proves("IT3:upper")
def upper(p: Draft) -> Judgement:
    """The excess is nonnegative."""
    return p.combine(kl_prior, "<=", mean_prior, (-1, _plug_in(p)))


@proves("IT3:excess")
def excess(p: Draft) -> Judgement:
    """KL <= log(1 + χ²) for each data set, Jensen, and the variance of a mean."""
    own = ch.LawChiSquare(df.HAT, p0, T)
    each = p.cite("divergence by χ²", {ch.other: df.HAT, time: T})
    mean = p.cite("monotonicity of the mean", {Y: data}, X_1=each.left, X_2=each.right, by=each)
    bent = p.cite("Jensen, logarithm", {Y: data}, X=own, by=p.sign(own))
    return p.calc(
        mean.left,
        ("<=", mean.right, mean),
        ("<=", log(1 + E(data, own)), bent),
        ("=", log(1 + ch.ChannelChiSquare(p0, T) / n), p.cite("χ² of a data set", {time: T})),
    )
