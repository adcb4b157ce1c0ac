"""How a Monte-Carlo average is taken: `Sampling`, an argument of every function that takes one."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from numerics import checks
from numerics.checks.aliases import RNG, FloatArray
from numerics.checks.memory import require_sizes
from numerics.statistics import streams
from numerics.statistics.intervals import Estimate, level


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How a Monte-Carlo average is taken.

    ``samples``: how many random values, at least 1. ``alpha``: in (0, 1), the probability that the interval ever
    misses. ``rng``: an integer ≥ 0, a numpy.random.SeedSequence, or a numpy.random.Generator, from which 128 bits are
    drawn here, once. ``workers``: threads, on which no result depends. ValueError or TypeError otherwise.
    """

    samples: int = 10_000
    alpha: float = 0.01
    rng: RNG = 0
    workers: int = 1

    def __post_init__(self):
        root = streams.root(self.rng)
        for name, value in (
            ("samples", checks.integer("samples", self.samples)),
            ("alpha", level(self.alpha)),
            ("rng", self.rng if isinstance(self.rng, int) else root),  # integers compare by value
            ("workers", streams.threads(self.workers)),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, how: "SamplingKeywords") -> "Sampling":
        """The value of ``sampling=``, or one made of the other keywords; errors name the bad argument."""
        keywords = {name: value for name, value in how.items() if name != "sampling"}
        return checks.given("sampling", cls, how.get("sampling"), keywords)

    def values(self, run: streams.Run[FloatArray], block: int) -> FloatArray:
        """The values (samples,) of ``run(root, number, count)``, the first ``count`` of a block, in order."""
        # the values, their blocks, and the running means and bets of `bounded_interval`
        require_sizes("the Monte-Carlo average", lambda samples: 128.0 * samples, samples=self.samples)
        blocks = streams.in_order(run, block, samples=self.samples, rng=self.rng, workers=self.workers)
        return np.concatenate(list(blocks))

    def estimate(self, mean: float, low: float, high: float) -> Estimate:
        """The average of the values with its interval, moved to the nearer end where it lies outside."""
        return Estimate(value=min(max(mean, low), high), interval=(low, high), alpha=self.alpha, samples=self.samples)


class SamplingKeywords(TypedDict, total=False):
    """The keywords of a function that takes a Monte-Carlo average: a `Sampling`, or some of its fields."""

    sampling: Sampling
    samples: int
    alpha: float
    rng: RNG
    workers: int
