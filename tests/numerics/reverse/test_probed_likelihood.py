"""Hutchinson's estimate against closed forms of linear scores, its errors, and what is refused."""

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal

import numerics as nm

D = 4
ROOT_ = np.random.default_rng(0).standard_normal((D, D))
COV = 0.3 * np.eye(D) + 0.2 * ROOT_ @ ROOT_.T  # far from diagonal: probes of signs have a variance
PROCESS = {"drift": -1.0, "diffusion": math.sqrt(2.0), "horizon": 3.0, "prior_std": 1.0, "start": 0.0}


def covariance(t):
    return math.exp(-2.0 * t) * COV + -math.expm1(-2.0 * t) * np.eye(D)


def probed(x, t, probes):
    slope = -np.linalg.inv(covariance(t))
    return x @ slope, np.einsum("pnd,de,pne->pn", probes, slope, probes)


def exact(x):
    """The flow is linear: it moves N(0, Σ_t) along, and ends in N(0, I) where the start's law is Σ_0 Σ_T⁻¹."""
    return multivariate_normal(np.zeros(D), COV @ np.linalg.inv(covariance(3.0))).logpdf(x)


X = np.random.default_rng(1).standard_normal((400, D))


@pytest.mark.parametrize("probes", [2, 5])
def test_the_likelihood_of_a_gaussian_score_is_its_closed_form_within_the_stated_error(probes):
    found = nm.probed_log_likelihood(X, probed, **PROCESS, rng=3, probes=probes, tolerance=1e-7)
    assert found.nats.shape == found.error.shape == found.standard_error.shape == (400,)
    assert found.standard_error.min() >= 0.0
    # independent from point to point: the sum of 400 has this standard error, and 7 of them are exceeded with 1e-11
    error = float(np.linalg.norm(found.standard_error))
    assert abs(float(np.sum(found.nats - exact(X)))) <= 7.0 * error + found.error.sum()
    # with 2 probes a single standard error is that of two numbers; their mean square is what the estimate misses by
    missed = float(np.mean((found.nats - exact(X)) ** 2))
    assert 0.5 * missed < float(np.mean(found.standard_error**2)) < 2.0 * missed
    assert found.error.max() < 1e-4


def test_a_multiple_of_the_identity_is_estimated_without_error():
    def isotropic(x, t, probes):
        return -x / (1.0 + t), -np.sum(probes**2, axis=2) / (1.0 + t)

    found = nm.probed_log_likelihood(X[:9], isotropic, **PROCESS, rng=3, tolerance=1e-8)
    law = {**PROCESS, "divergence": lambda x, t: np.full(len(x), -D / (1.0 + t))}
    other = nm.log_likelihood(X[:9], lambda x, t: -x / (1.0 + t), **law, tolerance=1e-8)
    np.testing.assert_allclose(found.nats, other.nats, atol=float((found.error + other.error).max()) + 1e-12)
    assert found.standard_error.max() <= 2.0**-40


def test_the_same_seed_gives_the_same_bits():
    one, same, other = (nm.probed_log_likelihood(X[:5], probed, **PROCESS, rng=k).nats for k in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).all()


def test_what_the_field_returns_is_checked():
    with pytest.raises(ValueError, match=r"probed must return finite numbers of shapes \(3, 4\) and \(4, 3\)"):
        nm.probed_log_likelihood(X[:3], lambda x, t, v: (x, np.zeros(1)), **PROCESS, rng=1)
    with pytest.raises(ValueError, match="probed must take points, a time and probes; it raised ZeroDivisionError"):
        nm.probed_log_likelihood(X[:3], lambda x, t, v: (x, 1 // 0), **PROCESS, rng=1)


def test_a_flow_that_explodes_is_no_likelihood():
    def steep(x, t, v):
        return -1e3 * x, 0.0 * np.sum(v, axis=2)

    with pytest.raises(ArithmeticError, match="the probability flow overflowed"):
        nm.probed_log_likelihood(X[:3], steep, **PROCESS, rng=1, tolerance=1e-2)
