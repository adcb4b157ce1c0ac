"""What Theorem 1's bound needs of a data law of bounded support: the population loss and the per-datum constants."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray
from numerics.checks.memory import require_memory
from numerics.densities.histogram import HistogramDensity
from numerics.random_features.empirical import datum_parts, empirical_quadratic, read_data
from numerics.random_features.features import RandomFeatures
from numerics.random_features.quadratic import Quadratic, quadratic_of
from numerics.random_features.schedule import Schedule

_MOST_NODES = 10**7


@dataclass(frozen=True, kw_only=True, eq=False)
class DatumConstants(ArrayValue):
    """Scatter and range of the per-datum parts B(x_0) and G(x_0) = Θ B(x_0) − b(x_0) over the support of p_0.

    matrix_scatter = (E‖B(x_0) − B‖_F²)^½, matrix_bound = sup ‖B(x_0)‖ (operator norm), gradient_scatter =
    (E‖G(x_0) − EG‖_F²)^½, gradient_radius = ½ sup ‖G(x_0) − G(x_0')‖_F, gradient_size = sup ‖G(x_0)‖_F. The suprema are
    maxima over a grid, enlarged by Lipschitz constant times half of the mesh (matrix_slack, gradient_slack), hence
    upper bounds for the schedule's times.
    """

    matrix_scatter: float
    matrix_bound: float
    gradient_scatter: float
    gradient_radius: float
    gradient_size: float
    matrix_slack: float
    gradient_slack: float


def per_datum_parts(features: RandomFeatures, data: ArrayLike, schedule: Schedule) -> tuple[FloatArray, FloatArray]:
    """B(x_0) (n, m, m) and b(x_0) (n, d, m) of each datum, DSM labels: their means are those of `empirical_quadratic`.

    Arguments, accuracy and errors as there; cost as `per_datum_norms`, memory n m (m + d) numbers.
    """
    points, m = read_data(data, features, schedule), features.width
    require_memory("the parts of every datum", 8.0 * len(points) * m * (m + features.dim))
    parts = np.empty((len(points), m + features.dim, m))
    for k, part in enumerate(datum_parts(features, points, schedule)):
        parts[k] = part
    return parts[:, :m], parts[:, m:]


def histogram_quadratic(
    features: RandomFeatures, law: HistogramDensity, schedule: Schedule, *, nodes: int = 2000
) -> Quadratic:
    """The population loss for p_0 = ``law``, d = 1: B and b by ``nodes`` equal-mass quantiles, c = E_t λ J(p_t).

    The midpoint rule in the quantile is of second order: B and b have a relative error of order nodes⁻². All times with
    λ > 0 need std > 0. Source: LLZB eqs. (7), (12).
    """
    require_line(features, law)
    count = checks.integer("nodes", nodes, minimum=2, maximum=_MOST_NODES)
    points = law.quantile((np.arange(count) + 0.5) / count)
    loss = empirical_quadratic(features, points, schedule)
    return quadratic_of("features, law and schedule", loss.B, loss.b, information(law, schedule), loss.where)


def datum_constants(
    features: RandomFeatures, law: HistogramDensity, schedule: Schedule, comparator: ArrayLike, *, nodes: int = 64
) -> DatumConstants:
    """The per-datum constants of Theorem 1 for p_0 = ``law`` in one dimension and a comparator Θ (1, m).

    Scatters by ``nodes`` equal-mass quantiles, to a relative error of order nodes⁻²; suprema over ``nodes`` + 1
    equidistant points of the support, plus Lipschitz slack: ‖B'(x_0)‖_F <= 2 E_t λ r (‖w‖/√m) E‖h‖ and
    ‖b'(x_0)‖ <= E_t λ r/(std √(2π)) ‖w‖/√m. Where std = 0 and λ > 0 the gradient's slack is infinite. Cost: that of
    `per_datum_parts` for 2 ``nodes`` data. Errors as in `histogram_quadratic`.
    """
    require_line(features, law)
    m, count = features.width, checks.integer("nodes", nodes, minimum=2, maximum=_MOST_NODES)
    theta = checks.array("comparator", comparator, shape=(1, m))
    low, high = law.support
    grid = np.linspace(low, high, count + 1)
    B, b = per_datum_parts(features, np.append(grid, law.quantile((np.arange(count) + 0.5) / count)), schedule)
    G = (theta @ B - b)[:, 0, :]
    edge, inner = slice(0, count + 1), slice(count + 1, None)
    rate = schedule.weights * schedule.loss_weight
    length = float(np.linalg.norm(features.weights)) / math.sqrt(m)
    # E‖h‖² given the datum is convex in it, hence largest at an end of the support; Cauchy–Schwarz over the times
    square = max(float(np.trace(B[0])), float(np.trace(B[count])))
    spread = math.sqrt(float(np.sum(rate * schedule.mean_scale**2)) * square)
    with np.errstate(divide="ignore", invalid="ignore"):
        steep = np.where(rate > 0.0, rate * schedule.mean_scale / schedule.std, 0.0)
    half = 0.5 * (high - low) / count
    slack_b = half * length * float(steep.sum()) / math.sqrt(2.0 * math.pi)
    slack_B = half * 2.0 * length * spread
    slack_G = slack_B * float(np.linalg.norm(theta)) + slack_b
    distance = np.linalg.norm(G[edge, None, :] - G[None, edge, :], axis=2)
    return DatumConstants(
        matrix_scatter=_scatter(B[inner]),
        matrix_bound=float(np.linalg.eigvalsh(B[edge])[:, -1].max()) + slack_B,
        gradient_scatter=_scatter(G[inner]),
        gradient_radius=0.5 * float(distance.max()) + slack_G,
        gradient_size=float(np.linalg.norm(G[edge], axis=1).max()) + slack_G,
        matrix_slack=slack_B,
        gradient_slack=slack_G,
    )


def information(law: HistogramDensity, schedule: Schedule) -> float:
    """E_t λ J(p_t), the constant c of the population's loss."""
    rates = schedule.weights * schedule.loss_weight
    return math.fsum(
        rates[j] * law.diffused(schedule.mean_scale[j], schedule.std[j]).fisher_information()
        for j in np.flatnonzero(rates)
    )


def require_line(features: RandomFeatures, law: HistogramDensity) -> None:
    """TypeError or ValueError unless these are features of the line and a histogram."""
    checks.instance("features", features, RandomFeatures, "pass numerics.RandomFeatures")
    checks.instance("law", law, HistogramDensity, "pass numerics.histogram_density(edges, masses)")
    if features.dim != 1:
        checks.refuse("features", "have dim 1", features.dim, "a histogram lives on the line")


def _scatter(values: FloatArray) -> float:
    return math.sqrt(float(np.mean(np.sum((values - values.mean(axis=0)) ** 2, axis=tuple(range(1, values.ndim))))))
