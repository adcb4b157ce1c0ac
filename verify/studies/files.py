"""What a study writes: a table, numbers and a figure, whole or not at all, the same bytes for the same content."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from verify.evidence.files import plain, require_directory, write_or_rescue, write_whole
from verify.studies.drawing import Figure, save

Numbers = dict[str, Any]
"""What a study found, by name: numbers, words, and nested lists and mappings of them."""


@dataclass(frozen=True)
class Output:
    """The files NAME.csv, NAME.json, NAME.png and NAME.svg of a study, in a directory that is checked at once.

    Each is replaced as a whole; where one cannot be written in the end, it goes into the temporary folder, and the
    path says so. ``digits``: significant ones of every number. Raises ValueError for a directory that cannot be used.
    """

    out: Path
    name: str
    digits: int = 10

    def __post_init__(self) -> None:
        object.__setattr__(self, "out", require_directory(self.out))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
        """Write the CSV file: what has no number empty, truth values as yes and no."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value, self.digits) for value in row] for row in rows)
        return self._write(".csv", text.getvalue())

    def numbers(self, values: Mapping[str, object]) -> Path:
        """Write the JSON file; what has no finite number becomes null."""
        text = json.dumps(plain(values, self._number), indent=1, ensure_ascii=False, allow_nan=False)
        return self._write(".json", text + "\n")

    def figure(self, drawn: Figure) -> tuple[Path, Path]:
        """Write the figure as PNG and as SVG."""
        png, svg = (
            write_or_rescue(lambda path: save(drawn, path), self.out / f"{self.name}{ending}")
            for ending in (".png", ".svg")
        )
        return png, svg

    def _number(self, value: float) -> float | None:
        return _rounded(value, self.digits) if math.isfinite(value) else None

    def _write(self, ending: str, text: str) -> Path:
        return write_or_rescue(lambda path: write_whole(path, text), self.out / f"{self.name}{ending}")


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def _cell(value: object, digits: int) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)):
        return "" if math.isnan(value) else repr(_rounded(float(value), digits))
    return str(value)
