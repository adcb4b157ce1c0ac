"""Samples of the forward process, of the reverse SDE and of the probability flow, in any dimension.

Samples come in the blocks of `streams`.
"""

import math
from itertools import pairwise
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.checks.aliases import RNG, FloatArray
from numerics.checks.memory import require_sizes
from numerics.reverse.probability_flow import solve
from numerics.reverse.process import Dynamics, ProcessOrScore, ReverseKeywords, ReverseProcess, tolerance_of
from numerics.statistics import streams
from numerics.statistics.streams import Tag

SCHEMES = ("exponential", "euler-maruyama")
SOLVERS = ("RK45", "RK23", "DOP853", "Radau", "BDF", "LSODA")

_BLOCK_NUMBERS = 1 << 16
_LARGEST = 1 << 28  # numbers in one result: 2 GiB
_GAUSS = np.polynomial.legendre.leggauss(8)


def _block(dim: int) -> int:
    return max(1, min(1 << 12, _BLOCK_NUMBERS // dim))


def _fits(samples: int, dim: int) -> int:
    count = checks.integer("samples", samples)
    if count * dim > _LARGEST:
        checks.refuse("samples", f"be at most {_LARGEST // dim} in dimension {dim}", samples, "draw them in parts")
    require_sizes("the samples", lambda samples: 16.0 * samples * dim, samples=count)
    return count


def sample_forward(
    initial: ArrayLike, *, mean_scale: float, std: float, samples: int, rng: RNG, workers: int = 1
) -> FloatArray:
    """Exact samples of the forward process at one time, x = r x0 + (r v) Z with x0 uniform over the given points.

    ``initial``: x0, (n, d), or one point (d,). ``mean_scale`` r ≥ 0; std = r v ≥ 0, a standard deviation. ``samples``:
    how many; ``rng``: an integer ≥ 0, a numpy.random.SeedSequence, or a numpy.random.Generator, from which 128 bits are
    drawn once; ``workers``: threads, on which the result does not depend. Returns (samples, d). ValueError or TypeError
    for bad arguments. Source: LLZB eq. (8).
    """
    points = checks.array("initial", initial, shape=None)
    if points.ndim not in (1, 2):
        raise ValueError(f"initial must have shape (n, d) or (d,); got shape {points.shape}; pass one row per point")
    points = points.reshape(-1, points.shape[-1])
    r, scale = checks.real("mean_scale", mean_scale, minimum=0.0), checks.real("std", std, minimum=0.0)
    d = points.shape[1]
    count = _fits(samples, d)

    def run(root: np.random.SeedSequence, block: int, size: int) -> FloatArray:
        stream = streams.generator(root, Tag.FORWARD, block)
        full = _block(d)  # a short last block draws the same numbers as a full one
        rows = stream.integers(0, len(points), size=full)[:size] if len(points) > 1 else np.zeros(size, dtype=int)
        return r * points[rows] + scale * stream.standard_normal((full, d))[:size]

    return np.concatenate(list(streams.in_order(run, _block(d), samples=count, rng=rng, workers=workers)))


def _step_numbers(law: Dynamics, before: float, after: float) -> tuple[float, float, float]:
    """Decay, weight of the score and standard deviation of the noise of one exact step of the linear part.

    x(after) = e^{−∫f} x + s ∫ g² e^{−∫_after^t f} dt + N(0, ∫ g² e^{−2∫_after^t f} dt), before > after.
    """
    nodes, weights = _GAUSS
    half = 0.5 * (before - after)
    t = after + half * (1.0 + nodes)
    f = np.array([law.drift(float(x)) for x in t])
    g = np.array([law.diffusion(float(x)) for x in t])
    # the integral of f's interpolating polynomial up to each node
    inner = half * (_INTEGRALS @ f)
    total = half * float(weights @ f)
    score = half * float(weights @ (g * g * np.exp(-inner)))
    noise = half * float(weights @ (g * g * np.exp(-2.0 * inner)))
    return math.exp(-total), score, math.sqrt(noise)


def _integration_matrix() -> FloatArray:
    """Row i: weights of the integral from −1 to node i of the polynomial through values at the nodes."""
    nodes = _GAUSS[0]
    rows = np.empty((len(nodes), len(nodes)))
    for j in range(len(nodes)):
        unit = np.polynomial.legendre.legfit(nodes, np.eye(len(nodes))[j], len(nodes) - 1)
        primitive = np.polynomial.legendre.legint(unit, lbnd=-1.0)
        rows[:, j] = np.polynomial.legendre.legval(nodes, primitive)
    return rows


_INTEGRALS = _integration_matrix()


def sample_reverse_sde(
    score: ProcessOrScore,
    parameters: ArrayLike | None = None,
    *,
    dim: int = 1,
    samples: int,
    rng: RNG,
    steps: int = 500,
    scheme: str = "exponential",
    workers: int = 1,
    **process: Unpack[ReverseKeywords],
) -> FloatArray:
    """Samples at time ``start`` of dx = (f x − g² s(x, t)) dt + g dW̄ run back from N(0, prior_std² I) at ``horizon``.

    ``scheme``: "exponential", each step exact for the linear drift and the noise with the score frozen;
    "euler-maruyama". Both have a weak error of order 1 in the step; the steps shorten quadratically towards the start.

    ``score``: a `ReverseProcess`; or RandomFeatures with ``parameters`` Θ (d, m), or a callable (x (n, d),
    t) -> (n, d), and the other fields of a process as keywords: drift, diffusion, horizon, prior_std, start=0. ``dim``:
    d, which must agree with features. ``samples``, ``rng``, ``workers`` as in `sample_forward`. Returns (samples, d).
    ValueError or TypeError for bad arguments, ArithmeticError when samples overflow. Source: LLZB eq. (3).
    """
    d = checks.integer("dim", dim, maximum=10**6)
    law = ReverseProcess.of(score, parameters, process).in_dimension(d)
    count, n = _fits(samples, d), checks.integer("steps", steps, maximum=10**7)
    exact = checks.option("scheme", scheme, SCHEMES) == "exponential"
    times = law.start + (law.horizon - law.start) * np.linspace(1.0, 0.0, n + 1) ** 2
    table = []
    for before, after in pairwise(times.tolist()):
        if exact:
            table.append((before, *_step_numbers(law, before, after)))
        else:
            h, square = before - after, law.diffusion(before) ** 2
            table.append((before, 1.0 - h * law.drift(before), h * square, math.sqrt(h * square)))

    def run(root: np.random.SeedSequence, block: int, size: int) -> FloatArray:
        stream = streams.generator(root, Tag.REVERSE_SDE, block)
        shape = (_block(d), d)
        x = law.prior_std * stream.standard_normal(shape)[:size]
        with np.errstate(over="ignore", invalid="ignore"):
            for t, decay, weight, noise in table:
                x = decay * x + weight * law.score(x, t) + noise * stream.standard_normal(shape)[:size]
                if not (np.abs(x) <= checks.LARGEST).all():
                    raise ArithmeticError(f"samples overflowed at t = {t:g}: the steps are too long; pass more steps")
        return x

    return np.concatenate(list(streams.in_order(run, _block(d), samples=count, rng=rng, workers=workers)))


def sample_probability_flow(
    score: ProcessOrScore,
    parameters: ArrayLike | None = None,
    *,
    dim: int = 1,
    samples: int,
    rng: RNG,
    tolerance: float = 1e-6,
    solver: str = "DOP853",
    workers: int = 1,
    **process: Unpack[ReverseKeywords],
) -> FloatArray:
    """Samples at time ``start`` of dx/dt = f x − ½ g² s(x, t) run backward from N(0, prior_std² I) at ``horizon``.

    ``solver``: a method of scipy.integrate.solve_ivp, with local error ``tolerance`` (between 1e-12 and 1e-2), relative
    and absolute, per block of samples. Other arguments, result and errors as in `sample_reverse_sde`. Source: LLZB
    eq. (4).
    """
    d = checks.integer("dim", dim, maximum=10**6)
    law = ReverseProcess.of(score, parameters, process).in_dimension(d)
    count, local = _fits(samples, d), tolerance_of(tolerance)
    method = checks.option("solver", solver, SOLVERS)
    size = _block(d) if method in ("RK45", "RK23", "DOP853") else max(1, 64 // d)  # implicit: a Jacobian per block

    def run(root: np.random.SeedSequence, block: int, rows: int) -> FloatArray:
        # the solver's steps depend on the whole block: a short last block is solved as a full one
        first = law.prior_std * streams.generator(root, Tag.PROBABILITY_FLOW, block).standard_normal((size, d))
        ends, _ = solve(law, first, local, backward=True, logs=False, method=method)
        return ends[:rows]

    return np.concatenate(list(streams.in_order(run, size, samples=count, rng=rng, workers=workers)))
