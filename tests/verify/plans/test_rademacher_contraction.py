"""The plans of R1: where contraction is attained, and where one map for all points breaks the factor one."""

from fractions import Fraction

import pytest
from flint import arb

from theory.claims import REGISTRY
from verify.models.sign_sums import instance
from verify.plans import rademacher_contraction as contraction


def of(experiment, claim_id, at):
    claim = REGISTRY[claim_id]
    return experiment.outcome(claim, experiment.sides(claim), at)


def test_the_factor_two_of_contraction_with_moduli_is_attained():
    at = instance(((1, 1), (-1, -1)), maps=[1, 0], lipschitz=1)
    outcome = of(contraction.IMAGES, "R1:contraction-abs", at)
    assert outcome.left == outcome.right == arb(2)
    assert of(contraction.IMAGES, "R1:abs-factor-one", at).ratio == 2


@pytest.mark.parametrize(("kind", "expected"), [(1, Fraction(4, 3)), (2, Fraction(7, 6))])
def test_one_map_for_all_points_already_breaks_the_factor_one(kind, expected):
    three = ((0, 1, 1), (1, 0, 1), (1, -1, 0))
    at = instance(three, maps=[kind] * 3, lipschitz=1)
    assert of(contraction.IMAGES, "R1:abs-factor-one", at).ratio == pytest.approx(float(expected), rel=1e-12)
