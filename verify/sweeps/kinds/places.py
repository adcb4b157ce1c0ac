"""Places in Python files of a user's, ``FILE.py:NAME``, from the folder of the spec."""

from __future__ import annotations

from pathlib import Path


def is_place(target: str) -> bool:
    """Whether a target lies in a Python file of a user's."""
    return ".py:" in target


def file_of(target: str, folder: Path) -> Path:
    """The Python file of a target in one."""
    return folder / target.rpartition(":")[0]


def resolved(target: str, folder: Path) -> str:
    """A target in a file, from wherever the folder is."""
    return f"{file_of(target, folder)}:{target.rpartition(':')[2]}"
