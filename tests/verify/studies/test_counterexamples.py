"""The tables of Lemma 2's counterexamples against their closed forms."""

import itertools
import math

import numpy as np
import pytest

from verify.studies.counterexamples import horizon_table, late_table, shift_threshold


def test_the_horizon_table_is_the_closed_form():
    horizons = np.linspace(0.5, 20, 12)
    for row in horizon_table(horizons):
        decay = -math.expm1(-2 * row.horizon)
        assert (row.printed, row.repaired) == pytest.approx((row.horizon * decay / 2, decay), rel=1e-14)
    for row in horizon_table(horizons, family="stationary"):
        bound = -2 * math.expm1(-2 * row.horizon) / row.horizon + math.exp(-2 * row.horizon)
        assert (row.printed, row.repaired) == pytest.approx((1 / bound, 1), rel=1e-14)
        assert (row.printed > 1) == (row.horizon > 2)


def test_the_late_table_is_the_closed_form():
    for row in late_table([1e-6, 1e-3, 0.5], horizon=2.0, push=3.0):
        assert (row.loss, row.divergence) == pytest.approx((2 * 9 * row.epsilon / 6, 4.5), rel=1e-14)


def test_the_threshold_of_the_shift_family_is_enclosed():
    low, high = shift_threshold()
    assert high - low == pytest.approx(1e-12)
    assert float(low) * -math.expm1(-2 * float(low)) == pytest.approx(2, abs=4e-12)  # the slope is about 1
    for a, b in itertools.pairwise([shift_threshold(k) for k in (1, 4, 20, 40)]):
        assert a[0] <= b[0] < b[1] <= a[1]
    assert low < 2.034764817613 < high + (high - low)


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: horizon_table("12"), "horizons"),
        (lambda: horizon_table([0.0]), "horizons"),
        (lambda: horizon_table([math.nan]), "horizons"),
        (lambda: horizon_table([True]), "horizons"),
        (lambda: horizon_table([10**400]), "horizons"),
        (lambda: horizon_table([1.0], family="other"), "family"),
        (lambda: horizon_table([1.0], family=1), "family"),
        (lambda: late_table(None), "epsilons"),
        (lambda: late_table([2.0]), "epsilons"),
        (lambda: late_table([0.1], horizon=-1.0), "horizon"),
        (lambda: late_table([0.1], push=math.inf), "push"),
        (lambda: shift_threshold(0), "digits"),
        (lambda: shift_threshold(2.0), "digits"),
        (lambda: shift_threshold(41), "digits"),
    ],
)
def test_bad_tables_are_refused_by_name(call, word):
    with pytest.raises((TypeError, ValueError), match=word):
        call()
