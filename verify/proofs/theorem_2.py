"""Proofs of Theorem 2: second moments in place of suprema."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Abs, Max, log, sqrt, tanh

from theory.symbols import (
    K_B,
    S_B,
    S_G,
    B_norm,
    delta,
    deviation_B,
    deviation_G,
    e_sup,
    fisher,
    lambda_mean,
    mu,
    n,
    noise_moment,
    norm_comparator,
    nu,
    path_spread,
    point_gap,
    q,
    reach,
    scale_moment,
    score_gap,
    sigma_Y,
    step,
    tau,
    x,
    x_sup,
)
from theory.theorems import places
from theory.theorems.places import number
from theory.vocabulary import capacity as ca
from theory.vocabulary import features as fe
from theory.vocabulary import networks as nt
from theory.vocabulary import objects as o
from verify.proofs.kernel import Judgement, cases, discharge
from verify.proofs.theorem_1 import by_capacity, kept_at, repaired_chain
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


@proves("T2:capacity")
def capacity(p: Draft) -> Judgement:
    """Chebyshev's inequality for B̂ and for the noise along the path, a third of δ each."""
    part, values = delta / 3, {o.Q: p(o.Q), places.bound: K_B}
    gap = p.use("T2:concentration-B", {o.Q: p(o.Q), delta: part})
    top = p.cite(
        "largest eigenvalue of a sum", {o.Q: p(o.Q)}, by=[p.cite("random-feature loss"), p.cite("empirical loss")]
    )
    below = p.combine(top.left, "<=", K_B, top, gap, p.hypothesis("top"))
    noise = p(ca.PathNoise(o.EMPIRICAL, o.Q, o.Theta0, tau, nu, K_B))
    tail = p.cite("Chebyshev", {o.Y: o.data, delta: part}, X=noise)
    square = p.cite("mean square of the noise along the path", values)
    small = p.calc(
        noise,
        ("<=", tail.right, tail),
        ("<=", sqrt(path_spread**2 / n / part), square),
        ("=", path_spread * sqrt(3 / (n * delta))),
    )
    return by_capacity(p, kept_at(p, part), below, small)


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


_X, _Y, _TOP = sp.Symbol("x_", real=True), sp.Symbol("y_", real=True), 1 / sqrt(2 * sp.pi)
_SHARE, _Z = 1 / (1 + mu**2), number
_SCORE, _POINT = mu * tanh(mu * _Z) - _Z, nt.Point(_Z)
_REST = _SCORE + _SHARE * _Z
"""The score without its linear part."""


def _mean(function: Any) -> Any:
    return nt.ModesMean(mu, sp.Lambda(_Z, function))


def _over_modes(p: Draft, name: str, first: Any, second: Any = None, **numbers: Any) -> Judgement:
    """A theorem on means over both modes, of one or two functions."""
    functions = {places.F: sp.Lambda(_Z, first)} | ({} if second is None else {places.G: sp.Lambda(_Z, second)})
    by = {"means of equal functions": lambda: p.equal(first, second), "positivity of a mean": lambda: p.sign(first)}
    return p.cite(f"{name} over two modes", functions, by=[by[name]()] if name in by else [], **numbers)


def _split(p: Draft, whole: Any, first: Any, second: Any, scale: Any = 1) -> Judgement:
    """E F = E G + scale E H for F = G + scale H."""
    same = _over_modes(p, "means of equal functions", whole, first + scale * second)
    both = _over_modes(p, "linearity of a mean", first, second, a=1, b=scale)
    return p.combine(_mean(whole), "=", _mean(first) + scale * _mean(second), same, both)


def _modulus(p: Draft, x_: Any, top: Any, up: Judgement, down: Judgement) -> Judgement:
    """|x| <= n from x <= n and −x <= n."""
    one, two = p.assume(_X, "<=", _Y), p.assume(-_X, "<=", _Y)
    above = p.combine(Abs(_X), "<=", _Y, p.combine(Abs(_X), "<=", _X, given=p.assume(0, "<=", _X)), one)
    below = p.combine(Abs(_X), "<=", _Y, p.combine(Abs(_X), "<=", -_X, given=p.assume(_X, "<=", 0)), two)
    return discharge(p.at(cases(above, below, 0, _X), {_X: x_, _Y: top}), up, down)


