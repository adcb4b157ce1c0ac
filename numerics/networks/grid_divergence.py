"""The divergence as the experiments measure it: the score integrated to the points of a grid."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from numerics import checks
from numerics.checks.aliases import FloatArray, Mixture
from numerics.checks.memory import require_sizes
from numerics.densities.density import MixtureDensity
from numerics.densities.divergence import GAUSS_KRONROD_NODES, GAUSS_KRONROD_WEIGHTS
from numerics.kernels import network_training
from numerics.mixtures.mixture import read_mixture
from numerics.networks.score_network import at_times
from numerics.networks.training import Training

_EPS = float(np.finfo(float).eps)
_TOLERANCE = 1e-12


class GridDivergence(NamedTuple):
    """Divergences (R, C) in nats on a grid, and their errors; NaN where a replica diverged, or the score overflows."""

    values: FloatArray
    errors: FloatArray


def _relu_cells(
    w: FloatArray, shift: FloatArray, a: FloatArray, bias: float, edges: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """∫ of a ReLU network without its last division over the cells of edges (k + 1,), exact, and its rounding."""
    z = edges[:, None] * w + shift
    low, high = np.minimum(z[:-1], z[1:]), np.maximum(z[:-1], z[1:])
    crossing = (low < 0.0) & (high > 0.0)
    part = np.square(np.maximum(high, 0.0)) / np.where(crossing, 2.0 * (high - low), 1.0)
    mean = np.where(crossing, part, np.maximum(0.5 * (low + high), 0.0) * (low >= 0.0))
    width = np.diff(edges)
    largest = np.abs(edges).max() * np.abs(w) + np.abs(shift)
    size = np.abs(a) @ largest + abs(bias)
    return width * (mean @ a + bias), width * (len(w) + 8) * _EPS * size


def score_grid_kl(
    training: Training,
    mixture: Mixture,
    *,
    time: float = 0.065,
    low: float = -10.0,
    high: float = 10.0,
    points: int = 51,
) -> GridDivergence:
    """KL on a grid between a mixture and exp ∫s for every replica and checkpoint of a one-dimensional training.

    Σ_i p(x_i) h [log(p(x_i) h) − log q_i], q_i = exp(S_i)/Σ_j exp(S_j), S_i = ∫_low^{x_i} s(x, time) dx, at ``points``
    points x_i from low to high, h their distance. As in the paper's experiments p is not normalised on the grid, and
    nothing is said of the tails beyond it: a score-density that is not normalisable has a value here too.

    ``mixture``: an object with .weights, .means and .variances > 0. ``time`` ≥ 0 with std(time) > 0. For ReLU the
    integrals are sums of closed pieces; for Swish they are Gauss–Kronrod quadratures. Returns (values, errors), (R, C)
    each: the error bounds what the integrals' errors (estimates for Swish, rounding for ReLU) do to the sum. ValueError
    for a training in more than one dimension. Source: LLZB section 4, figures 3 and 8: time 0.065, 51 points of
    [−10, 10].
    """
    weights, means, variances = read_mixture("mixture", mixture, 1)
    if variances.min() < checks.LARGEST**-2:
        checks.refuse("mixture.variances", "be positive", variances, "diffuse the mixture first")
    x, std, t = _grid(training, time, low, high, points)
    spacing = x[1] - x[0]
    log_p = MixtureDensity(weights, means[:, 0], variances)._log_pdf(x) + math.log(spacing)
    p = np.exp(log_p)
    own = float(np.sum(p * np.where(p > 0.0, log_p, 0.0)))
    values, errors = np.full((2, *training.diverged().shape), np.nan)
    for r, c, logs, miss in _logarithms(training, t, std, x):
        with np.errstate(over="ignore", invalid="ignore"):
            values[r, c] = own - float(p @ logs) + float(p.sum()) * math.log(float(np.exp(logs).sum()))
            # the derivative with respect to S_i is (Σp) q_i − p_i
            errors[r, c] = 2.0 * float(p.sum()) * miss + 8.0 * _EPS * (abs(own) + float(p @ np.abs(logs)))
    return GridDivergence(values, errors)


def score_grid_density(
    training: Training, *, time: float = 0.065, low: float = -10.0, high: float = 10.0, points: int = 51
) -> FloatArray:
    """The density q_i/h whose divergence `score_grid_kl` measures, at the points of its grid: (R, C, points).

    It is normalised on the grid, Σ q_i = 1; NaN where a replica diverged, or the score overflows. Arguments and errors
    as in `score_grid_kl`.
    """
    x, std, t = _grid(training, time, low, high, points)
    require_sizes("the densities", lambda points: 16.0 * training.diverged().size * points, points=len(x))
    densities = np.full((*training.diverged().shape, len(x)), np.nan)
    for r, c, logs, _ in _logarithms(training, t, std, x):
        with np.errstate(over="ignore", invalid="ignore"):
            q = np.exp(logs)
            densities[r, c] = q / (q.sum() * (x[1] - x[0]))
    return densities


def _grid(training: Training, time: float, low: float, high: float, points: int) -> tuple[FloatArray, float, float]:
    """The checked grid, std(time) and time."""
    checks.instance("training", training, Training, "pass the result of train(…)")
    if training.dim != 1:
        raise ValueError(f"training must be one-dimensional; got dim {training.dim}; use log_likelihood there")
    t = checks.real("time", time, minimum=0.0)
    left, right = checks.real("low", low), checks.real("high", high)
    if right <= left:
        checks.refuse("high", f"be greater than low = {left:g}", high, "pass a larger one")
    count = checks.integer("points", points, minimum=2, maximum=10**7)
    m = training.width
    require_sizes("the grid", lambda points: 8.0 * points * (12 + (6 * m if training.activation == "relu" else 0)),
                  points=count)  # fmt: skip
    x = np.linspace(left, right, count)
    if (np.diff(x) <= 0.0).any():
        checks.refuse(
            "high", f"exceed low = {left:g} by more than rounding", high, "pass fewer points, or a larger one"
        )
    return x, float(at_times("std", training.std, np.array([t]), above=True)[0]), t


def _logarithms(
    training: Training, t: float, std: float, x: FloatArray
) -> Iterator[tuple[int, int, FloatArray, float]]:
    """Replica, checkpoint, S_i less its maximum, and the error of each, where they are finite."""
    lost, scale = training.diverged(), training.output_scale * std
    for r in range(lost.shape[0]):
        turns = 2.0 * math.pi * np.remainder(training.frequencies[r] * t, 1.0)
        features = np.concatenate([np.sin(turns), np.cos(turns)])
        for c in np.flatnonzero(~lost[r]):
            with np.errstate(over="ignore", invalid="ignore"):
                cells, misses = _cells(training, training.parameters[r, c], features, x)
                logs = np.append(0.0, np.cumsum(cells)) / scale
                logs -= logs.max()
                # cumulative sums round once per cell
                miss = float(np.sum(misses)) / scale + len(x) * _EPS * float(np.abs(logs).max())
            if np.isfinite(logs).all():
                yield r, int(c), logs, miss


def _cells(training: Training, theta: FloatArray, features: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """∫ of the network without its last division over the cells of x, and the errors."""
    m = training.width
    if training.activation == "relu":
        rows = theta[: m * (1 + len(features))].reshape(m, -1)
        b, c, a = theta[m * (1 + len(features)) : -1].reshape(3, m)
        return _relu_cells(rows[:, 0], rows[:, 1:] @ features + b + c, a, float(theta[-1]), x)
    cells, misses = np.empty((2, len(x) - 1))
    weights, differences = np.ascontiguousarray(GAUSS_KRONROD_WEIGHTS.T)
    network_training.integrals(
        np.ascontiguousarray(theta),
        m,
        features,
        x,
        GAUSS_KRONROD_NODES,
        weights,
        differences,
        _TOLERANCE,
        cells,
        misses,
    )
    return cells, misses
