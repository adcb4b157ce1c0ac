"""Plans for Lemma 5: the RKHS norm along gradient flow."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from theory import flow
from theory.statement import Claim
from theory.symbols import K, kappa, loss_initial, m, norm_initial, norm_tau, tau, u, y, y0
from verify.evidence.certify import Certify, Goal
from verify.evidence.plan import Plan
from verify.evidence.scaling import Scaling, linear_constant
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.symbolic import Equal, Step, Tends
from verify.evidence.verdict import Verdict
from verify.models.spectral_flows import AXES, EXPERIMENT, gap, instance
from verify.models.trained_flows import MODELS

_PEAK = instance(minimiser=1.0, tau=0.6282156043130849)


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
        methods=(Scaling(experiment=EXPERIMENT, needed=linear_constant(EXPERIMENT), axes=AXES),),
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
        ),
    ),
    Plan(
        claim="L5:comparator",
        expected=Verdict.PROVED,
        methods=(Search(experiment=EXPERIMENT), Certify(goals=_comparator_goals), MODELS),
    ),
    Plan(
        claim="L5:comparator-sharp",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=EXPERIMENT),
            Sharpness(experiment=EXPERIMENT, instance=_COMPARATOR, constant="C"),
            Certify(goals=_comparator_goals),
            MODELS,
        ),
    ),
)
