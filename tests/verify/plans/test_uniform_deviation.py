"""The plans of R6: what a violation needs, and where the factor two of symmetrisation is approached."""

import pytest

from theory.claims import REGISTRY
from verify.models.sample_laws import COINS, SHATTERED, coin_levels


def of(experiment, claim_id, at):
    claim = REGISTRY[claim_id]
    return experiment.outcome(claim, experiment.sides(claim), at)


def test_a_violation_needs_a_probability_above_delta():
    """A fluctuation of nothing is violated by every coin, and the printed ones by none."""
    wrong = next(m for m in REGISTRY["R6:expected"].mutants if m.name == "no-abs").apply(REGISTRY["R6:expected"])
    evaluate = COINS.sides(wrong)
    assert COINS.outcome(wrong, evaluate, {"n": 1, "level": 1}).violated
    for claim_id in ("R6:expected", "R6:sharp", "R6:empirical", "R6:one-sided"):
        assert not any(of(COINS, claim_id, at).violated for at in coin_levels(8))


@pytest.mark.parametrize("claim_id", ["R6:expected", "R6:sharp", "R6:one-sided"])
def test_the_factor_two_of_symmetrisation_is_approached(claim_id):
    outcome = of(SHATTERED, claim_id, {"n": 10**6, "delta": 1 - 2.0**-40})
    assert not outcome.violated
    assert outcome.ratio > 1 - 1e-8
