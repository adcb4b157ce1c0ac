"""Proofs of saturation: filters without a ridge, and the normal equations of the data's loss."""

from __future__ import annotations

from typing import Any

from sympy import E, exp, sqrt

from theory.symbols import (
    delta,
    distance_minimiser,
    loss_fit,
    loss_hat,
    loss_minimum,
    n,
    noise_minimum,
    noise_radius,
    noise_square,
    noise_weak,
    share_0,
    stretch,
    tau,
    x,
)
from theory.theorems import places
from theory.theorems.places import mode
from theory.vocabulary import capacity_rates as cr
from theory.vocabulary import objects as o
from theory.vocabulary.terms import E as Mean
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.theorem_1 import hat
from verify.proofs.writing import Draft, proves

_ROOT = sqrt(loss_hat - loss_minimum)
_FIT = cr.Fit(o.EMPIRICAL, o.Theta0)


def falling(p: Draft, rate: Any, shift: Any = 0) -> Judgement:
    """(k + s)e^{−tk} <= e^{st−1}/t, from x <= e^{x−1} at x = (k + s)t."""
    tangent = p.at(taylor(exp(x - 1) - x, x, 1, both_sides=True), {x: (mode + shift) * rate})
    size = (mode + shift) * exp(-rate * mode)
    return p.combine(size, "<=", exp(shift * rate - 1) / rate, (exp(-rate * mode) / rate, tangent))


def _filters(p: Draft) -> tuple[Judgement, Judgement]:
    """‖B^½e^{−4τB̂}B^½‖ <= 1/(4eτc₀) and ‖B^½φ_τ(B̂)B^½‖ <= 1/c₀."""
    each = falling(p, 4 * tau)
    decay = p.cite("decay above a part of B", {tau: 4 * tau, places.bound: each.right}, by=each)
    most = p.combine(1 - exp(-2 * tau * mode), "<=", 1)
    return decay, p.cite("flow above a part of B", {places.bound: 1}, by=most)


@proves("CAP:saturation")
def saturation(p: Draft) -> Judgement:
    """Variation of constants, both filters at their largest."""
    above = p.cite("least loss", {o.Theta: hat(p)})
    flow, (decay, filter_) = p.cite("flow towards the minimisers"), _filters(p)
    root = p.rising(sqrt, decay)
    goal = distance_minimiser / sqrt(4 * E * tau * share_0) + noise_minimum / share_0
    return p.combine(_ROOT, "<=", goal, flow, (distance_minimiser, root), (noise_minimum, filter_), given=above)


@proves("CAP:saturation-limit")
def limit(p: Draft) -> Judgement:
    """(Θ̂(∞)−Θ*)B̂ = −Ĝ_*."""
    above = p.cite("least loss", {o.Theta: p(_FIT)})
    low = p.cite("excess loss from below", {o.Theta: p(_FIT)})
    end = p.cite("half-gradient at the end")
    goal = noise_minimum / share_0
    return p.combine(sqrt(loss_fit - loss_minimum), "<=", goal, (1 / share_0, low), (1 / share_0, end), given=above)


@proves("CAP:saturation-floor")
def floor(p: Draft) -> Judgement:
    """The same, from above."""
    above = p.cite("least loss", {o.Theta: p(_FIT)})
    high, end = p.cite("excess loss from above", {o.Theta: p(_FIT)}), p.cite("half-gradient at the end")
    goal = stretch * sqrt(loss_fit - loss_minimum)
    return p.combine(noise_minimum, "<=", goal, high, (-1, end), given=above)


def mean_square(p: Draft, ridge: Any, failure: Any) -> Judgement:
    """‖Ĝ_*B_ν^{−½}‖ <= √(E‖G_*B_ν^{−½}‖²/(np)) but for an event of probability p."""
    fixed = p.cite("noise of a fixed quadratic", {places.width: ridge})
    part = cr.MinimiserNoise(o.Q, ridge)
    iid = p.cite("image of a sample", {o.Y: o.data}, map=part, by=fixed)
    noise = p.cite("noise at the minimiser", {places.width: ridge})
    mean, sample_ = noise.right, noise.right.args[0]
    spread = p.cite("variance of a mean", {o.Y: sample_}, by=iid)
    tail = p.cite("Chebyshev", {o.Y: sample_, delta: failure}, X=mean)
    return p.calc(
        noise.left,
        ("=", mean, noise),
        ("<=", sqrt(Mean(sample_, mean**2) / failure), tail),
        ("=", sqrt(spread.right / failure), spread),
    )


def with_log(p: Draft, ridge: Any, weak: Any, radius: Any, failure: Any) -> Judgement:
    """The same by Bousquet's inequality, from ‖Cov G_*B_ν^{−½}‖ <= weak² and ‖G_*B_ν^{−½}‖ <= radius."""
    fixed = p.cite("noise of a fixed quadratic", {places.width: ridge})
    iid = p.cite("image of a sample", {o.Y: o.data}, map=cr.MinimiserNoise(o.Q, ridge), by=fixed)
    noise = p.cite("noise at the minimiser", {places.width: ridge})
    mean, sample_ = noise.right, noise.right.args[0]
    spread = p.cite("variance of a mean", {o.Y: sample_}, by=iid)
    average = p.calc(
        Mean(sample_, mean),
        ("<=", sqrt(Mean(sample_, mean**2)), p.cite("Jensen, root", {o.Y: sample_}, X=mean)),
        ("=", sqrt(spread.right), spread),
    )
    values = {o.Y: sample_, places.width: weak, places.bound: radius, delta: failure}
    tail = p.cite("Bousquet", values, by=iid)
    at_mean = tail.right.xreplace({average.left: average.right})
    return p.calc(noise.left, ("=", mean, noise), ("<=", tail.right, tail), ("<=", at_mean, average))


@proves("CAP:saturation-bounded")
def bounded(p: Draft) -> Judgement:
    """CAP:saturation outside two events, with a bounded noise."""
    kept = p.cite("what is mostly kept of B", {places.fail: delta / 2})
    above = p.cite("least loss", {o.Theta: hat(p)})
    path = p.use("CAP:saturation", by=kept)
    noise = with_log(p, 0, noise_weak, noise_radius, delta / 2)
    return p.combine(_ROOT, "<=", p.goal.says.right, path, (1 / share_0, noise), given=above)


@proves("CAP:saturation-sample")
def sample(p: Draft) -> Judgement:
    """CAP:saturation outside two events."""
    kept = p.cite("what is mostly kept of B", {places.fail: delta / 2})
    above = p.cite("least loss", {o.Theta: hat(p)})
    path = p.use("CAP:saturation", by=kept)
    noise = mean_square(p, 0, delta / 2)
    goal = distance_minimiser / sqrt(4 * E * tau * share_0) + sqrt(2 * noise_square / (n * delta)) / share_0
    return p.combine(_ROOT, "<=", goal, path, (1 / share_0, noise), given=above)
