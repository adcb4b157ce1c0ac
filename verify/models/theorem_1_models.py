"""Trained models for Theorem 1: a bounded data law, a sample, both flows, the divergence, every constant measured."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import sympy as sp

from numerics import (
    GradientFlow,
    HistogramDensity,
    Quadratic,
    RandomFeatures,
    Schedule,
    empirical_quadratic,
    exponential_embedding,
    histogram_density,
    histogram_quadratic,
    kl_divergence,
    sde_density,
)
from numerics.reverse.sde_density import CoarseGridError
from theory.evaluation import number_function
from theory.symbols import t
from verify.bound.capacity import CapacityModel, capacity_model
from verify.bound.inputs import GRADING, TIMES, law_quadratic, prior_divergence, scatters
from verify.bound.schedules import schedule
from verify.bound.swept import swept
from verify.evidence.measured import Values
from verify.models.sdes import FAMILIES

DELTA = 1e-3
"""Failure probability at which the bounds are evaluated."""
COPIES = 10**6
"""How often each feature is repeated where a comparator counts as a sample of infinitely many features."""
FINER = 36
"""Times of the quadrature that tells the error of the one with `verify.bound.inputs.TIMES`."""
REFINED = 4
"""How often the grid of a density is refined where it is too coarse."""
FLOAT = 1e-9
"""Relative error of the flow's losses and distances."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """Random features on the line with a data law on [−1, 1], from which data are drawn.

    The initial score is −x/(prior variance), for which the reverse SDE keeps its prior, plus ``shift`` e^{−t}.
    ``comparator``: "start", "minimiser", or a number, the time of the population flow at which it is taken. ``width``:
    features beside x, −x and e^{−t}. ``tau``: training times. ``nodes``: of the grid for the constants.
    ``grid``: cells and steps of the coarsest of the three grids behind a density and the error that is told with it.
    """

    sde: str
    horizon: float
    width: int
    edges: tuple[float, ...]
    masses: tuple[float, ...]
    count: int
    comparator: float | str
    tau: tuple[float, ...]
    shift: float = 0.0
    seed: int = 0
    nodes: int = 24
    grid: tuple[int, int] = (64, 16)

    @cached_property
    def law(self) -> Any:
        """The law of the data."""
        return histogram_density(self.edges, self.masses)

    @cached_property
    def features(self) -> RandomFeatures:
        """x, −x and e^{−t} first, the rest drawn on the l1 sphere."""
        rest = RandomFeatures.sample(self.width, 1, exponential_embedding(), rng=np.random.default_rng(self.seed))
        first = np.array([[1.0], [-1.0], [0.0]]), np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
        return RandomFeatures(
            weights=np.concatenate([first[0], rest.weights]),
            embedding=exponential_embedding(),
            time_weights=np.concatenate([first[1], rest.time_weights]),
        )

    def schedule(self, count: int = TIMES) -> Schedule:
        """The time quadrature with λ = g²."""
        return _schedule(self.sde, self.horizon, count)

    @cached_property
    def prior_std(self) -> float:
        """1 where the process forgets its start, the noise's standard deviation where the variance explodes."""
        return _function(FAMILIES[self.sde].std)(self.horizon) if self.sde == "ve" else 1.0

    @cached_property
    def initial(self) -> np.ndarray:
        """Θ₀."""
        root = math.sqrt(self.features.width)
        out = np.zeros((1, self.features.width))
        out[0, :3] = -root / self.prior_std**2, root / self.prior_std**2, self.shift * root
        return out

    @cached_property
    def population(self) -> Quadratic:
        """The population's quadratic."""
        return law_quadratic(self.features, self.law, self.schedule())

    @cached_property
    def flow(self) -> GradientFlow:
        """The population flow."""
        return GradientFlow(self.population, self.initial)

    @cached_property
    def theta(self) -> np.ndarray:
        """The comparator."""
        if self.comparator == "start":
            return self.initial
        if self.comparator == "minimiser":
            return self.flow.parameters(math.inf)
        return self.flow.parameters(float(self.comparator))

    @cached_property
    def granted(self) -> Values:
        """What the concentration of the data rests on, by symbol name."""
        return scatters(self.features, self.law, self.schedule(), self.theta, nodes=self.nodes)

    @cached_property
    def capacity(self) -> CapacityModel:
        """What T1:capacity computes once for every n, τ and δ."""
        return capacity_model(
            features=self.features,
            law=self.law,
            sde=FAMILIES[self.sde],
            horizon=self.horizon,
            initial=self.initial,
            prior_std=self.prior_std,
            nodes=self.nodes,
        )

    @cached_property
    def by_capacity(self) -> Values:
        """What T1:capacity asks for at each training time, by symbol name: of the law alone."""
        found = [self.capacity.inputs(n=self.count, tau=tau, delta=DELTA) for tau in self.tau]
        return {name: np.array([each[name] for each in found]) for name in found[0]}

    @property
    def totals(self) -> np.ndarray:
        """T1:capacity's bound at each training time."""
        return swept(self.capacity, "tau", np.array(self.tau), n=self.count, tau=self.tau[0], delta=DELTA).total

    @cached_property
    def prior_divergence(self) -> float:
        """KL(p_T‖π)."""
        return prior_divergence(self.law, FAMILIES[self.sde], self.horizon, self.prior_std)

    @cached_property
    def quadrature_error(self) -> float:
        """Estimated error of the loss: of E_t λ J(p_t), which is not smooth in time, and of B and b in the data."""
        coarse = histogram_quadratic(self.features, self.law, self.schedule(), nodes=1000)
        space = max(abs(coarse.loss(theta) - self.population.loss(theta)) for theta in (self.initial, self.theta))
        return space + abs(self.population.c - _information(self.law, self.schedule(FINER)))

    def sample(self, seed: np.random.SeedSequence) -> Quadratic:
        """The empirical quadratic of fresh data."""
        return empirical_quadratic(self.features, self.data(np.random.default_rng(seed)), self.schedule())

    def data(self, rng: np.random.Generator) -> np.ndarray:
        """Independent draws from the law."""
        return self.law.sample(self.count, rng=rng)

    def learned(self, parameters: np.ndarray) -> tuple[float, float]:
        """KL(p₀‖SDE-density) of a learned score, and its error; nan where the density cannot be resolved.

        Where the density is too narrow for the grid, cells and steps are doubled, up to `REFINED` times.
        """
        drift, diffusion = _coefficients(self.sde)
        for doubled in range(REFINED + 1):
            try:
                density = sde_density(
                    self.features,
                    parameters,
                    drift=drift,
                    diffusion=diffusion,
                    horizon=self.horizon,
                    prior_std=self.prior_std,
                    cells=self.grid[0] << doubled,
                    steps=self.grid[1] << doubled,
                    tail_mass=1e-7,
                )
            except CoarseGridError:
                continue
            except ArithmeticError:
                break
            return kl_divergence(self.law, density, with_error=True)
        return math.nan, math.nan


