"""Proofs of the modes' inconsistency: linear regimes of score and network."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Max

from theory.claims.inconsistency import a_fall, a_rise, b_fall, b_rise, w_fall, w_rise
from theory.symbols import m, q, x
from theory.theorems.places import number as z
from verify.proofs.kernel import Judgement, antisymmetric, discharge
from verify.proofs.writing import Draft, proves


@proves("INCONSISTENCY:target")
def target(p: Draft) -> Judgement:
    """An identity of the score's two weights."""
    both = p.hypothesis("two-sided")
    one, two = p.combine(0, "<", q, both), p.combine(0, "<", 1 - q, both)
    return p.equal(p.goal.says.left, p.goal.says.right, [two, one])


@proves("INCONSISTENCY:network")
def network(p: Draft) -> Judgement:
    """Beyond its breakpoint the rising feature is its argument, and the falling one is 0."""
    beyond = p.hypothesis("beyond-the-breakpoints")

    def far(w: Any, b: Any) -> Judgement:
        return p.combine(Abs(b), "<=", w * x, (w, beyond))

    rising, falling = Max(0, b_rise + w_rise * x), Max(0, b_fall - w_fall * x)
    up, down = far(w_rise, b_rise), far(w_fall, b_fall)
    positive = p.combine(0, "<=", b_rise + w_rise * x, up)
    negative = p.combine(b_fall - w_fall * x, "<=", 0, down)
    open_ = p.combine(Max(0, z), "<=", z, given=p.assume(0, "<=", z))
    shut = p.combine(Max(0, z), "<=", 0, given=p.assume(z, "<=", 0))
    first = discharge(p.at(open_, {z: b_rise + w_rise * x}), positive)
    second = discharge(p.at(shut, {z: b_fall - w_fall * x}), negative)
    first = antisymmetric(first, p.combine(b_rise + w_rise * x, "<=", rising))
    second = antisymmetric(second, p.combine(0, "<=", falling))
    return p.combine(p.goal.says.left, "=", p.goal.says.right, (a_rise / m, first), (a_fall / m, second))
