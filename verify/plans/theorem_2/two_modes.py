"""Plans for Theorem 2: printed, its concentration by second moments, and the repaired bound for two modes."""

from __future__ import annotations

from flint import arb

from theory.symbols import (
    S_B,
    S_G,
    deviation_B,
    deviation_G,
    e_sup,
    kl_learned,
    kl_prior,
    lambda_mean,
    loss_bar,
    loss_star,
    m,
    mu,
    n,
    noise_moment,
    scale_moment,
    sigma_Y,
    tau,
)
from verify.balls.numbers import root
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Entry, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.scaling import Axis, Scaling, linear_constant
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.datum_events import MODES, DatumEvents
from verify.models.finite_laws import OPERATORS, VECTORS, enumerated, renamed
from verify.models.theorem_1_chains import Chain
from verify.models.theorem_2_chains import SPECIAL, draw
from verify.models.two_data_flow import learned_slope, learned_variance

# Printed: N(0, 1) itself, the sample ±z ------------------------------------------------------------------------------


def measure_printed(instance: Instance) -> Quantities:
    """μ = 0, features x and −x, data ±z: the score −ax and its SDE-density N(0, V) in closed form; the floor is 0."""
    spread, horizon, time = (arb(instance[name]) for name in ("z", "T", "tau"))
    variance = learned_variance(learned_slope(spread, horizon, time), horizon)
    return {
        kl_learned: (variance.log() + 1 / variance - 1) / 2,
        loss_bar: 0,
        loss_star: 0,
        kl_prior: 0,
        mu: 0,
        tau: time,
        m: arb(instance["m"]),
        n: 2,
    }


def _two_data(**changes: Entry) -> Instance:
    return {"z": 2.0, "T": 1.0, "tau": 100.0, "m": 2**40, **changes}


_TWO_DATA = Experiment(
    name="two-data-normal",
    domain=Domain(
        fields={
            "z": Real(low=0, high=5),
            "T": Real(low=0.5, high=3),
            "m": Integer(low=2, high=2**100),
            "tau": Real(low=1, high=1e6, log=True),
        },
        require=lambda instance: instance["m"] % 2 == 0,
    ),
    sides=lambda claim: relation_sides(claim, measure_printed),
    extremal=(_two_data(),),
    measures="N(0, 1), data ±z, features x and −x: divergence over the printed bound",
)
_AXIS = Axis(
    parameter="tau",
    values=tuple(10.0**k for k in range(1, 13, 2)),
    text="n = 2, m = τ⁵, z = 2, T = 1, μ = 0",
    family=lambda value: [_two_data(tau=arb(value), m=arb(value) ** 5)],
)


# The scatter: one ReLU that sees the right mode ----------------------------------------------------------------------


def _relu_moments(mean: arb) -> tuple[arb, arb]:
    """E σ(X)² and E σ(X)⁴ for X ~ N(mean, 1)."""
    above = (-mean / arb(2).sqrt()).erfc() / 2
    density = (-(mean * mean) / 2).exp() / (2 * arb.pi()).sqrt()
    square = mean * mean
    return (
        (1 + square) * above + mean * density,
        (square * square + 6 * square + 3) * above + mean * (square + 5) * density,
    )


def measure_scatter(instance: Instance) -> Quantities:
    """B(x₀) = λ r² σ(x₀)² for one feature w = 1 at a time without noise."""
    place, right, scale = arb(instance["mu"]), arb(instance["q"]), arb(instance["scale"])
    far, near = _relu_moments(place), _relu_moments(-place)
    second, fourth = (right * one + (1 - right) * two for one, two in zip(far, near, strict=True))
    return {
        S_B: scale * root(fourth - second * second),
        scale_moment: scale,
        noise_moment: 0,
        lambda_mean: scale,
        e_sup: arb("1e-9"),
        mu: place,
    }


_SCATTER = Experiment(
    name="one-relu",
    domain=Domain(
        fields={"mu": Real(low=0, high=100), "q": Real(low=0, high=1), "scale": Real(low=0.01, high=100, log=True)}
    ),
    sides=lambda claim: relation_sides(claim, measure_scatter),
    extremal=({"mu": 50.0, "q": 0.5, "scale": 1.0}, {"mu": 1.0, "q": 0.5, "scale": 1.0}),
    measures="scatter of one ReLU without noise over its bound",
)


_MODELS = Chain(divergence=True, special=SPECIAL, draw=draw)
_DEVIATIONS = Chain(special=SPECIAL, draw=draw)
_MATRICES = renamed(OPERATORS, {S_B: lambda grants: grants[sigma_Y]})
_GRADIENTS = renamed(VECTORS, {S_G: lambda grants: grants[sigma_Y]})


PLANS = (
    Plan(
        claim="T2:printed",
        expected=Verdict.REFUTED,
        methods=(Scaling(experiment=_TWO_DATA, needed=linear_constant(_TWO_DATA), axes=(_AXIS,)),),
    ),
    Plan(
        claim="T2:concentration-B",
        expected=Verdict.PROVED,
        methods=(enumerated("finite-B", _MATRICES, deviation_B), DatumEvents(model=MODES), _DEVIATIONS),
    ),
    Plan(
        claim="T2:concentration-G",
        expected=Verdict.PROVED,
        methods=(enumerated("finite-G", _GRADIENTS, deviation_G), DatumEvents(model=MODES), _DEVIATIONS),
    ),
    Plan(claim="T2:scatter", expected=Verdict.PROVED, methods=(Search(experiment=_SCATTER),)),
    Plan(claim="T2:repaired", expected=Verdict.PROVED, methods=(_MODELS,)),
)
