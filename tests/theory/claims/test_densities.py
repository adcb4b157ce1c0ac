"""The content of L2 and PRIOR, written again by hand in plain floating-point mathematics."""

import math

import numpy as np
import pytest

from theory import claims
from theory.statement import ForAll, Identity, Inequality, UpToConstant

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
AT = {"loss_likelihood": 0.4, "kl_prior": 0.25}
DECAY = 1 - math.exp(-6)
V = 1 + (0.5 - 1) * math.exp(-6)
GAUSS = {"T": 3.0, "d": 4, "mean_initial": 2.0, "variance_initial": 0.5}

# id, values, left side where there are values for it, right side
ROWS = [
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


@pytest.mark.parametrize(("claim_id", "values", "left", "right"), ROWS, ids=[f"{r[0]}-{k}" for k, r in enumerate(ROWS)])
def test_both_sides_are_the_ledgers(claim_id, values, left, right):
    result = claims[claim_id].evaluate(**values)
    # V − 1 − log V cancels: its rounding is relative to 1
    assert float(result.right) == pytest.approx(right, rel=RTOL, abs=8 * RTOL if claim_id == "PRIOR:exact" else 0)
    assert float(result.left) == pytest.approx(left, rel=RTOL)


def test_every_claim_is_here():
    assert {name for name in claims if claims[name].family in {"L2", "PRIOR"}} == {row[0] for row in ROWS}


def test_quantifiers_and_relations_are_the_ledgers():
    identities = {"L2:gap", "L2:normalisable", "L2:tails", "PRIOR:exact", "PRIOR:sharp"}
    hidden = {"L2:up-to-constant": (), "L2:score-density": ("T",), "L2:ode-density": ("T",)}
    for name in {row[0] for row in ROWS}:
        claim = claims[name]
        assert isinstance(claim.relation, Identity if name in identities else Inequality)
        if name in hidden:
            assert isinstance(claim.quantifier, UpToConstant)
            assert claim.quantifier.depends_on == hidden[name]
        else:
            assert isinstance(claim.quantifier, ForAll)


def test_the_short_horizon_is_a_checked_hypothesis():
    checked = [h for h in claims["L2:printed-short"].hypotheses if h.checked]
    assert [(h.lesser, h.greater) for h in checked] == [(checked[0].lesser, 2)]
    result = claims["L2:printed-short"].evaluate(**AT, T=3.0)
    assert not bool(result.hypotheses["short"])
