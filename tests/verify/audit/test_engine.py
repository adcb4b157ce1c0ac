"""The audit: failures that are seen, options that are checked, strict JSON."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest
import sympy as sp

import verify
from theory.claims import REGISTRY
from verify.audit import engine
from verify.audit.cases import cases
from verify.audit.results import ClaimResult, Report
from verify.evidence.plan import Plan
from verify.evidence.verdict import Evidence, MutantOutcome, Verdict, Witness, headline
from verify.models import image_pairs, replica_tests
from verify.models.images import digits
from verify.plans import PLANS

FAST = "L7:mode"


# Failures ------------------------------------------------------------------------------------------------------------


def made(*, expected, evidence, name="X:x", **fields):
    """A result made by hand."""
    return ClaimResult(
        id=name,
        family="X",
        variant="x",
        sentence="",
        source="",
        quantifier="",
        expected=expected,
        evidence=evidence,
        **fields,
    )


class Says:
    """A method that gives a fixed verdict, or raises."""

    method = "says"

    def __init__(self, verdict=None, error=None, **fields):
        self.verdict, self.error, self.fields = verdict, error, fields

    def run(self, claim, _context):
        """Say it."""
        if self.error is not None:
            raise self.error
        return Evidence(method=self.method, verdict=self.verdict, summary=f"about {claim.id}", **self.fields)


@pytest.fixture
def planned(monkeypatch):
    """Replace the plans of claims by fixed verdicts."""

    def set_plans(**methods):
        for claim_id, says in methods.items():
            monkeypatch.setitem(
                PLANS.known, claim_id, Plan(claim=claim_id, expected=Verdict.PROVED, methods=tuple(says))
            )

    return lambda table: set_plans(**table)


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError("1/0"),
        RuntimeWarning("overflow"),
        MemoryError(),
        RecursionError("deep"),
        ValueError("ψ"),
        AssertionError(),
    ],
)
def test_an_exception_in_a_method_is_undecided_evidence_and_a_fault(planned, error):
    planned({FAST: [Says(error=error), Says(Verdict.SEARCHED)]})
    result = verify.check(FAST)
    broken = result.evidence[0]
    assert broken.verdict is Verdict.UNDECIDED
    assert type(error).__name__ in broken.summary
    assert "Traceback" in broken.error
    assert broken.to_dict()["details"]["error"] == broken.error
    assert any("says failed" in fault for fault in result.faults)
    assert result.verdict is Verdict.SEARCHED
    assert all(mutant.outcome is MutantOutcome.SURVIVED for mutant in result.mutants)
    assert any("toothless" in fault for fault in result.faults)
    json.dumps(result.to_dict(), allow_nan=False)


def test_a_failed_dependency_blocks_what_is_proved_from_it(planned):
    planned(
        {
            "L5:sharp": [Says(Verdict.UNDECIDED)],
            "L5:printed-A": [Says(Verdict.PROVED, links=("L5:sharp",)), Says(Verdict.SEARCHED)],
            "L5:repaired-scaled": [Says(Verdict.SEARCHED)],
            "L5:comparator-sharp": [Says(Verdict.PROVED)],
            "L5:comparator": [Says(Verdict.PROVED, links=("L5:comparator-sharp",))],
        }
    )
    report = verify.audit(["L5:sharp", "L5:printed-A", "L5:repaired-scaled", "L5:comparator-sharp", "L5:comparator"])
    assert report["L5:printed-A"].verdict is Verdict.BLOCKED
    assert "L5:sharp" in report["L5:printed-A"].evidence[0].summary
    assert any("BLOCKED" in fault for fault in report["L5:printed-A"].faults)
    assert report["L5:repaired-scaled"].verdict is Verdict.SEARCHED  # a search rests on nothing
    assert report["L5:comparator"].verdict is Verdict.PROVED


def test_a_block_travels_along_the_chain():
    def result(name, verdict, *links):
        return made(
            expected=Verdict.PROVED,
            name=name,
            depends_on=links,
            evidence=(Evidence(method="m", verdict=verdict, summary=""),),
        )

    for bad in (Verdict.UNDECIDED, Verdict.REFUTED, Verdict.VACUOUS):
        out = engine._blocked(
            {
                "c": result("c", Verdict.PROVED, "b"),
                "b": result("b", Verdict.PROVED, "a"),
                "a": result("a", bad),
                "d": result("d", Verdict.PROVED, "elsewhere"),
            }
        )
        assert [str(item.verdict) for item in out.values()] == ["BLOCKED", "BLOCKED", str(bad), "PROVED"]
    for verdict in (Verdict.PROVED, Verdict.SUPPORTED, Verdict.ARGUED, Verdict.SEARCHED):
        out = engine._blocked({"b": result("b", Verdict.PROVED, "a"), "a": result("a", verdict)})
        assert (out["b"].verdict is Verdict.PROVED) is (verdict is Verdict.PROVED)  # as strong as its weakest link


@pytest.mark.parametrize("rigorous", [Verdict.PROVED, Verdict.CERTIFIED])
def test_proof_and_refutation_of_the_same_claim_contradict_each_other(planned, rigorous):
    planned({FAST: [Says(rigorous), Says(Verdict.REFUTED)]})
    result = verify.check(FAST, mutants=False)
    assert result.verdict is Verdict.REFUTED
    assert any("contradicts itself" in fault for fault in result.faults)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], Verdict.UNDECIDED),
        ([Verdict.UNDECIDED], Verdict.UNDECIDED),
        ([Verdict.VACUOUS, Verdict.UNDECIDED], Verdict.VACUOUS),
        ([Verdict.SEARCHED, Verdict.SUPPORTED], Verdict.SUPPORTED),
        ([Verdict.EXHAUSTIVE, Verdict.CERTIFIED], Verdict.CERTIFIED),
        ([Verdict.PROVED, Verdict.UNDECIDED], Verdict.PROVED),
        ([Verdict.PROVED, Verdict.REFUTED], Verdict.REFUTED),
        ([Verdict.BLOCKED, Verdict.VACUOUS], Verdict.BLOCKED),
        ([Verdict.BLOCKED, Verdict.SUPPORTED], Verdict.BLOCKED),
        ([Verdict.ARGUED, Verdict.SEARCHED], Verdict.ARGUED),
        ([Verdict.ARGUED, Verdict.SUPPORTED], Verdict.SUPPORTED),
        ([Verdict.SKIPPED, Verdict.UNDECIDED], Verdict.SKIPPED),
    ],
)
def test_the_headline_is_a_refutation_or_else_the_strongest_support(verdicts, expected):
    assert headline([Evidence(method="m", verdict=verdict, summary="") for verdict in verdicts]) is expected


@pytest.mark.parametrize(
    ("expected", "found", "fine"),
    [
        (Verdict.PROVED, Verdict.PROVED, True),
        (Verdict.PROVED, Verdict.CERTIFIED, False),
        (Verdict.SEARCHED, Verdict.PROVED, True),
        (Verdict.SEARCHED, Verdict.UNDECIDED, False),
        (Verdict.REFUTED, Verdict.REFUTED, True),
        (Verdict.SEARCHED, Verdict.REFUTED, False),
        (Verdict.REFUTED, Verdict.PROVED, False),
        (Verdict.REFUTED, Verdict.UNDECIDED, False),
        (Verdict.PROVED, Verdict.VACUOUS, False),
    ],
)
def test_a_weaker_verdict_than_expected_is_a_fault_and_a_stronger_one_is_not(expected, found, fine):
    result = made(expected=expected, evidence=(Evidence(method="m", verdict=found, summary=""),))
    assert (result.faults == ()) is fine


@pytest.mark.parametrize("lazy", ["progress", "method"])
def test_an_interrupt_keeps_what_is_done(planned, lazy):
    def progress(_result, done, total):
        assert total == 3
        if lazy == "progress" and done == 2:
            raise KeyboardInterrupt

    table = {name: [Says(Verdict.PROVED)] for name in ("L7:printed", "L7:repaired", "L7:mode")}
    if lazy == "method":
        table["L7:mode"] = [Says(error=KeyboardInterrupt())]
    planned(table)
    report = verify.audit("L7", progress=progress)
    assert report.interrupted
    assert not report.ok
    assert list(report.results) == ["L7:printed", "L7:repaired"]
    assert report.to_dict()["interrupted"] is True


# Options -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [verify.check, verify.audit, verify.assert_holds])
def test_an_unknown_id_is_refused_with_the_nearest_ones(call):
    with pytest.raises(KeyError, match=r"L4:sharpp.*L4:sharp"):
        call("L4:sharpp")
    with pytest.raises(KeyError, match="unknown claim"):
        call("L4:sharp~A-flow")


@pytest.mark.parametrize("asked", ["L4:sharpp", ["L4:sharp"], None])
def test_what_is_no_id_has_the_default(asked):
    assert REGISTRY.get(asked) is None
    assert REGISTRY.get(asked, 3) == 3


def test_unknown_ids_are_refused_before_anything_runs(monkeypatch):
    monkeypatch.setattr(engine, "_run", lambda *_args: pytest.fail("it ran"))
    for ids in (["L7:mode", "nope"], ["L4", ""], "XYZ"):
        with pytest.raises(KeyError):
            verify.audit(ids)
    with pytest.raises(ValueError, match="at least one claim"):
        verify.audit([])
    for bad in (5, ["L4", 3], b"L4"):
        with pytest.raises(TypeError, match="ids must be"):
            verify.audit(bad)
    for options in ({"budget": "huge"}, {"seed": -1}, {"seed": 0.5}, {"seed": True}, {"seed": "1"}, {"seed": None}):
        with pytest.raises(ValueError, match=r"(budget|seed) must be"):
            verify.audit("L7", **options)
        with pytest.raises(ValueError, match=r"(budget|seed) must be"):
            verify.check(FAST, **options)
    with pytest.raises(TypeError, match="budget must be"):
        verify.check(FAST, budget=3)


def test_what_is_no_claim_is_refused():
    with pytest.raises(TypeError, match="claim must be a Claim, a Lemma or an id"):
        verify.check(3)


def test_a_claim_may_be_given_as_itself(planned):
    planned({FAST: [Says(Verdict.PROVED)]})
    assert verify.check(REGISTRY[FAST], mutants=False).verdict is Verdict.PROVED
    assert verify.check(FAST, seed=np.int64(3), mutants=False).verdict is Verdict.PROVED


@pytest.mark.parametrize("ids", [None, ["T1"], ["T1", "EQ-8", "T2:repaired"], ["L7:mode"]])
def test_one_process_takes_claims_of_one_family_and_an_eighth_of_all_at_most(ids):
    chosen = cases(ids)
    pieces = [[item.claim for item in piece] for piece in engine._pieces(chosen)]
    assert sorted(claim.id for piece in pieces for claim in piece) == sorted(item.claim.id for item in chosen)
    for piece in pieces:
        assert len({claim.family for claim in piece}) == 1
        assert len(piece) <= max(1, len(chosen) // 8)


def test_ids_are_audited_once_and_in_the_ledgers_order(planned):
    planned({name: [Says(Verdict.PROVED)] for name in ("L7:printed", "L7:repaired", "L7:mode", "L3:A")})
    report = verify.audit(["L7:mode", "L7", "L3:A", "L7:mode"])
    assert list(report.results) == ["L3:A", "L7:printed", "L7:repaired", "L7:mode"]
    assert len(report) == 4
    with pytest.raises(KeyError, match="L1:printed"):
        report["L1:printed"]


def test_what_does_not_hold_fails_an_assertion_with_witness_and_token(planned):
    with pytest.raises(AssertionError, match=r"L3:A is REFUTED.*witness \{.*scoregap replay \S+"):
        verify.assert_holds("L3:A")
    planned({FAST: [Says(Verdict.UNDECIDED)]})
    with pytest.raises(AssertionError, match="UNDECIDED"):
        verify.assert_holds(FAST)
    planned({FAST: [Says(Verdict.SEARCHED)]})
    assert verify.assert_holds(FAST).verdict is Verdict.SEARCHED


# JSON ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def report():
    return verify.audit(["L3:A", "L7:mode"], seed=2)


def strict(text):
    def refuse(constant):
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


def test_the_report_is_strict_json_of_the_stated_shape(report, tmp_path):
    path = report.to_json(tmp_path / "audit.json")
    data = strict(path.read_text(encoding="utf-8"))
    assert {"seed", "budget", "version", "claims"} <= set(data)
    assert (data["seed"], data["budget"], len(data["claims"])) == (2, "quick", 2)
    for claim in data["claims"]:
        assert {
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
        } <= set(claim)
        assert claim["id"] == f"{claim['family']}:{claim['variant']}"
        assert claim["verdict"] == {"L3:A": "REFUTED", "L7:mode": "PROVED"}[claim["id"]]
        assert all({"method", "verdict"} <= set(item) for item in claim["evidence"])
        assert all({"name", "outcome"} <= set(mutant) for mutant in claim["mutants"])
        assert (claim["witness"] is None) == (claim["token"] is None) == (claim["verdict"] == "PROVED")
        if claim["token"]:
            again = verify.replay(claim["token"]).to_dict()
            assert {k: again[k] for k in ("instance", "left", "right", "ratio")} == {
                k: claim["witness"][k] for k in ("instance", "left", "right", "ratio")
            }
    assert report.ok
    assert report.counts() == {"PROVED": 1, "REFUTED": 1}


def odd_report(**details):
    evidence = Evidence(
        method="m",
        verdict=Verdict.REFUTED,
        summary="",
        details=details,
        worst_ratio=math.nan,
        smallest=Witness(
            instance={"x": math.inf, "y": [np.float64(1), math.nan]}, left=-math.inf, right=math.nan, ratio=math.inf
        ),
    )
    result = made(expected=Verdict.REFUTED, evidence=(evidence,), smallest=evidence.smallest)
    return Report(seed=0, budget="quick", results={"X:x": result})


def test_nan_and_infinity_are_words(tmp_path):
    odd = odd_report(
        a=math.nan,
        b=[math.inf, {"c": -math.inf}],
        d=np.array([1.0, np.nan]),
        e=np.int64(3),
        f=sp.pi,
        g={1: (2, np.float32(math.inf))},
        h=np.bool_(True),
        i=None,
        j=True,
    )
    data = strict(odd.to_json(tmp_path / "odd.json").read_text())
    details = data["claims"][0]["evidence"][0]["details"]
    assert details == {
        "a": "nan",
        "b": ["inf", {"c": "-inf"}],
        "d": [1.0, "nan"],
        "e": 3,
        "f": "pi",
        "g": {"1": [2, "inf"]},
        "h": True,
        "i": None,
        "j": True,
    }
    witness = data["claims"][0]["witness"]
    assert witness["instance"] == {"x": "inf", "y": [1.0, "nan"]}
    assert (witness["left"], witness["right"], witness["ratio"]) == ("-inf", "nan", "inf")
    assert data["claims"][0]["worst_ratio"] == "nan"


def test_a_path_that_cannot_be_written_is_refused_with_a_remedy(report, tmp_path):
    with pytest.raises(ValueError, match="must name a file"):
        report.to_json(tmp_path)
    with pytest.raises(ValueError, match=r"make .* first"):
        report.to_json(tmp_path / "missing" / "audit.json")


def test_an_audit_raises_no_warning():
    code = "import warnings; warnings.simplefilter('error'); import verify; print(verify.check('L5:sharp').faults)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout.strip() == "()"
    assert done.stderr == ""


def test_a_claim_whose_optional_part_is_not_installed_is_skipped_with_the_remedy(monkeypatch):
    for kept in (image_pairs.digits_data, digits, replica_tests._pairs):
        kept.cache_clear()
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    report = verify.audit(["FIG-6/7", "EQ-8:mean"])
    result = report["FIG-6/7:farthest"]
    assert (result.verdict, result.mutants, result.faults) == (Verdict.SKIPPED, (), ())
    assert "pip install 'scoregap[digits]'" in " ".join(result.remarks)
    assert not result.verdict.holds
    assert report.ok
    assert report.counts() == {"PROVED": 1, "SKIPPED": 1}
    with pytest.raises(AssertionError, match="FIG-6/7:farthest is SKIPPED"):
        verify.assert_holds("FIG-6/7:farthest")
