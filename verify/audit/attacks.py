"""Attacks on a proof: statements that it must not derive, and theorems too weak to derive its own.

Every variant is made from the proved claim: a hypothesis left out, the failure × 0.99, a probability over something
else, the right side lowered by 1 %, and what the proof cites weakened by 1 % (or, where that says a fact, the fact
renamed). A proof that goes through all the same checks less than it says; a hypothesis that it does without is not
used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import sympy as sp

from theory.quantifiers import WithProbability
from theory.statement import Claim
from theory.vocabulary.facts import OVER
from theory.vocabulary.statements import Fact, Rel, Theorem
from verify.proofs.book import Book
from verify.proofs.certified import Proved, fits
from verify.proofs.terms import ProofError

PERCENT = sp.Rational(1, 100)


@dataclass(frozen=True, kw_only=True)
class Attack:
    """A variant of a proof's claim or of what it cites, and whether the proof broke on it, as it must.

    ``kind``: "hypothesis", "failure", "randomness", "constant", "theorem" or "claim"; ``name``: which one.
    """

    kind: str
    name: str
    broke: bool

    def __str__(self) -> str:
        return f"{_WORDS[self.kind]} {self.name}".strip()


_WORDS: Mapping[str, str] = {
    "hypothesis": "without the hypothesis",
    "failure": "with the failure probability × 0.99",
    "randomness": "with a probability over",
    "constant": "with the right side × 0.99",
    "theorem": "with a weaker theorem,",
    "claim": "with a weaker claim,",
}


def attacks(claim: Claim, book: Book) -> Iterator[Attack]:
    """Every automatic variant of a claim that the book proves, tried on its proof."""
    proved = book.proved(claim.id)
    for place, h in enumerate(claim.hypotheses):
        fewer = replace(claim, mutants=(), hypotheses=claim.hypotheses[:place] + claim.hypotheses[place + 1 :])
        yield Attack(kind="hypothesis", name=h.name, broke=_breaks(fewer, book))
    if isinstance(claim.quantifier, WithProbability):
        surer = replace(claim.quantifier, at_least=1 - (1 - PERCENT) * (1 - claim.quantifier.at_least))
        broke = _breaks(replace(claim, mutants=(), quantifier=surer), book)
        yield Attack(kind="failure", name="", broke=broke)
        for words in _elsewhere(proved):
            other = replace(claim.quantifier, over=words)
            yield Attack(
                kind="randomness", name=words, broke=_breaks(replace(claim, mutants=(), quantifier=other), book)
            )
    yield Attack(kind="constant", name="", broke=_breaks(_times(claim, 1 - PERCENT), book))
    for theorem in proved.cited:
        broke = any(
            _breaks(claim, Book({**book.theorems, theorem.id: weaker}, book.claims)) for weaker in weakened(theorem)
        )
        yield Attack(kind="theorem", name=theorem.id, broke=broke)
    for link in proved.links:
        changed = {**book.claims, link: _times(book.claims[link], 1 + PERCENT)}
        yield Attack(kind="claim", name=link, broke=_breaks(claim, Book(book.theorems, changed)))


def _elsewhere(proved: Proved) -> list[str]:
    """The words of a randomness that does not hold what the proof's events are random over; none if it has no event."""
    needed = {place for event in proved.judgement.events for place in event.over}
    return [words for words, places in OVER.items() if not needed <= set(places)][:1]


def weakened(theorem: Theorem) -> tuple[Theorem, ...]:
    """The theorem with its bound off by 1 %, or with the fact that it says under another name.

    An identity is off either way, for one direction of it may be used only, and by a number, for both sides of what is
    proved may be multiples of it: one of these variants must break a proof.
    """
    says = theorem.says
    if isinstance(says, Fact):
        return (replace(theorem, says=Fact(f"{says.name} (renamed)", says.args)),)
    if says.right == 0:  # then the left side is off
        made = [Rel(side, says.sign, says.right) for side in _off(says.left, (1 / (1 + PERCENT), 1 / (1 - PERCENT)))]
    else:
        made = [Rel(says.left, says.sign, side) for side in _off(says.right, (1 + PERCENT, 1 - PERCENT))]
    return tuple(replace(theorem, says=rel) for rel in (made if says.sign == "=" else made[:1]))


def _off(side: sp.Expr, factors: tuple[sp.Expr, ...]) -> list[sp.Expr]:
    return [*(side * factor for factor in factors), side + PERCENT]


def _times(claim: Claim, factor: sp.Expr) -> Claim:
    """The claim with another multiple of its right side."""
    relation = claim.relation
    scaled = {name: term * factor for name, term in relation.rhs.items()}
    return replace(claim, mutants=(), relation=replace(relation, rhs=scaled))


def _breaks(claim: Claim, book: Book) -> bool:
    """Whether the kernel refuses; any other error is a fault of the proof, and no refusal."""
    try:
        fits(claim, book.derive(claim))
    except ProofError:
        return True
    return False
