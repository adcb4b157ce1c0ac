"""Infinite-width flows on a handful of data: their losses on the population and the divergences of their SDE-densities.

The data are n draws of ½N(−1, ¼) + ½N(1, ¼); the process is Ornstein–Uhlenbeck with T = 1; both losses average over the
diffused data, and their flows start at 0. Denoising labels enter through their conditional mean given (x, t), the
score of the diffused data: the same flow, with less quadrature noise than a label per node ("dsm, own labels").
Cutting the law off far away makes its support bounded, as the theorem has it, and changes no digit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import sympy as sp
from scipy.interpolate import RectBivariateSpline

from numerics import KernelFlow, infinite_width_nodes, kl_divergence, polynomial_embedding, sde_density
from theory.evaluation import compiled
from theory.mixture import GaussianMixture
from theory.sde import OrnsteinUhlenbeck
from theory.symbols import t, x
from verify.bound.schedules import schedule
from verify.studies.progress import Progress

WEIGHTS = {"likelihood": "λ = g²", "song": "λ = std²"}
LABELS = {
    "dsm": "denoising labels, n data",
    "sm": "true scores, n data",
    "population": "true scores, n = ∞",
    "dsm, own labels": "denoising labels, one per node",
}
_ON_DATA, _DIVERGING = ("dsm", "sm", "dsm, own labels"), ("dsm", "sm")
HORIZON, GRADING, DEGREE = 1.0, 3, 2
LAW = GaussianMixture((sp.Rational(1, 2),) * 2, (-1, 1), (sp.Rational(1, 4),) * 2)
RESOLVED = 0.1
"""Relative error above which a divergence counts as not resolved."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """n, training times, times and nodes per component of the fine and the coarse quadrature; nodes per
    component for the population's loss; number of divergences; grids of the density and of the score behind it.
    """

    data: int
    times: int
    fine: tuple[int, int]
    coarse: tuple[int, int]
    population: int
    divergences: int
    grid: tuple[int, int]
    score: tuple[int, int]


QUICK = Size(
    data=3, times=21, fine=(10, 12), coarse=(8, 10), population=24, divergences=4, grid=(96, 16), score=(121, 31)
)
FULL = Size(
    data=4, times=61, fine=(18, 22), coarse=(14, 16), population=40, divergences=8, grid=(256, 64), score=(601, 81)
)
_EDGE = 4.0  # sinh(4) = 27: beyond what the reverse process visits
_CHECKED = 400  # points at which the interpolated score is compared with the score
_FIRST = 10.0  # training time of the first divergence
TIMES = (1e-2, 1e8)


@dataclass(frozen=True, kw_only=True)
class Points:
    """A law with numbers: what `numerics` takes as a mixture."""

    weights: tuple[float, ...]
    means: tuple[float, ...]
    variances: tuple[float, ...]


def draw(count: int, seed: int) -> Points:
    """``count`` data of `LAW`, of equal weight."""
    rng = np.random.default_rng(seed)
    mean, variance = (np.array([float(value) for value in part]) for part in (LAW.means, LAW.variances))
    component = rng.choice(len(mean), size=count, p=[float(value) for value in LAW.weights])
    data = mean[component] + np.sqrt(variance[component]) * rng.standard_normal(count)
    return Points(weights=(1 / count,) * count, means=tuple(data.tolist()), variances=(0.0,) * count)


@lru_cache(maxsize=1)
def _true_score() -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    return compiled(LAW.diffused(OrnsteinUhlenbeck()).score, (x, t))


def nodes(
    law: Points | GaussianMixture, weighting: str, count: int, per_component: int, labels: str
) -> tuple[np.ndarray, ...]:
    """Nodes (x, e(t)), weights and labels of a loss over the diffused ``law``; ``labels`` is one of `LABELS`."""
    when = schedule(OrnsteinUhlenbeck(), horizon=HORIZON, count=count, weighting=weighting, grading=GRADING)
    own = "dsm" if labels == "dsm, own labels" else "sm"
    places, mass, label = infinite_width_nodes(
        law, when, polynomial_embedding(DEGREE, HORIZON), count=per_component, labels=own
    )
    if labels == "sm":
        label = _true_score()(places[:, 0], HORIZON * places[:, 2])[:, None]
    return places, mass, label


def train(data: Points, weighting: str, kinds: Sequence[str], count: int, per_component: int) -> KernelFlow:
    """The infinite-width flows from 0, one column per kind of labels: on the data, or all on the population."""
    law: Points | GaussianMixture = data
    if "population" in kinds:  # as many nodes as the data have
        law, per_component = LAW, per_component * len(data.means) // len(LAW.means)
    parts = [nodes(law, weighting, count, per_component, labels) for labels in kinds]
    places, mass, _ = parts[0]
    return KernelFlow(places, mass, np.concatenate([part[2] for part in parts], axis=1))


def population_loss(flow: KernelFlow, weighting: str, size: Size, tau: np.ndarray) -> np.ndarray:
    """L̃(f_τ) of every column, (columns, k), on a quadrature of the population that no flow is trained on."""
    places, mass, score = nodes(LAW, weighting, size.fine[0] + 1, size.population, "population")
    return np.einsum("kpc,p->ck", np.square(flow.predict(places, tau) - score), mass)


class Divergences:
    """KL(p₀‖SDE-density) of flows at some training times, their scores interpolated on one grid of space and time.

    Cubic splines in u and w, x = sinh(u) and t = T w^GRADING: fine where the flow is. Beyond the grid the score is
    continued in proportion to x, as a network without kinks.
    """

    def __init__(self, flow: KernelFlow, tau: np.ndarray, size: Size):
        self.flow, self.tau, self.grid = flow, tau, size.grid
        places, times = np.linspace(-_EDGE, _EDGE, size.score[0]), np.linspace(0.0, 1.0, size.score[1])
        values = self._exact(*(part.ravel() for part in np.meshgrid(places, times, indexing="ij")))
        self._splines = [
            [RectBivariateSpline(places, times, one.reshape(size.score)) for one in value] for value in values
        ]

    def _exact(self, u: np.ndarray, w: np.ndarray) -> np.ndarray:
        """The scores, (columns, training times, points)."""
        rows = np.stack([np.sinh(u), *((w**GRADING) ** k for k in range(DEGREE + 1))], axis=1)
        return self.flow.predict(rows, self.tau).transpose(2, 0, 1)

    def _score(self, column: int, k: int, places: np.ndarray, time: float) -> np.ndarray:
        widest = math.sinh(_EDGE)
        inside = np.arcsinh(np.clip(places, -widest, widest))
        value = self._splines[column][k].ev(inside, np.full(len(places), (time / HORIZON) ** (1 / GRADING)))
        return value * np.maximum(np.abs(places) / widest, 1.0)

    def interpolation_error(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Root mean square error of the interpolated scores over that of the scores, (columns, training times)."""
        w = rng.random(count)
        u = np.arcsinh(rng.normal(rng.choice([float(mean) for mean in LAW.means], count), 0.5 + w))
        exact = self._exact(u, w)
        found = np.array([[spline.ev(u, w) for spline in splines] for splines in self._splines])
        return np.sqrt(np.mean((found - exact) ** 2, axis=2) / np.mean(exact**2, axis=2))

    def at(self, column: int, k: int) -> tuple[float, float]:
        """The divergence at the k-th training time and its error; nan where the density cannot be resolved."""
        try:
            density = sde_density(
                lambda places, time: self._score(column, k, places, time),
                drift=-1.0,
                diffusion=math.sqrt(2.0),
                horizon=HORIZON,
                prior_std=1.0,
                cells=self.grid[0],
                steps=self.grid[1],
                tail_mass=1e-7,
            )
            return kl_divergence(LAW, density, with_error=True)
        except ArithmeticError:
            return math.nan, math.nan


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """One flow: loss at every time, with the coarser quadrature's; where asked for, else nan, the divergence.

    ``interpolation``: relative error of the score behind the divergence, in root mean square.
    """

    weighting: str
    labels: str
    tau: np.ndarray
    loss: np.ndarray
    coarse: np.ndarray
    divergence: np.ndarray
    error: np.ndarray
    interpolation: np.ndarray

    @property
    def asked(self) -> np.ndarray:
        """Where the divergence was asked for."""
        return np.isfinite(self.interpolation)

    @property
    def resolved(self) -> np.ndarray:
        """Where the divergence is a number with a small error."""
        return self.error <= RESOLVED * self.divergence


