"""Plans for figure 4: sequential tests over replicas."""

from verify.models.replica_tests import EPOCHS, replica_plan

PLANS = (replica_plan("FIG-4:balance", EPOCHS),)
