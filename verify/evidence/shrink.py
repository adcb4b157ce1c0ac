"""Witnesses made small: rounding, Hypothesis' shrinker, and the size by which two instances are compared."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from hypothesis import Phase, find
from hypothesis.errors import NoSuchExample, Unsatisfiable

from verify.evidence.budget import Context
from verify.evidence.domain import Array, Domain, Instance, Integer, Real
from verify.evidence.draws import settled, settled_constants

Keeps = Callable[[Instance], bool]


def smallest(domain: Domain, candidates: Sequence[Instance], keeps: Keeps, context: Context, *, key: str) -> Instance:
    """The simplest instance with a property that rounding the candidates, or Hypothesis' shrinker, comes to."""
    found: list[Instance] = [dict(item) for item in candidates]
    with settled_constants(), suppress(NoSuchExample, Unsatisfiable):  # if Hypothesis meets none, the others stand
        found.append(
            find(
                domain.strategy(),
                keeps,
                random=random.Random(context.integer()),
                settings=settled(context.budget.examples, Phase.generate, Phase.shrink),
                database_key=key.encode(),
            )
        )
    return min((simplify(domain, item, keeps) for item in found), key=complexity)


def complexity(instance: Instance) -> tuple[int, float]:
    """How hard an instance is to read: the length of its text, then the size of its numbers."""
    flat = [abs(float(x)) for value in instance.values() if not isinstance(value, str) for x in np.ravel(value)]
    return len(json.dumps(instance)), sum(flat)


def simplify(domain: Domain, instance: Instance, keeps: Keeps) -> Instance:
    """Round the numbers of an instance, field by field, as far as the property is kept; integers are lowered."""
    current = dict(instance)
    for name, entry in domain.fields.items():
        if isinstance(entry, Integer):
            options: list[Any] = [entry.low + k for k in range(min(8, current[name] - entry.low))]
        elif isinstance(entry, Real) or (isinstance(entry, Array) and isinstance(entry.element, Real)):
            options = _simpler(current[name])
        else:
            continue
        for candidate in options:
            trial = {**current, name: candidate}
            if keeps(trial):
                current = trial
                break
    return current


def _simpler(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [_map(value, lambda x, k=k: _rounded(x, k)) for k in (0, 1, 2, 3, 6)]
    return [0.0, 1.0, *(_rounded(value, k) for k in (1, 2, 3, 6))]


def _map(value: Any, change: Callable[[float], float]) -> Any:
    return [_map(item, change) for item in value] if isinstance(value, list) else change(value)


def _rounded(value: float, digits: int) -> float:
    """``digits`` significant digits; with 0, the nearest integer."""
    return float(round(value)) if digits == 0 else float(f"{value:.{digits}g}")
