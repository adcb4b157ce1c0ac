"""Plans for equations 3 and 4: the reversed processes carry the forward marginals."""

from __future__ import annotations

from theory.claims.equations_3_4 import FAMILY
from verify.evidence.domain import Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.sdes import POINT, TIME, experiment, mixture_density

_MARGINALS = experiment(
    "marginals",
    {"t": TIME, "x": POINT, "mu": Real(low=0, high=3), "q": Real(low=0.1, high=0.9)},
    families=("ou", "growing", "ve"),
    replace=mixture_density,
)

_METHODS = (Search(experiment=_MARGINALS),)

PLANS = tuple(Plan(claim=claim.id, expected=Verdict.PROVED, methods=_METHODS) for claim in FAMILY.claims)
