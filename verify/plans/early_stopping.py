"""Plans for early stopping: one-variable polynomials after a change of units, and searches over coefficients."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sympy as sp

from theory import symbols
from theory.statement import Claim
from theory.symbols import K, m, n
from verify.evidence.confrontation import Evaluator, Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Entry, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling, linear_constant
from verify.evidence.search import Search
from verify.evidence.sharpness import Sharpness
from verify.evidence.symbolic import Cited, Equal, Step, Tends
from verify.evidence.verdict import Verdict

T = sp.Symbol("T_stop", positive=True)
X = sp.Symbol("x_stop", positive=True)
W, V = sp.symbols("w_stop v_stop", nonnegative=True)


# Measurements --------------------------------------------------------------------------------------------------------


def _sides(claim: Claim) -> Evaluator:
    def measure(instance: Instance) -> Quantities:
        return {symbols.REGISTRY[name].symbol: value for name, value in instance.items()}

    return relation_sides(claim, measure)


_COUNTS = {"n": Integer(low=1, high=10**12), "m": Integer(low=1, high=10**12)}
_WEIGHT = Real(low=1e-6, high=1e6, log=True)
_ONES = {"n": 1, "m": 1}


def _at(**values: Entry) -> Instance:
    """An instance with n = m = 1, a₄ = 1/4, a₃ = 1/3, a₁ = 1 (so that τ₁ = τ₂ = 1) and the given changes."""
    return {**_ONES, "a4": 0.25, "a3": 1 / 3, "a1": 1.0, **values}


SIZES = Experiment(
    name="sizes",
    domain=Domain(fields=_COUNTS),
    sides=_sides,
    extremal=(_ONES, {"n": 10**6, "m": 10**6}, {"n": 10**8, "m": 10**4}),
)
WIDE = Experiment(
    name="wide",
    domain=Domain(fields=_COUNTS, require=lambda i: i["n"] <= i["m"]),
    sides=_sides,
    extremal=(_ONES, {"n": 10**6, "m": 10**6}, {"n": 1, "m": 10**6}),
)
COEFFICIENTS = Experiment(
    name="coefficients",
    sides=_sides,
    domain=Domain(fields={**_COUNTS, "a4": _WEIGHT, "a3": _WEIGHT, "a1": _WEIGHT}),
    extremal=(
        _at(),
        _at(a4=1e-3),
        _at(a3=1e-3),
        _at(a4=1.0, a3=1.0),
        _at(a4=1.0, a3=1e6),
        _at(n=10**6),
        _at(n=10**6, m=10**6),
    ),
)
_NEAR = 0.8566748838545029
TIMES = Experiment(
    name="times",
    sides=_sides,
    domain=Domain(fields={**_COUNTS, "a4": _WEIGHT, "a3": _WEIGHT, "a1": _WEIGHT, "tau": _WEIGHT}),
    extremal=(
        _at(tau=1.0),
        _at(tau=_NEAR),
        _at(a3=1e-6, tau=1.0),
        _at(a4=1e-6, tau=1.0),
        _at(n=10**5, a3=1e-6, tau=10.0),
        _at(a4=1e-6, a3=1e6, tau=0.024),
        _at(a4=1e6, tau=0.048),
    ),
)
REPAIRED = Experiment(
    name="repaired",
    sides=_sides,
    domain=Domain(fields={"n": _COUNTS["n"], "a1": _WEIGHT, "b1": _WEIGHT, "tau": _WEIGHT}),
    extremal=(
        {"n": 1, "a1": 1.0, "b1": 1.0, "tau": 1.0},
        {"n": 4, "a1": 4.0, "b1": 4.0, "tau": 2.0},
        {"n": 10**6, "a1": 1.0, "b1": 1.0, "tau": 1000.0},
    ),
)

_DECADES = tuple(10.0**k for k in range(1, 62, 10))


def _axis(parameter: str, text: str, *families: Callable[[float], Instance], start: Instance) -> Axis:
    """Sizes along a parameter; the other fields are those of ``start``."""
    return Axis(
        parameter=parameter,
        values=_DECADES,
        text=text,
        family=lambda value: [{**start, **family(value)} for family in families],
    )


def _axes(start: Instance, *, wide: bool = False) -> tuple[Axis, ...]:
    along = _axis(
        "m",
        "n = 1 or n = m" + ("" if wide else ", m^{3/2}, m² or m⁴"),
        lambda v: {"m": v, "n": 1},
        lambda v: {"m": v, "n": v},
        *(
            ()
            if wide
            else (lambda v: {"m": v, "n": v**2}, lambda v: {"m": v, "n": v**1.5}, lambda v: {"m": v, "n": v**4})
        ),
        start=start,
    )
    few = _axis(
        "n",
        "m = 1, n^{1/2} or n²",
        lambda v: {"n": v, "m": 1},
        lambda v: {"n": v**2, "m": v},
        lambda v: {"n": v, "m": v**2},
        start=start,
    )
    weights = [
        _axis(name, "n = m = 1", lambda v, name=name: {**_ONES, name: v}, start=start)
        for name in start
        if name not in _ONES
    ]
    return (along,) if wide else (along, few, *weights)


# Proofs --------------------------------------------------------------------------------------------------------------


def _few_features(claim: Claim) -> Sequence[Step]:
    """At m = 1 and n = s⁵ the ratio of the sides grows like s⁶."""
    ratio = (claim.relation.lhs.total() / claim.relation.rhs.total()).subs({m: 1, n: T**5}, simultaneous=True)
    shown = (T**8 + T**5 + T**2 + 1) / (K * (T**2 + 1))
    return [
        Equal(name="left / right = (s⁸ + s⁵ + s² + 1)/(K(s² + 1)) at m = 1, n = s⁵", left=ratio, right=shown),
        Tends(name="it tends to ∞ with s", expr=shown, variable=T, point=sp.oo, value=sp.oo),
    ]


def _no_time(claim: Claim) -> Sequence[Step]:
    """At n = m² the second of the two minima over the right side grows like m^{3/10}."""
    left = claim.relation.lhs.total()
    part = next((item for item in left.args if isinstance(left, sp.Max) and not item.has(n)), left)
    ratio = part / claim.relation.rhs.total().subs(n, m**2)
    shown = 2 * 3 ** sp.Rational(1, 4) * m ** sp.Rational(3, 10) / (3 * K)
    return [
        Cited(theorem="EARLY-STOP:lower", use="the left side is at most the bound at every training time"),
        Cited(theorem="maximum", use="the left side is at least the second of its two parts"),
        Equal(name="second part / right side = 2·3^{1/4} m^{3/10}/(3K) at n = m²", left=ratio, right=shown),
        Tends(name="it tends to ∞ with m", expr=shown, variable=m, point=sp.oo, value=sp.oo),
    ]


def _scaling(
    experiment: Experiment,
    start: Instance,
    *,
    wide: bool = False,
    divergence: Callable[[Claim], Sequence[Step]] | None = None,
) -> Scaling:
    return Scaling(
        experiment=experiment, needed=linear_constant(experiment), axes=_axes(start, wide=wide), divergence=divergence
    )


PLANS = (
    Plan(
        claim="EARLY-STOP:printed",
        expected=Verdict.REFUTED,
        methods=(_scaling(SIZES, _ONES, divergence=_few_features),),
    ),
    Plan(
        claim="EARLY-STOP:printed-any", expected=Verdict.REFUTED, methods=(_scaling(SIZES, _ONES, divergence=_no_time),)
    ),
    Plan(claim="EARLY-STOP:printed-wide", expected=Verdict.PROVED, methods=(_scaling(WIDE, _ONES, wide=True),)),
    Plan(
        claim="EARLY-STOP:balanced",
        expected=Verdict.PROVED,
        methods=(_scaling(COEFFICIENTS, {"a4": 1, "a3": 1, "a1": 1}),),
    ),
    Plan(claim="EARLY-STOP:lower", expected=Verdict.PROVED, methods=(Search(experiment=TIMES),)),
    Plan(
        claim="EARLY-STOP:upper",
        expected=Verdict.PROVED,
        methods=(Search(experiment=COEFFICIENTS), Sharpness(experiment=COEFFICIENTS, instance=_at(), constant="C")),
    ),
    Plan(
        claim="EARLY-STOP:near-optimal",
        expected=Verdict.PROVED,
        methods=(Search(experiment=TIMES), Sharpness(experiment=TIMES, instance=_at(tau=_NEAR), constant="C")),
    ),
    Plan(claim="EARLY-STOP:repaired", expected=Verdict.PROVED, methods=(Search(experiment=REPAIRED),)),
    Plan(claim="EARLY-STOP:repaired-rate", expected=Verdict.PROVED, methods=(_scaling(SIZES, _ONES),)),
)
