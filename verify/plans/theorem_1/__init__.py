"""Plans for Theorem 1: its links, the whole bound, repaired and as printed, and the comparator of infinite width."""

from verify.plans.theorem_1 import bound, capacity, chain, concentration, printed, width

PLANS = (*chain.PLANS, *concentration.PLANS, *width.PLANS, *bound.PLANS, *capacity.PLANS, *printed.PLANS)
