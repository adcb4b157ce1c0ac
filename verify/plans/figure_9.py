"""Plans for figure 9: sequential tests over replicas."""

from verify.models.replica_tests import EPOCHS, replica_plan

PLANS = (replica_plan("FIG-9:balance", EPOCHS),)
