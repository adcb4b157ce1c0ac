"""Exact gradient flow and gradient descent of a quadratic loss, from one eigendecomposition."""

from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import exprel

from numerics import checks
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray, FloatOrArray
from numerics.checks.memory import require_memory
from numerics.random_features.quadratic import Quadratic


def flow_factor(times: FloatArray, kappa: FloatArray, inverse: FloatArray) -> FloatArray:
    """(1 − e^{−2κs})/κ for times s (k,), which may be inf: shape (k, m); 0 where κ = 0 (nothing moves there).

    Evaluated as 2 s (e^{−x} − 1)/(−x) at x = 2κs, so small κ and short times lose nothing.
    """
    finite = np.where(times < np.inf, times, 0.0)[:, None]
    factor = 2.0 * finite * exprel(-2.0 * finite * kappa)
    return np.where(kappa > 0.0, np.where(times[:, None] < np.inf, factor, inverse), 0.0)


def flow_decay(times: FloatArray, kappa: FloatArray) -> FloatArray:
    """e^{−4κs} for times s (k,), which may be inf: shape (k, m); its weight is 0 where κ = 0."""
    rate = np.where(kappa > 0.0, kappa, 1.0)  # inf · 0 would be NaN
    return np.exp(-4.0 * times[:, None] * rate)


def flow_times(tau: ArrayLike) -> tuple[tuple[int, ...], FloatArray]:
    """The shape of tau, () or (k,), and its values (k,), nonnegative or inf."""
    t = checks.array("tau", tau, shape=None, minimum=0.0, infinite=True)
    if t.ndim > 1:
        raise ValueError(f"tau must be a number or have shape (k,); got shape {t.shape}; flatten it")
    return t.shape, t.reshape(-1)


class _ModalPath(ABC):
    """A path Θ(s) = Θ(0) − (G ∘ F(s)) Vᵀ, F ≥ 0 per mode, whose excess over the minimum is Σ ‖G_k‖² D_k(s)/κ_k."""

    quadratic: Quadratic
    initial: FloatArray
    parametrization: str

    def _check(self) -> None:
        checks.instance("quadratic", self.quadratic, Quadratic, "build it with Quadratic(B=…, b=…, c=…)")
        object.__setattr__(self, "initial", checks.array("initial", self.initial, shape=self.quadratic.b.shape))
        checks.option("parametrization", self.parametrization, ("scaled", "A"))
        _ = self.quadratic.spectrum  # raises here, not at the first use, if b is not in the range of B

    @abstractmethod
    def _moments_of(self, when: ArrayLike) -> tuple[tuple[int, ...], FloatArray]:
        """The shape, () or (k,), of the argument and its checked values (k,)."""

    @abstractmethod
    def _factor(self, when: FloatArray) -> FloatArray:
        """F, (k, m)."""

    @abstractmethod
    def _decay(self, when: FloatArray) -> FloatArray:
        """D, (k, m)."""

    @property
    def _speed(self) -> float:
        return 1.0 / self.quadratic.width if self.parametrization == "A" else 1.0

    def _on_modes(self, parameters: FloatArray) -> FloatArray:
        """Θ V, (d, m)."""
        return self.quadratic.where.product(parameters, self.quadratic.spectrum.vectors)

    @cached_property
    def _start(self) -> FloatArray:
        return self._on_modes(self.initial)

    @cached_property
    def _slope(self) -> FloatArray:
        s = self.quadratic.spectrum
        return self._start * s.values - s.slopes

    def _moved(self, when: ArrayLike) -> tuple[tuple[int, ...], FloatArray]:
        """(Θ(0) − Θ(s)) V, shape (k, d, m)."""
        shape, values = self._moments_of(when)
        d, m = self.initial.shape

        def cost(k: int) -> float:
            return 24.0 * k * (d + 1) * m

        require_memory("the path", cost(len(values)), name="number of times", size=len(values), cost=cost)
        factor = self._factor(values)[:, None, :]
        with np.errstate(invalid="ignore", over="ignore"):  # a diverging mode of slope 0 does not move
            return shape, np.where(self._slope == 0.0, 0.0, self._slope * factor)

    def _parameters(self, when: ArrayLike) -> FloatArray:
        shape, moved = self._moved(when)
        if not np.isfinite(moved).all():
            raise OverflowError("the parameters exceed the range of floating-point numbers; take a smaller step")
        k, d, m = moved.shape
        back = self.quadratic.where.product(moved.reshape(k * d, m), self.quadratic.spectrum.vectors.T)
        theta = self.initial - back.reshape(moved.shape)
        return theta if shape else theta[0]

    def _distance(self, when: ArrayLike, comparator: ArrayLike) -> FloatOrArray:
        theta = checks.array("comparator", comparator, shape=self.initial.shape)
        return self._length(when, self._on_modes(self.initial - theta))

    def _length(self, when: ArrayLike, start: FloatArray) -> FloatOrArray:
        shape, moved = self._moved(when)
        gap = (start - moved).reshape(len(moved), -1)
        with np.errstate(over="ignore"):
            value = np.sqrt(np.einsum("ki,ki->k", gap, gap))
        return value if shape else float(value[0])

    def _above_minimum(self, when: ArrayLike) -> tuple[tuple[int, ...], FloatArray]:
        shape, values = self._moments_of(when)
        weight = np.sum(self._slope**2, axis=0) * self.quadratic.spectrum.inverse
        kept = weight > 0.0  # elsewhere nothing decays, and a diverging factor would give inf · 0
        return shape, self._decay(values)[:, kept] @ weight[kept]

    def _loss(self, when: ArrayLike) -> FloatOrArray:
        shape, above = self._above_minimum(when)
        value = self.quadratic.minimum + above
        return value if shape else float(value[0])

    def _excess_over(self, when: ArrayLike, comparator: ArrayLike) -> FloatOrArray:
        shape, above = self._above_minimum(when)
        s = self.quadratic.spectrum
        theta = checks.array("comparator", comparator, shape=self.initial.shape)
        slope = self._on_modes(theta) * s.values - s.slopes
        value = above - float(np.sum(slope * slope * s.inverse))
        return value if shape else float(value[0])


