"""What a cell may compute, one file for each kind: how its target is read, checked, computed, and by which modules.

Each file has ``targets(name, folder)``, the targets that a name stands for; ``check(target, names, folder)``, which
refuses parameters that the target does not take; ``compute(cell, folder)``, the numbers by name; and
``roots(target)``, the modules, and the file of a user's, whose code the numbers are made by.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

KINDS = ("audit", "bound", "experiment", "measure")
"""The verdict on a claim, the terms of its bound, the numbers of a study, a function's numbers."""


def kind_named(name: str) -> Any:
    """The module of a kind; it is loaded when it is asked for, since a worker needs one of them."""
    if name not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {name!r}")
    return import_module(f"verify.sweeps.kinds.{name}")
