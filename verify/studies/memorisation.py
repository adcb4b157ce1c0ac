"""Theorem 1 with a handful of data in the infinite-width flow: denoising labels memorise, true scores do not.

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
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from scipy.interpolate import RectBivariateSpline

from numerics import KernelFlow, infinite_width_nodes, kl_divergence, polynomial_embedding, sde_density
from theory.claims import REGISTRY
from theory.mixture import GaussianMixture
from theory.sde import OrnsteinUhlenbeck
from theory.symbols import t, x
from verify.bound.inputs import prior_divergence
from verify.bound.schedules import schedule
from verify.studies.drawing import figure, style
from verify.studies.files import Output, Progress, verdicts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from numerics import KernelFlow

NAME = "memorisation"
COLUMNS = (
    "weight",
    "labels",
    "time",
    "loss",
    "loss on the coarser quadrature",
    "divergence",
    "divergence error",
    "resolved",
    "printed right side, K = 1",
)
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
NO_WIDTH = 1e100
"""In place of m = ∞ in the printed right side: its terms in m vanish in floating-point numbers."""
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
    return sp.lambdify((x, t), LAW.diffused(OrnsteinUhlenbeck()).score, modules="numpy")


def nodes(law: Any, weighting: str, count: int, per_component: int, labels: str) -> tuple[np.ndarray, ...]:
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
    law: Any = data
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
    with Progress(NAME, len(WEIGHTS) * len(LABELS)) as progress:
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


def printed(tau: np.ndarray, count: int, floor: float) -> np.ndarray:
    """The right side of T1:printed with K = 1 and m → ∞, both floors at a comparator's loss; nan below τ = 1."""
    late = tau >= 1.0
    out = np.full(tau.shape, np.nan)
    prior = prior_divergence(LAW, OrnsteinUhlenbeck(), HORIZON, 1.0)
    out[late] = (
        REGISTRY["T1:printed"]
        .evaluate(K=1, tau=tau[late], m=NO_WIDTH, n=count, loss_bar=floor, loss_star=floor, kl_prior=prior)
        .right
    )
    return out


def run(out: Path, quick: bool = True, seed: int = 0) -> tuple[Path, ...]:
    """Write memorisation.csv, .json, .png and .svg into an existing directory and return their paths.

    ``quick`` takes fewer data, times and nodes; ``seed`` draws the data. ValueError for a directory that cannot be
    used.
    """
    files, size = Output(out, NAME, digits=6), QUICK if quick else FULL
    curves = measure(size, seed)
    # the population flow at the last time stands for the comparators of the printed floors
    floor = next(
        float(curve.loss[-1]) for curve in curves if (curve.weighting, curve.labels) == ("likelihood", "population")
    )
    bound = printed(curves[0].tau, size.data, floor)
    rows = (
        (curve.weighting, curve.labels, *row)
        for curve in curves
        for row in zip(
            curve.tau,
            curve.loss,
            curve.coarse,
            curve.divergence,
            curve.error,
            (bool(a) if b else "" for a, b in zip(curve.resolved, curve.asked, strict=True)),
            bound if curve.weighting == "likelihood" else np.full(bound.shape, np.nan),
            strict=True,
        )
    )
    return (
        files.table(COLUMNS, rows),
        files.numbers(_numbers(curves, bound, draw(size.data, seed))),
        *files.figure(_draw(curves, bound)),
    )


