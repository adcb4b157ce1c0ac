"""Lemma 8 written again by hand in plain floating-point mathematics."""

import math

LOG = math.log(1 / 0.1)
TAIL = 1 + math.sqrt(2 * LOG)
AVERAGES = {"mu": 3.0, "scale_moment": 0.5, "noise_moment": 0.25, "lambda_mean": 0.75, "e_sup": 2.0, "a_sup": 1.5}
SPACE = 10 * 0.5 + 0.25
SIDES = [
    ("L8:printed", {**AVERAGES, "m": 8, "delta": 0.1}, None, 1.5**2 * TAIL**2 * (0.5 + (0.75 + 3) / (2 * LOG)) * 9 / 8),
    ("L8:moment", AVERAGES, None, 1.5**2 * (SPACE + 0.75 * 4)),
    ("L8:moment-sharp", AVERAGES, None, 1.5**2 * SPACE),
    ("L8:moment-sharp", {**AVERAGES, "e_sup": 9.0}, None, 1.5**2 * 0.75 * 81),
    ("L8:repaired", {**AVERAGES, "m": 8, "delta": 0.1}, None, 1.5 * math.sqrt(SPACE / 8) * TAIL),
    ("L8:repaired", {**AVERAGES, "m": 1, "delta": 0.5, "mc_error": 9.0}, 3.0, None),
]
KINDS = {"L8:printed": "P ≤", "L8:moment": "∀ ≤", "L8:moment-sharp": "∀ ≤", "L8:repaired": "P ≤"}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS
