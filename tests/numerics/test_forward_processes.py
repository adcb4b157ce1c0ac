"""Every stage of the measured side on the four forward processes, against closed forms and brute quadrature.

Times down to 1e-8, modes up to 1e3. Where the reference is a sum in double precision, tolerances are its rounding: some
2⁻⁵² times the number of terms, for arguments that are off by a few units in the last place of their parts.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import chi2, norm

import numerics as nm

EPS = 2.0**-52
LEVEL = 1e-9  # of each statistical assertion: two of them per process
T, BETA0, BETA1, BASE = 1.0, 0.1, 20.0, 25.0


def beta(t):
    return BETA0 + (BETA1 - BETA0) * t / T


def beta_integral(t):
    return BETA0 * t + (BETA1 - BETA0) * t * t / (2 * T)


def process(drift, diffusion, mean_scale, variance):
    return SimpleNamespace(drift=drift, diffusion=diffusion, r=mean_scale, v=variance)


FAMILIES = {
    "OU": process(-1.0, math.sqrt(2.0), lambda t: math.exp(-t), lambda t: -math.expm1(-2 * t)),
    "VP": process(
        lambda t: -0.5 * beta(t),
        lambda t: math.sqrt(beta(t)),
        lambda t: math.exp(-0.5 * beta_integral(t)),
        lambda t: -math.expm1(-beta_integral(t)),
    ),
    "sub-VP": process(
        lambda t: -0.5 * beta(t),
        lambda t: math.sqrt(-beta(t) * math.expm1(-2 * beta_integral(t))),
        lambda t: math.exp(-0.5 * beta_integral(t)),
        lambda t: math.expm1(-beta_integral(t)) ** 2,
    ),
    "VE": process(
        0.0, lambda t: BASE**t, lambda _t: 1.0, lambda t: math.expm1(2 * t * math.log(BASE)) / (2 * math.log(BASE))
    ),
}
NAMES = st.sampled_from(sorted(FAMILIES))
TIMES = st.floats(-8.0, 0.0).map(lambda e: 10.0**e)
MODES = st.floats(-2.0, 3.0).map(lambda e: 10.0**e)
VARIANCES = st.floats(-3.0, 1.0).map(lambda e: 10.0**e)
GAUSS = np.polynomial.legendre.leggauss(24)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_processes_of_this_file_solve_their_moment_equations(name):
    law, h = FAMILIES[name], 1e-5
    for t in (0.2, 0.7):
        f, g = ((p(t) if callable(p) else p) for p in (law.drift, law.diffusion))
        for value, rate in ((law.r, f * law.r(t)), (law.v, 2 * f * law.v(t) + g * g)):
            # central differences: h² times a third derivative, below 1e5 here
            assert (value(t + h) - value(t - h)) / (2 * h) == pytest.approx(rate, rel=1e-4, abs=1e-4)


def nodes(points, low, high):
    """Nodes and weights of Gauss's rule on panels of at most ½ between low and high, split at the points."""
    edges = np.unique(np.concatenate([np.linspace(low, high, int(2 * (high - low)) + 1), points]))
    edges = edges[(edges >= low) & (edges <= high)]
    half = 0.5 * np.diff(edges)
    z = (edges[:-1] + half)[:, None] + half[:, None] * GAUSS[0]
    return z.ravel(), (half[:, None] * GAUSS[1]).ravel()


def schedule_at(name, t, rate):
    law = FAMILIES[name]
    return nm.Schedule(times=[t], weights=[1.0], mean_scale=[law.r(t)], std=[math.sqrt(law.v(t))], loss_weight=[rate])


def brute(features, t, means, stds, weights):
    """E[h hᵀ] m, P(Y > 0) and the largest |E Y| + std Y by Gauss's rule in standard units of each component."""
    w, c = features.weights[:, 0], features.intercepts([t])[0]
    B, active, size = np.zeros((len(w), len(w))), np.zeros(len(w)), np.zeros(len(w))
    for p, mean, std in zip(weights, means, stds, strict=True):
        alpha, slope = w * mean + c, w * std
        kinks = np.divide(-alpha, slope, out=np.zeros(len(w)), where=slope != 0.0)
        z, omega = nodes(kinks[np.abs(kinks) < 12], -12.0, 12.0)
        y = np.maximum(alpha + np.outer(z, slope), 0.0)
        density = omega * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        B += p * (y.T * density) @ y
        active += p * ndtr(alpha / np.abs(slope))
        size = np.maximum(size, np.abs(w * mean) + np.abs(c) + np.abs(slope))
    return B, active, size


