"""Plans for the linear regimes: identities in balls, and networks with exact lines at ±∞."""

from __future__ import annotations

from flint import arb

from theory.claims.inconsistency import a_fall, a_flat, a_rise, b_fall, b_flat, b_rise, w_fall, w_rise
from theory.symbols import e_sup, intercept_left, intercept_right, m, mu, norm_comparator, slope_left, slope_right, x
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
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


PLANS = (
    Plan(claim="INCONSISTENCY:target", expected=Verdict.PROVED, methods=(Search(experiment=TARGET),)),
    Plan(claim="INCONSISTENCY:network", expected=Verdict.PROVED, methods=(Search(experiment=AFFINE),)),
    Plan(claim="INCONSISTENCY:scales", expected=Verdict.PROVED, methods=(Search(experiment=LINES),)),
    Plan(claim="INCONSISTENCY:modes", expected=Verdict.PROVED, methods=(Search(experiment=PAIR),)),
)
