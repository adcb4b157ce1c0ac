"""Measured evidence: violations beyond the error only, a number on both sides or no pass, lost models counted."""

import math

import numpy as np
import pytest

from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.measured import Measured, compare
from verify.evidence.verdict import Verdict

CONTEXT = Context(budget=BUDGETS["quick"])
CLAIM = REGISTRY["L4:sharp"]  # loss_tau − loss_comparator <= distance_initial²/(4 tau)
HOLDS = {"loss_tau": [1.0, 0.5], "loss_comparator": 0.5, "distance_initial": 2.0, "tau": [1.0, 2.0], "m": 3}
FAILS = {**HOLDS, "loss_tau": [1.6, 2.5]}  # 1.1 <= 1, 2 <= 0.5
OVERFLOWS = {**HOLDS, "distance_initial": [2.0, 1e200]}


def run(*models, error=0.0, **fields):
    def measure(_claim, index, _seed):
        if isinstance(models[index], Exception):
            raise models[index]
        return models[index], {"place": index}

    return Measured(measure=measure, error=error, count=lambda _models: len(models), **fields).run(CLAIM, CONTEXT)


def test_both_sides_are_compared_at_every_time():
    found = compare(CLAIM, FAILS, error=0.0)
    assert found.left == pytest.approx([1.1, 2.0])
    assert found.right == pytest.approx([1.0, 0.5])
    assert found.ratios == pytest.approx([1.1, 4.0])
    assert (found.violated, found.worst) == (True, 1)
    # 0.1 of each term's size: 1.6 + 0.5 + 1 and 2.5 + 0.5 + 0.5
    assert compare(CLAIM, FAILS, error=0.1).slack == pytest.approx([0.31, 0.35])


def test_the_ratio_of_a_side_below_zero_is_zero_and_that_to_zero_is_infinite():
    found = compare(CLAIM, {**HOLDS, "loss_tau": [0.2, 0.6], "distance_initial": 0.0}, error=0.0)
    assert found.ratios == [0.0, math.inf]
    assert found.wrong.tolist() == [False, True]


def test_models_that_hold_are_searched_and_one_that_does_not_refutes():
    evidence = run(HOLDS, HOLDS)
    assert evidence.verdict is Verdict.SEARCHED
    assert evidence.worst_ratio == pytest.approx(0.5)
    evidence = run(HOLDS, FAILS, {**FAILS, "loss_tau": [9.0, 9.0]})
    assert evidence.verdict is Verdict.REFUTED
    assert dict(evidence.smallest.instance) == {"place": 1, "model": 1, "tau": 2.0}
    assert (evidence.smallest.left, evidence.smallest.right) == (2.0, 0.5)
    assert evidence.worst_ratio == pytest.approx(17.0)


def test_a_violation_within_the_error_is_none():
    assert run(FAILS, error=0.5).verdict is Verdict.SEARCHED
    assert run(FAILS, error=0.4).verdict is Verdict.REFUTED  # 2 > 0.5 + 0.4 · 3.5


def test_a_side_without_a_number_is_never_a_pass_and_hides_no_violation():
    evidence = run(HOLDS, OVERFLOWS, HOLDS)
    assert evidence.verdict is Verdict.UNDECIDED
    assert "{'place': 1}" in evidence.summary
    assert evidence.details["undefined"] == 1
    assert run(OVERFLOWS, FAILS).verdict is Verdict.REFUTED


def test_models_without_a_measurement_are_counted_where_that_is_foreseen_and_else_an_error():
    lost = ArithmeticError("escaped")
    evidence = run(HOLDS, lost, lacking="density")
    assert evidence.verdict is Verdict.SEARCHED
    assert evidence.summary.endswith("1 without a density")
    assert run(HOLDS, lost, lost, lacking="density").verdict is Verdict.UNDECIDED
    assert run(FAILS, lost, lost, lacking="density").verdict is Verdict.REFUTED
    with pytest.raises(ArithmeticError, match="escaped"):
        run(HOLDS, lost)


def test_no_model_is_no_evidence():
    evidence = run()
    assert evidence.verdict is Verdict.UNDECIDED
    assert evidence.worst_ratio is None


def test_every_model_has_a_stream_of_its_own():
    states = []

    def measure(_claim, _index, seed):
        states.append(seed.generate_state(1)[0])
        return HOLDS, {}

    Measured(measure=measure, error=0.0).run(CLAIM, CONTEXT)
    assert len(np.unique(states)) == CONTEXT.budget.models
