"""Runs a plan on the deliberately wrong variants of its claim: a plan that cannot tell them apart is toothless."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from theory.statement import Claim, Mutant
from verify.evidence.budget import Context
from verify.evidence.files import Json, in_words
from verify.evidence.plan import Plan
from verify.evidence.verdict import Evidence, MutantOutcome, Verdict, Witness


@dataclass(frozen=True, kw_only=True)
class MutantResult:
    """What became of one mutant: ``method`` refuted it, with ``witness`` where the method gives one."""

    name: str
    description: str
    regime: str
    outcome: MutantOutcome
    method: str = ""
    ratio: float | None = None
    witness: Witness | None = None
    proved: bool = False
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Json]:
        """The result as a JSON object."""
        return {
            "name": self.name,
            "description": self.description,
            "regime": self.regime,
            "outcome": str(self.outcome),
            "method": self.method,
            "ratio": None if self.ratio is None else in_words(self.ratio),
            "proved": self.proved,
            "witness": None if self.witness is None else self.witness.to_dict(),
        }


def attack(claim: Claim, mutant: Mutant, plan: Plan, context: Context, *, every_method: bool = False) -> MutantResult:
    """Run the plan on a mutant until a method refutes it (with ``every_method``, to the end).

    ``proved`` tells that a proof or certificate went through for the wrong statement: it then checks nothing.
    """
    begin = time.perf_counter()
    wrong = mutant.apply(claim)
    context = replace(context.at(mutant.name), first_refutation=True)
    killer: Evidence | None = None
    proved = False
    for evidence in plan.run(wrong, context):
        proved |= evidence.speaks_for_claim and evidence.verdict in (Verdict.PROVED, Verdict.CERTIFIED)
        if killer is None and evidence.verdict is Verdict.REFUTED:
            killer = evidence
            if not every_method:
                break
    outcome = (
        MutantOutcome.KILLED
        if killer
        else MutantOutcome.OUT_OF_REACH
        if mutant.out_of_reach
        else MutantOutcome.SURVIVED
    )
    witness = killer.smallest if killer else None
    return MutantResult(
        name=mutant.name,
        description=mutant.description,
        regime=mutant.out_of_reach if outcome is MutantOutcome.OUT_OF_REACH else mutant.regime,  # type: ignore[arg-type]
        outcome=outcome,
        method=killer.method if killer else "",
        proved=proved,
        ratio=killer.worst_ratio if killer else None,
        witness=witness,
        seconds=time.perf_counter() - begin,
    )
