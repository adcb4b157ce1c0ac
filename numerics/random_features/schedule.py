"""The forward process and the loss weight on a quadrature of the time interval."""

from dataclasses import dataclass

import numpy as np
from scipy.special import roots_legendre

from numerics import checks
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Schedule(ArrayValue):
    """r, r v and λ at the nodes of a quadrature for averages over t ~ U(0, T).

    E_t f(t) ≈ Σ_j weights_j f(times_j); x(t) | x(0) ~ N(r x(0), std² I) with r = ``mean_scale``, std = r v.

    All fields have shape (k,): times, increasing and ≥ 0; ``weights`` ≥ 0 with sum 1; ``mean_scale`` ≥ 0 (0 only as the
    underflow of a small r); ``std`` ≥ 0, the standard deviation r v, not the variance and not v; loss_weight λ(t) ≥ 0.
    ValueError otherwise. Source: LLZB eqs. (5), (8) and its forward SDE.
    """

    times: FloatArray
    weights: FloatArray
    mean_scale: FloatArray
    std: FloatArray
    loss_weight: FloatArray

    def __post_init__(self):
        times = checks.increasing("times", checks.array("times", self.times, shape=("k",), minimum=0.0))
        weights = checks.probabilities("weights", self.weights)
        fields = {"times": times, "weights": checks.array("weights", weights, shape=(len(times),))}
        for name in ("mean_scale", "std", "loss_weight"):
            fields[name] = checks.array(name, getattr(self, name), shape=(len(times),), minimum=0.0)
        for name, value in fields.items():
            object.__setattr__(self, name, value)


def gauss_legendre_times(horizon: float, count: int, start: float = 0.0) -> tuple[FloatArray, FloatArray]:
    """The Gauss–Legendre rule for the average over t ~ U(start, horizon).

    (1/(T − start)) ∫_start^T f dt = Σ_j weights_j f(times_j), exact for polynomials of degree < 2 count. Returns
    times (count,), increasing and inside (start, horizon), and weights (count,) with sum 1. ValueError unless
    0 ≤ start < horizon and 1 ≤ count ≤ 10000.
    """
    a = checks.real("start", start, minimum=0.0)
    b = checks.real("horizon", horizon)
    k = checks.integer("count", count, maximum=10_000)
    if b <= a:
        checks.refuse("horizon", f"be greater than start = {a:g}", horizon, "pass a larger horizon")
    nodes, weights = roots_legendre(k)
    times = 0.5 * (b * (1.0 + nodes) + a * (1.0 - nodes))
    if (np.diff(times) <= 0.0).any() or times[0] <= a or times[-1] >= b:
        checks.refuse("horizon", f"exceed start = {a:g} by more than rounding", horizon, "use fewer times")
    return times, weights / weights.sum()
