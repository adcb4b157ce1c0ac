"""The probability flow dx/dt = f x − ½ g² s of a learned score, with the logarithm of its Jacobian."""

import math

import numpy as np
from scipy.integrate import solve_ivp

from numerics.backends.backend import Backend
from numerics.backends.choice import NUMPY, in_use
from numerics.backends.flows import Steps
from numerics.checks.aliases import FloatArray
from numerics.kernels import flow_kinks
from numerics.random_features.features import embed
from numerics.reverse.process import Dynamics, Network

_FIRST_STEPS, _MOST_STEPS = 64, 1 << 13
_TABLE = 256  # times whose embeddings are computed at once
_TABLE_NUMBERS = 1 << 15  # of them on the line: 256 KiB for both ends and middles of steps


def probability_flow(
    law: Dynamics,
    points: FloatArray,
    *,
    tolerance: float,
    backward: bool = False,
    steps: int | None = None,
    where: Backend | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Move points (n, d) along the flow from start to horizon (or back).

    Returns the ends (n, d), the log-Jacobian ∫ (d f − ½ g² div s) dt along the way (n,) (zeros when going back), and
    the estimated error of log-density it causes (n,). A callable score goes to scipy's method of order 8. A network has
    kinks, at which an adaptive method would creep: there the grid of steps is fixed, ``steps`` of them, or doubled
    until the ends and logarithms change by less than ``tolerance``. ArithmeticError where points overflow.
    """
    chosen_backend = where or in_use()
    if law.network is None:
        ends, change = solve(law, points, tolerance, backward=backward, logs=not backward)
        if backward:
            return ends, change, np.zeros(len(points))
        rough_ends, rough = solve(law, points, min(30.0 * tolerance, 0.1), backward=False, logs=True)
        return ends, change, np.abs(log_prior(law, ends) + change - log_prior(law, rough_ends) - rough)
    if steps is not None:
        ends, change = _in_steps(law, law.network, points, steps, backward, where=chosen_backend)
        return ends, change, np.zeros(len(points))
    ends, change, error, _ = doubled(law, points, tolerance, backward=backward, where=chosen_backend)
    return ends, change, error


def doubled(
    law: Dynamics, points: FloatArray, tolerance: float, *, backward: bool = False, where: Backend = NUMPY
) -> tuple[FloatArray, FloatArray, FloatArray, int]:
    """`probability_flow` of a network, with the number of steps that the tolerance took."""
    network = law.network
    assert network is not None  # for the type checker: callers ask
    steps = _FIRST_STEPS
    before = _in_steps(law, network, points, steps, backward, where=where)
    while True:
        steps *= 2
        ends, change = _in_steps(law, network, points, steps, backward, where=where)
        if backward:
            error = np.abs(ends - before[0]).max(axis=1)
        else:
            error = np.abs(log_prior(law, ends) + change - log_prior(law, before[0]) - before[1])
        if error.max() <= tolerance or steps >= _MOST_STEPS:
            return ends, change, error, steps
        before = ends, change


def _grid(law: Dynamics, steps: int, backward: bool) -> FloatArray:
    """The ends of steps that shorten quadratically towards the start, (steps + 1,)."""
    u = np.linspace(0.0, 1.0, steps + 1)
    return law.start + (law.horizon - law.start) * (u[::-1] if backward else u) ** 2


def _in_steps(
    law: Dynamics, network: Network, points: FloatArray, steps: int, backward: bool, *, where: Backend
) -> tuple[FloatArray, FloatArray]:
    """The ends and log-Jacobians of a network's flow: exact in its kinks on the line, with shares of steps beyond."""
    if law.dim == 1:
        return _from_kink_to_kink(law, network, points, steps, backward)
    return _fixed_steps(law, network, points, steps, backward, where=where)


def _from_kink_to_kink(
    law: Dynamics, network: Network, points: FloatArray, steps: int, backward: bool
) -> tuple[FloatArray, FloatArray]:
    """The flow on the line, every step cut where a feature switches: order 3 or better, see `flow_kinks`."""
    times = _grid(law, steps, backward)
    x, logs = points[:, 0].copy(), np.zeros(len(points))
    features, rows = network.features, max(16, min(_TABLE, _TABLE_NUMBERS // network.features.width))
    w, theta = features.weights[:, 0].copy(), network.theta[0].copy()
    for k in range(0, steps, rows):
        ends = times[k : k + rows + 1]
        both = np.empty(2 * len(ends) - 1)
        both[::2], both[1::2] = ends, 0.5 * (ends[:-1] + ends[1:])
        f = np.array([law.drift(t) for t in both.tolist()])
        half = np.array([0.5 * law.diffusion(t) ** 2 for t in both.tolist()])
        inputs = embed(features.embedding, both, features.time_weights.shape[1])
        b = inputs @ features.time_weights.T
        flow_kinks.follow(x, logs, np.diff(ends), f, half, inputs, b, w, features.time_weights, theta)
    if not (np.isfinite(x).all() and np.isfinite(logs).all()):
        raise ArithmeticError("the probability flow overflowed: the score is too steep for its steps")
    return x[:, None], logs


def _fixed_steps(
    law: Dynamics, network: Network, points: FloatArray, steps: int, backward: bool, *, where: Backend
) -> tuple[FloatArray, FloatArray]:
    """Runge–Kutta steps of order 4 that shorten quadratically towards the start: `numerics.backends.flows`."""
    times = _grid(law, steps, backward)
    middle = 0.5 * (times[:-1] + times[1:])
    drift = np.array([[law.drift(float(t)) for t in grid[:steps]] for grid in (times[:-1], middle, times[1:])])
    half = np.array([[0.5 * law.diffusion(float(t)) ** 2 for t in grid] for grid in (times[:-1], middle, times[1:])])

    def intercepts(first: int, count: int) -> tuple[FloatArray, FloatArray]:
        inner, outer = (network.features.intercepts(grid[first : first + count]) for grid in (middle, times[1:]))
        return inner, outer

    ends, change = where.runge_kutta(
        points,
        Steps(
            np.diff(times), drift, half, network.intercepts(float(times[0])), intercepts, network.weights,
            network.theta, network.trace,
        ),
        _TABLE,
        logs=not backward,
    )  # fmt: skip
    if not np.isfinite(ends).all():
        raise ArithmeticError("the probability flow overflowed: the score is too steep for its steps")
    return ends, change


def solve(
    law: Dynamics, points: FloatArray, tolerance: float, *, backward: bool, logs: bool, method: str = "DOP853"
) -> tuple[FloatArray, FloatArray]:
    """The ends and log-Jacobians (zeros without ``logs``) by scipy's solve_ivp, with local error ``tolerance``."""
    n, d = points.shape
    divergence = law.divergence if logs else None

    def rate(t: float, y: FloatArray) -> FloatArray:
        x = y[: n * d].reshape(n, d)
        f, half = law.drift(t), 0.5 * law.diffusion(t) ** 2
        out = np.empty(len(y))
        out[: n * d] = (f * x - half * law.score(x, t)).reshape(-1)
        if divergence is not None:
            out[n * d :] = d * f - half * divergence(x, t)
        return out

    span = (law.horizon, law.start) if backward else (law.start, law.horizon)
    first = np.concatenate([points.reshape(-1), np.zeros(n if divergence is not None else 0)])
    done = solve_ivp(rate, span, first, method=method, rtol=max(tolerance, 1e-13), atol=tolerance)
    end = done.y[:, -1]
    if not done.success or not np.isfinite(end).all():
        raise ArithmeticError(f"the probability flow could not be followed to t = {span[1]:g}: {done.message}")
    change = end[n * d :] if divergence is not None else np.zeros(n)
    return end[: n * d].reshape(n, d), change


def log_prior(law: Dynamics, x: FloatArray) -> FloatArray:
    """log N(x; 0, prior_std² I) for x (n, d)."""
    z = x / law.prior_std
    return -0.5 * np.sum(z * z, axis=1) - law.dim * (math.log(law.prior_std) + 0.5 * math.log(2.0 * math.pi))
