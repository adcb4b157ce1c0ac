"""What a generator can have learned of its data: ½ ∫ g² E‖s − s̄‖² along the generator's own reverse path."""

import math
from itertools import pairwise
from typing import NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from numerics import checks
from numerics.checks.aliases import FloatArray, Score
from numerics.reverse.process import ProcessOrScore, ReverseKeywords, ReverseProcess
from numerics.statistics import streams
from numerics.statistics.intervals import Estimate
from numerics.statistics.sampling import Sampling
from numerics.statistics.streams import Tag

_BLOCKS = 32


class Chain(NamedTuple):
    """Along a reverse chain: times before each step (k,), ½ h g² there (k,), and by block of paths E‖s − s̄‖² (b, k)."""

    times: FloatArray
    weights: FloatArray
    distances: FloatArray

    def largest(self) -> float:
        """The largest mean over the paths of ‖s − s̄‖², of all steps."""
        return float(self.distances.mean(axis=0).max())


def path_capacity(
    score: ProcessOrScore,
    parameters: ArrayLike | None = None,
    *,
    reference: Score,
    dim: int = 1,
    steps: int = 500,
    initial: ArrayLike | None = None,
    initial_std: float = 0.0,
    sampling: Sampling | None = None,
    **process: Unpack[ReverseKeywords],
) -> Estimate:
    """Σ_k ½ h_k g(t_k)² E‖s(X_k, t_k) − s̄(X_k, t_k)‖² along the Euler–Maruyama chain X of the reverse SDE, from π.

    It bounds the mutual information of the data and the chain's end, for any s̄ = ``reference`` that does not depend on
    the data, and tends to ½ ∫ g² E‖s − s̄‖² dt; with ‖s‖ ≤ L and s̄ = 0 it is at most (L²/2) Σ h_k g(t_k)². ``score``
    and ``process`` as in `sample_reverse_sde`, with ``steps`` equal steps; ``reference``: a callable
    (x (n, d), t) -> (n, d). ``initial``: points (n, d), or (n,) on the line; paths then start at one of them, drawn
    uniformly, with noise N(0, ``initial_std``² I), and what is found bounds nothing. ``sampling``: a `Sampling`;
    Student's interval over 32 blocks of paths, so at least 64. ValueError or TypeError for bad arguments. Source: CZS,
    theorem 6.3 (claim IT11).
    """
    how = checks.given("sampling", Sampling, sampling, {}) if sampling is not None else Sampling()
    chain = reverse_chain(
        score, parameters, reference=reference, dim=dim, steps=steps, initial=initial, initial_std=initial_std,
        sampling=how, **process,
    )  # fmt: skip
    means = chain.distances @ chain.weights
    value = float(means.mean())
    radius = float(stdtrit(_BLOCKS - 1, 1.0 - 0.5 * how.alpha)) * float(means.std(ddof=1)) / math.sqrt(_BLOCKS)
    paths = _BLOCKS * math.ceil(how.samples / _BLOCKS)
    return Estimate(value=value, interval=(max(0.0, value - radius), value + radius), alpha=how.alpha, samples=paths)


def reverse_chain(
    score: ProcessOrScore,
    parameters: ArrayLike | None = None,
    *,
    reference: Score,
    dim: int = 1,
    steps: int = 500,
    initial: ArrayLike | None = None,
    initial_std: float = 0.0,
    sampling: Sampling,
    **process: Unpack[ReverseKeywords],
) -> Chain:
    """The mean squared distances of which `path_capacity` is the sum; arguments and errors as there."""
    d = checks.integer("dim", dim, maximum=10**6)
    law = ReverseProcess.of(score, parameters, process).in_dimension(d)
    if not callable(reference):
        checks.refuse("reference", "be a callable", reference, "pass lambda x, t: …", TypeError)
    other = ReverseProcess(
        score=reference, drift=law.drift, diffusion=law.diffusion, horizon=law.horizon, start=law.start, prior_std=1.0
    ).in_dimension(d)
    if sampling.samples < 2 * _BLOCKS:
        checks.refuse("samples", f"be at least {2 * _BLOCKS}", sampling.samples, "pass more paths for an interval")
    n = checks.integer("steps", steps, maximum=10**7)
    noise = checks.real("initial_std", initial_std, minimum=0.0)
    begin = None if initial is None else _points(initial, d)
    times = np.linspace(law.horizon, law.start, n + 1)
    rows = math.ceil(sampling.samples / _BLOCKS)

    def run(root: np.random.SeedSequence, block: int, count: int) -> FloatArray:
        del count
        stream = streams.generator(root, Tag.REVERSE_PATHS, block)
        if begin is None:
            x = law.prior_std * stream.standard_normal((rows, d))
        else:
            x = begin[stream.integers(len(begin), size=rows)] + noise * stream.standard_normal((rows, d))
        found = np.empty(n)
        for k, (t, after) in enumerate(pairwise(times.tolist())):
            h, square = t - after, law.diffusion(t) ** 2
            s = law.score(x, t)
            found[k] = ((s - other.score(x, t)) ** 2).sum(axis=1).mean()
            x = x - h * (law.drift(t) * x - square * s) + math.sqrt(h * square) * stream.standard_normal((rows, d))
            if not (np.abs(x) <= checks.LARGEST).all():
                raise ArithmeticError(f"paths overflowed at t = {t:g}: the steps are too long; pass more steps")
        return found

    blocks = streams.in_order(run, rows, samples=rows * _BLOCKS, rng=sampling.rng, workers=sampling.workers)
    squares = np.array([law.diffusion(t) ** 2 for t in times[:-1].tolist()])
    return Chain(times[:-1], 0.5 * -np.diff(times) * squares, np.stack(list(blocks)))


def _points(initial: ArrayLike, dim: int) -> FloatArray:
    points = checks.array("initial", initial, shape=None)
    if points.ndim == 1 and dim == 1:
        points = points[:, None]
    return checks.array("initial", points, shape=("n", dim))
