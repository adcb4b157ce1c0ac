"""Models of the theorems of concentration: finite laws with all their outcomes, and a million coins."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from theory.symbols import delta, n
from theory.theorems.places import X_1, X_2, F, X, a, b, bound, map_, number, width
from theory.vocabulary.objects import Y
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.samples import Coins, Draws, draws, pushed

MODELS = Models()
_NEAR = 2.0**-30
"""A bound is passed surely by what is nearer to it from below by this part, and not at all by what is below it."""


# What is measured of a sample ------------------------------------------------------------


def errors(sample: Draws, _size: float) -> np.ndarray:
    """The empirical means minus the expected one, outcome by outcome."""
    return sample.values.mean(axis=1) - sample.expected


def deviation(sample: Draws, size: float) -> np.ndarray:
    """‖(1/n)ΣY_i − EY‖, of vectors, or of matrices by all their entries."""
    found = errors(sample, size)
    return np.linalg.norm(found.reshape(len(found), -1), axis=1)


def operator_deviation(sample: Draws, size: float) -> np.ndarray:
    """The operator norm of (1/n)ΣY_i − EY."""
    return np.linalg.norm(errors(sample, size), ord=2, axis=(1, 2))


def variance(sample: Draws) -> float:
    """E‖Y − EY‖²."""
    return float(sample.law @ ((sample.atoms - sample.expected) ** 2).reshape(len(sample.law), -1).sum(axis=1))


def largest(sample: Draws) -> float:
    """max ‖Y‖."""
    return float(np.linalg.norm(sample.atoms.reshape(len(sample.law), -1), axis=1).max())


def widest(sample: Draws) -> float:
    """max ‖Y − Y'‖."""
    flat = sample.atoms.reshape(len(sample.law), -1)
    return float(np.linalg.norm(flat[:, None] - flat[None], axis=2).max())


def strongest(sample: Draws) -> float:
    """The largest operator norm of an atom."""
    return float(np.linalg.norm(sample.atoms, ord=2, axis=(1, 2)).max())


def radius(sample: Any) -> float:
    """max ‖Y − EY‖; 1 for coins that show ±1."""
    off = (
        (sample.atoms - sample.expected).reshape(len(sample.law), -1) if isinstance(sample, Draws) else np.ones((1, 1))
    )
    return float(np.linalg.norm(off, axis=1).max())


def weak_spread(sample: Any) -> float:
    """√‖Cov Y‖; 1 for coins that show ±1."""
    if not isinstance(sample, Draws):
        return 1.0
    off = (sample.atoms - sample.expected).reshape(len(sample.law), -1)
    return float(np.linalg.norm(off * np.sqrt(sample.law)[:, None], ord=2))


def _within(measure: Callable[[Draws], float]) -> Callable[[Draws, float], bool]:
    return lambda sample, limit: measure(sample) <= limit * (1 + _NEAR) + _NEAR


HEADS = {"Deviation": deviation, "OperatorDeviation": operator_deviation, "Variance": variance}
FACTS: dict[str, Callable[..., bool]] = {
    "bounded": _within(largest),
    "diameter": _within(widest),
    "radius": _within(radius),
    "weak_spread": _within(weak_spread),
    "operator_bounded": _within(strongest),
    "spread": lambda sample, limit: variance(sample) <= limit**2 * (1 + _NEAR) + _NEAR,
    "square_integrable": lambda sample: math.isfinite(variance(sample)),
    "psd": lambda sample: bool(np.linalg.eigvalsh(sample.atoms).min() >= -_NEAR),
    "fixed": lambda made, _sample: made.fixed,
}


def _world(sample: Any, **values: Any) -> World:
    names = {"n": n, "bound": bound, "delta": delta, "X": X, "X_1": X_1, "X_2": X_2, "a": a, "b": b, "width": width}
    given = {names[name]: value for name, value in values.items()}
    return World(values={Y: sample, n: sample.size, **given}, heads=HEADS, facts=FACTS, sample=sample)


# Numbers ------------------------------------------------------------

_SIZES = {"n": Integer(low=1, high=5), "atoms": Integer(low=2, high=3)}


def _drawn(i: Instance, shape: tuple[int, ...] = ()) -> tuple[np.random.Generator, Draws]:
    """Independent copies of a random law with random atoms; with ``copies`` "no", one variable n times."""
    rng = generator(i)
    atoms, law = rng.normal(size=(i["atoms"], *shape)), rng.dirichlet(np.ones(i["atoms"]))
    sample = draws(atoms, law, i["n"])
    if i.get("copies") == "no":
        joint = np.where((sample.outcomes == sample.outcomes[:, :1]).all(axis=1), law[sample.outcomes[:, 0]], 0.0)
        sample = draws(atoms, law, i["n"], joint)
    return rng, sample


