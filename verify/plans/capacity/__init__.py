"""Plans for capacity: flows on two quadratics, what the data keep of B+ν, and how large their noise is."""

from verify.plans.capacity import linear, lower_tail, path, rates, residual, sample, saturation

PLANS = (*path.PLANS, *linear.PLANS, *residual.PLANS, *lower_tail.PLANS, *sample.PLANS, *saturation.PLANS, *rates.PLANS)
