"""A sharp constant is certified within a millionth, another is not, and one that is too small is refuted."""

import dataclasses
import json
import math

import pytest
import sympy as sp
from flint import arb

from theory.claims import REGISTRY
from verify.balls.certificates import ENGINES, Box, Certificate
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.sharpness import WITHIN, Sharpness
from verify.evidence.verdict import Verdict
from verify.models.spectral_flows import EXPERIMENT as FLOW
from verify.plans import PLANS

QUICK = BUDGETS["quick"]
CONTEXT = Context(budget=QUICK)
CONSTANTS = {
    "L4:sharp": 0.25,
    "L4:repaired-A": 0.25,
    "L4:sharp-minimiser": 1 / (4 * math.e),
    "L5:sharp": 0.81452875518,
    "L5:repaired-scaled": 0.81452875518,
    "L5:comparator-sharp": 1.0,
}


def sharpness(claim_id):
    return next(method for method in PLANS[claim_id].methods if isinstance(method, Sharpness))


@pytest.mark.parametrize("claim_id", CONSTANTS)
def test_a_sharp_constant_is_certified_from_below_within_a_millionth(claim_id):
    method = sharpness(claim_id)
    constant = REGISTRY[claim_id].constants[method.constant].value
    evidence = method.run(REGISTRY[claim_id], CONTEXT)
    assert float(constant) == pytest.approx(CONSTANTS[claim_id], rel=1e-10)
    assert evidence.verdict is Verdict.CERTIFIED
    assert evidence.about == "constant"
    assert sp.Rational(1, 10**6) >= WITHIN
    assert 1 - 1e-6 <= evidence.worst_ratio <= 1 + 1e-15


@pytest.mark.parametrize(
    ("claim_id", "slack"),
    [
        ("L4:sharp", sp.Rational(26, 100)),
        ("L4:sharp-minimiser", sp.Rational(92, 1000)),
        ("L5:sharp", sp.Rational(8146, 10000)),
        ("L4:repaired-A", sp.Rational(26, 100)),
        ("L5:comparator-sharp", sp.Integer(2)),
    ],
)
def test_a_constant_that_could_be_smaller_is_not_certified_as_sharp(claim_id, slack):
    method = sharpness(claim_id)
    assert method.run(REGISTRY[claim_id].with_constant(method.constant, slack), CONTEXT).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("claim_id", CONSTANTS)
def test_a_constant_that_is_too_small_is_refuted_at_the_extremal_instance(claim_id):
    method = sharpness(claim_id)
    value = REGISTRY[claim_id].constants[method.constant].value
    small = REGISTRY[claim_id].with_constant(method.constant, value * (1 - sp.Rational(1, 10**5)))
    evidence = method.run(small, CONTEXT)
    assert evidence.verdict is Verdict.REFUTED
    assert FLOW.domain.accepts(evidence.smallest.instance)


ALL = [
    (claim_id, method) for claim_id, plan in PLANS.items() for method in plan.methods if isinstance(method, Sharpness)
]


@pytest.mark.parametrize(("claim_id", "method"), ALL, ids=[item[0] for item in ALL])
def test_the_certificate_of_a_sharp_constant_is_kept_and_both_engines_verify_it(claim_id, method):
    claim = REGISTRY[claim_id]
    evidence = method.run(claim, CONTEXT)
    assert evidence.verdict is Verdict.CERTIFIED
    assert "re-checked by mpmath: 1 of 1 cell" in evidence.summary
    (kept,) = json.loads(json.dumps(evidence.to_dict(), allow_nan=False))["details"]["goals"].values()
    certificate = Certificate.from_dict(kept)
    assert certificate == method.certificate(claim)
    assert certificate.strict
    assert [certificate.verify(engine) for engine in ENGINES] == [True, True]
    ends = list(certificate.box.sides.values())
    assert all(high - low <= sp.Rational(1, 10**30) * max(1, abs(high)) for low, high in ends)


@pytest.mark.parametrize(("claim_id", "method"), ALL, ids=[item[0] for item in ALL])
def test_a_corrupted_certificate_of_a_sharp_constant_is_rejected_by_both_engines(claim_id, method):
    certificate = method.certificate(REGISTRY[claim_id])
    claim = REGISTRY[claim_id]
    full = method.experiment.sides(claim)
    integers = {symbol: value for symbol, value in full.measure(method.instance).items() if symbol.is_integer}
    difference = (full.left - full.right).subs(
        {symbol: sp.Integer(int(float(arb(x)))) for symbol, x in integers.items()}
    )
    moved = {symbol: (low + 1, high + 1) for symbol, (low, high) in certificate.box.sides.items()}
    symbol = min(certificate.box.sides, key=str, default=None)
    changes = [
        {"expr": difference},  # with the constant itself the left side is not larger
        {"expr": -certificate.expr},
        {"tree": ()},
        {"tree": ("natural", "natural"), "cells": 2, "methods": {"natural": 2}},
        {"cells": 2},
        {"outcome": "violated"},
    ]
    if symbol is not None:
        others = {**certificate.box.sides, symbol: (sp.S.Zero, moved[symbol][1] * 4)}
        changes.append({"box": Box(others)})
    for change in changes:
        wrong = dataclasses.replace(certificate, **change)
        assert [wrong.verify(engine) for engine in ENGINES] == [False, False], change


def test_an_experiment_that_measures_no_symbols_has_no_certificate():
    method = sharpness("L5:sharp")
    blind = dataclasses.replace(method.experiment, sides=lambda claim: lambda instance: (arb(1), arb(2)))
    with pytest.raises(ValueError, match="must measure the symbols"):
        dataclasses.replace(method, experiment=blind).certificate(REGISTRY["L5:sharp"])
