"""What a GPU is for: replicas, Gram matrices, counts and eigendecompositions, each against plain PyTorch on the device.

    pytest tests/benchmarks/test_gpu.py --benchmark-enable

Without `--benchmark-enable` everything runs once on a small size, on the processor where there is no GPU, as a test
that it works. With it, rows are measured on a GPU, and each is skipped with that reason where there is none.
"""

import math
import time

import numpy as np
import pytest

import numerics as nm
from numerics.backends.torch_backend import TorchBackend
from numerics.checks.extras import MissingExtraError


class Plain(TorchBackend):
    """PyTorch without Triton and without torch.compile: CUDA graphs of written-out gradients, and eager tensors."""

    def epochs(self, *training):
        del training

    def fused(self, function):
        return function


@pytest.fixture
def gpu(benchmark):
    """PyTorch and the device to measure on; small sizes on the processor where nothing is measured."""
    try:
        nm.backend("torch")
    except MissingExtraError as error:
        pytest.skip(str(error))
    torch = pytest.importorskip("torch")
    there = torch.cuda.is_available()
    if not benchmark.disabled and not there:
        pytest.skip("no GPU is here: this row is measured on one")
    return torch, "cuda" if there else "cpu"


def seconds(work, rounds=5):
    """The median time of some runs after a first one, which compiles; every one ends with numbers on the processor."""
    work()
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return float(np.median(times))


def std(times):
    return np.sqrt(np.expm1(2.0 * times * math.log(25.0)) / (2.0 * math.log(25.0)))


DATA = np.random.default_rng(0).choice([-3.0, 3.0], size=1000) + np.random.default_rng(1).standard_normal(1000)
RATES = {"sgd": 0.5, "adam": 1e-3}


def per_epoch(backend, replicas, optimizer="sgd", *, measured, draws="numbered"):
    """Seconds of an epoch of figure 3's network: the difference of a long and a short run."""
    data, epochs = (DATA, (2, 22)) if measured else (DATA[:40], (1, 2))

    def run(count):
        return nm.train(
            data, optimizer=optimizer, learning_rate=RATES[optimizer], epochs=count, width=16, replicas=replicas, rng=0,
            mean_scale=1.0, std=std, output_scale=16.0, backend=backend, draws=draws,
        )  # fmt: skip

    short, long = (seconds(lambda count=count: run(count), 3 if measured else 1) for count in epochs)
    return (long - short) / (epochs[1] - epochs[0])


ROWS = [(10_000, "float64", 10.0), (10_000, "float32", 12.0), (1, "float64", 15.0), (256, "float64", 15.0),
        (2048, "float64", 15.0)]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_replicas_of_figure_3(benchmark, report_row, gpu, row):
    _, device = gpu
    replicas, dtype, goal = row
    measured = not benchmark.disabled
    count = replicas if measured else min(replicas, 3)
    ours, plain = TorchBackend(device=device, dtype=dtype), Plain(device=device, dtype=dtype)
    one = benchmark.pedantic(lambda: per_epoch(ours, count, measured=measured), rounds=1)
    other = per_epoch(plain, count, measured=measured)
    if measured:
        report_row(f"an epoch of {replicas} replicas of figure 3, {dtype}, how many times faster",
                   "written-out gradients in one CUDA graph per epoch", other / one, ">=", goal,
                   milliseconds=1e3 * one, milliseconds_of_the_reference=1e3 * other)  # fmt: skip


def test_replicas_cost_what_they_are_and_adam_little_more(benchmark, report_row, gpu):
    _, device = gpu
    measured = not benchmark.disabled
    few, many = (10_000, 100_000) if measured else (2, 4)

    def run():
        found = {}
        for dtype in ("float64", "float32"):
            backend = TorchBackend(device=device, dtype=dtype)
            for optimizer in RATES:
                found[dtype, optimizer] = per_epoch(backend, few, optimizer, measured=measured)
        return found, per_epoch(TorchBackend(device=device), many, measured=measured)

    found, large = benchmark.pedantic(run, rounds=1)
    if measured:
        sgd = found["float64", "sgd"]
        report_row("an epoch of 100 000 replicas", "one of 10 000", large / sgd, "<=", 10.5, milliseconds=1e3 * large)
        for dtype, goal in (("float64", 2.2), ("float32", 1.5)):
            ratio = found[dtype, "adam"] / found[dtype, "sgd"]
            report_row(f"an epoch with Adam, {dtype}", "one with SGD", ratio, "<=", goal)


