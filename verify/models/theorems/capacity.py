"""Models of the theorems of quadratics under a ridge: losses of a few features, filters of their spectra."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import exprel

from theory.symbols import n, nu, share
from theory.theorems.capacity import FILTER
from theory.theorems.places import a, bound, fail, time, width
from theory.vocabulary import objects as o
from theory.vocabulary.statements import Fact
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems import quadratics
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.quadratics import SIZES, Array, Quadratic, pair, path, scalar, world
from verify.models.theorems.samples import Draws, draws

MODELS = Models()
Filter = Callable[[Any], Any]
_SPECTRUM = 4001  # values of k at which a supremum is taken, its ends among them
_KEPT = 2.0**-30
_NODES = 64  # of the integral along a path


def _powers(q: Quadratic, ridge: float, power: float) -> Array:
    """(B+ν)^power."""
    rates, basis = np.linalg.eigh(q.matrix)
    return (basis * (np.maximum(rates, 0.0) + ridge) ** power) @ basis.T


def _damped(lag: float, at: float) -> Filter:
    return lambda k: 2 * at * exprel(-2 * at * np.asarray(k)) * np.exp(-2 * lag * np.asarray(k))


def _sandwich(hat: Quadratic, q: Quadratic, ridge: float, function: Filter) -> float:
    rates, basis = np.linalg.eigh(hat.matrix)
    outer = _powers(q, ridge, 0.5)
    return float(np.linalg.norm(outer @ (basis * function(np.maximum(rates, 0.0))) @ basis.T @ outer, ord=2))


def _largest(function: Filter, ridge: float, most: float) -> float:
    k = np.linspace(0.0, most, _SPECTRUM)
    return float(((k + ridge) * function(k)).max())


def _norm(matrix: Array, q: Quadratic, ridge: float, power: float) -> float:
    return float(np.linalg.norm(matrix @ _powers(q, ridge, power)))


def _residual(hat: Quadratic, q: Quadratic, start: Array, ridge: float, at: float) -> float:
    here = path(o.scaled, q, start, at)
    return _norm(here @ (hat.matrix - q.matrix) - hat.vector + q.vector, q, ridge, -0.5)


def _rate(hat: Quadratic, q: Quadratic, start: Array, ridge: float, at: float) -> float:
    here = path(o.scaled, q, start, at)
    return 2 * _norm((here @ q.matrix - q.vector) @ (hat.matrix - q.matrix), q, ridge, -0.5)


def kept(hat: Quadratic, q: Quadratic, ridge: float) -> Any:
    """The largest c with B̂+ν ⪰ c(B+ν), at every outcome of a sample."""
    outer = _powers(q, ridge, -0.5)
    return np.linalg.eigvalsh(outer @ (hat.matrix + ridge * np.eye(len(outer))) @ outer)[..., 0]


def path_noise(hat: Quadratic, q: Quadratic, start: Array, *numbers: float, law: Array | None = None) -> Any:
    """C‖ξ(τ)B_ν^{−½}‖ + ∫ω_τ‖ξ'B_ν^{−½}‖ds for τ, ν and K, at every outcome of a sample; with a ``law``, of roots of
    the mean squares.
    """
    end, ridge, most = numbers
    outer, change = _powers(q, ridge, -0.5), hat.matrix - q.matrix

    def norm(rows: Array) -> Any:
        found = np.linalg.norm(rows @ outer, axis=(-2, -1))
        return found if law is None else np.sqrt(law @ found**2)

    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    total = _largest(_damped(0.0, end), ridge, most) * norm(
        path(o.scaled, q, start, end) @ change - hat.vector + q.vector
    )
    for s, w in zip(0.5 * end * (1 + nodes), 0.5 * end * weights, strict=True):
        slope = path(o.scaled, q, start, s) @ q.matrix - q.vector
        total = total + w * _largest(_damped(end - s, s), ridge, most) * 2 * norm(slope @ change)
    return total


def path_spread(q: Quadratic, sample: Draws, start: Array, *numbers: float) -> Any:
    """The same of the roots of mean squares of what one datum has of ξ and ξ'."""
    matrices, vectors = (np.stack(each) for each in zip(*map(q.parts, sample.atoms), strict=True))  # type: ignore[arg-type]
    each = Quadratic(matrix=matrices, vector=vectors, constant=0.0)
    return path_noise(each, q, start, *numbers, law=sample.law)


