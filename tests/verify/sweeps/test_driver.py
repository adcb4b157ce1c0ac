"""Sweeps: the same numbers whatever computes them, nothing computed twice, tables that hold every digit."""

import csv
import math
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import pytest

import verify
from verify.evidence.executors import ExecutorLostError, Work
from verify.sweeps import driver
from verify.sweeps.cells import Cell

QUIET = {"progress": lambda *_: None}
MEASURE = '''"""A cell's numbers hang on its stream, on sums, and on the order of a set."""
import numpy as np

def draws(n, rng):
    noise = rng.standard_normal(1000)
    order = [name for name in {"one", "two", "three", "four", "five"}]
    return {"sum": noise @ noise / n, "first": noise[0], "order": "".join(order), "many": n > 2, "none": np.nan}

def draws_without(n):
    return {"n": n, "square": n * n}
'''


@pytest.fixture
def spec(tmp_path):
    (tmp_path / "mine.py").write_text(MEASURE)
    (tmp_path / "spec.toml").write_text(
        'name = "mine"\nseed = 5\n[[cells]]\nmeasure = "mine.py:draws"\ngrid = { n = [1, 2, 3, 4] }\nreplicas = 2\n'
    )
    return tmp_path / "spec.toml"


class Backwards(Executor):
    """Computes what it was given last first, all at the end of its patience."""

    def __init__(self):
        self.inner, self.waiting = ThreadPoolExecutor(2), []

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.waiting.append((future, fn, args))
        if len(self.waiting) == 8:
            for one, function, given in reversed(self.waiting):
                done = self.inner.submit(function, *given)
                done.add_done_callback(lambda done, one=one: one.set_result(done.result()))
        return future


def test_the_numbers_do_not_depend_on_the_executor_the_workers_or_the_order(spec, tmp_path):
    tables = []
    with ThreadPoolExecutor(1) as one, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        for k, executor in enumerate([one, processes, Backwards()]):
            found = verify.sweep(spec, store=tmp_path / f"{k}.sqlite", executor=executor, **QUIET)
            assert found.ok, found.failures
            tables.append(found.to_csv(tmp_path / f"{k}.csv").read_bytes())
    assert len(set(tables)) == 1
    rows = list(csv.DictReader(tables[0].decode().splitlines()))
    assert [row["n"] for row in rows] == ["1", "1", "2", "2", "3", "3", "4", "4"]
    assert len({row["first"] for row in rows}) == 8  # every cell has a stream of its own
    assert len({row["order"] for row in rows}) == 1
    assert rows[0]["none"] == "nan"
    assert rows[0]["many"] == "no"
    assert float(rows[0]["sum"]) == found.rows[0].result["sum"]  # every digit


def test_what_is_done_is_not_computed_again_and_what_is_new_is(spec, tmp_path):
    told = []
    place = {"store": tmp_path / "s.sqlite", "progress": lambda row, done, total: told.append((row.state, done, total))}
    assert verify.sweep(spec, **place).computed == 8
    assert told == [("done", k, 8) for k in range(1, 9)]
    assert verify.sweep(spec, **place).computed == 0
    wider = spec.with_name("wider.toml")
    wider.write_text(spec.read_text().replace("[1, 2, 3, 4]", "[1, 2, 3, 4, 5]"))
    assert verify.sweep(wider, **place).computed == 2
    (tmp_path / "mine.py").write_text(MEASURE + "\n# other code\n")
    assert verify.sweep(spec, **place).computed == 8
    (tmp_path / "mine.py").write_text(MEASURE)
    assert verify.sweep(spec, **place).computed == 0  # the numbers of the former code are still there


def test_lists_studies_and_lemmas_are_cells_too(tmp_path):
    (tmp_path / "own.py").write_text(
        "import sympy as sp, verify\nx = sp.Symbol('x', positive=True)\n"
        "wrong = {'less': 1 + x / 2}\n"
        "grows = verify.lemma('Above its tangent.', 1 + x, sp.exp(x), over={x: ('0.1', 2)}, wrong=wrong)\n"
    )
    spec = {
        "cells": [
            {"audit": f"{tmp_path}/own.py:grows"},
            {"bound": f"{tmp_path}/own.py:grows", "list": [{"x": 1}, {"x": "1/2"}]},
            {"experiment": "score-density", "set": {"quick": True}},
        ]
    }
    with ThreadPoolExecutor(1) as one_worker:
        found = verify.sweep(spec, store=tmp_path / "s.sqlite", executor=one_worker, **QUIET)
    assert found.ok, found.failures
    own, one, half, study = found.rows
    assert own.result["verdict"] in ("PROVED", "CERTIFIED", "SEARCHED")
    assert (own.result["mutants"], own.result["killed"]) == (1, 1)
    assert one.result["total"] == pytest.approx(math.e, rel=1e-15)
    assert half.result["left"] == 1.5
    assert len(study.result) > 1
    columns, _ = found.table()
    assert columns[:4] == ["kind", "target", "x", "quick"]


