"""Plans for the information of the forward process: two points, and all data sets from them, by quadrature."""

from __future__ import annotations

from functools import partial

from verify.evidence.confrontation import Experiment, relation_sides
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.channel_terms import DOMAIN, at, balls, measured


def _experiment(name: str, measures: str, **which: bool) -> Experiment:
    return Experiment(
        name=name,
        domain=DOMAIN,
        extremal=(at(share=0.95), at(0.3, 1.0, 3, 2.0), at(0.5, 0.3, 4, 2.5)),
        sides=lambda claim: relation_sides(claim, partial(balls, **which)),
        measures=measures,
    )


SLOPES = _experiment("slopes", "two points: the slope of the information by difference quotients", slope=True)
LOSSES = _experiment("losses", "two points and the score −x/(1+t): both losses by quadrature", losses=True)
DATA = _experiment("data", "data from two points: both sides by quadrature", sets=True)
DATA_LOSSES = _experiment("data-losses", "one data set: both losses by quadrature", losses=True, sets=True)
_BOUNDS = measured((at(0.5, 0.05, 2, 2.5), at(0.5, 0.5, 2, 1.0, 0.999), at(0.3, 1.0, 4)), sets=True)
"""Points far apart and near, times far apart and near."""

_EQUALITIES = {"slope": SLOPES, "mmse": SLOPES, "losses": LOSSES, "losses-data": DATA_LOSSES, "data": DATA}
PLANS = (
    *(
        Plan(claim=f"IT4:{name}", expected=Verdict.PROVED, methods=(Search(experiment=experiment),))
        for name, experiment in _EQUALITIES.items()
    ),
    *(
        Plan(claim=f"IT4:{name}", expected=Verdict.PROVED, methods=(_BOUNDS,))
        for name in ("decreasing", "below", "above", "largest")
    ),
)
