"""LLZB, figure 8, over seeds: the divergence along training with Adam."""

from __future__ import annotations

from theory.claims._figures import fall, rise
from theory.family import Family

CLAIMS = (
    fall(8, "adam", "From epoch 101 to epoch 1001; Adam with this rate is slower than SGD at the start."),
    rise(8, "adam", "False over seeds: from epoch 1001 to epoch 2001 most runs still fall."),
)

FAMILY = Family(key="FIG-8", subject="figure 8: the divergence along training with Adam", claims=CLAIMS)
