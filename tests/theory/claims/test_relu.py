"""Gaussian moments of ReLU features written again by hand in plain floating point."""

import math
from statistics import NormalDist

from scipy.stats import multivariate_normal

from theory import claims

PHI = NormalDist()
MU, S, NU, Q, RHO = 0.7, 1.5, -0.4, 0.8, 0.6
A, B, ROOT = MU / S, NU / Q, 0.8
PAIR = {"mean_1": MU, "std_1": S, "mean_2": NU, "std_2": Q}
SIDES = [
    ("RELU:activation", {"mean_1": MU, "std_1": S}, None, PHI.cdf(A)),
    ("RELU:mean", {"mean_1": MU, "std_1": S}, None, MU * PHI.cdf(A) + S * PHI.pdf(A)),
    ("RELU:second-moment", {"mean_1": MU, "std_1": S}, None, (MU**2 + S**2) * PHI.cdf(A) + MU * S * PHI.pdf(A)),
    (
        "RELU:product",
        {**PAIR, "correlation": RHO},
        None,
        S
        * Q
        * (
            (A * B + RHO) * multivariate_normal.cdf([A, B], cov=[[1, RHO], [RHO, 1]])
            + A * PHI.pdf(B) * PHI.cdf((A - RHO * B) / ROOT)
            + B * PHI.pdf(A) * PHI.cdf((B - RHO * A) / ROOT)
            + ROOT / (2 * math.pi) * math.exp(-(A * A - 2 * RHO * A * B + B * B) / (2 * ROOT**2))
        ),
    ),
    ("RELU:product-aligned", PAIR, None, S * Q * ((A * B + 1) * PHI.cdf(B) + A * PHI.pdf(B))),
    ("RELU:product-opposed", PAIR, None, 0.0),
    (
        "RELU:product-opposed",
        {**PAIR, "mean_2": 0.4},
        None,
        S * Q * ((-A * B - 1) * (PHI.cdf(-B) - PHI.cdf(-A)) + A * PHI.pdf(B) - B * PHI.pdf(A)),
    ),
    (
        "RELU:arc-cosine",
        {"norm_z": 2, "norm_other": 3, "angle": 1, "radius": 0.5, "ambient": 4},
        None,
        0.25 / 4 * 6 * (math.sin(1) + (math.pi - 1) * math.cos(1)) / (2 * math.pi),
    ),
    ("RELU:activation", {"mean_1": 0, "std_1": 1, "active": 0.25}, 0.25, None),
    ("RELU:mean", {"mean_1": 0, "std_1": 1, "relu_first": 0.25}, 0.25, None),
    ("RELU:second-moment", {"mean_1": 0, "std_1": 1, "relu_square": 0.25}, 0.25, None),
]
KINDS = dict.fromkeys([row[0] for row in SIDES], "∀ =")


def test_both_sides_are_the_ledgers(row, close):
    # SciPy's bivariate normal is good to 1e-14; differences of terms of order 1 cancel in the opposed product
    close(row, rel=1e-13, absolute=1e-15)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_a_correlation_of_one_misses_the_hypothesis_of_the_product():
    out = claims["RELU:product"].evaluate(**PAIR, correlation=[0.5, 1.0])
    assert out.hypotheses["not-degenerate"].tolist() == [True, False]
    assert out.outcome == "nan"
