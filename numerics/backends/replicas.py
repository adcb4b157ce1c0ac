"""Replicas of one-hidden-layer score networks trained in one program of batched array code, with written-out gradients.

A replica's numbers depend on nothing but the replica: how many are trained together follows the device's memory.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from numerics.backends import philox
from numerics.backends.arrays import Array, Arrays
from numerics.checks.aliases import FloatArray

_LARGEST = 1e60  # beyond, no network can be evaluated: that run blew up, too
_POINTS, _NOISE, _ORDER = 0, 1, 2  # streams of a replica's key


class Draws(NamedTuple):
    """What some epochs draw for each of R replicas, in the order of the visits: all (R, epochs, n), noise with d more.

    ``order``: the numbers of the points, int64.
    """

    order: NDArray[np.int64]
    times: FloatArray
    mean_scale: FloatArray
    std: FloatArray
    noise: FloatArray


class Numbered(NamedTuple):
    """Random numbers by their number: a key for each replica, and the fits of log mean_scale and log std in log t."""

    keys: NDArray[np.int64]  # (R, 2)
    mean_scale: FloatArray
    std: FloatArray
    start: float
    horizon: float

    def numbers(self) -> list[float]:
        """start, horizon − start, 2⁻⁵³, 2π 2⁻⁵³, log start + log horizon, 1/(log horizon − log start)."""
        logs = math.log(self.start), math.log(self.horizon)
        unit = 2.0**-53
        return [self.start, self.horizon - self.start, unit, 2.0 * math.pi * unit, sum(logs), 1.0 / (logs[1] - logs[0])]


class Replicas(NamedTuple):
    """R replicas: parameters (R, p), frequencies (R, F/2) in turns, data (R, n, d) or (1, n, d); how they are trained.

    ``draws``: the numbers first, count of some epochs, and the replicas -> what they draw; or `Numbered`. ``saved_at``:
    numbers of completed epochs. ``chunk``: epochs that are drawn at once. Layout of parameters and the meaning of
    ``every``, ``scale`` and the optimizer's numbers as in `numerics.kernels.network_training`.
    """

    theta: FloatArray
    frequencies: FloatArray
    data: FloatArray
    width: int
    epochs: int
    batch: int
    scale: float
    swish: bool
    every: bool
    adam: bool
    rate: float
    betas: tuple[float, float]
    epsilon: float
    saved_at: NDArray[np.int64]
    draws: Callable[[int, int, slice], Draws] | Numbered
    chunk: int

    @property
    def bytes_each(self) -> float:
        """An estimate of what one replica holds while it is trained."""
        n, d = self.data.shape[1:]
        fan = d + 2 * self.frequencies.shape[1]
        kept = self.theta.shape[1] * (len(self.saved_at) + 6) + self.epochs
        return 8.0 * (kept + n * (4 * fan + 24 * d) * self.chunk + 10 * self.batch * self.width)


def train(arrays: Arrays, problem: Replicas) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    """Parameters at the checkpoints (R, C, p), losses (R, E), and the epochs completed at a divergence, or −1, (R,)."""
    R, p = problem.theta.shape
    saved = np.empty((R, len(problem.saved_at), p))
    losses, diverged = np.empty((R, problem.epochs)), np.empty(R, dtype=np.int64)
    rows = arrays.rows(R, problem.bytes_each)
    with arrays.spoken("the training"), np.errstate(over="ignore", invalid="ignore"):
        for first in range(0, R, rows):
            part = slice(first, min(first + rows, R))
            saved[part], losses[part], diverged[part] = _train(arrays, problem, part)
    return saved, losses, diverged


def _train(arrays: Arrays, problem: Replicas, part: slice) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    xp = arrays.xp
    data = arrays.array(problem.data if len(problem.data) == 1 else problem.data[part])
    frequencies = arrays.array(problem.frequencies[part])
    state = State.of(arrays, problem, arrays.array(np.array(problem.theta[part])))
    R, n, d = state.theta.shape[0], *problem.data.shape[1:]
    inputs, noise = (
        xp.zeros((R, n, size), dtype=arrays.real, device=data.device) for size in (d + 2 * frequencies.shape[1], d)
    )
    fast = arrays.epochs(problem, state, data, frequencies, part)
    if fast is None:
        epoch = arrays.repeated(lambda state: _epoch(xp, problem, state, inputs, noise), state)
    else:
        epoch = partial(fast.given, inputs, noise)
    visits = _visits(arrays, problem, part, state, (data, frequencies, inputs, noise), fast, epoch)
    return followed(arrays, state, problem.saved_at, n, visits)


def _visits(
    arrays: Arrays, problem: Replicas, part: slice, state: "State", held: tuple[Array, ...], fast: Any,
    epoch: Callable[["State"], None],
) -> Iterator[None]:  # fmt: skip
    """Train epoch after epoch; ``held``: data, frequencies, and the inputs and noise that an epoch reads."""
    xp, (data, frequencies, inputs, noise) = arrays.xp, held
    for start in range(0, problem.epochs, problem.chunk):
        count = min(problem.chunk, problem.epochs - start)
        within = fast is not None and isinstance(problem.draws, Numbered)
        drawn = None if within else _drawn(arrays, problem, start, count, part)
        for k in range(count):
            if drawn is None:
                fast.drawn()  # type: ignore[union-attr]
            else:
                order, times, mean_scale, std, z = (value[:, k] for value in drawn)
                turns = times[:, :, None] * frequencies[:, None, :]
                turns = 2.0 * math.pi * (turns - xp.round(turns))
                noise[...] = z
                points = mean_scale[:, :, None] * visited(xp, data, order) + std[:, :, None] * z
                inputs[...] = xp.concat([points, xp.sin(turns), xp.cos(turns)], axis=2)
                state.total[...] = 0.0
                epoch(state)
            yield


def visited(xp: Array, data: Array, order: Array) -> Array:
    """The data (R, n, d) or (1, n, d) in each replica's order (R, n): (R, n, d)."""
    shape = (*order.shape, data.shape[2])
    return xp.take_along_axis(xp.broadcast_to(data, shape), xp.broadcast_to(order[:, :, None], shape), axis=1)


