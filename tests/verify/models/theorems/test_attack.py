"""Every theorem holds in its numeric model, and fails there when it is 1 % stronger or lacks a hypothesis."""

from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp

from theory.theorems import THEOREMS
from theory.theorems.places import bound
from theory.vocabulary.statements import Fact, at_most
from verify.audit.theorems import PAGE, model_line
from verify.models.theorems import MODELS
from verify.models.theorems.attack import attack

TEXT = (Path(__file__).resolve().parents[4] / PAGE).read_text(encoding="utf-8")


def test_every_theorem_has_a_model_and_every_model_a_theorem():
    assert [name for name in THEOREMS if name not in MODELS] == []
    assert [name for name in MODELS if name not in THEOREMS] == []


@pytest.mark.parametrize("name", MODELS)
def test_the_theorem_holds_and_what_is_stronger_is_refuted(name):
    finding = attack(THEOREMS[name], MODELS[name])
    assert finding.faults == ()
    assert f"\n### {name}\n" in TEXT
    assert model_line(finding) in TEXT.split(f"\n### {name}\n")[1].split("\n###")[0], "scoregap list --theorems --write"


def attacked(name, **changes):
    return attack(replace(THEOREMS[name], **changes), MODELS[name])


def test_a_false_theorem_is_seen_by_an_instance():
    says = THEOREMS["Rayleigh–Ritz"].says
    finding = attacked("Rayleigh–Ritz", says=at_most(says.left, says.right / 2))
    assert finding.false
    assert "is false at" in finding.faults[0]


def test_a_theorem_with_room_is_not_sharp():
    says = THEOREMS["Rayleigh–Ritz"].says
    finding = attacked("Rayleigh–Ritz", says=at_most(says.left, 2 * says.right))
    assert finding.false == ()
    assert finding.faults == ("is refuted by no instance as right side: × 0.99",)


def test_a_failure_that_is_halved_is_seen():
    finding = attacked("Chebyshev", failure=THEOREMS["Chebyshev"].failure / 2)
    assert finding.false


def test_a_union_bound_that_forgets_to_add_is_seen():
    theorem = THEOREMS["union over coordinates"]
    (_, each) = theorem.given
    assert attacked("union over coordinates", failure=each.failure).false


def test_a_theorem_that_lost_a_hypothesis_is_seen():
    for name in ("one vector moves the mean", "bounded differences", "independent coordinates"):
        given = THEOREMS[name].given
        assert any(attacked(name, given=(*given[:k], *given[k + 1 :])).false for k in range(len(given))), name


def test_a_hypothesis_that_nothing_meets_is_a_fault():
    theorem = THEOREMS["one vector moves the mean"]
    finding = attacked("one vector moves the mean", given=(Fact("bounded", (theorem.takes[0], -1 - bound)),))
    assert finding.met == 0
    assert "met no instance of its model" in finding.faults


def test_a_fact_with_a_smaller_number_is_seen():
    says = THEOREMS["one vector moves the mean"].says
    smaller = Fact(says.name, (*says.args[:2], sp.Rational(9, 10) * says.args[2]))
    assert attacked("one vector moves the mean", says=smaller).false


def test_a_loose_constant_is_told_and_is_loose():
    loose = [name for name, model in MODELS.items() if model.loose]
    named = ["no score knows no data", "maximal inequality", "maximal inequality with a shared coordinate"]
    assert loose == named
    assert all(not attack(THEOREMS[name], MODELS[name]).sharp for name in loose)
