"""The registry of theorems as it is listed, audited by the command, and kept as a page."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from theory.theorems import THEOREMS
from verify.audit import theorems
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


@pytest.mark.parametrize(("models", "status"), [({}, 1), (theorems.MODELS, 0)])
def test_an_audit_of_all_claims_attacks_their_theorems_too(models, status, monkeypatch):
    monkeypatch.setattr(targets, "select", lambda ids: ids or ["L7:mode"])
    monkeypatch.setattr(theorems, "THEOREMS", {"Chebyshev": THEOREMS["Chebyshev"]})
    monkeypatch.setattr(theorems, "MODELS", models)
    done = run("audit", "--jobs", "1")
    assert done.exit_code == status
    assert done.output.splitlines()[-1] == f"1 theorems, {status} with a fault"
    assert "theorems" not in run("audit", "L7:mode", "--jobs", "1").output, "none where claims are named"


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
