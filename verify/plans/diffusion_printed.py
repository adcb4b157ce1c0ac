"""Plans for the printed bound of diffusion models: Gaussians in closed form, Euler's chain, sets of points."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb

from theory.symbols import (
    T,
    conditional_divergence,
    data_terms,
    early,
    euler_step,
    fixed_proxy,
    kl_model,
    mean_root_rate,
    n,
    proxy_end,
    sampler_information,
)
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Domain, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.plans.diffusion_repaired import DATA_SETS

# The exact score of N(0, 1) -------------------------------------------------------------------------------------------


def _terms(horizon: arb, start: arb, count: arb) -> Quantities:
    """Upper bounds of the printed terms for P = π = N(0, 1) and s = −x, in closed form.

    E L̂_DSM = ½log((1 − a_T)/(1 − a_ε)), E Î_ε >= I_ε − log(1 + χ²/n) with χ² = a_ε/(1 − a_ε), and E√KL <= √E KL.
    """
    left = -(-2 * horizon).expm1()
    chi = (-2 * start).exp() / -(-2 * start).expm1()
    return {
        data_terms: left.log() / 2 + (chi / count).log1p(),
        mean_root_rate: (-left.log() / 2).sqrt(),
        sampler_information: arb(0),
        n: count,
        T: horizon,
        early: start,
    }


def _exact(instance: Instance) -> Quantities:
    found = _terms(arb(instance["T"]), arb(instance["early"]), arb(instance["n"]))
    return {**found, kl_model: arb(0), fixed_proxy: instance["proxy"]}


SHORT_TIMES = Experiment(
    name="short-times",
    domain=Domain(
        fields={
            "T": Real(low=1e-6, high=5, log=True),
            "early": Real(low=1e-7, high=4, log=True),
            "n": Integer(low=1, high=10**9),
            "proxy": Real(low=0.5, high=2),
        },
        require=lambda i: i["early"] < i["T"],
    ),
    extremal=(
        {"T": 0.005, "early": 0.004, "n": 1000, "proxy": 1.0},
        {"T": 0.0001, "early": 0.00005, "n": 10**7, "proxy": 1.0},
    ),
    measures="0 against an upper bound of the printed right side",
    sides=lambda claim: relation_sides(claim, _exact),
)


def _euler(instance: Instance) -> Quantities:
    """N steps of x ← (1 − δ)x + √(2δ)ξ from N(0, 1)."""
    size, steps = arb(instance["step"]), instance["steps"]
    kept = 1 / (1 - size / 2)
    variance = kept + (1 - kept) * (1 - size) ** (2 * steps)
    divergence = (1 / variance - 1 + variance.log()) / 2
    found = _terms(size * steps, arb(1), arb(instance["n"]))
    return {**found, kl_model: divergence, fixed_proxy: arb(1), euler_step: size}


EULER = Experiment(
    name="euler-chain",
    domain=Domain(
        fields={"step": Real(low=0.01, high=1), "steps": Integer(low=1, high=2000), "n": Integer(low=1, high=10**9)},
        require=lambda i: i["step"] * i["steps"] > 1,
    ),
    extremal=({"step": 0.1, "steps": 100, "n": 1000},),
    measures="the divergence of Euler's chain against an upper bound of the printed right side, ε = 1, R = 1",
    sides=lambda claim: relation_sides(claim, _euler),
)
STEPS = Experiment(
    name="euler-steps",
    domain=Domain(fields={"euler_step": Real(low=0.001, high=1, log=True)}),
    extremal=({"euler_step": 0.1}, {"euler_step": 1.0}),
    measures="the divergence of the kept law",
    sides=lambda claim: relation_sides(claim, lambda instance: {euler_step: instance["euler_step"]}),
)

# Expectations by nodes ------------------------------------------------------------------------------------------------

_NODES = ((arb(2) / 3, arb(0)), (arb(1) / 6, arb(3).sqrt()), (arb(1) / 6, -arb(3).sqrt()))


def _by_nodes(value: Callable[[arb], arb]) -> arb:
    """E f(z) for z ~ N(0, 1) by the rule of three nodes, which is exact up to the fifth degree."""
    return sum((weight * value(node) for weight, node in _NODES), start=arb(0))


def _horizon(instance: Instance) -> Quantities:
    """The mean divergence over z, and the variance of the log-loss as a fourth moment of a normal number."""
    end = arb(instance["T"])
    kept, left = (-2 * end).exp(), -(-2 * end).expm1()

    def divergence(z: arb) -> arb:
        return ((1 + kept * z * z) / left - 1 + left.log()) / 2

    spread = 1 + kept  # of x₀ − e^{−T}x_T, whose fourth moment is 3·spread²
    square = 3 * spread**2 - spread**2
    return {T: end, conditional_divergence: _by_nodes(divergence), proxy_end: (square / (4 * left**2)).sqrt()}


HORIZONS = Experiment(
    name="horizons",
    domain=Domain(fields={"T": Real(low=0.002, high=6, log=True)}),
    extremal=({"T": 0.1}, {"T": 2.0}),
    measures="moments of normal numbers",
    sides=lambda claim: relation_sides(claim, _horizon),
)


PLANS = (
    Plan(claim="IT10:printed", expected=Verdict.REFUTED, methods=(Search(experiment=SHORT_TIMES),)),
    Plan(claim="IT10:sampler", expected=Verdict.REFUTED, methods=(Search(experiment=EULER),)),
    Plan(claim="IT10:prior", expected=Verdict.PROVED, methods=(DATA_SETS,)),
    Plan(claim="IT10:step", expected=Verdict.PROVED, methods=(Search(experiment=STEPS),)),
    Plan(claim="IT10:floor", expected=Verdict.PROVED, methods=(Search(experiment=HORIZONS),)),
    Plan(claim="IT10:proxy", expected=Verdict.PROVED, methods=(Search(experiment=HORIZONS),)),
)
