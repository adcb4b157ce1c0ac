"""Ctrl-C while an audit runs: heeded even if a library swallows it, and left to the parent by its processes."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, InvalidStateError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from types import FrameType
from typing import ParamSpec, TypeVar

from verify.audit import engine
from verify.audit.engine import Progress
from verify.audit.results import ClaimResult, Report
from verify.cli.guard import seek_circles_seldom
from verify.cli.targets import Stated
from verify.evidence.executors import ExecutorLostError
from verify.sweeps.children import held

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@contextmanager
def heeding(progress: Progress) -> Iterator[Progress]:
    """The progress, but ending the audit after a Ctrl-C that some library's ``except:`` or destructor swallowed."""
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's
        yield progress
        return
    seen = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal seen
        seen = True
        signal.default_int_handler(number, frame)

    def heeded(result: ClaimResult, done: int, total: int) -> None:
        progress(result, done, total)
        if seen:
            raise KeyboardInterrupt

    def unraisable(told: sys.UnraisableHookArgs) -> None:
        if not (seen and issubclass(told.exc_type, KeyboardInterrupt)):  # what a destructor swallows is heeded too
            complaint(told)

    before, complaint = signal.signal(signal.SIGINT, interrupt), sys.unraisablehook
    sys.unraisablehook = unraisable
    try:
        yield heeded
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = complaint


def audit_in_processes(
    ids: Sequence[Stated] | None, workers: int, *, budget: str, seed: int, progress: Progress
) -> Report:
    """The report of an audit in as many processes, which an interrupt ends. Errors as `audit_on`."""
    # spawn, because forking a process that has started OpenMP or Numba threads can deadlock
    pool = _Processes(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_started)
    finished = False
    try:
        report = audit_on(pool, ids, budget=budget, seed=seed, progress=progress)
        finished = not report.interrupted
    finally:
        if not finished:  # what is still running is not wanted any more
            for child in multiprocessing.active_children():
                child.terminate()
        with _cancelled_in_silence():
            pool.shutdown(cancel_futures=True)
    return report


def audit_on(executor: Executor, ids: Sequence[Stated] | None, *, budget: str, seed: int, progress: Progress) -> Report:
    """The report of an audit by an executor, of everything for None.

    Raises `WorkersLostError`, with the report of what was done, where the executor loses its processes or its cluster.
    """
    done: dict[str, ClaimResult] = {}

    def kept(result: ClaimResult, count: int, total: int) -> None:
        done[result.id] = result
        progress(result, count, total)

    try:
        return engine.audit(ids, budget=budget, seed=seed, executor=executor, progress=kept)
    except ExecutorLostError as error:
        told = str(error)
        if isinstance(error.__cause__, BrokenProcessPool):
            told = "the system ended a worker process, perhaps for want of memory; take fewer --jobs"
        report = Report(seed=seed, budget=budget, results=done, interrupted=True)
        raise WorkersLostError(told, report) from None


class WorkersLostError(RuntimeError):
    """An executor lost its workers; ``report`` has what was done before."""

    def __init__(self, told: str, report: Report):
        self.report = report
        super().__init__(told)


class _Processes(ProcessPoolExecutor):
    """Processes that never see a Ctrl-C, not even while they start."""

    def submit(
        self, fn: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        with held():  # a process that is started here inherits that interrupts are held back
            return super().submit(fn, *args, **kwargs)


def _started() -> None:
    """Leave Ctrl-C to the parent, which ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    seek_circles_seldom()


@contextmanager
def _cancelled_in_silence() -> Iterator[None]:
    """Say nothing of cancelled work when its processes are gone: a pool's thread trips over it before Python 3.13."""
    before = threading.excepthook

    def hook(told: threading.ExceptHookArgs) -> None:
        if not issubclass(told.exc_type, InvalidStateError):
            before(told)

    threading.excepthook = hook
    try:
        yield
    finally:
        threading.excepthook = before
