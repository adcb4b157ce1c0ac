"""Data laws in the eigenbasis of B, lower tails and bounds by capacity: against exact laws and samples of them."""

import math
from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

import numerics as nm
from numerics.per_datum.filters import largest_damped
from numerics.per_datum.lower_tail import Ridge
from numerics.per_datum.noise import Noise, noise_of

HISTOGRAM = nm.histogram_density([-1.0, -0.4, 0.5, 1.0], [0.5, 0.2, 0.3])
TIMES = np.array([0.05, 0.5, 1.2])
SCHEDULE = nm.Schedule(times=TIMES, weights=[0.2, 0.5, 0.3], mean_scale=np.exp(-TIMES),
                       std=np.sqrt(-np.expm1(-2 * TIMES)), loss_weight=[2.0, 1.0, 3.0])  # fmt: skip
FEATURES = nm.RandomFeatures.sample(6, 1, nm.exponential_embedding(), rng=3)
LAW = nm.histogram_datum_law(FEATURES, HISTOGRAM, SCHEDULE, nodes=32)
POINTS = np.linspace(-1.0, 1.0, 9)
ATOMS = nm.atomic_datum_law(FEATURES, POINTS, SCHEDULE)
START = np.random.default_rng(1).normal(size=(1, 6))


def test_the_nodes_of_a_histogram_average_to_its_population_loss():
    loss = nm.histogram_quadratic(FEATURES, HISTOGRAM, SCHEDULE)
    np.testing.assert_allclose(LAW.quadratic.B, loss.B, rtol=0, atol=1e-6 * np.abs(loss.B).max())
    np.testing.assert_allclose(LAW.quadratic.b, loss.b, rtol=0, atol=1e-6 * np.abs(loss.b).max())
    assert LAW.quadratic.c == loss.c
    basis = LAW.quadratic.spectrum.vectors
    mean = np.tensordot(LAW.weights, LAW.matrices, axes=1)
    np.testing.assert_allclose(basis @ mean @ basis.T, LAW.quadratic.B, atol=1e-14)


def test_matrices_between_the_points_of_the_grid_are_enclosed():
    basis = LAW.quadratic.spectrum.vectors
    count = len(LAW.lower)
    places = np.random.default_rng(0).uniform(-1, 1, 200)
    parts = basis.T @ nm.per_datum_parts(FEATURES, places, SCHEDULE)[0] @ basis
    cell = np.clip(((places + 1) / 2 * count).astype(int), 0, count - 1)
    size = 1e-13 * LAW.largest
    assert np.linalg.eigvalsh(parts - LAW.lower[cell]).min() >= -size
    assert np.linalg.eigvalsh(LAW.upper[cell] - parts).min() >= -size
    assert LAW.largest >= np.linalg.eigvalsh(parts)[:, -1].max()


def test_deviations_of_a_law_have_mean_zero_and_are_those_of_the_data():
    theta = np.random.default_rng(2).normal(size=(5, 1, 6))
    found = ATOMS.deviations(theta)
    assert found.shape == (9, 5, 1, 6)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-14)
    loss = nm.empirical_quadratic(FEATURES, POINTS[[2]], SCHEDULE)
    basis = ATOMS.quadratic.spectrum.vectors
    turned = theta[0] @ basis.T
    gap = (turned @ (loss.B - ATOMS.quadratic.B) - (loss.b - ATOMS.quadratic.b)) @ basis
    np.testing.assert_allclose(found[2, 0], gap, atol=1e-12)


def test_features_in_the_plane_have_a_law_of_atoms():
    plane = nm.RandomFeatures.sample(4, 2, nm.constant_embedding(), rng=0)
    law = nm.atomic_datum_law(plane, np.random.default_rng(0).normal(size=(5, 2)), SCHEDULE)
    bound = nm.Capacity(law=law, initial=np.ones((2, 4))).bounds(tau=1.0, n=50, delta=0.1)[0]
    assert bound.root < bound.total < math.inf


# Lower tails ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ridge", [1e-3, 0.1])
@pytest.mark.parametrize(("count", "failure"), [(1, 0.3), (3, 0.1), (4, 0.5)])
def test_the_lower_tail_fails_no_more_often_than_stated_by_enumeration(ridge, count, failure):
    law = nm.atomic_datum_law(FEATURES, POINTS[[0, 4, 8]], SCHEDULE, weights=[0.05, 0.9, 0.05])
    white = Ridge(law=law, ridge=ridge)
    parts = white.whitened(law.matrices) + np.diag(ridge * white.inverse)
    kept = white.kept(count, failure)
    chance = 0.0
    for outcome in product(range(3), repeat=count):
        least = np.linalg.eigvalsh(parts[list(outcome)].mean(axis=0))[0]
        assert least >= white.omega * (1 - 1e-12)
        chance += float(np.prod(law.weights[list(outcome)])) * (least < kept.share * (1 - 1e-12))
    assert chance <= failure


def test_every_branch_of_the_lower_tail_is_below_the_master_bound_of_a_fine_grid():
    white, n, p = Ridge(law=ATOMS, ridge=0.01), 200, 1e-3
    theta = np.geomspace(0.05, 30, 100)
    shift = np.diag(white.ridge * white.inverse)
    values, vectors = np.linalg.eigh(white.whitened(ATOMS.matrices) + shift)
    best = -math.inf
    for at in theta:
        mean = np.mean((vectors * np.exp(-at * values)[:, None, :]) @ vectors.transpose(0, 2, 1), axis=0)
        logs = n * np.log(np.linalg.eigvalsh(mean))
        best = max(best, (math.log(p) - logs.max() - math.log(np.exp(logs - logs.max()).sum())) / (at * n))
    kept = white.kept(n, p)
    assert white.kept(n, p, sharpest=False).share <= kept.share <= max(best, white.omega) + 1e-12
    assert kept.share >= 0.97 * best


