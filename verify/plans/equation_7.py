"""Plans for equation 7: proofs by Stein's identity, and rigorous integrals of the losses themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sympy as sp

from theory.claims.equation_7 import (
    FAMILY,
    MEAN,
    NOISE,
    P_T,
    SPREAD,
    active_at,
    amplitude,
    bias,
    means,
    variances,
    w,
    weights,
)
from theory.normal import normal_cdf, normal_pdf
from theory.statement import Claim
from theory.symbols import loss_dsm, loss_sm, loss_weight, posterior_score, r, slope, slope_dsm, slope_sm, v, x, x0
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.symbolic import Argument, Cited, Equal, Step, Tends
from verify.evidence.verdict import Verdict
from verify.models.normal_integrals import quadratic_steps, z
from verify.models.score_matching_losses import EXPERIMENTS

_omega = sp.Symbol("omega", positive=True)
_SIDES = {" (w > 0)": 1, " (w < 0)": -1}


def _normal(point: sp.Expr, mean: sp.Expr, variance: sp.Expr) -> sp.Expr:
    return normal_pdf((point - mean) / sp.sqrt(variance)) / sp.sqrt(variance)


def _active_steps(label: sp.Expr, mean: sp.Expr, std: sp.Expr, value: sp.Expr, what: str) -> list[Step]:
    """Steps for ``E[label(x) σ(w x + b)] = value``, x ~ N(mean, std²), for both signs of w.

    With x = mean ± std z, z ~ N(0, 1) and w = ±ω the feature is active for z > −(w mean + b)/(ω std).
    """
    steps: list[Step] = [Cited(theorem="substitution", use=f"x = E x ± std z for w = ±ω in {what}")]
    for case, sign in _SIDES.items():

        def at(expr: sp.Expr, sign: int = sign) -> sp.Expr:
            return expr.subs({x: mean + sign * std * z}).subs(w, sign * _omega)

        lower = -(sign * _omega * mean + bias) / (_omega * std)
        factor = sp.expand(at(label * (w * x + bias)))
        steps += quadratic_steps(factor, lower, value.subs(w, sign * _omega), case=f" ({what}){case}")
    return steps


def _posterior_steps(claim: Claim) -> Sequence[Step]:
    """The kernel's score times the kernel is the kernel's slope; integrals over x0 are the components of p_t."""
    kernel, prior = _normal(x, r * x0, NOISE), _normal(x0, means[0], variances[0])
    spread = SPREAD
    posterior = _normal(x0, means[0] + r * variances[0] * (x - MEAN) / spread, variances[0] * NOISE / spread)
    slopes = sp.Derivative(P_T, x) / P_T
    return [
        Equal(name="the left side is the posterior mean", left=claim.left(), right=posterior_score),
        Equal(
            name="∇log p(x|x0) p(x|x0) = ∇p(x|x0)",
            left=sp.diff(sp.expand_log(sp.log(kernel), force=True), x),
            right=sp.diff(kernel, x) / kernel,
        ),
        Equal(
            name="p(x|x0) N(x0; m, V) = N(x; rm, r²V + (rv)²) N(x0; posterior mean, posterior variance)",
            left=sp.expand_log(sp.log(kernel * prior / (_normal(x, MEAN, spread) * posterior)), force=True),
            right=sp.S.Zero,
        ),
        Cited(theorem="differentiation under the integral", use="∇∫p(x|x0)p0(dx0) = ∫∇p(x|x0)p0(dx0): |∇p| is bounded"),
        Cited(theorem="Bayes' rule", use="the posterior mean is ∫∇p(x|x0)p0(dx0)/∫p(x|x0)p0(dx0) = ∇p_t/p_t"),
        Equal(
            name="∇p_t/p_t is the right side", left=sp.together(slopes.doit()), right=sp.together(claim.right().doit())
        ),
    ]


def _stein_steps(claim: Claim) -> Sequence[Step]:
    """The score times p_t is the slope of p_t: component by component a Gaussian integral."""
    right, total = claim.right(), sp.Add(*weights)
    alone = [right.subs(weights[1 - k], 0) for k in range(2)]
    steps: list[Step] = [
        Equal(name="the left side is the slope", left=claim.left(), right=slope),
        Equal(
            name="the right side is the components' weighted mean",
            left=right,
            right=sp.Add(*(weights[k] / total * alone[k] for k in range(2))),
        ),
        Cited(theorem="linearity", use="E s_t σ = ∫p_t'σ = Σ w_k ∫N_k'σ / Σ w_k"),
    ]
    for k in range(2):
        mean, spread = r * means[k], r**2 * variances[k] + NOISE
        std = sp.Symbol("S", positive=True)  # the component's standard deviation
        steps += _active_steps((mean - x) / std**2, mean, std, alone[k].subs(spread, std**2), f"component {k + 1}")
    return steps


def _dsm_steps(claim: Claim) -> Sequence[Step]:
    """Per datum by Stein's identity; then both sides have one derivative in b and vanish as b → −∞."""
    datum = -w * active_at(r * x0, NOISE)
    steps: list[Step] = [
        Equal(name="the left side is the mean of DSM's b", left=claim.left(), right=slope_dsm),
        *_active_steps((r * x0 - x) / NOISE, r * x0, r * v, datum, "the b of a datum"),
        Equal(
            name="the right side is −w Φ(u), u = (w E x_t + b)/(|w| std x_t)",
            left=claim.right(),
            right=-w * normal_cdf((w * MEAN + bias) / (sp.Abs(w) * sp.sqrt(SPREAD))),
        ),
        Tends(name="Φ(u) → 0 as b → −∞", expr=normal_cdf(z), variable=z, point=-sp.oo, value=sp.S.Zero),
        Cited(theorem="dominated convergence", use="∂/∂b under the mean over x0, and its limit 0 as b → −∞"),
        Cited(theorem="the normal density", use="it has the integral 1"),
    ]
    for case, sign in _SIDES.items():
        weight = sign * _omega
        centre = means[0] + r * variances[0] * (-bias / weight - MEAN) / SPREAD
        rate = sp.diff(claim.right().subs(w, weight), bias)
        left = sp.diff(datum.subs(w, weight), bias) * _normal(x0, means[0], variances[0])
        ratio = left / (rate * _normal(x0, centre, variances[0] * NOISE / SPREAD))
        steps.append(
            Equal(
                name="∂/∂b of a datum's b times its density is ∂/∂b of the right side times a normal density" + case,
                left=_unit(ratio),
                right=sp.S.One,
            )
        )
    return steps


