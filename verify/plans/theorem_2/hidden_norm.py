"""Plans for the hidden norm: networks in balls, and fits of the two-mode score with exact mean-square errors."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from flint import arb

from numerics import Quadratic, RandomFeatures, Schedule, constant_embedding, population_quadratic
from theory.mixture import GaussianMixture
from theory.symbols import (
    e_sup,
    fisher,
    mu,
    network_abs,
    network_change,
    norm_comparator,
    point_gap,
    score_gap,
    step,
    x_sup,
)
from verify.balls.numbers import root
from verify.evidence.confrontation import Experiment, Quantities, relation_sides
from verify.evidence.domain import Choice, Domain, Instance, Integer, Real
from verify.evidence.plan import Plan
from verify.evidence.search import Search
from verify.evidence.verdict import Verdict
from verify.models.small_networks import FIELDS, network, single

_ERROR = 1e-11
"""Error allowed to a number of order 1, ten times that of the quadratic's moments."""

# Any network ---------------------------------------------------------------------------------------------------------


def _values(instance: Instance) -> Quantities:
    found = network(instance)
    first, second = arb(instance["x"]), arb(instance["y"])
    return {
        network_abs: abs(found.value(first)),
        network_change: abs(found.value(first) - found.value(second)),
        norm_comparator: found.norm,
        x_sup: abs(first),
        e_sup: arb(instance["e"]),
        point_gap: abs(first - second),
    }


NETWORK = Experiment(
    name="network",
    sides=lambda claim: relation_sides(claim, _values),
    measures="a network's values over its norm",
    domain=Domain(
        fields={**FIELDS, "x": Real(low=-10, high=10), "y": Real(low=-10, high=10)}, require=lambda i: i["x"] != i["y"]
    ),
    extremal=(
        single(1.0, 0.0, x=2.0, y=1.0),
        single(1.0, 0.0, x=0.5, y=0.25),
        single(0.0, 1.0, x=0.5, y=0.25),
        single(0.5, 1.0, x=1.0, y=-1.0),
    ),
)

# Networks that match the score ---------------------------------------------------------------------------------------


def _at_one(instance: Instance) -> Quantities:
    """One feature whose outer weight is chosen so that s(1) = s₀(1)."""
    shift, level, w = arb(instance["mu"]), arb(instance["e"]), arb(instance["w"])
    feature = w + arb(instance["share"]) * (1 - w) * level
    return {mu: shift, e_sup: level, norm_comparator: abs(shift * shift.tanh() - 1) / feature}


AT_ONE = Experiment(
    name="match-at-1",
    sides=lambda claim: relation_sides(claim, _at_one),
    measures="the bound over a network's norm",
    domain=Domain(
        fields={
            "mu": Real(low=0, high=100),
            "e": Real(low=0.1, high=10),
            "w": Real(low=0.01, high=1),
            "share": Real(low=0, high=1),
        }
    ),
    extremal=tuple(
        {"mu": value, "e": level, "w": w, "share": 1.0}
        for value, level, w in (
            (2.0, 1.0, 1.0),
            (1.3, 1.0, 1.0),
            (50.0, 1.0, 1.0),
            (2.0, 10.0, 0.01),
            (1.3, 10.0, 0.01),
        )
    ),
)


def _at_step(instance: Instance) -> Quantities:
    """Copies of a feature that is active on [−h, h], and one feature of time that makes the network odd there."""
    shift, level, half = arb(instance["mu"]), arb(instance["e"]), arb(instance["step"])
    target = shift * (shift * half).tanh() - half
    width, w = arb(instance["copies"]) + 1, level / (level + half)
    square = width / ((width - 1) * (w * half) ** 2) + width / level**2
    return {mu: shift, step: half, norm_comparator: abs(target) * square.sqrt()}


AT_STEP = Experiment(
    name="match-at-h",
    sides=lambda claim: relation_sides(claim, _at_step),
    measures="the bound over a network's norm",
    domain=Domain(
        fields={
            "mu": Real(low=0, high=100),
            "e": Real(low=0.1, high=10),
            "step": Real(low=1e-6, high=10, log=True),
            "copies": Integer(low=1, high=10**6),
        }
    ),
    extremal=tuple(
        {"mu": value, "e": 1.0, "step": half, "copies": 10**5}
        for value, half in ((2.0, 1e-6), (1.1, 1e-6), (50.0, 1e-6), (10.0, 5.0))
    ),
)

