"""Theorem 6.2 as printed (IT10), and what its authors' code computes in its place (IT14), each toggle priced."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike

from numerics import (
    DiffusedData,
    ReverseProcess,
    ScoreLosses,
    ScoreNetwork,
    checks,
    density_estimate_divergence,
    gauss_legendre_times,
    sample_reverse_sde,
    score_errors,
)
from numerics.checks.aliases import Score
from numerics.diffused_data.capacity import Chain, reverse_chain
from numerics.statistics.sampling import Sampling, SamplingKeywords
from theory.markup import Table
from theory.sde import AbstractLinearSDE
from verify.bound.schedules import time_function

PATHS = ("prior", "encoder", "datum")
_STEPS = 200
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
    total divided by d. ``mean_rate``: the mean rate itself for the mean of its roots (images).

    ``path``: T3's I as ½ ∫ β E‖s‖² along a reverse chain of 200 steps in place of L² ∫ β/2, or, with ``mean_norm``, its
    largest mean norm for L. "prior": from π, which is sharper than printed and holds (IT11); "encoder": from E_T(x_i),
    and "datum": from x_i itself, which hold for nothing. ``mirrored``: on that path ("prior" where none is named) the
    norm of s(x, ε + T − t), the score at the path's own running time, for that of s(x, t).

    ``density_estimates``: a bandwidth; `Printed.divergence` is then KL(P‖Q) as two kernel density estimates have it,
    p̂ at the data that it was made of, q̂ of generated samples. It stands on the left side, and has no price here.
    TypeError or ValueError for others. Source: the authors' code of CZS (claims IT14).
    """

    std_for_variance: bool = False
    weighted_loss: bool = False
    root_of_mean: bool = False
    batch: int | None = None
    nodes: int | None = None
    mean_norm: bool = False
    per_dimension: bool = False
    mean_rate: bool = False
    path: str | None = None
    mirrored: bool = False
    density_estimates: float | None = None

    def __post_init__(self) -> None:
        if self.path is not None:
            checks.option("path", self.path, PATHS)
        if self.density_estimates is not None:
            checks.real("density_estimates", self.density_estimates, above=0.0)
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name in ("batch", "nodes"):
                if value is not None:
                    checks.integer(item.name, value, minimum=2 if item.name == "batch" else 1)
            elif item.name not in ("path", "density_estimates") and not isinstance(value, bool):
                checks.refuse(item.name, "be True or False", value, "pass a bool", TypeError)
        if self.mean_rate and self.root_of_mean:
            checks.refuse("mean_rate", "be False beside root_of_mean", True, "T2 is computed in one way: pass one")


