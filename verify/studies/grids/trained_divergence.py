"""The divergence along training against the number of data and of features: at its best time, and at times of theory.

A random-feature score on a bounded law with two bumps, the Ornstein–Uhlenbeck process, T = 1, exact gradient flow on n
data with denoising labels. Against n the features are the same for all n, against m they are the cell's own; the data
are the cell's own in both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from numerics import GradientFlow, empirical_quadratic
from verify.models.theorem_1_models import Model

TIMES = tuple(float(time) for time in np.geomspace(1e-1, 1e6, 15))
"""The training times at which the least divergence is looked for."""
LAW = {"edges": (-1.0, -0.5, 0.0, 0.5, 1.0), "masses": (0.4, 0.1, 0.1, 0.4)}
FEW = (0.1, 10.0, 1e3, 1e4, 1e5, 1e6)
"""Fewer of them, where features are drawn for each cell."""
POWER = 0.4
"""The exponent of n in the paper's stopping time."""


def divergence_against_n(n: int, width: int, rng: np.random.Generator) -> Mapping[str, float]:
    """KL(p₀‖SDE-density) of a score trained on n data: the least along training and its time, and at times of theory.

    ``capacity``: where T1:capacity's bound is least, with that bound; ``power``: at τ = n^{2/5}; ``end``: at the last
    time; ``limit``: the least along the population's flow, for n = ∞. ``error``: the numerical error of the least one.
    NaN where a density cannot be resolved.
    """
    return _along(replace(_model(width), count=n), TIMES, _capacity(n, width), _limit(width), rng)


def divergence_against_m(n: int, width: int, rng: np.random.Generator) -> Mapping[str, float]:
    """The same as `divergence_against_n` for features that are drawn anew, at fewer times.

    ``loss``: the least loss of the population with these features; ``limit`` is of these features, too.
    """
    model = replace(_model(width), count=n, seed=int(rng.integers(2**31)), tau=FEW)
    found = _along(model, FEW, _least_bound(model), _least(model), rng)
    return {**found, "loss": max(model.population.minimum, 0.0)}


def _along(
    model: Model, grid: tuple[float, ...], least: tuple[float, float], limit: float, rng: np.random.Generator
) -> Mapping[str, float]:
    """What is measured of one model on one draw of the data."""
    bound, capacity = least
    times = np.array([*grid, model.count**POWER])
    hat = empirical_quadratic(model.features, model.data(rng), model.schedule())
    found = np.array([model.learned(one) for one in GradientFlow(hat, model.initial).parameters(times)])
    divergences, errors = found[:, 0], found[:, 1]
    along = divergences[:-1]
    if np.isnan(along).all():
        raise ArithmeticError(f"no density of n = {model.count} is resolved; take a finer grid")
    best = int(np.nanargmin(along))
    return {
        "best": float(along[best]),
        "error": float(errors[best]),
        "best_tau": grid[best],
        "capacity": float(along[grid.index(capacity)]),
        "capacity_tau": capacity,
        "capacity_bound": bound,
        "power": float(divergences[-1]),
        "end": float(along[-1]),
        "limit": limit,
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
    return _least(_model(width))


@lru_cache(maxsize=32)
def _capacity(n: int, width: int) -> tuple[float, float]:
    return _least_bound(replace(_model(width), count=n))


def _least(model: Model) -> float:
    """The least divergence along the population's flow."""
    return float(np.nanmin([model.learned(one)[0] for one in model.flow.parameters(np.array(model.tau))]))


def _least_bound(model: Model) -> tuple[float, float]:
    """The least bound of T1:capacity among the model's times, and its time: a function of the law, features and n."""
    total = model.totals
    place = int(np.argmin(np.where(np.isfinite(total), total, math.inf)))
    return float(total[place]), model.tau[place]
