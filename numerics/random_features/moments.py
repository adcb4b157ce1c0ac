"""Exact moments of ReLU features under Gaussian mixtures, and the Fisher information of one-dimensional mixtures.

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
from functools import cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from numerics import checks
from numerics.backends.backend import Backend
from numerics.backends.choice import in_use
from numerics.checks.aliases import FloatArray, FloatOrArray, IntArray
from numerics.checks.memory import require_quadratic
from numerics.kernels import relu_products, second_moments

_SQRT_2PI = math.sqrt(2.0 * math.pi)
_COMPONENTS = 1 << 18  # entries of features times components at once: seven tables and their parts take 32 MiB


def tails(u: FloatArray) -> tuple[FloatArray, FloatArray]:
    """N_1(|u|) = E(z − |u|)_+ and N_2(|u|) = E(z − |u|)_+² for z ~ N(0, 1), elementwise; u may be infinite."""
    size = np.abs(u)
    n1, n2 = np.empty(size.size), np.empty(size.size)
    second_moments.tails(size.ravel(), n1, n2)
    return n1.reshape(size.shape), n2.reshape(size.shape)


def _tables(slope: FloatArray, intercept: FloatArray, means: FloatArray, stds: FloatArray) -> FloatArray:
    """α, β, u, N_1(|u|), N_2(|u|) stacked: shape (5, N, K) for slope and intercept (N,)."""
    alpha = slope[:, None] * means + intercept[:, None]
    beta = np.abs(slope)[:, None] * stds
    return _stack(alpha, beta)


def _stack(alpha: FloatArray, beta: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        u = np.where(beta > 0.0, alpha / beta, np.where(alpha > 0.0, np.inf, -np.inf))
    return np.stack([alpha, beta, u, *tails(u)])


def _law(
    weights: ArrayLike | None, means: ArrayLike, variances: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    m = checks.vector("means", means)
    v = checks.vector("variances", variances, minimum=0.0)
    size = max(len(m), len(v))
    m, v = (np.repeat(x, size) if len(x) == 1 else x for x in (m, v))
    w = np.full(len(m), 1.0 / len(m)) if weights is None else checks.probabilities("weights", weights)
    for name, value in (("variances", v), ("weights", w)):
        if len(value) != len(m):
            raise ValueError(f"{name} must have one entry per mean, {len(m)}; got {len(value)}; pass equal lengths")
    return w, m, np.sqrt(v)


def _broadcast(**arguments: ArrayLike) -> tuple[tuple[int, ...], list[FloatArray]]:
    values = [checks.array(name, value, shape=None) for name, value in arguments.items()]
    try:
        broadcast = np.broadcast_arrays(*values)
    except ValueError:
        shapes = ", ".join(f"{name} {value.shape}" for name, value in zip(arguments, values, strict=True))
        raise ValueError(f"the arguments must broadcast; got shapes {shapes}; pass equal shapes") from None
    return broadcast[0].shape, [np.ascontiguousarray(x).reshape(-1) for x in broadcast]


def _shaped(value: FloatArray, shape: tuple[int, ...]) -> FloatOrArray:
    return value.reshape(shape) if shape else float(value[0])


def relu_mean(
    slope: ArrayLike,
    intercept: ArrayLike,
    *,
    means: ArrayLike = 0.0,
    variances: ArrayLike = 1.0,
    weights: ArrayLike | None = None,
) -> FloatOrArray:
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
    slope: ArrayLike,
    intercept: ArrayLike,
    *,
    means: ArrayLike = 0.0,
    variances: ArrayLike = 1.0,
    weights: ArrayLike | None = None,
) -> FloatOrArray:
    """P(aX + c > 0), per component Φ(u); a point mass gives 1 or 0 (0 where aX + c = 0, as σ'(0) = 0 here).

    Arguments, result and errors as in `relu_mean`.
    """
    w, mean, std = _law(weights, means, variances)
    shape, (a, c) = _broadcast(slope=slope, intercept=intercept)
    return _shaped(ndtr(_tables(a, c, mean, std)[2]) @ w, shape)


def relu_product_mean(
    slope_1: ArrayLike,
    intercept_1: ArrayLike,
    slope_2: ArrayLike,
    intercept_2: ArrayLike,
    *,
    means: ArrayLike = 0.0,
    variances: ArrayLike = 1.0,
    weights: ArrayLike | None = None,
) -> FloatOrArray:
    """E[σ(a_1 X + c_1) σ(a_2 X + c_2)], σ = ReLU.

    The four numbers broadcast; law, result and errors as in `relu_mean`. The accuracy is stated at the top of the
    module; the formulas are those of the kernels `same_sign` and `opposite_sign`.
    """
    w, mean, std = _law(weights, means, variances)
    shape, (a1, c1, a2, c2) = _broadcast(
        slope_1=slope_1, intercept_1=intercept_1, slope_2=slope_2, intercept_2=intercept_2
    )
    out = np.empty(len(a1))
    relu_products.pairs(out, w, (a1 >= 0.0) == (a2 >= 0.0), _tables(a1, c1, mean, std), _tables(a2, c2, mean, std))
    return _shaped(out, shape)


def relu_gram(
    slopes: ArrayLike,
    intercepts: ArrayLike,
    *,
    means: ArrayLike = 0.0,
    variances: ArrayLike = 1.0,
    weights: ArrayLike | None = None,
) -> FloatArray:
    """The matrix E[σ(a_i X + c_i) σ(a_j X + c_j)], (m, m), for slopes a and intercepts c of shape (m,).

    Law and errors as in `relu_mean`; no transcendental function is evaluated per pair, only per feature.
    """
    w, mean, std = _law(weights, means, variances)
    a = checks.array("slopes", slopes, shape=("m",))
    c = checks.array("intercepts", intercepts, shape=(len(a),))
    require_quadratic("the matrix E[σ(Y) σ(Y)ᵀ]", len(a))
    out = np.zeros((len(a), len(a)))
    relu_products.add_gram(out, 1.0, np.array(w), a >= 0.0, *_tables(a, c, mean, std))
    return out


@cache
def _rules() -> tuple[FloatArray, ...]:
    """Nodes and weights on (0, 1): Gauss–Legendre with 24 and with 64 nodes, and a double-exponential rule."""
    rules = []
    for count in (24, 64):
        nodes, weights = np.polynomial.legendre.leggauss(count)
        rules += [0.5 * (1.0 + nodes), 0.5 * weights]
    # x = 1/(1 + exp(π sinh t)): beyond |t| = 3.2 less than 1e-16 of the interval is left
    step = 1.0 / 32.0
    t = step * np.arange(-102, 103)
    odds = np.exp(np.pi * np.sinh(t))
    x = 1.0 / (1.0 + odds)
    return (*rules, x, step * np.pi * np.cosh(t) * x * x * odds)


def correlated_gram(  # noqa: PLR0917 (one private caller per dimension)
    out: FloatArray,
    scale: float,
    directions: FloatArray,
    intercepts: FloatArray,
    weights: FloatArray,
    means: FloatArray,
    stds: FloatArray,
    where: Backend,
) -> FloatArray:
    """Add scale · E[σ(Y) σ(Y)ᵀ] to out (m, m), without checks, x ~ Σ_k weights_k N(means_k, stds_k² I); P(Y > 0), (m,).

    directions (m, d), intercepts (m,), means (K, d), stds (K,).
    """
    # scaling by a power of two first: the squares of tiny or huge entries neither vanish nor overflow
    power = np.exp2(np.frexp(np.abs(directions).max(axis=1))[1].astype(float))[:, None]
    lengths = np.linalg.norm(directions / power, axis=1, keepdims=True)
    unit = directions / power / np.where(lengths > 0.0, lengths, 1.0)
    correlation = np.clip(unit @ unit.T, -1.0, 1.0)
    np.fill_diagonal(correlation, 1.0)
    active = np.zeros(len(directions))
    rows = max(1, _COMPONENTS // len(directions))
    for k in range(0, len(weights), rows):
        some = slice(k, k + rows)
        alpha = directions @ means[some].T + intercepts[:, None]
        sides = _stack(alpha, (lengths * power) * stds[some])
        tables = np.concatenate([sides, ndtr(sides[2:3]), ndtr(-sides[2:3])])
        where.add_correlated_gram(out, scale, weights[some], tables, correlation, _rules())
        active += tables[5] @ weights[some]
    return active


def relu_gram_gaussian(
    directions: ArrayLike,
    intercepts: ArrayLike,
    *,
    means: ArrayLike,
    variances: ArrayLike = 1.0,
    weights: ArrayLike | None = None,
    covariance: ArrayLike | None = None,
) -> FloatArray:
    """The matrix E[σ(Y_i) σ(Y_j)], (m, m), Y = W x + c, for x in d dimensions with law Σ_k weights_k N(m_k, v_k C).

    With u = E Y/std Y, ρ the correlation of the two noises, φ₂ and Φ₂ the bivariate normal density and distribution
    function: ∂²/∂ρ² E[σ(Y_1) σ(Y_2)] = std_1 std_2 φ₂(u_1, u_2; ρ), integrated from ρ = 0 or from ±1, where the value
    and its derivative std_1 std_2 Φ₂ have the closed forms of the one-dimensional case.

    ``directions``: W (m, d). ``intercepts``: c (m,). ``means``: m_k (K, d), or (d,) for one component. ``variances``:
    v_k ≥ 0, (K,) or a number. ``weights``: (K,), equal when None. ``covariance``: C (d, d), symmetric positive
    semidefinite, the identity when None. E σ(Y) and P(Y > 0) are one-dimensional: `relu_mean`,
    `activation_probability`.

    The error is below 1e-12 (E σ(Y_i)² E σ(Y_j)²)^½ for every correlation in [−1, 1], both ends included, beyond that
    of means E Y perturbed by a few units in the last place of their terms. ValueError for shapes that disagree, a
    negative variance, or a C that is not positive semidefinite. Source: Price's theorem; LLZB eq. (12).
    """
    W = checks.array("directions", directions, shape=("m", "d"))
    m, d = W.shape
    c = checks.array("intercepts", intercepts, shape=(m,))
    mean = checks.array("means", means, shape=None)
    mean = mean[None, :] if mean.ndim == 1 else mean
    if mean.ndim != 2 or mean.shape[1] != d:
        raise ValueError(f"means must have shape (K, {d}) or ({d},); got shape {mean.shape}; pass one per component")
    v = checks.vector("variances", variances, minimum=0.0)
    if len(v) not in {1, len(mean)}:
        raise ValueError(f"variances must have one entry per mean, {len(mean)}; got {len(v)}; pass equal lengths")
    w, _, std = _law(weights, np.zeros(len(mean)), v)
    require_quadratic("the matrix E[σ(Y) σ(Y)ᵀ]", m)
    out = np.zeros((m, m))
    if covariance is None:
        correlated_gram(out, 1.0, W, c, w, mean, std, in_use())
        return out
    root = _root("covariance", covariance, d)
    # Y = W m_k + c + √v_k W C^½ z: each mean enters through the intercepts
    for weight, centre, deviation in zip(w, mean, std, strict=True):
        correlated_gram(
            out, float(weight), W @ root, W @ centre + c, np.ones(1), np.zeros((1, d)), deviation[None], in_use()
        )
    return out


def _root(name: str, value: ArrayLike, dim: int) -> FloatArray:
    """A root C^½ with C = C^½ (C^½)ᵀ of a symmetric positive semidefinite matrix, up to rounding."""
    C = checks.array(name, value, shape=(dim, dim))
    slack = 64 * dim * float(np.finfo(float).eps) * float(np.abs(C).max())
    if np.abs(C - C.T).max() > slack:
        checks.refuse(name, "be symmetric", value, "pass (C + C.T)/2")
    values, vectors = np.linalg.eigh(C)
    if values[0] < -slack:
        checks.refuse(name, "be positive semidefinite", value, f"its least eigenvalue is {values[0]:g}: correct it")
    return vectors * np.sqrt(np.maximum(values, 0.0))


_SPAN = 14.0  # a component's mass beyond 14 standard deviations is below 1e-43
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(16)
_FISHER_TOLERANCE = 1e-11
_CHUNK = 1 << 20  # entries of a (points, components) array held at once


def fisher_information(*, means: ArrayLike, variances: ArrayLike, weights: ArrayLike | None = None) -> float:
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


def _panels(mean: FloatArray, std: FloatArray, step: float) -> tuple[IntArray, FloatArray, FloatArray]:
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
