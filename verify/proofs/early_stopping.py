"""Proofs of early stopping: when to stop, and how good the bound is then."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Max, Rational, sqrt

from theory.symbols import a1, a3, a4, b1, m, n, tau
from verify.proofs.kernel import Judgement, antisymmetric, cases, discharge
from verify.proofs.writing import Draft, ProofError, proves

_a, _b, _c = sp.symbols("a_ b_ c_", real=True)


def least_of(p: Draft, *bounds: Judgement) -> Judgement:
    """max(A, B) <= C from A <= C and B <= C."""
    known = [p.assume(_a, "<=", _c), p.assume(_b, "<=", _c)]
    whole = p.combine(Max(_a, _b), "<=", _c, given=known)
    return discharge(p.at(whole, {_a: bounds[0].left, _b: bounds[1].left, _c: bounds[0].right}), *bounds)


@proves("EARLY-STOP:repaired")
def repaired(p: Draft) -> Judgement:
    """A square."""
    square = p.sign((sqrt(a1 / tau) - sqrt(b1 * tau / n)) ** 2)
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, square)


@proves("EARLY-STOP:repaired-rate")
def repaired_rate(p: Draft) -> Judgement:
    """Four terms of either order at most."""
    return p.combine(p.goal.says.left, "<=", p.goal.says.right)


@proves("EARLY-STOP:printed-wide")
def printed_wide(p: Draft) -> Judgement:
    """n <= m turns every term into one of the two orders."""
    wide = p.hypothesis("wide")
    power = p.rising(lambda x: x ** Rational(6, 5), wide)
    root = p.rising(lambda x: x ** Rational(1, 5), p.combine(1, "<=", m))
    parts = ((n ** Rational(-2, 5) / m, wide), (1 / m**2, power), (1 / m, root))
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, *parts)


def _stopped(p: Draft, stop: Any, early: tuple[Any, Any], ends: tuple[Any, Any]) -> tuple[Judgement, Judgement]:
    """T⁵ <= A and T⁴ <= B at T = min(A^{1/5}, B^{1/4})."""
    first, second = (p.combine(stop, "<=", end) for end in ends)
    powers = p.rising(lambda x: x**5, first), p.rising(lambda x: x**4, second)
    return p.combine(stop**5, "<=", early[0], powers[0]), p.combine(stop**4, "<=", early[1], powers[1])


@proves("EARLY-STOP:balanced")
def balanced(p: Draft) -> Judgement:
    """At T = min((mn)^{1/5}, m^{1/2}) both powers of T are paid for by 1/T."""
    stop = sp.Min(sqrt(m), (m * n) ** Rational(1, 5), evaluate=False)
    five, four = _stopped(p, stop, (m * n, m**2), ((m * n) ** Rational(1, 5), sqrt(m)))
    parts = ((a4 / (m * n * stop), five), (a3 / (m**2 * stop), four))
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, *parts)


def _least_time(side: Any) -> Any:
    """The one minimum of times in a side."""
    found = side.atoms(sp.Min)
    if len(found) != 1:
        raise ProofError(f"not one stopping time, but {len(found)}: {side}")
    return found.pop()


@proves("EARLY-STOP:upper")
def upper(p: Draft) -> Judgement:
    """At T = min(τ₁, τ₂) the first two terms are at most a₁/(4T) and a₁/(3T)."""
    ends = (a1 * m * n / (4 * a4)) ** Rational(1, 5), (a1 * m**2 / (3 * a3)) ** Rational(1, 4)
    stop = _least_time(p.goal.says.right)
    five, four = _stopped(p, stop, (a1 * m * n / (4 * a4), a1 * m**2 / (3 * a3)), ends)
    parts = ((a4 / (m * n * stop), five), (a3 / (m**2 * stop), four))
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, *parts)


@proves("EARLY-STOP:lower")
def lower(p: Draft) -> Judgement:
    """s⁵ − 5s + 4 >= 0 and s⁴ − 4s + 3 >= 0 at τ over the time where each pair of terms is least."""
    total = p.goal.says.right
    one = tau * (4 * a4 / (a1 * m * n)) ** Rational(1, 5)
    two = tau * (3 * a3 / (a1 * m**2)) ** Rational(1, 4)
    five = p.sign((one - 1) ** 2 * (one**3 + 2 * one**2 + 3 * one + 4))
    four = p.sign((two - 1) ** 2 * (two**2 + 2 * two + 3))
    ends = (
        (Rational(5, 4) * a1 * one / tau, a4 * tau**4 / (m * n) + a1 / tau, (a1 / (4 * tau), five)),
        (Rational(4, 3) * a1 * two / tau, a3 * tau**3 / m**2 + a1 / tau, (a1 / (3 * tau), four)),
    )
    least = [p.combine(end, "<=", total, p.combine(end, "<=", pair, part)) for end, pair, part in ends]
    return p.combine(p.goal.says.left, "<=", total, least_of(p, *least))


_STOP, _RATIO = sp.Symbol("stop", positive=True), sp.Symbol("ratio", positive=True)
_TOUCH = Rational(8566748, 10**7)
"""A little below the root of x⁵ + x⁴ = 1, where the worst gap is nearly closed."""


def _corner(p: Draft, C: Any, four: int, three: int) -> Judgement:
    """0 <= C(αx⁴/4 + βx³/3 + 1/x) − (α/4 + β/3 + 1) at a corner (α, β), by the tangents of x⁵ and x⁴ at one point."""
    x, at = _RATIO, _TOUCH if four and three else sp.S.One
    fifth = p.sign((x - at) ** 2 * (x**3 + 2 * at * x**2 + 3 * at**2 * x + 4 * at**3))
    fourth = p.sign((x - at) ** 2 * (x**2 + 2 * at * x + 3 * at**2))
    gap = C * (four * x**4 / 4 + three * x**3 / 3 + 1 / x) - (Rational(four, 4) + Rational(three, 3) + 1)
    return p.combine(0, "<=", gap, (four * C / (4 * x), fifth), (three * C / (3 * x), fourth))


@proves("EARLY-STOP:near-optimal")
def near_optimal(p: Draft) -> Judgement:
    """Where τ₁ <= τ₂ the first power is paid for exactly, else the second: a mean of the gaps at two corners."""
    C, stop, t = p.claim.constants["C"].value, _least_time(p.goal.says.left), _STOP
    tops = (a1 * m * n / (4 * a4), a1 * m**2 / (3 * a3))
    ends = tops[0] ** Rational(1, 5), tops[1] ** Rational(1, 4)
    at = {_RATIO: tau / t}
    both, first, second = (p.at(_corner(p, C, *pair), at) for pair in ((1, 1), (1, 0), (0, 1)))
    powers = t**5, t**4
    factors = (a4 / (m * n * t), a3 / (m**2 * t))
    weights = ((C * (tau / t) ** 4 - 1), (C * (tau / t) ** 3 - 1))
    left, right = (a4 * y**4 / (m * n) + a3 * y**3 / m**2 + a1 / y for y in (t, tau))
    found = []
    for k, corner in ((0, first), (1, second)):
        paid, other = p.assume(powers[k], "=", tops[k]), p.assume(powers[1 - k], "<=", tops[1 - k])
        rate = a1 / (t * tops[1 - k])
        mean = (rate * powers[1 - k], both), (rate * (tops[1 - k] - powers[1 - k]), corner)
        parts = (*mean, (-factors[k] * weights[k], paid))
        whole = p.combine(left, "<=", C * right, *parts, given=other)
        smaller = p.assume(ends[k], "<=", ends[1 - k])
        same = antisymmetric(p.combine(stop, "<=", ends[k]), p.combine(ends[k], "<=", stop, given=smaller))
        five, four = _stopped(p, stop, tops, ends)
        exact = p.rising(lambda x, k=k: x ** (5 - k), same)
        exact = p.combine(stop ** (5 - k), "=", tops[k], exact)
        found.append(discharge(p.at(whole, {t: stop}), exact, (four, five)[k]))
    return cases(found[0], found[1], *ends)
