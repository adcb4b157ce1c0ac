"""From theory's closed forms to the arrays that numerics computes with."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef

from numerics import Schedule, checks, gauss_legendre_times
from theory import symbols
from theory.checks import shown
from theory.evaluation import compiled
from theory.exact import exact
from theory.kernel import WEIGHTINGS
from theory.kernel import weighting as weighting_of
from theory.sde import AbstractLinearSDE

_STEEPEST = 100
TimeFunction = Callable[[np.ndarray], np.ndarray]
"""A function of time on arrays, (k,) -> (k,)."""


def require_sde(sde: object) -> None:
    """Raise TypeError unless ``sde`` is an SDE of theory."""
    if not isinstance(sde, AbstractLinearSDE):
        raise TypeError(f"sde must be an SDE of theory.sde; got {shown(sde)}; pass e.g. OrnsteinUhlenbeck()")


def schedule(
    sde: AbstractLinearSDE,
    *,
    horizon: float,
    count: int,
    weighting: str,
    dim: int = 1,
    start: float = 0.0,
    grading: int = 1,
) -> Schedule:
    """Return the Schedule of an SDE on ``count`` times of (start, horizon).

    The times are start + (horizon − start) u^grading at the Gauss–Legendre nodes u of (0, 1): grading 2 integrates what
    is smooth in √t. ``weighting`` is one of theory.kernel.WEIGHTINGS. Raises ValueError for an unknown weighting, a bad
    horizon or grading.
    """
    require_sde(sde)
    if weighting not in WEIGHTINGS:
        raise ValueError(f"weighting must be one of {', '.join(WEIGHTINGS)}; got {shown(weighting)}")
    if isinstance(dim, bool) or not isinstance(dim, int) or dim < 1:
        raise ValueError(f"dim must be a positive integer; got {shown(dim)}")
    if isinstance(grading, bool) or not isinstance(grading, int) or not 1 <= grading <= _STEEPEST:
        raise ValueError(
            f"grading must be an integer from 1 to {_STEEPEST}; got {shown(grading)}; "
            "pass 2 to cluster times at the start"
        )
    start, horizon = checks.real("start", start), checks.real("horizon", horizon)
    times, weights = gauss_legendre_times(horizon, count, start)
    if grading > 2 * count:  # Gauss–Legendre integrates u^(grading − 1) up to the degree 2 count − 1
        raise ValueError(
            f"grading must be at most 2 count; got {grading} with {count} times; pass more times, or 2 for √t"
        )
    if grading > 1:
        places, weights = gauss_legendre_times(1.0, count)
        times, weights = start + (horizon - start) * places**grading, weights * grading * places ** (grading - 1)

    expressions = {"mean_scale": sde.mean_scale, "std": sde.std, "loss_weight": weighting_of(sde, weighting, dim)}
    values = {name: time_function(expr)(times) for name, expr in expressions.items()}
    for name, value in values.items():
        if not (np.abs(value) <= checks.LARGEST).all():
            checks.refuse("horizon", f"keep the SDE's {name} below {checks.LARGEST:g}", horizon, "pass a smaller one")
    if times[0] <= start or not values["std"].all():
        checks.refuse(
            "horizon", "leave times and noise above underflow", horizon, "pass a larger one, or another start"
        )
    return Schedule(times=times, weights=weights, **values)


def time_function(expr: sp.Expr) -> TimeFunction:
    """An expression in t alone, such as an SDE's ``mean_scale`` or ``std``, as a callable: times (k,) -> (k,).

    So ``numerics.train(data, mean_scale=time_function(sde.mean_scale), std=time_function(sde.std), …)`` trains on any
    SDE of theory.sde. The relative error is 16 units in the last place at most, next to t = 0 too, where ``1 − e^{−t}``
    is −expm1(−t); a quotient 0/0 at t = 0 is its limit. Raises ValueError for an expression with another free symbol,
    or with an integral or function that is not known; TypeError for what is no exact expression.
    """
    value = exact("expr", expr)
    if value.free_symbols - {symbols.t} or value.has(AppliedUndef, sp.Integral, sp.Derivative, sp.I):
        raise ValueError(
            f"expr must be a real closed expression in theory.symbols.t alone; got {shown(expr)}; "
            "substitute what else is in it"
        )
    function = compiled(value, (symbols.t,))

    @lru_cache(maxsize=1)
    def start() -> float:
        try:
            return float(sp.limit(value, symbols.t, 0, "+"))
        except (NotImplementedError, TypeError, ValueError):
            return math.nan

    def at(times: np.ndarray) -> np.ndarray:
        out = function(times)
        if (undefined := np.isnan(out)).any():  # 0/0
            out = np.where(undefined & (np.asarray(times) == 0.0), start(), out)
        return out

    return at