HEADS: dict[str, Callable[..., Any]] = {
    "PathSpread": path_spread,
    "VectorPart": lambda q: lambda datum: q.parts(datum)[1],
    "LargestEigenvalue": lambda q: np.linalg.eigvalsh(q.matrix)[..., -1],
    "Kept": kept,
    "PathNoise": path_noise,
    "Damped": _damped,
    "Decay": lambda rate: lambda k: np.exp(-rate * np.asarray(k)),
    "DampedSquare": lambda at: lambda k: np.asarray(k) * _damped(0.0, at)(k) ** 2,
    "FilterSup": _largest,
    "Sandwich": _sandwich,
    "RidgeDistance": lambda q, ridge, one, two: _norm(one - two, q, ridge, 0.5),
    "WeightedDistance": lambda q, ridge, one, two: _norm(one - two, q, ridge, -0.5),
    "WeightedResidual": _residual,
    "WeightedRate": _rate,
    "WeightedGradient": lambda of, q, at, ridge: _norm(at @ of.matrix - of.vector, q, ridge, -0.5),
    "WeightedGap": lambda hat, q, at, ridge: _norm(
        at @ (hat.matrix - q.matrix) - hat.vector + q.vector, q, ridge, -0.5
    ),
}


def _mostly_below(sample: Draws, q: Quadratic, *rest: Any) -> bool:
    *at, level, failure = rest
    found = path_noise(quadratics.HEADS["Empirical"](q, sample), q, *at)
    return sample.mean(found > level * (1 + _KEPT)) <= failure * (1 + _KEPT)


FACTS: dict[str, Callable[..., bool]] = {
    **quadratics.FACTS,
    "noise_mostly": _mostly_below,
    "at_least_one": lambda function: bool(np.min(function(np.linspace(0.0, 10.0, 101))) >= 1.0),
    "nonnegative_function": lambda function: bool(np.min(function(np.linspace(0.0, 10.0, 101))) >= 0.0),
}
_FIELDS = {**SIZES, "ridge": Real(low=0.01, high=10, log=True)}
_SMALL = {"width": 1, "dim": 1, "tau": 0.3, "ridge": 0.5}


def _world(q: Quadratic, i: Instance, **values: Any) -> World:
    found = world(q, tau=i["tau"], **values).at({nu: i["ridge"]})
    return World(values=found.values, heads={**found.heads, **HEADS}, facts=FACTS, ranges=found.ranges)


@MODELS.of(
    "what flows do to a mode",
    "what flows do to a residual",
    "decay of a mode",
    fields=_FIELDS,
    variants=lambda theorem: {"at least 1": replace(theorem, says=Fact("at_least_one", theorem.says.parts))},
)
def _signs(i: Instance) -> World:
    return _world(scalar(1.0, 0.0), i).at({time: i["tau"] / 2, a: -1.0})


@MODELS.of("largest eigenvalue under a ridge", fields=_FIELDS, extremal=(_SMALL,))
def _top(i: Instance) -> World:
    q, _, start, other = pair(i)
    return _world(q, i, Theta0=start, Theta=other)


_FILTERS: dict[str, Filter] = {
    "decay": lambda k: np.exp(-np.asarray(k)),
    "bump": lambda k: np.asarray(k) * np.exp(-np.asarray(k)),
    "damped": _damped(1.0, 1.0),
    "one": lambda k: 1.0 + 0.0 * np.asarray(k),
    "negative": lambda k: -1.0 + 0.0 * np.asarray(k),
}
_CASES = ("drawn", "tight", "too much kept", "too low a top", "negative")


