"""Generators that learn keys by heart, against the enumeration of all that is random, and the ledger's numbers."""

import math

import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from theory import symbols as sym
from theory.claims import REGISTRY
from verify.evidence.confrontation import exact_values, number, value_of
from verify.models import key_memorisers as km
from verify.plans import generated_divergence, wasserstein_bound


def conditional_information(law):
    """I(X̂; X | Z) of an array of probabilities over (X, Z, X̂)."""
    total = 0.0
    for z in range(law.shape[1]):
        part = law[:, z, :]
        whole = part.sum()
        apart = part.sum(axis=1, keepdims=True) * part.sum(axis=0) / whole if whole else part
        seen = part > 0
        total += float(part[seen] @ np.log(part[seen] / apart[seen]))
    return total


def found(terms):
    return {symbol: number(value) for symbol, value in exact_values(terms).items()}


def sides(claim_id, terms):
    values = exact_values(terms)
    claim = REGISTRY[claim_id]
    return tuple(number(value_of(side, values)) for side in (claim.left(), claim.right()))


@pytest.mark.parametrize(("keys", "data"), [(2, 1), (2, 3), (3, 2), (4, 3)])
def test_the_key_memoriser_is_what_enumeration_finds(keys, data):
    terms, listed = found(km.key_terms({"keys": keys, "n": data})), km.enumerated(keys, data)
    assert terms[sym.generation_gap] == pytest.approx(listed["gap"])
    assert terms[sym.generator_information] == pytest.approx(listed["information"])
    assert terms[sym.transport_mean] == pytest.approx(listed["transport"])
    assert terms[sym.output_excess] == pytest.approx(listed["excess"])
    assert terms[sym.transport_square] == pytest.approx(listed["transport in square"])


def test_given_the_latent_an_output_tells_nothing_of_the_key():
    law = np.zeros((3, 3, 6))  # X, Z = X, X̂ = (z, 1[z = S])
    for x in range(3):
        law[x, x, 2 * x + 1] = 1 / 3  # S = X
    assert conditional_information(law) == pytest.approx(0, abs=1e-15)


def test_the_favoured_datum_is_what_enumeration_finds():
    keys, boost = 5, 2.0
    own, other = boost / keys, (1 - boost / keys) / (keys - 1)
    q = np.full((keys, keys), other) + (own - other) * np.eye(keys)  # of x̂, given the datum
    terms = found(km.boosted_terms({"keys": keys, "boost": boost}))
    uniform = np.full(keys, 1 / keys)
    assert terms[sym.product_loss] == pytest.approx(-np.log(q).mean())
    assert terms[sym.training_loss] == pytest.approx(-np.log(np.diag(q)).mean())
    assert terms[sym.kl_generated] == pytest.approx(np.mean([scipy.stats.entropy(uniform, row) for row in q]))
    law = np.stack([q / keys, np.zeros_like(q)], axis=1)  # one latent
    assert terms[sym.output_information] == pytest.approx(conditional_information(law))
    tilts = np.linspace(-60, 60, 240_001)
    tilts = tilts[np.abs(tilts) > 1e-3]
    values, chances = np.array([-math.log(own), -math.log(other)]), np.array([1 / keys, 1 - 1 / keys])
    centred = values - chances @ values
    cumulants = np.log(chances[0] * np.exp(tilts * centred[0]) + chances[1] * np.exp(tilts * centred[1]))
    assert terms[sym.proxy] ** 2 == pytest.approx(
        np.max(2 * cumulants / tilts**2), rel=1e-6
    )  # the grid's step, squared