@lru_cache(maxsize=64)
def _schedule(sde: str, horizon: float, count: int) -> Schedule:
    return schedule(FAMILIES[sde], horizon=horizon, count=count, weighting="likelihood", grading=GRADING)


def _information(law: HistogramDensity, times: Schedule) -> float:
    rate = times.weights * times.loss_weight
    return float(
        sum(rate[j] * law.diffused(times.mean_scale[j], times.std[j]).fisher_information() for j in range(len(rate)))
    )


@lru_cache(maxsize=64)
def _coefficients(sde: str) -> tuple[Callable[[float], float], Callable[[float], float]]:
    return _function(FAMILIES[sde].drift), _function(FAMILIES[sde].diffusion)


def _function(expr: sp.Expr) -> Callable[[float], float]:
    return number_function(expr, t)


def measure(model: Model, seed: np.random.SeedSequence) -> Values:
    """Every symbol of Theorem 1's chain but the divergence at the model's training times; ``parameters``: Θ̂(τ)."""
    loss, hat = model.population, model.sample(seed)
    times = np.array(model.tau)
    end, end_hat = model.flow.parameters(times), GradientFlow(hat, model.initial).parameters(times)
    error, change = (end_hat - end)[:, 0, :], hat.B - loss.B
    theta = model.theta
    least = max(loss.minimum, 0.0)
    return {
        "tau": times,
        "n": model.count,
        "delta": DELTA,
        "T": model.horizon,
        "kl_prior": model.prior_divergence,
        "parameters": end_hat,
        "loss_hat": np.maximum([loss.loss(one) for one in end_hat], 0.0),
        "loss_minimum": least,
        "loss_comparator": max(loss.loss(theta), least),
        "distance_initial": float(np.linalg.norm(model.initial - theta)),
        "distance_tau": model.flow.distance(times, theta),
        "norm_comparator": float(np.linalg.norm(theta)),
        **_as_sample(model, loss, theta),
        "deviation_B": float(np.linalg.norm(change, 2)),
        "deviation_G": float(np.linalg.norm(theta @ change - (hat.b - loss.b))),
        "parameter_error": np.linalg.norm(error, axis=1),
        "score_error": np.sqrt(np.maximum(np.einsum("ki,ij,kj->k", error, loss.B, error), 0.0)),
        "score_error_hat": np.sqrt(np.maximum(np.einsum("ki,ij,kj->k", error, hat.B, error), 0.0)),
        **model.granted,
    }


