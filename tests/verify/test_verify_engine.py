"""The audit: the ledger's verdicts, mutants that die, failures that are seen, options that are checked, strict JSON."""

import json
import math
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp

import verify
from theory.claims import REGISTRY
from theory.statement import Inequality
from verify import engine
from verify.context import BUDGETS, Context
from verify.methods.goals import Certify
from verify.methods.symbolic import Proof
from verify.mutants import attack
from verify.plan import Plan
from verify.plans import PLANS
from verify.results import ClaimResult, Report
from verify.running import run_method
from verify.verdict import Evidence, MutantOutcome, Verdict, Witness, contradicts, headline, plain

CONTEXT = Context(budget=BUDGETS["quick"])
PROVED, REFUTED = "PROVED", "REFUTED"
# Written from the ledger by hand, not from the plans: a printed statement that is false must be refuted.
LEDGER = {
    "EQ-8:mean": PROVED, "EQ-8:variance": PROVED, "EQ-8:fokker-planck": PROVED, "EQ-8:composition": PROVED,
    "EQ-8:stationary": PROVED, "EQ-3/4:reverse-sde": PROVED, "EQ-3/4:probability-flow": PROVED, "EQ-6:norm": PROVED,
    "EQ-6:song-weight": PROVED, "EQ-6:printed-weight": PROVED, "SCORE:mixture": PROVED, "SCORE:two-modes": PROVED,
    "SCORE:slope": PROVED, "L1:printed": REFUTED, "L1:repaired": PROVED, "L1:sharp": PROVED, "L1:pathwise": PROVED,
    "HILBERT:mean": PROVED, "HILBERT:deviation": PROVED, "L3:scaled": PROVED, "L3:A": REFUTED, "L3:repaired-A": PROVED,
    "L4:printed-scaled": PROVED, "L4:printed-A": REFUTED, "L4:sharp": PROVED, "L4:sharp-minimiser": PROVED,
    "L4:repaired-A": PROVED, "L5:printed-A": PROVED, "L5:printed-scaled": REFUTED, "L5:repaired-scaled": PROVED,
    "L5:sharp": PROVED, "L5:comparator": PROVED, "L5:comparator-sharp": PROVED, "L7:printed": PROVED,
    "L7:repaired": PROVED, "L7:mode": PROVED,
    "L2:gap": PROVED, "L2:repaired": PROVED, "L2:printed": REFUTED, "L2:printed-short": PROVED,
    "L2:up-to-constant": REFUTED, "L2:shift": PROVED, "L2:score-density": REFUTED, "L2:normalisable": REFUTED,
    "L2:tails": "EXHAUSTIVE", "L2:ode-density": REFUTED, "L2:ode-shift": PROVED, "PRIOR:exact": PROVED,
    "PRIOR:gaussian": PROVED, "PRIOR:sharp": PROVED, "PRIOR:contraction": PROVED, "PRIOR:mixture": PROVED,
    "PRIOR:moment": PROVED,
    "HILBERT:diameter": PROVED, "HILBERT:operator": PROVED, "HILBERT:second-moment": PROVED, "L6:printed": REFUTED,
    "L6:repaired": PROVED, "L6:moment": PROVED, "L6:moment-sharp": PROVED, "L6:small-delta": PROVED,
    "L8:printed": PROVED, "L8:moment": PROVED, "L8:moment-sharp": PROVED, "L8:repaired": PROVED,
    "INCONSISTENCY:target": PROVED, "INCONSISTENCY:network": PROVED, "INCONSISTENCY:scales": PROVED,
    "INCONSISTENCY:modes": PROVED, "T2:pointwise": PROVED, "T2:lipschitz": PROVED, "T2:hidden-norm": PROVED,
    "T2:hidden-slope": PROVED, "T2:hidden-mean-square": PROVED,
    "EQ-7:posterior": PROVED, "EQ-7:population": PROVED, "EQ-7:stein": PROVED, "EQ-7:unbiased-dsm": PROVED,
    "EQ-7:unbiased-sm": PROVED, "EQ-7:empirical-printed": REFUTED, "EQ-7:empirical-gap": PROVED,
    "EQ-12/13:homogeneity": PROVED, "EQ-12/13:norm-rescales": PROVED, "EQ-12/13:norm-bound": PROVED,
    "EQ-12/13:wlog-printed": REFUTED, "RELU:activation": PROVED, "RELU:mean": PROVED, "RELU:second-moment": PROVED,
    "RELU:product": PROVED, "RELU:product-aligned": PROVED, "RELU:product-opposed": PROVED,
    "RELU:arc-cosine": PROVED,
    "EARLY-STOP:printed": REFUTED, "EARLY-STOP:printed-any": REFUTED, "EARLY-STOP:printed-wide": PROVED,
    "EARLY-STOP:balanced": PROVED, "EARLY-STOP:lower": PROVED, "EARLY-STOP:upper": PROVED,
    "EARLY-STOP:near-optimal": PROVED, "EARLY-STOP:repaired": PROVED, "EARLY-STOP:repaired-rate": PROVED,
    "R1:contraction": PROVED, "R1:contraction-abs": PROVED, "R1:abs-factor-one": REFUTED, "R2:massart": PROVED,
    "R2:sharp": PROVED, "R2:printed": PROVED, "R2:cosh": PROVED, "R3:printed": PROVED, "R3:abs": PROVED,
    "R3:sharp": PROVED, "R4:printed": PROVED, "R4:sharp": PROVED, "R4:frozen": PROVED, "R4:khintchine": PROVED,
    "R4:breakpoints": PROVED, "R5:fixed-function": PROVED, "R5:fixed-function-abs": REFUTED, "R5:abs": PROVED,
    "T1:norm": PROVED, "T1:residual": PROVED, "T1:parameter-error": PROVED, "T1:score-error-empirical": PROVED,
    "T1:score-error": PROVED, "T1:loss": PROVED, "T1:concentration-B": PROVED, "T1:concentration-G": PROVED,
    "T1:bound-B": PROVED, "T1:bound-b": PROVED, "T1:bound-G": PROVED, "T1:repaired": PROVED, "T1:simple": PROVED,
    "T1:decomposition": PROVED, "T1:cauchy-schwarz": PROVED, "T1:step-A": REFUTED, "T1:step-scaled": REFUTED,
    "T1:step-A-repaired": PROVED, "T1:step-scaled-repaired": PROVED, "T1:consistent-scaled": PROVED,
    "T1:consistent-A": PROVED, "T1:printed": REFUTED,
    "R6:expected": PROVED, "R6:sharp": PROVED, "R6:empirical": PROVED, "R6:one-sided": PROVED,
}
INEQUALITIES = [claim_id for claim_id, claim in REGISTRY.items() if isinstance(claim.relation, Inequality)]
FAST = "L7:mode"


