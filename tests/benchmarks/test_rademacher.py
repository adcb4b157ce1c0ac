"""The exact supremum of the ReLU class against a general optimiser.

    pytest tests/benchmarks --benchmark-enable

The reference, 20 starts of Nelder–Mead per sign vector, is timed on a few
vectors in the same run and scaled to all of them.
"""

import time

import numpy as np
import pytest
from scipy.optimize import minimize

import numerics as nm

POINTS, VECTORS, STARTS = 10_000, 1000, 20
TARGET = 1000.0


def optimise(points, signs, starts):
    """The best of Nelder–Mead runs over the boundary |w| + |b| = 1, parametrised by the turn in [0, 4)."""
    weights = signs.astype(float)

    def loss(angle):
        turn = float(angle[0]) % 4.0
        w = abs(turn - 2.0) - 1.0
        b = (1.0 - abs(w)) * (1.0 if turn < 2.0 else -1.0)
        return -float(np.maximum(w * points + b, 0.0) @ weights)

    runs = [minimize(loss, [start], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-9}) for start in starts]
    return max(0.0, *(-run.fun for run in runs))


@pytest.mark.benchmark(group="relu-supremum")
def test_the_relu_supremum_is_exact_and_never_below_an_optimiser(benchmark, report_row):
    measured = not benchmark.disabled
    count, compared = (VECTORS, 3) if measured else (64, 1)
    rng = np.random.default_rng(0)
    points = rng.normal(size=POINTS)
    signs = (2 * rng.integers(0, 2, (count, POINTS)) - 1).astype(np.int8)
    family = nm.ReluClass(points=points, embedding=1.0)
    exact = benchmark(family.supremum, signs)

    starts = np.linspace(0.0, 4.0, STARTS if measured else 2, endpoint=False)
    begin = time.perf_counter()
    found = [optimise(points, row, starts) for row in signs[:compared]]
    reference = (time.perf_counter() - begin) / compared * count
    # the stated error of the supremum; the optimiser's sums have about as much
    tolerance = 8 * (POINTS + 4) * 2.0**-52 * float(np.maximum(np.abs(points), 1.0).sum())
    assert all(best <= top + tolerance for best, top in zip(found, exact[:compared], strict=True))
    if measured:
        ratio = reference / benchmark.stats.stats.median
        report_row(
            f"time of a scipy optimiser from {STARTS} starts",
            f"exact ReLU supremum, n = {POINTS}, {count} signs",
            ratio,
            ">=",
            TARGET,
            reference_seconds=reference,
            nanoseconds_per_point=1e9 * benchmark.stats.stats.median / count / POINTS,
        )
