"""Models of the theorems of random matrices: finite laws with all their outcomes, whitened by their mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import sympy as sp

from theory.symbols import delta, laplace_at, m, n, nu
from theory.theorems.places import a, bound, number
from theory.theorems.random_matrices import HIGH, SHIFT
from theory.vocabulary import capacity as ca
from theory.vocabulary.objects import Q, Y, data
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems import capacity, quadratics
from verify.models.theorems.attack import Models, generator, scaled
from verify.models.theorems.bounds import Part
from verify.models.theorems.interpretation import World
from verify.models.theorems.quadratics import Array, Quadratic
from verify.models.theorems.samples import Draws, draws

MODELS = Models()
_NEAR = 2.0**-30


def _matrix(shift: Any, width: int) -> Array:
    """The fixed matrix D."""
    return shift if isinstance(shift, np.ndarray) else float(shift == ca.ONE) * np.eye(width)


def _spectral(matrix: Array, function: Callable[[Array], Array]) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * function(values)) @ vectors.T


def _log_laplace(sample: Draws, shift: Any, at: float, size: int) -> float:
    """log tr exp(−θnD + n log E e^{−θY})."""
    mean = sum(w * _spectral(y, lambda k: np.exp(-at * k)) for w, y in zip(sample.law, sample.atoms, strict=True))
    whole = size * (_spectral(np.asarray(mean), np.log) - at * _matrix(shift, len(sample.atoms[0])))
    return float(np.log(np.exp(np.linalg.eigvalsh(whole)).sum()))


def _least_of_mean(sample: Draws, shift: Any, _size: int) -> Array:
    return np.linalg.eigvalsh(sample.values.mean(axis=1) + _matrix(shift, sample.atoms.shape[-1]))[:, 0]


def _spectrum(sample: Draws) -> Array:
    return np.linalg.eigvalsh(sample.atoms)


HEADS: dict[str, Callable[..., Any]] = {
    **quadratics.HEADS,
    **capacity.HEADS,
    "LogLaplace": _log_laplace,
    "LeastOfMean": _least_of_mean,
    "Lowest": lambda sample: float(_spectrum(sample).min()),
    "EigenvalueRange": lambda sample: float(np.ptp(_spectrum(sample))),
    "SquareNorm": lambda y: float(np.linalg.norm(np.tensordot(y.law, y.atoms @ y.atoms, axes=1), ord=2)),
    "WhitenedPart": lambda q, ridge: lambda datum: _whiten(q, ridge, q.parts(datum)[0]),
    "RidgedPart": lambda q, ridge: lambda datum: _whiten(q, ridge, q.parts(datum)[0] + ridge * np.eye(len(q.matrix))),
    "CentredPart": lambda q, ridge: lambda datum: _whiten(q, ridge, q.parts(datum)[0] - q.matrix),
    "RidgeShift": lambda q, ridge: _whiten(q, ridge, ridge * np.eye(len(q.matrix))),
}
FACTS: dict[str, Callable[..., bool]] = {
    **quadratics.FACTS,
    "mean_one": lambda sample, shift: np.allclose(
        sample.expected + _matrix(shift, sample.atoms.shape[-1]), np.eye(sample.atoms.shape[-1]), rtol=0, atol=_NEAR
    ),
    "matrix_size": lambda sample, width: sample.atoms.shape[-1] == width,
    "spectrum_above": lambda sample, low: bool(_spectrum(sample).min() >= low - _NEAR),
    "spectrum_below": lambda sample, high: bool(_spectrum(sample).max() <= high + _NEAR),
    "features": lambda q, width: len(q.matrix) == width,
    "fixed": lambda made, _sample: made.fixed,
}


def _whiten(q: Quadratic, ridge: float, matrix: Array) -> Array:
    outer = _spectral(q.matrix, lambda k: (np.maximum(k, 0.0) + ridge) ** -0.5)
    return outer @ matrix @ outer


# Any matrices ------------------------------------------------------------

_FIELDS = {"n": Integer(low=1, high=3), "width": Integer(low=1, high=3), "theta": Real(low=0.1, high=3.0)}
_SMALL = {"n": 1, "width": 3, "theta": 0.5}


def _drawn(i: Instance) -> tuple[Draws, Array]:
    """Positive semidefinite matrices, whitened by their mean and the ridge ½, and the fixed matrix that is left."""
    rng = generator(i)
    factors, law = rng.normal(size=(3, i["width"], 2)), rng.dirichlet(np.ones(3))
    parts = factors @ factors.transpose(0, 2, 1)
    outer = _spectral(np.tensordot(law, parts, axes=1), lambda k: (np.maximum(k, 0.0) + 0.5) ** -0.5)
    return draws(outer @ parts @ outer, law, i["n"]), 0.5 * outer @ outer


def _scalars(i: Instance, values: Any, law: Any, joint: Any = None) -> Draws:
    return draws(np.asarray(values, dtype=float)[:, None, None] * np.eye(i["width"]), law, i["n"], joint)


def _world(i: Instance, sample: Draws, shift: Any, **more: Any) -> World:
    values = {Y: sample, SHIFT: shift, n: sample.size, m: sample.atoms.shape[-1], laplace_at: i["theta"]}
    return World(values=values, heads=HEADS, facts=FACTS, sample=sample, **more)


@MODELS.of(
    "matrix Laplace transform",
    fields={**_FIELDS, "delta": Real(low=0.01, high=0.99), "kind": Choice(options=("drawn", "constant", "copies"))},
    extremal=(
        {"n": 1, "width": 1, "theta": 5.0, "delta": 0.999, "kind": "constant"},
        {"n": 5, "width": 1, "theta": 1.0, "delta": 0.4, "kind": "copies"},
    ),
    needs=("iid",),
)
def _transform(i: Instance) -> World:
    sample, shift = _drawn(i)
    if i["kind"] == "constant":
        sample, shift = _scalars(i, [1.0, 1.0], [1, 1]), ca.ZERO
    if i["kind"] == "copies":
        sample, shift = _scalars(i, [0.0, 2.0], [1, 1], [1, *[0] * (2 ** i["n"] - 2), 1]), ca.ZERO
    return _world(i, sample, shift).at({delta: i["delta"]})


_PARABOLA = ("drawn", "zero", "off the mean", "another size", "below", "too flat")


@MODELS.of(
    "matrices below a parabola",
    fields={**_FIELDS, "kind": Choice(options=_PARABOLA)},
    extremal=tuple(
        {**_SMALL, "theta": 1.0 if kind in ("below", "too flat") else 0.5, "kind": kind} for kind in _PARABOLA
    ),
    needs=("mean_one", "matrix_size", "spectrum_above", "hypothesis"),
)
def _parabola(i: Instance) -> World:
    sample, shift = _drawn(i)
    kind, square = i["kind"], 0.5 * i["theta"] ** 2
    if kind in ("zero", "off the mean", "another size"):
        sample, shift = _scalars(i, [0.0], [1]), 0.5 * np.eye(i["width"]) if kind == "off the mean" else ca.ONE
    if kind == "below":
        sample, shift = _scalars(i, [-10.0, 10.0 / 99.0], [0.01, 0.99]), ca.ONE
    if kind == "too flat":
        sample, shift = _scalars(i, [0.0, 2.0], [1, 1]), ca.ZERO
    found = _world(i, sample, shift, ranges={number: np.linspace(0.0, 12.0, 401)})
    more = {m: 2} if kind == "another size" else {}
    return found.at({a: 0.0, bound: 0.2 * square if kind == "too flat" else square, **more})


_CHORD = ("drawn", "slow", "off the mean", "another size", "below", "above")


@MODELS.of(
    "matrices below a chord",
    fields={**_FIELDS, "kind": Choice(options=_CHORD)},
    extremal=tuple({**_SMALL, "theta": 0.001 if kind == "slow" else 5.0, "kind": kind} for kind in _CHORD),
    needs=("mean_one", "matrix_size", "spectrum_above", "spectrum_below"),
)
def _chord(i: Instance) -> World:
    kind = i["kind"]
    if kind == "drawn":
        sample, shift = _drawn(i)
        sample = replace(sample, atoms=sample.atoms + shift)
        low, high = float(_spectrum(sample).min()), float(np.ptp(_spectrum(sample)))
    else:
        sample = _scalars(i, [0.0] if kind == "off the mean" else [0.0, 2.0], [1] if kind == "off the mean" else [1, 1])
        low, high = {"below": (0.5, 1.5), "above": (0.0, 1.0)}.get(kind, (0.0, 2.0))
    more = {m: 2} if kind == "another size" else {}
    return _world(i, sample, ca.ZERO).at({a: low, HIGH: max(high, _NEAR), **more})


@MODELS.of(
    "least eigenvalue of a mean",
    fields={**_FIELDS, "kind": Choice(options=("lowest", "too much"))},
    extremal=tuple({**_SMALL, "kind": kind} for kind in ("lowest", "too much")),
    needs=("spectrum_above",),
)
def _mean(i: Instance) -> World:
    sample, shift = _drawn(i)
    sample = replace(sample, atoms=sample.atoms + shift)
    return _world(i, sample, ca.ZERO).at({a: (1.0 if i["kind"] == "lowest" else 1.5) * float(_spectrum(sample).min())})


@MODELS.of(
    "least eigenvalue below the mean",
    fields={**_FIELDS, "kind": Choice(options=("drawn", "constant", "off the mean"))},
    extremal=tuple({**_SMALL, "kind": kind} for kind in ("constant", "off the mean")),
    needs=("mean_one",),
)
def _below(i: Instance) -> World:
    sample, shift = _drawn(i)
    sample = replace(sample, atoms=sample.atoms + shift)
    if i["kind"] != "drawn":
        sample = _scalars(i, [1.0 if i["kind"] == "constant" else 2.0], [1])
    return _world(i, sample, ca.ZERO)


@MODELS.of("lowest eigenvalue", fields=_FIELDS, variants=scaled(ca.Lowest(Y), sp.Rational(101, 100)))
@MODELS.of("eigenvalue range", fields=_FIELDS, variants=scaled(ca.EigenvalueRange(Y)))
def _extremes(i: Instance) -> World:
    sample, shift = _drawn(i)
    return _world(i, replace(sample, atoms=sample.atoms + shift), ca.ZERO)


@MODELS.of(
    "positive semidefinite",
    fields={**_FIELDS, "sign": Choice(options=("plus", "minus"))},
    needs=("psd",),
    variants=lambda _theorem: {},
)
def _signed(i: Instance) -> World:
    sample, shift = _drawn(i)
    return _world(i, replace(sample, atoms=(1 if i["sign"] == "plus" else -1) * sample.atoms), shift)


# The matrices of a quadratic ------------------------------------------------------------

_KINDS = ("whitened", "ridged", "centred")
_QUADRATICS = {"n": Integer(low=1, high=3), "width": Integer(low=1, high=3), "ridge": Real(low=0.01, high=10, log=True)}


def _quadratic(i: Instance) -> tuple[Quadratic, Draws]:
    rng = generator(i)
    law = rng.dirichlet(np.ones(3))
    q = quadratics.features_loss(rng, i["width"], 1, law=law)
    return q, draws(quadratics.points(3), law, i["n"])


def _of(i: Instance, q: Quadratic, sample: Draws | None, **heads: Any) -> World:
    values = {Q: q, data: sample, n: i["n"], m: i["width"], nu: i["ridge"]}
    return World(values=values, heads={**HEADS, **heads}, facts=FACTS, sample=sample)


@MODELS.of(*(f"what is kept, {kind}" for kind in _KINDS), fields=_QUADRATICS)
@MODELS.of("centred matrices from below", fields=_QUADRATICS)
def _kept(i: Instance) -> World:
    return _of(i, *_quadratic(i))


@MODELS.of(
    *(f"mean of {kind} matrices" for kind in _KINDS),
    fields={**_QUADRATICS, "law": Choice(options=("own", "another"))},
    needs=("population",),
)
def _means(i: Instance) -> World:
    q, sample = _quadratic(i)
    return _of(i, q, sample if i["law"] == "own" else replace(sample, law=sample.law[::-1]))


@MODELS.of(
    *(f"{kind} matrices of m features" for kind in _KINDS),
    fields={**_QUADRATICS, "more": Integer(low=0, high=1)},
    needs=("features",),
)
def _sizes(i: Instance) -> World:
    return _of(i, *_quadratic(i)).at({m: i["width"] + i["more"]})


@MODELS.of(
    *(f"{kind} matrices are positive semidefinite" for kind in _KINDS[:2]),
    fields={**_QUADRATICS, "sign": Choice(options=("plus", "minus"))},
    needs=("psd",),
    variants=lambda _theorem: {},
)
def _definite(i: Instance) -> World:
    q, sample = _quadratic(i)
    inner, factor = q.parts, 1.0 if i["sign"] == "plus" else -100.0
    return _of(i, replace(q, parts=lambda x: (factor * inner(x)[0], inner(x)[1])), sample)  # type: ignore[misc]


@MODELS.of(
    *(f"{kind} matrices of a fixed quadratic" for kind in _KINDS),
    fields={**_QUADRATICS, "moving": Choice(options=("no", "yes"))},
    needs=("fixed",),
    variants=lambda _theorem: {},
)
def _fixed(i: Instance) -> World:
    """Whether a map is the same for all data is found by computing it for two samples."""
    q, _ = _quadratic(i)
    second = _quadratic({**i, "seed": i["seed"] + 1})[0] if i["moving"] == "yes" else q

    def moved(name: str) -> Callable[..., Part]:
        def make(_q: Any, *rest: Any) -> Part:
            one, two = (HEADS[name](each, *rest) for each in (q, second))
            return Part(one, all(np.array_equal(one(x), two(x)) for x in quadratics.points(4)))

        return make

    names = ("MatrixPart", "WhitenedPart", "RidgedPart", "CentredPart")
    return _of(i, q, None, **{name: moved(name) for name in names})
