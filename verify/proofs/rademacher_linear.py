"""Proofs of the Rademacher chain's linear classes."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import cosh, exp, log, sqrt

from theory.symbols import ball_radius, d, input_norm, n, point_norm, rademacher_affine, temperature, u
from theory.theorems import places
from theory.theorems.places import number
from theory.vocabulary import classes as cl
from theory.vocabulary.objects import Y
from theory.vocabulary.terms import E
from verify.proofs.kernel import Judgement, discharge, limit, taylor
from verify.proofs.writing import Draft, proves

HEIGHT, EXCESS = sp.Symbol("y", nonnegative=True), sp.Symbol("z", nonnegative=True)


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


def _inverse(p: Draft) -> Judgement:
    """cosh y <= 1 + z gives (e^y − 1 − z)² <= z(z + 2), so that y <= log(1 + z + √(z(z + 2)))."""
    w, c, root = exp(HEIGHT), 1 + EXCESS, sqrt(EXCESS * (EXCESS + 2))
    near = p.combine((w - c) ** 2, "<=", EXCESS * (EXCESS + 2), (2 * w, p.assume(cosh(HEIGHT), "<=", c)))
    return p.rising(log, p.combine(w, "<=", c + root, p.rising(sqrt, near)))


@proves("R2:cosh")
def by_cosh(p: Draft) -> Judgement:
    """Jensen for cosh, then its inverse; ε keeps the exponent finite where all numbers are 0."""
    e = sp.Symbol("epsilon", positive=True)
    dual = p.cite("vertices with a shared coordinate")
    largest, size = dual.right / ball_radius, p(input_norm) + e
    rate, growth = temperature / (sqrt(n) * size), (d + 1) * (exp(temperature**2 / 2) - 1)
    mean = E(cl.signs, largest)
    each = p.cite("largest sum and hyperbolic cosines", count=d + 1, temperature=rate)
    moment = p.cite("hyperbolic cosine of signed sums", count=d + 1, temperature=rate)
    average = p.cite("monotonicity of the mean", {Y: cl.signs}, X_1=each.left, X_2=each.right, by=each)
    smaller = p.combine(rate**2 * n * p(input_norm) ** 2 / 2, "<=", temperature**2 / 2)
    bend = p.equal(sp.Derivative(cosh(number), (number, 2)), cosh(number))
    convex = p.combine(0, "<=", bend.left, (-1, bend))
    jensen = p.cite("Jensen", {places.F: sp.Lambda(number, cosh(number)), Y: cl.signs}, X=rate * largest, by=convex)
    linear = p.cite("linearity of the mean", {Y: cl.signs}, X_1=largest, X_2=0, a=rate, b=0)
    below = p.calc(
        cosh(rate * mean),
        ("=", cosh(linear.left), linear),
        ("<=", jensen.right, jensen),
        ("<=", average.right, average),
        ("<=", moment.right, moment),
        ("<=", 1 + growth, p.rising(lambda x: 1 + (d + 1) * (exp(x) - 1), smaller)),
        ("=", 1 + EXCESS, p.assume(EXCESS, "=", growth)),
    )
    inverse = discharge(p.at(_inverse(p), {HEIGHT: rate * mean}), below)
    split = p.cite("linearity of the mean", {Y: cl.signs}, X_1=largest, X_2=0, a=ball_radius, b=0)
    complexity = p.cite("complexity", {cl.F: cl.Affine(ball_radius, d, cl.embedding)})
    smooth = p.calc(
        complexity.left,
        ("=", E(cl.signs, dual.left) / n, complexity),
        ("=", E(cl.signs, dual.right) / n, dual),
        ("=", ball_radius * mean / n, (1 / n, split)),
        ("<=", ball_radius * inverse.right / (n * rate), (ball_radius / (n * rate), inverse)),
    )
    rises = p.combine(1, "<=", exp(temperature**2 / 2), p.at(taylor(exp(u) - 1, u), {u: temperature**2 / 2}))
    whole = discharge(p.at(limit(smooth, e), {EXCESS: growth}, [rises]), p.equal(growth, growth))
    return p.combine(rademacher_affine, "<=", p.goal.says.right, whole, given=rises)
