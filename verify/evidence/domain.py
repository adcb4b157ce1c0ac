"""Domains of instances: named fields from which Hypothesis strategies and optimisation coordinates are derived.

An instance is a JSON object (numbers, strings, nested lists), so that a witness can be printed, stored and replayed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeGuard

import numpy as np
from flint import arb
from hypothesis import strategies as st

from theory.checks import instance as of_kind
from theory.checks import mapping, shown, texts

Instance: TypeAlias = Mapping[str, Any]
"""A JSON object: an instance's numbers, words and nested lists by name."""
Entry: TypeAlias = "str | float | arb | Sequence[Entry]"
"""What an instance holds under a name; a ball only where values beyond floating point are meant, never to be stored."""


@dataclass(frozen=True, kw_only=True)
class Real:
    """A real number in [low, high]; ``log`` makes the optimiser move on a logarithmic scale."""

    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            object.__setattr__(self, name, _number(name, getattr(self, name)))
        if self.low > self.high:
            raise ValueError(f"low must not exceed high; got [{self.low}, {self.high}]")
        of_kind("log", self.log, bool)
        if self.log and self.low <= 0:
            raise ValueError(f"low must be > 0 on a logarithmic scale (log=True); got {self.low}")

    def strategy(self) -> st.SearchStrategy[float]:
        """Floats of the interval, simple ones first when shrinking."""
        return st.floats(self.low, self.high, allow_nan=False, allow_subnormal=False).map(lambda value: value + 0.0)


