"""Proofs of what conventions of the authors' code cost."""

from __future__ import annotations

import sympy as sp
from sympy import exp, log, sqrt

from theory.symbols import T, bandwidth, delta, information_data, information_wide, u, variance_initial, x
from theory.vocabulary import diffusions as df
from theory.vocabulary.objects import p0
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.writing import Draft, proves


@proves("IT14:wide-kernel")
def wide_kernel(p: Draft) -> Judgement:
    """1 − a <= √(1 − a), and the wider noise tells less."""
    left = 1 - exp(-2 * T)
    grown = p.combine(0, "<", left, (exp(-2 * T), p.at(taylor(exp(u) - 1 - u, u), {u: 2 * T})))
    root = p.rising(sqrt, p.combine(left, "<=", 1), given=grown)
    wider = p.combine(left, "<=", sqrt(left), (sqrt(left), root), given=grown)
    moment = p.cite("moment of an empirical law")
    less = p.cite(
        "more noise, less information",
        {p0: df.HAT},
        a=exp(-T),
        level=left,
        wider=sqrt(left),
        by=[moment, wider],
        given=grown,
    )
    own = p.cite("channel of the Ornstein–Uhlenbeck process", {p0: df.HAT}, time_=T, by=moment)
    return p.combine(information_wide, "<=", information_data, less, (-1, own), given=grown)


@proves("IT14:mirrored-time")
def mirrored_time(p: Draft) -> Judgement:
    """(a + b)(a − b)² over (ab)²."""
    return p.combine(p.goal.says.left, "<=", p.goal.says.right)


@proves("IT14:smoothing")
def smoothing(p: Draft) -> Judgement:
    """log(1 + w(v − 1)) >= w log v, w = 1/(1 + h²): convex in log v, and flat at v = 1."""
    bend = taylor(log(1 + delta * (exp(x) - 1)) - delta * x, x, both_sides=True)
    jensen = p.at(p.at(bend, {x: log(variance_initial)}), {delta: 1 / (1 + bandwidth**2)})
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, (sp.S.Half, jensen))
