"""Plans for the bound of a diffusion model by its training data: points ±1, all data sets, two ways to learn."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from theory.statement import Claim
from verify.evidence.measured import Measured, Values
from verify.evidence.plan import Plan
from verify.evidence.verdict import Verdict
from verify.models.learned_points import ERROR, RULES, Learning, terms

_NAMED = (
    Learning(),
    Learning(count=3, rule="majority", blur=0.3),
    Learning(count=2, horizon=0.1),
    Learning(count=1, rule="majority", horizon=0.051),
)
"""A memoriser, a majority of three (whose information is nearly paid for), and short times; then random ones."""


def learning(index: int, seed: np.random.SeedSequence) -> Learning:
    """The case of an index: those that are named, then random ones."""
    if index < len(_NAMED):
        return _NAMED[index]
    rng = np.random.default_rng(seed)
    early = float(rng.uniform(0.02, 0.1))
    return Learning(
        chance=float(rng.uniform(0.1, 0.9)),
        count=int(rng.integers(1, 4)),
        rule=RULES[int(rng.integers(2))],
        blur=float(rng.uniform(0.2, 0.9)),
        early=early,
        horizon=early + float(rng.uniform(0.05, 2)),
    )


def _measure(_claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    case = learning(index, seed)
    return dict(terms(case)), asdict(case)


DATA_SETS = Measured(
    measure=_measure,
    error=ERROR,
    count=lambda models: max(len(_NAMED), models - 2),  # the named ones, which all claims share, at a quick budget
    noun="law",
    many="ways to learn from points ±1, all data sets",
    note="points ±1: every term by quadrature, the mean over all data sets",
)

PLANS = tuple(
    Plan(claim=f"IT12:{name}", expected=Verdict.PROVED, methods=(DATA_SETS,)) for name in ("repaired", "exact", "split")
)
