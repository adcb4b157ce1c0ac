"""One reader of mixtures: what it keeps, and what it refuses by the name of the argument and the attribute."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import entr, logsumexp
from scipy.stats import multivariate_normal

from numerics.mixtures.mixture import Components, log_sum, posterior_entropy, read_covariances, read_mixture

MATRICES = np.array([[[2.0, 0.5], [0.5, 1.0]], [[1.0, 0.0], [0.0, 3.0]], [[1.0, -0.25], [-0.25, 0.5]]])
PLANE = SimpleNamespace(weights=[0.25, 0.75, 0.0], means=[[0.0, 1.0], [2.0, -1.0], [5.0, 5.0]], variances=MATRICES)


def test_components_of_weight_zero_are_dropped_and_exact_numbers_converted():
    line = SimpleNamespace(
        weights=(Fraction(1, 4), 0, Fraction(3, 4)), means=(1, 2, 3), variances=(1, 2, Fraction(1, 2))
    )
    weights, means, variances = read_mixture("law", line, 1)
    assert weights.tolist() == [0.25, 0.75]
    assert means.tolist() == [[1.0], [3.0]]
    assert variances.tolist() == [1.0, 0.5]
    assert read_covariances("law", line)[2].tolist() == [[[1.0]], [[0.5]]]
    assert len(read_covariances("law", PLANE)[0]) == 2


def test_the_terms_are_the_weighted_densities_of_the_components():
    parts = Components.of("law", PLANE)
    x = np.random.default_rng(0).standard_normal((50, 2)) * 3.0
    laws = [multivariate_normal(PLANE.means[k], PLANE.variances[k]) for k in range(2)]
    expected = np.stack([np.log(PLANE.weights[k]) + laws[k].logpdf(x) for k in range(2)], axis=1)
    terms = parts.log_terms(x)
    np.testing.assert_allclose(terms, expected, rtol=1e-12)  # a triangular solve and a sum of five terms
    np.testing.assert_allclose(log_sum(terms), logsumexp(expected, axis=1), rtol=1e-12)
    shares = np.exp(expected - logsumexp(expected, axis=1, keepdims=True))
    np.testing.assert_allclose(posterior_entropy(terms), entr(shares).sum(axis=1), rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(parts.entropies(), [law.entropy() for law in laws], rtol=1e-13)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"weights": [0.5, 0.4, 0.0]}, "law.weights must sum to 1"),
        ({"means": [0.0, 1.0]}, "law.means must have one entry or row per weight"),
        ({"variances": [1.0, 1.0]}, "law.variances must have one entry per weight"),
        ({"variances": np.zeros((3, 1, 1))}, "law.variances must have shape"),
        ({"variances": [1.0, 1.0, 1.0], "weights": [[1.0]]}, "law.weights must have shape"),
        ({"variances": np.array([[[1.0, 2.0], [0.0, 1.0]]] * 3)}, "law.variances must be symmetric"),
        ({"variances": np.array([[[1.0, 2.0], [2.0, 1.0]]] * 3)}, "law.variances must be positive definite"),
        ({"variances": [0.0, 1.0, 1.0]}, "law.variances must be positive"),
    ],
)
def test_a_bad_mixture_is_refused_by_argument_and_attribute(changes, match):
    with pytest.raises(ValueError, match=match):
        Components.of("law", SimpleNamespace(**{**vars(PLANE), **changes}))


def test_what_is_no_mixture_is_refused_with_the_attribute_that_is_missing():
    with pytest.raises(TypeError, match=r"law must be a mixture.*add \.variances to it"):
        read_mixture("law", SimpleNamespace(weights=[1.0], means=[0.0]), 1)
    with pytest.raises(ValueError, match=r"law.means must have shape \(K, 1\) or \(K,\)"):
        read_mixture("law", PLANE, 1)
    with pytest.raises(ValueError, match=r"law.variances must have shape \(3,\) here"):
        read_mixture("law", PLANE, 2)
    with pytest.raises(ValueError, match=r"law\.variances must be nonnegative"):
        read_mixture("law", SimpleNamespace(weights=[1.0], means=[0.0], variances=[-1.0]), 1)
