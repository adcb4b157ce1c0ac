"""Proofs of the Rademacher chain's linear classes."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import log, sqrt

from theory.symbols import ball_radius, d, input_norm, n, point_norm, rademacher_affine
from theory.vocabulary import classes as cl
from theory.vocabulary.objects import Y
from theory.vocabulary.terms import E
from verify.proofs.kernel import Judgement, limit
from verify.proofs.writing import Draft, proves


def _maximal(p: Draft, functions: Any, dual: Judgement, norm: Any, *maximal: Any) -> Judgement:
    """(ρ/n) E max of N sums, at the best exponent; ε keeps it finite where all numbers are 0."""
    e = sp.Symbol("epsilon", positive=True)
    name, size = maximal
    best = sqrt(2 * log(size) / n) / (norm + e)
    soft = p.cite(name, count=size, temperature=best)
    split = p.cite("linearity of the mean", {Y: cl.signs}, X_1=dual.right / ball_radius, X_2=0, a=ball_radius, b=0)
    complexity = p.cite("complexity", {cl.F: functions})
    rough = p.calc(
        complexity.left,
        ("=", E(cl.signs, dual.left) / n, complexity),
        ("=", E(cl.signs, dual.right) / n, dual),
        ("=", ball_radius * soft.left / n, (1 / n, split)),
        ("<=", ball_radius * soft.right / n, (ball_radius / n, soft)),
    )
    smooth = p.combine(complexity.left, "<=", ball_radius * (norm + e) * sqrt(2 * log(size) / n), rough)
    return limit(smooth, e)


@proves("R2:massart")
def massart(p: Draft) -> Judgement:
    """A maximum over vertices."""
    dual = p.cite("vertices of the ball")
    return _maximal(p, cl.Linear(ball_radius, d), dual, p(point_norm), "maximal inequality", 2 * d)


@proves("R2:sharp")
def sharp(p: Draft) -> Judgement:
    """The same with one more coordinate, the embedding's."""
    functions, dual = cl.Affine(ball_radius, d, cl.embedding), p.cite("vertices with a shared coordinate")
    name = "maximal inequality with a shared coordinate"
    return _maximal(p, functions, dual, p(input_norm), name, 2 * (d + 1))


@proves("R2:printed")
def printed(p: Draft) -> Judgement:
    """2(d + 1) <= 4d."""
    larger = p.rising(
        lambda x: sqrt(2 * log(x) / n), p.combine(2 * (d + 1), "<=", 4 * d), p.combine(1, "<=", 2 * (d + 1))
    )
    goal = ball_radius * input_norm * sqrt(2 * log(4 * d) / n)
    return p.combine(rademacher_affine, "<=", goal, p.use("R2:sharp"), (ball_radius * input_norm, larger))
