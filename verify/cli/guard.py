"""What surrounds the command: output that cannot be written, memory, interrupts and a missing place to work, in words.

Standard library only, so that what fails while the command is loaded is told in words, too.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from typing_extensions import Buffer

INTERRUPTED, CLOSED, REFUSED = 130, 141, 3
"""Exit statuses: of a Ctrl-C, of a reader that went away (`| head -1`), of a system without room, memory or access."""
_LONGEST = 1000


class _Raw(io.FileIO):
    """A file descriptor that remembers why it could not be written to, and from then on takes everything in silence.

    So no library trips over a full disk or a closed pipe, each in its own way, and work that also writes a file goes
    on to its end.
    """

    failure: OSError | None = None

    def write(self, data: Buffer, /) -> int:
        """Write what can be written."""
        if self.failure is None:
            try:
                return super().write(data) or 0
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes


def failure() -> OSError | None:
    """Why the standard output could not be written, if it could not."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.failure if isinstance(raw, _Raw) else None


def shortened(text: str) -> str:
    """A message that does not repeat a megabyte of input."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"


def seek_circles_seldom() -> None:
    """Let the garbage collector look for circles of objects seldom: exact terms make few, and hold millions."""
    gc.set_threshold(100_000, 50, 50)


def guarded(load: Callable[[], Callable[[], object]]) -> None:
    """Load a command and run it; leave with its exit status, or with one line that says what the system refused."""
    seek_circles_seldom()
    _fill()
    _take_streams()
    os.environ["MPLBACKEND"] = "agg"  # nothing is shown in a window: a bad value must not matter
    status, told = _outcome(load)
    with suppress(Exception):
        sys.stdout.flush()
    trouble = failure()
    if trouble is not None and trouble.errno == errno.EPIPE:
        status, told = CLOSED, ""
    elif trouble is not None:
        status, told = REFUSED, told or f"the output could not be written: {trouble.strerror}; send it elsewhere"
    if told:
        with suppress(Exception):
            sys.stderr.write(f"scoregap: {shortened(told)}\n")
    with suppress(Exception):
        sys.stderr.flush()
    sys.exit(status)


def _outcome(load: Callable[[], Callable[[], object]]) -> tuple[int, str]:
    """The exit status of a command, and what is still to be said."""
    status, told = 0, ""
    try:
        _require_place()
        load()()
    except SystemExit as leaving:
        status, told = (1, leaving.code) if isinstance(leaving.code, str) else (leaving.code or 0, "")
    except KeyboardInterrupt:
        status, told = INTERRUPTED, "interrupted"
    except MemoryError as error:
        about = f" ({error})" if str(error) else ""
        status, told = REFUSED, f"there is not enough memory{about}; ask for less, or free some"
    except RecursionError:
        status, told = REFUSED, "an expression is nested too deeply; write it in several steps"
    except OSError as error:
        status, told = REFUSED, words(error)
    return status, told


def words(error: OSError) -> str:
    """What the system refused, and of which file."""
    reason = error.strerror or str(error) or type(error).__name__
    name = error.filename if error.filename is not None else ""
    text = os.fsdecode(name) if isinstance(name, str | bytes) else str(name)
    return f"{text[:200]}{'…' if len(text) > 200 else ''}: {reason}" if text else reason


def _require_place() -> None:
    """Raise OSError in a working directory that was removed: libraries ask for it while they load."""
    try:
        os.getcwd()
    except FileNotFoundError:
        raise OSError("the working directory does not exist any more; change to another one") from None


def _fill() -> None:
    """Put something into closed standard descriptors, lest the next file that is opened be taken for the output.

    It can only be read: what is written to a closed output fails, and is told of.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # the lowest free number, which is this one


def _take_streams() -> None:
    """Standard output and error that never raise: see `_Raw`; what the encoding lacks is written as an escape."""
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream: TextIO | None = getattr(sys, name)  # None where it was closed
        if os.name != "posix":  # a console there is no plain descriptor
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
            continue
        try:
            if stream is not None:
                stream.flush()
                number = stream.fileno()  # noqa: PLW2901 - elsewhere than usual
            raw = _Raw(number, "wb", closefd=False)
        except (OSError, ValueError):  # no descriptor: something else takes the output
            continue
        encoding = "utf-8" if stream is None else stream.encoding
        made = io.TextIOWrapper(
            io.BufferedWriter(raw), encoding=encoding, errors="backslashreplace", line_buffering=True
        )
        setattr(sys, name, made)
