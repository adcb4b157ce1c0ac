"""Deviations of the per-datum parts whose probabilities are known: one datum, and many data from one cell of the law.

The chain's own models draw data, at a δ of 1e-3 and with bounds that are loose there. Here δ is the probability of what
is measured: at n = 1 the deviation is a function of the datum, read at the law's quantiles, which shows the scatter; n
data that all fall into one narrow cell do so with the n-th power of its mass, which shows the range.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.stats

from numerics import per_datum_parts
from theory.statement import Claim
from verify.evidence.budget import Context
from verify.evidence.measured import Values, compare
from verify.evidence.verdict import Evidence, Verdict, Witness
from verify.models.theorem_1_models import FLOAT, Model
from verify.models.theorem_2_chains import ModesModel

QUANTILES = 2000
TURNS = 10
"""A deviation turns so often at most as the datum grows: so many quantiles may be counted on the wrong side."""
LEVELS = (0.5, 0.9, 0.99)
MANY = 400
_THIN = 2.0**-20
CELLS = Model(
    sde="ou",
    horizon=0.125,
    width=1,
    edges=(-1.0, _THIN - 1, 1 - _THIN, 1.0),
    masses=(0.5 - _THIN / 2, _THIN, 0.5 - _THIN / 2),
    count=1,
    comparator="start",
    tau=(1.0,),
)
"""Two thin cells at ±1: half of the data each."""
MODES = ModesModel(sde="ou", horizon=0.125, width=1, mu=6, count=1, comparator="start", tau=(1.0,))


def quantiles(model: Model) -> np.ndarray:
    """Points of the data's law, one per equal mass."""
    levels = (np.arange(QUANTILES // 2) + 0.5) / (QUANTILES // 2)
    if isinstance(model, ModesModel):
        spread = scipy.stats.norm.ppf(levels)
        return np.concatenate([spread - model.mu, spread + model.mu])
    return model.law.quantile((np.arange(QUANTILES) + 0.5) / QUANTILES)


@lru_cache(maxsize=8)
def _deviations(model: Model, ends: bool) -> dict[str, np.ndarray]:
    """Both deviations of each datum, at the quantiles or at the ends of the last cell."""
    data = np.array(model.edges[-2:]) if ends else quantiles(model)
    matrices, vectors = per_datum_parts(model.features, data, model.schedule())
    loss, theta = model.population, model.theta
    gradients = theta @ matrices - vectors - (theta @ loss.B - loss.b)
    return {
        "deviation_B": np.linalg.norm(matrices - loss.B, ord=2, axis=(1, 2)),
        "deviation_G": np.linalg.norm(gradients.reshape(len(data), -1), axis=1),
    }


def _values(model: Model, count: int, level: float) -> Values:
    """The deviations of ``count`` copies of a datum, and what the claims ask for."""
    return {**_deviations(model, count > 1), "n": count, "delta": level, **model.granted}


@dataclass(frozen=True, kw_only=True)
class DatumEvents:
    """Compare a bound on a deviation with its exact probabilities in one model."""

    model: Model
    method: str = "measured"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """At n = 1 the part of the quantiles beyond the bound; for bounded laws data that are all in the last cell."""
        begin = time.perf_counter()
        ratios, witness = [], None
        for level in LEVELS:
            found = compare(claim, _values(self.model, 1, level), error=FLOAT)
            chance = (int(found.wrong.sum()) - TURNS) / QUANTILES
            ratios.append(max(chance, 0.0) / level)
            if chance > level:
                witness = self._witness(1, level, chance, level, "part of the law beyond the bound, and δ")
        if not isinstance(self.model, ModesModel):
            level = self.model.masses[-1] ** MANY * (1 - FLOAT)  # what has a larger chance than δ must be allowed
            found = compare(claim, _values(self.model, MANY, level), error=FLOAT)
            ratios.append(min(found.ratios))
            if bool(found.wrong.all()):
                left, right = float(found.left.min()), float(found.right.max())
                witness = self._witness(MANY, level, left, right, "all data in the last cell")
        ratios = [ratio for ratio in ratios if math.isfinite(ratio)]
        verdict = Verdict.REFUTED if witness else Verdict.SEARCHED if ratios else Verdict.UNDECIDED
        summary = "exact probabilities of deviations" + (f" refute it: {witness.note}" if witness else "")
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            smallest=witness,
            worst=witness,
            worst_ratio=max(ratios, default=math.nan),
            details={"quantiles": QUANTILES, "levels": list(LEVELS)},
            seconds=time.perf_counter() - begin,
        )

    def _witness(self, count: int, level: float, left: float, right: float, note: str) -> Witness:
        instance = {"sde": self.model.sde, "horizon": self.model.horizon, "n": count, "delta": level}
        return Witness(instance=instance, left=left, right=right, ratio=left / right, note=note)
