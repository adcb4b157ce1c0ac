"""The front end in which proofs are written; nothing here is trusted, it only calls the kernel's rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy as sp

from theory.claims import REGISTRY
from theory.statement import Claim
from theory.theorems import THEOREMS
from theory.vocabulary.meanings import MeaningError, facts_of, unfold
from theory.vocabulary.statements import Rel, Theorem
from verify.proofs import kernel as k
from verify.proofs.arithmetic import same
from verify.proofs.terms import ProofError, canonical, is_number, replaced

Reason = k.Judgement | tuple[Any, k.Judgement]
"""A judgement, or a factor with one."""


class Draft:
    """A proof being written for one claim. Expressions may use the claim's symbols: they are unfolded."""

    def __init__(
        self, claim: Claim, theorems: Mapping[str, Theorem] = THEOREMS, claims: Mapping[str, Claim] = REGISTRY
    ):
        self.claim, self.theorems, self.claims = claim, theorems, claims

    def __call__(self, expr: Any) -> Any:
        """An expression of the claim as a term over named objects."""
        try:
            return canonical(unfold(expr, self.claim))
        except MeaningError as error:
            raise ProofError(str(error)) from None

    @property
    def goal(self) -> Any:
        """The formal statement of the claim."""
        return k.stated(self.claim)

    def hypothesis(self, name: str) -> k.Judgement:
        """A relation that the claim supposes, by the hypothesis' name."""
        for h in self.claim.hypotheses:
            for fact in facts_of(h, self.claim) if h.name == name else ():
                if isinstance(fact, Rel):
                    return k.assume(fact)
        raise ProofError(f"{self.claim.id} has no relation for a hypothesis {name!r}")

    def defines(self, symbol: sp.Symbol) -> k.Judgement:
        """The value of a constant that has no closed form without Lambert's W: symbol = value."""
        return k.assume(Rel(symbol, "=", self.claim.constants[str(symbol)].value))

    def cite(
        self, name: str, at: Mapping[Any, Any] | None = None, /, *, by: Any = (), given: Any = (), **named: Any
    ) -> k.Judgement:
        """A theorem at values, given by symbol or by name: ``p.cite("Jensen, root", X=…)``."""
        return self._cite(self.theorems[name], at, by, given, named)

    def use(
        self, claim_id: str, at: Mapping[Any, Any] | None = None, /, *, by: Any = (), given: Any = (), **named: Any
    ) -> k.Judgement:
        """Another claim, at values; what it rests on is inherited."""
        return self._cite(k.stated(self.claims[claim_id]), at, by, given, named)

    def _cite(self, theorem: Theorem, at: Any, by: Any, given: Any, named: Mapping[str, Any]) -> k.Judgement:
        by_name = {str(take): take for take in theorem.takes}
        wrong = [name for name in named if name not in by_name]
        if wrong:
            raise ProofError(f"{theorem.id} does not take {wrong[0]!r}; it takes {', '.join(by_name)}")
        values = {**(at or {}), **{by_name[name]: value for name, value in named.items()}}
        return k.cite(theorem, {key: self(value) for key, value in values.items()}, _list(by), _list(given))

    def sign(self, expr: Any, given: Any = (), *, strict: bool = False) -> k.Judgement:
        """0 <= expr, or 0 < expr, visibly."""
        return k.sign(self(expr), _list(given), strict=strict)

    def equal(self, left: Any, right: Any, given: Any = ()) -> k.Judgement:
        """An identity."""
        return k.equal(self(left), self(right), _list(given))

    def assume(self, left: Any, sign: str, right: Any) -> k.Judgement:
        """A relation as a hypothesis, to be discharged or allowed by a theorem's ``where``."""
        return k.assume(Rel(self(left), sign, self(right)))

    def at(self, j: k.Judgement, at: Mapping[Any, Any], given: Any = ()) -> k.Judgement:
        """A judgement at values of its symbols."""
        return k.instantiate(j, {key: self(value) for key, value in at.items()}, _list(given))

    def rising(self, function: Callable[[Any], Any], j: k.Judgement, given: Any = ()) -> k.Judgement:
        """f(L) <= f(R) from L <= R for a visibly monotone f (>= for a falling one), f(L) = f(R) from L = R."""
        hole = _hole(j.left)
        return k.substitute(self(function(hole)), hole, j, _list(given))

    def combine(self, left: Any, sign: str, right: Any, *parts: Reason, given: Any = ()) -> k.Judgement:
        """A relation as a sum of factors times relations, and of what is visibly nonnegative."""
        return k.combine(Rel(self(left), sign, self(right)), [self._part(part) for part in parts], _list(given))

    def _part(self, part: Reason) -> tuple[Any, k.Judgement]:
        return (self(part[0]), part[1]) if isinstance(part, tuple) else (sp.S.One, part)

    def weaken(self, j: k.Judgement, failure: Any, bound: k.Judgement | None = None) -> k.Judgement:
        """A larger failure, in one event."""
        return k.weaken(j, self(failure), bound)

    def calc(self, start: Any, *rows: tuple[Any, ...], given: Any = ()) -> k.Judgement:
        """A chain of rows (sign, expression, reasons…): each reason rewrites in place, or all are added up."""
        given, links, here, sign = _list(given), [], self(start), "="
        for relation, raw, *reasons in rows:
            target = self(raw)
            links.append((sp.S.One, self._link(here, relation, target, [self._part(r) for r in reasons], given)))
            here = target
            sign = relation if relation == "<" or (relation == "<=" and sign == "=") else sign
        return k.combine(Rel(self(start), sign, here), links, given)

    def _link(self, left: Any, sign: str, right: Any, parts: list[Any], given: Sequence[k.Judgement]) -> k.Judgement:
        """One row: an identity, a rewriting by the reasons in turn, or their sum."""
        if not parts:
            return k.equal(left, right, given) if sign == "=" else k.combine(Rel(left, sign, right), [], given)
        tries: list[ProofError] = []
        if all(factor == 1 for factor, _ in parts):
            try:
                return self._rewritten(left, sign, right, [j for _, j in parts], given)
            except ProofError as error:
                tries.append(error)
        try:
            return k.combine(Rel(left, sign, right), parts, given)
        except ProofError as error:
            tries.append(error)
        raise ProofError("no rule leads from {}\n  {} {}:" + "\n    {}" * len(tries), left, sign, right, *tries)

    def _rewritten(self, left: Any, sign: str, right: Any, reasons: Sequence[k.Judgement], given: Any) -> k.Judgement:
        links, here, tries = [], left, list[ProofError]()
        for j in reasons:
            rel: Any = j.says
            for old, new, forth in ((rel.left, rel.right, 1), (rel.right, rel.left, -1)):
                if old.is_number or not here.has(old) or (forth < 0 and rel.sign != "=" and new == rel.right):
                    continue
                hole = _hole(old)
                try:
                    made = k.substitute(_outside(here, old, hole), hole, j, given)
                except ProofError as error:
                    tries.append(error)
                    continue
                one, two = made.left, made.right
                if one == here or same(one, here):
                    links.append((sp.S.One, made))
                    here = two
                    break
                if rel.sign == "=" and (two == here or same(two, here)):
                    links.append((-sp.S.One, made))
                    here = one
                    break
                tries.append(ProofError("{} does not start at {}", made.says, here))
            else:
                told = "\n    ".join(["{}"] * len(tries)) or "{} occurs nowhere in {}"
                raise ProofError(told, *(tries or (rel, here)))
        return k.combine(Rel(left, sign, right), links, given)


