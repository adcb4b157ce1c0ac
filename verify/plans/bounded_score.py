"""Plans for bounded scores: one point in closed form, sets of points with their scores cut off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import sympy as sp
from flint import arb

from theory.statement import Claim
from theory.symbols import early, explicit_hat, t
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Real
from verify.evidence.measured import Measured, Values
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling, linear_constant
from verify.evidence.symbolic import Equal, Step, Tends
from verify.evidence.verdict import Verdict
from verify.models import point_diffusions as pd
from verify.models.point_diffusions import Points

# One point ------------------------------------------------------------------------------------------------------------


def _primitive(time: arb, limit: arb) -> arb:
    """∫(1/√(1 − e^{−2t}) − L)² dt = t + ½log(1 − e^{−2t}) − 2L arcosh(e^t) + L²t."""
    left = -(-2 * time).expm1()
    return time + left.log() / 2 - 2 * limit * time.exp().acosh() + limit**2 * time


def _one_point(instance: Instance) -> Quantities:
    """The least loss that a score with |s| <= L can have on one point at L <= 1: there √J = 1/√(1 − e^{−2t}) >= L."""
    limit, start = arb(instance["limit"]), arb(instance["early"])
    least = _primitive(arb(instance["T"]), limit) - _primitive(start, limit)
    return {explicit_hat: least, early: start}


ONE_POINT = Experiment(
    name="one-point",
    domain=Domain(
        fields={"early": Real(low=1e-9, high=0.1, log=True), "T": Real(low=0.5, high=2), "limit": Real(low=0, high=1)}
    ),
    extremal=({"early": 0.001, "T": 1.0, "limit": 1.0},),
    measures="a lower bound of the loss on one point of every score with |s| <= L",
    sides=lambda claim: relation_sides(claim, _one_point),
)
_EARLIER = (
    Axis(
        parameter="1/early",
        values=tuple(10.0**k for k in (2, 6, 20, 60, 200)),
        text="one point, T = 1, L = 1",
        family=lambda value: [{"early": 1 / arb(value), "T": 1.0, "limit": 1.0}],
    ),
)


def _divergence(claim: Claim) -> Sequence[Step]:
    """At L = 0 and T = 1: ∫ dt/(1 − e^{−2t}) = ½log(e^{2t} − 1), a lower bound but for a bounded difference."""
    primitive = sp.log(sp.exp(2 * t) - 1) / 2
    loss = primitive.subs(t, 1) - primitive.subs(t, early)
    ratio = (claim.relation.lhs.total() / claim.relation.rhs.total()).subs(explicit_hat, loss)
    return [
        Equal(
            name="½log(e^{2t} − 1) has the derivative 1/(1 − e^{−2t}), which is J of one point",
            left=sp.diff(primitive, t),
            right=1 / (1 - sp.exp(-2 * t)),
        ),
        Tends(
            name="left / right side for one point, L = 0 and T = 1 → ∞ as ε → 0",
            expr=ratio,
            variable=early,
            point=sp.S.Zero,
            value=sp.oo,
            direction="+",
        ),
    ]


# Sets of points -------------------------------------------------------------------------------------------------------


def _cut(law: Points, limit: float) -> pd.Score:
    return lambda x, time: np.clip(law.score(x, time), -limit, limit)


def floors(law: Points, limit: float, start: float, end: float) -> tuple[float, float]:
    """½∫β(√J − L)₊² and the same without the positive part, J = E|∇log p̂_t|², by quadrature."""
    nodes, weights = pd.times(start, end)
    gaps = np.array([np.sqrt(pd.mean(law, at, lambda x, at=at: law.score(x, at) ** 2)) for at in nodes]) - limit
    return float(weights @ np.maximum(gaps, 0.0) ** 2), float(weights @ gaps**2)


_FIRST = ((2, 0.0), (1, 0.5))
"""Numbers of data and bounds of the first sets: at L = 0 the floor is the loss, and one datum has no information."""


def _measure(_claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """Data of a random set, scores cut at L, at random early times; nearly all of the law is at the last datum."""
    rng = np.random.default_rng(seed)
    count, limit = _FIRST[index] if index < len(_FIRST) else (int(rng.integers(1, 4)), float(rng.uniform(1, 8)))
    places = tuple(np.sort(rng.normal(scale=1.5, size=count)).tolist())
    data, law = (Points((*[share] * (count - 1), 1 - share * (count - 1)), places) for share in (1 / count, 0.02))
    start, end = float(10 ** rng.uniform(-4, -1)), float(rng.uniform(0.5, 2))
    floor, signed = floors(data, limit, start, end)
    values = {
        "early": start,
        "T": end,
        "d": 1,
        "n": count,
        "score_limit": limit,
        "fisher_floor": floor,
        "fisher_floor_signed": signed,
        "fisher_floor_law": floors(law, limit, start, end)[0],
        "explicit_hat": pd.explicit_loss(data, _cut(data, limit), start, end),
    }
    return values, {"places": list(places), "limit": limit, "early": start, "T": end}


CUT = Measured(
    measure=_measure,
    error=0.005,  # of the rules at the kinks that cuts make in space and time, against eight times the nodes (tests)
    count=lambda models: models // 2,
    noun="set",
    many="sets of points, scores cut at L",
    note="points, a score that is cut at L",
)

PLANS = (
    Plan(
        claim="IT9:printed",
        expected=Verdict.REFUTED,
        methods=(
            Scaling(experiment=ONE_POINT, needed=linear_constant(ONE_POINT), axes=_EARLIER, divergence=_divergence),
        ),
    ),
    *(Plan(claim=f"IT9:{name}", expected=Verdict.PROVED, methods=(CUT,)) for name in ("repaired", "growth")),
)
