"""Plans for equations 3 and 4: the reversed processes carry the forward marginals."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from theory.claims.equations_3_4 import FAMILY, SDE, f, g, p
from theory.kernel import fokker_planck_residual
from theory.statement import Claim
from theory.symbols import t, x
from verify.evidence.domain import Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.symbolic import Cited, Equal, Proof, Step
from verify.evidence.verdict import Verdict
from verify.models.sdes import POINT, TIME, experiment, mixture_density


def _steps(claim: Claim) -> Sequence[Step]:
    """Insert ∂p/∂t from the Fokker–Planck equation, then show that mixtures solve that equation."""
    forward = -sp.diff(f * x * p, x) + g**2 / 2 * sp.diff(p, (x, 2))

    def inserted(expr: sp.Expr) -> sp.Expr:
        return sp.expand(expr.doit().subs(sp.Derivative(p, t), forward).doit())

    start, spread = sp.Symbol("m_0", real=True), sp.Symbol("V_0", positive=True)
    mean, variance = SDE.mean_scale * start, SDE.mean_scale**2 * spread + SDE.variance
    component = sp.exp(-((x - mean) ** 2) / (2 * variance)) / sp.sqrt(2 * sp.pi * variance)
    other, weight = sp.Function("h")(x, t), sp.Symbol("c", real=True)

    def operator(density: sp.Expr) -> sp.Expr:
        return sp.diff(density, t) + sp.diff(f * x * density, x) - g**2 / 2 * sp.diff(density, (x, 2))

    return [
        Equal(
            name="with ∂p/∂t from the forward equation both sides agree, for every density p",
            left=inserted(claim.left()),
            right=inserted(claim.right()),
        ),
        Equal(
            name="a diffused Gaussian solves the forward equation, for undefined f and g",
            left=fokker_planck_residual(component, SDE),
            right=sp.S.Zero,
        ),
        Equal(
            name="the forward equation is linear, so that mixtures solve it",
            left=operator(p + weight * other),
            right=operator(p) + weight * operator(other),
        ),
        Cited(theorem="uniqueness for the Fokker–Planck and continuity equations", use="marginals"),
    ]


_MARGINALS = experiment(
    "marginals",
    {"t": TIME, "x": POINT, "mu": Real(low=0, high=3), "q": Real(low=0.1, high=0.9)},
    families=("ou", "growing", "ve"),
    replace=mixture_density,
)

_METHODS = (Search(experiment=_MARGINALS), Proof(steps=_steps))

PLANS = tuple(Plan(claim=claim.id, expected=Verdict.PROVED, methods=_METHODS) for claim in FAMILY.claims)
