"""The figures' runs are the paper's set-up, and their measurements are quadratures."""

from __future__ import annotations

import inspect
import math
from itertools import pairwise

import mpmath as mp
import numpy as np
import pytest
from numpy.polynomial.legendre import leggauss

import numerics
from numerics.backends.backend import NumpyArrays
from verify.models.two_mode_runs import OPTIMIZERS, RATES, TIME, Run

EPS = np.finfo(float).eps
SMALL = {"checkpoints": (1, 20), "points": 40}


def small(optimizer="sgd", **options):
    return Run(optimizer=optimizer, learning_rate=RATES[optimizer], **{**SMALL, **options})


@pytest.fixture
def calls(monkeypatch):
    """What `numerics.train` is called with, its defaults filled in."""
    seen, train = [], numerics.train

    def spy(*args, **options):
        bound = inspect.signature(train).bind(*args, **options)
        bound.apply_defaults()
        chosen = numerics.Optimizer.of(bound.arguments["optimizer"], bound.arguments["how"])
        seen.append({**bound.arguments, "learning_rate": chosen.learning_rate, "batch_size": chosen.batch_size})
        return train(*args, **options)

    monkeypatch.setattr(numerics, "train", spy)
    return seen


def test_a_run_is_the_papers_set_up(calls):
    """Section 4: what the ledger says of the synthetic runs."""
    training = Run(optimizer="sgd", learning_rate=0.5, checkpoints=(1,)).train(0, range(1))
    (found,) = calls
    expected = {
        "optimizer": "sgd",
        "learning_rate": 0.5,
        "width": 16,
        "output_scale": 16.0,
        "activation": "swish",
        "layers": "all",
        "batch_size": 32,
        "fourier_features": 4,
        "fourier_scale": 30.0,
        "start": 1e-5,
        "horizon": 1.0,
        "replicas": 1,
        "epochs": 1,
    }
    assert {name: found[name] for name in expected} == expected
    assert np.shape(found["data"]) == (1, 1000, 1)
    assert (training.width, training.dim, training.output_scale, training.activation) == (16, 1, 16.0, "swish")
    assert training.frequencies.shape == (1, 2)  # a sine and a cosine of each
    with mp.workdps(30):
        for t in (1e-5, 0.065, 0.5, 1.0):
            variance = (mp.mpf(25) ** (2 * mp.mpf(t)) - 1) / (2 * mp.log(25))
            # 25^2t − 1 loses a factor 1/(2t log 25), and the root halves that
            assert found["std"](np.array([t]))[0] == pytest.approx(float(mp.sqrt(variance)), rel=8 * EPS * (1 + 1 / t))
            assert found["mean_scale"](np.array([t]))[0] == 1.0


def test_both_optimisers_have_the_papers_rates():
    assert RATES == {"sgd": 0.5, "adam": 1e-3}
    assert set(OPTIMIZERS) == set(RATES)
    assert TIME == 0.065


def test_the_grid_is_51_points_of_minus_10_to_10_for_modes_6_apart():
    np.testing.assert_array_equal(small().grid(), np.linspace(-10.0, 10.0, 51))
    far = small(mode=15.0).grid()
    assert (far[0], far[-1], len(far)) == (-22.0, 22.0, 111)
    np.testing.assert_allclose(np.diff(far), 0.4, rtol=64 * EPS)


@pytest.mark.parametrize("mode", [3.0, 15.0, 0.5])
def test_the_data_are_two_modes_of_equal_weight_and_variance_one(calls, mode):
    target = small(mode=mode).target()
    assert [float(value) for value in target.means] == [-mode, mode]
    assert [float(value) for value in target.weights] == [0.5, 0.5]
    assert [float(value) for value in target.variances] == [1.0, 1.0]
    for replica in range(3):
        small(mode=mode, points=1000, checkpoints=(1,)).train(7, range(replica, replica + 1))
    data = np.concatenate([call["data"].reshape(-1) for call in calls])
    # each of these fails for a right sampler with P < 1e-9: Hoeffding's 2 exp(−6.6²/2), and Bernstein's inequality for
    # the mean of x² (μ² + 1, deviation √(4μ² + 2) per point, with tails of 4)
    count = len(data)
    assert abs((data > 0).sum() - count / 2) <= 3.3 * math.sqrt(count)
    deviation = math.sqrt((4 * mode**2 + 2) / count)
    assert abs((data**2).mean() - mode**2 - 1) <= 6.6 * deviation + 4 * 22 / count
    if mode > 10:  # no point crosses zero
        noise = np.sort(np.abs(data) * 1.0 - mode)
        gap = np.abs(np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in noise]) - np.arange(count) / count).max()
        assert gap <= math.sqrt(math.log(2e9) / (2 * count)) + 1 / count  # Dvoretzky, Kiefer, Wolfowitz and Massart


