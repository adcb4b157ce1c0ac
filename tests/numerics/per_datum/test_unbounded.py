"""Bounds by capacity from second moments: against a law's own moments, drawn data, and where the law is bounded."""

import math

import numpy as np
import pytest
from scipy.stats import binom

import numerics as nm
from theory import GaussianMixture

FEATURES = nm.RandomFeatures.sample(6, 1, nm.exponential_embedding(), rng=1)
SCHEDULE = nm.Schedule(
    times=[0.1, 0.5, 1.0], weights=[0.3, 0.4, 0.3], mean_scale=[0.9, 0.6, 0.37], std=[0.44, 0.8, 0.93],
    loss_weight=[2.0, 2.0, 2.0],
)  # fmt: skip
MODES = GaussianMixture.two_modes(2)
LAW = nm.mixture_datum_law(FEATURES, MODES, SCHEDULE)
START = np.zeros((1, 6))
CAPACITY = nm.MomentCapacity(law=LAW, initial=START)


def drawn(count, rng):
    return 2.0 * rng.choice((-1.0, 1.0), count) + rng.normal(size=count)


def test_the_mean_of_the_nodes_is_the_exact_population():
    exact = nm.population_quadratic(FEATURES, MODES, SCHEDULE)
    np.testing.assert_allclose(LAW.quadratic.B, exact.B, rtol=0, atol=1e-6 * exact.B.max())
    np.testing.assert_allclose(LAW.quadratic.b, exact.b, rtol=0, atol=1e-6 * np.abs(exact.b).max())
    assert LAW.quadratic.c == exact.c


def test_the_scatter_is_that_of_drawn_data():
    B, _ = nm.per_datum_parts(FEATURES, drawn(20_000, np.random.default_rng(0)), SCHEDULE)
    squares = np.sum((B - B.mean(axis=0)) ** 2, axis=(1, 2))
    error = 5.5 * squares.std() / math.sqrt(len(squares))
    assert CAPACITY.scatter**2 == pytest.approx(squares.mean(), abs=error)


def test_a_finer_rule_gives_the_same_bound():
    finer = nm.MomentCapacity(law=nm.mixture_datum_law(FEATURES, MODES, SCHEDULE, nodes=80), initial=START)
    for tau in (0.5, 50.0):
        values = [each.bound(tau=tau, n=200, delta=0.1).total for each in (CAPACITY, finer)]
        assert values[0] == pytest.approx(values[1], rel=1e-4)


def test_losses_of_drawn_data_exceed_the_bound_no_more_often_than_stated():
    rng, draws, delta = np.random.default_rng(3), 30, 0.3
    for n, tau in ((4, 20.0), (100, 5.0)):
        limit = CAPACITY.bound(tau=tau, n=n, delta=delta).total
        best = CAPACITY.whole.flow.parameters(math.inf)
        above = 0
        for _ in range(draws):
            hat = nm.empirical_quadratic(FEATURES, drawn(n, rng), SCHEDULE)
            excess = CAPACITY.whole.flow.quadratic.loss(nm.GradientFlow(hat, START).parameters(tau))
            above += math.sqrt(max(excess - CAPACITY.whole.flow.quadratic.loss(best), 0.0)) > limit
        assert above <= binom.isf(1e-8, draws, delta)


def test_more_data_leave_the_populations_excess_and_no_bound_needs_a_range():
    totals = [CAPACITY.bound(tau=5.0, n=n, delta=0.05).total for n in (1, 10, 1000, 10**9)]
    assert totals == sorted(totals, reverse=True)
    assert math.isfinite(totals[0])
    assert totals[-1] == pytest.approx(CAPACITY.whole.root(5.0), rel=1e-3)
    assert CAPACITY.bound(tau=5.0, n=1000, delta=0.05).branch != "Chernoff"


def test_of_a_bounded_law_it_is_above_the_bound_that_knows_the_range():
    law = nm.histogram_datum_law(FEATURES, nm.histogram_density([-1.0, 0.0, 1.0], [0.3, 0.7]), SCHEDULE, nodes=32)
    sharp = nm.Capacity(law=law, initial=START).bounds(tau=5.0, n=10**4, delta=1e-3, comparators=())[0]
    found = nm.MomentCapacity(law=law, initial=START).bound(tau=5.0, n=10**4, delta=1e-3)
    assert found.root == pytest.approx(sharp.root)
    assert found.total > sharp.total
