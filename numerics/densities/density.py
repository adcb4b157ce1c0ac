"""What a one-dimensional density is here: the base class, Gaussian mixtures, and densities that are no densities.

Three densities belong to one learned score and are different: `score_density` (∇log p = s), `sde_density` (the law at
the end of the reverse SDE) and `ode_density` (the same for the probability flow). All are `Density` objects, and a
mixture becomes one wherever a density is expected.
"""

import math
from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.checks.aliases import FloatArray, FloatOrArray, Mixture
from numerics.mixtures.mixture import read_mixture

NORMALISABLE = "normalisable"

_LOG_2PI = math.log(2.0 * math.pi)
_BLOCK = 1 << 19  # numbers per temporary array: 4 MiB


class NotNormalisableError(ValueError):
    """Raised where a number is asked of a function exp(h) whose integral is infinite."""


class UndefinedDivergenceError(NotNormalisableError):
    """Raised where a divergence is asked of two laws one of which is no probability."""


class Density(ABC):
    """A probability density on the line, or the finding that there is none.

    ``outcome``: "normalisable", or which tail is not integrable. ``support``: an interval (low, high) outside of which
    the density is below e^{−80} of its maximum. ``knots``: points (k,), increasing, between which log p is smooth; they
    include every narrow mode. ``coarse``: the same law on a coarser grid where there is a discretisation error
    (None otherwise), from which `kl_divergence` takes its error. ``mass_error``: a bound of |∫p − 1|. ``noise``: the
    error of single values of log p, where it is above rounding. ``bounds``: the interval outside of which the density
    is exactly 0. ``largest_log``: the largest logarithm, in magnitude, that values of log p are a sum with.
    """

    outcome: str = NORMALISABLE
    mass_error: float = 0.0
    noise: float = 0.0
    largest_log: float = 0.0
    bounds: tuple[float, float] = (-math.inf, math.inf)
    coarse: "Density | None" = None

    @property
    def normalisable(self) -> bool:
        """Whether the density exists."""
        return self.outcome == NORMALISABLE

    @property
    @abstractmethod
    def support(self) -> tuple[float, float]:
        """An interval that carries all of the mass but rounding."""

    @property
    @abstractmethod
    def knots(self) -> FloatArray:
        """Points between which log p is smooth, (k,)."""

    @abstractmethod
    def _log_pdf(self, x: FloatArray) -> FloatArray:
        """The log-density at finite points (n,)."""

    def _log_pdf_from(self, x: FloatArray, left: FloatArray) -> FloatArray:
        """The log-density at points x, each in an interval that starts at ``left`` and has no knot inside."""
        del left
        return self._log_pdf(x)

    def log_pdf(self, x: ArrayLike) -> FloatOrArray:
        """log p(x) for a number or an array of any shape: a float or an array of that shape.

        ValueError for NaN or infinite points; NotNormalisableError where there is no density.
        """
        points = checks.array("x", x, shape=None)
        self.require("the density")
        value = self._log_pdf(points.reshape(-1)).reshape(points.shape)
        return value if points.shape else float(value)

    def pdf(self, x: ArrayLike) -> FloatOrArray:
        """p(x), 0 where it underflows; arguments, result and errors as in `log_pdf`."""
        value = np.exp(self.log_pdf(x))
        return value if np.ndim(value) else float(value)

    def require(self, name: str, kind: type[NotNormalisableError] = NotNormalisableError) -> None:
        """Raise an error that says which tail is at fault unless the density exists."""
        if not self.normalisable:
            raise kind(
                f"{name} must be normalisable; got {self.outcome}; change the parameters, or report it as undefined"
            )


class MixtureDensity(Density):
    """Σ_k weights_k N(means_k, variances_k), with positive variances: no error beyond rounding."""

    def __init__(self, weights: FloatArray, means: FloatArray, variances: FloatArray):
        self.weights, self.means, self.variances = weights, means, variances
        self.stds = np.sqrt(variances)
        self.largest_log = float(np.abs(np.log(np.maximum(weights, 1e-300) / self.stds)).max()) + _LOG_2PI

    @property
    def support(self) -> tuple[float, float]:
        """The outermost means -/+ 13.5 standard deviations."""
        reach = 13.5 * self.stds
        return float((self.means - reach).min()), float((self.means + reach).max())

    @property
    def knots(self) -> FloatArray:
        """The means and some multiples of the standard deviations around them (thinned where they are dense)."""
        steps = np.array([-9.0, -6.5, -4.5, -3.0, -1.5, 0.0, 1.5, 3.0, 4.5, 6.5, 9.0])
        points = np.sort((self.means[:, None] + self.stds[:, None] * steps).reshape(-1))
        apart = 0.3 * float(self.stds.min())
        cell = np.floor((points - points[0]) / apart) if apart > 0.0 else points
        return points[np.append(True, np.diff(cell) > 0.0)]

    def _log_pdf(self, x: FloatArray) -> FloatArray:
        out = np.empty(len(x))
        with np.errstate(divide="ignore"):
            level = np.log(self.weights / self.stds) - 0.5 * _LOG_2PI
        rows = max(1, _BLOCK // len(level))
        for i in range(0, len(x), rows):
            z = (x[i : i + rows] - self.means[:, None]) / self.stds[:, None]
            with np.errstate(over="ignore"):
                z *= z
            z *= -0.5
            z += level[:, None]
            top = z.max(axis=0)
            if len(level) > 1:
                z -= top
                top += np.log(np.exp(z, out=z).sum(axis=0))
            out[i : i + rows] = top
        return out


Law = Density | Mixture
"""A law on the line: a density, or a mixture."""


def as_density(name: str, law: Law) -> Density | None:
    """``law`` as a density; None for a mixture with a point mass. TypeError or ValueError for anything else."""
    if isinstance(law, Density):
        return law
    weights, means, variances = read_mixture(name, law, 1, kind="a density or a mixture")
    if variances.min() == 0.0:
        return None
    if variances.min() < checks.LARGEST**-2:
        must = f"be 0 or at least {checks.LARGEST**-2:g}"
        checks.refuse(f"{name}.variances", must, float(variances.min()), "rescale the problem")
    return MixtureDensity(weights, means[:, 0], variances)
