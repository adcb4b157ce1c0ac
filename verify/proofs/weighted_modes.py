"""One mode under Duhamel's formula with the weight e^{2u⋆s/τ}: ∫₀^τ κe^{−4κs + 2u⋆s/τ} ds <= (1 − e)/2, e = e^{−2u⋆}.

With z = 4κτ − 2u⋆ it is D(z) >= 0 for z >= 0 and D(z) <= 0 for z <= 0, D(z) = 2(1 − e)z − (z + 2u⋆)(1 − e^{−z}).
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import exp

from theory.symbols import tau, u
from theory.theorems.places import mode, number, time
from verify.proofs.kernel import Judgement, antisymmetric, cases, discharge, taylor
from verify.proofs.lemma_5 import END, PEAK, Peak, integral, rises
from verify.proofs.writing import Draft

_s, _a = PEAK, 4 * PEAK - 1
_y, _rate = sp.Symbol("y_", positive=True), sp.Symbol("rate_", positive=True)
_t, _gap = sp.Symbol("t_", nonnegative=True), sp.Symbol("gap_", nonnegative=True)


def _difference(z: Any) -> Any:
    return 2 * (1 - END) * z - (z + 2 * _s) * (1 - exp(-z))


def _ordered(p: Draft) -> Judgement:
    """(e^t − 1)/t rises: (t + s)(e^t − 1) <= t(e^{t+s} − 1)."""
    tangent = taylor(_t * exp(_t) - exp(_t) + 1, _t)
    return taylor(_t * (exp(_t + _gap) - 1) - (_t + _gap) * (exp(_t) - 1), _gap, given=[tangent])


def _before(p: Draft, peak: Peak) -> Judgement:
    """D(2u⋆ − y) >= 0 for 0 < y <= 2u⋆: it is ee^yH(y), H rises and then falls between its zeros 0 and 2u⋆."""
    order, t = _ordered(p), number

    def height(y: Any) -> Any:
        return 4 * _s - y - (4 * _s + _a * y) * exp(-y)

    def bend(y: Any) -> Any:  # H' = e^{−y} · bend, bend concave and 0 at 0
        return 1 + _a * y - exp(y)

    up, down = p.assume(0, "<=", bend(_y)), p.assume(bend(_y), "<=", 0)
    zero, below, above, end = (p.assume(*r) for r in ((0, "<=", t), (t, "<=", _y), (_y, "<=", t), (t, "<=", 2 * _s)))
    left = p.at(order, {_t: t, _gap: _y - t}, [zero, below])
    first = p.combine(0, "<=", exp(-t) * bend(t), (exp(-t) / _y, left), (exp(-t) * t / _y, up), given=[zero])
    rising = rises(p, height(t), exp(-t) * bend(t), first, 0, _y)
    right = p.at(order, {_t: _y, _gap: t - _y}, [above])
    second = p.combine(0, "<=", -exp(-t) * bend(t), (exp(-t) / _y, right), (exp(-t) * t / _y, down), given=[above])
    falling = rises(p, -height(t), -exp(-t) * bend(t), second, _y, 2 * _s)
    zeros = p.combine(height(2 * _s), "=", 0, (-2 * _s, peak.end))
    one = p.combine(0, "<=", height(_y), rising)
    two = p.combine(0, "<=", height(_y), falling, (-1, zeros))
    both = cases(one, two, 0, bend(_y))
    del end
    both = discharge(both, p.sign(_y)) if p.sign(_y).says in both.hyps else both
    return p.combine(0, "<=", _difference(2 * _s - _y), (END * exp(_y), both), (-_y, peak.end))


def _beyond(p: Draft, peak: Peak) -> Judgement:
    """D(2u⋆ + y) >= 0 for y >= 0: convex there, and flat at 2u⋆."""
    shifted = 2 * (1 - END) * (2 * _s + u) - (u + 4 * _s) * (1 - END * exp(-u))
    start = p.combine(0, "<=", 1 - END - 4 * _s * END, peak.end)
    return p.combine(0, "<=", _difference(2 * _s + u), taylor(p(shifted), u, given=[start, peak.above]))


def _after_zero(p: Draft, peak: Peak) -> Judgement:
    """D(z) >= 0 for z > 0."""
    z, rate = _rate, _rate
    near = p.assume(rate, "<", 2 * _s)
    far = p.assume(2 * _s, "<=", rate)
    one = p.at(_before(p, peak), {_y: 2 * _s - z}, [p.combine(0, "<", 2 * _s - z, near)])
    one = discharge(one, p.combine(2 * _s - z, "<=", 2 * _s))
    two = p.at(_beyond(p, peak), {u: z - 2 * _s}, [far])
    goal = (0, "<=", _difference(z))
    return cases(p.combine(*goal, one), p.combine(*goal, two), rate, 2 * _s)


def _before_zero(p: Draft, peak: Peak) -> Judgement:
    """D(−y) <= 0 for y >= 0: −D is convex there, rising at 0."""
    rise = p.combine(0, "<=", 2 - 2 * _s - 2 * END, (2 - 2 * _s, peak.end), (8 * _s * END, peak.below))
    return taylor(p(2 * (1 - END) * u - (2 * _s - u) * (exp(u) - 1)), u, given=[rise, peak.below])


def one_mode(p: Draft, peak: Peak) -> Judgement:
    """The bound of one mode, by the sign of z."""
    bound = (1 - END) / 2
    goal = sp.Integral(mode * exp(-4 * mode * time) * exp(2 * _s * time / tau), (time, 0, tau))
    rate = 4 * mode - 2 * _s / tau
    # z > 0
    clock = p.assume(4 * tau * mode, "=", _rate * tau + 2 * _s)
    area = integral(p, mode * exp(-_rate * number), -mode * exp(-_rate * number) / _rate)
    sign = p.at(_after_zero(p, peak), {_rate: _rate * tau})
    end = (1 - exp(-_rate * tau)) / (4 * tau * _rate)
    more = p.combine(area.left, "<=", bound, area, (1 / (4 * tau * _rate), sign), (end, clock))
    some = p.assume(0, "<", rate)
    more = discharge(p.at(more, {_rate: rate}, [some]), p.equal(4 * tau * mode, rate * tau + 2 * _s))
    more = p.combine(goal, "<=", bound, more)
    # z < 0
    clock = p.assume(4 * tau * mode, "=", 2 * _s - _rate * tau)
    area = integral(p, mode * exp(_rate * number), mode * exp(_rate * number) / _rate)
    sign = p.at(_before_zero(p, peak), {u: _rate * tau})
    end = (exp(_rate * tau) - 1) / (4 * tau * _rate)
    less = p.combine(area.left, "<=", bound, area, (1 / (4 * tau * _rate), sign), (end, clock))
    some = p.combine(0, "<", -rate, p.assume(rate, "<", 0))
    less = discharge(p.at(less, {_rate: -rate}, [some]), p.equal(4 * tau * mode, 2 * _s + rate * tau))
    less = p.combine(goal, "<=", bound, less)
    # z = 0
    equal = antisymmetric(p.assume(rate, "<=", 0), p.assume(0, "<=", rate))
    value = p.combine(mode, "=", _s / (2 * tau), (sp.Rational(1, 4), equal))
    moved = p.rising(lambda x: sp.Integral(x * exp(-4 * x * time) * exp(2 * _s * time / tau), (time, 0, tau)), value)
    flat = integral(p, _s / (2 * tau), _s / (2 * tau) * number)
    half = p.combine(_s, "<=", 1 - END, (1 - _s, peak.end), (4 * _s * END, peak.below))
    none = p.combine(goal, "<=", bound, moved, flat, (sp.Rational(1, 2), half))
    return cases(more, cases(less, none, rate, 0), 0, rate)
