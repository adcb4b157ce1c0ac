"""Proofs of the chain of Theorem 1: from two gradient flows to the divergence of what is learned."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import exp, log, sqrt

from theory.claims.theorem_1.chain import EXCESS, OPTIMISED, RADIUS, RESIDUAL, SPREAD
from theory.claims.theorem_1.concentration import AT_SAMPLE
from theory.symbols import (
    K_B,
    K_G,
    S_B,
    S_G,
    B_norm,
    G_norm,
    K_b,
    M,
    T,
    b_norm,
    delta,
    deviation_B,
    deviation_G,
    diameter,
    distance_initial,
    distance_tau,
    kappa_star,
    kl_learned,
    kl_prior,
    lambda_mean,
    loss_bar,
    loss_comparator,
    loss_hat,
    loss_minimum,
    loss_tau,
    m,
    n,
    noise_leading,
    noise_rest,
    norm_comparator,
    nu,
    parameter_error,
    reach,
    residual,
    score_error,
    score_error_hat,
    share,
    sigma_Y,
    tau,
    top_B,
    u,
)
from theory.theorems import places
from theory.theorems.analysis import PAIR, WAY
from theory.theorems.places import mode, number, offset, offset_0, time
from theory.vocabulary import features as fe
from theory.vocabulary import objects as o
from theory.vocabulary.facts import LEARNED
from verify.proofs.kernel import Judgement, taylor
from verify.proofs.lemma_4 import modewise
from verify.proofs.lemma_5 import END, PEAK, Peak, integral
from verify.proofs.weighted_modes import one_mode
from verify.proofs.writing import Draft, proves


def hat(p: Draft) -> Any:
    """The parameters that the flow on the data finds."""
    return p(o.Path(o.scaled, o.Empirical(o.Q, o.data), o.Theta0, tau))


def least(p: Draft) -> Judgement:
    """min L̃ <= L̃(Θ)."""
    return p.cite("least loss", {o.Theta: p(o.Theta), o.Q: p(o.Q)})


@proves("T1:residual")
def residual_(p: Draft) -> Judgement:
    """‖ξ(s)‖ along the path, whose distance from Θ grows with time."""
    early = p.assume(time, "<=", tau)
    path = p.use("T1:norm", {tau: time})
    reach = p.calc(
        o.Distance(o.Path(o.scaled, o.Q, o.Theta0, time), o.Theta),
        ("<=", sqrt(distance_initial**2 + time * EXCESS), p.rising(sqrt, path, least(p))),
        ("<=", RADIUS, early),
        given=least(p),
    )
    return p.cite("half-gradient deviation", bound=RADIUS, by=reach, given=least(p))


@proves("T1:parameter-error")
def parameter_error_(p: Draft) -> Judgement:
    """Duhamel, with the largest ‖ξ‖."""
    flat = sp.Integral(p(residual), (time, 0, tau))
    return p.calc(
        parameter_error,
        ("<=", 2 * flat, p.cite("Duhamel")),
        ("=", 2 * tau * residual, integral(p, residual, residual * number)),
    )


@proves("T1:score-error-empirical")
def score_error_empirical(p: Draft) -> Judgement:
    """Duhamel, and Cauchy–Schwarz against the weight e^{−2u⋆s/τ}, which one mode meets with equality."""
    peak, hat_, e = Peak(p), o.Empirical(o.Q, o.data), END
    way = o.Along(hat_, *(o.Path(o.scaled, q, o.Theta0, tau) for q in (hat_, o.Q)))
    mean = o.SpectralMean(hat_, way, sp.Lambda(mode, mode * exp(-4 * mode * time)))
    weight, inverse = exp(-2 * PEAK * time / tau), exp(2 * PEAK * time / tau)
    duhamel = p.cite("Duhamel in modes")
    functions = {places.F: sp.Lambda(time, mean), places.G: sp.Lambda(time, weight)}
    schwarz = p.cite("Cauchy–Schwarz for integrals", functions, by=[p.sign(mean), p.sign(weight, strict=True)])
    pair = sp.Lambda((mode, time), mode * exp(-4 * mode * time))
    exchange = p.cite(
        "means and integrals exchange", {o.Q: hat_, WAY: way, PAIR: pair, places.G: sp.Lambda(time, inverse)}
    )
    each = one_mode(p, peak)
    half, modes = p.combine(0, "<=", (1 - e) / 2, (sp.Rational(1, 2), peak.less)), sp.Lambda(mode, each.left)
    values = {o.Q: hat_, WAY: way, places.F: modes, places.bound: (1 - e) / 2}
    largest = p.cite("a mean is at most its largest", values, by=each, given=half)
    weights = integral(p, weight.subs(time, number), -tau * exp(-2 * PEAK * number / tau) / (2 * PEAK))
    whole = schwarz
    square = p.calc(
        whole.left,
        ("<=", whole.right, schwarz),
        ("=", weights.left * exchange.right, (weights.left, exchange)),
        ("=", tau * (1 - e) / (2 * PEAK) * exchange.right, weights),
        ("<=", tau * (1 - e) / (2 * PEAK) * (1 - e) / 2, largest),
        ("=", 4 * PEAK * e**2 * tau, (-tau * (1 - e) / (4 * PEAK) - tau * e, peak.end)),
        given=p.sign(1 - e, peak.less),
    )
    both = p.rising(lambda x: x**2, duhamel)
    exact = p.combine(score_error_hat**2, "<=", 16 * PEAK * e**2 * tau * residual**2, both, (4 * residual**2, square))
    found = peak.found(exact)
    return p.combine(
        score_error_hat**2, "<=", kappa_star * tau * residual**2, found, (-tau * residual**2, p.defines(kappa_star))
    )


@proves("T1:score-error")
def score_error_(p: Draft) -> Judgement:
    """Change of law from the data to the population."""
    hat, now = (o.Path(o.scaled, q, o.Theta0, tau) for q in (o.Empirical(o.Q, o.data), o.Q))
    change = p.cite("change of law", {o.Theta0: hat, o.Theta: now})
    square = p.rising(lambda e: e**2, p.use("T1:parameter-error"))
    bound = kappa_star * tau * residual**2 + 4 * tau**2 * deviation_B * residual**2
    return p.combine(score_error**2, "<=", bound, change, p.use("T1:score-error-empirical"), (deviation_B, square))


@proves("T1:loss")
def loss(p: Draft) -> Judgement:
    """The root of the excess, by Minkowski, then squared."""
    hat, now = (o.Path(o.scaled, q, o.Theta0, tau) for q in (o.Empirical(o.Q, o.data), o.Q))
    spread, noise = kappa_star * tau + 4 * tau**2 * deviation_B, deviation_B * RADIUS + deviation_G
    above = [p.cite("least loss", {o.Theta: z}) for z in (o.Theta, now, hat)]
    flow = p.combine(loss_tau, "<=", loss_comparator + distance_initial**2 / (4 * tau), p.use("L4:sharp"))
    roots = p.calc(
        sqrt(loss_hat - loss_minimum),
        (
            "<=",
            sqrt(loss_tau - loss_minimum) + score_error,
            p.cite("Minkowski, excess loss", {o.Theta0: hat, o.Theta: now}),
        ),
        ("<=", sqrt(OPTIMISED) + score_error, flow),
        ("<=", sqrt(OPTIMISED) + sqrt(spread) * residual, p.rising(sqrt, p.use("T1:score-error"))),
        ("<=", sqrt(OPTIMISED) + sqrt(spread) * noise, p.use("T1:residual")),
        given=above,
    )
    square = p.rising(lambda e: e**2, roots, given=above)
    goal = loss_minimum + OPTIMISED + spread * noise**2 + 2 * sqrt(OPTIMISED * spread) * noise
    return p.combine(loss_hat, "<=", goal, square, given=above)


@proves("T1:norm")
def norm(p: Draft) -> Judgement:
    """(1 − e^{−2u})/(1 + e^{−2u}) <= u and a square, u = κτ, in each mode."""
    k, y, y0 = mode, offset, offset_0
    w = exp(-2 * k * tau)
    tanh = p.at(taylor(u * (1 + exp(-2 * u)) - 1 + exp(-2 * u), u), {u: k * tau})
    less = p.at(taylor(1 - exp(-2 * u), u), {u: k * tau})
    square = ((1 + w) * (y0 - y / (1 + w)) ** 2, less)
    gap = (y0 - y) ** 2 - (w * y0 - y) ** 2 + tau * k * y**2
    each = p.combine(0, "<=", gap, (y**2 / (1 + w), tanh), square)
    total = modewise(p, each, b=tau, c=1, e=-1)
    return p.combine(distance_tau**2, "<=", distance_initial**2 + tau * EXCESS, total)


@proves("T1:concentration-B")
def concentration_B(p: Draft) -> Judgement:
    """HILBERT:operator for the matrices of the data."""
    sample = p.cite("image of a sample", {o.Y: o.data}, map=o.MatrixPart(o.Q))
    spread = p.cite("own spread", {o.Y: o.MATRICES}, by=p.cite("bounded matrices are square-integrable", bound=K_B))
    facts = [sample, p.cite("per-datum matrix"), spread]
    bound = p.use("HILBERT:operator", {o.Y: o.MATRICES, M: K_B, sigma_Y: S_B}, by=facts)
    return p.calc(
        deviation_B,
        ("=", o.OperatorDeviation(o.MATRICES, n), p.cite("empirical matrix")),
        ("<=", S_B / sqrt(n) + K_B * sqrt(log(1 / delta) / (2 * n)), bound),
    )


@proves("T1:concentration-G")
def concentration_G(p: Draft) -> Judgement:
    """HILBERT:diameter for the half-gradients of the data at the comparator."""
    fixed = p.cite("parts of a fixed quadratic")
    sample = p.cite("image of a sample", {o.Y: o.data}, map=o.GradientPart(o.Q, o.Theta), by=fixed)
    spread = p.cite("own spread", {o.Y: o.GRADIENTS}, by=p.cite("half-gradients of a diameter", bound=2 * K_G))
    bound = p.use("HILBERT:diameter", {o.Y: o.GRADIENTS, diameter: 2 * K_G, sigma_Y: S_G}, by=[sample, spread])
    return p.calc(
        deviation_G,
        ("=", o.Deviation(o.GRADIENTS, n), p.cite("empirical half-gradient")),
        ("<=", S_G / sqrt(n) + K_G * sqrt(2 * log(1 / delta) / n), bound),
    )


def repaired_chain(p: Draft, of_B: Judgement, of_G: Judgement, quadratic: Judgement, empirical: Judgement) -> Judgement:
    """L2:repaired with T1:loss in it, and both deviations at their bounds."""
    loss_ = p.use("T1:loss", {o.Q: p(o.Q)}, by=[quadratic, empirical])
    girsanov = p.use("L2:repaired", {o.score: LEARNED})
    network = p.cite("loss of a network", {o.Theta: hat(p)})
    bound = loss_
    rows, here = [], bound.right
    for j in (of_B, of_G):
        here = here.xreplace({j.left: j.right})
        rows.append(("<=", T * here / 2 + kl_prior, j))
    network_loss = network
    return p.calc(
        kl_learned,
        ("<=", T * network_loss.left / 2 + kl_prior, girsanov),
        ("=", T * loss_hat / 2 + kl_prior, network),
        ("<=", T * bound.right / 2 + kl_prior, (T / 2, loss_)),
        *rows,
        given=least(p),
    )


@proves("T1:repaired")
def repaired(p: Draft) -> Judgement:
    """The chain, with bounded differences for both deviations, each at δ/2."""
    fixed = p.cite("population of the data")
    quadratic, empirical = p.cite("random-feature loss"), p.cite("empirical loss")
    largest, widest = (
        p.cite(f"{name}", {o.Q: p(o.Q)}) for name in ("supremum of matrices", "diameter of half-gradients")
    )
    values = {o.Q: p(o.Q), delta: delta / 2}
    of_B = p.use("T1:concentration-B", {**values, K_B: p(K_B)}, by=[fixed, largest])
    of_G = p.use("T1:concentration-G", {**values, K_G: p(K_G)}, by=[fixed, widest])
    return repaired_chain(p, of_B, of_G, quadratic, empirical)


def by_capacity(p: Draft, kept: Judgement, below: Judgement, noise: Judgement) -> Judgement:
    """CAP:path outside the events of c_ν <= what is kept, B̂ ⪯ K_B and a bound on the noise; squared, in Lemma 2."""
    whole, along = (
        p(o.Path(o.scaled, o.Q, o.Theta0, tau)),
        p.cite("noise along the path", {o.Q: p(o.Q), places.bound: K_B}),
    )
    facts = [p.cite("random-feature loss"), p.cite("empirical loss"), kept, below]
    path = p.use("CAP:path", {o.Q: p(o.Q)}, by=facts)
    above = [p.cite("least loss", {o.Q: p(o.Q), o.Theta: each}) for each in (whole, hat(p))]
    rho = sqrt(top_B / (top_B + nu)) / share
    goal = sqrt(loss_tau - loss_minimum) + rho * noise.right
    root = p.combine(path.left, "<=", goal, path, (-rho, along), (rho, noise), given=above)
    square = p.rising(lambda x: x**2, root, given=above)
    network, girsanov = p.cite("loss of a network", {o.Theta: hat(p)}), p.use("L2:repaired", {o.score: LEARNED})
    return p.combine(kl_learned, "<=", p.goal.says.right, girsanov, (T / 2, network), (T / 2, square), given=above)


def kept_at(p: Draft, failure: Any) -> Judgement:
    """c_ν <= what the data keep of B+ν, by CAP:lower-tail at a part of δ."""
    given = [p.sign(log(m / failure), strict=True), p.cite("random-feature loss")]
    tail = p.use("CAP:lower-tail", {o.Q: p(o.Q), delta: failure}, by=given)
    return p.combine(share, "<=", tail.right, p.hypothesis("lower-tail"), tail)


@proves("T1:capacity")
def capacity(p: Draft) -> Judgement:
    """Every B̂ below K_B, and noise that is mostly below its bound."""
    values = {o.Q: p(o.Q), places.bound: K_B}
    level = {places.width: noise_leading + noise_rest, places.fail: delta / 2}
    noise = p.cite("noise that is mostly below", {**values, **level})
    return by_capacity(p, kept_at(p, delta / 2), p.cite("largest eigenvalue of a mean", values), noise)


@proves("T1:simple")
def simple(p: Draft) -> Judgement:
    """(√a + √b)² <= 2a + 2b."""
    full = p.use("T1:repaired")
    bound = full
    goal = p.goal.says.right
    optimised, spread, noise = (p(e.subs(AT_SAMPLE)) for e in (OPTIMISED, SPREAD, RESIDUAL))
    square = p.sign((sqrt(optimised) - sqrt(spread) * noise) ** 2, least(p))
    return p.combine(bound.left, "<=", goal, full, (T / 2, square), given=least(p))


@proves("T1:width")
def width(p: Draft) -> Judgement:
    """Minkowski, and the concentration of the sampled network."""
    error = p.cite("Minkowski, sampled features")
    tail = p.use("L6:repaired")
    root = p.combine(error.left, "<=", sqrt(loss_bar) + tail.right, error, tail)
    square = p.rising(lambda x: x**2, root)
    return p.combine(loss_comparator, "<=", p.goal.says.right, square)


@proves("T1:sampled")
def sampled_(p: Draft) -> Judgement:
    """T1:simple for sampled features at 2δ/3, T1:width at δ/3, and no gain from the least loss."""
    simple_ = p.use("T1:simple", {delta: 2 * delta / 3, o.features: o.sampled, o.Theta: p(o.Theta)})
    wide = p.use("T1:width", {delta: delta / 3, o.weight: o.g_squared})
    body, loss_, minimum = simple_.right, p(loss_comparator), p(loss_minimum)
    zero = p.cite("least loss is nonnegative", {o.Q: p(o.Q)}, by=p.cite("random-feature loss", {o.features: o.sampled}))
    free = body.xreplace({minimum: sp.S.Zero})
    return p.calc(
        kl_learned,
        ("<=", body, simple_),
        ("<=", free, zero),
        ("<=", free.xreplace({loss_: wide.right}), wide),
        ("=", p.goal.says.right),
        given=least(p),
    )


@proves("T1:decomposition")
def decomposition(p: Draft) -> Judgement:
    """Minkowski for the roots of the excess losses, and (a + b)² <= 2a² + 2b²."""
    now, zero = p(o.Path(o.scaled, o.Q, o.Theta0, tau)), p.cite("least loss is nonnegative")
    above = [p.cite("least loss", {o.Theta: z}) for z in (now, hat(p))]
    root, far = sqrt(loss_tau - loss_minimum), p(score_error)
    roots = p.cite("Minkowski, excess loss", {o.Theta0: hat(p), o.Theta: now}, given=above)
    square = p.rising(lambda x: x**2, roots, given=above)
    apart = p.sign((root - far) ** 2, above)
    return p.combine(loss_hat, "<=", 2 * score_error**2 + 2 * loss_tau, square, apart, zero, given=above)


@proves("T1:cauchy-schwarz")
def cauchy_schwarz(p: Draft) -> Judgement:
    """The largest eigenvalue, which the trace bounds."""
    now = o.Path(o.scaled, o.Q, o.Theta0, tau)
    top = p.cite("Rayleigh–Ritz", {o.Theta0: hat(p), o.Theta: now})
    return p.combine(
        score_error**2, "<=", p.goal.says.right, top, (parameter_error**2, p.cite("eigenvalues and trace"))
    )


def _floor(p: Draft, time_: Any) -> Judgement:
    """τ³ + 1/τ >= 4/3^{3/4}: s⁴ − 4s + 3 = (s − 1)²(s² + 2s + 3) at s = 3^{1/4}τ."""
    s = sp.Integer(3) ** sp.Rational(1, 4) * time_
    floor = p.sign((s - 1) ** 2 * (s**2 + 2 * s + 3))
    scale = 1 / (sp.Integer(3) ** sp.Rational(3, 4) * s)
    return p.combine(4 / sp.Integer(3) ** sp.Rational(3, 4), "<=", time_**3 + 1 / time_, (scale, floor))


@proves("T1:consistent-scaled", "T1:consistent-A")
def consistent(p: Draft) -> Judgement:
    """Two of the terms have a positive minimum, on either clock."""
    clock = tau if p.claim.setting["flow"] == "scaled" else tau / m
    return p.combine(p.goal.says.left, "<=", p.goal.says.right, _floor(p, clock))


@proves("T1:bound-B")
def bound_B(p: Draft) -> Judgement:
    """‖B‖_F <= tr B, and Minkowski for the argument of each feature."""
    here, row = fe.Input(o.Q, fe.datum), fe.Argument(fe.feature, fe.Input(o.Q, fe.datum))
    entry = p.calc(
        fe.Norm(fe.Active(row)),
        ("<=", fe.Norm(row), p.cite("ReLU contracts", input=here)),
        ("<=", fe.Size(fe.feature) * fe.LargestNorm(here), p.cite("Minkowski, linear forms", input=here)),
        ("<=", fe.LargestNorm(here), (fe.LargestNorm(here), p.cite("size of a row"))),
    )
    square, top = p.rising(lambda x: x**2, entry), p.cite("reach")
    function = sp.Lambda(fe.feature, fe.Norm(fe.Active(row)) ** 2)
    mean = p.cite("mean over features", {places.F: function}, bound=fe.LargestNorm(here) ** 2, by=square)
    parts = (p.cite("Frobenius norm and trace"), p.cite("trace of a datum's matrix"), mean, (-1, top))
    return p.combine(B_norm, "<=", reach, *parts)


@proves("T1:bound-b")
def bound_b(p: Draft) -> Judgement:
    """Stein's identity, and rows of size at most 1."""
    square = p.rising(lambda x: x**2, p.cite("size of a row"))
    function = sp.Lambda(fe.feature, fe.Size(fe.feature) ** 2)
    mean = p.cite("mean over features", {places.F: function}, bound=1, by=square)
    whole = p.combine(b_norm**2, "<=", lambda_mean**2, p.cite("vector of a datum"), (lambda_mean**2, mean))
    root = p.rising(sqrt, whole)
    return p.combine(b_norm, "<=", lambda_mean, root)


@proves("T1:bound-G")
def bound_G(p: Draft) -> Judgement:
    """The triangle inequality, with both largest norms."""
    parts = p.cite("norm of a datum's matrix"), p.cite("norm of a datum's vector")
    return p.combine(G_norm, "<=", K_B * norm_comparator + K_b, p.cite("half-gradient of a datum"),
                     (norm_comparator, parts[0]), parts[1])  # fmt: skip


@proves("T1:step-scaled-repaired", "T1:step-A-repaired")
def step_(p: Draft) -> Judgement:
    """The flow's equation, integrated."""
    flow, name = {"scaled": (o.scaled, "flow"), "A": (o.A, "flow of A")}[p.claim.setting["flow"]]
    square = p.rising(lambda e: e**2, p.cite(f"gradient {name} integrated"))
    whole = p.cite("gradients of the features", flow_=flow)
    power = m if flow == o.scaled else m**3
    return p.combine(parameter_error**2, "=", p.goal.says.right, square, (-1 / power, whole))
