"""Proofs of the modes' inconsistency: linear regimes of score and network."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Abs, Max

from theory.claims.inconsistency import a_fall, a_rise, b_fall, b_rise, w_fall, w_rise
from theory.symbols import intercept_left, intercept_right, m, mu, norm_comparator, q, slope_left, slope_right, x
from theory.theorems import places
from theory.theorems.places import number as z
from theory.vocabulary import networks as nt
from theory.vocabulary.features import feature
from verify.proofs.kernel import Judgement, antisymmetric, cases, discharge
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


_S, _C, _N = sp.symbols("s_ c_ n_", real=True)


def _both(p: Draft) -> Judgement:
    """|s| + |c| <= n from |s + c| <= n and |s − c| <= n."""
    plus, minus = p.assume(Abs(_S + _C), "<=", _N), p.assume(Abs(_S - _C), "<=", _N)
    found = []
    for up in (p.assume(0, "<=", _S), p.assume(_S, "<=", 0)):
        halves = []
        for right in (p.assume(0, "<=", _C), p.assume(_C, "<=", 0)):
            size = _S if up.left == 0 else -_S
            other = _C if right.left == 0 else -_C
            first = p.combine(Abs(_S), "<=", size, given=up)
            second = p.combine(Abs(_C), "<=", other, given=right)
            known = plus if (up.left == 0) == (right.left == 0) else minus
            halves.append(p.combine(Abs(_S) + Abs(_C), "<=", _N, first, second, known))
        found.append(cases(halves[0], halves[1], 0, _C))
    return cases(found[0], found[1], 0, _S)


@proves("INCONSISTENCY:scales")
def scales(p: Draft) -> Judgement:
    """Slope and intercept of a feature share one budget, whatever their signs."""
    budget, slopes, shifts = (
        p.cite(name) for name in ("budget of a feature on the line", "slopes of a network", "intercepts of a network")
    )
    side, triangle = p.cite("sign of a weight"), p.combine(Abs(_S + _C), "<=", Abs(_S) + Abs(_C))
    w, shift = nt.Weight(feature), nt.Side(feature) * nt.Intercept(feature, nt.embedding)
    level = nt.EmbeddingBound(nt.embedding)
    parts, sums = {places.F: sp.Lambda(feature, w), places.G: sp.Lambda(feature, shift)}, []
    for sign in (1, -1):
        mixed = w + sign * shift / level
        apart = p.at(triangle, {_S: w, _C: sign * shift / level})
        small = p.combine(Abs(mixed), "<=", 1, apart, budget, (Abs(nt.Intercept(feature, nt.embedding)) / level, side))
        bound = p.cite(
            "Cauchy–Schwarz over combined features", {places.F: sp.Lambda(feature, mixed)}, bound=1, by=small
        )
        split = p.cite("linear combinations of features", parts, b=1, c=sign / level)
        whole = slope_left + slope_right + sign * (intercept_right - intercept_left) / level
        same = p.combine(split.left, "=", whole, split, (-1, slopes), (-sign / level, shifts))
        sums.append(p.calc(Abs(whole), ("=", bound.left, same), ("<=", norm_comparator, bound)))
    values = {_S: slope_left + slope_right, _C: (intercept_right - intercept_left) / level, _N: norm_comparator}
    whole = discharge(p.at(_both(p), values), *sums)
    return p.combine(p.goal.says.left, "<=", norm_comparator, whole)


@proves("INCONSISTENCY:modes")
def modes(p: Draft) -> Judgement:
    """The slopes −1 and −1, the intercepts −μ and μ."""
    lines = [
        p.assume(nt.SlopeRight(nt.network), "=", -1),
        p.assume(nt.SlopeLeft(nt.network), "=", -1),
        p.assume(nt.InterceptRight(nt.network), "=", mu),
        p.assume(nt.InterceptLeft(nt.network), "=", -mu),
    ]
    return p.combine(p.goal.says.left, "<=", norm_comparator, p.use("INCONSISTENCY:scales"), given=lines)
