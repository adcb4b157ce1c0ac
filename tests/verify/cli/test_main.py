"""The command, tried as a user would try it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import verify.cli.main
from theory.claims import REGISTRY
from verify.evidence.verdict import Verdict
from verify.plans import PLANS

ROOT = Path(__file__).resolve().parents[3]
RUNNER = CliRunner()
COMMAND = [sys.executable, "-u", "-c", "from verify.cli.main import main; main()"]


def run(*arguments: str):
    return RUNNER.invoke(verify.cli.main.app, list(arguments))


def test_list_names_every_claim_with_its_expected_verdict():
    result = run("list")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.split()[0] for line in lines] == list(REGISTRY)
    assert [line.split()[1] for line in lines] == [PLANS[claim_id].expected for claim_id in REGISTRY]


def test_a_family_can_be_listed():
    assert [line.split()[0] for line in run("list", "L3").output.splitlines()] == ["L3:scaled", "L3:A", "L3:repaired-A"]


@pytest.mark.parametrize("command", ["list", "show", "audit"])
def test_an_unknown_id_is_refused_with_the_nearest_ones(command):
    result = run(command, "L1:repared")
    assert result.exit_code == 2
    assert "L1:repaired" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("audit", "L3", "--budget", "enormous"), "quick, standard, deep"),
        (("audit", "L3", "--seed", "-1"), "--seed"),
        (("audit", "L3", "--jobs", "0"), "--jobs"),
        (("audit", "L3", "--json", "no/such/directory/report.json"), "existing directory"),
        (("show", "L3:A", "--budget", "enormous"), "quick, standard, deep"),
        (("replay", "nonsense"), "copy it whole"),
        (("nothing",), "No such command"),
    ],
)
def test_bad_usage_exits_with_2_and_says_what_is_wrong(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in re.sub(r"[│\s]+", " ", result.output)


def test_a_family_is_shown_claim_by_claim():
    result = run("show", "L4", "--no-evidence")
    assert result.exit_code == 0
    own = [claim_id for claim_id in REGISTRY if REGISTRY[claim_id].family == "L4"]
    heads = [line.split()[0] for line in result.output.splitlines() if "  —  " in line]
    assert heads == own
    assert len(run("show", "L4", "L3:A", "--latex").output.splitlines()) == len(own) + 1
    assert run("show").exit_code == 2


def test_an_id_that_is_like_none_is_answered_with_the_families():
    output = re.sub(r"[│\s]+", " ", run("list", "nosuch").output)
    assert "unknown claim 'nosuch'; the families are EQ-8, EQ-3/4" in output
    assert not [claim_id for claim_id in REGISTRY if claim_id in output]


def test_show_prints_statement_source_evidence_and_witness():
    result = run("show", "L3:A")
    assert result.exit_code == 0
    for part in ("tr(HBHᵀ)", "LLZB, Lemma 3", "REFUTED", "exhaustive", "mutant", "witness", "scoregap replay"):
        assert part in result.output


def test_show_in_latex_without_evidence_is_quick_and_runs_nothing():
    result = run("show", "L1:printed", "--latex", "--no-evidence")
    assert result.exit_code == 0
    assert r"\mathbb{P}" in result.output
    assert "evidence" not in result.output


def test_a_token_that_show_prints_replays_to_a_violation():
    token = re.search(r"scoregap replay (\S+)", run("show", "L3:A").output).group(1)
    result = run("replay", token)
    assert result.exit_code == 0
    assert "the claim is violated here" in result.output


def test_an_audit_prints_a_plain_line_per_claim_and_writes_the_report(tmp_path):
    path = tmp_path / "report.json"
    result = run("audit", "L3", "--jobs", "1", "--json", str(path))
    assert result.exit_code == 0
    assert [line.split()[:2] for line in result.output.splitlines()[:3]] == [
        ["L3:scaled", "PROVED"],
        ["L3:A", "REFUTED"],
        ["L3:repaired-A", "PROVED"],
    ]
    report = json.loads(path.read_text())
    assert set(report) >= {"seed", "budget", "version", "claims"}
    by_id = {claim["id"]: claim for claim in report["claims"]}
    assert by_id["L3:A"]["verdict"] == "REFUTED"
    assert by_id["L3:A"]["token"]
    assert by_id["L3:scaled"]["witness"] is None
    keys = {
        "id",
        "family",
        "variant",
        "verdict",
        "quantifier",
        "source",
        "worst_ratio",
        "seconds",
        "evidence",
        "mutants",
        "witness",
        "token",
    }
    for claim in report["claims"]:
        assert keys <= set(claim)
        assert {mutant["outcome"] for mutant in claim["mutants"]} == {"KILLED"}


def test_an_unexpected_verdict_gives_exit_status_1(monkeypatch):
    monkeypatch.setitem(PLANS.known, "L3:A", replace(PLANS["L3:A"], expected=Verdict.PROVED))
    result = run("audit", "L3:A", "--jobs", "1")
    assert result.exit_code == 1
    assert "NOT AS EXPECTED" in result.output


def test_worker_processes_give_the_same_report_as_none(tmp_path):
    reports = []
    for jobs in ("1", "2"):
        path = tmp_path / f"{jobs}.json"
        command = [*COMMAND, "audit", "L3", "HILBERT", "--jobs", jobs, "--json", str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        reports.append(_timeless(json.loads(path.read_text())))
    assert reports[0] == reports[1]


def _timeless(value):
    if isinstance(value, dict):
        return {key: _timeless(item) for key, item in value.items() if key != "seconds"}
    return [_timeless(item) for item in value] if isinstance(value, list) else value


def test_the_readme_names_the_commands_that_exist():
    text = (ROOT / "README.md").read_text()
    commands = {command.name or command.callback.__name__ for command in verify.cli.main.app.registered_commands}
    for command in commands:
        assert f"scoregap {command}" in text
