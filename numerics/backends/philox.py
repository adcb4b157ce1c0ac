"""Random numbers by their number: Philox 4×32 with 10 rounds, so that a seed means the same on any device.

Block b of a stream is the bijection applied to the counter (b mod 2³², b div 2³², stream, 0): four words of 32 bits,
which are two uniforms of 53 bits, or two normals by the method of Box and Muller. What is drawn depends neither on the
pieces in which it is drawn nor on the device, up to the last bits of its logarithm, sine and cosine.
Source: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
"""

import math
from typing import Any

import numpy as np

from numerics.backends.arrays import Array, Arrays

_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)
_LOW = 0xFFFFFFFF

Key = tuple[Any, Any]
"""Two words of 32 bits: integers, or arrays of int64 that broadcast with the blocks."""


_MIX = (0x7FEB352D, 0x846CA68B)
ROUNDS = 12


def key_of(seed: np.random.SeedSequence) -> Key:
    """The key that a seed stands for."""
    one, two = seed.generate_state(2, np.uint32)
    return int(one), int(two)


def words(xp: Array, key: Key, stream: int, blocks: Array) -> tuple[Array, Array, Array, Array]:
    """The four words of blocks (n,), int64 ≥ 0: int64 arrays (n,) in [0, 2³²)."""
    a, b = blocks & _LOW, (blocks >> 32) & _LOW
    c, d = xp.zeros_like(blocks) + stream, xp.zeros_like(blocks)
    one, two = key
    for _ in range(10):
        # a product below 2⁶⁴ wraps around to a negative number, whose bits are the right ones
        first, second = a * _MULTIPLIERS[0], c * _MULTIPLIERS[1]
        a, b, c, d = ((second >> 32) & _LOW) ^ b ^ one, second & _LOW, ((first >> 32) & _LOW) ^ d ^ two, first & _LOW
        one, two = (one + _WEYL[0]) & _LOW, (two + _WEYL[1]) & _LOW
    return a, b, c, d


def numbers(arrays: Arrays, high: Array, low: Array) -> Array:
    """The integers of 53 bits of two words each, as floats: exact in float64."""
    return arrays.xp.astype(((high >> 5) << 26) + (low >> 6), arrays.real)


def _rows(xp: Array, one: Array, two: Array, size: int) -> Array:
    """Two numbers of each block, in rows of ``size`` numbers that begin with a block."""
    return xp.reshape(xp.stack([one, two], axis=1), (-1, 2 * blocks_of(size)))[:, :size]


def blocks_of(size: int) -> int:
    """How many blocks ``size`` numbers take."""
    return -(-size // 2)


def uniforms(arrays: Arrays, key: Key, stream: int, blocks: Array, size: int) -> Array:
    """Uniforms in [0, 1) on a grid of 2⁻⁵³, (rows, size), from rows · `blocks_of` (size) blocks."""
    a, b, c, d = words(arrays.xp, key, stream, blocks)
    return _rows(arrays.xp, numbers(arrays, a, b) * 2.0**-53, numbers(arrays, c, d) * 2.0**-53, size)


def normals(arrays: Arrays, key: Key, stream: int, blocks: Array, size: int) -> Array:
    """Standard normals, (rows, size), from rows · `blocks_of` (size) blocks.

    √(−2 log u₁) cos 2πu₂ and √(−2 log u₁) sin 2πu₂ with u₁ in (0, 1]: none is beyond 8.6, which has less than 1e-17.
    """
    return _rows(arrays.xp, *pairs(arrays, words(arrays.xp, key, stream, blocks)), size)


def pairs(arrays: Arrays, drawn: tuple[Array, Array, Array, Array]) -> tuple[Array, Array]:
    """The two normals of each block's words."""
    xp, (a, b, c, d) = arrays.xp, drawn
    radius = xp.sqrt(-2.0 * xp.log((numbers(arrays, a, b) + 1.0) * 2.0**-53))
    angle = (2.0 * math.pi * 2.0**-53) * numbers(arrays, c, d)
    return radius * xp.cos(angle), radius * xp.sin(angle)


def bit_blocks_of(count: int) -> int:
    """How many blocks ``count`` bits take."""
    return -(-count // 128)


def _table(xp: Array, key: Key, stream: int, blocks: Array, count: int) -> Array:
    """The words of rows of ``count`` bits, (rows, words)."""
    return xp.reshape(xp.stack(list(words(xp, key, stream, blocks)), axis=1), (-1, 4 * bit_blocks_of(count)))


def bits(arrays: Arrays, key: Key, stream: int, blocks: Array, count: int) -> Array:
    """Fair bits, int64 (rows, count), from rows · `bit_blocks_of` (count) blocks."""
    xp = arrays.xp
    table = _table(xp, key, stream, blocks, count)
    spread = (table[:, :, None] >> arrays.span(0, 32)) & 1
    return xp.reshape(spread, (table.shape[0], -1))[:, :count]


def heads(arrays: Arrays, key: Key, stream: int, blocks: Array, count: int) -> Array:
    """How many of the bits of each row of `bits` are 1, int64 (rows,), without spreading them out."""
    kept = np.clip(count - 32 * np.arange(4 * bit_blocks_of(count)), 0, 32)
    v = _table(arrays.xp, key, stream, blocks, count) & arrays.integers((1 << kept) - 1)
    v = v - ((v >> 1) & 0x55555555)
    v = (v & 0x33333333) + ((v >> 2) & 0x33333333)
    v = (v + (v >> 4)) & 0x0F0F0F0F
    return arrays.xp.sum(((v * 0x01010101) & _LOW) >> 24, axis=1)


# Permutations --------------------------------------------------------------------------------------------------------


def grid(n: int) -> tuple[int, int]:
    """Rows a and columns b of the least grid that a Feistel network takes for n places: a = ⌈√n⌉, b = ⌈n/a⌉."""
    rows = math.isqrt(n - 1) + 1
    return rows, -(-n // rows)


def permutation(xp: Array, drawn: tuple[Array, Array, Array, Array], places: Array, n: int) -> Array:
    """Where places 0, …, n − 1 go in a random order of n: a Feistel network whose keys are the words of a block.

    A place is a row and a column of `grid`; `ROUNDS` times, in turns, the one moves by a hash of the other and of a key
    (`_hash`), modulo its number. What falls on one of the a b − n < a places that are too many goes on from there until
    it does not: a bijection for every n. Words and places broadcast; int64. Each place is uniform; for few points the
    orders are not quite equally likely: within 5 % for n = 4, 15 % for n = 5, 40 % for n = 6.
    Source: Black and Rogaway (2002), "Ciphers with arbitrary finite domains".
    """
    rows, columns = grid(n)
    value = places + 0 * drawn[0]
    beyond = value >= 0
    for _ in range(rows):  # a walk meets each of the places that are too many once at most
        i, j = value // columns, value % columns
        for k in range(ROUNDS):
            key = (drawn[k % 4] + k * _WEYL[0]) & _LOW
            if k % 2:
                j = (j + _hash((i + key) & _LOW)) % columns
            else:
                i = (i + _hash((j + key) & _LOW)) % rows
        value = xp.where(beyond, i * columns + j, value)
        beyond = value >= n
        if not bool(xp.any(beyond)):
            break
    return value


def _hash(x: Array) -> Array:
    """A bijection of the integers below 2³² whose bits depend on all bits of x; products wrap around, see `words`."""
    x = ((x ^ (x >> 16)) * _MIX[0]) & _LOW
    x = ((x ^ (x >> 15)) * _MIX[1]) & _LOW
    return x ^ (x >> 16)
