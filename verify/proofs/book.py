"""The book of proofs: every claim's proof run and certified, with the proofs of all claims that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from theory.claims import FAMILIES, REGISTRY
from theory.family import files
from theory.statement import Claim
from theory.theorems import THEOREMS
from theory.vocabulary.statements import Theorem
from verify.proofs.certified import Proved, certify
from verify.proofs.judgement import Judgement
from verify.proofs.terms import ProofError
from verify.proofs.writing import PROOFS, Draft


@cache
def load() -> Mapping[str, object]:
    """The proofs of all families, by claim id; a family's file has the name that it has among the claims."""
    for name in files([str(Path(__file__).parent)]):
        if name in FAMILIES:
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
        return certify(claim, judgement, {link: self.proved(link) for link in links})

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
