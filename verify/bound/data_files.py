"""Data in a file: rows of numbers as CSV or as an array of NumPy, read whole or refused in words."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from theory.checks import shown

_MOST_BYTES = 1 << 30
_ENDINGS = (".csv", ".txt", ".npy")


def read_data(path: Path) -> np.ndarray:
    """The rows of a file, (n, d): CSV with commas, semicolons or blanks and perhaps a line of names, or a .npy array.

    ValueError that names the file and the row for what is no number, NaN or infinite, rows of other lengths, an empty
    file, Python objects, more than two axes, and a file that cannot be read or is too large.
    """
    if path.suffix.lower() not in _ENDINGS:
        raise ValueError(f"{path} must end with {', '.join(_ENDINGS)}; write the data as CSV or with np.save")
    try:
        if not path.is_file():
            raise ValueError(f"{path} is no file; pass a file with a row of numbers per datum")
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError(f"{path} holds more than {_MOST_BYTES >> 20} MiB; pass fewer rows")
        rows = _npy(path) if path.suffix.lower() == ".npy" else _text(path)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from None
    if not rows.size:
        raise ValueError(f"{path} holds no data; pass a row of numbers per datum")
    wrong = np.flatnonzero(~np.isfinite(rows).all(axis=1))
    if len(wrong):
        row = int(wrong[0])
        raise ValueError(f"{path} must hold finite numbers; row {row + 1} has {rows[row].tolist()}; leave it out")
    return rows


def _npy(path: Path) -> np.ndarray:
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        raise ValueError(f"{path} is no array of numbers: {error}; write it with np.save, as floats") from None
    if found.dtype.kind not in "iufb" or found.ndim not in (1, 2):
        raise ValueError(
            f"{path} must hold an array of numbers (n,) or (n, d); got {found.dtype} of shape {found.shape}; convert it"
        )
    rows = np.array(found, dtype=float)
    return rows[:, None] if rows.ndim == 1 else rows


def _text(path: Path) -> np.ndarray:
    text = path.read_text(encoding="utf-8-sig")
    lines = [(k, line) for k, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return np.zeros((0, 1))
    mark = next((sign for sign in (",", ";", "\t") if sign in lines[0][1]), None)
    cells = [
        (number, [cell.strip() for cell in next(csv.reader([line], delimiter=mark))] if mark else line.split())
        for number, line in lines
    ]
    if _names(cells[0][1]):
        cells = cells[1:]
    width = len(cells[0][1]) if cells else 1
    for number, row in cells:
        if len(row) != width:
            raise ValueError(f"{path}: line {number} has {len(row)} columns, where others have {width}; correct it")
    found = np.empty((len(cells), width))
    for k, (number, row) in enumerate(cells):
        try:
            found[k] = [float(cell) for cell in row]
        except ValueError:
            raise ValueError(f"{path}: line {number} must hold numbers; got {shown(','.join(row)[:60])}") from None
    return found


def _names(row: list[str]) -> bool:
    """Whether no cell of a row is a number."""

    def is_number(cell: str) -> bool:
        try:
            float(cell)
        except ValueError:
            return False
        return True

    return not any(is_number(cell) for cell in row)
