"""Models of the theorems of means over two equal modes: Gauss's rule between the corners of what is integrated."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import ndtr

from theory.symbols import mu
from theory.theorems.places import F, G, X, a, b, number
from theory.vocabulary.features import feature
from theory.vocabulary.networks import embedding, network
from theory.vocabulary.objects import Theta, p0
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.networks import FACTS, Network

MODELS = Models()
Array = np.ndarray
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_WIDE = 14.0


def _rule(corners: Array) -> tuple[Array, Array]:
    """Nodes and weights on the line, between the corners and with panels of length 1 at most."""
    ends = np.unique(np.concatenate([np.arange(-_WIDE, _WIDE + 1), corners[np.abs(corners) < _WIDE]]))
    half = (ends[1:] - ends[:-1]) / 2
    nodes = (ends[1:] + ends[:-1])[:, None] / 2 + half[:, None] * _NODES
    return nodes.ravel(), (half[:, None] * _WEIGHTS).ravel()


def _density(x: Array, mean: float) -> Array:
    return np.exp(-((x - mean) ** 2) / 2) / math.sqrt(2 * math.pi)


_KINDS = ("drawn", "constant", "at the mode", "other law", "other parameters")
_FIELDS = {
    "mu": Real(low=0.1, high=2.5),
    "width": Integer(low=1, high=3),
    "mean": Real(low=-2, high=2),
    "kind": Choice(options=_KINDS),
    "order": Choice(options=("equal", "other", "negative")),
}
_CORNERS = tuple(
    {"mu": 1.0, "width": 1, "mean": 0.5, "kind": kind, "order": "equal"} for kind in ("constant", "at the mode")
)


@MODELS.of("information of two modes", "gap of a score", fields=_FIELDS, needs=("two_equal_modes",))
@MODELS.of("mean over two modes", "linearity of a mean over two modes", "second moment of two modes", fields=_FIELDS)
@MODELS.of("means of equal functions over two modes", fields=_FIELDS, needs=("hypothesis",))
@MODELS.of("positivity of a mean over two modes", fields=_FIELDS, needs=("hypothesis",), variants=lambda _theorem: {})
@MODELS.of("Cauchy–Schwarz over two modes", fields=_FIELDS, extremal=_CORNERS)
@MODELS.of("score against the identity", "score against a feature", fields=_FIELDS)
@MODELS.of("Stein's identity for a feature", "mean of a feature", fields=_FIELDS)
@MODELS.of(
    "activity is a probability", "height of the normal density", "sign of a weight", fields=_FIELDS, extremal=_CORNERS
)
@MODELS.of("network against a function", fields=_FIELDS)
def _modes(i: Instance) -> World:
    rng, width = generator(i), i["width"]
    rows, outer, vector = rng.normal(size=(width, 2)), rng.normal(size=(1, width)), np.ones(1)
    rows /= np.abs(rows).sum(axis=1, keepdims=True)
    if i["kind"] == "constant":
        rows[0] = (0.0, 1.0)
    if i["kind"] == "at the mode":
        rows[0] = (1 / (1 + abs(i["mean"])), -i["mean"] / (1 + abs(i["mean"])))
    net = Network(inner=rows[:, :1], time=rows[:, 1:], outer=outer, embedding=vector)
    w, c = rows[:, 0], rows[:, 1]
    corners = np.array([-y / x for x, y in rows if x != 0])
    nodes, weights = _rule(corners)
    centre = i["mu"] + (0.5 if i["kind"] == "other law" else 0.0)

    def normal_mean(mean: float, function: Callable[[Array], Array]) -> float:
        return float((weights * _density(nodes, mean)) @ np.broadcast_to(function(nodes), nodes.shape))

    def modes_mean(at: float, function: Callable[[Array], Array]) -> float:
        density = (_density(nodes, at) + _density(nodes, -at)) / 2
        return float((weights * density) @ np.broadcast_to(function(nodes), nodes.shape))

    def response(k: int, x: Any) -> Any:
        return np.maximum(w[k] * x + c[k], 0)

    def value(made: Network, x: Any) -> Any:
        return sum(made.outer[0, k] * response(k, x) for k in range(width)) / width

    def score(x: Array) -> Array:
        """The derivative of log p₀ by that of p₀."""
        right, left = _density(x, centre), _density(x, -centre)
        return ((centre - x) * right + (-centre - x) * left) / (right + left)

    def activity(k: int, _vector: Array, mean: float) -> float:
        """The normal law's chance of the feature's half-line."""
        return float(ndtr((w[k] * mean + c[k]) / abs(w[k]))) if w[k] != 0 else float(c[k] > 0)

    heads: dict[str, Callable[..., Any]] = {
        "ModesMean": modes_mean,
        "NormalMean": normal_mean,
        "Point": lambda x: x,
        "Response": response,
        "NetworkValue": value,
        "Weight": lambda k: float(w[k]),
        "Side": lambda k: float(np.sign(w[k])),
        "FeatureIntercept": lambda k, _vector: float(c[k]),
        "Activity": activity,
        "Boundary": lambda k, _vector, mean: float(_density(-c[k] / w[k], mean)) if w[k] != 0 else 0.0,
        "Combination": lambda made, function: float(np.mean([made.outer[0, k] * function(k) for k in range(width)])),
        "FisherInformation": lambda _law: modes_mean(centre, lambda x: score(x) ** 2),
        "ScoreGap": lambda _law, made: math.sqrt(modes_mean(centre, lambda x: (value(made, x) - score(x)) ** 2)),
    }
    facts = {**FACTS, "two_equal_modes": lambda _law, at: centre == at}
    sign = -1.0 if i["order"] == "negative" else 1.0
    other = 1.0 if i["order"] == "other" else 0.0
    theta = outer / math.sqrt(width) * (0.5 if i["kind"] == "other parameters" else 1.0)
    values: dict[Any, Any] = {p0: None, mu: i["mu"], network: net, Theta: theta, embedding: vector, feature: 0}
    values |= {F: lambda x: sign * np.exp(-(x**2) / 3), G: lambda x: sign * np.exp(-(x**2) / 3) * (1 + other * x**2)}
    values |= {X: i["mean"], a: 2.0, b: -0.5}
    return World(values=values, heads=heads, facts=facts, ranges={number: np.linspace(-4.0, 4.0, 33)})
