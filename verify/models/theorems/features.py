"""Models of the theorems of random features: functions at a few weighted places, data in noise on the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from theory.symbols import T, d
from theory.theorems import features as stated
from theory.theorems.places import F, bound, level
from theory.vocabulary import features as fe
from theory.vocabulary.features import datum, feature
from theory.vocabulary.objects import Q, Theta, p0, sampled, weight
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems import concentration
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.samples import Draws, draws

MODELS = Models()
_INPUT = next(t for t in stated.THEOREMS if t.id == "ReLU contracts").takes[1]
_ROUND = 2.0**-30
Array = np.ndarray


# Functions in L² ------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Input:
    """z = (x, e): coordinate functions at a few places, of shape (coordinates, places), and the places' weights λp."""

    values: Array
    weights: Array
    space: int

    def norm(self, function: Array) -> float:
        """The norm in L²(λp)."""
        return float(np.sqrt(self.weights @ function**2))


@dataclass(frozen=True)
class Function:
    """A function in L²(λp)."""

    input: Input
    values: Array


@dataclass(frozen=True, kw_only=True)
class Neuron:
    """A feature v = (w, u) with its outer weight a(v)."""

    inner: Array
    outer: Array

    @property
    def size(self) -> float:
        """‖w‖₁ + ‖u‖₁."""
        return float(np.abs(self.inner).sum())


@dataclass(frozen=True, kw_only=True)
class Features:
    """Features v_i, the inputs of the network, and the quadratic of one datum."""

    neurons: tuple[Neuron, ...]
    input: Input

    @property
    def responses(self) -> Array:
        """σ(v_i·z) at the places."""
        return np.maximum(np.stack([neuron.inner for neuron in self.neurons]) @ self.input.values, 0)

    @property
    def matrix(self) -> Array:
        """E λhhᵀ with h = σ/√m."""
        h = self.responses / np.sqrt(len(self.neurons))
        return (h * self.input.weights) @ h.T

    @property
    def vector(self) -> Array:
        """E λ y hᵀ with two targets."""
        h = self.responses / np.sqrt(len(self.neurons))
        targets = np.stack([np.sin(1 + self.input.values[0]), np.cos(self.input.values[0])])
        return (targets * self.input.weights) @ h.T


def _largest(made: Input) -> float:
    return max(made.norm(coordinate) for coordinate in made.values)


def _box(made: Input) -> float:
    """E λ max(‖x‖∞, ‖e‖∞)², place by place."""
    return float(made.weights @ np.abs(made.values).max(axis=0) ** 2)


def _frobenius(at: Array) -> float:
    return float(np.linalg.norm(at))


def _joint(neuron: Neuron, made: Input) -> float:
    """‖a(v)σ(v·z)‖, coordinate by coordinate of a(v)."""
    response = np.maximum(neuron.inner @ made.values, 0)
    return float(np.sqrt(sum(made.norm(a * response) ** 2 for a in neuron.outer)))


HEADS: dict[str, Callable[..., Any]] = {
    "Input": lambda made, *_: made if isinstance(made, Input) else made.input,
    "Argument": lambda neuron, made: Function(made, neuron.inner @ made.values),
    "Active": lambda function: Function(function.input, np.maximum(function.values, 0)),
    "FunctionNorm": lambda function: function.input.norm(function.values),
    "LargestNorm": _largest,
    "NeuronNorm": _joint,
    "Size": lambda neuron: neuron.size,
    "OuterNorm": lambda neuron: _frobenius(neuron.outer),
    "WeightBound": lambda sample: max(_frobenius(neuron.outer) for neuron in sample.neurons),
    "WeightMax": lambda sample: max(float(np.abs(neuron.outer).max()) for neuron in sample.neurons),
    "CoordinateMoment": lambda made, *_: max(float(made.weights @ z**2) for z in made.values),
    "BoxMoment": lambda made, *_: _box(made),
    "Reach": lambda q, _datum: max(float(q.input.weights @ z**2) for z in q.input.values),
    "FrobeniusNorm": _frobenius,
    "VectorNorm": _frobenius,
    "OperatorNorm": lambda at: float(np.linalg.norm(at, ord=2)),
    "MatrixTrace": lambda at: float(np.trace(at)),
    "FeatureMean": lambda q, function: float(np.mean([function(neuron) for neuron in q.neurons])),
    "At": lambda part, _datum: part,
    "MatrixPart": lambda q: q.matrix,
    "VectorPart": lambda q: q.vector,
    "GradientPart": lambda q, at: at @ q.matrix - q.vector,
    "Norm": _frobenius,
}


