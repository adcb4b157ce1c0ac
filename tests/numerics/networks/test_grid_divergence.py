"""The density whose divergence is measured on a grid: exp ∫ score by quadrature, and the divergence that it has."""

import dataclasses
import math
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import logsumexp

import numerics as nm
from numerics.checks import memory
from numerics.densities.divergence import GAUSS_KRONROD_NODES, GAUSS_KRONROD_WEIGHTS
from numerics.kernels import network_training

MIX = SimpleNamespace(weights=[0.25, 0.75], means=[-3.0, 3.0], variances=[1.0, 0.5])
DATA = np.random.default_rng(0).normal(size=40) + 3.0
SETUP = {"optimizer": "sgd", "learning_rate": 0.3, "epochs": 20, "width": 6, "replicas": 2, "rng": 1, "mean_scale": 1.0,
         "checkpoints": [0, 20], "output_scale": 16, "std": lambda t: np.sqrt(t + t * t)}  # fmt: skip
GRID = {"time": 0.2, "low": -6.0, "high": 6.0, "points": 21}
X = np.linspace(-6.0, 6.0, 21)
EPS = np.finfo(float).eps
BOTH = pytest.mark.parametrize("activation", ["swish", "relu"])


@pytest.fixture(scope="module")
def trained():
    return {name: nm.train(DATA, **SETUP, activation=name) for name in ("swish", "relu")}


def integrals(training, replica, checkpoint):
    """S at the points of X by adaptive quadrature between the kinks, and the sum of its errors."""
    net = training.network(replica, checkpoint)
    kinks = -net._at(0.2)[0] / net.input_weight[:, 0]
    parts = []
    for a, b in pairwise(X):
        inside = kinks[(a < kinks) & (kinks < b)]
        parts.append(quad(lambda y: net.score([y], 0.2)[0], a, b, points=inside if len(inside) else None,
                          epsabs=1e-13, epsrel=1e-13))  # fmt: skip
    return np.append(0.0, np.cumsum([value for value, _ in parts])), sum(error for _, error in parts)


@BOTH
def test_the_density_is_the_exponential_of_the_scores_integral(trained, activation):
    training = trained[activation]
    found = nm.score_grid_density(training, **GRID)
    errors = nm.score_grid_kl(training, MIX, **GRID).errors
    assert found.shape == (2, 2, 21)
    for r in range(2):
        for c in range(2):
            logs, error = integrals(training, r, c)
            log_q = logs - logsumexp(logs) - math.log(X[1] - X[0])
            # a normalised logarithm moves by at most twice what S moves by, and the mixture has a mass of at most 1.01
            slack = 2 * error + errors[r, c] * 1.01 + 64 * EPS * np.abs(logs).max()
            np.testing.assert_allclose(np.log(found[r, c]), log_q, rtol=0, atol=slack)
            assert slack < 1e-8


@BOTH
def test_the_errors_hold_what_a_sum_of_many_cells_rounds(trained, activation):
    fine = {"low": -22.0, "high": 22.0, "points": 2001}
    density = nm.score_grid_density(trained[activation], **fine)
    spread = np.log(density.max(axis=-1) / density.min(axis=-1))
    # a sum of N cells rounds by N EPS times its largest part at most, and the divergence moves by twice that
    assert (nm.score_grid_kl(trained[activation], MIX, **fine).errors >= 1.99 * 2001 * EPS * spread).all()


@BOTH
@pytest.mark.parametrize("grid", [GRID, {}, {"low": -22.0, "high": 22.0, "points": 111}, {"points": 2}])
def test_the_density_has_mass_one_on_its_grid(trained, activation, grid):
    found = nm.score_grid_density(trained[activation], **grid)
    spacing = (grid.get("high", 10.0) - grid.get("low", -10.0)) / (grid.get("points", 51) - 1)
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=2) * spacing, 1.0, rtol=8 * EPS * found.shape[2])


@BOTH
def test_the_divergence_is_that_of_the_density(trained, activation):
    found, kl = nm.score_grid_density(trained[activation], **GRID), nm.score_grid_kl(trained[activation], MIX, **GRID)
    h = X[1] - X[0]
    p = sum(w * np.exp(-0.5 * (X - m) ** 2 / v) / math.sqrt(2 * math.pi * v)
            for w, m, v in zip(MIX.weights, MIX.means, MIX.variances, strict=True)) * h  # fmt: skip
    terms = p * (np.log(p) - np.log(found * h))
    np.testing.assert_allclose(kl.values, terms.sum(axis=2), rtol=0, atol=64 * EPS * np.abs(terms).sum(axis=2).max())


