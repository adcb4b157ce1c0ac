"""Proofs of early stopping: when to stop, and how good the bound is then."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Max, Rational, sqrt

from theory.symbols import a1, a3, a4, b1, m, n, tau
from verify.proofs.kernel import Judgement, discharge
from verify.proofs.writing import Draft, proves

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


@proves("EARLY-STOP:upper")
def upper(p: Draft) -> Judgement:
    """At T = min(τ₁, τ₂) the first two terms are at most a₁/(4T) and a₁/(3T)."""
    ends = (a1 * m * n / (4 * a4)) ** Rational(1, 5), (a1 * m**2 / (3 * a3)) ** Rational(1, 4)
    (stop,) = p.goal.says.right.atoms(sp.Min)
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
