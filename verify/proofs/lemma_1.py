"""Proofs of Lemma 1: the forward process stays in a box."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Abs, erfc, erfinv, exp, log, sqrt

from theory.symbols import d, delta, path_norm, r, r_max, u, v, v_T, x0_norm
from theory.vocabulary import processes as pr
from theory.vocabulary.objects import Y
from verify.proofs.kernel import Judgement, rise_and_fall
from verify.proofs.writing import Draft, proves

_Z = pr.Component(pr.Normal(pr.noise), pr.index)


def chernoff(p: Draft) -> Judgement:
    """P(|Z| > u) = erfc(u/√2) <= e^{−u²/2}: the difference rises and falls between two zeros."""
    gap = rise_and_fall(exp(-(u**2) / 2) - erfc(u / sqrt(2)), u, exp(-(u**2) / 2), sqrt(2 / sp.pi) - u)
    return p.combine(erfc(u / sqrt(2)), "<=", exp(-(u**2) / 2), gap)


def tail(p: Draft, number: Any, sample: Any, level: Any, known: Judgement) -> Judgement:
    """|Z| <= u with failure e^{−u²/2}, at a level."""
    exact = p.cite("normal tail", {Y: sample}, X=number, by=known)
    return p.at(p.weaken(exact, exp(-(u**2) / 2), chernoff(p)), {u: level})


@proves("L1:repaired")
def repaired(p: Draft) -> Judgement:
    """One coordinate at δ/d, and the union over all."""
    level = sqrt(2 * log(d / delta))
    likely = tail(p, _Z, pr.noise, level, p.cite("noise of a linear SDE"))
    bound = r * x0_norm + r * v * level
    one = p.calc(
        Abs(pr.Component(pr.AT_TIME, pr.index)),
        ("<=", r * x0_norm + r * v * Abs(_Z), p.cite("solution of a linear SDE")),
        ("<=", bound, (r * v, likely)),
    )
    facts = [p.cite("dimension of a linear SDE"), one]
    return p.cite("union over coordinates", {Y: pr.noise}, vector=pr.AT_TIME, bound=bound, fail=delta / d, by=facts)


@proves("L1:sharp")
def sharp(p: Draft) -> Judgement:
    """Independent coordinates, at the quantile of the largest."""
    stay = (1 - delta) ** (1 / d)
    level = sqrt(2) * erfinv(stay)
    exact = p.cite("normal tail", {Y: pr.noise}, X=_Z, by=p.cite("noise of a linear SDE"))
    likely = p.at(exact, {u: level})
    bound = r * x0_norm + r * v * level
    one = p.calc(
        Abs(pr.Component(pr.AT_TIME, pr.index)),
        ("<=", r * x0_norm + r * v * Abs(_Z), p.cite("solution of a linear SDE")),
        ("<=", bound, (r * v, likely)),
    )
    facts = [p.cite("dimension of a linear SDE"), p.cite("coordinates of a linear SDE"), one]
    return p.cite("independent coordinates", {Y: pr.noise}, vector=pr.AT_TIME, bound=bound, stay=stay, by=facts)


@proves("L1:pathwise")
def pathwise(p: Draft) -> Judgement:
    """The same for the whole path, by the reflection principle."""
    level = sqrt(2 * log(2 * d / delta))
    exact = p.cite("reflection principle")
    twice = p.combine(2 * erfc(u / sqrt(2)), "<=", 2 * exp(-(u**2) / 2), (2, chernoff(p)))
    likely = p.at(p.weaken(exact, 2 * exp(-(u**2) / 2), twice), {u: level})
    facts = [p.cite("dimension of a Brownian path"), likely]
    walk = p.cite("union over coordinates", {Y: pr.noise}, vector=pr.Brownian(pr.sde, pr.noise), bound=v_T * level,
                  fail=delta / d, by=facts)  # fmt: skip
    goal = r_max * x0_norm + r_max * v_T * level
    return p.combine(path_norm, "<=", goal, p.cite("time change of a linear SDE"), (r_max, walk))