@given(name=NAMES, t=TIMES, modes=st.tuples(MODES, VARIANCES), width=st.integers(1, 6), seed=st.integers(0, 2**20))
@settings(max_examples=60, deadline=None)
def test_the_population_quadratic_agrees_with_quadrature_for_every_process(name, t, modes, width, seed):
    law, rate, (mu, variance) = FAMILIES[name], 1.7, modes
    features = nm.RandomFeatures.sample(width, 1, nm.exponential_embedding(), rng=np.random.default_rng(seed))
    mixture = SimpleNamespace(weights=[0.25, 0.75], means=[-mu, mu], variances=[variance, 1.0])
    value = nm.population_quadratic(features, mixture, schedule_at(name, t, rate))
    means = law.r(t) * np.array(mixture.means)
    stds = np.sqrt(law.r(t) ** 2 * np.array(mixture.variances) + law.v(t))
    B, active, size = brute(features, t, means, stds, mixture.weights)
    scale = np.sqrt(np.outer(np.diag(B), np.diag(B)))
    # the documented 1e-12, the quadrature's tail P(|z| > 12) < 4e-33, and E Y off by 8 units in the last place
    shifted = (
        8
        * EPS
        * (size[:, None] * np.sqrt(np.diag(B)) + size * np.sqrt(np.diag(B))[:, None] + np.outer(size, size) * EPS)
    )
    bound = rate / width * (2e-12 * scale + shifted + 1e-28 * np.outer(size, size))
    assert (np.abs(value.B - rate / width * B) <= bound).all()
    w = features.weights[:, 0]
    slack = 1e-12 + 8 * EPS * size / np.maximum(np.abs(w) * stds.min(), 1e-300)  # φ ≤ ½ times the shift of its argument
    assert (
        np.abs(value.b[0] + rate / math.sqrt(width) * w * active) <= rate / math.sqrt(width) * np.abs(w) * slack
    ).all()


@given(name=NAMES, t=TIMES, mu=st.floats(0.0, 30.0), variance=VARIANCES)
@settings(max_examples=40, deadline=None)
def test_the_constant_of_the_loss_is_the_fisher_information_for_every_process(name, t, mu, variance):
    law = FAMILIES[name]
    features = nm.RandomFeatures(weights=[[1.0]], time_weights=[[0.0]], embedding=nm.constant_embedding())
    mixture = SimpleNamespace(weights=[0.25, 0.75], means=[-mu, mu], variances=[variance, 1.0])
    value = nm.population_quadratic(features, mixture, schedule_at(name, t, 1.0)).c
    means = law.r(t) * np.array(mixture.means)
    stds = np.sqrt(law.r(t) ** 2 * np.array(mixture.variances) + law.v(t))
    # panels of half a standard deviation of each component around it: both are resolved everywhere
    total = 0.0
    for i in range(2):
        other = (means[1 - i] + stds[1 - i] * np.arange(-13, 13.5, 0.5) - means[i]) / stds[i]
        z, omega = nodes(other[np.abs(other) < 12], -12.0, 12.0)
        x = means[i] + stds[i] * z
        logs = np.stack(
            [math.log(p) + norm.logpdf(x, m, s) for p, m, s in zip(mixture.weights, means, stds, strict=True)]
        )
        share = np.exp(logs - np.logaddexp(*logs))
        score = -(share * (x - means[:, None]) / stds[:, None] ** 2).sum(axis=0)
        total += mixture.weights[i] * float(np.sum(omega * norm.pdf(z) * score**2))
    # the documented 1e-11; z is off by 2⁻⁵² |mean|/std
    assert value == pytest.approx(total, rel=2e-11 + 64 * EPS * (mu + 1) / float(stds.min()))


