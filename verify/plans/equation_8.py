"""Plans for equation 8: the kernel's identities, for every f and g and at concrete SDEs."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from theory.claims.equation_8 import SDE, STEP_VARIANCE, P, f, g, r
from theory.kernel import chi, log_fokker_planck_residual_d, rho
from theory.sde import OrnsteinUhlenbeck
from theory.statement import Claim
from theory.symbols import d, s, t
from verify.evidence.domain import Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.symbolic import Cited, Equal, Proof, Step, Tends
from verify.evidence.verdict import Verdict
from verify.models.moment_equations import COMPOSED, INTEGRATED
from verify.models.sdes import POINT, TIME, experiment


def _doit(expr: sp.Expr) -> sp.Expr:
    """Carry out derivatives; integrals of undefined functions stay, except those from a point to itself."""
    done = expr.doit(integrals=False)
    return done.replace(lambda e: isinstance(e, sp.Integral) and e.limits[0][1] == e.limits[0][2], lambda _: sp.S.Zero)


def _rate_steps(claim: Claim) -> Sequence[Step]:
    left, right = _doit(claim.left()), _doit(claim.right())
    return [
        Equal(name="r(0) = 1", left=_doit(r.subs(t, 0)), right=sp.S.One),
        Equal(name="P(0) = 0", left=_doit(P.subs(t, 0)), right=sp.S.Zero),
        Equal(name="the two sides agree for undefined f(t), g(t)", left=left, right=right),
    ]


def _fokker_planck_steps(claim: Claim) -> Sequence[Step]:
    """Treat r' = f r and P' = 2fP + g² as known (EQ-8:mean, EQ-8:variance): the rest is rational."""
    scale, spread = sp.symbols("r_0 P_0", positive=True)
    drift, noise = sp.symbols("f_0 g_0", real=True)
    rates = {sp.Derivative(P, t): 2 * drift * spread + noise**2, sp.Derivative(r, t): drift * scale}

    def rational(expr: sp.Expr) -> sp.Expr:
        return expr.subs(rates).subs({P: spread, r: scale, f: drift, g: noise})

    residual = log_fokker_planck_residual_d(SDE, d)
    return [
        Equal(
            name="both sides agree once r' = f r and P' = 2fP + g²",
            left=rational(claim.left()),
            right=rational(claim.right()),
        ),
        Equal(name="the residual computed from log p itself vanishes", left=residual, right=sp.S.Zero),
    ]


def _composition_steps(claim: Claim) -> Sequence[Step]:
    """Both sides are 'P(s) at t = s' and solve the same linear equation P' = 2fP + g² in t."""
    left, right = claim.left(), claim.right()

    def defect(expr: sp.Expr) -> sp.Expr:
        return sp.expand(_doit(sp.diff(expr, t)) - 2 * f * expr - g**2)

    return [
        Equal(
            name="the variance added from s to t vanishes at t = s",
            left=_doit(STEP_VARIANCE.subs(t, s)),
            right=sp.S.Zero,
        ),
        Equal(name="it solves P' = 2fP + g²", left=defect(STEP_VARIANCE), right=sp.S.Zero),
        Equal(name="the left side equals P(s) at t = s", left=_doit(left.subs(t, s)), right=_doit(P.subs(t, s))),
        Equal(name="the left side solves P' = 2fP + g²", left=defect(left), right=sp.S.Zero),
        Equal(name="the right side is P", left=right, right=P),
        Cited(theorem="uniqueness for linear equations", use="two solutions of P' = 2fP + g² that agree at s agree"),
        Equal(name="P solves P' = 2fP + g²", left=defect(P), right=sp.S.Zero),
    ]


def _stationary_steps(claim: Claim) -> Sequence[Step]:
    ou = OrnsteinUhlenbeck()
    return [
        Equal(name="r² + P = 1 for all t", left=claim.left(), right=claim.right()),
        Tends(name="r → 0 as t → ∞", expr=ou.mean_scale, variable=t, point=sp.oo, value=sp.S.Zero),
        Tends(name="P → 1 as t → ∞", expr=ou.variance, variable=t, point=sp.oo, value=sp.S.One),
    ]


_RATES = experiment("rates", {"t": TIME, "x0": POINT})
_DENSITY = experiment(
    "log-density", {"t": TIME, "d": Integer(low=1, high=9), str(rho): Real(low=0, high=9), str(chi): POINT}
)
_TWO_TIMES = experiment("two-times", {"t": Real(low=0.5, high=1.0), "s": Real(low=0.0, high=0.5)})

PLANS = (
    *(
        Plan(
            claim=claim_id,
            expected=Verdict.PROVED,
            methods=(Search(experiment=_RATES), Search(experiment=INTEGRATED), Proof(steps=_rate_steps)),
        )
        for claim_id in ("EQ-8:mean", "EQ-8:variance")
    ),
    Plan(
        claim="EQ-8:fokker-planck",
        expected=Verdict.PROVED,
        methods=(Search(experiment=_DENSITY), Proof(steps=_fokker_planck_steps)),
    ),
    Plan(
        claim="EQ-8:composition",
        expected=Verdict.PROVED,
        methods=(Search(experiment=_TWO_TIMES), Search(experiment=COMPOSED), Proof(steps=_composition_steps)),
    ),
    Plan(
        claim="EQ-8:stationary",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=experiment("stationary", {"t": TIME}, families=("ou",))),
            Proof(steps=_stationary_steps),
        ),
    ),
)
