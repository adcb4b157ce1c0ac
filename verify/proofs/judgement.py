"""Judgements, which the kernel's rules derive: sealed, so that one changed or made elsewhere is refused. Trusted."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

import sympy as sp

from theory.vocabulary.statements import Fact, Rel, Statement, Theorem
from theory.vocabulary.terms import randomness, sources
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


Asked = ParamSpec("Asked")


def remembered(rule: Callable[Asked, Judgement]) -> Callable[Asked, Judgement]:
    """A rule that gives the judgement that it made when it is asked the same again: it depends on nothing else."""
    made: dict[Any, Judgement] = {}

    @wraps(rule)
    def ask(*asked: Asked.args, **named: Asked.kwargs) -> Judgement:
        question = _question((asked, named))
        try:
            known = made.get(question)
        except TypeError:  # nothing that a rule takes, which says so
            return rule(*asked, **named)
        if known is None or known.seal != seal_of(known.content):  # never made, or changed since
            if len(made) >= _MOST:
                made.clear()
            known = made[question] = rule(*asked, **named)
        return known

    return ask


_MOST = 65536
"""How many judgements a rule remembers."""


def _question(asked: Any) -> Hashable:
    """What a rule is asked, as a key: a judgement stands for itself once it is seen to be genuine."""
    if isinstance(asked, Mapping):
        return frozenset((_question(key), _question(value)) for key, value in asked.items())
    if isinstance(asked, (list, tuple)):
        return tuple(map(_question, asked))
    return genuine(asked) if isinstance(asked, Judgement) else (type(asked), asked)


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


def kept_apart(values: Mapping[Any, Any], samples: Iterable[Any], statistics: Iterable[Any] = ()) -> frozenset[Any]:
    """The randomness of the samples after the values are put in; ProofError for a value that depends on it."""
    new = {o: randomness(values.get(o, o)) for o in samples}
    moved = union(new.values())
    if sum(map(len, new.values())) != len(moved):
        raise ProofError(f"two samples would become one: {values}")
    for key, value in values.items():
        hit = (sources(value) - new.get(key, frozenset())) & moved
        if hit and key not in statistics:
            raise ProofError(f"{value} depends on {set(hit)}, over which the statement is random: it may not be put in")
    return moved


def event_of(says: Statement, failure: Any, over: frozenset[Any]) -> tuple[Event, frozenset[Statement]]:
    """An event, and the independence that it needs where its statement depends on more than one sample."""
    if sources(failure) & over:
        raise ProofError(f"the failure {failure} depends on what it is a probability over")
    every = over | samples_of([says]) | sources(failure)
    apart = [Fact("independent", tuple(sorted(every, key=str)))] if len(every) > 1 else []
    return Event(says, failure, over), frozenset(apart)
