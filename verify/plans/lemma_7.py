"""Plans for Lemma 7: the forward process from two modes, by its exact law."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from flint import arb

from theory.claims import REGISTRY
from theory.statement import Claim
from theory.symbols import delta, mode_gap, mu, r, u, v, xt_abs
from verify.evidence.certify import Certify, Goal
from verify.evidence.confrontation import Experiment
from verify.evidence.domain import Domain, Entry, Instance, Real
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling, bisected_constant
from verify.evidence.search import Search
from verify.evidence.symbolic import Cited, Equal, Proof, Sign, Step
from verify.evidence.verdict import Verdict
from verify.models.gaussian_boxes import CHERNOFF, holds, only, upper_tail, violation_at, violation_sides

_DELTA = Real(low=1e-9, high=0.999)
_SCALE = Real(low=1e-3, high=1e3, log=True)
_STD = r * sp.sqrt(1 + v**2)
_FAR = next(h for h in REGISTRY["L7:printed"].hypotheses if h.checked)


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
FAR_MODES = Experiment(
    name="far-mixture",
    domain=Domain(fields=_FIELDS, require=holds(_FAR)),
    sides=violation_sides(xt_abs, _violation),
    extremal=tuple(filter(holds(_FAR), _EXTREMAL)),
    measures="exact violation probability over δ",
)
MODE = Experiment(
    name="mode",
    domain=Domain(fields={"mu": Real(low=0, high=1e3), "delta": _DELTA}, require=holds(_FAR)),
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
        parameter="1/delta",
        values=tuple(10.0**k for k in range(1, 32, 5)),
        text="μ = 40, v = 1",
        family=lambda value: [_instance(mu=40.0, delta=1 / arb(value))],
    ),
    Axis(
        parameter="v",
        values=tuple(10.0**k for k in range(-3, 4)),
        text="μ = 5, δ = 0.1",
        family=lambda value: [_instance(v=arb(value))],
    ),
)


def _repaired_steps(claim: Claim) -> Sequence[Step]:
    level = sp.simplify((claim.right() - r * mu) / _STD)
    return [
        Cited(theorem="Gaussian convolution", use="x(t) is a mixture of N(±rμ, r²(1+v²))"),
        Cited(theorem="monotonicity of Q", use="Q(u) + Q(u + 2rμ/std) <= 2Q(u) for μ >= 0"),
        CHERNOFF,
        Equal(name="the left side is |x(t)|", left=claim.left(), right=xt_abs),
        Equal(name="exp(−u²/2) = δ at the claim's u", left=sp.exp(-sp.expand(level**2) / 2), right=delta),
        Equal(
            name="the claim's u is that root, not its negative", left=level.subs(delta, sp.exp(-(u**2) / 2)), right=u
        ),
    ]


def _printed_steps(claim: Claim) -> Sequence[Step]:
    """With K = √2 the printed bound exceeds L7:repaired's, because √2 max(1, v) >= √(1+v²)."""
    over, under = sp.Symbol("a", nonnegative=True), sp.Symbol("b", positive=True)
    printed = sp.sqrt(sp.log(1 / delta**2))
    repaired = sp.sqrt(2 * sp.log(1 / delta))
    noise, modes = (claim.resolved().rhs.get(name, sp.S.Zero) for name in ("noise", "modes"))
    late = (noise.subs(v, 1 + over) / printed / r) ** 2 - (1 + (1 + over) ** 2)
    early = (noise.subs(v, 1 / (1 + under)) / printed / r) ** 2 - (1 + 1 / (1 + under) ** 2)
    return [
        Equal(name="the left side is |x(t)|", left=claim.left(), right=xt_abs),
        Sign(name="noise/(r·tail) >= 0", expr=noise / printed / r),
        Equal(
            name="√log(1/δ²) = √(2 log(1/δ))",
            left=sp.expand_log(printed**2, force=True),
            right=sp.expand_log(repaired**2, force=True),
        ),
        Equal(name="v = 1 + a: (noise/(r·tail))² − (1+v²) = a² + 2a", left=sp.expand(late), right=over**2 + 2 * over),
        Equal(
            name="v = 1/(1+b): (noise/(r·tail))² − (1+v²) = 1 − 1/(1+b)²",
            left=early,
            right=under * (under + 2) / (1 + under) ** 2,
        ),
        Sign(name="both are nonnegative", expr=over**2 + 2 * over + under * (under + 2) / (1 + under) ** 2),
        Equal(name="the modes' term is √2 max(r, rv) μ >= rμ", left=modes, right=sp.sqrt(2) * sp.Max(r, r * v) * mu),
        Cited(theorem="L7:repaired", use="|x(t)| <= r(μ + √(1+v²)√(2 log(1/δ)))"),
    ]


def _mode_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(theorem="inclusion", use="||x| − μ| <= c whenever |x − (±μ)| <= c, so P(violation) <= 2Q(c)"),
        CHERNOFF,
        Equal(name="the left side is ||x(0)| − μ|", left=claim.left(), right=mode_gap),
        Equal(name="exp(−c²/2) = δ at the claim's c", left=sp.exp(-(claim.right() ** 2) / 2), right=delta),
        Equal(
            name="the claim's c is that root, not its negative",
            left=claim.right().subs(delta, sp.exp(-(u**2) / 2)),
            right=u,
        ),
    ]


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
            Scaling(experiment=FAR_MODES, needed=bisected_constant(violation_at(xt_abs, _violation)), axes=_AXES),
            Proof(steps=_printed_steps),
        ),
    ),
    Plan(
        claim="L7:repaired",
        expected=Verdict.PROVED,
        methods=(Search(experiment=ANY_MODES, method="exact-probability"), Proof(steps=_repaired_steps)),
    ),
    Plan(
        claim="L7:mode",
        expected=Verdict.PROVED,
        methods=(
            Search(experiment=MODE, method="exact-probability"),
            Certify(goals=_mode_goals),
            Proof(steps=_mode_steps),
        ),
    ),
)
