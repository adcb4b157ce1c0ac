"""Kullback–Leibler divergences, entropies and channel informations of Gaussians and Gaussian mixtures, in nats.

A mixture is any object with weights (K,), means (K,) or (K, d), and variances: (K,) for variances_k I, or (K, d, d) for
full covariance matrices. In one dimension everything is an integral of a nonnegative function, taken by adaptive
quadrature: small values keep their relative accuracy. In d dimensions only bounded or controlled remainders are left to
Monte Carlo, and intervals hold for finite samples, for all numbers of samples at once.

The information I(K; X) that a mixture's point has on its component is the common part: with component entropies h_k the
entropy is Σ w_k h_k + I(K; X), and I(K; X) = H(w) − E H(posterior), a bounded mean.
"""

import math
from typing import Unpack, cast

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import solve_triangular
from scipy.special import ndtr

from numerics import checks
from numerics.checks.aliases import FloatArray, Mixture
from numerics.kernels import mixture_densities
from numerics.mixtures.divergence import matched_kl
from numerics.mixtures.mixture import (
    Components,
    cholesky_factors,
    posterior_entropy,
    read_covariances,
    samples_per_block,
)
from numerics.mixtures.quadrature import Line, integrate, panels
from numerics.statistics import intervals, streams
from numerics.statistics.intervals import Estimate
from numerics.statistics.sampling import Sampling, SamplingKeywords
from numerics.statistics.streams import Tag

LARGEST_GAIN = 1e100
"""The largest mean_scale/std of a channel whose information is computed."""
_FARTHEST = 1e150
METHODS = ("quadrature", "monte-carlo")

_EPS = float(np.finfo(float).eps)


def gaussian_kl(mean: ArrayLike, covariance: ArrayLike, other_mean: ArrayLike, other_covariance: ArrayLike) -> float:
    """KL(N(mean, covariance) ‖ N(other_mean, other_covariance)) in nats.

    ½ (‖L⁻¹ M‖_F² − d − log det(L⁻¹ M)²) + ½ ‖L⁻¹ Δ‖², with Δ the difference of the means, covariance = M Mᵀ and
    other_covariance = L Lᵀ. Where the two are close the first part is ½ Σ_i (μ_i − log(1 + μ_i)), μ_i the eigenvalues
    of L⁻¹ (covariance − other_covariance) L⁻ᵀ, so that nothing cancels. Means: (d,), or numbers for d = 1; covariances:
    (d, d), or numbers (variances) for d = 1. ValueError for shapes that disagree and for a covariance that is not
    symmetric positive definite.
    """
    m = checks.vector("mean", mean)
    d = len(m)
    other = checks.vector("other_mean", other_mean)
    if len(other) != d:
        raise ValueError(f"other_mean must have shape ({d},) as mean has; got shape {other.shape}; pass equal lengths")
    matrices = []
    for name, value in (("covariance", covariance), ("other_covariance", other_covariance)):
        C = checks.array(name, value, shape=None)
        C = C.reshape(1, 1) if C.size == 1 else C
        if C.shape != (d, d):
            raise ValueError(f"{name} must have shape ({d}, {d}); got shape {C.shape}; pass a covariance matrix")
        matrices.append((C, cholesky_factors(name, C[None])[0]))
    (C, M), (D, L) = matrices
    half = solve_triangular(L, 0.5 * (C - D) + 0.5 * (C - D).T, lower=True)
    ratio = solve_triangular(L, half.T, lower=True)
    z = solve_triangular(L, m - other, lower=True)
    eigenvalues = np.asarray(np.linalg.eigvalsh(0.5 * (ratio + ratio.T)), dtype=float)
    if np.abs(eigenvalues).max() < 0.5:
        shape = float(excess_log(eigenvalues).sum())
    else:
        volume = 2.0 * float(np.log(np.diag(M) / np.diag(L)).sum())
        shape = float((solve_triangular(L, M, lower=True) ** 2).sum()) - d - volume
    return 0.5 * (shape + float(z @ z))


def excess_log(x: FloatArray) -> FloatArray:
    """x − log(1 + x) ≥ 0 for x > −1, without cancellation near 0."""
    small = np.where(np.abs(x) < 0.1, x, 0.0)
    series = np.zeros_like(x)
    for k in range(18, 1, -1):  # 0.1^18: below one unit in the last place of x²/2
        series = 1.0 / k - small * series
    return np.where(np.abs(x) < 0.1, small * small * series, x - np.log1p(x))


