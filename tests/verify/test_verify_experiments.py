"""The studies: the registry, the command, and the phase diagram's files."""

from __future__ import annotations

import csv
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import verify.cli
from verify.experiments import STUDIES, Study, phase_diagram, study

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return phase_diagram.run(tmp_path_factory.mktemp("study"))


def test_the_table_holds_the_exact_pieces(files):
    with files[0].open(encoding="utf-8") as stream:
        table = list(csv.reader(stream))
    assert table == [
        list(phase_diagram.COLUMNS),
        ["printed", "0", "2/3", "-alpha/2", "alpha/2", "alpha/2", "alpha/2", "features + training", "yes"],
        ["printed", "2/3", "oo", "-alpha/5 - 1/5", "alpha/5 + 1/5", "alpha/5 + 1/5", "alpha/5 + 1/5",
         "sampling + training", "yes"],
        ["repaired", "0", "1/2", "-alpha", "alpha", "alpha", "1 - alpha", "width", "yes"],
        ["repaired", "1/2", "oo", "-1/2", "1/2", "1/2", "1/2", "training + sampling + noise", "yes"],
    ]


def test_the_figure_is_written_in_two_formats_the_same_each_time(files, tmp_path):
    assert [path.suffix for path in files] == [".csv", ".png", ".svg"]
    assert files[1].read_bytes().startswith(b"\x89PNG")
    again = phase_diagram.run(tmp_path, quick=False, seed=7)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files]
    assert "<dc:date>" not in files[2].read_text(encoding="utf-8")


def test_drawing_leaves_the_users_matplotlib_alone(tmp_path):
    code = ("import sys; from pathlib import Path; from verify.experiments import STUDIES, phase_diagram\n"
            "assert 'matplotlib' not in sys.modules\n"
            f"phase_diagram.run(Path({str(tmp_path)!r}))\n"
            "assert 'matplotlib.pyplot' not in sys.modules\n"
            "import matplotlib; print(matplotlib.rcParams['svg.hashsalt'])")
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout.strip(), done.stderr) == ("None", "")


def test_a_study_is_found_by_its_name():
    assert all(isinstance(entry, Study) and entry.name == name and entry.sentence for name, entry in STUDIES.items())
    assert study("phase-diagram").run is phase_diagram.run
    for bad in ("nope", "", None, 3, []):
        with pytest.raises(ValueError, match=r"name must be one of .*phase-diagram"):
            study(bad)


def test_the_command_lists_runs_and_refuses(tmp_path):
    listed = RUNNER.invoke(verify.cli.app, ["experiment"])
    assert [line.split()[0] for line in listed.output.splitlines()] == list(STUDIES)
    unknown = RUNNER.invoke(verify.cli.app, ["experiment", "phase"])
    assert unknown.exit_code == 2
    assert "phase-diagram" in unknown.output
    made = RUNNER.invoke(verify.cli.app, ["experiment", "phase-diagram", "--out", str(tmp_path / "new" / "place")])
    assert made.exit_code == 0
    assert sorted(path.suffix for path in (tmp_path / "new" / "place").iterdir()) == [".csv", ".png", ".svg"]
    (tmp_path / "file").write_text("")
    blocked = RUNNER.invoke(verify.cli.app, ["experiment", "phase-diagram", "--out", str(tmp_path / "file")])
    assert blocked.exit_code == 2
    assert "cannot be made" in re.sub(r"[│\s]+", " ", blocked.output)
