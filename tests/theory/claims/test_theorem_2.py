"""Theorem 2 written again by hand: the bound for two modes, and the norm that it hides."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import norm

from theory import claims

KAPPA_STAR = 0.81452875517815
AT = {"tau": 4.0, "loss_comparator": 1.5, "loss_minimum": 0.5, "distance_initial": 2.0}
SAMPLE = {"n": 100, "delta": 0.1, "S_B": 0.5, "S_G": 1.0}
BETA, GAMMA = 0.5 * math.sqrt(0.2), 1.0 * math.sqrt(0.2)  # √(2/(nδ)) of either scatter
A = 1.0 + 4 / 16
B = (KAPPA_STAR * 4 + 4 * 16 * BETA) * (BETA * math.sqrt(4 + 4 * 1.0) + GAMMA) ** 2
CAPACITY = {"n": 100, "delta": 0.1, "S_B": 0.5, "top_B": 3.0, "nu": 1.0, "share": 0.5, "path_spread": 0.25}
CAPACITY |= {"loss_minimum": 0.5, "loss_tau": 2.75}
REST = 0.25 + 0.75 * 4
SIDES = [
    (
        "T2:printed",
        {"tau": 2.0, "m": 4, "n": 5, "mu": 3.0, "loss_bar": 0.5, "loss_star": 0.25, "kl_prior": 0.125, "K": 2},
        None,
        2 * (82 * 16 / 20 + 82 * 8 / 16 + 1 / 2 + 10 / 4 + 0.875),
    ),
    (
        "T2:printed",
        {"tau": 2, "m": 4, "n": 5, "mu": 3, "loss_bar": 0, "loss_star": 0, "kl_prior": 0, "kl_learned": 7},
        7,
        None,
    ),
    ("T2:concentration-B", {"n": 100, "delta": 0.1, "S_B": 0.5}, None, 0.5 / math.sqrt(10)),
    ("T2:concentration-G", {"n": 100, "delta": 0.1, "S_G": 1.0}, None, 1.0 / math.sqrt(10)),
    (
        "T2:scatter",
        {"mu": 3.0, "scale_moment": 0.5, "noise_moment": 0.25, "lambda_mean": 0.75, "e_sup": 2.0, "S_B": 1.5},
        2.25,
        0.25 * (81 + 54 + 3) + REST * 10 + REST**2,
    ),
    (
        "T2:repaired",
        {**SAMPLE, **AT, "T": 2.5, "kl_prior": 0.125, "kl_learned": 0.5},
        0.5,
        1.25 * (0.5 + (math.sqrt(A) + math.sqrt(B)) ** 2) + 0.125,
    ),
    (
        "T2:capacity",
        {**CAPACITY, "T": 2.5, "kl_prior": 0.125, "kl_learned": 0.5, "K_B": 100.0},
        0.5,
        1.25 * (0.5 + (1.5 + math.sqrt(3 / 4) * 0.25 / 0.5 * math.sqrt(3 / 10)) ** 2) + 0.125,
    ),
    ("T2:pointwise", {"norm_comparator": 3.0, "e_sup": 2.0, "x_sup": 1.0}, None, 6.0),
    ("T2:lipschitz", {"norm_comparator": 3.0, "point_gap": 0.5}, None, 1.5),
    ("T2:hidden-norm", {"norm_comparator": 3.0, "e_sup": 0.5}, None, 3.0),
    ("T2:hidden-slope", {"norm_comparator": 3.0}, None, 3.0),
    ("T2:hidden-mean-square", {"norm_comparator": 3.0, "e_sup": 2.0, "mu": 2.0}, None, 3 * 2 * 2 / 10),
    (
        "T2:hidden-mean-square",
        {"norm_comparator": 3.0, "e_sup": 0.1, "mu": 2.0},
        None,
        3 / math.sqrt(2 * math.pi) * 2 / 10,
    ),
    ("T2:hidden-norm", {"norm_comparator": 9, "e_sup": 2, "mu": 3}, 3 * math.tanh(3) - 1, None),
    ("T2:hidden-slope", {"norm_comparator": 9, "step": 0.5, "mu": 3}, 6 * math.tanh(1.5) - 1, None),
    (
        "T2:hidden-mean-square",
        {"norm_comparator": 9, "e_sup": 2, "mu": 3, "fisher": 0.9, "score_gap": 0.5},
        0.8 - math.sqrt(0.8) / 2,
        None,
    ),
]
LIKELY = {"T2:concentration-B", "T2:concentration-G", "T2:repaired", "T2:capacity"}
KINDS = {row[0]: "P ≤" if row[0] in LIKELY else "∀ ≤" for row in SIDES} | {"T2:printed": "≲ T δ P ≤"}


def value(claim_id, **values):
    return float(claims[claim_id].evaluate(**values).right)


def test_both_sides_are_the_ledgers(row, close):
    close(row, rel=1e-13)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_hidden_slope_tends_to_mu_squared_minus_one():
    left = claims["T2:hidden-slope"].evaluate(norm_comparator=1, mu=5, step=np.array([1.0, 0.1, 1e-3, 1e-5])).left
    assert (np.diff(left) > 0).all()
    assert left[-1] == pytest.approx(24, rel=1e-8)  # (μh)²/3 relative


@pytest.mark.parametrize("mode", [0.5, 2.0, 6.0])
def test_no_feature_correlates_more_with_the_scores_nonlinear_part_than_stated(mode):
    """ψ = s₀ + x/(1+μ²) against σ(wx + b), |w| + |b|/e = 1, by quadrature."""

    nodes, weights = np.polynomial.legendre.leggauss(24)

    def part(x):
        return -x + mode * np.tanh(mode * x) + x / (1 + mode**2)

    def feature(w, kink):
        return lambda x: part(x) * np.maximum(0.0, w * (x - kink))

    def mean(function, kink=0.0):
        """Gauss–Legendre on panels no wider than 1/4 that end at the kink; 12 deviations hold all but 1e-32."""
        ends = sorted({-mode - 12, 0.0, mode + 12, *([kink] if abs(kink) < mode + 12 else [])})
        total = 0.0
        for a, b in pairwise(ends):
            edges = np.linspace(a, b, 1 + math.ceil(4 * (b - a)))
            x = (edges[:-1, None] + edges[1:, None]) / 2 + np.diff(edges)[:, None] / 2 * nodes
            law = (norm.pdf(x - mode) + norm.pdf(x + mode)) / 2
            total += float((function(x) * law * weights * np.diff(edges)[:, None] / 2).sum())
        return total

    for level in (0.2, 1.0, 3.0):
        most = value("T2:hidden-mean-square", norm_comparator=1, e_sup=level, mu=mode)
        for w in (1.0, 0.6, 0.3, 0.1):
            for kink in (-(1 - w) * level / w, (1 - w) * level / w):
                found = mean(feature(w, kink), kink)
                exact = (
                    norm.pdf(mode - kink)
                    - norm.pdf(mode + kink)
                    - kink * (norm.cdf(mode - kink) - norm.cdf(-mode - kink))
                )
                assert found == pytest.approx(w * mode / (2 * (1 + mode**2)) * exact, abs=1e-9)
                assert abs(found) <= most
                assert mean(feature(-w, kink), kink) == pytest.approx(found, abs=1e-9)  # ψ is orthogonal to 1 and x
    whole, square = mean(lambda x: part(x) * (part(x) - x / (1 + mode**2))), mean(lambda x: part(x) ** 2)
    information = mean(lambda x: (-x + mode * np.tanh(mode * x)) ** 2)
    assert whole == pytest.approx(square, abs=1e-9)
    assert square == pytest.approx(information - 1 / (1 + mode**2), abs=1e-9)
