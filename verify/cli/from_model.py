"""``scoregap bound T1:capacity --law …``: from a model, whose inputs are computed and told, beside what is measured."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

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
from numerics.mixtures.mixture import Components
from theory.checks import shown
from theory.evaluation import number_function
from theory.mixture import GaussianMixture
from theory.sde import AbstractLinearSDE
from theory.symbols import info, t
from verify.bound.capacity import CapacityModel, MomentModel, capacity_model, moment_model
from verify.bound.inputs import GRADING, TIMES, Law, RepairedModel, law_quadratic
from verify.bound.schedules import schedule
from verify.bound.swept import swept as bound_over
from verify.bound.terms import Bound, bound, number, swept_range
from verify.models.sdes import FAMILIES

CLAIM = "T1:capacity"
"""The claim whose inputs are computed from a model of bounded support, or from data."""
BOUNDED, UNBOUNDED = (CLAIM, "T1:repaired"), ("T2:capacity", "T2:repaired")
CLAIMS = (*BOUNDED, *UNBOUNDED)
"""Those whose inputs are computed from a law of bounded support, and of any."""
_SDES = ("ou", "vp", "sub-vp", "ve")
_TAUS = np.geomspace(1e-3, 1e5, 17)
"""Training times among which the best one by the bound is looked for; then between its neighbours."""
_AROUND = np.geomspace(0.4, 2.5, 7)
_SIZE = 1000
"""The number of data at which a training time is chosen where n runs over a range."""
_MOST_CELLS, _MOST_FEATURES, _FURTHEST, _MOST_DRAWN = 64, 512, 1000, 10**6


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A model as it was typed, and the claim that it is for."""

    claim: str
    law: str
    sde: str
    horizon: float
    features: int
    seed: int

    def made(self) -> Made:
        """The model; ValueError that begins with the option at fault."""
        process(self.sde, self.horizon, self.features)
        law, sde = read_law(self.law, self.claim), FAMILIES[self.sde]
        features = RandomFeatures.sample(self.features, 1, exponential_embedding(), rng=self.seed)
        prior = number_function(sde.std, t)(self.horizon) if self.sde == "ve" else 1.0
        given = {"features": features, "sde": sde, "horizon": self.horizon, "prior_std": prior}
        model: CapacityModel | MomentModel | RepairedModel
        if self.claim.endswith(":repaired"):
            model = RepairedModel(law=law, **given)
        elif isinstance(law, HistogramDensity):
            model = capacity_model(law=law, **given)
        else:
            model = moment_model(law=law, **given)
        return Made(asked=self, law=law, sde=sde, features=features, prior_std=prior, model=model)


def process(sde: str, horizon: float, features: int) -> None:
    """ValueError that begins with the option at fault where there is no such model."""
    if sde not in _SDES:
        raise ValueError(f"--sde must be one of {', '.join(_SDES)}; got {shown(sde)}")
    if not 0.0 < horizon <= 100.0:
        raise ValueError(f"--horizon must lie in (0, 100]; got {horizon:g}; pass e.g. --horizon 1")
    if not 1 <= features <= _MOST_FEATURES:
        raise ValueError(f"--features must be from 1 to {_MOST_FEATURES}; got {features}")


def read_law(text: str, claim: str) -> Law:
    """``cells:-1,0,1:0.3,0.7``, edges and masses, or ``two-modes:3``, ½N(−μ, 1)+½N(μ, 1); each with its claims."""
    kind, _, rest = text.partition(":")
    if kind == "two-modes":
        law = _two_modes(rest, text)
        if claim in BOUNDED:
            other = UNBOUNDED[BOUNDED.index(claim)]
            raise ValueError(
                f"--law {text[:40]} has unbounded support, where {claim} has no bound: its B(x₀) are not bounded; take "
                f"{other}, or a law of cells: cells:-1,0,1:0.3,0.7"
            )
        return law
    edges, sign, masses = rest.partition(":")
    if kind != "cells" or not sign or edges.count(",") > _MOST_CELLS:
        raise ValueError(
            "--law must look like cells:EDGES:MASSES, e.g. cells:-1,0,1:0.3,0.7, or two-modes:MU, e.g. two-modes:3; "
            f"got {shown(text)}; cells are uniform"
        )
    found = [[float(number("--law", part)) for part in side.split(",")] for side in (edges, masses)]
    try:
        cells = histogram_density(*found)
    except ValueError as error:
        raise ValueError(f"--law: {error}") from None
    if claim in UNBOUNDED:
        other = BOUNDED[UNBOUNDED.index(claim)]
        raise ValueError(
            f"--law {text[:40]} has bounded support, where {other} says more than {claim} does, which is computed for "
            f"laws without one; take {other}, or two-modes:3"
        )
    return cells


