"""Proofs of Lemma 2: the divergence and the score-matching loss."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import exp

from theory.symbols import T, kl_ode, kl_prior, kl_sde, loss_likelihood, path_mismatch, tau
from theory.theorems import places
from theory.theorems.places import number
from theory.vocabulary import objects as o
from theory.vocabulary.gaussians import Flowed, Generated
from verify.proofs.kernel import Judgement
from verify.proofs.lemma_5 import integral
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


_SHIFT = sp.Function("c", real=True)


def _shifted(p: Draft, name: str, law: Any, weight: Any, mean: Any) -> tuple[Judgement, Judgement]:
    """KL = ½ mean², the mean an integral of the shift with a weight, and Cauchy–Schwarz for it."""
    known = p.cite(
        "divergence of N(0, I) from a shifted one", law=law, X=mean, d=1, by=p.cite(f"law {name} with a shifted score")
    )
    functions = {places.F: sp.Lambda(number, weight), places.G: sp.Lambda(number, _SHIFT(number)), tau: T}
    return known, p.cite("Cauchy–Schwarz for two functions", functions)


@proves("L2:shift")
def shift(p: Draft) -> Judgement:
    """½(2∫e^{−t}c)² <= 2∫e^{−2t} ∫c²."""
    decay, square = exp(-number), sp.Integral(_SHIFT(number) ** 2, (number, 0, T))
    law, mean = Generated(o.p0, o.score, T), 2 * sp.Integral(decay * _SHIFT(number), (number, 0, T))
    known, schwarz = _shifted(p, "generated", law, decay, mean)
    area = integral(p, exp(-2 * number), -exp(-2 * number) / 2, 0, T)
    loss = p.cite("loss of a shifted score")
    start = p.cite("divergence of N(0, 1) from the SDE-density")
    fall = (1 - exp(-2 * T)) / 2
    return p.combine(kl_sde, "<=", p.goal.says.right, start, known, (2, schwarz), (2 * square, area), (-fall, loss))


@proves("L2:ode-shift")
def ode_shift(p: Draft) -> Judgement:
    """½(∫c)² <= ½T ∫c²."""
    square = sp.Integral(_SHIFT(number) ** 2, (number, 0, T))
    law, mean = Flowed(o.p0, o.score, T), sp.Integral(_SHIFT(number), (number, 0, T))
    known, schwarz = _shifted(p, "of the flow", law, sp.S.One, mean)
    area = integral(p, sp.S.One, 1 + number, 0, T)
    loss = p.cite("loss of a shifted score")
    start = p.cite("divergence of N(0, 1) from the ODE-density")
    return p.combine(
        kl_ode, "<=", p.goal.says.right, start, known, (sp.S.Half, schwarz), (square / 2, area), (-T / 4, loss)
    )
