"""Histograms and what the forward process makes of them, against mpmath and direct quadrature."""

import math
from itertools import pairwise
from types import SimpleNamespace

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from numerics import RandomFeatures, constant_embedding, histogram_density, kl_divergence, sde_density

EPS = 2.0**-52
LAWS = {"seed": st.integers(0, 2**31), "cells": st.integers(1, 6)}
BLURRED = {**LAWS, "std": st.floats(-4, 1).map(lambda e: 10.0**e), "scale": st.floats(0.01, 1.5)}
some = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def law(seed, cells):
    """Random edges of very different widths, masses over five decades."""
    rng = np.random.default_rng(seed)
    edges = np.cumsum(np.append(rng.uniform(-3, 1), 10.0 ** rng.uniform(-3, 0.5, cells)))
    masses = 10.0 ** rng.uniform(-5, 0, cells)
    return histogram_density(edges, masses / masses.sum())


def blurred(p, scale, std, x):
    """Density and its derivative at x to 60 digits."""
    with mp.workdps(60):
        edges = [mp.mpf(scale) * mp.mpf(float(e)) for e in p.edges]
        levels = [mp.mpf(float(q)) / (b - a) for q, a, b in zip(p.masses, edges[:-1], edges[1:], strict=True)]
        s, x = mp.mpf(std), mp.mpf(float(x))
        upper = [mp.erfc((x - e) / (s * mp.sqrt(2))) / 2 for e in edges]  # of two tails the smaller difference
        lower = [mp.erfc((e - x) / (s * mp.sqrt(2))) / 2 for e in edges]
        value = sum(
            q * max(lower[k] - lower[k + 1], upper[k + 1] - upper[k], key=lambda v: v != 0)
            for k, q in enumerate(levels)
        )
        bells = [mp.npdf((x - e) / s) / s for e in edges]
        return value, sum(q * (bells[k] - bells[k + 1]) for k, q in enumerate(levels))


def points(p, scale, std, seed):
    """Inside, near every edge, and 25 standard deviations outside: e^{-312} of the bulk."""
    rng = np.random.default_rng(seed)
    edges = scale * p.edges
    return np.concatenate(
        [
            rng.uniform(edges[0], edges[-1], 4),
            edges + std * rng.uniform(-2, 2, len(edges)),
            edges[0] - std * np.array([1.0, 8.0, 25.0]),
            edges[-1] + std * np.array([1.0, 8.0, 25.0]),
        ]
    )


def places(p, scale, std, x):
    """Distances from the edges, and widths of the cells, in standard deviations."""
    edges = scale * p.edges
    return np.abs(x[:, None] - edges) / std, float(np.diff(edges).min()) / std


def rounding(p, scale, std, x):
    """Of log p: a unit in the last place of the edges and of log Φ, of which a narrow cell sees a difference."""
    z, width = places(p, scale, std, x)
    shift = EPS * (np.abs(x) + scale * np.abs(p.edges).max()) / std
    near = z.min(axis=1)
    return 16 * (
        EPS * (1 + near**2)
        + shift * (1 + near)
        + (EPS * (1 + near**2) + shift * (1 + near)) / min(width * (1 + near.min()), 1.0)
    )


@some
@given(**LAWS)
def test_the_density_is_mass_over_width_and_0_outside(seed, cells):
    p = law(seed, cells)
    middle = 0.5 * (p.edges[1:] + p.edges[:-1])
    np.testing.assert_allclose(p.pdf(middle), p.masses / np.diff(p.edges), rtol=8 * EPS)
    outside = np.array([p.edges[0] - 1e-6, p.edges[-1] + 1e-6])
    assert (p.log_pdf(outside) == -math.inf).all()
    assert (p.pdf(outside) == 0.0).all()
    assert p.support == (p.edges[0], p.edges[-1])


