"""Interpretations of formal statements in numbers: what every name means in one finite world, and what is true there.

The sides of a theorem are read off its own terms, so that what is attacked is what proofs cite. A number is a float, or
an array with one entry per outcome of the world's sample.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import scipy.integrate
import scipy.special
import sympy as sp
from sympy.core.function import AppliedUndef

from theory.vocabulary.statements import Every, Fact, Rel, Statement, Theorem
from theory.vocabulary.terms import Expectation, Image, Named
from verify.models.theorems.samples import Sampled, iid, moves

ROUNDING, FLOOR = 2.0**-26, 2.0**-40
"""Half of a float's bits, and as much below 1, are left to rounding, quadratures and difference quotients."""
_STEP = 2.0**-7
_STENCILS = {1: (0.0, (4 / 5, -1 / 5, 4 / 105, -1 / 280)), 2: (-205 / 72, (8 / 5, -1 / 5, 8 / 315, -1 / 560))}
"""Weights of the central difference quotients of order 8, in the middle and at either side, by the derivative."""


@dataclass(frozen=True, kw_only=True)
class World:
    """One interpretation: ``values`` of symbols and function variables, ``heads`` and ``facts`` by name.

    ``ranges`` holds the values that a bound variable takes in a hypothesis for every value; ``sample`` is what
    statistics, which are arrays, are random over.
    """

    values: Mapping[Any, Any]
    heads: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    facts: Mapping[str, Callable[..., bool]] = field(default_factory=dict)
    ranges: Mapping[Any, Any] = field(default_factory=dict)
    sample: Sampled | None = None

    def at(self, values: Mapping[Any, Any]) -> World:
        """The world with further values."""
        return replace(self, values={**self.values, **values})


_COMMON: Mapping[str, Callable[..., bool]] = {"iid": iid, "moves": moves}
_FUNCTIONS: Mapping[Any, Callable[..., Any]] = {
    sp.Add: lambda *parts: sum(parts[1:], parts[0]),
    sp.Mul: lambda *parts: math.prod(parts),
    sp.Pow: lambda base, power: np.sqrt(base) if power == 0.5 else base**power,
    sp.exp: np.exp,
    sp.log: np.log,
    sp.cosh: np.cosh,
    sp.tanh: np.tanh,
    sp.Abs: np.abs,
    sp.Max: lambda *parts: np.max(np.stack(np.broadcast_arrays(*parts)), axis=0),
    sp.Min: lambda *parts: np.min(np.stack(np.broadcast_arrays(*parts)), axis=0),
    sp.erfc: scipy.special.erfc,
    sp.LambertW: lambda x, branch=0: float(scipy.special.lambertw(x, int(branch)).real),
}


def value(term: Any, world: World) -> Any:
    """What a term means in the world; ValueError for a name that the world gives no meaning."""
    if term in world.values:
        return world.values[term]
    binder = next((read for kind, read in _BINDERS.items() if isinstance(term, kind)), None)
    if binder is not None:
        return binder(term, world)
    meaning = _meaning(term, world)
    if meaning is None:
        raise ValueError(f"{term} has no meaning in the world; give {term.func.__name__} one")
    return meaning(*(value(part, world) for part in term.args))


def _meaning(term: sp.Basic, world: World) -> Callable[..., Any] | None:
    if isinstance(term, Expectation):
        return lambda sample, statistic: sample.mean(statistic)
    if isinstance(term, Image):
        return lambda function, sample: sample.image(function)
    if isinstance(term, AppliedUndef):
        return world.values.get(term.func, world.heads.get(term.func.__name__))
    return _FUNCTIONS.get(term.func)


def _function(term: sp.Lambda, world: World) -> Callable[..., Any]:
    return lambda *at: value(term.expr, world.at(dict(zip(term.variables, at, strict=True))))


def _integral(term: sp.Integral, world: World) -> float:
    ((variable, low, high),) = term.limits
    ends = value(low, world), value(high, world)
    if not term.function.has(variable):
        return (ends[1] - ends[0]) * value(term.function, world)
    found = scipy.integrate.quad(lambda x: float(value(term.function, world.at({variable: x}))), *ends, limit=200)
    return float(found[0])


def _derivative(term: sp.Derivative, world: World) -> Any:
    ((variable, order),) = term.variable_count
    if order not in _STENCILS:
        raise ValueError(f"order must be 1 or 2; got {order}")
    middle, weights = _STENCILS[order]
    here, odd = world.values[variable], -1 if order == 1 else 1

    def at(x: float) -> Any:
        return value(term.expr, world.at({variable: x}))

    ends = sum(w * (at(here + k * _STEP) + odd * at(here - k * _STEP)) for k, w in enumerate(weights, 1))
    return (ends + (middle * at(here) if middle else 0.0)) / _STEP ** int(order)


