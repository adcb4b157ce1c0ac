"""A real Dask cluster of two worker processes: sweeps and audits, a worker that is killed, a scheduler that goes."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from typer.testing import CliRunner

import verify
from tests.verify.sweeps import killing
from tests.verify.sweeps.clusters import ROOT, local_cluster, swept
from verify.cli.main import app
from verify.studies import study

pytest.importorskip("distributed", reason="needs Dask, of the extra cluster")


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler, its process, and the processes of its two workers."""
    with local_cluster(tmp_path) as found:
        yield found


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
    assert [counts for counts, _ in swept(address, far)] == ["{'done': 400}"]
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
    done = command(
        "experiment", "figure-3", "--quick", "--replicas", "2", "--dask", address, "--out", "far", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    (tmp_path / "home").mkdir()
    study("figure-3").run(tmp_path / "home", replicas=2)
    assert (tmp_path / "far" / "figure-3.json").read_bytes() == (tmp_path / "home" / "figure-3.json").read_bytes()
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


def test_a_cell_that_hangs_or_kills_on_a_cluster_is_set_aside(cluster, tmp_path):
    (tmp_path / "trouble.py").write_text(killing.TROUBLE)
    (tmp_path / "spec.toml").write_text(
        'timeout = 3\n[[cells]]\nmeasure = "trouble.py:trouble"\n'
        'grid = { what = ["hangs", "kills", "fine", "raises"] }\n'
    )
    assert swept(cluster[0], tmp_path)[0][0] == "{'timed out': 1, 'killed': 1, 'done': 1, 'failed': 1}"
    told = (tmp_path / "table.csv").read_text()
    assert "not done after 3 s; give it more with timeout" in told
    assert "killed its process 3 times (SIGKILL)" in told


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["score-density"], "trains no replicas"),
        (["figure-3", "--jobs", "2"], "the workers are those of the Dask cluster"),
    ],
)
def test_what_a_cluster_cannot_share_is_refused_in_words(tmp_path, more, words):
    done = CliRunner().invoke(app, ["experiment", *more, "--dask", "tcp://127.0.0.1:1", "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert words in " ".join(done.output.replace("│", " ").split())


def test_where_no_scheduler_answers_the_command_says_so(tmp_path):
    folder = killing.prepared(tmp_path / "sweep", 2)
    done = command("sweep", str(folder / "spec.toml"), "--dask", "tcp://127.0.0.1:1", cwd=folder)
    assert done.returncode == 3
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in done.stderr
