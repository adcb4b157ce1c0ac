"""How fast and how accurate the dynamics are, each against its reference in the same run.

    pytest tests/benchmarks --benchmark-enable

prints a row each, with the ratio to its reference (and keeps it in the benchmark's `extra_info`). Without
`--benchmark-enable` each row runs once on a small size, as a test that it works.
"""

import time
from types import SimpleNamespace

import mpmath as mp
import numpy as np
import pytest
import scipy.linalg

import numerics as nm

MIX = SimpleNamespace(weights=[0.3, 0.7], means=[-2.0, 2.0], variances=[1.0, 1.0])


def enabled(benchmark):
    return not benchmark.disabled


def alternate(rounds, *functions):
    """The times (functions, rounds) of functions that take turns, so that a busy machine disturbs all alike."""
    seconds = np.empty((len(functions), rounds))
    for j in range(rounds):
        for k, function in enumerate(functions):
            start = time.perf_counter()
            function()
            seconds[k, j] = time.perf_counter() - start
    return seconds


def paired(seconds, reference):
    """The median over rounds of the ratio of two times of the same round, and the quartiles around it."""
    low, median, high = np.quantile(seconds / reference, (0.25, 0.5, 0.75))
    return float(median), {
        "first_quartile": float(low),
        "third_quartile": float(high),
        "ratio_of_least_times": float(seconds.min() / reference.min()),
        "seconds": float(seconds.min()),
        "reference_seconds": float(reference.min()),
    }


def schedule(count):
    times, weights = nm.gauss_legendre_times(3.0, count)
    std = np.sqrt(-np.expm1(-2 * times))
    rate = np.full(count, 2.0)
    return nm.Schedule(times=times, weights=weights, mean_scale=np.exp(-times), std=std, loss_weight=rate)


@pytest.mark.parametrize("width", [1024, 2048])
def test_a_flow_at_100_times_costs_hardly_more_than_its_eigendecomposition(benchmark, report_row, width):
    m = width if enabled(benchmark) else width // 32
    rng = np.random.default_rng(0)
    H = rng.standard_normal((m, m))
    B, b = H @ H.T / m, rng.standard_normal((1, m)) @ H.T / m
    initial, taus = np.zeros((1, m)), np.logspace(-3, 4, 100)

    def flow():
        path = nm.GradientFlow(nm.Quadratic(B=B, b=b, c=10.0 * m), initial)
        return path.parameters(taus), path.loss(taus), path.norm(taus)

    def decomposition():
        return scipy.linalg.eigh(B, driver="evd")

    theta, loss, norm = benchmark.pedantic(flow, rounds=1)
    np.testing.assert_allclose(norm, np.linalg.norm(theta, axis=(1, 2)), rtol=1e-12)
    assert (np.diff(loss) <= 0).all()
    if enabled(benchmark):
        seconds, reference, gemm = alternate(7, flow, decomposition, lambda: B @ H)
        ratio, details = paired(seconds, reference)
        # 4m³/3 for the reduction (half of it in matrix–vector products), about 4m³ for eigenvectors
        work = 16 / 3 * m**3
        report_row(
            f"GradientFlow, m = {m}, 100 times, loss and norm",
            "LAPACK eigh alone",
            ratio,
            "<=",
            1.3,
            **details,
            eigh_gflops=work / reference.min() / 1e9,
            gemm_gflops=2 * m**3 / gemm.min() / 1e9,
        )


def test_a_population_quadratic_costs_less_than_half_of_one_node_per_cell(benchmark, report_row):
    large = enabled(benchmark)
    m, count = (1024, 64) if large else (64, 8)
    features = nm.RandomFeatures.sample(m, 1, nm.exponential_embedding(), rng=np.random.default_rng(0))
    times = schedule(count)
    matrix = np.random.default_rng(1).standard_normal((m, m))

    def quadratic():
        return nm.population_quadratic(features, MIX, times)

    def products():
        for _ in range(2 * count):
            np.matmul(matrix, matrix)

    value = benchmark.pedantic(quadratic, rounds=1)
    assert 0.0 < value.minimum < value.c
    if large:
        seconds, reference, eigh = alternate(3, quadratic, products, lambda: np.linalg.eigh(value.B))
        ratio, details = paired(seconds, reference)
        pairs = count * m * (m + 1) / 2
        report_row(
            f"population quadratic, m = {m}, {count} times, 2 modes",
            f"{2 * count} GEMMs of {m}³",
            ratio,
            "<=",
            0.5,
            **details,
            ratio_with_decomposition=paired(seconds + eigh, reference)[0],
            nanoseconds_per_pair_and_time=seconds.min() / pairs * 1e9,
            gemm_gflops=2 * count * 2 * m**3 / reference.min() / 1e9,
        )


