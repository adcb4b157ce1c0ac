"""README and docs: generated parts are current, links lead somewhere, ids exist, witnesses and examples still run."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

import verify
from theory.claims import REGISTRY
from theory.theorems import THEOREMS
from verify.audit import ledger
from verify.cli.main import app
from verify.evidence.verdict import Verdict
from verify.plans import PLANS

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGE = ROOT / "docs" / "claims.md"
ERRATA = ROOT / "docs" / "errata.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
PRINTED = [claim_id for claim_id, claim in REGISTRY.items() if claim.source.paper != "scoregap"]
REFUTED = [claim_id for claim_id in PRINTED if PLANS[claim_id].expected is Verdict.REFUTED]
WITNESS = re.compile(r"<!-- witness (\S+) -->\n(.*?)<!-- /witness -->", re.DOTALL)
ID = re.compile(r"`([A-Z][A-Z0-9/-]*:[A-Za-z][A-Za-z0-9-]*)`")


def text(page):
    return page.read_text(encoding="utf-8")


def prose(page):
    """The page without its code blocks and code spans."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```$", "", text(page), flags=re.DOTALL | re.MULTILINE))


def anchors(page):
    """The fragments that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", text(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# Generated parts -----------------------------------------------------------------------------------------------------


def test_the_readme_has_the_current_table_of_claims():
    found = re.search(r"<!-- claims -->\n(.*?)<!-- /claims -->", text(README), re.DOTALL)
    assert found, "README.md has no block between <!-- claims --> and <!-- /claims -->"
    assert found[1] == ledger.readme_table(), f"refresh it: {ledger.REFRESH}"


def test_the_readme_says_on_how_many_theorems_and_files_the_proofs_rest():
    counts = Counter(theorem.trust for theorem in THEOREMS.values())
    words = re.search(
        r"(\d+) theorems of the\s+literature and (\d+) definitions.*?on\s+the (\w+) files", text(README), re.DOTALL
    )
    assert words.groups()[:2] == (str(counts["cited"]), str(counts["definition"]))
    trusted = [path for path in (ROOT / "verify" / "proofs").glob("*.py") if "Trusted" in text(path)[:1500]]
    assert words[3] == {6: "six", 7: "seven"}[len(trusted)]


def test_the_page_of_claims_is_current():
    assert text(PAGE) == ledger.claims_page(), f"refresh it: {ledger.REFRESH}"


def test_the_command_prints_what_the_documents_hold():
    runner = CliRunner()
    assert runner.invoke(app, ["list", "--markdown"]).output == ledger.claims_page()
    assert runner.invoke(app, ["list", "L1", "L2:gap", "--summary"]).output == ledger.readme_table(["L1", "L2:gap"])
    assert runner.invoke(app, ["list", "--summary", "--markdown"]).exit_code == 2


def test_the_table_counts_every_claim_and_names_every_refuted_statement():
    rows = ledger.readme_table().splitlines()[2:]
    sizes = [int(row.split(" | ")[2]) for row in rows]
    assert sum(sizes[:-1]) == sizes[-1] == len(REGISTRY)
    assert set(ID.findall("".join(rows))) == set(REFUTED)


def test_the_page_has_one_row_per_claim_that_says_what_its_claim_says():
    rows = [line for line in ledger.claims_page().splitlines() if line.startswith("| `")]
    ids = [ID.search(row)[1] for row in rows]
    assert sorted(ids) == sorted(REGISTRY)
    for row, claim_id in zip(rows, ids, strict=True):
        claim = REGISTRY[claim_id]
        cells = [re.sub(r"\\([|*_])", r"\1", cell) for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
        assert len(cells) == 5
        assert cells[1].strip() == f"`{PLANS[claim_id].expected}`"
        assert cells[3].strip() == claim.sentence.replace("<=", "≤").replace(">=", "≥")
        assert cells[4].strip() == str(claim.source).replace("<=", "≤").replace(">=", "≥")


@pytest.mark.parametrize(
    ("claim_id", "holds"),
    [
        ("L3:scaled", "∀"),
        ("L1:repaired", "P ≥ 1 − δ"),
        ("HILBERT:mean", "E"),
        ("L2:up-to-constant", "≲"),
        ("L1:printed", "≲ (T), P ≥ 1 − δ"),
        ("T1:printed", "≲ (d, T, δ), P ≥ 1 − δ"),
    ],
)
def test_quantifiers_are_shortened(claim_id, holds):
    assert ledger.short(REGISTRY[claim_id].quantifier) == holds


@pytest.fixture
def clone(tmp_path):
    """A folder with the documents that hold generated tables."""
    (tmp_path / "docs").mkdir()
    shutil.copy(README, tmp_path)
    shutil.copy(PAGE, tmp_path / "docs")
    return tmp_path


def test_writing_current_documents_changes_nothing(clone):
    assert ledger.write(clone) == ()
    assert [text(clone / "README.md"), text(clone / "docs/claims.md")] == [text(README), text(PAGE)]


def test_writing_renews_both_tables_and_nothing_else(clone):
    table = re.search(r"<!-- claims -->\n(.*?)<!-- /claims -->", text(README), re.DOTALL)[1]
    (clone / "README.md").write_text(text(README).replace(table, "| old |\n"), encoding="utf-8")
    (clone / "docs/claims.md").write_text("old\n", encoding="utf-8")
    assert ledger.write(clone) == (clone / "docs/claims.md", clone / "README.md")
    assert [text(clone / "README.md"), text(clone / "docs/claims.md")] == [text(README), text(PAGE)]


def test_writing_asks_for_the_documents_and_for_the_markers(clone):
    (clone / "README.md").write_text("no table", encoding="utf-8")
    (clone / "docs/claims.md").write_text("old\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"README\.md must have the lines <!-- claims -->"):
        ledger.write(clone)
    assert text(clone / "docs/claims.md") == "old\n"  # nothing is written
    (clone / "docs/claims.md").unlink()
    with pytest.raises(FileNotFoundError, match=r"claims\.md does not exist; run this in a clone"):
        ledger.write(clone)


def test_the_command_writes_the_tables_of_its_own_clone(clone, monkeypatch):
    monkeypatch.setattr(ledger.write, "__defaults__", (clone,))
    runner = CliRunner()
    assert runner.invoke(app, ["list", "--write"]).output == "the documents are current\n"
    (clone / "docs/claims.md").write_text("old\n", encoding="utf-8")
    done = runner.invoke(app, ["list", "--write"])
    assert (done.exit_code, done.output) == (0, f"written: {clone / 'docs/claims.md'}\n")
    assert text(clone / "docs/claims.md") == text(PAGE)
    for wrong in (["L1", "--write"], ["--write", "--markdown"], ["--write", "--summary"]):
        assert runner.invoke(app, ["list", *wrong]).exit_code == 2
    (clone / "README.md").unlink()
    assert runner.invoke(app, ["list", "--write"]).exit_code == 2


def test_a_result_without_a_witness_has_no_block():
    with pytest.raises(ValueError, match=r"L3:scaled has no witness.*PROVED"):
        ledger.witness_block(verify.check("L3:scaled", mutants=False))


# Links and ids -------------------------------------------------------------------------------------------------------


@every_page
def test_links_lead_to_files_and_headings_that_exist(page):
    for target in re.findall(r"\]\(([^)\s]*)\)", prose(page)):
        if "://" in target:
            continue
        path, _, fragment = target.partition("#")
        linked = page if not path else page.parent / path
        assert linked.is_file(), f"{page.name} links to {target}"
        assert not fragment or fragment in anchors(linked), f"{page.name} links to {target}, which has no such heading"


@every_page
def test_files_and_folders_that_are_named_exist(page):
    named = re.findall(
        r"`((?:theory|numerics|verify|tests|docs|\.ci)/[\w./-]*|[\w.-]+\.(?:toml|yaml|cff))`", text(page)
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


@every_page
def test_every_claim_that_is_mentioned_exists(page):
    families = {claim.family for claim in REGISTRY.values()}
    pattern = r"(?<![\w/-])([A-Z][A-Z0-9/-]*):([A-Za-z][A-Za-z0-9-]*)"
    unknown = {f"{family}:{variant}" for family, variant in re.findall(pattern, text(page)) if family in families}
    assert unknown <= set(REGISTRY)
    assert set(ID.findall(text(page))) <= set(REGISTRY)


# Errata --------------------------------------------------------------------------------------------------------------


def test_every_refuted_printed_statement_has_an_erratum():
    sections = re.findall(r"^### (.*)$", text(ERRATA), flags=re.MULTILINE)
    assert sorted(ID.findall("".join(sections))) == sorted(REFUTED)
    assert sorted(claim_id for claim_id, _ in WITNESS.findall(text(ERRATA))) == sorted(REFUTED)


def test_every_printed_statement_that_holds_is_in_the_table_of_true_ones():
    table = text(ERRATA).split("## Printed statements that are true")[1]
    assert set(PRINTED) - set(REFUTED) <= set(ID.findall(table))


@pytest.mark.parametrize("claim_id", REFUTED)
def test_an_erratum_quotes_the_smallest_witness(claim_id):
    """Seed 0, quick budget; the two sides are certified enclosures, so that six digits do not depend on rounding."""
    result = verify.check(claim_id, mutants=False)
    assert result.verdict is Verdict.REFUTED
    assert dict(WITNESS.findall(text(ERRATA)))[claim_id] == ledger.witness_block(result)


@pytest.mark.parametrize("claim_id", REFUTED)
def test_an_erratum_quotes_a_token_that_replays_its_witness(claim_id):
    block = dict(WITNESS.findall(text(ERRATA)))[claim_id]
    witness = verify.replay(re.search(r"scoregap replay (\S+)", block)[1])
    assert witness.ratio > 1
    quoted = dict(re.findall(r"^(left|right|ratio) +(\S+)$", block, flags=re.MULTILINE))
    assert quoted == {name: f"{getattr(witness, name):.6g}" for name in ("left", "right", "ratio")}


# Examples ------------------------------------------------------------------------------------------------------------


def test_the_python_examples_run():
    namespace = {}
    blocks = re.findall(r"^```python\n(.*?)^```$", text(README), flags=re.DOTALL | re.MULTILINE)
    assert blocks
    for block in blocks:
        exec(compile(block, str(README), "exec"), namespace)
