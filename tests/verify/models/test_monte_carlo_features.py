"""Models whose features are drawn from finitely many atoms, against the scores themselves."""

from itertools import pairwise
from math import sqrt

import numpy as np

import numerics
from theory.mixture import GaussianMixture
from verify.bound.schedules import schedule
from verify.models.monte_carlo_features import model, model_levels
from verify.models.sdes import FAMILIES


def test_a_models_error_is_the_distance_of_its_scores():
    """Err_MC from the Gram matrix against the scores themselves, averaged over the schedule by Monte Carlo in x."""
    features = numerics.RandomFeatures.sample(5, 1, numerics.constant_embedding(), rng=np.random.default_rng(5))
    outer = np.sign(features.weights[:, 0]) * (1 + np.abs(features.time_weights[:, 0]))
    grid = schedule(FAMILIES["vp"], horizon=1, count=16, weighting="song")
    rng, samples = np.random.default_rng(0), 40_000
    counts = np.array([2, 0, 1, 4, 0])
    gap = outer * (counts / counts.sum() - 1 / 5)
    parts, variance = [], 0.0
    for j, t in enumerate(grid.times):
        sign = rng.choice([-3.0, 3.0], size=samples)
        x = grid.mean_scale[j] * (sign + rng.standard_normal(samples)) + grid.std[j] * rng.standard_normal(samples)
        square = (sqrt(5) * features.matrix(x[:, None], float(t)) @ gap) ** 2
        scale = grid.weights[j] * grid.loss_weight[j]
        parts.append(scale * square.mean())
        variance += scale**2 * square.var() / samples
    assert GaussianMixture.two_modes(3).means == (-3, 3)
    found = model("vp", 5, 3).errors(counts[None, :])[0]
    assert abs(found - sum(parts)) <= 6 * sqrt(variance)  # two-sided normal tail: 2e-9


def test_every_sample_of_a_model_is_counted_once():
    found = model_levels("ou", 4, 3)
    assert len(found) == 15
    assert found[-1][1] == 1
    assert all(a[0] >= b[0] and a[1] < b[1] for a, b in pairwise(found))