@MODELS.of(
    "bounded differences",
    fields={
        **_SIZES,
        "delta": Real(low=1e-3, high=1.0),
        "kind": Choice(options=("drawn", "moves more", "coins", "copies")),
    },
    extremal=(
        {"kind": "coins", "n": 10**6, "delta": 1e-300},
        {"kind": "copies", "n": 5, "delta": 0.3},
        {"kind": "moves more", "n": 4, "atoms": 2, "delta": 0.05},
    ),
    needs=("iid", "moves"),
)
def _bounded_differences(i: Instance) -> World:
    if i["kind"] in ("coins", "copies"):
        coins = (
            Coins(size=i["n"])
            if i["kind"] == "coins"
            else draws([0, 1], [1, 1], i["n"], [1, *[0] * (2 ** i["n"] - 2), 1])
        )
        heads = coins.heads if isinstance(coins, Coins) else coins.values.sum(axis=1)
        if isinstance(coins, Coins):  # δ is the chance of a level that is attained, a trifle less
            tails = np.cumsum(coins.chances[::-1])[::-1]
            chance = float(tails[tails >= min(i["delta"], tails[0])].min())
            return _world(coins, X=heads - i["n"] / 2, bound=1.0, delta=chance * (1 - _NEAR))
        return _world(coins, X=heads - i["n"] / 2, bound=1.0, delta=i["delta"])
    rng, sample = _drawn(i)
    x = rng.normal(size=len(sample.chances)) if i["seed"] % 2 else sample.values.sum(axis=1)
    one, two = sample.changes
    move = float(np.abs(x[one] - x[two]).max())
    if i["kind"] == "moves more":
        x, move = np.where(x == x.max(), 10.0, 0.0), 1.0
        return _world(sample, X=x, bound=move, delta=sample.mean(x > 0) / 2)
    return _world(sample, X=x, bound=move, delta=i["delta"])


@MODELS.of(
    "Chebyshev",
    fields={**_SIZES, "delta": Real(low=1e-3, high=0.9), "chance": Real(low=0.5, high=1.5)},
    extremal=({"n": 1, "atoms": 0, "delta": 0.2, "chance": chance} for chance in (0.995, 1.005)),
)
def _chebyshev(i: Instance) -> World:
    if i["atoms"] == 0:  # X is 1 with nearly the probability δ
        sample = draws([0.0, 1.0], [1 - i["chance"] * i["delta"], i["chance"] * i["delta"]], 1)
        return _world(sample, X=sample.values[:, 0], delta=i["delta"])
    rng, sample = _drawn(i)
    return _world(sample, X=np.abs(rng.normal(size=len(sample.chances))), delta=i["delta"])


@MODELS.of("Jensen, root", fields=_SIZES, extremal=({"n": 1, "atoms": 1},))
def _jensen(i: Instance) -> World:
    rng, sample = _drawn(i)
    return _world(sample, X=rng.normal(size=len(sample.chances)) if i["atoms"] > 1 else np.ones(1))


_CURVES = {
    "square": lambda x: x**2,
    "exponential": np.exp,
    "nearly straight": lambda x: 10 + x + x**2 / 1024,
    "concave": lambda x: -(x**2),
}


@MODELS.of("Jensen", fields={**_SIZES, "curve": Choice(options=tuple(_CURVES))}, needs=("hypothesis",))
def _convex(i: Instance) -> World:
    rng, sample = _drawn(i)
    found = _world(sample, X=rng.normal(size=len(sample.chances)))
    return replace(found.at({F: _CURVES[i["curve"]]}), ranges={number: np.linspace(-4, 4, 33)})


@MODELS.of("mean of a constant", fields=_SIZES)
@MODELS.of("linearity of the mean", fields=_SIZES)
def _linearity(i: Instance) -> World:
    rng, sample = _drawn(i)
    x, y = rng.normal(size=(2, len(sample.chances)))
    return _world(sample, X_1=x, X_2=y, a=rng.normal(), b=rng.normal())


@MODELS.of(
    "monotonicity of the mean",
    fields={**_SIZES, "order": Choice(options=("equal", "below", "above"))},
    needs=("hypothesis",),
)
def _monotonicity(i: Instance) -> World:
    rng, sample = _drawn(i)
    x = rng.normal(size=len(sample.chances)) + 2.0
    shift = {"equal": 0.0, "below": 1.0, "above": -1.0}[i["order"]]
    return _world(sample, X_1=x, X_2=x + shift * rng.uniform(size=len(x)))