def test_the_gram_matrix_in_one_pass(benchmark, report_row, gpu):
    _, device = gpu
    measured = not benchmark.disabled
    m, laws = (8192, 64) if measured else (64, 4)
    tables = np.random.default_rng(0).standard_normal((laws, 8, m))
    times = {}

    def run(backend):
        out = np.zeros((m, m))
        backend.add_laws(out, tables, m // 2)
        return out

    def both():
        times.update({kind: seconds(lambda kind=kind: run(kind(device=device)), 3) for kind in (TorchBackend, Plain)})

    benchmark.pedantic(both, rounds=1)
    one, two = run(TorchBackend(device=device)), run(Plain(device=device))
    np.testing.assert_allclose(one, two, rtol=0.0, atol=64 * 8 * 2.0**-52 * np.abs(two).max())
    if measured:
        report_row("second moments of 8192 features under 64 laws, how many times faster", "eager PyTorch",
                   times[Plain] / times[TorchBackend], ">=", 30.0, seconds=times[TorchBackend])  # fmt: skip


def test_a_billion_normals_are_counted(benchmark, report_row, gpu):
    torch, device = gpu
    measured = not benchmark.disabled
    dim = 64
    samples = 10**9 // dim if measured else 2000
    start = np.full(dim, 0.1)
    backend = TorchBackend(device=device)
    shift = torch.full((dim,), 0.08, dtype=torch.float64, device=device)

    def plain():
        total = 0
        for first in range(0, samples, 1 << 20):
            z = torch.randn((min(1 << 20, samples - first), dim), dtype=torch.float64, device=device)
            total += int(((z * 0.6 + shift).abs() > 1.5).any(dim=1).sum())
        return total

    def ours():
        return nm.endpoint_violations(initial=start, mean_scale=0.8, std=0.6, bound=1.5, samples=samples, rng=0,
                                      backend=backend)  # fmt: skip

    one = benchmark.pedantic(lambda: seconds(ours, 3), rounds=1)
    two = seconds(plain, 3)
    chance = ours() / samples
    assert abs(plain() / samples - chance) < 7.0 * math.sqrt(2.0 * chance * (1.0 - chance) / samples)  # below 1e-11
    if measured:
        report_row("10⁹ normals and a count of violations, float64, how many times faster",
                   "torch.randn and reductions", two / one, ">=", 3.0, seconds=one)  # fmt: skip


def test_the_flow_costs_its_eigendecomposition(benchmark, report_row, gpu):
    torch, device = gpu
    measured = not benchmark.disabled
    m = 8192 if measured else 64
    rng = np.random.default_rng(0)
    root = rng.standard_normal((m, m)) / math.sqrt(m)
    B, b, start = root @ root.T, rng.standard_normal((1, m)) @ root.T, np.zeros((1, m))
    tau = np.geomspace(0.01, 100.0, 100)
    matrix = torch.from_numpy(B).to(device)

    def flow():
        quadratic = nm.Quadratic(B=B, b=b, c=1e9, backend=TorchBackend(device=device))
        return nm.GradientFlow(quadratic, start).parameters(tau)

    def alone():
        return torch.linalg.eigh(matrix)[0].cpu()

    one = benchmark.pedantic(lambda: seconds(flow, 3), rounds=1)
    two = seconds(alone, 3)
    if measured:
        report_row("GradientFlow, m = 8192, at 100 times, checks and copies included", "torch.linalg.eigh alone",
                   one / two, "<=", 1.2, seconds=one)  # fmt: skip
