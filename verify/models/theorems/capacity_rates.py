"""Models of the theorems of flows near a minimiser: losses of a few features, with and without a ridge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import exprel

from theory.symbols import K_B, nu, share, share_0
from theory.theorems.places import bound, fail, level, mode, rate, width
from theory.vocabulary import objects as o
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems import capacity, quadratics, random_matrices
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.bounds import Part
from verify.models.theorems.interpretation import World
from verify.models.theorems.quadratics import SIZES, Array, Quadratic, pair, scalar, world
from verify.models.theorems.samples import Draws, draws

MODELS = Models()
_NEAR = 2.0**-30
_RANK = 2.0**-24
"""Eigenvalues below this part of the largest are 0: a power of B is taken on its range."""


def _range(q: Quadratic) -> tuple[Array, Array]:
    """The positive eigenvalues of B, and their eigenvectors."""
    rates, basis = np.linalg.eigh(q.matrix)
    kept = rates > _RANK * max(float(rates[-1]), _NEAR)
    return rates[kept], basis[:, kept]


def _weight(q: Quadratic, ridge: float, power: float) -> Array:
    """(B+ν)^power, on the range of B where ν = 0."""
    if ridge > 0:
        rates, basis = np.linalg.eigh(q.matrix)
        rates = np.maximum(rates, 0.0)
    else:
        rates, basis = _range(q)
    return (basis * (rates + ridge) ** power) @ basis.T


def _inside(q: Quadratic, hat: Quadratic) -> Array:
    """B^{−½}B̂B^{−½} on the range of B, at every outcome of a sample."""
    rates, basis = _range(q)
    outer = basis / np.sqrt(rates)
    return np.linalg.eigvalsh(outer.T @ hat.matrix @ outer) if len(rates) else np.ones(1)


def minimum_noise(hat: Quadratic, q: Quadratic, ridge: float) -> Any:
    """‖(Θ*B̂−b̂)(B+ν)^{−½}‖, at every outcome."""
    return np.linalg.norm((q.minimiser @ hat.matrix - hat.vector) @ _weight(q, ridge, -0.5), axis=(-2, -1))


def _fit(hat: Quadratic, start: Array) -> Array:
    _, basis = _range(hat)
    return hat.minimiser + start - start @ basis @ basis.T


def _source_filter(hat: Quadratic, q: Quadratic, start: Array, ridge: float, function: Callable[[Any], Any]) -> float:
    rates, basis = np.linalg.eigh(hat.matrix)
    middle = (basis * function(np.maximum(rates, 0.0))) @ basis.T
    return float(np.linalg.norm((start - q.minimiser) @ middle @ _weight(q, ridge, 0.5)))


def _noise_of(q: Quadratic, ridge: float) -> Callable[[Array], Array]:
    def noise(datum: Array) -> Array:
        matrix, vector = q.parts(datum)  # type: ignore[misc]
        return (q.minimiser @ matrix - vector) @ _weight(q, ridge, -0.5)

    return noise


def _dimension(q: Quadratic, ridge: float) -> float:
    rates = np.maximum(np.linalg.eigvalsh(q.matrix), 0.0)
    return float((rates / (rates + ridge)).sum())


def first_order(hat: Quadratic, q: Quadratic, start: Array, at: float) -> tuple[Array, Array]:
    """Ȳ and Ȳ' at a time, from the entries of ξ* and of B̂−B in the eigenbasis of B."""
    rates, basis = np.linalg.eigh(q.matrix)
    change, force = hat.matrix - q.matrix, q.minimiser @ (hat.matrix - q.matrix) - hat.vector + q.vector
    low, high = np.minimum.outer(rates, rates), np.abs(np.subtract.outer(rates, rates))
    divided = 2 * at * exprel(-2 * at * high) * np.exp(-2 * at * low)
    apart = (start - q.minimiser) @ basis
    first = -(force @ basis) * 2 * at * exprel(-2 * at * rates) - apart @ ((basis.T @ change @ basis) * divided)
    first = first @ basis.T
    here = quadratics.path(o.scaled, q, start, at)
    return first, -2 * first @ q.matrix - 2 * (here @ change - hat.vector + q.vector)


