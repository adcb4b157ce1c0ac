"""Proofs of Theorem 2: second moments in place of suprema."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Abs, Max, log, sqrt, tanh

from theory.symbols import (
    S_B,
    S_G,
    B_norm,
    delta,
    deviation_B,
    deviation_G,
    e_sup,
    lambda_mean,
    mu,
    n,
    noise_moment,
    norm_comparator,
    point_gap,
    q,
    reach,
    scale_moment,
    sigma_Y,
    step,
    x,
    x_sup,
)
from theory.theorems import places
from theory.theorems.places import number
from theory.vocabulary import features as fe
from theory.vocabulary import networks as nt
from theory.vocabulary import objects as o
from verify.proofs.kernel import Judgement
from verify.proofs.theorem_1 import repaired_chain
from verify.proofs.writing import Draft, proves


@proves("T2:concentration-B")
def concentration_B(p: Draft) -> Judgement:
    """HILBERT:second-moment for the matrices of the data."""
    sample = p.cite("image of a sample", {o.Y: o.data}, map=o.MatrixPart(o.Q))
    facts = [sample, p.cite("own spread", {o.Y: o.MATRICES})]
    bound = p.use("HILBERT:second-moment", {o.Y: o.MATRICES, sigma_Y: S_B}, by=facts)
    return p.calc(
        deviation_B,
        ("=", o.OperatorDeviation(o.MATRICES, n), p.cite("empirical matrix")),
        ("<=", o.Deviation(o.MATRICES, n), p.cite("operator norm", {o.Y: o.MATRICES})),
        ("<=", S_B / sqrt(n * delta), bound),
    )


@proves("T2:concentration-G")
def concentration_G(p: Draft) -> Judgement:
    """HILBERT:second-moment for the half-gradients of the data at the comparator."""
    fixed = p.cite("parts of a fixed quadratic")
    sample = p.cite("image of a sample", {o.Y: o.data}, map=o.GradientPart(o.Q, o.Theta), by=fixed)
    facts = [sample, p.cite("own spread", {o.Y: o.GRADIENTS})]
    bound = p.use("HILBERT:second-moment", {o.Y: o.GRADIENTS, sigma_Y: S_G}, by=facts)
    return p.calc(
        deviation_G,
        ("=", o.Deviation(o.GRADIENTS, n), p.cite("empirical half-gradient")),
        ("<=", S_G / sqrt(n * delta), bound),
    )


@proves("T2:repaired")
def repaired(p: Draft) -> Judgement:
    """Theorem 1's chain, with Chebyshev's inequality for both deviations, each at δ/2."""
    values = {o.Q: p(o.Q), delta: delta / 2}
    of_B, of_G = (p.use(f"T2:concentration-{letter}", values) for letter in "BG")
    return repaired_chain(p, of_B, of_G, p.cite("random-feature loss"), p.cite("empirical loss"))


@proves("T2:scatter")
def scatter(p: Draft) -> Judgement:
    """E‖B(x₀)‖_F² <= E(a x₀² + c)², a maximum being at most the sum."""
    start, rest = fe.StartSquare(fe.datum), noise_moment + lambda_mean * e_sup**2
    top = Max(scale_moment * start + noise_moment, e_sup**2 * lambda_mean)
    each = p.calc(
        B_norm,
        ("<=", reach, p.use("T1:bound-B")),
        ("<=", top, p.cite("reach on the line")),
        ("<=", scale_moment * start + rest),
    )
    a, b, c = scale_moment**2, 2 * scale_moment * rest, rest**2
    square = p.combine(B_norm**2, "<=", a * start**2 + b * start + c, p.rising(lambda x: x**2, each))
    functions = {
        name: sp.Lambda(fe.datum, side)
        for name, side in zip((places.F, places.G), (square.left, square.right), strict=True)
    }
    mean = p.cite("monotonicity of a mean over data", functions, by=square)
    moments = p.cite("moments of two modes", a=a, b=b, c=c)
    return p.combine(S_B**2, "<=", p.goal.says.right, p.cite("scatter of matrices"), mean, moments)


@proves("T2:pointwise")
def pointwise(p: Draft) -> Judgement:
    """Cauchy–Schwarz over the features, Hölder for each."""
    reach = Max(x_sup, e_sup)
    return p.cite("Cauchy–Schwarz over features", bound=reach, by=p.cite("Hölder for a feature"))


@proves("T2:lipschitz")
def lipschitz(p: Draft) -> Judgement:
    """The same for differences."""
    return p.cite(
        "Cauchy–Schwarz over changes of features", bound=point_gap, by=p.cite("Hölder for a change of a feature")
    )


def _score(p: Draft, at: Any) -> Judgement:
    """The score of two equal modes at a point: μ tanh μx − x."""
    half = sp.Rational(1, 2)
    slope = p.use("SCORE:two-modes", {q: half, x: number}, by=p.sign(half, strict=True))
    density, value = sp.signsimp(slope.left.expr.args[0]), mu * tanh(mu * number) - number
    known = p.calc(sp.Derivative(log(density), number), ("=", slope.left), ("=", slope.right, slope), ("=", value))
    functions = {places.F: sp.Lambda(number, value), places.G: sp.Lambda(number, density)}
    return p.cite("score", functions, X=at, by=known)


@proves("T2:hidden-norm")
def hidden_norm(p: Draft) -> Judgement:
    """T2:pointwise at 1, where the network is the score."""
    one, size = nt.Point(1), p.cite("size of a point of the line", X=1)
    score = _score(p, sp.S.One)
    match = p.assume(nt.Output(nt.network, one), "=", Abs(score.left))
    reach_ = p.rising(lambda z: Max(z, e_sup), size)
    bound = p.use("T2:pointwise", {nt.one: one})
    return p.calc(
        mu * tanh(mu) - 1,
        ("=", score.left, score),
        ("<=", Abs(score.left)),
        ("=", bound.left, match),
        ("<=", bound.right, bound),
        ("=", norm_comparator * Max(1, e_sup), (norm_comparator, reach_)),
    )


@proves("T2:hidden-slope")
def hidden_slope(p: Draft) -> Judgement:
    """T2:lipschitz between ±h, where the network moves as the score does."""
    ends = {nt.one: nt.Point(step), nt.other: nt.Point(-step)}
    gap = p.cite("gap of points of the line", X_1=step, X_2=-step)
    right, left = _score(p, step), _score(p, -step)
    bound = p.use("T2:lipschitz", ends)
    match = p.assume(bound.left, "=", Abs(right.left - left.left))
    rise = p.combine(2 * mu * tanh(mu * step) - 2 * step, "<=", bound.left, (-1, right), left, (-1, match))
    scaled = p.combine(rise.left, "<=", 2 * step * norm_comparator, rise, bound, (norm_comparator, gap))
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, (1 / (2 * step), scaled))
