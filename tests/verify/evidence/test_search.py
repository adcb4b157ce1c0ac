"""Searches count what they see, find true violations, shrink them, and give the same evidence for the same seed."""

import json
import math
import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace

import hypothesis
import pytest
import sympy as sp
from flint import arb
from hypothesis import strategies as st

import verify
from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.confrontation import Experiment, relation_sides
from verify.evidence.domain import Array, Choice, Domain, Integer, Real
from verify.evidence.draws import settled_constants
from verify.evidence.search import Search, explore, witnesses
from verify.evidence.shrink import complexity, simplify
from verify.evidence.verdict import Verdict
from verify.models.spectral_flows import EXPERIMENT as FLOW
from verify.plans import PLANS

QUICK = BUDGETS["quick"]
CONTEXT = Context(budget=QUICK, seed=5)
CLAIM = REGISTRY["L4:sharp"]  # any inequality: the experiments below measure their own sides
REFUTED = ("L1:printed", "L3:A", "L4:printed-A", "L5:printed-scaled")
PLANE = {"a": Real(low=-10, high=10), "b": Real(low=-10, high=10)}


def experiment(sides, fields=None, *, require=None, extremal=()):
    domain = Domain(fields=PLANE if fields is None else fields, **({} if require is None else {"require": require}))
    return Experiment(name="test", domain=domain, sides=lambda _claim: sides, extremal=extremal)


def search(sides, fields=None, **options):
    return Search(experiment=experiment(sides, fields, **options)).run(CLAIM, CONTEXT)


def stripped(value):
    """JSON without its running times."""
    if isinstance(value, dict):
        return {key: stripped(item) for key, item in value.items() if key != "seconds"}
    return [stripped(item) for item in value] if isinstance(value, list) else value


def a_against_b(instance):
    return arb(instance["a"]), arb(instance["b"])


# Counting ------------------------------------------------------------------------------------------------------------


def test_accepted_and_rejected_instances_are_counted():
    seen = []

    def sides(instance):
        seen.append(instance)
        return arb(0), arb(1)

    evidence = search(
        sides, require=lambda instance: instance["a"] > 0, extremal=({"a": 1.0, "b": 0.0}, {"a": -1.0, "b": 0.0})
    )
    assert evidence.verdict is Verdict.SEARCHED
    assert evidence.details["accepted"] == len(seen) >= 20
    assert evidence.details["rejected"] >= 10
    assert all(instance["a"] > 0 for instance in seen)
    assert {"a": 1.0, "b": 0.0} in seen
    assert evidence.details["domain"]["a"] == "reals in [-10, 10]"


def test_a_condition_that_is_never_met_is_vacuous():
    evidence = search(a_against_b, require=lambda _instance: False, extremal=({"a": 1.0, "b": 0.0},))
    assert evidence.verdict is Verdict.VACUOUS
    assert evidence.details["accepted"] == 0
    assert evidence.details["rejected"] >= QUICK.examples
    assert evidence.worst_ratio is None


@pytest.mark.parametrize("bad", [arb.nan(), arb("inf"), -arb("inf"), arb(0, 1e10), arb("nan")])
@pytest.mark.parametrize("side", ["left", "right"])
def test_nan_overflow_and_balls_that_say_nothing_never_pass(bad, side):
    def sides(instance):
        known = arb(1)
        return ((bad, known) if side == "left" else (known, bad)) if instance["a"] > 5 else (arb(0), known)

    evidence = search(sides, extremal=({"a": 6.0, "b": 0.0}, {"a": 0.0, "b": 0.0}))
    assert evidence.verdict in (Verdict.UNDECIDED, Verdict.REFUTED)
    if evidence.verdict is Verdict.REFUTED:  # 1 <= −∞ is false, and a bound of −∞ violated
        assert not bool(bad > 0)
    assert evidence.details["undefined"] >= 1


