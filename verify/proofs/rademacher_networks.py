"""Proofs of the Rademacher chain's networks."""

from __future__ import annotations

from typing import Any

from sympy import sqrt

from theory.symbols import (
    ball_radius,
    breakpoint_max,
    feature_energy,
    n,
    neuron_sum,
    rademacher_abs_neuron,
    rademacher_frozen,
    rademacher_network,
    rademacher_neuron,
)
from theory.vocabulary import classes as cl
from theory.vocabulary.objects import Y
from theory.vocabulary.terms import E
from verify.proofs.kernel import Judgement
from verify.proofs.writing import Draft, proves


def modulus(p: Draft, functions: Any, zero: Judgement | None = None) -> Judgement:
    """R̂|·|(F) <= 2R̂(F) where 0 belongs to F."""
    at = {cl.F: functions}
    one, two = (kind(functions, cl.points, cl.signs) for kind in (cl.Signed, cl.Mirror))
    both = p.cite("modulus by two suprema", at, by=[zero] if zero else ())
    mean = p.cite("monotonicity of the mean", {Y: cl.signs}, X_1=both.left, X_2=both.right, by=both)
    split = p.cite("linearity of the mean", {Y: cl.signs}, X_1=one, X_2=two, a=1, b=1)
    return p.calc(
        cl.AbsComplexity(functions, cl.points, n),
        ("=", E(cl.signs, both.left) / n, p.cite("complexity with modulus", at)),
        ("<=", E(cl.signs, both.right) / n, (1 / n, mean)),
        ("=", (E(cl.signs, one) + E(cl.signs, two)) / n, (1 / n, split)),
        ("=", 2 * E(cl.signs, one) / n, (1 / n, p.cite("symmetry of signs", at))),
        ("=", 2 * cl.Complexity(functions, cl.points, n), (-2, p.cite("complexity", at))),
    )


@proves("R4:sharp")
def sharp(p: Draft) -> Judgement:
    """Cauchy–Schwarz for the coefficients, and the absolutely convex hull."""
    return p.cite("absolutely convex hull", by=p.cite("root mean square and mean"))


@proves("R4:printed")
def printed(p: Draft) -> Judgement:
    """Without |·|, at the price of 2."""
    return p.calc(
        rademacher_network,
        ("<=", ball_radius * rademacher_abs_neuron, p.use("R4:sharp")),
        ("<=", 2 * ball_radius * rademacher_neuron, (ball_radius, modulus(p, cl.neurons))),
    )


def _frozen(p: Draft) -> Judgement:
    """R̂ = (ρ/n) E‖Σξh‖."""
    norm = cl.FeatureSum(cl.points, cl.signs)
    dual = p.cite("duality in a Hilbert space")
    split = p.cite("linearity of the mean", {Y: cl.signs}, X_1=norm, X_2=0, a=ball_radius, b=0)
    return p.calc(
        rademacher_frozen,
        ("=", E(cl.signs, dual.left) / n, p.cite("complexity", {cl.F: cl.Frozen(ball_radius)})),
        ("=", E(cl.signs, dual.right) / n, dual),
        ("=", ball_radius * E(cl.signs, norm) / n, (1 / n, split)),
    )


@proves("R4:frozen")
def frozen(p: Draft) -> Judgement:
    """Duality, Jensen, and signs that do not correlate."""
    norm = cl.FeatureSum(cl.points, cl.signs)
    return p.calc(
        rademacher_frozen,
        ("=", ball_radius * E(cl.signs, norm) / n, _frozen(p)),
        ("<=", ball_radius * sqrt(E(cl.signs, norm**2)) / n, p.cite("Jensen, root", {Y: cl.signs}, X=norm)),
        ("=", ball_radius * sqrt(feature_energy) / n, p.cite("square of a signed vector")),
    )


@proves("R4:khintchine")
def khintchine(p: Draft) -> Judgement:
    """The other way by Khintchine and Kahane."""
    mean = E(cl.signs, cl.FeatureSum(cl.points, cl.signs))
    square, scale = p.cite("square of a signed vector"), ball_radius**2 / n**2
    exact = p.rising(lambda x: 2 * x**2, _frozen(p))
    return p.calc(
        scale * feature_energy,
        ("=", scale * square.left, (-scale, square)),
        ("<=", 2 * scale * mean**2, (scale, p.cite("Khintchine–Kahane"))),
        ("=", 2 * rademacher_frozen**2, (-1, exact)),
    )


@proves("R4:breakpoints")
def breakpoints(p: Draft) -> Judgement:
    """Linear on the cells that the lines of the neurons cut, hence largest at a vertex of one of them."""
    function, cells = cl.SignedSums(cl.points, cl.embedding, cl.signs), cl.Diamond(cl.points, cl.embedding)
    facts = [p.cite("sums of neurons are linear on cells"), p.cite("a neuron of the line lies in the diamond")]
    place = cl.Place(cl.neuron, cl.embedding)
    top = p.cite("largest at a vertex", function=function, cells=cells, point=place, by=facts)
    return p.combine(neuron_sum, "<=", breakpoint_max, top, p.cite("vertices of a cut diamond"))
