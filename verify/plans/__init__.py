"""The plans, one file or folder per family of claims, of the names of ``theory/claims/``, found by what lies here.

A file ends with its ``PLANS``; here ``PLANS`` maps every claim id to its plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import import_module

from theory.claims import FAMILIES
from theory.family import Family, files
from verify.evidence.plan import Plan


def gather(families: Mapping[str, Family], names: Iterable[str]) -> dict[str, Plan]:
    """The plans of the families, by claim id; ``names`` are the files or folders of plans that there are.

    Raises ValueError for claims without a plan, plans without a claim, and two plans for one claim.
    """
    known = set(names)
    for name in families:
        if name not in known:
            raise ValueError(f"theory/claims/{name} has no plans; write verify/plans/{name}.py, which ends with PLANS")
    for name in sorted(known - set(families)):
        raise ValueError(f"verify/plans/{name} has no claims; write theory/claims/{name}.py, or name it _{name}")
    return {plan.claim: plan for name, family in families.items() for plan in _plans(name, family)}


def _plans(name: str, family: Family) -> tuple[Plan, ...]:
    found = tuple(getattr(import_module(f"verify.plans.{name}"), "PLANS", ()))
    counts, claims = Counter(plan.claim for plan in found), [claim.id for claim in family.claims]
    for text, wrong in (
        ("has no plan for {}: add one to PLANS", [claim_id for claim_id in claims if claim_id not in counts]),
        ("plans {}, which theory/claims does not state there", [plan for plan in counts if plan not in claims]),
        ("has two plans for {}: keep one", [plan for plan, count in counts.items() if count > 1]),
    ):
        if wrong:
            raise ValueError(f"verify/plans/{name} " + text.format(wrong[0]))
    return found


PLANS: dict[str, Plan] = gather(FAMILIES, files(__path__))
"""The plan of every claim, by its id."""
