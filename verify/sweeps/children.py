"""Child processes that compute cells: one cell at a time, started anew when they die, ended when they take too long.

Whatever executor runs `run_cell`, the cell is computed in a child of its own process, started afresh with one thread
for each library. So the numbers are the same on all of them, a cell that kills its process takes no other with it, and
one that hangs can be ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from verify.sweeps.cells import KILLED, LATE

MOST_DEATHS = 3
"""How often a cell may kill its process before it is set aside."""
ENVIRONMENT = {
    **dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS"),
        "1",
    ),
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
}
"""What numbers could depend on: sums in threads, the order of sets."""
_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.stdin.buffer.readline()); "
    "from verify.sweeps.serving import serve; serve()"
)
_READY = b"ready\n"
_MOMENT = 0.05
"""Seconds after which no further cell of a handful is begun."""
_GRACE = 5.0
"""Seconds that a child is given to leave by itself."""
_LOCK = threading.Lock()
_IDLE: list[Child] = []
_BUSY: dict[str, set[Child]] = {}
_STOPPED: set[str] = set()


class ChildError(RuntimeError):
    """A child process cannot be started."""


class StoppedError(RuntimeError):
    """The sweep was stopped while the cell was computed."""


class Child:
    """A process that computes cells; it leaves when this one does."""

    def __init__(self) -> None:
        with held():  # a process that is started here inherits that interrupts are held back: they are the driver's
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CODE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **ENVIRONMENT},
            )
        path = json.dumps([os.path.abspath(entry) for entry in sys.path])
        if self._answer(path.encode()) != _READY:
            raise ChildError(f"a process for cells could not be started: {self.end()}; see what it said above")

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def ask(self, task: str, seconds: float) -> tuple[bytes, bool]:
        """The answer to a task, empty where the process died; and whether it was ended for taking too long."""
        late = threading.Event()

        def too_late() -> None:
            late.set()
            self.kill()

        watch = threading.Timer(seconds, too_late)
        watch.daemon = True
        watch.start()
        try:
            return self._answer(task.encode()), late.is_set()
        finally:
            watch.cancel()

    def _answer(self, line: bytes) -> bytes:
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:
            return b""
        try:
            requests.write(line + b"\n")
            requests.flush()
            answer = answers.readline()
        except OSError:
            return b""
        return answer if answer.endswith(b"\n") else b""

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def end(self) -> str:
        """Let the process leave, or end it; how it ended, in words."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):  # what was still to be written has no reader
                    stream.close()
        try:
            status = self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.kill()
            status = self._process.wait()
        if status >= 0:
            return f"exit status {status}"
        names = {entry.value: entry.name for entry in signal.Signals}
        return names.get(-status, f"signal {-status}")


def run_cells(tasks: Sequence[str], seconds: float, sweep: str) -> list[dict[str, Any]]:
    """Compute the cells of tasks in turn until a moment has passed, and return the answers so far, one at least.

    So that quick cells cost an executor one piece of work for a handful, and a slow one holds up no other for long.
    """
    begin, answers = time.monotonic(), list[dict[str, Any]]()
    for task in tasks:
        try:
            answers.append(run_cell(task, seconds, sweep))
        except StoppedError:
            if not answers:
                raise
            break
        if time.monotonic() - begin > _MOMENT:
            break
    return answers


def run_cell(task: str, seconds: float, sweep: str) -> dict[str, Any]:
    """Compute the cell of a task in a child process, and return what it answers.

    ``seconds``: how long it may take; ``sweep``: by which `stop` knows it. A cell whose process dies is tried again,
    and set aside after the third time. Raises `ChildError`, and `StoppedError` after a `stop`.
    """
    death = ""
    for _ in range(MOST_DEATHS):
        child = _taken(sweep)
        answer, late = b"", False
        try:
            answer, late = child.ask(task, seconds)
        finally:
            _given_back(sweep, child, well=bool(answer) and not late)
        if answer:
            return json.loads(answer)
        death = child.end()
        if sweep in _STOPPED:
            raise StoppedError("the sweep was stopped")
        if late:
            return {"state": LATE, "error": f"not done after {seconds:g} s; give it more with timeout", "took": seconds}
    return {"state": KILLED, "error": f"killed its process {MOST_DEATHS} times ({death})", "took": 0.0}


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def stop(sweep: str) -> None:
    """End the cells of a sweep that are being computed in children of this process."""
    with _LOCK:
        _STOPPED.add(sweep)
        for child in _BUSY.get(sweep, ()):
            child.kill()


def dismiss() -> None:
    """Let the children leave that have nothing to do."""
    with _LOCK:
        leaving = list(_IDLE)
        _IDLE.clear()
    for child in leaving:
        child.end()


def _taken(sweep: str) -> Child:
    """A child that has nothing to do, or a new one."""
    with _LOCK:
        if sweep in _STOPPED:
            raise StoppedError("the sweep was stopped")
        child = _IDLE.pop() if _IDLE else None
    child = child or Child()
    with _LOCK:
        _BUSY.setdefault(sweep, set()).add(child)
        if sweep in _STOPPED:
            child.kill()
    return child


def _given_back(sweep: str, child: Child, *, well: bool) -> None:
    with _LOCK:
        _BUSY[sweep].discard(child)
        if not _BUSY[sweep]:
            del _BUSY[sweep]
        if well:
            _IDLE.append(child)


@contextmanager
def held() -> Iterator[None]:
    """Hold interrupts back; what came meanwhile comes at the end."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
