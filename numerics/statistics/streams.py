"""The one home of random streams: a root, a tag for each use, a generator for each block, and blocks in order.

Block k of an experiment draws from its own generators, seeded by SeedSequence(root, spawn_key=(…, tag, k, stream)), and
the size of a block depends on the experiment only. So a root gives the same bits for every number of workers, and more
samples extend the same sequence.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from enum import IntEnum, unique
from numbers import Integral
from typing import TypeVar

import numpy as np

from numerics import checks
from numerics.checks.aliases import RNG, FloatArray

R = TypeVar("R")

Run = Callable[[np.random.SeedSequence, int, int], R]
"""Simulates the first samples of a block: takes the root, the block's number and how many samples."""

_PIECE_NUMBERS = 1 << 14  # normals drawn at once: 128 KiB, which stays in cache


@unique
class Tag(IntEnum):
    """What a stream is for: the first entry of its key. A value is part of the bits, and never changes."""

    ENDPOINT = 1
    PATH = 2
    MEAN_RADEMACHER = 3
    MEAN_SPHERE = 4
    MEAN_VERTEX = 5
    SIGNS = 16
    COMPONENTS = 17
    MATCHED_COMPONENTS = 18
    DIFFUSED_DATA = 19
    REVERSE_PATHS = 20
    FORWARD = 101
    REVERSE_SDE = 102
    PROBABILITY_FLOW = 103
    TRAINING = 104
    AUTOENCODER = 105
    TWO_MODES = 201
    CHAIN_PATHS = 202
    SAMPLES_AGAINST_N = 203
    IMAGE_SPLIT = 301
    IMAGE_WEIGHTS = 302
    IMAGE_SAMPLES = 303
    IMAGE_PROBES = 304


def root(rng: RNG) -> np.random.SeedSequence:
    """The root of the streams of a call; ValueError or TypeError for anything but an `RNG`.

    A SeedSequence is its own root. A Generator is asked once, for four words of 32 bits.
    """
    if isinstance(rng, np.random.SeedSequence):
        return rng
    if isinstance(rng, np.random.Generator):
        return np.random.SeedSequence([int(word) for word in rng.integers(0, 1 << 32, size=4)])
    if isinstance(rng, bool) or not isinstance(rng, Integral):
        checks.refuse("rng", "be an integer, a SeedSequence or a Generator", rng,
                      "pass numpy.random.default_rng(…)", TypeError)  # fmt: skip
    return np.random.SeedSequence(checks.integer("rng", rng, minimum=0, maximum=2**128 - 1))


def child(rng: RNG, *key: int) -> np.random.SeedSequence:
    """The SeedSequence of a key below the root."""
    top = root(rng)
    return np.random.SeedSequence(top.entropy, spawn_key=(*top.spawn_key, *map(int, key)), pool_size=top.pool_size)


def generator(rng: RNG, *key: int) -> np.random.Generator:
    """The generator of a key below the root: NumPy's fastest source of normals."""
    return np.random.Generator(np.random.SFC64(child(rng, *key)))


def drawn_from(rng: RNG) -> np.random.Generator:
    """A generator to draw from directly: a Generator itself, whose state moves on, or the one that a root seeds."""
    return rng if isinstance(rng, np.random.Generator) else np.random.default_rng(root(rng))


def normals(rng: np.random.Generator, samples: int, *shape: int) -> Iterator[tuple[int, FloatArray]]:
    """Standard normals (samples, *shape) in pieces of whole samples that stay in cache, with their first rows.

    All pieces are in the same memory: the next one overwrites the last.
    """
    rows = max(1, min(samples, _PIECE_NUMBERS // math.prod(shape)))
    piece = np.empty((rows, *shape))
    for first in range(0, samples, rows):
        part = piece[: samples - first]
        rng.standard_normal(out=part)
        yield first, part


def threads(workers: int) -> int:
    """How many threads, checked."""
    return checks.integer("workers", workers, maximum=4096)


def in_order(run: Run[R], size: int, *, samples: int, rng: RNG, workers: int) -> Iterator[R]:
    """The results of ``run`` on blocks of ``size`` samples, the last one shorter, in order, as they are asked for.

    ValueError or TypeError for bad arguments, here and not at the first block.
    """
    total, top, count = checks.integer("samples", samples), root(rng), threads(workers)
    jobs = ((top, k, min(size, total - first)) for k, first in enumerate(range(0, total, size)))
    return (run(*job) for job in jobs) if count == 1 else _threaded(run, jobs, count)


def _threaded(run: Run[R], jobs: Iterator[tuple[np.random.SeedSequence, int, int]], count: int) -> Iterator[R]:
    pool = ThreadPoolExecutor(count)
    waiting: deque[Future[R]] = deque()
    try:
        for job in jobs:
            waiting.append(pool.submit(run, *job))
            if len(waiting) > 2 * count:  # enough to keep every thread busy; the rest is not started yet
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
