"""What a sweep adds to a cell that takes no time, in processes of its own and on a cluster.

    pytest tests/benchmarks --benchmark-enable

Each is what further cells cost, beside a sweep of few: processes that start are not counted.
"""

import time
from statistics import median

import pytest

import verify
from tests.verify.sweeps.clusters import local_cluster, swept

FEW, MANY, ROUNDS = 200, 4200, 5
WORK = "def work(k):\n    return {'k': k}\n"


def prepared(folder, cells):
    folder.mkdir()
    (folder / "work.py").write_text(WORK)
    numbers = ", ".join(map(str, range(cells)))
    (folder / "spec.toml").write_text(f'[[cells]]\nmeasure = "work.py:work"\ngrid = {{ k = [{numbers}] }}\n')
    return folder


def in_processes(folder):
    begin = time.perf_counter()
    found = verify.sweep(folder / "spec.toml", store=folder / "s.sqlite", progress=lambda *_: None)
    assert found.ok
    return time.perf_counter() - begin


@pytest.fixture
def per_cell(benchmark, tmp_path):
    """The milliseconds of a further cell in several rounds, of a function that gives the seconds of few and of many."""

    def measured(timed):
        rounds, sizes = (1, (2, 6)) if benchmark.disabled else (ROUNDS, (FEW, MANY))
        folders = [[prepared(tmp_path / f"{k}-{cells}", cells) for cells in sizes] for k in range(rounds)]
        pairs = benchmark.pedantic(lambda: [timed(*pair) for pair in folders], rounds=1)
        return sorted(1e3 * (many - few) / (sizes[1] - sizes[0]) for few, many in pairs)

    return measured


@pytest.mark.benchmark(group="sweeps")
def test_a_cell_in_processes_costs_less_than_a_millisecond(benchmark, report_row, per_cell):
    found = per_cell(lambda few, many: (in_processes(few), in_processes(many)))
    if not benchmark.disabled:
        row = ("a further cell of a sweep in processes", "one millisecond", median(found), "<=", 1.0)
        report_row(*row, least=found[0], largest=found[-1])


@pytest.mark.benchmark(group="sweeps")
def test_a_cell_on_a_cluster_costs_less_than_three_milliseconds(benchmark, report_row, per_cell, tmp_path):
    pytest.importorskip("distributed", reason="needs Dask, of the extra cluster")
    with local_cluster(tmp_path) as (address, _, _):
        found = per_cell(lambda few, many: [seconds for _, seconds in swept(address, few, many)])
    if not benchmark.disabled:
        row = ("a further cell on a Dask cluster of two local workers", "one millisecond", median(found), "<=", 3.0)
        report_row(*row, least=found[0], largest=found[-1])