def test_an_empirical_quadratic_does_not_multiply_data_by_features(benchmark, report_row):
    large = enabled(benchmark)
    m, n, count = (1024, 100_000, 16) if large else (32, 1000, 2)
    rng = np.random.default_rng(2)
    features = nm.RandomFeatures.sample(m, 1, nm.exponential_embedding(), rng=rng)
    data = rng.choice([-2.0, 2.0], size=n) + rng.standard_normal(n)
    times = schedule(count)
    value = benchmark.pedantic(lambda: nm.empirical_quadratic(features, data, times), rounds=1)
    assert np.linalg.norm(value.b) > 0
    if large:
        part = data[: n // 100]
        seconds, small = alternate(
            3,
            lambda: nm.empirical_quadratic(features, data, times),
            lambda: nm.empirical_quadratic(features, part, times),
        )
        ratio, details = paired(seconds, small)
        report_row(f"empirical quadratic, n = {n}", f"the same, n = {n // 100}", ratio, "<=", 10, **details)


def low_rank(m, rank, seed):
    """B = H Hᵀ and b = R Hᵀ of rank r in integers over 64, exact in floating point."""
    rng = np.random.default_rng(seed)
    H, R = rng.integers(-3, 4, size=(m, rank)) / 8, rng.integers(-3, 4, size=(2, rank)) / 8
    return H, R, rng.integers(-2, 3, size=(2, m)) / 4


def exact_path(H, R, initial, taus):
    """Θ(τ) = Θ0 + C Hᵀ with dC/dτ = −2 (Θ0 H + C HᵀH − R) at 50 digits: an r × r problem, no null space in it."""
    with mp.workdps(50):
        gram = mp.matrix((H.T @ H).tolist())
        force = mp.matrix((initial @ H - R).tolist())
        kappa, V = mp.eigsy(gram)
        modes = force * V
        path = []
        for tau in taus:
            rates = [(1 - mp.exp(-2 * k * mp.mpf(float(tau)))) / k for k in kappa]
            scaled = mp.matrix(modes.rows, modes.cols)
            for i in range(modes.rows):
                for k, rate in enumerate(rates):
                    scaled[i, k] = -modes[i, k] * rate
            C = scaled * V.T
            low = (mp.matrix(initial.tolist()) * mp.matrix(H.tolist()) + C * gram) - mp.matrix(R.tolist())
            loss = mp.fsum(x * x for x in low)
            path.append((np.array((C * mp.matrix(H.T.tolist())).tolist(), dtype=float), float(loss)))
    return path


def test_the_flow_of_a_rank_deficient_problem_is_good_to_1e_9(benchmark, report_row):
    m, rank = (512, 12) if enabled(benchmark) else (96, 8)
    H, R, initial = low_rank(m, rank, 3)
    taus = np.concatenate([[0.0], np.logspace(-6, 4, 11)])
    quadratic = nm.Quadratic(B=H @ H.T, b=R @ H.T, c=float(np.sum(R * R)))
    flow = nm.GradientFlow(quadratic, initial)
    assert (quadratic.spectrum.values > 0).sum() == rank
    theta, loss = benchmark.pedantic(lambda: (flow.parameters(taus), flow.loss(taus)), rounds=1)
    exact = exact_path(H, R, initial, taus)
    worst = max(float(np.abs(theta[k] - initial - moved).max()) for k, (moved, _) in enumerate(exact))
    # ‖Θh − s‖² summed over the range: the loss itself
    worst_loss = max(abs(loss[k] - value) for k, (_, value) in enumerate(exact))
    report_row(
        f"error of the flow, rank {rank} in m = {m}, τ to 1e4",
        "high-precision arithmetic",
        worst,
        "<=",
        1e-9,
        loss_error=worst_loss,
    )
    assert worst <= 1e-9
    assert worst_loss <= 1e-9 * max(1.0, exact[0][1])