# Fits in mean square -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _loss(kind: str, mode: int, margin: int, copies: int) -> tuple[Quadratic, np.ndarray]:
    """The exact loss at t = 0 with e = 1 and λ = 1, the features' weights, and the parameters of the kinked network.

    "kinks": the line from the origin to the regime's point at κ = max(μ − margin, 1/2), then the regime, on both sides;
    each kink has its copies, each of the two linear features stands once. "random": features drawn on the ℓ1 sphere.
    """
    kink = max(mode - margin, 0.5)
    lean = (mode - kink) / kink
    width = 2 * copies + 2
    if kind == "random":
        features = RandomFeatures.sample(width, 1, constant_embedding(), rng=np.random.default_rng(copies))
    else:
        w = np.concatenate([np.repeat([1.0, -1.0], copies) / (1 + kink), [1.0, -1.0]])
        features = RandomFeatures(
            weights=w[:, None], time_weights=(np.abs(w) - 1)[:, None], embedding=constant_embedding()
        )
    outer = np.concatenate([np.repeat([-1.0, 1.0], copies) * (1 + lean) * (1 + kink) / copies, [lean, -lean]])
    one, zero = np.ones(1), np.zeros(1)
    start = Schedule(times=zero, weights=one, mean_scale=one, std=zero, loss_weight=one)
    quadratic = population_quadratic(features, GaussianMixture.two_modes(mode), start)
    return quadratic, np.sqrt(width) * outer[None, :]


def _fit(instance: Instance) -> Quantities:
    """A kinked network, or the minimiser of the loss plus a penalty on the norm, with its exact error."""
    kind, mode = instance["kind"], instance["mu"]
    quadratic, parameters = _loss(kind, mode, instance["margin"], instance["copies"])
    if kind == "random":
        spectrum = quadratic.spectrum
        parameters = spectrum.slopes / (spectrum.values + instance["penalty"]) @ spectrum.vectors.T
    scale = float(np.abs(parameters[0]) @ np.sqrt(quadratic.B.diagonal())) ** 2
    rounding = arb(0, _ERROR * (1 + scale / 10))
    size = arb(float(np.linalg.norm(parameters))) * arb(1, _ERROR)
    error = root(arb(quadratic.loss(parameters)) + rounding)
    return {
        mu: arb(mode),
        e_sup: arb(1),
        fisher: arb(quadratic.c) + arb(0, _ERROR),
        score_gap: error,
        norm_comparator: size,
    }


FIT = Experiment(
    name="fit",
    sides=lambda claim: relation_sides(claim, _fit),
    measures="the bound over the norm of a fit",
    domain=Domain(
        fields={
            "kind": Choice(options=("kinks", "random")),
            "mu": Integer(low=1, high=100),
            "margin": Integer(low=0, high=4),
            "copies": Integer(low=1, high=20),
            "penalty": Real(low=1e-3, high=10, log=True),
        },
        require=lambda i: i["kind"] == "kinks" or i["mu"] <= 16,
    ),
    extremal=tuple(
        {"kind": kind, "mu": mode, "margin": 4, "copies": 20, "penalty": penalty}
        for kind, mode, penalty in (
            ("kinks", 100, 1.0),
            ("kinks", 30, 1.0),
            ("kinks", 8, 1.0),
            ("random", 4, 1e-3),
            ("random", 2, 10.0),
            ("random", 16, 1e-2),
        )
    ),
)

# Proofs --------------------------------------------------------------------------------------------------------------


PLANS = (
    Plan(claim="T2:pointwise", expected=Verdict.PROVED, methods=(Search(experiment=NETWORK),)),
    Plan(claim="T2:lipschitz", expected=Verdict.PROVED, methods=(Search(experiment=NETWORK),)),
    Plan(claim="T2:hidden-norm", expected=Verdict.PROVED, methods=(Search(experiment=AT_ONE),)),
    Plan(claim="T2:hidden-slope", expected=Verdict.PROVED, methods=(Search(experiment=AT_STEP),)),
    Plan(claim="T2:hidden-mean-square", expected=Verdict.PROVED, methods=(Search(experiment=FIT, method="measured"),)),
)
