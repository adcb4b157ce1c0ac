"""Work of any executor: each piece handed back once, errors of the work as they are, those of the executor in words."""

import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

from verify.audit.engine import audit
from verify.cli.interrupts import WorkersLostError, audit_on
from verify.evidence import executors
from verify.evidence.executors import ExecutorLostError, Work, require_executor


class Silent(Executor):
    """A cluster whose scheduler is gone: takes work and never says a word."""

    def __init__(self, status):
        self._client = type("Client", (), {"status": status})()

    def submit(self, fn, /, *args, **kwargs):
        return Future()


class Says(Executor):
    """Answers everything with one error."""

    def __init__(self, error):
        self.error = error

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        future.set_exception(self.error)
        return future


def test_every_piece_is_handed_back_once_with_its_name():
    with ThreadPoolExecutor(2) as pool:
        work = Work(pool)
        for k in range(20):
            work.submit(k, pow, k, 2)
        assert sorted(work.results()) == [(k, k * k) for k in range(20)]
        assert len(work) == 0


def test_what_ended_beside_a_failure_is_not_lost():
    with ThreadPoolExecutor(1) as pool:
        work, gate = Work(pool), threading.Event()
        work.submit("waits", gate.wait)
        work.submit("fails", int, "x")
        work.submit("well", int, "7")
        gate.set()
        with pytest.raises(ValueError, match="invalid literal"):
            list(work.results())
    assert ("well", 7) in work.finished()


@pytest.mark.parametrize(
    "error",
    [
        BrokenProcessPool("a process ended"),
        type("CommClosedError", (OSError,), {"__module__": "distributed.comm.core"})("in <TCP>"),
        type("KilledWorker", (Exception,), {"__module__": "distributed.scheduler"})("too often"),
    ],
)
def test_errors_of_the_executor_are_told_apart_from_those_of_the_work(error):
    with pytest.raises(ExecutorLostError, match=rf"the executor failed \({type(error).__name__}: "):
        audit("L3:scaled", executor=Says(error), progress=lambda *_: None)
    with pytest.raises(ZeroDivisionError):
        audit("L3:scaled", executor=Says(ZeroDivisionError()), progress=lambda *_: None)


def test_a_cancelled_piece_is_an_executor_that_is_lost():
    future = Future()
    future.cancel()
    with pytest.raises(ExecutorLostError, match="it was cancelled"):
        executors.result(future)


@pytest.mark.parametrize("status", ["closed", "connecting"])
def test_an_audit_whose_scheduler_went_away_ends_with_what_was_done(monkeypatch, status):
    monkeypatch.setattr(executors, "TICK", 0.01)
    monkeypatch.setattr(executors, "PATIENCE", 0.05)
    told = f"the connection to the scheduler is {status}"
    with pytest.raises(WorkersLostError, match=told) as caught:
        audit_on(Silent(status), ["L3:scaled"], budget="quick", seed=0, progress=lambda *_: None)
    assert len(caught.value.report) == 0


def test_a_scheduler_that_comes_back_is_waited_for(monkeypatch):
    monkeypatch.setattr(executors, "PATIENCE", 0.0)
    silent = Silent("connecting")
    work = Work(silent)
    silent._client.status = "running"
    work.look()
    assert work._silent == 0.0


@pytest.mark.parametrize("value", [3, "tcp://a", object()])
def test_what_is_no_executor_is_refused(value):
    with pytest.raises(TypeError, match=r"executor must be a concurrent\.futures\.Executor"):
        require_executor(value)
