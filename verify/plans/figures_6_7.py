"""Plans for figures 6 and 7: sequential tests over replicas."""

from verify.models.replica_tests import replica_plan, small_first

PLANS = (replica_plan("FIG-6/7:farthest", small_first({"epoch": 40})),)
