"""Plans for equation 8: the kernel's identities, for every f and g and at concrete SDEs."""

from __future__ import annotations

from theory.kernel import chi, rho
from verify.evidence.domain import Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.moment_equations import COMPOSED, INTEGRATED
from verify.models.sdes import POINT, TIME, experiment

_RATES = experiment("rates", {"t": TIME, "x0": POINT})
_DENSITY = experiment(
    "log-density", {"t": TIME, "d": Integer(low=1, high=9), str(rho): Real(low=0, high=9), str(chi): POINT}
)
_TWO_TIMES = experiment("two-times", {"t": Real(low=0.5, high=1.0), "s": Real(low=0.0, high=0.5)})

PLANS = (
    *(
        Plan(
            claim=claim_id, expected=Verdict.PROVED, methods=(Search(experiment=_RATES), Search(experiment=INTEGRATED))
        )
        for claim_id in ("EQ-8:mean", "EQ-8:variance")
    ),
    Plan(claim="EQ-8:fokker-planck", expected=Verdict.PROVED, methods=(Search(experiment=_DENSITY),)),
    Plan(
        claim="EQ-8:composition",
        expected=Verdict.PROVED,
        methods=(Search(experiment=_TWO_TIMES), Search(experiment=COMPOSED)),
    ),
    Plan(
        claim="EQ-8:stationary",
        expected=Verdict.PROVED,
        methods=(Search(experiment=experiment("stationary", {"t": TIME}, families=("ou",))),),
    ),
)
