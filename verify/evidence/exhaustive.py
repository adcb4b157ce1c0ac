"""Exact enumeration of a finite set of instances, in integers, fractions or balls: every element is decided."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flint import arb

from theory.statement import Claim, Identity
from verify.evidence.budget import Context
from verify.evidence.confrontation import Experiment, Outcome
from verify.evidence.domain import Instance
from verify.evidence.verdict import Evidence, Verdict, Witness


@dataclass(frozen=True, kw_only=True)
class Exhaustive:
    """Decide a claim on every element of a finite set.

    ``elements(size)`` lists the instances for the budget's size, smallest first; ``covers(size)`` says in words what
    the list covers, e.g. "all n <= 40, every δ".
    """

    experiment: Experiment
    elements: Callable[[int], Iterable[Instance]]
    covers: Callable[[int], str]
    method: str = "exhaustive"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Visit every element; one that balls cannot decide makes the whole UNDECIDED."""
        begin = time.perf_counter()
        evaluate = self.experiment.sides(claim)
        count = undecided = 0
        smallest: Witness | None = None
        worst: Witness | None = None
        worst_ratio = -math.inf
        size = context.budget.size
        for instance in self.elements(size):
            count += 1
            outcome = self.experiment.outcome(claim, evaluate, instance)
            if outcome.violated:
                witness = outcome.witness(instance)
                smallest = smallest or witness
                worst = witness if worst is None or outcome.ratio > worst.ratio else worst
            elif not _holds(claim, outcome):
                undecided += 1
            if not math.isnan(outcome.ratio):
                worst_ratio = max(worst_ratio, outcome.ratio)
        covered = self.covers(size)
        if smallest is not None:
            verdict, summary = Verdict.REFUTED, f"violated: ratio {smallest.ratio:.6g} at the first witness"
        elif count == 0:
            verdict, summary = Verdict.VACUOUS, f"the set is empty: {covered}"
        elif undecided:
            verdict, summary = Verdict.UNDECIDED, f"{undecided} of {count} cases not decided"
        else:
            verdict, summary = Verdict.EXHAUSTIVE, f"{covered}: {count} cases, worst ratio {worst_ratio:.6g}"
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            smallest=smallest,
            worst=worst,
            worst_ratio=worst_ratio if count else None,
            seconds=time.perf_counter() - begin,
            experiment=self.experiment.name,
            details={"covers": covered, "cases": count},
        )


def _holds(claim: Claim, outcome: Outcome) -> bool:
    left, right = outcome.left, outcome.right
    if isinstance(claim.relation, Identity):
        return bool(left.is_exact() and right.is_exact() and left == right)
    return bool(left <= right) or _equal(left, right)


def _equal(left: arb, right: arb) -> bool:
    return bool(left.is_exact() and right.is_exact() and left == right)
