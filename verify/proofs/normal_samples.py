"""What proofs of Gaussian models share: means of polynomials of a normal sample, divergences, averages of one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import exp

from theory.symbols import T, n, u
from theory.theorems import normals as th
from theory.theorems import places
from theory.vocabulary import information as it
from theory.vocabulary import normals as nl
from theory.vocabulary.objects import Y
from theory.vocabulary.terms import E
from verify.proofs.kernel import Judgement, antisymmetric, taylor
from verify.proofs.writing import Draft


@dataclass(frozen=True, kw_only=True)
class NormalSample:
    """A datum and the rest of the mean, each about its own mean, and two numbers drawn beside them."""

    fact: Judgement
    values: Mapping[Any, Any]


def normal_sample(p: Draft, variance: Any, *, mean: Any = 0, size: Any = n) -> NormalSample:
    """The independent parts of n data N(mean, variance)."""
    at = {Y: nl.draws, n: size, places.X: mean, places.level: variance, places.number: nl.place}
    fact = p.cite("parts of a normal sample", at)
    numbers, spreads = fact.says.args[1:5], fact.says.args[5:]  # type: ignore[union-attr]
    places_ = (places.X, places.X_1, places.X_2, th.X_3, *th.SPREADS)
    return NormalSample(fact=fact, values={Y: nl.draws, **dict(zip(places_, (*numbers, *spreads), strict=True))})


def mean_of(
    p: Draft,
    sample: NormalSample,
    inside: Any,
    form: tuple[Any, ...],
    *,
    known: tuple[Judgement, ...] = (),
    given: Any = (),
    **powers: Any,
) -> Judgement:
    """E of what is a polynomial of a linear form of the sample, by ``known``: ``fourth``, ``square``, ``linear``, …"""
    coefficients = dict(zip((places.a, places.b, places.c, places.g), (*form, 0, 0, 0, 0), strict=False))
    of = {"fourth": places.e, "square": places.f, "linear": places.low, "rest": places.h}
    polynomial = {place: powers.get(name, 0) for name, place in of.items()}
    at = {**sample.values, **coefficients, **polynomial}
    moment = p.cite("moments of a linear form of normal numbers", at, by=sample.fact, given=given)
    same = p.combine(inside, "=", moment.left.args[1], *known, given=given)
    return p.combine(E(nl.draws, inside), "=", moment.right, p.rising(_mean, same, given), moment, given=given)


def _mean(x: Any) -> Any:
    return E(nl.draws, x)


def lost(p: Draft, law: Any, normal: Judgement, at: Any, given: Any = ()) -> Judgement:
    """−log p(x) of a law that is normal."""
    _, mean, variance = normal.says.args  # type: ignore[union-attr]
    values = {it.first: law, places.X: mean, places.level: variance, places.X_1: at}
    density = p.cite("density of a normal law", values, by=normal, given=given)
    return p.combine(-density.left, "=", -density.right, (-1, density), given=given)


def diverging(p: Draft, one: Judgement, two: Judgement, given: Any = ()) -> Judgement:
    """The divergence of a law from another, both normal."""
    (first, mean, variance), (second, mean_2, variance_2) = one.says.args, two.says.args  # type: ignore[union-attr]
    values = {it.first: first, places.X: mean, places.level: variance}
    values |= {it.second: second, places.X_1: mean_2, th.OTHER: variance_2}
    return p.cite("divergence of normal laws", values, by=[one, two] if one is not two else one, given=given)


def averaged(p: Draft, each: Judgement) -> Judgement:
    """The mean over the data of what is the same for all."""
    sides = sp.Lambda(nl.place, each.left), sp.Lambda(nl.place, each.right)
    up = p.cite(
        "monotonicity of an average",
        {places.F: sides[0], places.G: sides[1]},
        by=p.combine(each.left, "<=", each.right, each),
    )
    down = p.cite(
        "monotonicity of an average",
        {places.F: sides[1], places.G: sides[0]},
        by=p.combine(each.right, "<=", each.left, (-1, each)),
    )
    none = sp.Lambda(nl.place, sp.S.Zero)
    same = p.cite("linearity of an average", {places.F: none, places.G: none}, a=0, b=0, c=each.right)
    return p.combine(up.left, "=", each.right, antisymmetric(up, down), same)


def left_over(p: Draft) -> Judgement:
    """0 < 1 − e^{−2T}."""
    rise = p.at(taylor(exp(u) - 1 - u, u), {u: 2 * T})
    return p.combine(0, "<", 1 - exp(-2 * T), (exp(-2 * T), rise))
