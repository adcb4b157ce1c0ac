"""Every instrument reads what is exact, and tells when it does not; every family that measures has its instruments."""

from importlib import import_module

import pytest

from tests.faults.reach import imports, trees
from verify.evidence.calibration import Calibration, MiscalibratedError, Reading, calibrate
from verify.models.instruments import RELIED_ON, instruments_of
from verify.plans import PLANS

INSTRUMENTS = {item.name: item for family in RELIED_ON for item in instruments_of(family)}
MEASURING = ("numerics.densities", "numerics.mixtures", "numerics.networks.training", "numerics.per_datum",
             "numerics.random_features", "numerics.reverse.sde_density", "numerics.statistics.montecarlo")  # fmt: skip


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_reads_what_is_exact(name):
    assert calibrate(INSTRUMENTS[name]) > 10


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_readings_are_told_apart_and_one_that_is_off_is_refused(name):
    first = next(iter(INSTRUMENTS[name].readings()))
    off = Reading(at=first.at, measured=first.measured, exact=1.1 * first.exact + 1.0, error=first.error)
    with pytest.raises(MiscalibratedError, match=f"{name} is off at "):
        off.check(name)


def test_every_family_that_measures_with_numerics_has_instruments():
    for family in {name.split(".")[2] for name in trees() if name.startswith("verify.plans.") and "._" not in name}:
        if any(name.startswith(MEASURING) for name in _measures(family)):
            assert family in RELIED_ON, f"verify/plans/{family} measures with numerics: name its instruments"


def _measures(family):
    """The modules of numerics that a family's plans and their models import."""
    seen, waiting = set(), [name for name in trees() if name.startswith(f"verify.plans.{family}")]
    while waiting:
        name = waiting.pop()
        if name not in seen and not name.startswith("verify.models.instruments"):
            seen.add(name)
            inner = ("verify.models.", "verify.bound.", f"verify.plans.{family}.")
            waiting += [other for other in imports().get(name, ()) if other.startswith(inner)]
    return {other for name in seen for other in imports().get(name, ()) if other.startswith("numerics.")}


def test_a_plan_of_such_a_family_ends_with_its_calibration():
    for claim_id, family in (("L1:repaired", "lemma_1"), ("RELU:product", "relu"), ("FIG-3:fall", "figure_3")):
        assert PLANS[claim_id].methods[-1] == Calibration(instruments=instruments_of(family))
    assert not isinstance(PLANS["L7:printed"].methods[-1], Calibration)


def test_a_name_that_no_file_has_is_an_error():
    with pytest.raises(AttributeError):
        getattr(import_module("verify.models.instruments.statistics"), "NOTHING")  # noqa: B009