@given(name=NAMES, t=TIMES, scale=MODES, labels=st.sampled_from(["dsm", "sm"]), seed=st.integers(0, 2**20))
@settings(max_examples=40, deadline=None)
def test_the_empirical_quadratic_agrees_with_quadrature_for_every_process(name, t, scale, labels, seed):
    rng = np.random.default_rng(seed)
    features = nm.RandomFeatures.sample(4, 1, nm.exponential_embedding(), rng=rng)
    law, data = FAMILIES[name], scale * rng.standard_normal(3)
    mixture = SimpleNamespace(weights=[1.0], means=[0.3 * scale], variances=[scale * scale])
    r, std = law.r(t), math.sqrt(law.v(t))
    assume(labels == "dsm" or std * 1e4 > scale)  # noise far below the distances of the data is refused for "sm"
    law_of_data = mixture if labels == "sm" else None
    value = nm.empirical_quadratic(features, data, schedule_at(name, t, 1.0), labels=labels, mixture=law_of_data)
    means, stds, weights = r * data, np.full(3, std), np.full(3, 1 / 3)
    B, active, size = brute(features, t, means, stds, weights)
    root = np.sqrt(np.diag(B))
    shifted = 16 * EPS * (size[:, None] * root + size * root[:, None])
    bound = 0.25 * (2e-12 * np.outer(root, root) + shifted + 1e-28 * np.outer(size, size))
    assert (np.abs(value.B - 0.25 * B) <= bound).all()
    w, c = features.weights[:, 0], features.intercepts([t])[0]
    if labels == "dsm":
        assert value.c == pytest.approx(1 / law.v(t), rel=8 * EPS)
        slack = 1e-12 + 16 * EPS * size / np.maximum(np.abs(w) * std, 1e-300)
        assert (np.abs(value.b[0] + 0.5 * w * active) <= 0.5 * np.abs(w) * slack).all()
    else:
        # s = −(x − r m)/V: E[s σ(Y)] = −(E[(x − r m) σ(Y)])/V with E[x σ(Y)] = mean E σ(Y) + std² w P(Y > 0)
        V, m = r * r * scale * scale + std * std, r * 0.3 * scale
        alpha, beta_ = np.outer(data, r * w) + c, np.abs(w) * std
        first = alpha * ndtr(alpha / beta_) + beta_ * norm.pdf(alpha / beta_)
        exact = -(((means - m)[:, None] * first).mean(axis=0) + std * std * w * active) / V / 2.0
        largest = (np.abs(means - m).max() + std) / V * (size.max())
        np.testing.assert_allclose(value.b[0], exact, rtol=0, atol=1e-10 * largest)  # the documented 1e-12, per panel
        assert value.c == pytest.approx((np.mean((means - m) ** 2) + std * std) / V**2, rel=1e-10)


def gaussian_paths(name, m0, v0):
    """Mean and variance of the forward law, and its score, for data N(m0, v0)."""
    law = FAMILIES[name]

    def moments(t):
        return law.r(t) * m0, law.r(t) ** 2 * v0 + law.v(t)

    return moments, lambda x, t: -(x - moments(t)[0]) / moments(t)[1]


def arguments(name, **more):
    law = FAMILIES[name]
    return {"drift": law.drift, "diffusion": law.diffusion, "horizon": T, "prior_std": 1.3, **more}


def gaussian(mean, variance):
    return SimpleNamespace(weights=[1.0], means=[mean], variances=[variance])


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize(("m0", "v0"), [(0.4, 0.5), (-3.0, 0.04)])
def test_the_ode_density_and_likelihood_have_their_gaussian_law_for_every_process(name, m0, v0):
    moments, score = gaussian_paths(name, m0, v0)
    mean_T, var_T = moments(T)
    # x_T = m_T + (x − m0) √(v_T/v0): the law at 0 of N(0, 1.3²) carried back
    ratio = math.sqrt(v0 / var_T)
    mean, variance = m0 - ratio * mean_T, (1.3 * ratio) ** 2
    options = arguments(name, tolerance=1e-8)
    q = nm.ode_density(score, divergence=lambda x, t: np.full(len(x), -1 / moments(t)[1]), **options)
    x = mean + math.sqrt(variance) * np.linspace(-5, 5, 21)
    np.testing.assert_allclose(q.log_pdf(x), norm.logpdf(x, mean, math.sqrt(variance)), atol=q.noise + 1e-7)
    p = gaussian(m0, v0)
    value, error = nm.kl_divergence(p, q, with_error=True)
    assert abs(value - nm.kl_divergence(p, gaussian(mean, variance))) <= error < 1e-5
    points = mean + math.sqrt(variance) * np.random.default_rng(0).uniform(-3, 3, (7, 3))
    nats, estimated = nm.log_likelihood(
        points, score, divergence=lambda x, t: np.full(len(x), -3 / moments(t)[1]), **options
    )
    exact = norm.logpdf(points, mean, math.sqrt(variance)).sum(axis=1)
    np.testing.assert_allclose(nats, exact, atol=estimated.max() + 1e-7)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_sde_density_has_its_gaussian_law_for_every_process(name):
    m0, v0 = 0.4, 0.5
    moments, score = gaussian_paths(name, m0, v0)
    mean_T, var_T = moments(T)
    # reversed in time, x_0 | x_T = N(m0 + (r v0/v_T)(x_T − m_T), v0 − (r v0)²/v_T), with x_T ~ N(0, 1.3²)
    gain = FAMILIES[name].r(T) * v0 / var_T
    exact = gaussian(m0 - gain * mean_T, v0 - gain * gain * var_T + (1.3 * gain) ** 2)
    q = nm.sde_density(score, **arguments(name))
    for p in (gaussian(m0, v0), gaussian(0.0, 1.0)):
        value, error = nm.kl_divergence(p, q, with_error=True)
        assert abs(value - nm.kl_divergence(p, exact)) <= error < 1e-2


