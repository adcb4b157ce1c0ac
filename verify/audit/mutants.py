"""Runs a plan on the deliberately wrong variants of its claim: a plan that cannot tell them apart is toothless."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from theory.statement import Claim, Mutant
from verify.evidence.budget import Context
from verify.evidence.files import Json, in_words
from verify.evidence.plan import Plan
from verify.evidence.verdict import Evidence, MutantOutcome, Verdict, Witness
from verify.proofs.book import PROOF


@dataclass(frozen=True, kw_only=True)
class MutantResult:
    """What became of one mutant: ``method`` refuted it, with ``witness`` where the method gives one.

    ``proved``: a proof or certificate went through for it; ``by_proof``: the claim's proof was run on it, and broke.
    ``level`` bounds the probability that chance had a part in the outcome.
    """

    name: str
    description: str
    regime: str
    outcome: MutantOutcome
    method: str = ""
    ratio: float | None = None
    witness: Witness | None = None
    proved: bool = False
    by_proof: bool = False
    level: float = 0.0
    seconds: float = 0.0

    @property
    def killers(self) -> tuple[str, ...]:
        """What killed it: the method that refuted it, and the proof that broke on it."""
        return (*((self.method,) if self.method else ()), *((PROOF,) if self.by_proof else ()))

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
            "by_proof": self.by_proof,
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
    proved = by_proof = False
    level = 0.0
    for evidence in plan.run(wrong, context):
        level += evidence.level
        by_proof |= evidence.method == PROOF and evidence.verdict is Verdict.UNDECIDED and evidence.error is None
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
        by_proof=by_proof,
        level=level,
        ratio=killer.worst_ratio if killer else None,
        witness=witness,
        seconds=time.perf_counter() - begin,
    )