def _unit(made: Any) -> bool:
    return all(neuron.size <= 1 + _ROUND for neuron in made.neurons)


FACTS: dict[str, Callable[..., bool]] = {
    "features": _unit,
    "unit_rows": _unit,
    "member": lambda neuron, made: any(neuron is one for one in made.neurons),
}

_KINDS = ("drawn", "tight", "large", "foreign")
_FIELDS = {"width": Integer(low=1, high=4), "kind": Choice(options=_KINDS)}
_EXTREMAL = tuple({"width": 2, "kind": kind} for kind in _KINDS)


def _made(i: Instance) -> tuple[np.random.Generator, Features]:
    rng, width = generator(i), i["width"]
    if i["kind"] == "drawn":
        inner, outer = rng.normal(size=(width, 4)), rng.normal(size=(width, 2))
        inner /= np.abs(inner).sum(axis=1, keepdims=True)
        made = Input(values=rng.normal(size=(4, 5)), weights=rng.uniform(0.1, 1, 5), space=2)
    else:  # one coordinate, the largest at every place, seen by all features
        inner, outer = np.tile([1.0, 0, 0, 0], (width, 1)), np.ones((width, 2))
        values = np.array([[2.0, 1.0], [0.5, 0.5], [-1.0, 0.3], [0.2, -0.1]])
        made = Input(values=values, weights=np.array([0.7, 0.5]), space=2)
    if i["kind"] == "large":
        inner = 2 * inner
    neurons = tuple(Neuron(inner=v, outer=a) for v, a in zip(inner, outer, strict=True))
    return rng, Features(neurons=neurons, input=made)


def _world(
    made: Features, chosen: Neuron, values: dict[Any, Any] | None = None, heads: dict[str, Any] | None = None
) -> World:
    known = {feature: chosen, _INPUT: made.input, sampled: made, Q: made, datum: None, p0: made.input}
    known |= {weight: None, T: 1.0, d: 2}
    return World(
        values={**known, **(values or {})},
        heads={**HEADS, **(heads or {})},
        facts=FACTS,
        ranges={feature: made.neurons},
    )


def _chosen(i: Instance, made: Features) -> Neuron:
    if i["kind"] == "foreign":
        return Neuron(inner=np.array([2.0, 0, 0, 0]), outer=np.array([3.0, 3.0]))
    return made.neurons[0]


@MODELS.of("size of a sampled feature", fields=_FIELDS, extremal=_EXTREMAL, needs=("features", "member"))
@MODELS.of("size of a row", fields=_FIELDS, extremal=_EXTREMAL, needs=("unit_rows", "member"))
@MODELS.of("outer weight", fields=_FIELDS, extremal=_EXTREMAL, needs=("member",))
@MODELS.of("ReLU contracts", "Minkowski, linear forms", "norms of outer weights", fields=_FIELDS, extremal=_EXTREMAL)
@MODELS.of(
    "norm of a neuron", "largest moment", "a coordinate is at most the largest", fields=_FIELDS, extremal=_EXTREMAL
)
@MODELS.of("Frobenius norm and trace", "trace of a datum's matrix", "reach", fields=_FIELDS, extremal=_EXTREMAL)
def _features(i: Instance) -> World:
    _, made = _made(i)
    return _world(made, _chosen(i, made))


_BOUNDED = {
    "width": Integer(low=1, high=4),
    "kind": Choice(options=("drawn", "tight")),
    "bound": Choice(options=("least", "less")),
}


@MODELS.of("largest norm of a neuron", fields=_BOUNDED, needs=("hypothesis",))
def _neurons(i: Instance) -> World:
    """The least bound of the norms is that of the functions as vectors at the places."""
    _, made = _made(i)
    root = np.sqrt(made.input.weights)
    vectors = [np.outer(v.outer, np.maximum(v.inner @ made.input.values, 0) * root) for v in made.neurons]
    sample = draws(np.arange(len(vectors)), np.ones(len(vectors)), 1)
    limit = max(_joint(v, made.input) for v in made.neurons) * (0.5 if i["bound"] == "less" else 1.0)
    heads = {"Neuron": lambda *_: lambda k: vectors[int(k)], "NormBound": concentration.largest}
    found = _world(made, made.neurons[0], {level: limit}, heads)
    return found.at({sampled: _Both(neurons=made.neurons, input=made.input, sample=sample)})


