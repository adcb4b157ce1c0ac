"""Reproducible counts of how often the forward process, or a mean of bounded vectors, breaks a bound.

An experiment is a value (`EndpointViolation`, `PathViolation`, `MeanNormViolation`). Its samples come in the blocks of
`streams`; `violation_blocks` yields them in order, for tests that stop early, and the count functions add them up.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.backends import philox
from numerics.backends.backend import Backend
from numerics.backends.choice import chosen
from numerics.backends.counts import Samples, Walk
from numerics.checks import ArrayValue
from numerics.checks.aliases import RNG, FloatArray
from numerics.checks.memory import require_sizes
from numerics.kernels import violations
from numerics.statistics import streams
from numerics.statistics.streams import Tag

_TAGS = {"rademacher": Tag.MEAN_RADEMACHER, "sphere": Tag.MEAN_SPHERE, "vertex": Tag.MEAN_VERTEX}
LAWS = tuple(_TAGS)

_BLOCK_NUMBERS = 1 << 18  # random numbers per block: 2 MiB, which stays in cache
_BLOCK_SAMPLES = 1 << 14
_NUMBERED_BLOCKS = 64  # blocks in one, where the numbers belong to the samples: a device has more to do at once


class Block(NamedTuple):
    """The outcome of one block: ``lower`` ≤ violations ≤ ``upper`` in expectation, equal if exact."""

    samples: int
    lower: int
    upper: int


class PathCounts(NamedTuple):
    """Counts whose expectations bracket the number of paths that leave the box."""

    lower: int
    upper: int


def _block_size(numbers: int) -> int:
    return max(1, min(_BLOCK_SAMPLES, _BLOCK_NUMBERS // numbers))


def _numbered(root: np.random.SeedSequence, tag: Tag, first: int, samples: int) -> Samples:
    return Samples(philox.key_of(streams.child(root, tag)), first, samples)


@dataclass(frozen=True, kw_only=True, eq=False)
class EndpointViolation(ArrayValue):
    """The event ‖r x0 + std Z‖_∞ > bound at one time, Z ~ N(0, I_d).

    ``initial``: x0, (d,). ``mean_scale``: r ≥ 0. ``std``: r v ≥ 0, a standard deviation. ``bound`` ≥ 0. Source: LLZB
    eqs. (8), (18).
    """

    initial: FloatArray
    mean_scale: float
    std: float
    bound: float

    def __post_init__(self):
        object.__setattr__(self, "initial", checks.array("initial", self.initial, shape=("d",)))
        for name in ("mean_scale", "std", "bound"):
            object.__setattr__(self, name, checks.real(name, getattr(self, name), minimum=0.0))

    @property
    def block_size(self) -> int:
        """Samples per block."""
        return _block_size(len(self.initial))

    def run(self, root: np.random.SeedSequence, block: int, samples: int) -> Block:
        """Simulate the first ``samples`` of a block."""
        rng, shift = streams.generator(root, Tag.ENDPOINT, block, 0), self.mean_scale * self.initial
        pieces = streams.normals(rng, samples, len(shift))
        count = sum(int(violations.outside_count(z, shift, self.std, self.bound)) for _, z in pieces)
        return Block(samples, count, count)

    def run_on(self, where: Backend, root: np.random.SeedSequence, first: int, samples: int) -> Block:
        """Simulate the samples number ``first``, …, by numbered random numbers."""
        drawn = _numbered(root, Tag.ENDPOINT, first, samples)
        count = where.outside(drawn, self.mean_scale * self.initial, self.std, self.bound)
        return Block(samples, count, count)


@dataclass(frozen=True, kw_only=True, eq=False)
class PathViolation(ArrayValue):
    """The event sup_{t ≤ T} ‖x(t)‖_∞ > bound for the forward path x(t) = r(t) (x0 + W(v²(t))), W a Brownian motion.

    ``initial``: x0, (d,). ``clock``: v² at the grid times, (J,), increasing and ≥ 0, the last one v²(T).
    ``mean_scale``: r at the grid times, (J,), ≥ 0. ``bound`` ≥ 0. If clock[0] > 0 the start v² = 0, r = 1 is put in
    front of the grid. r is assumed monotone between neighbouring grid times (it is for all usual schedules).

    Lower count: outside at a grid time. Upper count: or across the barrier bound / max(r at both ends) inside a cell,
    where a Brownian bridge from x to y crosses ±a with probability at most e^{−2(a−x)(a−y)/Δ} + e^{−2(a+x)(a+y)/Δ},
    decided by one uniform per cell and coordinate. Hence E lower ≤ N P(event) ≤ E upper, for every grid.
    Source: LLZB eq. (18) and the forward SDE; the bridge's crossing probability is the reflection principle.
    """

    initial: FloatArray
    clock: FloatArray
    mean_scale: FloatArray
    bound: float

    def __post_init__(self):
        object.__setattr__(self, "initial", checks.array("initial", self.initial, shape=("d",)))
        clock = checks.increasing("clock", checks.array("clock", self.clock, shape=("J",), minimum=0.0))
        scale = checks.array("mean_scale", self.mean_scale, shape=clock.shape, minimum=0.0)
        object.__setattr__(self, "clock", clock)
        object.__setattr__(self, "mean_scale", scale)
        object.__setattr__(self, "bound", checks.real("bound", self.bound, minimum=0.0))

    @cached_property
    def _grid(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        clock, scale = self.clock, self.mean_scale
        if clock[0] > 0.0:
            clock, scale = np.append(0.0, clock), np.append(1.0, scale)
        highest = np.maximum(scale[:-1], scale[1:])
        barrier = np.full(len(highest), math.inf)
        with np.errstate(over="ignore"):
            np.divide(self.bound, highest, out=barrier, where=highest > 0.0)
        return np.diff(clock), np.array(scale), barrier

    @property
    def block_size(self) -> int:
        """Samples per block."""
        return _block_size(len(self.clock) * len(self.initial))

    def run(self, root: np.random.SeedSequence, block: int, samples: int) -> Block:
        """Simulate the first ``samples`` of a block."""
        steps, scale, barrier = self._grid
        start, shape = np.array(self.initial), (len(steps), len(self.initial))
        rng = streams.generator(root, Tag.PATH, block, 0)
        key = rng.integers(0, 1 << 64, dtype=np.uint64)
        lower = upper = 0
        for first, z in streams.normals(rng, samples, *shape):
            number = first * math.prod(shape)
            counts = violations.path_counts(z, key, number, start, steps, scale, barrier, self.bound)
            lower, upper = lower + counts[0], upper + counts[1]
        return Block(samples, int(lower), int(upper))

    def run_on(self, where: Backend, root: np.random.SeedSequence, first: int, samples: int) -> Block:
        """Simulate the samples number ``first``, …, by numbered random numbers."""
        walk = Walk(self.initial, *self._grid, self.bound)
        return Block(samples, *where.paths(_numbered(root, Tag.PATH, first, samples), walk))


@dataclass(frozen=True, kw_only=True, eq=False)
class MeanNormViolation(ArrayValue):
    """The event ‖(1/n) Σ Y_i − E Y‖_2 > bound for n = ``count`` i.i.d. vectors in R^dim with ‖Y‖_2 ≤ M = ``radius``.

    ``law``: "rademacher", each coordinate ±M/√dim with equal chances; "sphere", uniform on the sphere of radius M
    (±M if dim is 1); "vertex", uniform on M times the basis vectors, E Y = (M/dim) (1, …, 1). ``radius`` ≥ 0,
    ``bound`` ≥ 0.
    Source: the concentration step behind LLZB eqs. (25), (26).
    """

    law: str
    count: int
    dim: int
    radius: float
    bound: float = 0.0

    def __post_init__(self):
        checks.option("law", self.law, LAWS)
        object.__setattr__(self, "count", checks.integer("count", self.count))
        object.__setattr__(self, "dim", checks.integer("dim", self.dim, maximum=10**8))
        for name in ("radius", "bound"):
            object.__setattr__(self, name, checks.real(name, getattr(self, name), minimum=0.0))

    @property
    def block_size(self) -> int:
        """Samples per block."""
        return _block_size(self.dim * (self.count if self.law == "sphere" else 1))

    def norms(self, root: np.random.SeedSequence, block: int, samples: int) -> FloatArray:
        """The norms ‖(1/n) Σ Y_i − E Y‖_2 of the first ``samples`` of a block, (samples,)."""
        rng = streams.generator(root, _TAGS[self.law], block, 0)
        n, d, M = self.count, self.dim, self.radius
        if self.law == "rademacher":  # a sum of n signs is 2 Binomial(n, 1/2) − n, and the coordinates are independent
            heads = rng.binomial(n, 0.5, size=(samples, d))
            mean = (2 * heads - n) * (M / math.sqrt(d) / n)
        elif self.law == "vertex":
            counts = rng.multinomial(n, np.full(d, 1.0 / d), size=samples)
            mean = M * (counts / n - 1.0 / d)
        elif n * d <= _BLOCK_NUMBERS:
            mean = np.zeros((samples, d))
            for first, z in streams.normals(rng, samples, n, d):
                violations.add_directions(z.reshape(-1, d), n, mean[first : first + len(z)])
            mean *= M / n
        else:  # one block is one sample, and its vectors come in pieces
            mean = np.zeros((1, d))
            for _, z in streams.normals(rng, n, d):
                violations.add_directions(z, len(z), mean)
            mean *= M / n
        return np.sqrt(np.sum(mean * mean, axis=1))

    def run(self, root: np.random.SeedSequence, block: int, samples: int) -> Block:
        """Simulate the first ``samples`` of a block."""
        count = int(np.count_nonzero(self.norms(root, block, samples) > self.bound))
        return Block(samples, count, count)

    def norms_on(self, where: Backend, root: np.random.SeedSequence, first: int, samples: int) -> FloatArray:
        """The norms of the samples number ``first``, …, by numbered random numbers, (samples,)."""
        drawn = _numbered(root, _TAGS[self.law], first, samples)
        return self.radius * where.mean_norms(self.law, drawn, self.count, self.dim)

    def run_on(self, where: Backend, root: np.random.SeedSequence, first: int, samples: int) -> Block:
        """Simulate the samples number ``first``, …, by numbered random numbers."""
        count = int(np.count_nonzero(self.norms_on(where, root, first, samples) > self.bound))
        return Block(samples, count, count)


Experiment = EndpointViolation | PathViolation | MeanNormViolation


def violation_blocks(
    experiment: Experiment,
    *,
    samples: int,
    rng: RNG,
    workers: int = 1,
    backend: Backend | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
) -> Iterator[Block]:
    """The counts of an experiment, block by block and in order, for a test that may stop early.

    ``rng``: an integer ≥ 0, a numpy.random.SeedSequence, or a numpy.random.Generator, from which 128 bits are drawn
    once. ``workers``: threads; the blocks do not depend on it. ``backend``: where samples are drawn and counted:
    "numpy", whose streams belong to blocks; "torch" (or a `Backend`), on the ``device``, "cpu" when None, in the
    ``dtype``, where the numbers of a sample are those of its number, by Philox: a seed then means the same samples on
    any device. The one in use when None. Bad arguments raise here, not at the first block.
    """
    where = chosen(backend, device, dtype)
    checks.instance(
        "experiment",
        experiment,
        (EndpointViolation, PathViolation, MeanNormViolation),
        "build one, e.g. EndpointViolation(…)",
    )
    if not where.numbered:
        return streams.in_order(experiment.run, experiment.block_size, samples=samples, rng=rng, workers=workers)
    size = _NUMBERED_BLOCKS * experiment.block_size

    def run(root: np.random.SeedSequence, block: int, count: int) -> Block:
        return experiment.run_on(where, root, block * size, count)

    return streams.in_order(run, size, samples=samples, rng=rng, workers=workers)


def endpoint_violations(
    *,
    initial: ArrayLike,
    mean_scale: float,
    std: float,
    bound: float,
    samples: int,
    rng: RNG,
    workers: int = 1,
    backend: Backend | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
) -> int:
    """How many of ``samples`` draws have ‖r x0 + std Z‖_∞ > bound.

    Arguments as in `EndpointViolation` and `violation_blocks`.
    """
    where = chosen(backend, device, dtype)
    experiment = EndpointViolation(initial=cast(FloatArray, initial), mean_scale=mean_scale, std=std, bound=bound)
    blocks = violation_blocks(experiment, samples=samples, rng=rng, workers=workers, backend=where)
    return sum(block.lower for block in blocks)


def path_violations(
    *,
    initial: ArrayLike,
    clock: ArrayLike,
    mean_scale: ArrayLike,
    bound: float,
    samples: int,
    rng: RNG,
    workers: int = 1,
    backend: Backend | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
) -> PathCounts:
    """How many of ``samples`` forward paths leave the box ‖x‖_∞ ≤ bound, from below and from above.

    Arguments and the meaning of the two counts as in `PathViolation` and `violation_blocks`.
    """
    where = chosen(backend, device, dtype)
    experiment = PathViolation(
        initial=cast(FloatArray, initial),
        clock=cast(FloatArray, clock),
        mean_scale=cast(FloatArray, mean_scale),
        bound=bound,
    )
    blocks = list(violation_blocks(experiment, samples=samples, rng=rng, workers=workers, backend=where))
    return PathCounts(sum(block.lower for block in blocks), sum(block.upper for block in blocks))


def mean_norm_violations(
    *,
    law: str,
    count: int,
    dim: int,
    radius: float,
    bound: float,
    samples: int,
    rng: RNG,
    workers: int = 1,
    backend: Backend | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
) -> int:
    """How many of ``samples`` draws have ‖(1/n) Σ Y_i − E Y‖_2 > bound.

    Arguments as in `MeanNormViolation` and `violation_blocks`.
    """
    where = chosen(backend, device, dtype)
    experiment = MeanNormViolation(law=law, count=count, dim=dim, radius=radius, bound=bound)
    blocks = violation_blocks(experiment, samples=samples, rng=rng, workers=workers, backend=where)
    return sum(block.lower for block in blocks)


def mean_norms(
    *,
    law: str,
    count: int,
    dim: int,
    radius: float,
    samples: int,
    rng: RNG,
    workers: int = 1,
    backend: Backend | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
) -> FloatArray:
    """The values ‖(1/n) Σ Y_i − E Y‖_2 themselves, (samples,): those that `mean_norm_violations` counts.

    Arguments as there.
    """
    where = chosen(backend, device, dtype)
    experiment = MeanNormViolation(law=law, count=count, dim=dim, radius=radius)
    size = experiment.block_size * (_NUMBERED_BLOCKS if where.numbered else 1)

    def numbered(root: np.random.SeedSequence, block: int, number: int) -> FloatArray:
        return experiment.norms_on(where, root, block * size, number)

    run = numbered if where.numbered else experiment.norms
    blocks = streams.in_order(run, size, samples=samples, rng=rng, workers=workers)
    require_sizes("the norms", lambda samples: 16.0 * samples, samples=int(samples))
    return np.concatenate(list(blocks))
