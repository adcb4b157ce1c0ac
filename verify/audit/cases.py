"""What is to be checked: a registered claim, a changed one, one of one's own with its plan, or a lemma."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol, runtime_checkable

from theory.checks import shown
from theory.claims import REGISTRY
from theory.statement import Claim
from verify.evidence.budget import Context
from verify.evidence.plan import Around, Plan
from verify.evidence.verdict import Evidence, Verdict
from verify.plans import PLANS
from verify.proofs.book import Derivation


@runtime_checkable
class Stated(Protocol):
    """A statement that brings its plan, such as a `Lemma`."""

    @property
    def claim(self) -> Claim:
        """The statement."""
        ...

    @property
    def plan(self) -> Plan:
        """How it is confronted."""
        ...


@dataclass(frozen=True, kw_only=True)
class Case:
    """A claim and the plan that confronts it.

    ``replay`` is the command that goes before a token, None where no token can be replayed.
    """

    claim: Claim
    plan: Plan
    replay: str | None
    stated: Claim | str | Stated


def case(claim: Claim | str | Stated, plan: Plan | None = None) -> Case:
    """The claim and its plan, from an id, a Claim or a lemma.

    A claim that is not the registry's as it stands, steps of proofs do not speak for; nor does anything where the
    registry's plan is blind to what was changed. Raises KeyError for an unknown id, ValueError for a claim without a
    plan, TypeError for anything else.
    """
    if plan is not None and not isinstance(plan, Plan):
        raise TypeError(f"plan must be a Plan; got {shown(plan)}")
    if isinstance(claim, (str, Claim)):
        return _of_claim(REGISTRY[claim] if isinstance(claim, str) else claim, plan)
    if isinstance(claim, Stated) and isinstance(claim.claim, Claim) and isinstance(claim.plan, Plan):
        place = getattr(claim, "place", None)
        command = f"scoregap replay {place}" if place else ""
        return Case(claim=claim.claim, plan=plan or claim.plan, replay=command, stated=claim)
    raise TypeError(f"claim must be a Claim, a Lemma or an id such as 'L1:repaired'; got {shown(claim)}")


def _of_claim(claim: Claim, plan: Plan | None) -> Case:
    registered = REGISTRY.get(claim.id)
    if registered == claim:
        command = "scoregap replay" if plan is None else None
        return Case(claim=claim, plan=plan or PLANS[claim.id], replay=command, stated=claim.id)
    if plan is None and registered is None:
        raise ValueError(
            f"claim {claim.id!r} is not the registry's and has no plan; pass plan=…, or state it with "
            "verify.lemma, which makes one"
        )
    if plan is not None:
        return Case(claim=claim, plan=_quiet(plan, None), replay=None, stated=claim)
    return Case(claim=claim, plan=_quiet(PLANS[claim.id], _unseen(claim, registered)), replay=None, stated=claim)


def cases(items: Any) -> tuple[Case, ...]:
    """The cases of an audit: ids and families in the ledger's order, then claims and lemmas as they come."""
    if items is None or isinstance(items, str):
        return tuple(case(claim_id) for claim_id in REGISTRY.select(items))
    if isinstance(items, (Claim, Stated)):
        return (case(items),)
    if not isinstance(items, Iterable) or isinstance(items, (bytes, bytearray)):
        raise TypeError(f"ids must be strings such as 'L1:repaired', claims or lemmas; got {shown(items)}")
    listed = list(items)
    own = [item for item in listed if isinstance(item, (Claim, Stated))]
    names = [item for item in listed if not isinstance(item, (Claim, Stated))]
    found = [*(_cases_of(names) if names else ()), *(case(item) for item in own)]
    ids = [item.claim.id for item in found]
    twice = next((name for name in ids if ids.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"ids must be different; got two statements called {twice}: give one of them another id=")
    return tuple(found)


def _cases_of(names: Iterable[Any]) -> tuple[Case, ...]:
    """The registry's claims of ids and families."""
    return tuple(case(claim_id) for claim_id in REGISTRY.select(names))


# A changed claim -----------------------------------------------------------------------------------------------------

_SEEN = ("relation", "constants", "setting", "mutants", "sentence", "source", "note", "id")
"""What the registry's plans read off the claim itself (as its mutants show), and what does not change its truth."""


def _unseen(claim: Claim, registered: Any) -> str | None:
    changed = [
        item.name
        for item in fields(Claim)
        if item.name not in _SEEN and getattr(claim, item.name) != getattr(registered, item.name)
    ]
    return " and ".join(changed) if changed else None


def _quiet(plan: Plan, unseen: str | None) -> Plan:
    return replace(plan, methods=tuple(Quiet(inner=method, unseen=unseen) for method in plan.methods))


@dataclass(frozen=True, kw_only=True)
class Quiet(Around):
    """A method on a claim that was changed: what does not follow from the change in statement is not concluded.

    Only a derivation of the changed statement proves it: symbolic steps do not speak for it, and nothing speaks for or
    against it where the method does not look at what was changed (``unseen``), for it was written for the registry's
    claim.
    """

    unseen: str | None

    def run(self, claim: Claim, context: Context) -> Evidence:
        """The inner method's evidence, undecided where it does not speak of this claim."""
        found = self.inner.run(claim, context)
        if isinstance(self.inner, Derivation):  # the kernel derives the changed statement, or does not
            return found
        if self.unseen is not None and found.verdict is not Verdict.UNDECIDED:
            return _undecided(found, f"this plan does not look at the {self.unseen}, which were changed")
        symbolic = found.verdict in (Verdict.PROVED, Verdict.ARGUED) or (
            found.verdict is Verdict.REFUTED and found.smallest is None
        )
        return _undecided(found, "symbolic steps do not speak for a changed claim") if symbolic else found


def _undecided(found: Evidence, reason: str) -> Evidence:
    return replace(
        found,
        verdict=Verdict.UNDECIDED,
        summary=f"{reason} (for the registry's claim: {found.summary})",
        smallest=None,
        worst=None,
        worst_ratio=None,
    )
