"""The version of the code that computes a cell: what it hangs on, and what it does not."""

import pytest

from tests.faults import reach
from verify.sweeps import versions
from verify.sweeps.cells import Cell

BOUND = Cell(kind="bound", target="L4:sharp")
AUDIT = Cell(kind="audit", target="L4:sharp")


@pytest.fixture
def changed(monkeypatch):
    """The version of a cell's code when one file of the house is another."""

    def version(cell, module, folder):
        before = versions._bytes

        def text(name):
            return b"changed" if name == module else before(name)

        versions._digest.cache_clear()
        monkeypatch.setattr(versions, "_bytes", text)
        found = versions.code_version(cell, folder)
        monkeypatch.undo()
        versions._digest.cache_clear()
        return found

    return version


def test_the_graph_has_every_import_that_the_syntax_tree_has():
    known, exact = versions._files(), reach.imports()
    missing = {
        (module, other)
        for module, others in exact.items()
        if module not in versions.HUBS and not module.startswith("verify.sweeps")
        for other in others
        if other in known and other not in versions._imports(module)
    }
    assert not missing


@pytest.mark.parametrize(
    "module", ["verify.bound.terms", "theory.claims.lemma_4", "theory.evaluation.numeric", "theory.symbols.training"]
)
def test_a_change_in_what_a_cell_imports_is_another_version(changed, tmp_path, module):
    assert changed(BOUND, module, tmp_path) != versions.code_version(BOUND, tmp_path)


@pytest.mark.parametrize(
    "module",
    [
        "verify.studies.memorisation",
        "verify.cli.main",
        "theory.claims.lemma_1",
        "numerics.networks.training",
        "verify.sweeps.driver",
        "verify.sweeps.store",
    ],
)
def test_a_change_in_another_room_leaves_the_version_of_a_bound(changed, tmp_path, module):
    assert changed(BOUND, module, tmp_path) == versions.code_version(BOUND, tmp_path)


def test_an_audit_hangs_on_every_proof_and_on_no_study(changed, tmp_path):
    own = versions.code_version(AUDIT, tmp_path)
    assert changed(AUDIT, "verify.proofs.lemma_1", tmp_path) != own
    assert changed(AUDIT, "verify.studies.memorisation", tmp_path) == own


def test_a_measurement_hangs_on_its_own_study_and_on_no_other(changed, tmp_path):
    cell = Cell(kind="measure", target="divergence-against-n")
    own = versions.code_version(cell, tmp_path)
    assert changed(cell, "verify.studies.grids.trained_divergence", tmp_path) != own
    assert changed(cell, "verify.models.theorem_1_models", tmp_path) != own
    assert changed(cell, "verify.studies.grids.divergence_against_n", tmp_path) == own
    assert changed(cell, "verify.studies.memorisation", tmp_path) == own


def test_a_users_file_and_those_beside_it_are_code(tmp_path):
    (tmp_path / "mine.py").write_text(
        "import helper\nfrom numerics import kl_divergence\n\ndef f(n): return {'n': n}\n"
    )
    (tmp_path / "helper.py").write_text("A = 1\n")
    cell = Cell(kind="measure", target="mine.py:f")
    first = versions.code_version(cell, tmp_path)
    (tmp_path / "other.py").write_text("A = 1\n")
    assert versions.code_version(cell, tmp_path) == first
    (tmp_path / "helper.py").write_text("A = 2\n")
    second = versions.code_version(cell, tmp_path)
    assert second != first
    (tmp_path / "mine.py").write_text("import helper\n\ndef f(n): return {'n': n}\n")
    assert versions.code_version(cell, tmp_path) not in (first, second)


def test_a_users_file_hangs_on_what_it_takes_from_the_house(changed, tmp_path):
    (tmp_path / "mine.py").write_text("from numerics import kl_divergence\n\ndef f(n): return {'n': n}\n")
    cell = Cell(kind="measure", target="mine.py:f")
    own = versions.code_version(cell, tmp_path)
    assert changed(cell, "numerics.densities.divergence", tmp_path) != own
    assert changed(cell, "numerics.networks.training", tmp_path) == own
