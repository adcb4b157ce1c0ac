"""Plans for the chain of Theorem 1: each link in exact arithmetic, and on trained models."""

from __future__ import annotations

import sympy as sp

from theory.symbols import loss_comparator, loss_minimum
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.verdict import Verdict
from verify.models.perturbed_flows import FORCED, PEAK, PERTURBED, forced
from verify.models.theorem_1_chains import Chain

_EXCESS = sp.Symbol("excess", nonnegative=True)


def above(expr: sp.Expr) -> sp.Expr:
    """The expression with the comparator's loss as the least loss plus a nonnegative excess."""
    return expr.subs(loss_comparator, loss_minimum + _EXCESS)


PLANS = (
    Plan(claim="T1:norm", expected=Verdict.PROVED, methods=(Search(experiment=PERTURBED),)),
    Plan(claim="T1:residual", expected=Verdict.PROVED, methods=(Search(experiment=PERTURBED),)),
    Plan(claim="T1:parameter-error", expected=Verdict.PROVED, methods=(Search(experiment=FORCED),)),
    Plan(
        claim="T1:score-error-empirical",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=FORCED),
            Sharpness(experiment=FORCED, instance=forced(tau=PEAK), constant="kappa_star"),
        ),
    ),
    Plan(claim="T1:score-error", expected=Verdict.PROVED, methods=(Search(experiment=FORCED),)),
    Plan(claim="T1:loss", expected=Verdict.PROVED, methods=(Search(experiment=PERTURBED), Chain())),
)