# The ledger ----------------------------------------------------------------------------------------------------------


def test_the_ledger_knows_every_claim_and_every_plan():
    assert set(LEDGER) <= set(REGISTRY)
    assert set(REGISTRY) == set(PLANS)
    assert {name: str(PLANS[name].expected) for name in LEDGER} == LEDGER


@pytest.mark.parametrize("claim_id", LEDGER)
def test_the_verdict_is_the_ledgers(claim_id):
    result = verify.check(claim_id, mutants=False, seed=1)
    assert str(result.verdict) == LEDGER[claim_id]
    assert result.faults == ()
    assert not contradicts(result.evidence)
    if LEDGER[claim_id] == REFUTED:
        assert result.smallest is not None
        assert result.token is not None
        assert not any(item.speaks_for_claim for item in result.evidence)
    json.dumps(result.to_dict(), allow_nan=False)


@pytest.mark.parametrize("claim_id", REGISTRY)
def test_every_claim_has_three_mutants_that_name_their_regime(claim_id):
    mutants = REGISTRY[claim_id].mutants
    assert len(mutants) >= 3
    assert all(mutant.regime.strip() and mutant.description.strip() for mutant in mutants)


@pytest.mark.parametrize("claim_id", REGISTRY)
def test_no_mutant_survives_and_none_is_proved(claim_id):
    claim, plan = REGISTRY[claim_id], PLANS[claim_id]
    for mutant in claim.mutants:
        result = attack(claim, mutant, plan, CONTEXT.at(claim_id), every_method=True)
        expected = MutantOutcome.OUT_OF_REACH if mutant.out_of_reach else MutantOutcome.KILLED
        assert result.outcome is expected, mutant.name
        assert not result.proved, mutant.name