@dataclass(frozen=True, kw_only=True)
class _Both(Features):
    """Features, and the sample that they are drawn from by their numbers."""

    sample: Draws

    def image(self, function: Callable[[Any], Array]) -> Draws:
        """The sample of the functions."""
        return self.sample.image(function)


@MODELS.of("mean over features", fields=_BOUNDED, needs=("hypothesis",))
def _mean(i: Instance) -> World:
    _, made = _made(i)
    limit = max(neuron.size for neuron in made.neurons) * (0.5 if i["bound"] == "less" else 1.0)
    return _world(made, made.neurons[0], {F: lambda neuron: neuron.size, bound: limit})


@MODELS.of("half-gradient of a datum", fields=_FIELDS, extremal=({"width": 1, "kind": "tight", "seed": 1},))
def _half_gradient(i: Instance) -> World:
    rng, made = _made(i)
    theta = rng.normal(size=(2, i["width"])) if i["kind"] == "drawn" else -3 * made.vector
    return _world(made, made.neurons[0], {Theta: theta})


@MODELS.of(
    "norm of a datum's matrix",
    "norm of a datum's vector",
    fields={**_FIELDS, "other": Integer(low=0, high=2)},
    needs=("supported",),
)
def _supported(i: Instance) -> World:
    """A few data; the largest norms are over all of them, and a datum off the support has larger ones."""
    rng, made = _made({**i, "kind": "drawn"})
    scales = (1.0, *rng.uniform(0.1, 1, 2))
    data = [
        Features(neurons=made.neurons, input=Input(values=c * made.input.values, weights=made.input.weights, space=2))
        for c in scales
    ]
    far = Features(neurons=made.neurons, input=Input(values=made.input.values, weights=4 * made.input.weights, space=2))
    mine = far if i["kind"] == "foreign" else data[i["other"]]
    heads = {
        "LargestMatrix": lambda _q: max(float(np.linalg.eigvalsh(x.matrix)[-1]) for x in data),
        "LargestVector": lambda _q: max(_frobenius(x.vector) for x in data),
    }
    found = _world(mine, made.neurons[0], heads=heads)
    return World(values=found.values, heads=found.heads, facts={"supported": lambda _x, _q: i["kind"] != "foreign"})


# Data in noise on the line ------------------------------------------------------------

_GRID = np.linspace(-16.0, 16.0, 3201)
_TIMES = ((0.3, 0.9), (0.8, 0.4))
"""Times, and weights λ there of a half each."""


def _scale(t: float) -> tuple[float, float]:
    """r and v of dx = −x dt + √2 dW."""
    return float(np.exp(-t)), float(np.sqrt(np.expm1(2 * t)))


def _time_mean(function: Callable[[float], float], power: float = 1.0) -> float:
    return sum(rate * power * function(t) for t, rate in _TIMES) / len(_TIMES)


def _time_heads() -> dict[str, Callable[..., Any]]:
    return {
        "EmbeddingBound": lambda size: size,
        "WeightMean": lambda *_: _time_mean(lambda _t: 1.0),
        "ScaleMoment": lambda *_: _time_mean(lambda t: _scale(t)[0] ** 2),
        "NoiseMoment": lambda *_: _time_mean(lambda t: (_scale(t)[0] * _scale(t)[1]) ** 2),
        "StartSquare": lambda x: x**2,
    }


