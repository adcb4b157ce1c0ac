"""An epoch of many replicas as one Triton kernel: one program trains one replica, its parameters in registers.

A replica's parameters are one 16 × 16 tile P, a row for each hidden unit: the weights of the inputs, both biases,
zeros, and in the last column the output's weights. With the points of a batch as columns of X (16, B), whose rows are
the inputs, two rows of ones and zeros, P X is what goes into the hidden units, and (gradient) Xᵀ their gradient: both
are products that `tl.dot` takes, which needs 16 rows. What is beyond a network's width or inputs stays 0 by itself.

Floats are read from ``numbers``, since Python's own would arrive as float32. This module needs Triton, which comes with
PyTorch's builds for CUDA; with TRITON_INTERPRET=1 it runs on the processor, slowly.
"""

# a kernel's branches are decided when it is compiled, and a kernel is called with a grid in brackets
# pyright: reportPossiblyUnboundVariable=false, reportIndexIssue=false, reportOperatorIssue=false, reportMissingImports=false

import math
from typing import Any

import numpy as np
import triton
import triton.language as tl

from numerics.backends.arrays import Array, Arrays
from numerics.backends.philox import grid
from numerics.backends.replicas import Numbered, Replicas, State

SIDE = 16
_LAST = tl.constexpr(15)


@triton.jit
def _uniform(high, low, real: tl.constexpr):
    """(53 bits of two words, as a float)."""
    return ((high.to(tl.int64) >> 5) * 67108864 + (low.to(tl.int64) >> 6)).to(real)


@triton.jit
def _philox(block, stream, one, two):
    """The four words of blocks (B,), int64, of a stream, uint32: `numerics.backends.philox.words`."""
    a, b = (block & 0xFFFFFFFF).to(tl.uint32), (block >> 32).to(tl.uint32)
    c, d = a * 0 + stream, a * 0
    for _ in tl.static_range(10):
        high_a, low_a = tl.umulhi(a, a * 0 + 0xD2511F53), a * 0xD2511F53
        high_c, low_c = tl.umulhi(c, c * 0 + 0xCD9E8D57), c * 0xCD9E8D57
        a, b, c, d = high_c ^ b ^ one, low_c, high_a ^ d ^ two, low_a
        one, two = one + 0x9E3779B9, two + 0xBB67AE85
    return a, b, c, d


@triton.jit
def _hash(x):
    """`numerics.backends.philox._hash` of uint32."""
    x = (x ^ (x >> 16)) * 0x7FEB352D
    x = (x ^ (x >> 15)) * 0x846CA68B
    return x ^ (x >> 16)


@triton.jit
def _permutation(place, n, rows, columns, most, a, b, c, d):
    """`numerics.backends.philox.permutation` of places (B,), uint32, by four words of the same shape."""
    value, beyond = place, place >= 0
    for _ in range(0, most):
        if tl.max(beyond.to(tl.int32), axis=0) > 0:
            i, j = value // columns, value % columns
            for k in tl.static_range(12):
                word = a if k % 4 == 0 else (b if k % 4 == 1 else (c if k % 4 == 2 else d))
                key = word + ((k * 0x9E3779B9) & 0xFFFFFFFF)
                if k % 2 == 0:
                    i = (i + _hash(j + key) % rows) % rows
                else:
                    j = (j + _hash(i + key) % columns) % columns
            value = tl.where(beyond, i * columns + j, value)
            beyond = value >= n
    return value


@triton.jit
def _exponential_series(fit, degree, x):
    """exp of the Chebyshev series with coefficients ``fit`` at x, by Clenshaw."""
    one, two = x * 0, x * 0
    for k in range(0, degree):
        one, two = 2 * x * one - two + tl.load(fit + degree - k), one
    return tl.exp(x * one - two + tl.load(fit))


