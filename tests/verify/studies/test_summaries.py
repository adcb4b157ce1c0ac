"""What replicas are summed up to: exact intervals of medians and shares, and verdicts that are the audit's."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import betaincinv

from numerics.statistics.sequential import log_e_value
from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.verdict import Verdict
from verify.models import replica_tests
from verify.plans import PLANS
from verify.studies.summaries import band, finite, judge, median, median_interval, ratios, share

ALPHA = BUDGETS["quick"].alpha


def miss(count, k):
    """P(the k-th of ``count`` values from below, or from above, is beyond the median), exactly."""
    return Fraction(2 * sum(math.comb(count, j) for j in range(k)), 2**count)


# Medians -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [*range(1, 40), 100, 1000, 1001])
@pytest.mark.parametrize("level", [Fraction(1, 2), Fraction(9, 10), Fraction(19, 20), Fraction(999, 1000)])
def test_the_interval_is_the_shortest_pair_of_order_statistics_that_has_the_level(count, level):
    low, middle, high = median_interval(np.random.default_rng(0).permutation(count) + 1.0, float(level))
    assert middle == (count + 1) // 2
    if math.isinf(low):
        assert (low, high) == (-math.inf, math.inf)
        k = 0
    else:
        k = int(low)
        assert high == count + 1 - k
        assert miss(count, k) <= 1 - level
    # the next pair does not have it; nearly so is not told from it by floats
    assert miss(count, k + 1) > (1 - level) * (1 - Fraction(1, 10**12))


@pytest.mark.parametrize("count", range(1, 11))
def test_the_coverage_is_the_binomials_for_every_continuous_law(count):
    """All signs of values about their median 0, equally likely."""
    signs = np.array(list(itertools.product((-1.0, 1.0), repeat=count))).T
    for level in (0.5, 0.8, 0.95):
        low, _, high = median_interval(signs * np.arange(1, count + 1)[:, None], level)
        covered = Fraction(int(np.sum((low <= 0) & (high >= 0))), 2**count)
        k = int(np.sum(np.sort(signs[:, 0] * np.arange(1, count + 1)) <= low[0]))
        assert covered == 1 - miss(count, k)
        assert covered >= level


@pytest.mark.parametrize("law", [(0.5, 0.3, 0.2), (0.2, 0.3, 0.5), (0.1, 0.6, 0.3), (0.49, 0.02, 0.49)])
def test_the_coverage_is_no_less_for_laws_with_atoms(law):
    samples = np.array(list(itertools.product(range(3), repeat=8)))
    weights = np.prod(np.array(law)[samples], axis=1)
    true = int(np.searchsorted(np.cumsum(law), 0.5))
    low, _, high = median_interval(samples.T.astype(float), 0.9)
    assert weights[(low <= true) & (true <= high)].sum() >= 0.9


def test_too_few_values_have_no_finite_interval():
    for count in range(1, 6):  # 2 · 2⁻⁵ > 5 %
        assert median_interval(np.ones((count, 2)))[0].tolist() == [-math.inf] * 2
        assert median_interval(np.ones((count, 2)))[2].tolist() == [math.inf] * 2
    assert [end.tolist() for end in median_interval(np.arange(6.0))] == [0.0, 2.0, 5.0]
    assert median(np.ones(5)) == {"median": 1.0, "interval": [-math.inf, math.inf], "level": 0.95, "replicas": 5}


def test_nan_is_larger_than_every_number():
    values = np.array([3.0, np.nan, 1.0, 2.0, np.nan, 4.0])
    low, middle, high = median_interval(values)
    assert (low, middle, high) == (1.0, 3.0, math.inf)
    assert median_interval(np.array([1.0, np.nan, np.nan]))[1] == math.inf
    found = np.stack([values, np.full(6, np.nan), np.arange(6.0)], axis=1)
    assert [end.tolist() for end in median_interval(found)] == [
        [1, math.inf, 0],
        [3, math.inf, 2],
        [math.inf, math.inf, 5],
    ]
    assert finite(values).tolist() == [3, math.inf, 1, 2, math.inf, 4]


def test_ratios_are_of_the_runs_whose_reference_is_finite():
    found = ratios(np.array([1.0, math.inf, 3.0, math.inf]), np.array([2.0, 4.0, math.inf, math.inf]))
    assert found.tolist() == [0.5, math.inf]
    nothing = ratios(np.array([1.0]), np.array([math.inf]))
    for entry, name, interval in (
        (median(nothing), "median", [-math.inf, math.inf]),
        (share(nothing > 1), "share", [0, 1]),
    ):
        assert math.isnan(entry[name])
        assert (entry["interval"], entry["replicas"]) == (interval, 0)


def test_nine_of_ten_lie_in_the_band():
    values = np.random.default_rng(1).permutation(100).astype(float)
    low, high = band(values[:, None])
    assert (low[0], high[0]) == (4.0, 94.0)
    values[values >= 90] = np.nan
    assert band(values[:, None])[1][0] == math.inf


# Shares --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seen", "count"), [(0, 1), (1, 1), (0, 20), (20, 20), (1, 20), (7, 12), (999, 1000)])
@pytest.mark.parametrize("level", [0.95, 0.999])
def test_a_share_has_the_interval_of_clopper_and_pearson(seen, count, level):
    found = share(np.arange(count) < seen, level)
    tail = (1 - level) / 2
    low = betaincinv(seen, count - seen + 1, tail) if seen else 0.0
    high = betaincinv(seen + 1, count - seen, 1 - tail) if seen < count else 1.0
    assert found["share"] == seen / count
    # binomtest solves for the ends with brentq's default tolerance
    assert found["interval"] == pytest.approx([low, high], abs=4e-12)
    assert (found["level"], found["replicas"]) == (level, count)


def test_the_ends_of_a_share_of_none_or_all_are_a_power():
    assert share([False] * 30)["interval"][1] == pytest.approx(1 - 0.025 ** (1 / 30), abs=4e-12)
    assert share([True] * 30)["interval"][0] == pytest.approx(0.025 ** (1 / 30), abs=4e-12)


# Verdicts ------------------------------------------------------------------------------------------------------------

GOOD, BAD = {"kl_earlier": 1.0, "kl_later": 0.5}, {"kl_earlier": 1.0, "kl_later": 0.8}


def first_decision(violations, bound):
    """The decision of the beta mixture's e-value, looked at after every replica."""
    seen = 0
    for trials, wrong in enumerate(violations, 1):
        seen += wrong
        if seen != trials * bound and log_e_value(seen, trials, bound) >= -math.log(ALPHA):
            return "SUPPORTED" if seen < trials * bound else "REFUTED"
    return "UNDECIDED"


