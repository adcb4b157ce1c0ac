"""The gallery of lemmas: its true statements stand, its false variants are refuted, and the guide lists every file."""

from pathlib import Path

import pytest

from verify.audit.engine import audit
from verify.evidence.verdict import MutantOutcome
from verify.lemma.files import lemmas_in

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "examples").glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_true_statements_stand_and_false_variants_are_refuted(path):
    report = audit(list(lemmas_in(path).values()), seed=0)
    assert report.ok, report.faults
    outcomes = [mutant.outcome for result in report.results.values() for mutant in result.mutants]
    assert outcomes
    assert set(outcomes) == {MutantOutcome.KILLED}


def test_the_guide_lists_every_file_of_the_gallery():
    text = (ROOT / "docs" / "own-lemmas.md").read_text(encoding="utf-8")
    assert all(f"(../examples/{path.name})" in text for path in FILES)
    assert len(FILES) == 12
