"""Violation counts and suprema over random signs, whose random numbers belong to the number of the sample.

Pieces follow the memory of the device, and nothing else depends on them: the counts are the same for every size.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from numerics.backends import philox
from numerics.backends.arrays import Array, Arrays
from numerics.backends.philox import Key
from numerics.checks.aliases import FloatArray

_NORMALS, _UNIFORMS = 0, 1  # streams of a key
_WORDS = 160.0  # bytes held for each random number: the words of the rounds and the number itself


class Samples(NamedTuple):
    """The samples number first, …, first + number − 1 of the streams of a key."""

    key: Key
    first: int
    number: int

    def pieces(self, arrays: Arrays, blocks_each: int, bytes_each: float) -> Iterator[Array]:
        """The blocks of the samples, in pieces of whole samples that fit into the memory of the device."""
        rows = arrays.rows(self.number, bytes_each)
        for start in range(self.first, self.first + self.number, rows):
            stop = min(start + rows, self.first + self.number)
            yield arrays.span(start * blocks_each, stop * blocks_each)


def outside(arrays: Arrays, samples: Samples, shift: FloatArray, std: float, bound: float) -> int:
    """How many samples of shift + std · normals, shift (d,), have an entry beyond ±bound."""
    xp, dim = arrays.xp, len(shift)

    def beyond(blocks: Array, centre: Array) -> Array:
        far = xp.abs(philox.normals(arrays, samples.key, _NORMALS, blocks, dim) * std + centre) > bound
        return xp.sum(xp.astype(xp.any(far, axis=1), xp.int64))

    count = arrays.fused(beyond)
    with arrays.spoken("the count of violations"):
        centre = arrays.array(shift)
        return sum(int(count(blocks, centre)) for blocks in samples.pieces(arrays, philox.blocks_of(dim), _WORDS * dim))


class Walk(NamedTuple):
    """A path's start (d,), its clock's steps (J,), r (J + 1,), bound / max r of each cell (J,), and the bound."""

    initial: FloatArray
    steps: FloatArray
    scale: FloatArray
    barrier: FloatArray
    bound: float


def paths(arrays: Arrays, samples: Samples, walk: Walk) -> tuple[int, int]:
    """How many paths exceed the bound at a grid time, and how many do so or cross a cell's barrier between two.

    In a cell from x to y a barrier a is crossed with probability at most e^{−2(a−x)(a−y)/Δ} + e^{−2(a+x)(a+y)/Δ},
    decided by the uniform of that sample, cell and coordinate.
    """
    xp, cells, dim = arrays.xp, len(walk.steps), len(walk.initial)
    size, key = cells * dim, samples.key

    def counted(blocks: Array, initial: Array, columns: list[Array]) -> tuple[Array, Array]:
        steps, scale, barrier = columns
        moves = xp.reshape(philox.normals(arrays, key, _NORMALS, blocks, size), (-1, cells, dim))
        ends = initial + xp.cumulative_sum(xp.sqrt(steps) * moves, axis=1)
        starts = xp.concat([xp.zeros_like(ends[:, :1]) + initial, ends[:, :-1]], axis=1)
        seen = xp.any(xp.abs(ends) * scale[1:] > walk.bound, axis=(1, 2))
        seen = seen | xp.any(xp.abs(initial) * scale[0] > walk.bound)
        above = 2.0 * (barrier - starts) * (barrier - ends) / steps
        below = 2.0 * (barrier + starts) * (barrier + ends) / steps
        uniforms = xp.reshape(philox.uniforms(arrays, key, _UNIFORMS, blocks, size), (-1, cells, dim))
        crossed = uniforms < xp.exp(-above) + xp.exp(-below)
        crossed = crossed | (xp.abs(starts) >= barrier) | (xp.abs(ends) >= barrier)
        either = seen | xp.any(crossed, axis=(1, 2))
        return xp.sum(xp.astype(seen, xp.int64)), xp.sum(xp.astype(either, xp.int64))

    count, lower, upper = arrays.fused(counted), 0, 0
    with arrays.spoken("the count of paths"):
        initial = arrays.array(walk.initial)
        columns = [arrays.array(value)[:, None] for value in (walk.steps, walk.scale, walk.barrier)]
        for blocks in samples.pieces(arrays, philox.blocks_of(size), 2.0 * _WORDS * size):
            some, more = count(blocks, initial, columns)
            lower, upper = lower + int(some), upper + int(more)
    return lower, upper


def rademacher_means(arrays: Arrays, samples: Samples, count: int, dim: int) -> FloatArray:
    """‖(1/n) Σ ξ_i‖₂/√d for n = ``count`` vectors of d = ``dim`` fair signs each, one norm per sample."""
    xp, each = arrays.xp, philox.bit_blocks_of(count)

    def norms(blocks: Array) -> Array:
        numbers = xp.reshape(philox.heads(arrays, samples.key, _NORMALS, blocks, count), (-1, dim))
        return xp.sqrt(xp.sum((xp.astype(2 * numbers - count, arrays.real) / count) ** 2, axis=1) / dim)

    return _gathered(arrays, norms, samples, dim * each, 4.0 * _WORDS * dim * each)


def vertex_means(arrays: Arrays, samples: Samples, count: int, dim: int) -> FloatArray:
    """‖(1/n) Σ e_{K_i} − (1/d) 1‖₂ for n = ``count`` uniform indices K_i of d = ``dim``, one norm per sample."""
    xp = arrays.xp

    def norms(blocks: Array) -> Array:
        uniforms = philox.uniforms(arrays, samples.key, _UNIFORMS, blocks, count)
        rows = uniforms.shape[0]
        cell = xp.astype(uniforms * dim, xp.int64)
        cell = xp.where(cell < dim, cell, dim - 1)  # a product that was rounded up
        places = xp.reshape(cell + dim * arrays.span(0, rows)[:, None], (-1,))
        share = xp.astype(arrays.count_each(places, rows * dim), arrays.real) / count
        return xp.sqrt(xp.sum((xp.reshape(share, (rows, dim)) - 1.0 / dim) ** 2, axis=1))

    return _gathered(arrays, norms, samples, philox.blocks_of(count), _WORDS * count + 32.0 * dim)


def sphere_means(arrays: Arrays, samples: Samples, count: int, dim: int) -> FloatArray:
    """‖(1/n) Σ Z_i/‖Z_i‖‖₂ for n = ``count`` normal vectors in ``dim`` dimensions, one norm per sample."""
    xp, size = arrays.xp, count * dim

    def norms(blocks: Array) -> Array:
        z = xp.reshape(philox.normals(arrays, samples.key, _NORMALS, blocks, size), (-1, count, dim))
        length = xp.sqrt(xp.sum(z * z, axis=2, keepdims=True))
        mean = xp.sum(z / xp.where(length > 0.0, length, 1.0), axis=1) / count
        return xp.sqrt(xp.sum(mean * mean, axis=1))

    return _gathered(arrays, norms, samples, philox.blocks_of(size), _WORDS * size)


def _gathered(
    arrays: Arrays, norms: Callable[[Array], Array], samples: Samples, blocks_each: int, bytes_each: float
) -> FloatArray:
    with arrays.spoken("the norms"):
        return np.concatenate(
            [arrays.numpy(norms(blocks)) for blocks in samples.pieces(arrays, blocks_each, bytes_each)]
        )


def sign_extremes(arrays: Arrays, samples: Samples, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """max_i and min_i of Σ_j ξ_j values_ij, values (N, n), for fair signs ξ, one of each per sample."""
    xp, n = arrays.xp, values.shape[1]
    high, low = [], []
    with arrays.spoken("the suprema"):
        columns = xp.permute_dims(arrays.array(values), (1, 0))
        each = 12.0 * n + 2.0 * _WORDS * philox.bit_blocks_of(n) + 16.0 * len(values) + 8.0 * n
        for blocks in samples.pieces(arrays, philox.bit_blocks_of(n), each):
            bits = philox.bits(arrays, samples.key, _NORMALS, blocks, n)
            sums = xp.astype(2 * bits - 1, arrays.real) @ columns
            high.append(arrays.numpy(xp.max(sums, axis=1)))
            low.append(arrays.numpy(xp.min(sums, axis=1)))
    return np.concatenate(high), np.concatenate(low)
