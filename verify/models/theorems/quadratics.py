"""Models of the theorems of linear algebra: quadratic losses of a few features, and their flows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.linalg
import sympy as sp

from theory.symbols import m, n, tau
from theory.theorems.places import a, b, bound, c, e, f, g, h, mode, offset, offset_0, time
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Q, Theta, Theta0, data
from theory.vocabulary.statements import Fact, Theorem
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems import concentration
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import FLOOR, World
from verify.models.theorems.samples import Draws, draws

MODELS = Models()
_ROUND = 2.0**-30
"""An eigenvalue is negative, and a vector off a range, by more than this part of the largest."""
_TIMES = 33  # at which ‖ξ(s)‖ is measured, 0 and τ among them
Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class Quadratic:
    """tr(ΘBΘᵀ) − 2 tr(Θbᵀ) + c with B of shape (…, m, m) and b of shape (…, d, m); ``parts`` gives B(x₀) and b(x₀).

    ``examples``: the features h, the targets s and the weights of what it is a mean of squares of.
    """

    matrix: Array
    vector: Array
    constant: float
    parts: Callable[[Array], tuple[Array, Array]] | None = None
    examples: tuple[Array, Array, Array] | None = None

    @property
    def minimiser(self) -> Array:
        """bB⁺."""
        return self.vector @ np.linalg.pinv(self.matrix, hermitian=True)


# What is measured ------------------------------------------------------------


def value_at(q: Quadratic, at: Array) -> float:
    """The loss."""
    return float(np.trace(at @ q.matrix @ at.T) - 2 * np.trace(at @ q.vector.T) + q.constant)


def least(q: Quadratic) -> float:
    """The least loss."""
    return float(q.constant - np.trace(q.minimiser @ q.vector.T))


def path(flow: Any, q: Quadratic, start: Array, at: float) -> Array:
    """The parameters at a time: Θ' = −∇L(Θ) in the eigenbasis of B, or A' = −∇_A L(A/√m) by one matrix exponential."""
    if flow == o.scaled:
        return _along(q, start, np.array([at]))[0]
    dim, width = start.shape
    system = np.block(
        [[-2 * q.matrix / width, np.zeros((width, dim))], [2 * q.vector / np.sqrt(width), np.zeros((dim, dim))]]
    )
    moved = np.hstack([start * np.sqrt(width), np.eye(dim)]) @ scipy.linalg.expm(at * system)
    return moved[:, :width] / np.sqrt(width)


def _along(q: Quadratic, start: Array, times: Array) -> Array:
    """The scaled flow at all times."""
    rates, basis = np.linalg.eigh(q.matrix)
    falls = np.exp(-2 * times[:, None] * rates)
    return q.minimiser + ((start - q.minimiser) @ basis)[None] * falls[:, None] @ basis.T


def score_distance(q: Quadratic, one: Array, two: Array) -> float:
    """‖(Θ − Θ')B^½‖."""
    return float(np.sqrt(max(np.trace((one - two) @ q.matrix @ (one - two).T), 0.0)))


def to_minimisers(q: Quadratic, at: Array) -> float:
    """The distance from the nearest minimiser: of the part of Θ in the range of B."""
    return float(np.linalg.norm((at - q.minimiser) @ q.matrix @ np.linalg.pinv(q.matrix, hermitian=True)))


def residual(hat: Quadratic, q: Quadratic, start: Array, until: float) -> float:
    """The largest ‖Θ(s)(B̂ − B) − (b̂ − b)‖ at times up to ``until``."""
    force = _along(q, start, np.linspace(0, until, _TIMES)) @ (hat.matrix - q.matrix) - hat.vector + q.vector
    return float(np.linalg.norm(force, axis=(1, 2)).max())


def spectral_mean(q: Quadratic, weights: Array, function: Callable[[float], float]) -> float:
    """Σ w_κ f(κ) over B's eigenvalues."""
    return sum(w * function(max(k, 0.0)) for k, w in zip(np.linalg.eigvalsh(q.matrix), weights, strict=True))


def direction_weights(q: Quadratic, one: Array, two: Array) -> Array:
    """The weights of the direction of (Θ − Θ')B^½ on B's eigenvalues; of any direction where it is 0."""
    rates, basis = np.linalg.eigh(q.matrix)
    parts = ((((one - two) @ basis) ** 2).sum(axis=0) + 2.0**-200) * np.maximum(rates, 2.0**-200)
    return parts / parts.sum()


def _empirical(q: Quadratic, sample: Draws | Quadratic) -> Quadratic:
    """The quadratic of the data, at all outcomes of a sample at once."""
    if isinstance(sample, Quadratic):
        return sample
    matrices, vectors = (np.stack(each) for each in zip(*map(q.parts, sample.atoms), strict=True))  # type: ignore[arg-type]
    return Quadratic(matrix=matrices[sample.outcomes].mean(1), vector=vectors[sample.outcomes].mean(1), constant=0.0)


def matrix_gap(one: Quadratic, two: Quadratic) -> Array:
    """‖B̂ − B‖."""
    return np.linalg.norm(one.matrix - two.matrix, ord=2, axis=(-2, -1))


def gradient_gap(hat: Quadratic, q: Quadratic, at: Array) -> Array:
    """‖Θ(B̂ − B) − (b̂ − b)‖."""
    return np.linalg.norm(at @ (hat.matrix - q.matrix) - (hat.vector - q.vector), axis=(-2, -1))


def is_quadratic(q: Quadratic) -> bool:
    """A mean of squares: B and [[B, bᵀ], [b, c]] are positive semidefinite, for one output at a time on the trace."""
    size = max(float(np.abs(q.matrix).max()), 1e-3)
    in_range = np.allclose(q.minimiser @ q.matrix, q.vector, rtol=0, atol=_ROUND * max(size, np.abs(q.vector).max()))
    return bool(np.linalg.eigvalsh(q.matrix).min() >= -_ROUND * size and in_range and least(q) >= -FLOOR)


def _populates(q: Quadratic, sample: Draws) -> bool:
    parts = [q.parts(atom) for atom in sample.atoms]  # type: ignore[misc]
    means = (sum(w * part[k] for w, part in zip(sample.law, parts, strict=True)) for k in (0, 1))
    return all(
        np.allclose(mean, own, rtol=0, atol=_ROUND) for mean, own in zip(means, (q.matrix, q.vector), strict=True)
    )


HEADS: dict[str, Callable[..., Any]] = {
    **concentration.HEADS,
    "Value": value_at,
    "Least": least,
    "Path": path,
    "Distance": lambda one, two: float(np.linalg.norm(one - two)),
    "Norm": lambda at: float(np.linalg.norm(at)),
    "ToMinimisers": to_minimisers,
    "ScoreDistance": score_distance,
    "LargestEigenvalue": lambda q: float(np.linalg.eigvalsh(q.matrix)[-1]),
    "Trace": lambda q: float(np.trace(q.matrix)),
    "Empirical": _empirical,
    "MatrixGap": matrix_gap,
    "GradientGap": gradient_gap,
    "Residual": residual,
    "MatrixPart": lambda q: lambda datum: q.parts(datum)[0],
    "GradientPart": lambda q, at: lambda datum: at @ q.parts(datum)[0] - q.parts(datum)[1],
}
FACTS: dict[str, Callable[..., bool]] = {
    **concentration.FACTS,
    "quadratic": is_quadratic,
    "population": _populates,
    "definite": lambda sample: bool(np.linalg.eigvalsh(sample.atoms).min() > _ROUND),
}


# Instances ------------------------------------------------------------

SIZES = {"width": Integer(low=1, high=3), "dim": Integer(low=1, high=2), "tau": Real(low=0.01, high=10, log=True)}


def features_loss(rng: np.random.Generator, width: int, dim: int, *, law: Array | None = None) -> Quadratic:
    """E‖Θh(x) − s(x)‖² of ReLU features at a few points, given each datum at two noisy copies of it."""
    inner, shift = rng.normal(size=(width, 2)), rng.normal(size=width)
    noise = rng.normal(size=(2, 2))

    def seen(datum: Array) -> tuple[list[Array], list[Array]]:
        features = [np.maximum(inner @ (datum + z) + shift, 0) for z in noise]
        return features, [np.sin(np.arange(1, dim + 1) * (datum + z).sum()) for z in noise]

    def parts(datum: Array) -> tuple[Array, Array]:
        values, targets = seen(datum)
        vectors = [np.outer(y, v) for y, v in zip(targets, values, strict=True)]
        return np.mean([np.outer(v, v) for v in values], axis=0), np.mean(vectors, axis=0)

    weights = np.full(3, 1 / 3) if law is None else law
    found = [parts(datum) for datum in points(len(weights))]
    matrix, vector = (sum(w * part[k] for w, part in zip(weights, found, strict=True)) for k in (0, 1))
    every = [np.concatenate(each) for each in zip(*(seen(datum) for datum in points(len(weights))), strict=True)]
    examples = every[0], every[1], np.repeat(weights, len(noise)) / len(noise)
    both = {"matrix": np.asarray(matrix), "vector": np.asarray(vector)}
    return Quadratic(**both, constant=float(dim), parts=parts, examples=examples)


def points(count: int) -> Array:
    """Data in the plane."""
    return np.array([[0.0, 1.0], [1.0, -0.5], [-1.0, 0.3], [0.4, 0.4]])[:count]


def scalar(matrix: float, vector: float, constant: float = 100.0) -> Quadratic:
    """A loss of one parameter."""
    return Quadratic(matrix=np.array([[matrix]]), vector=np.array([[vector]]), constant=constant)


def world(q: Quadratic, **values: Any) -> World:
    """A quadratic with parameters and numbers by name."""
    names = {"Theta": Theta, "Theta0": Theta0, "data": data, "tau": tau, "m": m, "bound": bound, "n": n}
    given = {names[name]: item for name, item in values.items() if name in names}
    rest = {name: item for name, item in values.items() if name not in names}
    return World(values={Q: q, **given}, heads={**HEADS, **rest.pop("heads", {})}, facts=FACTS, **rest)


def _drawn(i: Instance) -> tuple[np.random.Generator, Quadratic, Array, Array]:
    rng = generator(i)
    return rng, features_loss(rng, i["width"], i["dim"]), *rng.normal(size=(2, i["dim"], i["width"]))  # type: ignore[return-value]


def _one(number: float) -> Array:
    return np.array([[number]])


# Losses and norms ------------------------------------------------------------


def _modes(numbers: dict[sp.Symbol, float], rate: Array, until: float) -> tuple[Array, Array, Array]:
    """The entries yy₀², yy₀y, y² of the form in a mode, at all rates."""
    fall = np.exp(-2 * rate * until)
    first = numbers[a] * rate * fall**2 + numbers[c] + numbers[e] * fall**2 + numbers[f] * (1 - fall) ** 2
    return first + numbers[g] * rate, -numbers[c] - numbers[e] * fall, numbers[b] * rate + numbers[c] + numbers[e]


@MODELS.of(
    "spectral theorem",
    fields={**SIZES, "kind": Choice(options=("drawn", "tight", "too little", "negative"))},
    extremal=tuple({"width": 1, "dim": 1, "tau": 0.7, "kind": kind} for kind in ("tight", "too little", "negative")),
    needs=("quadratic", "hypothesis"),
    variants=lambda theorem: {"coefficient of ‖Θ₀ − Θ*‖²: × 0.99": _lessened(theorem)},
)
def _spectral(i: Instance) -> World:
    rng, q, start, other = _drawn(i)
    numbers = dict(
        zip(
            (a, b, c, e, f, g),
            [*rng.uniform(-1, 1, 1), *rng.uniform(0.1, 1, 3), *rng.uniform(-1, 0, 1), 0.1],
            strict=True,
        )
    )
    rates = np.linspace(0, 4, 161)
    first, mixed, last = _modes(numbers, rates, i["tau"])
    need = mixed**2 / last - first
    top = int(np.argmax(need))
    numbers[h] = max(float(need[top]), 0.0) * (0.9 if i["kind"] == "too little" else 1.0)
    if i["kind"] in ("tight", "too little"):  # the mode in which the least room is left
        q, start = scalar(rates[top], 0.0), _one(1.0)
        other = _one(-mixed[top] / last[top])
    else:
        numbers[h] += 0.1
    if i["kind"] == "negative":
        q, start, other = scalar(-1.0, 0.0), _one(1.0), _one(0.0)
        numbers = {**dict.fromkeys(numbers, 0.0), a: 1.0, h: 0.5}
    offsets = {offset_0: np.array([0.0, 1.0]), offset: np.array([*np.linspace(-4, 4, 33), -mixed[top] / last[top]])}
    found = world(q, Theta0=start, Theta=other, tau=i["tau"], ranges={mode: rates, **offsets})
    return found.at(numbers)


def _lessened(theorem: Theorem) -> Theorem:
    return replace(theorem, says=theorem.says.map(lambda side: side.subs(h, sp.Rational(99, 100) * h)))


@MODELS.of("flow of A", "norm along the flow of A", fields=SIZES)
@MODELS.of("triangle inequality of a distance", fields=SIZES, extremal=({"dim": 1, "width": 1, "tau": 1.0, "seed": 1},))
def _any(i: Instance) -> World:
    _, q, start, other = _drawn(i)
    return world(q, Theta0=start, Theta=-start if i["width"] == 1 else other, tau=i["tau"], m=i["width"])


@MODELS.of("least loss", fields=SIZES)
@MODELS.of("triangle inequality of norms", fields=SIZES)
def _toward(i: Instance) -> World:
    _, q, start, _ = _drawn(i)
    least_at = q.minimiser if i["width"] > 1 else start / 2
    if i["width"] > 1:
        return world(q, Theta0=2 * least_at, Theta=least_at)
    return world(scalar(2.0, 2.0), Theta0=_one(2.0), Theta=_one(1.0))


@MODELS.of(
    "least loss is nonnegative",
    fields={**SIZES, "constant": Real(low=-1, high=1)},
    needs=("quadratic",),
    variants=lambda _theorem: {},
)
def _nonnegative(i: Instance) -> World:
    return world(scalar(1.0, 1.0, 1 + i["constant"]))


@MODELS.of("Minkowski, excess loss", fields=SIZES, extremal=({"width": 1, "dim": 1, "tau": 1.0},))
def _minkowski(i: Instance) -> World:
    _, q, start, other = _drawn(i)
    return world(q, Theta0=start, Theta=(q.minimiser + start) / 2 if i["width"] == 1 else other)


@MODELS.of("Rayleigh–Ritz", fields=SIZES, extremal=({"width": 1, "dim": 1, "tau": 1.0},))
def _rayleigh(i: Instance) -> World:
    _, q, start, other = _drawn(i)
    return world(q, Theta0=start, Theta=other)


@MODELS.of(
    "eigenvalues and trace",
    fields={**SIZES, "kind": Choice(options=("drawn", "indefinite"))},
    extremal=({"width": 1, "dim": 1, "tau": 1.0, "kind": "drawn"},),
    needs=("quadratic",),
)
def _trace(i: Instance) -> World:
    _, q, start, other = _drawn(i)
    if i["kind"] == "indefinite":
        q = Quadratic(matrix=np.diag([1.0, -1.0]), vector=np.zeros((1, 2)), constant=0.0)
        start, other = np.array([[1.0, 0.0]]), np.zeros((1, 2))
    return world(q, Theta0=start, Theta=other)


# Two quadratics ------------------------------------------------------------


def pair(i: Instance) -> tuple[Quadratic, Quadratic, Array, Array]:
    """The loss under a law, the loss under the law of four draws from it, and two choices of parameters."""
    rng, q, start, other = _drawn(i)
    law = rng.multinomial(4, [1 / 3] * 3) / 4
    return q, features_loss(generator(i), i["width"], i["dim"], law=law), start, other


_KINDS = Choice(options=("drawn", "tight"))
_TIGHT = ({"width": 1, "dim": 1, "tau": 0.01, "kind": "tight"},)


@MODELS.of(
    "half-gradient deviation",
    fields={**SIZES, "kind": Choice(options=("drawn", "tight", "too near"))},
    extremal=(*_TIGHT, {"width": 1, "dim": 1, "tau": 1.0, "kind": "too near"}),
    needs=("hypothesis",),
)
def _half_gradient(i: Instance) -> World:
    q, hat, start, other = pair(i)
    if i["kind"] != "drawn":
        q, hat, start, other = scalar(1.0, 0.0), scalar(2.0, 0.0), _one(3.0), _one(1.0)
    times = np.linspace(0, i["tau"], _TIMES)
    reach = float(np.linalg.norm(_along(q, start, times) - other, axis=(1, 2)).max())
    factor = 0.5 if i["kind"] == "too near" else 1.0
    return world(
        q, data=hat, Theta0=start, Theta=other, tau=i["tau"], bound=factor * reach, ranges={time: tuple(times)}
    )


@MODELS.of("change of law", fields={**SIZES, "kind": _KINDS}, extremal=_TIGHT)
def _law(i: Instance) -> World:
    q, hat, start, other = pair(i)
    if i["kind"] == "tight":
        q, hat, start, other = scalar(2.0, 0.0), scalar(1.0, 0.0), _one(1.0), _one(0.0)
    return world(q, data=hat, Theta0=start, Theta=other)


@MODELS.of(
    "Duhamel",
    fields={**SIZES, "kind": Choice(options=("drawn", "tight", "unstable"))},
    extremal=(*_TIGHT, {"width": 1, "dim": 1, "tau": 1.0, "kind": "unstable"}),
    needs=("quadratic 2",),
)
def _duhamel(i: Instance) -> World:
    q, hat, start, _ = pair(i)
    if i["kind"] == "tight":  # nothing damps the error, and the force hardly changes
        q, hat, start = scalar(0.01, 0.0), scalar(0.0, 0.0), _one(1.0)
    if i["kind"] == "unstable":
        q, hat, start = scalar(0.0, 0.0), scalar(-1.0, 0.0), _one(1.0)
    return world(q, data=hat, Theta0=start, tau=i["tau"])


@MODELS.of("Duhamel in modes", fields={**SIZES, "kind": _KINDS}, extremal=_TIGHT)
def _duhamel_in_modes(i: Instance) -> World:
    q, hat, start, _ = pair(i)
    if i["kind"] == "tight":
        q, hat, start = scalar(0.01, 0.01), scalar(0.01, 0.0), _one(1.0)
    heads = {"Along": direction_weights, "SpectralMean": spectral_mean}
    return world(q, data=hat, Theta0=start, tau=i["tau"], heads=heads)


# The quadratic of a sample ------------------------------------------------------------


@MODELS.of(
    "empirical matrix",
    "empirical half-gradient",
    fields={**SIZES, "n": Integer(low=1, high=3), "law": Choice(options=("own", "another"))},
    needs=("population",),
)
@MODELS.of(
    "per-datum matrix",
    fields={**SIZES, "n": Integer(low=1, high=3)},
    variants=lambda theorem: {"positive definite": replace(theorem, says=Fact("definite", theorem.says.parts))},
)
def _sampled(i: Instance) -> World:
    rng = generator(i)
    law = rng.dirichlet(np.ones(3))
    q = features_loss(rng, i["width"], i["dim"], law=law)
    sample = draws(points(3), law if i.get("law", "own") == "own" else law[::-1], i["n"])
    theta = rng.normal(size=(i["dim"], i["width"]))
    return world(q, data=sample, Theta=theta, n=i["n"], sample=sample)
