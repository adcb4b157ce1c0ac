"""Standard normals per second inside the Monte-Carlo kernels, two threads, against NumPy's SFC64 in two threads.

    pytest tests/benchmarks --benchmark-enable

End to end: drawing, the kernel's own arithmetic and the counting.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import numerics as nm

TARGET = 0.7
THREADS = 2


def numpy_rate(numbers):
    """Normals per second of SFC64 into buffers that stay in cache, one generator and buffer per thread."""
    generators = [np.random.Generator(np.random.SFC64(seed)) for seed in range(THREADS)]
    buffers = [np.empty(1 << 14) for _ in generators]
    rounds = numbers // THREADS // len(buffers[0])

    def fill(generator, buffer):
        for _ in range(rounds):
            generator.standard_normal(out=buffer)

    with ThreadPoolExecutor(THREADS) as pool:
        begin = time.perf_counter()
        list(pool.map(fill, generators, buffers))
        return rounds * THREADS * len(buffers[0]) / (time.perf_counter() - begin)


EXPERIMENTS = {
    "endpoint": (nm.EndpointViolation(initial=np.zeros(64), mean_scale=0.5, std=0.8, bound=3.0), 64),
    "path": (
        nm.PathViolation(initial=np.zeros(4), clock=np.linspace(0.1, 1, 32), mean_scale=np.ones(32), bound=3.0),
        32 * 4,
    ),
    "sphere": (nm.MeanNormViolation(law="sphere", count=64, dim=8, radius=1.0, bound=0.3), 64 * 8),
}


@pytest.mark.benchmark(group="normals")
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_monte_carlo_kernels_draw_normals_at_the_rate_of_numpy(benchmark, report_row, name):
    experiment, each = EXPERIMENTS[name]
    measured = not benchmark.disabled
    numbers = 1 << 21 if measured else 1 << 16
    samples, references, rates = numbers // each, [], []

    def run():
        return sum(b.samples for b in nm.violation_blocks(experiment, samples=samples, rng=0, workers=THREADS))

    def timed():
        begin = time.perf_counter()
        done = run()
        rates.append(samples * each / (time.perf_counter() - begin))
        return done

    # reference and kernel take turns: other work on the machine hits both of a pair alike
    done = benchmark.pedantic(
        timed, setup=lambda: references.append(numpy_rate(numbers)), rounds=31 if measured else 1, warmup_rounds=1
    )
    assert done == samples
    if measured:
        ratios = np.array(rates) / np.array(references)
        report_row(
            f"standard normals per second inside the {name} kernel",
            f"NumPy's SFC64, {THREADS} threads",
            float(np.median(ratios)),
            ">=",
            TARGET,
            first_quartile=float(np.quantile(ratios, 0.25)),
            third_quartile=float(np.quantile(ratios, 0.75)),
            normals_per_second=max(rates),
            numpy_normals_per_second=max(references),
        )
