"""A few instances of a domain without a search: its middle, its ends, and draws; for trials, cross-checks and axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from verify.evidence.domain import Array, Choice, Domain, Field, Instance, Integer, Real

_TRIES = 300


def instances(domain: Domain, count: int, rng: np.random.Generator) -> list[Instance]:
    """Up to ``count`` different instances that the domain accepts: the middle, the lower and upper ends, draws."""
    found: list[Instance] = []
    for instance in islice(_candidates(domain, rng), _TRIES + count):
        if len(found) == count:
            break
        if instance not in found and domain.accepts(instance):
            found.append(instance)
    return found


def _candidates(domain: Domain, rng: np.random.Generator) -> Iterator[Instance]:
    for place in (0.5, 0.0, 1.0):
        yield _made(domain, lambda place=place: place)
    while True:
        yield _made(domain, rng.random)


def _made(domain: Domain, place: Callable[[], float]) -> Instance:
    instance: Instance = {}
    for name, entry in domain.fields.items():
        if isinstance(entry, Array):
            instance[name] = _nested(entry.element, entry.lengths(instance), place)
        else:
            instance[name] = _value(entry, place())
    return instance


def _nested(element: Real | Integer, lengths: tuple[int, ...], place: Callable[[], float]) -> Any:
    if not lengths:
        return _value(element, place())
    return [_nested(element, lengths[1:], place) for _ in range(lengths[0])]


def _value(entry: Field, place: float) -> Any:
    """The value at a place in [0, 1] of a field's range, on a logarithmic scale where that is wide and positive."""
    if isinstance(entry, Choice):
        return entry.options[min(int(place * len(entry.options)), len(entry.options) - 1)]
    if isinstance(entry, Array):
        raise TypeError("entry must be a field of single values")
    low, high = entry.low, entry.high
    if entry.log if isinstance(entry, Real) else low > 0 and high > 100 * low:
        value = math.exp(math.log(low) + place * (math.log(high) - math.log(low)))
    else:
        value = low + place * (high - low)
    value = min(max(float(f"{value:.12g}"), low), high)  # a middle that can be read
    return round(value) if isinstance(entry, Integer) else float(value)
