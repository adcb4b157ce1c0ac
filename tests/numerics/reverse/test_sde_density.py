import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from numerics import RandomFeatures, ReverseProcess, exponential_embedding, kl_divergence, ode_density, sde_density
from numerics.kernels.fokker_planck import implicit_step
from numerics.reverse.sde_density import GridDensity, _reflects

OU = {"drift": -1.0, "diffusion": math.sqrt(2.0), "prior_std": 1.0}


def mixture(weights, means, variances):
    return SimpleNamespace(weights=weights, means=means, variances=variances)


def gaussian(mean, variance=1.0):
    return mixture([1.0], [mean], [variance])


def ledger(c):
    """The score −x + c e^{−t} of the ledger's family for L2 [14]."""
    return lambda x, t: -x + c * math.exp(-t)


def mixture_score(law, mean_scale, variance):
    """The exact score of a diffused mixture, r(t) and (r v)²(t) given."""
    w, m, s = (np.asarray(v, dtype=float) for v in (law.weights, law.means, law.variances))

    def score(x, t):
        v = mean_scale(t) ** 2 * s + variance(t)
        z = x[:, None] - mean_scale(t) * m
        level = np.log(w) - 0.5 * np.log(v) - 0.5 * z * z / v
        gamma = np.exp(level - level.max(axis=1, keepdims=True))
        return np.sum(gamma * -z / v, axis=1) / gamma.sum(axis=1)

    return score


def ou_score(law):
    return mixture_score(law, lambda t: math.exp(-t), lambda t: -math.expm1(-2 * t))


@pytest.mark.parametrize(("c", "T"), [(1.5, 3.0), (-4.0, 1.0), (0.3, 6.0)])
def test_the_ledgers_family_has_its_gaussian_law_and_divergence(c, T):
    q = sde_density(ledger(c), horizon=T, **OU)
    mean = c * -math.expm1(-2 * T)
    value, error = kl_divergence(gaussian(0.0), q, with_error=True)
    assert abs(value - mean**2 / 2) <= error
    assert error <= 1e-2 * mean**2 / 2 + 1e-9  # the estimate is the error of the coarser extrapolation
    assert abs(value - mean**2 / 2) <= 0.02 * error + 1e-9
    value, error = kl_divergence(gaussian(mean), q, with_error=True)
    assert value <= error
    x = np.linspace(mean - 4, mean + 4, 9)
    exact = np.exp(-0.5 * (x - mean) ** 2) / math.sqrt(2 * math.pi)
    assert np.abs(q.pdf(x) - exact).max() <= q.error <= 2e-3  # two extrapolations apart: 1.2e-3 for the widest of them


def test_a_network_and_the_same_score_as_a_callable_agree():
    c, T = 1.5, 2.0
    # −x + c e^{−t} = σ(−x/2)·2 − σ(x/2)·2 + 4c σ(e^{−t}/4) over the embedding (1, e^{−t})
    features = RandomFeatures(weights=[[-0.5], [0.5], [0.0]], embedding=exponential_embedding(),
                              time_weights=[[0.0, 0.0], [0.0, 0.0], [0.0, 0.25]])  # fmt: skip
    theta = np.array([[2.0, -2.0, 4.0 * c]]) * math.sqrt(3.0)
    p = sde_density(features, theta, horizon=T, cells=64, steps=16, **OU)
    q = sde_density(ledger(c), horizon=T, cells=64, steps=16, **OU)
    # the means over cells agree to rounding, which 16 · 16 steps carry along; far tails are exp of larger sums
    near = np.abs(p.nodes - c) < 6.0
    np.testing.assert_allclose(p.levels[:, near], q.levels[:, near], atol=1e-9)


