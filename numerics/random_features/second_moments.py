"""Σ E[σ(Y) σ(Y)ᵀ] and P(Y > 0) over many laws, for the features of one network: `SecondMoments`.

The laws are given one by one; in one dimension see its kernels for what is computed. Relative to an infinitely
precise evaluation, every entry is that of intercepts perturbed by a few units in their last place, up to
1e-12 (E σ(Y_i)² E σ(Y_j)²)^½.
"""

import math

import numpy as np

from numerics.backends.backend import Backend
from numerics.checks.aliases import FloatArray
from numerics.kernels import second_moments
from numerics.random_features.moments import correlated_gram

_TABLES = 1 << 25  # bytes of tables held at once
_HALF_WIDTH = 0.25  # of a cell, in standard deviations, for data nearer than 8; halved for each doubling of that


class SecondMoments:
    """Accumulates Σ_l scale_l E_l[σ(Y) σ(Y)ᵀ], (m, m), over laws l of x, Y = W x + intercepts_l, W (m, d)."""

    def __init__(self, directions: FloatArray, where: Backend):
        m, self.dim = directions.shape
        self.where = where
        self.directions = directions
        self._gram = np.zeros((m, m))
        if self.dim > 1:
            return
        slopes = directions[:, 0]
        self.order = np.argsort(slopes < 0.0, kind="stable")  # slopes ≥ 0 first
        self.split = int((slopes >= 0.0).sum())
        self.slopes = slopes[self.order]
        self._tables = np.empty((max(1, min(64, _TABLES // (64 * m))), 8, m))
        self._held = 0

    def add_mixture(
        self, scale: float, intercepts: FloatArray, weights: FloatArray, means: FloatArray, stds: FloatArray
    ) -> FloatArray:
        """Add the law Σ_k weights_k N(means_k, stds_k² I), means (K, d); returns P(Y > 0), (m,)."""
        if self.dim > 1:
            return correlated_gram(self._gram, scale, self.directions, intercepts, weights, means, stds, self.where)
        means = means[:, 0]
        c = np.ascontiguousarray(intercepts[self.order])
        centre = float(weights @ means)
        moments = np.empty((5, len(c)))
        second_moments.mixture_moments(moments, self.slopes, c, np.array(weights), np.array(means), np.array(stds))
        spread = float(np.abs(means - centre).max() + stds.max())
        self._add(scale, self.slopes * centre + c, spread, moments)
        return self._active(moments[4])

    def add_data(
        self, scale: float, intercepts: FloatArray, data: "SortedData", mean_scale: float, std: float
    ) -> FloatArray:
        """Add the law of mean_scale X + std z, X uniform on the data, z ~ N(0, 1), d = 1; returns P(Y > 0), (m,)."""
        c = intercepts[self.order]
        alpha = self.slopes * (mean_scale * data.centre) + c
        spread = mean_scale * data.spread + std
        constant = _constant(self.slopes, alpha, spread)
        threshold = np.where(constant, 0.0, -alpha / np.where(constant, 1.0, self.slopes))
        sums = data.moments(threshold, mean_scale, std)
        above, below = sums[:3], sums[3:]
        own, other = np.where(self.slopes >= 0.0, (above, below), (below, above))
        A = np.abs(self.slopes)
        moments = np.stack([A * own[1], A * A * own[2], A * other[1], A * A * other[2], own[0]])
        moments[4] = np.where(constant, alpha > 0.0, moments[4])
        self._add(scale, alpha, spread, moments)
        return self._active(moments[4])

    def _add(self, scale: float, alpha: FloatArray, spread: float, moments: FloatArray) -> None:
        constant = _constant(self.slopes, alpha, spread)
        second_moments.fill(self._tables[self._held], scale, self.slopes, alpha, constant, moments)
        self._held += 1
        if self._held == len(self._tables):
            self._flush()

    def _flush(self) -> None:
        self.where.add_laws(self._gram, self._tables[: self._held], self.split)
        self._held = 0

    def _active(self, value: FloatArray) -> FloatArray:
        out = np.empty_like(value)
        out[self.order] = value
        return out

    def take(self) -> FloatArray:
        """The sum so far, symmetric; the accumulator starts again at 0."""
        if self.dim > 1:
            total, self._gram = self._gram, np.zeros_like(self._gram)
            return total
        self._flush()
        lower = np.tril(self._gram)
        lower += np.tril(lower, -1).T
        self._gram[:] = 0.0
        back = np.empty_like(self.order)
        back[self.order] = np.arange(len(back))
        return lower[np.ix_(back, back)]


def _constant(slopes: FloatArray, alpha: FloatArray, spread: float) -> FloatArray:
    """Features whose slope changes nothing at the law's spread, a relative 1e-100 of the intercept at most."""
    return (slopes == 0.0) | (1e-100 * np.abs(alpha) > np.abs(slopes) * spread)


class SortedData:
    """Data x (n,) prepared for sums of Gaussian tails over all of them, in time of order n + points, not n · points."""

    def __init__(self, data: FloatArray):
        x = np.sort(data)
        self.centre = float(min(max(0.0, x[0]), x[-1]))  # differences from the datum next to 0 keep their digits
        self.x = x - self.centre
        self.spread = float(np.abs(self.x).max())
        self.right, self.left = np.empty((2, len(x))), np.empty((2, len(x)))
        second_moments.one_sided(self.x, self.right, self.left)

    def moments(self, threshold: FloatArray, mean_scale: float, std: float) -> FloatArray:
        """Means (6, k) of P, E(·)_+, E(·)_+² of X' − z, then of z − X', X' = mean_scale (X − centre) + std N(0, 1)."""
        if 1e150 * std <= max(mean_scale * self.spread, float(np.abs(threshold).max(initial=0.0))):
            std = 0.0  # a noise that no digit of a moment knows of, and whose inverse's square is no float
        unit = std if std > 0.0 else 1.0
        gain = mean_scale / unit if self.spread > 0.0 else 0.0
        y = gain * self.x
        powers = np.array([[gain], [gain**2]])
        right, left = powers * self.right, powers * self.left
        points = threshold / unit
        outside = np.maximum(np.maximum(y[0] - points, points - y[-1]), 0.0)
        # data beyond the reach have less than 1e-17 of what the nearest datum has
        reach = np.sqrt(outside * outside + 2.0 * math.log(len(y)) + 80.0)
        level = np.digitize(outside, [8.0, 16.0, 32.0, 40.0])
        if std == 0.0:
            level[:] = 4
        sums = np.empty((6, len(points)))
        for k in np.unique(level):
            chosen = level == k
            out = np.empty((6, int(chosen.sum())))
            width = 2.0 * _HALF_WIDTH / 2.0**k
            grid = _Cells(y, width) if k < 4 else _Cells(y[:0], width)
            far = np.full(out.shape[1], -1.0)
            second_moments.data_moments(
                out, points[chosen], reach[chosen] + width if k < 4 else far, float(std > 0.0), y, right, left,
                *grid.arrays,
            )  # fmt: skip
            sums[:, chosen] = out
        scales = np.array([1.0, unit, unit * unit])[:, None] / len(y)
        return sums * np.concatenate([scales, scales])

    def density(self, points: FloatArray, mean_scale: float, std: float) -> FloatArray:
        """The density of X' at points (k,), ``std`` > 0, to 1e-14 (2π)^{−½}/std absolute."""
        y = (mean_scale / std) * self.x
        width = 2.0 * _HALF_WIDTH
        out = np.empty(len(points))
        second_moments.data_density(out, points / std, 9.0 + width, y, *_Cells(y, width).arrays)
        return out / (len(y) * std)


class _Cells:
    """Cells of sorted y, with room for the coefficients that the kernels fill when they need them."""

    def __init__(self, y: FloatArray, width: float):
        starts = np.empty(len(y) + 1, dtype=np.int64)
        centres, radii = np.empty(len(y)), np.empty(len(y))
        count = second_moments.cells(y, width, starts, centres, radii)
        coefficients = np.empty((count, second_moments.TERMS))
        ready = np.zeros(count, dtype=np.bool_)
        self.arrays = (starts[: count + 1], centres[:count], radii[:count], coefficients, ready)
