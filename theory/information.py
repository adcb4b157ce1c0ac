"""Divergences and informations of Gaussians in closed form, in nats, and their course along linear SDEs.

All laws are isotropic: N(mean, variance · I) in ``dimension`` coordinates; a mean enters by its Euclidean norm.
`numerics.mixtures.information` has the measured ones for mixtures and full covariances.
"""

from __future__ import annotations

import sympy as sp

from theory.exact import Exact, nonnegative, positive
from theory.kernel import transition
from theory.sde import AbstractLinearSDE, parameter
from theory.symbols import T


def isotropic_kl(shift: Exact, variance: Exact, other_variance: Exact = 1, dimension: Exact = 1) -> sp.Expr:
    """Return ``KL(N(m, vI) ‖ N(m', wI)) = ½(d (v/w − 1 − log(v/w)) + ‖m − m'‖²/w)``.

    shift: the Euclidean norm ‖m − m'‖ (for d = 1 the difference itself will do). variance: v > 0. other_variance:
    w > 0. dimension: d > 0. Raises ValueError for a decidably nonpositive variance or dimension, TypeError for floats.
    """
    distance, own = parameter("shift", shift), positive("variance", parameter("variance", variance))
    other = positive("other_variance", parameter("other_variance", other_variance))
    size = positive("dimension", parameter("dimension", dimension))
    ratio = own / other
    return (size * (ratio - 1 - sp.log(ratio)) + distance**2 / other) / 2


def prior_kl(sde: AbstractLinearSDE, mean: Exact, variance: Exact, horizon: Exact = T, dimension: Exact = 1) -> sp.Expr:
    """Return ``KL(p_T ‖ π)`` for ``p0 = N(mean, variance · I)``: ``p_T = N(r mean, (r² variance + (rv)²) I)``.

    mean: its Euclidean norm. variance: >= 0; 0 is a point. horizon: T > 0. π is the SDE's own prior. Raises ValueError
    as `isotropic_kl` does and for a negative variance or horizon; TypeError unless ``sde`` is an SDE of theory.sde.
    """
    end = positive("horizon", parameter("horizon", horizon))
    kernel = transition(sde, later=end)
    start = nonnegative("variance", parameter("variance", variance))
    spread = kernel.mean_scale**2 * start + kernel.variance
    return isotropic_kl(kernel.mean_scale * parameter("mean", mean), spread, sde.prior_variance(end), dimension)


def gaussian_channel_information(
    sde: AbstractLinearSDE, variance: Exact, horizon: Exact = T, dimension: Exact = 1
) -> sp.Expr:
    """Return ``I(x(0); x(T)) = (d/2) log(1 + r² variance/(rv)²)`` for Gaussian x(0), the capacity of the channel.

    Arguments and errors as in `prior_kl`.
    """
    end = positive("horizon", parameter("horizon", horizon))
    kernel = transition(sde, later=end)
    start = nonnegative("variance", parameter("variance", variance))
    size = positive("dimension", parameter("dimension", dimension))
    return size * sp.log(1 + kernel.mean_scale**2 * start / kernel.variance) / 2
