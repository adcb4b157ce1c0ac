"""What T1:capacity is given for a model: its bound beside drawn data, beside T1:repaired, over n and over τ."""

import math

import numpy as np
import pytest
from scipy.stats import binom

import numerics
import theory
import verify
from theory.sde import OrnsteinUhlenbeck
from verify.bound.capacity import capacity_model

BOX = numerics.histogram_density([-1.0, 0.2, 1.0], [0.7, 0.3])
FEATURES = numerics.RandomFeatures.sample(8, 1, numerics.constant_embedding(), rng=2)
COMMON = {"features": FEATURES, "law": BOX, "sde": OrnsteinUhlenbeck(), "horizon": 2.0}
MODEL = capacity_model(**COMMON, times=12, nodes=24)


def total(n, tau, delta=0.05):
    values = MODEL.values(MODEL.best(tau=tau, n=n, delta=delta))
    return float(verify.bound("T1:capacity", values).total)


def test_the_terms_are_those_of_the_root_squared():
    found = MODEL.best(tau=3.0, n=500, delta=0.05)
    bound = verify.bound("T1:capacity", MODEL.values(found))
    assert set(bound.terms) == {"approximation", "population", "fluctuation", "second order", "prior"}
    assert all(value >= 0 for value in bound.terms.values())
    assert float(bound.total) == pytest.approx(MODEL.least + found.total**2 + MODEL.kl_prior, rel=1e-12)


def test_inputs_are_those_of_the_model():
    values = verify.capacity_inputs(**COMMON, n=500, tau=3.0, delta=0.05, times=12, nodes=24)
    assert values == MODEL.values(MODEL.best(tau=3.0, n=500, delta=0.05))


def test_losses_of_drawn_data_exceed_the_bound_no_more_often_than_stated():
    quadratic, start = MODEL.capacity.law.quadratic, np.zeros((1, 8))
    when = verify.schedule(OrnsteinUhlenbeck(), horizon=2.0, count=12, weighting="likelihood", grading=2)
    rng, draws = np.random.default_rng(0), 40
    for n, tau in ((3, 50.0), (40, 5.0)):
        limit = MODEL.least + MODEL.best(tau=tau, n=n, delta=0.2).total ** 2
        losses = []
        for _ in range(draws):
            hat = numerics.empirical_quadratic(FEATURES, BOX.sample(n, rng=rng), when)
            losses.append(quadratic.loss(numerics.GradientFlow(hat, start).parameters(tau)))
        assert sum(loss > limit for loss in losses) <= binom.isf(1e-8, draws, 0.2)


def test_more_data_and_more_failure_make_the_bound_smaller_down_to_the_population():
    totals = [total(n, 10.0) for n in (1, 10, 100, 10**4, 10**8)]
    assert totals == sorted(totals, reverse=True)
    assert total(100, 10.0, 0.5) < total(100, 10.0, 1e-6)
    values = MODEL.values(MODEL.best(tau=10.0, n=10**12, delta=0.05))
    silent = values["T"] / 2 * values["loss_tau"] + values["kl_prior"]
    assert totals[-1] == pytest.approx(silent, rel=1e-2)


def test_it_stays_bounded_in_time_where_the_bound_by_the_path_does_not():
    late = verify.theorem_1_inputs(**COMMON, n=1000, tau=1e6, delta=0.05, times=12, nodes=24)
    assert total(1000, 1e6) < 1.2 * total(1000, 1e5)
    assert float(verify.bound("T1:repaired", late).total) > 1e6 * total(1000, 1e6)


def test_a_law_of_unbounded_support_is_refused_with_the_claims_that_take_it():
    two = theory.GaussianMixture.two_modes(3)
    with pytest.raises(ValueError, match=r"law must have bounded support for T1:capacity; .* T2:capacity"):
        verify.capacity_inputs(**{**COMMON, "law": two}, n=10, tau=1.0, delta=0.1)


def test_every_sample_size_has_a_finite_bound():
    assert all(math.isfinite(total(n, tau)) for n in (1, 2, 5) for tau in (1e-4, 1.0, 1e4))
