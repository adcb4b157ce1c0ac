"""What rests on what: no circles, no proof that rests on a refuted claim, the trees that ``show --graph`` prints."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
import sympy as sp
from typer.testing import CliRunner

import verify
import verify.cli.main
from theory.claims import REGISTRY
from theory.symbols import tau
from verify.audit.engine import _blocked
from verify.audit.graph import graph_lines
from verify.audit.results import ClaimResult
from verify.evidence.verdict import Evidence, Verdict
from verify.plans import PLANS
from verify.proofs import book as proofs_book
from verify.proofs.book import Book, Derivation, uses
from verify.proofs.terms import ProofError
from verify.proofs.writing import PROOFS

RUNNER = CliRunner()


# Links ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def links():
    return {claim_id: uses(claim_id) for claim_id in REGISTRY}


def test_the_proofs_links_go_in_no_circle(links):
    for claim_id, direct in links.items():  # no walk along the links comes back
        reached, waiting = set(), list(direct)
        while waiting:
            found = waiting.pop()
            if found not in reached:
                reached.add(found)
                waiting += links[found]
        assert claim_id not in reached


def test_what_a_proof_uses_is_expected_to_be_proved(links):
    assert sum(map(len, links.values())) > 40
    for claim_id, direct in links.items():
        assert all(PLANS[link].expected is Verdict.PROVED for link in (claim_id, *direct) if direct), claim_id


# Blocks --------------------------------------------------------------------------------------------------------------


def result(name, verdict, *links):
    return ClaimResult(
        id=name,
        family="X",
        variant="x",
        sentence="",
        source="",
        quantifier="",
        expected=verdict,
        depends_on=links,
        evidence=(Evidence(method="m", verdict=verdict, summary=""),),
    )


@pytest.mark.parametrize("bad", [verdict for verdict in Verdict if verdict is not Verdict.PROVED])
def test_a_claim_that_is_not_proved_blocks_its_dependents_and_nobody_else(bad):
    out = _blocked(
        {
            "X:printed": result("X:printed", bad),
            "X:used": result("X:used", Verdict.PROVED, "X:printed"),
            "X:other": result("X:other", Verdict.PROVED),
            "X:far": result("X:far", Verdict.PROVED, "X:used"),
            "X:refuted": result("X:refuted", Verdict.REFUTED, "X:printed"),
        }
    )
    assert {name: str(item.verdict) for name, item in out.items()} == {
        "X:printed": str(bad),
        "X:used": "BLOCKED",
        "X:other": "PROVED",
        "X:far": "BLOCKED",
        "X:refuted": "REFUTED",
    }


def test_a_changed_link_blocks_the_whole_chain_above_it():
    sharper = REGISTRY["L4:sharp"].relation.map(lambda term: term * sp.Rational(96, 100) if term.has(tau) else term)
    report = verify.audit([replace(REGISTRY["L4:sharp"], mutants=(), relation=sharper), "T1:loss"])
    verdicts = {name: str(result.verdict) for name, result in report.results.items()}
    assert verdicts["T1:loss"] == "BLOCKED"
    assert verdicts["T1:score-error"] == verdicts["T1:norm"] == "PROVED"  # audited too, for T1:loss uses them


def test_a_link_without_a_proof_blocks_the_whole_chain_above_it(monkeypatch):
    def fails(p):
        raise ProofError("broken")

    monkeypatch.setitem(PROOFS, "L4:sharp", fails)
    monkeypatch.setattr(proofs_book, "registry_book", cache(Book))
    found = Derivation().run(REGISTRY["T1:repaired"], None)
    assert found.verdict is Verdict.BLOCKED
    assert "L4:sharp" in found.summary


# The command ---------------------------------------------------------------------------------------------------------


def show(*arguments):
    return RUNNER.invoke(verify.cli.main.app, ["show", *arguments])


def test_a_tree_shows_what_a_claim_rests_on_with_the_expected_verdicts():
    out = show("--graph", "L5:printed-A", "L4:printed-A")
    assert out.exit_code == 0
    assert out.output.splitlines() == ["L4:printed-A  REFUTED", "L5:printed-A  PROVED", "└── L5:sharp  PROVED"]


def test_every_link_is_in_the_graph_of_all(links):
    lines = list(graph_lines())
    found, path = set(), []
    for line in lines[:-1]:
        depth = (len(line) - len(line.lstrip("│├└─ "))) // 4
        name = line.lstrip("│├└─ ").split()[0]
        path[depth:] = [name]
        if depth:
            found.add((path[depth - 1], name))
    assert found == {(claim_id, link) for claim_id, direct in links.items() for link in direct}
    linked = {name for link in found for name in link}
    assert lines[-1].startswith(f"{len(REGISTRY) - len(linked)} more claims")


def test_a_branch_is_opened_once(links):
    lines = list(graph_lines())
    closed = [line for line in lines if line.endswith("(see above)")]
    for line in closed:
        name = line.lstrip("│├└─ ").split()[0]
        assert links[name]
        assert sum(re.search(rf"{re.escape(name)}  \w+$", other) is not None for other in lines) == 1


@pytest.mark.parametrize("arguments", [(), ("nope",), ("--graph", "nope")])
def test_show_asks_for_claims_that_are_known(arguments):
    out = show(*arguments)
    assert out.exit_code == 2
    assert "Traceback" not in out.output
