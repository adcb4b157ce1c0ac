"""The Wasserstein distance of Gaussians in closed form."""

import math

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.checks.aliases import FloatArray

_EPS = float(np.finfo(float).eps)


def gaussian_wasserstein(
    mean: ArrayLike, covariance: ArrayLike, other_mean: ArrayLike, other_covariance: ArrayLike
) -> float:
    """W₂(N(mean, covariance), N(other_mean, other_covariance)): the root of ‖Δ mean‖² + the Bures distance squared.

    tr(C + D − 2 (C^½ D C^½)^½) is taken as ‖C^½ − D^½ U‖_F², U orthogonal from the polar decomposition of D^½ C^½:
    nothing cancels where C and D are close. Means (d,), or numbers; covariances (d, d), or numbers (variances),
    symmetric and positive semidefinite: point masses are allowed. ValueError otherwise. Source: Givens & Shortt 1984,
    proposition 7.
    """
    m = checks.vector("mean", mean)
    other = checks.vector("other_mean", other_mean)
    if len(other) != len(m):
        raise ValueError(
            f"other_mean must have shape ({len(m)},) as mean has; got shape {other.shape}; pass equal lengths"
        )
    C = _root("covariance", covariance, len(m))
    D = _root("other_covariance", other_covariance, len(m))
    left, _, right = np.linalg.svd(D @ C)
    return math.hypot(float(np.linalg.norm(m - other)), float(np.linalg.norm(C - D @ (left @ right))))


def _root(name: str, value: ArrayLike, dim: int) -> FloatArray:
    """The symmetric square root of a covariance matrix."""
    C = checks.array(name, value, shape=None)
    C = C.reshape(1, 1) if C.size == 1 else C
    if C.shape != (dim, dim):
        raise ValueError(f"{name} must have shape ({dim}, {dim}); got shape {C.shape}; pass a covariance matrix")
    size = float(np.abs(C).max())
    if np.abs(C - C.T).max() > 64 * _EPS * size:
        raise ValueError(f"{name} must be symmetric; got entries that differ; pass (C + C.T)/2")
    values, vectors = np.linalg.eigh(0.5 * (C + C.T))
    if values.min() < -64 * dim * _EPS * size:
        checks.refuse(name, "be positive semidefinite", float(values.min()), "its least eigenvalue is negative")
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