def test_a_wide_network_takes_the_sorted_path_to_the_same_field():
    rng = np.random.default_rng(3)
    features = RandomFeatures.sample(80, 1, exponential_embedding(), rng=rng)
    theta = rng.standard_normal((1, 80))
    law = ReverseProcess(
        score=features, parameters=theta, drift=0.0, diffusion=1.0, horizon=1.0, prior_std=1.0, start=0.0
    ).in_dimension(1)
    x = np.linspace(-9, 9, 101)[:, None]
    size = np.abs(theta).sum() * 10
    np.testing.assert_allclose(law.score(x, 0.3), features.score(theta, x, 0.3), atol=1e-15 * size)
    assert law.divergence is not None
    h = 1e-6
    slope = (features.score(theta, x + h, 0.3) - features.score(theta, x - h, 0.3))[:, 0] / (2 * h)
    np.testing.assert_allclose(law.divergence(x, 0.3), slope, atol=1e-7)


@pytest.mark.parametrize("law", [mixture([0.3, 0.7], [-2.0, 2.0], [0.5, 0.25]), gaussian(0.7, 0.2)])
def test_the_exact_score_gives_the_data_back(law):
    T = 6.0
    q = sde_density(ou_score(law), horizon=T, **OU)
    value, error = kl_divergence(law, q, with_error=True)
    # KL(p_T‖π) ≤ e^{−2T} KL(p0‖π) is all that the start leaves, and the reverse SDE contracts it further
    left = math.exp(-2 * T) * kl_divergence(law, gaussian(0.0))
    assert value <= left + error
    assert error < 1e-5
    x = np.linspace(-5, 5, 101)
    log_p = np.logaddexp.reduce([math.log(w) - 0.5 * math.log(2 * math.pi * v) - 0.5 * (x - m) ** 2 / v
                                 for w, m, v in zip(law.weights, law.means, law.variances, strict=True)])  # fmt: skip
    gap = np.trapezoid(np.abs(q.pdf(x) - np.exp(log_p)), x)
    assert gap <= q.error + math.sqrt(2 * left)


def test_a_variance_exploding_process_gives_the_data_back():
    law, base, T = mixture([0.5, 0.5], [-3.0, 3.0], [1.0, 1.0]), 25.0, 1.0

    def variance(t):
        return math.expm1(2 * t * math.log(base)) / (2 * math.log(base))

    q = sde_density(mixture_score(law, lambda _t: 1.0, variance), drift=0.0, diffusion=lambda t: base**t, horizon=T,
                    prior_std=math.sqrt(variance(T)), cells=512)  # fmt: skip
    value, error = kl_divergence(law, q, with_error=True)
    diffused = mixture(law.weights, law.means, [1.0 + variance(T)] * 2)
    left = kl_divergence(diffused, gaussian(0.0, variance(T)))
    assert value <= left + error  # the data-processing inequality: the reverse SDE only loses divergence
    assert error < 1e-3


def test_a_diffusion_that_vanishes_at_the_end_is_allowed():
    # g = √(2t), f = −t/… : VP with ∫β = t²: f = −t, g² = 2t, r = e^{−t²/2}
    law = gaussian(1.0, 0.5)
    score = mixture_score(law, lambda t: math.exp(-t * t / 2), lambda t: -math.expm1(-t * t))
    q = sde_density(score, drift=lambda t: -t, diffusion=lambda t: math.sqrt(2 * t), horizon=3.5, prior_std=1.0)
    value, error = kl_divergence(law, q, with_error=True)
    assert value <= math.exp(-(3.5**2)) + error
    assert error < 1e-6


def orders(levels, exact):
    errors = np.abs(np.exp(levels) - exact).max(axis=1)
    return np.log2(errors[:-1] / errors[1:])


def test_the_scheme_has_order_two_in_space_and_one_in_time_and_extrapolation_raises_it():
    c, T = 1.5, 3.0
    mean = c * -math.expm1(-2 * T)
    q = sde_density(ledger(c), horizon=T, cells=64, steps=16, **OU)
    x = q.nodes
    exact = np.exp(-0.5 * (x - mean) ** 2) / math.sqrt(2 * math.pi)
    # halving h and quartering Δt quarters the error: order 2 in h, and 1 in Δt
    assert orders(q.levels, exact) == pytest.approx([2.0, 2.0], abs=0.15)
    first = [fine + (fine - coarse) / 3 for coarse, fine in zip(q.levels[:-1], q.levels[1:], strict=True)]
    assert orders(np.array(first), exact)[0] == pytest.approx(4.0, abs=0.5)
    coarse = np.abs(np.exp(first[1]) - exact).max()
    assert np.abs(q.pdf(x) - exact).max() < coarse / 8


