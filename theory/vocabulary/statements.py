"""Formal statements: facts, relations, hypotheses for every value, and theorems made of them. Values; nothing runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from theory import checks


@dataclass(frozen=True)
class Fact:
    """A named property of objects and numbers: ``iid(Y, n)``."""

    name: str
    args: tuple[sp.Basic, ...]

    def map(self, change: Callable[[sp.Basic], sp.Basic]) -> Fact:
        """The fact about changed arguments."""
        return Fact(self.name, tuple(change(part) for part in self.args))

    @property
    def parts(self) -> tuple[sp.Basic, ...]:
        """The terms that it is about."""
        return self.args

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.args))})"


@dataclass(frozen=True)
class Rel:
    """``left <= right``, ``left < right`` or ``left = right`` between numbers."""

    left: sp.Expr
    sign: str
    right: sp.Expr

    def __post_init__(self) -> None:
        if self.sign not in ("<=", "<", "="):
            raise ValueError(f"sign must be '<=', '<' or '='; got {self.sign!r}")

    def map(self, change: Callable[[sp.Basic], sp.Basic]) -> Rel:
        """The relation between changed sides."""
        return Rel(change(self.left), self.sign, change(self.right))  # type: ignore[arg-type]

    @property
    def parts(self) -> tuple[sp.Basic, ...]:
        """Both sides."""
        return self.left, self.right

    def __str__(self) -> str:
        return f"{self.left} {self.sign} {self.right}"


Statement = Fact | Rel


@dataclass(frozen=True)
class Every:
    """A relation for all values of ``variables`` with ``where``.

    A sample among the variables says that it holds surely. With ``failure`` the relation, for a generic index, may
    fail with at most that probability.
    """

    variables: tuple[sp.Basic, ...]
    says: Rel
    where: tuple[Statement, ...] = ()
    failure: sp.Expr = sp.S.Zero

    def __str__(self) -> str:
        return f"for all {', '.join(map(str, self.variables))}: {self.says}"


@dataclass(frozen=True, kw_only=True)
class Theorem:
    """For all ``takes``: under ``given``, ``says`` holds outside an event of probability ``failure`` at most.

    The probability is over the samples among ``takes``; what it takes beside them does not depend on them, except
    what ``statistics`` names. ``given`` relations without `Every` are read where ``says`` is: at one outcome.
    ``formal`` names the theorem in Mathlib or lean-rademacher where it is there; ``field`` is its part of the registry.
    ``trust`` is "cited", "definition" (it says what a name means) or "claim" (a statement of the ledger).
    """

    id: str
    sentence: str
    source: str
    takes: tuple[sp.Basic, ...]
    given: tuple[Fact | Rel | Every, ...] = ()
    says: Statement
    failure: sp.Expr = sp.S.Zero
    statistics: tuple[sp.Basic, ...] = ()
    over: tuple[sp.Basic, ...] = ()
    trust: str = "cited"
    formal: str = ""

    def __post_init__(self) -> None:
        for part in ("id", "sentence", "source"):
            checks.text(part, getattr(self, part))
        if self.trust not in ("cited", "definition", "claim"):
            raise ValueError(f"trust must be cited, definition or claim; got {self.trust!r}")
        for name, part in (("takes", self.takes), ("given", self.given), ("statistics", self.statistics)):
            checks.instance(name, part, tuple)


def at_most(left: object, right: object) -> Rel:
    """``left <= right``."""
    return Rel(sp.sympify(left), "<=", sp.sympify(right))


def below(left: object, right: object) -> Rel:
    """``left < right``."""
    return Rel(sp.sympify(left), "<", sp.sympify(right))


def equals(left: object, right: object) -> Rel:
    """``left = right``."""
    return Rel(sp.sympify(left), "=", sp.sympify(right))
