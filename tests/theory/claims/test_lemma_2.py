"""Lemma 2 written again by hand in plain floating-point mathematics."""

import math

from theory import claims

AT = {"loss_likelihood": 0.4, "kl_prior": 0.25}
DECAY = 1 - math.exp(-6)
SIDES = [
    ("L2:gap", {**AT, "T": 3.0, "kl_sde": 0.5, "path_mismatch": 0.1}, 0.6, 1.5 * 0.4 + 0.25),
    ("L2:repaired", {**AT, "T": 3.0, "kl_sde": 0.5}, 0.5, 1.5 * 0.4 + 0.25),
    ("L2:printed", {**AT, "kl_sde": 0.5}, 0.5, 0.4 + 0.25),
    ("L2:printed-short", {**AT, "T": 1.0, "kl_sde": 0.5}, 0.5, 0.4 + 0.25),
    ("L2:up-to-constant", {**AT, "kl_sde": 0.5, "K": 3}, 0.5, 3 * (0.4 + 0.25)),
    ("L2:shift", {"T": 3.0, "loss_likelihood": 0.4, "kl_sde": 0.5}, 0.5, 1.5 * DECAY * 0.4),
    ("L2:score-density", {**AT, "kl_score": 0.5, "K": 3}, 0.5, 3 * (0.4 + 0.25)),
    ("L2:normalisable", {"integrable": 0}, 0, 1),
    ("L2:tails", {"slope_right": -1, "slope_left": -2, "integrable": 1}, 1, 1),
    ("L2:tails", {"slope_right": -1, "slope_left": 2, "integrable": 0}, 0, 0),
    ("L2:tails", {"slope_right": 0, "slope_left": -2, "integrable": 0}, 0, 0),
    ("L2:ode-density", {**AT, "kl_ode": 0.5, "K": 3}, 0.5, 3 * (0.4 + 0.25)),
    ("L2:ode-shift", {"T": 3.0, "loss_likelihood": 0.4, "kl_ode": 0.5}, 0.5, 9 / 4 * 0.4),
]
IDENTITIES = {"L2:gap", "L2:normalisable", "L2:tails"}
HIDDEN = {"L2:up-to-constant": "≲ ∀", "L2:score-density": "≲ T ∀", "L2:ode-density": "≲ T ∀"}
KINDS = {row[0]: f"{HIDDEN.get(row[0], '∀')} {'=' if row[0] in IDENTITIES else '≤'}" for row in SIDES}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_short_horizon_is_a_checked_hypothesis():
    checked = [h for h in claims["L2:printed-short"].hypotheses if h.checked]
    assert [(h.lesser, h.greater) for h in checked] == [(checked[0].lesser, 2)]
    result = claims["L2:printed-short"].evaluate(**AT, T=3.0)
    assert not bool(result.hypotheses["short"])
