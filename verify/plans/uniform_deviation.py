"""Plans for uniform deviations: exact violation probabilities of finite laws."""

from __future__ import annotations

from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.sample_laws import COINS, LAWS, SHATTERED, all_levels, all_levels_cover, coin_cover, coin_levels

_EXACT = (
    Exhaustive(experiment=LAWS, elements=all_levels, covers=all_levels_cover),
    Exhaustive(experiment=COINS, elements=coin_levels, covers=coin_cover),
    Search(experiment=SHATTERED),
)

PLANS = (
    Plan(claim="R6:expected", expected=Verdict.PROVED, methods=(*_EXACT,)),
    Plan(claim="R6:sharp", expected=Verdict.PROVED, methods=(*_EXACT,)),
    Plan(claim="R6:empirical", expected=Verdict.PROVED, methods=(*_EXACT,)),
    Plan(claim="R6:one-sided", expected=Verdict.PROVED, methods=(*_EXACT,)),
)
