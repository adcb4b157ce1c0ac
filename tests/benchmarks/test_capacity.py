"""What all bounds by capacity of one model cost, in eigendecompositions of its size."""

import numpy as np

import numerics as nm
from tests.benchmarks.test_dynamics import alternate, enabled, paired, schedule

_EACH = 100  # eigendecompositions, so that both are long enough to be timed


def test_the_bounds_by_capacity_of_a_model_cost_a_few_thousand_eigendecompositions(benchmark, report_row):
    large = enabled(benchmark)
    m, nodes, taus = (64, 64, (1.0, 30.0, 1e3, 1e4)) if large else (6, 8, (1.0,))
    features = nm.RandomFeatures.sample(m, 1, nm.exponential_embedding(), rng=np.random.default_rng(0))
    law, times = nm.histogram_density([-1.0, 0.0, 1.0], [0.3, 0.7]), schedule(24)

    def bounds():
        capacity = nm.Capacity(law=nm.histogram_datum_law(features, law, times, nodes=nodes), initial=np.zeros((1, m)))
        return [capacity.bounds(tau=tau, n=1000, delta=0.05) for tau in taus]

    H = np.random.default_rng(1).standard_normal((m, m))
    matrix = H @ H.T

    def decompositions():
        for _ in range(_EACH):
            np.linalg.eigh(matrix)

    found = benchmark.pedantic(bounds, rounds=1)
    assert all(bound.root < bound.total for routes in found for bound in routes)
    if large:
        seconds, reference = alternate(3, bounds, decompositions)
        ratio, details = paired(seconds, reference / _EACH)
        report_row(
            f"capacity: law, all routes, branches and ridges, m = {m}, {nodes} cells, {len(taus)} training times",
            f"LAPACK eigh of m = {m}",
            ratio,
            "<=",
            4500,
            **details,
        )
