"""The strategies draw what they promise."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings

from numerics import RandomFeatures
from theory.mixture import GaussianMixture
from theory.sde import AbstractLinearSDE
from theory.symbols import t
from verify import strategies

few = settings(max_examples=25, database=None, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(strategies.sdes())
def test_sdes_start_from_scale_one_and_variance_zero(sde):
    assert isinstance(sde, AbstractLinearSDE)
    assert sde.mean_scale.subs(t, 0) == 1
    assert sp.simplify(sde.variance.subs(t, 0)) == 0


@few
@given(strategies.mixtures(max_components=3, spread=2))
def test_mixtures_are_exact_and_bounded(mixture):
    assert isinstance(mixture, GaussianMixture)
    assert 1 <= len(mixture.weights) <= 3
    assert sum(mixture.weights) == 1
    assert all(abs(mean) <= 2 for mean in mixture.means)
    assert all(variance > 0 for variance in mixture.variances)


@few
@given(strategies.random_features(max_width=8, max_dim=2))
def test_random_features_have_the_width_asked_for(features):
    assert isinstance(features, RandomFeatures)
    assert 1 <= features.width <= 8


@few
@given(strategies.deltas(), strategies.training_times(), strategies.sample_sizes(), strategies.widths(100))
def test_numbers_lie_in_their_ranges(delta, tau, n, m):
    assert 0 < delta <= 1
    assert 1e-3 <= tau <= 1e6
    assert 1 <= n <= 10**6
    assert 1 <= m <= 100


@few
@given(strategies.psd_matrices(3), strategies.psd_matrices(4, max_rank=1))
def test_matrices_are_positive_semidefinite(any_rank, one):
    for matrix, dim in ((any_rank, 3), (one, 4)):
        assert matrix.shape == (dim, dim)
        # eigvalsh errs by a few ulps of the norm
        assert np.linalg.eigvalsh(matrix).min() >= -64 * np.finfo(float).eps * max(np.linalg.norm(matrix), 1)
    assert np.linalg.matrix_rank(one) <= 1


@few
@given(strategies.probability_vectors(4), strategies.probability_vectors(zeros=False))
def test_probability_vectors_sum_to_one_exactly(four, positive):
    assert len(four) == 4
    assert sum(four) == sum(positive) == 1
    assert all(entry > 0 for entry in positive)


@few
@given(strategies.exact_reals("1/3", sp.Rational(1, 2)))
def test_exact_reals_are_rationals_of_the_interval(value):
    assert isinstance(value, sp.Rational)
    assert sp.Rational(1, 3) <= value <= sp.Rational(1, 2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: strategies.deltas(0, 1), "low must be greater than 0; got 0"),
        (lambda: strategies.training_times(2, 1), "high must be at least 2; got 1"),
        (lambda: strategies.exact_reals(1, 0), "low must not exceed high; got 1 and 0"),
        (lambda: strategies.exact_reals(None, 0), "low must be"),
        (lambda: strategies.sample_sizes(0), "max_size must lie between 1 and .*; got 0"),
        (lambda: strategies.widths(True), "max_width must be an integer; got True"),
        (lambda: strategies.psd_matrices(0), "dim must lie between 1 and"),
    ],
)
def test_wrong_use_is_refused(call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call()
