"""Evidence from certificates, and the method that certifies the one-variable inequalities of a claim."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from theory.statement import Claim
from verify.balls.certificates import THEOREMS, Box, Certificate, certify_nonnegative, point_to_dict
from verify.balls.recheck import Recheck
from verify.evidence.budget import Context
from verify.evidence.verdict import Evidence, Verdict, Witness

MOST_RECHECKED = 2000
"""Cells of a certificate that the second engine, some fifty times slower, still re-checks."""


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


def certificate_evidence(goals: Mapping[str, Certificate], *, seconds: float = 0.0) -> Evidence:
    """One piece of evidence from named certificates: CERTIFIED if all are, REFUTED if one is violated, or UNDECIDED.

    A second engine re-checks them cell by cell; where it finds otherwise, the evidence is UNDECIDED. The details hold
    every certificate with its box, so that it can be verified again. ValueError for no goals.
    """
    if not goals:
        raise ValueError("goals must name at least one certificate; got none")
    violated = [name for name, item in goals.items() if item.outcome == "violated"]
    open_goals = [name for name, item in goals.items() if item.outcome == "undecided"]
    cells = sum(item.cells for item in goals.values())
    again = {name: _second_look(item) for name, item in goals.items() if item.outcome != "undecided"}
    contested = [name for name, item in again.items() if item.contradicts]
    witness = None
    if contested:
        verdict, name = Verdict.UNDECIDED, contested[0]
        summary = f"the two engines do not agree on {name} ({goals[name].outcome} by flint): {again[name]}"
    elif violated:
        verdict, name = Verdict.REFUTED, violated[0]
        bad = goals[name]
        where = point_to_dict(bad.witness or {})
        witness = Witness(
            instance={"goal": name, "expr": sp.srepr(bad.expr), "point": where},
            left=0.0,
            right=bad.value_at_witness,
            ratio=math.inf,
            note="0 <= expr fails at this rational point, certainly",
        )
        summary = f"{name}: {bad.expr} is certainly negative at {where}"
    elif open_goals:
        verdict, bad = Verdict.UNDECIDED, goals[open_goals[0]]
        summary = f"{len(open_goals)} of {len(goals)} goals undecided; {open_goals[0]}: {bad.reason}"
    else:
        verdict = Verdict.CERTIFIED
        many = f"{len(goals)} goal{'s' * (len(goals) > 1)} certified in {cells} cell{'s' * (cells > 1)}"
        summary = "; ".join([f"{many}: {_named(goals)}", *_rechecked(again.values())])
    used = {method for item in goals.values() for method in item.methods}
    return Evidence(
        method="certified",
        verdict=verdict,
        summary=summary,
        seconds=seconds,
        smallest=witness,
        worst=witness,
        rests_on=tuple(text for name, text in THEOREMS.items() if name in used),
        details={"goals": {name: stored(item, again.get(name)) for name, item in goals.items()}},
    )


def stored(certificate: Certificate, again: Recheck | None) -> dict[str, object]:
    """A certificate as evidence keeps it, with what the second engine found."""
    found = {} if again is None else {"second_engine": str(again)}
    return {"on": str(certificate.box), **certificate.to_dict(), **found}


def _second_look(certificate: Certificate) -> Recheck:
    """The second engine's finding, for certificates that it can re-check in seconds."""
    if certificate.cells > MOST_RECHECKED:
        return Recheck(held=0, cells=certificate.cells, lacks=f"more than {MOST_RECHECKED:,} cells")
    return certificate.recheck()


def _named(goals: Mapping[str, Certificate]) -> str:
    return "; ".join(f"{name} on {item.box}" for name, item in goals.items())


def _rechecked(found: Collection[Recheck]) -> list[str]:
    """The findings of the second engine in words: the cells of all certificates together, and what it lacks."""
    looked_at = [item for item in found if not item.lacks]
    cells, held = sum(item.cells for item in looked_at), sum(item.held for item in looked_at)
    return [str(Recheck(held=held, cells=cells))] * bool(looked_at) + sorted(
        {str(item) for item in found if item.lacks}
    )


def _is_zero(goal: Goal, point: int | sp.Rational) -> bool:
    """Whether the goal really touches 0 there: a wrong variant of a claim need not."""
    return sp.simplify(goal.expr.subs(goal.variable, point)) == 0
