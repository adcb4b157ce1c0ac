"""The run of LLZB's figure 3, on one thread, against a plain PyTorch loop with scipy's `quad` for the divergence.

    pytest tests/benchmarks/test_training.py --benchmark-enable

n = 1000 points, batches of 32, 16 Swish units, SGD with rate 1/2, 2001 epochs, the divergence at 21 checkpoints. The
reference is timed on some of its epochs and one checkpoint, and scaled; the scaling over threads is measured on 256
replicas of fewer epochs. Without `--benchmark-enable` everything runs once on a small size, as a test that it works.
"""

import math
import multiprocessing
import os
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import IntegrationWarning, quad
from scipy.special import logsumexp

import numerics as nm

MIX = SimpleNamespace(weights=[0.5, 0.5], means=[-3.0, 3.0], variances=[1.0, 1.0])
EPOCHS, GRID, TIME = 2001, np.linspace(-10.0, 10.0, 51), 0.065


def std(times):
    return np.sqrt(np.expm1(2.0 * times * math.log(25.0)) / (2.0 * math.log(25.0)))


RUN = {"optimizer": "sgd", "learning_rate": 0.5, "width": 16, "mean_scale": 1.0, "std": std, "output_scale": 16.0}


def points(count):
    rng = np.random.default_rng(0)
    return rng.choice([-3.0, 3.0], size=count) + rng.standard_normal(count)


def torch_run(torch, data, epochs):
    """Seconds per epoch, and seconds of one divergence, of the loop that one writes first."""

    def sigma(t):
        return torch.sqrt((25.0 ** (2 * t) - 1.0) / 2.0 / math.log(25.0))

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.frequencies = torch.nn.Parameter(30.0 * torch.randn(2), requires_grad=False)
            self.embed, self.first = torch.nn.Linear(4, 16), torch.nn.Linear(1, 16)
            self.last = torch.nn.Linear(16, 1)

        def forward(self, x, t):
            turns = t[:, None] * self.frequencies[None, :] * 2 * math.pi
            h = self.first(x) + self.embed(torch.cat([torch.sin(turns), torch.cos(turns)], dim=-1))
            return self.last(h * torch.sigmoid(h)) / 16 / sigma(t)[:, None]

    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    loader = torch.utils.data.DataLoader(torch.tensor(data, dtype=torch.float32)[:, None], batch_size=32, shuffle=True)
    seconds = []
    for _ in range(epochs):
        begin = time.perf_counter()
        for x in loader:
            t = torch.rand(len(x)) * (1.0 - 1e-5) + 1e-5
            z = torch.randn_like(x)
            scale = sigma(t)[:, None]
            loss = torch.mean(torch.sum((net(x + z * scale, t) * scale + z) ** 2, dim=1))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        seconds.append(time.perf_counter() - begin)
    begin = time.perf_counter()
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore", IntegrationWarning)
        logs = np.array([quad(lambda x: net(torch.tensor([[x]], dtype=torch.float32), torch.tensor([TIME])).item(),
                              -100.0, x)[0] for x in GRID])  # fmt: skip
    p = sum(0.5 * np.exp(-0.5 * (GRID - m) ** 2) for m in MIX.means) / math.sqrt(2 * math.pi) * 0.4
    value = float(np.sum(p * (np.log(p) - logs + logsumexp(logs))))
    return float(np.median(seconds)), time.perf_counter() - begin, value


def test_figure_3_takes_a_hundredth_of_a_pytorch_loop(benchmark, report_row):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'scoregap[torch]'")
    measured = not benchmark.disabled
    epochs, data = (EPOCHS, points(1000)) if measured else (3, points(40))
    marks = np.arange(1, epochs + 1, 100)

    def ours():
        done = nm.train(data, **RUN, epochs=epochs, replicas=1, rng=0, checkpoints=marks)
        middle = time.perf_counter()
        return nm.score_grid_kl(done, MIX, time=TIME), middle

    ours()  # compiles
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        per_epoch, per_kl, value = torch_run(torch, data, 10 if measured else 1)
    finally:
        torch.set_num_threads(threads)
    whole, training = [], []

    def timed():
        begin = time.perf_counter()
        result, middle = ours()
        whole.append(time.perf_counter() - begin)
        training.append(middle - begin)
        return result

    kl = benchmark.pedantic(timed, rounds=7 if measured else 1)
    assert np.isfinite(kl.values).all()
    assert math.isfinite(value)
    if measured:
        reference = EPOCHS * per_epoch + len(marks) * per_kl
        report_row(
            "figure 3's run with 21 divergences, how many times faster, one thread",
            "a PyTorch loop with quad (10 epochs and one divergence timed, and scaled)",
            reference / float(np.median(whole)),
            ">=",
            100.0,
            seconds=float(np.median(whole)),
            reference_seconds=reference,
        )
        report_row(
            "figure 3's training alone, how many times faster, one thread",
            "the same PyTorch loop, scaled",
            EPOCHS * per_epoch / float(np.median(training)),
            ">=",
            40.0,
            seconds=float(np.median(training)),
            reference_seconds=EPOCHS * per_epoch,
            nanoseconds_per_point=float(np.median(training)) / EPOCHS / len(data) * 1e9,
        )


def part(task):
    """Train some of the replicas in a process of its own; when that began and ended, and the parameters."""
    data, first, count, epochs = task
    begin = time.time()
    done = nm.train(data, **RUN, epochs=epochs, replicas=count, rng=0, first_replica=first)
    return begin, time.time(), done.parameters


def test_replicas_scale_with_the_cores(benchmark, report_row):
    measured = not benchmark.disabled
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    replicas, epochs, data = (256, 60, points(1000)) if measured else (2 * cores, 2, points(40))

    def run(workers):
        begin = time.perf_counter()
        done = nm.train(data, **RUN, epochs=epochs, replicas=replicas, rng=0, workers=workers)
        return time.perf_counter() - begin, done.parameters

    share = replicas // cores
    tasks = [(data, k * share, share + (replicas % cores if k == cores - 1 else 0), epochs) for k in range(cores)]
    seconds = []
    with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(part, [(data, 0, 1, 1)] * (4 * cores)))  # imports and compiles
        run(1)

        def all_three():
            one, many = run(1), run(cores)
            parts = list(pool.map(part, tasks))
            seconds.append((one[0], many[0], max(end for _, end, _ in parts) - min(begin for begin, _, _ in parts)))
            return one[1], many[1], np.concatenate([parameters for _, _, parameters in parts])

        one, many, apart = benchmark.pedantic(all_three, rounds=15 if measured else 1)
    np.testing.assert_array_equal(one, many)
    np.testing.assert_array_equal(one, apart)
    if measured:
        table = np.array(seconds)
        for against, ratio in (
            ("one thread", table[:, 0] / table[:, 1] / cores),
            (f"{cores} processes that share nothing", table[:, 2] / table[:, 1]),
        ):
            report_row(
                f"256 replicas, efficiency on {cores} cores",
                against,
                float(np.median(ratio)),
                ">=",
                0.9,
                lower_quartile=float(np.quantile(ratio, 0.25)),
                upper_quartile=float(np.quantile(ratio, 0.75)),
                seconds=float(np.median(table[:, 1])),
            )
