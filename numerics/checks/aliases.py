"""Names for the kinds of arguments and results that `numerics` has."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
Signs = NDArray[np.int8]

FloatOrArray = Any
"""A float where the arguments are numbers, else an array of their shape: the caller knows which, a type checker not."""

Exact = ArrayLike | Sequence[SupportsFloat] | Sequence[Sequence[SupportsFloat]]
"""Floats, or exact numbers that convert to floats: integers, fractions, constants of SymPy."""

RNG = np.random.Generator | np.random.SeedSequence | int
"""Where randomness comes from: an integer ≥ 0, a SeedSequence, or a Generator, from which 128 bits are drawn once."""

Score = Callable[[FloatArray, float], ArrayLike]
"""A score, or its divergence, given by the user: points (n, d), or (n,) on the line, and a time -> the values there."""

TimeFunction = float | Callable[[float], float]
"""A function of one time: a number for a constant, or a callable, t -> number."""

TimesFunction = float | Callable[[FloatArray], ArrayLike]
"""A function of many times: a number for a constant, or a callable, times (k,) -> (k,)."""

Embedding = Callable[[FloatArray], ArrayLike]
"""An embedding of time: times (k,) -> e(t), (k, d_e)."""


class Mixture(Protocol):
    """A mixture of Gaussians: ``weights`` (K,), ``means`` (K,) or (K, d), ``variances`` (K,), in places (K, d, d)."""

    @property
    def weights(self) -> Exact:
        """Probabilities of the components."""
        ...

    @property
    def means(self) -> Exact:
        """Their means."""
        ...

    @property
    def variances(self) -> Exact:
        """Their variances, or covariance matrices."""
        ...
