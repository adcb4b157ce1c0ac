"""What the system refuses is one line in words and an exit status, never a traceback; and no work is lost by it."""

from __future__ import annotations

import json
import os
import pty
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import verify.cli.main
from verify.audit import results
from verify.audit.results import Report
from verify.cli.guard import CLOSED, INTERRUPTED, REFUSED, shortened

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-P", "-m", "scoregap"]
TIMES = {"a1": "1", "b1": "1/2", "n": "1e4"}
BOUND = ("bound", "EARLY-STOP:repaired", *(word for pair in TIMES.items() for word in ("--set", "=".join(pair))))


def run(*arguments, environment=None, before=None, **options):
    """Run the command as a user would."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": ROOT, **options},
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        preexec_fn=before,
        timeout=240,
        check=False,
    )
    assert b"Traceback" not in (done.stderr or b"")
    return done


def words(done):
    """What stands on the standard error."""
    return re.sub(r"[\s│]+", " ", done.stderr.decode())


# Output --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A device without room: a node of our own like /dev/full."""
    path = tmp_path_factory.mktemp("device") / "full"
    try:
        os.mknod(path, 0o020666, os.makedev(1, 7))
        path.open("wb").close()
    except OSError as error:
        pytest.skip(f"no device can be made here: {error}")
    return path


@pytest.mark.parametrize(
    "arguments", [("list", "L3"), ("--version",), ("audit", "--help"), (*BOUND, "--set", "tau=30")]
)
def test_output_without_room_is_told_on_the_standard_error(full, arguments):
    with full.open("wb") as stream:
        done = run(*arguments, stdout=stream)
    assert done.returncode == REFUSED
    assert words(done) == "scoregap: the output could not be written: No space left on device; send it elsewhere "


def test_an_audit_whose_output_has_no_room_still_writes_its_report(full, tmp_path):
    with full.open("wb") as stream:
        done = run("audit", "EQ-8:mean", "--jobs", "1", "--json", tmp_path / "report.json", stdout=stream)
    assert done.returncode == REFUSED
    assert json.loads((tmp_path / "report.json").read_text())["claims"][0]["verdict"] == "PROVED"


