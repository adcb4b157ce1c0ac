"""Models of the theorems of Rademacher complexity: finite tables of values, and all signs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.optimize import linprog, minimize_scalar

from theory.symbols import ball_radius, d, lipschitz, n, temperature
from theory.theorems import rademacher as stated
from theory.theorems.places import count, width
from theory.vocabulary import classes as cl
from theory.vocabulary.statements import Fact, Theorem, equals
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.sign_sums import sign_sums
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.samples import Draws, draws

MODELS = Models()
_SCALE = next(t for t in stated.THEOREMS if t.id == "scaled complexity").takes[-1]
_ROUND = 2.0**-30
Array = np.ndarray


# Classes and what is measured of them ------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Image:
    """The φ_j(f(x_j)) as a table, with the φ_j(0)."""

    table: Array
    zero: Array


@dataclass(frozen=True, kw_only=True)
class Ball:
    """Linear functions w·x, or w·x + u·e, with a norm of at most the radius: "l1", or "l2" of features h(x) = x."""

    radius: float
    norm: str
    shared: Array | None = None


@dataclass(frozen=True, kw_only=True)
class Points:
    """x_1, …, x_n as rows; ``sums`` are the coefficients of the signed sums that are compared, ± the coordinates."""

    rows: Array
    own: Array | None = None

    @property
    def sums(self) -> Array:
        """Coefficients, of shape (N, n)."""
        return np.concatenate([self.rows.T, -self.rows.T]) if self.own is None else self.own


@dataclass(frozen=True, kw_only=True)
class Combinations:
    """(1/m)Σ a_i f_i for each row a of ``outer``; the f_i are all the functions of a table."""

    outer: Array
    neurons: Array

    @property
    def table(self) -> Array:
        """Their values."""
        return self.outer @ self.neurons / len(self.neurons)


def table(made: Any) -> Array:
    """The values of a class, functions × points."""
    return made if isinstance(made, np.ndarray) else made.table


def complexities(values: Array) -> tuple[float, float]:
    """The complexity of a table without and with |·|, exactly, in fractions."""
    plain, barred = sign_sums(tuple(tuple(map(Fraction, map(float, row))) for row in values))
    return float(plain / values.shape[1]), float(barred / values.shape[1])


def _signed(made: Any, points: Any, signs: Draws) -> Array:
    """sup Σ ξ_j f(x_j), at all signs."""
    if isinstance(made, Ball):
        return np.array([_support(made, points, xi) for xi in signs.values])
    return (table(made) @ signs.values.T).max(axis=0)


def _support(ball: Ball, points: Points, xi: Array) -> float:
    """sup over the ball of Σ ξ_j w·x_j: a linear programme, or along the circle of parameters in the plane."""
    force = xi @ points.rows
    if ball.norm == "l2":
        return -_least(lambda angle: -ball.radius * (np.cos(angle) * force[0] + np.sin(angle) * force[1]))
    if ball.shared is not None:
        force = np.concatenate([force, (xi @ ball.shared if ball.shared.ndim == 2 else xi.sum() * ball.shared)])
    doubled = np.concatenate([-force, force])
    return -float(linprog(doubled, A_ub=np.ones((1, len(doubled))), b_ub=[ball.radius], bounds=(0, None)).fun)


def _least(function: Callable[[float], float]) -> float:
    start = min(np.linspace(0, 2 * np.pi, 33), key=function)
    return float(
        minimize_scalar(function, bounds=(start - 0.3, start + 0.3), method="bounded", options={"xatol": 1e-9}).fun
    )


def _all(first: Array, second: Array, made: Callable[[Array, Array], Array]) -> Array:
    """made(f, g) for all f and g."""
    return np.stack([made(one, two) for one in table(first) for two in table(second)])


def _with_zero(made: Any) -> Array:
    return np.concatenate([table(made), np.zeros((1, table(made).shape[1]))])


HEADS: dict[str, Callable[..., Any]] = {
    "First": lambda points, _n: points,
    "Sum": lambda one, two: _all(one, two, np.add),
    "Difference": lambda one, two: _all(one, two, np.subtract),
    "Product": lambda one, two: _all(one, two, np.multiply),
    "Squares": lambda made: table(made) ** 2,
    "Scaled": lambda c, made: c * table(made),
    "WithZero": _with_zero,
    "Mirrored": lambda made: np.concatenate([table(made), -table(made)]),
    "Shifted": lambda made, shift: table(made) + shift,
    "Linear": lambda radius, _d: Ball(radius=radius, norm="l1"),
    "Affine": lambda radius, _d, shared: Ball(radius=radius, norm="l1", shared=shared),
    "Frozen": lambda radius: Ball(radius=radius, norm="l2"),
    "Supremum": lambda made, _points: float(np.abs(table(made)).max()),
    "Signed": _signed,
    "AbsSigned": lambda made, _points, signs: np.abs(table(made) @ signs.values.T).max(axis=0),
    "Mirror": lambda made, _points, signs: (-table(made) @ signs.values.T).max(axis=0),
    "SignedSum": lambda shift, _points, signs: signs.values @ shift,
    "Energy": lambda shift, _points: float((shift**2).sum()),
    "FeatureSum": lambda points, signs: np.linalg.norm(signs.values @ points.rows, axis=1),
    "FeatureEnergy": lambda points: float((points.rows**2).sum()),
    "Largest": lambda points, signs, _count: (signs.values @ points.sums.T).max(axis=1),
    "LargestShared": lambda points, shared, signs, _count: (signs.values @ _shared(points, shared).T).max(axis=1),
    "PointNorm": lambda points: float(np.abs(points.sums).max()),
    "InputNorm": lambda points, shared: float(max(np.abs(points.sums).max(), np.abs(shared).max())),
    "Complexity": lambda made, _points, _n: complexities(table(made))[0],
    "AbsComplexity": lambda made, _points, _n: complexities(table(made))[1],
}


def _shared(points: Points, shared: Array) -> Array:
    """Coefficients ± of the coordinates and of the largest coordinate of the shared vector."""
    top = np.full((1, len(points.rows)), np.abs(shared).max())
    return np.concatenate([points.sums, top, -top])


def _lipschitz(made: Any, original: Any, constant: float) -> bool:
    """|φ_j(y) − φ_j(y')| <= L|y − y'| for all values y of the class, and 0 where φ_j is known there."""
    values, images = table(original), table(made)
    if isinstance(made, Image):
        values, images = _with_zero(values), np.concatenate([images, made.zero[None]])
    gaps = np.abs(images[:, None] - images[None]) - constant * np.abs(values[:, None] - values[None])
    return bool(gaps.max() <= _ROUND)


FACTS: dict[str, Callable[..., bool]] = {
    "lipschitz_image": _lipschitz,
    "zero_to_zero": lambda made, _original: bool((made.zero == 0).all()),
    "bounded_on": lambda made, _points: bool(np.isfinite(table(made)).all()),
    "contains_zero": lambda made: bool((np.abs(table(made)).max(axis=1) == 0).any()),
    "square_combinations": lambda made, _f, radius: bool(
        ((made.outer**2).mean(axis=1) <= radius**2 * (1 + _ROUND)).all()
    ),
    "convex_combinations": lambda made, _f, radius: bool(
        (np.abs(made.outer).mean(axis=1) <= radius * (1 + _ROUND)).all()
    ),
    "shared": lambda shared, _points: shared.ndim == 1,
}


def _world(size: int, values: dict[Any, Any]) -> World:
    signs = draws([-1.0, 1.0], [1, 1], size)
    return World(values={cl.signs: signs, n: size, **values}, heads=HEADS, facts=FACTS, sample=signs)


# Tables of values ------------------------------------------------------------

_SIZES = {
    "n": Integer(low=1, high=3),
    "functions": Integer(low=1, high=3),
    "zero": Choice(options=("no", "yes")),
    "mirrored": Choice(options=("no", "yes")),
}
_SIGN = ({"n": 1, "functions": 1, "zero": "no", "mirrored": "yes"},)
_ONE = ({"n": 1, "functions": 1, "zero": "no", "mirrored": "no"},)


def _drawn(rng: np.random.Generator, i: Instance) -> Array:
    found = rng.integers(-4, 5, size=(i["functions"], i["n"])) + 0.0
    found[0, 0] = max(abs(found[0, 0]), 1.0)
    found = np.concatenate([found, -found]) if i["mirrored"] == "yes" else found
    return _with_zero(found) if i["zero"] == "yes" else found


def _single(theorem: Theorem) -> dict[str, Theorem]:
    part = theorem.says.parts[0]
    inner = part.args[0]
    return {"of the class alone": replace(theorem, says=Fact(theorem.says.name, (inner,)))}  # type: ignore[union-attr]


@MODELS.of("complexity", "complexity with modulus", "supremum of a shifted class", "mirrored class", fields=_SIZES)
@MODELS.of("products of a mirrored class", "supremum of a mirrored class", fields=_SIZES)
@MODELS.of("complexity of sums", "complexity of differences", "symmetry of signs", fields=_SIZES)
@MODELS.of("scaled complexity", "scaled supremum", "scaled products", fields=_SIZES)
@MODELS.of(
    "supremum of a shifted modulus", "modulus enlarges", "larger class", "zero added", fields=_SIZES, extremal=_SIGN
)
@MODELS.of("supremum of sums", "supremum of differences", "polarisation", fields=_SIZES, extremal=_SIGN)
@MODELS.of("square of a signed sum", fields=_SIZES)
@MODELS.of("modulus by two suprema", fields=_SIZES, extremal=_ONE, needs=("contains_zero",))
@MODELS.of("zero belongs", fields=_SIZES, variants=_single)
@MODELS.of(
    "mean of a signed sum",
    fields=_SIZES,
    variants=lambda theorem: {
        "mean: 1 % of the energy": replace(
            theorem, says=equals(theorem.says.parts[0], cl.Energy(cl.shift, cl.points) / 100)
        )
    },
)
def _tables(i: Instance) -> World:
    rng = generator(i)
    first, second = _drawn(rng, i), _drawn(rng, {**i, "mirrored": "no"})
    shift = rng.integers(1, 5, size=i["n"]) * (first[0] >= 0).astype(float) + 0.0
    shift[0] = max(shift[0], 1.0)
    return _world(i["n"], {cl.F: first, cl.F_1: first, cl.F_2: second, cl.shift: shift, cl.sequence: None, _SCALE: 2.0})


@MODELS.of(
    "bound of a mirrored class",
    fields={**_SIZES, "far": Choice(options=("no", "yes"))},
    needs=("bounded_on",),
    variants=lambda _t: {},
)
@MODELS.of(
    "scaled bound",
    fields={**_SIZES, "far": Choice(options=("no", "yes"))},
    needs=("bounded_on",),
    variants=lambda _t: {},
)
def _bounded(i: Instance) -> World:
    first = _drawn(generator(i), i)
    first[0, 0] = np.inf if i["far"] == "yes" else first[0, 0]
    return _world(i["n"], {cl.F: first, cl.sequence: None, _SCALE: 2.0})


# Images, combinations ------------------------------------------------------------

_MAPS = {**_SIZES, "kind": Choice(options=("line", "fold", "off zero", "steeper"))}


@MODELS.of("contraction", fields=_MAPS, needs=("lipschitz_image",))
@MODELS.of("image with zero", fields=_MAPS, needs=("lipschitz_image", "zero_to_zero"))
def _images(i: Instance) -> World:
    values = _drawn(generator(i), i)
    maps: dict[str, Callable[[Any], Any]] = {
        "line": lambda y: 2.0 * y,
        "fold": lambda y: 2.0 * np.abs(y),
        "off zero": lambda y: 2.0 * y + 1,
        "steeper": lambda y: 3.0 * y,
    }
    made = Image(table=maps[i["kind"]](values), zero=maps[i["kind"]](np.zeros(i["n"])))
    return _world(i["n"], {cl.F: values, cl.image: made, lipschitz: 2.0, cl.sequence: None})


@MODELS.of(
    "squares are Lipschitz",
    fields={"n": Integer(low=1, high=2), "width": Real(low=0.5, high=3), "top": Real(low=1, high=4)},
    extremal=({"seed": 1, "n": 1, "width": 0.5, "top": 2.0},),
    needs=("hypothesis",),
)
def _squares(i: Instance) -> World:
    near = i["top"] * np.array([[1.0], [1 - 2.0**-10], [-0.3]]) * np.ones((1, i["n"]))
    return _world(i["n"], {cl.F: near, width: i["width"] if i["seed"] % 2 else i["top"], cl.sequence: None})


_HULL = {**_SIZES, "radius": Real(low=0.5, high=2), "kind": Choice(options=("vertices", "equal", "too long"))}


@MODELS.of("root mean square and mean", fields=_HULL, needs=("square_combinations",))
@MODELS.of("absolutely convex hull", fields=_HULL, needs=("convex_combinations",))
def _hulls(i: Instance) -> World:
    rng = generator(i)
    neurons = _drawn(rng, i)
    size, radius = len(neurons), i["radius"]
    outer = radius * np.array([rng.choice((-1.0, 1.0), size) for _ in range(3)])
    if i["kind"] != "equal":
        outer = (
            radius * size * np.concatenate([np.eye(size), -np.eye(size)]) * (1.5 if i["kind"] == "too long" else 1.0)
        )
    made = Combinations(outer=outer, neurons=neurons)
    return _world(i["n"], {cl.network: made, cl.neurons: neurons, ball_radius: radius, cl.sequence: None})


# Points ------------------------------------------------------------

_POINTS = {
    "n": Integer(low=1, high=3),
    "radius": Real(low=0.5, high=2),
    "kind": Choice(options=("drawn", "shared", "apart")),
}
_LOOSE = (
    "of finite classes all 2^n sign vectors come nearest: E max = n, the least bound is n√(2 log 2), a ratio of 0.85; "
    "it tends to 1 only for normal sums whose number tends to infinity"
)


@MODELS.of("square of a signed vector", "duality in a Hilbert space", "vertices of the ball", fields=_POINTS)
@MODELS.of("vertices with a shared coordinate", fields=_POINTS, needs=("shared",))
@MODELS.of("Khintchine–Kahane", fields=_POINTS, extremal=({"n": 2, "radius": 1.0, "kind": "ones"},))
def _points(i: Instance) -> World:
    rng = generator(i)
    rows = np.ones((i["n"], 2)) if i["kind"] == "ones" else rng.normal(size=(i["n"], 2))
    shared = rng.normal(size=(i["n"], 2)) + 3 if i["kind"] == "apart" else rng.normal(size=2)
    made = Points(rows=rows)
    return _world(i["n"], {cl.sequence: made, ball_radius: i["radius"], d: 2, cl.embedding: shared})


@MODELS.of(
    "maximal inequality",
    "maximal inequality with a shared coordinate",
    fields={"n": Integer(low=1, high=4), "temperature": Real(low=0.1, high=5, log=True)},
    extremal=({"n": 1, "temperature": float(np.sqrt(2 * np.log(2)))},),
    loose=_LOOSE,
)
def _maximal(i: Instance) -> World:
    signs = draws([-1.0, 1.0], [1, 1], i["n"]).values
    made = Points(rows=signs.T, own=signs)
    shared = np.array([1.0])
    number = len(signs)
    return _world(i["n"], {cl.sequence: made, cl.embedding: shared, count: number, temperature: i["temperature"]})


_COSH = {
    "n": Integer(low=1, high=3),
    "temperature": Real(low=0.01, high=2, log=True),
    "kind": Choice(options=("drawn", "one sum")),
}


@MODELS.of("largest sum and hyperbolic cosines", "hyperbolic cosine of signed sums", fields=_COSH)
def _cosines(i: Instance) -> World:
    """N sums: of the coordinates of the points, and of the largest coordinate of the shared vector."""
    rng, alone = generator(i), i["kind"] == "one sum"
    rows = np.ones((i["n"], 1)) if alone else rng.normal(size=(i["n"], 2))
    shared = np.zeros(1) if alone else rng.normal(size=2)
    made = Points(rows=rows)

    def cosines(points: Points, vector: Array, signs: Draws, _count: int, rate: float) -> Array:
        coefficients = np.concatenate([points.rows.T, np.full((1, len(points.rows)), np.abs(vector).max())])
        return 1 + (np.cosh(rate * signs.values @ coefficients.T) - 1).sum(axis=1)

    found = _world(
        i["n"], {cl.sequence: made, cl.embedding: shared, count: rows.shape[1] + 1, temperature: i["temperature"]}
    )
    return replace(found, heads={**HEADS, "CoshSum": cosines})
