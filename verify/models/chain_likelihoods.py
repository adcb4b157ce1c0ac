"""The density of a simulated sampler's law at given points, in any dimension: paths drawn backwards from the points.

The Euler–Maruyama chain of the reverse OU process takes x_N ~ N(0, I) by x_{k−1} = x_k + h (x_k + 2 s(x_k, t_k)) +
√(2h) Z, t_k = ε + kh, to its law q at ε. For any paths x_1, …, x_N drawn from x_0, the joint density of the chain's
path over that of the drawn one is a weight w with E w = q(x_0). The paths are drawn by the chain's own law given x_0
where the score is that of a single diffused datum μ: there the chain is Gaussian, and w does not vary at all. With
many data, μ is the posterior mean at the point where the path stands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from numerics import DiffusedData
from numerics.statistics import streams
from numerics.statistics.streams import Tag

_NUMBERS = 1 << 22  # of one block of paths: 32 MiB


@dataclass(frozen=True, kw_only=True)
class ChainLikelihood:
    """−log of the mean weight at n points, in nats, and what it would be with half as many draws.

    ``nats`` (n,): each is above −log q in the mean, since E w = q; their mean over the points is below that of −log q
    by more than log(1/α)/n with probability α at most, by Markov's inequality for Π w/q. ``halved`` (n,): the same from
    each half of the draws, averaged: what the draws still cost is about halved − nats. ``errors`` (n,): the relative
    standard errors of the mean weights.
    """

    nats: np.ndarray
    halved: np.ndarray
    errors: np.ndarray

    @property
    def excess(self) -> float:
        """What half of the draws would add to the mean over the points."""
        return float((self.halved - self.nats).mean())


def chain_likelihood(
    points: np.ndarray, law: DiffusedData, *, start: float, step: float, count: int, draws: int, rng: int
) -> ChainLikelihood:
    """The chain of ``count`` steps from N(0, I) to ``start`` with the score of ``law``, at points (n, d).

    ``draws`` ≥ 4: paths for each point, an even number. ValueError otherwise.
    """
    if draws < 4 or draws % 2:
        raise ValueError(f"draws must be an even number of at least 4; got {draws}; pass e.g. 64")
    paths = _Paths.of(law, start, step, count)
    size = max(1, _NUMBERS // points.size)
    logs = np.concatenate([
        paths.log_weights(points, min(size, draws - first), streams.generator(rng, Tag.CHAIN_PATHS, count, first))
        for first in range(0, draws, size)
    ])  # fmt: skip
    whole = _log_mean(logs)
    halves = 0.5 * (_log_mean(logs[: draws // 2]) + _log_mean(logs[draws // 2 :]))
    spread = np.exp(logs - whole).std(axis=0, ddof=1)
    return ChainLikelihood(nats=-whole, halved=-halves, errors=spread / math.sqrt(draws))


def _log_mean(logs: np.ndarray) -> np.ndarray:
    return logsumexp(logs, axis=0) - math.log(len(logs))


@dataclass(frozen=True, kw_only=True)
class _Paths:
    """Chain and proposals: for one datum μ, x_k is N(shift_k μ, variance_k I), from N(0, I) at k = N."""

    law: DiffusedData
    step: float
    times: np.ndarray
    scales: np.ndarray
    noises: np.ndarray
    factors: np.ndarray
    shifts: np.ndarray
    variances: np.ndarray

    @classmethod
    def of(cls, law: DiffusedData, start: float, step: float, count: int) -> _Paths:
        times = start + step * np.arange(count + 1)
        scales, stds = np.array([law.at(float(t)) for t in times]).T
        noises = stds**2
        factors = 1.0 + step - 2.0 * step / noises
        shifts, variances = np.zeros(count + 1), np.ones(count + 1)
        for k in range(count, 0, -1):
            shifts[k - 1] = factors[k] * shifts[k] + 2.0 * step * scales[k] / noises[k]
            variances[k - 1] = factors[k] ** 2 * variances[k] + 2.0 * step
        return cls(
            law=law, step=step, times=times, scales=scales, noises=noises, factors=factors, shifts=shifts,
            variances=variances,
        )  # fmt: skip

    def log_weights(self, points: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
        """log w of ``draws`` paths from every point: (draws, n)."""
        h, d = self.step, points.shape[1]
        x = np.tile(points, (draws, 1))
        score = np.tile(self.law.score(points, float(self.times[0])), (draws, 1))
        logs = np.zeros(len(x))
        for k in range(1, len(self.times)):
            share = self.variances[k] / self.variances[k - 1]
            gain, variance = self.factors[k] * share, 2.0 * h * share
            datum = (x + self.noises[k - 1] * score) / self.scales[k - 1]
            z = rng.standard_normal(x.shape)
            y = self.shifts[k] * datum + gain * (x - self.shifts[k - 1] * datum) + math.sqrt(variance) * z
            score = self.law.score(y, float(self.times[k]))
            missed = x - (y + h * (y + 2.0 * score))
            logs += 0.5 * ((z**2).sum(axis=1) - (missed**2).sum(axis=1) / (2.0 * h) + d * math.log(share))
            x = y
        logs -= 0.5 * ((x**2).sum(axis=1) + d * math.log(2.0 * math.pi))
        return logs.reshape(draws, len(points))
