"""The claims on equation 7, equations 12 and 13 and ReLU moments, written again by hand in plain floating point."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from theory import claims
from theory.statement import ForAll, Identity, Inequality

PHI = NormalDist()
RTOL = 64 * np.finfo(float).eps
MU, S, NU, Q, RHO = 0.7, 1.5, -0.4, 0.8, 0.6
A, B, ROOT = MU / S, NU / Q, 0.8
PAIR = {"mean_1": MU, "std_1": S, "mean_2": NU, "std_2": Q}
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


BOUNDS = [
    ("EQ-7:population", {"d": 3, "r": R, "v": V, "loss_weight": 2, "fisher": 1.25}, 2 * (3 / P - 1.25)),
    (
        "EQ-7:stein",
        {**LAW, "V_2": 2, "m_2": -1, "w_1": 1, "w_2": 3},
        1.4 * (marginal() + 3 * PHI.cdf((1.4 * R + BIAS) / (1.4 * math.sqrt(2 * R * R + P)))) / 4,
    ),
    ("EQ-7:unbiased-dsm", LAW, 1.4 * marginal()),
    ("EQ-7:unbiased-sm", LAW, 1.4 * marginal()),
    ("EQ-7:empirical-printed", {"r": R, "v": V, "m_1": M1, "V_1": V1, "x0": X0, "loss_weight": LAM}, ZERO),
    ("EQ-7:empirical-gap", {**LAW, "x0": X0, "loss_weight": LAM, "a": AMP}, GAP),
    ("EQ-12/13:homogeneity", {"a": 2, "w": -1, "b": 3, "x": 0.5, "size": 7}, 2 * (3 - 0.5)),
    ("EQ-12/13:norm-rescales", {"size": 3, "norm_given": 2}, 6),
    ("EQ-12/13:norm-bound", {"size_max": 3, "norm_given": 2}, 6),
    ("EQ-12/13:wlog-printed", {"norm_given": 2}, 2),
    ("RELU:activation", {"mean_1": MU, "std_1": S}, PHI.cdf(A)),
    ("RELU:mean", {"mean_1": MU, "std_1": S}, MU * PHI.cdf(A) + S * PHI.pdf(A)),
    ("RELU:second-moment", {"mean_1": MU, "std_1": S}, (MU**2 + S**2) * PHI.cdf(A) + MU * S * PHI.pdf(A)),
    (
        "RELU:product",
        {**PAIR, "correlation": RHO},
        S
        * Q
        * (
            (A * B + RHO) * multivariate_normal.cdf([A, B], cov=[[1, RHO], [RHO, 1]])
            + A * PHI.pdf(B) * PHI.cdf((A - RHO * B) / ROOT)
            + B * PHI.pdf(A) * PHI.cdf((B - RHO * A) / ROOT)
            + ROOT / (2 * math.pi) * math.exp(-(A * A - 2 * RHO * A * B + B * B) / (2 * ROOT**2))
        ),
    ),
    ("RELU:product-aligned", PAIR, S * Q * ((A * B + 1) * PHI.cdf(B) + A * PHI.pdf(B))),  # b < a
    ("RELU:product-opposed", PAIR, 0.0),  # a + b < 0
    (
        "RELU:product-opposed",
        {**PAIR, "mean_2": 0.4},
        S * Q * ((-A * B - 1) * (PHI.cdf(-B) - PHI.cdf(-A)) + A * PHI.pdf(B) - B * PHI.pdf(A)),
    ),
    (
        "RELU:arc-cosine",
        {"norm_z": 2, "norm_other": 3, "angle": 1, "radius": 0.5, "ambient": 4},
        0.25 / 4 * 6 * (math.sin(1) + (math.pi - 1) * math.cos(1)) / (2 * math.pi),
    ),
]


@pytest.mark.parametrize(
    ("claim_id", "values", "expected"), BOUNDS, ids=[f"{claim_id}-{k}" for k, (claim_id, _, _) in enumerate(BOUNDS)]
)
def test_the_right_side_is_the_ledgers(claim_id, values, expected):
    # SciPy's bivariate normal is good to 1e-14; differences of terms of order 1 cancel in the opposed product
    assert float(claims[claim_id].evaluate(**values).right) == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_every_claim_with_numbers_is_computed_by_hand():
    here = {name for name in claims if claims[name].family in {"EQ-7", "EQ-12/13", "RELU"}}
    assert here == {claim_id for claim_id, _, _ in BOUNDS} | {"EQ-7:posterior"}


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


def test_the_left_sides_are_the_measured_quantities():
    out = claims["EQ-7:population"].evaluate(d=1, r=1, v=1, loss_weight=1, fisher=0.5, loss_dsm=3, loss_sm=2.5)
    assert (float(out.left), float(out.right)) == (0.5, 0.5)
    for name, symbol in (
        ("RELU:activation", "active"),
        ("RELU:mean", "relu_first"),
        ("RELU:second-moment", "relu_square"),
    ):
        assert claims[name].evaluate(mean_1=0, std_1=1, **{symbol: 0.25}).left == 0.25
    assert claims["EQ-12/13:norm-bound"].evaluate(size_max=1, norm_given=1, norm_normalised=0.5).left == 0.5
    assert claims["EQ-12/13:homogeneity"].evaluate(a=2, w=-1, b=3, x=0.5, size=7).left == pytest.approx(5, rel=RTOL)


def test_quantifiers_and_relations_are_the_ledgers():
    for name, claim in claims.items():
        if claim.family in {"EQ-7", "EQ-12/13", "RELU"}:
            assert isinstance(claim.quantifier, ForAll)
            assert isinstance(claim.relation, Inequality if name == "EQ-12/13:norm-bound" else Identity)


def test_a_correlation_of_one_misses_the_hypothesis_of_the_product():
    out = claims["RELU:product"].evaluate(**PAIR, correlation=[0.5, 1.0])
    assert out.hypotheses["not-degenerate"].tolist() == [True, False]
    assert out.outcome == "nan"


def test_the_two_b_of_a_datum_agree_on_average():
    """The cross term's mean over x0 ~ N(m, V), by a Gauss–Hermite rule."""
    nodes, mass = np.polynomial.hermite_e.hermegauss(80)
    points = M1 + math.sqrt(V1) * nodes
    out = claims["EQ-7:empirical-gap"].evaluate(**LAW, x0=points, loss_weight=LAM, a=AMP)
    cross = out.terms["cross term"]
    assert abs(cross @ mass) / mass.sum() <= 1e-13  # an entire integrand: the rule has converged to rounding
    assert np.abs(cross).max() > 1
