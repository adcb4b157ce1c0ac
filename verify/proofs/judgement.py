"""Judgements, which the kernel's rules derive: sealed, so that one changed or made elsewhere is refused. Trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from theory.vocabulary.statements import Rel, Statement, Theorem
from theory.vocabulary.terms import sources
from verify.proofs.terms import ProofError


@dataclass(frozen=True)
class Event:
    """That ``says`` holds: it fails with probability ``failure`` at most, over the samples ``over``."""

    says: Statement
    failure: sp.Expr
    over: frozenset[sp.Basic]


def _sealer() -> Callable[[Any], int]:
    secret = object()
    return lambda content: hash((secret, content))


seal_of = _sealer()


@dataclass(frozen=True, eq=False)
class Judgement:
    """What a rule derived; ``rule``, ``premises`` and ``detail`` are the proof, which an export can walk."""

    hyps: frozenset[Statement]
    says: Statement
    events: frozenset[Event]
    rests: frozenset[Theorem]
    rule: str
    premises: tuple[Judgement, ...]
    detail: Any
    seal: int

    @property
    def failure(self) -> sp.Expr:
        """The sum of the events' failures."""
        return sp.Add(*(event.failure for event in self.events))

    @property
    def content(self) -> tuple[Any, ...]:
        """What the seal covers."""
        return self.hyps, self.says, self.events, self.rests

    @property
    def left(self) -> Any:
        """The left side of a relation."""
        return self.says.left  # type: ignore[union-attr]

    @property
    def right(self) -> Any:
        """The right side of a relation."""
        return self.says.right  # type: ignore[union-attr]

    def __str__(self) -> str:
        chance = f"   [fails with probability <= {self.failure}]" if self.events else ""
        return f"{self.says}{chance}   ({self.rule})"


def genuine(j: Judgement) -> Judgement:
    """The judgement, if a rule made it as it stands; ProofError for any other."""
    if type(j) is not Judgement or j.seal != seal_of(j.content):
        raise ProofError(f"no rule made this judgement: {j}")
    return j


def make(
    rule: str,
    says: Statement,
    premises: Iterable[Judgement] = (),
    *,
    hyps: Iterable[Statement] | None = None,
    events: Iterable[Event] | None = None,
    rests: Iterable[Theorem] = (),
    detail: Any = None,
) -> Judgement:
    """A judgement; its hypotheses and events are the premises' where they are not given."""
    every = tuple(genuine(p) for p in premises)
    content = (
        union(p.hyps for p in every) if hyps is None else frozenset(hyps),
        says,
        union(p.events for p in every) if events is None else frozenset(events),
        frozenset(rests) | union(p.rests for p in every),
    )
    return Judgement(*content, rule, every, detail, seal_of(content))


def union(sets: Iterable[Iterable[Any]]) -> frozenset[Any]:
    """The union of sets."""
    return frozenset(item for each in sets for item in each)


def relation(j: Judgement) -> Rel:
    """The relation that a judgement says; ProofError for a fact."""
    if not isinstance(genuine(j).says, Rel):
        raise ProofError(f"not a relation: {j}")
    return j.says  # type: ignore[return-value]


def relations(given: Iterable[Judgement]) -> tuple[Rel, ...]:
    """The relations of judgements."""
    return tuple(map(relation, given))


def samples_of(statements: Iterable[Statement], kind: type = object) -> frozenset[Any]:
    """The samples that statements depend on, of one kind of statement."""
    return union(sources(part) for s in statements if isinstance(s, kind) for part in s.parts)


def surely(*given: Judgement, over: frozenset[Any]) -> None:
    """Refuse what holds at some outcomes only, where it is needed at all."""
    for j in given:
        if j.events or samples_of(j.hyps, Rel) & over:
            raise ProofError(f"needed surely, and not with a probability or at some outcomes: {j}")