def test_a_number_that_is_called_like_a_parameter_has_a_column_of_its_own(spec, tmp_path):
    found = verify.sweep(
        {"cells": [{"measure": f"{tmp_path}/mine.py:draws_without", "grid": {"n": [2, 3]}}]},
        store=tmp_path / "s.sqlite",
        **QUIET,
    )
    assert found.table() == (
        ["kind", "target", "n", "state", "result.n", "square", "error"],
        [["measure", f"{tmp_path}/mine.py:draws_without", n, "done", n, n * n, ""] for n in (2, 3)],
    )


def test_parquet_has_the_same_columns_with_types(spec, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow, of the extra cluster")
    with ThreadPoolExecutor(1) as one:
        found = verify.sweep(spec, store=tmp_path / "s.sqlite", executor=one, **QUIET)
    table = parquet.read_table(found.to_parquet(tmp_path / "t.parquet"))
    assert table.column_names == found.table()[0]
    assert table.column("first").to_pylist() == [row.result["first"] for row in found.rows]
    assert str(table.schema.field("first").type) == "double"
    assert str(table.schema.field("n").type) == "int64"
    assert str(table.schema.field("many").type) == "bool"
    assert math.isnan(table.column("none").to_pylist()[0])


class Lost(Executor):
    """An executor whose workers are lost after so many cells."""

    def __init__(self, good, error):
        self.good, self.error, self.inner = good, error, ThreadPoolExecutor(1)

    def submit(self, fn, /, *args, **kwargs):
        self.good -= 1
        if self.good >= 0:
            return self.inner.submit(fn, *args)
        future = Future()
        future.set_exception(self.error)
        return future


def test_an_executor_that_breaks_is_told_in_words_and_what_was_done_is_kept(spec, tmp_path):
    store = tmp_path / "s.sqlite"
    broken = Lost(3, BrokenProcessPool("a process ended"))
    with pytest.raises(
        ExecutorLostError, match=r"the executor failed \(BrokenProcessPool: a process ended\); what was"
    ):
        verify.sweep(spec, store=store, executor=broken, **QUIET)
    assert verify.sweep(spec, store=store, **QUIET).ok


def test_a_cell_whose_worker_is_lost_three_times_is_set_aside(spec, tmp_path):
    killed = type("KilledWorker", (Exception,), {})("too often")
    found = verify.sweep(spec, store=tmp_path / "s.sqlite", executor=Lost(7, killed), **QUIET)
    assert found.counts() == {"done": 7, "killed": 1}
    assert found.rows[7].error == "its worker was lost 3 times (too often)"


def test_a_worker_of_another_version_is_refused(spec, tmp_path, monkeypatch):
    monkeypatch.setattr(driver, "code_version", lambda *_: "0" * 20)
    with pytest.raises(ExecutorLostError, match="install the same version"):
        verify.sweep(spec, store=tmp_path / "s.sqlite", **QUIET)


def test_a_silent_scheduler_is_given_up():
    client = type("Client", (), {"status": "closed"})()
    work = Work(type("E", (), {"_client": client})())
    with pytest.raises(ExecutorLostError, match="the connection to the scheduler is closed"):
        work.look()
    client.status = "running"
    work.look()


def test_a_stream_is_a_function_of_the_cell_and_the_root_alone():
    cell = Cell(kind="measure", target="a.py:f", parameters={"b": 1, "a": 2}, seed=3)
    same = Cell(kind="measure", target="a.py:f", parameters={"a": 2, "b": 1}, seed=3)
    assert cell.rng().random() == same.rng().random()
    others = [
        Cell(kind="measure", target="a.py:f", parameters={"a": 2, "b": 1}, seed=4),
        Cell(kind="measure", target="a.py:f", parameters={"a": 2, "b": 1}, seed=3, replica=1),
        Cell(kind="measure", target="a.py:g", parameters={"a": 2, "b": 1}, seed=3),
    ]
    assert len({one.rng().random() for one in (cell, *others)}) == 4
