"""Models of the theorems of networks at points: small ones, of one ReLU where the bounds are attained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from theory.theorems.places import bound
from theory.vocabulary.features import feature
from theory.vocabulary.networks import embedding, network, one, other
from theory.vocabulary.objects import Theta
from verify.evidence.domain import Choice, Instance, Integer
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World

MODELS = Models()
_ROUND = 2.0**-40


@dataclass(frozen=True, kw_only=True)
class Network:
    """(1/m)Σ a_i σ(w_i·x + u_i·e): ``inner`` of shape (m, d), ``time`` (m, k), ``outer`` (d, m), ``embedding`` (k,)."""

    inner: np.ndarray
    time: np.ndarray
    outer: np.ndarray
    embedding: np.ndarray

    def responses(self, x: np.ndarray) -> np.ndarray:
        """σ(w_i·x + u_i·e) of all features."""
        return np.maximum(self.inner @ x + self.time @ self.embedding, 0)

    def at(self, x: np.ndarray) -> np.ndarray:
        """The network's value."""
        return self.outer @ self.responses(x) / len(self.inner)


def _is_class(made: Network, theta: np.ndarray) -> bool:
    sizes = np.abs(made.inner).sum(axis=1) + np.abs(made.time).sum(axis=1)
    return bool(sizes.max() <= 1 + _ROUND and np.allclose(theta, made.outer / np.sqrt(len(made.inner)), rtol=_ROUND))


_FACTS: dict[str, Callable[..., bool]] = {
    "random_feature_network": _is_class,
    "member": lambda k, made: 0 <= k < len(made.inner),
}
_KINDS = ("drawn", "tight", "larger features", "other parameters", "foreign feature", "small bound")


@MODELS.of(
    "Cauchy–Schwarz over features",
    "Cauchy–Schwarz over changes of features",
    fields={"width": Integer(low=1, high=4), "kind": Choice(options=_KINDS)},
    extremal=tuple({"width": 2, "kind": kind} for kind in _KINDS),
    needs=("random_feature_network", "hypothesis"),
)
@MODELS.of(
    "Hölder for a feature",
    "Hölder for a change of a feature",
    fields={"width": Integer(low=1, high=4), "kind": Choice(options=_KINDS)},
    extremal=tuple({"width": 2, "kind": kind} for kind in _KINDS),
    needs=("random_feature_network", "member"),
)
def _networks(i: Instance) -> World:
    rng, width = generator(i), i["width"]
    if i["kind"] == "drawn":
        rows = rng.normal(size=(width, 4))
        rows /= np.abs(rows).sum(axis=1, keepdims=True)
        outer, x, y, e = rng.normal(size=(2, width)), rng.normal(size=2), rng.normal(size=2), rng.normal(size=2)
    else:
        rows, outer = np.tile([1.0, 0, 0, 0], (width, 1)), np.ones((2, width))
        x, y, e = np.array([2.0, 1.0]), np.array([0.0, 1.0]), np.array([0.5, 0.5])
    if i["kind"] == "larger features":
        rows = 2 * rows
    made = Network(inner=rows[:, :2], time=rows[:, 2:], outer=outer, embedding=e)
    foreign = Network(inner=3 * rows[:, :2], time=rows[:, 2:], outer=outer, embedding=e)
    theta = outer / np.sqrt(width) * (0.5 if i["kind"] == "other parameters" else 1.0)

    def response(k: int, point: np.ndarray) -> float:
        return float(made.responses(point)[k] if k < width else foreign.responses(point)[0])

    heads: dict[str, Callable[..., Any]] = {
        "Response": response,
        "Output": lambda net, point: float(np.linalg.norm(net.at(point))),
        "Change": lambda net, p, q: float(np.linalg.norm(net.at(p) - net.at(q))),
        "Norm": lambda at: float(np.linalg.norm(at)),
        "SupOfPoint": lambda point: float(np.abs(point).max()),
        "SupOfGap": lambda p, q: float(np.abs(p - q).max()),
        "EmbeddingBound": lambda vector: float(np.abs(vector).max()),
    }
    least = float(max(made.responses(x).max(), np.abs(made.responses(x) - made.responses(y)).max()))
    limit = least * (0.5 if i["kind"] == "small bound" else 1.0)
    chosen = width if i["kind"] == "foreign feature" else 0
    values = {network: made, Theta: theta, one: x, other: y, embedding: e, bound: limit, feature: chosen}
    return World(values=values, heads=heads, facts=_FACTS, ranges={feature: tuple(range(width + 1))})
