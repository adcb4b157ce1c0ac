"""What a generator can have learned of its data: ½ ∫ g² E‖s − s̄‖² along the generator's own reverse path."""

import math
from itertools import pairwise
from typing import Unpack

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


def path_capacity(
    score: ProcessOrScore,
    parameters: ArrayLike | None = None,
    *,
    reference: Score,
    dim: int = 1,
    steps: int = 500,
    sampling: Sampling | None = None,
    **process: Unpack[ReverseKeywords],
) -> Estimate:
    """Σ_k ½ h_k g(t_k)² E‖s(X_k, t_k) − s̄(X_k, t_k)‖² along the Euler–Maruyama chain X of the reverse SDE, from π.

    It bounds the mutual information of the data and the chain's end, for any s̄ = ``reference`` that does not depend on
    the data, and tends to ½ ∫ g² E‖s − s̄‖² dt; with ‖s‖ ≤ L and s̄ = 0 it is at most (L²/2) Σ h_k g(t_k)². ``score``
    and ``process`` as in `sample_reverse_sde`, with ``steps`` equal steps; ``reference``: a callable
    (x (n, d), t) -> (n, d). ``sampling``: a `Sampling`; Student's interval over 32 blocks of paths, so at least 64.
    ValueError or TypeError for bad arguments. Source: CZS, theorem 6.3 (claim IT11).
    """
    d = checks.integer("dim", dim, maximum=10**6)
    law = ReverseProcess.of(score, parameters, process).in_dimension(d)
    if not callable(reference):
        checks.refuse("reference", "be a callable", reference, "pass lambda x, t: …", TypeError)
    other = ReverseProcess(
        score=reference, drift=law.drift, diffusion=law.diffusion, horizon=law.horizon, start=law.start, prior_std=1.0
    ).in_dimension(d)
    how = checks.given("sampling", Sampling, sampling, {}) if sampling is not None else Sampling()
    if how.samples < 2 * _BLOCKS:
        checks.refuse("samples", f"be at least {2 * _BLOCKS}", how.samples, "pass more paths for an interval")
    n = checks.integer("steps", steps, maximum=10**7)
    times = np.linspace(law.horizon, law.start, n + 1)
    rows = math.ceil(how.samples / _BLOCKS)

    def run(root: np.random.SeedSequence, block: int, count: int) -> FloatArray:
        del count
        stream = streams.generator(root, Tag.REVERSE_PATHS, block)
        x = law.prior_std * stream.standard_normal((rows, d))
        total = np.zeros(rows)
        for t, after in pairwise(times.tolist()):
            h, square = t - after, law.diffusion(t) ** 2
            s = law.score(x, t)
            total += 0.5 * h * square * ((s - other.score(x, t)) ** 2).sum(axis=1)
            x = x - h * (law.drift(t) * x - square * s) + math.sqrt(h * square) * stream.standard_normal((rows, d))
            if not (np.abs(x) <= checks.LARGEST).all():
                raise ArithmeticError(f"paths overflowed at t = {t:g}: the steps are too long; pass more steps")
        return np.array([total.mean()])

    blocks = streams.in_order(run, rows, samples=rows * _BLOCKS, rng=how.rng, workers=how.workers)
    means = np.concatenate(list(blocks))
    value = float(means.mean())
    radius = float(stdtrit(_BLOCKS - 1, 1.0 - 0.5 * how.alpha)) * float(means.std(ddof=1)) / math.sqrt(_BLOCKS)
    return Estimate(
        value=value, interval=(max(0.0, value - radius), value + radius), alpha=how.alpha, samples=rows * _BLOCKS
    )
