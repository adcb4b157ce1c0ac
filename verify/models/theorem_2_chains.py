"""Trained models for Theorem 2: data of two Gaussian modes, everything else as for Theorem 1."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from theory.mixture import GaussianMixture
from verify.bound.capacity import moment_model
from verify.bound.inputs import law_quadratic
from verify.evidence.measured import Values
from verify.models.sdes import FAMILIES
from verify.models.theorem_1_models import DELTA, FINER, Model


@dataclass(frozen=True, kw_only=True)
class ModesModel(Model):
    """A model of Theorem 1 with the law of two modes at ±``mu``; ``edges`` and ``masses`` are not used."""

    mu: int
    edges: tuple[float, ...] = ()
    masses: tuple[float, ...] = ()

    @cached_property
    def law(self) -> GaussianMixture:
        """½N(−μ, 1) + ½N(μ, 1)."""
        return GaussianMixture.two_modes(self.mu)

    def data(self, rng: np.random.Generator) -> np.ndarray:
        """Independent draws from the law."""
        return self.mu * rng.choice((-1.0, 1.0), self.count) + rng.normal(size=self.count)

    @cached_property
    def by_capacity(self) -> Values:
        """What T2:capacity asks for at each training time, by symbol name: of the law alone."""
        made = moment_model(
            features=self.features,
            law=self.law,
            sde=FAMILIES[self.sde],
            horizon=self.horizon,
            initial=self.initial,
            prior_std=self.prior_std,
        )
        found = [made.inputs(n=self.count, tau=tau, delta=DELTA) for tau in self.tau]
        return {name: np.array([each[name] for each in found]) for name in found[0]}

    @cached_property
    def quadrature_error(self) -> float:
        """Estimated error of E_t λ J(p_t)."""
        return abs(law_quadratic(self.features, self.law, self.schedule(FINER)).c - self.population.c)


SPECIAL = (
    ModesModel(sde="ou", horizon=4.0, width=1, mu=0, count=10, comparator="start", tau=(1e-8,), shift=2.0),
    ModesModel(sde="ou", horizon=0.125, width=1, mu=3, count=10, comparator="start", tau=(1e-8,)),
    ModesModel(sde="ou", horizon=2.0, width=1, mu=4, count=10**5, comparator=100.0, tau=(100.0,)),  # what is left over
    ModesModel(sde="ou", horizon=4.0, width=1, mu=0, count=10**5, comparator=1.0, tau=(0.2,), shift=3.0),
)
_HORIZONS = {"ou": (0.5, 1.0, 2.0, 4.0), "vp": (1.0,), "sub-vp": (1.0,)}


def draw(rng: np.random.Generator) -> ModesModel:
    """A random model: SDE, μ from 0 to 6, 4 to 16 features, n from 1 to 10⁵, τ over eight decades."""
    sde = ("ou", "vp", "sub-vp")[int(rng.integers(3))]
    return ModesModel(
        sde=sde,
        horizon=float(rng.choice(_HORIZONS[sde])),
        width=int(rng.integers(1, 14)),
        mu=int(rng.integers(0, 7)),
        count=int(10 ** rng.uniform(0, 5)),
        seed=int(rng.integers(2**31)),
        comparator=("start", "minimiser", *(10.0**k for k in range(-1, 5)))[int(rng.integers(8))],
        tau=tuple(10.0 ** rng.uniform(-4, 4, 3)),
        shift=float(rng.choice((0.0, 0.5))),
    )
