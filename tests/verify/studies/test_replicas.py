"""Replicas are measured once, kept line by line, and resumed after any stop; a file of anything else is refused."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from typer.testing import CliRunner

import numerics
import verify.cli.main
from numerics.backends.backend import NumpyArrays
from verify.studies import along_training, replicas
from verify.studies.files import Output
from verify.studies.progress import Progress
from verify.studies.replicas import ReplicasError, column, replicas_file, replicate

SETTINGS = {"rate": 0.5, "runs": {"6": {"width": 16, "checkpoints": [1, 2]}}}
POINTS = 60  # to be quick
COMMAND = f"""
from verify.studies import along_training
along_training.QUICK_POINTS = {POINTS}
from verify.cli.main import app
app()
"""


def measured(k):
    return {"value": 1.5 * k, "place": [k, k + 1]}


def study(out, measure=measured, **options):
    return replicate(measure, files=Output(out, "name"), **{"settings": SETTINGS, "seed": 3, "replicas": 5, **options})


def lines(out):
    return replicas_file(out, "name").read_bytes().splitlines(keepends=True)


def on_file(out):
    return [json.loads(line)["replica"] for line in lines(out)[1:]]


# What is measured ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_records_come_in_order_whatever_the_workers(tmp_path, workers):
    last = threading.Event()  # with several workers the replica 0 ends last

    def measure(k):
        if workers > 1:
            if k == 4:
                last.set()
            if k == 0:
                assert last.wait(60)
        return measured(k)

    assert study(tmp_path, measure, workers=workers) == [{"replica": k, **measured(k)} for k in range(5)]
    assert sorted(on_file(tmp_path)) == [0, 1, 2, 3, 4]
    if workers > 1:
        assert on_file(tmp_path)[0] != 0
    assert json.loads(lines(tmp_path)[0]) == {"study": "name", "seed": 3, "settings": SETTINGS}


def test_a_backend_that_trains_in_one_program_measures_ranges_of_replicas(tmp_path, monkeypatch):
    monkeypatch.setattr(replicas, "_TOGETHER", 4)
    seen = []

    def together(group):
        seen.append(group)
        return [measured(k) for k in group]

    def alone(k):
        raise AssertionError(f"replica {k} was measured alone")

    once = study(tmp_path, together=together)  # NumPy's backend measures one by one
    assert not seen
    out = tmp_path / "ranges"
    out.mkdir()
    with numerics.use_backend(NumpyArrays()):
        assert study(out, alone, together=together, replicas=3) == once[:3]
        assert seen == [range(3)]
        assert study(out, alone, together=together, replicas=9, resume=True)[:5] == once
    assert seen[1:] == [range(3, 7), range(7, 9)]
    assert replicas._runs([0, 1, 5, 7, 8]) == [range(2), range(5, 6), range(7, 9)]


def test_replicas_of_another_precision_are_not_gone_on_from(tmp_path):
    with numerics.use_backend(NumpyArrays(dtype="float32")):
        study(tmp_path)
    with pytest.raises(ReplicasError, match=r"dtype = 'float32' \(str\) against None"):
        study(tmp_path, resume=True)


def test_no_more_replicas_run_at_once_than_there_are_workers(tmp_path):
    lock, running, most = threading.Lock(), [0], [0]

    def measure(k):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.005)
        with lock:
            running[0] -= 1
        return measured(k)

    study(tmp_path, measure, workers=2, replicas=12)
    assert 1 <= most[0] <= 2


def test_a_resumed_study_measures_the_missing_replicas_only(tmp_path):
    study(tmp_path, replicas=2)
    seen = []

    def measure(k):
        seen.append(k)
        return measured(k)

    assert [r["replica"] for r in study(tmp_path, measure, resume=True, replicas=5)] == [0, 1, 2, 3, 4]
    assert seen == [2, 3, 4]
    seen.clear()
    before = lines(tmp_path)
    assert study(tmp_path, measure, resume=True, replicas=3) == [{"replica": k, **measured(k)} for k in range(3)]
    assert seen == []
    assert lines(tmp_path) == before


def test_resume_starts_anew_where_there_is_no_file(tmp_path):
    assert len(study(tmp_path, resume=True)) == 5


def test_floats_come_back_to_the_last_bit_and_what_is_no_number_as_nan(tmp_path):
    values = [0.1 + 0.2, 5e-324, -1e307, 1 / 3, math.nan, math.inf, -math.inf, -0.0]
    others = {"b": np.float64(1 / 7), "c": np.int64(2), "d": (1,)}
    made = study(tmp_path, lambda k: {"a": np.array(values) * (k + 1), **others})
    again = study(tmp_path, lambda _k: pytest.fail("it was measured"), resume=True)
    assert made == again
    found = column(again, "a")
    assert found.shape == (5, 8)
    for k in range(5):
        kept = np.array(values) * (k + 1)
        kept[~np.isfinite(kept)] = math.nan
        np.testing.assert_array_equal(found[k].view(np.int64)[~np.isnan(kept)], kept.view(np.int64)[~np.isnan(kept)])
        np.testing.assert_array_equal(np.isnan(found[k]), np.isnan(kept))
    assert again[0]["a"][4:7] == [None, None, None]
    assert (again[1]["b"], again[1]["c"], again[1]["d"]) == (1 / 7, 2, [1])
    assert "NaN" not in replicas_file(tmp_path, "name").read_text()


# Stops ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("raised", [RuntimeError("out of luck"), KeyboardInterrupt()])
def test_a_failure_keeps_the_replicas_that_ended(tmp_path, workers, raised):
    begun = []

    def measure(k):
        begun.append(k)
        if k == 2:
            raise raised
        return measured(k)

    with pytest.raises(type(raised)):
        study(tmp_path, measure, workers=workers, replicas=40)
    kept = on_file(tmp_path)
    assert len(set(kept)) == len(kept)
    assert set(kept) == set(begun) - {2}
    assert {0, 1} <= set(kept)
    rest = []
    study(tmp_path, lambda k: rest.append(k) or measured(k), resume=True, replicas=40)
    assert sorted(rest) == sorted(set(range(40)) - set(kept))


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_truncated_last_line_is_cut_off_and_measured_again(tmp_path, cut):
    study(tmp_path, replicas=3)
    path = replicas_file(tmp_path, "name")
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    seen = []
    study(tmp_path, lambda k: seen.append(k) or measured(k), resume=True, replicas=3)
    assert seen == [2]
    assert path.read_bytes() == whole


def test_a_truncated_first_line_is_written_again(tmp_path):
    study(tmp_path, replicas=2)
    path = replicas_file(tmp_path, "name")
    whole = path.read_bytes()
    for content in (b"", lines(tmp_path)[0][:-7], lines(tmp_path)[0][:1]):
        path.write_bytes(content)
        study(tmp_path, resume=True, replicas=2)
        assert path.read_bytes() == whole


def until_it_holds(process, path, replicas):
    """Wait for a process to have kept so many replicas."""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        assert process.poll() is None, "it ended before it was killed"
        if path.exists() and path.read_bytes().count(b"\n") > replicas:
            return
        time.sleep(0.005)
    pytest.fail("it kept nothing")


def killed(arguments, path, replicas):
    """Run a process and kill it, so that it can do nothing more, once its file holds so many replicas."""
    process = subprocess.Popen([sys.executable, "-P", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until_it_holds(process, path, replicas)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)


def test_a_killed_figure_is_resumed_to_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(along_training, "QUICK_POINTS", POINTS)
    stopped, whole = tmp_path / "stopped", tmp_path / "whole"
    path = replicas_file(stopped, "figure-3")
    # more replicas than are wanted in the end, so that it is killed long before it is done
    begin = ["experiment", "figure-3", "--quick", "--replicas"]
    killed(["-c", COMMAND, *begin, "1000", "--jobs", "1", "--out", str(stopped)], path, 2)
    before = path.read_bytes()
    kept = [json.loads(line)["replica"] for line in before[: before.rfind(b"\n")].splitlines()[1:]]
    assert kept == list(range(len(kept)))  # all but the one in flight
    assert len(kept) >= 2
    for arguments in (["--jobs", "1", "--resume", "--out", str(stopped)], ["--jobs", "2", "--out", str(whole)]):
        done = CliRunner().invoke(verify.cli.main.app, [*begin, "6", *arguments])
        assert done.exit_code == 0, done.output
    assert path.read_bytes().startswith(before[: before.rfind(b"\n") + 1])
    for ending in (".csv", ".json", ".png", ".svg"):
        name = f"figure-3{ending}"
        assert (stopped / name).read_bytes() == (whole / name).read_bytes(), ending


# Files that are refused ----------------------------------------------------------------------------------------------


def test_a_file_in_the_way_is_refused_and_left_as_it_is(tmp_path):
    study(tmp_path, replicas=2)
    path = replicas_file(tmp_path, "name")
    for content in (path.read_bytes(), path.read_bytes()[:-3]):
        path.write_bytes(content)
        with pytest.raises(ReplicasError, match=r"name\.replicas\.jsonl with [12] replicas .*--resume\), remove"):
            study(tmp_path, lambda _k: pytest.fail("it was measured"))
        assert path.read_bytes() == content


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("content", [b"something", b"[1, 2]", b"something\n", b'{"seed": 3}\n', b"\xff\xfe\n"])
def test_a_file_of_something_else_is_refused_and_left_as_it_is(tmp_path, content, resume):
    path = replicas_file(tmp_path, "name")
    path.write_bytes(content)
    with pytest.raises(ReplicasError, match=r"name\.replicas\.jsonl"):
        study(tmp_path, lambda _k: pytest.fail("it was measured"), resume=resume)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"seed": 4}, "seed = 3 (int) against 4 (int)"),
        ({"settings": {**SETTINGS, "rate": 0.25}}, "settings.rate = 0.5 (float) against 0.25 (float)"),
        (
            {"settings": {**SETTINGS, "runs": {"6": {"width": 32, "checkpoints": [1, 2]}}}},
            "settings.runs.6.width = 16 (int) against 32 (int)",
        ),
        (
            {"settings": {**SETTINGS, "runs": {"6": {"width": 16, "checkpoints": [1, 3]}}}},
            "settings.runs.6.checkpoints = [1, 2] (list) against [1, 3] (list)",
        ),
        ({"settings": {}}, "settings.rate = 0.5 (float) against None (NoneType)"),
    ],
)
def test_the_message_names_what_differs(tmp_path, options, found):
    study(tmp_path, replicas=2)
    before = lines(tmp_path)
    with pytest.raises(ReplicasError, match="this study, seed and settings") as caught:
        study(tmp_path, lambda _k: pytest.fail("it was measured"), resume=True, **options)
    assert found in str(caught.value)
    assert str(replicas_file(tmp_path, "name")) in str(caught.value)
    assert lines(tmp_path) == before


@pytest.mark.parametrize("line", ["rubbish", "[]", "{}", '{"value": 1}', '{"replica": "x"}', '{"replica": null}', ""])
def test_a_damaged_line_is_named(tmp_path, line):
    study(tmp_path, replicas=3)
    path = replicas_file(tmp_path, "name")
    kept = lines(tmp_path)
    path.write_bytes(b"".join([*kept[:2], f"{line}\n".encode(), *kept[2:]]))
    before = path.read_bytes()
    with pytest.raises(ReplicasError, match=r"line 3 of .*name\.replicas\.jsonl is not a replica.*remove that line"):
        study(tmp_path, resume=True)
    assert path.read_bytes() == before


FORM = {"value": (), "place": (2,)}


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"replica": 1}, "value is missing"),
        ({"replica": 1, "value": 1.0}, "place is missing"),
        ({"replica": 1, "value": "1.0", "place": [1, 2]}, r"value must hold numbers of shape \(\); got '1.0'"),
        ({"replica": 1, "value": 1.0, "place": [1]}, r"place must hold numbers of shape \(2,\); got \[1\]"),
        ({"replica": 1, "value": 1.0, "place": 3}, r"place must hold numbers of shape \(2,\); got 3"),
        ({"replica": 1, "value": True, "place": [1, 2]}, "value must hold numbers"),
        ({"replica": 1, "value": {}, "place": [1, 2]}, "value must hold numbers"),
    ],
)
def test_a_record_that_lacks_something_is_named(tmp_path, record, words):
    study(tmp_path, replicas=1)
    path = replicas_file(tmp_path, "name")
    with path.open("a") as stream:
        stream.write(json.dumps(record) + "\n")
    before = path.read_bytes()
    with pytest.raises(ReplicasError, match=rf"line 3 of .*is no replica of this study: {words}.*remove that line"):
        study(tmp_path, resume=True, form=lambda _: FORM)
    assert path.read_bytes() == before


def test_nested_forms_may_have_parts_that_are_missing():
    form = {"a": {"b": (-1,), "c?": (1,)}, "d": None}
    assert replicas._misfit(form, {"a": {"b": [1, None, 2.5]}, "d": "anything"}, "") == ""
    assert replicas._misfit(form, {"a": {"b": [], "c": [1, 2]}, "d": 0}, "").startswith("a.c must hold")
    assert replicas._misfit(form, {"a": [], "d": 0}, "").startswith("a must be an object")


@pytest.mark.parametrize(
    "line", ['{"replica": true}', '{"replica": -1}', '{"replica": 1.0}', "[" * 100_000, "9" * 9999]
)
def test_a_line_of_anything_else_is_named(tmp_path, line):
    study(tmp_path, replicas=1)
    path = replicas_file(tmp_path, "name")
    with path.open("a") as stream:
        stream.write(line + "\n")
    with pytest.raises(ReplicasError, match=r"line 3 of .*is not a replica"):
        study(tmp_path, resume=True)


@pytest.mark.parametrize("resume", [False, True])
def test_a_second_process_in_the_directory_is_refused(tmp_path, resume):
    def measure(k):
        if k == 0:
            with pytest.raises(ReplicasError, match=r"written to by another process|with 0 replicas already"):
                study(tmp_path, lambda _k: pytest.fail("it was measured"), resume=resume)
            code = f"import verify.studies.replicas as r, pathlib\nwith r._locked(pathlib.Path({str(path)!r})): pass"
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
            assert "is being written to by another process; let it end, or take another directory" in done.stderr
        return measured(k)

    path = replicas_file(tmp_path, "name")
    assert len(study(tmp_path, measure)) == 5
    assert len(study(tmp_path, lambda _k: pytest.fail("it was measured"), resume=True)) == 5  # the lock is gone


@pytest.mark.parametrize("kind", ["directory", "fifo"])
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path, kind):
    path = replicas_file(tmp_path, "name")
    path.mkdir() if kind == "directory" else os.mkfifo(path)
    for resume in (False, True):
        with pytest.raises(ReplicasError, match="which is no file"):
            study(tmp_path, resume=resume)


def test_more_replicas_than_fit_into_memory_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"a study of 1000000000000 replicas needs about .*replicas = \d+ would fit"):
        study(tmp_path, replicas=10**12)
    assert not list(tmp_path.iterdir())


def test_a_disk_that_fills_costs_what_is_in_flight_and_says_how_to_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(along_training, "QUICK_POINTS", POINTS)
    begin = ["experiment", "figure-3", "--quick", "--replicas", "3", "--jobs", "1", "--out", str(tmp_path)]
    append, kept = replicas._append, []

    def filling(stream, line):
        if len(kept) == 2:  # the first line and one replica
            raise OSError(28, "No space left on device")
        kept.append(line)
        append(stream, line)

    monkeypatch.setattr(replicas, "_append", filling)
    stopped = CliRunner().invoke(verify.cli.main.app, begin)
    assert stopped.exit_code == 3
    assert "stopped in figure-3: No space left on device; --resume goes on from its finished" in stopped.output
    monkeypatch.setattr(replicas, "_append", append)
    assert CliRunner().invoke(verify.cli.main.app, [*begin, "--resume"]).exit_code == 0


@pytest.mark.parametrize("name", ["replicas", "workers"])
@pytest.mark.parametrize("value", [0, -1, 1.5, True, "2", None])
def test_counts_are_checked_before_anything_is_written(tmp_path, name, value):
    with pytest.raises(ValueError, match=f"{name} must be an integer >= 1"):
        study(tmp_path, **{name: value})
    assert not list(tmp_path.iterdir())


# How far it is -------------------------------------------------------------------------------------------------------


def test_a_study_tells_of_every_replica_and_of_those_that_were_there(tmp_path, monkeypatch):
    told = []

    class Told(Progress):
        def tell(self, done):
            told.append((self.what, done, self.total))

    monkeypatch.setattr(replicas, "Progress", Told)
    study(tmp_path, replicas=2)
    study(tmp_path, replicas=4, resume=True)
    assert told == [("name", 0, 2), ("name", 1, 2), ("name", 2, 2), ("name", 2, 4), ("name", 3, 4), ("name", 4, 4)]
