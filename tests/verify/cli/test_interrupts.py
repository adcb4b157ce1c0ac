"""Ctrl-C: an audit ends with what is done, whatever swallows it and whenever it comes; its processes never see it."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

import verify.cli.main
from verify.audit import engine
from verify.audit.mutants import MutantResult
from verify.cli.interrupts import _Processes
from verify.evidence.plan import Plan
from verify.evidence.verdict import Evidence, MutantOutcome, Verdict

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-u", "-c", "from verify.cli.main import main; main()"]


def by_a_library():
    with suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def by_a_destructor():
    class Dying:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    Dying()


@pytest.mark.parametrize("swallowed", [by_a_library, by_a_destructor])
def test_an_interrupt_that_is_swallowed_ends_the_audit_after_that_claim(swallowed, monkeypatch):
    def swallow(_plan, _claim, _context):
        swallowed()
        yield Evidence(method="x", verdict=Verdict.PROVED, summary="")

    monkeypatch.setattr(Plan, "run", swallow)
    monkeypatch.setattr(
        engine,
        "attack",
        lambda _claim, mutant, *_more: MutantResult(
            name=mutant.name, description="", regime="", outcome=MutantOutcome.KILLED
        ),
    )
    before = signal.getsignal(signal.SIGINT), sys.unraisablehook
    result = CliRunner().invoke(verify.cli.main.app, ["audit", "L7", "--jobs", "1"])
    assert result.exit_code == 130
    assert "interrupted: 2 of 3 claims were not audited" in result.output
    assert (signal.getsignal(signal.SIGINT), sys.unraisablehook) == before


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_the_audit_cleanly_with_what_is_done(tmp_path, jobs):
    path = tmp_path / "report.json"
    command = [*COMMAND, "audit", "L3:scaled", "L5", "L4", "EQ-8", "--jobs", jobs, "--json", str(path)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    first = process.stdout.readline()
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in output
    assert "Traceback" not in errors
    report = json.loads(path.read_text())
    assert report["interrupted"]
    assert first.split()[0] in {claim["id"] for claim in report["claims"]}


def test_processes_are_started_with_interrupts_held_back():
    mine = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with _Processes(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert signal.SIGINT in pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result(timeout=60)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == mine


def dying(stated, _budget, _seed, _backend):
    if "L7:mode" in stated:
        os.kill(os.getpid(), signal.SIGKILL)
    return [engine.check(item, mutants=False) for item in stated]


def test_a_worker_that_the_system_ends_costs_only_what_was_not_done(monkeypatch, tmp_path):
    monkeypatch.setattr(engine, "_run_stated", dying)
    path = tmp_path / "report.json"
    arguments = ["audit", "EQ-8:mean", "L7:mode", "--jobs", "2", "--json", str(path)]
    result = CliRunner().invoke(verify.cli.main.app, arguments)
    assert result.exit_code == 3
    assert "the system ended a worker process, perhaps for want of memory; take fewer --jobs" in result.output
    assert json.loads(path.read_text())["interrupted"]


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc, to see how far a process is")
@pytest.mark.parametrize("wait", [0.0, 1.0, 2.0])
def test_an_interrupt_while_the_command_and_its_workers_start_is_no_traceback(wait):
    # an interrupt may be ignored where the tests are started
    heeded = "import runpy, signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code = f"{heeded}runpy.run_module('scoregap', {{}}, '__main__')"
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", code, "audit", "T1", "T2", "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    while "numpy" not in Path(f"/proc/{process.pid}/maps").read_text():  # until the command is being loaded
        time.sleep(0.01)
    time.sleep(wait)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 130, (output, errors)
    assert "Traceback" not in errors
