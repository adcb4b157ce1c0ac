"""Cells that run a study: the numbers that ``scoregap experiment NAME`` writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from verify.studies import study
from verify.sweeps.cells import Cell

WHOLE = True
"""A study is found by its name."""


def targets(name: str, folder: Path) -> tuple[str, ...]:
    """The name of one study."""
    return (study(name).name,)


def check(target: str, names: Iterable[str], folder: Path) -> None:
    """Refuse parameters other than those of the command."""
    takes = ("quick", "replicas") if study(target).replicated else ("quick",)
    for name in names:
        if name not in takes:
            raise ValueError(f"grid: the experiment {target} takes {' and '.join(takes)} and no {name!r}; leave it out")


def compute(cell: Cell, folder: Path) -> Mapping[str, Any]:
    """The numbers of the study's JSON file, nested names joined by dots."""
    entry, options = study(cell.target), dict(cell.parameters)
    quick = options.pop("quick", False)
    if not isinstance(quick, bool):
        raise ValueError(f"quick must be true or false; got {quick!r}")
    more = {"replicas": options.get("replicas"), "resume": False, "workers": 1} if entry.replicated else {}
    with TemporaryDirectory(prefix="scoregap-") as out:
        paths = entry.run(Path(out), quick, cell.seed, **more)
        found = [path for path in paths if path.suffix == ".json"]
        if not found:
            raise ValueError(f"the experiment {cell.target} writes no numbers; run it with: scoregap experiment")
        return dict(_flat(json.loads(found[0].read_text(encoding="utf-8"))))


def roots(target: str) -> tuple[str, ...]:
    """The studies."""
    return (__name__,)


def _flat(value: object, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    else:
        yield name, value
