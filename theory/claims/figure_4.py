"""LLZB, figure 4, over seeds: what SGD learns of modes 6 apart."""

from __future__ import annotations

import sympy as sp

from theory.claims._figures import QUARTER, balance, elsewhere, rescaled
from theory.family import Family

CLAIMS = (
    balance(
        4,
        "sgd",
        kept=True,
        bound=QUARTER,
        others=(
            rescaled("almost-equal", "0.49 of the mass", sp.Rational(49, 100)),
            elsewhere("far", "modes 30 apart", distance="30"),
        ),
        note="From epoch 100 on.",
    ),
)

FAMILY = Family(key="FIG-4", subject="figure 4: what SGD learns of modes 6 apart", claims=CLAIMS)
