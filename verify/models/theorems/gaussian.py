"""Models of the theorems of Gaussian variables: exact chances of tails and exits, equations solved along paths."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.integrate
from scipy.special import ndtr

from theory.symbols import d, mu, r, u, v
from theory.theorems import gaussian
from theory.theorems.places import X, bound, fail, stay
from theory.vocabulary import processes as pr
from theory.vocabulary.objects import Y
from theory.vocabulary.processes import forward, index, noise, start
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.samples import Events

MODELS = Models()
_VECTOR = next(t for t in gaussian.THEOREMS if t.id == "union over coordinates").takes[0]
_ROUND = 2.0**-30
Array = np.ndarray


def _tail(level: float) -> float:
    """P(|Z| > level), by quadrature of the density."""
    mass = scipy.integrate.quad(lambda z: math.exp(-((level + z) ** 2) / 2), 0, math.inf, epsabs=0)[0]
    return 2 * mass / math.sqrt(2 * math.pi)


# Tails and coordinates ------------------------------------------------------------


@MODELS.of(
    "normal tail", fields={"u": Real(low=0, high=6), "std": Choice(options=("1", "2"))}, needs=("standard_normal",)
)
def _normal_tail(i: Instance) -> World:
    chance = _tail(i["u"] / float(i["std"]))
    sample = Events(chances=np.array([1 - chance, chance]))
    facts = {"standard_normal": lambda _x, _sample: i["std"] == "1"}
    values = {X: np.array([0.5, 1.5]) * i["u"], Y: sample, u: i["u"]}
    if i["u"] == 0.0:
        values[X] = np.array([0.0, 1.0])
    return World(values=values, facts=facts, sample=sample)


_COMPONENTS: dict[str, Callable[..., Any]] = {
    "Component": lambda vector, k: vector[:, k],
    "SupNorm": lambda vector: np.abs(vector).max(axis=1),
}


def _dimension(vector: Array, number: float) -> bool:
    return vector.shape[1] == number


@MODELS.of(
    "union over coordinates",
    fields={
        "d": Integer(low=2, high=4),
        "fail": Real(low=0.01, high=0.2),
        "kind": Choice(options=("true", "more", "fewer")),
    },
    needs=("dimension", "hypothesis"),
)
def _union(i: Instance) -> World:
    """Coordinate k is large on the event k, and none on the last."""
    events = i["d"] + 1
    sample = Events(chances=np.array([i["fail"]] * i["d"] + [1 - i["d"] * i["fail"]]))
    vector = np.where(np.eye(events, i["d"], dtype=bool), -2.0, 0.5)
    stated = i["fail"] * (0.5 if i["kind"] == "more" else 1.0)
    size = i["d"] - (1 if i["kind"] == "fewer" else 0)
    values = {_VECTOR: vector, Y: sample, bound: 1.0, fail: stated, d: size}
    facts = {"dimension": _dimension}
    return World(values=values, heads=_COMPONENTS, facts=facts, ranges={index: tuple(range(i["d"]))}, sample=sample)


@MODELS.of(
    "independent coordinates",
    fields={
        "d": Integer(low=2, high=4),
        "stay": Real(low=0.6, high=0.95),
        "kind": Choice(options=("true", "disjoint", "stay less", "fewer")),
    },
    needs=("dimension", "independent_coordinates", "hypothesis"),
)
def _independent(i: Instance) -> World:
    """All patterns of large coordinates, independent of one another, or with at most one large."""
    patterns = np.array(np.meshgrid(*[[0, 1]] * i["d"])).reshape(i["d"], -1).T
    chances = np.where(patterns == 1, 1 - i["stay"], i["stay"]).prod(axis=1)
    if i["kind"] == "disjoint":
        out = min(1 - i["stay"], 1 / i["d"])
        chances = np.select([patterns.sum(axis=1) == 1, patterns.sum(axis=1) == 0], [out, 1 - i["d"] * out], 0.0)
    sample = Events(chances=chances)

    def independent(vector: Array, given: Events) -> bool:
        large = np.abs(vector) > 1
        single = np.array([given.mean(large[:, k]) for k in range(i["d"])])
        joint = np.where(large, single, 1 - single).prod(axis=1)
        return bool(np.allclose(joint, given.chances, rtol=0, atol=_ROUND))

    stated = i["stay"] + ((1 - i["stay"]) / 2 if i["kind"] == "stay less" else 0.0)
    size = i["d"] - (1 if i["kind"] == "fewer" else 0)
    values = {_VECTOR: np.where(patterns == 1, 2.0, -0.5), Y: sample, bound: 1.0, stay: stated, d: size}
    facts = {"dimension": _dimension, "independent_coordinates": independent}
    return World(values=values, heads=_COMPONENTS, facts=facts, ranges={index: tuple(range(i["d"]))}, sample=sample)


# Linear equations along paths ------------------------------------------------------------

_GRID = np.linspace(0.0, 1.0, 257)


@dataclass(frozen=True, kw_only=True)
class Driven:
    """dx = (fx + bend·x|x|) dt + g dw on [0, 1] along smooth paths w, which stand for those of a Brownian motion.

    ``waves`` has the shape (paths, coordinates, frequencies); ``mix`` makes the coordinates of w of independent ones.
    f = pull·cos(3t) and g = 1 + t.
    """

    start: Array
    waves: Array
    mix: Array
    pull: float
    bend: float = 0.0

    def rate(self, t: Array) -> Array:
        """r(t) = exp ∫f."""
        return np.exp(self.pull * np.sin(3 * t) / 3)

    @cached_property
    def _mixed(self) -> Array:
        return self.mix @ self.waves

    def speed(self, t: Array) -> Array:
        """w'(t), of shape (paths, coordinates, …)."""
        return self._mixed @ np.cos(
            math.pi * np.multiply.outer(np.arange(self.waves.shape[2]), t).reshape(-1, np.size(t))
        )

    @cached_property
    def clock(self) -> float:
        """v(1), v² = ∫(g/r)²."""
        return math.sqrt(scipy.integrate.quad(lambda t: ((1 + t) / self.rate(t)) ** 2, 0, 1)[0])

    @cached_property
    def integrals(self) -> Array:
        """∫₀^t (g/r) dw, the Brownian motion at v(t)², on the grid: paths × coordinates × times, by Gauss's rule."""
        nodes, weights = np.polynomial.legendre.leggauss(8)
        half = (_GRID[1:] - _GRID[:-1]) / 2
        times = ((_GRID[1:] + _GRID[:-1])[:, None] / 2 + half[:, None] * nodes).ravel()
        rates = self.speed(times) * (1 + times) / self.rate(times)
        steps = (rates.reshape(*rates.shape[:2], len(half), 8) * weights).sum(axis=-1) * half
        return np.concatenate([np.zeros((*steps.shape[:2], 1)), np.cumsum(steps, axis=2)], axis=2)

    @cached_property
    def solution(self) -> Array:
        """x on the grid, by an adaptive method of order 8."""
        shape = len(self.waves), len(self.start)

        def slope(t: float, x: Array) -> Array:
            drift = self.pull * math.cos(3 * t) * x + self.bend * x * np.abs(x)
            return drift + (1 + t) * self.speed(np.array([t])).ravel()

        begin = np.broadcast_to(self.start, shape).ravel()
        found = scipy.integrate.solve_ivp(slope, (0, 1), begin, "DOP853", _GRID, rtol=1e-10, atol=1e-12)
        return found.y.reshape(*shape, -1)

    @property
    def linear(self) -> bool:
        """The fact linear_sde: a linear equation with independent coordinates of the noise."""
        return self.bend == 0.0 and np.array_equal(self.mix, np.eye(len(self.mix)))


