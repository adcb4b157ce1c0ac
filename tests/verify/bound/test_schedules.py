"""From an SDE's closed forms to callables: every family against its formula in high precision, and trained on."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

import numerics
import verify
from theory import (
    GaussianMixture,
    LinearSDE,
    OrnsteinUhlenbeck,
    SubVariancePreserving,
    VarianceExploding,
    VariancePreserving,
    symbols,
)

EPS = np.finfo(float).eps
TIMES = np.array([1e-290, 1e-100, 1e-18, 1e-12, 1e-8, 1e-5, 1e-3, 0.065, 0.3, 1.0])
DATA = np.random.default_rng(0).normal(size=30)
LOW, HIGH = "0.1", "20"


def decay(t):
    """∫_0^t β of the linear schedule from 0.1 to 20."""
    return mp.mpf(LOW) * t + (mp.mpf(HIGH) - mp.mpf(LOW)) * t * t / 2


# SDE, its mean scale and its standard deviation at an mpmath number
FAMILIES = {
    "OU": (OrnsteinUhlenbeck(), lambda t: mp.exp(-t), lambda t: mp.sqrt(-mp.expm1(-2 * t))),
    "VP": (VariancePreserving(LOW, HIGH), lambda t: mp.exp(-decay(t) / 2), lambda t: mp.sqrt(-mp.expm1(-decay(t)))),
    "sub-VP": (SubVariancePreserving(LOW, HIGH), lambda t: mp.exp(-decay(t) / 2), lambda t: -mp.expm1(-decay(t))),
    "VE": (VarianceExploding(25), lambda _t: mp.mpf(1), lambda t: mp.sqrt((mp.mpf(25) ** (2 * t) - 1) / mp.log(625))),
    "VE-1": (VarianceExploding(1), lambda _t: mp.mpf(1), mp.sqrt),
}  # fmt: skip


@pytest.mark.parametrize("name", FAMILIES)
def test_both_functions_of_an_sde_are_its_formulas(name):
    sde, *formulas = FAMILIES[name]
    with mp.workdps(700):
        scale, std = ([formula(mp.mpf(float(t))) for t in TIMES] for formula in formulas)
        for expr, truth in ((sde.mean_scale, scale), (sde.std, std)):  # 16 units in the last place, as promised
            np.testing.assert_allclose(verify.time_function(expr)(TIMES), np.array(truth, dtype=float), rtol=16 * EPS)


def test_the_answer_has_the_shape_of_the_times():
    for expr in (sp.Integer(1), sp.exp(-symbols.t)):
        at = verify.time_function(expr)
        for times in (np.array([0.1, 0.2]), np.zeros(0), np.zeros((2, 3)), 0.5, [0.5, 1.0], np.array([1, 2])):
            found = at(times)
            assert found.shape == np.shape(times)
            assert found.dtype == float
            np.testing.assert_array_equal(found, np.ones(np.shape(times)) if expr == 1 else np.exp(-np.asarray(times)))


# schedules up to 5, for which no value is doubtful enough to be taken from mpmath
TRAINED = {"OU": OrnsteinUhlenbeck(), "VP": VariancePreserving(LOW, 5), "sub-VP": SubVariancePreserving(LOW, 5),
           "VE": VarianceExploding(25)}  # fmt: skip
BY_HAND = {
    "OU": (lambda t: np.exp(-t), lambda t: np.sqrt(-np.expm1(-2 * t))),
    "VP": (lambda t: np.exp(-1.225 * t**2 - 0.05 * t),
           lambda t: np.sqrt(-np.expm1(-0.05 * t * (49 * t + 2)))),
    "sub-VP": (lambda t: np.exp(-1.225 * t**2 - 0.05 * t), lambda t: -np.expm1(-0.05 * t * (49 * t + 2))),
    "VE": (1.0, lambda t: math.sqrt(0.5 / math.log(25)) * np.sqrt(np.expm1(2 * math.log(25) * t))),
}  # fmt: skip
OPTIONS = {"optimizer": "adam", "learning_rate": 0.01, "epochs": 3, "width": 4, "replicas": 2, "rng": 5}


@pytest.mark.parametrize("name", BY_HAND)
def test_training_on_an_sde_gives_the_bits_of_callables_by_hand(name):
    sde = TRAINED[name]
    ours = numerics.train(
        DATA, **OPTIONS, mean_scale=verify.time_function(sde.mean_scale), std=verify.time_function(sde.std)
    )
    by_hand = numerics.train(DATA, **OPTIONS, **dict(zip(("mean_scale", "std"), BY_HAND[name], strict=True)))
    np.testing.assert_array_equal(ours.parameters, by_hand.parameters)
    np.testing.assert_array_equal(ours.losses, by_hand.losses)
    assert not ours.diverged().any()


def test_a_measured_divergence_takes_the_std_of_the_sde():
    """At a time where std = 1/2 the score is twice the network of std 1."""
    half = verify.time_function(VarianceExploding(1).std)
    trained = numerics.train(DATA, **OPTIONS, mean_scale=1.0, std=half)
    network = trained.network(0, 0)
    unit = numerics.ScoreNetwork(
        **{
            name: getattr(network, name)
            for name in (
                "input_weight",
                "input_bias",
                "time_weight",
                "time_bias",
                "output_weight",
                "output_bias",
                "frequencies",
                "output_scale",
                "activation",
            )
        },
        std=1.0,
    )
    x = np.linspace(-3, 3, 7)
    np.testing.assert_allclose(network.score(x, 0.25), 2 * unit.score(x, 0.25), rtol=4 * EPS)
    target = GaussianMixture.two_modes(3)
    assert np.isfinite(numerics.score_grid_kl(trained, target).values).all()


def test_an_expression_with_more_than_the_time_is_refused():
    for bad in (
        symbols.t + symbols.T,
        sp.Symbol("t"),
        LinearSDE.abstract().mean_scale,
        sp.Function("f")(symbols.t),
        sp.sqrt(-1) * symbols.t,
    ):
        with pytest.raises(ValueError, match=r"expr must be a real closed expression in theory\.symbols\.t alone"):
            verify.time_function(bad)
    for wrong in (None, 0.5, sp.Float(0.5) * symbols.t, object(), [symbols.t], True):
        with pytest.raises(TypeError, match="expr must be"):
            verify.time_function(wrong)
    for text in ("t", "__import__('os')", "nan", ""):
        with pytest.raises(ValueError, match="expr"):
            verify.time_function(text)
