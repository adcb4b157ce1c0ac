"""The population loss of a histogram and the per-datum constants, against quadrature, dense grids and Monte Carlo."""

import math
from itertools import combinations_with_replacement, pairwise

import numpy as np
import pytest
from scipy.integrate import quad

import numerics as nm

LAW = nm.histogram_density([-1.0, -0.4, 0.5, 1.0], [0.5, 0.2, 0.3])
FEATURES = nm.RandomFeatures(weights=[[0.7], [-0.5], [0.2], [0.0]], time_weights=[[0.1], [0.4], [-0.1], [0.8]],
                             embedding=nm.constant_embedding())  # fmt: skip
TIMES = np.array([0.1, 0.5, 1.2])
SCHEDULE = nm.Schedule(times=TIMES, weights=[0.2, 0.5, 0.3], mean_scale=np.exp(-TIMES),
                       std=np.sqrt(-np.expm1(-2 * TIMES)), loss_weight=[2.0, 1.0, 3.0])  # fmt: skip
ONE = nm.Schedule(times=[0.3], weights=[1.0], mean_scale=[0.8], std=[0.3], loss_weight=[1.5])
THETA = np.array([[1.0, -2.0, 0.5, 0.3]])


def network(x):
    return np.maximum(FEATURES.weights[:, 0] * x + FEATURES.intercepts(ONE.times)[0], 0.0) / 2.0  # √m = 2


def mean(function):
    """1.5 E f(x_t) at the time of ONE, split at kinks and edges."""
    density = LAW.diffused(0.8, 0.3)
    kinks = [-i / w for w, i in zip(FEATURES.weights[:, 0], FEATURES.intercepts(ONE.times)[0], strict=True) if w]
    ends = np.unique(np.concatenate([[-4.0, 4.0], kinks, 0.8 * LAW.edges]))
    ends = ends[(ends >= -4.0) & (ends <= 4.0)]  # 10 standard deviations beyond the edges
    return 1.5 * math.fsum(
        quad(lambda x: function(x) * float(density.pdf(x)), a, b, epsabs=1e-12, epsrel=1e-11)[0]
        for a, b in pairwise(ends)
    )


def brute():
    density = LAW.diffused(0.8, 0.3)
    B = np.zeros((4, 4))
    for i, j in combinations_with_replacement(range(4), 2):
        B[i, j] = B[j, i] = mean(lambda x, i=i, j=j: network(x)[i] * network(x)[j])
    b = np.array([mean(lambda x, i=i: network(x)[i] * density.score([x])[0]) for i in range(4)])
    return B, b, mean(lambda x: density.score([x])[0] ** 2)


def test_the_quadratic_of_a_histogram_is_that_of_direct_quadrature_to_second_order():
    B, b, c = brute()
    errors = []
    for nodes in (50, 100, 200):
        loss = nm.histogram_quadratic(FEATURES, LAW, ONE, nodes=nodes)
        assert loss.c == pytest.approx(c, rel=1e-10)
        errors.append([np.abs(loss.B - B).max(), np.abs(loss.b[0] - b).max()])
    assert errors[-1][0] < 1e-4 * np.abs(B).max()
    for coarse, fine in pairwise(errors):
        # order 2 is a factor 4 where no cell is cut by an edge of the law, and these masses are multiples of 1/nodes
        np.testing.assert_allclose(np.array(coarse) / fine, 4.0, rtol=0.02)


def test_the_least_loss_is_nonnegative_and_below_the_loss_of_any_parameters():
    loss = nm.histogram_quadratic(FEATURES, LAW, SCHEDULE)
    assert 0.0 <= loss.minimum <= loss.loss(THETA)
    assert loss.minimum <= loss.c


@pytest.mark.parametrize("dim", [1, 2])
def test_the_parts_of_the_data_average_to_the_empirical_quadratic(dim):
    rng = np.random.default_rng(dim)
    features = nm.RandomFeatures.sample(6, dim, nm.exponential_embedding(), rng=rng)
    data = rng.uniform(-1, 1, (7, dim))
    B, b = nm.per_datum_parts(features, data, SCHEDULE)
    assert B.shape == (7, 6, 6)
    assert b.shape == (7, dim, 6)
    whole = nm.empirical_quadratic(features, data, SCHEDULE)
    np.testing.assert_allclose(B.mean(axis=0), whole.B, rtol=0, atol=1e-12 * np.abs(whole.B).max())
    np.testing.assert_allclose(b.mean(axis=0), whole.b, rtol=0, atol=1e-12 * np.abs(whole.b).max())
    one = nm.empirical_quadratic(features, data[2:3], SCHEDULE)
    np.testing.assert_allclose(B[2], one.B, rtol=0, atol=1e-12 * np.abs(one.B).max())
    norms = nm.per_datum_norms(features, data, SCHEDULE)
    np.testing.assert_allclose(norms[0], np.linalg.norm(B, axis=(1, 2)), rtol=1e-14)
    np.testing.assert_allclose(norms[1], np.linalg.norm(b, axis=(1, 2)), rtol=1e-14)


