"""The command, tried many times a second: one process loads it, and forks a child with limits for every try.

``python tests/fuzz/forks.py`` is that process: it reads a try as a line of JSON and answers with what came of it.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRIES = int(os.environ.get("FUZZ_TRIES", "8"))
"""How often each fuzzer tries."""
SEED = int(os.environ.get("FUZZ_SEED", "0"))
STATUSES = (0, 1, 2, 3, 130, 141)
"""The exit statuses that the README names."""
SECONDS, BYTES = 300, 4 << 30
"""Processor time and address space of a try: what a replay may take, and half of what hostile tokens once took."""
LONGEST = 60_000
"""Characters that a message may have: a table of all claims has fewer."""


@dataclass(frozen=True, kw_only=True)
class Came:
    """What came of a try: exit status (negative: the signal that ended it), processor time, output."""

    arguments: list[str]
    status: int
    seconds: float
    output: str
    errors: str

    def wrong(self) -> str:
        """What must not be, in words; nothing where all is well."""
        if self.status not in STATUSES:
            return f"exit status {self.status} after {self.seconds:.1f} s"
        if "Traceback" in self.errors or "Exception ignored" in self.errors:
            return "a traceback"
        return f"{len(self.errors)} characters of complaint" if len(self.errors) > LONGEST else ""

    def told(self) -> str:
        """The try, to be repeated by hand."""
        return (
            f"scoregap {' '.join(word[:300] for word in self.arguments)}\n{self.output[-500:]}\n{self.errors[-3000:]}"
        )


class Command:
    """The command ``scoregap``, in a ``folder``; as a context."""

    folder = Path("/")

    def __enter__(self) -> Command:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        return self

    def __exit__(self, *_raised: object) -> None:
        self.process.communicate()

    def run(self, *arguments: str, encoding: str = "utf-8", closed: bool = False) -> Came:
        """Run it once: with an encoding of its output, or with a reader that has gone away."""
        asked = {"arguments": arguments, "encoding": encoding, "closed": closed, "folder": str(self.folder)}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return Came(**json.loads(self.process.stdout.readline()))


# Folders -------------------------------------------------------------------------------------------------------------

PRECIOUS = "not to be lost\n"
KEPT = ("precious.json", "precious.py", "precious.png", "read-only.json", "target.json")


def furnish(folder: Path) -> None:
    """Files of every kind, all of our own: a text, a link to it, one that is read-only, a FIFO, a device, a folder."""
    for name in KEPT:
        path = folder / name
        if path.exists():
            path.chmod(0o644)
        path.write_text(PRECIOUS)
    (folder / "read-only.json").chmod(0o444)
    for name, make in {
        "link.json": lambda path: path.symlink_to("target.json"),
        "lost.json": lambda path: path.symlink_to("missing/file"),
        "folder": lambda path: path.mkdir(),
        "null": lambda path: os.mknod(path, 0o020666, os.makedev(1, 3)),
    }.items():
        if not os.path.lexists(folder / name):
            try:
                make(folder / name)
            except OSError:  # devices are for some users only
                (folder / name).write_text("")


def kinds(folder: Path) -> dict[str, int]:
    """What is in a folder, and of which kind."""
    return {path.name: stat.S_IFMT(path.lstat().st_mode) for path in folder.iterdir()}


# The process that forks ----------------------------------------------------------------------------------------------


def _child(asked: dict[str, object], scratch: Path, main) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.setsid()
    os.chdir(str(asked["folder"]))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, name in ((1, "out"), (2, "err")):
        handle = os.open(scratch / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, number)
    if asked["closed"]:
        reading, writing = os.pipe()
        os.close(reading)
        os.dup2(writing, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    sys.stdout = open(1, "w", encoding=str(asked["encoding"]), closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=str(asked["encoding"]), errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = ["scoregap", *map(str, asked["arguments"])]
    main()


def _serve() -> None:
    scratch = Path(tempfile.mkdtemp(prefix="scoregap-fuzz-"))
    main = importlib.import_module("scoregap").main
    for name in ("verify.cli.main", "matplotlib.figure", "matplotlib.backends.backend_agg", "numpy.random"):
        importlib.import_module(name)
    plans = importlib.import_module("verify.plans").PLANS
    for claim_id in plans:  # loaded once, not in every child
        _ = plans[claim_id].experiments
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                _child(asked, scratch, main)
            except SystemExit as leaving:
                os._exit(leaving.code if isinstance(leaving.code, int) else 1)
            except BaseException:
                importlib.import_module("traceback").print_exc(file=open(2, "w", closefd=False))  # noqa: SIM115
                os._exit(99)
            os._exit(0)
        begin = time.monotonic()
        while True:
            done, status, used = os.wait4(child, os.WNOHANG)
            if done:
                break
            if time.monotonic() - begin > 4 * SECONDS:  # it waits for something
                os.kill(child, signal.SIGKILL)
            time.sleep(0.002)
        texts = [(scratch / name).read_bytes().decode(errors="replace") for name in ("out", "err")]
        code = os.waitstatus_to_exitcode(status)
        seconds = used.ru_utime + used.ru_stime
        answer = dict(zip(("output", "errors"), texts, strict=True))
        answer |= {"arguments": asked["arguments"], "status": code, "seconds": seconds}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for path in scratch.iterdir():
        path.unlink()
    scratch.rmdir()


if __name__ == "__main__":
    _serve()
