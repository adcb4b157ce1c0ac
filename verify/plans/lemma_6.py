"""Plans for Lemma 6: exact Monte-Carlo errors of sign features and of real ones, second moments in balls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp
from flint import arb

from theory.statement import Claim
from theory.symbols import M, a_max, a_sup, box_moment, coordinate_moment, d, delta, m, mc_error, u
from verify.balls.numbers import root
from verify.evidence.confrontation import (
    Evaluator,
    Experiment,
    Quantities,
    Sides,
    exact_values,
    relation_sides,
    value_of,
)
from verify.evidence.domain import Domain, Entry, Instance, Integer, Real
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling, linear_constant
from verify.evidence.search import Search
from verify.evidence.symbolic import Cited, Equal, Step, Tends
from verify.evidence.verdict import Verdict
from verify.models.finite_laws import ball, levels
from verify.models.monte_carlo_features import MODEL_LAW, MODEL_TESTS, level_exists, model_elements, with_probability
from verify.models.relu_moments import clipped_square, relu_square

# Two features of time, both 1, with outer weights ±(a, …, a) in R^d -------------------------------------------------


def _signs(instance: Instance) -> Quantities:
    """The symbols' values, and the error per unit of (S_m/m)²."""
    dim, size = arb(instance["d"]), arb(instance["a"])
    return {mc_error: dim * size**2, M: size * dim.sqrt(), a_max: size, coordinate_moment: 1, d: dim}


SIGNS = Experiment(
    name="signs",
    sides=lambda claim: with_probability(claim, _signs),
    domain=Domain(
        fields={
            "d": Integer(low=1, high=1000),
            "m": Integer(low=1, high=400),
            "k": Integer(low=1, high=201),
            "a": Integer(low=1, high=100),
        },
        require=level_exists,
    ),
    measures="a value of the error over the bound at δ = P(error >= value)",
)


def _all_signs(size: int) -> Iterable[Instance]:
    for dim, outer in ((1, 1), (16, 3)):
        for width in (*range(1, size // 2), 5 * size):
            yield from ({"d": dim, "m": width, "k": k + 1, "a": outer} for k in range(len(levels("coin", width))))


_ALL_SIGNS = Exhaustive(
    experiment=SIGNS,
    elements=_all_signs,
    covers=lambda size: f"sign features, m < {size // 2} and {5 * size}, d = 1 and 16, every δ",
)
_ALL_SAMPLES = Exhaustive(
    experiment=MODEL_LAW,
    elements=model_elements,
    covers=lambda _size: "every sample of m <= 6 from three features, three SDEs, every δ",
)


def _quantile_sides(claim: Claim) -> Evaluator:
    """The (1−δ)-quantile of the error of sign features (the largest value exceeded or met with chance above δ)."""
    left, right = claim.left(), claim.right()

    def evaluate(instance: Instance) -> Sides:
        level = arb(instance["delta"])
        quantile = next(value for value, tail in levels("coin", int(instance["m"])) if bool(ball(tail) > level))
        values = exact_values(_signs({**instance, "a": 1})) | {m: arb(instance["m"]), delta: level}
        values[mc_error] *= ball(quantile)
        return value_of(left, values), value_of(right, values)

    return evaluate


def _at(**values: Entry) -> Instance:
    return {"d": 1, "m": 1, "delta": 0.1, **values}


QUANTILE = Experiment(
    name="sign-quantile",
    sides=_quantile_sides,
    domain=Domain(
        fields={"d": Integer(low=1, high=1000), "m": Integer(low=1, high=400), "delta": Real(low=1e-9, high=0.999)}
    ),
    extremal=(_at(delta=0.9), _at(delta=0.999), _at(d=1000, delta=0.5), _at(m=399, delta=0.5)),
    measures="the (1−δ)-quantile of the error over the bound",
)
_AXES = (
    Axis(
        parameter="1/(1-delta)",
        values=tuple(10.0**k for k in range(1, 9)),
        text="m = d = 1, δ → 1",
        family=lambda value: [_at(delta=1 - 1 / arb(value))],
    ),
    Axis(
        parameter="d",
        values=tuple(10.0**k for k in range(7)),
        text="m = 1, δ = 0.1",
        family=lambda value: [_at(d=arb(value))],
    ),
    Axis(
        parameter="m", values=(1.0, 11.0, 101.0, 301.0), text="d = 1, δ = 0.1", family=lambda value: [_at(m=int(value))]
    ),
)


def _divergence(claim: Claim) -> Sequence[Step]:
    """At m = d = 1 the sign features leave an error of 1 with probability one, and the right side vanishes."""
    level = claim.relation.rhs.total().subs({m: 1, d: 1}).subs(delta, sp.exp(-u))
    return [
        Cited(
            theorem="two features of time, both 1, with outer weights ±1",
            use="s̄ = 0 and s_θ = ±1 at m = 1: the error is E λ = 1 for λ = 1, with probability one",
        ),
        Equal(name="the left side is the error", left=claim.left(), right=mc_error),
        Tends(
            name="right side → 0 as δ = e^{−u} → 1, for every K",
            expr=level,
            variable=u,
            point=sp.S.Zero,
            value=sp.S.Zero,
            direction="+",
        ),
    ]


# Second moments ------------------------------------------------------------------------------------------------------


def _moments(instance: Instance) -> Quantities:
    """One feature under a normal law of x at one time with λ = 1, e = a constant."""
    w, bias, mean, std, level, size = (arb(instance[name]) for name in ("w", "u", "mean", "std", "e", "a"))
    square = relu_square(w * mean + bias * level, abs(w) * std)
    return {
        M: size * root(square),
        a_sup: size,
        box_moment: clipped_square(mean, std, level),
        coordinate_moment: arb.max(mean**2 + std**2, level**2),
    }


def _feature(**values: Entry) -> Instance:
    return {"w": 0.0, "u": 1.0, "mean": 0.0, "std": 1.0, "e": 1.0, "a": 1.0, **values}


MOMENTS = Experiment(
    name="one-feature",
    sides=lambda claim: relation_sides(claim, _moments),
    domain=Domain(
        fields={
            "w": Real(low=-1, high=1),
            "u": Real(low=-1, high=1),
            "mean": Real(low=-10, high=10),
            "std": Real(low=0.01, high=10, log=True),
            "e": Real(low=0, high=10),
            "a": Real(low=0, high=10),
        },
        require=lambda i: abs(i["w"]) + abs(i["u"]) <= 1,
    ),
    extremal=(
        _feature(e=10.0),
        _feature(e=10.0, a=10.0),
        _feature(w=1.0, u=0.0, mean=10.0, std=0.01),
        _feature(w=1.0, u=0.0, mean=10.0, std=0.01, a=10.0),
        _feature(w=1.0, u=0.0, e=0.0),
        _feature(w=0.5, u=0.5, mean=5.0, e=5.0),
    ),
    measures="exact moment of a feature over the bound",
)

PLANS = (
    Plan(
        claim="L6:printed",
        expected=Verdict.REFUTED,
        methods=(Scaling(experiment=QUANTILE, needed=linear_constant(QUANTILE), axes=_AXES, divergence=_divergence),),
    ),
    Plan(claim="L6:repaired", expected=Verdict.PROVED, methods=(_ALL_SIGNS, _ALL_SAMPLES, MODEL_TESTS)),
    Plan(claim="L6:moment", expected=Verdict.PROVED, methods=(Search(experiment=MOMENTS),)),
    Plan(claim="L6:moment-sharp", expected=Verdict.PROVED, methods=(Search(experiment=MOMENTS),)),
    Plan(claim="L6:small-delta", expected=Verdict.PROVED, methods=(_ALL_SIGNS,)),
)
