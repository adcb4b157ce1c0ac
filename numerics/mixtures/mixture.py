"""A Gaussian mixture read once: checked weights, means and Cholesky factors, and what is computed from them.

A mixture is any object with weights (K,), means (K,) or (K, d), and variances: (K,) for variances_k I, or (K, d, d) for
full covariance matrices.
"""

import math
from typing import NamedTuple

import numpy as np

from numerics import checks
from numerics.checks.aliases import FloatArray, IntArray, Mixture
from numerics.kernels import mixture_densities
from numerics.mixtures.quadrature import Line

_EPS = float(np.finfo(float).eps)
_NUMBERS = 1 << 18  # held per block of samples


class Components(NamedTuple):
    """A checked mixture: weights (K,) > 0, means (K, d), lower Cholesky factors of the covariances (K, d, d)."""

    weights: FloatArray
    means: FloatArray
    factors: FloatArray

    @classmethod
    def of(cls, name: str, mixture: Mixture) -> "Components":
        """Read a mixture; ValueError or TypeError by the name of the argument."""
        weights, means, covariances = read_covariances(name, mixture)
        return cls(weights, means, cholesky_factors(f"{name}.variances", covariances))

    @property
    def log_volumes(self) -> FloatArray:
        """Half the logarithms of the determinants, (K,)."""
        return np.log(np.diagonal(self.factors, axis1=1, axis2=2)).sum(axis=1)

    def line(self) -> Line:
        """The mixture in one dimension."""
        return Line.of(self.weights, self.means[:, 0], self.factors[:, 0, 0])

    def log_terms(self, x: FloatArray) -> FloatArray:
        """log(weight_k N_k(x_i)), (N, K)."""
        logs = np.log(self.weights) - self.log_volumes - 0.5 * x.shape[1] * math.log(2.0 * math.pi)
        out = np.empty((len(x), len(logs)))
        mixture_densities.log_terms(x, np.array(self.means), np.array(self.factors), logs, out)
        return out

    def entropies(self) -> FloatArray:
        """The entropies h_k of the components, (K,)."""
        return self.log_volumes + 0.5 * self.means.shape[1] * math.log(2.0 * math.pi * math.e)

    def sample(self, rng: np.random.Generator, count: int) -> tuple[IntArray, FloatArray]:
        """Component indices (count,) and points (count, d)."""
        labels = np.searchsorted(np.cumsum(self.weights)[:-1], rng.random(count), side="right")
        z = rng.standard_normal((count, self.means.shape[1]))
        return labels, self.means[labels] + np.einsum("nij,nj->ni", self.factors[labels], z)


def _read(name: str, mixture: Mixture, kind: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weights (K,), means (K, d) and variances of any shape, one per weight."""
    for attribute in ("weights", "means", "variances"):
        if not hasattr(mixture, attribute):
            checks.refuse(
                name, f"be {kind}, an object with .weights, .means and .variances", mixture,
                f"add .{attribute} to it, or pass e.g. a theory.GaussianMixture", TypeError,
            )  # fmt: skip
    weights = checks.probabilities(f"{name}.weights", mixture.weights, exact=True)
    means = checks.array(f"{name}.means", mixture.means, shape=None, exact=True)
    means = means[:, None] if means.ndim == 1 else means
    if means.ndim != 2 or len(means) != len(weights):
        raise ValueError(
            f"{name}.means must have one entry or row per weight, ({len(weights)},) or ({len(weights)}, d); got shape "
            f"{means.shape}; pass equal lengths"
        )
    variances = checks.array(f"{name}.variances", mixture.variances, shape=None, exact=True)
    if variances.ndim not in {1, 3} or len(variances) != len(weights):
        raise ValueError(
            f"{name}.variances must have one entry per weight, {len(weights)}; got shape {variances.shape}; pass equal "
            "lengths"
        )
    return weights, means, variances


def read_mixture(
    name: str, mixture: Mixture, dim: int, *, kind: str = "a mixture"
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weights (K,), means (K, dim) and variances (K,) ≥ 0 of a mixture, components of weight 0 dropped.

    ValueError or TypeError for anything else, by the name of the argument and the attribute.
    """
    weights, means, variances = _read(name, mixture, kind)
    if means.shape[1] != dim:
        raise ValueError(
            f"{name}.means must have shape (K, {dim}){' or (K,)' if dim == 1 else ''}; got shape {means.shape}; pass a "
            f"mixture in {'one dimension' if dim == 1 else f'{dim} dimensions'}"
        )
    if variances.shape != weights.shape:
        raise ValueError(
            f"{name}.variances must have shape ({len(weights)},) here; got shape {variances.shape}; pass a number per "
            "component"
        )
    if variances.min() < 0.0:
        checks.refuse(f"{name}.variances", "be nonnegative", float(variances.min()), "pass variances")
    keep = weights > 0.0
    return weights[keep], means[keep], variances[keep]


def read_covariances(name: str, mixture: Mixture) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weights (K,) with sum 1, means (K, d) and covariances (K, d, d), not checked, of the components of weight > 0."""
    weights, means, variances = _read(name, mixture, "a mixture")
    count, dim = means.shape
    covariances = variances[:, None, None] * np.eye(dim) if variances.ndim == 1 else variances
    if covariances.shape != (count, dim, dim):
        raise ValueError(
            f"{name}.variances must have shape ({count},) or ({count}, {dim}, {dim}); got shape {variances.shape}; "
            "pass a variance or a covariance matrix per component"
        )
    keep = weights > 0.0
    return weights[keep] / weights[keep].sum(), means[keep], covariances[keep]


def cholesky_factors(name: str, covariances: FloatArray) -> FloatArray:
    """Lower Cholesky factors of covariance matrices (K, d, d), each scaled to a unit diagonal first."""
    diagonal = np.diagonal(covariances, axis1=1, axis2=2)
    if diagonal.min() < 1.0 / checks.LARGEST:
        checks.refuse(name, "be positive", covariances, "a point mass has no density: add noise")
    scale = np.sqrt(diagonal)
    unit = covariances / scale[:, :, None] / scale[:, None, :]
    asymmetry = float(np.abs(unit - unit.swapaxes(1, 2)).max())
    if asymmetry > 64 * _EPS:  # the rounding of a product such as L Lᵀ
        raise ValueError(f"{name} must be symmetric; got entries that differ by {asymmetry:.3g}; pass (C + C.T)/2")
    try:
        return np.asarray(scale[:, :, None] * np.linalg.cholesky(unit), dtype=float)
    except np.linalg.LinAlgError:
        checks.refuse(name, "be positive definite", covariances, "drop or regularise the degenerate directions")


def samples_per_block(*mixtures: Components) -> int:
    """How many samples are drawn, and their densities held, at once."""
    return max(1, min(1 << 12, _NUMBERS // max(len(m.weights) * m.means.shape[1] for m in mixtures)))


def posterior_entropy(log_terms: FloatArray) -> FloatArray:
    """Entropies of the posteriors, (N,), from log(weight_k N_k(x)), (N, K)."""
    log_share = log_terms - log_sum(log_terms)[:, None]
    return -(np.exp(log_share) * log_share).sum(axis=1)


def log_sum(log_terms: FloatArray) -> FloatArray:
    """log Σ_k exp(·) along the last axis of (N, K), without overflow: (N,)."""
    top = log_terms.max(axis=1)
    return top + np.log(np.exp(log_terms - top[:, None]).sum(axis=1))
