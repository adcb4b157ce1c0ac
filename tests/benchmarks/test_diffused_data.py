"""All terms of a diffusion bound for 200 points in the plane, against Monte Carlo with a kernel density estimate.

The usual evaluation draws 1000 points from every E_t(x_i), estimates p̂_t by a Gaussian kernel density of 1000 of these
draws (Scott's bandwidth), and averages log ratios and squared differences of scores over all 200 000. It is timed at
one time, and counted for 42: what an integral over the diffusion time takes here (two panels of 21 nodes).

    pytest tests/benchmarks --benchmark-enable

prints the ratio of times and both errors. Without `--benchmark-enable` it runs once on few draws, as a test that it
works.
"""

import math
import time

import numpy as np

import numerics as nm
from verify.models.tradeoff_data import swiss_rolls

START, HORIZON, TIMES = 0.01, 1.0, 42


def minus_x(x, _time):
    return -x


def by_kernel_density(points, when, draws, rng):
    """Î_t and E‖s + …‖² at one time, from draws and a kernel density of as many of them."""
    r, s = math.exp(-when), math.sqrt(-math.expm1(-2 * when))
    centres = np.repeat(points, draws, axis=0)
    z = rng.standard_normal(centres.shape)
    x = r * centres + s * z
    kernel = x[rng.choice(len(x), draws, replace=False)]
    h2 = (draws ** (-1 / 6) * float(x.std(axis=0).mean())) ** 2
    logs, scores = np.empty(len(x)), np.empty_like(x)
    for first in range(0, len(x), 2048):
        part = x[first : first + 2048]
        D = (part**2).sum(axis=1)[:, None] - 2.0 * part @ kernel.T + (kernel**2).sum(axis=1)
        w = np.exp(-0.5 * D / h2)
        mass = w.sum(axis=1) + 1e-300
        logs[first : first + 2048] = np.log(mass / (len(kernel) * 2 * math.pi * h2))
        scores[first : first + 2048] = (w @ kernel / mass[:, None] - part) / h2
    own = -0.5 * (z**2).sum(axis=1) - math.log(2 * math.pi * s * s)
    return float((own - logs).mean()), float(((minus_x(x, when) - scores) ** 2).sum(axis=1).mean())


def test_all_terms_in_the_plane_against_kernel_densities(benchmark, report_row):
    enabled = not benchmark.disabled
    points = swiss_rolls()[0][: None if enabled else 20]
    law = nm.DiffusedData.ornstein_uhlenbeck(points)

    def ours():
        losses = nm.score_losses(minus_x, data=law, start=START, horizon=HORIZON)
        return (law.rate(HORIZON).mean(), law.information(HORIZON).value, law.prior(HORIZON).value,
                law.information(START).value, losses.explicit[0].value, losses.denoising[0].value)  # fmt: skip

    rate, late, prior, early, explicit, denoising = ours()  # compiles
    benchmark(ours)
    split = abs(rate + denoising - early - prior - explicit)  # 0 but for errors: two quadratures against two others
    start = time.perf_counter()
    estimate, error = by_kernel_density(points, HORIZON, 1000 if enabled else 20, np.random.default_rng(0))
    other = (time.perf_counter() - start) * TIMES
    if enabled:
        (exact,), _ = nm.score_errors(minus_x, data=law, times=HORIZON)
        report_row(
            "all terms, 200 data in the plane",
            "Monte Carlo and kernel densities, 1000 draws a point",
            benchmark.stats.stats.min / other,
            "<=",
            1 / 50,
            seconds=benchmark.stats.stats.min,
            seconds_of_the_other=other,
            error_of_the_split=split,
            error_of_the_other_in_the_information=abs(estimate - late),
            error_of_the_other_in_the_loss_at_T=abs(error - exact.value),
        )
    assert split < 1e-3
