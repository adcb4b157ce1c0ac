"""Rademacher complexities of balls of linear functions, and of the ℓ1 ball of ReLU functions of one variable.

Balls of linear functions are symmetric, so that the complexities with and without |·| agree.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray, IntArray, Signs
from numerics.checks.memory import require_sizes
from numerics.complexity import rademacher
from numerics.complexity.rademacher import FunctionClass
from numerics.kernels import sign_suprema
from numerics.statistics.intervals import Estimate
from numerics.statistics.sampling import Sampling, SamplingKeywords

_LANES = 32  # sign vectors walked together: the fastest of 16, 32, 64 and 128 where this was measured


def _scaled(estimate: Estimate, factor: float) -> Estimate:
    low, high = estimate.interval
    return Estimate(
        value=factor * estimate.value,
        interval=(factor * low, factor * high),
        alpha=estimate.alpha,
        samples=estimate.samples,
    )


def l1_ball_complexity(
    points: ArrayLike, *, radius: float = 1.0, method: str = "exact", **how: Unpack[SamplingKeywords]
) -> Estimate:
    """The Rademacher complexity (ρ/n) E ‖Σ_j ξ_j x_j‖_∞ of x ↦ w·x, ‖w‖₁ ≤ ρ.

    ``points``: x_j, (n, d). ``radius``: ρ ≥ 0. The supremum is attained at a vertex of the ball. Other arguments,
    result (without ``fraction``) and errors as in `rademacher_complexity`. Source: LLZB, proof of theorem 1.
    """
    x = checks.array("points", points, shape=("n", "d"))
    checks.option("method", method, rademacher.METHODS)
    size = checks.real("radius", radius, minimum=0.0)
    return _scaled(rademacher.rademacher_complexity_abs(x.T, method=method, **how), size)


def l1_ball_bound(points: ArrayLike, *, radius: float = 1.0) -> float:
    """The bound ρ max_j ‖x_j‖_∞ √(2 log(2d)/n) ≥ `l1_ball_complexity`.

    points (n, d), ``radius`` ρ ≥ 0. Source: Massart's lemma for the 2d vertices; LLZB, proof of theorem 1.
    """
    x = checks.array("points", points, shape=("n", "d"))
    n, d = x.shape
    return checks.real("radius", radius, minimum=0.0) * float(np.abs(x).max()) * math.sqrt(2.0 * math.log(2 * d) / n)


def l2_ball_complexity(
    points: ArrayLike, *, radius: float = 1.0, method: str = "exact", **how: Unpack[SamplingKeywords]
) -> Estimate:
    """The Rademacher complexity (ρ/n) E ‖Σ_j ξ_j h_j‖₂ of h ↦ θ·h, ‖θ‖₂ ≤ ρ: also that of frozen features.

    ``points``: h_j, (n, m), for frozen features the rows of `RandomFeatures.matrix`; ``radius``: ρ ≥ 0. Other
    arguments, result (without ``fraction``) and errors as in `rademacher_complexity`. Source: LLZB, proof of theorem 1.
    """
    h = checks.array("points", points, shape=("n", "m"))
    size = checks.real("radius", radius, minimum=0.0)
    return _scaled(rademacher.complexity(_l2_ball(h), True, method, Sampling.of(how)), size)


def l2_ball_bound(points: ArrayLike, *, radius: float = 1.0) -> float:
    """The bound (ρ/n) √(Σ_j ‖h_j‖₂²) ≥ `l2_ball_complexity`, and at most √2 times that (Khintchine–Kahane).

    points (n, m), ``radius`` ρ ≥ 0. Source: Jensen's inequality; LLZB, proof of theorem 1.
    """
    h = checks.array("points", points, shape=("n", "m"))
    return checks.real("radius", radius, minimum=0.0) * float(np.linalg.norm(h)) / len(h)


def _l2_ball(h: FloatArray) -> FunctionClass:
    n, m = h.shape
    # at most n coordinates matter: h = Rᵀ Qᵀ with orthonormal columns of Q leaves every norm as it is
    columns = np.ascontiguousarray(h.T if m <= n else np.linalg.qr(h.T, mode="r"))

    def extremes(signs: Signs) -> tuple[FloatArray, FloatArray]:
        squares = np.empty(len(signs))
        sign_suprema.norms(columns, np.ascontiguousarray(signs.T, dtype=float), squares)
        norms = np.sqrt(squares)
        return norms, -norms

    peaks = np.sqrt((h * h).sum(axis=1))
    return FunctionClass(extremes, peaks, float(peaks.sum()), columns.size)


@dataclass(frozen=True, kw_only=True, eq=False)
class ReluClass(ArrayValue):
    """The functions f(x) = σ(w x + u·e) of one variable with |w| + ‖u‖₁ ≤ 1, on n points; σ = ReLU.

    ``points``: x_j, (n,). ``embedding``: e = e(t) at one time, a number or (d_e,); only E = ‖e‖_∞ matters, since u·e
    takes the values b with |b| ≤ E ‖u‖₁. For fixed signs ξ, Σ_j ξ_j σ(w x_j + b) is positively homogeneous in (w, b),
    and linear on the cones between the rays w x_j + b = 0. On the boundary |w| + |b|/E = 1 it is therefore piecewise
    linear, and attains its largest value at one of the 2n corners w x_j + b = 0, at one of the vertices (±1, 0),
    (0, ±E), or is nonpositive there, the supremum then being 0 at (0, 0). Sorting the points costs O(n log n) once;
    then each sign vector costs O(n). Values have errors of at most 4 (n + 4) 2⁻⁵² Σ_j max(|x_j|, E).
    Source: LLZB eq. (12) and the proof of theorem 1.
    """

    points: FloatArray
    embedding: FloatArray

    def __post_init__(self):
        object.__setattr__(self, "points", checks.array("points", self.points, shape=("n",)))
        object.__setattr__(self, "embedding", checks.vector("embedding", self.embedding))

    @property
    def peak(self) -> float:
        """E = ‖e‖_∞."""
        return float(np.abs(self.embedding).max())

    @cached_property
    def _nodes(self) -> tuple[FloatArray, IntArray, FloatArray, FloatArray]:
        """Sorted nodes (the points and 0), their indices (−1 for 0), gaps, and the scales E/(E + |node|)."""
        n, E = len(self.points), self.peak
        nodes = np.append(self.points, 0.0)
        order = np.argsort(nodes, kind="stable")
        nodes = nodes[order]
        size = np.abs(nodes)
        scale = np.where(size > 0.0, E / np.where(size > 0.0, E + size, 1.0), 1.0)
        return nodes, np.where(order == n, -1, order), np.diff(nodes), scale

    def _signs(self, signs: ArrayLike) -> Signs:
        n = len(self.points)
        if isinstance(signs, np.ndarray) and signs.ndim == 2:
            # a copy as floats and the tests of it, then the signs as int8; their own tests where they are that already
            each = 3.0 if signs.dtype == np.int8 else 19.0
            require_sizes("the sign vectors", lambda number_of_sign_vectors: (each * n + 64.0) * number_of_sign_vectors,
                          number_of_sign_vectors=len(signs))  # fmt: skip
        if not (isinstance(signs, np.ndarray) and signs.dtype == np.int8 and not np.ma.isMaskedArray(signs)):
            signs = checks.array("signs", signs, shape=("S", n))
        if signs.ndim != 2 or signs.shape[1] != n or len(signs) == 0:
            raise ValueError(f"signs must have shape (S, {n}); got shape {signs.shape}; pass one row per sign vector")
        if not (np.abs(signs) == 1).all():
            checks.refuse("signs", "be +1 or −1", signs, "map other values to signs first")
        return np.ascontiguousarray(signs, dtype=np.int8)

    def _extremes(self, signs: Signs) -> tuple[FloatArray, FloatArray]:
        _, order, gaps, scale = self._nodes
        high, low = np.empty(len(signs)), np.empty(len(signs))
        sign_suprema.relu_extremes(signs, order, gaps, scale, self.peak, _LANES, high, low)
        return high, low

    def supremum(self, signs: ArrayLike) -> FloatArray:
        """sup_f Σ_j ξ_j f(x_j) for each row ξ of signs (S, n): shape (S,); at least 0, not divided by n.

        Fastest for signs of dtype int8. ValueError for other shapes, or entries other than ±1.
        """
        return self._extremes(self._signs(signs))[0]

    def supremum_abs(self, signs: ArrayLike) -> FloatArray:
        """sup_f |Σ_j ξ_j f(x_j)| for each row ξ of signs (S, n): shape (S,); as `supremum`."""
        high, low = self._extremes(self._signs(signs))
        return np.maximum(high, -low)

    def maximiser(self, signs: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """A function that attains `supremum`, for each row of signs (S, n): w (S,) and u (S, d_e)."""
        rows = self._signs(signs)
        nodes, order, gaps, scale = self._nodes
        N, where = len(nodes), np.empty(len(rows), np.int64)
        sign_suprema.relu_locate(rows, order, gaps, scale, self.peak, self._extremes(rows)[0], where)
        at, sign = where % N, np.where(where < N, 1.0, np.where(where < 2 * N, -1.0, 0.0))
        w = sign * scale[at]
        b = np.where(where == 2 * N, self.peak, -w * nodes[at])
        u = np.zeros((len(rows), len(self.embedding)))
        largest = int(np.abs(self.embedding).argmax())
        if self.peak > 0.0:
            u[:, largest] = b / self.embedding[largest]
        return w, u

    def _family(self) -> FunctionClass:
        peaks = np.maximum(np.abs(self.points), self.peak)
        return FunctionClass(self._extremes, peaks, float(peaks.sum()), 6 * len(peaks))

    def rademacher_complexity(self, *, method: str = "exact", **how: Unpack[SamplingKeywords]) -> Estimate:
        """The complexity (1/n) E sup_f Σ_j ξ_j f(x_j), without |·|; other arguments as in `rademacher_complexity`."""
        return rademacher.complexity(self._family(), False, method, Sampling.of(how))

    def rademacher_complexity_abs(self, *, method: str = "exact", **how: Unpack[SamplingKeywords]) -> Estimate:
        """The complexity (1/n) E sup_f |Σ_j ξ_j f(x_j)|, with |·|; other arguments as in `rademacher_complexity`."""
        return rademacher.complexity(self._family(), True, method, Sampling.of(how))
