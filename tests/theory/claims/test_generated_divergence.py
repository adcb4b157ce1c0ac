"""Corollary 4.3 of the second paper written again by hand."""

import math

LEFT = {"kl_generated": 0.5, "data_entropy": 1.5}
SIDES = [
    (
        "IT7:printed",
        {**LEFT, "training_loss": 1, "encoder_rate": 0.25, "output_information": 0.49, "proxy": 3},
        0.5,
        -0.5 + 3 * math.sqrt(2) * 1.2,
    ),
    (
        "IT7:repaired",
        {**LEFT, "training_loss": 1, "proxy_below": 3, "encoder_rate": 0.25, "generator_information": 2},
        0.5,
        -0.5 + math.sqrt(18 * 2.25),
    ),
    ("IT7:floor", {**LEFT, "product_loss": 3}, 0.5, 1.5),
    ("IT7:elbo", {**LEFT, "fresh_loss": 3, "encoder_rate": 0.25}, 0.5, 1.75),
]
KINDS = {row[0]: "∀ ≤" for row in SIDES}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS
