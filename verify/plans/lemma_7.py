"""Plans for Lemma 7: the forward process from two modes, by its exact law."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from flint import arb

from theory.statement import Claim
from theory.symbols import delta, mode_gap, mu, r, u, v, xt_abs
from verify.evidence.certify import Certify, Goal
from verify.evidence.confrontation import Experiment
from verify.evidence.domain import Domain, Entry, Instance, Real
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling, bisected_constant
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.gaussian_boxes import only, upper_tail, violation_at, violation_sides

_DELTA = Real(low=1e-9, high=0.999)
_SCALE = Real(low=1e-3, high=1e3, log=True)
_STD = r * sp.sqrt(1 + v**2)


def _violation(bound: sp.Expr) -> sp.Expr:
    """P(|x(t)| > bound), x(t) a mixture of N(±rμ, r²(1+v²)): the same for every weight of the modes."""
    return upper_tail((bound - r * mu) / _STD) + upper_tail((bound + r * mu) / _STD)


def _mode_violation(bound: sp.Expr) -> sp.Expr:
    """P(||x(0)| − μ| > bound): beyond the outer ends ±(μ + c), or between the inner ends ±max(0, μ − c)."""
    inner = sp.Max(0, mu - bound)
    return upper_tail(bound) + upper_tail(2 * mu + bound) + upper_tail(mu - inner) - upper_tail(mu + inner)


def _instance(**values: Entry) -> Instance:
    return {"mu": 5.0, "delta": 0.1, "r": 1.0, "v": 1.0, **values}


_FIELDS = {"mu": Real(low=0, high=1e3), "delta": _DELTA, "r": _SCALE, "v": _SCALE}
_EXTREMAL = (
    _instance(),
    _instance(mu=0.0),
    _instance(mu=0.0, delta=1e-9),
    _instance(v=0.001, delta=1e-9),
    _instance(v=10.0),
    _instance(mu=100.0, v=0.001, delta=0.999),
    _instance(mu=1e3, delta=0.5),
)
ANY_MODES = Experiment(
    name="mixture",
    domain=Domain(fields=_FIELDS),
    sides=violation_sides(xt_abs, _violation),
    extremal=_EXTREMAL,
    measures="exact violation probability over δ",
)
MODE = Experiment(
    name="mode",
    domain=Domain(fields={"mu": Real(low=0, high=1e3), "delta": _DELTA}),
    sides=violation_sides(mode_gap, _mode_violation),
    measures="exact violation probability over δ",
    extremal=({"mu": 10.0, "delta": 0.1}, {"mu": 10.0, "delta": 1e-9}, {"mu": 0.1, "delta": 0.999}),
)
_AXES = (
    Axis(
        parameter="mu",
        values=tuple(10.0**k for k in range(1, 14, 2)),
        text="δ = 0.1, r = v = 1",
        family=lambda value: [_instance(mu=arb(value))],
    ),
    Axis(
        parameter="v",
        values=tuple(10.0**k for k in range(-3, 4)),
        text="μ = 5, δ = 0.1",
        family=lambda value: [_instance(v=arb(value))],
    ),
)


def _mode_goals(claim: Claim) -> Sequence[Goal]:
    width = claim.right() + only(claim, mode_gap)
    probability = sp.erfc(sp.simplify(width.subs(delta, sp.exp(-(u**2) / 2))) / sp.sqrt(2))
    return [
        Goal(
            name="δ − 2Q(c) with δ = exp(−u²/2)",
            expr=sp.exp(-(u**2) / 2) - probability,
            variable=u,
            upper=sp.Integer(30),
            touching=(0,),
        )
    ]


PLANS = (
    Plan(
        claim="L7:printed",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=ANY_MODES, method="exact-probability"),
            Scaling(experiment=ANY_MODES, needed=bisected_constant(violation_at(xt_abs, _violation)), axes=_AXES),
        ),
    ),
    Plan(
        claim="L7:repaired",
        expected=Verdict.PROVED,
        methods=(Search(experiment=ANY_MODES, method="exact-probability"),),
    ),
    Plan(
        claim="L7:mode",
        expected=Verdict.PROVED,
        methods=(Search(experiment=MODE, method="exact-probability"), Certify(goals=_mode_goals)),
    ),
)
