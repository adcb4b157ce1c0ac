"""The linear Gaussian autoencoder, written again by hand, and its terms from simulated data, codes and outputs."""

import math

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import brentq

from theory import claims, symbols

LAW = {"data_variance": 1.0, "encoder_gain": 0.5, "encoder_variance": 0.5, "decoder_gain": 0.7}
AT = {**LAW, "decoder_variance": 0.5, "n": 100}
FLAT = AT | {"encoder_gain": 0.0, "encoder_variance": 1.0, "decoder_gain": 0.0, "decoder_variance": 1.0}
REST = 1 - 0.35
SPREAD = 1 + 0.49 + REST**2 / 100
TRAIN = REST**2 * 0.99 + 0.49 * 0.5
GAP = SPREAD - TRAIN  # over 2v = 1
RATE = 0.5 * (0.25 + 0.5 - 1 - math.log(0.5))
CODE = 0.5 / 0.75
OUTPUT = 0.5 * math.log1p(REST**2 * CODE / (1e4 * (0.5 + REST**2 * 99 / 1e4)))
WEIGHTS = 0.5 * math.log(100 / 99)
MARGIN = 0.99
KL = 0.5 * (math.log(MARGIN) + (1 + REST**2 / 100) / MARGIN - 1)
ELBO = 0.5 * math.log(math.pi) + REST**2 * 1.01 + 0.49 * 0.5 + RATE - 0.5 * math.log(2 * math.pi * math.e)
RATIO = TRAIN / SPREAD
SIDES = [
    ("IT8:gap", {**AT, "vae_gap": 0.8}, 0.8, GAP),
    ("IT8:rate", {**AT, "encoder_rate": 0.1}, 0.1, RATE),
    ("IT8:output", {**AT, "output_information": 0.1}, 0.1, OUTPUT),
    ("IT8:reconstruction", {**AT, "vae_reconstruction_gap": 0.1}, 0.1, REST**2 / 50),
    ("IT8:divergence", {**AT, "kl_generated": 0.1}, 0.1, KL),
    ("IT8:printed", AT, GAP, 2 * SPREAD * (math.sqrt(RATE) + math.sqrt(OUTPUT))),
    ("IT8:repaired", AT, GAP, 2 * SPREAD * math.sqrt(RATE + WEIGHTS)),
    ("IT8:sharp", AT, 0.5 * (RATIO - 1 - math.log(RATIO)), RATE + WEIGHTS),
    ("IT8:elbo", AT, KL, ELBO),
]
OWN = {"encoder_gain", "encoder_variance", "decoder_gain", "decoder_variance", "data_variance", "n"}


def test_both_sides_are_the_ledgers(row, close):
    claim_id, values, *sides = row
    names = {str(symbol) for symbol in claims[claim_id].symbols}
    close((claim_id, {name: value for name, value in values.items() if name in names}, *sides), rel=1e-11)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def sides(claim_id, values):
    names = {str(symbol) for symbol in claims[claim_id].symbols}
    found = claims[claim_id].evaluate(**{name: value for name, value in values.items() if name in names})
    return float(found.left), float(found.right)


def test_a_code_that_tells_nothing_refutes_the_printed_bound_at_a_hundred_data():
    gap, printed = sides("IT8:printed", FLAT)
    assert (round(gap, 4), round(printed, 5)) == (0.0100, 0.00711)
    assert round(sides("IT8:repaired", FLAT)[1], 4) == 0.0716


def test_the_numbers_of_a_code_that_tells_half():
    gap, printed = sides("IT8:printed", AT)
    repaired = sides("IT8:repaired", AT)[1]
    assert [round(value, 5) for value in (gap, printed, repaired)] == [0.83095, 1.42251, 1.42257]
    divergence, elbo = sides("IT8:elbo", AT)
    assert [round(value, 5) for value in (divergence, elbo)] == [0.00216, 0.04673]
    train = 0.5 * math.log(math.pi) + TRAIN
    assert round(train + repaired - 0.5 * math.log(2 * math.pi * math.e), 4) == 1.2393
    allowed = brentq(lambda ratio: 0.5 * (ratio - 1 - math.log(ratio)) - RATE - WEIGHTS, 1e-9, 1)
    assert round(SPREAD * (1 - allowed), 5) == 1.01166


