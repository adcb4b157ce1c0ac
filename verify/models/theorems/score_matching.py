"""Models of the theorems of score matching: data at a few points, noise by Gauss's rule, a smooth network."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from theory.symbols import d, r, v
from theory.vocabulary.objects import p0, score
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World

MODELS = Models()
_NODES = 48
"""With the least noise, 0.7, and points within 1 of 0 the rule is exact to 1e-10: no score has a pole nearer than 1."""


@dataclass(frozen=True)
class Law:
    """Data at ``atoms`` (k, d) with ``chances``, and noise z normal, or ±2 in every coordinate."""

    atoms: np.ndarray
    chances: np.ndarray
    two_values: bool

    def noise(self) -> tuple[np.ndarray, np.ndarray]:
        """Values (q, d) and their chances."""
        nodes, weights = np.array([-2.0, 2.0]), np.array([0.5, 0.5])
        if not self.two_values:
            nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
            weights = weights / math.sqrt(2 * math.pi)
        dim = self.atoms.shape[1]
        places = np.array(list(itertools.product(nodes, repeat=dim)))
        return places, np.prod(list(itertools.product(weights, repeat=dim)), axis=1)

    def mean(self, statistic: Callable[..., np.ndarray], scale: float, std: float) -> float:
        """E of a statistic of (x_t, the kernel's score there), x_t = r x₀ + rv z."""
        z, chances = self.noise()
        total = 0.0
        for atom, chance in zip(self.atoms, self.chances, strict=True):
            total += chance * float(chances @ statistic(scale * (atom + std * z), -z / (scale * std)))
        return total

    def score(self, x: np.ndarray, scale: float, std: float) -> np.ndarray:
        """The score of the mixture of kernels at the points (q, d)."""
        apart = scale * self.atoms[None] - x[:, None]
        logs = np.log(self.chances) - (apart**2).sum(axis=2) / (2 * (scale * std) ** 2)
        shares = np.exp(logs - logs.max(axis=1, keepdims=True))
        return ((shares / shares.sum(axis=1, keepdims=True))[..., None] * apart).sum(axis=1) / (scale * std) ** 2


def _product(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    return (one * two).sum(axis=1)


def _square(one: np.ndarray) -> np.ndarray:
    return _product(one, one)


_HEADS: dict[str, Callable[..., Any]] = {
    "Denoising": lambda p, s, r, v: p.mean(lambda x, c: _square(s(x) - c), r, v),
    "Matching": lambda p, s, r, v: p.mean(lambda x, _c: _square(s(x) - p.score(x, r, v)), r, v),
    "Energy_": lambda p, s, r, v: p.mean(lambda x, _c: _square(s(x)), r, v),
    "KernelCross": lambda p, s, r, v: p.mean(lambda x, c: _product(s(x), c), r, v),
    "MarginalCross": lambda p, s, r, v: p.mean(lambda x, _c: _product(s(x), p.score(x, r, v)), r, v),
    "KernelEnergy": lambda p, r, v: p.mean(lambda _x, c: _square(c), r, v),
    "MarginalEnergy": lambda p, r, v: p.mean(lambda x, _c: _square(p.score(x, r, v)), r, v),
}


_FIELDS = {
    "dim": Integer(low=1, high=2),
    "scale": Real(low=0.3, high=1),
    "noise": Real(low=1, high=2),
    "kind": Choice(options=("normal", "two values")),
}


@MODELS.of("square against the kernel's score", "square against the marginal score", fields=_FIELDS)
@MODELS.of(
    "the marginal score is a posterior mean",
    "energy of the kernel's score",
    fields=_FIELDS,
    needs=("population_losses",),
)
def _losses(i: Instance) -> World:
    rng, dim = generator(i), i["dim"]
    law = Law(rng.uniform(-1, 1, size=(3, dim)), rng.dirichlet(np.ones(3)), i["kind"] == "two values")
    matrix, shift = rng.normal(size=(dim, dim)), rng.normal(size=dim)
    facts = {"population_losses": lambda p, _s, size: not p.two_values and p.atoms.shape[1] == size}
    return World(
        values={p0: law, score: lambda x: np.sin(x) @ matrix + shift, r: i["scale"], v: i["noise"], d: dim},
        heads=_HEADS,
        facts=facts,
    )