_PATHS = {
    "d": Integer(low=1, high=2),
    "pull": Real(low=-1, high=1),
    "kind": Choice(options=("linear", "bent", "mixed")),
}
_EXTREMAL = (
    {"d": 1, "pull": 0.0, "kind": "linear"},
    {"d": 1, "pull": 0.5, "kind": "bent"},
    {"d": 2, "pull": 0.5, "kind": "mixed"},
)


def _driven(i: Instance) -> World:
    rng = generator(i)
    waves = rng.normal(size=(2, i["d"], 3)) + 1.0
    mix = np.array([[1.0, 0.0], [0.8, 0.6]])[: i["d"], : i["d"]] if i["kind"] == "mixed" else np.eye(i["d"])
    bend = 1.0 if i["kind"] == "bent" else 0.0
    made = Driven(start=np.ones(i["d"]), waves=waves, mix=mix, pull=i["pull"], bend=bend)
    if i["pull"] == 0.0:
        made = Driven(start=np.ones(i["d"]), waves=np.abs(waves[:, :, :1]), mix=mix, pull=0.0, bend=bend)
    heads: dict[str, Callable[..., Any]] = {
        "Component": lambda vector, k: vector[:, k],
        "Noisy": lambda begin, path, _r, _v: path.solution[:, :, -1],
        "Normal": lambda path: path.integrals[:, :, -1] / path.clock,
        "Brownian": lambda _sde, path: path.integrals,
        "Forward": lambda _sde, _begin, path: path.solution,
        "StartNorm": lambda begin: float(np.abs(begin).max()),
        "SupNorm": lambda paths: np.abs(paths).max(axis=(1, 2)),
        "PathNorm": lambda paths: np.abs(paths).max(axis=(1, 2)),
        "LargestScale": lambda equation: float(equation.rate(_GRID).max()),
    }
    facts: dict[str, Callable[..., bool]] = {
        "linear_sde": lambda begin, path, size: path.linear and len(begin) == size,
        "dimension": _dimension,
        "independent_coordinates": lambda _x, path: (
            path.bend == 0 and np.array_equal(path.mix @ path.mix.T, np.eye(i["d"]))
        ),
        "standard_normal": lambda _z, path: _unit(path),
    }
    values = {pr.sde: made, start: made.start, noise: made, index: i["d"] - 1, d: i["d"]}
    values |= {r: float(made.rate(np.asarray(1.0))), v: made.clock}
    return World(values=values, heads=heads, facts=facts)


