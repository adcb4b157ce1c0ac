"""Models of the theorems of polytopes: signed sums of neurons over the diamond of their parameters, cut by lines."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from theory.symbols import n
from theory.theorems import polytopes
from theory.vocabulary import classes as cl
from theory.vocabulary.statements import Fact, Theorem
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.samples import Draws, draws

MODELS = Models()
_FUNCTION, _CELLS, _POINT = polytopes.THEOREMS[0].takes
_ROUND = 2.0**-30
Array = np.ndarray
Function = Callable[[Array], Array]
"""From points (w, b) of the plane, of shape (k, 2), to values, one row per outcome."""


@dataclass(frozen=True, kw_only=True)
class Diamond:
    """|w| + |b|/height <= 1, cut by the lines w x + b = 0."""

    height: float
    places: Array

    def holds(self, at: Array) -> Array:
        """Whether points lie in it."""
        return np.abs(at[:, 0]) + np.abs(at[:, 1]) / self.height <= 1 + _ROUND

    @property
    def vertices(self) -> Array:
        """Where two of the lines that bound or cut it meet, in it: all pairs are solved."""
        sides = [(s, t / self.height, 1.0) for s in (1, -1) for t in (1, -1)]
        lines = [*sides, *((x, 1.0, 0.0) for x in self.places)]
        found = []
        for one, two in itertools.combinations(lines, 2):
            system = np.array([one[:2], two[:2]])
            if abs(np.linalg.det(system)) > _ROUND:
                found.append(np.linalg.solve(system, [one[2], two[2]]))
        points = np.array(found)
        return points[self.holds(points)]


def signed_sums(places: Array, signs: Draws) -> Function:
    """(w, b) ↦ Σ ξ_j σ(w x_j + b)."""
    return lambda at: signs.values @ np.maximum(at[:, :1] * places + at[:, 1:], 0).T


def _corners(places: Array, shared: Array) -> Array:
    """0, the diamond's own, and two on each line: (w, −x w) with |w| + |x w|/height = 1."""
    height = float(np.abs(shared).max())
    on_lines = [(s / (1 + abs(x) / height), -x * s / (1 + abs(x) / height)) for x in places for s in (1, -1)]
    return np.array([(0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, height), (0.0, -height), *on_lines])


def _linear(function: Function, cells: Diamond) -> bool:
    """Midpoints of pairs in one cell: no w x_j + b changes its sign between them."""
    rng = np.random.default_rng(0)
    corner = np.array([1.0, cells.height])
    one, two = rng.uniform(-1, 1, (2, 400, 2)) * corner
    signs = [np.sign(at[:, :1] * cells.places + at[:, 1:]) for at in (one, two)]
    together = cells.holds(one) & cells.holds(two) & (signs[0] == signs[1]).all(axis=1)
    one, two = one[together], two[together]
    return bool(np.allclose(function((one + two) / 2), (function(one) + function(two)) / 2, rtol=0, atol=_ROUND))


HEADS: dict[str, Callable[..., Any]] = {
    "First": lambda points, _n: points,
    "SignedSums": lambda places, _shared, signs: signed_sums(places, signs),
    "Diamond": lambda places, shared: Diamond(height=float(np.abs(shared).max()), places=places),
    "PlaneValue": lambda function, at: function(at[None])[:, 0],
    "VertexMax": lambda function, cells: function(cells.vertices).max(axis=1),
    "CornerMax": lambda _which, places, shared, signs: signed_sums(places, signs)(_corners(places, shared)).max(axis=1),
    "Place": lambda neuron, shared: np.array([neuron[0], float(neuron[1] @ shared)]),
}
FACTS: dict[str, Callable[..., bool]] = {
    "linear_on_cells": _linear,
    "linear": lambda function, cells: _linear(function, replace(cells, places=np.zeros(0))),
    "in_cells": lambda at, cells: bool(cells.holds(at[None])[0]),
    "line_neuron": lambda neuron, _places: bool(abs(neuron[0]) + np.abs(neuron[1]).sum() <= 1 + _ROUND),
    "shared": lambda shared, _places: shared.ndim == 1,
}


def _uncut(theorem: Theorem) -> dict[str, Theorem]:
    return {"linear on the whole diamond": replace(theorem, says=Fact("linear", theorem.says.parts))}


_FIELDS = {
    "n": Integer(low=1, high=3),
    "at": Choice(options=("vertex", "drawn", "outside")),
    "function": Choice(options=("sums", "concave")),
    "size": Real(low=0.5, high=1.5),
}


@MODELS.of(
    "largest at a vertex",
    fields=_FIELDS,
    extremal=tuple(
        {"n": 2, "at": at, "function": function, "size": 1.0}
        for at, function in (("drawn", "concave"), ("vertex", "sums"), ("outside", "sums"))
    ),
    needs=("linear_on_cells", "in_cells"),
)
@MODELS.of("sums of neurons are linear on cells", fields=_FIELDS, variants=_uncut)
@MODELS.of("vertices of a cut diamond", fields=_FIELDS)
@MODELS.of(
    "a neuron of the line lies in the diamond", fields=_FIELDS, needs=("line_neuron",), variants=lambda _theorem: {}
)
def _diamond(i: Instance) -> World:
    rng = generator(i)
    places, shared = rng.normal(size=i["n"]), rng.normal(size=2)
    signs = draws([-1.0, 1.0], [1, 1], i["n"])
    cells = Diamond(height=float(np.abs(shared).max()), places=places)
    sums = signed_sums(places, signs)
    best = cells.vertices[int(sums(cells.vertices).max(axis=0).argmax())]
    at = {"vertex": best, "drawn": 0.3 * best, "outside": 3 * best}[i["at"]]
    peak = 1.0 + np.zeros((len(signs.outcomes), 1))
    function = sums if i["function"] == "sums" else lambda where: peak - ((where - at) ** 2).sum(axis=1)
    share = i["size"] * np.array([0.5, 0.5])
    top = np.zeros(2)
    top[int(np.abs(shared).argmax())] = share[1]
    values: dict[Any, Any] = {_FUNCTION: function, _CELLS: cells, _POINT: at, cl.sequence: places, n: i["n"]}
    values |= {cl.embedding: shared, cl.signs: signs, cl.neuron: (share[0], top)}
    return World(values=values, heads=HEADS, facts=FACTS, sample=signs)
