"""Proofs of Lemma 8: the Monte-Carlo error for two modes."""

from __future__ import annotations

from sympy import Max, exp, log, sqrt

from theory.symbols import M, a_sup, delta, e_sup, lambda_mean, m, mc_error, mu, noise_moment, scale_moment, u
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.writing import Draft, proves

_SPACE, _TIME = (mu**2 + 1) * scale_moment + noise_moment, e_sup**2 * lambda_mean
_TOP = Max(_TIME, _SPACE)
_TAIL = 1 + sqrt(2 * log(1 / delta))


@proves("L8:moment-sharp")
def moment_sharp(p: Draft) -> Judgement:
    """L6:moment-sharp at the moments of two modes."""
    noisy, modes = p.cite("moments of noisy data"), p.cite("moments of two modes", a=0, b=1, c=0)
    moment = p.calc(noisy.left, ("<=", noisy.right, noisy), ("=", _TOP, modes))
    return p.combine(M**2, "<=", p.goal.says.right, p.use("L6:moment-sharp"), (a_sup**2, moment))


@proves("L8:moment")
def moment_(p: Draft) -> Judgement:
    """A maximum is at most the sum, as the kernel's signs know."""
    return p.combine(M**2, "<=", p.goal.says.right, p.use("L8:moment-sharp"))


@proves("L8:repaired")
def repaired(p: Draft) -> Judgement:
    """L6:repaired, M by its moments."""
    root = p.rising(sqrt, p.use("L8:moment-sharp"))
    size = p.calc(M, ("=", root.left), ("<=", root.right, root), ("=", a_sup * sqrt(_TOP)))
    return p.combine(sqrt(mc_error), "<=", p.goal.says.right, p.use("L6:repaired"), (_TAIL / sqrt(m), size))


@proves("L8:printed")
def printed(p: Draft) -> Judgement:
    """μ² >= log(1/δ²) > 0 turns what is free of μ into multiples of μ²."""
    level = log(1 / delta**2)
    slow = p.at(taylor(u - 1 + exp(-u), u), {u: log(1 / delta)})
    positive = p.combine(0, "<", level, (2, slow), (2, p.hypothesis("proper")))
    far = p.rising(lambda x: x**2, p.hypothesis("far-modes"))
    both = p.combine(_TOP, "<=", _SPACE + _TIME)
    rest = scale_moment + noise_moment + _TIME
    moment_ = p.combine(_TOP, "<=", mu**2 * (scale_moment + rest / level), both, (rest / level, far), given=positive)
    square = p.rising(lambda x: x**2, p.use("L8:repaired"))
    return p.combine(mc_error, "<=", p.goal.says.right, square, (a_sup**2 * _TAIL**2 / m, moment_), given=positive)
