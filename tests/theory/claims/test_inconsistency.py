"""The linear regimes of score and network, written again by hand."""

import math

import numpy as np
import pytest

from theory import claims

RTOL = 64 * np.finfo(float).eps  # a formula of some ten operations, computed twice in other orders
SIDES = [
    ("INCONSISTENCY:target", {"mu": 2.0, "q": 0.25, "x": 0.5}, None, 4 / (1 + math.exp(2) / 3)),
    ("INCONSISTENCY:scales", {"norm_comparator": 3.0, "e_sup": 2.0}, None, 3.0),
    ("INCONSISTENCY:modes", {"norm_comparator": 3.0, "e_sup": 2.0}, None, 3.0),
    (
        "INCONSISTENCY:scales",
        {
            "norm_comparator": 9,
            "e_sup": 2,
            "slope_left": -1,
            "slope_right": -2,
            "intercept_left": -3,
            "intercept_right": 3,
        },
        6.0,
        None,
    ),
    ("INCONSISTENCY:modes", {"norm_comparator": 9, "e_sup": 2, "mu": 3}, 5.0, None),
]
KINDS = {
    "INCONSISTENCY:target": "∀ =",
    "INCONSISTENCY:network": "∀ =",
    "INCONSISTENCY:scales": "∀ ≤",
    "INCONSISTENCY:modes": "∀ ≤",
}


def test_both_sides_are_the_ledgers(row, close):
    close(row)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} - {"INCONSISTENCY:network"} == {row[0] for row in SIDES}


def test_quantifiers_and_relations_are_the_ledgers(kinds):
    assert kinds == KINDS


def test_the_regime_is_missed_by_the_stated_error_on_either_side():
    for x in (-3.0, -0.2, 0.0, 0.7, 2.0):
        out = claims["INCONSISTENCY:target"].evaluate(mu=1.5, q=0.5, x=x)
        assert float(out.left) == pytest.approx(1.5 - 1.5 * math.tanh(1.5 * x), abs=1e-14)
        assert float(out.right) == pytest.approx(3 / (1 + math.exp(3 * x)), rel=RTOL)
    far = claims["INCONSISTENCY:target"].evaluate(mu=1.5, q=0.5, x=-20.0)
    assert float(far.right) == pytest.approx(3, rel=1e-12)  # the wrong side misses by 2μ


def test_a_network_is_its_line_beyond_the_breakpoints():
    rng = np.random.default_rng(3)
    for _ in range(20):
        a, b = rng.normal(size=(2, 3))
        w = rng.uniform(0.1, 1, size=2)
        x = max(abs(b[0]) / w[0], abs(b[1]) / w[1]) * rng.uniform(1, 3)
        values = {f"a_{k + 1}": a[k] for k in range(3)} | {f"b_{k + 1}": b[k] for k in range(3)}
        out = claims["INCONSISTENCY:network"].evaluate(**values, w_1=w[0], w_2=w[1], x=x, m=3)
        network = a[0] * max(w[0] * x + b[0], 0) + a[1] * max(-w[1] * x + b[1], 0) + a[2] * max(b[2], 0)
        scale = np.abs(a).sum() * (1 + x)
        assert float(out.left) == pytest.approx(network / 3, abs=RTOL * scale)
        assert float(out.right) == pytest.approx(network / 3, abs=RTOL * scale)


def test_the_pair_has_both_regimes_at_the_least_norm():
    mode, level = 3.0, 2.0
    slope = 1 / (1 + mode / level)
    outer = 2 / slope

    def pair(x):
        return -outer / 2 * (max(slope * x - mode * slope, 0) - max(-slope * x - mode * slope, 0))

    for x in (-10.0, 10.0):
        assert pair(x) == pytest.approx(-x + math.copysign(mode, x), rel=RTOL)
    assert slope + mode * slope / level == pytest.approx(1, rel=RTOL)  # the whole budget
    assert float(
        claims["INCONSISTENCY:modes"].evaluate(norm_comparator=outer, e_sup=level, mu=mode).left
    ) == pytest.approx(outer, rel=RTOL)