HEADS: dict[str, Callable[..., Any]] = {
    **random_matrices.HEADS,
    "Minimiser": lambda q: q.minimiser,
    "Fit": _fit,
    "MinimiserNoise": _noise_of,
    "MinimumNoise": minimum_noise,
    "WholeKept": lambda hat, q: _inside(q, hat)[..., 0],
    "Stretch": lambda hat, q: _inside(q, hat)[..., -1],
    "Bent": lambda hat, q, at: float(np.linalg.norm((at - q.minimiser) @ hat.matrix @ _weight(q, 0.0, -0.5))),
    "SourceFilter": _source_filter,
    "EffectiveDimension": _dimension,
    "FirstOrder": lambda hat, q, start, at: quadratics.path(o.scaled, q, start, at) + first_order(hat, q, start, at)[0],
    "FirstRate": lambda hat, q, start, ridge, at: float(
        np.linalg.norm(first_order(hat, q, start, at)[1] @ _weight(q, ridge, 0.5))
    ),
    "RidgeGap": lambda hat, q, ridge: float(
        np.linalg.norm(_weight(q, ridge, -0.5) @ (hat.matrix - q.matrix) @ _weight(q, ridge, -0.5), ord=2)
    ),
}


def _vanishes(hat: Quadratic, q: Quadratic) -> bool:
    _, basis = _range(q)
    off = np.eye(len(q.matrix)) - basis @ basis.T
    size = max(float(np.abs(hat.matrix).max()), float(np.abs(hat.vector).max()), _NEAR)
    return all(np.allclose(part @ off, 0.0, rtol=0, atol=_RANK * size) for part in (hat.matrix, hat.vector))


def _source(q: Quadratic, start: Array, power: float, most: float) -> bool:
    """Whether Θ₀−Θ* = wB^r for a w of this norm."""
    apart, (rates, basis) = start - q.minimiser, _range(q)
    w = apart @ (basis * rates**-power) @ basis.T if power > 0 else apart
    left = apart - apart @ basis @ basis.T if power > 0 else 0.0 * apart
    return bool(np.linalg.norm(w) <= most * (1 + _NEAR) and np.linalg.norm(left) <= _RANK)


def _mostly_kept(sample: Draws, q: Quadratic, part: float, failure: float) -> bool:
    found = HEADS["WholeKept"](quadratics.HEADS["Empirical"](q, sample), q)
    return sample.mean(found < part * (1 - _NEAR)) <= failure * (1 + _NEAR)


def _noise_square(sample: Draws, q: Quadratic) -> float:
    """The least σ² with E G_*ᵀG_* ⪯ σ²B."""
    parts = np.stack([_noise_of(q, 0.0)(atom) for atom in sample.atoms])
    return float(np.linalg.eigvalsh(np.tensordot(sample.law, parts.transpose(0, 2, 1) @ parts, axes=1))[-1])


_RIDGES = np.geomspace(1e-3, 1e3, 121)
FACTS: dict[str, Callable[..., bool]] = {
    **random_matrices.FACTS,
    **capacity.FACTS,
    "vanishes_with": _vanishes,
    "source": _source,
    "whole_kept_mostly": _mostly_kept,
    "noise_below_matrix": lambda sample, q, std: _noise_square(sample, q) <= std**2 * (1 + _NEAR),
    "effective_dimension": lambda q, constant, power: all(
        _dimension(q, ridge) <= constant * ridge**-power * (1 + _NEAR) for ridge in _RIDGES
    ),
}
_FIELDS = {**SIZES, "ridge": Real(low=0.01, high=10, log=True)}
_SMALL = {"width": 1, "dim": 1, "tau": 1.0, "ridge": 0.01}


def _world(q: Quadratic, i: Instance, **values: Any) -> World:
    found = world(q, tau=i["tau"], **values).at({nu: i["ridge"]})
    return World(values=found.values, heads={**found.heads, **HEADS}, facts=FACTS, ranges=found.ranges)


def _kinds(*names: str, **at: Any) -> dict[str, Any]:
    """The fields with a choice of kinds, and an instance of each but the first."""
    return {
        "fields": {**_FIELDS, "kind": Choice(options=names)},
        "extremal": tuple({**_SMALL, **at, "kind": name} for name in names[1:]),
    }


