"""The plans, one file or folder per family of claims, of the names of ``theory/claims/``, found by what lies here.

A file ends with its ``PLANS``; here ``PLANS`` maps every claim id to its plan. A claim that has a proof in the kernel
is confronted by it first; one whose family measures with ``numerics`` has its instruments compared with exact forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from importlib import import_module

from theory.claims import FAMILIES
from theory.family import Family, files
from verify.evidence.calibration import Calibration
from verify.evidence.plan import Method, Plan
from verify.proofs.book import Derivation, load


class Plans(Mapping[str, Plan]):
    """The plan of every claim by its id, in the families' order; a family's file is imported when it is asked for.

    ``names`` are the files or folders of plans that there are; ``known`` holds the plans that were asked for. Raises
    ValueError for a family without a file and a file without a family, and, when a family is asked for, for a claim
    without a plan, a plan without a claim, and two plans for one claim.
    """

    def __init__(self, families: Mapping[str, Family], names: Iterable[str]):
        self._families, self.known = families, dict[str, Plan]()
        given = set(names)
        for name in families:
            if name not in given:
                raise ValueError(
                    f"theory/claims/{name} has no plans; write verify/plans/{name}.py, which ends with PLANS"
                )
        for name in sorted(given - set(families)):
            raise ValueError(f"verify/plans/{name} has no claims; write theory/claims/{name}.py, or name it _{name}")

    @cached_property
    def _homes(self) -> Mapping[str, str]:
        """The file of every claim."""
        return {claim.id: name for name, family in self._families.items() for claim in family.claims}

    def __getitem__(self, claim_id: str) -> Plan:
        if claim_id not in self.known:
            name = self._homes[claim_id]
            self.known |= {plan.claim: plan for plan in _plans(name, self._families[name])}
        return self.known[claim_id]

    def __contains__(self, claim_id: object) -> bool:
        return claim_id in self._homes

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)


def _plans(name: str, family: Family) -> tuple[Plan, ...]:
    found: tuple[Plan, ...] = tuple(getattr(import_module(f"verify.plans.{name}"), "PLANS", ()))
    counts, claims = Counter(plan.claim for plan in found), [claim.id for claim in family.claims]
    for text, wrong in (
        ("has no plan for {}: add one to PLANS", [claim_id for claim_id in claims if claim_id not in counts]),
        ("plans {}, which theory/claims does not state there", [plan for plan in counts if plan not in claims]),
        ("has two plans for {}: keep one", [plan for plan, count in counts.items() if count > 1]),
    ):
        if wrong:
            raise ValueError(f"verify/plans/{name} " + text.format(wrong[0]))
    proofs, instruments = load(name), import_module("verify.models.instruments").instruments_of(name)
    last: tuple[Method, ...] = (Calibration(instruments=instruments),) if instruments else ()
    return tuple(_completed(plan, (Derivation(),) if plan.claim in proofs else (), last) for plan in found)


def _completed(plan: Plan, first: tuple[Method, ...], last: tuple[Method, ...]) -> Plan:
    return replace(plan, methods=(*first, *plan.methods, *last)) if first or last else plan


PLANS = Plans(FAMILIES, files(__path__))
"""The plan of every claim, by its id."""
