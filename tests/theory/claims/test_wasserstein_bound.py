"""Corollary 4.2 of the second paper written again by hand."""

import math

LEFT = {"transport_mean": 0.5, "training_loss": 0.125}
PRINTED = {"encoder_rate": 0.25, "output_information": 0.49}
SIDES = [
    ("IT6:printed", {**LEFT, **PRINTED, "proxy": 3}, 0.5, 0.125 + 3 * math.sqrt(2) * 1.2),
    ("IT6:marginal", {**LEFT, **PRINTED, "proxy_marginal": 3}, 0.5, 0.125 + 3 * math.sqrt(2) * 1.2),
    (
        "IT6:repaired",
        {**LEFT, "proxy_below": 3, "encoder_rate": 0.25, "generator_information": 2},
        0.5,
        0.125 + math.sqrt(18 * 2.25),
    ),
    ("IT6:floor", {"point_distance": 0.5, "product_loss": 0.75}, 0.5, 0.75),
    ("IT6:talagrand", {"transport_square": 0.5, "kl_laws": 2}, 0.5, 2),
]
KINDS = {row[0]: "∀ ≤" for row in SIDES}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS
