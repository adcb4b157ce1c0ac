"""Cells that audit a claim or a lemma: its verdict, with what its proof uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from verify.audit import engine
from verify.evidence.budget import BUDGETS
from verify.sweeps.cells import Cell
from verify.sweeps.kinds.claims import LEMMAS, ids, stated
from verify.sweeps.kinds.places import is_place

WHOLE = True
"""An audit may ask for any claim, plan and proof by name."""
targets = ids


def check(target: str, names: Iterable[str], folder: Path) -> None:
    """Refuse parameters other than the budget."""
    stated(target, folder)
    for name in names:
        if name != "budget":
            raise ValueError(f"grid: an audit takes budget ({', '.join(BUDGETS)}) and no {name!r}; leave it out")


def compute(cell: Cell, folder: Path) -> Mapping[str, Any]:
    """The verdict, the expected one, the worst ratio, the mutants, the faults and the token of a witness."""
    own = stated(cell.target, folder)
    report = engine.audit([own], budget=str(cell.parameters.get("budget", "quick")), seed=cell.seed)
    result = report[getattr(own, "claim", own).id]
    return {
        "verdict": str(result.verdict),
        "expected": str(result.expected),
        "worst_ratio": result.worst_ratio,
        "instances": result.instances,
        "mutants": len(result.mutants),
        "killed": result.killed,
        "faults": "; ".join(result.faults),
        "token": result.token,
    }


def roots(target: str) -> tuple[str, ...]:
    """The engine, and for a lemma what makes it."""
    return (__name__, *(LEMMAS if is_place(target) else ()))
