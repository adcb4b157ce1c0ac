"""Models of the theorems of normal laws: Gauss–Hermite grids, exact for every polynomial up to the fifth degree."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.stats

from theory.symbols import n
from theory.theorems.normals import OTHER, SPREADS, X_3
from theory.theorems.places import X_1, X_2, X, a, b, c, e, f, g, h, level, low, number
from theory.vocabulary import information as it
from theory.vocabulary.objects import Y
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World

MODELS = Models()
_ROUND = 2.0**-30
_NODES, _CHANCES = np.polynomial.hermite_e.hermegauss(3)
_CHANCES = _CHANCES / _CHANCES.sum()
Array = np.ndarray


# Laws on the line ------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Law:
    """A law by its moments about its mean, which tell a normal law from others here."""

    mean: float
    variance: float
    fourth: float

    @classmethod
    def normal(cls, mean: float, variance: float) -> Law:
        """N(mean, variance)."""
        return cls(mean=mean, variance=variance, fourth=3 * variance**2)


def is_normal(law: Law, mean: float, variance: float) -> bool:
    """The fact normal_law(law, m, v)."""
    stated = Law.normal(mean, variance)
    return bool(np.allclose(*((made.mean, made.variance, made.fourth) for made in (law, stated)), rtol=_ROUND))


def _log_density(law: Law, x: Any) -> Any:
    return scipy.stats.norm.logpdf(x, law.mean, math.sqrt(law.variance))


def _relative(one: Law, other: Law) -> float:
    """E log p/q under the first, by nodes."""
    points = one.mean + math.sqrt(one.variance) * _NODES
    return float(_CHANCES @ (_log_density(one, points) - _log_density(other, points)))


def _mixture(law_at: Callable[[float], Law]) -> Law:
    """The mean over z ~ N(0, 1) of laws whose means are linear in z."""
    laws = [law_at(float(z)) for z in _NODES]
    mean = float(_CHANCES @ [law.mean for law in laws])
    off, spread = np.array([law.mean - mean for law in laws]), np.array([law.variance for law in laws])
    fourth = _CHANCES @ (np.array([law.fourth for law in laws]) + 6 * spread * off**2 + off**4)
    return Law(mean=mean, variance=float(_CHANCES @ (spread + off**2)), fourth=float(fourth))


_HEADS: Mapping[str, Callable[..., Any]] = {
    "NormalLaw": Law.normal,
    "NormalMixture": _mixture,
    "LogDensity": _log_density,
    "RelativeEntropy": _relative,
}


_KINDS = {"kind": Choice(options=("true", "another", "other q"))}


@MODELS.of("normal law", "mixture of normal laws by their mean")
@MODELS.of("density of a normal law", fields=_KINDS, needs=("normal_law",))
@MODELS.of("divergence of normal laws", fields=_KINDS, needs=("normal_law 1", "normal_law 2"))
def _laws(i: Instance) -> World:
    m, v, m_2, v_2, x = generator(i).uniform(0.3, 2, 5)
    kind = i.get("kind", "true")
    one, two = (Law.normal(at + (kind == wrong), by) for at, by, wrong in ((m, v, "another"), (m_2, v_2, "other q")))
    values = {it.first: one, it.second: two, X: m, level: v, X_1: m_2, OTHER: v_2, a: x, b: m}
    return World(values=values, heads=_HEADS, facts={"normal_law": is_normal})


# Samples ------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Independent standard normal numbers by their nodes: ``numbers`` of shape (count, outcomes)."""

    count: int

    @cached_property
    def numbers(self) -> Array:
        """The values at every outcome."""
        return np.stack([axis.ravel() for axis in np.meshgrid(*[_NODES] * self.count, indexing="ij")])

    @cached_property
    def chances(self) -> Array:
        """Their weights."""
        return np.prod([axis.ravel() for axis in np.meshgrid(*[_CHANCES] * self.count, indexing="ij")], axis=0)

    def mean(self, statistic: Any) -> float:
        """E of a statistic."""
        return float(self.chances @ np.broadcast_to(statistic, self.chances.shape))


