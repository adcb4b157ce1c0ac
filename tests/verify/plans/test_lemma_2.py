"""The plans of Lemma 2: what the audit says of it."""

import pytest

import verify
from theory.claims import REGISTRY
from verify.evidence.verdict import Verdict
from verify.models import linear_gaussian
from verify.models.linear_gaussian import affine
from verify.plans import lemma_2


def test_the_stationary_score_refutes_the_printed_bound_from_two_on():
    claim = REGISTRY["L2:printed"]
    experiment = linear_gaussian.AFFINE
    for horizon, violated in ((1.9, False), (2.0, False), (2.001, True), (20.0, True)):
        outcome = experiment.outcome(claim, experiment.sides(claim), affine(horizon, mean=1.0))
        assert outcome.violated is violated


def test_the_smallest_witness_of_the_printed_bound_is_replayed():
    result = verify.check("L2:printed", mutants=False)
    assert result.verdict is Verdict.REFUTED
    assert result.smallest.instance["T"] > 2
    assert verify.replay(result.token).ratio == pytest.approx(result.smallest.ratio)


def test_growth_of_the_hidden_constant_is_half_the_horizon():
    claim = REGISTRY["L2:up-to-constant"]
    needed = lemma_2.linear_constant(linear_gaussian.AFFINE)(claim)
    assert float(needed(affine(1000.0, shifts=[0.0, 1.0, 0.0, 0.0])).mid()) == pytest.approx(500.0)


@pytest.mark.parametrize(
    ("slopes", "exists"),
    [((-1, -1), True), ((1, 1), False), ((-1, 1), False), ((1, -1), False), ((0, -1), False), ((0, 0), False)],
)
def test_a_score_density_exists_where_both_tails_fall(slopes, exists):
    assert lemma_2.has_density(*slopes) is exists
