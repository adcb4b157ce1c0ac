"""From theory's closed forms to the arrays that numerics computes with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from theory import symbols
from theory.checks import shown
from theory.kernel import WEIGHTINGS
from theory.kernel import weighting as weighting_of
from theory.sde import AbstractLinearSDE

if TYPE_CHECKING:
    from numerics import Schedule


def schedule(sde: AbstractLinearSDE, *, horizon: float, count: int, weighting: str, dim: int = 1,
             start: float = 0.0) -> Schedule:
    """Return the Schedule of an SDE on ``count`` Gauss–Legendre times of (start, horizon).

    ``weighting`` is one of theory.kernel.WEIGHTINGS. Raises ValueError for an unknown weighting or a bad horizon.
    """
    from numerics import Schedule, gauss_legendre_times  # noqa: PLC0415

    if not isinstance(sde, AbstractLinearSDE):
        raise TypeError(f"sde must be an SDE of theory.sde; got {shown(sde)}; pass e.g. OrnsteinUhlenbeck()")
    if weighting not in WEIGHTINGS:
        raise ValueError(f"weighting must be one of {', '.join(WEIGHTINGS)}; got {shown(weighting)}")
    if isinstance(dim, bool) or not isinstance(dim, int) or dim < 1:
        raise ValueError(f"dim must be a positive integer; got {shown(dim)}")
    times, weights = gauss_legendre_times(horizon, count, start)

    def on_grid(expr: sp.Expr) -> np.ndarray:
        value = sp.lambdify(symbols.t, expr, modules=["scipy", "numpy"])(times)
        return np.broadcast_to(np.asarray(value, dtype=float), times.shape)

    return Schedule(times=times, weights=weights, mean_scale=on_grid(sde.mean_scale), std=on_grid(sde.std),
                    loss_weight=on_grid(weighting_of(sde, weighting, dim)))
