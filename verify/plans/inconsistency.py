"""Plans for the linear regimes: identities in balls, and networks with exact lines at ±∞."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from flint import arb

from theory.claims import REGISTRY
from theory.claims.inconsistency import a_fall, a_flat, a_rise, b_fall, b_flat, b_rise, w_fall, w_rise
from theory.statement import Claim
from theory.symbols import e_sup, intercept_left, intercept_right, m, mu, norm_comparator, slope_left, slope_right, x
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.symbolic import Cited, Equal, Proof, Step
from verify.evidence.verdict import Verdict
from verify.models.sdes import POINT, experiment
from verify.models.small_networks import FIELDS, network, single

TARGET = experiment(
    "target",
    {"x": POINT, "mu": Real(low=0, high=5), "q": Real(low=0.01, high=0.99)},
    families=("ou",),
    extremal=({"sde": "ou", "x": -1.0, "mu": 1.0, "q": 0.5},),
)
_SYMBOLS = (a_rise, a_fall, a_flat, w_rise, w_fall, b_rise, b_fall, b_flat, x)
_ANY, _WEIGHT = Real(low=-5, high=5), Real(low=0.1, high=1)


def _beyond(instance: Instance) -> bool:
    return instance["x"] >= max(abs(instance["b_1"]) / instance["w_1"], abs(instance["b_2"]) / instance["w_2"])


AFFINE = Experiment(
    name="three-features",
    sides=lambda claim: relation_sides(claim, lambda i: {m: i["m"]} | {sym: i[str(sym)] for sym in _SYMBOLS}),
    domain=Domain(
        fields={str(sym): _WEIGHT if sym in (w_rise, w_fall) else _ANY for sym in _SYMBOLS[:-1]}
        | {"x": Real(low=0, high=100), "m": Integer(low=1, high=100)},
        require=_beyond,
    ),
    measures="both sides in ball arithmetic",
    extremal=tuple(
        {
            "a_1": 1.0,
            "a_2": 2.0,
            "a_3": 3.0,
            "w_1": 0.5,
            "w_2": 0.25,
            "b_1": b1,
            "b_2": b2,
            "b_3": 1.0,
            "x": 8.0,
            "m": 3,
        }
        for b1, b2 in ((-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0))
    ),
)


def _lines(instance: Instance) -> Quantities:
    found = network(instance)
    (left, below), (right, above) = found.line(-1), found.line(1)
    return {
        slope_left: left,
        slope_right: right,
        intercept_left: below,
        intercept_right: above,
        norm_comparator: found.norm,
        e_sup: arb(instance["e"]),
    }


LINES = Experiment(
    name="lines",
    sides=lambda claim: relation_sides(claim, _lines),
    domain=Domain(fields=FIELDS),
    extremal=(
        single(0.5, 1.0),
        single(0.001, 1.0),
        single(0.5, -1.0, e=10.0),
        single(0.0, 1.0),
        {"width": 2, "a": [-3.0, 3.0], "w": [0.5, -0.5], "share": [-1.0, -1.0], "e": 1.0},
        {"width": 2, "a": [-3.0, 3.0], "w": [0.001, -0.001], "share": [-1.0, -1.0], "e": 1.0},
    ),
    measures="slopes and intercepts of a network over its norm",
)


def _pair(instance: Instance) -> Quantities:
    """The network −(c/2)(σ(ωx−μω) − σ(−ωx−μω)), ωc = 2, with a share of the largest ω that the budget allows."""
    shift, level = arb(instance["mu"]), arb(instance["e"])
    weight = arb(instance["share"]) / (1 + shift / level)
    return {norm_comparator: 2 / weight, mu: shift, e_sup: level}


PAIR = Experiment(
    name="pair",
    sides=lambda claim: relation_sides(claim, _pair),
    measures="the bound over the norm of a pair",
    domain=Domain(fields={"mu": Real(low=0, high=1e3), "e": Real(low=0.01, high=10), "share": Real(low=0.01, high=1)}),
    extremal=(
        {"mu": 1.0, "e": 1.0, "share": 1.0},
        {"mu": 100.0, "e": 1.0, "share": 1.0},
        {"mu": 1.0, "e": 10.0, "share": 1.0},
    ),
)


def _target_steps(claim: Claim) -> Sequence[Step]:
    return [
        Equal(
            name="both sides agree, as rational functions of exponentials",
            left=sp.together(sp.expand(claim.left()).rewrite(sp.exp)),
            right=sp.together(claim.right().rewrite(sp.exp)),
        )
    ]


def _network_steps(claim: Claim) -> Sequence[Step]:
    """The difference is linear in the outer weights, and each of its coefficients vanishes beyond the breakpoint."""
    past, size = sp.Symbol("past", nonnegative=True), sp.Symbol("size", nonnegative=True)
    difference = claim.left() - claim.right()
    outer = (a_rise, a_fall, a_flat)
    parts = [sp.diff(difference, a) for a in outer]
    steps: list[Step] = [
        Equal(
            name="the difference is linear in the outer weights",
            left=difference,
            right=sp.Add(*(a * part for a, part in zip(outer, parts, strict=True))),
        )
    ]
    for sign, word in ((1, "b₁ >= 0"), (-1, "b₁ <= 0")):
        at = {b_rise: sign * size, x: size / w_rise + past}
        steps.append(
            Equal(
                name=f"the rising feature, {word}, x = |b₁|/w₁ + y",
                right=sp.S.Zero,
                left=sp.expand(
                    sp.expand(parts[0])
                    .subs(at)
                    .subs(sp.Max(0, sp.expand(w_rise * at[x] + at[b_rise])), w_rise * at[x] + at[b_rise])
                ),
            )
        )
    for sign, word in ((1, "b₂ >= 0"), (-1, "b₂ <= 0")):
        at = {b_fall: sign * size, x: size / w_fall + past}
        steps.append(
            Equal(
                name=f"the falling feature, {word}, x = |b₂|/w₂ + y", left=sp.expand(parts[1].subs(at)), right=sp.S.Zero
            )
        )
    steps.append(Equal(name="the flat feature", left=parts[2], right=sp.S.Zero))
    return steps


def _scale_steps(claim: Claim) -> Sequence[Step]:
    return [
        Cited(
            theorem="INCONSISTENCY:network",
            use="slope₋+slope₊ = (1/m)Σ a_i ς_i|w_i| and c₊−c₋ = (1/m)Σ a_i ς_i b_i, "
            "ς_i = sign w_i: flat features cancel",
        ),
        Cited(theorem="Cauchy–Schwarz inequality", use="|(1/m)Σ a_i ς_i g_i| <= ‖s‖_H max|g_i|"),
        Cited(theorem="Hölder's inequality", use="|±|w| ± b/sup‖e‖∞| <= |w| + ‖u‖₁ <= 1, for g = ±|w| ± b/sup‖e‖∞"),
        Equal(
            name="the left side is the largest |±(slope₋+slope₊) ± (c₊−c₋)/sup‖e‖∞|",
            left=claim.left(),
            right=sp.Abs(slope_left + slope_right) + sp.Abs(intercept_right - intercept_left) / e_sup,
        ),
        Equal(name="the right side is ‖s‖_H", left=claim.right(), right=norm_comparator),
    ]


def _mode_steps(claim: Claim) -> Sequence[Step]:
    scales = REGISTRY["INCONSISTENCY:scales"]
    lines = {slope_left: -1, slope_right: -1, intercept_left: -mu, intercept_right: mu}
    return [
        Cited(theorem="INCONSISTENCY:scales", use="at slopes −1, −1 and intercepts −μ, μ"),
        Equal(name="the left side is its left side there", left=claim.left(), right=scales.left().subs(lines)),
        Equal(name="the right side is its right side", left=claim.right(), right=scales.right()),
    ]


PLANS = (
    Plan(
        claim="INCONSISTENCY:target",
        expected=Verdict.PROVED,
        methods=(Search(experiment=TARGET), Proof(steps=_target_steps)),
    ),
    Plan(
        claim="INCONSISTENCY:network",
        expected=Verdict.PROVED,
        methods=(Search(experiment=AFFINE), Proof(steps=_network_steps)),
    ),
    Plan(
        claim="INCONSISTENCY:scales",
        expected=Verdict.PROVED,
        methods=(Search(experiment=LINES), Proof(steps=_scale_steps)),
    ),
    Plan(
        claim="INCONSISTENCY:modes",
        expected=Verdict.PROVED,
        methods=(Search(experiment=PAIR), Proof(steps=_mode_steps)),
    ),
)
