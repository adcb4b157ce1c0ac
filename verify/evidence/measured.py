"""Measured evidence: models drawn at random, the symbols of a claim measured, its two sides compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from theory.statement import Claim, Identity
from verify.evidence.budget import Context
from verify.evidence.verdict import Evidence, Verdict, Witness

Values = dict[str, Any]
"""Numbers, arrays and words by name."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Both sides of a claim at one model, an entry per training time; only a gap above ``slack`` is a violation."""

    left: np.ndarray
    right: np.ndarray
    slack: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Where both sides are numbers."""
        with np.errstate(invalid="ignore"):
            return np.isfinite(self.left - self.right)

    @property
    def wrong(self) -> np.ndarray:
        """Where the claim is violated for certain."""
        return self.known & (self.left > self.right + self.slack)

    @property
    def violated(self) -> bool:
        """Whether it is anywhere."""
        return bool(self.wrong.any())

    @property
    def ratio(self) -> np.ndarray:
        """Left over right; 0 where the left side is at most 0: 0 <= 0 is an equality without a ratio."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.left > 0, np.where(self.right > 0, self.left / self.right, np.inf), 0.0)

    @property
    def ratios(self) -> list[float]:
        """The ratios where both sides are numbers."""
        return [float(value) for value in self.ratio[self.known]]

    @property
    def worst(self) -> int:
        """The entry with the worst violation."""
        return int(np.argmax(np.where(self.wrong, self.ratio, -np.inf)))


def compare(claim: Claim, values: Values, *, error: float) -> Comparison:
    """Both sides at values by symbol name, others left out; of an identity the larger side first.

    ``error`` is allowed to each side relative to the sum of its terms' sizes.
    """
    names = {str(symbol) for symbol in claim.symbols}
    result = claim.evaluate(**{name: value for name, value in values.items() if name in names})
    sides = np.broadcast_arrays(np.asarray(result.left), np.asarray(result.right))
    left, right = (np.atleast_1d(side) for side in sides)
    if isinstance(claim.relation, Identity):  # wrong on either side
        left, right = np.maximum(left, right), np.minimum(left, right)
    with np.errstate(invalid="ignore"):  # of an overflow, which `Comparison.known` tells
        slack = error * sum((np.abs(term) for term in result.terms.values()), start=np.zeros(()))
    return Comparison(left=left, right=right, slack=slack)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Compare a claim with models drawn at random; only a violation beyond the error refutes.

    ``measure(claim, index, seed)`` draws one model: its values by symbol name, and what it is. ``lacking`` names what a
    model may lack, and an ArithmeticError then says that it does: that is neither for nor against the claim, but at
    least half of the models must have it. ``count`` gives their number from the budget's. Where ``shared`` names them,
    all claims and mutants meet the same models, which ``measure`` may then keep.
    """

    measure: Callable[[Claim, int, np.random.SeedSequence], tuple[Values, Values]]
    error: float
    count: Callable[[int], int] = lambda models: models
    noun: str = "model"
    many: str = "trained models"
    lacking: str = ""
    note: str = "a trained random-feature model"
    details: Mapping[str, object] = field(default_factory=dict)
    shared: str = ""
    method: str = "measured"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Draw the models one by one, each from its own stream."""
        begin = time.perf_counter()
        ratios: list[float] = []
        broken: list[Values] = []
        lost = 0
        witness: Witness | None = None
        count = self.count(context.budget.models)
        context = replace(context, path=(self.shared,)) if self.shared else context
        for index in range(count):
            try:
                values, label = self.measure(claim, index, context.at(str(index)).sequence())
            except ArithmeticError:
                if not self.lacking:
                    raise
                lost += 1
                continue
            found = compare(claim, values, error=self.error)
            ratios += found.ratios
            if not found.known.all():
                broken.append(label)
            if found.violated and witness is None:
                k = found.worst
                place = {"tau": float(values["tau"][k])} if np.ndim(values.get("tau", 0.0)) else {}
                witness = Witness(
                    instance={**label, self.noun: index, **place},
                    note=self.note,
                    left=float(found.left[k]),
                    right=float(found.right[k]),
                    ratio=float(found.ratio[k]),
                )
        if witness is not None:
            verdict, summary = Verdict.REFUTED, f"violated by a {self.noun}: ratio {witness.ratio:.6g}"
        elif broken:
            verdict, summary = Verdict.UNDECIDED, f"NaN or overflow at {broken[0]}"
        elif 2 * lost > count or not ratios:
            verdict, summary = Verdict.UNDECIDED, f"{count - lost} of {count} {self.noun}s could be measured"
        else:
            verdict = Verdict.SEARCHED
            summary = f"{count - lost} {self.many}, worst ratio {max(ratios):.4g}" + (
                f"; {lost} without a {self.lacking}" if lost else ""
            )
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            worst_ratio=max(ratios, default=None),
            details={f"{self.noun}s": count, "undefined": lost + len(broken), **self.details},
            smallest=witness,
            worst=witness,
            seconds=time.perf_counter() - begin,
        )
