"""The method that compares the claims of Theorem 1's chain with trained models."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from theory.statement import Claim, WithProbability
from verify.evidence.budget import Context
from verify.evidence.measured import Comparison, Values, compare
from verify.evidence.verdict import Evidence, Verdict, Witness
from verify.models.theorem_1_models import FLOAT, SPECIAL, Model, draw, measure

REPEATS = 3
"""A violation counts when as many further samples violate too: probability at most DELTA**4 if the claim holds."""


@lru_cache(maxsize=256)
def _kept(model: Model) -> Model:
    """The first of all equal models: what it has measured is measured once for every claim and mutant."""
    return model


@lru_cache(maxsize=4096)
def _measured(model: Model, cell: Context) -> Values:
    return measure(model, cell.sequence())


@lru_cache(maxsize=4096)
def _diverged(model: Model, cell: Context, k: int) -> tuple[float, float]:
    return model.learned(_measured(model, cell)["parameters"][k])


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Compare a claim of the chain with trained models: the special ones first, then as many as the budget has.

    ``divergence``: the claim has the divergence in it, ``capacity``: what `Model.by_capacity` has.
    For claims with a probability a violation counts when `REPEATS` further samples of the same model violate too.
    """

    divergence: bool = False
    capacity: bool = False
    special: tuple[Model, ...] = field(default=SPECIAL)
    draw: Callable[[np.random.Generator], Model] = draw
    method: str = "measured"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Every side carries the error of the flow, of the time quadrature and of the density."""
        begin = time.perf_counter()
        ratios: list[float] = []
        undefined = 0
        witness: Witness | None = None
        # the same models for every claim and mutant, so that they are measured once
        root = replace(context, path=("theorem 1",))
        count = 0
        for index in range(len(self.special) + context.budget.models):
            count += 1
            cell = root.at(str(index))
            model = (
                self.special[index]
                if index < len(self.special)
                else self.draw(np.random.default_rng(cell.at("model").sequence()))
            )
            model = _kept(model)
            outcome = self._compare(claim, model, cell.at("data"))
            undefined += outcome.undefined
            ratios += outcome.ratios
            if outcome.violated and self._confirmed(claim, model, cell, int(outcome.at[outcome.worst])):
                witness = outcome.witness(model)
                break
        spread = _quantiles(ratios)
        if witness is not None:
            verdict, summary = Verdict.REFUTED, f"violated by a model: ratio {witness.ratio:.6g}"
        elif not ratios:
            verdict, summary = Verdict.UNDECIDED, "no density could be resolved"
        else:
            verdict = Verdict.SEARCHED
            summary = (
                f"{len(ratios)} instances of {count} models; measured / bound: "
                + ", ".join(f"{name} {value:.3g}" for name, value in spread.items())
                + (f"; {undefined} densities not resolved" if undefined else "")
            )
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            smallest=witness,
            worst=witness,
            worst_ratio=max(ratios, default=math.nan),
            details={"models": count, "undefined": undefined, "ratios": spread},
            seconds=time.perf_counter() - begin,
        )

    def _compare(self, claim: Claim, model: Model, cell: Context, only: int | None = None) -> _Outcome:
        """Both sides at the model's training times, or at one of them."""
        values = _measured(model, cell)
        at = np.arange(len(model.tau)) if only is None else np.array([only])
        lost, noise, measured = 0, np.zeros(len(at)), {}
        if self.divergence:
            found = np.array([_diverged(model, cell, int(k)) for k in at])
            resolved = np.isfinite(found).all(axis=1)
            at, found, lost = at[resolved], found[resolved], int((~resolved).sum())
            if not len(at):
                return _Outcome(left=np.zeros(0), right=np.zeros(0), slack=np.zeros(0), at=at, lost=lost)
            measured = {"kl_learned": found[:, 0]}
            noise = found[:, 1] + model.horizon * model.quadrature_error
        if self.capacity:
            measured |= {name: value[at] for name, value in model.by_capacity.items()}
        values = {name: value[at] if np.ndim(value) else value for name, value in values.items()} | measured
        found = compare(claim, values, error=FLOAT)
        size = len(found.left)  # a claim without τ is one instance, whatever the number of training times
        return _Outcome(left=found.left, right=found.right, slack=found.slack + noise[:size], at=at[:size], lost=lost)

    def _confirmed(self, claim: Claim, model: Model, cell: Context, k: int) -> bool:
        """Whether fresh samples violate as well, at the training time of the worst violation alone."""
        if not isinstance(claim.quantifier, WithProbability):
            return True
        return all(self._compare(claim, model, cell.at(f"again {j}"), k).violated for j in range(REPEATS))


@dataclass(frozen=True, kw_only=True)
class _Outcome(Comparison):
    """Both sides, one entry per training time; ``at``: its number; ``lost``: how many have no divergence."""

    at: np.ndarray
    lost: int

    @property
    def undefined(self) -> int:
        """How many instances have no number on a side: never a pass."""
        return self.lost + int((~self.known).sum())

    def witness(self, model: Model) -> Witness:
        """The worst violation."""
        k = self.worst
        return Witness(
            instance={
                name: getattr(model, name)
                for name in ("sde", "horizon", "width", "edges", "masses", "count", "comparator", "shift", "seed")
            }
            | {"tau": model.tau[int(self.at[k])]},
            left=float(self.left[k]),
            right=float(self.right[k]),
            ratio=float(self.ratio[k]),
            note="a trained model",
        )


def _quantiles(ratios: list[float]) -> Mapping[str, float]:
    if not ratios:
        return {}
    low, middle, high = np.quantile(ratios, (0.05, 0.5, 0.95), method="lower")
    return {"5 %": float(low), "median": float(middle), "95 %": float(high), "max": max(ratios)}