def test_more_data_keep_more_and_the_sure_share_is_never_undercut():
    white = Ridge(law=LAW, ridge=0.05)
    shares = [white.kept(n, 1e-3).share for n in (1, 10, 100, 1000, 10**6)]
    assert shares == sorted(shares)
    assert shares[0] >= white.omega > 0
    assert shares[-1] > 0.99


# Noise ---------------------------------------------------------------------------------------------------------------


def test_the_noise_of_a_fair_coin_is_its_standard_deviation_thrice():
    assert noise_of(np.array([0.5, 0.5]), np.array([[1.0], [-1.0]])) == Noise(spread=1.0, weak=1.0, range=1.0)


@pytest.mark.parametrize("count", [1, 2, 10, 100])
@pytest.mark.parametrize("failure", [0.9, 0.3, 0.01])
def test_quantiles_of_coins_are_exceeded_no_more_often_than_stated(count, failure):
    for chance in (0.5, 0.05):
        values = np.array([1 - chance, -chance])
        noise = noise_of(np.array([chance, 1 - chance]), values[:, None])
        heads = np.arange(count + 1)
        means = np.abs(heads / count - chance)
        beyond = means > noise.quantile(count, failure) * (1 + 1e-12)
        assert binom.pmf(heads, count, chance)[beyond].sum() <= failure
        assert noise.leading(count, failure) <= noise.quantile(count, failure)


# Bounds --------------------------------------------------------------------------------------------------------------


def excess(theta):
    """√(L̃(Θ)−L*) of parameters."""
    spectrum = ATOMS.quadratic.spectrum
    gap = (theta - ATOMS.quadratic.minimiser()) @ spectrum.vectors
    return math.sqrt(float(np.sum(gap**2 * spectrum.values)))


@pytest.mark.parametrize("tau", [0.1, 10.0, 1e4])
@pytest.mark.parametrize("count", [1, 5, 60])
def test_bounds_are_violated_no_more_often_than_stated(count, tau):
    capacity = nm.Capacity(law=ATOMS, initial=START)
    bounds = capacity.bounds(tau=tau, n=count, delta=0.2, comparators=(0.0, 1.0, math.inf))
    assert {bound.route for bound in bounds} == {"path", "comparator"}
    rng = np.random.default_rng(count)
    basis = ATOMS.quadratic.spectrum.vectors
    draws = 100
    found = np.empty(draws)
    for k in range(draws):
        share = rng.multinomial(count, np.full(9, 1 / 9)) / count
        B, b = (np.tensordot(share, part, axes=1) for part in (ATOMS.matrices, ATOMS.vectors))
        hat = nm.Quadratic(B=basis @ B @ basis.T, b=b @ basis.T, c=math.inf)
        found[k] = excess(nm.GradientFlow(hat, START).parameters(tau))
    for bound in bounds:
        # twelve cells of this test together raise a false alarm less than once in a million
        assert (found > bound.total * (1 + 1e-9)).sum() <= binom.isf(1e-8, draws, 0.2)


def test_the_path_rests_on_no_more_times_than_it_needs():
    """The noise along the path is at least that of a fine quadrature, and little more."""
    capacity = nm.Capacity(law=ATOMS, initial=START)
    bound = next(b for b in capacity.bounds(tau=20.0, n=100, delta=0.1) if b.route == "path")
    white = next(ridge for ridge in capacity.ridges if ridge.ridge == bound.ridge)
    spectrum = ATOMS.quadratic.spectrum
    flow = nm.GradientFlow(ATOMS.quadratic, START)
    edges = np.concatenate([[0.0], np.geomspace(1e-3, 20.0, 4000)])
    times = 0.5 * (edges[1:] + edges[:-1])
    omega = largest_damped(times, 20.0, np.array([white.ridge]), ATOMS.largest)[0]
    G = (flow.parameters(times) @ ATOMS.quadratic.B - ATOMS.quadratic.b) @ spectrum.vectors
    rate = 2 * np.einsum("kdm,nmj->nkdj", G, ATOMS.centred) * np.sqrt(white.inverse)
    spread = np.sqrt(np.mean(np.sum(rate**2, axis=(2, 3)), axis=0))
    gain = largest_damped(np.array([20.0]), 20.0, np.array([white.ridge]), ATOMS.largest)[0, 0]
    end = ATOMS.deviations(flow.parameters(20.0) @ spectrum.vectors) * np.sqrt(white.inverse)
    fine = gain * noise_of(ATOMS.weights, end).spread + float(np.sum(omega * spread * np.diff(edges)))
    assert fine <= bound.noise.spread <= 1.1 * fine


def test_a_law_without_active_features_is_refused():
    silent = nm.RandomFeatures(weights=[[0.0]], time_weights=[[-0.5]], embedding=nm.constant_embedding())
    law = nm.atomic_datum_law(silent, [0.0, 1.0], SCHEDULE)
    with pytest.raises(ValueError, match=r"law must have features that are active; .* nothing to learn"):
        nm.Capacity(law=law, initial=[[0.0]])
