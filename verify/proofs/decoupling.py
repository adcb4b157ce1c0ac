"""Proofs of the decoupling lemma: Donsker–Varadhan at one η, and at the best."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Abs, sqrt

from theory.symbols import chance, kl_laws, lower_square, mean_drop, proxy, proxy_below, tilt, variance_second
from theory.theorems.places import level
from theory.vocabulary import information as it
from verify.proofs.kernel import Judgement, cases, discharge, limit
from verify.proofs.writing import Draft, proves

_SLACK = sp.Symbol("slack", positive=True)
_A, _B = sp.symbols("a_ b_", real=True)


def at_the_best(p: Draft, drop: Any, divergence: Any, constant: Any, bound: Judgement) -> Judgement:
    """drop <= √(2R²KL) from drop·η <= KL + η²R²/2 for every η: η = (√(2KL) + ε)/(R + ε), ε → 0."""
    size = sqrt(2 * divergence)
    near = p.at(bound, {level: (size + _SLACK) / (constant + _SLACK)})
    whole = size * constant + _SLACK * (size + constant) / 2
    return limit(p.combine(drop, "<=", whole, ((constant + _SLACK) / (size + _SLACK), near)), _SLACK)


def drop_bound(p: Draft, constant: Any, laws: dict[Any, Any], by: Any = (), comparable: Any = ()) -> Judgement:
    """E_νf − E_μf <= √(2R²KL) for f that is R-sub-Gaussian from below (``by``), under comparable laws."""
    fresh = {name: value for name, value in laws.items() if name != it.first}
    moments = p.cite("moments of a function that is sub-Gaussian from below", fresh, bound=constant, by=by)
    tail = p.cite("sub-Gaussian from below", fresh, bound=constant, by=by)
    change = p.cite("Donsker–Varadhan", laws, a=-level, by=[moments, *comparable])
    one, two = laws.get(it.first, it.first), laws.get(it.second, it.second)
    f = laws.get(it.loss, it.loss)
    drop, divergence = it.Mean(two, f) - it.Mean(one, f), it.Relative(one, two)
    at_each = p.combine(level * drop, "<=", divergence + level**2 * constant**2 / 2, change, tail)
    return at_the_best(p, drop, divergence, constant, at_each)


def modulus(p: Draft, plus: Judgement, minus: Judgement) -> Judgement:
    """|A| <= B from A <= B and −A <= B."""
    one, two = p.assume(_A, "<=", _B), p.assume(-_A, "<=", _B)
    up = p.combine(Abs(_A), "<=", _B, one, given=p.assume(0, "<=", _A))
    down = p.combine(Abs(_A), "<=", _B, two, given=p.assume(_A, "<=", 0))
    return discharge(p.at(cases(up, down, sp.S.Zero, _A), {_A: plus.left, _B: plus.right}), plus, minus)


@proves("IT1:printed")
def printed(p: Draft) -> Judgement:
    """Both sides, at the best η."""
    drop, sides = p(mean_drop), []
    for sign in (1, -1):
        moments = p.cite("moments of a sub-Gaussian function", bound=proxy, a=-sign * level)
        tail = p.cite("sub-Gaussian", bound=proxy, a=-sign * level)
        change = p.cite("Donsker–Varadhan", a=-sign * level, by=moments)
        at_each = p.combine(sign * level * drop, "<=", kl_laws + level**2 * proxy**2 / 2, change, tail)
        sides.append(at_the_best(p, sign * drop, p(kl_laws), proxy, at_each))
    return modulus(p, *sides)


@proves("IT1:one-sided")
def one_sided(p: Draft) -> Judgement:
    """Donsker–Varadhan at −η."""
    return p.combine(mean_drop, "<=", p.goal.says.right, (1 / tilt, p.cite("Donsker–Varadhan", a=-tilt)))


@proves("IT1:below")
def below(p: Draft) -> Judgement:
    """The lower tail, at the best η."""
    return drop_bound(p, proxy_below, {})


@proves("IT1:lower")
def lower(p: Draft) -> Judgement:
    """Its lower tail is sub-Gaussian."""
    tail = p.cite("lower tail of a function bounded below")
    return p.use("IT1:below", {proxy_below: sqrt(lower_square)}, by=tail)


@proves("IT1:quadratic")
def quadratic(p: Draft) -> Judgement:
    """Its lower tail is sub-Gaussian."""
    tail = p.cite("lower tail of a Gaussian quadratic")
    return p.use("IT1:below", {proxy_below: sqrt(variance_second)}, by=tail)


@proves("IT1:bernoulli")
def bernoulli(p: Draft) -> Judgement:
    """Kearns and Saul's inequality."""
    return p.cite("Kearns–Saul", p=chance, a=tilt)
