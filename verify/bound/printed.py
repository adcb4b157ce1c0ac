"""Theorem 6.2 as printed (IT10), and what its authors' code computes in its place (IT14), each toggle priced."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numerics import DiffusedData, ScoreLosses, checks, gauss_legendre_times, score_errors
from numerics.statistics.sampling import SamplingKeywords
from theory.markup import Table
from theory.sde import AbstractLinearSDE
from verify.bound.schedules import time_function

_TIMES = 64
"""Of the averages over time that the code takes by sampling."""


@dataclass(frozen=True, kw_only=True)
class Conventions:
    """What the authors' code computes in place of the printed terms; each is off unless it is asked for.

    ``std_for_variance``: T1's encoder with covariance √(1−a) I in place of (1−a) I. ``weighted_loss``: half the average
    over t ~ U(ε, T) of std² E‖s − ∇log p_{t|0}‖², a weighted denoising loss, in place of L̂_ESM. ``root_of_mean``: the
    root of the mean rate for the mean of the roots. ``batch``: T1 over batches of so many data, in their order, hence
    at most its logarithm. ``nodes``: the integral of β as a sum over N + 1 equal nodes, divided by N. ``mean_norm``:
    for L the largest root over the times of E‖s‖² along the data, in place of the supremum. ``per_dimension``: the
    total divided by d. TypeError or ValueError for others. Source: the authors' code of CZS (claims IT14).
    """

    std_for_variance: bool = False
    weighted_loss: bool = False
    root_of_mean: bool = False
    batch: int | None = None
    nodes: int | None = None
    mean_norm: bool = False
    per_dimension: bool = False

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name in ("batch", "nodes"):
                if value is not None:
                    checks.integer(item.name, value, minimum=2 if item.name == "batch" else 1)
            elif not isinstance(value, bool):
                checks.refuse(item.name, "be True or False", value, "pass a bool", TypeError)


@dataclass(frozen=True, kw_only=True)
class Ingredients:
    """What the printed terms are made of: measured losses (from ε to T), rates (n,) and Î_T; R, L; how to sample."""

    law: DiffusedData
    losses: ScoreLosses
    rates: np.ndarray
    information: float
    sde: AbstractLinearSDE
    half_range: float
    score: Any
    parameters: ArrayLike | None
    score_bound: float
    how: SamplingKeywords

    @property
    def horizon(self) -> float:
        """T."""
        return self.losses.horizons[-1]

    def terms(self, conventions: Conventions) -> dict[str, float]:
        """T1, the loss, T2 and T3 under conventions."""
        roots = math.sqrt(self.rates.mean()) if conventions.root_of_mean else float(np.sqrt(self.rates).mean())
        factor = math.sqrt(2.0) * self.half_range
        limit = self._mean_norm() if conventions.mean_norm else self.score_bound
        chain = 0.5 * limit**2 * self._beta(conventions.nodes)
        return {
            "T1": -self._information(conventions),
            "explicit_loss": self._weighted_loss() if conventions.weighted_loss else self.losses.explicit[0].value,
            "T2": factor * roots,
            "T3": factor * math.sqrt(chain / self.law.count),
        }

    def _information(self, conventions: Conventions) -> float:
        """Î_T, with the std's root in place of the std, over batches."""
        if not (conventions.std_for_variance or conventions.batch):
            return self.information
        r, s = self.law.at(self.horizon)
        std = math.sqrt(s) if conventions.std_for_variance else s
        size = conventions.batch or self.law.count
        points, total = self.law.points, 0.0
        for first in range(0, len(points), size):
            part = points[first : first + size]
            one = DiffusedData(points=part, mean_scale=r, std=std)
            total += len(part) * one.information(self.horizon, **self.how).value
        return total / len(points)

    def _beta(self, nodes: int | None) -> float:
        """∫ g² over (0, T), or the code's sum."""
        g = time_function(self.sde.diffusion)
        if nodes is None:
            times, weights = gauss_legendre_times(self.horizon, _TIMES)
            return self.horizon * float(weights @ np.broadcast_to(g(times), times.shape) ** 2)
        times = np.linspace(0.0, self.horizon, nodes + 1)
        return self.horizon / nodes * float((np.broadcast_to(g(times), times.shape) ** 2).sum())

    def _weighted_loss(self) -> float:
        """½ times the average over t ~ U(ε, T) of std² E‖s − ∇log p_{t|0}‖²."""
        times, weights = gauss_legendre_times(self.horizon, _TIMES, self.losses.start)
        std = np.array([self.law.at(float(t))[1] for t in times])
        _, found = score_errors(self.score, self.parameters, data=self.law, times=times, **self.how)
        return 0.5 * float(weights @ (std**2 * np.array([float(value) for value in found])))

    def _mean_norm(self) -> float:
        """The largest root over the times of E‖s‖² along the data."""
        times = np.geomspace(self.losses.start, self.horizon, _TIMES)
        found = score_errors(self.score, self.parameters, data=self.law, times=times, reference=_nothing, **self.how)[0]
        return math.sqrt(max(float(value) for value in found))


@dataclass(frozen=True, kw_only=True)
class Printed:
    """The right side of Theorem 6.2 as printed, under the conventions that were asked for.

    ``terms``: T1 = −(1/n)ΣKL(E_T(x_i)‖p̂_T), the explicit loss, T2 = √2 R (1/n)Σ√KL(E_T(x_i)‖π) and T3 = √2 R √(I/n)
    with I ≤ L² ∫β/2 (IT11). ``total``: their sum. ``prices``: what each convention alone changes in the total.
    """

    terms: Mapping[str, float]
    total: float
    conventions: Conventions
    prices: Mapping[str, float]

    def table(self) -> Table:
        """The terms and the total, then what each convention alone would add."""
        rows = [(name, f"{value:.8g}") for name, value in (*self.terms.items(), ("total", self.total))]
        return Table(
            header=("printed", "value"), rows=[*rows, *((f"{k} alone", f"{v:+.8g}") for k, v in self.prices.items())]
        )


def printed_bound(parts: Ingredients, conventions: Conventions) -> Printed:
    """The printed bound of what was measured, and the price of each convention.

    Prices are of the conventions that are asked for; where none is, of all of them, with batches of 128 and 100 nodes.
    """
    plain = Conventions()
    asked = plain != conventions
    shown = conventions if asked else Conventions(batch=128, nodes=100, **{
        item.name: True for item in fields(Conventions) if item.name not in ("batch", "nodes")
    })  # fmt: skip
    base = _total(parts.terms(plain), plain, parts.law.dim)
    prices = {}
    for item in fields(Conventions):
        if getattr(shown, item.name) != getattr(plain, item.name):
            one = replace(plain, **{item.name: getattr(shown, item.name)})
            prices[item.name] = _total(parts.terms(one), one, parts.law.dim) - base
    terms = parts.terms(conventions)
    return Printed(
        terms=MappingProxyType(terms),
        total=_total(terms, conventions, parts.law.dim),
        conventions=conventions,
        prices=MappingProxyType(prices),
    )


def _total(terms: Mapping[str, float], conventions: Conventions, dim: int) -> float:
    return math.fsum(terms.values()) / (dim if conventions.per_dimension else 1)


def _nothing(x: np.ndarray, _time: float) -> np.ndarray:
    return np.zeros_like(x)
