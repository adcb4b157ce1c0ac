"""Log-likelihoods of a score whose divergence is estimated by random probes, with the error of the estimate."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import solve_ivp

from numerics import checks
from numerics.checks.aliases import RNG, FloatArray, TimeFunction
from numerics.reverse.probability_flow import log_prior
from numerics.reverse.process import Dynamics, ReverseProcess, tolerance_of
from numerics.statistics import streams

_BLOCK = 1 << 10  # points that share their steps

Probed = Callable[[FloatArray, float, FloatArray], tuple[ArrayLike, ArrayLike]]
"""Points (n, d), a time, probes (P, n, d) -> the score (n, d) and vᵀ (∇s) v for each probe (P, n)."""


class ProbedLikelihood(NamedTuple):
    """Estimates of log-likelihoods in nats, their standard errors over the probes, and the integration's: all (n,)."""

    nats: FloatArray
    standard_error: FloatArray
    error: FloatArray


def probed_log_likelihood(
    x: ArrayLike, probed: Probed, *, drift: TimeFunction, diffusion: TimeFunction, horizon: float, prior_std: float,
    rng: RNG, start: float = 0.0, probes: int = 4, tolerance: float = 1e-5,
) -> ProbedLikelihood:  # fmt: skip
    """Hutchinson's estimate of log p(x), in nats, under the law at time ``start`` of dx/dt = f x − ½ g² s(x, t).

    div s is the mean over P probes v of random signs of vᵀ (∇s) v, whose expectation it is. A point keeps its probes
    along the flow, which does not depend on them: each probe gives an unbiased log p(x), and their mean is returned
    with its standard error, so that the mean over many points has the error that their independent errors leave.

    ``x``: points (n, d). ``probed``: (x (n, d), t, v (P, n, d)) -> s (n, d) and vᵀ (∇s) v (P, n), as `UNet.probed`.
    ``probes`` P ≥ 2. Other arguments as in `log_likelihood`, whose .error is the third array: the flow at a tolerance
    30 times looser compared. ValueError or TypeError for bad arguments, ArithmeticError when the integration fails.
    Source: Song et al. 2021, section 4.3; Hutchinson 1989.
    """
    points = checks.array("x", x, shape=("n", "d"))
    count, local = checks.integer("probes", probes, minimum=2, maximum=10**6), tolerance_of(tolerance)
    if not callable(probed):
        checks.refuse("probed", "be callable", probed, "pass lambda x, t, v: (score, forms)", TypeError)
    generator = np.random.Generator(np.random.SFC64(streams.root(rng)))
    law = ReverseProcess(
        score=lambda at, t: 0.0 * at, drift=drift, diffusion=diffusion,
        horizon=horizon, prior_std=prior_std, start=start,
    ).in_dimension(points.shape[1])  # fmt: skip
    found = np.empty((3, len(points)))
    for i in range(0, len(points), _BLOCK):
        part = points[i : i + _BLOCK]
        signs = 2.0 * generator.integers(0, 2, (count, *part.shape)).astype(np.float64) - 1.0
        nats, rough = (_integrated(law, probed, part, signs, size) for size in (local, min(30.0 * local, 0.1)))
        found[0, i : i + _BLOCK] = nats.mean(axis=0)
        found[1, i : i + _BLOCK] = nats.std(axis=0, ddof=1) / np.sqrt(count)
        found[2, i : i + _BLOCK] = np.abs((nats - rough).mean(axis=0))
    return ProbedLikelihood(*found)


def _of(probed: Probed, x: FloatArray, t: float, signs: FloatArray) -> tuple[FloatArray, FloatArray]:
    """What ``probed`` returns, checked."""
    wanted = x.shape, signs.shape[:2]
    try:
        score, forms = (np.asarray(value, dtype=float) for value in probed(x, t, signs))
    except Exception as error:
        raise ValueError(
            f"probed must take points, a time and probes; it raised {type(error).__name__}: {error}; return arrays of "
            f"shapes {wanted[0]} and {wanted[1]}"
        ) from error
    if (score.shape, forms.shape) != wanted or not (np.isfinite(score).all() and np.isfinite(forms).all()):
        raise ValueError(
            f"probed must return finite numbers of shapes {wanted[0]} and {wanted[1]} at t = {t:g}; got shapes "
            f"{score.shape} and {forms.shape}; return the score and one number per probe and point"
        )
    return score, forms


def _integrated(law: Dynamics, probed: Probed, points: FloatArray, signs: FloatArray, tolerance: float) -> FloatArray:
    """log p by each probe, (P, n)."""
    n, d = points.shape

    def rate(t: float, y: FloatArray) -> FloatArray:
        x = y[: n * d].reshape(n, d)
        if not (np.abs(x) <= checks.LARGEST).all():
            raise ArithmeticError(f"the probability flow overflowed at t = {t:g}: probed gives too steep a score")
        f, half = law.drift(t), 0.5 * law.diffusion(t) ** 2
        score, forms = _of(probed, x, t, signs)
        return np.concatenate([(f * x - half * score).reshape(-1), (d * f - half * forms).reshape(-1)])

    first = np.concatenate([points.reshape(-1), np.zeros(len(signs) * n)])
    done = solve_ivp(
        rate, (law.start, law.horizon), first, method="DOP853", rtol=max(tolerance, 1e-13), atol=tolerance
    )  # fmt: skip
    end = done.y[:, -1]
    if not done.success or not np.isfinite(end).all():
        raise ArithmeticError(f"the probability flow could not be followed to t = {law.horizon:g}: {done.message}")
    return log_prior(law, end[: n * d].reshape(n, d)) + end[n * d :].reshape(len(signs), n)
