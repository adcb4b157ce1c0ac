"""Sequential tests: calibrated under continuous peeking, with power, and with the promised interval.

Every random test has a fixed seed and a threshold whose exact false-alarm probability is below 1e-8.
"""

import math

import numpy as np
import pytest
from flint import arb, ctx
from scipy import stats

from numerics.statistics.sequential import (
    BernoulliTest,
    BoundedMeanTest,
    Outcome,
    _rounding,
    log_e_value,
    required_samples,
    run,
)

ALPHA = 0.05
SEEDS = 2000
FALSE_ALARM = 1e-8
MOST = stats.binom.isf(FALSE_ALARM, SEEDS, ALPHA)  # a test of level α decides wrongly more often with P < 1e-8


def tight_paths(delta, steps, seed):
    draws = np.random.default_rng(seed).random((SEEDS, steps)) < delta
    return np.cumsum(draws, axis=1), np.arange(1, steps + 1)


@pytest.mark.parametrize("delta", [0.01, 0.1, 0.5])
def test_continuous_peeking_at_a_tight_claim_keeps_the_level(delta):
    counts, n = tight_paths(delta, 2000, seed=11)
    deciding = (log_e_value(counts, n, delta) >= math.log(1 / ALPHA)).any(axis=1).sum()
    assert deciding <= MOST


def test_peeking_at_an_exact_binomial_test_exceeds_the_level():
    counts, n = tight_paths(0.1, 2000, seed=12)
    counts, n = counts[:, 49::50], n[49::50]
    p_value = 2 * np.minimum(stats.binom.cdf(counts, n, 0.1), stats.binom.sf(counts - 1, n, 0.1))
    assert (p_value <= ALPHA).any(axis=1).sum() > MOST


def test_the_class_decides_where_the_e_value_crosses():
    counts, n = tight_paths(0.5, 300, seed=13)
    for row in counts[:40]:
        test, steps = BernoulliTest(0.3, ALPHA), np.diff(row, prepend=0)
        crossed = np.flatnonzero(log_e_value(row, n, 0.3) >= math.log(1 / ALPHA))
        first = next((i for i, step in enumerate(steps) if test.update(int(step), 1) != "undecided"), None)
        assert first == (crossed[0] if crossed.size else None)


@pytest.mark.parametrize("ratio", [1.2, 0.8])
@pytest.mark.parametrize("delta", [0.01, 0.1, 0.5])
def test_the_stated_power_is_reached_within_the_required_samples(delta, ratio):
    power, looks = 0.95, 50
    total = required_samples(delta, ratio * delta, ALPHA, power=power)
    sizes = np.diff(np.linspace(0, total, looks + 1).astype(int))
    counts = np.cumsum(np.random.default_rng(14).binomial(sizes, ratio * delta, (SEEDS, looks)), axis=1)
    n = np.cumsum(sizes)
    crossed = log_e_value(counts, n, delta) >= math.log(1 / ALPHA) + 1e-6  # the rounding slack at most
    first = crossed.argmax(axis=1)
    right = (counts[np.arange(SEEDS), first] > n[first] * delta) == (ratio > 1)
    decided_rightly = (crossed.any(axis=1) & right).sum()
    assert decided_rightly >= stats.binom.ppf(FALSE_ALARM, SEEDS, power)


@pytest.mark.parametrize(("bound", "truth"), [(0.1, 0.2), (0.5, 0.3), (0.05, 0.0), (0.01, 0.05), (0.0, 0.1)])
def test_required_samples_is_the_exact_binomial_power(bound, truth):
    def power_at(n):
        s = np.arange(n + 1)
        side = s > n * bound if truth > bound else s < n * bound
        decides = (log_e_value(s, n, bound) >= math.log(100)) & side
        return stats.binom.pmf(s, n, truth)[decides].sum()

    n = required_samples(bound, truth, 0.01, power=0.9)
    assert power_at(n) >= 0.9 - 1e-9
    assert power_at(math.floor(0.9 * n) - 1) < 0.9


@pytest.mark.parametrize(
    ("s", "n", "p"),
    [
        (0, 10**12, 1e-12),
        (3, 10**9, 1e-8),
        (10**6, 10**7, 0.1),
        (5 * 10**8, 10**9, 0.5),
        (7, 9, 0.3),
        (10**12, 10**12, 0.9),
    ],
)
def test_the_rounding_slack_covers_the_error_of_the_logarithm(s, n, p):
    with ctx.workprec(300):
        half, x = arb(1) / 2, arb(p)
        betas = [(half + s).lgamma() + (half + n - s).lgamma() - arb(n + 1).lgamma(), 2 * half.lgamma()]
        truth = betas[0] - betas[1] - s * x.log() - (n - s) * (1 - x).log()
        assert abs(truth - arb(float(log_e_value(s, n, p)))) < arb(_rounding(n, p))


