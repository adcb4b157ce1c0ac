"""The store: what is refused in words, and never written over."""

import shutil
import sqlite3
from contextlib import closing

import pytest

import verify
from verify.sweeps import store as stores
from verify.sweeps.cells import Cell, Row
from verify.sweeps.store import StoreError, opened

CELL = Cell(kind="measure", target="a.py:f", parameters={"n": 3, "x": 0.1})
ROW = Row(cell=CELL, state="done", result={"y": 0.1 + 0.2, "z": "nan", "list": [1, 2.5]}, seconds=0.25)
SPEC = {"cells": [{"bound": "L4:sharp", "set": {"tau": 1, "distance_initial": 1}}]}


@pytest.fixture
def path(tmp_path):
    """A store with one row."""
    found = tmp_path / "s.sqlite"
    with opened(found) as kept:
        kept.add([(CELL.key("v1"), "v1", ROW)])
    return found


def test_a_row_comes_back_bit_for_bit(path):
    with opened(path) as kept:
        assert kept.row(CELL.key("v1")) == ROW
        assert kept.row(CELL.key("v2")) is None  # other code
        assert kept.row(Cell(kind="measure", target="a.py:f", parameters={"n": 3, "x": 0.1}, seed=1).key("v1")) is None


def test_two_drivers_on_one_store_are_refused(path):
    with opened(path), pytest.raises(StoreError, match="another sweep"), opened(path):
        pass
    with opened(path) as kept:
        assert kept.row(CELL.key("v1")) == ROW


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("PRAGMA user_version = 99", "has format 99, this version of scoregap reads and writes 1"),
        ("PRAGMA application_id = 1", "something else"),
        ("UPDATE cells SET result = '{}'", "is damaged"),
        ("UPDATE cells SET state = 'failed'", "is damaged"),
        ("UPDATE cells SET code = 'v2'", "is damaged"),
        ("DROP TABLE cells", "is damaged"),
    ],
)
def test_a_store_that_was_changed_is_refused_and_left_as_it_is(path, change, words):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(change)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=words), opened(path):
        pass
    with pytest.raises(ValueError, match=words):
        verify.sweep(SPEC, store=path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_store_is_refused_and_left_as_it_is(tmp_path, damage):
    path = tmp_path / "s.sqlite"
    path.write_bytes(damage)
    if not damage:  # a driver was stopped before its first row
        with opened(path) as kept:
            assert kept.row("") is None
        return
    with pytest.raises(StoreError, match="is damaged"), opened(path):
        pass
    assert path.read_bytes() == damage


def test_a_store_that_lost_its_end_is_refused(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 + 100])
    with pytest.raises(StoreError, match="is damaged"), opened(path):
        pass


def test_a_place_that_cannot_be_written_is_refused_before_any_work(tmp_path, path):
    with pytest.raises(StoreError, match="store must lie in an existing directory"), opened(tmp_path / "no" / "s"):
        pass
    path.chmod(0o400)
    with pytest.raises(StoreError, match="store must be a file that can be written"), opened(path):
        pass


def test_a_full_disk_is_told_and_what_was_kept_is_there(path):
    other = Cell(kind="measure", target="a.py:f", parameters={"n": 4})
    big = Row(cell=other, state="done", result={"text": "x" * 1_000_000})
    with opened(path) as kept:
        pages = kept._connection.execute("PRAGMA page_count").fetchone()[0]
        kept._connection.execute(f"PRAGMA max_page_count = {pages}")  # what SQLite says of a full disk
        with pytest.raises(StoreError, match=r"cannot be written: database or disk is full; what it has is kept"):
            kept.add([(other.key("v1"), "v1", big)])
    with opened(path) as kept:
        assert kept.row(CELL.key("v1")) == ROW
        assert kept.row(other.key("v1")) is None


def test_a_store_that_was_copied_without_its_driver_is_the_same(path, tmp_path):
    shutil.copy(path, tmp_path / "copy.sqlite")
    with opened(tmp_path / "copy.sqlite") as kept:
        assert kept.row(CELL.key("v1")) == ROW
    assert stores.FORMAT == 1