def test_one_undecided_instance_among_many_keeps_the_search_from_passing():
    evidence = search(
        lambda i: (arb.nan() if i == {"a": 1.0, "b": 1.0} else arb(0), arb(1)), extremal=({"a": 1.0, "b": 1.0},)
    )
    assert evidence.verdict is Verdict.UNDECIDED
    assert evidence.details["undefined"] == 1


def test_an_identity_whose_balls_overlap_widely_is_not_confirmed():
    claim = REGISTRY["SCORE:slope"]
    trial = experiment(lambda _i: (arb(0, 1e6), arb(3)))
    assert math.isnan(trial.outcome(claim, trial.sides(claim), {"a": 0.0, "b": 0.0}).ratio)


@pytest.mark.parametrize(
    ("left", "right", "violated", "ratio"),
    [
        (1, 2, False, 0.5),
        (2, 1, True, 2.0),
        (0, 0, False, 0.0),
        (1, 0, True, math.inf),
        (-1, 0, False, 0.0),
        (-3, -1, False, 1 / 3),
        (-1, -2, True, 2.0),
        (1, -1, True, math.inf),
        (0, -1, True, math.inf),
        (-1, 1, False, 0.0),
        (1, 1, False, 1.0),
    ],
)
def test_a_ratio_above_1_is_a_violation_whatever_the_signs(left, right, violated, ratio):
    trial = experiment(lambda _i: (arb(left), arb(right)))
    outcome = trial.outcome(CLAIM, trial.sides(CLAIM), {"a": 0.0, "b": 0.0})
    assert outcome.violated is violated
    assert outcome.ratio == pytest.approx(ratio, rel=1e-15)
    assert (outcome.ratio > 1) == violated
    assert outcome.equal == (left == right)
    assert math.isnan(outcome.gap()) if outcome.equal else (outcome.gap() > 0) == violated


# Violations ----------------------------------------------------------------------------------------------------------


def test_the_smallest_witness_is_a_violation_and_small():
    evidence = search(lambda i: (arb(i["a"]) ** 2 + arb(i["b"]) ** 2, arb(50)))
    assert evidence.verdict is Verdict.REFUTED
    small, worst = evidence.smallest.instance, evidence.worst.instance
    assert small["a"] ** 2 + small["b"] ** 2 > 50
    assert len(json.dumps(small)) <= len(json.dumps(worst))
    assert evidence.worst.ratio > 3.9  # the corner, a ratio of 4, is climbed to
    assert evidence.worst.ratio >= evidence.smallest.ratio > 1
    assert all(value == round(value, 1) for value in small.values())


def test_a_violation_in_a_thin_region_is_climbed_to():
    evidence = search(lambda i: (1 / (1 + (arb(i["a"]) - arb("3.7")) ** 2 + (arb(i["b"]) + 2) ** 2), arb("0.9999")))
    assert evidence.verdict is Verdict.REFUTED
    assert abs(evidence.worst.instance["a"] - 3.7) < 0.02


def test_the_first_violation_is_enough_for_a_mutant():
    evidence = Search(experiment=experiment(a_against_b)).run(CLAIM, replace(CONTEXT, first_refutation=True))
    assert evidence.verdict is Verdict.REFUTED
    assert complexity(evidence.smallest.instance) <= complexity(evidence.worst.instance)  # rounded all the same
    assert evidence.details["accepted"] < QUICK.examples


@pytest.mark.parametrize("claim_id", REFUTED)
def test_the_smallest_witness_of_a_refuted_claim_is_in_its_domain_and_violates_it(claim_id):
    result = verify.check(claim_id, mutants=False)
    claim, method = REGISTRY[claim_id], next(m for m in PLANS[claim_id].methods if hasattr(m, "experiment"))
    item = next(item for item in result.evidence if item.verdict is Verdict.REFUTED)
    trial = method.experiment
    for witness in (item.smallest, item.worst, result.smallest):
        assert trial.domain.accepts(witness.instance)
        outcome = trial.outcome(claim, trial.sides(claim), witness.instance)
        assert outcome.violated
        assert outcome.ratio == witness.ratio


