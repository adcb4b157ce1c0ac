"""What a sampler reveals of the data, written again by hand."""

import math

import numpy as np

from theory import claims

GROWN = 1 - math.exp(-1.4)
SIGNAL = GROWN**2 / 20
AT = {"T": 0.7, "n": 20}
SIDES = [
    ("IT11:printed", {"T": 0.7, "score_limit": 3.0, "sampler_information": 1.0}, 1.0, 6.3),
    ("IT11:sharper", {"path_cost": 0.2, "sampler_information": 0.1}, 0.1, 0.2),
    ("IT11:location", AT, 0.5 * math.log(1 + GROWN / 20), GROWN / 40),
    ("IT11:memory", AT, GROWN / 10, 2 * (2 + SIGNAL) * math.sqrt(0.5 * math.log(1 + SIGNAL) / 20)),
]


def test_both_sides_are_the_ledgers(row, close):
    close(row, rel=1e-12)


def test_every_claim_is_computed_by_hand(family):
    assert {claim.id for claim in family.claims} == {row[0] for row in SIDES}


def test_the_bound_on_memory_is_loose_by_the_root_of_two_for_many_data():
    found = claims["IT11:memory"].evaluate(T=1.0, n=10**7)
    assert math.isclose(float(found.right / found.left), math.sqrt(2), rel_tol=1e-6)


def test_the_memory_of_a_location_is_that_of_simulated_samples():
    rng = np.random.default_rng(11)
    data = 0.3 + rng.standard_normal((400_000, 5))
    grown = 1 - math.exp(-2.0)
    samples = grown * data.mean(axis=1) + rng.standard_normal(len(data))
    fresh = 0.3 + rng.standard_normal(len(data))
    values = (samples - fresh) ** 2 - (samples - data[:, 0]) ** 2
    error = 6 * values.std() / math.sqrt(len(values))  # six standard errors
    assert abs(values.mean() - float(claims["IT11:memory"].evaluate(T=1.0, n=5).left)) < error
    information = 0.5 * math.log(1 + grown**2 / 5)
    empirical = -0.5 * math.log(1 - np.corrcoef(samples, data.mean(axis=1))[0, 1] ** 2)
    assert abs(empirical - information) < 6 / math.sqrt(len(data))
