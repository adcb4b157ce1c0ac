"""Instances beyond a claim's conditions tell which of them it needs."""

from dataclasses import replace

import pytest
import sympy as sp

from theory.claims import REGISTRY
from verify.evidence.conditions import check_beyond, violated
from verify.plans import PLANS


def beyond(claim_id, change):
    """Visit what lies beyond the conditions of a claim with changed hypotheses."""
    claim = REGISTRY[claim_id]
    changed = replace(claim, mutants=(), hypotheses=tuple(change(list(claim.hypotheses))))
    experiment = next(iter(PLANS[claim_id].experiments.values()))
    check_beyond(changed, experiment, experiment.sides(changed))


def without(name):
    return lambda stated: [h for h in stated if h.name != name]


def widened(stated):
    return [replace(h, greater=10 * h.greater) if h.checked else h for h in stated]


NEEDED = [
    ("EQ-7:posterior", "positive-time"),
    ("EQ-7:stein", "feature"),
    ("EQ-7:unbiased-dsm", "positive-time"),
    ("EQ-7:unbiased-sm", "feature"),
    ("EQ-7:empirical-gap", "positive-time"),
    ("EQ-7:empirical-gap", "feature"),
    ("RELU:arc-cosine", "angle"),
    ("IT13:branch", "solution"),
]


@pytest.mark.parametrize(("claim_id", "name"), NEEDED)
def test_a_claim_without_a_condition_that_it_needs_is_found_out(claim_id, name):
    beyond(claim_id, lambda stated: stated)
    with pytest.raises(ValueError, match=f"hypotheses of {claim_id} allow .* where it fails: state what excludes it"):
        beyond(claim_id, without(name))


def test_a_condition_that_is_widened_is_found_out():
    with pytest.raises(ValueError, match=r"RELU:arc-cosine allow .*'angle': 3\.2"):
        beyond("RELU:arc-cosine", widened)


def test_a_condition_that_is_not_needed_is_found_out():
    with pytest.raises(ValueError, match=r"'positive-time' of EQ-7:unbiased-sm .* is not needed .*: leave it out"):
        beyond("EQ-7:unbiased-sm", lambda stated: [REGISTRY["EQ-7:unbiased-dsm"].hypotheses[0], *stated])


def test_a_condition_that_no_instance_violates_is_found_out():
    narrow = replace(REGISTRY["RELU:arc-cosine"].hypotheses[1], name="small", greater=sp.Integer(100))
    with pytest.raises(ValueError, match=r"no instance of sphere violates the hypothesis 'small'.*add one to beyond="):
        beyond("RELU:arc-cosine", lambda stated: [*stated, narrow])


def test_every_condition_of_a_claim_that_is_not_derived_is_violated_alone_by_an_instance():
    missing = []
    for claim in REGISTRY.values():
        stated = {h.name for h in claim.hypotheses if h.checked}
        if not stated or str(PLANS[claim.id].expected) in ("PROVED", "REFUTED"):
            continue
        tried = [violated(claim, i) for e in PLANS[claim.id].experiments.values() for i in e.beyond]
        missing += [(claim.id, name) for name in stated - {h.name for found in tried if len(found) == 1 for h in found}]
    assert missing == []