def test_simplification_keeps_the_property_and_rounds_the_rest():
    domain = Domain(
        fields={
            "n": Integer(low=1, high=10**6),
            "a": Real(low=0, high=100),
            "kind": Choice(options=("x",)),
            "v": Array(shape=(2,), element=Real(low=-5, high=5)),
        }
    )
    start = {"n": 777, "a": 12.3456789, "kind": "x", "v": [1.2345678, -3.3333333]}
    free = simplify(domain, start, lambda _i: True)
    assert free == {"n": 1, "a": 0.0, "kind": "x", "v": [1.0, -3.0]}
    bound = simplify(domain, start, lambda i: i["a"] > 12.3 and i["n"] >= 5 and i["v"][0] > 1.2)
    assert bound == {"n": 5, "a": 12.3457, "kind": "x", "v": [1.23, -3.33]}
    assert complexity(free) < complexity(bound) < complexity(start)
    assert simplify(domain, start, lambda i: i == start) == start


# Domains -------------------------------------------------------------------------------------------------------------

DOMAIN = Domain(
    fields={
        "n": Integer(low=1, high=3),
        "x": Real(low=0.5, high=2, log=True),
        "rows": Array(shape=("n", 2), element=Integer(low=-1, high=1)),
        "list": Array(shape=("n",), element=Real(low=-1, high=1)),
        "kind": Choice(options=("p", "q")),
    }
)
GOOD = {"n": 2, "x": 1.0, "rows": [[0, 1], [1, -1]], "list": [0.5, -0.5], "kind": "q"}


@hypothesis.settings(database=None, derandomize=True, max_examples=50, deadline=None)
@hypothesis.given(DOMAIN.strategy(), st.floats(-3, 3))
def test_drawn_and_rebuilt_instances_lie_in_the_domain(instance, shift):
    assert DOMAIN.accepts(instance)
    assert DOMAIN.accepts(json.loads(json.dumps(instance)))
    vector, bounds = DOMAIN.coordinates(instance)
    assert len(vector) == len(bounds) == 1 + instance["n"]
    rebuilt = DOMAIN.rebuild(instance, vector + shift)
    assert DOMAIN.accepts(rebuilt)
    assert rebuilt["rows"] == instance["rows"]
    same = DOMAIN.rebuild(instance, vector)
    assert same["x"] == pytest.approx(instance["x"], rel=1e-15)
    assert same["list"] == instance["list"]


@pytest.mark.parametrize(
    "change",
    [
        {"n": 0},
        {"n": 4},
        {"n": 2.0},
        {"n": 2.5},
        {"n": True},
        {"n": "2"},
        {"n": None},
        {"n": 10**400},
        {"x": 0.4},
        {"x": 2.1},
        {"x": math.nan},
        {"x": math.inf},
        {"x": "1"},
        {"x": [1.0]},
        {"x": 10**400},
        {"kind": "r"},
        {"kind": 0},
        {"kind": ["p"]},
        {"rows": [[0, 1]]},
        {"rows": [[0, 1], [1]]},
        {"rows": [[0, 1], [1, 2]]},
        {"rows": [[0, 1], [1, 0.5]]},
        {"rows": []},
        {"rows": 0},
        {"list": [0.5]},
        {"list": [0.5, math.nan]},
        {"list": "ab"},
        {"list": {"0": 1, "1": 2}},
        {"extra": 1.0},
    ],
)
def test_an_instance_outside_the_domain_is_not_accepted(change):
    assert DOMAIN.accepts(GOOD)
    assert not DOMAIN.accepts({**GOOD, **change})


@pytest.mark.parametrize("name", GOOD)
def test_an_instance_with_a_missing_field_is_not_accepted(name):
    assert not DOMAIN.accepts({key: value for key, value in GOOD.items() if key != name})


