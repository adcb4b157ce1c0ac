"""The registry of theorems as it is listed, audited by the command, and kept as a page."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from theory.theorems import THEOREMS
from verify.audit import engine, theorems
from verify.audit.cases import cases
from verify.cli import targets
from verify.cli.main import app

PAGE = (Path(__file__).resolve().parents[3] / theorems.PAGE).read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^### (.*?)\n(.*?)(?=^##|\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_the_page_has_every_theorem_as_it_is_stated():
    assert list(ENTRIES) == list(THEOREMS), f"refresh it: {theorems.REFRESH}"
    for name, theorem in THEOREMS.items():
        stated = theorems.entry(theorem, None, ()).split("\n- model:")[0].split("\n", 1)[1]
        assert ENTRIES[name].startswith(stated), f"refresh it: {theorems.REFRESH}"


def test_the_page_names_the_claims_that_rest_on_each_theorem():
    for name, claims in theorems.resting().items():
        assert theorems.claims_line(claims) in ENTRIES[name], f"refresh it: {theorems.REFRESH}"


def test_a_theorem_is_audited_by_the_command():
    done = run("audit", "--theorems", "Chebyshev", "Rayleigh–Ritz")
    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == "2 theorems, 0 with a fault"
    assert theorems.told(theorems.findings(["Chebyshev"])["Chebyshev"]) in done.output


def test_a_theorem_without_a_model_is_a_fault(monkeypatch):
    monkeypatch.setattr(theorems, "MODELS", {})
    done = run("audit", "--theorems", "Chebyshev")
    assert done.exit_code == 1
    assert "has no model" in done.output


@pytest.fixture
def little(monkeypatch):
    """Everything is one claim and two theorems."""
    monkeypatch.setattr(targets, "select", lambda ids: ids or ["L7:mode"])
    monkeypatch.setattr(engine, "cases", lambda ids: cases("L7:mode" if ids is None else ids))
    monkeypatch.setattr(engine, "THEOREMS", dict.fromkeys(("Rayleigh–Ritz", "Chebyshev")))


@pytest.mark.parametrize("models", [theorems.MODELS, {"Rayleigh–Ritz": theorems.MODELS["Rayleigh–Ritz"]}])
def test_an_audit_of_everything_attacks_the_theorems_too(models, little, monkeypatch, tmp_path):
    monkeypatch.setattr(theorems, "MODELS", models)
    lost = len(models) < 2
    done = run("audit", "--jobs", "1", "--json", str(tmp_path / "report.json"))
    assert done.exit_code == lost
    assert f"; {2 - lost} of 2 theorems hold in their models;" in done.output
    assert ("NOT AS EXPECTED  Chebyshev: has no model" in done.output) == lost
    told = json.loads((tmp_path / "report.json").read_text())["theorems"]
    assert told == {"Rayleigh–Ritz": [], "Chebyshev": ["has no model in verify/models/theorems"] * lost}
    assert "theorems" not in run("audit", "L7:mode", "--jobs", "1").output, "none where claims are named"


def test_an_executor_attacks_the_theorems_with_the_same_outcome(little, monkeypatch):
    monkeypatch.setattr(theorems, "MODELS", {"Rayleigh–Ritz": theorems.MODELS["Rayleigh–Ritz"]})
    with ThreadPoolExecutor(2) as pool:
        by_pool, alone = engine.audit(executor=pool), engine.audit()
    assert list(by_pool.theorems.items()) == list(alone.theorems.items())
    assert by_pool.faults == alone.faults == ("Chebyshev: has no model in verify/models/theorems",)
    assert not by_pool.ok
    assert "1 of 2 theorems hold in their models" in by_pool.page().html()
    assert engine.audit("L7:mode").theorems == {}


def test_an_audit_that_ends_within_the_theorems_says_so(little, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "_attacked", interrupted)
    done = run("audit", "--jobs", "1")
    assert done.exit_code == 130
    assert "interrupted: not all theorems were attacked" in done.output


def test_theorems_are_listed_with_the_claims_that_rest_on_them():
    done = run("list", "--theorems", "Chebyshev")
    assert done.exit_code == 0
    assert done.output.startswith("Chebyshev (cited)\n")
    assert "HILBERT:second-moment" in done.output


@pytest.mark.parametrize("command", ["list", "audit"])
def test_an_unknown_theorem_is_refused(command):
    done = run(command, "--theorems", "Chebychev")
    assert done.exit_code == 2
    assert "Chebychev" in done.output
