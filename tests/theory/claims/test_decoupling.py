"""The decoupling lemma written again by hand, and its constants against definitions."""

import math

import numpy as np
import pytest

from theory import claims

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
ROOT = math.sqrt(2 * 9 * 0.25)
SIDES = [
    ("IT1:printed", {"mean_difference": 0.5, "proxy": 3, "kl_laws": 0.25}, 0.5, ROOT),
    ("IT1:first-law", {"mean_difference": 0.5, "proxy_first": 3, "kl_laws": 0.25}, 0.5, ROOT),
    ("IT1:one-sided", {"mean_drop": -0.5, "cumulant_below": 0.3, "kl_laws": 0.25, "tilt": 2}, -0.5, 0.275),
    ("IT1:below", {"mean_drop": -0.5, "proxy_below": 3, "kl_laws": 0.25}, -0.5, ROOT),
    ("IT1:lower", {"mean_drop": 0.5, "lower_square": 9, "kl_laws": 0.25}, 0.5, ROOT),
    ("IT1:quadratic", {"mean_drop": 0.5, "variance_second": 9, "kl_laws": 0.25}, 0.5, ROOT),
    ("IT1:log-loss", {"cumulant_above": 0.5, "tilt": 2, "variance_second": 3}, 0.5, 6.0),
    ("IT1:bernoulli", {"cumulant_above": 0.5, "tilt": 2, "chance": 0.1}, 0.5, 2 * 0.8 / (2 * math.log(9))),
]
KINDS = {row[0]: "≲ ∀ ≤" if row[0] == "IT1:log-loss" else "∀ ≤" for row in SIDES}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_what_is_reconstructed_is_said_in_its_source(family):
    printed = [claim for claim in family.claims if claim.source.paper == "CZS"]
    assert [claim.id for claim in printed] == ["IT1:printed"]
    assert "reconstructed" in printed[0].source.place


@pytest.mark.parametrize("p", [0.01, 0.2, 0.45])
def test_the_bernoulli_constant_is_the_supremum_of_the_cumulant(p):
    tilts = np.linspace(-30, 30, 400_001)
    tilts = tilts[np.abs(tilts) > 1e-3]
    found = np.max(2 * (np.log1p(p * np.expm1(tilts)) - tilts * p) / tilts**2)
    bound = claims["IT1:bernoulli"].evaluate(chance=p, tilt=1.0).right
    assert 2 * float(bound) == pytest.approx(found, rel=1e-8)  # the grid's step, squared
