"""What a study writes: a table, numbers and a figure, whole or not at all, the same bytes for the same content."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from verify.evidence.files import plain, require_directory, write_whole
from verify.studies.drawing import save

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Output:
    """The files NAME.csv, NAME.json, NAME.png and NAME.svg of a study, in a directory that is checked at once.

    Each is replaced as a whole. ``digits``: significant ones of every number. Raises
    ValueError for a directory that cannot be used.
    """

    out: Path
    name: str
    digits: int = 10

    def __post_init__(self) -> None:
        object.__setattr__(self, "out", require_directory(self.out))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
        """Write the CSV file: what has no number empty, truth values as yes and no."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value, self.digits) for value in row] for row in rows)
        return self._write(".csv", text.getvalue())

    def numbers(self, values: Mapping[str, Any]) -> Path:
        """Write the JSON file; what has no finite number becomes null."""
        text = json.dumps(plain(values, self._number), indent=1, ensure_ascii=False, allow_nan=False)
        return self._write(".json", text + "\n")

    def figure(self, drawn: Figure) -> tuple[Path, Path]:
        """Write the figure as PNG and as SVG."""
        return save(drawn, self.out / f"{self.name}.png"), save(drawn, self.out / f"{self.name}.svg")

    def _number(self, value: float) -> float | None:
        return _rounded(value, self.digits) if math.isfinite(value) else None

    def _write(self, ending: str, text: str) -> Path:
        return write_whole(self.out / f"{self.name}{ending}", text)


@dataclass
class Progress:
    """How far a study is, with the time left: a bar on a terminal, elsewhere a line every few seconds; as a context."""

    what: str
    total: int
    seconds: float = 5.0
    _begin: float = field(default_factory=time.monotonic)
    _next: float = 0.0
    _first: int | None = None
    _bar: Any = None

    def __enter__(self) -> Progress:
        self._next = self._begin + self.seconds
        if sys.stderr.isatty():
            from rich.console import Console  # noqa: PLC0415
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn  # noqa: PLC0415
            from rich.progress import Progress as Bar  # noqa: PLC0415

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


def verdicts(*ids: str) -> dict[str, str]:
    """The verdict that the plan of each claim expects, and an audit establishes."""
    from verify.plans import PLANS  # noqa: PLC0415

    return {name: str(PLANS[name].expected) for name in ids}


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def _cell(value: Any, digits: int) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)):
        return "" if math.isnan(value) else repr(_rounded(float(value), digits))
    return str(value)