def _independent(grid: Grid, *parts: Any) -> bool:
    """The fact independent_normals(Y, X, …, v, …), by all moments of two up to the fourth degree."""
    numbers, spreads = np.stack(parts[:4]), np.array(parts[4:], dtype=float)
    squares = numbers**2
    first, second = numbers @ grid.chances, (numbers * grid.chances) @ numbers.T
    fourth = (squares * grid.chances) @ squares.T
    expected = np.outer(spreads, spreads) * (1 + 2 * np.eye(4))
    pairs = ((first, np.zeros(4)), (second, np.diag(spreads)), (fourth, expected))
    return all(np.allclose(one, other, rtol=_ROUND, atol=_ROUND) for one, other in pairs)


@MODELS.of(
    "parts of a normal sample",
    fields={"size": Integer(low=1, high=3), "kind": Choice(options=("true", "another variance", "not centred"))},
    needs=("normal_sample",),
)
def _samples(i: Instance) -> World:
    theta, v = generator(i).uniform(0.3, 2, 2)
    grid = Grid(count=i["size"] + 2)
    wide = 1.5 if i["kind"] == "another variance" else 1.0
    data = theta + (0.7 if i["kind"] == "not centred" else 0.0) + math.sqrt(wide * v) * grid.numbers[2:]

    def holds(_grid: Grid, count: int, mean: float, variance: float) -> bool:
        means, spreads = data @ grid.chances, (data - theta) ** 2 @ grid.chances
        return count == len(data) and bool(np.allclose(means, mean) and np.allclose(spreads, variance))

    heads: dict[str, Callable[..., Any]] = {
        "Drawn": lambda _grid, k: data[int(k) - 1],
        "SampleMean": lambda _grid: data.mean(axis=0),
        "DrawnBeside": lambda _grid, k: grid.numbers[int(k) - 1],
    }
    facts: dict[str, Callable[..., bool]] = {"independent_normals": _independent, "normal_sample": holds}
    values = {Y: grid, n: i["size"], X: theta, level: v, number: 1.0}
    return World(values=values, heads=heads, facts=facts)


def _gaussian_log(points: Array, chances: Array) -> Array:
    """log density, at every outcome, of the jointly normal law with the covariances that the numbers have."""
    about = points - (points @ chances)[:, None]
    covariance = (about * chances) @ about.T
    exponent = np.sum(about * np.linalg.solve(covariance, about), axis=0)
    return -(exponent + np.linalg.slogdet(2 * math.pi * covariance)[1]) / 2


def _informations(grid: Grid) -> Mapping[str, Callable[..., Any]]:
    """Informations of jointly normal numbers: the mean of the logarithm of densities."""

    def log(*parts: Array) -> Array:
        return _gaussian_log(np.stack(parts), grid.chances)

    def side(u: Array, v: Array, w: Array) -> float:
        return float(grid.chances @ (log(u, v, w) + log(w) - log(u, w) - log(v, w)))

    return {
        "RandomNumber": lambda x, _grid: x,
        "Information": lambda u, v: float(grid.chances @ (log(u, v) - log(u) - log(v))),
        "SideInformation": side,
    }


@MODELS.of(
    "moments of a linear form of normal numbers",
    "information of a Gaussian channel",
    "information of a Gaussian channel beside its noisy input",
    fields={"mean": Real(low=-1, high=1), "kind": Choice(options=("true", "correlated"))},
    needs=("independent_normals",),
)
def _forms(i: Instance) -> World:
    rng, grid = generator(i), Grid(count=4)
    spreads, factors = rng.uniform(0.3, 2, 4), rng.uniform(0.3, 1.5, 8)
    numbers = np.sqrt(spreads)[:, None] * grid.numbers
    if i["kind"] == "correlated":  # variances as stated
        numbers[1] = np.sqrt(spreads[1]) * (0.6 * grid.numbers[0] + 0.8 * grid.numbers[1])
    values = {
        Y: grid,
        **dict(zip((X, X_1, X_2, X_3), numbers, strict=True)),
        **dict(zip(SPREADS, spreads, strict=True)),
    }
    values |= dict(zip((a, b, c, e, f, g, h, low), map(float, factors), strict=True))
    return World(values=values, heads=_informations(grid), facts={"independent_normals": _independent})