def test_wide_integer_ranges_are_covered_in_magnitude():
    domain = Domain(fields={"n": Integer(low=1, high=10**6)})
    seen = []

    @hypothesis.settings(database=None, derandomize=True, max_examples=100)
    @hypothesis.given(domain.strategy())
    def draw(instance):
        seen.append(instance["n"])

    draw()
    assert min(seen) == 1
    assert max(seen) > 10**4
    assert sum(100 < n < 10**5 for n in seen) >= 10


# The same seed -------------------------------------------------------------------------------------------------------

IDS = ("L7:mode", "L7:repaired", "SCORE:slope")


def audited(**options):
    return stripped(verify.audit(IDS, **options).to_dict())


@pytest.fixture(scope="module")
def serial():
    return audited(seed=3)


def test_the_same_seed_gives_the_same_evidence(serial):
    assert audited(seed=3) == serial


@pytest.mark.parametrize("workers", [1, 2])
def test_worker_processes_give_the_same_evidence_as_none(serial, workers):
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as executor:
        assert audited(seed=3, executor=executor) == serial


def test_threads_give_the_same_evidence_as_none(serial):
    with ThreadPoolExecutor(3) as executor:
        assert audited(seed=3, executor=executor) == serial


SCRIPT = """
import json, sys
sys.path.insert(0, {folder!r})
{imports}
import verify
if __name__ == "__main__":
    print(json.dumps(verify.audit({ids!r}, seed=3).to_dict()))
"""


@pytest.mark.parametrize(
    "imports",
    [
        "import settled_module_with_numbers, numerics, numerics.random_features.flow, numerics.random_features.moments",
        "import hypothesis; hypothesis.settings.register_profile('odd', max_examples=3, derandomize=True, "
        "phases=(hypothesis.Phase.explicit,), deadline=1, verbosity=hypothesis.Verbosity.debug); "
        "hypothesis.settings.load_profile('odd')",
    ],
)
def test_neither_profile_nor_ci_nor_loaded_modules_change_the_evidence(serial, tmp_path, imports):
    numbers = ", ".join(str(k * 0.37) + f", {k}" for k in range(1, 200))
    (tmp_path / "settled_module_with_numbers.py").write_text(f"NUMBERS = [{numbers}]\n")
    script = tmp_path / "run_it.py"
    script.write_text(SCRIPT.format(folder=str(tmp_path), imports=imports, ids=IDS))
    done = subprocess.run(
        [sys.executable, "-P", str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        env={**os.environ, "CI": "true"},
    )
    assert stripped(json.loads(done.stdout)) == serial


def test_another_seed_draws_other_instances(serial):
    other = audited(seed=4)
    assert [claim["verdict"] for claim in other["claims"]] == [claim["verdict"] for claim in serial["claims"]]
    assert other["claims"] != serial["claims"]


def test_settled_constants_are_given_back():
    from hypothesis.internal.conjecture import providers  # noqa: PLC0415

    before = providers._get_local_constants
    with settled_constants():
        assert len(providers._get_local_constants()) == 0
        with settled_constants():
            pass
        assert providers._get_local_constants is not before
    assert providers._get_local_constants is before
    with pytest.raises(ZeroDivisionError), settled_constants():
        raise ZeroDivisionError
    assert providers._get_local_constants is before


def test_a_witness_is_found_even_where_hypothesis_meets_none():
    claim = REGISTRY["L4:sharp"].with_constant("C", sp.Rational(249999, 10**6))
    evaluate = FLOW.sides(claim)
    tally = explore(claim, FLOW, evaluate, CONTEXT)
    assert tally.violations > 0
    smallest, worst = witnesses(claim, FLOW, evaluate, tally, CONTEXT)
    assert 1 < smallest.ratio <= worst.ratio < 1 + 1e-5
    assert FLOW.domain.accepts(smallest.instance)


def test_relation_sides_evaluate_the_claim_itself():
    claim = REGISTRY["SCORE:slope"]
    mu = claim.symbols[0]
    evaluate = relation_sides(claim, lambda i: {mu: i["mu"]})
    left, right = evaluate({"mu": 1.5})
    assert left.overlaps(right)
    assert right == arb(1.25)
