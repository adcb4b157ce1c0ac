"""The driver of a sweep: hands cells to an executor, keeps each in the store as it ends, and goes on after any stop."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from json import dumps
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from theory.checks import shown
from verify.evidence.executors import ExecutorLostError, Work, failure, lost, require_executor
from verify.studies.progress import Progress as Lines
from verify.sweeps.cells import KILLED, NOT_RUN, Cell, Row
from verify.sweeps.children import MOST_DEATHS, cores, dismiss, run_cells, stop
from verify.sweeps.results import Sweep
from verify.sweeps.serving import FOREIGN
from verify.sweeps.spec import Spec, read
from verify.sweeps.store import Store, opened
from verify.sweeps.versions import code_version, look_again

Progress = Callable[[Row, int, int], None]
"""Called with (row, number done, number in all) as each cell is kept."""
WINDOW = 1000
"""Pieces of work that an executor has at most at any time."""
HANDFUL, _SHARE = 32, 64
"""Cells that are handed over together at most, and the share of those that wait, so that the last ones spread."""


class ForeignCodeError(ExecutorLostError):
    """A worker would compute cells with other code than the driver's."""


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
    require_executor(executor)
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be callable; got {shown(progress)}")
    if store is not None and (not isinstance(store, (str, PathLike)) or not fspath(store)):
        raise TypeError(f"store must be the name of a file; got {shown(store)}")
    plan = read(spec)
    place = Path(store) if store is not None else Path(f"{plan.name}.sqlite")
    with opened(place) as kept, _telling(plan, progress) as tell, _workers(executor) as workers:
        run = _Run(plan=plan, work=Work(workers), store=kept, tell=tell)
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
    work: Work
    store: Store
    tell: Callable[[Row | None, int, int], object]
    keys: dict[str, Cell] = field(default_factory=dict)
    computed: int = 0
    interrupted: bool = False
    _known: int = 0
    _codes: dict[str, str] = field(default_factory=dict)
    _token: str = field(default_factory=lambda: secrets.token_hex(8))
    _waiting: list[str] = field(default_factory=list)
    _handful: int = 1
    _lost: dict[str, int] = field(default_factory=dict)

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
        self._waiting = [key for key in self.keys if not self._done(key)]
        done = self._known = len(self.keys) - len(self._waiting)
        self.tell(None, done, len(self.keys))
        self._waiting.reverse()
        gathered: list[tuple[str, Row]] = []
        try:
            while self._waiting or len(self.work):
                while self._waiting and len(self.work) < WINDOW:
                    self._submit()
                for future in self.work.ended():
                    gathered += self._rows(future)
                self._keep(gathered)
        except KeyboardInterrupt:
            self.interrupted = True
        except ForeignCodeError:
            raise
        except ExecutorLostError as error:
            raise ExecutorLostError(
                f"{error}; what was done is kept in {self.store.path}: mend it, and run the sweep again"
            ) from error.__cause__
        finally:
            if self._waiting or len(self.work):
                stop(self._token)
                self.work.cancel()
                for keys, answers in self.work.finished():
                    gathered += self._answered(keys, [one for one in answers if one["state"] != FOREIGN])
            self._keep(gathered)

    def _done(self, key: str) -> bool:
        row = self.store.row(key)
        return row is not None and row.done

    def _submit(self) -> None:
        """Hand a handful of cells to the executor; one whose worker was lost goes alone."""
        count = max(1, min(self._handful, len(self._waiting) // _SHARE))
        keys = [self._waiting.pop()]
        while len(keys) < count and not self._lost.get(keys[0]) and not self._lost.get(self._waiting[-1]):
            keys.append(self._waiting.pop())
        folder = str(self.plan.folder)
        tasks = [dumps({"cell": asdict(self.keys[key]), "folder": folder, "code": self._codes[key]}) for key in keys]
        self.work.submit(keys, run_cells, tasks, self.plan.timeout, self._token)

    def _rows(self, future: Future[list[dict[str, Any]]]) -> Iterator[tuple[str, Row]]:
        """What became of cells; those that were not begun, and those whose worker was lost, wait again."""
        error = failure(future)
        if error is not None and type(error).__name__ != "KilledWorker":  # Dask's word for one that died under a cell
            raise lost(error) from error
        keys = self.work.take(future)
        answers = [] if error is not None else future.result()
        self._waiting += reversed(keys[len(answers) :])
        if error is not None:
            for key in keys:
                self._lost[key] = self._lost.get(key, 0) + 1
                if self._lost[key] >= MOST_DEATHS:
                    self._waiting.remove(key)
                    told = f"its worker was lost {MOST_DEATHS} times ({error})"
                    yield key, Row(cell=self.keys[key], state=KILLED, error=told)
            return
        self._handful = min(2 * self._handful, HANDFUL) if len(answers) == len(keys) else len(answers)
        yield from self._answered(keys, answers)

    def _answered(self, keys: list[str], answers: list[dict[str, Any]]) -> Iterator[tuple[str, Row]]:
        for key, answer in zip(keys, answers, strict=False):
            if answer["state"] == FOREIGN:
                raise ForeignCodeError(
                    f"a worker computes {self.keys[key].target} with other code ({answer['error']}) than this process "
                    f"({self._codes[key]}); install the same version on both, or run the sweep again if you changed a "
                    "file"
                )
            yield (
                key,
                Row(
                    cell=self.keys[key],
                    state=answer["state"],
                    result=answer.get("result", {}),
                    error=answer.get("error", ""),
                    seconds=answer["took"],
                ),
            )

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
