"""Sums of coins have the tails and means of the binomial law, and cover every level."""

import math

import numpy as np
import pytest
from scipy import stats

from theory.claims import REGISTRY
from verify.evidence.confrontation import number
from verify.plans import PLANS
from verify.plans.hilbert import coin_mean, coin_tail


def test_coin_tails_and_means_are_those_of_the_binomial_law():
    for count in (1, 2, 7, 40):
        heads = np.arange(count + 1)
        sums, weights = np.abs(2 * heads - count), stats.binom.pmf(heads, count, 0.5)
        assert float(coin_mean(count)) == pytest.approx(float(weights @ sums))
        for level in range(count + 2):
            assert float(coin_tail(count, level)) == pytest.approx(weights[sums >= level].sum(), abs=1e-14)


def test_the_coins_cover_every_level_up_to_the_budget():
    (method, *_) = (m for m in PLANS["HILBERT:deviation"].methods if m.method == "exhaustive")
    for size in (3, 40):
        seen = {(i["n"], i["k"]) for i in method.elements(size)}
        assert {(n, k) for n in range(1, size + 1) for k in range(n + 1) if (n - k) % 2 == 0} <= seen
    claim = REGISTRY["HILBERT:deviation"]
    for count, level in ((1, 1), (7, 5), (40, 0)):
        left, right = method.experiment.sides(claim)({"n": count, "k": level})
        tail = float(coin_tail(count, level))
        assert number(left) == pytest.approx(level / count)
        assert number(right) == pytest.approx((1 + math.sqrt(2 * math.log(1 / tail))) / math.sqrt(count))
