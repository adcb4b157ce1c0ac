"""Proofs of the bounds on the norm of an i.i.d. mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import sympy as sp

from theory.claims.capacity.sample import branches
from theory.symbols import delta, diameter, mean_deviation, radius_Y, weak_Y
from theory.theorems.places import bound, width
from theory.vocabulary.objects import Y
from theory.vocabulary.statements import Rel
from theory.vocabulary.terms import E
from verify.proofs.capacity.lower_tail import one_of
from verify.proofs.hilbert import mean_by_spread
from verify.proofs.kernel import Judgement, assume, combine, discharge
from verify.proofs.writing import Draft, proves


@proves("CAP:sample-Bousquet")
def bousquet(p: Draft) -> Judgement:
    """Bousquet's inequality around a mean of at most σ_Y/√n."""
    D, tail, mean = p(mean_deviation), p.cite("Bousquet", {width: weak_Y, bound: radius_Y}), mean_by_spread(p)
    at_mean = tail.right.xreplace({E(Y, D): mean.right})
    return p.calc(D, ("<=", tail.right, tail), ("<=", at_mean, mean), ("=", p.goal.says.right))


@proves("CAP:sample-differences")
def differences(p: Draft) -> Judgement:
    """HILBERT:diameter for a ball."""
    ball = p.cite("diameter of a ball", {bound: radius_Y})
    tail = p.use("HILBERT:diameter", {diameter: 2 * radius_Y}, by=ball)
    return p.calc(p(mean_deviation), ("<=", tail.right, tail), ("=", p.goal.says.right))


@proves("CAP:sample-Pinelis")
def pinelis(p: Draft) -> Judgement:
    """Pinelis' inequality."""
    return p.cite("Pinelis", {bound: radius_Y})


@proves("CAP:sample-sure")
def sure(p: Draft) -> Judgement:
    """The mean is in the ball."""
    return p.cite("mean in a ball", {bound: radius_Y})


_LOW = sp.Symbol("low", real=True)


def _ways(count: int) -> list[Any]:
    return [sp.Symbol(f"way_{k}", real=True) for k in range(count)]


@cache
def _turned(count: int) -> Judgement:
    """max(−x, −y, …) <= −z gives z <= min(x, y, …)."""
    known = assume(Rel(sp.Max(*(-x for x in _ways(count)), evaluate=False), "<=", -_LOW))
    each = [combine(Rel(_LOW, "<=", x), [(sp.S.One, known)]) for x in _ways(count)]
    given = [assume(Rel(_LOW, "<=", x)) for x in _ways(count)]
    return discharge(combine(Rel(_LOW, "<=", sp.Min(*_ways(count), evaluate=False)), [], given), *each)


def least_of(p: Draft, each: Sequence[Judgement], failure: Any) -> Judgement:
    """D <= min(A, B, …) with one event, from D <= A, D <= B, … with one each: max(−A, −B, …) <= −D, turned round.

    The bounds stand as symbols until the end, since SymPy compares what a minimum is taken of, pair by pair.
    """
    low, names = each[0].left, _ways(len(each))
    held = [p.assume(x, "=", j.right) for x, j in zip(names, each, strict=True)]
    found = one_of(
        p, [p.combine(-x, "<=", -low, j, (-1, e)) for x, j, e in zip(names, each, held, strict=True)], failure
    )
    whole = discharge(p.at(_turned(len(each)), {_LOW: low}), found)
    values = {x: j.right for x, j in zip(names, each, strict=True)}
    return discharge(p.at(whole, values), *(p.equal(j.right, j.right) for j in each))


@proves("CAP:sample")
def best(p: Draft) -> Judgement:
    """The least bound is one of them."""
    names = ("Bousquet", "differences", "Pinelis")
    each = [
        p.use(name) for name in (*(f"CAP:sample-{name}" for name in names), "HILBERT:second-moment", "CAP:sample-sure")
    ]
    D = p(mean_deviation)
    return least_of(p, [p.combine(D, "<=", way, j) for way, j in zip(branches(delta), each, strict=True)], delta)
