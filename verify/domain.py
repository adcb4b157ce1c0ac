"""Domains of instances: named fields from which Hypothesis strategies and optimisation coordinates are derived.

An instance is a JSON object (numbers, strings, nested lists), so that a witness can be printed, stored and replayed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

Instance = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Real:
    """A real number in [low, high]; ``log`` makes the optimiser move on a logarithmic scale."""

    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise ValueError(f"low and high must be finite with low <= high; got [{self.low}, {self.high}]")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic scale needs low > 0; got low = {self.low}")

    def strategy(self) -> st.SearchStrategy[float]:
        """Floats of the interval, simple ones first when shrinking."""
        return st.floats(self.low, self.high, allow_nan=False, allow_subnormal=False).map(lambda value: value + 0.0)


@dataclass(frozen=True, kw_only=True)
class Integer:
    """An integer in [low, high]."""

    low: int
    high: int

    def __post_init__(self) -> None:
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

    def strategy(self) -> st.SearchStrategy[str]:
        """One of the options."""
        return st.sampled_from(self.options)


@dataclass(frozen=True, kw_only=True)
class Array:
    """A nested list of reals; each length is a number or the name of an integer field of the same domain."""

    shape: tuple[int | str, ...]
    element: Real | Integer

    def lengths(self, instance: Mapping[str, Any]) -> tuple[int, ...]:
        """The lengths for an instance."""
        return tuple(instance[length] if isinstance(length, str) else length for length in self.shape)


Field = Real | Integer | Choice | Array


def _always(_instance: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Domain:
    """Named fields, and a condition that an instance must meet (a claim's checked hypotheses, say).

    Instances that miss the condition are rejected, and counted: a search that accepts none is VACUOUS.
    """

    fields: Mapping[str, Field]
    require: Callable[[Mapping[str, Any]], bool] = field(default=_always)

    def strategy(self) -> st.SearchStrategy[Instance]:
        """Hypothesis strategy for instances (before the condition); shrinks the first fields first."""

        @st.composite
        def build(draw: st.DrawFn) -> Instance:
            instance: Instance = {}
            for name, entry in self.fields.items():
                if isinstance(entry, Array):
                    instance[name] = _nested(draw, entry.element.strategy(), entry.lengths(instance))
                else:
                    instance[name] = draw(entry.strategy())
            return instance

        return build()

    def accepts(self, instance: Mapping[str, Any]) -> bool:
        """Whether every number is within its field's bounds and the condition holds."""
        for name, entry in self.fields.items():
            if isinstance(entry, Choice):
                if instance[name] not in entry.options:
                    return False
                continue
            limits = entry.element if isinstance(entry, Array) else entry
            values = np.asarray(instance[name], dtype=float)
            if isinstance(entry, Array) and values.shape != entry.lengths(instance):
                return False
            if not bool(np.all((values >= limits.low) & (values <= limits.high))):
                return False
        return bool(self.require(instance))

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


def _real(entry: Field) -> Real | None:
    if isinstance(entry, Array):
        return entry.element if isinstance(entry.element, Real) else None
    return entry if isinstance(entry, Real) else None


def _nested(draw: st.DrawFn, element: st.SearchStrategy[Any], lengths: tuple[int, ...]) -> Any:
    if not lengths:
        return draw(element)
    return [_nested(draw, element, lengths[1:]) for _ in range(lengths[0])]
