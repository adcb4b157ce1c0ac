"""What a child process does: it takes cells from its input, computes them, and answers; it leaves with its parent."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from verify.evidence.files import plain
from verify.sweeps.cells import DONE, FAILED, Cell
from verify.sweeps.kinds import kind_named
from verify.sweeps.versions import code_version

FOREIGN = "of another version"
"""The state of a cell whose code is not that of the driver."""


def serve() -> None:
    """Answer tasks, a line of JSON each, until the input ends."""
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a cell prints is no answer
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - nor does it read tasks
    tasks: SimpleQueue[bytes] = SimpleQueue()

    def listen() -> None:
        for line in requests:
            tasks.put(line)
        os._exit(0)  # the parent is gone, whatever is being computed

    threading.Thread(target=listen, daemon=True).start()
    try:
        answers.write(b"ready\n")
        answers.flush()
        while True:
            answers.write(json.dumps(answered(json.loads(tasks.get())), allow_nan=False).encode() + b"\n")
            answers.flush()
    except BrokenPipeError:  # the parent is gone
        os._exit(0)


def answered(task: dict[str, Any]) -> dict[str, Any]:
    """The state of a task's cell with its numbers, or with what went wrong in words."""
    cell, folder, begin = Cell(**task["cell"]), Path(task["folder"]), time.perf_counter()
    try:
        kind = kind_named(cell.kind)
        own = code_version(cell, folder)
        if own != task["code"]:
            return {"state": FOREIGN, "error": own}
        found = {"state": DONE, "result": plain(dict(kind.compute(cell, folder)))}
    except (Exception, SystemExit) as error:  # a cell may raise anything: the others go on
        found = {"state": FAILED, "error": f"{type(error).__name__}: {error}"[:1000]}
    return {**found, "took": round(time.perf_counter() - begin, 6)}
