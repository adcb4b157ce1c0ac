"""LLZB, figure 10, over seeds: what Adam learns of modes 30 apart."""

from __future__ import annotations

import sympy as sp

from theory.claims._figures import QUARTER, balance, distance, elsewhere, rescaled
from theory.family import Family

CLAIMS = (
    distance(10, "adam", sp.S.One, "The factor grows with training: the near runs fall, the far ones hardly."),
    balance(
        10,
        "adam",
        kept=False,
        bound=QUARTER,
        others=(
            elsewhere("near", "modes 6 apart", distance="6"),
            rescaled("never", "no mass at all", sp.Rational(1, 10**300)),
        ),
        note="Divergences at this distance are small where the modes are balanced, and large where one is lost.",
    ),
)

FAMILY = Family(key="FIG-10", subject="figure 10: what Adam learns of modes 30 apart", claims=CLAIMS)