# Constants -----------------------------------------------------------------------------------------------------------


def dense(count=801):
    grid = np.linspace(*LAW.support, count)
    B, b = nm.per_datum_parts(FEATURES, grid, SCHEDULE)
    return grid, B, (THETA @ B - b)[:, 0, :]


def test_the_suprema_are_bounds_and_converge_with_the_mesh():
    _, B, G = dense()
    size = float(np.linalg.eigvalsh(B)[:, -1].max())
    radius = 0.5 * float(np.linalg.norm(G[:, None] - G[None], axis=2).max())
    length = float(np.linalg.norm(G, axis=1).max())
    slack = math.inf
    for nodes in (2, 8, 32, 128):
        found = nm.datum_constants(FEATURES, LAW, SCHEDULE, THETA, nodes=nodes)
        for bound, exact, room in (
            (found.matrix_bound, size, found.matrix_slack),
            (found.gradient_radius, radius, found.gradient_slack),
            (found.gradient_size, length, found.gradient_slack),
        ):
            assert exact <= bound * (1 + 1e-12)
            # grids of 2, 8 and 32 cells are parts of the dense one of 800; that of 128 is met to its slack
            assert bound <= exact + 2 * room
        assert found.gradient_radius <= found.gradient_size * (1 + 1e-12)
        assert found.matrix_slack <= slack / 3.9
        slack = found.matrix_slack
    assert slack < 0.02 * size


def test_the_slack_is_an_upper_bound_of_the_change_within_half_a_cell():
    grid, B, G = dense()
    found = nm.datum_constants(FEATURES, LAW, SCHEDULE, THETA, nodes=50)
    half = 0.5 * (LAW.support[1] - LAW.support[0]) / 50
    step = float(grid[1] - grid[0])
    steepest_B = np.linalg.norm(np.diff(B, axis=0), axis=(1, 2)).max() / step
    steepest_G = np.linalg.norm(np.diff(G, axis=0), axis=1).max() / step
    assert steepest_B * half <= found.matrix_slack
    assert steepest_G * half <= found.gradient_slack
    assert found.matrix_slack <= 20 * steepest_B * half  # and no idle number


def test_the_scatters_are_those_of_fresh_data():
    count, alpha = 4000, 1e-9
    found = nm.datum_constants(FEATURES, LAW, SCHEDULE, THETA, nodes=400)
    B, b = nm.per_datum_parts(FEATURES, LAW.sample(2 * count, rng=np.random.default_rng(8)), SCHEDULE)
    G = (THETA @ B - b)[:, 0, :]
    for values, scatter, size in (
        (B.reshape(len(B), -1), found.matrix_scatter, None),
        (G, found.gradient_scatter, 2 * found.gradient_radius),
    ):
        halves = 0.5 * np.sum((values[:count] - values[count:]) ** 2, axis=1)  # mean: the scatter's square
        most = 0.5 * (2 * np.linalg.norm(values, axis=1).max() if size is None else size) ** 2
        # Hoeffding: two-sided level 2 exp(−2 n e²/most²)
        assert abs(halves.mean() - scatter**2) <= most * math.sqrt(math.log(2 / alpha) / (2 * count))
        assert scatter**2 <= most


def test_the_scatters_converge_with_the_square_of_the_nodes():
    values = [nm.datum_constants(FEATURES, LAW, SCHEDULE, THETA, nodes=nodes) for nodes in (10, 20, 40, 640)]
    for name in ("matrix_scatter", "gradient_scatter"):
        *coarse, fine = (getattr(value, name) for value in values)
        gaps = np.abs(np.array(coarse) - fine)
        assert (gaps[:-1] / gaps[1:] > 3.5).all()
        assert gaps[-1] < fine / 40**2 * 10


def test_a_constant_law_of_one_narrow_cell_has_hardly_any_scatter():
    point = nm.histogram_density([0.3, 0.3 + 1e-6], [1.0])
    found = nm.datum_constants(FEATURES, point, SCHEDULE, THETA, nodes=4)
    assert found.matrix_scatter < 1e-6
    assert found.gradient_radius < 1e-5
    B, _ = nm.per_datum_parts(FEATURES, [0.3], SCHEDULE)
    assert found.matrix_bound == pytest.approx(float(np.linalg.norm(B[0], 2)), rel=1e-4)


def test_no_noise_leaves_the_gradient_without_a_bound_and_the_loss_without_a_value():
    still = nm.Schedule(times=[0.0, 1.0], weights=[0.5, 0.5], mean_scale=[1.0, 0.5], std=[0.0, 0.8],
                        loss_weight=[1.0, 1.0])  # fmt: skip
    assert nm.datum_constants(FEATURES, LAW, still, THETA).gradient_radius == math.inf
    with pytest.raises(ValueError, match="std"):
        nm.histogram_quadratic(FEATURES, LAW, still)
