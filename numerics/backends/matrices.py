"""Matrices of features and of the arc-cosine kernel, products, and sums of exponentials, for any library of arrays."""

import math

import numpy as np

from numerics.backends.arrays import Array, Arrays
from numerics.checks.aliases import FloatArray

_SERIES = 0.5  # below this angle sin δ − δ cos δ comes from its series: 9 terms leave 1e-21


def features(arrays: Arrays, points: FloatArray, weights: FloatArray, intercepts: FloatArray) -> FloatArray:
    """σ(x W ᵀ + c)/√m for points (n, d), weights (m, d) and intercepts (m,): shape (n, m)."""
    xp, m = arrays.xp, len(weights)
    out = np.empty((len(points), m))
    rows = arrays.rows(len(points), 24.0 * m)
    with arrays.spoken("the feature matrix"):
        columns, c = xp.permute_dims(arrays.array(weights), (1, 0)), arrays.array(intercepts)
        for first in range(0, len(points), rows):
            part = slice(first, first + rows)
            h = arrays.array(points[part]) @ columns
            h += c
            out[part] = arrays.numpy(xp.clip(h, 0.0, None) / math.sqrt(m))
    return out


def product(arrays: Arrays, left: FloatArray, right: FloatArray) -> FloatArray:
    """The product of matrices (n, k) and (k, m)."""
    out = np.empty((len(left), right.shape[1]))
    rows = arrays.rows(len(left), 8.0 * (left.shape[1] + right.shape[1]))
    with arrays.spoken("the product of matrices"):
        columns = arrays.array(right)
        for first in range(0, len(left), rows):
            part = slice(first, first + rows)
            out[part] = arrays.numpy(arrays.array(left[part]) @ columns)
    return out


def log_pair_sums(arrays: Arrays, points: FloatArray, gains: FloatArray) -> FloatArray:
    """log Σ_j e^{−g ‖x_i − x_j‖²} ≥ 0 for points x (n, d) and gains g (k,): shape (n, k), in pieces of the pairs."""
    xp, n = arrays.xp, len(points)
    out = np.empty((n, len(gains)))
    rows = arrays.rows(n, 32.0 * n)

    def piece(x: Array, own: Array, y: Array, squares: Array) -> Array:
        D = xp.sum(x * x, axis=1)[:, None] + squares - 2.0 * (x @ y)
        D = xp.where(
            (own[:, None] == arrays.span(0, n)) | (D < 0.0), 0.0, D
        )  # a point is at 0 from itself: no overflow
        return xp.stack([xp.log(xp.sum(xp.exp(-gain * D), axis=1)) for gain in gains.tolist()], axis=1)

    compute = arrays.fused(piece)
    with arrays.spoken("the distances of the data"):
        x = arrays.array(points)
        y, squares = xp.permute_dims(x, (1, 0)), xp.sum(x * x, axis=1)
        for first in range(0, n, rows):
            last = min(first + rows, n)
            out[first:last] = arrays.numpy(compute(x[first:last], arrays.span(first, last), y, squares))
    return out


def arc_cosine(arrays: Arrays, points: FloatArray, other: FloatArray) -> FloatArray:
    """‖z‖ ‖z'‖ (sin δ − δ cos δ)/(2π) for points (n, D) and other points (k, D), δ = π − the angle between them."""
    xp = arrays.xp
    out = np.empty((len(points), len(other)))
    rows = arrays.rows(len(points), 48.0 * len(other))

    def piece(z: Array, lengths: Array, w: Array, other_lengths: Array) -> Array:
        near, far = xp.zeros_like(lengths[:, None] * other_lengths), xp.zeros_like(lengths[:, None] * other_lengths)
        for j in range(z.shape[1]):  # differences of unit vectors: accurate for small angles, where products are not
            near += (z[:, j, None] - w[:, j]) ** 2
            far += (z[:, j, None] + w[:, j]) ** 2
        angle = 2.0 * xp.atan2(xp.sqrt(far), xp.sqrt(near))
        return lengths[:, None] * other_lengths * _order_one(xp, angle) / (2.0 * math.pi)

    compute = arrays.fused(piece)
    with arrays.spoken("the kernel matrix"):
        columns = [arrays.array(value) for value in _unit(other)]
        for first in range(0, len(points), rows):
            part = slice(first, first + rows)
            here = [arrays.array(value) for value in _unit(points[part])]
            out[part] = arrays.numpy(compute(*here, *columns))
    return out


def _unit(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Points divided by their lengths, and these."""
    lengths = np.linalg.norm(points, axis=1)
    return points / np.where(lengths > 0.0, lengths, 1.0)[:, None], lengths


def _order_one(xp: Array, angle: Array) -> Array:
    """sin δ − δ cos δ for δ in [0, π], without cancellation: δ³ Σ_k (−1)^k δ^{2k} (2k + 2)/(2k + 3)! for small δ."""
    square = xp.where(angle < _SERIES, angle, _SERIES) ** 2
    term, total = xp.full_like(angle, 1.0 / 3.0), xp.zeros_like(angle)
    for k in range(9):
        total += term
        term *= -square * ((2 * k + 4) / ((2 * k + 2) * (2 * k + 4) * (2 * k + 5)))
    return xp.where(angle < _SERIES, angle**3 * total, xp.sin(angle) - angle * xp.cos(angle))
