"""Every theorem holds in its numeric model, and fails there when it is 1 % stronger or lacks a hypothesis."""

import pytest

from theory.theorems import THEOREMS
from verify.models.theorems import MODELS
from verify.models.theorems.attack import attack


@pytest.mark.parametrize("name", MODELS)
def test_the_theorem_holds_and_what_is_stronger_is_refuted(name):
    finding = attack(THEOREMS[name], MODELS[name])
    assert finding.faults == ()