def test_required_samples_grows_as_the_truth_nears_the_bound():
    sizes = [required_samples(0.1, truth, 0.01) for truth in (0.3, 0.2, 0.15, 0.12, 0.11, 0.101)]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 100 * sizes[1]


def test_a_tiny_bound_is_planned_and_supported():
    n = required_samples(1e-6, 0.0, 0.01)
    test = BernoulliTest(1e-6, 0.01)
    assert test.update(0, n) == "supported"
    assert 4e6 < n < 4e7
    tiny = BernoulliTest(1e-12, 0.01)
    assert tiny.update(0, 10**6) == "undecided"
    assert tiny.update(1, 1) == "refuted"


@pytest.mark.parametrize(("s", "n"), [(0, 1), (0, 50), (50, 50), (1, 1000), (17, 40), (3, 10**7), (10**7 - 3, 10**7)])
def test_the_interval_is_where_the_e_value_is_small(s, n):
    test = BernoulliTest(0.3, ALPHA)
    test.update(s, n)
    low, high = test.interval()
    level = math.log(1 / ALPHA)
    assert 0 <= low <= s / n <= high <= 1
    assert (low == 0) == (s == 0)
    assert (high == 1) == (s == n)
    for p in (low * (1 - 1e-6), high + (1 - high) * 1e-6):
        assert p in (0, 1) or test.log_e_value(p) >= level - 1e-9
    inside = np.linspace(low, high, 21)[1:-1]
    assert all(test.log_e_value(p) <= level + 1e-6 for p in inside)


def test_before_any_trial_nothing_is_known():
    test = BernoulliTest(0.1, ALPHA)
    assert test.interval() == (0, 1)
    assert test.update(0, 0) == "undecided"
    assert BoundedMeanTest(-1, 1, 0, ALPHA).interval() == (-1, 1)


def test_the_claim_with_bound_one_is_trivial_and_with_bound_zero_only_refutable():
    always = BernoulliTest(1, ALPHA)
    assert always.decision == "supported"
    assert always.update(10, 10) == "supported"
    never = BernoulliTest(0, ALPHA)
    assert never.update(0, 10**6) == "undecided"
    assert never.update(1, 1) == "refuted"
    assert required_samples(1.0, 0.5, ALPHA) == 0


def test_decisions_point_the_right_way_and_the_first_one_stands():
    test = BernoulliTest(0.1, ALPHA)
    assert test.update(0, 200) == "supported"
    assert test.update(200, 200) == "supported"
    assert test.interval()[0] > 0.1
    assert BernoulliTest(0.1, ALPHA).update(60, 200) == "refuted"


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: BernoulliTest(1.5, 0.05), "bound"),
        (lambda: BernoulliTest(float("nan"), 0.05), "bound"),
        (lambda: BernoulliTest(0.5, 0), "alpha"),
        (lambda: BernoulliTest(0.5, 0.1, prior=(0, 1)), "prior"),
        (lambda: BernoulliTest(0.5, 0.1).update(2, 1), "violations must lie between 0 and 1"),
        (lambda: BernoulliTest(0.5, 0.1).update(-1, 1), "violations"),
        (lambda: BernoulliTest(0.5, 0.1).update(0.5, 1), "violations must be an integer"),
        (lambda: BernoulliTest(0.5, 0.1).update(0, True), "trials"),
        (lambda: BoundedMeanTest(0, 1, 1, 0.05), "bound must lie inside"),
        (lambda: BoundedMeanTest(0, math.inf, 1, 0.05), "upper"),
        (lambda: BoundedMeanTest(0, 1, 0.5, 1), "alpha"),
        (lambda: BoundedMeanTest(0, 1, 0.5, 0.1).update([0.2, math.nan]), "NaN"),
        (lambda: BoundedMeanTest(0, 1, 0.5, 0.1).update([1.1]), "true range"),
        (lambda: BoundedMeanTest(0, 1, 0.5, 0.1).update([-math.inf]), "values"),
        (lambda: BoundedMeanTest(0, 1, 0.5, 0.1).log_e_values(1.0), "mean"),
        (lambda: required_samples(0.1, 0.1, 0.05), "truth"),
        (lambda: required_samples(0.1, 0.2, 0.05, power=1), "power"),
        (lambda: required_samples(1e-12, 0.0, 0.05, max_samples=1000), "max_samples"),
        (lambda: run(BernoulliTest(0.5, 0.1), [], 0), "max_samples"),
    ],
)
def test_bad_input_is_refused_by_name(make, match):
    with pytest.raises((ValueError, TypeError), match=match):
        make()