@MODELS.of(
    "moves of a combination",
    fields={**_SIZES, "first": Real(low=0.5, high=1.0), "second": Real(low=0.5, high=1.0)},
    extremal=(
        {"n": 2, "atoms": 2, "first": first, "second": second} for first, second in ((1.0, 1.0), (0.5, 1.0), (1.0, 0.5))
    ),
    needs=("moves 1", "moves 2"),
)
def _combination(i: Instance) -> World:
    rng, sample = _drawn(i)
    x = sample.values.sum(axis=1)
    y = x * rng.uniform(0.5, 2.0)
    one, two = sample.changes
    moves = (float(np.abs(z[one] - z[two]).max()) for z in (x, y))
    c, w = (move * i[part] for move, part in zip(moves, ("first", "second"), strict=True))
    return _world(sample, X_1=x, X_2=y, a=-rng.uniform(0.5, 2), b=-rng.uniform(0.5, 2), bound=c, width=w)


# Vectors and operators ------------------------------------------------------------

_COPIES = Choice(options=("yes", "no"))


@MODELS.of("variance of a mean", fields={**_SIZES, "copies": _COPIES}, needs=("iid",))
def _vectors(i: Instance) -> World:
    return _world(_drawn(i, (2,))[1])


def _matrices(i: Instance) -> Draws:
    rng, sample = _drawn(i)
    factors = rng.normal(size=(i["atoms"], 2, 2))
    return draws(factors @ factors.transpose(0, 2, 1), sample.law, i["n"])


def _two_points(i: Instance, *points: list[float]) -> Draws:
    return draws(points, [1, 1], i["n"])


_TIGHT = Choice(options=("drawn", "opposite", "too far"))
_EXTREMAL = tuple({"n": 2, "atoms": 2, "kind": kind} for kind in ("opposite", "too far"))


@MODELS.of("spread", fields={**_SIZES, "kind": _TIGHT}, needs=("spread",))
@MODELS.of("variance of a bounded vector", fields={**_SIZES, "kind": _TIGHT}, extremal=_EXTREMAL, needs=("bounded",))
@MODELS.of("one vector moves the mean", fields={**_SIZES, "kind": _TIGHT}, extremal=_EXTREMAL, needs=("bounded",))
def _bounded(i: Instance) -> World:
    sample = _drawn(i, (2,))[1] if i["kind"] == "drawn" else _two_points(i, [1.0, 0.0], [-1.0, 0.0])
    return _world(sample, bound=largest(sample) * (0.9 if i["kind"] == "too far" else 1.0))


@MODELS.of(
    "one vector of small diameter moves the mean",
    fields={**_SIZES, "kind": _TIGHT},
    extremal=_EXTREMAL,
    needs=("diameter",),
)
def _diameter(i: Instance) -> World:
    sample = _drawn(i, (2,))[1] if i["kind"] == "drawn" else _two_points(i, [1.0, 0.0], [-1.0, 0.0])
    return _world(sample, bound=widest(sample) * (0.9 if i["kind"] == "too far" else 1.0))


_COIN_TAIL = {"kind": "coins", "n": 10**6, "delta": 1e-300}
_BALL = {"n": 2, "atoms": 2, "kind": "opposite"}


def _of_coins(size: int, level: float, **values: float) -> World:
    """Coins that show ±1, at the chance of a level that their mean attains, a trifle less."""
    coins = Coins(size=size)
    off = np.abs(2.0 * coins.heads / size - 1.0)
    tails = np.cumsum(coins.chances[np.argsort(-off, kind="stable")])
    found = _world(coins, delta=float(tails[tails >= level].min()) * (1 - _NEAR), **values)
    return replace(found, heads={**HEADS, "Deviation": lambda _sample, _size: off})


def _copied(size: int, atoms: list[float], law: list[float]) -> Draws:
    """One variable in the place of all."""
    every = draws(np.array(atoms)[:, None], law, size)
    same = (every.outcomes == every.outcomes[:, :1]).all(axis=1)
    return draws(every.atoms, every.law, size, np.where(same, every.law[every.outcomes[:, 0]], 0.0))


def _moments(sample: Draws, **factors: float) -> dict[str, float]:
    return {
        "bound": radius(sample) * factors.get("bound", 1.0),
        "width": weak_spread(sample) * factors.get("width", 1.0),
    }


