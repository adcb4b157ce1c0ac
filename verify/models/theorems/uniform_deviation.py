"""Models of the theorems of symmetrisation: laws of a few atoms with all samples, and sets of a continuous law."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from theory.symbols import M, n, value_range
from theory.vocabulary import classes as cl
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.rademacher import complexities
from verify.models.theorems.samples import Coins, Draws, draws

MODELS = Models()
_ROUND = 2.0**-30
Array = np.ndarray


def _gaps(values: Array, sample: Draws) -> Array:
    """Ef − Êf for all functions, functions × outcomes."""
    return values @ sample.law[:, None] - values[:, sample.outcomes].mean(axis=2)


def _each(values: Array, sample: Draws, place: int) -> Array:
    """The complexity of the class at each outcome."""
    return np.array([complexities(values[:, outcome])[place] for outcome in sample.outcomes])


def _expected(values: Array, sample: Draws, place: int) -> float:
    """Its mean, signs and outcomes together."""
    total = 0.0
    for outcome, chance in zip(sample.outcomes, sample.chances, strict=True):
        for signs in itertools.product((-1.0, 1.0), repeat=sample.size):
            sums = values[:, outcome] @ np.array(signs)
            total += chance * float((np.abs(sums) if place else sums).max()) / 2**sample.size
    return total / sample.size


_HEADS: dict[str, Callable[..., Any]] = {
    "UniformDeviation": lambda values, sample, _n: np.abs(_gaps(values, sample)).max(axis=0),
    "OneSidedDeviation": lambda values, sample, _n: _gaps(values, sample).max(axis=0),
    "ExpectedComplexity": lambda values, sample, _n: _expected(values, sample, 1),
    "ExpectedOneSided": lambda values, sample, _n: _expected(values, sample, 0),
    "AbsComplexity": lambda values, sample, _n: _each(values, sample, 1),
}
_FACTS: dict[str, Callable[..., bool]] = {
    "class_bounded": lambda values, limit: bool(np.abs(values).max() <= limit * (1 + _ROUND)),
    "class_range": lambda values, length: bool(values.max() - values.min() <= length * (1 + _ROUND)),
}


def _sets(size: int, *, one_sided: bool) -> World:
    """Indicators of finite sets, or of their complements, under a continuous law: no two samples are equal.

    Ef − Êf = ∓1 for the set of all samples or its complement; n times the complexity is the larger of the numbers of
    signs of either kind, or the number of one kind.
    """
    coins = Coins(size=size)
    larger = np.maximum(coins.heads, size - coins.heads)
    heads = {
        "UniformDeviation": lambda *_: np.ones(size + 1),
        "OneSidedDeviation": lambda *_: np.ones(size + 1),
        "ExpectedComplexity": lambda *_: coins.mean(larger) / size,
        "ExpectedOneSided": lambda *_: coins.mean(coins.heads) / size,
    }
    if not one_sided:
        heads.pop("OneSidedDeviation")
    return World(values={cl.F: None, cl.inputs: coins, n: size}, heads=heads, sample=coins)


_FIELDS = {
    "n": Integer(low=1, high=3),
    "atoms": Integer(low=2, high=3),
    "functions": Integer(low=1, high=3),
    "kind": Choice(options=("drawn", "copies", "sign")),
}


def _sample(i: Instance) -> tuple[Array, Draws]:
    rng = generator(i)
    values, law = rng.integers(-4, 5, size=(i["functions"], i["atoms"])) + 0.0, rng.dirichlet(np.ones(i["atoms"]))
    if i["kind"] == "copies":
        values, law = np.array([[-1.0, 1.0]]), np.array([0.5, 0.5])
        joint = np.zeros(2 ** i["n"])
        joint[[0, -1]] = 0.5
        return values, draws(np.arange(2), law, i["n"], joint)
    if i["kind"] == "sign":
        values, law = np.array([[-1.0, 1.0]]), np.array([1e-4, 1 - 1e-4])
    return values, draws(np.arange(values.shape[1]), law, i["n"])


def _world(values: Array, sample: Draws, **numbers: float) -> World:
    names = {"M": M, "value_range": value_range}
    given = {names[name]: number for name, number in numbers.items()}
    inner = {cl.F: values, cl.inputs: sample, n: sample.size, **given}
    return World(values=inner, heads=_HEADS, facts=_FACTS, sample=sample)


_COPIES = {"n": 3, "atoms": 2, "functions": 1, "kind": "copies"}


@MODELS.of(
    "symmetrisation",
    fields=_FIELDS,
    extremal=({"n": 10**4, "atoms": 0, "functions": 0, "kind": "sets"}, {**_COPIES, "n": 6}),
    needs=("iid",),
)
@MODELS.of("expected complexity", fields=_FIELDS)
def _symmetrised(i: Instance) -> World:
    return _sets(i["n"], one_sided=False) if i["kind"] == "sets" else _world(*_sample(i))


@MODELS.of(
    "symmetrisation, one side",
    fields=_FIELDS,
    extremal=({"n": 5, "atoms": 0, "functions": 0, "kind": "sets"}, {**_COPIES, "n": 6}),
    needs=("iid",),
)
def _one_side(i: Instance) -> World:
    if i["kind"] == "sets":
        return _sets(i["n"], one_sided=True)
    values, sample = _sample(i)
    return _world(np.concatenate([values, -values]) if i["kind"] == "copies" else values, sample)


_BOUND = {**_FIELDS, "factor": Real(low=0.5, high=1.5)}
_MOVES = tuple(
    {"seed": seed, "n": 2, "atoms": 2, "functions": 1, "kind": "sign", "factor": factor}
    for seed, factor in ((0, 1.0), (1, 1.0), (0, 0.6), (1, 0.6))
)


@MODELS.of("one sample moves the uniform deviation", fields=_BOUND, extremal=_MOVES, needs=("class_bounded",))
@MODELS.of("one sample moves the complexity", fields=_BOUND, extremal=_MOVES, needs=("class_bounded",))
@MODELS.of("one sample moves the one-sided deviation", fields=_BOUND, extremal=_MOVES, needs=("class_range",))
def _moves(i: Instance) -> World:
    values, sample = _sample(i)
    limits = {"M": float(np.abs(values).max()), "value_range": float(np.ptp(values))}
    if i["kind"] == "sign" and i["seed"] % 2:
        values = (values + 1) / 2
    return _world(values, sample, **{name: max(limit * i["factor"], _ROUND) for name, limit in limits.items()})
