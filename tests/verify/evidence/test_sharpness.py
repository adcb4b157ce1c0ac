"""A sharp constant is certified within a millionth, another is not, and one that is too small is refuted."""

import math

import pytest
import sympy as sp

from theory.claims import REGISTRY
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
