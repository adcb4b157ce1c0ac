"""The score-matching loss of a random-feature score, a quadratic in its parameters, and its exact population value."""

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.backends.backend import Backend
from numerics.backends.choice import chosen
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray, Mixture
from numerics.checks.memory import require_quadratic
from numerics.mixtures.mixture import read_mixture
from numerics.random_features.features import RandomFeatures
from numerics.random_features.moments import fisher_information
from numerics.random_features.schedule import Schedule
from numerics.random_features.second_moments import SecondMoments

_EPS = float(np.finfo(float).eps)
_SMALLEST = 1e-280  # of B: its eigenvalues' inverses are floats
_TILE = 256  # two tiles and their difference stay in the second cache


class Spectrum(NamedTuple):
    """Eigenvalues κ (m,) of B, null ones exactly 0; eigenvectors V (m, m) as columns; b V (d, m), 0 where κ = 0."""

    values: FloatArray
    vectors: FloatArray
    slopes: FloatArray

    @property
    def inverse(self) -> FloatArray:
        """1/κ, and 0 where κ = 0: shape (m,)."""
        kept = self.values > 0.0
        return np.where(kept, 1.0 / np.where(kept, self.values, 1.0), 0.0)


def _symmetrise(B: FloatArray) -> float:
    """Replace B (m, m) by (B + Bᵀ)/2 in place, tile by tile; returns the largest |B_ij − B_ji|."""
    worst = 0.0
    B.flags.writeable = True
    for i in range(0, len(B), _TILE):
        for j in range(0, i + 1, _TILE):
            one, two = B[i : i + _TILE, j : j + _TILE], B[j : j + _TILE, i : i + _TILE]
            gap = one - two.T
            worst = max(worst, float(gap.max()), -float(gap.min()))
            np.add(one, two.T, out=gap)
            gap *= 0.5
            one[:], two[:] = gap, gap.T
    B.flags.writeable = False
    return worst


