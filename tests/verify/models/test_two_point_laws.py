"""Laws on two points in balls, against what `numerics` computes in floats."""

import numpy as np
import pytest
from flint import arb

import numerics
from verify.balls.numbers import working_precision
from verify.models.two_point_laws import bernoulli_proxy

EPS = np.finfo(float).eps
CHANCES = [0.0, 1e-300, 1e-9, 0.01, 0.25, 0.49, 0.4999, 0.5 - 2.0**-40, 0.5, 0.5 + 2.0**-40, 0.504, 0.51, 0.9, 1.0]


@pytest.mark.parametrize("chance", CHANCES)
def test_the_constant_of_a_bernoulli_number_is_the_same_in_balls_and_in_floats(chance):
    with working_precision(300):
        exact = float(bernoulli_proxy(arb(chance)).mid())
    # a difference of two logarithms near 0.7 that is at least 0.02: some fifty roundings of their size
    assert numerics.bernoulli_subgaussian(chance) == pytest.approx(exact, rel=128 * EPS, abs=0)
