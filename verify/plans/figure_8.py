"""Plans for figure 8: sequential tests over replicas."""

from verify.evidence.verdict import Verdict
from verify.models.replica_tests import curve, replica_plan

PLANS = (
    replica_plan("FIG-8:fall", curve((250, 101, 1001), (1000, 101, 1001), (1000, 101, 2001))),
    replica_plan("FIG-8:rise", curve((250, 1001, 2001), (1000, 1001, 2001)), expected=Verdict.REFUTED),
)
