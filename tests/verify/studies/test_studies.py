"""The studies: the registry, the command, and the phase diagram's files."""

from __future__ import annotations

import csv
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import verify.cli.main
from verify import studies as studies_room
from verify.cli import studies as command_of_studies
from verify.studies import (
    STUDIES,
    Study,
    along_training,
    early_stopping,
    figure_6_7,
    learned_densities,
    lemma_2_horizon,
    memorisation,
    parametrizations,
    phase_diagram,
    score_density,
    study,
    terms_against_n,
    theorem_1_chain,
    theorem_1_curves,
    theorem_1_violations,
    time_tradeoff,
    vae,
    widths,
)
from verify.studies.files import Output
from verify.studies.replicas import replicas_file, replicate

RUNNER = CliRunner()
MODULES = (
    early_stopping,
    figure_6_7,
    lemma_2_horizon,
    memorisation,
    parametrizations,
    phase_diagram,
    score_density,
    terms_against_n,
    theorem_1_chain,
    theorem_1_curves,
    theorem_1_violations,
    time_tradeoff,
    vae,
    widths,
)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return phase_diagram.run(tmp_path_factory.mktemp("study"))


def test_the_table_holds_the_exact_pieces(files):
    with files[0].open(encoding="utf-8") as stream:
        table = list(csv.reader(stream))
    assert table == [
        list(phase_diagram.COLUMNS),
        ["printed", "0", "2/3", "-alpha/2", "alpha/2", "alpha/2", "alpha/2", "features + training", "yes"],
        [
            "printed",
            "2/3",
            "oo",
            "-alpha/5 - 1/5",
            "alpha/5 + 1/5",
            "alpha/5 + 1/5",
            "alpha/5 + 1/5",
            "sampling + training",
            "yes",
        ],
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
    code = (
        "import sys; from pathlib import Path; from verify.studies import STUDIES, phase_diagram\n"
        "assert 'matplotlib' not in sys.modules\n"
        f"phase_diagram.run(Path({str(tmp_path)!r}))\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "import matplotlib; print(matplotlib.rcParams['svg.hashsalt'])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout.strip(), done.stderr) == ("None", "")


def test_a_study_is_found_by_its_name():
    assert all(isinstance(entry, Study) and entry.name == name and entry.sentence for name, entry in STUDIES.items())
    for bad in ("nope", "", None, 3, []):
        with pytest.raises(ValueError, match=r"name must be one of .*phase-diagram"):
            study(bad)


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_of_the_list_is_there_and_runs_under_its_name(name, tmp_path, monkeypatch):
    seen = []

    def output(_out, name, **_options):
        seen.append(name)
        raise ValueError("enough")

    for module in (*MODULES, along_training, learned_densities):
        monkeypatch.setattr(module, "Output", output)
    with pytest.raises(ValueError, match="enough"):
        study(name).run(tmp_path, quick=True, seed=0)
    assert seen == [name]


def test_a_list_of_the_studies_loads_none_of_them():
    code = "import sys, verify.studies; print([name for name in sys.modules if name.startswith('verify.studies.')])"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "[]"


def test_the_command_lists_runs_and_refuses(tmp_path):
    listed = RUNNER.invoke(verify.cli.main.app, ["experiment"])
    assert [line.split()[0] for line in listed.output.splitlines()] == list(STUDIES)
    unknown = RUNNER.invoke(verify.cli.main.app, ["experiment", "phase"])
    assert unknown.exit_code == 2
    assert "phase-diagram" in unknown.output
    made = RUNNER.invoke(verify.cli.main.app, ["experiment", "phase-diagram", "--out", str(tmp_path / "new" / "place")])
    assert made.exit_code == 0
    assert sorted(path.suffix for path in (tmp_path / "new" / "place").iterdir()) == [".csv", ".png", ".svg"]
    (tmp_path / "file").write_text("")
    blocked = RUNNER.invoke(verify.cli.main.app, ["experiment", "phase-diagram", "--out", str(tmp_path / "file")])
    assert blocked.exit_code == 2
    assert "cannot be made" in re.sub(r"[│\s]+", " ", blocked.output)


# Studies of replicas, and all of them --------------------------------------------------------------------------------


@pytest.fixture
def fakes(monkeypatch):
    """Three studies in the place of the real ones, two of them of replicas; what they are called with."""
    seen = []

    def plain(out, quick=True, seed=0):
        seen.append(("plain", quick, seed, {}))
        return (Output(out, "plain").table(("x",), [(1,)]),)

    def replicated(name):
        def run(out, quick=True, seed=0, **options):
            seen.append((name, quick, seed, options))
            files = Output(out, name)
            replicate(
                lambda k: {"value": k},
                files=files,
                settings={"quick": quick},
                seed=seed,
                replicas=options["replicas"] or 2,
                resume=options["resume"],
                workers=options["workers"],
            )
            return (files.table(("x",), [(1,)]),)

        return Study(name=name, sentence="of replicas", run=run, replicated=True)

    studies = {
        "first": replicated("first"),
        "plain": Study(name="plain", sentence="plain", run=plain),
        "last": replicated("last"),
    }
    for module in (command_of_studies, studies_room):
        monkeypatch.setattr(module, "STUDIES", studies)
    return seen


def words(result):
    """What was printed, without the frame's bars and line breaks."""
    return re.sub(r"[│\s]+", " ", result.output)


def command(*arguments):
    return RUNNER.invoke(verify.cli.main.app, ["experiment", *map(str, arguments)])


def test_all_runs_every_study_in_order(fakes, tmp_path):
    done = command("all", "--out", tmp_path / "new", "--quick", "--seed", 5, "--replicas", 3, "--jobs", 2)
    assert done.exit_code == 0
    options = {"replicas": 3, "resume": False, "workers": 2}
    assert fakes == [("first", True, 5, options), ("plain", True, 5, {}), ("last", True, 5, options)]
    assert [line.split("/")[-1] for line in done.output.splitlines() if line.startswith("written: ")] == [
        "first.csv",
        "plain.csv",
        "last.csv",
    ]
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "first.csv",
        "plain.csv",
        "last.csv",
        "first.replicas.jsonl",
        "last.replicas.jsonl",
    }