_BINDERS: Mapping[Any, Callable[[Any, World], Any]] = {
    sp.Number: lambda term, _world: float(term),
    sp.NumberSymbol: lambda term, _world: float(term),
    Named: lambda term, _world: term,
    sp.Lambda: _function,
    sp.Integral: _integral,
    sp.Derivative: _derivative,
}

# Truth ------------------------------------------------------------


def true(statement: Statement | Every, world: World) -> Any:
    """Whether a statement holds; an array where it depends on the outcome."""
    if isinstance(statement, Every):
        return _every(statement, world)
    if isinstance(statement, Fact):
        predicate = world.facts.get(statement.name, _COMMON.get(statement.name))
        if predicate is None:
            raise ValueError(f"{statement} has no meaning in the world; give the fact {statement.name} one")
        return bool(predicate(*(value(part, world) for part in statement.args)))
    left, right = (value(side, world) for side in statement.parts)
    return compare(left, statement.sign, right)


def compare(left: Any, sign: str, right: Any) -> Any:
    """A relation of numbers, but for rounding; a number that is not finite fulfils none."""
    left, right = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    size = np.maximum(np.abs(left), np.abs(right))
    room = ROUNDING * size + FLOOR
    finite = np.isfinite(left) & np.isfinite(right)
    if sign == "=":
        return finite & (np.abs(left - right) <= room)
    return finite & (left < right if sign == "<" else left <= right + room)


def _every(every: Every, world: World) -> bool:
    return all(_once(every, inner) for inner in _inner(every, world))


def _inner(every: Every, world: World) -> Iterator[World]:
    """The world at all values of the bound variables with ``where``; those of ranges that are arrays at once."""
    names = [v for v in every.variables if v in world.ranges]
    arrays = [v for v in names if isinstance(world.ranges[v], np.ndarray)]
    if arrays:
        grids = np.meshgrid(*(world.ranges[v] for v in arrays))
        world = world.at({v: grid.ravel() for v, grid in zip(arrays, grids, strict=True)})
        names = [v for v in names if v not in arrays]
    for values in itertools.product(*(world.ranges[v] for v in names)):
        inner = world.at(dict(zip(names, values, strict=True)))
        if arrays or all(np.all(true(where, inner)) for where in every.where):
            yield inner


def _once(every: Every, world: World) -> bool:
    holds = true(every.says, world)
    if every.failure == 0:
        return bool(np.all(holds | ~_together(every.where, world)))
    return _chance(~holds, world) <= value(every.failure, world) * (1 + ROUNDING)


def _together(statements: Sequence[Statement], world: World) -> Any:
    found = np.asarray(True)
    for statement in statements:
        found = found & true(statement, world)
    return found


def _chance(event: Any, world: World) -> float:
    if world.sample is None:
        raise ValueError("sample must be given where a statement fails with a probability")
    return world.sample.mean(np.asarray(event, dtype=float))


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A theorem in one world: which of its hypotheses hold, whether its conclusion does, and how nearly it fails.

    ``ratio``: left over right side, or a violation's probability over the stated failure; nan where it says nothing.
    """

    given: tuple[bool, ...]
    holds: bool
    ratio: float


def hypotheses(theorem: Theorem, world: World) -> tuple[tuple[bool, ...], Any]:
    """Which hypotheses hold at some outcome, and at which outcomes all do."""
    found = [true(need, world) for need in theorem.given]
    where = np.asarray(True)
    for each in found:
        where = where & each
    return tuple(bool(np.any(each)) for each in found), where


def conclusion(theorem: Theorem, world: World, where: Any) -> tuple[bool, float]:
    """Whether the conclusion holds at the outcomes ``where``, and its ratio."""
    if isinstance(theorem.says, Fact):
        return bool(true(theorem.says, world)), math.nan
    left, right = (value(side, world) for side in theorem.says.parts)
    holds = compare(left, theorem.says.sign, right)
    if theorem.failure != 0:
        chance, failure = _chance(~holds & where, world), value(theorem.failure, world)
        return chance <= failure * (1 + ROUNDING), chance / failure if failure > 0 else math.nan
    return bool(np.all(holds | ~np.asarray(where))), _ratio(theorem.says, left, right)


def _ratio(rel: Rel, left: Any, right: Any) -> float:
    left, right = np.broadcast_arrays(np.asarray(left, dtype=float), np.asarray(right, dtype=float))
    sizable = (np.abs(right) > FLOOR) & (left * right > 0)
    if not sizable.any():
        return math.nan
    ratios = left[sizable] / right[sizable]
    ratios = np.where(right[sizable] < 0, 1 / ratios, ratios)
    return float(np.max(np.maximum(ratios, 1 / ratios) if rel.sign == "=" else ratios))


def read(theorem: Theorem, world: World) -> Reading:
    """A theorem in one world."""
    given, where = hypotheses(theorem, world)
    holds, ratio = conclusion(theorem, world, where)
    return Reading(given=given, holds=holds, ratio=ratio)
