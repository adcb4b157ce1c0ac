"""A real Dask cluster of two worker processes: sweeps and audits, a worker that is killed, a scheduler that goes."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import verify
from tests.verify.sweeps import killing

pytest.importorskip("distributed", reason="needs Dask, of the extra cluster")
ROOT = Path(__file__).resolve().parents[3]
CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, *(worker.pid for worker in cluster.workers.values()), flush=True)
        sys.stdin.read()
"""
CLIENT = """
import sys, warnings
import verify
from distributed import Client

with Client(sys.argv[1], set_as_default=False) as client:
    found = verify.sweep(sys.argv[2], store=sys.argv[3], executor=client.get_executor())
    assert found.ok, found.failures
    found.to_csv(sys.argv[4])
"""


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler, its process, and the processes of its two workers."""
    (tmp_path / "cluster.py").write_text(CLUSTER)
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "cluster.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        address, *workers = process.stdout.readline().split()
        yield address, process, [int(pid) for pid in workers]
        process.stdin.close()
        process.wait(20)


def command(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "scoregap", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_sweep_on_a_cluster_has_the_numbers_of_one_at_home_though_a_worker_is_killed(cluster, tmp_path):
    address, _, workers = cluster
    far, home = (killing.prepared(tmp_path / name, 400) for name in ("far", "home"))

    def kill_one():
        while len(killing.lines(far / "computed.log")) < 100:
            time.sleep(0.01)
        os.kill(workers[0], signal.SIGKILL)

    shot = threading.Thread(target=kill_one, daemon=True)
    shot.start()
    (tmp_path / "client.py").write_text(CLIENT)
    subprocess.run(
        [sys.executable, str(tmp_path / "client.py"), address, far / "spec.toml", far / "s.sqlite", far / "table.csv"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
        check=True,
    )
    shot.join(1)
    assert not shot.is_alive()
    with ThreadPoolExecutor(1) as one:
        found = verify.sweep(home / "spec.toml", store=home / "s.sqlite", executor=one, progress=lambda *_: None)
    assert (far / "table.csv").read_bytes() == found.to_csv(home / "table.csv").read_bytes()


def test_the_command_takes_a_cluster_and_tells_of_one_that_went_away(cluster, tmp_path):
    address, process, _ = cluster
    done = command("audit", "EQ-8:stationary", "--dask", address, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 PROVED" in done.stdout
    folder = killing.prepared(tmp_path / "sweep", 20_000)
    line = ("sweep", str(folder / "spec.toml"), "--dask", address)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(command, *line, cwd=folder)
        while len(killing.lines(folder / "computed.log")) < 20:
            time.sleep(0.02)
        process.stdin.close()
        process.kill()
        ended = running.result()
    assert ended.returncode == 3, ended.stderr
    assert "the executor failed" in ended.stderr
    assert "what was done is kept in spec.sqlite" in ended.stderr
    assert len(killing.stored(folder, "spec.sqlite")) > 0


def test_where_no_scheduler_answers_the_command_says_so(tmp_path):
    folder = killing.prepared(tmp_path / "sweep", 2)
    done = command("sweep", str(folder / "spec.toml"), "--dask", "tcp://127.0.0.1:1", cwd=folder)
    assert done.returncode == 3
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in done.stderr
