"""``scoregap new``, and files of lemmas wherever a command takes a claim."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import verify
from verify.audit.tokens import encode
from verify.cli.lemmas import SKELETON
from verify.cli.main import app

ROOT = Path(__file__).resolve().parents[3]
PYTEST = [sys.executable, "-m", "pytest", "-p", "scoregap_pytest", "-p", "no:cacheprovider", "-p", "no:xdist"]
FILE = """
import sympy as sp
import verify
x = sp.Symbol("x", real=True)
good = verify.lemma("True.", x, x**2, over={x: (0, 5)}, given=x >= 1, wrong={"half": x**2 / 2})
bad = verify.lemma("False.", x, x**2, over={x: (0, 5)})
"""


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.py").write_text(FILE, encoding="utf-8")
    return "two.py"


def test_a_new_file_runs_as_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = run("new", "fresh.py")
    assert made.exit_code == 0
    assert "scoregap audit fresh.py" in made.output
    text = Path("fresh.py").read_text(encoding="utf-8")
    assert "FILE.py" not in text
    assert "scoregap replay fresh.py:pinsker TOKEN" in text
    result = run("audit", "fresh.py", "--jobs", "1")
    assert result.exit_code == 0, result.output
    assert [line.split()[:2] for line in result.output.splitlines()[:3]] == [
        ["MY:pinsker", "SEARCHED"],
        ["MY:hoeffding", "SUPPORTED"],
        ["MY:growth", "SEARCHED"],
    ]
    assert "2 of 2 mutants killed" in result.output
    assert "MY:growth: no wrong variant was tried" in result.output


def test_a_new_file_overwrites_nothing(file):
    before = Path(file).read_text(encoding="utf-8")
    result = run("new", file)
    assert result.exit_code == 2
    assert "exists already" in result.output
    assert Path(file).read_text(encoding="utf-8") == before


@pytest.mark.parametrize("name", ["notes.txt", "my-lemmas.py", "nowhere/lemmas.py"])
def test_a_new_file_must_be_importable_and_writable(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("new", name).exit_code == 2
    assert not Path(name).exists()


def test_an_audit_of_a_file_fails_by_its_false_lemma_whose_line_replays(file):
    result = run("audit", file, "L3:A", "--jobs", "1")
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.output.splitlines()[:3]] == ["L3:A", "MY:good", "MY:bad"]
    assert "NOT AS EXPECTED  MY:bad: verdict REFUTED" in result.output
    line = re.search(r"scoregap (replay two\.py:bad \S+)", result.output)[1]
    again = run(*line.split())
    assert again.exit_code == 0
    assert "the claim is violated here" in again.output
    assert run("replay", "two.py:good", line.split()[-1]).exit_code == 2
    assert "FILE.py:NAME TOKEN" in re.sub(r"[\s│]+", " ", run("replay", line.split()[-1]).output)


def test_one_lemma_is_audited_listed_and_shown(file):
    assert run("audit", f"{file}:good").exit_code == 0
    assert [line.split()[0] for line in run("list", file, "L7:mode").output.splitlines()] == [
        "L7:mode",
        "MY:good",
        "MY:bad",
    ]
    shown = run("show", f"{file}:bad").output
    assert "scoregap replay two.py:bad" in shown
    assert "no wrong variant was tried" in shown
    assert "own, a lemma of one's own" in shown


def test_latex_is_printed_alone(file):
    assert run("show", f"{file}:good", "--latex").output == "x \\le x^{2}\n"
    assert len(run("show", "L7:mode", "--latex").output.splitlines()) == 1


def test_a_lemma_is_a_bound_and_a_bound_is_json(file):
    shown = run("bound", f"{file}:good", "--set", "x=3").output
    assert re.search(r"^total +9$", shown, flags=re.MULTILINE)
    found = json.loads(run("bound", f"{file}:good", "--set", "x=3", "--json").output)
    assert (found["id"], found["total"], found["terms"], found["over"]) == ("MY:good", 9.0, {"right": 9.0}, None)
    swept = json.loads(
        run("bound", "L4:sharp", "--set", "distance_initial=2", "--over", "tau=1:4:lin:4", "--json").output
    )
    assert swept["over"] == {"symbol": "tau", "values": [1.0, 2.0, 3.0, 4.0]}
    assert swept["total"] == [1.0, 0.5, 1 / 3, 0.25]
    assert swept["best_tau"] == "nan"


def test_an_audit_is_written_as_pages(file, tmp_path):
    result = run("audit", file, "--jobs", "1", "--html", "pages")
    assert "pages written: pages/index.html" in result.output
    assert (tmp_path / "pages" / "MY-good.html").is_file()
    Path("taken").write_text("")
    refused = run("audit", file, "--html", "taken")
    assert refused.exit_code == 2
    assert "folder must be an existing directory" in re.sub(r"[\s│]+", " ", refused.output)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("bound", "two.py"), "holds 2 lemmas; name one of them"),
        (("show", "two.py:x"), "is no lemma"),
        (("audit", "none.py"), "does not exist"),
        (("list", "two.py", "--summary"), "unknown claim 'two.py'"),
        (("replay", "a", "b", "c"), "give a token, or FILE.py:NAME and a token"),
        (("replay", "L1:printed", "b"), "give a token, or FILE.py:NAME and a token"),
    ],
)
def test_wrong_places_are_refused(arguments, words, file):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in re.sub(r"[\s│]+", " ", result.output)


def test_workers_audit_a_file(file):
    result = subprocess.run(
        [sys.executable, "-m", "scoregap", "audit", file, "--jobs", "2"],
        cwd=Path.cwd(),
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert "2 claims: 1 CERTIFIED, 1 REFUTED; 1 of 1 mutants killed" in result.stdout


# pytest --scoregap ---------------------------------------------------------------------------------------------------


def pytest_on(*arguments):
    return subprocess.run(
        [*PYTEST, *arguments],
        cwd=Path.cwd(),
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_each_lemma_is_a_test_and_a_refutation_fails_with_witness_and_replay_line(file):
    done = pytest_on("--scoregap", file)
    assert done.returncode == 1, done.stderr
    assert "1 failed, 1 passed" in done.stdout
    assert 'witness  {"x": 0.5}: 0.5 against 0.25, ratio 2' in done.stdout
    assert "replay   scoregap replay two.py:bad " in done.stdout
    assert "Traceback" not in done.stdout


def test_without_the_option_nothing_is_collected_or_loaded(file):
    done = pytest_on(file)
    assert "no tests ran" in done.stdout
    code = "import scoregap_pytest, sys; print([m for m in ('verify', 'sympy', 'numpy') if m in sys.modules])"
    light = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert light.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("options", "words"),
    [(("--scoregap-budget", "huge"), "budget must be one of"), (("--scoregap-seed", "-1"), "must be >= 0; got -1")],
)
def test_bad_options_are_refused_before_anything_is_collected(options, words, file):
    done = pytest_on("--scoregap", file, *options)
    assert done.returncode == 4
    assert words in done.stderr


def test_a_folder_is_searched_for_files_of_lemmas_and_a_broken_one_is_an_error(file):
    Path("my_lemmas.py").write_text(FILE.replace("x**2,", "x**3,"), encoding="utf-8")
    Path("other_lemmas.py").write_text("raise ValueError('broken')\n", encoding="utf-8")
    done = pytest_on("--scoregap", ".")
    assert "other_lemmas.py, line 1: ValueError: broken" in done.stdout
    assert done.returncode == 2


def test_the_skeleton_is_the_file_beside_the_command():
    assert SKELETON.is_file()


def test_a_ratio_that_is_no_number_decides_nothing(tmp_path):
    path = tmp_path / "undefined.py"
    path.write_text(
        "import sympy as sp, verify\n"
        "from flint import arb\n"
        "x, D = sp.symbols('x D', positive=True)\n"
        "own = verify.lemma('x', x, D, over={x: (1, 2)}, measure={D: lambda x: arb(0, 1)})\n"
    )
    lemma = verify.lemmas_in(path)["own"]
    (name,) = lemma.plan.experiments
    result = run("replay", f"{path}:own", encode(lemma.claim.id, name, {"x": 1.5}))
    assert result.exit_code == 1
    assert "nothing is decided here: the ratio is not a number" in result.output
    assert "holds" not in result.output
