"""Proofs of Lemma 2: the divergence and the score-matching loss."""

from __future__ import annotations

import sympy as sp

from theory.symbols import T, kl_prior, kl_sde, loss_likelihood, path_mismatch
from theory.theorems import places
from theory.theorems.places import number
from theory.vocabulary import objects as o
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


@proves("L2:gap")
def gap(p: Draft) -> Judgement:
    """The derivative of KL(p_t‖q_t), integrated from 0 to T."""
    half, between = sp.Rational(1, 2), o.Between(o.p0, o.score, T, number)
    rates = [kind(o.p0, o.score, T, number) for kind in (o.MismatchRate, o.LossRate)]
    first, second = (sp.Lambda(number, rate) for rate in rates)
    both = {places.F: first, places.G: second, places.a: half, places.b: -half}
    smooth = [p.cite(f"continuity of the {name}") for name in ("mismatch", "loss")]
    ends = {places.low: 0, places.high: T}
    ordered = p.combine(0, "<=", T)
    slope = p.cite("entropy of a diffusion against a reverse law")
    rate = {places.F: sp.Lambda(number, between), places.G: sp.Lambda(number, rates[0] / 2 - rates[1] / 2)}
    whole = p.cite("fundamental theorem of calculus", {**rate, **ends},
                   by=[slope, p.cite("continuity of combinations", both, by=smooth), ordered])  # fmt: skip
    split = p.cite("linearity of the integral", {**both, **ends}, by=smooth)
    mismatch, loss = p.cite("mismatch over time"), p.cite("loss over time")
    start, end = p.cite("reverse law at the start"), p.cite("reverse law at the end")
    parts = (whole, (-1, split), (half, mismatch), (-half, loss), start, (-1, end))
    return p.combine(kl_sde + path_mismatch, "=", T * loss_likelihood / 2 + kl_prior, *parts)


@proves("L2:repaired")
def repaired(p: Draft) -> Judgement:
    """Paths diverge where they start and by their drifts, and their ends no more than they."""
    bound = T * loss_likelihood / 2 + kl_prior
    ends, start, drift = (p.cite(name) for name in ("data processing", "chain rule of divergence", "Girsanov"))
    half = sp.Rational(1, 2)
    return p.combine(kl_sde, "<=", bound, ends, start, (half, drift), (-half, p.cite("loss over time")))


@proves("L2:printed-short")
def printed_short(p: Draft) -> Judgement:
    """For T <= 2 the factor T/2 is at most 1."""
    short = p.hypothesis("short")
    return p.combine(kl_sde, "<=", loss_likelihood + kl_prior, p.use("L2:repaired"), (loss_likelihood / 2, short))
