"""Trained models for Theorem 2: data of two Gaussian modes, everything else as for Theorem 1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from theory.mixture import GaussianMixture
from verify.plans.theorem_1_models import Model

_NODES = 20  # of the Gauss–Hermite rule for each mode


class TwoModes:
    """½N(−μ, 1) + ½N(μ, 1) as a law to draw data from."""

    def __init__(self, mu: int):
        self.mixture = GaussianMixture.two_modes(mu)
        self._mu = mu

    @property
    def weights(self) -> tuple[sp.Rational, ...]:
        """As a mixture has them; so has it means and variances."""
        return self.mixture.weights

    @property
    def means(self) -> Any:
        """−μ and μ."""
        return self.mixture.means

    @property
    def variances(self) -> Any:
        """1 and 1."""
        return self.mixture.variances

    def sample(self, count: int, *, rng: np.random.Generator) -> np.ndarray:
        """Independent draws (count,)."""
        return self._mu * rng.choice((-1.0, 1.0), count) + rng.normal(size=count)


@dataclass(frozen=True, kw_only=True)
class ModesModel(Model):
    """A model of Theorem 1 with the law of two modes at ±``mu``; ``edges`` and ``masses`` are not used."""

    mu: int
    edges: tuple[float, ...] = ()
    masses: tuple[float, ...] = ()

    @cached_property
    def law(self) -> TwoModes:
        """The law of the data."""
        return TwoModes(self.mu)

    @cached_property
    def population(self) -> Any:
        """The population's quadratic, exact in space."""
        from numerics import population_quadratic  # noqa: PLC0415

        return population_quadratic(self.features, self.law.mixture, self.schedule())

    @cached_property
    def granted(self) -> dict[str, float]:
        """The per-datum scatters, by a Gauss–Hermite rule over both modes."""
        from numerics import per_datum_parts  # noqa: PLC0415

        z, weight = np.polynomial.hermite_e.hermegauss(_NODES)
        weight = np.tile(weight / weight.sum() / 2, 2)
        B, b = per_datum_parts(self.features, np.concatenate([z - self.mu, z + self.mu]), self.schedule())
        return {"S_B": _scatter(B, weight), "S_G": _scatter(self.theta @ B - b, weight)}

    @cached_property
    def prior_divergence(self) -> float:
        """KL(p_T‖π)."""
        from numerics import mixture_kl  # noqa: PLC0415

        scale, variance = self.at_horizon("mean_scale") ** 2, self.at_horizon("variance")
        diffused = _Mixture((0.5, 0.5), (-self.mu * math.sqrt(scale), self.mu * math.sqrt(scale)),
                            (scale + variance,) * 2)
        return float(mixture_kl(diffused, _Mixture((1.0,), (0.0,), (self.prior_std**2,))))

    @cached_property
    def quadrature_error(self) -> float:
        """Estimated error of E_t λ J(p_t)."""
        from numerics import population_quadratic  # noqa: PLC0415

        finer = population_quadratic(self.features, self.law.mixture, self.schedule(36))
        return abs(finer.c - self.population.c)


@dataclass(frozen=True)
class _Mixture:
    weights: tuple[float, ...]
    means: tuple[float, ...]
    variances: tuple[float, ...]


def _scatter(values: np.ndarray, weights: np.ndarray) -> float:
    flat = values.reshape(len(values), -1)
    return math.sqrt(float(weights @ np.sum((flat - weights @ flat) ** 2, axis=1)))


SPECIAL = (
    ModesModel(sde="ou", horizon=4.0, width=1, mu=0, count=10, comparator="start", tau=(1e-8,), shift=2.0),
    ModesModel(sde="ou", horizon=0.125, width=1, mu=3, count=10, comparator="start", tau=(1e-8,)),
    ModesModel(sde="ou", horizon=2.0, width=4, mu=2, count=10**6, comparator=1e3, tau=(1e3,)),
)
_HORIZONS = {"ou": (0.5, 1.0, 2.0, 4.0), "vp": (1.0,), "sub-vp": (1.0,)}


def draw(rng: np.random.Generator) -> ModesModel:
    """A random model: SDE, μ from 0 to 6, 4 to 16 features, n from 1 to 10⁵, τ over eight decades."""
    sde = ("ou", "vp", "sub-vp")[int(rng.integers(3))]
    return ModesModel(
        sde=sde, horizon=float(rng.choice(_HORIZONS[sde])), width=int(rng.integers(1, 14)), mu=int(rng.integers(0, 7)),
        count=int(10 ** rng.uniform(0, 5)), seed=int(rng.integers(2**31)),
        comparator=("start", "minimiser", *(10.0**k for k in range(-1, 5)))[int(rng.integers(8))],
        tau=tuple(10.0 ** rng.uniform(-4, 4, 3)), shift=float(rng.choice((0.0, 0.5))))


