"""Samples that are enumerated: probabilities, the moments of the noise, and the effective dimension."""

import dataclasses
import math

import numpy as np
import pytest

from theory import claims
from verify.models.stopped_samples import ENDED, STOPPED, _drawn, measure_stopped


def drawn(index):
    return _drawn(np.random.default_rng(index))


@pytest.mark.parametrize("index", range(6))
def test_the_levels_of_a_sample_have_all_of_the_probability(index):
    found = drawn(index).measure()
    assert found["delta"][-1] == pytest.approx(1.0, rel=1e-12)
    assert np.all(np.diff(found["loss_hat"]) <= 0)


def test_a_coin_is_enumerated_as_its_two_atoms_are():
    for start in (0.0, 0.7):
        coin = dataclasses.replace(ENDED[1], count=7, source=np.array([[start]]))
        one, two = coin.measure(), dataclasses.replace(coin, coin=False).measure()
        upper = one["loss_hat"] > 1e-20
        for level, chance in zip(one["loss_hat"][upper], one["delta"][upper], strict=True):
            near = np.isclose(two["loss_hat"], level, rtol=1e-9)
            assert two["delta"][near].max() >= chance * (1 - 1e-12)


@pytest.mark.parametrize("index", range(4))
def test_the_excess_of_the_start_alone_is_that_of_one_flow(index):
    law = dataclasses.replace(drawn(index), count=1, chances=np.array([1.0]))
    law = dataclasses.replace(law, matrices=law.matrices[:1], vectors=law.vectors[:1])
    found, k = law.measure(), np.linalg.eigvalsh(law.matrices[0])
    left = law.source @ np.linalg.eigh(law.matrices[0])[1] * k ** (law.power + 0.5) * np.exp(-2 * law.tau * k)
    assert found["loss_hat"][0] == pytest.approx(float(np.sum(left**2)), rel=1e-9)
    assert found["noise_square"] == pytest.approx(0.0, abs=1e-18)


@pytest.mark.parametrize("index", range(4))
def test_the_noise_of_one_direction_is_below_that_of_all_and_below_the_largest(index):
    found = drawn(index).measure()
    assert found["noise_weak"] ** 2 <= found["noise_square"] * (1 + 1e-12) <= found["noise_radius"] ** 2 * (1 + 1e-9)
    coin = ENDED[1].measure()
    assert coin["noise_weak"] == pytest.approx(coin["noise_radius"], rel=1e-12)


def test_the_effective_dimension_is_below_its_power():
    law = drawn(5)
    found = law.measure()
    rates = np.linalg.eigvalsh(np.tensordot(law.chances, law.matrices, axes=1))
    for ridge in np.geomspace(1e-6, 1e3, 50):
        assert np.sum(rates / (rates + ridge)) <= found["capacity_constant"] * ridge**-law.dimension * (1 + 1e-12)


def test_the_stopping_time_lies_where_the_rate_asks_for_it():
    for law in (*STOPPED, *map(drawn, range(20))):
        time = law.count ** (1 / (1 + 2 * law.power + law.dimension))
        assert time * (1 - 1e-12) <= law.tau <= 2 * time * (1 + 1e-12)


def test_levels_have_the_data_that_the_hypothesis_asks_for():
    for index in range(len(STOPPED) + 8):
        found = measure_stopped(claims["CAP:rates"], index, np.random.SeedSequence(index))[0]
        need = 16 * found["K_B"] * found["tau"] * np.log(2 * found["m"] / found["delta"])
        assert len(found["delta"]) > 0
        assert np.all(need <= found["n"])
        assert math.isfinite(found["capacity_constant"])
