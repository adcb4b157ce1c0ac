"""Proofs of what is true around the printed bound of diffusion models."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import exp, log, sqrt

from theory.symbols import T, conditional_divergence, euler_step, proxy_end, u
from theory.vocabulary import diffusions as df
from theory.vocabulary import normals as nl
from theory.vocabulary.objects import p0, score
from theory.vocabulary.statements import Fact
from verify.proofs.kernel import Judgement, assume, taylor
from verify.proofs.normal_samples import diverging, left_over, lost, mean_of, normal_sample
from verify.proofs.writing import Draft, proves


@proves("IT10:prior")
def prior(p: Draft) -> Judgement:
    """The golden formula for the data."""
    return p.cite("golden formula along a process", {p0: df.HAT}, by=p.cite("moment of an empirical law"))


@proves("IT10:step")
def step(p: Draft) -> Judgement:
    """With δ/2 = 1 − e^{−u} the gap is a function of u that starts at 0 and has the derivative (1 − e^{−u})²."""
    left = 1 - euler_step / 2
    room = p.combine(sp.Rational(1, 2), "<=", left, (sp.Rational(1, 2), p.hypothesis("short-step")))
    fall = p.rising(log, p.combine(left, "<=", 1), given=room)
    known = p.combine(0, "<=", -log(left), fall, given=room)
    curve = taylor(u - (1 - exp(-u)) - (1 - exp(-u)) ** 2 / 2, u)
    placed = p.at(curve, {u: -log(left)}, [known, room])
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, (sp.Rational(1, 2), placed), given=room)


# The exact score of N(0, 1) ------------------------------------------------------------

_HALF, _LEFT = sp.Rational(1, 2), 1 - exp(-2 * T)


def _exact(p: Draft) -> tuple[Any, Judgement, Judgement]:
    """The sample of a datum and of where the reverse process starts, the law that it has then, and 0 < 1 − a."""
    sample = normal_sample(p, 1, size=1)
    return (
        sample,
        p.cite("reverse of a stationary Ornstein–Uhlenbeck process", {score: score}, X=nl.FIRST),
        left_over(p),
    )


@proves("IT10:floor")
def floor(p: Draft) -> Judgement:
    """KL(N(0, 1)‖N(√a z, 1 − a)) is a quadratic of z."""
    sample, law, left = _exact(p)
    each = diverging(p, assume(Fact("normal_law", (p0, sp.S.Zero, sp.S.One))), law, left)
    rest = (log(_LEFT) + 1 / _LEFT - 1) / 2
    values = {"square": _HALF * exp(-2 * T) / _LEFT, "rest": rest}
    mean = mean_of(p, sample, each.left, (0, 0, 1), known=(each,), given=left, **values)
    return p.combine(conditional_divergence, "=", p.goal.says.right, mean, given=left)


@proves("IT10:proxy")
def proxy(p: Draft) -> Judgement:
    """−log q(x₀|x_T) is (x₀ − √a x_T)²/(2(1 − a)) and a constant, and E S⁴ = 3(E S²)²."""
    sample, law, left = _exact(p)
    form, spread, volume = (1, 0, -exp(-T)), 1 + exp(-2 * T), log(2 * sp.pi * _LEFT) / 2
    loss = lost(p, law.says.args[0], law, nl.DATUM, left)  # type: ignore[union-attr]
    mean = mean_of(p, sample, loss.left, form, known=(loss,), given=left, square=_HALF / _LEFT, rest=volume)
    about = ((nl.DATUM - exp(-T) * nl.FIRST) ** 2 - spread) * _HALF / _LEFT
    apart = p.combine(loss.left - mean.left, "=", about, loss, (-1, mean), given=left)
    square = p.rising(lambda x: x**2, apart, left)
    powers = {"fourth": 1, "square": -2 * spread, "rest": spread**2}
    scaled = {name: power / (4 * _LEFT**2) for name, power in powers.items()}
    variance = mean_of(p, sample, square.left, form, known=(square,), given=left, **scaled)
    root, least = p.rising(sqrt, variance, left), p.goal.says.right
    return p.combine(proxy_end, "=", least, root, p.equal(root.right, least, left), given=left)
