"""Claims and lemmas that a cell names: an id of the registry, or ``FILE.py:NAME`` from the folder of the spec; all
lemmas of a file by ``FILE.py``.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from theory.claims import REGISTRY
from verify.sweeps.kinds.places import is_place, resolved

LEMMAS = ("verify.lemma.files",)
"""The module by whose code a lemma is made."""


def stated(target: str, folder: Path) -> Any:
    """The claim of an id, or the lemma of a place; errors of the registry and of files of lemmas."""
    if is_place(target):  # loaded only then: a bound of the registry does not depend on what makes lemmas
        return import_module("verify.lemma.files").lemma_at(resolved(target, folder))
    return REGISTRY[target]


def ids(name: str, folder: Path) -> tuple[str, ...]:
    """The claims that an id or a family names, or the places of a file's lemmas."""
    if name.endswith(".py"):
        found = import_module("verify.lemma.files").lemmas_in(folder / name)
        return tuple(f"{name}:{lemma}" for lemma in found)
    return (name,) if is_place(name) else REGISTRY.select(name)