def _numbers(curves: Sequence[Curve], bound: np.ndarray, data: Points) -> dict[str, Any]:
    found = {}
    for curve in curves:
        least = int(curve.loss.argmin())
        entry = {
            "weight": curve.weighting,
            "labels": curve.labels,
            "least loss": curve.loss[least],
            "time of the least loss": curve.tau[least],
            "last loss": curve.loss[-1],
            "last over least loss": curve.loss[-1] / curve.loss[least],
            "falls all the way": bool((np.diff(curve.loss) < 0).all()),
            "largest relative gap to the coarser quadrature": np.max(np.abs(curve.coarse / curve.loss - 1)),
        }
        if curve.asked.any():
            entry["divergences not resolved"] = int((curve.asked & ~curve.resolved).sum())
            kl, tau = curve.divergence[curve.resolved], curve.tau[curve.resolved]
            need = kl / bound[curve.resolved]
            parts = (tau, kl, curve.error[curve.resolved], need, curve.interpolation[curve.resolved])
            names = ("time", "value", "error", "constant needed in print", "score interpolation error")
            entry["divergence"] = [dict(zip(names, values, strict=True)) for values in zip(*parts, strict=True)]
        found[f"{curve.labels}, {WEIGHTS[curve.weighting]}"] = entry
    own = {weighting: _agreement(curves, weighting) for weighting in WEIGHTS}
    return {
        "study": NAME,
        "claims": verdicts("T1:printed"),
        "data": data.means,
        "n": len(data.means),
        "flows": found,
        "own labels agree within 1 % until": own,
        "printed right side at time 1 and at the last": [bound[np.isfinite(bound)][0], bound[-1]],
    }


def _agreement(curves: Sequence[Curve], weighting: str) -> float:
    """The time until which a label per node and the conditional mean give the same loss to 1 %."""
    one, two = (
        next(c for c in curves if c.weighting == weighting and c.labels == labels)
        for labels in ("dsm", "dsm, own labels")
    )
    apart = np.flatnonzero(np.abs(two.loss / one.loss - 1) > 0.01)
    return float(one.tau[apart[0] - 1]) if len(apart) and apart[0] else float(one.tau[-1 if not len(apart) else 0])


# Figure --------------------------------------------------------------------------------------------------------------

_SHOWN = ("dsm", "sm", "population")


def _draw(curves: Sequence[Curve], bound: np.ndarray) -> Any:
    made = figure(13.0, 4.6)
    panels = made.subplots(1, 3)
    for axes, weighting in zip(panels, WEIGHTS, strict=False):
        shown = {c.labels: c for c in curves if c.weighting == weighting}
        for k, labels in enumerate(_SHOWN):
            _loss(axes, shown[labels], k)
        if weighting == "likelihood":
            axes.loglog(
                shown["dsm"].tau,
                bound,
                color="0.6",
                linewidth=3.5,
                label="Theorem 1 as printed, K = 1, m → ∞",
                zorder=1,
            )
        axes.set_title(f"population loss, {WEIGHTS[weighting]}")
        axes.set_ylabel("population loss L̃(f$_τ$)")
    last = panels[2]
    for k, labels in enumerate(("dsm", "sm")):
        curve = next(c for c in curves if c.weighting == "likelihood" and c.labels == labels)
        keep = curve.resolved
        last.errorbar(
            curve.tau[keep],
            curve.divergence[keep],
            curve.error[keep],
            capsize=3,
            label=f"{LABELS[labels]} (bars: its error)",
            **{**style(k), "marker": "os"[k], "markersize": 5, "markevery": 1},
        )
    last.loglog(curves[0].tau, bound, color="0.6", linewidth=3.5, zorder=1, label="Theorem 1 as printed, K = 1, m → ∞")
    last.set_xscale("log")
    last.set_yscale("log")
    last.set_title("divergence, λ = g²")
    last.set_ylabel("KL(p₀ ‖ SDE-density)   (nats)")
    for axes in panels:
        axes.set_xlabel("training time τ of the scaled flow")
        axes.grid(visible=True, alpha=0.25)
        axes.legend(frameon=False, fontsize=7)
    return made


def _loss(axes: Axes, curve: Curve, k: int) -> None:
    axes.loglog(
        curve.tau,
        curve.loss,
        label=LABELS[curve.labels],
        **{**style(k), "marker": "os^"[k], "markersize": 4, "markevery": (k, max(len(curve.tau) // 10, 1))},
    )
    axes.fill_between(
        curve.tau,
        np.minimum(curve.loss, curve.coarse),
        np.maximum(curve.loss, curve.coarse),
        color="0.75",
        linewidth=0,
        label="band: to the coarser quadrature" if k == 2 else None,
    )
    if curve.labels == "dsm":
        least = int(curve.loss.argmin())
        axes.plot(
            [curve.tau[least]],
            [curve.loss[least]],
            marker="D",
            color="black",
            markerfacecolor="white",
            linestyle="none",
            label=f"least, at τ = {curve.tau[least]:.2g}",
        )
