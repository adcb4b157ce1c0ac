"""Cells that call a function: one of the house's measurements by name, or a user's, ``FILE.py:NAME``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from theory.checks import shown
from verify.evidence.user_files import imported
from verify.sweeps.cells import Cell
from verify.sweeps.kinds.measurements import MEASUREMENTS
from verify.sweeps.kinds.places import file_of, is_place

WHOLE = True
RNG = "rng"
"""The argument that takes the cell's stream, if the function has it."""


def targets(name: str, folder: Path) -> tuple[str, ...]:
    """The name of one function."""
    if not is_place(name) and name not in MEASUREMENTS:
        raise ValueError(f"measure must be FILE.py:NAME or one of {', '.join(MEASUREMENTS)}; got {shown(name)}")
    return (name,)


def check(target: str, names: Iterable[str], folder: Path) -> None:
    """Refuse parameters that the function does not take, or lacks."""
    signature = inspect.signature(function_at(target, folder))
    given = dict.fromkeys(names) | ({RNG: None} if RNG in signature.parameters else {})
    try:
        signature.bind(**given)
    except TypeError as error:
        raise ValueError(f"grid: {target}{signature} does not take these parameters ({error}); correct them") from None


def compute(cell: Cell, folder: Path) -> Mapping[str, Any]:
    """What the function returns: numbers and words by name."""
    function = function_at(cell.target, folder)
    stream = {RNG: cell.rng()} if RNG in inspect.signature(function).parameters else {}
    found = function(**cell.parameters, **stream)
    if not isinstance(found, Mapping):
        raise TypeError(f"{cell.target} must return a mapping of names to numbers; got {shown(found)}")
    return found


def roots(target: str) -> tuple[str, ...]:
    """This file, and the measurement's own."""
    own = MEASUREMENTS.get(target)
    return (__name__, *(() if own is None else (own.module,)))


def function_at(target: str, folder: Path) -> Callable[..., Any]:
    """The function of a name; ValueError for a file or name that does not exist."""
    own = MEASUREMENTS.get(target)
    if own is not None:
        return getattr(import_module(own.module), own.function)
    path, name = file_of(target, folder), target.rpartition(":")[2]
    if not path.is_file():
        raise ValueError(f"measure names {shown(target)}, but {path} does not exist; correct the name")
    found = getattr(imported(path, ValueError), name, None)
    if not callable(found):
        raise ValueError(f"measure names {shown(target)}, but {path} has no function {name!r}; correct the name")
    return found
