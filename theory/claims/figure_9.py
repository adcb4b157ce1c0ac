"""LLZB, figure 9, over seeds: what Adam learns of modes 6 apart."""

from __future__ import annotations

import sympy as sp

from theory.claims._figures import THIRD, balance, elsewhere, rescaled
from theory.family import Family

CLAIMS = (
    balance(
        9,
        "adam",
        kept=True,
        bound=THIRD,
        others=(
            rescaled("almost-equal", "0.499 of the mass", sp.Rational(499, 1000)),
            elsewhere("far", "modes 30 apart", distance="30"),
        ),
        note="From epoch 100 on, when the learned density has a single hump still.",
    ),
)

FAMILY = Family(key="FIG-9", subject="figure 9: what Adam learns of modes 6 apart", claims=CLAIMS)