@dataclass(frozen=True, kw_only=True)
class Integer:
    """An integer in [low, high]."""

    low: int
    high: int

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            object.__setattr__(self, name, int(of_kind(name, getattr(self, name), (int, np.integer))))
            _number(name, getattr(self, name))  # instances are compared as floats
        if self.low > self.high:
            raise ValueError(f"low must not exceed high; got [{self.low}, {self.high}]")

    def strategy(self) -> st.SearchStrategy[int]:
        """Integers of the range; wide ranges are covered in magnitude, not only near their ends."""
        if self.high <= 1000 * max(self.low, 1):
            return st.integers(self.low, self.high)
        bits = int(self.high).bit_length()
        wide = st.integers(1, bits).flatmap(lambda b: st.integers(self.low, max(self.low, min(self.high, 2**b))))
        return st.one_of(st.integers(self.low, self.low + 8), wide)  # the shrinker prefers the first


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of a few named options, simplest first."""

    options: tuple[str, ...]

    def __post_init__(self) -> None:
        options = texts("options", self.options)
        if not options or len(set(options)) != len(options):
            raise ValueError(f"options must be different strings, one at least; got {options}")
        object.__setattr__(self, "options", options)

    def strategy(self) -> st.SearchStrategy[str]:
        """One of the options."""
        return st.sampled_from(self.options)


@dataclass(frozen=True, kw_only=True)
class Array:
    """A nested list of reals; each length is a number or the name of an integer field of the same domain."""

    shape: tuple[int | str, ...]
    element: Real | Integer

    def __post_init__(self) -> None:
        lengths = of_kind("shape", self.shape, (tuple, list))
        for k, length in enumerate(lengths):
            of_kind(f"shape[{k}]", length, (int, str))
            if isinstance(length, int) and length < 1:
                raise ValueError(f"shape must hold lengths >= 1 or names of integer fields; got {length} at {k}")
        if not lengths:
            raise ValueError("shape must not be empty; got (): use the element itself as the field")
        of_kind("element", self.element, (Real, Integer))
        object.__setattr__(self, "shape", tuple(lengths))

    def lengths(self, instance: Instance) -> tuple[int, ...]:
        """The lengths for an instance."""
        return tuple(instance[length] if isinstance(length, str) else length for length in self.shape)


Field = Real | Integer | Choice | Array
Numbers = st.SearchStrategy[float] | st.SearchStrategy[int]


def _always(_instance: Instance) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Domain:
    """Named fields, and a condition that an instance must meet (a claim's checked hypotheses, say).

    Instances that miss the condition are rejected, and counted: a search that accepts none is VACUOUS.
    """

    fields: Mapping[str, Field]
    require: Callable[[Instance], bool] = field(default=_always)

    def __post_init__(self) -> None:
        fields = mapping("fields", self.fields)
        if not fields:
            raise ValueError("fields must not be empty; got {}: an instance needs at least one number or choice")
        seen: dict[str, Field] = {}
        for name, entry in fields.items():
            of_kind(f"fields[{name!r}]", entry, (Real, Integer, Choice, Array))
            for length in entry.shape if isinstance(entry, Array) else ():
                if isinstance(length, str):
                    size = seen.get(length)
                    if not isinstance(size, Integer) or size.low < 1:
                        raise ValueError(
                            f"fields[{name!r}] has the length {length!r}, which must be an Integer field "
                            "with low >= 1 that stands before it"
                        )
            seen[name] = entry
        if not callable(self.require):
            raise TypeError(f"require must be a function from an instance to a truth value; got {shown(self.require)}")
        object.__setattr__(self, "fields", fields)

    def strategy(self) -> st.SearchStrategy[Instance]:
        """Hypothesis strategy for instances (before the condition); shrinks the first fields first."""

        @st.composite
        def build(draw: st.DrawFn) -> Instance:
            instance: dict[str, Any] = {}
            for name, entry in self.fields.items():
                if isinstance(entry, Array):
                    instance[name] = _nested(draw, entry.element.strategy(), entry.lengths(instance))
                else:
                    instance[name] = draw(entry.strategy())
            return instance

        return build()

    def accepts(self, instance: Instance) -> bool:
        """Whether the instance has exactly the domain's fields, each a value of its field, and meets the condition.

        Anything may be asked (an instance may come from a token): what is not an instance is not accepted.
        """
        if not isinstance(instance, Mapping) or set(instance) != set(self.fields):
            return False
        # fields are visited in order, so that an array's lengths are known to be integers when they are used
        return all(_within(entry, instance[name], instance) for name, entry in self.fields.items()) and bool(
            self.require(instance)
        )

    def coordinates(self, instance: Instance) -> tuple[np.ndarray, list[tuple[float, float]]]:
        """The real coordinates of an instance on the optimiser's scale, with their bounds."""
        vector: list[float] = []
        bounds: list[tuple[float, float]] = []
        for name, entry in self.fields.items():
            scale = _real(entry)
            if scale is None:
                continue
            low, high = (math.log(scale.low), math.log(scale.high)) if scale.log else (scale.low, scale.high)
            for value in np.ravel(np.asarray(instance[name], dtype=float)):
                vector.append(math.log(value) if scale.log else float(value))
                bounds.append((low, high))
        return np.array(vector), bounds

    def rebuild(self, instance: Instance, vector: np.ndarray) -> Instance:
        """The instance with its real coordinates replaced (clipped to the domain)."""
        out = dict(instance)
        position = 0
        for name, entry in self.fields.items():
            scale = _real(entry)
            if scale is None:
                continue
            old = np.asarray(instance[name], dtype=float)
            part = np.asarray(vector[position : position + old.size], dtype=float)
            position += old.size
            part = np.clip(np.exp(part) if scale.log else part, scale.low, scale.high).reshape(old.shape)
            out[name] = part.tolist() if isinstance(entry, Array) else float(part)
        return out

    def describe(self) -> dict[str, str]:
        """The domain in words, for reports."""
        out = {}
        for name, entry in self.fields.items():
            if isinstance(entry, Choice):
                out[name] = "one of " + ", ".join(entry.options)
                continue
            limits = entry.element if isinstance(entry, Array) else entry
            kind = "integers" if isinstance(limits, Integer) else "reals"
            shape = "×".join(str(length) for length in entry.shape) + " " if isinstance(entry, Array) else ""
            out[name] = f"{shape}{kind} in [{limits.low:g}, {limits.high:g}]"
        return out


def _within(entry: Field, value: object, values: Instance) -> bool:
    if isinstance(entry, Choice):
        return isinstance(value, str) and value in entry.options
    if isinstance(entry, Array):
        return _fills(value, entry.lengths(values), entry.element)
    return _is_number(value, entry) and bool(entry.low <= value <= entry.high)


def _fills(value: object, lengths: tuple[int, ...], element: Real | Integer) -> bool:
    if not lengths:
        return _within(element, value, {})
    return (
        isinstance(value, (list, tuple, np.ndarray))
        and len(value) == lengths[0]
        and all(_fills(part, lengths[1:], element) for part in value)
    )


def _is_number(value: object, entry: Real | Integer) -> TypeGuard[float]:
    kinds = (int, np.integer) if isinstance(entry, Integer) else (int, float, np.integer, np.floating)
    return isinstance(value, kinds) and not isinstance(value, bool)


def _number(name: str, value: object) -> float | np.number:
    """A finite real number as it is."""
    number = of_kind(name, value, (int, float, np.integer, np.floating))
    try:
        finite = math.isfinite(float(number))
    except OverflowError:  # an integer beyond the floats
        finite = False
    if not finite:
        raise ValueError(f"{name} must be finite; got {shown(value)}")
    return number


def _real(entry: Field) -> Real | None:
    if isinstance(entry, Array):
        return entry.element if isinstance(entry.element, Real) else None
    return entry if isinstance(entry, Real) else None


def _nested(draw: st.DrawFn, element: Numbers, lengths: tuple[int, ...]) -> Entry:
    if not lengths:
        return draw(element)
    return [_nested(draw, element, lengths[1:]) for _ in range(lengths[0])]
