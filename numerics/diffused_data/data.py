"""Data under the forward process: p̂_t = (1/n) Σ N(r(t) x_i, std(t)² I), its score, divergences and informations.

No density is estimated: everything is a log-sum-exp over the data. On the line and in the plane integrals are taken by
quadrature with an error, beyond by randomised quasi-Monte Carlo with an interval over its replicates.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.backends.backend import Backend
from numerics.backends.choice import chosen
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray, TimesFunction
from numerics.diffused_data.clock import Clock, forward_at
from numerics.diffused_data.plane import Grid, fits_grid, plane_integrals
from numerics.diffused_data.replicates import Noise, Posterior, interval_of, replicated
from numerics.mixtures.information import LARGEST_GAIN, channel_information, excess_log, mixture_kl
from numerics.networks.score_network import times_function
from numerics.statistics.intervals import Estimate
from numerics.statistics.sampling import Sampling, SamplingKeywords


class Gaussians(NamedTuple):
    """A mixture: weights (K,), means (K, d), variances (K,)."""

    weights: FloatArray
    means: FloatArray
    variances: FloatArray


_EPS = float(np.finfo(float).eps)
PLANE_TOLERANCE = 1e-4
_FARTHEST = 1e30
"""In standard deviations, of a point whose divergence is asked for."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DiffusedData(ArrayValue):
    """n data points under a forward process x(t) | x_i ~ N(r(t) x_i, std(t)² I), and a prior π = N(0, prior_std² I).

    ``points`` (n, d) or (n,); ``mean_scale`` r and ``std``: numbers, or callables, times (k,) -> (k,), e.g.
    ``verify.time_function(sde.std)``; ``prior_std`` > 0, a standard deviation. `ornstein_uhlenbeck` has the default
    process. ``n = 1`` is allowed: p̂_t is then one encoder. ValueError or TypeError otherwise.

    On the line intervals bound quadrature and rounding; so they do in the plane for up to 400 data, by the trapezoidal
    rule on a grid. Elsewhere a method takes ``samples``, ``alpha``, ``rng`` and ``workers``, as in `Sampling`;
    intervals are Student's over 16 replicates of scrambled Sobol' points, hence not finite-sample but asymptotic in the
    points of one replicate. Memory: about 100 MiB beside the data.
    Source: CZS; section numbers of the claims IT3, IT4 and IT12.
    """

    points: FloatArray
    mean_scale: TimesFunction
    std: TimesFunction
    prior_std: float = 1.0

    def __post_init__(self):
        object.__setattr__(self, "points", checks.rows("points", self.points))
        object.__setattr__(self, "mean_scale", times_function("mean_scale", self.mean_scale, above=False))
        object.__setattr__(self, "std", times_function("std", self.std, above=True))
        object.__setattr__(self, "prior_std", checks.real("prior_std", self.prior_std, above=0.0))

    @classmethod
    def ornstein_uhlenbeck(cls, points: ArrayLike) -> "DiffusedData":
        """The data under dx = −x dt + √2 dW: r = e^{−t}, std² = 1 − e^{−2t}, π = N(0, I)."""
        return cls(points=points, mean_scale=_decay, std=_growth)  # type: ignore[arg-type]

    @property
    def count(self) -> int:
        """The number n of data."""
        return self.points.shape[0]

    @property
    def dim(self) -> int:
        """The dimension d of space."""
        return self.points.shape[1]

    def at(self, time: float) -> tuple[float, float]:
        """r(t) and std(t) > 0 at one time."""
        t = checks.real("time", time, minimum=0.0)
        r, s = forward_at(self.mean_scale, self.std, np.array([t]))
        return float(r[0]), float(s[0])

    def _channel(self, time: float) -> tuple[float, float]:
        """r and std at a time when there is noise enough for an information."""
        r, s = self.at(time)
        if r > LARGEST_GAIN * s:
            checks.refuse("time", f"leave a noise of mean_scale/{LARGEST_GAIN:g} at least", time, "pass a larger one")
        return r, s

    def _smooth(self, time: float) -> tuple[float, float]:
        """r and std at a time when there is noise enough for a density and its derivatives."""
        r, s = self.at(time)
        if s * s < 1.0 / checks.LARGEST:
            checks.refuse("time", f"leave a variance of {1.0 / checks.LARGEST:g} at least", time, "pass a larger one")
        return r, s

    def clock(self, start: float, horizons: FloatArray) -> Clock:
        """The clock of the process between a start > 0 and increasing horizons."""
        return Clock(self.mean_scale, self.std, start, horizons)

    def rate(self, time: float) -> FloatArray:
        """KL(N(r x_i, std² I) ‖ π) of every datum, (n,), in nats: ½ (r² ‖x_i‖²/σ² + d (ρ − 1 − log ρ)), ρ = std²/σ².

        σ = prior_std. Where r² + std² = σ² = 1, ρ − 1 = −r² to all digits, so that no horizon is too long. Source: CZS,
        the prior term (claim IT3).
        """
        r, s = self.at(time)
        return encoder_rate(self.points, r, s, self.prior_std)

    def information(self, time: float, **how: Unpack[SamplingKeywords]) -> Estimate:
        """Î_t = I(X; X_t) for X uniform on the data, in nats: log n less the mean entropy of the posterior.

        Equals the mean of `encoder` over the data; rises to log n (for distinct data) as t → 0. Source: CZS (IT4).
        """
        r, s = self._channel(time)
        sampling = Sampling.of(how)
        if self.dim == 1:
            return channel_information(self.points, mean_scale=r, std=s)
        if fits_grid(self.points, r, s):
            values, errors, used = plane_integrals(self.points, r, s, _divergences, PLANE_TOLERANCE)
            return _bounded(float(values[0]), float(errors[0]), math.log(self.count), used)
        found = replicated(self, sampling, lambda noise: _gains(noise, r / s))
        return interval_of(found[:, 0, 0], sampling, low=0.0, high=math.log(self.count))

    def information_bounds(
        self, time: float, *, backend: Backend | str | None = None, device: str | None = None, dtype: str | None = None
    ) -> tuple[float, float]:
        """Numbers with low ≤ Î_t ≤ high in closed form: −(1/n) Σ_i log (1/n) Σ_j e^{−D_ij/8}, and with D_ij/2.

        D_ij = r² ‖x_i − x_j‖²/std². Cost n² d. ``backend``, ``device``, ``dtype``: where the pairs are summed, as in
        `population_quadratic`. Source: CZS (IT4); Kolchinsky & Tracey 2017, theorems 1 and 2.
        """
        where, (r, s) = chosen(backend, device, dtype), self._channel(time)
        half = 0.5 * (r / s) ** 2
        sums = where.log_pair_sums(self.points, half * np.array([0.25, 1.0])).mean(axis=0)
        low, high = math.log(self.count) - sums
        slack = 64 * where.eps  # of sums whose terms are at most log n, beside the rounding of distances
        return max(0.0, float(low) - slack), min(math.log(self.count), float(high) + slack)

    def encoder(self, point: ArrayLike, time: float, **how: Unpack[SamplingKeywords]) -> Estimate:
        """KL(N(r x, std² I) ‖ p̂_t) for one point x, (d,) or a number, of the data or not, in nats."""
        r, s = self._smooth(time)
        x = checks.vector("point", point)
        if len(x) != self.dim:
            raise ValueError(f"point must have shape ({self.dim},); got shape {x.shape}; pass one point of the space")
        nearest = float(np.abs(self.points - x).max(axis=1).min())
        if nearest * r > _FARTHEST * s:
            checks.refuse("point", f"lie within {_FARTHEST:g} std/mean_scale of a datum", point, "pass a closer one")
        sampling = Sampling.of(how)
        if self.dim == 1:
            return mixture_kl(Gaussians(np.ones(1), r * x, np.array([s * s])), self.mixture(time))
        found = replicated(self, sampling, lambda noise: _surprise(noise, r / s), at=x)
        return interval_of(found[:, 0, 0], sampling, low=0.0)

    def prior(self, time: float, **how: Unpack[SamplingKeywords]) -> Estimate:
        """KL(p̂_t‖π), π = N(0, prior_std² I): on the line by quadrature, else the mean rate less Î_t. Source: CZS (IT3).

        Rounding takes 1e-15 of the mean rate, no more, where Î_t is nearly all of it.
        """
        if self.dim == 1:
            prior = Gaussians(np.ones(1), np.zeros(1), np.array([self.prior_std**2]))
            return mixture_kl(self.mixture(time), prior)
        rate = float(self.rate(time).mean())
        information = self.information(time, **how)
        slack = 8 * _EPS * rate
        low, high = (max(0.0, rate - x + sign * slack)
                     for x, sign in zip(information.interval[::-1], (-1.0, 1.0), strict=True))  # fmt: skip
        value = min(max(rate - information.value, low), high)
        return Estimate(value=value, interval=(low, high), alpha=information.alpha, samples=information.samples)

    def mixture(self, time: float) -> Gaussians:
        """p̂_t as a mixture: weights (n,), means (n, d) and variances (n,)."""
        r, s = self._smooth(time)
        n = self.count
        return Gaussians(np.full(n, 1.0 / n), r * self.points, np.full(n, s * s))

    def score(self, x: ArrayLike, time: float) -> FloatArray:
        """∇log p̂_t at points x (k, d), or (k,) on the line: an array of the same shape."""
        rows, shape = self._rows(x)
        r, s = self._smooth(time)
        centre = self.points.mean(axis=0)
        moved, out = self.points - centre, np.empty(rows.shape)
        for part, given in self._posteriors(rows, moved, r, s):
            out[part] = (r * given.mean(moved) - (rows[part] - r * centre)) / s**2
        return out.reshape(shape)

    def divergence(self, x: ArrayLike, time: float) -> FloatArray:
        """div ∇log p̂_t = (r²/std⁴) Σ_j w_j ‖x_j − mean‖² − d/std², w the posterior of the data: (k,).

        Points as for `score`. `log_likelihood` takes both.
        """
        rows, _ = self._rows(x)
        r, s = self._smooth(time)
        moved = self.points - self.points.mean(axis=0)
        both = np.column_stack([moved, (moved**2).sum(axis=1)])
        out = np.empty(len(rows))
        for part, given in self._posteriors(rows, moved, r, s):
            means = given.mean(both)
            out[part] = np.maximum(means[:, -1] - (means[:, :-1] ** 2).sum(axis=1), 0.0)
        return out * (r / s**2) ** 2 - self.dim / s**2

    def _rows(self, x: ArrayLike) -> tuple[FloatArray, tuple[int, ...]]:
        """Points as (k, d), and the shape in which they were given."""
        given = checks.array("x", x, shape=None)
        if given.ndim == 1 and self.dim == 1:
            return given[:, None], given.shape
        return checks.array("x", given, shape=("k", self.dim)), given.shape

    def _posteriors(self, rows: FloatArray, moved: FloatArray, r: float, s: float) -> Iterator[tuple[slice, Posterior]]:
        """The posteriors of the data at points (k, d), in parts that fit into memory; ``moved``: data less their mean.

        Far from 0 the squares of points and data would leave no digits of their difference.
        """
        squares, size, gain = (moved**2).sum(axis=1), max(1, (1 << 20) // self.count), r / s
        centre = self.points.mean(axis=0)
        for first in range(0, len(rows), size):
            part = slice(first, first + size)
            yield part, Posterior.of(gain * ((rows[part] - r * centre) / s @ moved.T) - 0.5 * gain**2 * squares)


def _decay(times: FloatArray) -> FloatArray:
    return np.exp(-times)


def _growth(times: FloatArray) -> FloatArray:
    return np.sqrt(-np.expm1(-2.0 * times))


def encoder_rate(points: FloatArray, r: float, s: float, prior_std: float) -> FloatArray:
    """KL(N(r x_i, s² I) ‖ N(0, prior_std² I)) for points (n, d): (n,)."""
    ratio = (s / prior_std) ** 2
    excess = (s - prior_std) * (s + prior_std) / prior_std**2
    if prior_std == 1.0 and abs(excess + r * r) <= 4 * _EPS:
        excess = -r * r  # variance preserving: s² itself has forgotten a small r²
    shape = float(excess_log(np.array([excess]))[0]) if abs(excess) < 0.5 else excess - math.log(ratio)
    return 0.5 * ((r / prior_std) ** 2 * (points**2).sum(axis=1) + points.shape[1] * shape)


def _divergences(grid: Grid) -> FloatArray:
    """KL(posterior ‖ uniform) at the points of a grid: (N, 1)."""
    return grid.divergence[:, None]


def _bounded(value: float, error: float, most: float, nodes: int) -> Estimate:
    """A number between 0 and a known bound, with an error."""
    value = min(value, most)
    error += 64 * _EPS * value
    return Estimate(value=value, interval=(max(0.0, value - error), min(most, value + error)), alpha=0.0, samples=nodes)


def _gains(noise: Noise, gain: float) -> FloatArray:
    """KL(posterior ‖ uniform) of the noisy points: (rows, 1)."""
    return noise.posterior(gain).divergence()[:, None]


def _surprise(noise: Noise, gain: float) -> FloatArray:
    """−log p̂/N of the noisy points: (rows, 1)."""
    return -noise.log_ratio(gain)[:, None]
