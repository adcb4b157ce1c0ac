"""The prior term written again by hand in plain floating-point mathematics."""

import math

import numpy as np

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
DECAY = 1 - math.exp(-6)
V = 1 + (0.5 - 1) * math.exp(-6)
GAUSS = {"T": 3.0, "d": 4, "mean_initial": 2.0, "variance_initial": 0.5}
SIDES = [
    ("PRIOR:exact", {**GAUSS, "kl_prior": 0.5}, 0.5, 2 * math.exp(-6) + 2 * (V - 1 - math.log(V))),
    ("PRIOR:gaussian", {"T": 3.0, "kl_data": 2.0, "kl_prior": 0.5}, 0.5, 2 * math.exp(-6)),
    ("PRIOR:sharp", {"T": 3.0, "kl_data": 2.0, "kl_prior": 0.5}, 0.5, 2 * math.exp(-6)),
    ("PRIOR:contraction", {"T": 3.0, "kl_data": 2.0, "kl_prior": 0.5}, 0.5, 2 * math.exp(-6)),
    (
        "PRIOR:mixture",
        {"T": 3.0, "d": 4, "second_moment": 9.0, "mean_log_variance": -0.1, "kl_prior": 0.5},
        0.5,
        math.exp(-6) * 5 / 2 + 0.2,
    ),
    (
        "PRIOR:moment",
        {"T": 3.0, "d": 4, "second_moment": 9.0, "kl_prior": 0.5},
        0.5,
        math.exp(-6) * 5 / 2 - 2 * math.log(DECAY),
    ),
]
IDENTITIES = {"PRIOR:exact", "PRIOR:sharp"}
KINDS = {row[0]: "∀ =" if row[0] in IDENTITIES else "∀ ≤" for row in SIDES}


def test_both_sides_are_the_ledgers(row, close):
    # V − 1 − log V cancels: its rounding is relative to 1
    close(row, absolute=8 * RTOL if row[0] == "PRIOR:exact" else 0.0)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS
