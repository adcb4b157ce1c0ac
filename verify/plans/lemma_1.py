"""Plans for Lemma 1: boxes of the forward process, by the exact law and by simulation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import sympy as sp
from flint import arb

from numerics import EndpointViolation, PathViolation, violation_blocks
from theory.statement import Claim
from theory.symbols import d, delta, path_norm, r, r_max, u, v, v_T, x0_norm, xt_norm
from verify.evidence.certify import Certify, Goal
from verify.evidence.confrontation import Evaluator, Experiment, Sides, exact_values, value_of
from verify.evidence.domain import Domain, Entry, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling, bisected_constant
from verify.evidence.search import Search
from verify.evidence.statistical import ViolationTest
from verify.evidence.symbolic import Cited, Equal, Step, Tends
from verify.evidence.verdict import Verdict
from verify.models.gaussian_boxes import (
    bound_at,
    bound_on,
    only,
    symbol_values,
    upper_tail,
    violation_at,
    violation_sides,
)

_FIELDS = {
    "d": Integer(low=1, high=10**6),
    "delta": Real(low=1e-9, high=0.999),
    "r": Real(low=1e-3, high=1e3, log=True),
    "v": Real(low=1e-3, high=1e3, log=True),
    "x0_norm": Real(low=0, high=10),
}


def _violation(bound: sp.Expr) -> sp.Expr:
    """P(‖x(t)‖∞ > bound) when all |x_i(0)| equal ‖x(0)‖∞, the worst initial point of that norm."""
    right, left = ((bound + sign * r * x0_norm) / (r * v) for sign in (-1, 1))
    return 1 - (1 - upper_tail(right) - upper_tail(left)) ** d


def _instance(**values: Entry) -> Instance:
    return {"d": 1, "delta": 0.1, "r": 1.0, "v": 1.0, "x0_norm": 0.0, **values}


ENDPOINT = Experiment(
    name="endpoint",
    domain=Domain(fields=_FIELDS),
    sides=violation_sides(xt_norm, _violation),
    extremal=(
        _instance(),
        _instance(d=4),
        _instance(d=3, delta=0.99),
        _instance(d=1000),
        _instance(delta=1e-9),
        _instance(r=2.0, v=0.5),
        _instance(x0_norm=10.0, v=0.001),
        _instance(d=2, delta=0.999),
    ),
    measures="exact violation probability over δ",
)


# The whole path ------------------------------------------------------------------------------------------------------


def stay_probability(start: arb, barrier: arb, clock: arb) -> arb:
    """P(|start + W(s)| < barrier for all s <= clock), W a Brownian motion: the eigenfunction series with its tail.

    (4/π) Σ_k (−1)^k/(2k+1) cos((2k+1)π start/(2 barrier)) exp(−(2k+1)²π² clock/(8 barrier²)); the first N terms are
    summed, and the rest is at most a geometric series.
    """
    if not bool(barrier > start):
        return arb(0)
    pi = arb.pi()
    rate = pi**2 * clock / (8 * barrier**2)
    terms = int(8 * float((barrier / clock.sqrt()).mid())) + 8
    total = arb(0)
    for k in range(terms):
        odd = 2 * k + 1
        total += (-1) ** k * (odd * pi * start / (2 * barrier)).cos() * (-rate * odd**2).exp() / odd
    first = (-rate * (2 * terms + 1) ** 2).exp()
    tail = first / (1 - (-8 * rate * (terms + 1)).exp())
    return 4 / pi * (total + arb(0, 1) * tail.upper())


def _path_sides(claim: Claim) -> Evaluator:
    """Exact exit probability of a path with r ≡ 1 (the variance-exploding family), all |x_i(0)| equal."""
    bound = bound_on(path_norm, claim.left(), claim.right())

    def evaluate(instance: Instance) -> Sides:
        values = exact_values(symbol_values(instance)) | {r_max: arb(1)}
        stay = stay_probability(values[x0_norm], value_of(bound, values), values[v_T] ** 2)
        stays = arb.max(arb.min(stay, arb(1)), arb(0)) ** int(instance["d"])
        return 1 - stays, values[delta]

    return evaluate


PATH = Experiment(
    name="path",
    domain=Domain(
        fields={
            "d": Integer(low=1, high=1000),
            "delta": _FIELDS["delta"],
            "v_T": Real(low=0.1, high=10, log=True),
            "x0_norm": Real(low=0, high=10),
        }
    ),
    sides=_path_sides,
    extremal=(
        {"d": 1, "delta": 0.8, "v_T": 1.0, "x0_norm": 0.0},
        {"d": 1, "delta": 0.01, "v_T": 1.0, "x0_norm": 0.0},
        {"d": 100, "delta": 0.1, "v_T": 1.0, "x0_norm": 0.0},
        {"d": 1, "delta": 0.1, "v_T": 0.1, "x0_norm": 10.0},
    ),
    measures="exact exit probability (r ≡ 1) over δ",
)


# Simulation ----------------------------------------------------------------------------------------------------------


def _sample_endpoint(
    claim: Claim, instance: Instance, seed: np.random.SeedSequence, _kind: str
) -> Iterator[tuple[int, int]]:
    experiment = EndpointViolation(
        initial=np.full(instance["d"], instance["x0_norm"]),
        mean_scale=instance["r"],
        std=instance["r"] * instance["v"],
        bound=bound_at(claim, xt_norm, instance),
    )
    for block in violation_blocks(experiment, samples=_MANY, rng=seed):
        yield block.lower, block.samples


def _sample_path(
    claim: Claim, instance: Instance, seed: np.random.SeedSequence, kind: str
) -> Iterator[tuple[int, int]]:
    """Ornstein–Uhlenbeck or growing (f = 1, g = √2) paths on a grid of the clock."""
    times = np.linspace(0.0, instance["T"], 65)
    sign = {"ou": -1.0, "growing": 1.0}[instance["sde"]]
    scale = np.exp(sign * times)
    clock = np.expm1(2 * times) if sign < 0 else -np.expm1(-2 * times)  # ∫ g²/r² with g² = 2
    known = {
        "d": instance["d"],
        "delta": instance["delta"],
        "x0_norm": instance["x0_norm"],
        "r_max": float(scale.max()),
        "v_T": float(np.sqrt(clock[-1])),
    }
    experiment = PathViolation(
        initial=np.full(instance["d"], instance["x0_norm"]),
        clock=clock,
        mean_scale=scale,
        bound=bound_at(claim, path_norm, known),
    )
    for block in violation_blocks(experiment, samples=_MANY, rng=seed):
        yield (block.lower if kind == "lower" else block.upper), block.samples


_MANY = 10**8
_SIMULATED = ViolationTest(
    instances=(
        _instance(d=3, delta=0.1, x0_norm=0.5),
        _instance(d=10, delta=0.01, r=0.5, v=2.0),
        _instance(d=50, delta=0.2, v=0.3),
    ),
    sample=_sample_endpoint,
    bound=lambda instance: instance["delta"],
)
_SIMULATED_PATHS = ViolationTest(
    instances=(
        {"sde": "ou", "T": 1.0, "d": 2, "delta": 0.2, "x0_norm": 0.5},
        {"sde": "growing", "T": 1.0, "d": 1, "delta": 0.5, "x0_norm": 0.0},
    ),
    sample=_sample_path,
    bound=lambda instance: instance["delta"],
    kinds=("lower", "upper"),
)

# Proofs --------------------------------------------------------------------------------------------------------------


def _divergence(claim: Claim) -> Sequence[Step]:
    """At x(0) = 0 and v = 1 the event is max|Z_i| <= L with L free of d, whose probability tends to 0 with d."""
    level = claim.relation.rhs.total().subs({x0_norm: 0, v: 1}) / r
    return [
        Equal(
            name="at x(0) = 0, v = 1 the allowed max|Z_i| is (right side)/r, free of the dimension",
            left=level - level.subs(d, 1),
            right=sp.S.Zero,
        ),
        Cited(theorem="range of erf", use="P(|Z| <= L) = erf(L/√2) = e^{−a}, a > 0, for every K, since L is finite"),
        Tends(
            name="P(max|Z_i| <= L) = e^{−u} → 0 as u = ad → ∞ with d: below 1 − δ for every K and δ < 1",
            expr=sp.exp(-u),
            variable=u,
            point=sp.oo,
            value=sp.S.Zero,
        ),
    ]


def _chernoff_goals(claim: Claim) -> Sequence[Goal]:
    """The violation probability of one coordinate against δ/d = exp(−u²/2), as a function of u."""
    level = sp.expand((claim.right() - r * x0_norm) / (r * v)) + only(claim, xt_norm)
    probability = sp.erfc(sp.simplify(level.subs(delta, d * sp.exp(-(u**2) / 2))) / sp.sqrt(2))
    return [
        Goal(
            name="δ/d − P(|Z| > u) with δ/d = exp(−u²/2)",
            expr=sp.exp(-(u**2) / 2) - probability,
            variable=u,
            upper=sp.Integer(30),
            touching=(0,),
        )
    ]


_AXES = (
    Axis(
        parameter="d",
        values=tuple(10.0**k for k in range(0, 13, 2)),
        text="δ = 0.1, x(0) = 0",
        family=lambda value: [_instance(d=arb(value))],
    ),
    Axis(
        parameter="1/(1-delta)",
        values=tuple(10.0**k for k in range(1, 40, 6)),
        text="d = 3, x(0) = 0, δ → 1",
        family=lambda value: [_instance(d=3, delta=1 - 1 / arb(value))],
    ),
    Axis(
        parameter="x0_norm",
        values=tuple(10.0**k for k in range(0, 7)),
        text="d = 1, δ = 0.1",
        family=lambda value: [_instance(x0_norm=arb(value))],
    ),
)

PLANS = (
    Plan(
        claim="L1:printed",
        expected=Verdict.REFUTED,
        methods=(
            Scaling(
                experiment=ENDPOINT,
                needed=bisected_constant(violation_at(xt_norm, _violation)),
                axes=_AXES,
                divergence=_divergence,
            ),
        ),
    ),
    Plan(
        claim="L1:repaired",
        expected=Verdict.PROVED,
        methods=(Search(experiment=ENDPOINT, method="exact-probability"), _SIMULATED, Certify(goals=_chernoff_goals)),
    ),
    Plan(claim="L1:sharp", expected=Verdict.PROVED, methods=(Search(experiment=ENDPOINT, method="exact-probability"),)),
    Plan(
        claim="L1:pathwise",
        expected=Verdict.PROVED,
        methods=(Search(experiment=PATH, method="exact-probability"), _SIMULATED_PATHS),
    ),
)