@pytest.mark.parametrize("name", FAMILIES)
def test_the_exponential_integrator_is_exact_without_a_score_for_every_process(name):
    # dx = f x dt + g dW̄ from N(0, 1.3²) back from T: x_0 = x_T/r(T) + N(0, ∫ g²/r²) with ∫ g²/r² = v(T)/r(T)²
    law, samples, dim = FAMILIES[name], 4000, 2
    x = nm.sample_reverse_sde(lambda x, _t: np.zeros_like(x), dim=dim, samples=samples, rng=11, steps=40,
                              **arguments(name))  # fmt: skip
    variance = (1.3**2 + law.v(T)) / law.r(T) ** 2
    count = samples * dim
    assert abs(x.sum()) <= norm.isf(LEVEL / 2) * math.sqrt(count * variance)
    low, high = chi2.ppf(LEVEL / 2, count), chi2.isf(LEVEL / 2, count)
    # 8-point Gauss rules on 40 quadratic steps integrate drift and noise to far below 1e-6
    assert low * (1 - 1e-6) <= (x * x).sum() / variance <= high * (1 + 1e-6)


@pytest.mark.parametrize("name", FAMILIES)
def test_samples_of_the_probability_flow_follow_the_law_of_the_ode_for_every_process(name):
    m0, v0, samples = 0.4, 0.5, 4000
    moments, score = gaussian_paths(name, m0, v0)
    mean_T, var_T = moments(T)
    ratio = math.sqrt(v0 / var_T)
    x = nm.sample_probability_flow(score, samples=samples, rng=12, tolerance=1e-9, **arguments(name))
    z = (x - (m0 - ratio * mean_T)) / (1.3 * ratio)
    # the local errors 1e-9 of the solver move z by less than 1e-5
    assert abs(z.sum()) <= norm.isf(LEVEL / 2) * math.sqrt(samples) + 1e-5 * samples
    assert chi2.ppf(LEVEL / 2, samples) * (1 - 1e-4) <= (z * z).sum() <= chi2.isf(LEVEL / 2, samples) * (1 + 1e-4)


@given(
    gap=st.floats(-14.0, 0.0), sign=st.sampled_from([-1.0, 1.0]), mu=MODES, spread=VARIANCES, seed=st.integers(0, 99)
)
@settings(max_examples=60, deadline=None)
def test_correlations_up_to_the_ends_agree_with_conditioning(gap, sign, mu, spread, seed):
    # Y_2 | z_1 is Gaussian: E σ(Y_1) E[σ(Y_2) | z_1] with E σ(N(a, s²)) = a Φ(a/s) + s φ(a/s) by Gauss's rule in z_1
    rng = np.random.default_rng(seed)
    lost = 10.0**gap  # 1 − |ρ|, the angle kept accurate
    side = math.sqrt(lost * (2.0 - lost))
    W = np.array([[1.0, 0.0], [sign * (1.0 - lost), side]])
    mean, c = mu * rng.uniform(-1, 1, 2), rng.standard_normal(2)
    std = math.sqrt(spread)
    value = nm.relu_gram_gaussian(W, c, means=mean, variances=spread)
    a1, a2 = W @ mean + c
    width = side * std
    kink, turn = -a1 / std, -a2 / (W[1, 0] * std) if lost < 1.0 else 0.0
    steps = turn + side / max(abs(W[1, 0]), 1e-9) * np.linspace(-14, 14, 57)  # where E σ(Y_2) bends
    inside = np.concatenate([[kink, turn], steps])
    z, omega = nodes(inside[np.abs(inside) < 12], -12.0, 12.0)
    a = a2 + W[1, 0] * std * z
    u = a / width
    second = np.where(u > -37.0, a * ndtr(u) + width * norm.pdf(u), 0.0)
    exact = float(np.sum(omega * norm.pdf(z) * np.maximum(a1 + std * z, 0.0) * np.maximum(second, 0.0)))
    sizes = np.abs(W) @ np.abs(mean) + np.abs(c) + std
    # 1e-12 as documented, the same of the reference's cancelling a Φ + s φ, and means off by units in their last place
    roots = np.sqrt([value[0, 0], value[1, 1]])
    bound = 4e-12 * roots.prod() + 16 * EPS * (sizes[0] * roots[1] + sizes[1] * roots[0]) + 1e-28 * sizes.prod()
    assert abs(value[0, 1] - exact) <= bound
