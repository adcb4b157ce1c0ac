"""The divergence along training of one model against the number of data: at its best time, and at times of the theory.

A random-feature score on a bounded law with two bumps, the Ornstein–Uhlenbeck process, T = 1, exact gradient flow on n
data with denoising labels. The features are the same for all n; the data are the cell's own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from numerics import GradientFlow, empirical_quadratic
from theory.claims import REGISTRY
from verify.models.theorem_1_models import DELTA, Model

TIMES = tuple(float(time) for time in np.geomspace(1e-1, 1e6, 15))
"""The training times at which the least divergence is looked for."""
LAW = {"edges": (-1.0, -0.5, 0.0, 0.5, 1.0), "masses": (0.4, 0.1, 0.1, 0.4)}
POWER = 0.4
"""The exponent of n in the paper's stopping time."""


def divergence_against_n(n: int, width: int, rng: np.random.Generator) -> Mapping[str, float]:
    """KL(p₀‖SDE-density) of a score trained on n data: the least along training and its time, and at times of theory.

    ``capacity``: where T1:capacity's bound is least, with that bound; ``power``: at τ = n^{2/5}; ``end``: at the last
    time; ``limit``: the least along the population's flow, for n = ∞. ``error``: the numerical error of the least one.
    NaN where a density cannot be resolved.
    """
    model = replace(_model(width), count=n)
    bound, capacity = _capacity(n, width)
    times = np.array([*TIMES, capacity, n**POWER])
    hat = empirical_quadratic(model.features, model.data(rng), model.schedule())
    found = np.array([model.learned(one) for one in GradientFlow(hat, model.initial).parameters(times)])
    divergences, errors = found[:, 0], found[:, 1]
    grid = divergences[: len(TIMES)]
    if np.isnan(grid).all():
        raise ArithmeticError(f"no density of n = {n} is resolved; take a finer grid")
    best = int(np.nanargmin(grid))
    return {
        "best": float(grid[best]),
        "error": float(errors[best]),
        "best_tau": TIMES[best],
        "capacity": float(divergences[-2]),
        "capacity_tau": capacity,
        "capacity_bound": bound,
        "power": float(divergences[-1]),
        "end": float(grid[-1]),
        "limit": _limit(width),
    }


@lru_cache(maxsize=8)
def _model(width: int) -> Model:
    return Model(
        sde="ou",
        horizon=1.0,
        width=width,
        count=1,
        comparator="minimiser",
        tau=TIMES,
        seed=1,
        **LAW,  # type: ignore[arg-type]
    )


@lru_cache(maxsize=8)
def _limit(width: int) -> float:
    model = _model(width)
    return float(np.nanmin([model.learned(one)[0] for one in model.flow.parameters(np.array(TIMES))]))


@lru_cache(maxsize=32)
def _capacity(n: int, width: int) -> tuple[float, float]:
    """The least bound of T1:capacity among the times, and its time: a function of the law and n."""
    claim = REGISTRY["T1:capacity"]
    values = replace(_model(width), count=n).by_capacity
    left = {str(symbol) for symbol in claim.left().free_symbols}
    names = {str(symbol) for symbol in claim.symbols} - left
    given = {"n": n, "delta": DELTA, "T": 1.0, **values}
    total = claim.evaluate(**{name: value for name, value in given.items() if name in names}).right
    place = int(np.argmin(np.where(np.isfinite(total), total, math.inf)))
    return float(np.asarray(total)[place]), TIMES[place]
