"""LLZB, figure 5, over seeds: what SGD learns of modes 30 apart."""

from __future__ import annotations

import sympy as sp

from theory.claims._figures import QUARTER, balance, distance, elsewhere
from theory.family import Family

CLAIMS = (
    distance(5, "sgd", sp.S(4), "Many of the far runs diverge later on: at rate 1/2 SGD is unstable there."),
    balance(
        5,
        "sgd",
        kept=False,
        bound=QUARTER,
        others=(
            elsewhere("near", "modes 6 apart", distance="6"),
            elsewhere("near-adam", "modes 6 apart and Adam", distance="6", optimizer="adam"),
        ),
        note="What is lost at a large distance is the balance of the modes more than their shape.",
    ),
)

FAMILY = Family(key="FIG-5", subject="figure 5: what SGD learns of modes 30 apart", claims=CLAIMS)
