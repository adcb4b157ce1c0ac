"""The driver of a sweep: hands cells to an executor, keeps each in the store as it ends, and goes on after any stop."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from json import dumps
from os import PathLike, fspath
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from theory.checks import shown
from verify.studies.progress import Progress as Lines
from verify.sweeps.cells import KILLED, NOT_RUN, Cell, Row
from verify.sweeps.children import MOST_DEATHS, cores, dismiss, run_cell, stop
from verify.sweeps.results import Sweep
from verify.sweeps.serving import FOREIGN
from verify.sweeps.spec import Spec, read
from verify.sweeps.store import Store, opened
from verify.sweeps.versions import code_version, look_again

Progress = Callable[[Row, int, int], None]
"""Called with (row, number done, number in all) as each cell is kept."""
WINDOW = 1000
"""Cells that an executor has at most at any time."""
_TICK, _PATIENCE = 1.0, 30.0
"""Seconds between looks at an executor that is silent, and those for which it may be away."""


class ExecutorLostError(RuntimeError):
    """The executor cannot compute cells any more; what was done is in the store."""


def sweep(
    spec: object,
    *,
    executor: Executor | None = None,
    store: str | PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Compute the cells of a spec that the store does not have, and return all of them in the order of the spec.

    spec: a TOML file or a mapping, see `verify.sweeps.spec.read`. executor: any concurrent.futures.Executor, such as
    ``Client(…).get_executor()`` of Dask or ``MPIPoolExecutor`` of mpi4py; without one, a process for each processor.
    The numbers do not depend on it, nor on the number of workers and the order. store: an SQLite file, NAME.sqlite of
    the spec's name if left out; what it has is not computed again, unless the code that computes it has changed.
    progress: called with (row, done, total) as each cell is kept; left out, the standard error tells how far it is.

    A cell that raises is told as failed, one that takes longer than the spec's timeout as timed out, and one that kills
    its process three times as killed; the next run tries them again. A KeyboardInterrupt ends the sweep with what is
    done (``interrupted``). Raises ValueError for a spec or a store that cannot be used (nothing is computed then), and
    `ExecutorLostError` (a RuntimeError) where the executor fails; what was done is kept.
    """
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise TypeError(f"executor must be a concurrent.futures.Executor; got {shown(executor)}")
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be callable; got {shown(progress)}")
    if store is not None and (not isinstance(store, (str, PathLike)) or not fspath(store)):
        raise TypeError(f"store must be the name of a file; got {shown(store)}")
    plan = read(spec)
    place = Path(store) if store is not None else Path(f"{plan.name}.sqlite")
    with opened(place) as kept, _telling(plan, progress) as tell, _workers(executor) as workers:
        run = _Run(plan=plan, executor=workers, store=kept, tell=tell)
        run.all()
    return Sweep(
        name=plan.name,
        rows=tuple(kept.row(key) or Row(cell=cell, state=NOT_RUN) for key, cell in run.keys.items()),
        store=place,
        computed=run.computed,
        interrupted=run.interrupted,
    )


@contextmanager
def _workers(executor: Executor | None) -> Iterator[Executor]:
    """The executor, or threads of which each has a process."""
    own = ThreadPoolExecutor(cores()) if executor is None else None
    try:
        yield executor or own  # type: ignore[misc]
    finally:
        if own is not None:
            own.shutdown(wait=True, cancel_futures=True)
        dismiss()


@contextmanager
def _telling(plan: Spec, progress: Progress | None) -> Iterator[Callable[[Row | None, int, int], object]]:
    """What is called with each row that is kept, and first without one."""
    if progress is not None:
        yield lambda row, done, total: None if row is None else progress(row, done, total)
        return
    with Lines(plan.name, len(plan.cells)) as lines:
        yield lambda _row, done, _total: lines.tell(done)


