"""Trained models agree with true lemmas."""

import pytest

from theory.claims import REGISTRY
from verify.evidence.budget import BUDGETS, Context
from verify.evidence.verdict import Verdict
from verify.models.trained_flows import MODELS


@pytest.mark.parametrize("claim_id", ["L4:sharp", "L4:repaired-A", "L5:sharp", "L5:comparator"])
def test_trained_models_agree_with_true_lemmas_for_many_seeds(claim_id):
    for seed in range(3):
        evidence = MODELS.run(REGISTRY[claim_id], Context(budget=BUDGETS["quick"], seed=seed))
        assert evidence.verdict is Verdict.SEARCHED
        assert evidence.worst_ratio <= 1 + 1e-9
