"""Log-likelihoods of a learned score by its probability flow, in any dimension, with the exact divergence."""

import math
from typing import NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.backends.backend import Backend
from numerics.backends.choice import chosen
from numerics.checks.aliases import FloatArray, FloatOrArray
from numerics.reverse.probability_flow import log_prior, probability_flow
from numerics.reverse.process import ProcessOrScore, ReverseKeywords, ReverseProcess, tolerance_of

_BLOCK = 1 << 14  # points that share their steps


class Likelihood(NamedTuple):
    """Log-likelihoods in nats per point, (n,), and estimates of the integration's error, (n,)."""

    nats: FloatArray
    error: FloatArray


def log_likelihood(
    x: ArrayLike,
    score: ProcessOrScore,
    parameters: ArrayLike | None = None,
    *,
    tolerance: float = 1e-5,
    backend: Backend | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
    **process: Unpack[ReverseKeywords],
) -> Likelihood:
    """log p(x), in nats, under the law at time ``start`` of the probability flow dx/dt = f x − ½ g² s(x, t).

    log p(x) = log N(x_T; 0, prior_std² I) + ∫_start^T (d f − ½ g² div s)(x_t, t) dt along the flow with x_start = x,
    with div s = Σ_i 1[w_i·x + u_i·e(t) > 0] (θ_i·w_i)/√m for a network: no random estimate of the trace.

    ``x``: points (n, d). ``score``: a `ReverseProcess`; or RandomFeatures with ``parameters`` Θ (d, m), or a callable
    (x (n, d), t) -> (n, d) with its ``divergence``, (x (n, d), t) -> (n,), and the other fields of a process as
    keywords: drift, diffusion, horizon, prior_std, start=0. ``tolerance``: between 1e-12 and 1e-2, as in `ode_density`;
    for a network in d > 1 a step is shared out by the time for which a feature is active (order 2). ``backend``,
    ``device``, ``dtype``: where the steps of a network in d > 1 are made, as in `population_quadratic`; what is a
    callable, or on the line, is computed by NumPy and Numba.

    Returns a named tuple (nats, error); the error compares with a tolerance 30 times looser, or with half the steps.
    ValueError or TypeError for bad arguments, ArithmeticError when the integration fails. Source: LLZB eq. (4); Song et
    al. 2021, section 4.3.
    """
    where = chosen(backend, device, dtype)
    points = checks.array("x", x, shape=("n", "d"))
    law = ReverseProcess.of(score, parameters, process).in_dimension(points.shape[1], flow=True)
    local = tolerance_of(tolerance)
    nats, error = np.empty(len(points)), np.empty(len(points))
    for i in range(0, len(points), _BLOCK):
        part = slice(i, i + _BLOCK)
        ends, change, error[part] = probability_flow(law, points[part], tolerance=local, where=where)
        nats[part] = log_prior(law, ends) + change
    return Likelihood(nats, error)


def bits_per_dim(nats: ArrayLike, *, dim: int, offset: float = 0.0) -> FloatOrArray:
    """−log₂ p(x) per dimension, −nats/(d ln 2) + offset, of log-likelihoods in nats (a number or an array).

    ``offset``: bits per dimension that the caller's scaling and dequantisation of the data add; 0 for continuous data
    as they are, log₂ 256 = 8 for uniformly dequantised 8-bit data divided by 256, 7 for data scaled to [−1, 1].
    ValueError or TypeError for bad arguments. Source: Song et al. 2021, section 4.3.
    """
    values = checks.array("nats", nats, shape=None)
    d = checks.integer("dim", dim)
    result = -values / (d * math.log(2.0)) + checks.real("offset", offset)
    return result if result.shape else float(result)
