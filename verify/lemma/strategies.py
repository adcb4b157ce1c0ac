"""Hypothesis strategies for the objects of the theory: SDEs, mixtures, random features, δ, τ, n, m, matrices, laws.

For property tests of one's own: ``@given(strategies.mixtures(), strategies.sample_sizes())``. Simple objects come
first when a failing example is shrunk.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from numerics import RandomFeatures, checks, constant_embedding
from theory.checks import instance, shown
from theory.exact import exact
from theory.mixture import GaussianMixture
from theory.sde import (
    AbstractLinearSDE,
    OrnsteinUhlenbeck,
    SubVariancePreserving,
    VarianceExploding,
    VariancePreserving,
)

_DENOMINATOR = 64


def exact_reals(low: object, high: object) -> SearchStrategy[sp.Rational]:
    """Rationals in [low, high] as SymPy takes them; ValueError for an empty interval."""
    bottom, top = _fraction("low", low), _fraction("high", high)
    if bottom > top:
        raise ValueError(f"low must not exceed high; got {bottom} and {top}: swap them")
    finest = max(_DENOMINATOR, bottom.denominator, top.denominator)
    drawn = st.fractions(bottom, top, max_denominator=finest)
    return drawn.map(lambda value: sp.Rational(value.numerator, value.denominator))


def sdes() -> SearchStrategy[AbstractLinearSDE]:
    """Linear SDEs: Ornstein–Uhlenbeck, variance preserving and sub-preserving, variance exploding."""
    slow, rise = exact_reals("1/100", 1), exact_reals(0, 20)
    schedules = st.tuples(slow, rise).map(lambda pair: (pair[0], pair[0] + pair[1]))
    return st.one_of(
        st.just(OrnsteinUhlenbeck()),
        schedules.map(lambda betas: VariancePreserving(*betas)),
        schedules.map(lambda betas: SubVariancePreserving(*betas)),
        exact_reals(2, 50).map(VarianceExploding),
    )


def mixtures(*, max_components: int = 4, spread: object = 6) -> SearchStrategy[GaussianMixture]:
    """Gaussian mixtures in one dimension with exact weights, means in [−spread, spread] and variances in [1/16, 4]."""
    counts, reach = st.integers(1, checks.integer("max_components", max_components)), _fraction("spread", spread)
    if reach < 0:
        raise ValueError(f"spread must be at least 0; got {shown(spread)}; pass the largest |mean|")

    @st.composite
    def build(draw: st.DrawFn) -> GaussianMixture:
        count = draw(counts)
        parts = draw(st.lists(st.integers(1, 12), min_size=count, max_size=count))
        means = draw(st.lists(exact_reals(-reach, reach), min_size=count, max_size=count))
        variances = draw(st.lists(exact_reals("1/16", 4), min_size=count, max_size=count))
        return GaussianMixture(_shares(parts), tuple(means), tuple(variances))

    return build()


def random_features(*, max_width: int = 64, max_dim: int = 3) -> SearchStrategy[RandomFeatures]:
    """Random features of any width and dimension, drawn from a seed that shrinks."""
    sizes = st.tuples(
        st.integers(1, checks.integer("max_width", max_width)),
        st.integers(1, checks.integer("max_dim", max_dim)),
        st.integers(0, 2**32 - 1),
    )
    return sizes.map(lambda size: RandomFeatures.sample(size[0], size[1], constant_embedding(), rng=size[2]))


def deltas(low: float = 1e-6, high: float = 1.0) -> SearchStrategy[float]:
    """Failure probabilities δ in [low, high], spread over their magnitudes."""
    bottom = checks.real("low", low, above=0.0)
    top = checks.real("high", high, minimum=bottom)
    if top > 1.0:
        checks.refuse("high", "be at most 1", high, "pass a probability")
    return _magnitudes(bottom, top)


def training_times(low: float = 1e-3, high: float = 1e6) -> SearchStrategy[float]:
    """Training times τ in [low, high], spread over their magnitudes."""
    bottom = checks.real("low", low, above=0.0)
    return _magnitudes(bottom, checks.real("high", high, minimum=bottom))


def sample_sizes(max_size: int = 10**6) -> SearchStrategy[int]:
    """Sample sizes n >= 1, spread over their magnitudes."""
    return _counts(checks.integer("max_size", max_size))


def widths(max_width: int = 10**5) -> SearchStrategy[int]:
    """Widths m >= 1, spread over their magnitudes."""
    return _counts(checks.integer("max_width", max_width))


def psd_matrices(dim: int | None = None, *, max_rank: int | None = None) -> SearchStrategy[np.ndarray]:
    """Positive semidefinite matrices GGᵀ (dim, dim) of any rank up to ``max_rank``; small integers when shrunk."""
    sizes = st.integers(1, 5) if dim is None else st.just(checks.integer("dim", dim))
    most = None if max_rank is None else checks.integer("max_rank", max_rank)
    entries = st.one_of(st.integers(-3, 3).map(float), st.floats(-10, 10, allow_subnormal=False))

    @st.composite
    def build(draw: st.DrawFn) -> np.ndarray:
        size = draw(sizes)
        rank = draw(st.integers(0, size if most is None else min(most, size)))
        factor = np.array(draw(st.lists(entries, min_size=size * rank, max_size=size * rank)), dtype=float)
        factor = factor.reshape(size, rank)
        return factor @ factor.T

    return build()


def probability_vectors(size: int | None = None, *, zeros: bool = True) -> SearchStrategy[tuple[sp.Rational, ...]]:
    """Probability vectors in exact rationals that sum to 1; with ``zeros`` an entry may vanish."""
    counts = st.integers(1, 6) if size is None else st.just(checks.integer("size", size))
    least = 0 if instance("zeros", zeros, bool) else 1
    return counts.flatmap(
        lambda count: st.lists(st.integers(least, 20), min_size=count, max_size=count).filter(any).map(_shares)
    )


def _shares(parts: list[int]) -> tuple[sp.Rational, ...]:
    return tuple(sp.Rational(part, sum(parts)) for part in parts)


def _magnitudes(low: float, high: float) -> SearchStrategy[float]:
    exponents = st.floats(math.log10(low), math.log10(high))
    return st.one_of(st.sampled_from([high, low]), exponents.map(lambda x: min(max(10.0**x, low), high)))


def _counts(most: int) -> SearchStrategy[int]:
    wide = st.integers(1, most.bit_length()).flatmap(lambda bits: st.integers(1, min(most, 2**bits)))
    return st.one_of(st.integers(1, min(most, 8)), wide)


def _fraction(name: str, value: Any) -> Fraction:
    found = exact(name, value)
    if not isinstance(found, sp.Rational):
        raise ValueError(f"{name} must be a rational number; got {shown(value)}; pass an integer, 'p/q' or a Rational")
    return Fraction(int(found.p), int(found.q))
