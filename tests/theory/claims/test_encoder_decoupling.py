"""Theorem 4.1 of the second paper written again by hand."""

import math

GAP = {"generation_gap": 0.5}
ROOT = math.sqrt(2 * 9 * 2.25)
SIDES = [
    (
        "IT5:printed",
        {**GAP, "proxy": 3, "encoder_rate": 0.25, "output_information": 0.49},
        0.5,
        3 * math.sqrt(2) * (0.5 + 0.7),
    ),
    ("IT5:repaired", {**GAP, "proxy_below": 3, "encoder_rate": 0.25, "generator_information": 2}, 0.5, ROOT),
    ("IT5:output", {**GAP, "proxy_below": 3, "encoder_rate": 0.25, "output_excess": 2}, 0.5, ROOT),
    (
        "IT5:one-sided",
        {**GAP, "tilt": 2, "cumulant_below": 0.5, "encoder_rate": 0.25, "generator_information": 2},
        0.5,
        1.375,
    ),
]
KINDS = {row[0]: "∀ ≤" for row in SIDES}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_what_is_reconstructed_is_said_in_its_source(family):
    assert all("reconstructed" in c.source.place for c in family.claims if c.source.paper == "CZS")
