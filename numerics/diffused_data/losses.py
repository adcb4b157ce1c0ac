"""Losses of a score over the exact mixture of the data, along the forward process, for every horizon at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.checks.aliases import FloatArray, Score
from numerics.diffused_data.clock import Clock, Nodes
from numerics.diffused_data.data import DiffusedData
from numerics.diffused_data.replicates import Noise, interval_of, replicated
from numerics.mixtures.quadrature import Line, cut, integrate, panels
from numerics.networks.score_network import ScoreNetwork
from numerics.random_features.features import RandomFeatures
from numerics.reverse.process import Dynamics, ReverseProcess
from numerics.statistics.intervals import Estimate
from numerics.statistics.sampling import Sampling, SamplingKeywords

AnyScore = RandomFeatures | ScoreNetwork | DiffusedData | Score
"""A score: random features with parameters, a trained network, the exact score of data, or a callable."""

_LINE_TOLERANCE, _INNER_TOLERANCE = 1e-10, 1e-11
_SPACE_TOLERANCE, _SPACE_WIDTH = 1e-4, 6.0  # below what replicates resolve; few panels, since each costs 21 times
_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, kw_only=True)
class ScoreLosses:
    """Losses of a score from ``start`` to each of the ``horizons``, increasing (k,); tuples of k estimates, in nats.

    ``explicit``: L̂_ESM = ½ ∫ g² E_{p̂_t} ‖s − ∇log p̂_t‖² dt. ``denoising``: L̂_DSM = ½ ∫ g² E ‖s − ∇log p_{t|0}‖² dt.
    ``noise``: L̂_DSM − L̂_ESM = ½ ∫ g² (r²/std⁴) mmse dt, which is Î_start − Î_horizon and free of the score.
    """

    start: float
    horizons: tuple[float, ...]
    explicit: tuple[Estimate, ...]
    denoising: tuple[Estimate, ...]
    noise: tuple[Estimate, ...]


def score_losses(
    score: AnyScore,
    parameters: ArrayLike | None = None,
    *,
    data: DiffusedData,
    start: float,
    horizon: ArrayLike,
    **how: Unpack[SamplingKeywords],
) -> ScoreLosses:
    """L̂_ESM and L̂_DSM of any score over the exact mixture p̂_t of the data, t from ``start`` > 0 to ``horizon``.

    ``score``: RandomFeatures with ``parameters`` Θ (d, m), a ScoreNetwork, DiffusedData (the exact score of those data)
    or a callable (x (k, d), t) -> (k, d). ``horizon``: a number, or increasing ones (k,), all of them at the cost of
    the last. On the line: adaptive quadrature in space and time; in d dimensions the sampling of `DiffusedData`, whose
    points are shared by both losses and all times. ValueError or TypeError for bad arguments, also for a score whose
    values are not finite or have the wrong shape. Source: CZS, section 6 (claims IT4, IT12).
    """
    law, clock, horizons = _read(score, parameters, data, start, horizon)
    sampling = Sampling.of(how)
    both = _on_the_line if data.dim == 1 else _in_space
    explicit, noise, denoising = both(law, None, data, clock, sampling)
    return ScoreLosses(start=clock.start, horizons=horizons, explicit=explicit, denoising=denoising, noise=noise)


def score_distance(
    score: AnyScore,
    reference: AnyScore,
    parameters: ArrayLike | None = None,
    *,
    data: DiffusedData,
    start: float,
    horizon: ArrayLike,
    **how: Unpack[SamplingKeywords],
) -> tuple[Estimate, ...]:
    """½ ∫ g² E_{p̂_t} ‖s − s̄‖² dt from ``start`` to each horizon, along the data's path: one estimate per horizon.

    ``reference``: s̄, as ``score``, but no features. Other arguments and errors as in `score_losses`. Along the
    generator's path: `path_capacity`. Source: CZS, theorem 6.3 (claim IT11).
    """
    law, clock, _ = _read(score, parameters, data, start, horizon)
    other = _dynamics("reference", reference, None, data.dim, clock)
    both = _on_the_line if data.dim == 1 else _in_space
    return both(law, other, data, clock, Sampling.of(how))[0]


def _read(
    score: AnyScore, parameters: ArrayLike | None, data: DiffusedData, start: float, horizon: ArrayLike
) -> tuple[Dynamics, Clock, tuple[float, ...]]:
    checks.instance("data", data, DiffusedData, "build it with DiffusedData(points=…, mean_scale=…, std=…)")
    first = checks.real("start", start, above=0.0)
    horizons = checks.increasing("horizon", checks.vector("horizon", horizon))
    if horizons[0] <= first:
        checks.refuse("horizon", f"be greater than start = {first:g}", float(horizons[0]), "pass a larger horizon")
    clock = data.clock(first, horizons)
    return _dynamics("score", score, parameters, data.dim, clock), clock, tuple(horizons.tolist())


def _dynamics(name: str, score: AnyScore, parameters: ArrayLike | None, dim: int, clock: Clock) -> Dynamics:
    if isinstance(score, (ScoreNetwork, DiffusedData)):
        if score.dim != dim:
            raise ValueError(f"{name} must have dim {dim} as data has; got {score.dim}; pass one of that dimension")
        score = score.score
    elif not isinstance(score, RandomFeatures) and not callable(score):
        checks.refuse(
            name, "be features, a network, DiffusedData or a callable", score, "pass lambda x, t: …", TypeError
        )
    process = ReverseProcess(
        score=score,
        parameters=parameters,
        drift=0.0,
        diffusion=1.0,
        horizon=clock.horizon,
        start=clock.start,
        prior_std=1,
    )
    return process.in_dimension(dim)


Three = tuple[tuple[Estimate, ...], tuple[Estimate, ...], tuple[Estimate, ...]]
"""Explicit losses, what the noise adds, and denoising losses."""


def _on_the_line(law: Dynamics, other: Dynamics | None, data: DiffusedData, clock: Clock, sampling: Sampling) -> Three:
    del sampling
    n = data.count
    weights, used, worst = np.full(n, 1.0 / n), 0, np.zeros(2)

    def at(time: float, r: float, s: float) -> FloatArray:
        nonlocal used
        line = Line.of(weights, r * data.points[:, 0], np.full(n, s))
        cells = panels(line)
        for one in (law, other):
            if one is not None and one.kinks is not None:
                cells = cut(cells, np.sort(one.kinks(time)[0]))

        def explicit(centres: FloatArray, offsets: FloatArray) -> FloatArray:
            density, shift, _ = line.posterior(centres, offsets)
            x = (centres[:, None] + offsets).reshape(-1, 1)
            exact = shift / s**2 if other is None else other.score(x, time).reshape(offsets.shape)
            return density * (law.score(x, time).reshape(offsets.shape) - exact) ** 2

        def noise(centres: FloatArray, offsets: FloatArray) -> FloatArray:
            density, _, spread = line.posterior(centres, offsets)
            return density * spread / s**4  # the means are r x_i

        found = [integrate(f, cells, _INNER_TOLERANCE) for f in ((explicit, noise) if other is None else (explicit,))]
        used += sum(nodes for *_, nodes in found)
        for k, (_, error, _) in enumerate(found):
            worst[k] = max(worst[k], 0.5 * s * s * error)
        return np.array([value for value, *_ in found])

    def function(nodes: Nodes) -> FloatArray:
        return np.stack([at(t, r, s) for t, r, s in zip(*(part.tolist() for part in nodes), strict=True)])

    values, errors = clock.integrals(function, _LINE_TOLERANCE)
    lengths = (clock.ends[1:] - clock.ends[0])[:, None]
    errors = errors + lengths * worst[: values.shape[1]] + 64 * _EPS * (values + np.sqrt(values * _EPS))
    explicit = _exact(values[:, 0], errors[:, 0], used)
    if other is not None:
        return explicit, (), ()
    return explicit, _exact(values[:, 1], errors[:, 1], used), _exact(values.sum(axis=1), errors.sum(axis=1), used)


def _exact(values: FloatArray, errors: FloatArray, nodes: int) -> tuple[Estimate, ...]:
    return tuple(
        Estimate(value=v, interval=(max(0.0, v - e), v + e), alpha=0.0, samples=nodes)
        for v, e in zip(values.tolist(), errors.tolist(), strict=True)
    )


def _in_space(law: Dynamics, other: Dynamics | None, data: DiffusedData, clock: Clock, sampling: Sampling) -> Three:
    def squares(noise: Noise, nodes: Nodes) -> FloatArray:
        """‖s − ŝ‖² and (r²/s⁴) mmse of the rows at every time, (rows, k, 2)."""
        out = np.zeros((len(noise.z), len(nodes.times), 2))
        for k, (t, r, s) in enumerate(zip(*(part.tolist() for part in nodes), strict=True)):
            x = noise.points(r, s)
            if other is None:
                shift, spread = noise.moments(noise.posterior(r / s))
                exact = (r * shift - s * noise.z) / s**2
                out[:, k, 1] = (r / s**2) ** 2 * spread
            else:
                exact = other.score(x, t)
            out[:, k, 0] = ((law.score(x, t) - exact) ** 2).sum(axis=1)
        return out

    def function(nodes: Nodes) -> FloatArray:
        found = replicated(data, sampling, lambda noise: squares(noise, nodes))  # (16, k, 2)
        return np.moveaxis(found, 0, 2).reshape(len(nodes.times), -1)

    values, errors = clock.integrals(function, _SPACE_TOLERANCE, width=_SPACE_WIDTH)
    values, errors = (part.reshape(len(part), 2, -1) for part in (values, errors))

    def estimates(pick: Callable[[FloatArray], FloatArray]) -> tuple[Estimate, ...]:
        pairs = zip(values, errors, strict=True)
        return tuple(interval_of(pick(v), sampling, error=float(pick(e).max()), low=0.0) for v, e in pairs)

    return estimates(lambda v: v[0]), estimates(lambda v: v[1]), estimates(lambda v: v.sum(axis=0))
