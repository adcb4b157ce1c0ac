"""What a sweep found: a row for each cell in the order of the spec, as CSV and as Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numerics.checks.extras import optional
from verify.evidence.files import require_writable, write_or_rescue, write_whole
from verify.sweeps.cells import NOT_RUN, Row

_WORDS = ("nan", "inf", "-inf")
"""Floats that are words in JSON."""


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """The rows of all cells; ``computed`` of them in this run, the others were in the ``store``.

    ``interrupted``: a Ctrl-C ended it, and the cells that are not run are told as such.
    """

    name: str
    rows: tuple[Row, ...]
    store: Path
    computed: int
    interrupted: bool = False

    @property
    def ok(self) -> bool:
        """Whether every cell has its numbers."""
        return all(row.done for row in self.rows)

    @property
    def failures(self) -> tuple[Row, ...]:
        """The cells that were run and have no numbers."""
        return tuple(row for row in self.rows if not row.done and row.state != NOT_RUN)

    def counts(self) -> Mapping[str, int]:
        """How many cells ended in which state."""
        return dict(Counter(row.state for row in self.rows))

    def table(self) -> tuple[list[str], list[list[Any]]]:
        """Column names, and for each cell its kind, target, parameters, state, numbers and error.

        A number that is called like a parameter has ``result.`` before its name. None is what a cell does not have.
        """
        before = ["kind", "target", *_names(row.cell.parameters for row in self.rows)]
        if any(row.cell.replica for row in self.rows):
            before.append("replica")
        before.append("state")
        numbers = _names(row.result for row in self.rows)
        columns = [*before, *(f"result.{name}" if name in (*before, "error") else name for name in numbers), "error"]
        return columns, [
            [*(_given(row, name) for name in before), *(row.result.get(name) for name in numbers), row.error]
            for row in self.rows
        ]

    def to_csv(self, path: str | Path) -> Path:
        """Write the table as CSV, floats with all their digits; returns where it was written."""
        require_writable(path)
        columns, rows = self.table()
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value) for value in row] for row in rows)
        return write_or_rescue(lambda target: write_whole(target, text.getvalue()), Path(path))

    def to_parquet(self, path: str | Path) -> Path:
        """Write the table as Parquet; needs pyarrow (``pip install 'scoregap[cluster]'``)."""
        require_writable(path)
        arrow, parquet = (optional(name, "cluster", "Parquet needs it") for name in ("pyarrow", "pyarrow.parquet"))
        columns, rows = self.table()
        made = arrow.table({name: _column([row[k] for row in rows]) for k, name in enumerate(columns)})
        sink = io.BytesIO()
        parquet.write_table(made, sink)
        return write_or_rescue(lambda target: write_whole(target, sink.getvalue()), Path(path))


def _names(mappings: Any) -> list[str]:
    """The keys of all mappings, each once, in the order in which they come."""
    return list(dict.fromkeys(name for one in mappings for name in one))


def _given(row: Row, name: str) -> Any:
    own = {"kind": row.cell.kind, "target": row.cell.target, "replica": row.cell.replica, "state": row.state}
    return row.cell.parameters.get(name, own.get(name))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _column(values: Sequence[Any]) -> list[Any]:
    """The values of one type: truth values, integers, floats, or else text."""
    present = [value for value in values if value is not None]
    kinds = {type(value) for value in present if value not in _WORDS}
    if kinds in ({bool}, {int}) and not any(value in _WORDS for value in present):
        return list(values)
    if kinds <= {int, float}:
        return [None if value is None else float(value) for value in values]
    return [None if value is None else _cell(value) for value in values]
