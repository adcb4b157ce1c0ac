"""The divergence along training against the number of data and of features: at its best time, and at times of theory.

A random-feature score, the Ornstein–Uhlenbeck process, T = 1, exact gradient flow on n data with denoising labels.
Against n the features are the same for all n, against m they are the cell's own; the data are the cell's own in both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import ndtr

from numerics import GradientFlow, empirical_quadratic
from theory.checks import shown
from verify.models.measured_exponents import data_enough, measured_exponents, noise_at_the_minimiser
from verify.models.theorem_1_models import DELTA, Model

TIMES = tuple(float(time) for time in np.geomspace(1e-1, 1e6, 15))
"""The training times at which the least divergence is looked for."""
LAW = {"edges": (-1.0, -0.5, 0.0, 0.5, 1.0), "masses": (0.4, 0.1, 0.1, 0.4)}
FEW = (0.1, 10.0, 1e3, 1e4, 1e5, 1e6)
"""Fewer of them, where features are drawn for each cell."""
POWER = 0.4
"""The exponent of n in the paper's stopping time."""
CONSTANTS = (1.0, 100.0, 1e4)
"""Constants c of the times c n^s, of the paper and of CAP:rates: which is best is seen in hindsight."""
FITTED = (10.0, 1e5)
"""Between these training times the exponents of CAP:rates are measured."""


def _modes(mean: float, end: float, cells: int) -> dict[str, tuple[float, ...]]:
    """½N(−mean, 1) + ½N(mean, 1) on [−end, end], in cells."""
    edges = np.linspace(-end, end, cells + 1)
    masses = np.diff(0.5 * (ndtr(edges - mean) + ndtr(edges + mean)))
    return {"edges": tuple(edges.tolist()), "masses": tuple((masses / masses.sum()).tolist())}


LAWS: Mapping[str, dict[str, tuple[float, ...]]] = {"two bumps": LAW, "two modes": _modes(1.5, 5.0, 60)}
"""Data laws by name: one whose density jumps, and one that is nearly smooth."""


def divergence_against_n(n: int, law: str, width: int, rng: np.random.Generator) -> Mapping[str, float]:
    """KL(p₀‖SDE-density) of a score trained on n data: the least along training and its time, and at times of theory.

    ``capacity``: where T1:capacity's bound is least, with that bound; ``power@c``: at τ = c n^{2/5}; ``rates@c``: at
    the time c n^{1/(1+2r+β)} of CAP:rates; ``end``: at the last time; ``limit``: the least along the population's flow,
    for n = ∞. ``error``: the numerical error of the least one. With ``_excess`` after it each is the loss there beyond
    the least of all scores with these features; ``best_excess``: the least along training; ``ever_excess``: for τ = ∞.
    NaN where a density cannot be resolved.
    """
    model, known = replace(_model(width, _named(law)), count=n), _known(width, law)
    theory = {
        f"{name}@{c:g}": c * n**power
        for name, power in (("power", POWER), ("rates", known["stopping"]))
        for c in CONSTANTS
    }
    found, excess = _along(
        model,
        rng,
        grid=TIMES,
        theory={**theory, "ever": math.inf},
        least=_capacity(n, width, law),
        limit=known["limit"],
    )
    return {**found, **excess, **{name: known[name] for name in known if name != "limit"}}


def divergence_against_m(n: int, law: str, width: int, rng: np.random.Generator) -> Mapping[str, float]:
    """The same as `divergence_against_n` for features that are drawn anew, at fewer times.

    ``power``: at τ = n^{2/5}; ``loss``: the least loss of the population with these features; ``limit`` is of these
    features, too.
    """
    model = replace(_model(width, _named(law)), count=n, seed=int(rng.integers(2**31)), tau=FEW)
    found, excess = _along(
        model, rng, grid=FEW, theory={"power": n**POWER}, least=_least_bound(model), limit=_least(model)
    )
    return {**found, **excess, "loss": max(model.population.minimum, 0.0)}


def _along(
    model: Model,
    rng: np.random.Generator,
    *,
    grid: tuple[float, ...],
    theory: Mapping[str, float],
    least: tuple[float, float],
    limit: float,
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """What is measured of one model on one draw of the data, at the times of a grid and at those of the theory."""
    bound, capacity = least
    times = np.array([*grid, *theory.values()])
    flow = GradientFlow(empirical_quadratic(model.features, model.data(rng), model.schedule()), model.initial)
    parameters = flow.parameters(times)
    excess = np.array([model.population.excess(one) for one in parameters])
    excess = np.maximum(excess - (model.population.minimum - model.population.c), 0.0)
    found = np.array([model.learned(one) if math.isfinite(tau) else (math.nan, math.nan)
                      for tau, one in zip(times, parameters, strict=True)])  # fmt: skip
    divergences, errors = found[:, 0], found[:, 1]
    along = divergences[: len(grid)]
    if np.isnan(along).all():
        raise ArithmeticError(f"no density of n = {model.count} is resolved; take a finer grid")
    best, lowest = int(np.nanargmin(along)), int(np.argmin(excess[: len(grid)]))
    places = {"capacity": grid.index(capacity), "end": len(grid) - 1}
    places |= {name: len(grid) + k for k, name in enumerate(theory)}
    return {
        "best": float(along[best]),
        "error": float(errors[best]),
        "best_tau": grid[best],
        "capacity_tau": capacity,
        "capacity_bound": bound,
        "limit": limit,
        **{name: float(divergences[k]) for name, k in places.items() if name != "ever"},
    }, {
        "best_excess": float(excess[lowest]),
        "best_excess_tau": grid[lowest],
        **{f"{name}_excess": float(excess[k]) for name, k in places.items()},
    }


def _named(law: str) -> str:
    if law not in LAWS:
        raise ValueError(f"law must be one of {', '.join(LAWS)}; got {shown(law)}")
    return law


@lru_cache(maxsize=8)
def _model(width: int, law: str) -> Model:
    return Model(
        sde="ou",
        horizon=1.0,
        width=width,
        count=1,
        comparator="minimiser",
        tau=TIMES,
        seed=1,
        **LAWS[law],  # type: ignore[arg-type]
    )


@lru_cache(maxsize=8)
def _known(width: int, law: str) -> Mapping[str, Any]:
    """What does not hang on n: the population's least divergence, and what CAP:rates and CAP:saturation ask for."""
    model = _model(width, law)
    capacity = model.capacity.capacity
    exponents = measured_exponents(capacity, *FITTED)
    rates = exponents.rates()
    square, top = noise_at_the_minimiser(capacity)
    return {
        "limit": _least(model),
        "start": exponents.start,
        "dimension": exponents.dimension,
        "source": str(exponents.source),
        "effective": str(exponents.capacity),
        "stopping": float(rates.stopping),
        "rate": str(rates.rate),
        "noise_square": square,
        "noise_std": math.sqrt(top),
        "enough": data_enough(capacity, float(rates.stopping), DELTA),
    }


@lru_cache(maxsize=32)
def _capacity(n: int, width: int, law: str) -> tuple[float, float]:
    return _least_bound(replace(_model(width, law), count=n))


def _least(model: Model) -> float:
    """The least divergence along the population's flow."""
    return float(np.nanmin([model.learned(one)[0] for one in model.flow.parameters(np.array(model.tau))]))


def _least_bound(model: Model) -> tuple[float, float]:
    """The least bound of T1:capacity among the model's times, and its time: a function of the law, features and n."""
    total = model.totals
    place = int(np.argmin(np.where(np.isfinite(total), total, math.inf)))
    return float(total[place]), model.tau[place]
