"""How far a study is: a bar on a terminal and in a notebook, elsewhere a line every few seconds."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from theory.markup import html_text
from verify.evidence.notebooks import Display, bar, in_notebook

_OFTEN = 0.5
"""Seconds between two changes of a notebook's display."""


@dataclass
class Progress:
    """How far a study is, with the time left: a bar on a terminal and in a notebook, else lines; as a context."""

    what: str
    total: int
    seconds: float = 5.0
    _begin: float = field(default_factory=time.monotonic)
    _next: float = 0.0
    _first: int | None = None
    _bar: Bar | None = None
    _display: Display | None = None

    def __enter__(self) -> Progress:
        self._next = self._begin + self.seconds
        if in_notebook():
            self._display = Display()
        elif sys.stderr.isatty():
            self._bar = Bar(
                TextColumn(self.what),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.add_task("", total=self.total)
            self._bar.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def tell(self, done: int) -> None:
        """Say how far the work is, if it is time to; what was done at the first call took no time."""
        if self._first is None:
            self._first = done
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done)
        elif self._display is not None:
            if done in (0, self.total) or time.monotonic() >= self._next:
                self._next = time.monotonic() + _OFTEN
                self._display.show(f"{html_text(self.what)} {bar(done, self.total)}{self._left(done)}")
        elif time.monotonic() >= self._next:
            self._next = time.monotonic() + self.seconds
            sys.stderr.write(f"{self.what}: {done} of {self.total}{self._left(done)}\n")
            sys.stderr.flush()

    def _left(self, done: int) -> str:
        new = done - (self._first or 0)
        if new <= 0 or done >= self.total:
            return ""
        left = (time.monotonic() - self._begin) / new * (self.total - done)
        return f", about {left:.0f} s left" if left < 120 else f", about {left / 60:.0f} min left"
