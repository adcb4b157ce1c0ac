"""Proofs of the lower tails: the matrix Laplace transform, and an exponential below a parabola or a chord."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sympy as sp
from sympy import Max, exp, log, sqrt

from theory.symbols import (
    delta,
    kept,
    laplace_at,
    laplace_chord,
    m,
    n,
    nu,
    omega,
    ridged_range,
    u,
    whitened_square,
    whitened_variance,
)
from theory.theorems.places import a, bound, number
from theory.theorems.random_matrices import HIGH, SHIFT
from theory.vocabulary import capacity as ca
from theory.vocabulary import objects as o
from theory.vocabulary.statements import Rel
from verify.proofs.kernel import Judgement, assume, cases, combine, discharge, instantiate, taylor
from verify.proofs.writing import Draft, proves

_PARTS = {
    "whitened": (ca.WHITENED, ca.WhitenedPart, ca.RidgeShift(o.Q, nu)),
    "ridged": (ca.RIDGED, ca.RidgedPart, ca.ZERO),
    "centred": (ca.CENTRED, ca.CentredPart, ca.ONE),
}


def _psd(p: Draft, kind: str) -> Judgement:
    return p.cite(f"{kind} matrices are positive semidefinite", by=p.cite("per-datum matrix"))


def _laplace(p: Draft, kind: str, at: Any, given: Sequence[Judgement] = ()) -> Judgement:
    """(log δ − Λ(ς))/(ςn) <= what is kept, with Λ of the matrices of a kind."""
    sample, part, shift = _PARTS[kind]
    fixed = p.cite(f"{kind} matrices of a fixed quadratic")
    iid = p.cite("image of a sample", {o.Y: o.data}, map=part(o.Q, nu), by=fixed)
    tail = p.cite("matrix Laplace transform", {o.Y: sample, SHIFT: shift, laplace_at: at}, by=iid, given=given)
    same = p.cite(f"what is kept, {kind}")
    return p.combine(tail.left, "<=", kept, tail, (-1, same), given=given)


def _parabola(p: Draft, kind: str, values: Mapping[Any, Any], *facts: Judgement, given: Any) -> Judgement:
    """Λ(ς) <= log m − ςn + cn‖EY²‖."""
    sample, _, shift = _PARTS[kind]
    every = [p.cite(f"mean of {kind} matrices"), p.cite(f"{kind} matrices of m features"), *facts]
    return p.cite("matrices below a parabola", {o.Y: sample, SHIFT: shift, **values}, by=every, given=given)


@cache
def _parabola_above() -> Judgement:
    """0 <= 1 − u + u²/2 − e^{−u} for u >= 0."""
    return taylor(1 - u + u**2 / 2 - exp(-u), u)


def _falling(p: Draft, at: Any, given: Any) -> Judgement:
    """e^{−ςx} <= 1 − ςx + (ςx)²/2 for x >= 0."""
    upright = [*given, p.assume(0, "<=", number)]
    small = p.at(_parabola_above(), {u: at * number}, upright)
    return p.combine(exp(-at * number), "<=", 1 - at * number + at**2 / 2 * number**2, small, given=given)


@proves("CAP:lower-tail-sure")
def sure(p: Draft) -> Judgement:
    """A mean of matrices above ω."""
    lowest = p.cite("lowest eigenvalue", {o.Y: ca.RIDGED}, by=_psd(p, "ridged"))
    mean = p.cite("least eigenvalue of a mean", {o.Y: ca.RIDGED, a: omega}, by=lowest)
    return p.combine(omega, "<=", kept, mean, (-1, p.cite("what is kept, ridged")))


@proves("CAP:lower-tail-master")
def master(p: Draft) -> Judgement:
    """The matrix Laplace transform of W."""
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, _laplace(p, "ridged", laplace_at))


@proves("CAP:lower-tail-moment")
def moment(p: Draft) -> Judgement:
    """e^{−w} <= 1 − w + w²/2, at ς = √(2ℓ/(nv))."""
    proper, v = p.hypothesis("proper"), whitened_square
    at = sqrt(2 * log(m / delta) / (n * v))
    positive = p.sign(at, proper, strict=True)
    given = [proper, positive]
    above = p.cite("positive semidefinite", {o.Y: ca.WHITENED}, by=_psd(p, "whitened"))
    under = _falling(p, at, given)
    values = {laplace_at: at, a: 0, bound: at**2 / 2}
    square = _parabola(p, "whitened", values, above, under, given=given)
    tail = _laplace(p, "whitened", at, given)
    return p.combine(1, "<=", p.goal.says.right, tail, (1 / (at * n), square), given=given)


_RANGE, _SCALE = sp.Symbol("range", nonnegative=True), sp.Symbol("scale", positive=True)
_STRETCH = 1 + _RANGE * _SCALE / 3


@cache
def _one_sided() -> Judgement:
    """e^{−ςx} <= 1 − ςx + s²x²/(2q) for x >= −R, at ς = s/q, q = 1 + Rs/3: 2(1−u/3)(e^u−1−u) <= u² for u = −ςx."""
    at, low = _SCALE / _STRETCH, assume(Rel(-_RANGE, "<=", number))
    goal = Rel(exp(-at * number), "<=", 1 - at * number + _SCALE**2 / (2 * _STRETCH) * number**2)
    right, left = assume(Rel(sp.S.Zero, "<=", number)), assume(Rel(number, "<=", sp.S.Zero))
    small = instantiate(_parabola_above(), {u: at * number}, [right])
    lost = instantiate(taylor(u**2 - 2 * (1 - u / 3) * (exp(u) - 1 - u), u), {u: -at * number}, [left])
    gap = instantiate(taylor(exp(u) - 1 - u, u), {u: -at * number}, [left])
    above = combine(goal, [(sp.S.One, small)])
    below = combine(goal, [(_STRETCH / 2, lost), (_STRETCH * gap.right * at / 3, low)], [gap])
    return cases(above, below, sp.S.Zero, number)


@proves("CAP:lower-tail-Bernstein")
def bernstein(p: Draft) -> Judgement:
    """The same one-sided, at ς = s/(1 + (1−ω)s/3), s = √(2ℓ/(nv′))."""
    proper, v = p.hypothesis("proper"), whitened_variance
    psd = _psd(p, "ridged")
    room = p.cite("least eigenvalue below the mean", {o.Y: ca.RIDGED}, by=[psd, p.cite("mean of ridged matrices")])
    scale = sqrt(2 * log(m / delta) / (n * v))
    where = {_RANGE: 1 - omega, _SCALE: scale}
    steep = p.sign(scale, proper, strict=True)
    given = [proper, steep, room]
    under = p.at(_one_sided(), where, given)
    at, coefficient = ((_SCALE * part).subs(where) for part in (1 / _STRETCH, _SCALE / (2 * _STRETCH)))
    values = {laplace_at: at, a: omega - 1, bound: coefficient}
    square = _parabola(
        p, "centred", values, p.cite("centred matrices from below", by=p.cite("per-datum matrix")), under, given=given
    )
    tail = _laplace(p, "centred", at, given)
    return p.combine(1, "<=", p.goal.says.right, tail, (1 / (at * n), square), given=given)


@proves("CAP:lower-tail-Chernoff")
def chernoff(p: Draft) -> Judgement:
    """The chord of e^{−ςx} over [ω, ω + L′]."""
    psd = _psd(p, "ridged")
    mean = p.cite("mean of ridged matrices")
    lowest, highest = (p.cite(name, {o.Y: ca.RIDGED}, by=psd) for name in ("lowest eigenvalue", "eigenvalue range"))
    facts = [mean, p.cite("ridged matrices of m features"), lowest, highest]
    values = {o.Y: ca.RIDGED, laplace_at: laplace_chord, a: omega, HIGH: ridged_range}
    chord = p.cite("matrices below a chord", values, by=facts)
    tail = _laplace(p, "ridged", laplace_chord)
    part = (1 / (laplace_chord * n), chord)
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, tail, part)


def _names(count: int) -> list[Any]:
    return [sp.Symbol(f"part_{k}", real=True) for k in range(count)]


_TOP, _NEW = sp.symbols("top new", real=True)


@cache
def _grown(count: int) -> Judgement:
    """max(x, y, …) <= t and z <= t give max(x, y, …, z) <= t."""
    names = _names(count)
    before, new = assume(Rel(Max(*names, evaluate=False), "<=", _TOP)), assume(Rel(_NEW, "<=", _TOP))
    inside = [combine(Rel(x, "<=", Max(*names, evaluate=False)), []) for x in names] if count > 1 else []
    each = [
        combine(Rel(x, "<=", _TOP), [(sp.S.One, j), (sp.S.One, before)]) for x, j in zip(names, inside, strict=False)
    ]
    given = [assume(Rel(x, "<=", _TOP)) for x in (*names, _NEW)]
    whole = combine(Rel(Max(*names, _NEW, evaluate=False), "<=", _TOP), [], given)
    return discharge(whole, *(each or [before]), new)


def one_of(p: Draft, branches_: Sequence[Judgement], failure: Any) -> Judgement:
    """max(A, B, …) <= C with one event, from one each: the greatest of some numbers of the law is one of them."""
    found, parts = branches_[0], [branches_[0].left]
    for branch in branches_[1:]:
        made = []
        for greater, lesser in ((branch, found), (found, branch)):
            order = p.assume(lesser.left, "<=", greater.left)
            other = p.combine(lesser.left, "<=", greater.right, order, greater)
            both = (other, greater) if greater is branch else (greater, other)
            at = {_TOP: greater.right, _NEW: branch.left, **dict(zip(_names(len(parts)), parts, strict=True))}
            most = discharge(p.at(_grown(len(parts)), at), *both)
            made.append(p.weaken(most, failure) if most.events else most)
        parts.append(branch.left)
        found = cases(made[0], made[1], found.left, branch.left)
    return found


@proves("CAP:lower-tail")
def best_(p: Draft) -> Judgement:
    """The greatest branch is one of them."""
    proper, found = p.hypothesis("proper"), []
    for name in ca.BEST:
        tail = p.use(f"CAP:lower-tail-{name}", by=proper if name == "moment" else ())
        found.append(p.combine(ca.lower_tails(delta)[name], "<=", kept, tail, given=proper))
    return one_of(p, found, delta)
