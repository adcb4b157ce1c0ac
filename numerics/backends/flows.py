"""The probability flow of a network in Runge–Kutta steps, for any library of arrays."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from numerics.backends.arrays import Array, Arrays
from numerics.checks.aliases import FloatArray

_LIVE = 6.0  # arrays of activations that are held at once


class Steps(NamedTuple):
    """A network's flow on a grid of K steps of ``lengths`` (K,).

    drift and half (3, K): f and ½ g² at the starts, middles and ends; start (m,): the intercepts at the first time.
    ``intercepts``: the numbers first, count of some steps -> their intercepts in the middle and at the end, (count, m).
    weights (m, d), parameters (d, m) and trace (m,) are those of the score and of its divergence.
    """

    lengths: FloatArray
    drift: FloatArray
    half: FloatArray
    start: FloatArray
    intercepts: Callable[[int, int], tuple[FloatArray, FloatArray]]
    weights: FloatArray
    parameters: FloatArray
    trace: FloatArray


def runge_kutta(
    arrays: Arrays, points: FloatArray, steps: Steps, table: int, *, logs: bool
) -> tuple[FloatArray, FloatArray]:
    """The ends (n, d) of points and their log-Jacobians (n,), zeros without ``logs``; ``table`` times at once.

    Along a step the share of time for which feature i is active is (σ(z₁) − σ(z₀))/(z₁ − z₀) of its inputs at both
    ends: exact where nothing switches, and off by h² (as the points are) where something does.
    """
    xp, (n, d), m = arrays.xp, points.shape, len(steps.weights)
    x_out, log_out = np.empty(points.shape), np.zeros(n)
    rows, lengths = arrays.rows(n, 8.0 * _LIVE * m), steps.lengths.tolist()
    f, half = steps.drift.tolist(), steps.half.tolist()
    mean_f, mean_half = (((g[0] + 4.0 * g[1] + g[2]) / 6.0 * steps.lengths).tolist() for g in (steps.drift, steps.half))
    with arrays.spoken("the probability flow"), np.errstate(over="ignore", invalid="ignore"):
        theta, W = (xp.permute_dims(arrays.array(value), (1, 0)) for value in (steps.parameters, steps.weights))
        trace, inner, outer = arrays.array(steps.trace), None, None
        for i in range(0, n, rows):
            x = arrays.array(points[i : i + rows])
            change = xp.zeros_like(x[:, 0])
            z = x @ W + arrays.array(steps.start)
            for k, h in enumerate(lengths):
                if k % table == 0:
                    inner, outer = (arrays.array(value) for value in steps.intercepts(k, table))
                b, b_end = inner[k % table], outer[k % table]  # type: ignore[index]
                k1 = f[0][k] * x - half[0][k] * (xp.clip(z, 0.0, None) @ theta)
                y = x + 0.5 * h * k1
                k2 = f[1][k] * y - half[1][k] * (xp.clip(y @ W + b, 0.0, None) @ theta)
                y = x + 0.5 * h * k2
                k3 = f[1][k] * y - half[1][k] * (xp.clip(y @ W + b, 0.0, None) @ theta)
                y = x + h * k3
                k4 = f[2][k] * y - half[2][k] * (xp.clip(y @ W + b_end, 0.0, None) @ theta)
                x = x + (h / 6.0) * (k1 + 2.0 * (k2 + k3) + k4)
                new = x @ W + b_end
                if logs:
                    change = change + (d * mean_f[k] - mean_half[k] * (_active_share(xp, z, new) @ trace))
                z = new
            x_out[i : i + rows], log_out[i : i + rows] = arrays.numpy(x), arrays.numpy(change)
    return x_out, log_out


def _active_share(xp: Array, z: Array, new: Array) -> Array:
    """(σ(new) − σ(z))/(new − z), and 1[z > 0] where both have the same sign."""
    on, switched = z > 0.0, (z > 0.0) != (new > 0.0)
    gap = xp.where(switched, xp.abs(z - new), 1.0)
    return xp.where(switched, xp.maximum(z, new) / gap, xp.where(on, xp.ones_like(z), 0.0))
