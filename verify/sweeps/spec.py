"""What a sweep is to compute: a TOML file or a mapping, read into cells, and refused in words before any work."""

from __future__ import annotations

import difflib
import math
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from numerics.checks.memory import require_memory
from theory.checks import shown
from theory.claims import UnknownClaimError
from verify.evidence.files import Json
from verify.sweeps.cells import Cell
from verify.sweeps.kinds import KINDS, kind_named

_TOP = ("name", "seed", "timeout", "cells")
_BLOCK = ("set", "grid", "list", "replicas")
_TIMEOUT = 3600.0
_CELL = 3000
"""Bytes that a cell takes at least while a sweep runs."""


class SpecError(ValueError):
    """A spec cannot be read as one; the message names the entry, its value and the remedy."""


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A sweep's cells, in their order; ``folder`` is where files that they name are found from."""

    name: str
    cells: tuple[Cell, ...]
    timeout: float
    folder: Path


def read(spec: object) -> Spec:
    """Read a TOML file (its name, or a `Path`) or a mapping of the same form; `SpecError` for what is none.

    ``name`` (that of the file), ``seed`` (0), ``timeout`` (3600: seconds for one cell), and ``cells``, blocks.
    A block names what is computed, one of ``audit``, ``bound``, ``experiment`` and ``measure`` with a target or a list
    of them; ``set`` has parameters with one value each, ``grid`` with a list of values, all of which are combined,
    ``list`` has mappings of parameters instead, one for each cell; ``replicas`` repeats each cell with streams of its
    own.
    """
    if isinstance(spec, Mapping):
        return _spec(spec, "sweep", Path.cwd())
    if not isinstance(spec, (str, os.PathLike)) or not os.fspath(spec):
        raise TypeError(f"spec must be a mapping or the name of a TOML file; got {shown(spec)}")
    path = Path(spec)
    try:
        if path.exists() and not path.is_file():  # a FIFO or a terminal may never end
            raise SpecError(f"spec {shown(str(path))} is no regular file; save the TOML to one")
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except SpecError:
        raise
    except OSError as error:
        raise SpecError(f"spec {shown(str(path))} cannot be read: {error.strerror}; correct the name") from None
    except ValueError as error:  # TOML's own, and bytes that are no text
        raise SpecError(f"spec {shown(str(path))} is no TOML file: {error}; correct it") from None
    return _spec(values, path.stem, path.resolve().parent)


def _spec(values: Mapping[Any, Any], name: str, folder: Path) -> Spec:
    _refuse_unknown(values, _TOP, "spec")
    called = values.get("name", name)
    if not isinstance(called, str) or not called or os.sep in called or called.startswith("."):
        raise SpecError(f"spec: name must be a word that can be a file's name; got {shown(called)}")
    seed = _count(values.get("seed", 0), "seed", 0)
    timeout = values.get("timeout", _TIMEOUT)
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout <= 1e9:
        raise SpecError(f"spec: timeout must be a number of seconds, > 0 and at most 1e9; got {shown(timeout)}")
    blocks = values.get("cells")
    if not isinstance(blocks, Sequence) or isinstance(blocks, str) or not blocks:
        raise SpecError(f"spec: cells must be a list of blocks, one at least; got {shown(blocks)}")
    cells = tuple(cell for k, block in enumerate(blocks) for cell in _cells(block, f"cells[{k}]", seed, folder))
    texts: set[str] = set()
    for cell in cells:
        if cell.text in texts:
            raise SpecError(f"spec: a cell stands twice: {cell.text}; leave one out")
        texts.add(cell.text)
    return Spec(name=called, cells=cells, timeout=float(timeout), folder=folder)