def _unit(path: Driven) -> bool:
    """Whether the coordinates of ∫(g/r)dW/v have the variance 1, by Itô's isometry; Gaussian they are."""
    energy = scipy.integrate.quad(lambda t: float(((1 + t) / path.rate(t)) ** 2), 0, 1)[0]
    return bool(np.allclose(np.diag(path.mix @ path.mix.T) * energy, path.clock**2, rtol=_ROUND))


MODELS.of(
    "solution of a linear SDE", "time change of a linear SDE", fields=_PATHS, extremal=_EXTREMAL, needs=("linear_sde",)
)(_driven)
MODELS.of("dimension of a linear SDE", "dimension of a Brownian path", fields=_PATHS)(_driven)
MODELS.of(
    "coordinates of a linear SDE",
    fields=_PATHS,
    extremal=_EXTREMAL,
    needs=("linear_sde",),
    variants=lambda _theorem: {},
)(_driven)


@MODELS.of(
    "noise of a linear SDE",
    fields={"clock": Choice(options=("own", "another"))},
    needs=("linear_sde",),
    variants=lambda _t: {},
)
def _noise(i: Instance) -> World:
    """Whether W(v²)/v is standard normal: its distribution function at a few places, v² by another rule."""
    made = Driven(start=np.ones(1), waves=np.ones((1, 1, 1)), mix=np.eye(1), pull=generator(i).uniform(-1, 1))
    times = (np.arange(4096) + 0.5) / 4096
    scale = math.sqrt(float((((1 + times) / made.rate(times)) ** 2).mean())) / made.clock
    scale *= 1.5 if i["clock"] == "another" else 1.0
    facts = {
        "linear_sde": lambda _start, _noise, _d: i["clock"] == "own",
        "standard_normal": lambda _z, _noise: all(
            abs(ndtr(x / scale) - ndtr(x)) < 1 / 4096**2 for x in (-1.0, 0.5, 2.0)
        ),
    }
    heads = {"Component": lambda vector, _k: vector, "Normal": lambda path: path}
    return World(values={start: made.start, noise: made, index: 0, d: 1}, heads=heads, facts=facts)


# Exits ------------------------------------------------------------