def _row(*numbers: float) -> Array:
    return np.array([numbers])


def _elsewhere(sign: float) -> tuple[Quadratic, Quadratic]:
    """B = diag(1, 0), and a B̂ that mixes what B does not see with what it does."""
    hat = np.array([[1.0, sign], [sign, 1.0]])
    return tuple(Quadratic(matrix=m, vector=np.zeros((1, 2)), constant=1.0) for m in (np.diag([1.0, 0.0]), hat))  # type: ignore[return-value]


# Without a ridge ------------------------------------------------------------


@MODELS.of("flow towards the minimisers", **_kinds("drawn", "tight", "elsewhere"), needs=("vanishes_with",))
@MODELS.of("flow from a source", **_kinds("drawn", "tight"))
def _towards(i: Instance) -> World:
    q, hat, start, _ = pair(i)
    if i["kind"] == "tight":
        q, hat, start = scalar(10.0, 0.0), scalar(0.5, 0.5), _row(3.0)
    if i["kind"] == "elsewhere":
        (q, hat), start = _elsewhere(1.0), _row(0.0, 1.0)
    return _world(q, i, data=hat, Theta0=start)


_ABOVE = ("drawn", "tight", "too much kept", "too low")


def _above(i: Instance, size: Callable[[Array], Array], most: float) -> World:
    """A filter's size on the spectrum, and ``most`` what it is at most."""
    q, hat, _, _ = pair(i)
    if i["kind"] != "drawn":
        q, hat = scalar(2.0, 0.0), scalar(1.0, 0.0)
    modes = np.concatenate([np.geomspace(1e-3, 1e3, 241), np.maximum(np.linalg.eigvalsh(hat.matrix), 0.0)])
    part = float(HEADS["WholeKept"](hat, q)) * (1.5 if i["kind"] == "too much kept" else 1.0)
    level_ = most * (0.5 if i["kind"] == "too low" else 1.0)
    found = _world(q, i, data=hat).at({share_0: part, bound: level_})
    return replace(found, ranges={mode: modes[size(modes) > 0]})


@MODELS.of("decay above a part of B", **_kinds(*_ABOVE), needs=("hypothesis 3", "hypothesis 4"))
def _decay(i: Instance) -> World:
    return _above(i, lambda k: k * np.exp(-i["tau"] * k), np.exp(-1) / i["tau"])


@MODELS.of("flow above a part of B", **_kinds(*_ABOVE, tau=10.0), needs=("hypothesis 3", "hypothesis 4"))
def _flow(i: Instance) -> World:
    return _above(i, lambda k: 1 - np.exp(-2 * i["tau"] * k), 1.0)


@MODELS.of("half-gradient at the end", fields=_FIELDS)
def _end(i: Instance) -> World:
    q, hat, start, _ = pair(i)
    return _world(q, i, data=hat, Theta0=start)


@MODELS.of(
    "excess loss from below",
    **_kinds("drawn", "tight", "too much kept", "elsewhere"),
    needs=("vanishes_with", "hypothesis"),
)
@MODELS.of("excess loss from above", **_kinds("drawn", "tight", "elsewhere", tau=2.0), needs=("vanishes_with",))
def _excess(i: Instance) -> World:
    q, hat, _, at = pair(i)
    if i["kind"] in ("tight", "too much kept"):
        q, hat, at = scalar(2.0, 0.0), scalar(1.0, 0.0), _row(3.0)
    if i["kind"] == "elsewhere":
        (q, hat), at = _elsewhere(-1.0), _row(1.0, 1.0 if i["tau"] == 1.0 else 9.0)
    part = float(HEADS["WholeKept"](hat, q)) * (1.5 if i["kind"] == "too much kept" else 1.0)
    return _world(q, i, data=hat, Theta=at).at({share_0: part})


@MODELS.of("distances are symmetric", fields=_FIELDS)
def _symmetric(i: Instance) -> World:
    q, _, start, other = pair(i)
    return _world(q, i, Theta0=start, Theta=other)