@triton.jit
def _epoch(
    theta, mean, square, total, numbers, visits, inputs, noise, data, keys, frequencies, scale_fit, std_fit,
    n, rows, columns, width, fan, shared, scale_degree, std_degree,
    batches: tl.constexpr, batch: tl.constexpr, block: tl.constexpr,
    swish: tl.constexpr, every: tl.constexpr, adam: tl.constexpr, drawn: tl.constexpr, real: tl.constexpr,
):  # fmt: skip
    """Train replica ``program_id`` for one epoch in place; total (R,): its sum of losses. ``drawn``: by Philox here."""
    replica = tl.program_id(0).to(tl.int64)
    size = width * (fan + 3) + 1
    row, column, place = tl.arange(0, 16)[:, None], tl.arange(0, 16)[None, :], tl.arange(0, block)
    # where an entry of the tile stands among the parameters: W by rows, two biases, A, the output's bias
    spot = tl.where(
        column < fan,
        row * fan + column,
        tl.where(column < fan + 2, width * fan + (column - fan) * width + row, width * (fan + 2) + row),
    )
    kept = (row < width) & ((column < fan + 2) | (column == _LAST))
    here = theta + replica * size
    P = tl.load(here + spot, mask=kept, other=0).to(real)
    a = tl.load(here + size - 1)
    rate, inverse = tl.load(numbers), tl.load(numbers + 1)
    beta_1, beta_2, epsilon = tl.load(numbers + 2), tl.load(numbers + 3), tl.load(numbers + 4)
    if adam:
        M, S = (
            tl.load(mean + replica * size + spot, mask=kept, other=0),
            tl.load(square + replica * size + spot, mask=kept, other=0),
        )
        m, s = tl.load(mean + replica * size + size - 1), tl.load(square + replica * size + size - 1)
        power_1, power_2 = tl.load(numbers + 5), tl.load(numbers + 6)  # β to the number of steps before
    lost = a * 0
    feature = tl.arange(0, 16)[:, None]
    for k in range(0, batches):
        first = k * batch
        count = tl.minimum(batch, n - first)
        valid = place < count
        at = first + place
        if drawn:
            visit = tl.load(visits) + at.to(tl.int64)
            one, two = tl.load(keys + 2 * replica).to(tl.uint32), tl.load(keys + 2 * replica + 1).to(tl.uint32)
            _, _, high, low = _philox(visit, 0, one, two)
            unit = _uniform(high, low, real) * tl.load(numbers + 9)
            start, length = tl.load(numbers + 7), tl.load(numbers + 8)
            t = start + length * unit
            # the words of the noise: a block for each visit
            g, h, e, f = _philox(visit, 1, one, two)
            radius = tl.sqrt(-2 * tl.log((_uniform(g, h, real) + 1) * tl.load(numbers + 9)))
            z = radius * tl.cos(tl.load(numbers + 10) * _uniform(e, f, real))
            scaled = (2 * tl.log(t) - tl.load(numbers + 11)) * tl.load(numbers + 12)
            r, std = (
                _exponential_series(scale_fit, scale_degree, scaled),
                _exponential_series(std_fit, std_degree, scaled),
            )
            epoch = tl.load(visits + 1) + place.to(tl.int64) * 0
            a_0, a_1, a_2, a_3 = _philox(epoch, 2, one, two)
            none = (place * 0).to(tl.uint32)
            point = _permutation(
                none + tl.where(valid, at, 0).to(tl.uint32), none + n, none + rows, none + columns, rows,
                a_0, a_1, a_2, a_3,
            ).to(tl.int64)  # fmt: skip
            x = tl.load(data + tl.where(shared, 0, replica) * n + point, mask=valid, other=0)
            turn = (fan - 1) // 2
            omega = tl.load(
                frequencies + replica * turn + (feature - 1) % turn, mask=(feature >= 1) & (feature < fan), other=0
            )
            turns = omega * t[None, :]
            turns = (turns - tl.floor(turns + 0.5)) * tl.load(numbers + 13)
            X = tl.where(
                feature == 0, (r * x + std * z)[None, :], tl.where(feature <= turn, tl.sin(turns), tl.cos(turns))
            )
        else:
            z = tl.load(noise + replica * n + at, mask=valid, other=0)
            X = tl.load(
                inputs + (replica * n + at)[None, :] * fan + feature, mask=valid[None, :] & (feature < fan), other=0
            )
        X = tl.where(feature < fan, X, tl.where(feature < fan + 2, a * 0 + 1, a * 0))
        X = tl.where(valid[None, :], X, a * 0)
        before = tl.dot(P, X, input_precision="ieee", out_dtype=real)
        if swish:
            gate = 1 / (1 + tl.exp(-before))
            hidden = before * gate
            slopes = gate + hidden * (1 - gate)
        else:
            hidden = tl.maximum(before, 0, propagate_nan=tl.PropagateNan.ALL)
            slopes = tl.where(before > 0, a * 0 + 1, a * 0)
        A = tl.sum(tl.where(column == _LAST, P, 0), axis=1)
        miss = (tl.sum(A[:, None] * hidden, axis=0) + a) * inverse + z
        miss = tl.where(valid, miss, 0)
        lost += tl.sum(miss * miss, axis=0)
        back = miss * (2 * inverse / count.to(real))
        g_A = tl.sum(hidden * back[None, :], axis=1)
        g_a = tl.sum(back, axis=0)
        G = tl.where(column == _LAST, g_A[:, None], a * 0)
        if every:
            G += tl.dot(A[:, None] * back[None, :] * slopes, tl.trans(X), input_precision="ieee", out_dtype=real)
        if adam:
            power_1, power_2 = power_1 * beta_1, power_2 * beta_2
            step, root = rate / (1 - power_1), tl.sqrt(1 - power_2)
            M += (1 - beta_1) * (G - M)
            S = beta_2 * S + (1 - beta_2) * (G * G)
            m += (1 - beta_1) * (g_a - m)
            s = beta_2 * s + (1 - beta_2) * (g_a * g_a)
            P -= step * (M / (tl.sqrt(S) / root + epsilon))
            a -= step * (m / (tl.sqrt(s) / root + epsilon))
        else:
            P -= rate * G
            a -= rate * g_a
    tl.store(here + spot, P, mask=kept)
    tl.store(here + size - 1, a)
    tl.store(total + replica, lost)
    if adam:
        tl.store(mean + replica * size + spot, M, mask=kept)
        tl.store(square + replica * size + spot, S, mask=kept)
        tl.store(mean + replica * size + size - 1, m)
        tl.store(square + replica * size + size - 1, s)


