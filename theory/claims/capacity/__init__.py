"""Capacity: flows on data in the norm of B+ν, what the data keep of it, and how large their noise is."""

from theory.claims.capacity import linear, lower_tail, path, rates, residual, sample, saturation
from theory.family import Family

FAMILY = Family(
    key="CAP",
    subject="capacity: flows on data in the norm of B+ν",
    claims=(
        *path.CLAIMS,
        *linear.CLAIMS,
        *residual.CLAIMS,
        *lower_tail.CLAIMS,
        *sample.CLAIMS,
        *saturation.CLAIMS,
        *rates.CLAIMS,
    ),
)
