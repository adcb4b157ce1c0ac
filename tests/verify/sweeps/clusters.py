"""A real Dask cluster of two worker processes, started by a test, and clients of it in processes of their own."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, *(worker.pid for worker in cluster.workers.values()), flush=True)
        sys.stdin.read()
"""
_CLIENT = """
import sys, time
import verify
from distributed import Client

with Client(sys.argv[1], set_as_default=False) as client:
    for name in sys.argv[2:]:
        begin = time.perf_counter()
        found = verify.sweep(
            f"{name}/spec.toml", store=f"{name}/s.sqlite", executor=client.get_executor(), progress=lambda *_: None
        )
        print(found.counts(), time.perf_counter() - begin, sep="\\t", flush=True)
        found.to_csv(f"{name}/table.csv")
"""


@contextmanager
def local_cluster(folder):
    """The address of a scheduler, its process, and the processes of its two workers."""
    (folder / "cluster.py").write_text(_CLUSTER)
    with subprocess.Popen(
        [sys.executable, str(folder / "cluster.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        address, *workers = process.stdout.readline().split()
        yield address, process, [int(pid) for pid in workers]
        process.stdin.close()
        process.wait(20)


def swept(address, *folders):
    """Counts and seconds of the specs of folders, one after the other by one client; stores and tables go there."""
    done = subprocess.run(
        [sys.executable, "-c", _CLIENT, address, *map(str, folders)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=300,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return [(counts, float(seconds)) for counts, seconds in rows]
