"""Proofs of the choice of the diffusion time."""

from __future__ import annotations

from functools import cache

import sympy as sp
from sympy import exp, sqrt

from theory.symbols import T, best_clock, clock, mean_initial, mean_size, n, u
from verify.proofs.kernel import Judgement, cases, discharge, taylor
from verify.proofs.writing import Draft, proves

_BASE, _RATIO = sp.Symbol("base", nonnegative=True), sp.Symbol("ratio", positive=True)
_KEPT = exp(-2 * T)


def _kept(p: Draft) -> Judgement:
    """e^{−2T} <= 1."""
    return p.combine(_KEPT, "<=", 1, p.at(taylor(1 - exp(-2 * u), u), {u: T}))


@proves("IT13:best-time")
def best_time(p: Draft) -> Judgement:
    """A square: ((1 + nm²)a − 1)²."""
    return p.combine(p.goal.says.left, "<=", p.goal.says.right)


@proves("IT13:affine")
def affine(p: Draft) -> Judgement:
    """a² <= a and (1 − a)² <= 1 − a."""
    part = (_KEPT * (mean_initial**2 + 1 / n) / 2, _kept(p))
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, part)


@proves("IT13:twice")
def twice(p: Draft) -> Judgement:
    """Both are m²/(1 + nm²)."""
    return p.equal(p.goal.says.left, p.goal.says.right)


@proves("IT13:endpoints")
def endpoints(p: Draft) -> Judgement:
    """A mean of the two ends."""
    first = p.combine(sp.Min(mean_initial**2, 1 / n, evaluate=False), "<=", mean_initial**2)
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, (_KEPT / 2, first), given=_kept(p))


@cache
def _curves() -> tuple[Judgement, Judgement]:
    """The law above its least value from B* on, and from B on to B*, in the root of their ratio."""
    w, size = _RATIO, 1 + _BASE
    return (
        taylor(exp(-size * (w**2 - 1) / 2) - 1 + size * (w - 1), w, sp.S.One),
        taylor(exp(size * (w**2 - 1) / 2) - 1 + size * w - size * w**2, w, sp.S.One),
    )


@proves("IT13:lambert")
def lambert(p: Draft) -> Judgement:
    """With w = √(B/B*): e^{−B*(w² − 1)/2} − 1 + B*(w − 1) is 0 and flat at 1, and convex while B >= 1."""
    (up, down), w, found = _curves(), _RATIO, []
    for curve, low, high in ((up, best_clock, clock), (down, clock, best_clock)):
        ordered = p.assume(low, "<=", high)
        long = p.hypothesis("solution" if low == best_clock else "long")
        ratio = sqrt(high / low)
        beyond = p.combine(1, "<=", ratio, p.rising(sqrt, p.combine(1, "<=", high / low, (1 / low, ordered))))
        placed = discharge(p.at(curve, {_BASE: low - 1, w: ratio}, [long]), beyond)
        factor = mean_size * exp(-best_clock / 2)
        found.append(p.combine(p.goal.says.left, "<=", p.goal.says.right, (factor, placed)))
    return cases(found[0], found[1], best_clock, clock)
