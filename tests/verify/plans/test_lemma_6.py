"""The plans of Lemma 6: where its bound is attained."""

from theory import claims
from verify.plans.lemma_6 import SIGNS


def test_sign_features_reach_the_repaired_bound_at_one_feature():
    claim = claims["L6:repaired"]
    left, right = SIGNS.sides(claim)({"d": 4, "m": 1, "k": 1, "a": 3})
    assert left == right == 6  # a√d at δ = 1