@pytest.mark.parametrize("claim_id", INEQUALITIES)
def test_a_bound_with_a_term_reversed_or_lost_is_neither_proved_nor_certified(claim_id):
    claim = REGISTRY[claim_id]
    methods = [method for method in PLANS[claim_id].methods if isinstance(method, (Proof, Certify))]
    changes = [("rhs", name, factor) for name in claim.relation.rhs for factor in (-1, 0, sp.Rational(9, 10))]
    changes.append(("lhs", next(iter(claim.relation.lhs)), sp.Rational(11, 10)))
    for side, name, factor in changes:
        if factor == sp.Rational(9, 10) and (claim_id, name) in {("L5:comparator", "growth")}:
            continue  # still true: half of the constant is enough
        if factor >= 0 and claim_id.startswith("T1:consistent") and name in {"sample", "features"}:
            continue  # still true: the other two terms alone have the floor
        terms = getattr(claim.relation, side)
        relation = replace(claim.relation, **{side: {**terms, name: factor * terms[name]}})
        wrong = replace(claim, relation=relation, mutants=())
        for method in methods:
            evidence = run_method(method, wrong, CONTEXT)
            assert not evidence.speaks_for_claim, (side, name, factor, method.method)


def test_a_least_loss_that_helps_the_left_side_is_not_overlooked():
    claim = REGISTRY["L4:sharp-minimiser"]
    for factor in (0, -1, sp.Rational(99, 100)):
        lhs = {**claim.relation.lhs, "minus minimum": factor * claim.relation.lhs["minus minimum"]}
        wrong = replace(claim, relation=replace(claim.relation, lhs=lhs), mutants=())
        for method in PLANS[claim.id].methods:
            if isinstance(method, (Proof, Certify)):
                assert not method.run(wrong, CONTEXT).verdict.holds


def test_sharpness_of_a_constant_is_no_evidence_for_a_mutant():
    claim = REGISTRY["L4:sharp"]
    wrong = next(mutant for mutant in claim.mutants if mutant.name == "A-flow").apply(claim)
    evidence = PLANS[claim.id].methods[1].run(wrong, CONTEXT)
    assert evidence.verdict is Verdict.CERTIFIED  # the constant cannot be smaller, which is true of the mutant as well
    assert not evidence.speaks_for_claim
    assert headline([evidence]) is Verdict.UNDECIDED
    assert evidence.to_dict()["about"] == "constant"
    refuted = Evidence(method="x", verdict=Verdict.REFUTED, summary="")
    assert not contradicts([evidence, refuted])
    assert contradicts([replace(evidence, about="claim"), refuted])


# Failures ------------------------------------------------------------------------------------------------------------


def made(*, expected, evidence, name="X:x", **fields):
    """A result made by hand."""
    return ClaimResult(id=name, family="X", variant="x", sentence="", source="", quantifier="", expected=expected,
                       evidence=evidence, **fields)


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
    def plan(**methods):
        for claim_id, says in methods.items():
            monkeypatch.setitem(PLANS, claim_id, Plan(claim=claim_id, expected=Verdict.PROVED, methods=tuple(says)))
    return lambda table: plan(**table)


@pytest.mark.parametrize("error", [ZeroDivisionError("1/0"), RuntimeWarning("overflow"), MemoryError(),
                                   RecursionError("deep"), ValueError("ψ"), AssertionError()])
def test_an_exception_in_a_method_is_undecided_evidence_and_a_fault(planned, error):
    planned({FAST: [Says(error=error), Says(Verdict.SEARCHED)]})
    result = verify.check(FAST)
    broken = result.evidence[0]
    assert broken.verdict is Verdict.UNDECIDED
    assert type(error).__name__ in broken.summary
    assert "Traceback" in broken.details["error"]
    assert any("says failed" in fault for fault in result.faults)
    assert result.verdict is Verdict.SEARCHED
    assert all(mutant.outcome is MutantOutcome.SURVIVED for mutant in result.mutants)
    assert any("toothless" in fault for fault in result.faults)
    json.dumps(result.to_dict(), allow_nan=False)