def followed(
    arrays: Arrays, state: "State", saved_at: NDArray[np.int64], points: int, epochs: Iterator[None]
) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    """What `train` returns, of replicas that ``epochs`` trains by one more epoch at each step, in place."""
    xp, R = arrays.xp, state.theta.shape[0]
    largest = min(_LARGEST, float(xp.finfo(arrays.real).max))
    alive, losses, diverged = None, [], np.full(R, -1, dtype=np.int64)
    saved = {0: np.array(arrays.numpy(state.theta))} if saved_at[0] == 0 else {}
    marks = set(saved_at.tolist())
    for done, _ in enumerate(epochs, 1):
        sizes = xp.max(xp.abs(state.theta), axis=1)  # NaN where there is one
        well = xp.isfinite(state.total) & (sizes <= largest)
        alive = well if alive is None else alive & well
        losses.append(xp.where(alive, state.total / points, math.nan))
        if done in marks:
            saved[done] = arrays.numpy(xp.where(alive[:, None], state.theta, math.nan))
    table = arrays.numpy(xp.stack(losses, axis=1))
    gone = np.isnan(table)
    diverged[gone.any(axis=1)] = gone.argmax(axis=1)[gone.any(axis=1)]
    return np.stack([saved[int(mark)] for mark in saved_at], axis=1), table, diverged


class Rule(Protocol):
    """How a step is made: by Adam or by SGD, with their numbers."""

    @property
    def adam(self) -> bool:
        """Whether it is Adam's."""
        ...

    @property
    def rate(self) -> float:
        """The learning rate."""
        ...

    @property
    def betas(self) -> tuple[float, float]:
        """Adam's decay rates."""
        ...

    @property
    def epsilon(self) -> float:
        """Adam's ε."""
        ...


