"""Instances as points: their numbers one by one, draws at every scale, and coordinates in which a climb can move."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from verify.evidence.domain import Array, Choice, Domain, Instance, Integer, Real

Number = float | int
OCTAVES = 40.0
"""A draw near a point comes as near as 2^−40 of the range."""


@dataclass(frozen=True)
class Slot:
    """One number of an instance: its field, its position there (None for a field of one number), and its kind."""

    field: str
    place: int | None
    entry: Real | Integer

    @cached_property
    def span(self) -> float:
        """The length of the range."""
        return float(self.entry.high) - float(self.entry.low)

    @cached_property
    def wide(self) -> bool:
        """Whether the range is better covered in magnitude."""
        if isinstance(self.entry, Integer):
            return self.entry.high > 1000 * max(self.entry.low, 1)
        return self.entry.log or (self.entry.low > 0 and self.entry.high >= 1000 * self.entry.low)

    def fit(self, value: float) -> Number:
        """The nearest number of the field."""
        if isinstance(self.entry, Integer):
            return min(max(round(value), self.entry.low), self.entry.high)
        return min(max(float(value), float(self.entry.low)), float(self.entry.high))

    @cached_property
    def _scale(self) -> tuple[float, float]:
        """Where the range begins by magnitude, and the logarithm of how many times that its end is."""
        low = float(self.entry.low) or 0.5  # a wide range that begins at 0 is one of integers
        return low, math.log(float(self.entry.high) / low)

    def unit(self, value: Number) -> float:
        """The number's place in the range, from 0 to 1, by magnitude where the range is wide."""
        if self.span == 0:
            return 0.0
        if self.wide:
            low, width = self._scale
            return math.log(max(float(value), low) / low) / width
        return (float(value) - self.entry.low) / self.span

    def units(self, column: np.ndarray) -> np.ndarray:
        """`unit` of many numbers."""
        if self.wide and self.span > 0:
            low, width = self._scale
            return np.log(np.maximum(column, low) / low) / width
        return (column - float(self.entry.low)) / (self.span or 1.0)

    def at(self, unit: float) -> Number:
        """The number at a place of the range."""
        if self.wide and self.span > 0:
            low, width = self._scale
            return self.fit(low * math.exp(unit * width))
        return self.fit(self.entry.low + unit * self.span)

    def column(self, units: np.ndarray) -> np.ndarray:
        """The numbers, not yet rounded, at many places of the range."""
        if self.wide and self.span > 0:
            low, width = self._scale
            return low * np.exp(units * width)
        return float(self.entry.low) + units * self.span


