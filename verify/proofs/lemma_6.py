"""Proofs of Lemma 6: the Monte-Carlo error of finitely many random features."""

from __future__ import annotations

import sympy as sp
from sympy import log, sqrt

from theory.symbols import M, T, a_max, a_sup, coordinate_moment, d, delta, m, mc_error, n
from theory.vocabulary import features as fe
from theory.vocabulary import objects as o
from verify.proofs.kernel import Judgement, limit
from verify.proofs.writing import Draft, proves


@proves("L6:repaired")
def repaired(p: Draft) -> Judgement:
    """HILBERT:deviation for the sampled features."""
    fixed = p.cite("features are fixed maps")
    sample = p.cite("image of a sample", {o.Y: o.sampled, n: m}, map=o.Neuron(o.p0, o.weight, T), by=fixed)
    facts = [sample, p.cite("features have a largest norm")]
    tail = p.use("HILBERT:deviation", {o.Y: o.NEURONS, n: m, M: p(M)}, by=facts)
    return p.calc(
        sqrt(mc_error),
        ("=", o.Deviation(o.NEURONS, m)),
        ("<=", M / sqrt(m) + M / sqrt(m) * sqrt(2 * log(1 / delta)), tail),
    )


@proves("L6:moment-sharp")
def moment_sharp(p: Draft) -> Judgement:
    """Minkowski for the argument of a feature, whose size is at most 1; ε keeps the bound positive."""
    e = sp.Symbol("epsilon", positive=True)
    top = fe.LargestNorm(fe.Z)
    outer = p.cite("outer weight")
    inner = p.calc(
        fe.Norm(fe.Active(fe.Argument(fe.feature, fe.Z))),
        ("<=", fe.Norm(fe.Argument(fe.feature, fe.Z)), p.cite("ReLU contracts", input=fe.Z)),
        ("<=", fe.Size(fe.feature) * top, p.cite("Minkowski, linear forms", input=fe.Z)),
        ("<=", top, (top, p.cite("size of a sampled feature"))),
    )
    norm = p.cite("norm of a neuron", input=fe.Z)
    each = p.calc(norm.left, ("=", norm.right, norm), ("<=", a_sup * norm.right / fe.OuterNorm(fe.feature), outer),
                  ("<=", a_sup * top, (a_sup, inner)), ("<=", a_sup * top + e))  # fmt: skip
    largest = limit(p.cite("largest norm of a neuron", level=a_sup * top + e, by=each), e)
    square = p.rising(lambda x: x**2, largest)
    return p.calc(
        M**2, ("<=", a_sup**2 * top**2, square), ("=", p.goal.says.right, (-(a_sup**2), p.cite("largest moment")))
    )


@proves("L6:moment")
def moment(p: Draft) -> Judgement:
    """The largest coordinate inside the mean."""
    larger = p.cite("a coordinate is at most the largest")
    return p.combine(M**2, "<=", p.goal.says.right, p.use("L6:moment-sharp"), (a_sup**2, larger))


@proves("L6:small-delta")
def small_delta(p: Draft) -> Judgement:
    """(1 + s)/s² falls: with s = √(2 log(1/δ)) >= √(2 log 2) = s₀ it is at most (1 + s₀)/s₀²."""
    s, s0 = sqrt(2 * log(1 / delta)), sqrt(2 * log(2))
    likely = p.combine(log(2), "<=", log(1 / delta), p.rising(log, p.hypothesis("likely")))
    level = p.rising(lambda x: sqrt(2 * x), likely)
    ratio = (1 + s0) / s0**2
    tail = p.combine(1 + s, "<=", ratio * s**2, ((s0 + s + s * s0) / s0**2, level))
    square = p.rising(lambda x: x**2, p.use("L6:repaired"))
    power = p.rising(lambda x: x**2, tail)
    top, norms = p.use("L6:moment-sharp"), p.rising(lambda x: x**2, p.cite("norms of outer weights"))
    moment_ = p.combine(M**2, "<=", d * a_max**2 * coordinate_moment, top, (coordinate_moment, norms))
    return p.combine(
        mc_error,
        "<=",
        p.goal.says.right,
        square,
        ((1 + s) ** 2 / m, moment_),
        (d * a_max**2 * coordinate_moment / m, power),
    )