def _on_the_line(method: str, dim: int) -> bool:
    if checks.option("method", method, METHODS) == "monte-carlo":
        return False
    if dim > 1:
        raise ValueError(
            f'method="quadrature" works in one dimension; got a mixture in {dim}; pass method="monte-carlo"'
        )
    return True


def _component_information(mixture: Components, method: str, sampling: Sampling) -> Estimate:
    """I(K; X) for a point X of the mixture and its component K."""
    if _on_the_line(method, mixture.means.shape[1]):
        line = mixture.line()
        if len(line.weights) == 1:
            return Estimate(value=0.0, interval=(0.0, 0.0), alpha=0.0, samples=0)
        return _integral(*integrate(line.component_density, panels(line)))
    top = float(-(mixture.weights * np.log(mixture.weights)).sum())

    def run(root: np.random.SeedSequence, block: int, count: int) -> FloatArray:
        _, x = mixture.sample(streams.generator(root, Tag.COMPONENTS, block, 0), rows)
        return posterior_entropy(mixture.log_terms(x[:count]))

    largest = math.log(len(mixture.weights))
    rows = samples_per_block(mixture)
    values = sampling.values(run, rows)
    low, high = intervals.bounded_interval(np.clip(values, 0.0, largest), 0.0, largest, sampling.alpha)
    return sampling.estimate(top - float(values.mean()), max(0.0, top - high), max(0.0, min(top, top - low)))


def _integral(value: float, error: float, nodes: int) -> Estimate:
    """A nonnegative integral by quadrature, with the rounding of the integrand added to the error."""
    error += 64 * _EPS * (value + math.sqrt(value))  # of d in the kernel, where the integrand is d²/2 or less
    error = max(error, (64 * _EPS) ** 2)  # what is left of it where d itself is lost in rounding
    return Estimate(value=value, interval=(max(0.0, value - error), value + error), alpha=0.0, samples=nodes)


def _shifted(estimate: Estimate, shift: float, terms: float = 0.0) -> Estimate:
    """An estimate plus a number that is a sum of ``terms``, in absolute value, with rounding."""
    low, high = estimate.interval
    slack = 4 * _EPS * (abs(shift) + abs(low) + abs(high) + terms)
    return Estimate(
        value=estimate.value + shift,
        interval=(low + shift - slack, high + shift + slack),
        alpha=estimate.alpha,
        samples=estimate.samples,
    )


def mixture_entropy(mixture: Mixture, *, method: str = "quadrature", **how: Unpack[SamplingKeywords]) -> Estimate:
    """The differential entropy −∫ p log p of a mixture, in nats: Σ w_k h_k + I(K; X).

    ``method``: "quadrature" in one dimension (the interval bounds the error, alpha is 0); "monte-carlo" in any, with an
    anytime empirical-Bernstein interval of the posterior's entropy, which lies in [0, log K]; ``sampling``, or its
    fields, as in `rademacher_complexity`. ValueError for a bad mixture, a variance 0 and quadrature in d > 1.
    """
    parts, sampling = Components.of("mixture", mixture), Sampling.of(how)
    information = _component_information(parts, method, sampling)
    terms = float(parts.weights @ np.abs(parts.log_volumes)) + 0.5 * parts.means.shape[1] * math.log(
        2 * math.pi * math.e
    )
    return _shifted(information, float(parts.weights @ parts.entropies()), terms)


def mixture_kl(
    mixture: Mixture, other: Mixture, *, method: str = "quadrature", **how: Unpack[SamplingKeywords]
) -> Estimate:
    """KL(p‖q) = ∫ p log(p/q) for mixtures p = ``mixture`` and q = ``other`` (one component: a Gaussian), in nats.

    "quadrature" (d = 1): ∫ (p log(p/q) + q − p), whose integrand is nonnegative, over the range of p, plus q's mass
    outside. "monte-carlo" (any d): each component k of p is paired with the component j of q that minimises
    KL(N_k‖N_j) − log v_j; what is left, H(posterior of p) − log(q/(v_j N_j)), has a second moment bounded in closed
    form, hence Catoni's anytime interval. Other arguments as in `mixture_entropy`; ValueError also for unequal
    dimensions.
    """
    p, q = Components.of("mixture", mixture), Components.of("other", other)
    d = p.means.shape[1]
    if q.means.shape[1] != d:
        raise ValueError(f"other must have dimension {d} as mixture has; got {q.means.shape[1]}; pass equal dimensions")
    sampling = Sampling.of(how)
    if _on_the_line(method, d):
        return _line_kl(p.line(), q.line())
    return matched_kl(p, q, sampling)


