"""What rests on what: no circles, no proof that rests on a refuted claim, the trees that ``show --graph`` prints."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from typer.testing import CliRunner

import verify.cli.main
from theory.claims import FAMILIES, REGISTRY, gather, refuse_circles
from verify.audit.engine import _blocked
from verify.audit.graph import graph_lines
from verify.audit.results import ClaimResult
from verify.evidence.verdict import Evidence, Verdict
from verify.plans import PLANS

RUNNER = CliRunner()


# Links ---------------------------------------------------------------------------------------------------------------


def test_the_ledgers_links_go_in_no_circle():
    links = {claim_id: claim.depends_on for claim_id, claim in REGISTRY.items()}
    refuse_circles(links)
    for claim_id, direct in links.items():  # by hand: no walk along the links comes back
        reached, waiting = set(), list(direct)
        while waiting:
            found = waiting.pop()
            if found not in reached:
                reached.add(found)
                waiting += links[found]
        assert claim_id not in reached


@pytest.mark.parametrize("links", [{"A:a": ["B:b"], "B:b": ["A:a"]}, {"A:a": ["B:b"], "B:b": ["C:c"], "C:c": ["A:a"]}])
def test_a_circle_is_named(links):
    with pytest.raises(ValueError, match=r"depends_on must not go in a circle; got .*A:a -> B:b|B:b -> C:c"):
        refuse_circles({**links, "D:d": ["A:a"]})
    refuse_circles({"D:d": ["A:a", "B:b"], "A:a": ["B:b"], "B:b": []})


def test_claims_with_a_circle_cannot_be_gathered():
    sharp = REGISTRY["L5:sharp"]
    circle = replace(sharp, depends_on=("L5:printed-A",))
    assert "L5:sharp" in REGISTRY["L5:printed-A"].depends_on
    family = FAMILIES["lemma_5"]
    changed = replace(family, claims=tuple(circle if claim is sharp else claim for claim in family.claims))
    with pytest.raises(ValueError, match=r"circle; got L5:(sharp|printed-A) -> "):
        gather([*(other for other in FAMILIES.values() if other is not family), changed])


def test_what_is_expected_to_hold_rests_on_what_is_expected_to_hold():
    for claim_id, claim in REGISTRY.items():
        if PLANS[claim_id].expected.holds:
            assert all(PLANS[link].expected.holds for link in claim.depends_on), claim_id


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


@pytest.mark.parametrize("bad", [Verdict.REFUTED, Verdict.UNDECIDED, Verdict.VACUOUS, Verdict.BLOCKED])
def test_a_failed_claim_blocks_its_dependents_and_nobody_else(bad):
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


def test_in_the_ledger_a_refuted_claim_blocks_nobody():
    verdicts = {
        claim_id: result(claim_id, PLANS[claim_id].expected, *REGISTRY[claim_id].depends_on) for claim_id in REGISTRY
    }
    assert {name: item.verdict for name, item in _blocked(verdicts).items()} == {
        name: PLANS[name].expected for name in REGISTRY
    }


# The command ---------------------------------------------------------------------------------------------------------


def show(*arguments):
    return RUNNER.invoke(verify.cli.main.app, ["show", *arguments])


def test_a_tree_shows_what_a_claim_rests_on_with_the_expected_verdicts():
    out = show("--graph", "L5:printed-A", "L4:printed-A")
    assert out.exit_code == 0
    assert out.output.splitlines() == ["L4:printed-A  REFUTED", "L5:printed-A  PROVED", "└── L5:sharp  PROVED"]


def test_every_link_is_in_the_graph_of_all():
    lines = list(graph_lines())
    found, path = set(), []
    for line in lines[:-1]:
        depth = (len(line) - len(line.lstrip("│├└─ "))) // 4
        name = line.lstrip("│├└─ ").split()[0]
        path[depth:] = [name]
        if depth:
            found.add((path[depth - 1], name))
    assert found == {(claim_id, link) for claim_id, claim in REGISTRY.items() for link in claim.depends_on}
    linked = {name for link in found for name in link}
    assert lines[-1].startswith(f"{len(REGISTRY) - len(linked)} more claims")


def test_a_branch_is_opened_once():
    lines = list(graph_lines())
    closed = [line for line in lines if line.endswith("(see above)")]
    for line in closed:
        name = line.lstrip("│├└─ ").split()[0]
        assert REGISTRY[name].depends_on
        assert sum(re.search(rf"{re.escape(name)}  \w+$", other) is not None for other in lines) == 1


@pytest.mark.parametrize("arguments", [(), ("L5:sharp", "L4:sharp"), ("L5",), ("--graph", "nope")])
def test_show_asks_for_one_claim_or_for_a_graph_of_known_ones(arguments):
    out = show(*arguments)
    assert out.exit_code == 2
    assert "Traceback" not in out.output