def test_a_network_with_kinks_converges_with_order_two_or_better():
    rng = np.random.default_rng(8)
    features = RandomFeatures.sample(12, 1, exponential_embedding(), rng=rng)
    x = np.linspace(-5, 5, 200)
    H = np.vstack([features.matrix(x[:, None], t) for t in (0.0, 0.2, 0.7, 2.0)])
    law = mixture([0.5, 0.5], [-1.5, 1.5], [0.5, 0.5])
    target = np.concatenate([ou_score(law)(x, t) for t in (0.0, 0.2, 0.7, 2.0)])
    theta = np.linalg.solve(H.T @ H + 1e-3 * np.eye(12), H.T @ target)[None, :]
    fine = sde_density(features, theta, horizon=2.0, cells=512, steps=64, **OU)
    gaps = []
    for cells, steps in ((64, 16), (128, 32)):
        q = sde_density(features, theta, horizon=2.0, cells=cells, steps=steps, **OU)
        value, error = kl_divergence(fine, q, with_error=True)
        assert value <= error + 1e-9
        y = np.linspace(-5, 5, 401)
        gaps.append(np.trapezoid(np.abs(q.pdf(y) - fine.pdf(y)), y))
        assert gaps[-1] <= q.error + fine.error
    assert gaps[1] < gaps[0] / 3


@pytest.mark.parametrize("D", [1.0, 1e-6, 0.0])
def test_a_step_conserves_mass_and_sign_whatever_its_size(D):
    rng = np.random.default_rng(1)
    h, n = 0.1, 60
    for dt in (1e-4, 1.0, 1e6):
        p = np.where(rng.random(n + 1) < 0.5, rng.random(n + 1), 0.0)
        b = 5 * rng.standard_normal(n)
        volume = np.full(n + 1, h)
        volume[[0, -1]] = h / 2
        before = volume @ p
        assert implicit_step(p, b, D, h, dt, False, np.empty(n + 1), np.empty(n + 1)) is not None
        assert p.min() >= 0.0
        # the matrix has unit column sums: what is lost is rounding, amplified by dt (b + D/h)/h
        assert abs(volume @ p - before) <= 1e-15 * before * (n + dt * (5 + D / h) / h)


def test_a_step_keeps_the_equilibrium():
    x = np.linspace(-6, 6, 121)
    h = x[1] - x[0]
    p = np.exp(-0.5 * x * x)
    first = p.copy()
    implicit_step(p, -0.5 * (x[1:] + x[:-1]), 1.0, h, 10.0, False, np.empty(121), np.empty(121))
    np.testing.assert_allclose(p, first, rtol=1e-11)


def test_absorbing_ends_account_for_what_leaves():
    x = np.linspace(-1, 1, 41)
    p, h = np.ones(41), 0.05
    volume = np.full(41, h)
    volume[[0, -1]] = h / 2
    lost = implicit_step(p, 0.3 * np.ones(40), 1.0, h, 0.1, True, np.empty(41), np.empty(41))
    assert sum(lost) + volume @ p == pytest.approx(2.0, rel=1e-13)
    assert lost[1] > lost[0] > 0
    del x


def test_mass_that_escapes_is_an_error_and_no_number():
    with pytest.raises(ArithmeticError, match=r"escape|overflow"):
        sde_density(lambda x, _t: 5.0 * x, drift=-1.0, diffusion=math.sqrt(2), horizon=20.0, prior_std=1.0)


def test_a_law_narrower_than_the_grid_is_an_error():
    with pytest.raises(ArithmeticError, match="more cells"):
        sde_density(lambda x, _t: -1e6 * x, horizon=1.0, cells=16, steps=4, **OU)


