"""Exact moments of ReLU features under one-dimensional Gaussian mixtures, and the mixture's Fisher information.

X has law Σ_k weights_k N(means_k, variances_k); a variance 0 is a point mass. For Y = aX + c and one component write
α = a mean + c, β = |a| std, u = α/β. Everything follows from the two tails (z ~ N(0, 1), u ≥ 0)

    N_1(u) = E (z − u)_+ ,   N_2(u) = E (z − u)_+² ,

which are computed to about 1e-14 relative error for every u (a continued fraction of positive terms beyond u = 2).

Accuracy. α carries a rounding error of at most 2⁻⁵² (|a mean| + |c|): results are exact for a and c perturbed by a
few units in the last place. Beyond that, means, probabilities and products with slopes of the same sign have relative
error below 1e-12 (no subtraction occurs); products with slopes of opposite signs have an error below
1e-14 (E σ(Y_1)² E σ(Y_2)²)^½, which is relative 1e-12 unless the two are hardly ever active together.
"""

import math
from typing import Any

import numpy as np
from scipy.special import erfcx, ndtr

from numerics import checks
from numerics.checks import FloatArray

_SQRT_2PI = math.sqrt(2.0 * math.pi)
_FRACTION_DEPTH = 150  # the truncated fraction's relative error is of order exp(−2 u √150), below 1e-19 for u ≥ 2


def tails(u: FloatArray) -> tuple[FloatArray, FloatArray]:
    """N_1(|u|) = E(z − |u|)_+ and N_2(|u|) = E(z − |u|)_+² for z ~ N(0, 1), elementwise; u may be infinite.

    For |u| < 2 from Mills' ratio M: N_1 = φ (1 − u M), N_2 = φ ((1 + u²) M − u). Beyond, with ρ_n = I_n / I_{n−1} of
    the iterated tails, ρ_n = 1/(u + (n + 1) ρ_{n+1}): N_1 = φ ρ_0 ρ_1 and N_2 = 2 φ ρ_0 ρ_1 ρ_2.
    """
    u = np.minimum(np.abs(u), 50.0)  # φ(50) is 0 in floating point
    phi = np.exp(-0.5 * u * u) / _SQRT_2PI
    near = np.minimum(u, 2.0)
    mills = math.sqrt(math.pi / 2.0) * erfcx(near / math.sqrt(2.0))
    n1, n2 = 1.0 - near * mills, (1.0 + near * near) * mills - near
    far = np.maximum(u, 2.0)
    ratio = np.zeros_like(far)
    ratios = []
    for n in range(_FRACTION_DEPTH, -1, -1):
        ratio = 1.0 / (far + (n + 1) * ratio)
        if n <= 2:
            ratios.append(ratio)
    r2, r1, r0 = ratios
    beyond = u >= 2.0
    return phi * np.where(beyond, r0 * r1, n1), phi * np.where(beyond, 2.0 * r0 * r1 * r2, n2)


def _tables(slope: FloatArray, intercept: FloatArray, means: FloatArray, stds: FloatArray) -> FloatArray:
    """α, β, u, N_1(|u|), N_2(|u|) stacked: shape (5, N, K) for slope and intercept (N,)."""
    alpha = slope[:, None] * means + intercept[:, None]
    beta = np.abs(slope)[:, None] * stds
    return _stack(alpha, beta)


