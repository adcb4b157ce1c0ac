"""Losses of a score over the exact mixture of the data, along the forward process, for every horizon at once."""

import math
from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.checks.aliases import FloatArray, Score
from numerics.diffused_data.clock import Clock, Nodes, Values, forward_at
from numerics.diffused_data.data import PLANE_TOLERANCE, DiffusedData
from numerics.diffused_data.plane import Grid, fits_grid, plane_integrals
from numerics.diffused_data.replicates import Noise, interval_of, replicated
from numerics.mixtures.quadrature import Line, cut, even_panels, integrate
from numerics.networks.score_network import ScoreNetwork
from numerics.random_features.features import RandomFeatures
from numerics.reverse.process import Dynamics, ReverseProcess
from numerics.statistics.intervals import Estimate
from numerics.statistics.sampling import Sampling, SamplingKeywords

AnyScore = RandomFeatures | ScoreNetwork | DiffusedData | Score
"""A score: random features with parameters, a trained network, the exact score of data, or a callable."""

_LINE_TOLERANCE, _INNER_TOLERANCE = 1e-10, 1e-11
_PLANE_WIDTH = 4.0
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
    the last. Integrals over space are those of `DiffusedData`, quadrature or sampling, whose points are shared by both
    losses and all times; over time adaptive Gauss–Kronrod. ValueError or TypeError for bad arguments, also for a
    score whose values are not finite or have the wrong shape. Source: CZS, section 6 (claims IT4, IT12).
    """
    law, clock, horizons = _read(score, parameters, data, start, horizon)
    explicit, noise, denoising = _courses(law, None, data, clock, Sampling.of(how))
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
    other = _dynamics("reference", reference, None, data.dim, start=clock.start, horizon=clock.horizon)
    return _courses(law, other, data, clock, Sampling.of(how))[0]


def score_errors(
    score: AnyScore,
    parameters: ArrayLike | None = None,
    *,
    data: DiffusedData,
    times: ArrayLike,
    reference: AnyScore | None = None,
    **how: Unpack[SamplingKeywords],
) -> tuple[tuple[Estimate, ...], tuple[Estimate, ...]]:
    """E_{p̂_t} ‖s − ∇log p̂_t‖² and E ‖s − ∇log p_{t|0}‖² at each of the times > 0, increasing (k,) or a number.

    The integrands of `score_losses`, without ½ g². With a ``reference`` s̄ the first is E_{p̂_t} ‖s − s̄‖², and there is
    no second. Other arguments and errors as in `score_losses`.
    """
    moments = checks.increasing("times", checks.vector("times", times))
    if moments[0] <= 0.0:
        checks.refuse("times", "be greater than 0", float(moments[0]), "start after time 0")
    checks.instance("data", data, DiffusedData, "build it with DiffusedData(points=…, mean_scale=…, std=…)")
    nodes = Nodes(moments, *forward_at(data.mean_scale, data.std, moments))
    span = {"start": 0.5 * float(moments[0]), "horizon": float(moments[-1])}
    law = _dynamics("score", score, parameters, data.dim, **span)
    other = None if reference is None else _dynamics("reference", reference, None, data.dim, **span)
    line = _quadrature(law, other, data, float(nodes.mean_scale[0]), float(nodes.std[0]))
    if line is None:
        sampling = Sampling.of(how)
        found = _Space(law, other, data, sampling)(nodes)[0].reshape(len(moments), 1 if other else 2, -1)
        first, both = (tuple(interval_of(v, sampling, low=0.0) for v in x) for x in (found[:, 0], found.sum(axis=1)))
        return first, () if other else both
    pairs = [*zip(*line(nodes), strict=True)]
    first, both = (
        tuple(_exact(float(x(v)), float(x(e)) + 64 * _EPS * float(x(v)), line.used) for v, e in pairs)
        for x in (lambda part: part[0], np.sum)
    )
    return first, () if other else both


def _read(
    score: AnyScore, parameters: ArrayLike | None, data: DiffusedData, start: float, horizon: ArrayLike
) -> tuple[Dynamics, Clock, tuple[float, ...]]:
    checks.instance("data", data, DiffusedData, "build it with DiffusedData(points=…, mean_scale=…, std=…)")
    first = checks.real("start", start, above=0.0)
    horizons = checks.increasing("horizon", checks.vector("horizon", horizon))
    if horizons[0] <= first:
        checks.refuse("horizon", f"be greater than start = {first:g}", float(horizons[0]), "pass a larger horizon")
    clock = data.clock(first, horizons)
    law = _dynamics("score", score, parameters, data.dim, start=clock.start, horizon=clock.horizon)
    return law, clock, tuple(horizons.tolist())


def _dynamics(
    name: str, score: AnyScore, parameters: ArrayLike | None, dim: int, *, start: float, horizon: float
) -> Dynamics:
    if isinstance(score, (ScoreNetwork, DiffusedData)):
        if score.dim != dim:
            raise ValueError(f"{name} must have dim {dim} as data has; got {score.dim}; pass one of that dimension")
        score = score.score
    elif not isinstance(score, RandomFeatures) and not callable(score):
        checks.refuse(
            name, "be features, a network, DiffusedData or a callable", score, "pass lambda x, t: …", TypeError
        )
    process = ReverseProcess(
        score=score, parameters=parameters, drift=0.0, diffusion=1.0, horizon=horizon, start=start, prior_std=1.0
    )
    return process.in_dimension(dim)


class _Line:
    """E ‖s − s̄‖² and, for the exact score as s̄, (r²/std⁴) mmse at times, by quadrature over the line."""

    def __init__(self, law: Dynamics, other: Dynamics | None, data: DiffusedData):
        self.law, self.other, self.data = law, other, data
        self.weights = np.full(data.count, 1.0 / data.count)
        self.used = 0  # nodes

    def __call__(self, nodes: Nodes) -> Values:
        """The values and errors at j times, (j, 2), or (j, 1) for another reference than the exact score."""
        found = [self.at(t, r, s) for t, r, s in zip(*(part.tolist() for part in nodes), strict=True)]
        values, errors = zip(*found, strict=True)
        return np.stack(values), np.stack(errors)

    def at(self, time: float, r: float, s: float) -> tuple[FloatArray, FloatArray]:
        """The values at one time, and their errors."""
        line = Line.of(self.weights, r * self.data.points[:, 0], np.full(self.data.count, s))
        cells = even_panels(line)
        for one in (self.law, self.other):
            if one is not None and one.kinks is not None:
                cells = cut(cells, np.sort(one.kinks(time)[0]))

        def explicit(centres: FloatArray, offsets: FloatArray) -> FloatArray:
            density, shift, _ = line.posterior(centres, offsets)
            x = (centres[:, None] + offsets).reshape(-1, 1)
            exact = shift / s**2 if self.other is None else self.other.score(x, time).reshape(offsets.shape)
            return density * (self.law.score(x, time).reshape(offsets.shape) - exact) ** 2

        def noise(centres: FloatArray, offsets: FloatArray) -> FloatArray:
            density, _, spread = line.posterior(centres, offsets)
            return density * spread / s**4  # the means are r x_i

        integrands = (explicit,) if self.other else (explicit, noise)
        values, errors, nodes = zip(*(integrate(f, cells, _INNER_TOLERANCE) for f in integrands), strict=True)
        self.used += sum(nodes)
        return np.array(values), np.array(errors)


class _Plane(_Line):
    """The same in the plane, on a grid."""

    def at(self, time: float, r: float, s: float) -> tuple[FloatArray, FloatArray]:
        """The values at one time, and their errors."""

        def integrand(grid: Grid) -> FloatArray:
            exact = grid.shift / s**2 if self.other is None else self.other.score(grid.x, time)
            away = ((self.law.score(grid.x, time) - exact) ** 2).sum(axis=1)
            return away[:, None] if self.other else np.column_stack([away, grid.spread / s**4])

        values, errors, used = plane_integrals(self.data.points, r, s, integrand, PLANE_TOLERANCE)
        self.used += used
        return values, errors


def _quadrature(law: Dynamics, other: Dynamics | None, data: DiffusedData, r: float, s: float) -> _Line | None:
    """The rule for data at their least noise std/r, or None: by sampling."""
    if data.dim == 1:
        return _Line(law, other, data)
    return _Plane(law, other, data) if fits_grid(data.points, r, s) else None


class _Space:
    """The same in d dimensions, for every replicate: the values at j times are (j, 16 m), the replicates last."""

    def __init__(self, law: Dynamics, other: Dynamics | None, data: DiffusedData, sampling: Sampling):
        self.law, self.other, self.data, self.sampling = law, other, data, sampling

    def __call__(self, nodes: Nodes) -> Values:
        """The values at j times; what is random about them is no error here."""
        found = replicated(self.data, self.sampling, lambda noise: self._rows(noise, nodes))
        values = np.moveaxis(found, 0, 2).reshape(len(nodes.times), -1)
        return values, np.zeros_like(values)

    def _rows(self, noise: Noise, nodes: Nodes) -> FloatArray:
        out = np.zeros((len(noise.z), len(nodes.times), 1 if self.other else 2))
        for k, (t, r, s) in enumerate(zip(*(part.tolist() for part in nodes), strict=True)):
            x = noise.points(r, s)
            if self.other is None:
                shift, spread = noise.moments(noise.posterior(r / s))
                exact = (r * shift - s * noise.z) / s**2
                out[:, k, 1] = (r / s**2) ** 2 * spread
            else:
                exact = self.other.score(x, t)
            out[:, k, 0] = ((self.law.score(x, t) - exact) ** 2).sum(axis=1)
        return out


def _courses(
    law: Dynamics, other: Dynamics | None, data: DiffusedData, clock: Clock, sampling: Sampling
) -> tuple[tuple[Estimate, ...], ...]:
    """The integrals of each value from the start to every horizon, and last of their sum."""
    line = _quadrature(law, other, data, 1.0, math.exp(0.5 * float(clock.ends[0])))
    if line is None:
        found = clock.integrals(_Space(law, other, data, sampling), _SPACE_TOLERANCE, width=_SPACE_WIDTH)
        values, errors = (part.reshape(len(part), 1 if other else 2, -1) for part in found)
        return tuple(
            tuple(interval_of(v, sampling, error=float(e.max()), low=0.0) for v, e in zip(*pair, strict=True))
            for pair in (
                *((values[:, k], errors[:, k]) for k in range(values.shape[1])),
                (values.sum(axis=1), errors.sum(axis=1)),
            )
        )
    how = {"tolerance": _LINE_TOLERANCE} if data.dim == 1 else {"tolerance": PLANE_TOLERANCE, "width": _PLANE_WIDTH}
    values, errors = clock.integrals(line, **how)
    errors = errors + 64 * _EPS * (values + np.sqrt(values * _EPS))
    pairs = [*zip(values.T, errors.T, strict=True), (values.sum(axis=1), errors.sum(axis=1))]
    return tuple(
        tuple(_exact(v, e, line.used) for v, e in zip(value.tolist(), error.tolist(), strict=True))
        for value, error in pairs
    )


def _exact(value: float, error: float, nodes: int) -> Estimate:
    return Estimate(value=value, interval=(max(0.0, value - error), value + error), alpha=0.0, samples=nodes)
