"""Theorem 1 of LLZB: its steps, the whole bound, repaired and as printed, and the comparator of infinite width."""

from theory.claims.theorem_1 import bound, capacity, chain, concentration, printed, width
from theory.family import Family

FAMILY = Family(
    key="T1",
    subject="Theorem 1: its steps, printed and repaired",
    claims=(*chain.CLAIMS, *concentration.CLAIMS, *width.CLAIMS, *bound.CLAIMS, *capacity.CLAIMS, *printed.CLAIMS),
)