def _two_modes(text: str, whole: str) -> GaussianMixture:
    mu = number("--law", text) if text else None
    if mu is None or not 0 <= mu <= _FURTHEST:
        raise ValueError(
            f"--law must look like two-modes:MU with MU from 0 to {_FURTHEST}, e.g. two-modes:3; got {shown(whole)}"
        )
    return GaussianMixture.two_modes(mu)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A model with what its bound asks for."""

    asked: Asked
    law: Law
    sde: AbstractLinearSDE
    features: RandomFeatures
    prior_std: float
    model: CapacityModel | MomentModel | RepairedModel

    def at(self, *, n: int, tau: float, delta: float) -> Bound:
        """The bound at n, τ and δ; no best time is told, since the inputs are those of τ."""
        found = bound(self.asked.claim, self.model.inputs(n=n, tau=tau, delta=delta))
        return replace(found, best_tau=None, best_total=None, trend=None)

    def best_tau(self, *, n: int, delta: float) -> float:
        """The training time at which the bound is least, of those that are tried."""
        places, best = _TAUS, float(_TAUS[0])
        for _ in range(2):
            totals = bound_over(self.model, "tau", places, n=n, tau=1.0, delta=delta).total
            best = float(places[int(np.argmin(totals))])
            places = np.minimum(best * _AROUND, _TAUS[-1])
        return best

    def data(self, n: int) -> np.ndarray:
        """Independent draws from the law, (n,)."""
        if isinstance(self.law, HistogramDensity):
            return self.law.sample(n, rng=self.asked.seed)
        _, points = Components.of("law", self.law).sample(np.random.default_rng(self.asked.seed), n)
        return points[:, 0]

    def measured(self, *, tau: float, n: int) -> Iterator[str]:
        """What one sample of the data gives: its loss, and the divergence of what it learns."""
        if n > _MOST_DRAWN:
            yield f"not measured beside it: a sample of more than {_MOST_DRAWN} data would take long"
            return
        when = schedule(self.sde, horizon=self.asked.horizon, count=TIMES, weighting="likelihood", grading=GRADING)
        start = np.zeros((1, self.features.width))
        theta = GradientFlow(empirical_quadratic(self.features, self.data(n), when), start).parameters(tau)
        loss = law_quadratic(self.features, self.law, when).loss(theta)
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


_BY_CAPACITY = {
    "loss_tau": "of the population's flow at τ",
    "top_B": "of the population's quadratic",
    "nu": "the best of the ridges that are tried",
    "noise_leading": "of the noise along the path",
    "noise_rest": "of the same",
    "path_spread": "of the noise along the path",
    "K_B": "of top_B, S_B, n and δ, above B̂ but for δ/3",
}
_REPAIRED = {
    "loss_comparator": "at the comparator Θ(τ), on the population's flow",
    "distance_initial": "of Θ₀ = 0 and the comparator",
    "K_B": "of the support, from above",
    "S_G": "of the law, by quadrature, at the comparator",
    "K_G": "of the support, from above, at the comparator",
}


def sources(made: Made, given: Mapping[str, str]) -> dict[str, str]:
    """Where each input comes from, by symbol name."""
    told = {
        "T": "--horizon",
        "kl_prior": f"of the diffused law and N(0, {made.prior_std:.4g}²), by quadrature",
        "loss_minimum": "of the population's quadratic",
        "S_B": "of the law, by quadrature",
    }
    if isinstance(made.model, RepairedModel):
        return told | _REPAIRED
    n, tau, delta = _numbers(given)
    return told | _BY_CAPACITY | {"share": f"lower tail: {made.model.best(tau=tau, n=n, delta=delta).branch}"}


def inputs_told(made: Made, found: Bound, given: Mapping[str, str]) -> Iterator[str]:
    """Every input with where it comes from."""
    asked, why = made.asked, sources(made, given)
    yield f"law {asked.law}, SDE {asked.sde}, λ = g², {asked.features} random features (--seed {asked.seed}), Θ₀ = 0"
    for name, told in given.items():
        yield f"    {name:16} {value_of(told):14.6g}  {told.partition(' ')[2]}"
    for name, value in found.values.items():
        if name not in given:
            yield f"    {name:16} {value:14.6g}  {why[name]}: {info(name).meaning}"


def value_of(told: str) -> float:
    """The number of an input that is told with where it comes from."""
    return float(told.partition(" ")[0])


def _numbers(given: Mapping[str, str]) -> tuple[int, float, float]:
    return int(value_of(given["n"])), value_of(given["tau"]), value_of(given["delta"])


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
    n, tau, delta = _numbers(given)
    return made.at(n=n, tau=tau, delta=delta)


def swept(made: Made, given: Mapping[str, str], over: str) -> Bound:
    """The bound over n or τ, as ``n=10:1e5:log``."""
    name, points = swept_range(made.asked.claim, over)
    at = {key: value_of(given[key]) for key in given}
    return bound_over(made.model, name, points, n=int(at.get("n", 1)), tau=at.get("tau", 1.0), delta=at["delta"])


def refused(error: ValueError) -> typer.BadParameter:
    """The error as one of usage, at its option."""
    text = str(error)
    option = text.partition(" ")[0].rstrip(":") if text.startswith("--") else "--law"
    return typer.BadParameter(text.removeprefix(f"{option}: "), param_hint=option)
