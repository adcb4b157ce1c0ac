"""The skeletons of a lemma are a family: in a copy of the project they are found, audited, tested and listed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SKELETONS = ROOT / "docs" / "skeletons"
PLACES = {
    "claims.py": "theory/claims/lemma_9.py",
    "plan.py": "verify/plans/lemma_9.py",
    "proof.py": "verify/proofs/lemma_9.py",
    "test.py": "tests/theory/claims/test_lemma_9.py",
}


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the project in which the skeletons stand where their first lines say."""
    root = tmp_path_factory.mktemp("clone")
    for package in ("theory", "numerics", "verify"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("*.pyc.*", "*.nb*"))  # compiled
    for name in ("README.md", "scoregap.py", "pyproject.toml", "docs/claims.md", "tests/theory/claims/conftest.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for skeleton, place in PLACES.items():
        shutil.copy(SKELETONS / skeleton, root / place)
    return root


def run(clone, *arguments):
    done = subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(clone)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_skeletons_are_four_files_that_say_where_they_belong():
    assert {path.name for path in SKELETONS.glob("*.py")} == set(PLACES)
    for name, place in PLACES.items():
        text = (SKELETONS / name).read_text(encoding="utf-8")
        compile(text, name, "exec")
        assert place in text


def test_an_audit_of_the_skeleton_finds_what_its_plans_expect(clone):
    run(clone, "-m", "scoregap", "audit", "L9", "--jobs", "1", "--json", "report.json")
    claims = json.loads((clone / "report.json").read_text(encoding="utf-8"))["claims"]
    assert {claim["id"]: claim["verdict"] for claim in claims} == {"L9:printed": "REFUTED", "L9:repaired": "PROVED"}
    assert {mutant["outcome"] for claim in claims for mutant in claim["mutants"]} == {"KILLED"}
    assert [claim["faults"] for claim in claims] == [[], []]


def test_the_skeletons_tests_pass(clone):
    assert "7 passed" in run(clone, "-m", "pytest", "-p", "no:cacheprovider", PLACES["test.py"], "-v")


def test_the_tables_list_the_skeleton_once_they_are_written(clone):
    assert run(clone, "-m", "scoregap", "list", "--write").count("written: ") == 2
    assert "## L9\n\nLemma 9: a skeleton.\n" in (clone / "docs/claims.md").read_text(encoding="utf-8")
    assert "| [L9](docs/claims.md#l9) | Lemma 9: a skeleton | 2 |" in (clone / "README.md").read_text(encoding="utf-8")
    assert run(clone, "-m", "scoregap", "list", "--write") == "the documents are current\n"
