"""What is written: one cleaner for JSON; regular files replaced as a whole, everything else written to as it stands."""

import json
import math
import os
import stat
import threading
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from verify.evidence import files
from verify.evidence.files import locked, or_null, plain, require_directory, require_writable, write_whole


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask():
    """Set the umask for a test."""
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


# Values --------------------------------------------------------------------------------------------------------------


def test_plain_values_are_left_alone():
    value = {"a": [1, 2.5, "x", None, True], "b": {"c": []}}
    assert plain(value) == value


def test_what_json_has_not_becomes_what_it_has():
    value = {
        1: (np.float64(0.1), np.int64(3), np.bool_(True)),
        "array": np.array([[1.5, np.nan]]),
        "set": frozenset({"x"}),
        "exact": sp.Rational(1, 3),
        "far": -math.inf,
    }
    expected = {"1": [0.1, 3, True], "array": [[1.5, "nan"]], "set": ["x"], "exact": "1/3", "far": "-inf"}
    assert plain(value) == expected
    assert json.loads(json.dumps(plain(value, or_null), allow_nan=False)) == {
        **expected,
        "array": [[1.5, None]],
        "far": None,
    }


def test_the_reader_says_what_becomes_of_a_number_at_any_depth():
    assert plain({"a": [1.0, {"b": np.float32(2.5)}], "n": 3}, lambda value: value + 1) == {
        "a": [2.0, {"b": 3.5}],
        "n": 3,
    }


# Regular files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077, 0o000])
def test_a_new_file_has_the_permissions_that_the_umask_leaves(tmp_path, umask, mask):
    umask(mask)
    assert mode(write_whole(tmp_path / "new", "x")) == 0o666 & ~mask


@pytest.mark.parametrize("kept", [0o600, 0o640, 0o755, 0o666])
def test_a_file_keeps_its_permissions(tmp_path, umask, kept):
    umask(0o022)
    path = tmp_path / "old"
    path.write_text("old")
    path.chmod(kept)
    write_whole(path, "ψ\n")
    assert path.read_bytes() == "ψ\n".encode()
    assert mode(path) == kept
    assert list(tmp_path.iterdir()) == [path]


def test_bytes_and_long_names_are_written_as_they_are(tmp_path):
    path = tmp_path / ("n" * 255)
    assert write_whole(path, b"\r\n\x00") == path
    assert path.read_bytes() == b"\r\n\x00"


@pytest.mark.parametrize("where", ["replace", "fdopen", "fchmod"])
def test_a_failing_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, where):
    path = tmp_path / "kept"
    path.write_text("old")

    def fail(*_args, **_options):
        raise OSError("disk full")

    monkeypatch.setattr(Path if where == "replace" else files.os, where, fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_read_only_file_is_refused_and_stays(tmp_path):
    path = tmp_path / "precious"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(PermissionError, match="read-only"):
        write_whole(path, "new")
    with pytest.raises(ValueError, match="read-only; pass another one"):
        require_writable(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


# What is no regular file ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_its_target_is_written(tmp_path, there):
    target, link = tmp_path / "target", tmp_path / "link"
    if there:
        target.write_text("a longer old text")
    link.symlink_to(target)
    assert require_writable(link) == link
    assert target.exists() == there
    write_whole(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_fifo_hands_the_text_to_its_reader_and_stays(tmp_path):
    pipe, seen = tmp_path / "pipe", []
    os.mkfifo(pipe)
    assert require_writable(pipe) == pipe  # no reader yet: the probe must not wait for one
    reader = threading.Thread(target=lambda: seen.append(pipe.read_text()), daemon=True)
    reader.start()
    write_whole(pipe, "through")
    reader.join(timeout=60)
    assert seen == ["through"]
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


def made_device(path, minor):
    """A node of our own for the device 1:minor (3: null, 7: full)."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
        path.open("wb").close()
    except OSError as error:
        pytest.skip(f"devices cannot be made or opened here: {error}")


def test_a_device_stays_a_device(tmp_path):
    made_device(tmp_path / "null", 3)
    assert require_writable(tmp_path / "null") == tmp_path / "null"
    write_whole(tmp_path / "null", "gone")
    assert stat.S_ISCHR((tmp_path / "null").lstat().st_mode)


def test_a_full_device_is_an_error_and_stays(tmp_path):
    made_device(tmp_path / "full", 7)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "full", "x")
    assert stat.S_ISCHR((tmp_path / "full").lstat().st_mode)


# Probes --------------------------------------------------------------------------------------------------------------


def test_a_probe_leaves_no_trace(tmp_path):
    (tmp_path / "old").write_text("old")
    before = (tmp_path / "old").stat()
    assert require_writable(tmp_path / "new") == tmp_path / "new"
    assert require_writable(str(tmp_path / "old")) == tmp_path / "old"
    assert require_directory(tmp_path) == tmp_path
    assert [item.name for item in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").stat().st_mtime_ns == before.st_mtime_ns


def test_where_no_file_can_be_written_is_said_in_words(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "lost").symlink_to(tmp_path / "missing" / "file")
    for path, words in (
        (tmp_path, "place must name a file"),
        (tmp_path / "missing" / "x", "must lie in an existing directory; got .*make .*missing first"),
        (tmp_path / ("n" * 256), "File name too long; pass another one"),
        (tmp_path / "loop", "Too many levels of symbolic links; pass another one"),
        (tmp_path / "lost", "must be a file that can be written; got .*No such file or directory"),
    ):
        with pytest.raises(ValueError, match=words):
            require_writable(path, "place")
    for bad in (None, 3, "", b"bytes"):
        with pytest.raises(TypeError, match="path must be a file name"):
            require_writable(bad)


def test_a_directory_without_room_is_refused_before_the_work(tmp_path, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "open", full)
    with pytest.raises(ValueError, match="No space left on device"):
        require_writable(tmp_path / "x")
    with pytest.raises(ValueError, match="out must be a directory in which files can be made"):
        require_directory(tmp_path)


def test_a_lock_ends_with_its_block_though_a_process_that_was_being_started_has_the_file_open(tmp_path):
    pytest.importorskip("fcntl", reason="this system has no locks")
    path = tmp_path / "store.lock"
    with locked(path) as stream:
        with pytest.raises(BlockingIOError), locked(path):
            pass
        inherited = os.dup(stream.fileno())  # what a child has between fork and exec
        stream.write(b"kept")
    try:
        with locked(path):
            assert path.read_bytes() == b"kept"
    finally:
        os.close(inherited)
