"""Plans for capacity: flows on two quadratics, and what the data keep of B+ν."""

from verify.plans.capacity import lower_tail, path

PLANS = (*path.PLANS, *lower_tail.PLANS)
