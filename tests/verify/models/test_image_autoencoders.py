"""What is measured of an autoencoder, on models for which it is known."""

import math

import numpy as np
import pytest

from numerics.networks.autoencoders.trained import Autoencoder, Training
from verify.models.image_autoencoders import QUANTITIES, VARIANTS, Settings, bounds, measure, quantities

SMALL = Training(code=2, width=3, epochs=1, weight_std=1e-9)
DATA, FRESH = np.full((4, 5), 0.25), np.full((3, 5), 1.0)


def model(means=None, log_std=0.0):
    """Constant outputs of ½; codes at the given means for one-hot hidden units, or N(0, 1)."""
    encoder = [np.zeros((5, 3)), np.zeros(3), np.zeros((3, 2)), np.zeros(2), np.zeros((3, 2)), np.full(2, log_std)]
    if means is not None:
        encoder[0], encoder[2] = means
    decoder = (np.zeros((2, 3)), np.zeros(3), np.zeros((3, 5)), np.zeros(5))
    return Autoencoder(training=SMALL, encoder=tuple(encoder), initial=decoder, decoder=decoder)


def test_a_code_that_tells_nothing_has_rate_zero_and_the_bounds_are_the_loss():
    found = quantities(model(), DATA, FRESH, 2, np.random.default_rng(0))
    assert set(found) == set(QUANTITIES)
    assert found["reconstruction"] == pytest.approx(0.0625, rel=1e-6)
    assert found["held out"] == pytest.approx(0.25, rel=1e-6)
    assert found["product"] == pytest.approx(0.25, rel=1e-6)
    assert found["constant R"] == pytest.approx(0.25, rel=1e-6)
    assert found["rate"] == found["weight term"] == 0.0
    assert found["rate against the mixture"] == pytest.approx(0.0, abs=1e-12)
    for name in ("earlier bound", "repaired bound"):
        assert found[name] == found["reconstruction"]
    log_loss = 2.5 * (math.log(2 * math.pi * 0.05) + 0.25 / 0.05)
    assert found["held-out evidence bound"] == pytest.approx(log_loss, rel=1e-6)


def test_codes_far_apart_tell_all_of_their_datum():
    data = 3.0 * np.eye(4, 5)
    inner, outer = np.zeros((5, 3)), np.zeros((3, 2))
    inner[:3] = 10.0 * np.eye(3)
    outer[:] = [[50.0, 0.0], [0.0, 50.0], [-50.0, 0.0]]
    found = quantities(model((inner, outer)), data, data, 1, np.random.default_rng(0))
    assert found["rate against the mixture"] == pytest.approx(math.log(4), rel=1e-9)
    assert found["rate"] == pytest.approx(0.75 * 0.5 * 2500, rel=1e-9)  # one of the four codes is at 0


def test_the_bounds_are_those_of_the_theorem():
    found = bounds({"constant R": 0.5, "reconstruction": 0.1, "rate": 4.0, "weight term": 5.0, "output term": 9.0})
    root = math.sqrt(0.5)
    assert list(found.values()) == pytest.approx([0.1 + 2 * root, 0.1 + 5 * root, 0.1 + 3 * root])


def test_a_replica_measures_both_variants_from_the_same_split():
    pytest.importorskip("torch")
    pytest.importorskip("sklearn")
    settings = Settings(training=Training(epochs=1, width=8, code=2), draws=1)
    found = measure(settings, 0, 3)
    assert found == measure(settings, 0, 3) != measure(settings, 0, 4)
    assert list(found) == list(VARIANTS)
    for values in found.values():
        assert set(values) == set(QUANTITIES)
        assert all(math.isfinite(value) for value in values.values())
    one, two = (found[name]["weight term"] for name in VARIANTS)
    assert two < one