def measure(size: Size, seed: int) -> list[Curve]:
    """Every flow under both weights; divergences under λ = g², the theorem's."""
    data, tau = draw(size.data, seed), np.geomspace(*TIMES, size.times)
    first = int(np.searchsorted(tau, 0.99 * _FIRST))
    chosen = np.unique(np.linspace(first, size.times - 1, size.divergences).round().astype(int))
    curves = list[Curve]()
    with Progress("memorisation", len(WEIGHTS) * len(LABELS)) as progress:
        for weighting, kinds in product(WEIGHTS, (_ON_DATA, ("population",))):
            flow = train(data, weighting, kinds, *size.fine)
            losses = [
                population_loss(one, weighting, size, tau)
                for one in (flow, train(data, weighting, kinds, *size.coarse))
            ]
            found = np.full((len(kinds), size.times, 3), np.nan)
            if weighting == "likelihood" and kinds == _ON_DATA:
                divergences = Divergences(flow, tau[chosen], size)
                off = divergences.interpolation_error(_CHECKED, np.random.default_rng([seed, 1]))
                for column in (kinds.index(labels) for labels in _DIVERGING):
                    for place, k in enumerate(chosen):
                        found[column, k] = *divergences.at(column, place), off[column, place]
            curves += [
                Curve(
                    weighting=weighting,
                    labels=labels,
                    tau=tau,
                    loss=losses[0][k],
                    coarse=losses[1][k],
                    divergence=found[k, :, 0],
                    error=found[k, :, 1],
                    interpolation=found[k, :, 2],
                )
                for k, labels in enumerate(kinds)
            ]
            progress.tell(len(curves))
    return curves
