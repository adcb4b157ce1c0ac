"""Proofs of what is true around the printed bound of diffusion models."""

from __future__ import annotations

import sympy as sp
from sympy import exp, log

from theory.symbols import euler_step, u
from theory.vocabulary import diffusions as df
from theory.vocabulary.objects import p0
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.writing import Draft, proves


@proves("IT10:prior")
def prior(p: Draft) -> Judgement:
    """The golden formula for the data."""
    return p.cite("golden formula along a process", {p0: df.HAT}, by=p.cite("moment of an empirical law"))


@proves("IT10:step")
def step(p: Draft) -> Judgement:
    """With δ/2 = 1 − e^{−u} the gap is a function of u that starts at 0 and has the derivative (1 − e^{−u})²."""
    left = 1 - euler_step / 2
    room = p.combine(sp.Rational(1, 2), "<=", left, (sp.Rational(1, 2), p.hypothesis("short-step")))
    fall = p.rising(log, p.combine(left, "<=", 1), given=room)
    known = p.combine(0, "<=", -log(left), fall, given=room)
    curve = taylor(u - (1 - exp(-u)) - (1 - exp(-u)) ** 2 / 2, u)
    placed = p.at(curve, {u: -log(left)}, [known, room])
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, (sp.Rational(1, 2), placed), given=room)
