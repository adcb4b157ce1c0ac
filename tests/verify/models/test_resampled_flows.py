"""Samples from a law of finitely many points, all at once, against one flow after the other."""

import math
from dataclasses import replace

import numpy as np
import pytest

from numerics import GradientFlow, Quadratic
from verify.models import resampled_flows
from verify.models.resampled_flows import excess_of_samples
from verify.studies.theorem_1_chain import model_at

TIMES = np.array([1e-3, 1.0, 1e3])


@pytest.fixture(scope="module")
def capacity():
    return replace(model_at(3, 0), nodes=8).capacity.capacity


@pytest.mark.parametrize("n", [1, 2, 300])
def test_the_excess_of_each_sample_is_that_of_its_own_flow(capacity, n):
    law, basis = capacity.law, capacity.law.quadratic.spectrum.vectors
    found = excess_of_samples(capacity, TIMES, n=n, draws=5, rng=np.random.default_rng(7))
    assert found.shape == (3, 5)
    for k, counts in enumerate(np.random.default_rng(7).multinomial(n, law.weights, size=5)):
        B = basis @ np.tensordot(counts / n, law.matrices, axes=1) @ basis.T
        b = np.tensordot(counts / n, law.vectors, axes=1) @ basis.T
        path = GradientFlow(Quadratic(B=0.5 * (B + B.T), b=b, c=math.inf), capacity.initial).parameters(TIMES)
        gap = path[:, 0] - capacity.flow.parameters(math.inf)[0]
        excess = np.einsum("ti,ij,tj->t", gap, law.quadratic.B, gap)
        np.testing.assert_allclose(found[:, k], excess, rtol=1e-7)


def test_many_samples_are_drawn_in_pieces_from_one_stream(capacity, monkeypatch):
    whole = excess_of_samples(capacity, TIMES, n=20, draws=7, rng=np.random.default_rng(1))
    monkeypatch.setattr(resampled_flows, "_MOST", 3 * capacity.law.quadratic.width**2)
    parts = excess_of_samples(capacity, TIMES, n=20, draws=7, rng=np.random.default_rng(1))
    np.testing.assert_allclose(parts, whole, rtol=1e-11)  # sums in another order


def test_a_large_sample_has_the_excess_of_the_population(capacity):
    found = excess_of_samples(capacity, TIMES, n=10**12, draws=2, rng=np.random.default_rng(1))
    root = np.array([capacity.root(time) for time in TIMES])
    # a share of 10¹² data is off by 10⁻⁶ at most
    np.testing.assert_allclose(np.sqrt(found), np.stack([root, root], axis=1), rtol=0.01)
