"""What is written: values as JSON holds them, and files that are replaced as a whole or left as they were."""

from __future__ import annotations

import errno
import math
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, TypeAlias

from theory.checks import shown

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What JSON holds."""


# Values --------------------------------------------------------------------------------------------------------------


def in_words(value: float) -> float | str:
    """A float as JSON can hold it: NaN and infinities become words, for they are outcomes of their own."""
    return float(value) if math.isfinite(value) else str(float(value))


def or_null(value: float) -> float | None:
    """A float as JSON can hold it: null for what is not a finite number."""
    return float(value) if math.isfinite(value) else None


def plain(value: object, number: Callable[[float], float | str | None] = in_words) -> Json:
    """A value as JSON can hold it: mappings, lists, text and numbers, floats as ``number`` has them; else as text."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item, number) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item, number) for item in value]
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return number(value)
    listed: Callable[[], object] | None = getattr(value, "tolist", None)  # NumPy's arrays and numbers
    return str(value) if listed is None else plain(listed(), number)


# Files ---------------------------------------------------------------------------------------------------------------


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a file and return its path: a regular file is replaced as a whole, or left as it was if writing fails.

    A new file has the permissions that the umask leaves, one that was there keeps its own. A symbolic link, FIFO or
    device is written to instead, for a replacement would destroy it. Raises OSError where the system does, and for a
    file that is read-only.
    """
    data = content.encode() if isinstance(content, str) else content
    status = _status(path)
    if status is not None and not stat.S_ISREG(status.st_mode):
        with path.open("wb") as stream:
            stream.write(data)
        return path
    _refuse_read_only(path, status)
    rough, handle = _rough_file(path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            if status is not None:
                os.fchmod(handle, stat.S_IMODE(status.st_mode))
            stream.write(data)
        rough.replace(path)
    except BaseException:
        rough.unlink(missing_ok=True)
        raise
    return path


@contextmanager
def locked(path: Path) -> Iterator[BinaryIO]:
    """The file, open for appending, and locked against other processes where the system has locks.

    Raises BlockingIOError where another process holds it. The lock goes with the process, however that ends.
    """
    with path.open("ab") as stream:
        release: Callable[[], object] | None = None
        try:
            locks = import_module("fcntl")
            locks.flock(stream, locks.LOCK_EX | locks.LOCK_NB)
            release = partial(locks.flock, stream, locks.LOCK_UN)
        except BlockingIOError:
            raise
        except (ImportError, OSError):  # no locks on this system, or on this file system
            pass
        try:
            yield stream
            stream.flush()
        finally:
            if release is not None:  # closing alone would leave it to a process that is just being started
                release()


def write_or_rescue(write: Callable[[Path], Path], target: Path) -> Path:
    """Let ``write(target)`` write what took work to make; where it cannot, into a new temporary folder instead.

    Returns where it was written. Raises the error about the target if no file can be written there either.
    """
    try:
        return write(target)
    except (OSError, ValueError) as error:
        try:
            return write(Path(tempfile.mkdtemp(prefix="scoregap-")) / target.name)
        except (OSError, ValueError):
            raise error from None


def require_writable(path: object, name: str = "path") -> Path:
    """The path, if a file can be written there, which is tried without touching it; TypeError or ValueError if not."""
    if not isinstance(path, str | os.PathLike) or not os.fspath(path):
        raise TypeError(f"{name} must be a file name; got {shown(path)}")
    target = Path(path)
    try:
        if target.is_dir():
            raise ValueError(f"{name} must name a file; got the directory {shown(str(path))}")
        if not target.parent.is_dir():
            raise ValueError(
                f"{name} must lie in an existing directory; got {shown(str(path))}: make "
                f"{str(target.parent)[:200]} first"
            )
        status = _status(target)
        if status is None or stat.S_ISREG(status.st_mode):
            _refuse_read_only(target, status)
            _probe(target.parent)
        else:
            _refuse_closed(target)
    except OSError as error:
        raise ValueError(
            f"{name} must be a file that can be written; got {shown(str(path))}: {error.strerror}; pass another one"
        ) from None
    return target


def require_directory(path: str | Path, name: str = "out") -> Path:
    """The path, if it is a directory in which files can be made; ValueError otherwise."""
    folder = Path(path)
    try:
        if not folder.is_dir():
            raise ValueError(f"{name} must be an existing directory; got {shown(str(path))}; make it first")
        _probe(folder)
    except OSError as error:
        raise ValueError(
            f"{name} must be a directory in which files can be made; got {shown(str(path))}: {error.strerror}; "
            "pass another one"
        ) from None
    return folder


def made_directory(path: str | Path, name: str = "out") -> Path:
    """The directory, made if need be, if files can be made in it; ValueError otherwise."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"{name} must be an existing directory, or one that can be made; got {shown(str(path))}, which cannot be "
            f"made: {error.strerror}; pass another one"
        ) from None
    return require_directory(path, name)


def _status(path: Path) -> os.stat_result | None:
    """What is at a path, itself and not what it links to; None for nothing."""
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def _refuse_read_only(path: Path, status: os.stat_result | None) -> None:
    """A replacement needs no permission of the file itself: that it has none is still to be heeded."""
    if status is not None and not (status.st_mode & 0o222 and os.access(path, os.W_OK)):
        raise PermissionError(errno.EACCES, "the file is read-only", str(path))


def _refuse_closed(path: Path) -> None:
    """Raise OSError for a link, FIFO or device that cannot be written to; a FIFO is not opened, which would wait."""
    try:
        place = path
        place.stat()
    except FileNotFoundError:  # a link to a file that is still to be made
        place = Path(os.path.realpath(path)).parent
        place.stat()
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))


def _rough_file(folder: Path) -> tuple[Path, int]:
    """A new empty file of a name that nobody has, open for writing, with the permissions that the umask leaves."""
    rough = folder / f".scoregap-{os.getpid()}-{secrets.token_hex(4)}"
    return rough, os.open(rough, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)


def _probe(folder: Path) -> None:
    """Raise OSError where no file can be made."""
    rough, handle = _rough_file(folder)
    os.close(handle)
    rough.unlink()
