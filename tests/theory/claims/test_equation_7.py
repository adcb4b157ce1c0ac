"""Equation 7 written again by hand in plain floating point: labels, and the gap between them."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from theory import claims

PHI = NormalDist()
R, V, M1, V1, W, BIAS, X0, AMP, LAM = 0.6, 1.2, 0.3, 0.5, -1.4, 0.2, 0.9, 1.7, 2.0
P = (R * V) ** 2
SPREAD = R * R * V1 + P
LAW = {"r": R, "v": V, "w": W, "b": BIAS, "m_1": M1, "V_1": V1}
U = (W * R * X0 + BIAS) / (1.4 * R * V)
HEIGHT = 1.4 * R * V * (U * PHI.cdf(U) + PHI.pdf(U))
ZERO = LAM * (1 / P - ((R * (X0 - M1)) ** 2 + P) / SPREAD**2)
GAP = ZERO - 2 * AMP * LAM * R / SPREAD * ((X0 - M1) * HEIGHT - R * W * V1 * PHI.cdf(U))


def marginal():
    return PHI.cdf((W * R * M1 + BIAS) / (1.4 * math.sqrt(SPREAD)))


SIDES = [
    ("EQ-7:population", {"d": 3, "r": R, "v": V, "loss_weight": 2, "fisher": 1.25}, None, 2 * (3 / P - 1.25)),
    (
        "EQ-7:stein",
        {**LAW, "V_2": 2, "m_2": -1, "w_1": 1, "w_2": 3},
        None,
        1.4 * (marginal() + 3 * PHI.cdf((1.4 * R + BIAS) / (1.4 * math.sqrt(2 * R * R + P)))) / 4,
    ),
    ("EQ-7:unbiased-dsm", LAW, None, 1.4 * marginal()),
    ("EQ-7:unbiased-sm", LAW, None, 1.4 * marginal()),
    ("EQ-7:empirical-printed", {"r": R, "v": V, "m_1": M1, "V_1": V1, "x0": X0, "loss_weight": LAM}, None, ZERO),
    ("EQ-7:empirical-gap", {**LAW, "x0": X0, "loss_weight": LAM, "a": AMP}, None, GAP),
    (
        "EQ-7:population",
        {"d": 1, "r": 1, "v": 1, "loss_weight": 1, "fisher": 0.5, "loss_dsm": 3, "loss_sm": 2.5},
        0.5,
        0.5,
    ),
]
KINDS = dict.fromkeys([*(row[0] for row in SIDES), "EQ-7:posterior"], "∀ =")


def test_both_sides_are_the_ledgers(row, close):
    close(row, rel=1e-13)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} - {"EQ-7:posterior"} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_posterior_mean_is_the_slope_of_the_log_density():
    law = {"w_1": 1, "w_2": 3, "m_1": 0.3, "m_2": -1, "V_1": 0.5, "V_2": 2, "r": R, "v": V}

    def density(point):
        return sum(
            law[f"w_{k}"] * NormalDist(R * law[f"m_{k}"], math.sqrt(R * R * law[f"V_{k}"] + P)).pdf(point)
            for k in (1, 2)
        )

    step = 1e-5
    slope = (math.log(density(0.4 + step)) - math.log(density(0.4 - step))) / (2 * step)
    found = float(claims["EQ-7:posterior"].evaluate(**law, x=0.4, posterior_score=0).right)
    assert found == pytest.approx(slope, abs=1e-9)  # step² and 2⁻⁵²/step


def test_the_two_b_of_a_datum_agree_on_average():
    """The cross term's mean over x0 ~ N(m, V), by a Gauss–Hermite rule."""
    nodes, mass = np.polynomial.hermite_e.hermegauss(80)
    points = M1 + math.sqrt(V1) * nodes
    out = claims["EQ-7:empirical-gap"].evaluate(**LAW, x0=points, loss_weight=LAM, a=AMP)
    cross = out.terms["cross term"]
    assert abs(cross @ mass) / mass.sum() <= 1e-13  # an entire integrand: the rule has converged to rounding
    assert np.abs(cross).max() > 1