def test_a_failed_dependency_blocks_what_is_proved_from_it(planned):
    planned({"L5:sharp": [Says(Verdict.UNDECIDED)], "L5:printed-A": [Says(Verdict.PROVED), Says(Verdict.SEARCHED)],
             "L5:repaired-scaled": [Says(Verdict.SEARCHED)], "L5:comparator-sharp": [Says(Verdict.PROVED)],
             "L5:comparator": [Says(Verdict.PROVED)]})
    report = verify.audit(["L5:sharp", "L5:printed-A", "L5:repaired-scaled", "L5:comparator-sharp", "L5:comparator"])
    assert report["L5:printed-A"].verdict is Verdict.BLOCKED
    assert "L5:sharp" in report["L5:printed-A"].evidence[0].summary
    assert any("BLOCKED" in fault for fault in report["L5:printed-A"].faults)
    assert report["L5:repaired-scaled"].verdict is Verdict.SEARCHED  # a search rests on nothing
    assert report["L5:comparator"].verdict is Verdict.PROVED


def test_a_block_travels_along_the_chain():
    def result(name, verdict, *links):
        return made(expected=Verdict.PROVED, name=name, depends_on=links,
                    evidence=(Evidence(method="m", verdict=verdict, summary=""),))

    for bad in (Verdict.UNDECIDED, Verdict.REFUTED, Verdict.VACUOUS):
        out = engine._blocked({"c": result("c", Verdict.PROVED, "b"), "b": result("b", Verdict.PROVED, "a"),
                               "a": result("a", bad), "d": result("d", Verdict.PROVED, "elsewhere")})
        assert [str(item.verdict) for item in out.values()] == ["BLOCKED", "BLOCKED", str(bad), "PROVED"]
    for good in (Verdict.PROVED, Verdict.CERTIFIED, Verdict.SEARCHED):
        out = engine._blocked({"b": result("b", Verdict.PROVED, "a"), "a": result("a", good)})
        assert out["b"].verdict is Verdict.PROVED


@pytest.mark.parametrize("rigorous", [Verdict.PROVED, Verdict.CERTIFIED])
def test_proof_and_refutation_of_the_same_claim_contradict_each_other(planned, rigorous):
    planned({FAST: [Says(rigorous), Says(Verdict.REFUTED)]})
    result = verify.check(FAST, mutants=False)
    assert result.verdict is Verdict.REFUTED
    assert any("contradicts itself" in fault for fault in result.faults)


@pytest.mark.parametrize(("verdicts", "expected"), [
    ([], Verdict.UNDECIDED), ([Verdict.UNDECIDED], Verdict.UNDECIDED),
    ([Verdict.VACUOUS, Verdict.UNDECIDED], Verdict.VACUOUS), ([Verdict.SEARCHED, Verdict.SUPPORTED], Verdict.SUPPORTED),
    ([Verdict.EXHAUSTIVE, Verdict.CERTIFIED], Verdict.CERTIFIED),
    ([Verdict.PROVED, Verdict.UNDECIDED], Verdict.PROVED), ([Verdict.PROVED, Verdict.REFUTED], Verdict.REFUTED),
    ([Verdict.BLOCKED, Verdict.VACUOUS], Verdict.BLOCKED)])
def test_the_headline_is_a_refutation_or_else_the_strongest_support(verdicts, expected):
    assert headline([Evidence(method="m", verdict=verdict, summary="") for verdict in verdicts]) is expected


@pytest.mark.parametrize(("expected", "found", "fine"), [
    (Verdict.PROVED, Verdict.PROVED, True), (Verdict.PROVED, Verdict.CERTIFIED, False),
    (Verdict.SEARCHED, Verdict.PROVED, True), (Verdict.SEARCHED, Verdict.UNDECIDED, False),
    (Verdict.REFUTED, Verdict.REFUTED, True), (Verdict.SEARCHED, Verdict.REFUTED, False),
    (Verdict.REFUTED, Verdict.PROVED, False), (Verdict.REFUTED, Verdict.UNDECIDED, False),
    (Verdict.PROVED, Verdict.VACUOUS, False)])
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


