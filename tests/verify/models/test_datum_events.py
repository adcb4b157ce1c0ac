"""Exact probabilities of deviations notice a measured scatter or range that is half of what it should be."""

import dataclasses
from types import MappingProxyType

import pytest

from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.verdict import Verdict
from verify.models.datum_events import CELLS, MODES, DatumEvents

CONTEXT = Context(budget=BUDGETS["quick"])
CASES = [
    *((f"T1:concentration-{part}", CELLS, f"{kind}_{part}") for part in "BG" for kind in "SK"),
    *((f"T2:concentration-{part}", MODES, f"S_{part}") for part in "BG"),
]


def halved(model, name):
    made = dataclasses.replace(model, seed=model.seed)
    made.__dict__["granted"] = MappingProxyType({**model.granted, name: model.granted[name] / 2})
    return made


@pytest.mark.parametrize(("claim_id", "model", "name"), CASES)
def test_half_of_what_is_measured_is_refuted(claim_id, model, name):
    claim = REGISTRY[claim_id]
    assert DatumEvents(model=model).run(claim, CONTEXT).verdict is Verdict.SEARCHED
    evidence = DatumEvents(model=halved(model, name)).run(claim, CONTEXT)
    assert evidence.verdict is Verdict.REFUTED
    assert evidence.smallest is not None
    assert evidence.smallest.ratio > 1
