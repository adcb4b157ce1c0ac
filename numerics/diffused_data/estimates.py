"""Two kernel density estimates, and what they make of a divergence: a convention to be priced, no measurement."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from numerics import checks
from numerics.checks.aliases import FloatArray

_NUMBERS = 1 << 20  # of distances at once


def density_estimate_divergence(points: ArrayLike, others: ArrayLike, *, bandwidth: float) -> float:
    """(1/n) Σ_i log(p̂(x_i)/q̂(x_i)): p̂ = (1/n) Σ_j N(x_j, h² I) at the points that it was made of, q̂ of the others.

    ``points`` x (n, d) and ``others`` (m, d), or (n,) and (m,) on the line; ``bandwidth`` h > 0, a standard deviation.
    Both smoothing and the points' own kernels bias it: for many points it tends to less than KL(P‖Q) (IT14:smoothing),
    for few in many dimensions log p̂ is little but −log n − d log(h√2π). ValueError or TypeError for bad arguments.
    """
    x, y = (checks.rows(name, value) for name, value in (("points", points), ("others", others)))
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"others must have shape (m, {x.shape[1]}) as points have; got shape {y.shape}; pass equal d")
    h = checks.real("bandwidth", bandwidth, above=0.0)
    return float((_log_kernels(x, x, h) - _log_kernels(x, y, h)).mean())


def _log_kernels(at: FloatArray, centres: FloatArray, h: float) -> FloatArray:
    """log (1/m) Σ_j e^{−‖x − y_j‖²/2h²}, (n,)."""
    rows = max(1, _NUMBERS // centres.size)
    parts = [
        logsumexp(-0.5 * (((at[k : k + rows, None] - centres) / h) ** 2).sum(axis=2), axis=1)
        for k in range(0, len(at), rows)
    ]
    return np.concatenate(parts) - math.log(len(centres))
