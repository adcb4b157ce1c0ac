"""Optional parts of the toolkit: what needs one that is not installed says so, by one error that names it."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class MissingExtraError(ValueError):
    """An optional part is not installed: ``extra`` is its name, as in ``pip install 'scoregap[digits]'``."""

    def __init__(self, extra: str, what: str, error: ImportError):
        self.extra = extra
        super().__init__(f"{what} ({error}); pip install 'scoregap[{extra}]'")

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.extra, str(self))


def _again(extra: str, message: str) -> MissingExtraError:
    """The error of a worker process."""
    made = MissingExtraError.__new__(MissingExtraError, message)
    made.extra = extra
    return made


def optional(module: str, extra: str, what: str) -> Any:
    """The module of an optional part; `MissingExtraError`, with ``what`` needs it in words, where it is not there."""
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(extra, what, error) from error