def _correlation(p: Draft) -> Judgement:
    """|E hψ| <= μ/(2(1+μ²)) max(‖e‖∞, 1/√(2π)) for a feature h: its kink is paid for by |w|, its height by |u·e|."""
    v, e = fe.feature, nt.embedding
    h, w, c, level = nt.Response(v, _POINT), nt.Weight(v), nt.Intercept(v, e), p(e_sup)
    whole = _split(p, h * _REST, _SCORE * h, _Z * h, _SHARE)
    stein, product = p.cite("score against a feature"), p.cite("mean over two modes", {places.F: sp.Lambda(_Z, _Z * h)})
    ends = ((1, mu), (-1, -mu))
    each, means = (
        [p.cite(name, X=at) for _, at in ends] for name in ("Stein's identity for a feature", "mean of a feature")
    )
    (on, off), (near, far) = ([kind(v, e, at) for _, at in ends] for kind in (nt.Activity, nt.Boundary))
    likely, high = (
        [p.cite(name, X=at) for _, at in ends] for name in ("activity is a probability", "height of the normal density")
    )
    active = _modulus(p, on - off, 1, p.combine(on - off, "<=", 1, likely[0]), p.combine(off - on, "<=", 1, likely[1]))
    kink = _modulus(
        p, near - far, _TOP, p.combine(near - far, "<=", _TOP, high[0]), p.combine(far - near, "<=", _TOP, high[1])
    )
    factors = [(_SHARE / 2, j) for j in each] + [(_SHARE / 2 * at, j) for (_, at), j in zip(ends, means, strict=True)]
    bracket, most = c * (on - off) + Abs(w) * (near - far), Max(level, _TOP)
    exact = p.combine(whole.left, "=", mu * _SHARE / 2 * bracket, whole, stein, (_SHARE, product), *factors)
    pairs = ((c, on - off), (Abs(w), near - far))
    sums = p.combine(Abs(_X + _Y), "<=", Abs(_X) + Abs(_Y))
    apart = [p.at(sums, {_X: pairs[0][0] * pairs[0][1], _Y: pairs[1][0] * pairs[1][1]})]
    apart += [p.at(p.equal(Abs(_X * _Y), Abs(_X) * Abs(_Y)), {_X: one, _Y: two}) for one, two in pairs]
    budget = p.cite("budget of a feature on the line")
    larger = p.combine(_TOP, "<=", most), p.combine(level, "<=", most)
    parts = ((Abs(c), active), (Abs(w), kink), (most, budget), (Abs(w), larger[0]), (Abs(c) / level, larger[1]))
    small = p.combine(Abs(bracket), "<=", most, *apart, *parts)
    return p.calc(
        Abs(whole.left),
        ("=", Abs(exact.right), exact),
        ("=", mu * _SHARE / 2 * Abs(bracket)),
        ("<=", mu * _SHARE / 2 * most, (mu * _SHARE / 2, small)),
    )


@proves("T2:hidden-mean-square")
def hidden_mean_square(p: Draft) -> Judgement:
    """The score without its linear part, against the network and against the score."""
    each, v = _correlation(p), fe.feature
    s, error = nt.Value(nt.network, _POINT), nt.Value(nt.network, _POINT) - _SCORE
    h = nt.Response(v, _POINT)
    # E s₀ψ = Eψ² = J − 1/(1+μ²)
    fisher_, tilt, square = (
        p.cite("information of two modes"),
        p.cite("score against the identity"),
        p.cite("second moment of two modes"),
    )
    with_score = _split(p, _SCORE * _REST, _SCORE**2, _SCORE * _Z, _SHARE)
    part = p(fisher) - _SHARE
    one = p.combine(with_score.left, "=", part, with_score, (-1, fisher_), (_SHARE, tilt))
    first = _split(p, _REST**2, _SCORE * _REST, _Z * _REST, _SHARE)
    second = _split(p, _Z * _REST, _SCORE * _Z, _Z**2, _SHARE)
    two = p.combine(first.left, "=", part, first, one, (_SHARE, second), (_SHARE, tilt), (_SHARE**2, square))
    positive = p.combine(0, "<=", part, _over_modes(p, "positivity of a mean", _REST**2), two)
    # E sψ against both
    gap, schwarz = p.cite("gap of a score"), _over_modes(p, "Cauchy–Schwarz", error, _REST)
    small = p.combine(
        schwarz.left, "<=", p(score_gap) ** 2 * part, schwarz, (-_mean(_REST**2), gap), (p(score_gap) ** 2, two)
    )
    size = p.rising(sqrt, small, positive)
    whole = _split(p, s * _REST, _SCORE * _REST, error * _REST)
    dual = p.cite("network against a function", {places.F: sp.Lambda(_Z, _REST)})
    function = {places.F: sp.Lambda(v, _mean(h * _REST))}
    top = p.cite("Cauchy–Schwarz over combined features", function, bound=each.right, by=each)
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, size, (-1, whole), (-1, one), dual, top, given=positive)
