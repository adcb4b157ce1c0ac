"""Plans for figure 11: sequential tests over replicas."""

from verify.models.replica_tests import replica_plan, small_first

PLANS = (
    replica_plan(
        "FIG-11:width",
        small_first(
            {"points": 250, "epoch": 200, "narrow": 4, "wide": 64},
            {"points": 1000, "epoch": 1000, "narrow": 4, "wide": 64},
            {"points": 1000, "epoch": 1000, "narrow": 8, "wide": 128},
        ),
    ),
    replica_plan(
        "FIG-11:scale",
        small_first(
            {"points": 250, "epoch": 10, "narrow": 32, "wide": 1024},
            {"points": 1000, "epoch": 100, "narrow": 32, "wide": 1024},
        ),
    ),
)
