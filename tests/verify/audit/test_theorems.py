"""The registry of theorems as it is listed, audited by the command, and kept as a page."""

import pytest
from typer.testing import CliRunner

from verify.audit import theorems
from verify.cli.main import app


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


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
