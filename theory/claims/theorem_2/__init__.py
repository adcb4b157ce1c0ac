"""Theorem 2 of LLZB: two modes, and the norm that it hides."""

from theory.claims.theorem_2 import capacity, hidden_norm, two_modes
from theory.family import Family

FAMILY = Family(
    key="T2",
    subject="Theorem 2: two modes, and the norm it hides",
    claims=(*two_modes.CLAIMS, *capacity.CLAIMS, *hidden_norm.CLAIMS),
)
