"""Models of the theorems of information theory: laws on a few points, all of whose joint laws are arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from theory.symbols import n
from theory.theorems.information import THEOREMS
from theory.theorems.places import F, G, a, b, bound, c, level, number
from theory.vocabulary import information as it
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World

MODELS = Models()
_BY_ID = {theorem.id: theorem for theorem in THEOREMS}
_DATA = _BY_ID["information of independent data"].takes[1]
_P = _BY_ID["Kearns–Saul"].takes[2]
_TILTS = np.geomspace(1e-3, 20.0, 60)
"""Where a moment generating function is looked at."""
_ROUND = 2.0**-30
Array = np.ndarray


# Divergences and moments on finitely many points -------------------------------------------------------------------


def relative(one: Array, other: Array) -> float:
    """KL of two arrays of probabilities of one shape; infinite where the first has mass and the second has none."""
    one, other = np.ravel(one), np.ravel(other)
    held = one > 0
    if np.any(other[held] <= 0):
        return math.inf
    return float(np.sum(one[held] * np.log(one[held] / other[held])))


def information(joint: Array) -> float:
    """The mutual information of the two axes of an array of probabilities."""
    return relative(joint, np.multiply.outer(joint.sum(axis=1), joint.sum(axis=0)))


def cumulant(law: Array, values: Array, tilt: float) -> float:
    """log E e^{a(f − E f)}, by e^x − 1 − x so that small ones keep their digits."""
    x = tilt * (values - law @ values)
    return float(np.log1p(law @ np.where(np.abs(x) < 1e-2, x**2 / 2 + x**3 / 6 + x**4 / 24, np.expm1(x) - x)))


def _bounded(law: Array, values: Array, constant: float, sides: tuple[int, ...]) -> bool:
    """Whether the cumulant is below a²R²/2 wherever it is looked at."""
    return all(
        cumulant(law, values, side * tilt) <= tilt**2 * constant**2 / 2 * (1 + _ROUND)
        for side in sides
        for tilt in _TILTS
    )


def _sub_gaussian(law: Array, values: Array, constant: float) -> bool:
    return _bounded(law, values, constant, (1, -1))


def _sub_gaussian_below(law: Array, values: Array, constant: float) -> bool:
    return _bounded(law, values, constant, (-1,))


_HEADS: dict[str, Callable[..., Any]] = {
    "MeanUnder": lambda law, values: float(law @ values),
    "Cumulant": cumulant,
    "RelativeEntropy": relative,
    "SquareAboveInfimum": lambda law, values: float(law @ (values - values[law > 0].min()) ** 2),
    "VarianceUnder": lambda law, values: float(law @ (values - law @ values) ** 2),
}
_FACTS: dict[str, Callable[..., bool]] = {
    "comparable": lambda one, other, _values: math.isfinite(relative(one, other)),
    "exponential_moment": lambda law, values, tilt: math.isfinite(cumulant(law, values, tilt)),
    "sub_gaussian": _sub_gaussian,
    "sub_gaussian_below": _sub_gaussian_below,
    "bounded_below": lambda _law, values: bool(np.all(np.isfinite(values))),
}


@MODELS.of(
    "Donsker–Varadhan",
    fields={"a": Real(low=-3, high=3), "kind": Choice(options=("tilted", "any"))},
    extremal=({"a": 1.5, "kind": "tilted"}, {"a": -1.0, "kind": "tilted"}),
)
def _changes_of_measure(i: Instance) -> World:
    rng = generator(i)
    law, values = rng.dirichlet(np.ones(4)), rng.normal(size=4)
    other = law * np.exp(i["a"] * values) if i["kind"] == "tilted" else rng.dirichlet(np.ones(4))
    return World(
        values={it.first: other / other.sum(), it.second: law, it.loss: values, a: i["a"]}, heads=_HEADS, facts=_FACTS
    )


_TAILS = {"a": Real(low=0.05, high=0.2), "kind": Choice(options=("true", "small constant"))}


@MODELS.of("sub-Gaussian", fields=_TAILS, needs=("sub_gaussian",))
@MODELS.of("sub-Gaussian from below", fields=_TAILS, needs=("sub_gaussian_below",))
@MODELS.of("two-sided and one-sided", fields=_TAILS, needs=("sub_gaussian",))
def _coins(i: Instance) -> World:
    """A fair coin with the values ±c, whose best constant is c."""
    size = float(generator(i).uniform(0.5, 1.5))
    stated = size if i["kind"] == "true" else 0.8 * size
    values = {it.second: np.array([0.5, 0.5]), it.loss: np.array([-size, size]), bound: stated, a: i["a"]}
    return World(values=values | {level: i["a"]}, heads=_HEADS, facts=_FACTS)


@MODELS.of(
    "lower tail of a function bounded below",
    fields={"rare": Real(low=1e-3, high=0.9, log=True)},
    extremal=({"rare": 1e-3},),
)
def _rare(i: Instance) -> World:
    """A rare value of 1 beside 0."""
    law = np.array([1 - i["rare"], i["rare"]])
    return World(values={it.second: law, it.loss: np.array([2.0, 3.0])}, heads=_HEADS, facts=_FACTS)


def _quadratic_cumulant(coefficients: tuple[float, float], tilt: float) -> float:
    """log E e^{a(f − E f)} of f = cZ² + bZ, Z standard normal."""
    square, slope = coefficients
    scale = 1 - 2 * tilt * square
    if scale <= 0:
        return math.inf
    return -math.log(scale) / 2 + tilt**2 * slope**2 / (2 * scale) - tilt * square


def _any_side(sides: tuple[int, ...]) -> Callable[..., bool]:
    return lambda _law, f, constant: all(
        _quadratic_cumulant(f, side * tilt) <= tilt**2 * constant**2 / 2 * (1 + _ROUND)
        for side in sides
        for tilt in _TILTS
    )


@MODELS.of(
    "lower tail of a Gaussian quadratic",
    fields={"square": Real(low=-1, high=1), "slope": Real(low=0, high=1), "kind": Choice(options=("true", "concave"))},
    needs=("gaussian_quadratic",),
)
def _quadratics(i: Instance) -> World:
    square = -abs(i["square"]) - 0.1 if i["kind"] == "concave" else abs(i["square"]) + 0.1
    heads = {"VarianceUnder": lambda _law, f: 2 * f[0] ** 2 + f[1] ** 2}
    facts: dict[str, Callable[..., bool]] = {
        "gaussian_quadratic": lambda _law, f: f[0] >= 0,
        "sub_gaussian_below": _any_side((-1,)),
    }
    return World(values={it.second: "N(0, 1)", it.loss: (square, i["slope"])}, heads=heads, facts=facts)


_HEAVY = {"a": Real(low=0.6, high=3), "kind": Choice(options=("line", "square"))}


@MODELS.of("moments of a sub-Gaussian function", fields=_HEAVY, needs=("sub_gaussian",), variants=lambda _theorem: {})
@MODELS.of(
    "moments of a function that is sub-Gaussian from below",
    fields=_HEAVY,
    needs=("sub_gaussian_below",),
    variants=lambda _theorem: {},
)
def _moments(i: Instance) -> World:
    """A standard normal number, and minus or plus its square, which has no high moments on one side."""
    one_sided = i["seed"] % 2 == 1
    f = (0.0, 1.0) if i["kind"] == "line" else (-1.0 if one_sided else 1.0, 0.0)
    facts = {
        "sub_gaussian": _any_side((1, -1)),
        "sub_gaussian_below": _any_side((-1,)),
        "exponential_moment": lambda _law, f, tilt: math.isfinite(_quadratic_cumulant(f, tilt)),
    }
    return World(values={it.second: "N(0, 1)", it.loss: f, bound: 1.0, a: i["a"], level: i["a"]}, facts=facts)


@MODELS.of(
    "Kearns–Saul",
    fields={"p": Real(low=0.02, high=0.48), "a": Real(low=-4, high=8), "kind": Choice(options=("true", "other law"))},
    extremal=tuple({"p": p, "a": 2 * math.log((1 - p) / p), "kind": "true"} for p in (0.02, 0.1, 0.4)),
    needs=("bernoulli",),
)
def _bernoulli(i: Instance) -> World:
    p = i["p"] if i["kind"] == "true" else 0.5
    facts = {"bernoulli": lambda law, _values, stated: bool(abs(law[1] - stated) < _ROUND)}
    values = {it.second: np.array([1 - p, p]), it.loss: np.array([0.0, 1.0]), _P: i["p"], a: i["a"]}
    return World(values=values, heads=_HEADS, facts=facts)


# Joint laws ------------------------------------------------------------


@MODELS.of("mutual information", "golden formula", "chain rule against a product")
def _triples(i: Instance) -> World:
    """Three dependent variables with two or three values each, and a law for the second."""
    rng = generator(i)
    law, rho = rng.dirichlet(np.ones(12)).reshape(2, 3, 2), rng.dirichlet(np.ones(3))
    axes = {"U": 0, "V": 1, "W": 2}

    def joint(*names: str) -> Array:
        kept = [axes[name] for name in names]
        out = law.sum(axis=tuple(k for k in range(3) if k not in kept))
        return out if kept == sorted(kept) else out.T

    def conditional(of: str, *given: Any) -> float:
        held = joint(*sorted((of, *given[:-1])))
        place = sorted((of, *given[:-1])).index(of)
        shape = [1] * held.ndim
        shape[place] = -1
        return relative(held, held.sum(axis=place, keepdims=True) * given[-1].reshape(shape))

    heads: dict[str, Callable[..., Any]] = {
        "Joint": joint,
        "Apart": lambda one, two: np.multiply.outer(joint(one), joint(two)),
        "Beside": lambda one, middle, last: np.multiply.outer(np.multiply.outer(joint(one), middle), joint(last)),
        "LawOf": joint,
        "RelativeEntropy": relative,
        "Information": lambda one, two: information(joint(one, two)),
        "ConditionalDivergence": conditional,
    }
    return World(values={it.U: "U", it.V: "V", it.W: "W", it.reference: rho}, heads=heads)


@MODELS.of(
    "information of independent data",
    fields={"kind": Choice(options=("copy", "any", "dependent"))},
    extremal=({"kind": "copy"},),
    needs=("independent_data",),
)
def _learners(i: Instance) -> World:
    """Two data with two values each and what is learned of them: all of it, or part of it."""
    rng = generator(i)
    data = np.multiply.outer(*(rng.dirichlet(np.ones(2)) for _ in range(2)))
    if i["kind"] == "dependent":
        data = np.array([[0.45, 0.05], [0.05, 0.45]])
    channel = np.eye(4) if i["kind"] == "copy" else rng.dirichlet(0.3 * np.ones(4), size=4)
    if i["kind"] == "dependent":
        channel = np.eye(4)
    law = channel.T.reshape(4, 2, 2) * data
    heads: dict[str, Callable[..., Any]] = {
        "Datum": lambda _data, k: int(k),
        "Information": lambda _w, of: information(law.sum(axis=3 - of) if isinstance(of, int) else law.reshape(4, 4)),
        "Average": _average,
    }
    facts = {
        "independent_data": lambda _data, _n: bool(
            np.allclose(data, np.multiply.outer(data.sum(axis=1), data.sum(axis=0)))
        )
    }
    return World(values={it.W: "W", _DATA: "data", n: 2}, heads=heads, facts=facts)


_EACH = {"kind": Choice(options=("true", "small constant", "not integrable"))}


@MODELS.of(
    "a rule's loss, datum by datum", fields=_EACH, needs=("sub_gaussian_for_each",), variants=lambda _theorem: {}
)
@MODELS.of("a rule's laws, datum by datum", fields=_EACH, needs=("comparable_for_each",), variants=lambda _theorem: {})
def _rules(i: Instance) -> World:
    """Two fair coins, W the first of them or none, and the loss ±1; "not integrable": infinite where W = X_i = 1."""
    values = np.array([[-1.0, 1.0], [1.0, -1.0]])
    if i["kind"] == "not integrable":
        values[1, 1] = np.inf
    stated = 0.7 if i["kind"] == "small constant" else 1.0
    apart = np.full((2, 2), 0.25)
    joints = {1: np.diag([0.5, 0.5]), 2: apart}

    def tame(law: Array, f: Array, constant: float) -> bool:
        return bool(np.all(np.isfinite(f))) and _sub_gaussian_below(np.ravel(law), np.ravel(f), constant)

    def comparable(one: Array, other: Array, f: Array) -> bool:
        return math.isfinite(relative(one, other)) and bool(np.all(np.isfinite(f[one > 0])))

    heads: dict[str, Callable[..., Any]] = {
        "Datum": lambda _data, k: int(k),
        "Joint": lambda _w, k: joints[k],
        "Apart": lambda _w, _k: apart,
    }
    facts: dict[str, Callable[..., bool]] = {
        "sub_gaussian_for_each": lambda _w, _data, f, constant: tame(apart, f, constant),
        "sub_gaussian_below": tame,
        "comparable_for_each": lambda _w, _data, f: all(comparable(each, apart, f) for each in joints.values()),
        "comparable": comparable,
    }
    return World(
        values={it.W: "W", _DATA: "data", it.loss: values, bound: stated, number: 1.0}, heads=heads, facts=facts
    )


def _average(count: int, function: Callable[[float], float]) -> float:
    return sum(function(float(k)) for k in range(1, int(count) + 1)) / int(count)


_COUNTS = {"n": Integer(low=1, high=4), "order": Choice(options=("equal", "below", "above"))}


@MODELS.of("monotonicity of an average", fields=_COUNTS, needs=("hypothesis",))
@MODELS.of("linearity of an average", fields=_COUNTS)
@MODELS.of("square of an average", fields=_COUNTS, extremal=({"n": 1, "order": "equal"},))
def _averages(i: Instance) -> World:
    values = generator(i).uniform(1, 2, size=5)
    shift = {"equal": 0.0, "below": -0.5, "above": 0.5}[i["order"]]
    functions = {F: lambda k: values[int(k)] + shift, G: lambda k: values[int(k)]}
    return World(
        values={n: i["n"], a: 2.0, b: -1.0, c: 0.5, **functions},
        heads={"Average": _average},
        ranges={number: tuple(map(float, range(1, i["n"] + 1)))},
    )
