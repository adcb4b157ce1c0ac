"""Models of the theorems of quadratics under a ridge: losses of a few features, filters of their spectra."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import exprel

from theory.symbols import nu, share
from theory.theorems.capacity import FILTER
from theory.theorems.places import a, bound, time
from theory.vocabulary import objects as o
from theory.vocabulary.statements import Fact
from verify.evidence.domain import Choice, Instance, Real
from verify.models.theorems import quadratics
from verify.models.theorems.attack import Models
from verify.models.theorems.interpretation import World
from verify.models.theorems.quadratics import SIZES, Array, Quadratic, pair, path, scalar, world

MODELS = Models()
Filter = Callable[[Any], Any]
_SPECTRUM = 20_001  # values of k at which a supremum is taken, its ends among them
_KEPT = 2.0**-30


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


HEADS: dict[str, Callable[..., Any]] = {
    "Damped": _damped,
    "Decay": lambda rate: lambda k: np.exp(-rate * np.asarray(k)),
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


def kept(hat: Quadratic, q: Quadratic, ridge: float) -> float:
    """The largest c_ν with B̂+ν ⪰ c_ν(B+ν)."""
    outer = _powers(q, ridge, -0.5)
    return float(np.linalg.eigvalsh(outer @ (hat.matrix + ridge * np.eye(len(outer))) @ outer)[0])


FACTS: dict[str, Callable[..., bool]] = {
    **quadratics.FACTS,
    "lower_tail": lambda hat, q, ridge, part: part <= kept(hat, q, ridge) * (1 + _KEPT),
    "spectrum_below": lambda hat, most: float(np.linalg.eigvalsh(hat.matrix)[-1]) <= most * (1 + _KEPT),
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
    needs=("lower_tail", "spectrum_below", "nonnegative_function"),
)
def _filtered(i: Instance) -> World:
    q, hat, _, _ = pair(i)
    if i["kind"] != "drawn":
        q, hat = scalar(2.0, 0.0), scalar(1.0, 0.0)
    part, most = kept(hat, q, i["ridge"]), float(np.linalg.eigvalsh(hat.matrix)[-1])
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


@MODELS.of("flow towards a comparator", "flow towards a comparator, weakly", fields=_KINDS, extremal=_TIGHT)
def _towards(i: Instance) -> World:
    q, hat, start, other = pair(i)
    if i["kind"] == "tight":  # the comparator solves the data's problem
        q, hat, start, other = scalar(1.0, 0.0), scalar(0.5, 0.5), np.array([[3.0]]), np.array([[1.0]])
    return _world(q, i, data=hat, Theta0=start, Theta=other)
