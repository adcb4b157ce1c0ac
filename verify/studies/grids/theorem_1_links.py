"""Theorem 1's bounds and each of their links on one model, for a grid of n, m, τ, T and the distance of two bumps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from verify.models.theorem_1_models import Model
from verify.studies.theorem_1_chain import links

TAUS = (1.0, 100.0, 1e4)


def law(mu: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Edges and masses of two bumps of width 1/5 at ±μ, 0.1 < μ <= 0.9; one of width 2/5 for μ = 0."""
    if mu == 0:
        return (-0.2, 0.2), (1.0,)
    if not 0.1 < mu <= 0.9:
        raise ValueError(f"mu must be 0, or between 0.1 and 0.9; got {mu}: the bumps lie in [−1, 1]")
    edges = (-mu - 0.1, -mu + 0.1, mu - 0.1, mu + 0.1)
    return tuple(round(edge, 12) for edge in edges), (0.49, 0.02, 0.49)


def theorem_1_links(
    *, n: int, width: int, horizon: float, mu: float, comparator: float, rng: np.random.Generator
) -> Mapping[str, float]:
    """By link and training time τ of `TAUS`: ``LINK measured@τ`` and ``LINK bound@τ``, NaN where there is no number.

    The features are drawn anew. comparator: the time of the population flow at which T1:repaired takes its comparator.
    """
    edges, masses = law(mu)
    model = Model(
        sde="ou",
        horizon=horizon,
        width=width,
        edges=edges,
        masses=masses,
        count=n,
        comparator=comparator,
        tau=TAUS,
        seed=int(rng.integers(2**31)),
    )
    out: dict[str, float] = {}
    for row in links(model, np.random.SeedSequence(int(rng.integers(2**31)))):
        for time in TAUS if np.isnan(row.time) else (row.time,):
            out[f"{row.link} measured@{time:g}"], out[f"{row.link} bound@{time:g}"] = row.measured, row.bound
            out[f"{row.link} violated@{time:g}"] = float(row.violated)
    return out
