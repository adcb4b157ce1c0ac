"""Cells that evaluate a bound: every named term of a claim's right side at given values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from theory.claims import FAMILIES
from verify.bound.terms import bound, known
from verify.sweeps.cells import Cell
from verify.sweeps.kinds.claims import LEMMAS, ids, stated
from verify.sweeps.kinds.places import is_place

WHOLE = False
"""The claims that are found by name are those of the target alone."""
targets = ids


def check(target: str, names: Iterable[str], folder: Path) -> None:
    """Refuse names that are no symbols of the claim."""
    own = stated(target, folder)
    for name in names:
        known(getattr(own, "claim", own), name, "grid")


def compute(cell: Cell, folder: Path) -> Mapping[str, Any]:
    """The total, the terms, the left side where it is known, the best training time, whether the hypotheses hold."""
    found = bound(stated(cell.target, folder), cell.parameters)
    best = {
        name: value
        for name, value in (("best_tau", found.best_tau), ("best_total", found.best_total), ("trend", found.trend))
        if value is not None
    }
    return {
        "total": found.total,
        **{f"term.{name}": value for name, value in found.terms.items()},
        "dominant": str(found.dominant),
        **({} if found.left is None else {"left": found.left}),
        **best,
        "hypotheses_hold": all(bool(np.all(holds)) for holds in found.hypotheses.values()),
        "numbers": found.outcome,
    }


def roots(target: str) -> tuple[str, ...]:
    """The family's file beside this one, or what makes lemmas."""
    if is_place(target):
        return (__name__, *LEMMAS)
    key = target.partition(":")[0]
    return (__name__, *(f"theory.claims.{name}" for name, family in FAMILIES.items() if family.key == key))
