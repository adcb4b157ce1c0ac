"""The book of proofs: every claim's proof run and certified, with the proofs of all claims that it rests on.

As a method it is PROVED where the kernel derives the very statement, BLOCKED where a link is missing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from theory.claims import FAMILIES, REGISTRY
from theory.family import files
from theory.statement import Claim
from theory.theorems import THEOREMS
from theory.vocabulary.statements import Theorem
from verify.evidence.budget import Context
from verify.evidence.verdict import Evidence, Verdict
from verify.proofs.certified import Proved, certify
from verify.proofs.judgement import Judgement
from verify.proofs.terms import ProofError
from verify.proofs.writing import PROOFS, Draft


class MissingLinkError(ProofError):
    """A proof uses a claim that is not proved: ``link``."""

    def __init__(self, link: str, reason: str):
        super().__init__(reason)
        self.link = link


@cache
def _homes() -> tuple[str, ...]:
    """The families that have proofs; a family's file has the name that it has among the claims."""
    return tuple(name for name in files([str(Path(__file__).parent)]) if name in FAMILIES)


def load(family: str | None = None) -> Mapping[str, object]:
    """The proofs by claim id, with those of a family, or of all, among them."""
    for name in _homes() if family is None else (family,) if family in _homes() else ():
        import_module(f"verify.proofs.{name}")
    return PROOFS


class Book:
    """Proofs of one set of theorems and claims, each run once."""

    def __init__(self, theorems: Mapping[str, Theorem] = THEOREMS, claims: Mapping[str, Claim] = REGISTRY):
        self.theorems, self.claims = theorems, claims
        self._done: dict[str, Proved] = {}
        self._open: list[str] = []

    def derive(self, claim: Claim) -> Judgement:
        """What the proof of the claim, or of the claim that this is a variant of, derives; ProofError if it fails."""
        base = claim.id.split("~", maxsplit=1)[0]
        if base not in load():
            raise ProofError(f"{base} has no proof")
        return PROOFS[base](Draft(claim, self.theorems, self.claims))

    def certify(self, claim: Claim) -> Proved:
        """The claim with what its proof rests on, through all links; ProofError if the proof is not one of it."""
        judgement = self.derive(claim)
        links = sorted(theorem.id for theorem in judgement.rests if theorem.trust == "claim")
        return certify(claim, judgement, {link: self._link(link) for link in links})

    def _link(self, claim_id: str) -> Proved:
        try:
            return self.proved(claim_id)
        except MissingLinkError:
            raise
        except ProofError as error:
            raise MissingLinkError(claim_id, str(error)) from None

    def proved(self, claim_id: str) -> Proved:
        """A claim of the registry, proved; ProofError where it is not, or would rest on itself."""
        if claim_id not in self._done:
            if claim_id in self._open:
                raise ProofError(f"{' -> '.join([*self._open, claim_id])}: a claim rests on itself")
            self._open.append(claim_id)
            try:
                self._done[claim_id] = self.certify(self.claims[claim_id])
            finally:
                self._open.remove(claim_id)
        return self._done[claim_id]


# A proof as a method ------------------------------------------------------------------------------------------------

PROOF = "proof"
"""The method's name."""


@cache
def registry_book() -> Book:
    """The proofs of the registry's claims from the registry's theorems, each run once."""
    return Book()


def uses(claim_id: str) -> tuple[str, ...]:
    """The claims that the proof of a claim uses itself; none where it has no proof that goes through."""
    try:
        return registry_book().proved(claim_id).links
    except ProofError:
        return ()


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """Derive the claim as it stands, with its hypotheses and its probability, by the proof that its family has.

    On a variant of the claim the same proof is run, and what it derives must be the variant.
    """

    method: str = PROOF

    def run(self, claim: Claim, context: Context) -> Evidence:
        """PROVED with the theorems that it rests on, through all links; BLOCKED by a link; else UNDECIDED."""
        begin, book = time.perf_counter(), registry_book()
        try:
            proved = book.proved(claim.id) if book.claims.get(claim.id) is claim else book.certify(claim)
        except MissingLinkError as error:
            verdict, summary, proved = Verdict.BLOCKED, f"rests on {error.link}, which is not proved: {error}", None
        except ProofError as error:
            verdict, summary, proved = Verdict.UNDECIDED, f"not derived: {error}", None
        else:
            verdict, summary = Verdict.PROVED, _summary(proved)
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            rests_on=tuple(sorted(proved.theorems)) if proved else (),
            links=proved.links if proved else (),
            seconds=time.perf_counter() - begin,
        )


def _summary(proved: Proved) -> str:
    counts = ((len(proved.theorems), "theorem"), (len(proved.claims), "claim"))
    rests = " and ".join(f"{count} {name}{'s' * (count != 1)}" for count, name in counts if count)
    return f"derived from {rests}" if rests else "derived from nothing but the rules"
