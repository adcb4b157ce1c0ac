"""The reverse process of a learned score: what the SDE-density, the ODE-density, samplers and likelihood share."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics import checks
from numerics.checks import FloatArray
from numerics.random_features.features import RandomFeatures

TimeFunction = Callable[[float], float]
Field = Callable[[FloatArray, float], FloatArray]

_SORTED_FROM = 48  # features from which sorting the breakpoints beats the product of matrices on a grid


@dataclass(frozen=True, kw_only=True)
class Process:
    """dx = f x dt + g dW on [start, horizon], its prior N(0, prior_std² I), a score and (if known) its divergence.

    score : points (n, d), time -> (n, d). divergence : points (n, d), time -> (n,). kinks : for a network in one
    dimension, time -> its breakpoints (k,) and the jumps of the score's slope there (k,). network : where the score is
    one.
    """

    score: Field
    divergence: Field | None
    drift: TimeFunction
    diffusion: TimeFunction
    start: float
    horizon: float
    prior_std: float
    dim: int
    kinks: Callable[[float], tuple[FloatArray, FloatArray]] | None = None
    network: "Network | None" = None


def _time_function(name: str, value: Any, times: tuple[float, ...]) -> TimeFunction:
    """A number, or a callable t -> number, as a callable; tried at `times`."""
    if not callable(value):
        constant = checks.real(name, value)
        return lambda _t: constant

    def function(t: float) -> float:
        try:
            result = value(t)
        except Exception as error:
            raise ValueError(
                f"{name} must take a time t in [start, horizon]; at t = {t:g} it raised {type(error).__name__}: "
                f"{error}; return a number"
            ) from error
        return checks.real(f"{name}({t:g})", result)

    for t in times:
        function(t)
    return function


def _checked_field(name: str, function: Callable[..., Any], *, flat: bool, scalar: bool) -> Field:
    """A user's field with its results checked; `flat`: it takes and returns (n,), `scalar`: it returns (n,)."""

    def field(x: FloatArray, t: float) -> FloatArray:
        shape = (len(x),) if flat or scalar else x.shape
        try:
            value = np.asarray(function(x[:, 0] if flat else x, t), dtype=float)
        except Exception as error:
            raise ValueError(
                f"{name} must take points and a time; it raised {type(error).__name__}: {error}; return an array of "
                f"shape {shape} for points of shape {x[:, 0].shape if flat else x.shape}"
            ) from error
        if value.shape != shape or not np.isfinite(value).all():
            raise ValueError(
                f"{name} must return finite numbers of shape {shape} at t = {t:g}; got shape {value.shape}, "
                f"{int(np.count_nonzero(~np.isfinite(value)))} not finite; return one value per point"
            )
        return value[:, None] if flat and not scalar else value

    return field


class Network:
    """The score Θ h of random features, its divergence Σ_i 1[active] θ_i·w_i / √m and kinks, checked once."""

    def __init__(self, features: RandomFeatures, theta: FloatArray):
        self.features, self.weights = features, features.weights
        self.theta = theta / math.sqrt(features.width)
        self.trace = np.sum(self.theta.T * self.weights, axis=1)
        self._moving = self.weights[:, 0] != 0.0
        self._last: tuple[float, FloatArray] = (-1.0, np.zeros(0))

    def intercepts(self, t: float) -> FloatArray:
        """U e(t), (m,)."""
        time, value = self._last  # one tuple, so that threads never mix two times
        if time != t:
            value = self.features.intercepts([t])[0]
            self._last = (t, value)
        return value

    def inputs(self, x: FloatArray, t: float) -> FloatArray:
        """W x + U e(t) for points (n, d): (n, m)."""
        z = x @ self.weights.T
        z += self.intercepts(t)
        return z

    def score(self, x: FloatArray, t: float) -> FloatArray:
        """s(x, t), (n, d)."""
        if self.features.dim == 1 and self.features.width >= _SORTED_FROM and len(x) >= _SORTED_FROM:
            return _sorted_score(self.weights[:, 0], self.intercepts(t), self.theta[0], x[:, 0])[:, None]
        return np.maximum(self.inputs(x, t), 0.0) @ self.theta.T

    def divergence(self, x: FloatArray, t: float) -> FloatArray:
        """div s(x, t), (n,)."""
        return (self.inputs(x, t) > 0.0) @ self.trace

    def kinks(self, t: float) -> tuple[FloatArray, FloatArray]:
        """In one dimension, the breakpoints and the jumps of the score's slope there."""
        w = self.weights[self._moving, 0]
        with np.errstate(over="ignore"):
            return -self.intercepts(t)[self._moving] / w, self.theta[0, self._moving] * np.abs(w)