def test_both_distances_have_the_same_noise_and_the_same_initial_weights(calls):
    near, far = (small(mode=mode, checkpoints=(0, 1)).train(5, range(2, 3)) for mode in (3.0, 15.0))
    first, second = (call["data"] for call in calls)
    signs = np.sign(second)  # 15 standard deviations from zero
    # a sum with ±15 rounds to half a unit of 32 · 2⁻⁵³
    np.testing.assert_allclose(first - 3.0 * signs, second - 15.0 * signs, rtol=0, atol=2.0**-48)
    np.testing.assert_array_equal(near.parameters[0, 0], far.parameters[0, 0])
    np.testing.assert_array_equal(near.frequencies, far.frequencies)


def test_a_replica_is_a_function_of_the_seed_and_its_number():
    one = small().measure(0, 3)
    assert small().measure(0, 3) == one
    assert small().measure(0, 4)["kl"] != one["kl"]
    assert small().measure(1, 3)["kl"] != one["kl"]
    many = numerics.train(
        np.zeros(4),
        optimizer="sgd",
        learning_rate=0.1,
        epochs=1,
        width=16,
        replicas=2,
        rng=np.random.SeedSequence(9),
        mean_scale=1.0,
        std=1.0,
        checkpoints=(0,),
        first_replica=2,
    )
    alone = small(checkpoints=(0, 1)).train(9, range(3, 4))
    np.testing.assert_array_equal(many.parameters[1, 0], alone.parameters[0, 0])


def test_settings_hold_every_field_as_json_does():
    run = small(output_scale="width", mode=15.0, width=4)
    assert run.settings() == {
        "optimizer": "sgd",
        "learning_rate": 0.5,
        "checkpoints": [1, 20],
        "mode": 15.0,
        "width": 4,
        "output_scale": "width",
        "points": 40,
    }
    assert set(run.settings()) == set(Run.__dataclass_fields__)


def panels(score, edges, count):
    """∫ of a score over the cells of edges by Gauss–Legendre, on ``count`` panels each, and again on half as many."""
    nodes, weights = leggauss(16)

    def cells(number):
        found = []
        for a, b in pairwise(edges):
            ends = np.linspace(a, b, number + 1)
            half = 0.5 * np.diff(ends)[:, None]
            found.append(float(np.sum(half * weights * score(0.5 * (ends[1:] + ends[:-1])[:, None] + half * nodes))))
        return np.array(found)

    return cells(count), cells(count // 2)


def test_replicas_that_are_trained_together_are_those_that_are_trained_alone():
    run = small(checkpoints=(1, 3))
    alone = [run.measure(1, k, densities=True) for k in (4, 5)]
    assert run.measure_all(1, range(4, 6), densities=True) == alone
    with numerics.use_backend(NumpyArrays()):  # one program
        found = run.measure_all(1, range(4, 6))
    for one, other in zip(alone, found, strict=True):
        # some steps of training, each with some hundred roundings, and a divergence of 51 points
        np.testing.assert_allclose(other["kl"], one["kl"], rtol=2.0**-52 * 1e5)


@pytest.mark.parametrize(("optimizer", "mode"), [("sgd", 3.0), ("adam", 3.0), ("adam", 15.0)])
def test_divergence_mass_and_density_are_those_of_the_scores_exponential(optimizer, mode):
    run = small(optimizer, mode=mode, checkpoints=(2, 30))
    found, training, x = run.measure(1, 2, densities=True), run.train(1, range(2, 3)), run.grid()
    kl = numerics.score_grid_kl(training, run.target(), time=0.065, low=x[0], high=x[-1], points=len(x))
    assert found["kl"] == kl.values[0].tolist()
    assert np.shape(found["density"]) == (2, len(x))
    p = (np.exp(-0.5 * (x - mode) ** 2) + np.exp(-0.5 * (x + mode) ** 2)) / math.sqrt(8 * math.pi)
    for place in range(2):
        network = training.network(0, place)

        def score(points, network=network):
            return network.score(points.reshape(-1), 0.065).reshape(points.shape)

        fine, coarse = panels(score, x, 4)
        logs = np.append(0.0, np.cumsum(fine))
        q = np.exp(logs - logs.max())
        q /= q.sum()
        # a normalised logarithm moves by at most twice what an integral does
        error = 2 * np.abs(fine - coarse).sum() + 64 * EPS * np.abs(logs).max() + kl.errors[0, place]
        assert error < 1e-7
        np.testing.assert_allclose(np.log(found["density"][place]), np.log(q / 0.4), rtol=0, atol=2 * error)
        expected = float(np.sum(0.4 * p * (np.log(0.4 * p) - np.log(q))))
        assert found["kl"][place] == pytest.approx(expected, abs=2 * error)
        right = q[x > 1e-9].sum() + q[np.abs(x) <= 1e-9].sum() / 2
        assert found["mass"][place] == pytest.approx(min(right, 1 - right), abs=2 * error)