@some
@given(**LAWS)
def test_quantiles_undo_the_distribution_function(seed, cells):
    p = law(seed, cells)
    below = np.concatenate([[0.0], np.cumsum(p.masses)])
    np.testing.assert_allclose(p.quantile(np.minimum(below, 1.0)), p.edges, rtol=0, atol=1e-9)  # 1e-5 least mass
    k = int(np.argmax(p.masses))
    x = p.edges[k] + 0.25 * (p.edges[k + 1] - p.edges[k])
    assert p.quantile(below[k] + 0.25 * p.masses[k]) == pytest.approx(x, abs=1e-12)
    assert p.quantile(np.full((2, 3), 0.5)).shape == (2, 3)


def test_samples_have_the_law():
    p, count, alpha = law(3, 4), 40_000, 1e-9
    x = np.sort(p.sample(count, rng=np.random.default_rng(1)))
    exact = np.interp(x, p.edges, np.concatenate([[0.0], np.cumsum(p.masses)]))
    gap = np.abs(exact - (np.arange(count) + 0.5) / count).max()
    # Dvoretzky–Kiefer–Wolfowitz–Massart: sup|F_n − F| > e has probability at most 2 exp(−2 n e²)
    assert gap <= math.sqrt(math.log(2 / alpha) / (2 * count)) + 0.5 / count
    again = p.sample(5, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(again, p.sample(5, rng=np.random.default_rng(1)))


@some
@given(**BLURRED)
def test_the_diffused_density_agrees_with_60_digits_far_into_the_tails(seed, cells, std, scale):
    p = law(seed, cells)
    q, x = p.diffused(scale, std), points(p, scale, std, seed)
    exact = np.array([float(mp.log(blurred(p, scale, std, at)[0])) for at in x])
    assert (np.abs(q.log_pdf(x) - exact) <= rounding(p, scale, std, x) + 8 * EPS * np.abs(exact)).all()


@some
@given(**BLURRED)
def test_the_score_is_the_slope_of_the_log_density(seed, cells, std, scale):
    p = law(seed, cells)
    q, x = p.diffused(scale, std), points(p, scale, std, seed)
    exact = np.array([float(slope / value) for value, slope in (blurred(p, scale, std, at) for at in x)])
    # its terms cancel: Σ|jump φ|/p is the scale of the rounding error
    z = (x[:, None] - q._edges) / std
    terms = np.exp(-0.5 * z * z - 0.5 * math.log(2 * math.pi) - math.log(std) - q.log_pdf(x)[:, None])
    size = terms @ np.abs(np.diff(p.masses / np.diff(scale * p.edges), prepend=0.0, append=0.0))
    unit = rounding(p, scale, std, x) + 8 * EPS * np.abs(q.log_pdf(x))
    assert (np.abs(q.score(x) - exact) <= 4 * size * (unit + EPS * (z.min() ** 2 + 1))).all()


@pytest.mark.parametrize("std", [1e-4, 0.02, 0.5, 3.0, 10.0])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_fisher_information_is_the_integral_of_the_squared_score(seed, std):
    p = law(seed, 3)
    q = p.diffused(0.8, std)
    steps = np.unique((0.8 * p.edges[:, None] + std * np.array([-12, -8, -4, -2, -1, 0, 1, 2, 4, 8, 12])).ravel())
    # density and score are checked against 60 digits above; SciPy's panels are others than those of the method
    found = q.fisher_information()
    exact = math.fsum(
        quad(lambda x: float(q.pdf([x])[0] * q.score([x])[0] ** 2), a, b, epsabs=1e-10 * found, epsrel=1e-9)[0]
        for a, b in pairwise(steps)
    )
    assert found == pytest.approx(exact, rel=len(steps) * 1e-10 + 1e-9)


def test_the_fisher_information_at_little_noise_is_that_of_the_steps():
    # next to a step from 0 to level l the density is l Φ(x/std): J = l ∫ φ²/Φ /std, for each of both ends
    p = histogram_density([-1.0, 1.0], [1.0])
    one = float(mp.quad(lambda z: mp.npdf(z) ** 2 / mp.ncdf(z), [-30, -5, 0, 5, 30]))
    assert p.diffused(1.0, 1e-3).fisher_information() == pytest.approx(2 * 0.5 * one / 1e-3, rel=1e-10)


def test_much_noise_hides_the_law():
    p = law(5, 4)
    mean = float(p.masses @ (p.edges[1:] + p.edges[:-1])) / 2
    q = p.diffused(1.0, 1e4)
    assert q.fisher_information() == pytest.approx(1e-8, rel=1e-6)
    middle, width = (p.edges[1:] + p.edges[:-1]) / 2, np.diff(p.edges)
    variance = float(p.masses @ ((middle - mean) ** 2 + width**2 / 12))
    exact = -math.log(1e4) - 0.5 * math.log(2 * math.pi) - variance / (2 * 1e4**2)  # + O(1e-16)
    assert q.log_pdf(mean) == pytest.approx(exact, abs=64 * EPS)


def test_many_cells_are_worked_off_in_blocks():
    count = 3000
    p = histogram_density(np.linspace(0, 1, count + 1), np.full(count, 1 / count))
    whole = histogram_density([0.0, 1.0], [1.0])
    assert p.diffused(0.5, 0.01).fisher_information() == pytest.approx(
        whole.diffused(0.5, 0.01).fisher_information(), rel=1e-9
    )


# Divergences ---------------------------------------------------------------------------------------------------------


def directly(p, log_q):
    """Σ_k masses_k (log level_k − mean of log q on the cell), by mpmath."""
    total = mp.mpf(0)
    for mass, (a, b) in zip(p.masses, pairwise(map(mp.mpf, p.edges.tolist())), strict=True):
        total += mass * (mp.log(mass / (b - a)) - mp.quad(log_q, mp.linspace(a, b, 9)) / (b - a))
    return float(total)


@some
@given(**LAWS, mean=st.floats(-3, 3), std=st.floats(0.2, 5))
def test_the_divergence_from_a_gaussian_counts_its_mass_outside_of_the_support(seed, cells, mean, std):
    p = law(seed, cells)
    q = SimpleNamespace(weights=[1.0], means=[mean], variances=[std * std])
    value, error = kl_divergence(p, q, with_error=True)
    exact = directly(p, lambda x: -((x - mean) ** 2) / (2 * std * std) - math.log(std) - mp.log(2 * mp.pi) / 2)
    assert abs(value - exact) <= error + 1e-14 * abs(exact)
    assert error <= 1e-10 * max(1.0, value)


def test_a_narrow_law_is_far_from_a_wide_one():
    p = histogram_density([0.0, 1e-3], [1.0])  # nearly all of q lies outside
    q = SimpleNamespace(weights=[1.0], means=[0.0], variances=[1.0])
    exact = math.log(1e3) + 0.5 * math.log(2 * math.pi) + 1e-6 / 6
    assert kl_divergence(p, q) == pytest.approx(exact, rel=1e-11)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_divergence_from_a_density_of_the_reverse_sde_is_right_within_its_error(seed):
    # the score −x keeps N(0, 1)
    features = RandomFeatures(weights=[[0.5], [-0.5]], time_weights=[[0.0], [0.0]], embedding=constant_embedding())
    root = 2 * math.sqrt(2.0)
    q = sde_density(features, [[-root, root]], drift=-1.0, diffusion=math.sqrt(2.0), horizon=1.0, prior_std=1.0)
    p = law(seed, 3)
    value, error = kl_divergence(p, q, with_error=True)
    exact = directly(p, lambda x: -(x**2) / 2 - mp.log(2 * mp.pi) / 2)
    assert abs(value - exact) <= error + 1e-12
    assert error < 1e-6


def test_a_diffused_law_and_its_start_diverge_by_a_positive_amount_that_vanishes():
    p = law(4, 3)
    values = [kl_divergence(p, p.diffused(1.0, std)) for std in (1.0, 0.1, 0.01, 1e-4)]
    assert all(a > b > 0 for a, b in pairwise(values))


def test_the_divergence_from_a_smaller_support_is_infinite():
    wide, narrow = histogram_density([0.0, 2.0], [1.0]), histogram_density([0.0, 1.0], [1.0])
    assert kl_divergence(wide, narrow) == math.inf
    assert kl_divergence(narrow, wide) == pytest.approx(math.log(2), rel=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    seed=st.integers(0, 2**31),
    cells=st.integers(1, 5),
    std=st.floats(-3, 3).map(lambda e: 10.0**e),
    at=st.sampled_from([0.0, 1.0, -1e6]),
)
def test_cells_of_any_width_down_to_rounding_keep_their_digits(seed, cells, std, at):
    rng = np.random.default_rng(seed)
    edges = at + np.cumsum(np.append(0.0, 10.0 ** rng.uniform(-30, 2, cells)))
    edges = np.unique(edges)
    if len(edges) == 1:
        edges = np.append(edges, np.nextafter(edges[0], math.inf))
    masses = 10.0 ** rng.uniform(-5, 0, len(edges) - 1)
    p = histogram_density(edges, masses / masses.sum())
    q = p.diffused(1.0, std)
    x = np.concatenate([edges[0] - std * np.array([0.1, 1.0, 5.0, 20.0]), edges + std * rng.normal(0, 2, len(edges))])
    for point, log_p, score in zip(x, q.log_pdf(x), q.score(x), strict=True):
        with mp.workdps(120):
            value, slope = blurred(p, 1.0, std, point)
        z = float(np.abs(point - edges).min()) / std
        # x/std is rounded, and so is (x − edge)²; 64 for sums of cells, and for Φ(a) − Φ(b) at a − b > 1/16
        unit = 64 * EPS * (1 + z * z)
        assert abs(log_p - mp.log(value)) <= unit
        assert abs(score - slope / value) <= unit * (1 + z) / std


@pytest.mark.parametrize("width", [1e-5, 1e-10, 1e-14, 1e-20, 1e-299])
def test_a_cell_that_shrinks_to_a_point_gives_a_normal_law(width):
    q = histogram_density([0.0, width], [1.0]).diffused(1.0, 1.0)
    assert q.log_pdf(1.0) == pytest.approx(-0.5 * math.log(2 * math.pi) - 0.5 + width / 2, abs=4 * EPS + width**2)
    assert q.score([1.0])[0] == pytest.approx(-1 + width / 2, abs=4 * EPS + width**2)
    # J of the sum of a uniform and a normal law: 1 − width²/12 + …
    assert q.fisher_information() == pytest.approx(1 - width**2 / 12, abs=64 * EPS + width**3)
    assert kl_divergence(q, SimpleNamespace(weights=[1.0], means=[0.0], variances=[1.0])) <= width


def test_a_fisher_information_of_narrow_cells_beside_wide_ones_is_that_of_their_mixture():
    """A cell of width 1e-12 between two wide ones, against SciPy on the density and score checked above."""
    p = histogram_density([-1.0, 0.0, 1e-12, 2.0], [0.3, 0.4, 0.3])
    q = p.diffused(1.0, 0.2)
    exact = math.fsum(
        quad(lambda x: float(q.pdf([x])[0] * q.score([x])[0] ** 2), a, b, epsabs=1e-12, epsrel=1e-11)[0]
        for a, b in pairwise(np.linspace(-3, 4, 36))
    )
    assert q.fisher_information() == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("std", [1e-3, 0.2, 40.0])
def test_the_support_of_a_diffused_density_holds_all_but_what_floats_lose(std):
    p = histogram_density([-1.0, 0.5, 2.0], [0.3, 0.7])
    q = p.diffused(0.8, std)
    low, high = q.support
    assert low < -0.8 < 1.6 < high
    assert (q.log_pdf(np.array([low, high])) < q.log_pdf(np.array([-0.8, 1.6])) - 80.0).all()  # a normal tail at 13
    assert high - low < 2.4 + 30.0 * std  # and no more than that
