"""Models of the theorems of networks at points: small ones, of one ReLU where the bounds are attained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from theory.theorems.places import X_1, X_2, F, G, X, a, bound, level, number
from theory.vocabulary.features import feature
from theory.vocabulary.networks import embedding, made, network, one, other
from theory.vocabulary.objects import Theta
from verify.evidence.domain import Choice, Instance, Integer, Real
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


FACTS: dict[str, Callable[..., bool]] = {
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
    own = Network(inner=rows[:, :2], time=rows[:, 2:], outer=outer, embedding=e)
    foreign = Network(inner=3 * rows[:, :2], time=rows[:, 2:], outer=outer, embedding=e)
    theta = outer / np.sqrt(width) * (0.5 if i["kind"] == "other parameters" else 1.0)

    def response(k: int, point: np.ndarray) -> float:
        return float(own.responses(point)[k] if k < width else foreign.responses(point)[0])

    heads: dict[str, Callable[..., Any]] = {
        "Response": response,
        "Output": lambda net, point: float(np.linalg.norm(net.at(point))),
        "Change": lambda net, p, q: float(np.linalg.norm(net.at(p) - net.at(q))),
        "Norm": lambda at: float(np.linalg.norm(at)),
        "SupOfPoint": lambda point: float(np.abs(point).max()),
        "SupOfGap": lambda p, q: float(np.abs(p - q).max()),
        "EmbeddingBound": lambda vector: float(np.abs(vector).max()),
    }
    least = float(max(own.responses(x).max(), np.abs(own.responses(x) - own.responses(y)).max()))
    limit = least * (0.5 if i["kind"] == "small bound" else 1.0)
    chosen = width if i["kind"] == "foreign feature" else 0
    values = {network: own, Theta: theta, one: x, other: y, embedding: e, bound: limit, feature: chosen}
    return World(values=values, heads=heads, facts=FACTS, ranges={feature: tuple(range(width + 1))})


# Norms and sizes ------------------------------------------------------------

_NORMS = {
    "width": Integer(low=1, high=4),
    "kind": Choice(options=("normalised", "not normalised", "one size", "foreign feature")),
    "order": Choice(options=("equal", "below", "above")),
}


@MODELS.of("norm of a network", "scaled average over features", fields=_NORMS)
@MODELS.of("norm of a normalised network", fields=_NORMS, needs=("normalised",))
@MODELS.of("common size", fields=_NORMS, needs=("common_size", "member"))
@MODELS.of("largest size", fields=_NORMS, needs=("sizes_up_to", "member"))
@MODELS.of("monotonicity of an average over features", fields=_NORMS, needs=("hypothesis",))
def _norms(i: Instance) -> World:
    rng, width = generator(i), i["width"]
    rows, outer = rng.normal(size=(width, 4)), rng.normal(size=(2, width))
    sizes = np.abs(rows).sum(axis=1)
    if i["kind"] in ("one size", "foreign feature"):
        rows = 0.7 * rows / sizes[:, None]
        sizes = np.full(width, 0.7)
    own = Network(inner=rows[:, :2], time=rows[:, 2:], outer=outer, embedding=np.ones(2))
    unit = rows / sizes[:, None]
    scaled = outer if i["kind"] == "not normalised" else outer * sizes
    other_form = Network(inner=unit[:, :2], time=unit[:, 2:], outer=scaled, embedding=own.embedding)
    largest = float(sizes.max())
    level_ = 0.7 if i["kind"] in ("one size", "foreign feature") or width > 1 else 0.5 * largest

    def size(k: int) -> float:
        return float(np.abs(rows[k]).sum()) if k < width else 5.0

    def normalised(net: Network, original: Network) -> bool:
        """(c a, w/c, u/c) for each (a, w, u), c = ‖w‖₁ + ‖u‖₁."""
        c = np.abs(original.inner).sum(axis=1) + np.abs(original.time).sum(axis=1)
        parts = (
            (net.outer, original.outer * c),
            (net.inner, original.inner / c[:, None]),
            (net.time, original.time / c[:, None]),
        )
        return all(bool(np.allclose(one, two, rtol=_ROUND)) for one, two in parts)

    shift = {"equal": 0.0, "below": -0.5, "above": 0.5}[i["order"]]
    heads: dict[str, Callable[..., Any]] = {
        "NetworkNorm": lambda net: float(np.sqrt(np.trace(net.outer @ net.outer.T) / len(net.inner))),
        "FeatureAverage": lambda net, function: float(np.mean([function(k) for k in range(len(net.inner))])),
        "OuterNorm": lambda k: float(np.sqrt(outer[0, k] ** 2 + outer[1, k] ** 2)),
        "Size": size,
    }
    facts: dict[str, Callable[..., bool]] = {
        **FACTS,
        "normalised": normalised,
        "common_size": lambda net, number_: bool(np.allclose(sizes, number_, rtol=_ROUND)),
        "sizes_up_to": lambda net, number_: bool(largest <= number_ * (1 + _ROUND)),
    }
    values = {network: own, made: other_form, feature: width if i["kind"] == "foreign feature" else 0, level: level_}
    values |= {F: lambda k: 2.0 + size(k) + shift, G: lambda k: 2.0 + size(k), a: 1.5}
    return World(values=values, heads=heads, facts=facts, ranges={feature: tuple(range(width))})


# Points of the line, scores ------------------------------------------------------------


@MODELS.of(
    "size of a point of the line",
    "gap of points of the line",
    fields={"x": Real(low=-3, high=3), "y": Real(low=-3, high=3)},
)
def _line(i: Instance) -> World:
    heads = {
        "Point": lambda x: np.array([x]),
        "SupOfPoint": lambda point: float(np.linalg.norm(point, ord=np.inf)),
        "SupOfGap": lambda p, q: float(np.linalg.norm(p - q, ord=np.inf)),
    }
    return World(values={X: i["x"], X_1: i["x"], X_2: i["y"]}, heads=heads)


@MODELS.of(
    "score", fields={"x": Real(low=-3, high=3), "kind": Choice(options=("its own", "another"))}, needs=("hypothesis",)
)
def _score(i: Instance) -> World:
    """The score as the imaginary part of a logarithm at a complex point."""
    std = 1.0 if i["kind"] == "its own" else 2.0

    def at(density: Callable[[Any], Any], x: float) -> float:
        return float(np.log(density(x + 1e-20j)).imag / 1e-20)

    values = {G: lambda x: np.exp(-(x**2) / 2) / 3, F: lambda x: -x / std, X: i["x"]}
    return World(values=values, heads={"ScoreAt": at}, ranges={number: (-2.0, 0.5, 1.0)})