_ALL = Conventions(
    std_for_variance=True, weighted_loss=True, root_of_mean=True, batch=128, nodes=100, mean_norm=True,
    per_dimension=True,
)  # fmt: skip


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
        if conventions.mean_rate:
            roots = float(self.rates.mean())
        factor = math.sqrt(2.0) * self.half_range
        return {
            "T1": -self._information(conventions),
            "explicit_loss": self._weighted_loss() if conventions.weighted_loss else self.losses.explicit[0].value,
            "T2": factor * roots,
            "T3": factor * math.sqrt(self._chain(conventions) / self.law.count),
        }

    def _chain(self, conventions: Conventions) -> float:
        """What stands for I(X̂₀; S | X̂_T)."""
        if conventions.path is None and not conventions.mirrored:
            limit = self._mean_norm() if conventions.mean_norm else self.score_bound
        else:
            found = self._path(conventions)
            if not conventions.mean_norm:
                excess = 1.0 if conventions.nodes is None else self._beta(conventions.nodes) / self._beta(None)
                return excess * float((found.distances @ found.weights).mean())
            limit = math.sqrt(found.largest())
        return 0.5 * limit**2 * self._beta(conventions.nodes)

    def _path(self, conventions: Conventions) -> Chain:
        """E‖s‖² along the reverse chain, or of the score at the mirrored time."""
        score, turned = self._score(), self.losses.start + self.horizon

        def rest(x: np.ndarray, time: float) -> np.ndarray:  # what leaves s at the mirrored time
            return np.asarray(score(x, time)) - np.asarray(score(x, turned - time))

        initial: dict[str, Any] = {}
        if conventions.path in ("encoder", "datum"):
            r, s = self.law.at(self.horizon)
            noised = conventions.path == "encoder"
            initial = {"initial": r * self.law.points, "initial_std": s} if noised else {"initial": self.law.points}
        return reverse_chain(
            score,
            reference=rest if conventions.mirrored else _nothing,
            dim=self.law.dim,
            steps=_STEPS,
            sampling=Sampling.of(self.how),
            **initial,
            **self._process(),
        )

    def _process(self) -> dict[str, Any]:
        """The reverse process beside its score."""
        return {
            "drift": _at(self.sde.drift),
            "diffusion": _at(self.sde.diffusion),
            "horizon": self.horizon,
            "start": self.losses.start,
            "prior_std": self.law.prior_std,
        }

    def _score(self) -> Score:
        """The score as a callable."""
        if isinstance(self.score, (ScoreNetwork, DiffusedData)):
            return self.score.score
        return (
            ReverseProcess(score=self.score, parameters=self.parameters, **self._process())
            .in_dimension(self.law.dim)
            .score
        )

    def divergence(self, bandwidth: float) -> float:
        """KL(P‖Q) as two kernel density estimates have it, the second of as many samples as ``how`` says."""
        how = Sampling.of(self.how)
        drawn = sample_reverse_sde(
            self._score(), dim=self.law.dim, samples=how.samples, rng=how.rng, workers=how.workers, **self._process()
        )
        return density_estimate_divergence(self.law.points, drawn, bandwidth=bandwidth)

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
    ``divergence``: the left side KL(P‖Q) as two density estimates have it, None unless they were asked for.
    """

    terms: Mapping[str, float]
    total: float
    conventions: Conventions
    prices: Mapping[str, float]
    divergence: float | None = None

    def table(self) -> Table:
        """The terms and the total, then what each convention alone would add."""
        rows = [(name, f"{value:.8g}") for name, value in (*self.terms.items(), ("total", self.total))]
        rows += [(f"{name} alone", f"{value:+.8g}") for name, value in self.prices.items()]
        if self.divergence is not None:
            rows.append(("KL(P‖Q) of two density estimates", f"{self.divergence:.8g}"))
        return Table(header=("printed", "value"), rows=rows)


def printed_bound(parts: Ingredients, conventions: Conventions) -> Printed:
    """The printed bound of what was measured, and the price of each convention.

    Prices are of the conventions that are asked for; where none is, of all that need no simulation, with batches of 128
    and 100 nodes.
    """
    plain = Conventions()
    shown = conventions if plain != replace(conventions, density_estimates=None) else _ALL
    base = _total(parts.terms(plain), plain, parts.law.dim)
    prices = {}
    for item in fields(Conventions):
        if item.name != "density_estimates" and getattr(shown, item.name) != getattr(plain, item.name):
            one = replace(plain, **{item.name: getattr(shown, item.name)})
            prices[item.name] = _total(parts.terms(one), one, parts.law.dim) - base
    terms = parts.terms(conventions)
    return Printed(
        terms=MappingProxyType(terms),
        total=_total(terms, conventions, parts.law.dim),
        conventions=conventions,
        prices=MappingProxyType(prices),
        divergence=None if conventions.density_estimates is None else parts.divergence(conventions.density_estimates),
    )


def _total(terms: Mapping[str, float], conventions: Conventions, dim: int) -> float:
    return math.fsum(terms.values()) / (dim if conventions.per_dimension else 1)


def _at(expr: sp.Expr) -> Callable[[float], float]:
    """An expression in t as a function of one time."""
    function = time_function(expr)
    return lambda time: float(np.broadcast_to(function(np.array([time])), (1,))[0])


def _nothing(x: np.ndarray, _time: float) -> np.ndarray:
    return np.zeros_like(x)
