"""Measured exponents: power laws give back their powers, and what the theorem does not allow becomes what it does."""

import math
from fractions import Fraction

import numpy as np
import pytest

from numerics import Capacity, Quadratic
from numerics.per_datum.datum_law import DatumLaw
from verify.models.measured_exponents import Exponents, data_enough, measured_exponents, noise_at_the_minimiser

POWERS = np.arange(1.0, 301.0) ** -4.0


def capacity(values, vectors, initial):
    """A law whose every datum has B(x₀) = diag(values), and b(x₀) one of the vectors, each as often."""
    B, b = np.diag(values), np.asarray(vectors, dtype=float)[:, None, :]
    law = DatumLaw(
        quadratic=Quadratic(B=B, b=b.mean(axis=0), c=math.inf),
        weights=np.full(len(b), 1 / len(b)),
        matrices=np.repeat(B[None], len(b), axis=0),
        vectors=b,
        lower=B[None],
        upper=B[None],
    )
    return Capacity(law=law, initial=np.atleast_2d(initial))


def test_power_laws_give_back_their_powers():
    """With κ_i = i^{−4} and a start of κ^r in each direction: tr B(B+ν)^{−1} ~ ν^{−1/4} and an excess ~ τ^{1/4−1−2r}.

    Both sums are within 1/i of integrals, i the direction that a time reaches, here 7 to 50.
    """
    values = np.sort(POWERS)  # the eigenbasis has them in ascending order
    found = measured_exponents(capacity(values, np.zeros((1, 300)), values**0.375), 1e3, 1e6)
    assert found.start == pytest.approx(1.5, abs=0.05)
    assert found.dimension == pytest.approx(0.25, abs=0.02)
    assert found.capacity == Fraction(1, 4)
    assert found.source == Fraction(1, 4)
    assert (found.rates().stopping, found.rates().rate) == (Fraction(4, 7), Fraction(-6, 7))


def test_a_start_that_is_forgotten_too_slowly_has_no_source_and_a_fast_one_the_largest():
    slow, fast = (Exponents(start=start, dimension=1.3) for start in (0.2, 7.0))
    assert (slow.source, slow.capacity, fast.source) == (0, 1, Fraction(1, 2))
    assert slow.rates().rate == Fraction(-1, 2)


def test_the_noise_at_the_minimiser_is_that_of_the_data():
    values, noise = np.array([0.25, 1.0]), np.array([[1.0, 2.0], [-1.0, -2.0], [1.0, -2.0], [-1.0, 2.0]])
    square, top = noise_at_the_minimiser(capacity(values, noise + 3.0, np.zeros(2)))
    assert (square, top) == pytest.approx((1 / 0.25 + 4 / 1.0, 4.0), rel=1e-12)


def test_there_are_data_enough_where_the_hypothesis_of_the_theorem_becomes_an_equality():
    one = capacity(np.array([0.25, 1.0]), np.zeros((1, 2)), np.zeros(2))
    n = data_enough(one, 0.8, 1e-3)
    assert 16 * 1.0 * n**0.8 * math.log(4 / 1e-3) == pytest.approx(n, rel=1e-12)
    assert data_enough(one, 1.0, 1e-3) == math.inf
