"""Plans for Theorem 2: two modes, and the norm that it hides."""

from verify.plans.theorem_2 import capacity, hidden_norm, two_modes

PLANS = (*two_modes.PLANS, *capacity.PLANS, *hidden_norm.PLANS)
