"""Proofs of Equation 8: the Gaussian kernel of a linear SDE."""

from __future__ import annotations

import sympy as sp
from sympy import exp

from theory.sde import DIFFUSION, DRIFT, LinearSDE
from theory.symbols import s, t
from theory.theorems import places
from theory.theorems.places import F, G, number
from verify.proofs.kernel import Judgement, discharge
from verify.proofs.writing import Draft, proves

_LOG_SCALE = LinearSDE.abstract().mean_scale.args[0]


def clock_rate(p: Draft) -> Judgement:
    """g² exp(−2∫₀^z f) is continuous in z: products, an exponential and an integral of what is continuous are."""
    drift, diffusion = (sp.Lambda(number, function(number)) for function in (DRIFT, DIFFUSION))
    area = p.cite("continuity of an integral", {F: drift})
    fall = p.cite("continuity of an exponential", {F: area.says.parts[0]}, a=-2, by=area)
    square = p.cite("continuity of products", {F: diffusion, G: diffusion})
    return p.cite("continuity of products", {F: square.says.parts[0], G: fall.says.parts[0]}, by=[square, fall])


@proves("EQ-8:mean")
def mean(p: Draft) -> Judgement:
    """The fundamental theorem of calculus, f being continuous."""
    return p.equal(p.goal.says.left, p.goal.says.right)


@proves("EQ-8:variance")
def variance(p: Draft) -> Judgement:
    """The same, for f and for the rate of the clock."""
    return discharge(p.equal(p.goal.says.left, p.goal.says.right), clock_rate(p))


@proves("EQ-8:stationary")
def stationary(p: Draft) -> Judgement:
    """e^{−2t} + (1 − e^{−2t}) = 1."""
    return p.equal(p.goal.says.left, p.goal.says.right)


@proves("EQ-8:composition")
def composition(p: Draft) -> Judgement:
    """The clock's integral from 0 to s and from s to t is that from 0 to t."""
    rate = clock_rate(p)
    whole = p.cite("adjacent integrals", {places.F: rate.says.parts[0]}, low=s, high=t, by=rate)
    return p.combine(p.goal.says.left, "=", p.goal.says.right, (exp(2 * _LOG_SCALE), whole))


@proves("EQ-8:fokker-planck")
def fokker_planck(p: Draft) -> Judgement:
    """The equations of mean and variance in the derivatives of log p."""
    variance_, scale = LinearSDE.abstract().variance, exp(-2 * _LOG_SCALE)
    noise = p.assume(0, "<", variance_)
    clock = p.combine(0, "<", variance_ * scale, (scale, noise))
    rate = clock_rate(p)
    return discharge(p.equal(p.goal.says.left, p.goal.says.right, clock), rate)
