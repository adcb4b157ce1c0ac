"""The divergence of a score-density with 2000 breakpoints, against the usual quadrature of the score to a grid.

And that of an ODE-density, whose flow is followed from kink to kink, against steps that carry all features along.

    pytest tests/benchmarks --benchmark-enable

prints the row with the ratio of times and the two errors (and keeps them in the benchmark's `extra_info`). Without
`--benchmark-enable` it runs once on 40 breakpoints, as a test that it works.
"""

import math
import time
import warnings
from types import SimpleNamespace

import mpmath as mp
import numpy as np
from scipy.integrate import IntegrationWarning, quad

import numerics as nm
from numerics.reverse import probability_flow

MIX = SimpleNamespace(weights=[0.5, 0.5], means=[-3.0, 3.0], variances=[1.0, 1.0])


def network(m):
    """The interpolant of −x + 2.5 tanh(2.5 x) + 0.3 sin(7x), an odd function, at m breakpoints in [−10, 10].

    On either side of 0 the features are those that are active away from it.
    """
    x = 10.0 * (np.arange(m // 2 + 1) / (m // 2)) ** 1.1
    slopes = np.diff(-x + 2.5 * np.tanh(2.5 * x) + 0.3 * np.sin(7.0 * x)) / np.diff(x)
    slopes[-1] = -1.0
    jumps = np.diff(slopes, prepend=0.0)
    w = 0.99 / (1.0 + x[:-1])
    theta = jumps / w * math.sqrt(m)
    features = nm.RandomFeatures(
        weights=np.append(w, -w)[:, None],
        time_weights=np.append(-w * x[:-1], -w * x[:-1])[:, None],
        embedding=nm.constant_embedding(),
    )
    return features, np.append(theta, -theta)[None, :]


def exact(features, theta):
    """The divergence to some 25 digits: Gauss's rule on pieces of at most 1/8, of the network's own log-density."""
    with mp.workdps(30):
        rule = [(mp.mpf(x), mp.mpf(w)) for x, w in mp.calculus.quadrature.GaussLegendre(mp.mp).calc_nodes(3, 110)]
        w, b = features.weights[:, 0].tolist(), features.intercepts([0.0])[0].tolist()
        kinks = sorted(
            (-mp.mpf(c) / mp.mpf(a), mp.mpf(j) * abs(mp.mpf(a)) / mp.sqrt(features.width))
            for a, c, j in zip(w, b, theta[0].tolist(), strict=True)
        )
        left = -sum(mp.mpf(j) * abs(mp.mpf(a)) for a, j in zip(w, theta[0].tolist(), strict=True) if a < 0)
        slope = left / mp.sqrt(features.width)
        x = mp.mpf(-16)  # p and q are below e^{-80} beyond
        s = sum(mp.mpf(j) * max(mp.mpf(a) * x + mp.mpf(c), 0) for a, c, j in zip(w, b, theta[0].tolist(), strict=True))
        s, h = s / mp.sqrt(features.width), mp.mpf(0)
        total, cross, entropy = mp.mpf(0), mp.mpf(0), mp.mpf(0)
        for knot, jump in [*kinks, (mp.mpf(16), mp.mpf(0))]:
            while x < knot:
                width = min(knot - x, mp.mpf(1) / 8)
                for node, weight in rule:
                    u = width * (1 + node) / 2
                    value = h + u * (s + slope * u / 2)
                    p = sum(mp.mpf(0.5) * mp.npdf(x + u, m, 1) for m in (-3, 3))
                    total += weight * width / 2 * mp.exp(value)
                    cross += weight * width / 2 * p * value
                    entropy += weight * width / 2 * p * mp.log(p)
                h += width * (s + slope * width / 2)
                s += slope * width
                x += width
            slope += jump
        return entropy - cross + mp.log(total)


def bare(features, theta):
    """The score as one line of NumPy on prepared arrays, the least that an evaluation at a point can cost."""
    w, b = features.weights[:, 0].copy(), features.intercepts([0.0])[0].copy()
    a = theta[0] / math.sqrt(features.width)
    return lambda x: a @ np.maximum(w * x + b, 0.0)


def on_a_grid(score):
    """What is usual: the score's integral by scipy's `quad` to 51 points, sums over them."""
    grid = np.linspace(-10.0, 10.0, 51)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IntegrationWarning)  # quad's 50 intervals do not suffice for the kinks
        logs = np.array([quad(score, grid[0], x)[0] for x in grid])
    q = np.exp(logs - logs.max())
    p = sum(0.5 * np.exp(-0.5 * (grid - m) ** 2) for m in MIX.means)
    q, p = q / q.sum(), p / p.sum()
    return float(np.sum(p * np.log(p / q)))


def test_the_divergence_of_a_score_density_beats_a_grid_by_three_and_six_orders(benchmark, report_row):
    enabled = not benchmark.disabled
    features, theta = network(2000 if enabled else 40)

    def ours():
        return nm.kl_divergence(MIX, nm.score_density(features, theta, 0.0), with_error=True)

    ours()  # compiles

    def score(x):
        return features.score(theta, [[x]], 0.0)[0, 0]

    seconds, usual = {}, 0.0
    for name, function in (("score", score), ("bare", bare(features, theta)))[not enabled :]:
        start = time.perf_counter()
        usual = on_a_grid(function)
        seconds[name] = time.perf_counter() - start
    value, error = benchmark(ours)
    truth = exact(features, theta)
    miss, usual_miss = float(abs(value - truth)), float(abs(usual - truth))
    assert miss <= error <= 1e-10
    assert usual_miss >= 1e6 * error
    if enabled:
        best = benchmark.stats.stats.min
        ratio, bare_ratio = best / seconds["score"], best / seconds["bare"]
        report_row(
            "KL of a score-density, 2000 breakpoints, to 1e-10",
            "quad of the score to 51 points and a grid KL",
            ratio,
            "<=",
            1e-3,
            seconds=best,
            reference_seconds=seconds["score"],
            ratio_to_quad_on_bare_arrays=bare_ratio,
            error=miss,
            stated_error=error,
            grid_error=usual_miss,
        )


def fitted(width):
    """Features fitted to the scores of a diffused mixture of two modes, at four times."""
    features = nm.RandomFeatures.sample(width, 1, nm.exponential_embedding(), rng=np.random.default_rng(0))
    x = np.linspace(-5, 5, 200)
    times = (0.0, 0.3, 1.0, 2.0)
    H = np.vstack([features.matrix(x[:, None], t) for t in times])
    target = np.concatenate([-x + 1.5 * math.exp(-t) * np.tanh(1.5 * math.exp(-t) * x) for t in times])
    return features, np.linalg.solve(H.T @ H + 1e-2 * np.eye(width), H.T @ target)[None, :]


def test_the_divergence_from_an_ode_density_follows_kinks_instead_of_all_features(benchmark, report_row, monkeypatch):
    enabled = not benchmark.disabled
    features, theta = fitted(64 if enabled else 8)
    mixture = SimpleNamespace(weights=[0.5, 0.5], means=[-1.5, 1.5], variances=[1.0, 1.0])
    points, follow = [], probability_flow._from_kink_to_kink

    def counted(law, network, x, *arguments):
        points.append(len(x))
        return follow(law, network, x, *arguments)

    def ours():
        points.clear()
        q = nm.ode_density(features, theta, drift=-1.0, diffusion=math.sqrt(2.0), horizon=2.0, prior_std=1.0)
        return nm.kl_divergence(mixture, q, with_error=True)

    monkeypatch.setattr(probability_flow, "_from_kink_to_kink", counted)
    ours()  # compiles
    value, error = benchmark(ours)
    assert 0.0 < value < 1.0
    assert error < 1e-3
    if enabled:
        # all features along at every step, the time of a kink by its share of the step: 1024 steps for the same error
        law = nm.ReverseProcess(
            score=features, parameters=theta, drift=-1.0, diffusion=math.sqrt(2.0), horizon=2.0, prior_std=1.0
        ).in_dimension(1)
        x = np.linspace(-4, 4, 1000)[:, None]
        assert law.network is not None
        start = time.perf_counter()
        probability_flow._fixed_steps(law, law.network, x, 1024, False)
        usual = (time.perf_counter() - start) * sum(points) / len(x)
        best = benchmark.stats.stats.min
        report_row("KL of a mixture to an ODE-density, 64 features", "its points by steps of all features",
                   best / usual, "<=", 1 / 30, seconds=best, reference_seconds=usual, points=sum(points),
                   stated_error=error)  # fmt: skip