@dataclass(kw_only=True)
class _Run:
    """One run of a sweep, from the cells that wait to the rows that are kept."""

    plan: Spec
    executor: Executor
    store: Store
    tell: Callable[[Row | None, int, int], object]
    keys: dict[str, Cell] = field(default_factory=dict)
    computed: int = 0
    interrupted: bool = False
    _known: int = 0
    _codes: dict[str, str] = field(default_factory=dict)
    _token: str = field(default_factory=lambda: secrets.token_hex(8))
    _pending: dict[Future[dict[str, Any]], str] = field(default_factory=dict)
    _ended: SimpleQueue[Future[dict[str, Any]]] = field(default_factory=SimpleQueue)
    _lost: dict[str, int] = field(default_factory=dict)
    _silent: float = 0.0

    def all(self) -> None:
        """Compute and keep what the store does not have."""
        look_again()
        versions: dict[tuple[str, str], str] = {}
        for cell in self.plan.cells:
            what = (cell.kind, cell.target)
            if what not in versions:
                versions[what] = code_version(cell, self.plan.folder)
            key = cell.key(versions[what])
            self.keys[key], self._codes[key] = cell, versions[what]
        waiting = [key for key in self.keys if not self._done(key)]
        done = self._known = len(self.keys) - len(waiting)
        self.tell(None, done, len(self.keys))
        waiting.reverse()
        gathered: list[tuple[str, Row]] = []
        try:
            while waiting or self._pending:
                while waiting and len(self._pending) < WINDOW:
                    self._submit(waiting.pop())
                for future in self._finished():
                    key = self._pending.pop(future)
                    row = self._row(key, future)
                    if row is None:
                        waiting.append(key)
                    else:
                        gathered.append((key, row))
                self._keep(gathered)
        except KeyboardInterrupt:
            self.interrupted = True
        finally:
            if self._pending or waiting:
                stop(self._token)
                for future in self._pending:
                    future.cancel()
                gathered += self._done_meanwhile()
            self._keep(gathered)

    def _done(self, key: str) -> bool:
        row = self.store.row(key)
        return row is not None and row.done

    def _submit(self, key: str) -> None:
        cell = self.keys[key]
        task = {"cell": asdict(cell), "folder": str(self.plan.folder), "code": self._codes[key]}
        try:
            future = self.executor.submit(run_cell, dumps(task), self.plan.timeout, self._token)
        except Exception as error:  # an executor may refuse in any way
            raise self._failed(error) from error
        self._pending[future] = key
        future.add_done_callback(self._ended.put)

    def _finished(self) -> Iterable[Future[dict[str, Any]]]:
        """The cells that ended, after a wait for the first."""
        try:
            found = [self._ended.get(timeout=_TICK)]
        except Empty:
            self._look()
            return []
        self._silent = 0.0
        with suppress(Empty):
            while len(found) < WINDOW:
                found.append(self._ended.get_nowait())
        return [future for future in found if future in self._pending]

    def _look(self) -> None:
        """Raise ExecutorLostError where a cluster's scheduler has been away for too long."""
        status = getattr(getattr(self.executor, "_client", None), "status", "running")
        if status == "running":
            self._silent = 0.0
            return
        self._silent = self._silent or time.monotonic()
        if status in ("closed", "closing") or time.monotonic() - self._silent > _PATIENCE:
            raise self._failed(RuntimeError(f"the connection to the scheduler is {status}"))

    def _row(self, key: str, future: Future[dict[str, Any]]) -> Row | None:
        """What became of a cell; None where its worker was lost, and it is to be tried again."""
        error = None if future.cancelled() else future.exception()
        if future.cancelled() or error is not None:
            if type(error).__name__ != "KilledWorker":  # Dask's word for a worker that died under a cell
                raise self._failed(error or RuntimeError("it cancelled a cell"))
            self._lost[key] = self._lost.get(key, 0) + 1
            if self._lost[key] < MOST_DEATHS:
                return None
            return Row(cell=self.keys[key], state=KILLED, error=f"its worker was lost {MOST_DEATHS} times ({error})")
        return self._answered(key, future.result())

    def _answered(self, key: str, answer: dict[str, Any]) -> Row:
        if answer["state"] == FOREIGN:
            raise ExecutorLostError(
                f"a worker computes {self.keys[key].target} with other code ({answer['error']}) than this process "
                f"({self._codes[key]}); install the same version on both, or run the sweep again if you changed a file"
            )
        return Row(
            cell=self.keys[key],
            state=answer["state"],
            result=answer.get("result", {}),
            error=answer.get("error", ""),
            seconds=answer["took"],
        )

    def _done_meanwhile(self) -> Iterator[tuple[str, Row]]:
        """Cells that ended while the sweep was being stopped."""
        for future, key in list(self._pending.items()):
            if future.done() and not future.cancelled() and future.exception() is None:
                answer = future.result()
                if answer["state"] != FOREIGN:
                    yield key, self._answered(key, answer)

    def _keep(self, gathered: list[tuple[str, Row]]) -> None:
        """Put rows into the store, and then say that they are done."""
        if not gathered:
            return
        self.store.add((key, self._codes[key], row) for key, row in gathered)
        rows = [row for _, row in gathered]
        gathered.clear()
        for row in rows:
            self.computed += 1
            self.tell(row, self._known + self.computed, len(self.keys))

    def _failed(self, error: BaseException) -> ExecutorLostError:
        return ExecutorLostError(
            f"the executor failed ({type(error).__name__}: {str(error)[:300]}); what was done is kept in "
            f"{self.store.path}: mend it, and run the sweep again"
        )