def _stack(alpha: FloatArray, beta: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        u = np.where(beta > 0.0, alpha / beta, np.where(alpha > 0.0, np.inf, -np.inf))
    return np.stack([alpha, beta, u, *tails(u)])


def _law(weights: Any, means: Any, variances: Any) -> tuple[FloatArray, FloatArray, FloatArray]:
    m = checks.vector("means", means)
    v = checks.vector("variances", variances, minimum=0.0)
    size = max(len(m), len(v))
    m, v = (np.repeat(x, size) if len(x) == 1 else x for x in (m, v))
    w = np.full(len(m), 1.0 / len(m)) if weights is None else checks.probabilities("weights", weights)
    for name, value in (("variances", v), ("weights", w)):
        if len(value) != len(m):
            raise ValueError(f"{name} must have one entry per mean, {len(m)}; got {len(value)}; pass equal lengths")
    return w, m, np.sqrt(v)


def _broadcast(**arguments: Any) -> tuple[tuple[int, ...], list[FloatArray]]:
    values = [checks.array(name, value, shape=None) for name, value in arguments.items()]
    try:
        broadcast = np.broadcast_arrays(*values)
    except ValueError:
        shapes = ", ".join(f"{name} {value.shape}" for name, value in zip(arguments, values, strict=True))
        raise ValueError(f"the arguments must broadcast; got shapes {shapes}; pass equal shapes") from None
    return broadcast[0].shape, [np.ascontiguousarray(x).reshape(-1) for x in broadcast]


def _shaped(value: FloatArray, shape: tuple[int, ...]) -> Any:
    return value.reshape(shape) if shape else float(value[0])


def relu_mean(slope: Any, intercept: Any, *, means: Any = 0.0, variances: Any = 1.0, weights: Any = None) -> Any:
    """E σ(aX + c), σ = ReLU.

    Per component α + β N_1(u) for u > 0 and β N_1(|u|) otherwise. slope a and intercept c broadcast and may be 0;
    means and variances: (K,), or a number for all components; weights (K,), equal when None. Returns a float, or an
    array of the broadcast shape. ValueError for NaN, unequal lengths, a negative variance, or weights whose sum is not
    1.
    """
    w, mean, std = _law(weights, means, variances)
    shape, (a, c) = _broadcast(slope=slope, intercept=intercept)
    alpha, beta, u, n1, _ = _tables(a, c, mean, std)
    return _shaped((np.where(u > 0.0, alpha, 0.0) + beta * n1) @ w, shape)


def activation_probability(
    slope: Any, intercept: Any, *, means: Any = 0.0, variances: Any = 1.0, weights: Any = None
) -> Any:
    """P(aX + c > 0), per component Φ(u); a point mass gives 1 or 0 (0 where aX + c = 0, as σ'(0) = 0 here).

    Arguments, result and errors as in `relu_mean`.
    """
    w, mean, std = _law(weights, means, variances)
    shape, (a, c) = _broadcast(slope=slope, intercept=intercept)
    return _shaped(ndtr(_tables(a, c, mean, std)[2]) @ w, shape)


def relu_product_mean(
    slope_1: Any,
    intercept_1: Any,
    slope_2: Any,
    intercept_2: Any,
    *,
    means: Any = 0.0,
    variances: Any = 1.0,
    weights: Any = None,
) -> Any:
    """E[σ(a_1 X + c_1) σ(a_2 X + c_2)], σ = ReLU.

    The four numbers broadcast; law, result and errors as in `relu_mean`. The accuracy is stated at the top of the
    module; the formulas are those of the kernels `same_sign` and `opposite_sign`.
    """
    from numerics import _gram  # noqa: PLC0415 (imports Numba: only when needed)

    w, mean, std = _law(weights, means, variances)
    shape, (a1, c1, a2, c2) = _broadcast(
        slope_1=slope_1, intercept_1=intercept_1, slope_2=slope_2, intercept_2=intercept_2
    )
    out = np.empty(len(a1))
    _gram.pairs(out, w, (a1 >= 0.0) == (a2 >= 0.0), _tables(a1, c1, mean, std), _tables(a2, c2, mean, std))
    return _shaped(out, shape)


class GramBuilder:
    """Accumulates Σ_j scale_j E_j[σ(Y) σ(Y)ᵀ] over laws j without checks: the inner loop of population quadratics."""

    def __init__(self, slopes: FloatArray):
        self.slopes = np.array(slopes)
        self.total = np.zeros((len(slopes), len(slopes)))

    def add(
        self, scale: float, intercepts: FloatArray, weights: FloatArray, means: FloatArray, variances: FloatArray
    ) -> FloatArray:
        """Add one law (all (K,)) with intercepts (m,); returns the activation probabilities (m,) under it."""
        from numerics import _gram  # noqa: PLC0415 (imports Numba: only when needed)

        alpha, beta, u, n1, n2 = _tables(self.slopes, intercepts, means, np.sqrt(variances))
        _gram.add_gram(self.total, scale, np.array(weights), self.slopes >= 0.0, alpha, beta, u, n1, n2)
        return ndtr(u) @ weights


def relu_gram(
    slopes: Any, intercepts: Any, *, means: Any = 0.0, variances: Any = 1.0, weights: Any = None
) -> FloatArray:
    """The matrix E[σ(a_i X + c_i) σ(a_j X + c_j)], (m, m), for slopes a and intercepts c of shape (m,).

    Law and errors as in `relu_mean`; no transcendental function is evaluated per pair, only per feature.
    """
    w, mean, std = _law(weights, means, variances)
    a = checks.array("slopes", slopes, shape=("m",))
    c = checks.array("intercepts", intercepts, shape=(len(a),))
    builder = GramBuilder(a)
    builder.add(1.0, c, w, mean, std * std)
    return builder.total


_SPAN = 14.0  # a component's mass beyond 14 standard deviations is below 1e-43
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(16)
_FISHER_TOLERANCE = 1e-11
_CHUNK = 1 << 20  # entries of a (points, components) array held at once


def fisher_information(*, means: Any, variances: Any, weights: Any = None) -> float:
    """J = E[(d/dx log p(X))²] of the mixture p = Σ_k weights_k N(means_k, variances_k), all variances positive.

    1/variance for one component; else a 16-point Gauss–Legendre rule on panels no wider than a fraction of the standard
    deviation of any component that lives there, refined until two successive values agree to 1e-11 relative.
    Law and errors as in `relu_mean`. Source: LLZB eq. (7), the constant c of the loss.
    """
    w, mean, std = _law(weights, means, variances)
    if std.min() < 1.0 / checks.LARGEST:
        checks.refuse("variances", "be positive", variances, "start the time grid where every component has noise")
    keep = w > 0.0
    w, mean, std = w[keep], mean[keep], std[keep]
    if len(w) == 1:
        return float(1.0 / std[0] / std[0])
    previous = math.nan
    for step in (1.0, 0.5, 0.25, 0.125, 0.0625):
        value = _fisher_sum(w, mean, std, step)
        if abs(value - previous) <= _FISHER_TOLERANCE * value:
            return value
        previous = value
    raise ArithmeticError(f"the Fisher information of the mixture did not converge: last value {previous!r}")


def _panels(mean: FloatArray, std: FloatArray, step: float) -> tuple[Any, FloatArray, FloatArray]:
    """Component, offset from its mean, and width of each panel: positions stay exact far from the origin."""
    z = np.arange(-_SPAN, _SPAN + 0.5 * step, step)
    owner = np.repeat(np.arange(len(mean)), len(z))
    offset = (std[:, None] * z).ravel()
    order = np.argsort(mean[owner] + offset, kind="stable")
    owner, offset = owner[order], offset[order]
    kept = [0]
    for i in range(1, len(owner)):  # drop edges that neighbours already resolve: with K components 28 K/step edges
        a, b = kept[-1], i
        gap = (mean[owner[b]] - mean[owner[a]]) + (offset[b] - offset[a])
        if gap >= 0.5 * step * std[owner[b]]:
            kept.append(i)
    if kept[-1] != len(owner) - 1:
        kept.append(len(owner) - 1)
    owner, offset = owner[kept], offset[kept]
    width = (mean[owner[1:]] - mean[owner[:-1]]) + (offset[1:] - offset[:-1])
    return owner[:-1], offset[:-1], width


def _fisher_sum(w: FloatArray, mean: FloatArray, std: FloatArray, step: float) -> float:
    owner, offset, width = _panels(mean, std, step)
    log_scale = np.log(w) - np.log(std) - math.log(_SQRT_2PI)
    total = 0.0
    rows = max(1, _CHUNK // (len(w) * len(_NODES)))
    for first in range(0, len(owner), rows):
        part = slice(first, first + rows)
        x = offset[part, None] + width[part, None] * (0.5 + 0.5 * _NODES)  # relative to the owner's mean
        z = ((mean[owner[part], None] - mean)[:, None, :] + x[:, :, None]) / std
        log_p = log_scale - 0.5 * z * z
        top = log_p.max(axis=2)
        share = np.exp(log_p - top[:, :, None])
        mass = share.sum(axis=2)
        score = (share * z / std).sum(axis=2) / mass
        total += float(((np.exp(top) * mass * score * score) @ _NODE_WEIGHTS * 0.5 * width[part]).sum())
    return total