def records(shares, count, seed=0):
    return [BAD if flag else GOOD for flag in np.random.default_rng(seed).random(count) < shares]


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ([GOOD] * 200, "SUPPORTED"),
        ([BAD] * 200, "REFUTED"),
        ([GOOD, BAD] * 100, "UNDECIDED"),
        ([GOOD] * 5, "UNDECIDED"),
        ([], "UNDECIDED"),
        ([GOOD] * 100 + [BAD] * 400, "SUPPORTED"),
        (records(0.1, 300), "SUPPORTED"),
        (records(0.9, 300), "REFUTED"),
        (records(0.45, 300), "UNDECIDED"),
    ],
)
def test_a_verdict_is_the_sequential_tests(found, verdict):
    flags = [row is BAD for row in found]
    judged = judge("FIG-3:fall", found)
    assert judged["verdict"] == verdict == first_decision(flags, 0.5)
    assert (judged["replicas"], judged["violations"], judged["alpha"]) == (len(found), sum(flags), ALPHA)
    assert (judged["may be"], judged["expected"], judged["claim"]) == (0.5, "SUPPORTED", "FIG-3:fall")
    assert judged["sentence"] == REGISTRY["FIG-3:fall"].sentence
    low, high = judged["violation probability in"]
    if found:
        assert low <= sum(flags) / len(flags) <= high
        for end in (low, high):  # the interval's ends are where the e-value reaches 1/α, or the unit interval's
            assert end in (0.0, 1.0) or log_e_value(sum(flags), len(flags), end) == pytest.approx(
                -math.log(ALPHA), rel=1e-6
            )


def test_a_rise_may_fail_in_a_tenth_of_the_runs():
    judged = judge("FIG-8:rise", [{"kl_earlier": 1.0, "kl_later": 0.9, "kl_least": 0.1, "kl_most": 2.0}] * 30)
    assert (judged["may be"], judged["verdict"], judged["expected"]) == (pytest.approx(0.1), "REFUTED", "REFUTED")


@pytest.mark.parametrize("shares", [0.05, 0.5, 0.95])
def test_the_audits_test_decides_the_same(shares, monkeypatch):
    found = records(shares, 200, seed=5)
    monkeypatch.setattr(
        replica_tests, "values", lambda _setting, _at, seed, replica: found[replica] if seed == 7 else None
    )
    evidence = PLANS["FIG-3:fall"].methods[0].run(REGISTRY["FIG-3:fall"], Context(budget=BUDGETS["quick"], seed=7))
    judged = judge("FIG-3:fall", found)
    assert str(evidence.verdict) == judged["verdict"]
    assert evidence.verdict is {0.05: Verdict.SUPPORTED, 0.5: Verdict.UNDECIDED, 0.95: Verdict.REFUTED}[shares]
    (row,) = evidence.details["tests"]
    assert row["violations"] == sum(one is BAD for one in found[: row["samples"]])
    assert row["alpha"] == judged["alpha"]
    if evidence.verdict is Verdict.REFUTED:
        assert evidence.smallest.instance == {
            "points": 250,
            "earlier": 1,
            "later": 1001,
            "replicas": row["samples"],
            "seed": 7,
        }


def test_an_infinite_divergence_is_above_every_other_and_not_above_itself():
    wrong = replica_tests.violated(REGISTRY["FIG-3:rise"])
    inf = math.inf
    assert [wrong({"kl_earlier": a, "kl_later": b}) for a, b in ((1, 2), (2, 1), (1, inf), (inf, 1), (inf, inf))] == [
        False,
        True,
        False,
        True,
        False,
    ]
    lost = replica_tests.violated(REGISTRY["FIG-4:balance"])
    assert [lost({"mass_smaller": mass}) for mass in (0.0, 0.249, 0.25, 0.5)] == [True, True, False, False]
