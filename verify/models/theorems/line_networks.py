"""Models of the theorems of networks on the line: combinations of features, lines at infinity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from theory.theorems.places import F, G, b, bound, c
from theory.vocabulary.features import feature
from theory.vocabulary.networks import embedding, network
from theory.vocabulary.objects import Theta
from verify.evidence.domain import Choice, Instance, Integer
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.networks import FACTS, Network

MODELS = Models()
_FAR = 1024.0
"""Beyond all corners of the models' networks."""


def _at(net: Network, x: float) -> float:
    return float(net.at(np.array([x]))[0])


def _line(net: Network, side: int) -> tuple[float, float]:
    """Slope and intercept of the line that the network is on one side."""
    near, far = side * _FAR, side * 2 * _FAR
    slope = (_at(net, far) - _at(net, near)) / (far - near)
    return slope, _at(net, near) - slope * near


_KINDS = ("drawn", "equal", "of time alone", "other parameters", "larger features", "foreign feature")
_FIELDS = {"width": Integer(low=1, high=4), "kind": Choice(options=_KINDS), "bound": Choice(options=("least", "less"))}
_EQUAL = ({"width": 2, "kind": "equal", "bound": "least"},)


@MODELS.of(
    "Cauchy–Schwarz over combined features",
    fields=_FIELDS,
    extremal=(*_EQUAL, {"width": 2, "kind": "other parameters", "bound": "least"}, {**_EQUAL[0], "bound": "less"}),
    needs=("random_feature_network", "hypothesis"),
)
@MODELS.of("linear combinations of features", "slopes of a network", "intercepts of a network", fields=_FIELDS)
@MODELS.of(
    "budget of a feature on the line",
    fields=_FIELDS,
    extremal=tuple(
        {"width": 2, "kind": kind, "bound": "least"} for kind in ("equal", "larger features", "foreign feature")
    ),
    needs=("random_feature_network", "member"),
)
def _networks(i: Instance) -> World:
    rng, width = generator(i), i["width"]
    equal = i["kind"] not in ("drawn", "of time alone")
    rows = np.tile([0.5, 0.5, 0.0], (width, 1)) if equal else rng.normal(size=(width, 3))
    rows[0, 0] = 0.0 if i["kind"] == "of time alone" else rows[0, 0]
    rows /= np.abs(rows).sum(axis=1, keepdims=True)
    rows *= 2.0 if i["kind"] == "larger features" else 1.0
    outer = np.ones((1, width)) if equal else rng.normal(size=(1, width))
    vector = np.ones(2) if equal else rng.normal(size=2)
    net = Network(inner=rows[:, :1], time=rows[:, 1:], outer=outer, embedding=vector)
    theta = outer / np.sqrt(width) * (0.5 if i["kind"] == "other parameters" else 1.0)
    sizes = np.append(1 + rng.uniform(size=width) * (not equal), 1.0)
    others = rng.normal(size=width + 1)
    foreign = width if i["kind"] == "foreign feature" else 0
    weights, intercepts = np.append(rows[:, 0], 3.0), np.append(rows[:, 1:] @ vector, 3.0)
    heads: dict[str, Callable[..., Any]] = {
        "Combination": lambda made, function: float(np.mean([made.outer[0, k] * function(k) for k in range(width)])),
        "Norm": lambda at: float(np.linalg.norm(at)),
        "SlopeLeft": lambda made: _line(made, -1)[0],
        "SlopeRight": lambda made: _line(made, 1)[0],
        "InterceptLeft": lambda made: _line(made, -1)[1],
        "InterceptRight": lambda made: _line(made, 1)[1],
        "Weight": lambda k: float(weights[k]),
        "Side": lambda k: float(np.sign(weights[k])),
        "FeatureIntercept": lambda k, _vector: float(intercepts[k]),
        "EmbeddingBound": lambda e: float(np.abs(e).max()),
    }
    limit = float(sizes[:width].max()) * (0.5 if i["bound"] == "less" else 1.0)
    values: dict[Any, Any] = {
        network: net,
        Theta: theta,
        embedding: vector,
        feature: foreign,
        bound: limit,
        b: 2.0,
        c: -0.5,
    }
    values |= {F: lambda k: float(sizes[k]), G: lambda k: float(others[k])}
    return World(values=values, heads=heads, facts=FACTS, ranges={feature: tuple(range(width))})
