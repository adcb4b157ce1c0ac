"""The comparison of Theorem 1 with trained models: seeds, densities that are lost, violations."""

import math
from dataclasses import replace

import pytest

from theory import claims
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.verdict import Verdict
from verify.models import theorem_1_chains
from verify.models.theorem_1_chains import Chain
from verify.models.theorem_1_models import Model

CONTEXT = Context(budget=replace(BUDGETS["quick"], models=2))
SMALL = Model(
    sde="ou",
    horizon=1.0,
    width=2,
    edges=(-1.0, 0.25, 1.0),
    masses=(0.5, 0.5),
    count=20,
    comparator="minimiser",
    tau=(0.5, 50.0),
    seed=4,
)


def test_the_same_seed_gives_the_same_evidence_in_any_order():
    def run(*names):
        theorem_1_chains._measured.cache_clear()
        theorem_1_chains._kept.cache_clear()
        chain = Chain(special=(SMALL,))
        return {name: replace(chain.run(claims[name], CONTEXT.at(name)), seconds=0.0) for name in names}

    first, second = run("T1:loss", "T1:concentration-B"), run("T1:concentration-B", "T1:loss")
    assert first == second
    other = Chain(special=(SMALL,)).run(claims["T1:loss"], replace(CONTEXT, seed=1))
    assert other.details["ratios"] != first["T1:loss"].details["ratios"]


def test_densities_that_cannot_be_resolved_are_counted_and_never_pass(monkeypatch):
    monkeypatch.setattr(Model, "learned", lambda *_: (math.nan, math.nan))
    model = replace(SMALL, seed=11)
    evidence = Chain(special=(model,), divergence=True).run(
        claims["T1:repaired"], replace(CONTEXT, budget=replace(CONTEXT.budget, models=0))
    )
    assert evidence.verdict is Verdict.UNDECIDED
    assert evidence.details["undefined"] == 2


def test_one_density_that_is_lost_leaves_the_others(monkeypatch):
    answers = iter([(math.nan, math.nan), (1e9, 0.0)])
    monkeypatch.setattr(Model, "learned", lambda *_: next(answers))
    chain = Chain(special=(), divergence=True)
    outcome = chain._compare(claims["T1:repaired"], replace(SMALL, seed=12), CONTEXT)
    assert outcome.undefined == 1
    assert outcome.violated
    assert outcome.at.tolist() == [1]
    assert outcome.witness(SMALL).instance["tau"] == SMALL.tau[1]


@pytest.mark.parametrize(("wrong", "verdict"), [((True,) * 4, "REFUTED"), ((True,) * 3 + (False,), "SEARCHED")])
def test_a_violation_counts_when_every_further_sample_violates(monkeypatch, wrong, verdict):
    answers = iter([(1e9, 0.0) if bad else (0.0, 0.0) for bad in wrong])
    monkeypatch.setattr(Model, "learned", lambda *_: next(answers))
    model = replace(SMALL, tau=(0.5,), seed=20 + len(verdict))
    evidence = Chain(special=(model,), divergence=True).run(
        claims["T1:repaired"], replace(CONTEXT, budget=replace(CONTEXT.budget, models=0))
    )
    assert evidence.verdict is Verdict(verdict)
    assert next(answers, None) is None