def _line_kl(p: Line, q: Line) -> Estimate:
    def density(centres: FloatArray, offsets: FloatArray) -> FloatArray:
        out = np.empty_like(offsets)
        mixture_densities.divergence_density(p.log_density(centres, offsets), q.log_density(centres, offsets), out)
        return out

    cells = panels(p, q)
    value, error, nodes = integrate(density, cells)
    ends = ((cells.centres[0], cells.starts[0], -1.0), (cells.centres[-1], cells.starts[-1] + cells.widths[-1], 1.0))
    for centre, offset, side in ends:
        value += float(q.weights @ ndtr(-side * ((centre - q.means) + offset) / q.stds))
    if not value <= checks.LARGEST:
        checks.refuse("other", f"be within {checks.LARGEST:g} nats of mixture", q.means, "pass closer ones")
    return _integral(value, error, nodes)


def channel_information(
    source: Mixture | ArrayLike,
    *,
    mean_scale: float,
    std: float,
    method: str = "quadrature",
    **how: Unpack[SamplingKeywords],
) -> Estimate:
    """The mutual information I(X; Y) of Y = r X + std Z, Z ~ N(0, I), in nats.

    ``source``: the law of X, a mixture (variances may be 0: point masses), or data points (n,) or (n, d), each with
    probability 1/n. Then Y is a mixture as well, and I(X; Y) = I(K; Y) + Σ_k w_k ½ log det(I + r² C_k/std²), of which
    only the first term needs quadrature or Monte Carlo. ``mean_scale``: r ≥ 0; ``std`` > 0, a standard deviation. Other
    arguments as in `mixture_entropy`. Source: CZS, the information term of the prior; the forward marginal of data is
    an exact mixture.
    """
    r = checks.real("mean_scale", mean_scale, minimum=0.0)
    s = checks.real("std", std, above=0.0)
    if hasattr(source, "weights") and not isinstance(source, np.ndarray):
        w, means, covariances = read_covariances("source", cast(Mixture, source))
    else:
        means = checks.rows("source", source)
        w, covariances = np.full(len(means), 1.0 / len(means)), np.zeros((len(means), *2 * means.shape[1:]))
    d = means.shape[1]
    if r / s > LARGEST_GAIN:
        checks.refuse("std", f"be at least mean_scale/{LARGEST_GAIN:g}", std, "pass more noise")
    if r / s * float(np.abs(means).max(initial=0.0)) > _FARTHEST:
        checks.refuse("source", f"lie within {_FARTHEST:g} std/mean_scale of 0", source, "pass more noise")
    gain = (r / s) * (r / s) * covariances
    inner = 0.0
    if gain.any():
        values = np.linalg.eigvalsh(gain)
        if values.min() < -64 * d * _EPS * np.abs(values).max():
            checks.refuse("source.variances", "be nonnegative", covariances, "pass variances or covariance matrices")
        inner = 0.5 * float(w @ np.log1p(np.maximum(values, 0.0)).sum(axis=1))
    # in units of std, so that no variance can underflow
    noisy = Components(w, r * means / s, np.asarray(np.linalg.cholesky(gain + np.eye(d)), dtype=float))
    sampling = Sampling.of(how)
    return _shifted(_component_information(noisy, method, sampling), inner)


def ou_information(
    source: Mixture | ArrayLike, time: float, *, method: str = "quadrature", **how: Unpack[SamplingKeywords]
) -> Estimate:
    """I(X; X_T) of the Ornstein–Uhlenbeck channel X_T = e^{−T} X + √(1 − e^{−2T}) Z, in nats.

    ``time``: T ≥ 1e-200. It decreases to 0 in T; for n different data points it tends to log n as T → 0. The other
    arguments as in `channel_information`. Source: CZS; LLZB eq. (8).
    """
    T = checks.real("time", time, minimum=LARGEST_GAIN**-2)
    return channel_information(
        source, mean_scale=math.exp(-T), std=math.sqrt(-math.expm1(-2.0 * T)), method=method, **how
    )
