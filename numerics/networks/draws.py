"""What training draws from streams of the replica: its initial network, the order of the points, times and noise."""

from typing import NamedTuple

import numpy as np

from numerics.backends.replicas import Draws
from numerics.checks.aliases import FloatArray, TimesFunction
from numerics.kernels import network_training
from numerics.networks.score_network import at_times
from numerics.statistics import streams
from numerics.statistics.streams import Tag

INITIAL, ORDER, TIMES, NOISE = range(4)


def sources_of(root: np.random.SeedSequence, replica: int) -> list[np.random.Generator]:
    """The four streams of a replica, by its number."""
    return [streams.generator(root, Tag.TRAINING, replica, source) for source in range(4)]


class Streamed(NamedTuple):
    """Draws of replicas from their streams, which go on by themselves: n points in d dimensions, t ~ U(start, horizon).

    Called with the numbers first, count of some epochs, and which of the replicas.
    """

    sources: list[list[np.random.Generator]]
    shape: tuple[int, int]
    start: float
    horizon: float
    mean_scale: TimesFunction
    std: TimesFunction

    def __call__(self, first: int, size: int, part: slice) -> Draws:
        """The next ``size`` epochs."""
        del first
        own, (n, d) = self.sources[part], self.shape
        uniforms = np.array([source[ORDER].random((size, n)) for source in own])
        order = np.empty(uniforms.shape, dtype=np.int64)
        for values, row in zip(uniforms.reshape(-1, n), order.reshape(-1, n), strict=True):
            network_training.shuffle(values, row)
        unit = np.array([source[TIMES].random((size, n)) for source in own])
        times = self.start + (self.horizon - self.start) * unit
        noise = np.array([source[NOISE].standard_normal((size, n, d)) for source in own])
        return Draws(order, times, self.at("mean_scale", times), self.at("std", times), noise)

    def at(self, name: str, times: FloatArray) -> FloatArray:
        """mean_scale or std, checked, at times of any shape."""
        return at_times(name, getattr(self, name), times.reshape(-1), above=name == "std").reshape(times.shape)