@MODELS.of(
    "filter above a lower bound",
    fields={**_FIELDS, "filter": Choice(options=tuple(_FILTERS)), "kind": Choice(options=_CASES)},
    extremal=tuple({**_SMALL, "filter": "negative" if kind == "negative" else "one", "kind": kind} for kind in _CASES),
    needs=("hypothesis 3", "hypothesis 4", "nonnegative_function"),
)
def _filtered(i: Instance) -> World:
    q, hat, _, _ = pair(i)
    if i["kind"] != "drawn":
        q, hat = scalar(2.0, 0.0), scalar(1.0, 0.0)
    part, most = float(kept(hat, q, i["ridge"])), float(np.linalg.eigvalsh(hat.matrix)[-1])
    factors = {"too much kept": (1.5, 1.0), "too low a top": (1.0, 0.5)}.get(i["kind"], (1.0, 1.0))
    values = {share: factors[0] * part, bound: factors[1] * most, FILTER: _FILTERS[i["filter"]]}
    return _world(q, i, data=hat).at(values)


_KINDS = {**_FIELDS, "kind": Choice(options=("drawn", "tight"))}
_TIGHT = ({**_SMALL, "kind": "tight"},)


@MODELS.of("Duhamel by parts", "half-gradient of a sample", fields=_KINDS, extremal=_TIGHT)
def _parts(i: Instance) -> World:
    q, hat, start, other = pair(i)
    if i["kind"] == "tight":  # the flow rests at the population's minimiser
        q, hat, start, other = scalar(1.0, 1.0), scalar(0.5, 2.0), np.array([[1.0]]), np.array([[0.5]])
    return _world(q, i, data=hat, Theta0=start, Theta=other)


@MODELS.of(
    "flow towards a comparator",
    "flow towards a comparator, weakly",
    "flow towards a comparator by its residual",
    "flow towards a comparator by its residual, weakly",
    fields=_KINDS,
    extremal=_TIGHT,
)
def _towards(i: Instance) -> World:
    q, hat, start, other = pair(i)
    if i["kind"] == "tight":  # the comparator solves the data's problem
        q, hat, start, other = scalar(1.0, 0.0), scalar(0.5, 0.5), np.array([[3.0]]), np.array([[1.0]])
    return _world(q, i, data=hat, Theta0=start, Theta=other)


@MODELS.of("largest eigenvalue of a sum", fields=_KINDS, extremal=_TIGHT)
def _weyl(i: Instance) -> World:
    q, hat, start, other = pair(i)
    if i["kind"] == "tight":
        q, hat = scalar(1.0, 1.0), scalar(2.0, 2.0)
    return _world(q, i, data=hat, Theta0=start, Theta=other)


@MODELS.of("noise along the path", fields=_KINDS, extremal=_TIGHT)
def _noise(i: Instance) -> World:
    q, hat, start, _ = pair(i)
    return _world(q, i, data=hat, Theta0=start).at({bound: float(np.linalg.eigvalsh(hat.matrix)[-1])})


# The losses of data ------------------------------------------------------------


@dataclass(frozen=True)
class Losses:
    """The losses of a few data."""

    each: tuple[Quadratic, ...]

    @property
    def mean(self) -> Quadratic:
        """The loss of all."""
        size = len(self.each)
        return Quadratic(
            matrix=np.asarray(sum(q.matrix for q in self.each)) / size,
            vector=np.asarray(sum(q.vector for q in self.each)) / size,
            constant=sum(q.constant for q in self.each) / size,
        )


_OF_DATA: dict[str, Callable[..., Any]] = {
    "Empirical": lambda _q, losses: losses.mean,
    "MeanLoss": lambda _q, losses, at: float(np.mean([quadratics.value_at(q, at) for q in losses.each])),
    "MeanLeast": lambda _q, losses: float(np.mean([quadratics.least(q) for q in losses.each])),
    "MeanExcess": lambda _q, losses, at: float(
        np.mean([quadratics.value_at(q, at) - quadratics.least(q) for q in losses.each])
    ),
}