def _sorted_score(w: FloatArray, b: FloatArray, theta: FloatArray, x: FloatArray) -> FloatArray:
    """Σ_i θ_i σ(w_i x + b_i) at points (n,) from running sums over the sorted breakpoints: (n + m) log m operations."""
    up, down = w > 0.0, w < 0.0
    slope, level = np.zeros(len(x)), np.full(len(x), float(theta[~(up | down)] @ np.maximum(b[~(up | down)], 0.0)))
    for side, right in ((up, True), (down, False)):
        with np.errstate(over="ignore"):
            knots = -b[side] / w[side]
        order = np.argsort(knots)
        sums = np.zeros((2, len(order) + 1))
        np.cumsum((theta[side] * w[side])[order], out=sums[0, 1:])
        np.cumsum((theta[side] * b[side])[order], out=sums[1, 1:])
        place = np.searchsorted(knots[order], x)
        if not right:
            sums = sums[:, -1:] - sums
        slope += sums[0, place]
        level += sums[1, place]
    return slope * x + level


def process(
    score: Any,
    parameters: Any,
    divergence: Any = None,
    *,
    drift: Any,
    diffusion: Any,
    horizon: Any,
    prior_std: Any,
    start: Any,
    dim: int,
    flat: bool = False,
    flow: bool = False,
) -> Process:
    """Check the arguments that every function of a reverse process has; the log-density of the `flow` needs div s."""
    T = checks.real("horizon", horizon, above=0.0)
    t0 = checks.real("start", start, minimum=0.0)
    if t0 >= T:
        checks.refuse("start", f"be less than horizon = {T:g}", start, "pass a smaller start")
    pi = checks.real("prior_std", prior_std, above=0.0)
    times = (t0, 0.5 * (t0 + T), T)
    f, g = _time_function("drift", drift, times), _time_function("diffusion", diffusion, times)
    exact: Field | None
    network = None
    if isinstance(score, RandomFeatures):
        if dim != score.dim:
            raise ValueError(f"score must have dim {dim}; got features of dim {score.dim}; pass other features")
        theta = checks.array("parameters", parameters, shape=(score.dim, score.width))
        if divergence is not None:
            checks.refuse("divergence", "be None for features", divergence, "leave it out: it is exact", TypeError)
        network = Network(score, theta)
        field, exact = network.score, network.divergence
    else:
        if not callable(score):
            checks.refuse("score", "be RandomFeatures or a callable", score, "pass lambda x, t: …", TypeError)
        if parameters is not None:
            checks.refuse("parameters", "be None for a callable", parameters, "put them into the callable", TypeError)
        if divergence is not None and not callable(divergence):
            checks.refuse("divergence", "be callable", divergence, "pass lambda x, t: …", TypeError)
        if divergence is None and flow:
            checks.refuse("divergence", "be given for a callable score", divergence, "pass lambda x, t: …", TypeError)
        field = _checked_field("score", score, flat=flat, scalar=False)
        exact = None if divergence is None else _checked_field("divergence", divergence, flat=flat, scalar=True)
        for function in (field, exact):
            if function is not None:
                function(np.full((2, dim), 0.25) * pi, times[1])
    return Process(
        score=field,
        divergence=exact,
        drift=f,
        diffusion=g,
        start=t0,
        horizon=T,
        prior_std=pi,
        dim=dim,
        kinks=network.kinks if network is not None and dim == 1 else None,
        network=network,
    )


def tolerance_of(value: Any) -> float:
    """A tolerance between 1e-12 and 1e-2."""
    tolerance = checks.real("tolerance", value, minimum=1e-12)
    if tolerance > 1e-2:
        checks.refuse("tolerance", "be at most 0.01", value, "pass a smaller value")
    return tolerance