class Epochs:
    """Epochs of replicas in one dimension, by `_epoch`, in place on the arrays of a `replicas.State`."""

    def __init__(self, arrays: Arrays, problem: Replicas, state: State, data: Array, frequencies: Array, part: slice):
        self.arrays, self.problem, self.state, self.data, self.frequencies = arrays, problem, state, data, frequencies
        self.steps = 0
        how = problem.draws
        self.keys = self.scale_fit = self.std_fit = state.total  # any pointer, where nothing is drawn here
        self.degrees, drawn = (0, 0), [0.0] * 6
        if isinstance(how, Numbered):
            self.keys = arrays.integers(how.keys[part])
            self.scale_fit, self.std_fit = arrays.array(how.mean_scale), arrays.array(how.std)
            self.degrees = len(how.mean_scale) - 1, len(how.std) - 1
            drawn = how.numbers()
        self.fixed = [problem.rate, 1.0 / problem.scale, *problem.betas, problem.epsilon], [*drawn, 2.0 * math.pi]

    def given(self, inputs: Array, noise: Array, state: State) -> None:
        """The next epoch, with the inputs (R, n, fan) and the noise (R, n, 1) of its visits."""
        del state  # the one that it was made with
        self._run(inputs, noise, False)

    def drawn(self) -> None:
        """The next epoch, whose order is drawn by a Feistel network, times and noise by Philox."""
        self._run(self.state.total, self.state.total, True)

    def _run(self, inputs: Array, noise: Array, drawn: bool) -> None:
        arrays, problem, (R, n, _) = self.arrays, self.problem, (len(self.frequencies), *self.data.shape[1:])
        batches = -(-n // problem.batch)
        one, two = problem.betas
        powers = [one**self.steps, two**self.steps]
        numbers = arrays.array(np.array([*self.fixed[0], *powers, *self.fixed[1]]))
        epoch = self.steps // batches
        visits = arrays.integers(np.array([epoch * n, epoch]))
        block = max(SIDE, triton.next_power_of_2(problem.batch))
        _epoch[(R,)](
            self.state.theta, self.state.mean, self.state.square, self.state.total, numbers, visits, inputs, noise,
            self.data, self.keys, self.frequencies, self.scale_fit, self.std_fit, n, *grid(n), problem.width,
            1 + 2 * self.frequencies.shape[1], len(self.data) == 1, *self.degrees, batches, problem.batch, block,
            problem.swish, problem.every, problem.adam, drawn, _REAL[arrays.eps < 1e-10], num_warps=1,
        )  # fmt: skip
        self.steps += batches


def epochs(arrays: Arrays, problem: Replicas, *rest: Any) -> Epochs | None:
    """The epochs of a problem that fits into a tile: one dimension, at most 16 units and 13 inputs; else None."""
    fan = problem.data.shape[2] + 2 * problem.frequencies.shape[1]
    small = problem.data.shape[2] == 1 and problem.width <= SIDE and fan + 3 <= SIDE
    return Epochs(arrays, problem, *rest) if small else None


_REAL = {True: tl.float64, False: tl.float32}
