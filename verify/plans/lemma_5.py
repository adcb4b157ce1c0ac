"""Plans for Lemma 5: the RKHS norm along gradient flow."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from theory import flow
from theory.claims import REGISTRY
from theory.statement import Claim
from theory.symbols import K, kappa, loss_initial, m, norm_initial, norm_tau, tau, u, y, y0
from verify.evidence.certify import Certify, Goal
from verify.evidence.plan import Plan
from verify.evidence.scaling import Scaling, linear_constant
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.symbolic import Certain, Cited, Equal, Proof, Sign, Step, TaylorSign, Tends
from verify.evidence.verdict import Verdict
from verify.models.spectral_flows import AXES, EXPERIMENT, SPECTRAL, TRIANGLE, gap, instance, scale_of
from verify.models.trained_flows import MODELS

_PEAK = instance(minimiser=1.0, tau=0.6282156043130849)
_LAMBERT = sp.Symbol("W", negative=True)
_W = sp.LambertW(-sp.exp(-sp.Rational(1, 2)) / 2, -1)
_STATIONARY = -(sp.Rational(1, 2) + _LAMBERT) / 2


def _sharp_steps(claim: Claim) -> Sequence[Step]:
    """The profile (1−e^{−2u})²/u rises to its only critical point u⋆ and falls after it."""
    profile = (1 - sp.exp(-2 * u)) ** 2 / u
    turn = 4 * u + 1 - sp.exp(2 * u)
    time = kappa * tau
    return [
        SPECTRAL,
        Equal(
            name="gap of one mode = κτ y0² (κ⋆ − (1−e^{−2u})²/u), u = κτ",
            left=gap(claim),
            right=time * y0**2 * (flow.GROWTH_CONSTANT - profile.subs(u, time)),
        ),
        Equal(
            name="the profile's derivative is (1−e^{−2u})e^{−2u}(4u + 1 − e^{2u})/u²",
            left=sp.diff(profile, u),
            right=(1 - sp.exp(-2 * u)) * sp.exp(-2 * u) * turn / u**2,
        ),
        Equal(name="h(u) = 4u + 1 − e^{2u} vanishes at 0", left=turn.subs(u, 0), right=sp.S.Zero),
        Sign(name="h'(0) = 2 > 0", expr=sp.diff(turn, u).subs(u, 0), strict=True),
        Sign(
            name="−h'' = 4e^{2u} > 0: h is strictly concave, with one positive zero",
            expr=-sp.diff(turn, u, 2),
            strict=True,
        ),
        TaylorSign(
            name="the factor 1 − e^{−2u} is nonnegative: the derivative has the sign of h",
            expr=1 - sp.exp(-2 * u),
            variable=u,
        ),
        Cited(theorem="definition of Lambert's W", use="W = W₋₁(−½e^{−1/2}) solves W e^W = −½e^{−1/2}"),
        Equal(name="u⋆ = −½(½ + W)", left=flow.GROWTH_MAXIMISER, right=-(sp.Rational(1, 2) + _W) / 2),
        Equal(name="1 + 4u⋆ = −2W", left=1 + 4 * _STATIONARY, right=-2 * _LAMBERT),
        Equal(
            name="e^{2u⋆} = −2W as well, because e^W = −½e^{−1/2}/W: u⋆ is a zero of h",
            left=sp.expand(sp.exp(2 * _STATIONARY)).subs(sp.exp(-_LAMBERT), -2 * _LAMBERT * sp.exp(sp.Rational(1, 2))),
            right=-2 * _LAMBERT,
        ),
        Certain(name="u⋆ > 0: it is the positive one", left=sp.Rational(1, 2), right=flow.GROWTH_MAXIMISER),
        Equal(
            name="(1−e^{−2u})²/u = 16u e^{−4u} where e^{2u} = 1 + 4u",
            left=((1 - 1 / (1 + 4 * u)) ** 2 / u),
            right=16 * u / (1 + 4 * u) ** 2,
        ),
        Equal(
            name="so that the maximum is κ⋆ = 16u⋆e^{−4u⋆}",
            left=flow.GROWTH_CONSTANT,
            right=16 * flow.GROWTH_MAXIMISER * sp.exp(-4 * flow.GROWTH_MAXIMISER),
        ),
        Tends(name="the profile tends to 0 at ∞", expr=profile, variable=u, point=sp.oo, value=sp.S.Zero),
    ]


def _norm_steps(claim: Claim) -> Sequence[Step]:
    """The right side minus ‖Θ0‖ is the root of L5:sharp's bound, in the flow's own time τ/scale."""
    bound = REGISTRY["L5:sharp"].right().subs(tau, tau / scale_of(claim))
    return [
        TRIANGLE,
        Equal(name="the left side is ‖s_θ(τ)‖", left=claim.left(), right=norm_tau),
        Sign(name="right side − ‖s_θ0‖ >= 0", expr=claim.relation.rhs.total() - norm_initial),
        Equal(
            name="(right side − ‖s_θ0‖)² = κ⋆ τ L̃(θ0) in the scaled flow's time",
            left=(claim.right() - norm_initial) ** 2,
            right=bound,
        ),
        Cited(theorem="L5:sharp", use="‖Θ(τ)−Θ0‖² <= κ⋆ τ L̃(θ0)"),
    ]


def _printed_steps(claim: Claim) -> Sequence[Step]:
    bound = REGISTRY["L5:sharp"].right().subs(tau, tau / scale_of(claim))
    return [
        TRIANGLE,
        Equal(name="the left side is ‖s_θ(τ)‖", left=claim.left(), right=norm_tau),
        Sign(name="right side − ‖s_θ0‖ >= 0", expr=claim.right() - norm_initial),
        Equal(
            name="with K = 1, (right side − ‖s_θ0‖)² κ⋆ = L5:sharp's bound in the flow's time",
            left=(claim.right() - norm_initial) ** 2 * flow.GROWTH_CONSTANT,
            right=bound,
        ),
        Certain(name="κ⋆ <= 1", left=flow.GROWTH_CONSTANT, right=sp.S.One),
        Cited(theorem="L5:sharp", use="‖Θ(τ)−Θ0‖² <= κ⋆ τ L̃(θ0)"),
    ]


def _comparator_steps(claim: Claim) -> Sequence[Step]:
    """The gap is a square plus y²(u − tanh u) plus (C − 1)u y², u = κτ."""
    time = kappa * tau
    decay = sp.exp(-2 * time)
    weight = 1 - decay**2
    extra = claim.constants["C"].value - 1
    square = weight * (y0 - (1 - decay) * y / weight) ** 2
    return [
        SPECTRAL,
        Equal(
            name="gap of one mode = (1−E²)(y0 − y/(1+E))² + y²(u − (1−E)/(1+E)) + (C−1) u y², E = e^{−2u}",
            left=gap(claim),
            right=square + y**2 * (time - (1 - decay) / (1 + decay)) + extra * time * y**2,
        ),
        TaylorSign(name="1 − E² >= 0", expr=1 - sp.exp(-4 * u), variable=u),
        Equal(
            name="(1−E)/(1+E) = tanh u",
            left=((1 - sp.exp(-2 * u)) / (1 + sp.exp(-2 * u))).rewrite(sp.exp),
            right=sp.tanh(u).rewrite(sp.exp),
        ),
        TaylorSign(name="u − tanh u >= 0 for u >= 0", expr=u - sp.tanh(u), variable=u),
        Sign(name="(C − 1) u y² >= 0", expr=extra * u * y**2),
    ]


def _divergence(claim: Claim) -> Sequence[Step]:
    """At Θ0 = 0, minimiser 1, κ = τ = 1 the norm over the right side is √m (1−e^{−2})/K: unbounded in m."""
    position = 1 + flow.mode_solution(sp.S.One, sp.S.One, claim.setting["flow"], m, initial=sp.Integer(-1))
    norm = claim.relation.lhs.total().subs(norm_tau, position)
    bound = claim.relation.rhs.total().subs({norm_initial: 0, loss_initial: 1, tau: 1})
    ratio = sp.sqrt(m) * (1 - sp.exp(-2)) / K
    return [
        Equal(
            name="norm / right side = √m(1−e^{−2})/K at Θ0 = 0, minimiser 1, κ = τ = 1", left=norm / bound, right=ratio
        ),
        Tends(name="√m(1−e^{−2})/K → ∞ with the width", expr=ratio, variable=m, point=sp.oo, value=sp.oo),
    ]


def _growth_goals(claim: Claim) -> Sequence[Goal]:
    """κ⋆u − (1−e^{−2u})² with κ⋆ rounded up in the 11th digit, so that it is positive where it is nearly tight."""
    value = claim.constants["kappa_star"].value
    up = sp.ceiling(value * 10**11) / 10**11
    expr = gap(claim.with_constant("kappa_star", up)).subs({kappa: u / tau, y0: 1})
    return [Goal(name=f"gap of one mode with κ⋆ <= {up}", expr=expr, variable=u, touching=(0,))]


def _comparator_goals(claim: Claim) -> Sequence[Goal]:
    """The gap at the worst initial point y0 = 1/(1+E), y = 1, with E = e^{−2u} = (1−w)/(1+w), w = tanh u."""
    w = sp.Symbol("w", positive=True)
    decay = (1 - w) / (1 + w)
    expr = gap(claim).subs(kappa, u / tau).subs(sp.exp(-2 * u), decay).subs(sp.exp(-4 * u), decay**2)
    expr = sp.simplify(expr.subs({y: 1, y0: 1 / (1 + decay)})).subs(w, sp.tanh(u))
    return [Goal(name="gap at the worst initial point", expr=expr, variable=u, touching=(0,))]


_COMPARATOR = instance(initial=0.50005, comparator=1.0, tau=1e-4)

PLANS = (
    Plan(
        claim="L5:printed-A",
        expected=Verdict.PROVED,
        methods=(
            Scaling(experiment=EXPERIMENT, needed=linear_constant(EXPERIMENT), axes=AXES),
            Proof(steps=_printed_steps),
        ),
    ),
    Plan(
        claim="L5:printed-scaled",
        expected=Verdict.REFUTED,
        methods=(
            Scaling(experiment=EXPERIMENT, needed=linear_constant(EXPERIMENT), axes=AXES, divergence=_divergence),
        ),
    ),
    Plan(
        claim="L5:repaired-scaled",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=EXPERIMENT),
            Sharpness(experiment=EXPERIMENT, instance=_PEAK, constant="kappa_star"),
            MODELS,
            Proof(steps=_norm_steps),
        ),
    ),
    Plan(
        claim="L5:sharp",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=EXPERIMENT),
            Sharpness(experiment=EXPERIMENT, instance=_PEAK, constant="kappa_star"),
            Certify(goals=_growth_goals),
            MODELS,
            Proof(steps=_sharp_steps),
        ),
    ),
    Plan(
        claim="L5:comparator",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=EXPERIMENT),
            Certify(goals=_comparator_goals),
            MODELS,
            Proof(steps=_comparator_steps),
        ),
    ),
    Plan(
        claim="L5:comparator-sharp",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=EXPERIMENT),
            Sharpness(experiment=EXPERIMENT, instance=_COMPARATOR, constant="C"),
            Certify(goals=_comparator_goals),
            MODELS,
            Proof(steps=_comparator_steps),
        ),
    ),
)