@MODELS.of("loss of a sample", "mean excess of data", fields=SIZES)
@MODELS.of(
    "minimum of a mean",
    fields={**SIZES, "kind": Choice(options=("drawn", "alike", "without a minimum"))},
    needs=("losses",),
)
def _losses(i: Instance) -> World:
    rng = generator(i)
    each = tuple(quadratics.features_loss(rng, i["width"], i["dim"]) for _ in range(3))
    if i.get("kind") == "alike":
        each = each[:1]
    if i.get("kind") == "without a minimum":
        each = (scalar(0.0, 1.0), scalar(1.0, 0.0))
    at = rng.normal(size=each[0].vector.shape)
    found = world(each[0], tau=1.0, data=Losses(each), Theta=at)
    facts = {"losses": lambda _q, losses: all(map(quadratics.is_quadratic, losses.each))}
    return World(values=found.values, heads={**found.heads, **_OF_DATA}, facts={**FACTS, **facts}, ranges={})


# A sample ------------------------------------------------------------

_SAMPLES = {**_FIELDS, "n": Integer(low=1, high=2), "kind": Choice(options=("stated", "above"))}
_BOTH = tuple({**_SMALL, "n": 1, "kind": kind} for kind in ("stated", "above"))


def _drawn(i: Instance) -> tuple[Quadratic, Draws, Array]:
    rng = generator(i)
    law = rng.dirichlet(np.ones(3))
    q = quadratics.features_loss(rng, i["width"], i["dim"], law=law)
    return q, draws(quadratics.points(3), law, i["n"]), rng.normal(size=(i["dim"], i["width"]))


@MODELS.of("largest eigenvalue of a mean", fields=_SAMPLES, extremal=_BOTH, needs=("operator_bounded",))
def _mean(i: Instance) -> World:
    q, sample, _ = _drawn(i)
    most = max(float(np.linalg.eigvalsh(q.parts(atom)[0])[-1]) for atom in sample.atoms)  # type: ignore[misc]
    return replace(_world(q, i, data=sample), sample=sample).at({bound: (0.5 if i["kind"] == "above" else 1.0) * most})


def _world_of_sample(i: Instance) -> tuple[World, Any, Any]:
    """A world with its sample, what is kept and the noise at its outcomes; ``most`` bounds every B̂."""
    q, sample, start = _drawn(i)
    hat = quadratics.HEADS["Empirical"](q, sample)
    most = float(np.linalg.eigvalsh(hat.matrix).max())
    found, noise = kept(hat, q, i["ridge"]), path_noise(hat, q, start, i["tau"], i["ridge"], most)
    return replace(_world(q, i, data=sample, Theta0=start), sample=sample).at({bound: most}), found, noise


def _stated(i: Instance, chance: float) -> float:
    """The exact probability, or half of it."""
    return (0.5 if i["kind"] == "above" else 1.0) * chance


@MODELS.of("noise that is mostly below", fields=_SAMPLES, extremal=_BOTH, needs=("noise_mostly",))
def _mostly_small(i: Instance) -> World:
    here, _, noise = _world_of_sample(i)
    level = float(np.median(noise))
    return here.at({width: level, fail: _stated(i, here.sample.mean(noise > level * (1 + _KEPT)))})  # type: ignore[union-attr]


@MODELS.of(
    "mean square of the noise along the path",
    fields={**_FIELDS, "n": Integer(low=1, high=2), "kind": Choice(options=("stated", "alike", "copies"))},
    extremal=tuple({**_SMALL, "n": 2, "kind": kind} for kind in ("alike", "copies")),
    needs=("iid",),
)
def _mean_square(i: Instance) -> World:
    rng = generator(i)
    law = rng.dirichlet(np.ones(3)) if i["kind"] == "stated" else np.full(2, 0.5)  # of two data both are as far
    size = 1 if i["kind"] == "alike" else i["n"]
    q = quadratics.features_loss(rng, i["width"], i["dim"], law=law)
    copied = [1.0, 0.0, 0.0, 1.0] if i["kind"] == "copies" and size == 2 else None
    sample = draws(quadratics.points(len(law)), law, size, copied)
    found = _world(q, i, data=sample, Theta0=rng.normal(size=(i["dim"], i["width"])))
    facts = {**FACTS, "fixed": lambda _part, _sample: True}
    return replace(found, facts=facts, sample=sample).at({bound: 1.0, n: size})
