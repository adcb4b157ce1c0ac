"""Work that any concurrent.futures.Executor does: handed out, awaited, and an executor that is lost told in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from theory.checks import shown

TICK, PATIENCE = 1.0, 30.0
"""Seconds between looks at an executor that is silent, and those for which its scheduler may be away."""
_MOST = 1000
"""Pieces of work that are handed back at once."""
_CLUSTERS = ("distributed", "dask", "mpi4py")
"""Packages whose errors are the executor's, not the work's."""


class ExecutorLostError(RuntimeError):
    """The executor cannot do its work any more: its processes, workers or scheduler are gone."""


def lost(error: BaseException) -> ExecutorLostError:
    """What is raised for an error of an executor."""
    return ExecutorLostError(f"the executor failed ({type(error).__name__}: {str(error)[:300]})")


def require_executor(executor: object) -> None:
    """TypeError for what is neither an executor nor None."""
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise TypeError(f"executor must be a concurrent.futures.Executor; got {shown(executor)}")


class Work:
    """Pieces of work that an executor has in hand, each with a name.

    Every method raises `ExecutorLostError` where the executor refuses, or its scheduler has been away for too long.
    """

    def __init__(self, executor: Executor):
        self._executor = executor
        self._names: dict[Future[Any], Any] = {}
        self._ended: SimpleQueue[Future[Any]] = SimpleQueue()
        self._silent = 0.0

    def __len__(self) -> int:
        return len(self._names)

    def submit(self, name: object, function: Callable[..., Any], *arguments: object) -> None:
        """Hand a piece of work to the executor."""
        try:
            future = self._executor.submit(function, *arguments)
        except Exception as error:  # an executor may refuse in any way
            raise lost(error) from error
        self._names[future] = name
        future.add_done_callback(self._ended.put)

    def ended(self) -> list[Future[Any]]:
        """What ended, after a wait for the first; nothing where the executor is silent."""
        try:
            found = [self._ended.get(timeout=TICK)]
        except Empty:
            self.look()
            return []
        self._silent = 0.0
        with suppress(Empty):
            while len(found) < _MOST:
                found.append(self._ended.get_nowait())
        return [future for future in found if future in self._names]

    def take(self, future: Future[Any]) -> Any:
        """The name of a piece that ended, which is in hand no longer."""
        return self._names.pop(future)

    def results(self) -> Iterator[tuple[Any, Any]]:
        """Each piece's name and result as it ends, until there is none; what it raises is raised, see `result`."""
        while self._names:
            for future in self.ended():
                yield self.take(future), result(future)

    def cancel(self) -> None:
        """Do not begin what has not begun."""
        for future in self._names:
            future.cancel()

    def finished(self) -> list[tuple[Any, Any]]:
        """What ended well and was not taken: each piece's name and result."""
        return [(name, one.result()) for one, name in self._names.items() if one.done() and failure(one) is None]

    def look(self) -> None:
        """Look at the connection to a cluster's scheduler, if the executor is of one."""
        status = getattr(getattr(self._executor, "_client", None), "status", "running")
        if status == "running":
            self._silent = 0.0
            return
        self._silent = self._silent or time.monotonic()
        if status in ("closed", "closing") or time.monotonic() - self._silent > PATIENCE:
            raise lost(RuntimeError(f"the connection to the scheduler is {status}"))


def failure(future: Future[Any]) -> BaseException | None:
    """Why a future that is done has no result, None where it has one."""
    return CancelledError("it was cancelled") if future.cancelled() else future.exception()


def result(future: Future[Any]) -> Any:
    """The result of a future that is done; its error, as `ExecutorLostError` where that is the executor's own."""
    error = failure(future)
    if isinstance(error, (BrokenExecutor, CancelledError)) or type(error).__module__.split(".")[0] in _CLUSTERS:
        raise lost(error or CancelledError()) from error
    return future.result()
