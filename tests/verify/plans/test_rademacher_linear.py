"""The plans of R2 against the measured complexities, and what the bounds lose."""

import math

import numpy as np
import pytest

import numerics
from theory.claims import REGISTRY
from theory.symbols import rademacher_affine, rademacher_linear
from verify.evidence.budget import BUDGETS
from verify.models.sign_sums import instance
from verify.plans import PLANS
from verify.plans import rademacher_linear as linear

RNG = np.random.default_rng(4)  # the statements hold for every draw: there is no threshold to tune
TABLES = [RNG.integers(-5, 6, (N, n)) for N, n in [(1, 1), (2, 1), (3, 4), (5, 6), (2, 9)]]
EPS = np.finfo(float).eps


def of(experiment, claim_id, at):
    claim = REGISTRY[claim_id]
    return experiment.outcome(claim, experiment.sides(claim), at)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.shape))
def test_linear_classes_are_the_measured_ones(table):
    d, n = table.shape
    at = {"values": table.tolist(), "points": n, "embedding": 3, "radius": 2}
    found = linear._affine_values(REGISTRY["R2:sharp"], at)
    measured = numerics.l1_ball_complexity(table.T, radius=2.0)
    low, high = measured.interval
    assert low <= float(found[rademacher_linear] / n) <= high
    shared = np.hstack([table.T, np.full((n, 4), 3), np.full((n, 1), -2)])  # the length of the embedding is irrelevant
    low, high = numerics.l1_ball_complexity(shared, radius=2.0).interval
    assert low <= float(found[rademacher_affine] / n) <= high
    bound = REGISTRY["R2:massart"].evaluate(ball_radius=2.0, n=n, d=d, point_norm=float(np.abs(table).max())).right
    assert float(bound) == pytest.approx(numerics.l1_ball_bound(table.T, radius=2.0), rel=64 * EPS)


def worst(method, claim_id):
    return method.run(REGISTRY[claim_id], SimpleContext).worst_ratio


class SimpleContext:
    """What an enumeration reads of a context."""

    budget = BUDGETS["quick"]


def test_the_linear_bounds_lose_at_least_a_factor_that_is_known():
    known = 1 / math.sqrt(2 * math.log(2))
    for claim_id in ("R2:massart", "R2:sharp", "R2:printed"):
        (counted,) = (method for method in PLANS[claim_id].methods if method.method == "exhaustive")
        assert worst(counted, claim_id) == pytest.approx(known, rel=1e-12)
    for points in (3, 4, 5):  # all sign patterns
        at = instance(linear._half_cube(points), embedding=1, radius=1)
        assert of(linear.AFFINE, "R2:massart", at).ratio == pytest.approx(known, rel=1e-12)


def test_the_cosh_bound_is_attained_as_its_parameter_vanishes():
    at = instance(((1, -1),), embedding=1, radius=1)
    ratios = [of(linear.TEMPERED, "R2:cosh", {**at, "temperature": 2.0**-k}).ratio for k in (2, 4, 6, 8)]
    assert ratios == sorted(ratios)
    assert 1 - 1e-5 < ratios[-1] < 1
