"""The per-datum parts of a data law in the eigenbasis of B: what bounds by capacity are computed from."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.backends.choice import NUMPY
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray
from numerics.checks.memory import require_memory
from numerics.densities.histogram import HistogramDensity
from numerics.per_datum.constants import information, per_datum_parts, require_line
from numerics.random_features.features import RandomFeatures
from numerics.random_features.quadratic import Quadratic, quadratic_of, require_features
from numerics.random_features.schedule import Schedule

_MOST_NODES = 10**4
_COARSEST = 1e10  # standard deviations between two nodes, beyond which the enclosure says nothing


@dataclass(frozen=True, kw_only=True, eq=False)
class DatumLaw(ArrayValue):
    """The per-datum parts B(x_0), b(x_0) of the DSM loss under a data law, and what encloses them on its support.

    ``quadratic``: their mean, the population's loss; ``weights`` (N,) of the nodes, summing to 1, 0 where a node is for
    suprema only; ``matrices`` (N, m, m) and ``vectors`` (N, d, m) are B(x_0) and b(x_0) at the nodes, ``lower`` and
    ``upper`` (M, m, m) matrices of which some lower one is ⪯ B(x_0) and some upper one ⪰ B(x_0), for every x_0 of the
    support. All four are in the eigenbasis of B, the basis of ``quadratic.spectrum``.
    """

    quadratic: Quadratic
    weights: FloatArray
    matrices: FloatArray
    vectors: FloatArray
    lower: FloatArray
    upper: FloatArray

    def __post_init__(self):
        checks.instance("quadratic", self.quadratic, Quadratic, "build the law with histogram_datum_law(…)")
        m, d = self.quadratic.width, self.quadratic.b.shape[0]
        weights = checks.probabilities("weights", self.weights)
        shapes = {"matrices": (len(weights), m, m), "vectors": (len(weights), d, m), "lower": ("M", m, m),
                  "upper": ("M", m, m)}  # fmt: skip
        object.__setattr__(self, "weights", weights)
        for name, shape in shapes.items():
            object.__setattr__(self, name, checks.array(name, getattr(self, name), shape=shape))

    @cached_property
    def centred(self) -> FloatArray:
        """B(x_0) − B at the nodes, (N, m, m)."""
        return self.matrices - np.tensordot(self.weights, self.matrices, axes=1)

    @cached_property
    def largest(self) -> float:
        """K = sup ‖B(x_0)‖ over the support, from above."""
        return max(float(np.linalg.eigvalsh(self.upper)[:, -1].max()), float(self.quadratic.spectrum.values.max()))

    def deviations(self, parameters: FloatArray) -> FloatArray:
        """ξ(x_0) = Θ(B(x_0) − B) − (b(x_0) − b) at the nodes, Θ (…, d, m) in the eigenbasis: (N, …, d, m)."""
        mean = np.tensordot(self.weights, self.vectors, axes=1)
        moved = np.tensordot(parameters, self.centred, axes=([-1], [1]))  # (…, d, N, m)
        gap = (self.vectors - mean).reshape(len(self.weights), *(1,) * (parameters.ndim - 2), *mean.shape)
        return np.moveaxis(moved, -2, 0) - gap


def histogram_datum_law(
    features: RandomFeatures, law: HistogramDensity, schedule: Schedule, *, nodes: int = 64
) -> DatumLaw:
    """The per-datum parts for p_0 = ``law`` on the line: Gauss–Legendre ``nodes`` in its cells, at least 4 in each.

    Between the points of a grid of as many intervals, h long, N(r x_0, std²) is at least √(1−δ) e^{−δ/2} times the
    normal law at the grid's point with std √(1−δ), δ = r h/(2 std), where δ < 1, and at most √(1+ε) e^{δ²/(2ε)} times
    that with std √(1+ε), ε = max(δ, δ²): this encloses B(x_0) on the whole support. c = E_t λ J(p_t) as in
    `histogram_quadratic`, whose errors these are. Cost: that of `per_datum_parts` for 3 ``nodes`` data.
    """
    require_line(features, law)
    require_features(features, schedule)
    count = checks.integer("nodes", nodes, minimum=2, maximum=_MOST_NODES)
    low, high = law.support
    widths = np.diff(law.edges)
    points, weights = [law.edges], [np.zeros(len(law.edges))]
    for k, mass in enumerate(law.masses):
        own = max(4, math.ceil(count * widths[k] / (high - low)))
        place, weight = np.polynomial.legendre.leggauss(own)
        points.append(law.edges[k] + 0.5 * widths[k] * (1.0 + place))
        weights.append(0.5 * mass * weight)
    grid = low + (high - low) * (np.arange(count) + 0.5) / count
    narrow, wide = enclosing(schedule, (high - low) / count)
    lower, upper = (per_datum_parts(features, grid, when)[0] for when in (narrow, wide))
    at = np.concatenate(points), np.concatenate(weights)
    return law_of_nodes(features, at, schedule, information(law, schedule), (lower, upper))


def atomic_datum_law(
    features: RandomFeatures, points: ArrayLike, schedule: Schedule, *, weights: ArrayLike | None = None
) -> DatumLaw:
    """The per-datum parts of a law on finitely many ``points`` (n, d) with ``weights`` (n,), equal when None.

    c is infinite: point masses have no score at t = 0. Errors as in `per_datum_parts`.
    """
    require_features(features, schedule)
    data = checks.array("points", points, shape=None)
    mass = np.full(len(data), 1.0 / max(len(data), 1)) if weights is None else checks.probabilities("weights", weights)
    if len(mass) != len(data):
        checks.refuse("weights", f"have one entry per point, {len(data)}", len(mass), "pass every weight")
    return law_of_nodes(features, (data, mass), schedule, math.inf, None)


def law_of_nodes(
    features: RandomFeatures,
    nodes: tuple[FloatArray, FloatArray],
    schedule: Schedule,
    c: float,
    enclosure: tuple[FloatArray, FloatArray] | None,
) -> DatumLaw:
    """The law of points and weights, with c and what encloses its parts; of none the nodes are enclosed."""
    (points, weights), m = nodes, features.width
    require_memory("the parts of every node", 64.0 * len(points) * m * (m + features.dim))
    B, b = per_datum_parts(features, points, schedule)
    weights = weights / weights.sum()
    mean, vector = np.einsum("n,nij->ij", weights, B), np.einsum("n,nij->ij", weights, b)
    loss = quadratic_of("features, law and schedule", 0.5 * (mean + mean.T), vector, c, NUMPY)
    basis = loss.spectrum.vectors
    turned = basis.T @ B @ basis
    for part in (turned, *(enclosure or ())):
        if not np.abs(part).max() <= checks.LARGEST:
            checks.refuse("features, law and schedule", f"give parts of at most {checks.LARGEST:g}",
                          float(np.abs(part).max()), "rescale the problem")  # fmt: skip
    lower, upper = (turned, turned) if enclosure is None else (basis.T @ part @ basis for part in enclosure)
    return DatumLaw(quadratic=loss, weights=weights, matrices=turned, vectors=b @ basis, lower=lower, upper=upper)


def enclosing(schedule: Schedule, length: float, dim: int = 1) -> tuple[Schedule, Schedule]:
    """Schedules whose parts at the middle of a cube with edges ``length`` are ⪯ and ⪰ those anywhere in it.

    The bounds of `histogram_datum_law`, for each coordinate: their product has the factors to the power ``dim``.
    """
    shift = _shift(schedule, length)
    if not (shift <= _COARSEST).all():
        checks.refuse("schedule", f"have a noise of {1 / _COARSEST:g} of the distance of two nodes at least",
                      schedule, "pass more nodes, or a later start")  # fmt: skip
    kept = shift < 1.0
    inner = np.where(kept, shift, 0.0)
    lost = np.where(kept, np.sqrt(1.0 - inner) * np.exp(-0.5 * inner), 0.0)
    more = np.maximum(shift, shift * shift)
    exponent = np.divide(shift * shift, 2.0 * more, out=np.zeros_like(shift), where=more > 0.0)
    return (
        _changed(schedule, 1.0 - inner, lost**dim),
        _changed(schedule, 1.0 + more, (np.sqrt(1.0 + more) * np.exp(exponent)) ** dim),
    )


def _changed(schedule: Schedule, variance: FloatArray, factor: FloatArray) -> Schedule:
    return Schedule(
        times=schedule.times,
        weights=schedule.weights,
        mean_scale=schedule.mean_scale,
        std=schedule.std * np.sqrt(variance),
        loss_weight=schedule.loss_weight * factor,
    )


def _shift(schedule: Schedule, length: float) -> FloatArray:
    """δ = r h/(2 std): how far, in standard deviations, a mean is from that of the grid's nearest point."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        return 0.5 * length * schedule.mean_scale / schedule.std
