"""Proofs of the information of the forward process."""

from __future__ import annotations

from sympy import exp

from theory.symbols import T, early, information_slope, u
from theory.theorems.places import time
from theory.vocabulary import diffusions as df
from theory.vocabulary import objects as o
from theory.vocabulary.objects import p0
from verify.proofs.diffusion_repaired import _denoised
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.writing import Draft, proves

_AT = {time: T}


@proves("IT4:slope", "IT4:mmse")
def slope(p: Draft) -> Judgement:
    """The rate of information is the spread of the kernel's score about the mixture's."""
    spread = p.cite("Tweedie" if p.claim.variant.startswith("mmse") else "spread of the kernel's score", _AT)
    parts = (p.cite("rate of information", _AT), (-1, spread))
    noisy = p.combine(0, "<", 1 - exp(-2 * T), (exp(-2 * T), p.at(taylor(exp(u) - 1 - u, u), {u: 2 * T})))
    return p.combine(information_slope, "=", p.goal.says.right, *parts, given=noisy)


@proves("IT4:decreasing")
def decreasing(p: Draft) -> Judgement:
    """What no score can undo is nonnegative."""
    fall = p.cite("information along a diffusion")
    return p.combine(df.ChannelInformation(p0, T), "<=", df.ChannelInformation(p0, early), fall)


@proves("IT4:losses")
def losses(p: Draft) -> Judgement:
    """What no score can undo is what the information loses."""
    return p.combine(p.goal.says.left, "=", p.goal.says.right, _denoised(p, p0, o.score))


@proves("IT4:losses-data")
def losses_of_data(p: Draft) -> Judgement:
    """The same for the empirical law."""
    known = _denoised(p, df.HAT, o.score, p.cite("moment of an empirical law"))
    return p.combine(p.goal.says.left, "=", p.goal.says.right, known)


@proves("IT4:below")
def below(p: Draft) -> Judgement:
    """Bhattacharyya distances of pairs."""
    return p.cite("information by pairs, from below", _AT)


@proves("IT4:above")
def above(p: Draft) -> Judgement:
    """Divergences of pairs."""
    return p.cite("information by pairs, from above", _AT)


@proves("IT4:largest")
def largest(p: Draft) -> Judgement:
    """The entropy of which datum it is."""
    return p.cite("information on one of n", _AT)


@proves("IT4:data")
def of_data(p: Draft) -> Judgement:
    """The golden formula for the empirical law, whose mean is the law."""
    return p.cite("information in an empirical law", time_=T)