def test_the_initial_density_of_the_paper_is_on_51_points_of_time_0065(trained):
    whole = nm.score_grid_density(trained["swish"])
    assert whole.shape == (2, 2, 51)
    same = nm.score_grid_density(trained["swish"], time=0.065, low=-10.0, high=10.0, points=51)
    np.testing.assert_array_equal(whole, same)


def test_a_replica_that_diverged_has_no_density_and_the_others_keep_theirs():
    rates = {"epochs": 3, "checkpoints": [0, 3], "replicas": 1}
    wild = nm.train(DATA, **{**SETUP, **rates, "learning_rate": 1e60})
    calm = nm.train(DATA, **{**SETUP, **rates})
    lost = wild.diverged()
    assert lost.tolist() == [[False, True]]
    both = dataclasses.replace(
        calm,
        **{
            name: np.concatenate([getattr(wild, name), getattr(calm, name)])
            for name in ("parameters", "losses", "diverged_at", "frequencies")
        },
    )
    found = nm.score_grid_density(both, **GRID)
    np.testing.assert_array_equal(np.isnan(found).all(axis=2), [[False, True], [False] * 2])
    np.testing.assert_array_equal(np.isnan(found).any(axis=2), np.isnan(found).all(axis=2))
    np.testing.assert_array_equal(found[1:], nm.score_grid_density(calm, **GRID))
    lost = np.isnan(nm.score_grid_kl(both, MIX, **GRID).values)
    np.testing.assert_array_equal(lost, [[False, True], [False] * 2])


@pytest.mark.parametrize("sign", [-1.0, 1.0])
@BOTH
def test_a_score_that_overflows_has_no_density(trained, activation, sign):
    training = trained[activation]
    huge = training.parameters.copy()
    huge[0, 1, -7:-1] = sign * 1e308  # the output weights
    huge[0, 1, :-7] *= 100.0
    changed = dataclasses.replace(training, parameters=huge)
    found, kl = nm.score_grid_density(changed, **GRID), nm.score_grid_kl(changed, MIX, **GRID)
    for answer in (found[0, 1], kl.values[0, 1], kl.errors[0, 1]):
        assert np.isnan(answer).all()
    np.testing.assert_array_equal(found[1], nm.score_grid_density(training, **GRID)[1])
    np.testing.assert_array_equal(kl.values[1], nm.score_grid_kl(training, MIX, **GRID).values[1])


@pytest.mark.parametrize("function", [nm.score_grid_density, lambda training, **grid: nm.score_grid_kl(
    training, MIX, **grid)])  # fmt: skip
def test_errors_name_the_argument(trained, function, monkeypatch):
    plane = nm.train(np.ones((4, 2)), **{**SETUP, "epochs": 1, "checkpoints": [1]})
    with pytest.raises(ValueError, match="training must be one-dimensional; got dim 2"):
        function(plane)
    for bad, message in (
        ({"time": -1.0}, "time"),
        ({"low": 10.0}, "high must be greater than low = 10"),
        ({"points": 1}, "points"),
        ({"time": 0.0}, "std"),
    ):
        with pytest.raises(ValueError, match=message):
            function(trained["swish"], **bad)
    with pytest.raises(TypeError, match="training"):
        function("a network")
    monkeypatch.setattr(memory, "available_memory", lambda: 1 << 20)
    with pytest.raises(ValueError, match="the grid"):
        function(trained["swish"], points=10**6)


def test_more_densities_than_the_memory_holds_are_refused(trained, monkeypatch):
    names = ("parameters", "losses", "diverged_at", "frequencies")
    many = dataclasses.replace(trained["swish"], **{name: np.repeat(getattr(trained["swish"], name), 5, axis=0)
                                                    for name in names})  # fmt: skip
    monkeypatch.setattr(memory, "available_memory", lambda: 1 << 20)
    assert nm.score_grid_kl(many, MIX, points=4000).values.shape == (10, 2)
    with pytest.raises(ValueError, match="the densities need"):
        nm.score_grid_density(many, points=4000)


def test_an_integral_whose_error_never_gets_small_ends_and_its_error_tells():
    theta, edges = np.random.default_rng(5).normal(size=6 * 5 + 1), np.array([-1.0, 0.5, 2.0])
    weights, differences = GAUSS_KRONROD_WEIGHTS.T.copy()

    def found(times):
        values, errors = np.empty((2, 2))
        network_training.integrals(
            theta, 6, np.array([0.2]), edges, GAUSS_KRONROD_NODES, weights, times * differences, 1e-10, values, errors
        )
        return values, errors

    (values, errors), (same, worse) = found(1.0), found(1e12)  # as if the Gauss rule were wrong in the fourth digit
    assert (errors < 1e-10).all()
    np.testing.assert_allclose(same, values, rtol=0, atol=1e-10)
    assert (worse > 1e-5).all()