def test_the_form_at_its_best_is_the_infimum_over_exponents():
    eta = np.logspace(-3, 3, 200_001)
    cumulant = eta * SPREAD - 0.5 * np.log1p(2 * eta * SPREAD)  # of u²/2v, u ~ N(0, V), v = ½
    least = ((cumulant + RATE + WEIGHTS) / eta).min()
    assert least == pytest.approx(1.01166, abs=1e-5)


def test_the_terms_are_those_of_simulated_autoencoders():
    rng = np.random.default_rng(8)
    count, replicas = 4, 400_000
    values = AT | {"n": count}
    data = rng.standard_normal((replicas, count))
    codes = 0.5 * data[:, 0] + math.sqrt(0.5) * rng.standard_normal(replicas)
    mean = REST * data.mean(axis=1)
    fresh, prior, noise = rng.standard_normal((3, replicas))
    own = 0.5 * fresh + math.sqrt(0.5) * noise
    train = (data[:, 0] - 0.7 * codes - mean) ** 2
    for name, loss in (
        ("gap", (fresh - 0.7 * prior - mean) ** 2 - train),
        ("reconstruction", (fresh - 0.7 * own - mean) ** 2 - train),
    ):
        error = 6 * loss.std() / math.sqrt(replicas)  # six standard errors
        assert abs(loss.mean() - sides(f"IT8:{name}", values | {"vae_gap": 0, "vae_reconstruction_gap": 0})[1]) < error
    outputs = 0.7 * codes + mean + math.sqrt(0.5) * rng.standard_normal(replicas)
    stacked = np.stack([data[:, 0], outputs, codes])
    S = np.cov(stacked)
    det = np.linalg.det
    information = 0.5 * math.log(det(S[[0, 2]][:, [0, 2]]) * det(S[1:, 1:]) / (S[2, 2] * det(S)))
    exact = sides("IT8:output", values | {"output_information": 0})[1]
    assert abs(information - exact) < 6 * math.sqrt(2 * exact / replicas) + 36 / replicas


def collapsed(claim_id):
    """A side by side form at c = w = 0 and v_E = 1, where the decoder is the mean of the data."""
    flat = {symbols.encoder_gain: 0, symbols.decoder_gain: 0, symbols.encoder_variance: 1}
    return {name: sp.simplify(term.subs(flat)) for name, term in claims[claim_id].terms.items()}


def test_the_collapsed_autoencoder_is_the_gaussian_mean():
    """IT2's closed forms, over 2v_G for the loss of a decoder of variance v_G: the same gap and information."""
    spread, v = symbols.data_variance, symbols.decoder_variance
    squared = {symbols.noise_level: sp.sqrt(spread)}
    gap = collapsed("IT8:gap")
    mean = claims["IT2:gaussian-gap"].right().subs(squared) / (2 * v)
    assert sp.simplify(gap["product"] + gap["train"] - mean) == 0
    sharp, single = collapsed("IT8:sharp"), claims["IT2:gaussian-information"].right()
    assert sharp["rate"] == 0
    assert sp.simplify(sp.exp(2 * sharp["weights"]) - sp.exp(2 * single)) == 0


def test_decoupling_the_excess_says_more_than_decoupling_the_loss_at_its_best():
    """IT2:excess and IT8:sharp of one Gaussian mean, 100 data: 0.010025 and 0.067 for the gap 0.0100."""
    n, root = 100, math.log(100 / 99) / 2
    excess = min(
        float(claims["IT2:excess"].evaluate(n=n, noise_level=1, tilt=share / 100).right) / 2 for share in range(40, 60)
    )
    ratio = brentq(lambda y: (y - 1 - math.log(y)) / 2 - root, 0.1, 1)
    allowed = (1 + 1 / n) * (1 - ratio) / 2
    assert round(excess, 6) == 0.010025
    assert 1 / n < excess < allowed / 6
    law = {"data_variance": 1, "encoder_gain": 0, "encoder_variance": 1, "decoder_gain": 0, "n": n}
    value = claims["IT8:sharp"].evaluate(**law)
    assert float(value.right) == pytest.approx(root, rel=1e-12)
    assert float(value.left) < root
