"""Random features h(x, t) = σ(W x + U e(t))/√m with frozen rows, and the score Θ h that is linear in Θ."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.backends.backend import Backend
from numerics.backends.choice import chosen
from numerics.checks import ArrayValue
from numerics.checks.aliases import RNG, Embedding, FloatArray
from numerics.checks.memory import require_sizes
from numerics.statistics import streams

_SMALL = 1 << 22  # numbers, 32 MiB, for which asking how much memory there is takes longer than using it


@dataclass(frozen=True)
class ConstantEmbedding:
    """e(t) = (1), the bias."""

    def __call__(self, times: FloatArray) -> FloatArray:
        """The embedding of ``times`` (k,), shape (k, 1)."""
        return np.ones((len(times), 1))


@dataclass(frozen=True)
class ExponentialEmbedding:
    """e(t) = (1, e^{−t}), which holds the score of a diffused standard Gaussian shift under Ornstein–Uhlenbeck."""

    def __call__(self, times: FloatArray) -> FloatArray:
        """The embedding of ``times`` (k,), shape (k, 2)."""
        return np.stack([np.ones(len(times)), np.exp(-np.asarray(times))], axis=1)


@dataclass(frozen=True)
class PolynomialEmbedding:
    """e(t) = (1, t/T, …, (t/T)^degree), T = ``horizon``; bounded by 1 on [0, T]."""

    degree: int
    horizon: float

    def __post_init__(self):
        object.__setattr__(self, "degree", checks.integer("degree", self.degree, minimum=0, maximum=1000))
        object.__setattr__(self, "horizon", checks.real("horizon", self.horizon, above=0.0))

    def __call__(self, times: FloatArray) -> FloatArray:
        """The embedding of ``times`` (k,), shape (k, degree + 1)."""
        return (np.asarray(times)[:, None] / self.horizon) ** np.arange(self.degree + 1)


def constant_embedding() -> ConstantEmbedding:
    """The embedding e(t) = (1)."""
    return ConstantEmbedding()


def exponential_embedding() -> ExponentialEmbedding:
    """The embedding e(t) = (1, e^{−t})."""
    return ExponentialEmbedding()


def polynomial_embedding(degree: int, horizon: float) -> PolynomialEmbedding:
    """The embedding e(t) = (1, t/T, …, (t/T)^degree) with T = ``horizon`` > 0, ``degree`` ≥ 0.

    Raises ValueError or TypeError for another degree or horizon.
    """
    return PolynomialEmbedding(degree, horizon)


def embed(embedding: Embedding, times: FloatArray, columns: int | str) -> FloatArray:
    """e(t) at times (k,), checked: shape (k, d_e)."""
    try:
        value = embedding(times)
    except Exception as error:
        raise ValueError(
            f"embedding must take times of shape (k,) in [0, T]; it raised {type(error).__name__}: {error}; "
            "return an array of shape (k, d_e)"
        ) from error
    return checks.array("embedding(times)", value, shape=(len(times), columns))


@dataclass(frozen=True, kw_only=True, eq=False)
class RandomFeatures(ArrayValue):
    """A frozen ReLU feature map of space and time.

    h(x, t) = σ(W x + U e(t)) / √m, σ(y) = max(y, 0); the score is s_Θ(x, t) = Θ h(x, t) with Θ = A/√m, (d, m), and
    ‖s_Θ‖_H = ‖Θ‖_F.

    ``weights``: W, (m, d). ``time_weights``: U, (m, d_e). ``embedding``: a callable, times (k,) -> e(t), (k, d_e),
    defined on [0, T]; it is called once at t = 0 to learn d_e.

    Every row satisfies ‖w_i‖₁ + ‖u_i‖₁ ≤ 1, up to the rounding of its d + d_e terms, 4 (d + d_e) 2⁻⁵²; ValueError
    otherwise, or when shapes disagree. Source: LLZB eq. (12) and its normalisation of the rows.
    """

    weights: FloatArray
    time_weights: FloatArray
    embedding: Embedding

    def __post_init__(self):
        W = checks.array("weights", self.weights, shape=("m", "d"))
        if not callable(self.embedding):
            checks.refuse("embedding", "be callable", self.embedding, "pass e.g. constant_embedding()", TypeError)
        U = checks.array("time_weights", self.time_weights, shape=(W.shape[0], "d_e"))
        embed(self.embedding, np.zeros(1), U.shape[1])
        norms = np.abs(W).sum(axis=1) + np.abs(U).sum(axis=1)
        tolerance = 4 * (W.shape[1] + U.shape[1]) * np.finfo(float).eps
        if norms.max() > 1.0 + tolerance:
            i = int(norms.argmax())
            raise ValueError(
                f"weights and time_weights must satisfy |w|_1 + |u|_1 <= 1 in every row; got {float(norms[i])!r} in "
                f"row {i}; divide both rows by it and multiply that column of the parameters by it"
            )
        object.__setattr__(self, "weights", W)
        object.__setattr__(self, "time_weights", U)

    @classmethod
    def sample(cls, width: int, dim: int, embedding: Embedding, *, rng: RNG) -> "RandomFeatures":
        """Draw m = ``width`` rows (w, u) i.i.d. uniformly on the ℓ1 sphere ‖w‖₁ + ‖u‖₁ = 1 of R^{d + d_e}.

        Law: (w, u) = (±E_1, …, ±E_{d+d_e}) / ΣE_j with E_j i.i.d. Exponential(1) and independent fair signs; d_e is
        read off ``embedding`` at t = 0. ``rng``: an integer ≥ 0, a numpy.random.SeedSequence, or a
        numpy.random.Generator, from which the rows are drawn.
        """
        m, d = checks.integer("width", width, maximum=10**8), checks.integer("dim", dim, maximum=10**8)
        if not callable(embedding):
            checks.refuse("embedding", "be callable", embedding, "pass e.g. constant_embedding()", TypeError)
        source = streams.drawn_from(rng)
        d_e = embed(embedding, np.zeros(1), "d_e").shape[1]
        require_sizes("the features", lambda width, dim: 48.0 * width * (dim + d_e), width=m, dim=d)
        rows = source.standard_exponential((m, d + d_e))
        rows /= rows.sum(axis=1, keepdims=True)
        rows *= 2.0 * source.integers(0, 2, size=rows.shape) - 1.0
        return cls(weights=rows[:, :d], time_weights=rows[:, d:], embedding=embedding)

    @property
    def width(self) -> int:
        """The number m of features."""
        return self.weights.shape[0]

    @property
    def dim(self) -> int:
        """The dimension d of space."""
        return self.weights.shape[1]

    def intercepts(self, times: ArrayLike) -> FloatArray:
        """U e(t) for times (k,), t ≥ 0: shape (k, m)."""
        t = checks.array("times", times, shape=("k",), minimum=0.0)
        return embed(self.embedding, t, self.time_weights.shape[1]) @ self.time_weights.T

    def matrix(
        self,
        x: ArrayLike,
        time: float,
        *,
        backend: Backend | str | None = None,
        device: str | None = None,
        dtype: str | None = None,
    ) -> FloatArray:
        """The features h(x_j, t) of points x (n, d) at one time t ≥ 0: shape (n, m).

        ``backend``, ``device``, ``dtype``: where they are computed, as in `population_quadratic`.
        """
        where = chosen(backend, device, dtype)
        points = checks.array("x", x, shape=("n", self.dim))
        t = checks.real("time", time, minimum=0.0)
        if len(points) * self.width > _SMALL:
            require_sizes("the feature matrix", lambda number_of_points: 8.0 * number_of_points * self.width,
                          number_of_points=len(points))  # fmt: skip
        return where.features(points, self.weights, self.intercepts([t])[0])

    def score(self, parameters: ArrayLike, x: ArrayLike, time: float) -> FloatArray:
        """The score s_Θ(x_j, t) = Θ h(x_j, t) for Θ = ``parameters`` (d, m), x (n, d), one time t ≥ 0: shape (n, d)."""
        theta = checks.array("parameters", parameters, shape=(self.dim, self.width))
        return self.matrix(x, time) @ theta.T
