"""Proofs of what the loss of a bounded score is at least."""

from __future__ import annotations

import sympy as sp
from sympy import Max, exp, log, sqrt

from theory.symbols import T, early, explicit_hat, n, score_limit, tau, u
from theory.theorems import places
from theory.theorems.places import time
from theory.vocabulary import diffusions as df
from theory.vocabulary.objects import p0, score
from verify.proofs.diffusion_repaired import _denoised
from verify.proofs.early_stopping import least_of
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.writing import Draft, proves


@proves("IT9:repaired")
def floor(p: Draft) -> Judgement:
    """Minkowski at each time, squared where it says something, and integrated from ε to T."""
    at = early + time
    fisher, mismatch = df.FisherAt(df.HAT, at), df.Mismatch(df.HAT, score, at)
    near = p.cite("Minkowski, bounded scores", {p0: df.HAT}, time_=at, bound=score_limit)
    signed = p.combine(sqrt(fisher) - score_limit, "<=", sqrt(mismatch), near)
    least = least_of(p, signed, p.combine(0, "<=", sqrt(mismatch)))
    square = p.rising(lambda x: x**2, least)
    functions = {
        places.F: sp.Lambda(time, Max(sqrt(fisher) - score_limit, 0) ** 2),
        places.G: sp.Lambda(time, mismatch),
        tau: T - early,
    }
    whole = p.cite("monotonicity of the integral", functions, a=1, by=square, given=p.hypothesis("early"))
    loss = p.cite("explicit loss over time", {p0: df.HAT})
    return p.combine(p.goal.says.left, "<=", explicit_hat, whole, (-1, loss), given=p.hypothesis("early"))


@proves("IT9:growth")
def growth(p: Draft) -> Judgement:
    """The loss of no score, exactly, and Minkowski from there to s."""
    rise = taylor(exp(u) - 1 - u, u)
    defined = [p.combine(0, "<", exp(2 * t) - 1, p.at(rise, {u: 2 * t})) for t in (T, early)]
    moment = p.cite("moment of an empirical law")
    whole = p.cite("denoising loss of no score", {p0: df.HAT}, by=moment)
    split, start = _denoised(p, df.HAT, df.zero, moment), p.cite("information on one of n", {time: early})
    none = df.ExplicitLoss(df.HAT, df.zero, early, T)
    known = p.combine(p.goal.says.left, "<=", log(n) + none, (-1, whole), split, start, given=defined)
    near = p.cite("Minkowski, bounded scores over time", {p0: df.HAT}, bound=score_limit)
    square = p.rising(lambda x: x**2, near, p.hypothesis("early"))
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, known, square, given=[*defined, p.hypothesis("early")])