def test_unknown_ids_are_refused_before_anything_runs(monkeypatch):
    monkeypatch.setattr(engine, "_check_id", lambda *_args: pytest.fail("it ran"))
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


def test_a_claim_of_ones_own_is_refused_with_the_remedy():
    claim = REGISTRY["L4:sharp"]
    with pytest.raises(ValueError, match="pass the id"):
        verify.check(claim.with_constant("C", sp.Rational(1, 5)))
    with pytest.raises(TypeError, match="claim must be"):
        verify.check(3)


def test_a_claim_may_be_given_as_itself(planned):
    planned({FAST: [Says(Verdict.PROVED)]})
    assert verify.check(REGISTRY[FAST], mutants=False).verdict is Verdict.PROVED
    assert verify.check(FAST, seed=np.int64(3), mutants=False).verdict is Verdict.PROVED


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
        assert {"id", "family", "variant", "verdict", "quantifier", "source", "worst_ratio", "seconds", "evidence",
                "mutants", "witness", "token"} <= set(claim)
        assert claim["id"] == f"{claim['family']}:{claim['variant']}"
        assert claim["verdict"] == LEDGER[claim["id"]]
        assert all({"method", "verdict"} <= set(item) for item in claim["evidence"])
        assert all({"name", "outcome"} <= set(mutant) for mutant in claim["mutants"])
        assert (claim["witness"] is None) == (claim["token"] is None) == (claim["verdict"] == PROVED)
        if claim["token"]:
            again = verify.replay(claim["token"]).to_dict()
            assert {k: again[k] for k in ("instance", "left", "right", "ratio")} == {
                k: claim["witness"][k] for k in ("instance", "left", "right", "ratio")}
    assert report.ok
    assert report.counts() == {"PROVED": 1, "REFUTED": 1}


def odd_report(**details):
    evidence = Evidence(method="m", verdict=Verdict.REFUTED, summary="", details=details, worst_ratio=math.nan,
                        smallest=Witness(instance={"x": math.inf, "y": [np.float64(1), math.nan]}, left=-math.inf,
                                         right=math.nan, ratio=math.inf))
    result = made(expected=Verdict.REFUTED, evidence=(evidence,), smallest=evidence.smallest)
    return Report(seed=0, budget="quick", results={"X:x": result})


def test_nan_and_infinity_are_words(tmp_path):
    odd = odd_report(a=math.nan, b=[math.inf, {"c": -math.inf}], d=np.array([1.0, np.nan]), e=np.int64(3), f=sp.pi,
                     g={1: (2, np.float32(math.inf))}, h=np.bool_(True), i=None, j=True)
    data = strict(odd.to_json(tmp_path / "odd.json").read_text())
    details = data["claims"][0]["evidence"][0]["details"]
    assert details == {"a": "nan", "b": ["inf", {"c": "-inf"}], "d": [1.0, "nan"], "e": 3, "f": "pi",
                       "g": {"1": [2, "inf"]}, "h": True, "i": None, "j": True}
    witness = data["claims"][0]["witness"]
    assert witness["instance"] == {"x": "inf", "y": [1.0, "nan"]}
    assert (witness["left"], witness["right"], witness["ratio"]) == ("-inf", "nan", "inf")
    assert data["claims"][0]["worst_ratio"] == "nan"


def test_plain_leaves_plain_values_alone():
    value = {"a": [1, 2.5, "x", None, True], "b": {"c": []}}
    assert plain(value) == value


@pytest.mark.parametrize("where", ["replace", "write", "dumps"])
def test_a_failing_write_leaves_the_old_file_and_nothing_else(report, tmp_path, monkeypatch, where):
    path = tmp_path / "audit.json"
    path.write_text("old")

    def fail(*_args, **_options):
        raise OSError("disk full")

    if where == "replace":
        monkeypatch.setattr("verify.results.Path.replace", fail)
    elif where == "write":
        monkeypatch.setattr("verify.results.os.fdopen", fail)
    else:
        monkeypatch.setattr("verify.results.json", SimpleNamespace(dumps=fail))
    with pytest.raises(OSError, match="disk full"):
        report.to_json(path)
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["audit.json"]


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