class Space:
    """A domain's instances, number by number."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.choices = tuple(name for name, entry in domain.fields.items() if isinstance(entry, Choice))
        self._entries = {name: entry for name, entry in domain.fields.items() if not isinstance(entry, Choice)}
        self._arrays = {name: entry for name, entry in self._entries.items() if isinstance(entry, Array)}
        self._slots: dict[tuple[tuple[int, ...], ...], tuple[Slot, ...]] = {}

    def slots(self, instance: Instance) -> tuple[Slot, ...]:
        """The numbers of an instance, in the order of the fields."""
        key = tuple(entry.lengths(instance) for entry in self._arrays.values())
        if key not in self._slots:
            out: list[Slot] = []
            for name, entry in self._entries.items():
                if isinstance(entry, Array):
                    out += [Slot(name, k, entry.element) for k in range(math.prod(entry.lengths(instance)))]
                else:
                    out.append(Slot(name, None, entry))
            self._slots[key] = tuple(out)
        return self._slots[key]

    def numbers(self, instance: Instance) -> list[Number]:
        """The values of `slots`."""
        if not self._arrays:
            return [instance[name] for name in self._entries]
        return [x for name in self._entries for x in flat(instance[name])]

    def units(self, instance: Instance) -> list[float]:
        """The places of the numbers in their ranges, from 0 to 1."""
        return [slot.unit(value) for slot, value in zip(self.slots(instance), self.numbers(instance), strict=True)]

    def with_numbers(self, instance: Instance, values: Sequence[Number]) -> Instance:
        """The instance with other numbers; arrays whose lengths change are cut, or filled by going round."""
        out, position = dict(instance), 0
        for name, entry in self._entries.items():
            if isinstance(entry, Array):
                count = math.prod(entry.lengths(instance))
                part, size = list(values[position : position + count]), math.prod(entry.lengths(out))
                out[name] = fold(list(itertools.islice(itertools.cycle(part), size)), entry.lengths(out))
                position += count
            else:
                out[name] = values[position]
                position += 1
        return out


def flat(value: Any) -> list[Number]:
    """The numbers of a nested list."""
    return [x for item in value for x in flat(item)] if isinstance(value, (list, tuple, np.ndarray)) else [value]


def fold(values: Sequence[Number], lengths: tuple[int, ...]) -> Any:
    """The nested list of these lengths."""
    if not lengths:
        return values[0]
    step = len(values) // lengths[0]
    return [fold(values[k * step : (k + 1) * step], lengths[1:]) for k in range(lengths[0])]


# Draws ---------------------------------------------------------------------------------------------------------------


def scattered(domain: Domain, rng: np.random.Generator) -> Instance:
    """An instance drawn at every scale: in the bulk, near the ends, near 0, at simple numbers, near one another."""
    out: Instance = {}
    earlier: list[tuple[Real | Integer, Number]] = []
    for name, entry in domain.fields.items():
        if isinstance(entry, Choice):
            out[name] = entry.options[rng.integers(len(entry.options))]
            continue
        element, lengths = (entry.element, entry.lengths(out)) if isinstance(entry, Array) else (entry, ())
        slot, values = Slot(name, None, element), []
        alike = bool(lengths) and rng.random() < 0.2
        for _ in range(math.prod(lengths)):
            values.append(values[0] if alike and values else _drawn(slot, earlier, rng))
            earlier.append((element, values[-1]))
        out[name] = fold(values, lengths)
    return out


def _drawn(slot: Slot, earlier: Sequence[tuple[Real | Integer, Number]], rng: np.random.Generator) -> Number:
    low, high = slot.entry.low, slot.entry.high
    kind, near = rng.random(), slot.span * 2.0 ** -(OCTAVES * rng.random())
    alike = [value for entry, value in earlier if entry == slot.entry]
    if alike and kind < 0.25:
        value = alike[rng.integers(len(alike))]
        return slot.fit(value + rng.choice((-near, 0.0, near)))
    if kind < 0.4:
        simple = [x for x in (0, 1, -1, 0.5, 2, low, high, (low + high) / 2) if low <= x <= high]
        return slot.fit(simple[rng.integers(len(simple))])
    if kind < 0.55:
        return slot.fit(low + near if rng.random() < 0.6 else high - near)
    if kind < 0.7 and low < 0 < high:
        return slot.fit(near if rng.random() < 0.5 else -near)
    return slot.at(rng.random())


# Coordinates ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Axis:
    """How one number moves: on its range, or at a distance exp(u) from an anchor (a value, or another number)."""

    slot: int
    anchor: float | None = None
    other: int | None = None
    sign: float = 1.0
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0


class Chart:
    """Coordinates of the instances around one: a number that is near an anchor moves by the logarithm of the distance.

    Anchors are the ends of the range, 0, another number of the same range (so that two numbers which are nearly equal
    move together), and the numbers of ``origin``, an instance at which both sides are equal. Numbers that are equal
    stay so, and small integers do not move. In a ``loose`` chart every number moves on its own range: none is bound to
    another, and none to its side of an anchor.
    """

    def __init__(self, space: Space, start: Instance, origin: Instance | None = None, *, loose: bool = False) -> None:
        self.space, self.start, self.loose = space, start, loose
        self.slots, self.values = space.slots(start), space.numbers(start)
        old = space.numbers(origin) if origin is not None else None
        self.origin = old if old is not None and len(old) == len(self.values) else None
        self.followers: dict[int, int] = {}
        self.axes = [axis for k in range(len(self.slots)) if (axis := self._axis(k)) is not None]

    def _axis(self, k: int) -> _Axis | None:
        slot, value = self.slots[k], float(self.values[k])
        if slot.span == 0 or (isinstance(slot.entry, Integer) and abs(value) < 64):
            return None
        if isinstance(slot.entry, Integer):
            return _Axis(k, anchor=0.0, sign=math.copysign(1, value), low=0.0, high=math.log(2 * abs(value)), step=0.3)
        if self.loose:
            return self._plain(k)
        earlier = [i for i in range(k) if self.slots[i].entry == slot.entry]
        for i in earlier:
            if self.values[i] == self.values[k]:
                self.followers[k] = i
                return None
        anchors: list[tuple[float, int | None]] = [(float(self.values[i]), i) for i in earlier]
        anchors += [(float(end), None) for end in (slot.entry.low, slot.entry.high)]
        if slot.entry.low < 0 < slot.entry.high:
            anchors.append((0.0, None))
        if self.origin is not None and self.origin[k] != self.values[k]:
            anchors.insert(0, (float(self.origin[k]), None))
        near = [(abs(value - at), i, at) for at, i in anchors if 0 < abs(value - at) < 0.1 * slot.span]
        if near:
            distance, other, at = min(near, key=lambda item: item[0])
            top = math.log(slot.span)
            bottom = min(top - 60, math.log(distance) - 5)
            return _Axis(k, None if other is not None else at, other, math.copysign(1, value - at), bottom, top, 0.7)
        return self._plain(k)

    def _plain(self, k: int) -> _Axis:
        slot, value = self.slots[k], float(self.values[k])
        if slot.wide and value > 0:
            low = math.log(slot.entry.low) if slot.entry.low > 0 else math.log(value) - 30
            return _Axis(k, anchor=0.0, low=low, high=math.log(slot.entry.high), step=0.5)
        return _Axis(k, low=float(slot.entry.low), high=float(slot.entry.high), step=0.08 * slot.span)

    @property
    def point(self) -> np.ndarray:
        """The coordinates of the start."""
        out = []
        for axis in self.axes:
            value = float(self.values[axis.slot])
            if axis.anchor is None and axis.other is None:
                out.append(value)
            else:
                at = float(self.values[axis.other]) if axis.other is not None else axis.anchor or 0.0
                out.append(math.log(abs(value - at)))
        return np.array(out)

    def instance(self, point: np.ndarray) -> Instance:
        """The instance at coordinates, clipped to the domain's ranges."""
        values = list(self.values)
        moved = {axis.slot: (axis, u) for axis, u in zip(self.axes, point, strict=True)}
        for k, slot in enumerate(self.slots):
            if k in self.followers:
                values[k] = values[self.followers[k]]
            elif k in moved:
                axis, u = moved[k]
                u = min(max(float(u), axis.low), axis.high)
                if axis.anchor is None and axis.other is None:
                    values[k] = slot.fit(u)
                else:
                    at = float(values[axis.other]) if axis.other is not None else axis.anchor or 0.0
                    values[k] = slot.fit(at + axis.sign * math.exp(u))
        return self.space.with_numbers(self.start, values)
