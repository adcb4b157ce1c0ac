"""Evidence from certificates: the weakest one decides, and every one can be verified again from the evidence's JSON."""

import json
import math

import pytest
import sympy as sp
from sympy import Rational, exp, oo, tanh

from verify.balls.certificates import Box, Certificate, certify_nonnegative
from verify.evidence.certify import certificate_evidence
from verify.evidence.verdict import Verdict

U = sp.Symbol("u", nonnegative=True)
Y = sp.Symbol("y", real=True)


def test_evidence_carries_the_weakest_certificate():
    kappa = certify_nonnegative(
        Rational(81452875518, 10**11) * U - (1 - exp(-2 * U)) ** 2, Box({U: (0, oo)}), touching=[{U: 0}]
    )
    certificates = {"kappa": kappa, "tanh": certify_nonnegative(U - tanh(U), Box({U: (0, oo)}), touching=[{U: 0}])}
    good = certificate_evidence(certificates, seconds=0.5)
    assert good.verdict is Verdict.CERTIFIED
    assert "u in [0, ∞)" in good.summary
    assert any("Taylor" in theorem for theorem in good.rests_on)
    plane = (1 + U) * Y**2 - 2 * Y + 1 - U * exp(-U)
    undecided = certify_nonnegative(plane, Box({U: (0, 20), Y: (-5, 5)}), max_cells=20)
    assert certificate_evidence({**certificates, "plane": undecided}).verdict is Verdict.UNDECIDED
    false = certify_nonnegative(tanh(U) - U, Box({U: (0, 1)}))
    bad = certificate_evidence({**certificates, "plane": undecided, "false": false})
    assert bad.verdict is Verdict.REFUTED
    assert bad.worst.right == false.value_at_witness < 0
    assert bad.worst.instance["goal"] == "false"
    for item in (good, bad):
        back = json.loads(json.dumps(item.to_dict(), allow_nan=False))
        assert Certificate.from_dict(back["details"]["goals"]["kappa"]).verify()
    with pytest.raises(ValueError, match="goals"):
        certificate_evidence({})


def test_only_a_violated_certificate_has_a_value_at_its_witness():
    assert math.isnan(certify_nonnegative(U, Box({U: (0, 1)})).value_at_witness)
    assert certify_nonnegative(sp.Integer(-2), Box({})).value_at_witness == -2
