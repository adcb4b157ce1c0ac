"""The law at the end of the probability flow of a learned score, on the line, by change of variables."""

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from numerics.checks.aliases import FloatArray
from numerics.densities.density import Density
from numerics.densities.divergence import integrate
from numerics.reverse.probability_flow import doubled, log_prior, probability_flow, solve
from numerics.reverse.process import Dynamics, ProcessOrScore, ReverseKeywords, ReverseProcess, tolerance_of

_SPREAD = 13.0  # prior standard deviations to either side whose images bound the support
_TRUSTED = 6.5


class ODEDensity(Density):
    """log p(x) = log π(x_T) + ∫ (f − ½ g² s') dt along the characteristic through x.

    ``noise``: estimated error of log p. ``mass_error``: |∫p − 1| by quadrature, plus that quadrature's error.
    """

    def __init__(self, law: Dynamics, tolerance: float):
        self._law, self._tolerance = law, tolerance
        # the flow keeps the order of points: the images of the prior's quantiles grade the line
        z = np.linspace(-_SPREAD, _SPREAD, 53)
        images = (z * law.prior_std)[:, None]
        self._steps = None if law.network is None else doubled(law, images, tolerance, backward=True)[3]
        ends, _, _ = probability_flow(law, images, tolerance=tolerance, backward=True, steps=self._steps)
        self._knots = np.maximum.accumulate(ends[:, 0])
        middle = self._knots[np.abs(z) <= _TRUSTED, None]
        if law.network is None:
            error = probability_flow(law, middle, tolerance=tolerance)[2]
        else:  # one number of steps for all points, so that log p is as smooth as the flow
            _, _, error, self._steps = doubled(law, middle, tolerance)
        self.noise = float(error.max())
        mass, error = integrate(lambda x: np.exp(self._log_pdf(x)), self._edges(), 1e-9 + 0.3 * self.noise)
        self.mass_error = abs(mass - 1.0) + error

    def _edges(self) -> FloatArray:
        return self._knots[np.append(True, np.diff(self._knots) > 0.0)]

    @property
    def support(self) -> tuple[float, float]:
        """The images of -/+ 13 standard deviations of the prior."""
        return float(self._knots[0]), float(self._knots[-1])

    @property
    def knots(self) -> FloatArray:
        """Images of a grid of the prior's quantiles."""
        return self._edges()

    def _log_pdf(self, x: FloatArray) -> FloatArray:
        if self._law.network is None:
            ends, change = solve(self._law, x[:, None], self._tolerance, backward=False, logs=True)
        else:
            ends, change, _ = probability_flow(self._law, x[:, None], tolerance=self._tolerance, steps=self._steps)
        return log_prior(self._law, ends) + change


def ode_density(
    score: ProcessOrScore,
    parameters: ArrayLike | None = None,
    *,
    tolerance: float = 1e-5,
    **process: Unpack[ReverseKeywords],
) -> ODEDensity:
    """The law at time ``start`` of dx/dt = f x − ½ g² s(x, t) run backward from N(0, prior_std²) at ``horizon``.

    log p(x) = log π(x_T) + ∫ (f − ½ g² ∂_x s)(x_t, t) dt along the characteristic with x_start = x, with the exact
    derivative of the network. A callable is integrated by an adaptive Runge–Kutta method of order 8; a network from
    kink to kink, by exponential steps (order 4) that are cut where a feature switches (order 3 in that time).

    ``score``: a `ReverseProcess` of one variable; or RandomFeatures with dim 1 and ``parameters`` Θ (1, m), or a
    callable (x (k,), t) -> (k,) with its derivative as ``divergence``, a callable like it, and the other fields of a
    process as keywords: drift, diffusion, horizon, prior_std, start=0. ``tolerance``: between 1e-12 and 1e-2, for a
    callable the local error; for a network the change of log p at which the steps are no longer halved (2¹³ at most).

    Returns a density with .noise, the estimated error of log p (against a looser tolerance, or half the steps), and
    .mass_error, the deviation of its integral from 1; both enter the error of `kl_divergence`. ValueError or TypeError
    for bad arguments, ArithmeticError when the integration fails. Source: LLZB eq. (4).
    """
    law = ReverseProcess.of(score, parameters, process).in_dimension(1, flat=True, flow=True)
    return ODEDensity(law, tolerance_of(tolerance))