def test_a_study_has_its_own_number_of_replicas_and_every_core(fakes, tmp_path, monkeypatch):
    monkeypatch.setattr(command_of_studies, "cores", lambda: 7)
    assert command("first", "--out", tmp_path).exit_code == 0
    assert fakes == [("first", False, 0, {"replicas": None, "resume": False, "workers": 7})]
    assert command("first", "--out", tmp_path, "--resume", "--jobs", 1).exit_code == 0
    assert fakes[1] == ("first", False, 0, {"replicas": None, "resume": True, "workers": 1})


@pytest.mark.parametrize(("option", "value"), [("--replicas", ("3",)), ("--resume", ())])
def test_an_option_on_replicas_is_refused_for_a_study_without(fakes, tmp_path, option, value):
    refused = command("plain", "--out", tmp_path, option, *value)
    assert refused.exit_code == 2
    assert option in refused.output
    assert "plain trains no replicas" in words(refused)
    assert fakes == []


@pytest.mark.parametrize("option", ["--replicas", "--jobs"])
@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5"])
def test_a_bad_number_is_refused(fakes, tmp_path, option, value):
    refused = command("first", "--out", tmp_path, option, value)
    assert refused.exit_code == 2
    assert option in refused.output
    assert fakes == []


@pytest.mark.parametrize("name", ["last", "all"])
def test_replicas_in_the_way_are_refused_before_any_work(fakes, tmp_path, name):
    path = replicas_file(tmp_path, "last")
    path.write_bytes(b"kept")
    refused = command(name, "--out", tmp_path)
    assert refused.exit_code == 2
    assert "last.replicas.jsonl" in words(refused)
    assert "--resume" in words(refused)
    assert fakes == []
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"kept"


@pytest.mark.parametrize("name", ["last", "all"])
def test_more_replicas_than_fit_into_memory_are_refused_before_any_work(fakes, tmp_path, name):
    refused = command(name, "--out", tmp_path / "new", "--replicas", 10**12)
    assert refused.exit_code == 2
    assert "Invalid value for --replicas: a study of 1000000000000 replicas needs" in words(refused)
    assert fakes == []
    assert list(tmp_path.iterdir()) == []


def test_replicas_of_another_seed_are_refused_by_name(fakes, tmp_path):
    assert command("last", "--out", tmp_path).exit_code == 0
    before = replicas_file(tmp_path, "last").read_bytes()
    refused = command("last", "--out", tmp_path, "--seed", 1, "--resume")
    assert refused.exit_code == 2
    assert "--out" in refused.output
    assert "seed = 0 (int) against 1 (int)" in words(refused)
    assert replicas_file(tmp_path, "last").read_bytes() == before


def test_an_interrupt_ends_with_130_and_says_how_to_go_on(fakes, tmp_path, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    for name, hint in (("first", "; --resume goes on from its finished replicas"), ("plain", "")):
        broken = Study(name=name, sentence="", run=interrupted, replicated=bool(hint))
        monkeypatch.setitem(studies_room.STUDIES, name, broken)
        stopped = command("all" if name == "first" else "plain", "--out", tmp_path)
        assert stopped.exit_code == 130
        assert f"interrupted in {name}{hint}\n" in stopped.output
    assert fakes == []  # what comes after is left


def test_another_name_is_refused_with_all_among_the_choices(fakes, tmp_path):
    refused = command("al", "--out", tmp_path)
    assert refused.exit_code == 2
    assert "first, plain, last" in words(refused)
    assert "(or all)" in words(refused)
    assert fakes == []
