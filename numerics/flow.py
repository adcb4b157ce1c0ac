"""Exact gradient flow of a quadratic loss, from one eigendecomposition."""

from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import exprel

from numerics import checks
from numerics.checks import ArrayValue, FloatArray
from numerics.quadratic import Quadratic


@dataclass(frozen=True, eq=False)
class GradientFlow(ArrayValue):
    """The gradient flow Θ(τ) of a quadratic loss from Θ(0) = `initial`, shape (d, m).

    "scaled": dΘ/dτ = −∇L = −2 (Θ B − b). "A": A = √m Θ follows dA/dτ = −∇_A L, that is Θ_A(τ) = Θ_scaled(τ/m). In both
    the parameters are Θ = A/√m, also `initial` and whatever `parameters` returns.

    With κ, V the eigenvalues and eigenvectors of B, s = τ or τ/m, and G = (Θ(0) B − b) V:

    Θ(τ) = Θ(0) − (G ∘ (1 − e^{−2κs})/κ) Vᵀ,    L(Θ(τ)) = min L + Σ ‖G_k‖² e^{−4κ_k s}/κ_k.

    The factor is evaluated as 2 s (e^{−x} − 1)/(−x) at x = 2κs, so small κ and short times lose nothing, Θ does not
    move in the null space of B (cut-off: see `Quadratic`), and a small excess over the minimum is no difference of
    large numbers. Times τ ≥ 0 are a number or an array (k,); inf gives the limit.

    ValueError or TypeError for other times, shapes or names, and if b is not in the range of B.
    Source: the gradient flow of LLZB in the two readings of its Lemmas 4 and 5 (parameters A, or A/√m).
    """

    quadratic: Quadratic
    initial: FloatArray
    _: KW_ONLY
    parametrization: str = "scaled"

    def __post_init__(self):
        checks.instance("quadratic", self.quadratic, Quadratic, "build it with Quadratic(B=…, b=…, c=…)")
        object.__setattr__(self, "initial", checks.array("initial", self.initial, shape=self.quadratic.b.shape))
        checks.option("parametrization", self.parametrization, ("scaled", "A"))
        _ = self.quadratic.spectrum  # raises here, not at the first use, if b is not in the range of B

    @cached_property
    def _start(self) -> FloatArray:
        return self.initial @ self.quadratic.spectrum.vectors

    @cached_property
    def _slope(self) -> FloatArray:
        s = self.quadratic.spectrum
        return self._start * s.values - s.slopes

    def _times(self, tau: Any) -> tuple[tuple[int, ...], FloatArray]:
        """The shape of tau, () or (k,), and the scaled times (k,)."""
        t = checks.array("tau", tau, shape=None, minimum=0.0, infinite=True)
        if t.ndim > 1:
            raise ValueError(f"tau must be a number or have shape (k,); got shape {t.shape}; flatten it")
        return t.shape, t.reshape(-1) / (self.quadratic.width if self.parametrization == "A" else 1)

    def _factor(self, s: FloatArray) -> FloatArray:
        """(1 − e^{−2κs})/κ for times s (k,): shape (k, m); 2s where κ = 0 (there G is 0, so 0 does)."""
        spectrum = self.quadratic.spectrum
        finite = np.where(s < np.inf, s, 0.0)[:, None]
        factor = 2.0 * finite * exprel(-2.0 * finite * spectrum.values)
        return np.where(spectrum.values > 0.0, np.where(s[:, None] < np.inf, factor, spectrum.inverse), 0.0)

    def _moved(self, tau: Any) -> tuple[tuple[int, ...], FloatArray]:
        """(Θ(0) − Θ(τ)) V, shape (k, d, m)."""
        shape, s = self._times(tau)
        return shape, self._slope * self._factor(s)[:, None, :]

    def parameters(self, tau: Any) -> FloatArray:
        """Θ(τ): shape (d, m) for a number, (k, d, m) for tau (k,)."""
        shape, moved = self._moved(tau)
        theta = self.initial - moved @ self.quadratic.spectrum.vectors.T
        return theta if shape else theta[0]

    def norm(self, tau: Any) -> Any:
        """‖Θ(τ)‖_F = ‖s_Θ(τ)‖_H: a float, or (k,)."""
        return self._length(tau, self._start)

    def distance(self, tau: Any, comparator: Any) -> Any:
        """‖Θ(τ) − Θ_c‖_F for a comparator Θ_c (d, m): a float, or (k,)."""
        theta = checks.array("comparator", comparator, shape=self.initial.shape)
        return self._length(tau, (self.initial - theta) @ self.quadratic.spectrum.vectors)

    def _length(self, tau: Any, start: FloatArray) -> Any:
        shape, moved = self._moved(tau)
        value = np.sqrt(np.sum((start - moved) ** 2, axis=(1, 2)))
        return value if shape else float(value[0])

    def _above_minimum(self, tau: Any) -> tuple[tuple[int, ...], FloatArray]:
        shape, s = self._times(tau)
        kappa, weight = self.quadratic.spectrum.values, self.quadratic.spectrum.inverse
        rate = np.where(kappa > 0.0, kappa, 1.0)  # inf · 0 would be NaN; the weight is 0 there
        decay = np.exp(-4.0 * s[:, None] * rate)
        return shape, decay @ (np.sum(self._slope**2, axis=0) * weight)

    def loss(self, tau: Any) -> Any:
        """L(Θ(τ)), as the minimum plus a sum of positive terms: a float, or (k,); inf if c is."""
        shape, above = self._above_minimum(tau)
        value = self.quadratic.minimum + above
        return value if shape else float(value[0])

    def excess_over(self, tau: Any, comparator: Any) -> Any:
        """L(Θ(τ)) − L(Θ_c) for a comparator Θ_c (d, m): a float, or (k,); finite also where c is not.

        The difference of the two losses' excesses over the minimum, each accurate to rounding.
        """
        shape, above = self._above_minimum(tau)
        s = self.quadratic.spectrum
        theta = checks.array("comparator", comparator, shape=self.initial.shape)
        slope = (theta @ s.vectors) * s.values - s.slopes
        value = above - float(np.sum(slope * slope * s.inverse))
        return value if shape else float(value[0])
