"""The diffusion time that a bound asks for: an interval with its depth, or that there is none (IT13)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.special import lambertw

from numerics import Estimate, checks, score_losses
from numerics.statistics.sampling import SamplingKeywords
from theory.markup import Table
from theory.sde import AbstractLinearSDE
from verify.bound.diffusion import AnyScore, added, diffused, exact_estimate, read_times

_COUNT, _ROUNDS = 25, 3
_FLAT = 1e-9
"""Relative differences of totals below this are none, whatever the errors say."""


@dataclass(frozen=True, kw_only=True)
class BestTime:
    """The bound over T, and where it is least.

    ``horizons`` (k,) and the estimates there of ``prior``, ``explicit_loss`` and ``total``. ``trend``: "interior",
    "falls" or "rises" (the least total is at the last or first horizon), "flat" (no two totals differ by more than
    their errors and the tolerance). ``best``: the horizon with the least total; ``interval``: the least and the largest
    horizon whose totals are not above it by more than the errors of both and the tolerance; ``depth``: how far the
    least total lies below the lower of the two ends, 0 unless the trend is interior.
    """

    horizons: np.ndarray
    prior: tuple[Estimate, ...]
    explicit_loss: tuple[Estimate, ...]
    total: tuple[Estimate, ...]
    trend: str
    best: float
    interval: tuple[float, float]
    depth: float

    def table(self) -> Table:
        """A row for each horizon."""
        parts = (self.prior, self.explicit_loss, self.total)
        rows = [
            (f"{time:.5g}", *(f"{float(part):.7g}" for part in row))
            for time, *row in zip(self.horizons, *parts, strict=True)
        ]
        return Table(header=("T", "prior", "explicit_loss", "total"), rows=rows)

    def sentence(self) -> str:
        """The finding in words."""
        low, high = self.interval
        if self.trend == "flat":
            return f"flat: no horizon from {low:.4g} to {high:.4g} is better than another by more than the errors"
        if self.trend == "interior":
            return f"T* = {self.best:.4g}, in [{low:.4g}, {high:.4g}], {self.depth:.3g} below the nearer end's total"
        end = "longest" if self.trend == "falls" else "shortest"
        return f"the total {self.trend} with T: the {end} horizon tried, {self.best:.4g}, is the best"


def best_time(
    data: ArrayLike,
    score: AnyScore,
    parameters: ArrayLike | None = None,
    *,
    sde: AbstractLinearSDE,
    start: float,
    loss_range: float = 0.0,
    weight_information: float = 0.0,
    horizons: ArrayLike | None = None,
    tolerance: float = 0.0,
    **how: Unpack[SamplingKeywords],
) -> BestTime:
    """The repaired bound over T, KL(p̂_T‖π) + L̂_ESM + b √(Ī/2), and the T at which it is least.

    ``horizons``: increasing times above ``start``, or None for 25 from 1.1 ε to where r(T) = 1e-4 (at most 16), refined
    twice around the least total. The generalization term does not depend on T here, and 0 shows the terms that the data
    give. ``tolerance`` ≥ 0: nats that do not matter. Other arguments as in `diffusion_bound`. ValueError or TypeError
    naming the argument. Source: IT12, IT13.
    """
    first = checks.real("start", start, above=0.0)
    b = checks.real("loss_range", loss_range, minimum=0.0)
    information = checks.real("weight_information", weight_information, minimum=0.0)
    idle = checks.real("tolerance", tolerance, minimum=0.0)
    fixed = exact_estimate(b * math.sqrt(0.5 * information))
    if horizons is None:
        read_times(first, 16.0)
        law = diffused(data, sde, 16.0)
        late = next((t for t in np.geomspace(1.5 * first, 16.0, 200) if law.at(float(t))[0] <= 1e-4), 16.0)
        grid = np.geomspace(1.1 * first, max(late, 2.0 * first), _COUNT)
    else:
        grid = checks.increasing("horizons", checks.vector("horizons", horizons))
        read_times(first, float(grid[0]))
    found: dict[float, tuple[Estimate, Estimate, Estimate]] = {}
    for turn in range(_ROUNDS if horizons is None else 1):
        if turn:
            times = np.array(sorted(found))
            best = int(np.argmin([found[t][2].value for t in times]))
            ends = times[max(best - 1, 0)], times[min(best + 1, len(times) - 1)]
            grid = np.geomspace(*ends, 9)[1:-1]
            grid = grid[~np.isin(grid, times)]
        before = max((t for t in found if t < grid[0]), default=first)
        law = diffused(data, sde, float(grid[-1]))
        losses = score_losses(score, parameters, data=law, start=before, horizon=grid, **how)  # type: ignore[arg-type]
        for time, piece in zip(grid.tolist(), losses.explicit, strict=True):
            loss = added(found[before][1], piece) if before in found else piece
            prior = diffused(data, sde, time).prior(time, **how)
            found[time] = (prior, loss, added(prior, loss, fixed))
    return _best(found, idle)


def _best(found: dict[float, tuple[Estimate, Estimate, Estimate]], tolerance: float) -> BestTime:
    times = np.array(sorted(found))
    prior, loss, total = (tuple(found[t][k] for t in times.tolist()) for k in range(3))
    values = np.array([x.value for x in total])
    lows, highs = (np.array([x.interval[k] for x in total]) for k in (0, 1))
    least = int(values.argmin())
    near = np.flatnonzero(lows <= highs[least] + tolerance + _FLAT * abs(values[least]))
    if len(near) == len(times):
        trend = "flat"
    elif near[-1] == len(times) - 1:
        trend = "falls"
    elif near[0] == 0:
        trend = "rises"
    else:
        trend = "interior"
    depth = float(min(values[0], values[-1]) - values[least]) if trend == "interior" else 0.0
    return BestTime(
        horizons=times,
        prior=prior,
        explicit_loss=loss,
        total=total,
        trend=trend,
        best=float(times[least]),
        interval=(float(times[near[0]]), float(times[near[-1]])),
        depth=depth,
    )


@dataclass(frozen=True, kw_only=True)
class PrintedTime:
    """The integral B = ∫_0^T β at which T2 + T3 of the printed bound is least; for OU, T = B/2.

    ``law``: −W_{−1}(−L²/(nA²)), its large-B law, A the mean of ‖x_i‖, NaN where L² > nA²/e; ``exact``: the minimiser of
    T2 + T3 itself, NaN where the sum rises throughout. R cancels.
    """

    law: float
    exact: float


def printed_best_time(data: ArrayLike, *, score_bound: float) -> PrintedTime:
    """The minimiser in B of √2 R (1/n)Σ√KL(E_T(x_i)‖π) + R L √(B/n), by the Lambert law and exactly.

    ``data`` (n, d) or (n,), ``score_bound`` L > 0. ValueError for others. Source: IT13, from CZS, theorems 6.2 and 6.3.
    """
    limit = checks.real("score_bound", score_bound, above=0.0)
    points = checks.array("data", data, shape=None)
    if points.ndim not in (1, 2):
        raise ValueError(f"data must have shape (n,) or (n, d); got shape {points.shape}; pass one row per point")
    points = points.reshape(len(points), -1)
    n, d = points.shape
    squares = (points**2).sum(axis=1)
    mean = float(np.sqrt(squares).mean())
    argument = -(limit**2) / (n * mean**2) if mean else -math.inf
    law = float(-lambertw(argument, -1).real) if argument >= -math.exp(-1.0) else math.nan

    def total(b: float) -> float:
        a = math.exp(-b)
        shape = a * a * math.fsum(a**k / (k + 2) for k in range(12)) if a < 0.1 else -a - math.log1p(-a)
        return float(np.sqrt(a * squares + d * shape).mean()) + limit * math.sqrt(b / n)

    grid = np.geomspace(1e-3, 200.0, 2001)
    values = np.array([total(b) for b in grid.tolist()])
    inner = np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] <= values[2:])) + 1
    if not len(inner):
        return PrintedTime(law=law, exact=math.nan)
    k = int(inner[values[inner].argmin()])
    found = minimize_scalar(total, bounds=(grid[k - 1], grid[k + 1]), method="bounded", options={"xatol": 1e-10})
    return PrintedTime(law=law, exact=float(found.x))