@pytest.mark.parametrize("mean", [0.02, 0.5])
def test_a_tight_mean_keeps_the_level_at_every_step(mean):
    lower, upper = -2.0, 3.0
    rng = np.random.default_rng(15)
    deciding = 0
    for _ in range(SEEDS):
        test = BoundedMeanTest(lower, upper, lower + 5 * mean, ALPHA)
        deciding += test.update(np.where(rng.random(300) < mean, upper, lower)) != "undecided"
    assert deciding <= MOST


@pytest.mark.parametrize(("truth", "decision"), [(0.3, "refuted"), (0.1, "supported")])
def test_a_mean_off_the_bound_is_decided_rightly(truth, decision):
    rng = np.random.default_rng(16)
    repeats, right = 200, 0
    for _ in range(repeats):
        right += BoundedMeanTest(0, 1, 0.2, ALPHA).update(rng.random(1000) < truth) == decision
    assert right >= stats.binom.ppf(FALSE_ALARM, repeats, 0.95)


def test_batches_do_not_change_the_mean_test():
    values = np.random.default_rng(17).beta(2, 3, 9000)
    whole, parts = BoundedMeanTest(0, 1, 0.4, ALPHA), BoundedMeanTest(0, 1, 0.4, ALPHA)
    whole.update(values)
    for part in np.array_split(values, 37):
        parts.update(part)
    assert whole.log_e_values(0.4) == pytest.approx(parts.log_e_values(0.4), rel=1e-9)
    assert whole.interval() == pytest.approx(parts.interval(), abs=1e-9)
    assert whole.samples == parts.samples == 9000


def test_the_mean_interval_is_where_both_e_values_are_small():
    test = BoundedMeanTest(10, 20, 15, ALPHA)
    test.update(10 + 10 * np.random.default_rng(18).random(2000) ** 2)
    low, high = test.interval()
    level = math.log(2 / ALPHA)
    assert low < 10 + 10 / 3 < high < 14
    assert test.log_e_values(low - 1e-6)[0] >= level
    assert test.log_e_values(high + 1e-6)[1] >= level
    assert max(test.log_e_values(low + 1e-6)) < level
    assert max(test.log_e_values(high - 1e-6)) < level


def test_the_mean_interval_reaches_the_ends_only_for_constant_data():
    zeros, ones = BoundedMeanTest(0, 1, 0.5, ALPHA), BoundedMeanTest(0, 1, 0.5, ALPHA)
    zeros.update(np.zeros(500))
    ones.update(np.ones(500))
    assert zeros.interval()[0] == 0
    assert zeros.interval()[1] < 0.05
    assert ones.interval()[1] == 1
    assert zeros.decision == "supported"
    assert ones.decision == "refuted"


def test_run_stops_at_the_decision_and_draws_no_further_block():
    drawn = []

    def blocks():
        while True:
            drawn.append(1)
            yield 40, 100

    outcome = run(BernoulliTest(0.1, 0.01), blocks(), 10**6)
    assert outcome == Outcome(decision="refuted", samples=100, interval=outcome.interval, alpha=0.01)
    assert len(drawn) == 1


def test_run_ends_undecided_at_the_budget_or_with_the_blocks():
    budget = run(BernoulliTest(0.1, 0.01), ((1, 10) for _ in range(10**6)), 95)
    assert (budget.decision, budget.samples) == ("undecided", 100)
    ended = run(BoundedMeanTest(0, 1, 0.5, 0.01), [np.array([0.4, 0.6])], 10**6)
    assert (ended.decision, ended.samples) == ("undecided", 2)


def test_run_feeds_arrays_to_the_mean_test():
    rng = np.random.default_rng(19)
    outcome = run(BoundedMeanTest(0, 1, 0.9, 0.01), (rng.random(100) for _ in range(100)), 10**4)
    assert outcome.decision == "supported"
    assert outcome.interval[1] < 0.9
