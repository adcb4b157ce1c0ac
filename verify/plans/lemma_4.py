"""Plans for Lemma 4: the loss along gradient flow."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from theory import flow
from theory.statement import Claim
from theory.symbols import K, kappa, loss_comparator, loss_tau, m, norm_comparator, norm_initial, tau, u, y, y0
from verify.evidence.certify import Certify, Goal
from verify.evidence.plan import Plan
from verify.evidence.scaling import Scaling, linear_constant
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.symbolic import Equal, Step, Tends
from verify.evidence.verdict import Verdict
from verify.models.spectral_flows import AXES, EXPERIMENT, gap, instance, near_equality, scale_of
from verify.models.trained_flows import MODELS


def _divergence(claim: Claim) -> Sequence[Step]:
    """At Θ0 = 1, Θ = minimiser = −1, κ = 1 and τ = m/4 the excess over the right side is m/(2eK): unbounded in m."""
    parametrization = claim.setting["flow"]
    time = m / 4
    excess = claim.relation.lhs.total().subs(
        {loss_tau: flow.mode_loss(sp.S.One, time, parametrization, m, initial=sp.Integer(2)), loss_comparator: 0}
    )
    bound = claim.relation.rhs.total().subs({norm_initial: 1, norm_comparator: 1, tau: time})
    return [
        Equal(
            name="excess / right side = m/(2eK) at Θ0 = 1, Θ = minimiser = −1, κ = 1, τ = m/4",
            left=excess / bound,
            right=m / (2 * sp.E * K),
        ),
        Tends(name="m/(2eK) → ∞ with the width", expr=m / (2 * sp.E * K), variable=m, point=sp.oo, value=sp.oo),
    ]


def _worst_comparator(claim: Claim) -> sp.Expr:
    """The gap of one mode at y0 = 1, κτ = scale·u/4 and the worst comparator y = 1/(1+u), as a function of u.

    It is multiplied by the positive 4τ(1+u)e^u/(scale·u), which leaves e^u − 1 − u for the claim as it stands.
    """
    scale = scale_of(claim)
    whole = gap(claim).subs({kappa: u * scale / (4 * tau), y: 1 / (1 + u), y0: 1})
    return sp.simplify(sp.expand(whole * 4 * tau * (1 + u) ** 2 / (scale * u)) * sp.exp(u) / (1 + u))


def _excess_goals(claim: Claim) -> Sequence[Goal]:
    return [Goal(name="gap at the worst comparator", expr=_worst_comparator(claim), variable=u, touching=(0,))]


def _minimum_goals(claim: Claim) -> Sequence[Goal]:
    expr = sp.simplify(gap(claim).subs({kappa: u / (4 * tau), y0: 1}) * tau)
    return [Goal(name="gap of one mode", expr=expr, variable=u, touching=(1,))]


PLANS = (
    Plan(
        claim="L4:printed-scaled",
        expected=Verdict.PROVED,
        methods=(Scaling(experiment=EXPERIMENT, needed=linear_constant(EXPERIMENT), axes=AXES),),
    ),
    Plan(
        claim="L4:printed-A",
        expected=Verdict.REFUTED,
        methods=(
            Scaling(experiment=EXPERIMENT, needed=linear_constant(EXPERIMENT), axes=AXES, divergence=_divergence),
        ),
    ),
    Plan(
        claim="L4:sharp",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=EXPERIMENT),
            Sharpness(experiment=EXPERIMENT, instance=near_equality(), constant="C"),
            Certify(goals=_excess_goals),
            MODELS,
        ),
    ),
    Plan(
        claim="L4:sharp-minimiser",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=EXPERIMENT),
            Sharpness(experiment=EXPERIMENT, instance=instance(initial=1.0, tau=0.25), constant="C"),
            Certify(goals=_minimum_goals),
            MODELS,
        ),
    ),
    Plan(
        claim="L4:repaired-A",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=EXPERIMENT),
            Sharpness(experiment=EXPERIMENT, instance=near_equality(2, 2), constant="C"),
            Certify(goals=_excess_goals),
            MODELS,
        ),
    ),
)