class State(NamedTuple):
    """What an epoch changes in place: parameters and their gradients, Adam's means and steps, the sum of losses."""

    theta: Array
    grad: Array
    mean: Array
    square: Array
    steps: Array
    total: Array

    @classmethod
    def of(cls, arrays: Arrays, rule: Rule, theta: Array) -> "State":
        """The state before the first step."""
        xp = arrays.xp
        zeros = [xp.zeros_like(theta) for _ in range(3 if rule.adam else 1)]
        mean, square = zeros[1:] if rule.adam else (zeros[0], zeros[0])
        return cls(theta, zeros[0], mean, square, xp.zeros_like(theta[0, :1]), xp.zeros_like(theta[:, 0]))


def _layers(xp: Array, values: Array, width: int, dim: int) -> list[Array]:
    """Views of W (R, m, fan), the two biases (R, m), A (R, d, m) and its bias (R, d)."""
    R, p = values.shape
    fan = (p - 2 * width - dim * width - dim) // width
    ends = np.cumsum([width * fan, width, width, dim * width, dim]).tolist()
    parts = [values[:, low:high] for low, high in zip([0, *ends[:-1]], ends, strict=True)]
    shapes = [(R, width, fan), (R, width), (R, width), (R, dim, width), (R, dim)]
    return [xp.reshape(part, shape) for part, shape in zip(parts, shapes, strict=True)]


def _epoch(xp: Array, problem: Replicas, state: State, inputs: Array, noise: Array) -> None:
    """One pass over the points, batch by batch, in place."""
    width, dim, n = problem.width, noise.shape[2], noise.shape[1]
    W, b, c, A, a = _layers(xp, state.theta, width, dim)
    gW, gb, gc, gA, ga = _layers(xp, state.grad, width, dim)
    moved = slice(0 if problem.every else width * (inputs.shape[2] + 2), None)

    def turned(values: Array) -> Array:
        return xp.permute_dims(values, (0, 2, 1))

    for start in range(0, n, problem.batch):
        x, z = inputs[:, start : start + problem.batch], noise[:, start : start + problem.batch]
        count = z.shape[1]
        before = x @ turned(W) + (b + c)[:, None, :]
        if problem.swish:
            gate = 1.0 / (1.0 + xp.exp(-before))
            hidden = before * gate
            slopes = gate + hidden * (1.0 - gate)
        else:
            hidden = xp.clip(before, 0.0, None)
            slopes = xp.astype(before > 0.0, before.dtype)
        miss = (hidden @ turned(A) + a[:, None, :]) * (1.0 / problem.scale) + z
        state.total[...] += xp.sum(miss * miss, axis=(1, 2))
        back = miss * (2.0 / (count * problem.scale))
        gA[...] = turned(back) @ hidden
        ga[...] = xp.sum(back, axis=1)
        if problem.every:
            inner = (back @ A) * slopes
            gW[...] = turned(inner) @ x
            gb[...] = xp.sum(inner, axis=1)
            gc[...] = gb
        step(xp, problem, state, moved)


def step(xp: Array, rule: Rule, state: State, moved: slice) -> None:
    """A step of SGD, or of Adam as PyTorch has it, in place."""
    g = state.grad[:, moved]
    if not rule.adam:
        state.theta[:, moved] -= rule.rate * g
        return
    one, two = rule.betas
    state.steps[...] += 1.0
    size = rule.rate / (1.0 - one**state.steps)
    root = xp.sqrt(1.0 - two**state.steps)
    mean, square = state.mean[:, moved], state.square[:, moved]
    mean += (1.0 - one) * (g - mean)
    square *= two
    square += (1.0 - two) * (g * g)
    state.theta[:, moved] -= size * (mean / (xp.sqrt(square) / root + rule.epsilon))