@pytest.mark.parametrize("arguments", [("list",), ("audit", "EQ-8", "--jobs", "1"), ("list", "--markdown")])
def test_a_reader_that_goes_away_ends_the_command_in_silence(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as stream:
        done = run(*arguments, stdout=stream)
    assert (done.returncode, done.stderr) == (CLOSED, b"")


def test_nothing_hangs_on_closed_streams_and_what_is_lost_is_told():
    for closed, status in (((0,), 0), ((1,), 3), ((2,), 0), ((0, 1, 2), 3)):
        done = run("list", "L3", before=lambda closed=closed: [os.close(number) for number in closed])
        assert done.returncode == status


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_what_an_encoding_lacks_is_written_as_an_escape(encoding):
    done = run("show", "L4:sharp", "--no-evidence", environment={"PYTHONIOENCODING": encoding})
    assert (done.returncode, done.stderr) == (0, b"")
    assert "\\u0398\\u2080" in done.stdout.decode(encoding)  # Θ₀
    refused = run("list", "λ", environment={"PYTHONIOENCODING": encoding})
    assert refused.returncode == 2
    plain = run(*BOUND, "--set", "tau=30", "--json", environment={"PYTHONIOENCODING": encoding})
    assert json.loads(plain.stdout.decode(encoding))["total"] == pytest.approx(0.0348333333)


# Files ---------------------------------------------------------------------------------------------------------------


def unwritable(monkeypatch):
    """A disk that is full when the work is done."""

    def fill(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(results, "write_whole", fill)


def test_a_report_that_cannot_be_written_in_the_end_is_printed(tmp_path, monkeypatch):
    unwritable(monkeypatch)
    path = tmp_path / "report.json"
    result = CliRunner().invoke(verify.cli.main.app, ["audit", "EQ-8:mean", "--jobs", "1", "--json", str(path)])
    assert result.exit_code == REFUSED
    *_, reason, printed = result.output.splitlines()
    assert reason.startswith(f"{path} could not be written: [Errno 28] No space left on device")
    assert json.loads(printed)["claims"][0]["id"] == "EQ-8:mean"


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_what_cannot_be_written_in_its_place_goes_into_the_temporary_folder(tmp_path, monkeypatch, option):
    target = tmp_path / "here" / "report"
    target.parent.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    before = getattr(Report, f"to_{option[2:]}")

    def remove(report, folder):
        if Path(folder) == target:
            raise OSError(30, "Read-only file system")
        return before(report, folder)

    monkeypatch.setattr(Report, f"to_{option[2:]}", remove)
    result = CliRunner().invoke(verify.cli.main.app, ["audit", "EQ-8:mean", "--jobs", "1", option, str(target)])
    assert result.exit_code == REFUSED
    assert f"{target} could not be written; it is there instead:" in result.output
    found = Path(result.output.splitlines()[-1].split()[-1])
    assert found.is_file()
    assert found.parent != target.parent


def no_room():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def test_no_file_is_begun_where_none_can_be_made(tmp_path):
    long = "x" * 300
    cases = (
        ("audit", "L3", "--json", long),
        ("audit", "L3", "--json", tmp_path),
        ("audit", "L3", "--html", long),
        ("audit", f"{long}.py"),
        ("new", f"{long}.py"),
        ("experiment", "phase-diagram", "--out", long),
        (*BOUND, "--over", "tau=1:9:lin", "--plot", f"{long}.png"),
        ("audit", "L3", "--json", tmp_path / "missing" / "x.json"),
    )
    for arguments in cases:
        result = CliRunner().invoke(verify.cli.main.app, [*map(str, arguments)])
        assert result.exit_code == 2, (arguments, result.output)
        assert isinstance(result.exception, SystemExit)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_cut_off_is_not_left_behind(tmp_path):
    done = run("new", tmp_path / "my_lemmas.py", before=no_room)
    assert (done.returncode, list(tmp_path.iterdir())) == (REFUSED, [])
    assert "File too large" in words(done)


# The surroundings ----------------------------------------------------------------------------------------------------


def test_a_working_directory_that_was_removed_is_said_in_words(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    done = run("list", "L3", cwd=gone, before=gone.rmdir)
    assert done.returncode == REFUSED
    assert words(done) == "scoregap: the working directory does not exist any more; change to another one "


def test_a_bad_backend_of_matplotlib_does_not_matter(tmp_path):
    arguments = (*BOUND, "--over", "tau=1:9:lin", "--plot", tmp_path / "x.png")
    done = run(*arguments, environment={"MPLBACKEND": "nonsense"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["verify", "theory", "numerics"])
@pytest.mark.parametrize("kind", ["package", "module"])
def test_a_foreign_package_on_the_path_is_named(tmp_path, name, kind):
    if kind == "package":
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
    else:
        (tmp_path / f"{name}.py").write_text("")
    done = run("list", "L3", environment={"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"})
    assert done.returncode == 1
    assert f"{name} from {tmp_path}" in words(done)
    assert "Run from another directory, or take it off the path" in words(done)


def test_too_little_memory_is_said_in_words():
    code = "from verify.cli.guard import guarded\ndef run(): raise MemoryError('8 GiB')\nguarded(lambda: run)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == REFUSED
    assert done.stderr == "scoregap: there is not enough memory (8 GiB); ask for less, or free some\n"


def test_an_interrupt_while_the_command_is_loaded_is_no_traceback():
    code = (
        "import os, signal\nfrom verify.cli.guard import guarded\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # it may be ignored where the tests are started
        "def load():\n    os.kill(os.getpid(), signal.SIGINT)\n    import time; time.sleep(60)\nguarded(load)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (INTERRUPTED, "scoregap: interrupted\n")


# What is typed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "x" * 100_000),
        ("show", "x" * 100_000),
        ("audit", "L3", "x" * 100_000),
        ("audit", "x" * 100_000 + ".py"),
        ("audit", f"--{'x' * 100_000}"),
        ("audit", "--budget", "x" * 100_000),
        ("audit", "--seed", "x" * 100_000),
        ("audit", "--seed", "9" * 100_000),
        ("audit", "L3", "--json", "x" * 100_000),
        ("replay", "x" * 100_000),
        ("replay", "x" * 100_000, "y" * 100_000, "z" * 100_000),
        ("replay", "x" * 100_000 + ".py:x", "y" * 100_000),
        ("bound", "x" * 100_000),
        ("bound", "L4:sharp", "--set", "x" * 100_000),
        ("bound", "L4:sharp", "--set", f"{'x' * 100_000}=1"),
        ("bound", "L4:sharp", "--set", f"tau={'x' * 100_000}"),
        ("bound", "L4:sharp", "--set", f"tau={'1' * 100_000}", "--set", f"tau={'1' * 100_000}"),
        ("bound", "L4:sharp", "--over", f"tau=1:2:lin:{'9' * 4000}"),
        ("bound", "L4:sharp", "--over", f"{'x' * 100_000}=1:2:lin"),
        ("new", "x" * 100_000),
        ("experiment", "x" * 100_000),
        ("experiment", "figure-6-7", "--images", "x" * 100_000),
        ("x" * 100_000,),
    ],
    ids=lambda arguments: " ".join(word[:12] for word in arguments),
)
def test_no_message_repeats_much_of_what_was_typed(arguments):
    result = CliRunner().invoke(verify.cli.main.app, list(arguments))
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert len(result.output) < 4000
    assert shortened("y" * 10**6).endswith("y… (1,000,000 characters)")


def on_a_terminal(columns, *arguments):
    """The output of the command on a terminal of so many columns, without its colours."""
    pid, terminal = pty.fork()
    if pid == 0:
        environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm", "PYTHONPATH": str(ROOT)}
        os.execve(sys.executable, [*COMMAND, *arguments], environment)
    parts = []
    while True:
        try:
            part = os.read(terminal, 1 << 16)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", b"".join(parts).decode())


@pytest.mark.parametrize("columns", [80, 40])
def test_a_table_on_a_narrow_terminal_breaks_and_cuts_no_number(columns):
    values = (
        "T=1",
        "S_B=1",
        "S_G=1",
        "K_B=1",
        "K_G=1",
        "delta=1/3",
        "distance_initial=1",
        "n=1e5",
        "tau=3",
        "kl_prior=0",
    )
    options = (word for value in (*values, "loss_comparator=1/3", "loss_minimum=1/7") for word in ("--set", value))
    status, output = on_a_terminal(columns, "bound", "T1:repaired", *options, "--over", "tau=1.23456:98765.4:log:4")
    assert status == 0
    assert "…" not in output.partition("tau")[2]
    assert max(len(line.rstrip()) for line in output.splitlines() if line.startswith(("┏", "│", "┃"))) <= columns
    plain = CliRunner().invoke(
        verify.cli.main.app,
        [
            "bound",
            "T1:repaired",
            *(word for v in (*values, "loss_comparator=1/3", "loss_minimum=1/7") for word in ("--set", v)),
            "--over",
            "tau=1.23456:98765.4:log:4",
        ],
    )
    numbers = set(
        re.findall(r"\d[\d.e+-]*", "".join(line for line in plain.output.splitlines() if line.startswith("│")))
    )
    assert len(numbers) > 16
    assert numbers <= set(re.findall(r"\d[\d.e+-]*", output))


def test_an_audit_on_a_narrow_terminal_cuts_no_number():
    for columns in (80, 40):
        status, output = on_a_terminal(columns, "audit", "EQ-8:mean", "--jobs", "1")
        assert status == 0
        assert [line for line in output.splitlines() if "EQ-8:mean" in line and "PROVED" in line and "3/3" in line]
