"""The planter plants what it says, in memory only; a seeded sample of faults is caught; results are gone on with."""

import ast
import json
import pickle
import subprocess
import sys

import pytest

from tests.faults import __main__ as command
from tests.faults.by_hand import by_hand
from tests.faults.fault import ROOT, Edit, Fault
from tests.faults.page import outcome, page
from tests.faults.planting import planted
from tests.faults.reach import affected, families

KINDS = set(command.SHARES)
UNTOUCHED = {"theory/flow.py": "L4:repaired-A", "numerics/random_features/moments.py": "EQ-6:norm"}
"""A file that is loaded again, and a claim that it does not change."""
SAMPLE = """
import json, pickle, sys
from tests.faults.fault import ROOT, Edit, Fault
from tests.faults.running import audited, in_child, load_everything
load_everything()
found = {}
for item in pickle.load(sys.stdin.buffer):
    found[item.id] = in_child(lambda: audited(item, [[claim] for claim in item.claims], {}), 120)["caught"]
for path, claim in json.loads(sys.argv[1]).items():
    text = (ROOT / path).read_text(encoding="utf-8")
    item = Fault(kind="none", where="", what="", edits=(Edit(path=path, start=0, old=text[:3], new=text[:3]),))
    found[path] = in_child(lambda: audited(item, [[claim]], {}), 120)["caught"]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def faults():
    return planted()


def test_every_kind_has_faults_and_all_are_told_apart(faults):
    assert {item.kind for item in faults} == KINDS
    assert len({item.id for item in [*faults, *by_hand()]}) == len(faults) + len(by_hand())
    assert sum(command.SHARES.values()) + len(by_hand()) >= 200


def test_a_draw_depends_on_its_seed_only(faults):
    first, again, other = (command.drawn(faults, seed, dict.fromkeys(command.SHARES, 2)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("item", by_hand(), ids=lambda item: item.what)
def test_a_fault_by_hand_changes_text_that_is_there_once_and_leaves_it_python(item):
    assert item.parses()
    assert all(edit.old != edit.new for edit in item.edits)


def test_a_fault_whose_text_has_changed_is_refused():
    stale = Fault(kind="x", where="", what="", edits=(Edit(path="theory/flow.py", start=0, old="no", new="yes"),))
    with pytest.raises(ValueError, match="make the faults again"):
        stale.sources()


def test_what_is_left_of_a_tuple_is_a_tuple(faults):
    for item in faults:
        if item.kind in ("hypothesis dropped", "theorem: a fact dropped"):
            (edit,) = item.edits
            before, after = (ast.parse(text, mode="eval").body for text in (edit.old, edit.new))
            assert isinstance(after, ast.Tuple)
            assert len(after.elts) == len(before.elts) - 1


def test_a_fault_reaches_what_imports_it_and_no_more():
    assert "verify.plans.lemma_4" in affected(["theory.flow"])
    assert "lemma_4" in families(["theory.flow"])
    assert families(["verify.proofs.hilbert"])[0] == "hilbert"
    assert "theory.symbols" not in affected(["theory.flow"])
    assert {"hilbert", "lemma_4", "theorem_1"} <= set(families(["verify.proofs.certified"]))
    assert "verify.models.trained_flows" in affected(["numerics.random_features.flow"])


def test_a_seeded_sample_of_faults_is_caught_and_no_file_is_touched(faults):
    kinds = ("right side lowered by 2 %", "claim: exponent or sign", "proof by restatement")
    sample = command.drawn([item for item in faults if item.claims], 7, dict.fromkeys(kinds, 1))
    sample += [item for item in by_hand() if item.what.startswith("L4:sharp with 0.24")]
    assert len(sample) == len(kinds) + 2
    before = {item.modules: [(ROOT / edit.path).read_bytes() for edit in item.edits] for item in sample}
    run = subprocess.run(
        [sys.executable, "-c", SAMPLE, json.dumps(UNTOUCHED)],
        input=pickle.dumps(sample),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found = json.loads(run.stdout.splitlines()[-1])
    assert [item.what for item in sample if not found[item.id]] == []
    assert {path: found[path] for path in UNTOUCHED} == dict.fromkeys(UNTOUCHED, "")  # what is unchanged is not caught
    assert before == {item.modules: [(ROOT / edit.path).read_bytes() for edit in item.edits] for item in sample}


def line(**fields):
    return {
        "id": "a",
        "late": False,
        "kind": "k",
        "where": "w",
        "what": "x",
        "audit": "",
        "tests": {"failed": ""},
        **fields,
    }


def test_a_page_counts_who_noticed():
    lines = [
        line(id="1", audit="L4:sharp: verdict REFUTED"),
        line(id="2", tests={"failed": "FAILED test_x"}),
        line(id="3"),
    ]
    assert [outcome(item) for item in lines] == ["audit", "tests", "nobody"]
    text = page(lines, 400)
    assert "3 of the 400 faults have been run" in text
    assert "the audit alone notices 1 of 3 (33.3 %), audit and tests 2 of 3 (66.7 %)" in text
    assert "Not explained yet" in text


def test_a_run_that_was_killed_is_gone_on_with(tmp_path):
    store = tmp_path / "faults.jsonl"
    store.write_text(json.dumps(line(id="1")) + "\n" + '{"id": "2", "ki')
    assert list(command._read(store)) == ["1"]
    done = []
    waiting = [Fault(kind="k", where="w", what=str(k), edits=()) for k in range(3)]
    command._run(waiting, 2, store, lambda item: done.append(item) or line(id=item.id, audit="seen", seconds=0.0))
    assert set(command._read(store)) >= {item.id for item in waiting}
    assert len(done) == 3
