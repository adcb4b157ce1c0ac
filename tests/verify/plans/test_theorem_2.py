"""The plans of Theorem 2: the hidden norm, with networks by hand and quadrature."""

from itertools import pairwise
from math import sqrt

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import numerics
from theory.mixture import GaussianMixture
from verify.plans.theorem_2 import hidden_norm


def test_the_matching_networks_match_the_score():
    mode, half, level, copies = 3.0, 0.2, 1.5, 6
    target = mode * np.tanh(mode * half) - half
    width, w = copies + 1, level / (level + half)
    outer = np.append(np.full(copies, width * target / (copies * w * half)), -width * target / level)
    weights, biases = np.append(np.full(copies, w), 0.0), np.append(np.full(copies, w * half), level)
    for x, value in ((half, target), (-half, -target)):
        assert outer @ np.maximum(0, weights * x + biases) / width == pytest.approx(value, rel=1e-12)
    measured = hidden_norm._at_step({"mu": mode, "step": half, "e": level, "copies": copies})
    stated = next(v for k, v in measured.items() if str(k) == "norm_comparator")
    assert float(stated.mid()) == pytest.approx(sqrt(np.mean(outer**2)), rel=1e-12)


def test_the_kinked_network_is_continuous_and_its_error_is_the_integral():
    quadratic, parameters = hidden_norm._loss("kinks", 6, 2, 3)
    kink, lean = 4.0, 0.5

    def fit(x):
        inner = lean * x
        return inner - (1 + lean) * (max(0.0, x - kink) - max(0.0, -x - kink))

    assert fit(6.0) == pytest.approx(0, abs=1e-14)
    assert fit(8.0) == pytest.approx(-2, rel=1e-14)

    def density(x):
        return (norm.pdf(x - 6) + norm.pdf(x + 6)) / 2

    edges = [-18, -6, -4, 0, 4, 6, 18]
    error = sum(
        quad(lambda x: (fit(x) + x - 6 * np.tanh(6 * x)) ** 2 * density(x), a, b, epsabs=1e-13)[0]
        for a, b in pairwise(edges)
    )
    assert quadratic.loss(parameters) == pytest.approx(error, abs=1e-10)


def test_the_least_norm_of_a_mean_square_fit_grows_like_mu():
    """The least norm at a relative loss of 3 % among 256 random features, against 2(1−√0.03)μ."""
    one, zero = np.ones(1), np.zeros(1)
    start = numerics.Schedule(times=zero, weights=one, mean_scale=one, std=zero, loss_weight=one)
    features = numerics.RandomFeatures.sample(256, 1, numerics.constant_embedding(), rng=np.random.default_rng(0))
    norms = []
    for mode in (8, 16, 32):
        quadratic = numerics.population_quadratic(features, GaussianMixture.two_modes(mode), start)
        spectrum, best = quadratic.spectrum, np.inf
        for penalty in np.logspace(-10, 2, 100):
            theta = spectrum.slopes / (spectrum.values + penalty) @ spectrum.vectors.T
            if quadratic.loss(theta) <= 0.03 * quadratic.c:
                best = min(best, float(np.linalg.norm(theta)))
        norms.append(best)
        assert best >= 2 * (1 - sqrt(0.03)) * mode
    slopes = np.diff(np.log(norms)) / np.log(2)
    assert (np.abs(slopes - 1) < 0.25).all()  # 1 asymptotically; a quadratic growth would give 2
