"""kill -9 of drivers and of random workers: every cell that was told as kept is kept, and the table is as undisturbed.

``python -m tests.verify.sweeps.killing FOLDER --cells 10000 --rounds 10`` runs it whole; the suite runs a small one.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import verify

ROOT = Path(__file__).resolve().parents[3]
WORK = '''"""A cell that tells when it is computed, and by which process."""
import math
import os

LOG = os.open(os.path.join(os.path.dirname(__file__), "computed.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def work(k, rng):
    os.write(LOG, f"{k} {os.getpid()}\\n".encode())
    draws = rng.standard_normal(100)
    return {"mean": draws.mean(), "norm": math.sqrt((draws**2).sum()), "third": k / 3, "nothing": math.nan}
'''
TROUBLE = '''"""Cells that are trouble."""
import os, sys, time

def trouble(what):
    if what == "kills":
        os.kill(os.getpid(), 9)
    if what == "hangs":
        time.sleep(1000)
    if what == "raises":
        raise ValueError("these numbers do not exist")
    if what == "leaves":
        sys.exit(3)
    if what == "prints":
        print("not an answer")
    return {"half": 0.5}
'''


def prepared(folder: Path, cells: int) -> Path:
    """A folder with a spec of as many cells."""
    folder.mkdir(parents=True)
    (folder / "work.py").write_text(WORK)
    listed = ", ".join(map(str, range(cells)))
    (folder / "spec.toml").write_text(
        f'seed = 7\ntimeout = 60\n[[cells]]\nmeasure = "work.py:work"\ngrid = {{ k = [{listed}] }}\n'
    )
    return folder


def finished(folder: Path) -> bytes:
    """The table of a folder's spec, whose missing cells are computed."""
    found = verify.sweep(folder / "spec.toml", store=folder / "store.sqlite", progress=lambda *_: None)
    assert found.ok, found.counts()
    return found.to_csv(folder / "table.csv").read_bytes()


def drive(folder: Path) -> None:
    """A driver that writes down the cells that it is told are kept."""
    kept = os.open(folder / "kept.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    verify.sweep(
        folder / "spec.toml",
        store=folder / "store.sqlite",
        progress=lambda row, *_: os.write(kept, f"{row.cell.parameters['k']}\n".encode()),
    )


def lines(path: Path) -> list[str]:
    """The whole lines of a file, none where it is not there."""
    text = path.read_text() if path.exists() else ""
    return text[: text.rfind("\n") + 1].splitlines()


def stored(folder: Path, name: str = "store.sqlite") -> set[str]:
    """The cells that the store has."""
    with closing(sqlite3.connect(folder / name)) as connection:
        rows = connection.execute("SELECT json_extract(cell, '$.parameters.k') FROM cells WHERE state = 'done'")
        return {str(row[0]) for row in rows}


def workers(folder: Path, driver: int) -> list[int]:
    """The live children of a driver that have computed a cell."""
    named = {int(line.split()[1]) for line in lines(folder / "computed.log")}
    return [pid for pid in named if parent(pid) == driver]


def parent(pid: int) -> int | None:
    """The parent of a process, None for one that is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return None


def disturbed(folder: Path, at_least: int, chance: random.Random) -> int:
    """A driver that is killed after so many more cells, one of its workers before; the number of workers killed."""
    begin = len(lines(folder / "kept.log"))
    shot = 0
    with subprocess.Popen(
        [sys.executable, "-m", "tests.verify.sweeps.killing", "drive", str(folder)], cwd=ROOT
    ) as driver:
        while driver.poll() is None and len(lines(folder / "kept.log")) < begin + at_least:
            time.sleep(0.02)
            alive = workers(folder, driver.pid)
            if alive and shot < 2 and chance.random() < 0.5:
                os.kill(chance.choice(alive), signal.SIGKILL)
                shot += 1
        driver.kill()
    return shot


def survive(folder: Path, cells: int, rounds: int, seed: int = 0) -> dict[str, int]:
    """Run the rounds, and compare with a run that nothing disturbed; what was seen, in numbers."""
    chance = random.Random(seed)
    calm, wild = prepared(folder / "calm", cells), prepared(folder / "wild", cells)
    wanted = finished(calm)
    shot = 0
    for _ in range(rounds):
        shot += disturbed(wild, chance.randint(1, max(1, 2 * cells // (2 * rounds + 1))), chance)
        told = set(lines(wild / "kept.log"))
        assert told <= stored(wild), "a cell that was told as kept is not in the store"
    told = set(lines(wild / "kept.log"))
    before = len(lines(wild / "computed.log"))
    assert finished(wild) == wanted, "the table is not that of an undisturbed run"
    again = {line.split()[0] for line in lines(wild / "computed.log")[before:]}
    assert not again & told, "a cell that was kept was computed again"
    counts = Counter(line.split()[0] for line in lines(wild / "computed.log"))
    assert set(counts) == {str(k) for k in range(cells)}
    return {
        "cells": cells,
        "drivers killed": rounds,
        "workers killed": shot,
        "cells kept before the last run": len(told),
        "cells computed twice, never told as kept": sum(count > 1 for count in counts.values()),
    }


def main() -> None:
    """The command."""
    if sys.argv[1] == "drive":
        drive(Path(sys.argv[2]))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    begin = time.monotonic()
    for name, value in survive(given.folder, given.cells, given.rounds).items():
        print(f"{name}: {value}")
    print(f"the table is that of an undisturbed run ({time.monotonic() - begin:.0f} s)")


if __name__ == "__main__":
    main()
