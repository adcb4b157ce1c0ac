"""A calibration says nothing of the claim, and an instrument that is off is a fault of the audit."""

import math

import pytest

from theory.claims import REGISTRY
from verify.audit.engine import check
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.calibration import Calibration, Instrument, MiscalibratedError, Reading, calibrate
from verify.evidence.plan import Plan, run_method
from verify.evidence.verdict import Verdict, headline

CONTEXT = Context(budget=BUDGETS["quick"])
CLAIM = REGISTRY["L4:sharp"]


def calibration(measured, exact=1.0, error=1e-12):
    def readings():
        yield Reading(at="one", measured=measured, exact=exact, error=error)

    return Calibration(instruments=(Instrument(name="the ruler", readings=readings),))


def test_readings_within_their_errors_are_counted_and_speak_for_no_claim():
    found = calibration([1.0, 1.0 + 1e-13]).run(CLAIM, CONTEXT)
    assert found.details["instruments"] == ["the ruler"]
    assert "2 readings of 1 instruments" in found.summary
    assert headline([found]) is Verdict.UNDECIDED


@pytest.mark.parametrize("measured", [1.1, math.nan, math.inf, [1.0, 0.9]])
def test_an_instrument_that_is_off_is_named_with_the_place(measured):
    with pytest.raises(MiscalibratedError, match="the ruler is off at one: "):
        calibration(measured).run(CLAIM, CONTEXT)
    found = run_method(calibration(measured), CLAIM, CONTEXT)
    assert found.verdict is Verdict.UNDECIDED
    assert "the ruler is off" in found.summary
    assert found.error is not None


def test_infinity_is_exact_where_it_is_expected():
    assert Reading(at="far", measured=math.inf, exact=math.inf, error=0.0).check("x") == 1


def test_an_instrument_that_is_off_fails_the_audit_of_a_refuted_claim_too():
    good, bad = (
        check(CLAIM, Plan(claim=CLAIM.id, expected=Verdict.REFUTED, methods=(calibration(value),)), mutants=False)
        for value in (1.0, 2.0)
    )
    assert not any("the ruler" in text for text in good.faults)
    assert any("the ruler is off at one" in text for text in bad.faults)


def test_an_instrument_is_read_once():
    count = []

    def readings():
        count.append(1)
        yield Reading(at="one", measured=1.0, exact=1.0, error=0.0)

    instrument = Instrument(name="counted", readings=readings)
    assert [calibrate(instrument), calibrate(instrument)] == [1, 1]
    assert count == [1]
