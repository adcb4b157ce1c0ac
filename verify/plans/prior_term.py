"""Plans for the prior term by the rate and the information: two points, and all data sets from them, by quadrature."""

from __future__ import annotations

from functools import partial

from verify.evidence.confrontation import Experiment, relation_sides
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.channel_terms import DOMAIN, at, balls, measured

LAWS = Experiment(
    name="two-points",
    domain=DOMAIN,
    extremal=(at(), at(0.3, 1.0)),
    sides=lambda claim: relation_sides(claim, balls),
    measures="a law of two points: both sides by quadrature",
)
DATA = Experiment(
    name="data-from-two-points",
    domain=DOMAIN,
    extremal=(at(), at(0.3, 1.0, 3), at(0.5, 0.3, 4)),
    sides=lambda claim: relation_sides(claim, partial(balls, sets=True)),
    measures="all data sets from two points: both sides by quadrature",
)
_BOUNDS = measured(({**at(), "kind": "one point"}, at(), at(0.5, 2.0, 1, 0.25), at(0.3, 1.0, 4)), sets=True)

PLANS = (
    Plan(claim="IT3:printed", expected=Verdict.PROVED, methods=(Search(experiment=LAWS),)),
    Plan(claim="IT3:rate", expected=Verdict.PROVED, methods=(Search(experiment=LAWS),)),
    Plan(claim="IT3:plug-in", expected=Verdict.PROVED, methods=(Search(experiment=DATA),)),
    Plan(claim="IT3:upper", expected=Verdict.PROVED, methods=(_BOUNDS,)),
    Plan(claim="IT3:excess", expected=Verdict.PROVED, methods=(_BOUNDS,)),
)
