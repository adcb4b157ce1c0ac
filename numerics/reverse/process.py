"""The reverse process of a learned score, `ReverseProcess`, and what is computed from it in a given dimension."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray, Score, TimeFunction
from numerics.random_features.features import RandomFeatures

Rate = Callable[[float], float]
Field = Callable[[FloatArray, float], FloatArray]

_SORTED_FROM = 48  # features from which sorting the breakpoints beats the product of matrices on a grid


@dataclass(frozen=True, kw_only=True)
class Dynamics:
    """A reverse process in ``dim`` dimensions, every function checked.

    ``score``: points (n, d), time -> (n, d). ``divergence``: points (n, d), time -> (n,). ``kinks``: for a network in
    one dimension, time -> its breakpoints (k,) and the jumps of the score's slope there (k,). ``network``: where the
    score is one.
    """

    score: Field
    divergence: Field | None
    drift: Rate
    diffusion: Rate
    start: float
    horizon: float
    prior_std: float
    dim: int
    kinks: Callable[[float], tuple[FloatArray, FloatArray]] | None = None
    network: "Network | None" = None


def _rate(name: str, value: TimeFunction) -> Rate:
    """A number, or a callable t -> number, as a callable whose results are checked."""
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

    return function


def _checked_field(name: str, function: Score, *, flat: bool, scalar: bool) -> Field:
    """A user's field with its results checked; ``flat``: it takes and returns (n,), ``scalar``: it returns (n,)."""

    def field(x: FloatArray, t: float) -> FloatArray:
        shape = (len(x),) if flat or scalar else x.shape
        try:
            raw = np.asarray(function(x[:, 0] if flat else x, t))
            if raw.dtype.kind == "c":
                raise TypeError("complex numbers returned")
            value = np.asarray(raw, dtype=float)
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
        self._foreseen: dict[float, FloatArray] = {}

    def foresee(self, times: FloatArray) -> None:
        """Have U e(t) at all of these times (k,) at once, and no others."""
        self._foreseen = dict(zip(times.tolist(), self.features.intercepts(times), strict=True))

    def intercepts(self, t: float) -> FloatArray:
        """U e(t), (m,)."""
        time, value = self._last  # one tuple, so that threads never mix two times
        if time != t:
            known = self._foreseen.get(t)
            value = self.features.intercepts([t])[0] if known is None else known
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


@dataclass(frozen=True, kw_only=True, eq=False)
class ReverseProcess(ArrayValue):
    """The reverse process of a learned score: what densities, samplers and likelihoods of it take.

    dx = (f x − g² s(x, t)) dt + g dW̄, or without noise dx/dt = f x − ½ g² s(x, t), run backward from
    N(0, prior_std² I) at ``horizon`` T to ``start``.

    ``score``: RandomFeatures with ``parameters`` Θ (d, m), or a callable (x (n, d), t) -> (n, d) without parameters;
    for `sde_density` and `ode_density` a function of one variable, (x (k,), t) -> (k,). ``drift`` f, ``diffusion`` g:
    numbers, or callables t -> number. 0 ≤ start < horizon. ``prior_std`` > 0: a standard deviation. ``divergence``: of
    a callable, where a log-density of the flow is asked for, (x, t) -> div s (n,); that of features is exact.

    ValueError or TypeError otherwise. Source: LLZB eqs. (3), (4).
    """

    score: RandomFeatures | Score
    drift: TimeFunction
    diffusion: TimeFunction
    horizon: float
    prior_std: float
    start: float = 0.0
    parameters: ArrayLike | None = None
    divergence: Score | None = None

    def __post_init__(self):
        T = checks.real("horizon", self.horizon, above=0.0)
        t0 = checks.real("start", self.start, minimum=0.0)
        if t0 >= T:
            checks.refuse("start", f"be less than horizon = {T:g}", self.start, "pass a smaller start")
        fields: dict[str, object] = {"horizon": T, "start": t0}
        fields["prior_std"] = checks.real("prior_std", self.prior_std, above=0.0)
        for name in ("drift", "diffusion"):
            value = getattr(self, name)
            rate = _rate(name, value)
            for t in (t0, 0.5 * (t0 + T), T):
                rate(t)
            fields[name] = value if callable(value) else rate(T)
        if isinstance(self.score, RandomFeatures):
            shape = (self.score.dim, self.score.width)
            fields["parameters"] = checks.array("parameters", self.parameters, shape=shape)
            if self.divergence is not None:
                checks.refuse(
                    "divergence", "be None for features", self.divergence, "leave it out: it is exact", TypeError
                )
        else:
            if not callable(self.score):
                checks.refuse("score", "be RandomFeatures or a callable", self.score, "pass lambda x, t: …", TypeError)
            if self.parameters is not None:
                checks.refuse("parameters", "be None for a callable", self.parameters, "put them into it", TypeError)
            if self.divergence is not None and not callable(self.divergence):
                checks.refuse("divergence", "be callable", self.divergence, "pass lambda x, t: …", TypeError)
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, score: "ProcessOrScore", parameters: ArrayLike | None, law: "ReverseKeywords") -> "ReverseProcess":
        """``score`` if it is a process, or one made of the keywords; errors name the bad argument."""
        keywords = dict(law) if parameters is None else {**law, "parameters": parameters}
        if isinstance(score, cls):
            return checks.given("score", cls, score, keywords)
        return checks.given("score", cls, None, {"score": score, **keywords})

    def in_dimension(self, dim: int, *, flat: bool = False, flow: bool = False) -> Dynamics:
        """The functions of points (n, dim); ``flat``: a callable takes (n,); a log-density, ``flow``, needs div s."""
        exact: Field | None
        network = None
        if isinstance(self.score, RandomFeatures):
            if dim != self.score.dim:
                raise ValueError(
                    f"score must have dim {dim}; got features of dim {self.score.dim}; pass other features"
                )
            network = Network(self.score, np.asarray(self.parameters))
            field, exact = network.score, network.divergence
        else:
            if self.divergence is None and flow:
                checks.refuse("divergence", "be given for a callable score", None, "pass lambda x, t: …", TypeError)
            field = _checked_field("score", self.score, flat=flat, scalar=False)
            exact = None
            if self.divergence is not None:
                exact = _checked_field("divergence", self.divergence, flat=flat, scalar=True)
            for function in (field, exact):
                if function is not None:
                    function(np.full((2, dim), 0.25) * self.prior_std, 0.5 * (self.start + self.horizon))
        return Dynamics(
            score=field,
            divergence=exact,
            drift=_rate("drift", self.drift),
            diffusion=_rate("diffusion", self.diffusion),
            start=self.start,
            horizon=self.horizon,
            prior_std=self.prior_std,
            dim=dim,
            kinks=network.kinks if network is not None and dim == 1 else None,
            network=network,
        )


class ReverseKeywords(TypedDict, total=False):
    """The keywords of a function that takes a score: the fields of `ReverseProcess` beside score and parameters."""

    drift: TimeFunction
    diffusion: TimeFunction
    horizon: float
    prior_std: float
    start: float
    divergence: Score | None


ProcessOrScore = ReverseProcess | RandomFeatures | Score
"""What a function of a reverse process takes first: the process, or its score, with the rest of it as keywords."""


def tolerance_of(value: float) -> float:
    """A tolerance between 1e-12 and 1e-2."""
    return checks.real("tolerance", value, minimum=1e-12, maximum=1e-2)
