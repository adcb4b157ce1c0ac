"""Proofs of the Rademacher chain's products."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Rational, sqrt

from theory.symbols import (
    n,
    rademacher_abs_first,
    rademacher_abs_product,
    rademacher_abs_second,
    rademacher_first,
    rademacher_product,
    rademacher_second,
    sup_first,
    sup_second,
)
from theory.vocabulary import classes as cl
from verify.proofs.kernel import Judgement, limit
from verify.proofs.writing import Draft, proves


def _squares(p: Draft, made: Any, name: str) -> Judgement:
    """R̂(F²) <= 2sR̂(F) with F = F₁ ± F₂ and s = sup|F₁| + sup|F₂|."""
    both, sup = made(cl.F_1, cl.F_2), sup_first + sup_second
    known = p.cite("squares are Lipschitz", {cl.F: both}, width=sup, by=p.cite(f"supremum of {name}"))
    bound = p.use("R1:contraction", {cl.F: both, cl.image: cl.Squares(both)}, lipschitz=2 * sup, by=known)
    total = p.cite(f"complexity of {name}")
    goal = 2 * sup * (rademacher_first + rademacher_second)
    return p.combine(bound.left, "<=", goal, bound, (2 * sup, total))


@proves("R3:printed")
def printed(p: Draft) -> Judgement:
    """Polarisation, and contraction for the two squares."""
    parts = [(Rational(1, 4), _squares(p, *kind)) for kind in ((cl.Sum, "sums"), (cl.Difference, "differences"))]
    goal = (sup_first + sup_second) * (rademacher_first + rademacher_second)
    return p.combine(rademacher_product, "<=", goal, p.cite("polarisation"), *parts)


@proves("R3:abs")
def with_modulus(p: Draft) -> Judgement:
    """The first class with its opposite."""
    both = cl.Mirrored(cl.F_1)
    at = {cl.F: cl.F_1}
    bound = p.use("R3:printed", {cl.F_1: both}, by=p.cite("bound of a mirrored class", at))
    sup = sup_first + sup_second
    return p.calc(
        rademacher_abs_product,
        ("=", bound.left, (-1, p.cite("products of a mirrored class"))),
        ("<=", (cl.Supremum(both, cl.points) + sup_second) * (bound_of(both) + rademacher_second), bound),
        ("=", sup * (bound_of(both) + rademacher_second), p.cite("supremum of a mirrored class", at)),
        ("=", sup * (rademacher_abs_first + rademacher_second), p.cite("mirrored class", at)),
        ("<=", sup * (rademacher_abs_first + rademacher_abs_second), p.cite("modulus enlarges", {cl.F: cl.F_2})),
    )


def bound_of(functions: Any) -> Any:
    """R̂ of a class."""
    return cl.Complexity(functions, cl.points, n)


@proves("R3:sharp")
def sharp(p: Draft) -> Judgement:
    """R3:printed for cF₁ and F₂/c at the best c, made positive by ε → 0."""
    e = sp.Symbol("epsilon", positive=True)
    s1, s2, r1, r2 = map(p, (sup_first, sup_second, rademacher_first, rademacher_second))
    c = ((s2 * r2 + e) / (s1 * r1 + e)) ** Rational(1, 4)
    one, two = cl.Scaled(c, cl.F_1), cl.Scaled(1 / c, cl.F_2)
    scales = ({cl.F: cl.F_1, "scale": c}, {cl.F: cl.F_2, "scale": 1 / c})

    def scaled(name: str) -> list[Judgement]:
        return [p.cite(name, {cl.F: at[cl.F]}, scale=at["scale"]) for at in scales]

    bound = p.use("R3:printed", {cl.F_1: one, cl.F_2: two}, by=scaled("scaled bound"))
    rough = p.calc(
        rademacher_product,
        ("=", bound.left, (-1, p.cite("scaled products", scale=c))),
        ("<=", (cl.Supremum(one, cl.points) + cl.Supremum(two, cl.points)) * (bound_of(one) + bound_of(two)), bound),
        ("=", (c * s1 + s2 / c) * (c * r1 + r2 / c), *scaled("scaled supremum"), *scaled("scaled complexity")),
    )
    best = s1 * r2 + s2 * r1 + 2 * sqrt((s1 * r1 + e) * (s2 * r2 + e))
    return limit(p.combine(rademacher_product, "<=", best, rough, (c**2, p.sign(e)), (1 / c**2, p.sign(e))), e)
