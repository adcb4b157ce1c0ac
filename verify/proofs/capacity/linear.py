"""Proofs that all but the first order of the data's noise is small."""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.claims.capacity.path import RHO
from theory.symbols import K_B, deviation_ridge, first_end, first_path, gain, nu, share, tau
from theory.theorems import places
from theory.theorems.places import time
from theory.vocabulary import capacity as ca
from theory.vocabulary import capacity_rates as cr
from theory.vocabulary import objects as o
from verify.proofs.capacity.path import damped
from verify.proofs.kernel import Judgement
from verify.proofs.theorem_1 import hat
from verify.proofs.writing import Draft, proves


def _between(p: Draft, one: Any, two: Any) -> Judgement:
    """√(L̃(one)−L*) <= √(L̃(two)−L*) + ρ_ν times what is of the second order."""
    above = [p.cite("least loss", {o.Theta: each}) for each in (one, two)]
    near = p.cite("Minkowski, excess loss", {o.Theta0: one, o.Theta: two}, given=above)
    ridge = p.cite("largest eigenvalue under a ridge", {o.Theta0: one, o.Theta: two})
    rate = cr.FirstRate(o.EMPIRICAL, o.Q, o.Theta0, nu, time)
    each, along = damped(p, time), ca.FilterSup(ca.Damped(tau - time, time), nu, K_B)
    functions = {
        places.F: sp.Lambda(time, each.left * rate),
        places.G: sp.Lambda(time, along * rate),
        places.a: 1 / share,
    }
    inside = p.combine(each.left * rate, "<=", along * rate / share, (rate, each))
    whole = p.cite("monotonicity of the integral", functions, by=inside)
    parts = p.cite("Duhamel by parts, twice")
    goal = deviation_ridge * (gain * first_end + first_path) / share
    distance = p.combine(
        parts.left, "<=", goal, parts, (deviation_ridge * first_end, damped(p, tau)), (deviation_ridge, whole)
    )
    facts = [near, ridge, (RHO, distance)]
    if one != p(hat(p)):
        facts.append((RHO, p.cite("distances are symmetric", {o.Theta0: one, o.Theta: two})))
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, *facts, given=above)


@proves("CAP:linear")
def above(p: Draft) -> Judgement:
    """Duhamel by parts for what the first order leaves."""
    return _between(p, hat(p), p(cr.FIRST))


@proves("CAP:linear-below")
def below(p: Draft) -> Judgement:
    """The same, from the other side."""
    return _between(p, p(cr.FIRST), hat(p))
