"""Plans for figure 5: sequential tests over replicas."""

from verify.models.replica_tests import EPOCHS, replica_plan

PLANS = (replica_plan("FIG-5:distance", EPOCHS), replica_plan("FIG-5:balance", EPOCHS))
