"""Exponents with intervals, and tables of cells as arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from verify.studies.drawing import Figure
from verify.studies.files import Numbers
from verify.studies.summaries import LEVEL

Columns = Mapping[str, list[object]]
"""A table by column."""
_RESAMPLES = 2000


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A figure, and the numbers behind it."""

    figure: Figure
    numbers: Numbers


def numbers_of(columns: Columns, name: str) -> np.ndarray:
    """A column of numbers, NaN for what is missing."""
    return np.array([np.nan if value in (None, "") else float(str(value)) for value in columns[name]])


def levels(columns: Columns, name: str) -> np.ndarray:
    """The different values of a column, in ascending order."""
    return np.unique(numbers_of(columns, name))


def only(columns: Columns, name: str, value: str) -> Columns:
    """The table's rows that have a word in a column."""
    keep = [k for k, found in enumerate(columns[name]) if found == value]
    return {other: [values[k] for k in keep] for other, values in columns.items()}


def table_of(columns: Columns, name: str, **where: float) -> np.ndarray:
    """A column at the cells where others have values: the replicas there, as they stand."""
    keep = np.ones(len(columns[name]), dtype=bool)
    for other, value in where.items():
        keep &= numbers_of(columns, other) == value
    return numbers_of(columns, name)[keep]


def by_size(columns: Columns, name: str, size: str, **where: float) -> np.ndarray:
    """A column as (replicas, sizes), the sizes ascending."""
    return np.stack(
        [table_of(columns, name, **{size: float(value)}, **where) for value in levels(columns, size)], axis=1
    )


def exponent(sizes: np.ndarray, distance: np.ndarray) -> tuple[float, tuple[float, float]]:
    """The slope of log(root mean square of a distance) against log(size), and its interval by resampling replicas.

    sizes: (k,); distance: (replicas, k), of either sign. The level is `verify.studies.summaries.LEVEL`; the resampling
    has a seed of its own, so that the same table gives the same interval.
    """
    return _resampled(sizes, distance**2, lambda mean: np.log(mean) / 2)


def growth(sizes: np.ndarray, times: np.ndarray) -> tuple[float, tuple[float, float]]:
    """The same of the geometric mean of positive numbers, for what spreads over decades."""
    return _resampled(sizes, np.log(times), lambda mean: mean)


def decay(sizes: np.ndarray, values: np.ndarray) -> tuple[float, tuple[float, float]]:
    """The same of the mean of numbers whose mean is positive."""
    return _resampled(sizes, values, np.log)


def _resampled(
    sizes: np.ndarray, values: np.ndarray, height: Callable[[np.ndarray], np.ndarray]
) -> tuple[float, tuple[float, float]]:
    """The slope over log(size) of the ``height`` of the replicas' mean values (replicas, k), and its interval."""
    picks = np.random.default_rng(0).integers(len(values), size=(_RESAMPLES, *values.shape))
    means = np.take_along_axis(values[None], picks, axis=1).mean(axis=1)
    low, high = np.quantile(_slope(np.log(sizes), height(means)), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(_slope(np.log(sizes), height(values.mean(axis=0)))), (float(low), float(high))


def spread(values: np.ndarray) -> Numbers:
    """Median, least and largest of the replicas (replicas, k), as JSON holds them."""
    return {
        "median": np.median(values, axis=0).tolist(),
        "least and largest": [values.min(axis=0).tolist(), values.max(axis=0).tolist()],
    }


def told(slope: float, interval: tuple[float, float]) -> Numbers:
    """An exponent as JSON holds it."""
    return {"exponent": slope, "interval": list(interval), "level": LEVEL}


def _slope(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    centred = x - x.mean()
    return (y * centred).sum(axis=-1) / (centred**2).sum()
