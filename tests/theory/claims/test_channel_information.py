"""The information of the forward process written again by hand."""

import math

A = math.exp(-1)
V = 1 - A
SLOPE = {"information_slope": -1, "T": 0.5}
SIDES = [
    ("IT4:slope", {**SLOPE, "d": 3, "fisher_end": 2}, -1, 2 - 3 / V),
    ("IT4:mmse", {**SLOPE, "mmse": 2}, -1, -2 * A / V**2),
    ("IT4:decreasing", {"information_law": 0.25, "information_early": 0.5}, 0.25, 0.5),
    ("IT4:losses", {"denoising_law": 3, "explicit_law": 1, "information_early": 0.5, "information_law": 0.25}, 2, 0.25),
    (
        "IT4:losses-data",
        {"denoising_hat": 3, "explicit_hat": 1, "information_hat": 0.5, "information_data": 0.25},
        2,
        0.25,
    ),
    ("IT4:below", {"pair_eighth": 0.25, "information_data": 0.5}, 0.25, 0.5),
    ("IT4:above", {"pair_half": 0.75, "information_data": 0.5}, 0.5, 0.75),
    ("IT4:largest", {"information_data": 0.5, "n": 7}, 0.5, math.log(7)),
    ("IT4:data", {"mean_information_data": 0.5, "information_law": 0.75, "excess_data": 0.125}, 0.5, 0.625),
]
INEQUALITIES = {"IT4:decreasing", "IT4:below", "IT4:above", "IT4:largest"}
KINDS = {row[0]: "∀ ≤" if row[0] in INEQUALITIES else "∀ =" for row in SIDES}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_a_batch_of_128_caps_the_information():
    assert round(math.log(128), 3) == 4.852