@MODELS.of("Duhamel by parts, twice", **_kinds("drawn", "tight", tau=10.0))
def _twice(i: Instance) -> World:
    q, hat, start, _ = pair(i)
    if i["kind"] == "tight":  # Ȳ has long come to rest
        q, hat, start = scalar(1.0, 0.0), scalar(2.0, 3.0), _row(0.0)
    return _world(q, i, data=hat, Theta0=start)


# From a source ------------------------------------------------------------


@MODELS.of(
    "Cordes, from a source",
    **_kinds("drawn", "tight", "too much kept", "too large a power", "too far", "too low", tau=0.1),
    needs=("hypothesis 3", "hypothesis 4", "source", "hypothesis 6"),
)
def _cordes(i: Instance) -> World:
    rng, (q, hat, _, _) = generator(i), pair(i)
    if i["kind"] != "drawn":
        q = hat = scalar(1 / i["tau"] - i["ridge"], 0.0)
    power = {"drawn": float(rng.uniform(0, 0.5)), "too large a power": 1.0}.get(i["kind"], 0.5)
    rates, basis = _range(q)
    w = rng.normal(size=q.vector.shape) @ basis @ basis.T
    start = q.minimiser + w @ (basis * rates**power) @ basis.T
    lag, ridge = i["tau"], i["ridge"]
    top = max(1 / lag - ridge, 0.0)
    factor = {"too much kept": (1.5, 1.0, 1.0), "too far": (1.0, 0.5, 1.0), "too low": (1.0, 1.0, 0.5)}.get(
        i["kind"], (1.0, 1.0, 1.0)
    )
    values = {
        share: factor[0] * float(capacity.kept(hat, q, ridge)),
        rate: power,
        bound: factor[1] * float(np.linalg.norm(w)),
        level: factor[2] * (top + ridge) * float(np.exp(-lag * top)),
    }
    found = _world(q, i, data=hat, Theta0=start).at(values)
    return replace(found, ranges={mode: np.array([0.0, top, *np.geomspace(1e-3, 1e3, 121)])})


@MODELS.of("largest of what flows do", **_kinds("drawn", "too low"), needs=("hypothesis",))
def _largest(i: Instance) -> World:
    most, lag, ridge = 4.0, i["tau"], i["ridge"]
    modes = np.linspace(0.0, most, 4001)
    top = float(((modes[1:] + ridge) * -np.expm1(-2 * lag * modes[1:]) / modes[1:]).max())
    level_ = max(top, 2 * lag * ridge) * (0.5 if i["kind"] == "too low" else 1.0)
    found = _world(scalar(1.0, 0.0), i).at({K_B: most, bound: level_})
    return replace(found, ranges={mode: modes})


@MODELS.of("effective dimension", **_kinds("drawn", "tight", "too small", ridge=10.0), needs=("effective_dimension",))
def _dimensions(i: Instance) -> World:
    q, _, _, _ = pair(i)
    power = 0.5
    if i["kind"] != "drawn":
        q, power = scalar(0.01, 0.0), 1.0
    ridges = np.array([*_RIDGES, i["ridge"]])
    constant = max(_dimension(q, float(ridge)) * float(ridge) ** power for ridge in ridges)
    return _world(q, i).at({bound: constant * (0.5 if i["kind"] == "too small" else 1.0), rate: power})


# A sample ------------------------------------------------------------

_SAMPLES = {**_FIELDS, "n": Integer(low=1, high=2)}
_LAWS = {**_SAMPLES, "law": Choice(options=("own", "another"))}


def _drawn(i: Instance) -> tuple[Quadratic, Draws]:
    rng = generator(i)
    law = rng.dirichlet(np.ones(3))
    q = quadratics.features_loss(rng, i["width"], i["dim"], law=law)
    sample = draws(quadratics.points(3), law, i["n"])
    return q, sample if i.get("law") != "another" else replace(sample, law=sample.law[::-1])


def _of(i: Instance, q: Quadratic, sample: Draws | None) -> World:
    return replace(_world(q, i, data=sample, n=i["n"]), sample=sample)


@MODELS.of(
    "what is mostly kept of B",
    fields={**_SAMPLES, "kind": Choice(options=("stated", "above"))},
    extremal=tuple({**_SMALL, "n": 1, "kind": kind} for kind in ("stated", "above")),
    needs=("whole_kept_mostly",),
)
def _mostly(i: Instance) -> World:
    q, sample = _drawn(i)
    found = HEADS["WholeKept"](quadratics.HEADS["Empirical"](q, sample), q)
    part = float(np.median(found))
    chance = sample.mean(found < part * (1 - _NEAR))
    return _of(i, q, sample).at({share_0: part, fail: chance * (0.5 if i["kind"] == "above" else 1.0)})


@MODELS.of("noise at the minimiser", fields=_LAWS, needs=("population",))
def _noise(i: Instance) -> World:
    return _of(i, *_drawn(i)).at({width: i["ridge"]})


@MODELS.of(
    "noise of a fixed quadratic",
    fields={**_SAMPLES, "moving": Choice(options=("no", "yes"))},
    needs=("fixed",),
    variants=lambda _theorem: {},
)
def _fixed(i: Instance) -> World:
    """Whether a map is the same for all data is found by computing it for two samples."""
    q, _ = _drawn(i)
    second = _drawn({**i, "seed": i["seed"] + 1})[0] if i["moving"] == "yes" else q

    def moved(name: str) -> Callable[..., Part]:
        def make(_q: Any, *rest: Any) -> Part:
            one, two = (HEADS[name](each, *rest) for each in (q, second))
            return Part(one, all(np.array_equal(one(x), two(x)) for x in quadratics.points(4)))

        return make

    found = _of(i, q, None).at({width: i["ridge"]})  # type: ignore[arg-type]
    return replace(found, heads={**found.heads, **{name: moved(name) for name in ("MatrixPart", "MinimiserNoise")}})


@MODELS.of(
    "noise by the effective dimension",
    fields={**_SAMPLES, "kind": Choice(options=("stated", "too small"))},
    extremal=tuple({**_SMALL, "n": 1, "kind": kind} for kind in ("stated", "too small")),
    needs=("noise_below_matrix",),
)
def _by_dimension(i: Instance) -> World:
    q, sample = _drawn(i)
    factor = 0.5 if i["kind"] == "too small" else 1.0
    return _of(i, q, sample).at({bound: factor * float(np.sqrt(_noise_square(sample, q)))})


def _rare(i: Instance, chance: float) -> tuple[Quadratic, Draws]:
    """B(x₀) = 1 with a chance, else 0, for data of one feature."""
    sample = draws(np.array([[0.0], [1.0]]), [1 - chance, chance], i["n"])
    parts = lambda x: (np.array([[float(x[0])]]), np.zeros((1, 1)))  # noqa: E731
    return replace(scalar(chance, 0.0), parts=parts), sample


@MODELS.of(
    "whitened matrices are bounded",
    fields={**_SAMPLES, "kind": Choice(options=("drawn", "rare", "too small"))},
    extremal=tuple({**_SMALL, "n": 1, "ridge": 1.0, "kind": kind} for kind in ("rare", "too small")),
    needs=("operator_bounded",),
)
def _whitened(i: Instance) -> World:
    q, sample = _drawn(i) if i["kind"] == "drawn" else _rare(i, 2.0**-10)
    most = max(float(np.linalg.eigvalsh(q.parts(atom)[0])[-1]) for atom in sample.atoms)  # type: ignore[misc]
    return _of(i, q, sample).at({bound: most * (0.5 if i["kind"] == "too small" else 1.0)})


@MODELS.of(
    "squares of whitened matrices",
    fields={**_SAMPLES, "kind": Choice(options=("drawn", "constant", "too small"))},
    extremal=tuple({**_SMALL, "n": 1, "ridge": 2.0**-10, "kind": kind} for kind in ("constant", "too small")),
    needs=("operator_bounded",),
)
def _squares(i: Instance) -> World:
    q, sample = _drawn(i) if i["kind"] == "drawn" else _rare(i, 1.0)
    outer = _weight(q, i["ridge"], -0.5)
    most = max(float(np.linalg.norm(outer @ q.parts(x)[0] @ outer, ord=2)) for x in sample.atoms)  # type: ignore[misc]
    return _of(i, q, sample).at({level: most * (0.5 if i["kind"] == "too small" else 1.0)})
