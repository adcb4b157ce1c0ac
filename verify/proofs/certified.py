"""What is proved: that a judgement is a claim, with all that it rests on. Trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from theory.statement import Claim
from theory.theorems import THEOREMS
from theory.vocabulary.statements import Fact, Statement, Theorem
from verify.proofs.arithmetic import same_statement, visible
from verify.proofs.judgement import Judgement, genuine, seal_of, union
from verify.proofs.kernel import stated
from verify.proofs.terms import ProofError, canonical_statement


@dataclass(frozen=True, eq=False)
class Proved:
    """That a claim holds: its formal statement, and what its proof used of it and rests on."""

    theorem: Theorem
    judgement: Judgement
    used: frozenset[Statement]
    theorems: frozenset[str]
    claims: frozenset[str]
    seal: int

    @property
    def links(self) -> tuple[str, ...]:
        """The claims that the proof itself uses, by id; ``claims`` are those of the whole chain."""
        return tuple(sorted(theorem.id for theorem in self.judgement.rests if theorem.trust == "claim"))

    @property
    def cited(self) -> tuple[Theorem, ...]:
        """The theorems and definitions that the proof itself cites."""
        return tuple(sorted((t for t in self.judgement.rests if t.trust != "claim"), key=lambda t: t.id))


def fits(claim: Claim, j: Judgement) -> Theorem:
    """The claim's formal statement, which the judgement is with its hypotheses and its chance; ProofError if not."""
    goal = stated(claim)
    if not same_statement(genuine(j).says, canonical_statement(goal.says)):
        raise ProofError("derived {}, not the claim {}", j.says, goal.says)
    known = [canonical_statement(h) for h in goal.given]  # type: ignore[arg-type]
    for h in j.hyps:
        if not any(same_statement(h, own) or _more_independent(own, h) for own in known):
            raise ProofError("uses the hypothesis {}, which the claim does not state", h)
    if j.events and not visible(goal.failure - j.failure):
        raise ProofError(f"fails with probability up to {j.failure}, the claim allows {goal.failure}")
    if not union(e.over for e in j.events) <= set(goal.over):
        raise ProofError(f"random over {set(union(e.over for e in j.events))}, the claim over {set(goal.over)}")
    return goal


def certify(claim: Claim, j: Judgement, proved: Mapping[str, Proved]) -> Proved:
    """That a judgement is the claim; ``proved`` holds the claims that it rests on, so that none can rest on itself."""
    goal = fits(claim, j)
    theorems: set[str] = set()
    claims: set[str] = set()
    for theorem in j.rests:
        if theorem.trust != "claim":
            if THEOREMS.get(theorem.id) != theorem:
                raise ProofError(f"{theorem.id} is not the registry's theorem of that name")
            theorems.add(theorem.id)
            continue
        link = proved.get(theorem.id)
        if type(link) is not Proved or link.seal != seal_of(_covered(link)) or link.theorem != theorem:
            raise ProofError(f"rests on {theorem.id}, which is not proved")
        theorems |= link.theorems
        claims |= {theorem.id} | link.claims
    if claim.id in claims:
        raise ProofError(f"{claim.id} rests on itself")
    parts = (goal, j, j.hyps, frozenset(theorems), frozenset(claims))
    return Proved(*parts, seal_of((goal, j.seal, *parts[2:])))


def _covered(link: Proved) -> tuple[Any, ...]:
    return link.theorem, genuine(link.judgement).seal, link.used, link.theorems, link.claims


def _more_independent(stated: Statement, needed: Statement) -> bool:
    """Independence of more samples than are needed."""
    both = isinstance(stated, Fact) and isinstance(needed, Fact) and stated.name == needed.name == "independent"
    return both and set(needed.parts) <= set(stated.parts)