@dataclass(frozen=True, kw_only=True, eq=False)
class Quadratic(ArrayValue):
    """The loss L(Θ) = tr(Θ B Θᵀ) − 2 tr(Θ bᵀ) + c of parameters Θ (d, m).

    B = E[λ h hᵀ], (m, m), symmetric and positive semidefinite; b = E[λ s hᵀ], (d, m); c = E[λ ‖s‖²], a number or
    math.inf where that expectation diverges: `loss` and ``minimum`` are then inf, while `excess` and the gradient flow
    still work.

    ``backend``: by what B is decomposed, and what is made of it computed: a `Backend`, or the name of one ("numpy",
    "torch"); the one in use when None. It takes no part in comparisons.

    B must be symmetric, and its eigenvalues nonnegative, up to the rounding of forming it, 64 m 2⁻⁵² times its largest
    entry or eigenvalue; it is then symmetrised. Eigenvalues up to 4 m 2⁻⁵² times the largest count as 0 (2⁻²³ for 2⁻⁵²
    where the backend computes in float32): they are what rounding makes of a singular B, and along their eigenvectors Θ
    neither moves nor contributes. ValueError otherwise.
    Source: LLZB eqs. (7), (12), (23).
    """

    B: FloatArray
    b: FloatArray
    c: float
    backend: Backend | str | None = field(default=None, compare=False)

    def __post_init__(self):
        where = chosen(self.backend)
        B = checks.array("B", self.B, shape=("m", "m"))
        m = B.shape[0]
        if B.shape != (m, m):
            raise ValueError(f"B must be square; got shape {B.shape}; pass E[λ h hᵀ] of shape (m, m)")
        require_quadratic("the decomposition of B", m)
        slack = 64 * m * where.eps
        size, asymmetry = max(float(B.max()), -float(B.min())), _symmetrise(B)
        if asymmetry > slack * size:
            raise ValueError(f"B must be symmetric; got entries that differ by {asymmetry:.3g}; pass (B + B.T)/2")
        b = checks.array("b", self.b, shape=("d", m))
        c = checks.real("c", self.c, infinite=True)
        for name, value in {"B": B, "b": b, "c": c, "backend": where}.items():
            object.__setattr__(self, name, value)
        # A Cholesky factor of B plus less than the forgiven part proves what is needed, at a tenth of the cost of the
        # spectrum; where there is none, the spectrum decides.
        shifted = np.array(B)
        shifted.reshape(-1)[:: m + 1] += 0.5 * slack * float(np.diag(B).max()) + math.ulp(0.0)
        if not where.positive(shifted):
            _ = self._decomposition

    @cached_property
    def _decomposition(self) -> tuple[FloatArray, FloatArray]:
        """Eigenvalues and eigenvectors of B, from which every later quantity comes."""
        decomposed = self.where.eigh(self.B)
        if decomposed is None:
            raise ValueError("B must have a spectrum that can be computed; its solver did not converge; rescale B")
        values, vectors = decomposed
        if values[0] < -64 * self.width * self.where.eps * max(float(values[-1]), 0.0):
            raise ValueError(
                f"B must be positive semidefinite; got the eigenvalue {values[0]:.6g} (largest {values[-1]:.6g}); "
                "pass a Gram matrix E[λ h hᵀ]"
            )
        return values, vectors

    @property
    def where(self) -> Backend:
        """The backend, chosen."""
        return chosen(self.backend)

    @property
    def width(self) -> int:
        """The number m of features."""
        return self.B.shape[0]

    @cached_property
    def spectrum(self) -> Spectrum:
        """The decomposition B = V diag(κ) Vᵀ with b in the same basis, null space separated.

        b lies in the range of B for every genuine loss: |b v|² ≤ κ c by Cauchy–Schwarz. So with the cut-off κ₀ the part
        of b in the null space can be at most √κ₀ times max(‖b‖/√κ_max, √c) and is dropped as rounding; a larger part
        means that L has no lower bound, and raises ValueError.
        """
        values, vectors = self._decomposition
        largest = max(float(values[-1]), 0.0)
        cut = 4 * self.width * self.where.eps * largest
        kept = values > cut
        slopes = self.where.product(self.b, vectors)
        outside = float(np.linalg.norm(slopes[:, ~kept]))
        if largest == 0.0:
            allowed = 0.0
        else:
            sizes = [float(np.linalg.norm(self.b)) / math.sqrt(largest)]
            if self.c < math.inf:
                sizes.append(math.sqrt(max(self.c, 0.0)))
            allowed = math.sqrt(cut) * max(sizes)
        if outside > allowed:
            raise ValueError(
                f"b must lie in the range of B; got a part of norm {outside:.6g} in its null space, where rounding "
                f"explains {allowed:.3g}; form B and b from the same features, weights and samples"
            )
        return Spectrum(np.where(kept, values, 0.0), vectors, np.where(kept, slopes, 0.0))

    def _parameters(self, parameters: ArrayLike) -> FloatArray:
        return checks.array("parameters", parameters, shape=self.b.shape)

    def excess(self, parameters: ArrayLike) -> float:
        """tr(Θ B Θᵀ) − 2 tr(Θ bᵀ), the loss without its constant c, for Θ (d, m); finite even where c is not."""
        theta = self._parameters(parameters)
        return float(np.sum(theta * (theta @ self.B - 2.0 * self.b)))

    def loss(self, parameters: ArrayLike) -> float:
        """L(Θ) for Θ (d, m); inf if c is. Its rounding error is relative to the largest of the three terms."""
        return self.excess(parameters) + self.c

    def gradient(self, parameters: ArrayLike) -> FloatArray:
        """∇L(Θ) = 2 (Θ B − b), shape (d, m)."""
        return 2.0 * (self._parameters(parameters) @ self.B - self.b)

    def minimiser(self) -> FloatArray:
        """The minimiser of least Frobenius norm, b B⁺, (d, m), with the cut-off of `Quadratic`.

        ValueError if b is not in the range of B (the loss is unbounded below).
        """
        s = self.spectrum
        return self.where.product(s.slopes * s.inverse, s.vectors.T)

    @property
    def minimum(self) -> float:
        """The least loss, c − Σ_k ‖b v_k‖²/κ_k; inf if c is; its rounding error is of order 2⁻⁵² c."""
        s = self.spectrum
        return self.c - float(np.sum(s.slopes * s.slopes * s.inverse))


def quadratic_of(names: str, B: FloatArray, b: FloatArray, c: float, where: Backend) -> Quadratic:
    """The Quadratic of parts computed from what ``names`` says; ValueError by it where one is too large."""
    # c may be infinite: without noise the labels have no second moment
    largest = max(float(np.abs(B).max()), float(np.abs(b).max()), 0.0 if c == math.inf else abs(c))
    if not largest <= checks.LARGEST:
        raise ValueError(f"{names} must keep the loss below {checks.LARGEST:g}; got {largest:g}; rescale the problem")
    if 0.0 < float(np.abs(B).max()) < _SMALLEST:
        raise ValueError(
            f"{names} must have features whose products are 0 or at least {_SMALLEST:g}; got {np.abs(B).max():g}; "
            "rescale the features"
        )
    return Quadratic(B=B, b=b, c=c, backend=where)