def _cells(block: object, where: str, seed: int, folder: Path) -> Iterator[Cell]:
    """The cells of a block, in the order in which it names them."""
    if not isinstance(block, Mapping):
        raise SpecError(f"spec: {where} must be a mapping; got {shown(block)}")
    _refuse_unknown(block, (*KINDS, *_BLOCK), where)
    kinds = [name for name in KINDS if name in block]
    if len(kinds) != 1:
        raise SpecError(f"spec: {where} must have one of {', '.join(KINDS)}; got {', '.join(kinds) or 'none'}")
    kind = kind_named(kinds[0])
    named = block[kinds[0]]
    names = [named] if isinstance(named, str) else named
    if not isinstance(names, Sequence) or not names or not all(isinstance(name, str) and name for name in names):
        raise SpecError(f"spec: {where}.{kinds[0]} must be a name or a list of names; got {shown(named)}")
    replicas = _count(block.get("replicas", 1), f"{where}.replicas", 1)
    points = list(_points(block, where, replicas * len(names)))
    parameters = [tuple(one) for one in {tuple(point): None for point in points}]
    try:
        targets = [target for name in names for target in kind.targets(name, folder)]
        for target in targets:
            for given in parameters:
                kind.check(target, given, folder)
    except UnknownClaimError as error:
        raise SpecError(f"spec: {where}: {error.message}") from None
    except (TypeError, ValueError) as error:
        raise SpecError(f"spec: {where}: {error}") from None
    for target in targets:
        for point in points:
            for replica in range(replicas):
                yield Cell(kind=kinds[0], target=target, parameters=point, replica=replica, seed=seed)


def _points(block: Mapping[str, Any], where: str, each: int) -> Iterator[dict[str, Json]]:
    """The parameters of a block's cells, ``each`` of which stands for as many cells."""
    fixed = _named(block.get("set", {}), f"{where}.set")
    for name, value in fixed.items():
        _value(value, f"{where}.set.{name}")
    if "list" in block:
        if "grid" in block:
            raise SpecError(f"spec: {where} must have a grid or a list; got both: make two blocks of it")
        listed = block["list"]
        if not isinstance(listed, Sequence) or isinstance(listed, str) or not listed:
            raise SpecError(f"spec: {where}.list must be a list of mappings; got {shown(listed)}")
        _require_room(len(listed) * each, where)
        for k, point in enumerate(listed):
            given = _named(point, f"{where}.list[{k}]")
            _refuse_twice(fixed, given, where)
            yield {**fixed, **{name: _value(value, f"{where}.list[{k}].{name}") for name, value in given.items()}}
        return
    grid = _named(block.get("grid", {}), f"{where}.grid")
    _refuse_twice(fixed, grid, where)
    for name, values in grid.items():
        if not isinstance(values, Sequence) or isinstance(values, str) or not values:
            raise SpecError(f"spec: {where}.grid.{name} must be a list of values; got {shown(values)}")
        for value in values:
            _value(value, f"{where}.grid.{name}")
    _require_room(math.prod(len(values) for values in grid.values()) * each, where)
    for values in product(*grid.values()):
        yield {**fixed, **dict(zip(grid, values, strict=True))}


def _named(values: object, where: str) -> dict[str, Any]:
    if not isinstance(values, Mapping) or not all(isinstance(name, str) and name for name in values):
        raise SpecError(f"spec: {where} must map names to values; got {shown(values)}")
    return dict(values)


def _value(value: object, where: str) -> Json:
    """A number, a word or a truth value."""
    finite = isinstance(value, (str, bool)) or (isinstance(value, (int, float)) and abs(value) < math.inf)
    if not finite:
        raise SpecError(f"spec: {where} must be a number, a word, or true or false; got {shown(value)}")
    return value  # type: ignore[return-value]


def _count(value: object, name: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise SpecError(f"spec: {name} must be an integer >= {least}; got {shown(value)}")
    return value


def _refuse_twice(fixed: Mapping[str, object], given: Iterable[str], where: str) -> None:
    for name in given:
        if name in fixed:
            raise SpecError(f"spec: {where} gives {name} twice, in set too; leave one out")


def _refuse_unknown(values: Mapping[Any, Any], known: Sequence[str], where: str) -> None:
    for name in values:
        if name not in known:
            close = difflib.get_close_matches(str(name)[:60], known, n=1)
            remedy = f"did you mean {close[0]}?" if close else f"it takes {', '.join(known)}"
            raise SpecError(f"spec: {where} has no entry {shown(name)}; {remedy}")


def _require_room(count: int, where: str) -> None:
    require_memory(
        f"a sweep of {count} cells", _CELL * count, name=f"spec: {where}", size=count, cost=lambda k: _CELL * k
    )
