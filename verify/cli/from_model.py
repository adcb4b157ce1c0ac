"""``scoregap bound T1:capacity --law …``: from a model, whose inputs are computed and told, beside what is measured."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import typer

from numerics import (
    GradientFlow,
    HistogramDensity,
    RandomFeatures,
    empirical_quadratic,
    exponential_embedding,
    histogram_density,
    kl_divergence,
    sde_density,
)
from theory.checks import shown
from theory.evaluation import number_function
from theory.sde import AbstractLinearSDE
from theory.symbols import info, t
from verify.bound.capacity import CapacityModel, capacity_model
from verify.bound.inputs import GRADING, TIMES
from verify.bound.schedules import schedule
from verify.bound.terms import Bound, bound, number, swept_range
from verify.models.sdes import FAMILIES

CLAIM = "T1:capacity"
"""The claim whose inputs are computed from a model."""
_SDES = ("ou", "vp", "sub-vp", "ve")
_TAUS = np.geomspace(1e-3, 1e5, 17)
"""Training times among which the best one by the bound is looked for; then between its neighbours."""
_AROUND = np.geomspace(0.4, 2.5, 7)
_SIZE = 1000
"""The number of data at which a training time is chosen where n runs over a range."""
_MOST_CELLS, _MOST_FEATURES = 64, 512


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A model as it was typed."""

    law: str
    sde: str
    horizon: float
    features: int
    seed: int

    def made(self) -> Made:
        """The model; ValueError that begins with the option at fault."""
        process(self.sde, self.horizon, self.features)
        law, sde = read_law(self.law), FAMILIES[self.sde]
        features = RandomFeatures.sample(self.features, 1, exponential_embedding(), rng=self.seed)
        prior = number_function(sde.std, t)(self.horizon) if self.sde == "ve" else 1.0
        model = capacity_model(features=features, law=law, sde=sde, horizon=self.horizon, prior_std=prior)
        return Made(asked=self, law=law, sde=sde, features=features, prior_std=prior, model=model)


def process(sde: str, horizon: float, features: int) -> None:
    """ValueError that begins with the option at fault where there is no such model."""
    if sde not in _SDES:
        raise ValueError(f"--sde must be one of {', '.join(_SDES)}; got {shown(sde)}")
    if not 0.0 < horizon <= 100.0:
        raise ValueError(f"--horizon must lie in (0, 100]; got {horizon:g}; pass e.g. --horizon 1")
    if not 1 <= features <= _MOST_FEATURES:
        raise ValueError(f"--features must be from 1 to {_MOST_FEATURES}; got {features}")


def read_law(text: str) -> HistogramDensity:
    """``cells:-1,0,1:0.3,0.7``: edges and masses; a law of unbounded support is refused in words."""
    kind, _, rest = text.partition(":")
    if kind == "two-modes":
        raise ValueError(
            f"--law {text[:40]} has unbounded support, where {CLAIM} has no bound: its B(x₀) are not bounded; take "
            "T2:capacity (verify.moment_capacity_inputs gives its values), or a law of cells: cells:-1,0,1:0.3,0.7"
        )
    edges, sign, masses = rest.partition(":")
    if kind != "cells" or not sign or edges.count(",") > _MOST_CELLS:
        raise ValueError(
            f"--law must look like cells:EDGES:MASSES, e.g. cells:-1,0,1:0.3,0.7; got {shown(text)}; cells are uniform"
        )
    found = [[float(number("--law", part)) for part in side.split(",")] for side in (edges, masses)]
    try:
        return histogram_density(*found)
    except ValueError as error:
        raise ValueError(f"--law: {error}") from None


@dataclass(frozen=True, kw_only=True)
class Made:
    """A model with its capacity."""

    asked: Asked
    law: HistogramDensity
    sde: AbstractLinearSDE
    features: RandomFeatures
    prior_std: float
    model: CapacityModel

    def best_tau(self, *, n: int, delta: float) -> float:
        """The training time at which the bound is least, of those that are tried."""
        places, best = _TAUS, float(_TAUS[0])
        for _ in range(2):
            totals = [self.model.best(tau=float(tau), n=n, delta=delta).total for tau in places]
            best = float(places[int(np.argmin(totals))])
            places = np.minimum(best * _AROUND, _TAUS[-1])
        return best

    def measured(self, *, tau: float, n: int) -> Iterator[str]:
        """What one sample of the data gives: its loss, and the divergence of what it learns."""
        when = schedule(self.sde, horizon=self.asked.horizon, count=TIMES, weighting="likelihood", grading=GRADING)
        data = self.law.sample(n, rng=self.asked.seed)
        start = self.model.capacity.initial
        theta = GradientFlow(empirical_quadratic(self.features, data, when), start).parameters(tau)
        loss = self.model.capacity.law.quadratic.loss(theta)
        yield f"{'L̃(θ̂(τ))':24} {loss:14.6g}  of one sample, drawn with --seed {self.asked.seed}"
        drift, diffusion = (number_function(expr, t) for expr in (self.sde.drift, self.sde.diffusion))
        try:
            density = sde_density(
                self.features,
                theta,
                drift=drift,
                diffusion=diffusion,
                horizon=self.asked.horizon,
                prior_std=self.prior_std,
                tail_mass=1e-7,
            )
            divergence, error = kl_divergence(self.law, density, with_error=True)
        except ArithmeticError as problem:
            yield f"the divergence of this sample could not be resolved: {problem}"
            return
        yield f"{'KL(p₀‖p_θ̂(τ))':24} {divergence:14.6g}  of the same sample, error {error:.1g}"


