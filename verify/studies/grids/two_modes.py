"""Random-feature scores of two unit modes at ±μ: exact flows, their norms, and the densities that they generate.

The Ornstein–Uhlenbeck process with λ = g², the features x, −x and e^{−t} besides those that are drawn, and −x as the
score at the start, for which the reverse SDE keeps its prior N(0, 1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy as sp

from numerics import (
    GradientFlow,
    Quadratic,
    RandomFeatures,
    Schedule,
    empirical_quadratic,
    exponential_embedding,
    kl_divergence,
    ode_density,
    population_quadratic,
    score_density,
    sde_density,
)
from numerics.densities.density import NotNormalisableError
from theory.mixture import GaussianMixture
from theory.sde import OrnsteinUhlenbeck
from verify.bound.inputs import GRADING, TIMES
from verify.bound.schedules import schedule

CELLS, STEPS, TAIL = 96, 16, 1e-6
"""The coarsest of the three grids of an SDE-density, finer where modes are far apart; what may leave its interval."""
TAUS = (1.0, 1e2, 1e4, 1e6, 1e8)
"""Training times at which divergences are looked for."""


@dataclass(frozen=True, kw_only=True)
class Modes:
    """Two modes at ±``mu``, a horizon, and features of which ``width`` are drawn from the stream."""

    mu: float
    horizon: float
    width: int
    features: RandomFeatures

    @classmethod
    def drawn(cls, mu: float, horizon: float, width: int, rng: np.random.Generator) -> Modes:
        """The model with features of its own."""
        rest = RandomFeatures.sample(width, 1, exponential_embedding(), rng=int(rng.integers(2**31)))
        first = np.array([[1.0], [-1.0], [0.0]]), np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
        features = RandomFeatures(
            weights=np.concatenate([first[0], rest.weights]),
            embedding=exponential_embedding(),
            time_weights=np.concatenate([first[1], rest.time_weights]),
        )
        return cls(mu=mu, horizon=horizon, width=width, features=features)

    @cached_property
    def law(self) -> GaussianMixture:
        """The law of the data, of variance 1 around each mode."""
        return GaussianMixture.two_modes(sp.nsimplify(self.mu))

    @cached_property
    def when(self) -> Schedule:
        """The time quadrature with λ = g²."""
        return schedule(OrnsteinUhlenbeck(), horizon=self.horizon, count=TIMES, weighting="likelihood", grading=GRADING)

    @cached_property
    def initial(self) -> np.ndarray:
        """Θ₀, whose score is −x."""
        root = math.sqrt(self.features.width)
        out = np.zeros((1, self.features.width))
        out[0, :2] = -root, root
        return out

    @cached_property
    def population(self) -> Quadratic:
        """The population's quadratic."""
        return population_quadratic(self.features, self.law, self.when)

    def flow(self, count: int, rng: np.random.Generator) -> GradientFlow:
        """The flow on so many data, or on the population for 0."""
        loss = self.population
        if count:
            data = rng.choice((-self.mu, self.mu), size=count) + rng.standard_normal(count)
            loss = empirical_quadratic(self.features, data, self.when)
        return GradientFlow(loss, self.initial)

    def by_sde(self, parameters: np.ndarray) -> tuple[float, float]:
        """KL(p₀‖SDE-density) of a score and its error; NaN where the density is not resolved."""
        return self._divergence(
            lambda: sde_density(
                self.features,
                parameters,
                drift=-1.0,
                diffusion=math.sqrt(2.0),
                horizon=self.horizon,
                prior_std=1.0,
                cells=max(CELLS, round(16 * self.mu)),
                steps=STEPS,
                tail_mass=TAIL,
            )
        )

    def by_ode(self, parameters: np.ndarray) -> tuple[float, float]:
        """KL(p₀‖ODE-density) of a score and its error; NaN where the integration fails."""
        return self._divergence(
            lambda: ode_density(
                self.features,
                parameters,
                drift=-1.0,
                diffusion=math.sqrt(2.0),
                horizon=self.horizon,
                prior_std=1.0,
                tolerance=1e-3,
            )
        )

    def by_score(self, parameters: np.ndarray) -> tuple[float, float]:
        """KL of p₀ to the density whose score is the network's at time 0; infinite where there is none."""
        try:
            return self._divergence(lambda: score_density(self.features, parameters, 0.0))
        except NotNormalisableError:
            return math.inf, 0.0

    def _divergence(self, made: Callable[[], object]) -> tuple[float, float]:
        try:
            found = kl_divergence(self.law, made(), with_error=True)  # type: ignore[arg-type]
        except ArithmeticError:
            return math.nan, math.nan
        return float(found[0]), float(found[1])


def effect_of_mu(mu: float, horizon: float, width: int, n: int, rng: np.random.Generator) -> Mapping[str, float]:
    """Loss, divergence and norm of the best fit, of the population and of n data, with m features drawn anew.

    ``least``, ``least_norm``: the least population loss, and the norm of the fit of least norm that has it; ``start``:
    the loss of the score −x; ``prior``: the divergence before training, KL(p₀‖N(0, 1)); ``best``, ``best_tau``,
    ``best_norm``: the least divergence along the population's flow at the times `TAUS`; the same with ``data_`` for n
    data. NaN where no density is resolved.
    """
    model = Modes.drawn(mu, horizon, width, rng)
    flow = model.flow(0, rng)
    fit = flow.parameters(math.inf)
    out = {
        "least": max(model.population.minimum, 0.0),
        "start": model.population.loss(model.initial),
        "least_norm": float(np.linalg.norm(fit)),
        "prior": model.by_sde(model.initial)[0],
    }
    return out | _best(model, flow, "") | _best(model, model.flow(n, rng), "data_")


def _best(model: Modes, flow: GradientFlow, name: str) -> dict[str, float]:
    """The least divergence along a flow."""
    fits = flow.parameters(np.array(TAUS))
    found = np.array([model.by_sde(one) for one in fits])
    if np.isnan(found[:, 0]).all():
        return {f"{name}{part}": math.nan for part in ("best", "error", "best_tau", "best_norm", "best_loss")}
    best = int(np.nanargmin(found[:, 0]))
    return {
        f"{name}best": float(found[best, 0]),
        f"{name}error": float(found[best, 1]),
        f"{name}best_tau": TAUS[best],
        f"{name}best_norm": float(np.linalg.norm(fits[best])),
        f"{name}best_loss": float(model.population.loss(fits[best])),
    }


def three_densities(mu: float, horizon: float, width: int, n: int, rng: np.random.Generator) -> Mapping[str, float]:
    """The divergences of p₀ to the score-, SDE- and ODE-density of the same network, along its training on n data.

    By training time τ of `TAUS`: ``score@τ``, ``sde@τ`` and ``ode@τ`` with their errors ``…_error@τ``, and the
    population's loss ``loss@τ``.
    """
    model = Modes.drawn(mu, horizon, width, rng)
    out: dict[str, float] = {}
    for tau, fit in zip(TAUS, model.flow(n, rng).parameters(np.array(TAUS)), strict=True):
        out[f"loss@{tau:g}"] = float(model.population.loss(fit))
        for name, measured in (("score", model.by_score), ("sde", model.by_sde), ("ode", model.by_ode)):
            out[f"{name}@{tau:g}"], out[f"{name}_error@{tau:g}"] = measured(fit)
    return out
