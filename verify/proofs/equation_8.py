"""Proofs of Equation 8: the Gaussian kernel of a linear SDE."""

from __future__ import annotations

from sympy import exp

from theory.sde import LinearSDE
from theory.symbols import s, t
from theory.theorems import places
from verify.proofs.kernel import Judgement, discharge
from verify.proofs.writing import Draft, proves

_LOG_SCALE = LinearSDE.abstract().mean_scale.args[0]


@proves("EQ-8:mean")
def mean(p: Draft) -> Judgement:
    """The fundamental theorem of calculus, f being continuous."""
    return p.equal(p.goal.says.left, p.goal.says.right)


@proves("EQ-8:variance")
def variance(p: Draft) -> Judgement:
    """The same, for f and for the rate of the clock."""
    return discharge(p.equal(p.goal.says.left, p.goal.says.right), p.cite("continuity of a clock's rate"))


@proves("EQ-8:stationary")
def stationary(p: Draft) -> Judgement:
    """e^{−2t} + (1 − e^{−2t}) = 1."""
    return p.equal(p.goal.says.left, p.goal.says.right)


@proves("EQ-8:composition")
def composition(p: Draft) -> Judgement:
    """The clock's integral from 0 to s and from s to t is that from 0 to t."""
    rate = p.cite("continuity of a clock's rate")
    whole = p.cite("adjacent integrals", {places.F: rate.says.parts[0]}, low=s, high=t, by=rate)
    return p.combine(p.goal.says.left, "=", p.goal.says.right, (exp(2 * _LOG_SCALE), whole))


@proves("EQ-8:fokker-planck")
def fokker_planck(p: Draft) -> Judgement:
    """The equations of mean and variance in the derivatives of log p."""
    variance_, scale = LinearSDE.abstract().variance, exp(-2 * _LOG_SCALE)
    noise = p.assume(0, "<", variance_)
    clock = p.combine(0, "<", variance_ * scale, (scale, noise))
    rate = p.cite("continuity of a clock's rate")
    return discharge(p.equal(p.goal.says.left, p.goal.says.right, clock), rate)
