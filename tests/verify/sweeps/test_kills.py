"""What kill -9 leaves of a sweep: everything that was told as kept."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

import verify
from tests.verify.sweeps import killing

linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to tell a driver's own workers")
QUIET = {"progress": lambda *_: None}


@linux
def test_drivers_and_workers_that_are_killed_lose_nothing_that_was_kept(tmp_path):
    seen = killing.survive(tmp_path / "sweep", cells=300, rounds=2, seed=1)
    assert seen["drivers killed"] == 2
    assert 0 < seen["cells kept before the last run"] < 300


def test_a_cell_that_kills_hangs_or_raises_is_told_and_the_others_go_on(tmp_path):
    (tmp_path / "trouble.py").write_text(killing.TROUBLE)
    what = ["kills", "fine", "hangs", "raises", "leaves", "prints"]
    spec = {"timeout": 4, "cells": [{"measure": f"{tmp_path}/trouble.py:trouble", "grid": {"what": what}}]}
    found = verify.sweep(spec, store=tmp_path / "s.sqlite", **QUIET)
    assert [row.state for row in found.rows] == ["killed", "done", "timed out", "failed", "failed", "done"]
    assert "3 times (SIGKILL)" in found.rows[0].error
    assert "not done after 4 s" in found.rows[2].error
    assert found.rows[3].error == "ValueError: these numbers do not exist"
    assert not found.ok
    again = verify.sweep(
        {**spec, "cells": [{**spec["cells"][0], "grid": {"what": ["fine", "raises"]}}]},
        store=tmp_path / "s.sqlite",
        **QUIET,
    )
    assert again.computed == 1  # what failed is tried again, what is done is not


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_an_interrupt_keeps_what_is_done_and_the_same_line_goes_on(tmp_path):
    folder = killing.prepared(tmp_path / "sweep", 20_000)
    command = [sys.executable, "-m", "scoregap", "sweep", str(folder / "spec.toml"), "--jobs", "1"]
    place = {
        "cwd": folder,
        "env": {**os.environ, "PYTHONPATH": str(killing.ROOT)},
        "preexec_fn": partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # a job in the background ignores it
    }
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **place) as driver:
        while driver.poll() is None and len(killing.lines(folder / "computed.log")) < 50:
            time.sleep(0.02)
        driver.send_signal(signal.SIGINT)
        said, complaint = driver.communicate()
    assert (driver.returncode, "Traceback" in complaint) == (130, False)
    assert "interrupted: the same line goes on from here" in said
    assert "not run" in said
    count = len(killing.lines(folder / "computed.log"))
    kept = said.split("cells: ")[1].split(" done")[0]
    assert 0 < int(kept) <= count