def exit_chance(level: float) -> float:
    """P(sup_{s<=1} |W(s)| > level), by reflections at both ends."""
    inside = sum((-1) ** k * (ndtr((2 * k + 1) * level) - ndtr((2 * k - 1) * level)) for k in range(-20, 21))
    outside = 2 * sum((-1) ** k * 2 * ndtr(-(2 * k + 1) * level) for k in range(20))
    return outside if level > 1 else 1 - inside


@MODELS.of(
    "reflection principle",
    fields={"u": Real(low=0.05, high=8), "v": Real(low=0.1, high=5), "clock": Choice(options=("own", "another"))},
    extremal=tuple({"u": 4.0, "v": 1.0, "clock": clock} for clock in ("own", "another")),
    needs=("linear_sde",),
)
def _reflection(i: Instance) -> World:
    chance = exit_chance(i["u"] / (1.5 if i["clock"] == "another" else 1.0))
    sample = Events(chances=np.array([1 - chance, chance]))
    largest = np.array([0.5, 1.5]) * i["v"] * i["u"]
    heads = {
        "Brownian": lambda _sde, _noise: largest,
        "Component": lambda paths, _k: paths,
        "LastClock": lambda _sde: i["v"],
    }
    facts = {"linear_sde": lambda _start, _noise, _d: i["clock"] == "own"}
    values = {pr.sde: None, start: None, noise: sample, index: 0, u: i["u"], d: 1}
    return World(values=values, heads=heads, facts=facts, sample=sample)


# Two modes ------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Modes:
    """x(0) = ±centre + width·Z and noise Z', for all pairs of a few values of Z and Z'."""

    centre: float
    width: float = 1.0

    @property
    def outcomes(self) -> tuple[Array, Array, Array]:
        """Sign, Z and Z'."""
        values = np.array([-3.0, -0.7, 0.0, 0.2, 1.0, 5.0])
        return tuple(each.ravel() for each in np.meshgrid([-1.0, 1.0], values, values))  # type: ignore[return-value]

    def position(self, scale: float, clock: float) -> Array:
        """|r(x(0) + vZ')|."""
        sign, z, other = self.outcomes
        return np.abs(scale * (sign * self.centre + self.width * z + clock * other))

    def gaussian(self, _scale: float, clock: float) -> Array:
        """(Z + vZ')/√(1 + v²)."""
        _, z, other = self.outcomes
        return (self.width * z + clock * other) / math.sqrt(1 + clock**2)

    def below(self, x: float, clock: float) -> float:
        """P(G <= x), by convolution."""
        scale = math.sqrt(1 + clock**2)

        def density(z: float) -> float:
            return math.exp(-z * z / 2) / math.sqrt(2 * math.pi) * ndtr((x * scale - clock * z) / self.width)

        return scipy.integrate.quad(density, -12.0, 12.0, epsabs=1e-12)[0]


@MODELS.of(
    "two noisy modes",
    "distance from the modes",
    fields={"mu": Real(low=0, high=3), "v": Real(low=0, high=3), "kind": Choice(options=("true", "farther"))},
    extremal=({"mu": 1.0, "v": 0.5, "kind": "farther"},),
    needs=("two_modes",),
)
@MODELS.of(
    "noise of two modes",
    fields={"mu": Real(low=0, high=3), "v": Real(low=0, high=3), "kind": Choice(options=("true", "wider"))},
    extremal=({"mu": 1.0, "v": 0.5, "kind": "wider"},),
    needs=("two_modes",),
    variants=lambda _theorem: {},
)
def _modes(i: Instance) -> World:
    made = Modes(centre=i["mu"] + (1.0 if i["kind"] == "farther" else 0.0), width=2.0 if i["kind"] == "wider" else 1.0)
    heads = {
        "Position": lambda process, scale, clock: process.position(scale, clock),
        "Gaussian": lambda process, scale, clock: process.gaussian(scale, clock),
        "ModeGap": lambda process, centre: np.abs(process.position(1.0, 0.0) - centre),
    }
    facts = {
        "two_modes": lambda process, centre: process.centre == centre and process.width == 1.0,
        "standard_normal": lambda _g, process: all(
            abs(process.below(x, i["v"]) - ndtr(x)) < _ROUND for x in (-1.0, 0.3, 2.0)
        ),
    }
    return World(values={forward: made, mu: i["mu"], r: 0.5, v: i["v"]}, heads=heads, facts=facts)
