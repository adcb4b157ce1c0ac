"""One-hidden-layer score networks whose layers are all of them trained: values, evaluation, score-density."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from numerics import checks
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray, TimesFunction
from numerics.checks.memory import require_sizes
from numerics.densities.score_density import ScoreDensity, score_density
from numerics.random_features.features import RandomFeatures, constant_embedding

ACTIVATIONS = ("swish", "relu")

_UNASKED = 1 << 24  # bytes that are taken without a look at the free memory, which costs more than they do


def times_function(name: str, value: TimesFunction, *, above: bool) -> TimesFunction:
    """``value`` if it is a number ≥ 0 (> 0 where ``above`` is set) or a callable."""
    if callable(value):
        return value
    return checks.real(name, value, above=0.0) if above else checks.real(name, value, minimum=0.0)


def at_times(name: str, function: TimesFunction, times: FloatArray, *, above: bool) -> FloatArray:
    """The values of a function of time at times (k,): read-only (k,), finite and ≥ 0 (> 0 where ``above`` is set)."""
    if not callable(function):
        return checks.array(name, np.full(len(times), function), shape=("k",))
    try:
        raw = function(times)
    except Exception as error:
        raise ValueError(
            f"{name} must take times of shape (k,); it raised {type(error).__name__}: {error}; return an array of that "
            "shape"
        ) from error
    value = checks.array(f"{name}(times)", raw, shape=(len(times),), minimum=0.0)
    if above and value.min() == 0.0:
        checks.refuse(f"{name}(times)", "be positive", 0.0, "start after time 0")
    return value


@dataclass(frozen=True, kw_only=True, eq=False)
class ScoreNetwork(ArrayValue):
    """A score network with one hidden layer, and a frozen Fourier embedding of time.

    s(x, t) = [A σ(W x + b + V e(t) + c) + a] / (κ std(t)),  e(t) = (sin 2πω_1 t, …, cos 2πω_1 t, …),
    with σ(z) = z/(1 + e^{−z}) ("swish") or max(z, 0) ("relu").

    input_weight W (m, d), input_bias b (m,), time_weight V (m, F), time_bias c (m,), output_weight A (d, m),
    output_bias a (d,), frequencies ω (F/2,) in turns per unit of time; ``output_scale`` κ > 0; ``std``: a number, or a
    callable, times (k,) -> (k,): the standard deviation of x(t) given x(0). ValueError or TypeError for others.
    Source: the authors' code of LLZB's one-dimensional experiments, F = 4, κ = 16.
    """

    input_weight: FloatArray
    input_bias: FloatArray
    time_weight: FloatArray
    time_bias: FloatArray
    output_weight: FloatArray
    output_bias: FloatArray
    frequencies: FloatArray
    output_scale: float
    std: TimesFunction
    activation: str = "swish"

    def __post_init__(self):
        W = checks.array("input_weight", self.input_weight, shape=("m", "d"))
        m, d = W.shape
        omega = checks.array("frequencies", self.frequencies, shape=("F/2",))
        shapes = {"input_bias": (m,), "time_weight": (m, 2 * len(omega)), "time_bias": (m,), "output_weight": (d, m),
                  "output_bias": (d,)}  # fmt: skip
        fields: dict[str, Any] = {"input_weight": W, "frequencies": omega}
        fields |= {name: checks.array(name, getattr(self, name), shape=shape) for name, shape in shapes.items()}
        fields["output_scale"] = checks.real("output_scale", self.output_scale, above=0.0)
        fields["std"] = times_function("std", self.std, above=True)
        checks.option("activation", self.activation, ACTIVATIONS)
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @property
    def width(self) -> int:
        """The number m of hidden units."""
        return self.input_weight.shape[0]

    @property
    def dim(self) -> int:
        """The dimension d of space."""
        return self.input_weight.shape[1]

    def _at(self, time: float) -> tuple[FloatArray, float]:
        """The inputs' part that does not depend on x, (m,), and κ std(t)."""
        t = checks.real("time", time, minimum=0.0)
        turns = 2.0 * math.pi * np.remainder(self.frequencies * t, 1.0)
        embedded = np.concatenate([np.sin(turns), np.cos(turns)])
        std = float(at_times("std", self.std, np.array([t]), above=True)[0])
        return self.input_bias + (self.time_weight @ embedded + self.time_bias), self.output_scale * std

    def _hidden(self, x: ArrayLike, time: float) -> tuple[FloatArray, float, bool]:
        """The hidden units' inputs z (k, m), κ std(t), and whether x was flat."""
        points = checks.array("x", x, shape=None)
        flat = points.ndim == 1 and self.dim == 1
        rows = points[:, None] if flat else checks.array("x", points, shape=("k", self.dim))
        if 40 * len(rows) * self.width > _UNASKED:
            require_sizes("the hidden units", lambda number_of_points: 40.0 * number_of_points * self.width,
                          number_of_points=len(rows))  # fmt: skip
        shift, scale = self._at(time)
        return rows @ self.input_weight.T + shift, scale, flat

    def score(self, x: ArrayLike, time: float) -> FloatArray:
        """s(x, t) for points x (k, d) at one time t ≥ 0: (k, d); in one dimension also for x (k,): (k,)."""
        z, scale, flat = self._hidden(x, time)
        if self.activation == "swish":
            z *= expit(z)
        else:
            np.maximum(z, 0.0, out=z)
        value = (z @ self.output_weight.T + self.output_bias) / scale
        return value[:, 0] if flat else value

    def divergence(self, x: ArrayLike, time: float) -> FloatArray:
        """div s(x, t) = Σ_k σ'(z_k) (A_·k · W_k) / (κ std(t)): the exact trace of the Jacobian, (k,).

        Points and time as for `score`; σ'(0) = 0 for ReLU, where z is the input of a hidden unit.
        """
        z, scale, _ = self._hidden(x, time)
        trace = np.einsum("ik,ki->k", self.output_weight, self.input_weight) / scale
        if self.activation == "swish":
            gate = expit(z)
            return (gate * (1.0 + z * (1.0 - gate))) @ trace
        return (z > 0.0) @ trace

    def density(self, time: float) -> ScoreDensity:
        """The score-density of a one-dimensional ReLU network: ∇log p = s(·, t), in closed pieces.

        The network as random features, each row divided by its ℓ1 norm, and the output's bias as one more constant
        feature. ValueError for another activation or dimension; outcome and errors as in `score_density`.
        """
        if self.activation != "relu" or self.dim != 1:
            raise ValueError(
                f"activation and dim must be 'relu' and 1 for closed pieces; got {self.activation!r} and {self.dim}; "
                "use score_grid_kl for Swish"
            )
        shift, scale = self._at(time)
        w, theta = np.append(self.input_weight[:, 0], 0.0), np.append(self.output_weight[0], self.output_bias[0])
        u = np.append(shift, 1.0)
        norms = np.abs(w) + np.abs(u)
        norms[norms == 0.0] = 1.0  # a unit that is always 0
        features = RandomFeatures(
            weights=(w / norms)[:, None], time_weights=(u / norms)[:, None], embedding=constant_embedding()
        )
        return score_density(features, (theta * norms * (math.sqrt(len(w)) / scale))[None, :], 0.0)