_HOLES = {kind: sp.Dummy("x", **{kind: True}) for kind in ("positive", "nonnegative", "real")}


def _hole(like: Any) -> sp.Dummy:
    """A place for numbers of the sign of this one."""
    return _HOLES["positive" if like.is_positive else "nonnegative" if like.is_nonnegative else "real"]


def _outside(expr: Any, old: Any, new: Any) -> Any:
    """``old`` replaced where it stands as it is, else as a factor of powers (τ² for τ)."""
    made = replaced(expr, {old: new})
    return made if made != expr else expr.subs(old, new)


def _list(judgements: Any) -> list[k.Judgement]:
    return [judgements] if isinstance(judgements, k.Judgement) else list(judgements)


PROOFS: dict[str, Callable[[Draft], k.Judgement]] = {}
"""The proof of every claim that has one, by id."""


def proves(*claim_ids: str) -> Callable[[Any], Any]:
    """Enter a proof for claims."""

    def enter(proof: Any) -> Any:
        for claim_id in claim_ids:
            if claim_id in PROOFS:
                raise ValueError(f"claim_ids: {claim_id} has a proof already, {PROOFS[claim_id].__name__}")
            PROOFS[claim_id] = proof
        return proof

    return enter


__all__ = ["PROOFS", "Draft", "ProofError", "is_number", "proves"]