@MODELS.of(
    "Bousquet",
    fields={**_SIZES, "delta": Real(low=1e-3, high=1.0), "kind": Choice(options=("drawn", "sphere", "rare"))},
    extremal=(
        {"n": 1, "kind": "sphere", "delta": 1 - 1e-6},
        {"n": 5, "kind": "copies", "delta": 0.09},
        {"n": 1, "kind": "narrow", "delta": 0.009},
        {**_COIN_TAIL, "kind": "steady coins"},
    ),
    needs=("iid", "weak_spread", "radius"),
)
def _bousquet(i: Instance) -> World:
    if i["kind"] == "steady coins":
        return _of_coins(i["n"], i["delta"], bound=1.0, width=0.5)
    if i["kind"] == "copies":
        sample = _copied(i["n"], [-1.0, 0.0, 1.0], [0.05, 0.9, 0.05])
        return _world(sample, delta=i["delta"], **_moments(sample))
    atoms: dict[str, tuple[list[list[float]], list[float]]] = {
        "sphere": ([[1.0, 0.0], [-1.0, 0.0]], [1, 1]),
        "rare": ([[1.0], [0.0], [-1.0]], [0.005, 0.99, 0.005]),
        "narrow": ([[1.0], [0.0], [-1.0]], [0.005, 0.99, 0.005]),
    }
    sample = draws(*atoms[i["kind"]], i["n"]) if i["kind"] in atoms else _drawn(i, (2,))[1]
    return _world(sample, delta=i["delta"], **_moments(sample, bound=0.1 if i["kind"] == "narrow" else 1.0))


@MODELS.of(
    "Pinelis",
    fields={**_SIZES, "delta": Real(low=1e-3, high=1.0)},
    extremal=({**_COIN_TAIL, "bound": 1.0}, {**_COIN_TAIL, "bound": 0.5}, {"kind": "copies", "n": 5, "delta": 0.5}),
    needs=("iid", "radius"),
)
def _pinelis(i: Instance) -> World:
    if i.get("kind") == "coins":
        return _of_coins(i["n"], i["delta"], bound=i["bound"])
    sample = _copied(i["n"], [-1.0, 1.0], [0.5, 0.5]) if i.get("kind") == "copies" else _drawn(i, (2,))[1]
    return _world(sample, delta=i["delta"], bound=radius(sample))


@MODELS.of("mean in a ball", fields={**_SIZES, "kind": _TIGHT}, extremal=({**_BALL, "n": 1},), needs=("radius",))
@MODELS.of("diameter of a ball", fields={**_SIZES, "kind": _TIGHT}, extremal=(_BALL,), needs=("radius",))
def _ball(i: Instance) -> World:
    sample = _drawn(i, (2,))[1] if i["kind"] == "drawn" else _two_points(i, [1.0, 0.0], [-1.0, 0.0])
    return _world(sample, bound=radius(sample) * (0.9 if i["kind"] == "too far" else 1.0))


@MODELS.of("own spread", fields=_SIZES)
@MODELS.of(
    "operator norm", fields={**_SIZES, "rank": Integer(low=1, high=2)}, extremal=({"n": 1, "atoms": 2, "rank": 1},)
)
@MODELS.of(
    "operator norm, in the mean",
    fields={**_SIZES, "rank": Integer(low=1, high=2)},
    extremal=({"n": 1, "atoms": 2, "rank": 1},),
)
def _operators(i: Instance) -> World:
    sample = _matrices(i)
    return _world(draws([np.diag([1.0, 0.0]), np.zeros((2, 2))], [1, 1], i["n"]) if i.get("rank") == 1 else sample)


@MODELS.of(
    "one positive operator moves the mean",
    fields={**_SIZES, "kind": Choice(options=("drawn", "projector", "too large", "signed"))},
    extremal=tuple({"n": 2, "atoms": 2, "kind": kind} for kind in ("projector", "too large", "signed")),
    needs=("psd", "operator_bounded"),
)
def _positive(i: Instance) -> World:
    unit = np.diag([1.0, 0.0])
    low = -unit if i["kind"] == "signed" else 0 * unit
    sample = _matrices(i) if i["kind"] == "drawn" else draws([low, unit], [1, 1], i["n"])
    return _world(sample, bound=strongest(sample) * (0.9 if i["kind"] == "too large" else 1.0))


@dataclass(frozen=True)
class _Scaling:
    """y ↦ c y, where c is 1, or depends on the first variable of the sample."""

    fixed: bool

    def __call__(self, atom: np.ndarray) -> np.ndarray:
        return 3 * atom + 1


class _Sample(Draws):
    """A sample whose image under a map that depends on it is worked out row by row."""

    def image(self, function: Any) -> Draws:
        if function.fixed:
            return super().image(function)
        return pushed(self.values[:, :1] * self.values, self.chances)


@MODELS.of(
    "image of a sample",
    fields={
        "n": Integer(low=2, high=4),
        "atoms": Integer(low=2, high=3),
        "map": Choice(options=("fixed", "of the sample")),
        "copies": _COPIES,
    },
    needs=("iid", "fixed"),
)
def _image(i: Instance) -> World:
    found = _drawn(i)[1]
    sample = _Sample(atoms=found.atoms, law=found.law, size=found.size, joint=found.joint)
    return World(values={Y: sample, n: i["n"], map_: _Scaling(i["map"] == "fixed")}, facts=FACTS, sample=sample)
