"""The plans of the linear regimes."""

from verify.plans import inconsistency


def test_the_pair_of_the_regimes_uses_the_whole_budget():
    at = inconsistency._pair({"mu": 3.0, "e": 1.0, "share": 1.0})
    assert {str(k): float(v.mid()) for k, v in at.items()}["norm_comparator"] == 8.0
