"""Closed forms that are wrong in one place are refuted by the equations of the moments, whatever else is right."""

import dataclasses

import pytest

from theory.claims import REGISTRY
from theory.kernel import Transition, transition
from theory.sde import SubVariancePreserving, VarianceExploding
from theory.symbols import t
from verify.models import moment_equations
from verify.models.moment_equations import COMPOSED, INTEGRATED, SQUARED_SCORES


def corrupted(sde, **parts):
    for name, value in parts.items():
        object.__setattr__(sde, name, value)
    return sde


def violated(claim_id, experiment):
    claim = REGISTRY[claim_id]
    sides = experiment.sides(claim)
    return [at for at in experiment.extremal if experiment.outcome(claim, sides, at).violated]


@pytest.mark.parametrize(
    ("claim_id", "experiment"),
    [
        ("EQ-8:mean", INTEGRATED),
        ("EQ-8:variance", INTEGRATED),
        ("EQ-8:composition", COMPOSED),
        *((f"EQ-6:{variant}", SQUARED_SCORES) for variant in ("norm", "song-weight", "printed-weight")),
    ],
)
def test_every_closed_form_fulfils_its_equation(claim_id, experiment):
    assert violated(claim_id, experiment) == []


@pytest.mark.parametrize(("claim_id", "experiment"), [("EQ-8:variance", INTEGRATED), ("EQ-6:norm", SQUARED_SCORES)])
def test_a_variance_for_the_standard_deviation_is_refuted(claim_id, experiment, monkeypatch):
    sde = SubVariancePreserving(1, 20)
    monkeypatch.setitem(moment_equations.FAMILIES, "sub-vp", corrupted(sde, std=sde.variance))
    assert {at["sde"] for at in violated(claim_id, experiment)} == {"sub-vp"}


def test_a_variance_that_does_not_start_at_0_is_refuted(monkeypatch):
    sde = VarianceExploding(25)
    monkeypatch.setitem(moment_equations.FAMILIES, "ve", corrupted(sde, variance=sde.variance + 1))
    assert {(at["sde"], at["form"]) for at in violated("EQ-8:variance", INTEGRATED)} >= {("ve", "variance")}


def test_a_transition_that_carries_over_the_scale_unsquared_is_refuted(monkeypatch):
    def wrong(sde, earlier=0, later=t):
        right = transition(sde, earlier=earlier, later=later)
        start = sde.at(earlier).variance
        return Transition(
            mean_scale=right.mean_scale, variance=right.variance + (right.mean_scale**2 - right.mean_scale) * start
        )

    monkeypatch.setattr(moment_equations, "transition", wrong)
    assert {at["sde"] for at in violated("EQ-8:composition", COMPOSED)} == {"ou", "growing", "vp", "sub-vp"}


@pytest.mark.parametrize("claim_id", ["EQ-8:mean", "EQ-8:variance"])
def test_every_mutant_of_an_equation_is_refuted(claim_id):
    claim = REGISTRY[claim_id]
    for mutant in claim.mutants:
        wrong = mutant.apply(claim)
        sides = INTEGRATED.sides(wrong)
        assert any(INTEGRATED.outcome(wrong, sides, at).violated for at in INTEGRATED.extremal), mutant.name


def test_a_doubled_left_side_is_no_longer_the_code_s():
    claim = REGISTRY["EQ-6:norm"]
    wrong = dataclasses.replace(claim, relation=dataclasses.replace(claim.relation, lhs={"twice": 2 * claim.left()}))
    sides = SQUARED_SCORES.sides(wrong)
    assert all(SQUARED_SCORES.outcome(wrong, sides, at).violated for at in SQUARED_SCORES.extremal)
