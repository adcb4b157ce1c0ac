"""Bounds whose inputs a model computes for each n, τ and δ: what such a model is, and its bound over a range."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from theory.claims import REGISTRY
from verify.bound.terms import Bound


class Inputs(Protocol):
    """A data law and features with what a bound asks for."""

    @property
    def claim(self) -> str:
        """The id of the bound's claim."""
        ...

    def inputs(self, *, n: int, tau: float, delta: float) -> dict[str, float]:
        """The values, by symbol name, at which the claim's right side is the bound at n, τ and δ."""
        ...


def swept(model: Inputs, name: str, points: np.ndarray, *, n: int, tau: float, delta: float) -> Bound:
    """The bound over ``points`` of n or τ, with inputs of its own at each; the best training time is one of them."""
    claim, rows = REGISTRY[model.claim], []
    for point in points.tolist():
        at = {"n": n, "tau": tau, name: point}
        rows.append(model.inputs(n=int(at["n"]), tau=float(at["tau"]), delta=delta))
    columns = {key: np.array([row[key] for row in rows], dtype=float) for key in rows[0]}
    found = claim.evaluate(**columns)
    terms = {term: np.broadcast_to(found.terms[term], points.shape) for term in claim.relation.rhs}
    total, names = np.asarray(found.right), np.array(list(terms))
    place = int(np.argmin(total))
    inside = name == "tau" and 0 < place < len(points) - 1
    word = "interior" if inside else "falls" if place else "rises"
    return Bound(
        id=claim.id,
        claim=claim,
        values={key: float(column[0]) for key, column in columns.items() if np.ptp(column) == 0.0},
        over=(name, points),
        terms=terms,
        total=total,
        dominant=names[np.argmax(np.stack(list(terms.values())), axis=0)],
        left=None,
        hypotheses={},
        outcome=found.outcome,
        best_tau=np.array(points[place] if inside else np.nan) if name == "tau" else None,
        best_total=np.array(total[place] if inside else np.nan) if name == "tau" else None,
        trend=np.array(word) if name == "tau" else None,
    )
