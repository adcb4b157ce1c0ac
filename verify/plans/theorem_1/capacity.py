"""Plan for Theorem 1 by capacity: models in closed form."""

from __future__ import annotations

from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models.theorem_1_chains import Chain
from verify.models.theorem_1_models import SPECIAL, Model

OVERFIT = Model(
    sde="ou", horizon=1.0, width=4, edges=(-1.0, 1.0), masses=(1.0,), count=2, comparator="start", tau=(300.0,)
)
"""Two data, learned for long: what the sample adds is most of the divergence."""

PLANS = (
    Plan(
        claim="T1:capacity",
        expected=Verdict.PROVED,
        methods=(Chain(divergence=True, capacity=True, special=(*SPECIAL, OVERFIT)),),
    ),
)
