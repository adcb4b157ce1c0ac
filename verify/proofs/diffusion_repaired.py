"""Proofs of the bound of a diffusion model by its training data."""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.symbols import T, early, kl_early, kl_prior, loss_range
from theory.vocabulary import diffusions as df
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Y, data, p0
from theory.vocabulary.terms import E
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves

_SPAN = (early, T)


def _denoised(p: Draft, law: Any, score: Any, by: Any = ()) -> Judgement:
    """L_DSM = L_ESM + I_ε − I_T for a law."""
    moments = {p0: law}
    match = p.cite("denoising score matching", {**moments, o.score: score}, by=by)
    fall = p.cite("information along a diffusion", moments, by=by)
    whole = match.right - df.DenoisingFloor(law, *_SPAN) + fall.right
    return p.combine(match.left, "=", whole, match, fall)


def split(p: Draft, score: Any) -> Judgement:
    """For the data: prior + explicit loss = rate + denoising loss − information."""
    moment = p.cite("moment of an empirical law")
    loss, start = _denoised(p, df.HAT, score, moment), p.cite("golden formula along a process", {p0: df.HAT}, by=moment)
    left = o.Prior(df.HAT, T) + df.ExplicitLoss(df.HAT, score, *_SPAN)
    right = df.Rate(df.HAT, T) + df.DenoisingLoss(df.HAT, score, *_SPAN) - df.ChannelInformation(df.HAT, early)
    return p.combine(left, "=", right, start, (-1, loss))


@proves("IT12:split")
def of_data(p: Draft) -> Judgement:
    """The golden formula for where the data are at T, and denoising score matching on the way."""
    return split(p, o.score)


def _sum(p: Draft, *parts: Any) -> Judgement:
    """E(X + X' + …) = E X + E X' + …, a number for its own mean."""
    total = E(data, sp.Add(*parts))
    links = [p.cite("mean of a constant", {Y: data}, a=part) for part in parts if not part.has(data)]
    for k in range(len(parts) - 1):
        links.append(p.cite("linearity of the mean", {Y: data}, X_1=parts[k], X_2=sp.Add(*parts[k + 1 :]), a=1, b=1))
    return p.combine(total, "=", sp.Add(*(E(data, q) if q.has(data) else q for q in parts)), *links)


def _mean(p: Draft, j: Judgement) -> Judgement:
    """E of both sides of an identity."""
    return p.rising(lambda x: E(data, x), j)


@proves("IT12:exact")
def exact(p: Draft) -> Judgement:
    """The split for the data and for their law, in the mean: E Î_ε is I(X; X_ε) − E KL(p̂_ε‖p_ε)."""
    prior, losses = (
        o.Prior(df.HAT, T),
        [kind(df.HAT, df.LEARNED, *_SPAN) for kind in (df.ExplicitLoss, df.DenoisingLoss)],
    )
    information = df.ChannelInformation(df.HAT, early)
    data_split = split(p, df.LEARNED)
    moved = p.combine(prior + losses[0] + information, "=", df.Rate(df.HAT, T) + losses[1], data_split)
    of_law, start = _denoised(p, p0, df.LEARNED), p.cite("golden formula along a process")
    own = [kind(p0, df.LEARNED, *_SPAN) for kind in (df.ExplicitLoss, df.DenoisingLoss)]
    parts = (
        _mean(p, moved),
        (-1, _sum(p, prior, losses[0], information)),
        _sum(p, df.Rate(df.HAT, T), losses[1]),
        p.cite("mean rate of a data set"),
        (-1, p.cite("information in an empirical law", time_=early)),
        (-1, start),
        _mean(p, of_law),
        _sum(p, own[0], df.ChannelInformation(p0, early), -df.ChannelInformation(p0, T)),
    )
    return p.combine(p.goal.says.left, "=", p.goal.says.right, *parts)


@proves("IT12:repaired")
def repaired(p: Draft) -> Judgement:
    """Girsanov from ε on, for each data set; then the mean, in which the loss on the law becomes that on the data."""
    path = p.cite("divergence of a reverse process that stops early", {o.score: df.LEARNED})
    mean = p.cite("monotonicity of the mean", {Y: data}, X_1=path.left, X_2=path.right, by=path)
    by_data = [_mean(p, p.cite("denoising loss by data", {p0: law, o.score: df.LEARNED})) for law in (p0, df.HAT)]
    gap = p.cite("generalization by the information on single data", {df.loss: df.DENOISING}, bound=loss_range)
    return p.combine(
        E(data, kl_early),
        "<=",
        p.goal.says.right,
        mean,
        _sum(p, kl_prior, df.ExplicitLoss(p0, df.LEARNED, *_SPAN)),
        (-1, p.use("IT12:exact")),
        by_data[0],
        (-1, by_data[1]),
        gap,
    )
