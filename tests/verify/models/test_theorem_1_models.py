"""The models of Theorem 1: what is measured on them, against their definitions."""

import math

import numpy as np
import pytest

import numerics
from verify.models import theorem_1_models
from verify.models.theorem_1_models import Model

SMALL = Model(
    sde="ou",
    horizon=1.0,
    width=2,
    edges=(-1.0, 0.25, 1.0),
    masses=(0.5, 0.5),
    count=20,
    comparator="minimiser",
    tau=(0.5, 50.0),
    seed=4,
)


def test_the_measured_values_of_a_model_are_consistent():
    seed = np.random.SeedSequence(3)
    values = theorem_1_models.measure(SMALL, seed)
    loss, hat = SMALL.population, SMALL.sample(seed)
    for k in range(2):
        theta_hat, theta = values["parameters"][k], SMALL.flow.parameters(SMALL.tau[k])
        error = theta_hat - theta
        assert values["loss_hat"][k] == pytest.approx(loss.loss(theta_hat), rel=1e-12)
        assert values["parameter_error"][k] == pytest.approx(np.linalg.norm(error), rel=1e-9)
        assert values["score_error"][k] ** 2 == pytest.approx(np.trace(error @ loss.B @ error.T), rel=1e-7)
        assert values["score_error_hat"][k] ** 2 == pytest.approx(np.trace(error @ hat.B @ error.T), rel=1e-7)
        assert values["distance_tau"][k] == pytest.approx(np.linalg.norm(theta - SMALL.theta), rel=1e-9, abs=1e-12)
    change = np.linalg.eigvalsh(hat.B - loss.B)
    assert values["deviation_B"] == pytest.approx(np.abs(change).max(), rel=1e-10)
    gradient = (SMALL.theta @ hat.B - hat.b) - (SMALL.theta @ loss.B - loss.b)
    assert values["deviation_G"] == pytest.approx(np.linalg.norm(gradient), rel=1e-9)
    assert values["loss_comparator"] == pytest.approx(loss.minimum, rel=1e-9)
    assert values["S_B"] <= values["K_B"] * math.sqrt(SMALL.features.width)
    assert values["S_G"] <= 2 * values["K_G"]


def test_the_population_loss_hardly_depends_on_the_number_of_times():
    loss, theta = SMALL.population, SMALL.initial
    finer = numerics.histogram_quadratic(SMALL.features, SMALL.law, SMALL.schedule(96))
    # the estimate of the error is for c, the least smooth part
    assert abs(loss.loss(theta) - finer.loss(theta)) <= SMALL.quadrature_error + 1e-7 * finer.loss(theta)
    assert abs(loss.c - finer.c) <= 2 * SMALL.quadrature_error + 1e-9 * finer.c