def inputs_told(made: Made, found: Bound, given: Mapping[str, str]) -> Iterator[str]:
    """Every input with where it comes from."""
    chosen = made.model.best(tau=value_of(given["tau"]), n=int(value_of(given["n"])), delta=value_of(given["delta"]))
    asked = made.asked
    yield f"law {asked.law}, SDE {asked.sde}, λ = g², {asked.features} random features (--seed {asked.seed}), Θ₀ = 0"
    for name, why in given.items():
        yield f"    {name:14} {value_of(why):14.6g}  {why.partition(' ')[2]}"
    sources = {
        "T": "--horizon",
        "kl_prior": f"of the diffused law and N(0, {made.prior_std:.4g}²), by quadrature",
        "loss_minimum": "of the population's quadratic",
        "loss_tau": "of the population's flow at τ",
        "top_B": "of the population's quadratic",
        "nu": "the best of the ridges that are tried",
        "share": f"lower tail: {chosen.branch}",
        "noise_leading": "of the noise along the path",
        "noise_rest": "of the same",
    }
    for name, why in sources.items():
        yield f"    {name:14} {found.values[name]:14.6g}  {why}: {info(name).meaning}"


def value_of(told: str) -> float:
    """The number of an input that is told with where it comes from."""
    return float(told.partition(" ")[0])


def plain_names(settings: Mapping[str, str]) -> dict[str, str]:
    """What is set, by plain names: tau for τ, delta for δ."""
    return {{"τ": "tau", "δ": "delta"}.get(name, name): value for name, value in settings.items()}


def delta_of(plain: Mapping[str, str]) -> tuple[float, str]:
    """δ and where it comes from; ValueError outside (0, 1], and for one whose inverse is no number."""
    delta = float(number("--set delta", plain["delta"])) if "delta" in plain else 0.05
    if not sys.float_info.min <= delta <= 1.0:
        raise ValueError(f"--set: delta must lie in (0, 1], and not below {sys.float_info.min:g}; got {delta:g}")
    return delta, "--set" if "delta" in plain else "where none is set"


def settled(made: Made, settings: Mapping[str, str], over: str | None) -> dict[str, str]:
    """n, δ and τ as their value and where it comes from; ValueError for what is missing or not taken."""
    plain = plain_names(settings)
    odd = [name for name in plain if name not in ("n", "tau", "delta")]
    if odd:
        raise ValueError(
            f"--set: with --law only n, tau and delta are set; got {odd[0]}, which is computed from the model"
        )
    swept = None if over is None else {"τ": "tau"}.get(over, over)
    if "n" not in plain and swept != "n":
        raise ValueError("--set: n, the number of data, is needed: --set n=1000")
    found = {}
    if swept != "n":
        n = number("--set n", plain["n"])
        if n.denominator != 1 or not 1 <= n <= 10**12:
            raise ValueError(f"--set: n must be an integer from 1 to 1e12; got {shown(plain['n'])}")
        found["n"] = f"{int(n)} --set"
    delta, source = delta_of(plain)
    found["delta"] = f"{delta!r} {source}"
    if swept != "tau":
        if "tau" in plain:
            tau, why = float(number("--set tau", plain["tau"])), "--set"
            if not 0.0 < tau < math.inf:
                raise ValueError(f"--set: tau must be positive; got {tau:g}")
        else:
            # over n, one time for all
            size = int(value_of(found["n"])) if "n" in found else _SIZE
            tau, why = made.best_tau(n=size, delta=delta), f"the best by the bound at n = {size}, of 1e-3 to 1e5"
        found["tau"] = f"{tau!r} {why}"
    return found


def evaluated(made: Made, given: Mapping[str, str]) -> Bound:
    """The bound at n, τ and δ."""
    n, tau, delta = int(value_of(given["n"])), value_of(given["tau"]), value_of(given["delta"])
    return bound(CLAIM, made.model.values(made.model.best(tau=tau, n=n, delta=delta)))


def swept(made: Made, given: Mapping[str, str], over: str) -> Bound:
    """The bound over n or τ, as ``n=10:1e5:log``."""
    name, points = swept_range(CLAIM, over)
    at = {key: value_of(given[key]) for key in given}
    return made.model.swept(name, points, n=int(at.get("n", 1)), tau=at.get("tau", 1.0), delta=at["delta"])


def refused(error: ValueError) -> typer.BadParameter:
    """The error as one of usage, at its option."""
    text = str(error)
    option = text.partition(" ")[0].rstrip(":") if text.startswith("--") else "--law"
    return typer.BadParameter(text.removeprefix(f"{option}: "), param_hint=option)
