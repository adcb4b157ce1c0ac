"""Randomised quasi-Monte Carlo over (datum, noise): scrambled Sobol' points in 16 replicates, Student's interval.

A replicate's points serve every time and every quantity, so that what is smooth in time stays smooth, and differences
of two quantities keep the noise that they share out of their interval.
"""

import math
from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from scipy.special import ndtri, stdtrit
from scipy.stats import qmc

from numerics.checks.aliases import FloatArray, IntArray
from numerics.checks.memory import require_sizes
from numerics.statistics import streams
from numerics.statistics.intervals import Estimate
from numerics.statistics.sampling import Sampling
from numerics.statistics.streams import Tag

REPLICATES = 16
_NUMBERS = 1 << 20  # of one (rows, n) array: 8 MiB, of which a block holds about eight
_EPS = float(np.finfo(float).eps)


class Points(Protocol):
    """What has data (n, d)."""

    @property
    def points(self) -> FloatArray:
        """The data."""
        ...


class Posterior(NamedTuple):
    """Of the data given noisy points: unnormalised weights (N, n), their logarithms, and their sums (N,)."""

    weights: FloatArray
    logs: FloatArray
    mass: FloatArray

    @classmethod
    def of(cls, logs: FloatArray) -> "Posterior":
        """The posterior of log-weights (N, n), which are overwritten: their largest becomes 0."""
        logs -= logs.max(axis=1, keepdims=True)
        weights = np.exp(logs)
        return cls(weights, logs, weights.sum(axis=1))

    def mean(self, values: FloatArray) -> FloatArray:
        """Posterior means (N, d) of values (n, d), one per datum."""
        return (self.weights @ values) / self.mass[:, None]

    def mean_of_own(self, values: FloatArray) -> FloatArray:
        """Posterior means (N,) of values (N, n) that depend on the noisy point as well."""
        return np.einsum("ij,ij->i", self.weights, values) / self.mass

    def divergence(self) -> FloatArray:
        """KL(posterior ‖ uniform) ≥ 0, (N,)."""
        return np.maximum(self.mean_of_own(self.logs) + np.log(self.logs.shape[1] / self.mass), 0.0)


class Noise:
    """Rows of noisy points r x_i + s z of one replicate: for every ratio r/s, posteriors from two matrices (N, n).

    ``data`` (n, d) and ``centres`` (N, d), the x_i, are relative to ``origin``.
    """

    def __init__(self, data: FloatArray, squares: FloatArray, centres: FloatArray, z: FloatArray, origin: FloatArray):
        self.data, self.centres, self.z, self.origin = data, centres, z, origin
        own = (centres**2).sum(axis=1)
        self.squares = centres @ data.T
        self.squares *= -2.0
        self.squares += own[:, None]
        self.squares += squares
        np.maximum(self.squares, 0.0, out=self.squares)  # ‖x_i − x_j‖²
        self.pushes = z @ data.T
        self.pushes -= (z * centres).sum(axis=1)[:, None]  # z·(x_j − x_i)

    def points(self, r: float, s: float) -> FloatArray:
        """The noisy points, (N, d)."""
        return r * (self.centres + self.origin) + s * self.z

    def _logits(self, gain: float) -> FloatArray:
        """log of N(x; r x_j)/N(x; r x_i), (N, n)."""
        out = self.squares * (-0.5 * gain)
        out += self.pushes
        out *= gain
        return out

    def posterior(self, gain: float) -> Posterior:
        """The posterior of the data at the ratio r/s."""
        return Posterior.of(self._logits(gain))

    def log_ratio(self, gain: float) -> FloatArray:
        """log p̂(x)/N(x; r x_i), (N,)."""
        logits = self._logits(gain)
        top = logits.max(axis=1)
        return top + np.log(np.exp(logits - top[:, None]).mean(axis=1))

    def moments(self, given: Posterior) -> tuple[FloatArray, FloatArray]:
        """Of the posterior: mean of x_j − x_i, (N, d), and variance Σ_j w_j ‖x_j − mean‖², (N,)."""
        shift = given.mean(self.data) - self.centres
        about = given.mean_of_own(self.squares)  # around the datum that the noise was put on
        return shift, np.maximum(about - (shift * shift).sum(axis=1), 0.0)


def points_of(sampling: Sampling) -> int:
    """How many points are used: ``samples`` rounded to a power of two, at least one for each replicate."""
    return 1 << max(4, round(math.log2(sampling.samples)))


def replicated(
    data: Points, sampling: Sampling, function: Callable[[Noise], FloatArray], *, at: FloatArray | None = None
) -> FloatArray:
    """Means of ``function`` (rows -> (rows, …)) over the points of each of the 16 replicates: (16, k, …).

    ``at``: the point (d,) that the noise is put on, instead of the data in turn. Every datum has the same share of a
    replicate's points up to one of them. ``k``: 1, or what function's second axis is.
    """
    x = data.points
    n, d = x.shape
    centre = x.mean(axis=0)
    moved = x - centre  # so that squares of distances do not cancel
    squares = (moved**2).sum(axis=1)
    size = points_of(sampling) // REPLICATES
    rows = max(1, min(size, _NUMBERS // max(n, d)))
    require_sizes(
        "the noise of the data",
        lambda samples, dimension: 8.0 * sampling.workers * (samples / REPLICATES * (2 * dimension + 2) + 8 * rows * n),
        samples=sampling.samples, dimension=d,
    )  # fmt: skip

    def run(root: np.random.SeedSequence, block: int, count: int) -> FloatArray:
        del count
        stream = np.random.default_rng(streams.child(root, Tag.DIFFUSED_DATA, block))
        unit = qmc.Sobol(d + 1, scramble=True, seed=stream).random(size)
        z = ndtri(np.clip(unit[:, 1:], _EPS, 1.0 - _EPS))
        index: IntArray = np.minimum((unit[:, 0] * n).astype(np.intp), n - 1)
        total = None
        for first in range(0, size, rows):
            part = slice(first, first + rows)
            centres = moved[index[part]] if at is None else np.broadcast_to(at - centre, z[part].shape)
            value = function(Noise(moved, squares, centres, z[part], centre)).sum(axis=0) / size
            total = value if total is None else total + value
        return np.asarray(total)[None]

    blocks = streams.in_order(run, size, samples=points_of(sampling), rng=sampling.rng, workers=sampling.workers)
    found = np.concatenate(list(blocks))
    return found.reshape(REPLICATES, -1, 1) if found.ndim <= 2 else found


def interval_of(
    values: FloatArray, sampling: Sampling, *, error: float = 0.0, low: float = -math.inf, high: float = math.inf
) -> Estimate:
    """The mean of the replicates' values (16,) with Student's interval, widened by ``error``, within known bounds."""
    mean = float(values.mean())
    spread = float(values.std(ddof=1)) / math.sqrt(len(values))
    radius = float(stdtrit(len(values) - 1, 1.0 - 0.5 * sampling.alpha)) * spread + error + 64 * _EPS * abs(mean)
    bottom, top = max(low, mean - radius), min(high, mean + radius)
    bottom, top = min(bottom, top), max(bottom, top)
    return Estimate(
        value=min(max(mean, bottom), top), interval=(bottom, top), alpha=sampling.alpha, samples=points_of(sampling)
    )