def require_features(features: RandomFeatures, schedule: Schedule) -> None:
    """TypeError unless these are RandomFeatures and a Schedule."""
    checks.instance("features", features, RandomFeatures, "build it with RandomFeatures.sample(…)")
    checks.instance("schedule", schedule, Schedule, "build it with Schedule(…)")


def mixture_information(weights: FloatArray, means: FloatArray, variances: FloatArray) -> float:
    """E‖∇log p‖² of a mixture, means (K, d), where it is one-dimensional but for a Gaussian factor; NaN elsewhere.

    That is so for d = 1, and for equal variances v with means on one line: (d − 1)/v + the value along the line.
    """
    d = means.shape[1]
    if len(weights) == 1:
        return d / float(variances[0])
    if d == 1:
        return fisher_information(means=means[:, 0], variances=variances, weights=weights)
    offsets = means - means[0]
    length = np.linalg.norm(offsets, axis=1)
    line = offsets[length.argmax()] / max(float(length.max()), math.ulp(0.0))
    along = offsets @ line
    off_line = float(np.abs(offsets - along[:, None] * line).max())
    if off_line > 8 * _EPS * float(np.abs(means).max()) or np.ptp(variances) > 0.0:
        return math.nan
    v = float(variances[0])
    return (d - 1) / v + fisher_information(means=along, variances=variances, weights=weights)


def population_quadratic(
    features: RandomFeatures,
    mixture: Mixture,
    schedule: Schedule,
    *,
    constant: float | None = None,
    backend: Backend | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
) -> Quadratic:
    """The population score-matching loss of random features against a diffused Gaussian mixture.

    p_t = Σ_k w_k N(r m_k, (r² s_k² + std²) I), and with the schedule's average E_t over times

    B = E_t λ E[h hᵀ], b_i = −(1/√m) w_i E_t λ P(w_i·x_t + u_i·e(t) > 0) (Stein's identity), c = E_t λ E‖∇log p_t‖².

    ``features``: RandomFeatures. ``mixture``: any object with .weights (K,), .means (K, d), or (K,) for d = 1, and
    .variances s_k² (K,), numbers of any exact or floating type. ``schedule``: Schedule. ``constant``: c, where it is
    known or not needed (math.inf leaves the loss without its constant); computed when None, which needs d = 1, one
    component, or equal variances and means on one line.

    ``backend``: where B is computed, and what comes of the Quadratic later: "numpy" (with Numba), "torch", or a
    `Backend`; the one in use (`use_backend`) when None. ``device``: of PyTorch, "cpu" when None. ``dtype``: "float64",
    or with "torch" also "float32", whose rounding B then has.

    The average over x is exact: see `second_moments` for d = 1, `relu_gram_gaussian` for d > 1; c by a
    quadrature to 1e-11 relative. The one over t is the schedule's quadrature. Cost: m²/2 times the number of times for
    B, and for d > 1 times K bivariate normals.

    ValueError for an invalid mixture, a time with λ > 0 at which a component is a point mass, a c that is not known in
    closed form, or too little memory. c is inf only when it overflows. Source: LLZB eqs. (7), (8), (12).
    """
    require_features(features, schedule)
    where = chosen(backend, device, dtype)
    weights, means, variances = read_mixture("mixture", mixture, features.dim)
    c = 0.0 if constant is None else checks.real("constant", constant, minimum=0.0, infinite=True)
    m, d = features.weights.shape
    require_quadratic("the population quadratic", m, times=len(schedule.times))
    intercepts = features.intercepts(schedule.times)
    total = SecondMoments(features.weights, where)
    active = np.zeros(m)
    for j, t in enumerate(schedule.times):
        scale = float(schedule.weights[j] * schedule.loss_weight[j])
        if scale == 0.0:
            continue
        mean = schedule.mean_scale[j] * means
        variance = schedule.mean_scale[j] ** 2 * variances + schedule.std[j] ** 2
        if variance.min() < checks.LARGEST**-2:
            raise ValueError(
                f"schedule must have noise wherever a component of the mixture has none; got variance "
                f"{variance.min():g} at time {t:g}, where the score does not exist; start the times after 0"
            )
        active += scale * total.add_mixture(scale / m, intercepts[j], weights, mean, np.sqrt(variance))
        if constant is None:
            information = mixture_information(weights, mean, variance)
            if math.isnan(information):
                raise ValueError(
                    f"constant must be given for a mixture in {d} dimensions with unequal variances or means off one "
                    "line; got None; pass c, or constant=math.inf for a loss without it"
                )
            c += scale * information
    return quadratic_of(
        "features, mixture and schedule", total.take(), -(features.weights.T * active) / math.sqrt(m), c, where
    )