def test_the_ledgers_numbers():
    two, three, many = ({"keys": k, "n": n} for k, n in ((2, 1), (3, 1), (1000, 50)))
    assert [round(side, 4) for side in sides("IT5:printed", km.key_terms(two))] == [0.75, 0.5617]
    assert round(sides("IT5:repaired", km.key_terms(two))[1], 4) == 0.7943
    assert [round(side, 5) for side in sides("IT5:printed", km.key_terms(many))] == [0.99995, 0.8341]
    assert [round(side, 5) for side in sides("IT5:output", km.key_terms(many))] == [0.99995, 0.99995]
    assert [round(side, 4) for side in sides("IT6:printed", km.key_terms(three))] == [0.6667, 0.6410]
    far = km.far_terms({"keys": 2, "near": 0.5, "far": 10.0})
    assert sides("IT6:marginal", far) == (5.25, 0.5)
    assert found(far)[sym.transport_square] == pytest.approx(math.sqrt((0.25 + 100.0) / 2))
    rare = km.rare_terms({"chance": 0.0625, "far": 4.0})
    assert sides("IT6:repaired", rare) == (0.25, 0.25)
    assert found(rare)[sym.transport_square] == 1.0
    favoured = {k: km.boosted_terms({"keys": k, "boost": 2.0}) for k in (3, 16, 1024)}
    assert [round(side, 4) for side in sides("IT7:printed", favoured[3])] == [0.2310, -0.2310]
    assert [round(side, 3) for side in sides("IT7:printed", favoured[16])] == [0.021, -0.623]
    assert round(found(favoured[16])[sym.output_information], 4) == 0.0263
    assert round(found(favoured[16])[sym.generation_gap], 4) == 0.7145
    left, right = sides("IT7:repaired", favoured[1024])
    assert (f"{left:.3e}", f"{right:.2e}") == ("3.001e-04", "3.49e-04")


def test_normal_laws_and_points_are_those_of_quadrature():
    terms = found(wasserstein_bound.normal_terms({"mean": 0.7, "std": 1.5, "width": 0.5}))
    one, other = scipy.stats.norm(0.7, 1.5), scipy.stats.norm(0, 0.5)
    square = scipy.integrate.quad(lambda u: (one.ppf(u) - other.ppf(u)) ** 2, 0, 1, epsabs=1e-10)[0]
    assert terms[sym.transport_square] == pytest.approx(math.sqrt(square), rel=1e-7)  # a logarithm at either end
    points = found(wasserstein_bound.point_terms({"centre": -0.4, "std": 1.2}))
    gap = scipy.stats.norm(-0.4, math.hypot(1, 1.2))
    mean = scipy.integrate.quad(lambda x: abs(x) * gap.pdf(x), -15, 15, points=[0])[0]
    assert points[sym.product_loss] == pytest.approx(mean, abs=1e-8)
    equal = found(wasserstein_bound.point_terms({"centre": 0.0, "std": 1.0}))
    assert round(equal[sym.product_loss], 4) == 1.1284
    assert round(equal[sym.point_distance], 4) == 0.7979


def test_coins_are_what_sums_over_tables_give():
    instance = {"kind": "any", "p": 0.3, "r": 0.6, "q0": 0.2, "q1": 0.7, "e0": 0.4, "e1": 0.9}
    terms = found(generated_divergence.coin_terms(instance))
    law, prior = np.array([0.7, 0.3]), np.array([0.4, 0.6])
    q = np.array([[0.8, 0.2], [0.3, 0.7]])  # latent, point
    encoder = np.array([[0.6, 0.4], [0.1, 0.9]])  # point, latent
    assert terms[sym.kl_generated] == pytest.approx(scipy.stats.entropy(law, prior @ q))
    assert terms[sym.product_loss] == pytest.approx(-np.einsum("x,z,zx->", law, prior, np.log(q)))
    assert terms[sym.fresh_loss] == pytest.approx(-np.einsum("x,xz,zx->", law, encoder, np.log(q)))
    assert terms[sym.encoder_rate] == pytest.approx(law @ [scipy.stats.entropy(row, prior) for row in encoder])
    posterior = {**instance, "kind": "posterior"}
    exact = found(generated_divergence.coin_terms(posterior))
    bound = exact[sym.fresh_loss] + exact[sym.encoder_rate] - exact[sym.data_entropy]
    assert exact[sym.kl_generated] == pytest.approx(bound)


def test_the_errata_s_numbers_of_other_constants_and_other_generators():
    two = km.key_terms({"keys": 2, "n": 1})
    assert round(sides("IT5:printed", two | {sym.proxy: 0.5})[1], 4) == 0.5887  # R = ½, half the loss's range
    terms = km.boosted_terms({"keys": 16, "boost": 2.0})
    values = found(terms)
    assert round(values[sym.output_information], 4) == 0.0263
    decoupling = sides("IT7:printed", terms)[1] - values[sym.training_loss] + values[sym.data_entropy]
    assert (round(values[sym.generation_gap], 4), round(decoupling, 4)) == (0.7145, 0.0702)
