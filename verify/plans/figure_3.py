"""Plans for figure 3: sequential tests over replicas."""

from verify.evidence.verdict import Verdict
from verify.models.replica_tests import curve, replica_plan

PLANS = (
    replica_plan("FIG-3:fall", curve((250, 1, 1001), (1000, 1, 1001), (1000, 1, 2001))),
    replica_plan("FIG-3:rise", curve((250, 1001, 2001), (1000, 1001, 2001)), expected=Verdict.REFUTED),
    replica_plan("FIG-3:noise", curve((250, 1001, 2001), (1000, 1001, 2001))),
)
