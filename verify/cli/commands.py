"""The group of all commands: what it refuses is said in few words, however much was typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from verify.cli.guard import shortened

_USAGE: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


@contextmanager
def _in_few_words() -> Iterator[None]:
    """Errors of usage that do not repeat a megabyte of input."""
    try:
        yield
    except _USAGE as error:
        told: Any = error
        told.message = shortened(str(told.message))
        raise


class Commands(TyperGroup):
    """The commands; no message of theirs is long."""

    def make_context(self, *args: Any, **more: Any) -> Any:
        """Read the options of the group itself."""
        with _in_few_words():
            return super().make_context(*args, **more)

    def invoke(self, *args: Any, **more: Any) -> Any:
        """Read what a command is given, and run it."""
        with _in_few_words():
            return super().invoke(*args, **more)