def _as_sample(model: Model, loss: Quadratic, theta: np.ndarray) -> Values:
    """The comparator as a sample of ρ₀ uniform on the model's features, each repeated `COPIES` times.

    Repeated features are the same network with the same ‖·‖_H, and it is its own mean: L̄ = L̃(Θ). M is the largest
    L² norm of √m θᵢ times a feature σᵢ = √m hᵢ.
    """
    width = model.features.width
    norms = np.abs(theta[0]) * np.sqrt(np.maximum(np.diag(loss.B), 0.0))
    return {"m": width * COPIES, "loss_bar": max(loss.loss(theta), 0.0), "M": max(width * float(norms.max()), FLOAT)}


# The models ----------------------------------------------------------------------------------------------------------

_BELL = tuple(math.exp(-0.5 * x * x) for x in np.linspace(-3.8, 3.8, 20).tolist())
_EDGES, _MASSES = tuple(np.linspace(-4, 4, 21).tolist()), tuple(value / sum(_BELL) for value in _BELL)
_UNIFORM = {"edges": (-1.0, 1.0), "masses": (1.0,)}
SPECIAL = (
    # p₀ nearly N(0, 1), score −x + e^{−t}: the sharp family of Lemma 2, before any training
    Model(
        sde="ou",
        horizon=4.0,
        width=1,
        edges=_EDGES,
        count=10,
        masses=_MASSES,
        comparator="start",
        tau=(1e-8,),
        shift=2.0,
        grid=(128, 32),
    ),
    Model(sde="ou", horizon=0.125, width=1, count=10, comparator="start", tau=(1e-8,), **_UNIFORM),  # the prior's part
    Model(sde="ou", horizon=2.0, width=4, count=10**4, comparator=10.0, tau=(10.0,), **_UNIFORM),  # what is left over
    # the same start and law as the first: what optimisation leaves when the loss has begun to fall
    Model(
        sde="ou",
        horizon=4.0,
        width=1,
        edges=_EDGES,
        count=10**5,
        masses=_MASSES,
        comparator=1.0,
        tau=(0.2,),
        shift=3.0,
        grid=(128, 32),
    ),
)
_HORIZONS = {"ou": (0.5, 1.0, 2.0, 4.0), "vp": (1.0,), "sub-vp": (1.0,), "ve": (1.0,)}


def draw(rng: np.random.Generator) -> Model:
    """A random model: SDE, law of one to four cells, 4 to 16 features, n from 1 to 10⁵, τ over eight decades."""
    sde = ("ou", "vp", "sub-vp", "ve")[int(rng.integers(4))]
    cells = int(rng.integers(1, 5))
    masses = 0.05 + rng.dirichlet(np.ones(cells)) * (1 - 0.05 * cells)
    inner = np.sort(rng.uniform(-0.95, 0.95, 64)[:: 64 // max(cells - 1, 1)][: cells - 1])
    return Model(
        sde=sde,
        horizon=float(rng.choice(_HORIZONS[sde])),
        width=int(rng.integers(1, 14)),
        edges=(-1.0, *(float(x) for x in inner), 1.0),
        masses=tuple(float(x) for x in masses / masses.sum()),
        count=int(10 ** rng.uniform(0, 5)),
        seed=int(rng.integers(2**31)),
        comparator=("start", "minimiser", *(10.0**k for k in range(-1, 5)))[int(rng.integers(8))],
        tau=tuple(float(x) for x in 10.0 ** rng.uniform(-4, 4, 3)),
        shift=float(rng.choice((0.0, 0.5))),
    )