# Draws ---------------------------------------------------------------------------------------------------------------


def _drawn(arrays: Arrays, problem: Replicas, first: int, count: int, part: slice) -> tuple[Array, ...]:
    """Order, times, mean_scale, std (R, count, n) and noise (R, count, n, d) on the device."""
    if not isinstance(problem.draws, Numbered):
        order, *rest = problem.draws(first, count, part)
        return arrays.integers(order), *(arrays.array(value) for value in rest)
    return numbered(arrays, problem.draws, first, count, part, problem.data.shape[1:])


def numbered(
    arrays: Arrays, how: Numbered, first: int, count: int, part: slice, shape: tuple[int, ...]
) -> tuple[Array, ...]:
    """The same by Philox: point i of epoch e has block e n + i of its replica's key."""
    xp, (n, d) = arrays.xp, shape
    one, two = (arrays.integers(how.keys[part, k])[:, None] for k in range(2))
    R = one.shape[0]
    _, _, c, e = philox.words(xp, (one, two), _POINTS, arrays.span(first * n, (first + count) * n)[None, :])
    order = numbered_orders(arrays, how, first, count, part, n)
    times = how.start + (how.horizon - how.start) * (philox.numbers(arrays, c, e) * 2.0**-53)
    each = philox.blocks_of(d)
    blocks = arrays.span(first * n * each, (first + count) * n * each)[None, :]
    noise = xp.stack(list(philox.pairs(arrays, philox.words(xp, (one, two), _NOISE, blocks))), axis=2)
    noise = xp.reshape(xp.reshape(noise, (R, count * n, 2 * each))[:, :, :d], (R, count, n, d))
    scaled = (2.0 * xp.log(times) - math.log(how.start * how.horizon)) / math.log(how.horizon / how.start)
    r, s = (xp.exp(_series(xp, arrays.array(fit).tolist(), scaled)) for fit in (how.mean_scale, how.std))
    return order, *(xp.reshape(value, (R, count, n)) for value in (times, r, s)), noise


def numbered_orders(arrays: Arrays, how: Numbered, first: int, count: int, part: slice, n: int) -> Array:
    """The orders alone, (R, count, n): epoch e has block e of its replica's key."""
    one, two = (arrays.integers(how.keys[part, k])[:, None] for k in range(2))
    words = philox.words(arrays.xp, (one, two), _ORDER, arrays.span(first, first + count)[None, :])
    a, b, c, d = (word[:, :, None] for word in words)
    return philox.permutation(arrays.xp, (a, b, c, d), arrays.span(0, n), n)


def _series(xp: Array, coefficients: list[float], x: Array) -> Array:
    """A Chebyshev series at x in [−1, 1], by Clenshaw."""
    one, two = xp.zeros_like(x), xp.zeros_like(x)
    for coefficient in reversed(coefficients[1:]):
        one, two = 2.0 * x * one - two + coefficient, one
    return x * one - two + coefficients[0]


def fit_in_logs(function: Callable[[FloatArray], FloatArray], start: float, horizon: float) -> FloatArray | None:
    """Chebyshev coefficients of log f in log t on [start, horizon] that give f to 1e-12 relative; None if none do.

    Checked at 1009 times that are no nodes. At most 512 coefficients.
    """
    low, high = math.log(start), math.log(horizon)

    def logs(x: FloatArray) -> FloatArray:
        return np.log(function(np.clip(np.exp(0.5 * (low + high) + 0.5 * (high - low) * x), start, horizon)))

    check = np.linspace(-1.0, 1.0, 1009)
    target = logs(check)
    for degree in (0, 32, 64, 128, 256, 511):
        fit = np.asarray(np.polynomial.Chebyshev.interpolate(logs, degree).coef, dtype=float)
        if np.abs(np.polynomial.chebyshev.chebval(check, fit) - target).max() <= 1e-12:
            return fit
    return None
