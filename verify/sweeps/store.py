"""The store of a sweep: an SQLite file of finished cells, written by one driver, checked before it is used."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import pathname2url

from theory.checks import shown
from verify.evidence.files import locked, require_writable
from verify.sweeps.cells import Cell, Row

APPLICATION = 0x53434F52
"""What SQLite keeps in the file's head: that it is a store of ours."""
FORMAT = 1
"""The version of the table below; a store of another one is not read."""
_TABLE = (
    "CREATE TABLE cells (key TEXT PRIMARY KEY, cell TEXT NOT NULL, code TEXT NOT NULL, state TEXT NOT NULL, "
    "result TEXT NOT NULL, error TEXT NOT NULL, seconds REAL NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID"
)
_COLUMNS = "key, cell, code, state, result, error, seconds, digest"


class StoreError(ValueError):
    """A store is of another version, damaged, in use, or cannot be written; nothing in it was changed."""


class Store:
    """A store that is open for one driver; made by `opened`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, rows: Mapping[str, Row]):
        self.path, self._connection, self._rows = path, connection, dict(rows)

    def row(self, key: str) -> Row | None:
        """What the store has of a cell."""
        return self._rows.get(key)

    def add(self, rows: Iterable[tuple[str, str, Row]]) -> None:
        """Keep rows, each with its key and the version of its code: all of them, or none where the system refuses."""
        kept = list(rows)
        with _told(self.path), self._connection:
            self._connection.executemany(
                f"INSERT OR REPLACE INTO cells ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [_written(key, code, row) for key, code, row in kept],
            )
        self._rows |= {key: row for key, _, row in kept}


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    """The store at a path, made if there is none, while no other driver has it.

    Raises `StoreError`, before anything is written, for a file that is no store, one of another version, a damaged
    one, one that another driver writes to, and one that cannot be written.
    """
    try:
        require_writable(path, "store")
    except (TypeError, ValueError) as error:
        raise StoreError(str(error)) from None
    try:
        with locked(path.with_name(f"{path.name}.lock")):
            rows = _checked(path)
            with _told(path):
                connection = sqlite3.connect(path)
            with closing(connection):
                with _told(path):
                    connection.execute("PRAGMA journal_mode = WAL")
                    connection.execute("PRAGMA synchronous = FULL")
                    if rows is None:
                        _make(connection)
                yield Store(path, connection, rows or {})
    except BlockingIOError:
        raise StoreError(
            f"store {path} is being written to by another sweep; let it end, or take another one"
        ) from None


def _make(connection: sqlite3.Connection) -> None:
    """The table and the head, at once or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_TABLE)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.commit()


def _checked(path: Path) -> Mapping[str, Row] | None:
    """The rows of a store, which is read without being written to; None where there is none yet."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with closing(sqlite3.connect(f"file:{pathname2url(str(path.resolve()))}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != ("ok",):
                raise StoreError(_damaged(path, str(found[0]) if found else "it cannot be checked"))
            application, form, tables = (
                connection.execute(text).fetchone()[0]
                for text in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
            )
            if not application and not tables:
                return None  # a driver was stopped while it made the store
            if application != APPLICATION:
                raise StoreError(f"store {path} is a database of something else; take another file")
            if form != FORMAT:
                raise StoreError(
                    f"store {path} has format {form}, this version of scoregap reads and writes {FORMAT}; "
                    "use the version that made it, or begin a new store"
                )
            return dict(_read(path, row) for row in connection.execute(f"SELECT {_COLUMNS} FROM cells"))
    except sqlite3.DatabaseError as error:
        raise StoreError(_damaged(path, str(error))) from None


def _read(path: Path, row: tuple[Any, ...]) -> tuple[str, Row]:
    key, cell, code, state, result, error, seconds, digest = row
    try:
        made = Row(cell=Cell(**json.loads(cell)), state=state, result=json.loads(result), error=error, seconds=seconds)
        sound = digest == _sum(key, cell, code, state, result, error, seconds) and made.cell.key(code) == key
    except (TypeError, ValueError):
        sound, made = False, None
    if not sound or made is None:
        raise StoreError(_damaged(path, f"the row {shown(key)} is not what was written"))
    return key, made


def _written(key: str, code: str, row: Row) -> tuple[object, ...]:
    result = json.dumps(row.result, ensure_ascii=False, allow_nan=False)
    values = (key, row.cell.text, code, row.state, result, row.error, float(row.seconds))
    return (*values, _sum(*values))


def _sum(*values: object) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()


def _damaged(path: Path, why: str) -> str:
    return f"store {path} is damaged ({why}); it was left as it is: restore it from a copy, or begin a new store"


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the system refuses a database, in words."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"store {path} cannot be written: {error}; what it has is kept: make room or give access, and run the "
            "sweep again"
        ) from None