@dataclass(frozen=True, eq=False)
class GradientFlow(_ModalPath, ArrayValue):
    """The gradient flow Θ(τ) of a quadratic loss from Θ(0) = ``initial``, shape (d, m).

    "scaled": dΘ/dτ = −∇L = −2 (Θ B − b). "A": A = √m Θ follows dA/dτ = −∇_A L, that is Θ_A(τ) = Θ_scaled(τ/m). In both
    the parameters are Θ = A/√m, also ``initial`` and whatever `parameters` returns.

    With κ, V the eigenvalues and eigenvectors of B, s = τ or τ/m, and G = (Θ(0) B − b) V:

    Θ(τ) = Θ(0) − (G ∘ (1 − e^{−2κs})/κ) Vᵀ,    L(Θ(τ)) = min L + Σ ‖G_k‖² e^{−4κ_k s}/κ_k.

    Small κ and short times lose nothing (see `flow_factor`), Θ does not move in the null space of B (cut-off: see
    `Quadratic`), and a small excess over the minimum is no difference of large numbers. Times τ ≥ 0 are a number or an
    array (k,); inf gives the limit.

    ValueError or TypeError for other times, shapes or names, for too many times for the memory, and if b is not in the
    range of B. Source: the gradient flow of LLZB in the two readings of its Lemmas 4 and 5 (parameters A, or A/√m).
    """

    quadratic: Quadratic
    initial: FloatArray
    _: KW_ONLY
    parametrization: str = "scaled"

    def __post_init__(self):
        self._check()

    def _moments_of(self, when: ArrayLike) -> tuple[tuple[int, ...], FloatArray]:
        shape, tau = flow_times(when)
        return shape, tau / (self.quadratic.width if self.parametrization == "A" else 1)

    def _factor(self, when: FloatArray) -> FloatArray:
        s = self.quadratic.spectrum
        return flow_factor(when, s.values, s.inverse)

    def _decay(self, when: FloatArray) -> FloatArray:
        return flow_decay(when, self.quadratic.spectrum.values)

    def parameters(self, tau: ArrayLike) -> FloatArray:
        """Θ(τ): shape (d, m) for a number, (k, d, m) for tau (k,)."""
        return self._parameters(tau)

    def norm(self, tau: ArrayLike) -> FloatOrArray:
        """‖Θ(τ)‖_F = ‖s_Θ(τ)‖_H: a float, or (k,)."""
        return self._length(tau, self._start)

    def distance(self, tau: ArrayLike, comparator: ArrayLike) -> FloatOrArray:
        """‖Θ(τ) − Θ_c‖_F for a comparator Θ_c (d, m): a float, or (k,)."""
        return self._distance(tau, comparator)

    def loss(self, tau: ArrayLike) -> FloatOrArray:
        """L(Θ(τ)), as the minimum plus a sum of positive terms: a float, or (k,); inf if c is."""
        return self._loss(tau)

    def excess_over(self, tau: ArrayLike, comparator: ArrayLike) -> FloatOrArray:
        """L(Θ(τ)) − L(Θ_c) for a comparator Θ_c (d, m): a float, or (k,); finite also where c is not.

        The difference of the two losses' excesses over the minimum, each accurate to rounding.
        """
        return self._excess_over(tau, comparator)


@dataclass(frozen=True, eq=False)
class GradientDescent(_ModalPath, ArrayValue):
    """Gradient descent Θ_k on a quadratic loss from Θ_0 = ``initial``, (d, m), with a constant step η, in closed form.

    "scaled": Θ_{k+1} = Θ_k − η ∇L(Θ_k). "A": A = √m Θ follows A_{k+1} = A_k − η ∇_A L, that is steps η/m of Θ. With κ,
    V and G as in `GradientFlow`, and η for the step of Θ:

    Θ_k = Θ_0 − (G ∘ (1 − (1 − 2ηκ)^k)/κ) Vᵀ,    L(Θ_k) = min L + Σ ‖G_j‖² (1 − 2ηκ_j)^{2k}/κ_j.

    Powers are exponentials of k log|1 − 2ηκ|, so any number of steps costs the same, and small ηκ loses nothing. The
    limit η → 0 with ηk = τ is `GradientFlow`. Steps k ≥ 0 are an int or an array of ints (n,), at most 2⁵³.

    ``step``: η > 0. It need not be stable: ``stable`` says whether every mode contracts, 2ηκ < 2; otherwise loss, norm
    and distance grow with k and are inf once they overflow, where `parameters` raises OverflowError. ValueError or
    TypeError for other steps, shapes or names, and if b is not in the range of B. Source: LLZB eq. (10) discretised;
    the two readings of its parameters as in `GradientFlow`.
    """

    quadratic: Quadratic
    initial: FloatArray
    _: KW_ONLY
    step: float
    parametrization: str = "scaled"

    def __post_init__(self):
        self._check()
        object.__setattr__(self, "step", checks.real("step", self.step, above=0.0))

    @property
    def stable(self) -> bool:
        """Whether η κ_max < 1 for the step η of Θ: then every mode with κ > 0 contracts."""
        return bool(self.step * self._speed * self.quadratic.spectrum.values.max() < 1.0)

    def _moments_of(self, when: ArrayLike) -> tuple[tuple[int, ...], FloatArray]:
        values = checks.array("steps", when, shape=None, minimum=0.0)
        if values.ndim > 1:
            raise ValueError(f"steps must be an int or have shape (n,); got shape {values.shape}; flatten it")
        if (values != np.floor(values)).any() or values.max() > 2.0**53:
            checks.refuse("steps", "be integers up to 2⁵³", when, "count whole steps")
        return values.shape, values.reshape(-1)

    @cached_property
    def _rates(self) -> tuple[FloatArray, NDArray[np.bool_]]:
        """log|1 − 2ηκ| and whether 1 − 2ηκ < 0, (m,)."""
        x = 2.0 * self.step * self._speed * self.quadratic.spectrum.values
        with np.errstate(divide="ignore"):  # 2ηκ = 1 arrives in one step: log 0
            return np.where(x < 1.0, np.log1p(-np.minimum(x, 1.0)), np.log(np.abs(x - 1.0))), x > 1.0

    def _power(self, steps: FloatArray, multiple: float) -> tuple[FloatArray, FloatArray]:
        """multiple · k log|1 − 2ηκ|, 0 for k = 0, and the sign of (1 − 2ηκ)^k, (n, m)."""
        logs, negative = self._rates
        exponent = np.where(steps[:, None] > 0.0, multiple * np.maximum(steps[:, None], 1.0) * logs, 0.0)
        return exponent, np.where(negative & (steps[:, None] % 2.0 == 1.0), -1.0, 1.0)

    def _factor(self, when: FloatArray) -> FloatArray:
        s = self.quadratic.spectrum
        exponent, sign = self._power(when, 1.0)
        with np.errstate(over="ignore"):
            gone = np.where(sign > 0.0, -np.expm1(exponent), 1.0 + np.exp(exponent))
        return np.where(s.values > 0.0, gone * s.inverse, 0.0)

    def _decay(self, when: FloatArray) -> FloatArray:
        with np.errstate(over="ignore"):
            return np.exp(self._power(when, 2.0)[0])

    def parameters(self, steps: ArrayLike) -> FloatArray:
        """Θ_k: shape (d, m) for an int, (n, d, m) for steps (n,)."""
        return self._parameters(steps)

    def norm(self, steps: ArrayLike) -> FloatOrArray:
        """‖Θ_k‖_F = ‖s_{Θ_k}‖_H: a float, or (n,)."""
        return self._length(steps, self._start)

    def distance(self, steps: ArrayLike, comparator: ArrayLike) -> FloatOrArray:
        """‖Θ_k − Θ_c‖_F for a comparator Θ_c (d, m): a float, or (n,)."""
        return self._distance(steps, comparator)

    def loss(self, steps: ArrayLike) -> FloatOrArray:
        """L(Θ_k), as the minimum plus a sum of positive terms: a float, or (n,); inf if c is."""
        return self._loss(steps)

    def excess_over(self, steps: ArrayLike, comparator: ArrayLike) -> FloatOrArray:
        """L(Θ_k) − L(Θ_c) for a comparator Θ_c (d, m): a float, or (n,); finite also where c is not."""
        return self._excess_over(steps, comparator)
