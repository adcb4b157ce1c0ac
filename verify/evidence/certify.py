"""The method that certifies the one-variable inequalities to which a claim has been brought."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sympy as sp

from theory.statement import Claim
from verify.balls.certificates import Box, certificate_evidence, certify_nonnegative
from verify.evidence.budget import Context
from verify.evidence.verdict import Evidence, Verdict


@dataclass(frozen=True, kw_only=True)
class Goal:
    """``expr >= 0`` for ``variable`` in [lower, upper], an instance of the claim; it is 0 exactly at ``touching``."""

    name: str
    expr: sp.Expr
    variable: sp.Symbol
    lower: sp.Expr = sp.S.Zero
    upper: sp.Expr = sp.oo
    touching: tuple[int | sp.Rational, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Certify:
    """Certify goals that are built from the claim's own expressions; a violated goal refutes the claim."""

    goals: Callable[[Claim], Sequence[Goal]]
    method: str = "certified"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Certify every goal within the budget's number of cells."""
        begin = time.perf_counter()
        goals = list(self.goals(claim))
        for goal in goals:
            left_over = sorted(str(symbol) for symbol in goal.expr.free_symbols - {goal.variable})
            if left_over:
                return Evidence(
                    method=self.method,
                    verdict=Verdict.UNDECIDED,
                    seconds=time.perf_counter() - begin,
                    summary=f"{goal.name}: the claim does not reduce to {goal.variable} alone, "
                    f"{', '.join(left_over)} is left",
                )
        certificates = {
            goal.name: certify_nonnegative(
                goal.expr,
                Box({goal.variable: (goal.lower, goal.upper)}),
                max_cells=context.budget.cells,
                touching=[{goal.variable: point} for point in goal.touching if _is_zero(goal, point)],
            )
            for goal in goals
        }
        return certificate_evidence(certificates, seconds=time.perf_counter() - begin)


def _is_zero(goal: Goal, point: int | sp.Rational) -> bool:
    """Whether the goal really touches 0 there: a wrong variant of a claim need not."""
    return sp.simplify(goal.expr.subs(goal.variable, point)) == 0