def _unit(ratio: sp.Expr) -> sp.Expr:
    """A quotient of Gaussian densities with its exponentials merged and the exponent cancelled."""
    merged = sp.powsimp(ratio, combine="exp").replace(
        lambda e: isinstance(e, sp.exp), lambda e: sp.exp(sp.cancel(sp.together(e.args[0])))
    )
    return sp.sqrt(sp.cancel(sp.together(sp.powdenest(sp.expand(merged**2), force=False))))


def _sm_steps(claim: Claim) -> Sequence[Step]:
    """The mean over data and noise is one over x_t, which is normal: Stein's identity for it."""
    std = sp.Symbol("S", positive=True)  # the standard deviation of x_t
    return [
        Equal(name="the left side is the mean of SM's b", left=claim.left(), right=slope_sm),
        Cited(theorem="normal numbers add up", use="x_t = r x0 + rv z is N(rm, r²V + (rv)²), for v = 0 as well"),
        *_active_steps((MEAN - x) / std**2, MEAN, std, claim.right().subs(SPREAD, std**2), "x_t"),
    ]


def _gap_steps(claim: Claim) -> Sequence[Step]:
    """Expand both squares at x = r x0 + rv z: a part linear in σ, and one without it."""
    kernel, marginal = (x - r * x0) / NOISE, (x - MEAN) / SPREAD
    value, free = sp.Symbol("sigma", real=True), claim.right().subs(amplitude, 0)
    linear = sp.diff(claim.right(), amplitude)
    square = sp.expand((kernel**2 - marginal**2).subs(x, r * x0 + r * v * z))
    losses = {
        loss_dsm: loss_weight * (amplitude * value + kernel) ** 2,
        loss_sm: loss_weight * (amplitude * value + marginal) ** 2,
    }
    return [
        Equal(
            name="the difference of the integrands",
            left=claim.left().subs(losses),
            right=loss_weight * (2 * amplitude * value * (kernel - marginal) + kernel**2 - marginal**2),
        ),
        Cited(theorem="moments of N(0, 1)", use="1, 0 and 1 for 1, z and z²"),
        Equal(
            name="E[c² − s_t²] is the difference at θ = 0",
            left=loss_weight * (square.coeff(z, 0) + square.coeff(z, 2)),
            right=free,
        ),
        Equal(name="the right side is linear in a", left=linear * amplitude + free, right=claim.right()),
        *_active_steps(
            2 * loss_weight * (SPREAD * (x - r * x0) - NOISE * (x - MEAN)),
            r * x0,
            r * v,
            NOISE * SPREAD * linear,
            "the cross term over a, times (rv)²(r²V + (rv)²)",
        ),
    ]


_STEPS: Mapping[str, Callable[[Claim], Sequence[Step]]] = {
    "EQ-7:posterior": _posterior_steps,
    "EQ-7:stein": _stein_steps,
    "EQ-7:unbiased-dsm": _dsm_steps,
    "EQ-7:unbiased-sm": _sm_steps,
    "EQ-7:empirical-printed": _gap_steps,
    "EQ-7:empirical-gap": _gap_steps,
}

_GAP = "integrals over the noise of one datum are no terms of the kernel"
_EXPECTED = {"empirical-printed": Verdict.REFUTED, "population": Verdict.PROVED}

PLANS = tuple(
    Plan(
        claim=claim.id,
        expected=_EXPECTED.get(claim.variant, Verdict.ARGUED),
        methods=(
            Search(experiment=EXPERIMENTS[claim.id]),
            *(Argument(steps=steps, gap=_GAP) for steps in (_STEPS.get(claim.id),) if steps),
        ),
    )
    for claim in FAMILY.claims
)