@MODELS.of(
    "moments of noisy data",
    fields={"mu": Real(low=0, high=3), "e": Real(low=0.1, high=3), "kind": Choice(options=("true", "two coordinates"))},
    extremal=tuple(
        {"mu": 1.0, "e": e, "kind": kind} for e, kind in ((0.1, "true"), (3.0, "true"), (0.1, "two coordinates"))
    ),
    needs=("on_line",),
)
def _noisy(i: Instance) -> World:
    """Data at ±μ, in the plane with a second coordinate that is larger."""
    points = np.array([-i["mu"], 0.5, i["mu"]])
    shift = 2.0 if i["kind"] == "two coordinates" else 0.0

    def moment(t: float, more: float) -> float:
        """The second moment of a coordinate of x_t, by quadrature of its law."""
        r, v = _scale(t)
        bells = [np.exp(-((_GRID - r * (x + more)) ** 2) / 2 / (r * v) ** 2) for x in points]
        density = np.sum(bells, axis=0)
        return float((density * _GRID**2).sum() / density.sum())

    def largest(*_: Any) -> float:
        space = max(_time_mean(lambda t, more=more: moment(t, more)) for more in (0.0, shift))
        return max(space, i["e"] ** 2 * _time_mean(lambda _t: 1.0))

    heads: dict[str, Callable[..., Any]] = {
        **_time_heads(),
        "CoordinateMoment": largest,
        "DataMean": lambda _p, function: float(np.mean([function(x) for x in points])),
    }
    values = {p0: None, weight: None, T: 1.0, fe.embedding: i["e"]}
    return World(values=values, heads=heads, facts={"on_line": lambda _p: shift == 0.0})


@MODELS.of(
    "reach on the line",
    fields={"start": Real(low=-3, high=3), "e": Real(low=0.1, high=3), "kind": Choice(options=("true", "wider"))},
    extremal=(
        {"start": 1.0, "e": 0.1, "kind": "true"},
        {"start": 1.0, "e": 3.0, "kind": "true"},
        {"start": 1.0, "e": 0.1, "kind": "wider"},
    ),
    needs=("line_features",),
)
def _reach(i: Instance) -> World:
    spread = 2.0 if i["kind"] == "wider" else 1.0

    def moment(t: float) -> float:
        """E[x_t² | x₀], by quadrature."""
        r, v = _scale(t)
        density = np.exp(-((_GRID - r * i["start"]) ** 2) / 2 / (spread * r * v) ** 2)
        return float((density * _GRID**2).sum() / density.sum())

    heads = {**_time_heads(), "Reach": lambda *_: max(_time_mean(moment), i["e"] ** 2 * _time_mean(lambda _t: 1.0))}
    facts = {"line_features": lambda *_: spread == 1.0}
    values = {Q: None, datum: i["start"], weight: None, T: 1.0, fe.embedding: i["e"]}
    return World(values=values, heads=heads, facts=facts)


@MODELS.of(
    "vector of a datum",
    fields={
        "width": Integer(low=1, high=3),
        "kind": Choice(options=("drawn", "always active", "other labels", "other weight")),
    },
    extremal=tuple({"width": 2, "kind": kind} for kind in ("always active", "other labels", "other weight")),
    needs=("stein", "weight"),
)
def _vector(i: Instance) -> World:
    """b(x₀) by quadrature of the denoising label times σ, time by time."""
    rng = generator(i)
    inner = rng.normal(size=(i["width"], 2))
    inner /= np.abs(inner).sum(axis=1, keepdims=True)
    embedded = rng.normal()
    if i["kind"] != "drawn":
        inner, embedded = np.tile([1.0, 0.0], (i["width"], 1)), 0.0
    label_scale = 2.0 if i["kind"] == "other labels" else 1.0
    found: Any = 0.0
    for t, rate in _TIMES:
        r, v = _scale(t)
        centre = r * (20.0 if i["kind"] != "drawn" else rng.normal())
        x = centre + r * v * _GRID / 2
        label = -label_scale * (x - centre) / (r * v) ** 2
        h = np.maximum(inner[:, :1] * x + inner[:, 1:] * embedded, 0) / np.sqrt(i["width"])
        density = np.exp(-((_GRID / 2) ** 2) / 2)
        found = found + rate / len(_TIMES) * (h * label * density).sum(axis=1) / density.sum()
    neurons = tuple(Neuron(inner=v, outer=np.ones(1)) for v in inner)
    heads: dict[str, Callable[..., Any]] = {
        "At": lambda part, _datum: part,
        "VectorPart": lambda _q: found,
        "VectorNorm": _frobenius,
        "Size": HEADS["Size"],
        "FeatureMean": lambda _q, function: float(np.mean([function(neuron) for neuron in neurons])),
        "WeightMean": lambda *_: _time_mean(lambda _t: 1.0, 0.5 if i["kind"] == "other weight" else 1.0),
    }
    facts = {"stein": lambda _q: label_scale == 1.0, "weight": lambda *_: i["kind"] != "other weight"}
    return World(values={Q: None, datum: None, weight: None, T: 1.0}, heads=heads, facts=facts)
