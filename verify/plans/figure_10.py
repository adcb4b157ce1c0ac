"""Plans for figure 10: sequential tests over replicas."""

from verify.models.replica_tests import EPOCHS, replica_plan

PLANS = (replica_plan("FIG-10:distance", EPOCHS), replica_plan("FIG-10:balance", EPOCHS))