def test_flow_and_sde_agree_on_an_exact_score():
    law = mixture([0.3, 0.7], [-2.0, 2.0], [0.5, 0.25])
    score = ou_score(law)

    def slope(x, t):
        h = 1e-5  # central differences: an error of 1e-9, far below the comparison
        return (score(x + h, t) - score(x - h, t)) / (2 * h)

    T = 7.0
    p = sde_density(score, horizon=T, **OU)
    q = ode_density(score, horizon=T, divergence=slope, tolerance=1e-8, **OU)
    value, error = kl_divergence(p, q, with_error=True)
    assert value <= error + 4 * math.exp(-2 * T) * kl_divergence(law, gaussian(0.0))


def linear_law(slope, level, *, drift, diffusion, horizon, prior_std):
    """Mean and variance of the reverse SDE with the score level(t) + slope(t) x: its law is Gaussian."""

    def rates(u, y):
        t = horizon - u
        square = diffusion(t) ** 2
        pull = square * slope(t) - drift(t)
        return [pull * y[0] + square * level(t), 2 * pull * y[1] + square]

    ends = solve_ivp(rates, (0, horizon), [0.0, prior_std**2], rtol=1e-11, atol=1e-14, method="LSODA").y[:, -1]
    return float(ends[0]), float(ends[1])


def gaussian_kl(m1, v1, m2, v2):
    return (v1 / v2 - 1 - math.log(v1 / v2)) / 2 + (m1 - m2) ** 2 / (2 * v2)


def contains_the_truth(score, mean, variance, **process):
    """Whether the claimed errors of two divergences and of the density hold; None where the grid was refused."""
    try:
        q = sde_density(score, **process)
    except ArithmeticError as error:
        return None if "more cells" in str(error) else False
    std = math.sqrt(variance)
    x = np.linspace(mean - 9 * std, mean + 9 * std, 2001)
    exact = np.exp(-0.5 * (x - mean) ** 2 / variance) / math.sqrt(2 * math.pi * variance)
    # the trapezium rule for |p − exact| on 2001 points: far below a hundredth of it
    right = [np.trapezoid(np.abs(q.pdf(x) - exact), x) <= 1.01 * q.error + 1e-12]
    for m, v in ((mean, variance), (mean + std / 2, 0.7 * variance)):
        value, error = kl_divergence(gaussian(m, v), q, with_error=True)
        right.append(abs(value - gaussian_kl(m, v, mean, variance)) <= error)
    return all(right)


