"""Sub-Gaussian constants, two-sided and one-sided, and the decoupling bound with the cumulants themselves."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from numerics import checks
from numerics.checks.aliases import FloatArray

_SEARCHED = 60.0  # |log λ| about the scale
_GRID = 241


def bernoulli_subgaussian(probability: float) -> float:
    """The least R² with E e^{λ(X − p)} <= e^{λ² R²/2} for all λ, X ~ Bernoulli(p): (1 − 2p)/(2 log((1 − p)/p)).

    0 for p in {0, 1}, ¼ for p = ½. Next to ½ as 1/(4 artanh(u)/u), u = 1 − 2p, by its series. ValueError unless
    0 ≤ p ≤ 1. Source: Buldygin & Moskvichova 2013; Kearns & Saul 1998.
    """
    p = checks.real("probability", probability, minimum=0.0, maximum=1.0)
    if p in (0.0, 1.0):
        return 0.0
    u = 1.0 - 2.0 * p
    if abs(u) < 1e-2:
        return 0.25 / math.fsum(u ** (2 * k) / (2 * k + 1) for k in range(9))
    return u / (2.0 * (math.log1p(-p) - math.log(p)))


def one_sided_proxy(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """R₋² = E(f − min f)² of a finite law with values f (k,): E e^{−λ(f − E f)} <= e^{λ² R₋²/2} for all λ ≥ 0.

    ``weights`` (k,): their probabilities, equal when None; values of weight 0 do not count for the minimum. ValueError
    for bad arguments. Source: the one-sided form of decoupling (claim IT1): e^{−y} ≤ 1 − y + y²/2 for y ≥ 0.
    """
    f, w = _law(values, weights)
    return float(w @ (f - f[w > 0.0].min()) ** 2)


def cumulants(values: ArrayLike, weights: ArrayLike | None = None) -> Callable[[float], float]:
    """ψ(λ) = log E e^{−λ(f − E f)} of values (k,) with probabilities ``weights``, as a function of λ."""
    f, w = _law(values, weights)
    centred = f - float(w @ f)
    return lambda rate: float(logsumexp(-rate * centred, b=w))


def decoupling_bound(cumulant: Callable[[float], float], divergence: float) -> tuple[float, float]:
    """inf over λ > 0 of (ψ(λ) + KL)/λ, which bounds E_ν f − E_μ f, and the λ that attains it.

    ``cumulant``: ψ(λ) = log E_ν e^{−λ(f − E_ν f)}, e.g. from `cumulants`, +inf where it does not exist. ``divergence``:
    KL(μ‖ν) ≥ 0. A search on a grid of e^{−60} … e^{60}, refined by Brent's method: every value of the objective is a
    bound, so an inexact minimiser only loses sharpness. (0, 0) for a divergence 0, which is the limit λ → 0. ValueError
    for bad arguments, or where ψ is nowhere finite. Source: CZS, lemma on decoupling (claim IT1).
    """
    kl = checks.real("divergence", divergence, minimum=0.0)
    if not callable(cumulant):
        checks.refuse("cumulant", "be a callable", cumulant, "pass lambda rate: …", TypeError)
    if kl == 0.0:
        return 0.0, 0.0

    def objective(log_rate: float) -> float:
        rate = math.exp(log_rate)
        value = (cumulant(rate) + kl) / rate
        return math.inf if math.isnan(value) else value

    grid = np.linspace(-_SEARCHED, _SEARCHED, _GRID)
    tried = np.array([objective(x) for x in grid.tolist()])
    best = int(tried.argmin())
    if not math.isfinite(tried[best]):
        checks.refuse("cumulant", "be finite for some rate > 0", tried[best], "pass that of a law with such moments")
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, _GRID - 1)]
    found = minimize_scalar(objective, bounds=(float(low), float(high)), method="bounded", options={"xatol": 1e-10})
    if found.fun <= tried[best]:
        return float(found.fun), math.exp(float(found.x))
    return float(tried[best]), math.exp(float(grid[best]))


def _law(values: ArrayLike, weights: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    f = checks.vector("values", values)
    if weights is None:
        return f, np.full(len(f), 1.0 / len(f))
    w = checks.probabilities("weights", weights)
    if len(w) != len(f):
        raise ValueError(f"weights must have shape ({len(f)},) as values have; got shape {w.shape}; pass equal lengths")
    return f, w