def test_a_zero_score_gives_the_diffused_prior():
    """Nothing holds the density back: its interval grows until the ends are out of reach. Exactly N(0, 2)."""
    q = sde_density(lambda x, _t: 0.0 * x, drift=0.0, diffusion=1.0, horizon=1.0, prior_std=1.0)
    value, error = kl_divergence(gaussian(0.0, 2.0), q, with_error=True)
    assert value <= error < 1e-6
    assert q.pdf(0.0) == pytest.approx(1 / math.sqrt(4 * math.pi), abs=q.error)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    rate=st.floats(-1, 1).map(lambda e: 10.0**e),
    family=st.sampled_from(["brownian", "ou", "linear"]),
    std=st.floats(-1, 1).map(lambda e: 10.0**e),
    time=st.floats(0.1, 1.5),
    grid=st.sampled_from([(16, 4), (64, 16), (256, 4), (256, 16)]),
)
def test_a_zero_score_is_right_whatever_the_process(rate, family, std, time, grid):
    drift, diffusion = {
        "brownian": (lambda _t: 0.0, lambda _t: rate),
        "ou": (lambda _t: -rate / 2, lambda _t: math.sqrt(rate)),
        "linear": (lambda t: -rate * t / 2, lambda t: math.sqrt(rate * t)),
    }[family]
    horizon = time if family == "brownian" else min(time, 1.5 / rate)
    process = {"drift": drift, "diffusion": diffusion, "horizon": horizon, "prior_std": std}
    law = linear_law(lambda _t: 0.0, lambda _t: 0.0, **process)
    assert contains_the_truth(lambda x, _t: 0.0 * x, *law, **process, cells=grid[0], steps=grid[1])


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    kind=st.sampled_from(["ve", "ou", "vp"]),
    mean=st.floats(-2, 2),
    variance=st.floats(-3, 0.5).map(lambda e: 10.0**e),
    spread=st.floats(0, 1.7).map(lambda e: 10.0**e),
    horizon=st.floats(0.2, 5),
    grid=st.sampled_from([(16, 4), (16, 16), (64, 16), (256, 4), (256, 16)]),
)
def test_an_exact_gaussian_score_is_right_or_refused_where_the_grid_is_too_coarse(
    *, kind, mean, variance, spread, horizon, grid
):
    low, high, time = 0.01, 0.01 + spread, {"ou": horizon}.get(kind, 1.0)
    grown = math.log(high / low)
    scale, noise, drift, diffusion = {
        "ve": (lambda _t: 1.0, lambda t: low**2 * math.expm1(2 * t * grown), lambda _t: 0.0,
               lambda t: low * math.exp(t * grown) * math.sqrt(2 * grown)),
        "ou": (lambda t: math.exp(-t), lambda t: -math.expm1(-2 * t), lambda _t: -1.0, lambda _t: math.sqrt(2)),
        "vp": (lambda t: math.exp(-0.05 * t - 4.975 * t * t), lambda t: -math.expm1(-0.1 * t - 9.95 * t * t),
               lambda t: -0.05 - 9.95 * t, lambda t: math.sqrt(0.1 + 19.9 * t)),
    }[kind]  # fmt: skip

    def slope(t):
        return -1.0 / (scale(t) ** 2 * variance + noise(t))

    def level(t):
        return -slope(t) * scale(t) * mean

    prior_std = math.sqrt(noise(1.0)) if kind == "ve" else 1.0
    process = {"drift": drift, "diffusion": diffusion, "horizon": time, "prior_std": prior_std}
    law = linear_law(slope, level, **process)
    found = contains_the_truth(lambda x, t: level(t) + slope(t) * x, *law, **process, cells=grid[0], steps=grid[1])
    assert found is not False


def test_an_error_is_no_difference_that_happens_to_vanish():
    """Between two grids the divergence may agree by chance; the integrands do not."""
    x = np.linspace(-9, 9, 513)
    fine, coarse = GridDensity(x, -0.5 * x * x), GridDensity(x, -0.5 * (x - 1.0) ** 2)
    fine.coarse = coarse
    middle = gaussian(0.5)  # from which both have the divergence 1/8
    assert kl_divergence(middle, fine) == pytest.approx(kl_divergence(middle, coarse), abs=1e-9)
    assert kl_divergence(middle, fine, with_error=True).error > 0.05


@pytest.mark.parametrize("end", [3.0, 5.0, 7.0])
@pytest.mark.parametrize("nodes", [257, 1025])
def test_a_density_that_is_thrown_back_at_an_end_is_told_from_one_that_falls(end, nodes):
    x = np.linspace(-end, end, nodes)
    falling = -0.5 * x * x
    thrown_back = np.logaddexp(falling, -0.5 * (2.0 * end - x) ** 2)  # its mirror image at the end is added
    assert thrown_back[-1] < thrown_back[-2]  # it still falls, ever more slowly
    assert _reflects(thrown_back)
    assert not _reflects(falling)
    assert not _reflects(thrown_back[::-1])  # the other end


def test_the_reverse_sde_runs_from_the_horizon_to_the_start():
    c, start, horizon = 0.8, 0.3, 1.2
    found = sde_density(ledger(c), **OU, horizon=horizon, start=start)
    # from N(0, 1) backward, dx = (−x + 2c e^{−t}) dt + √2 dW: N(2∫ e^{−(t − t₀)} c e^{−t} dt, 1)
    mean = c * math.exp(start) * (math.exp(-2 * start) - math.exp(-2 * horizon))
    x = np.linspace(mean - 4.0, mean + 4.0, 29)
    exact = np.exp(-0.5 * (x - mean) ** 2) / math.sqrt(2 * math.pi)
    assert np.abs(found.pdf(x) - exact).max() <= found.error <= 1e-3
