"""Σ E[σ(Y) σ(Y)ᵀ] for many ReLU features on a device: the pair formulas of the Numba kernels, all pairs at once.

What is of order m is computed in tables before; here is what is of order m². See `numerics.kernels.second_moments` for
one dimension and `numerics.kernels.relu_products` for more.
"""

import numpy as np

from numerics.backends.arrays import Array, Arrays
from numerics.checks.aliases import FloatArray

_LIVE = 6.0  # arrays of the size of a piece that are held at once
_ONE_SIDED = 0.9  # |ρ| from which the integral starts at ±1


def add_laws(arrays: Arrays, out: FloatArray, tables: FloatArray, split: int) -> None:
    """Add to out (m, m), below the diagonal at least, Σ over laws of E[σ(Y) σ(Y)ᵀ]; tables (laws, 8, m).

    The first ``split`` features have slopes ≥ 0, the others < 0.
    """
    xp, m = arrays.xp, out.shape[0]

    def same(rows: Array, columns: Array) -> Array:
        (a_i, alpha_i, tau_i, v_i, p_i), (a, alpha, tau, v, p) = _parts(rows, 5, True), _parts(columns, 5, False)
        value = xp.where(tau > tau_i, a_i * p + alpha_i * v, a * p_i + alpha * v_i)
        return xp.sum(xp.where(value > 0.0, value, 0.0), axis=0)

    def opposite(rows: Array, columns: Array) -> Array:
        a_i, alpha_i, tau_i, v_i, p_i, w_i, s_i, q_i = _parts(rows, 8, True)
        a, alpha, tau, v, p, w, s, q = _parts(columns, 8, False)
        one = (alpha * v_i + a * p_i) + (alpha_i * w + a_i * s)
        two = (alpha_i * v + a_i * p) + (alpha * w_i + a * s_i)
        value = xp.where(q_i <= q, one, two)
        return xp.sum(xp.where((tau_i + tau < 0.0) & (value > 0.0), value, 0.0), axis=0)

    with arrays.spoken("the second moments"):
        table = arrays.array(tables)
        for (low, high), (first, last), piece in (
            ((0, split), (0, split), same),
            ((split, m), (split, m), same),
            ((split, m), (0, split), opposite),
        ):
            if low == high or first == last:
                continue
            pairs, columns = arrays.fused(piece), table[:, :, first:last]
            rows = arrays.rows(high - low, 8.0 * _LIVE * len(tables) * (last - first))
            for start in range(low, high, rows):
                part = slice(start, min(start + rows, high))
                out[part, first:last] += arrays.numpy(pairs(table[:, :, part], columns))


def _parts(table: Array, count: int, rows: bool) -> list[Array]:
    """The first columns of tables (laws, 8, k), each as (laws, k, 1) for rows or (laws, 1, k)."""
    return [table[:, k, :, None] if rows else table[:, k, None, :] for k in range(count)]


# Correlated features -------------------------------------------------------------------------------------------------


def add_correlated_gram(
    arrays: Arrays, out: FloatArray, scale: float, weights: FloatArray, tables: FloatArray, correlation: FloatArray,
    rules: tuple[FloatArray, ...],
) -> None:  # fmt: skip
    """Add scale · Σ_k weights_k E_k[σ(Y_i) σ(Y_j)] to out (m, m); tables (7, m, K), correlation (m, m) for all k.

    Pairs with |ρ| ≤ 0.9 take the finer of the two Gauss–Legendre rules, the others the double-exponential one.
    """
    _, _, *rest = (arrays.array(rule) for rule in rules)
    fine, ends = rest[:2], rest[2:]
    lower = np.tril(np.ones(correlation.shape, dtype=bool))
    with arrays.spoken("the second moments"):
        sides = arrays.array(tables)
        for chosen, formula, rule in (
            (np.abs(correlation) <= _ONE_SIDED, _in_the_middle, fine),
            (correlation > _ONE_SIDED, _near_one, ends),
            (correlation < -_ONE_SIDED, _near_minus_one, ends),
        ):
            i, j = np.nonzero(chosen & lower)
            rows = arrays.rows(max(len(i), 1), 8.0 * _LIVE * rule[0].shape[0])
            for start in range(0, len(i), rows):
                a, b = i[start : start + rows], j[start : start + rows]
                rho, here, there = arrays.array(correlation[a, b]), arrays.integers(a), arrays.integers(b)
                total = arrays.xp.zeros_like(rho)
                for k, weight in enumerate(weights.tolist()):
                    one, two = ([sides[n, :, k][place] for n in range(7)] for place in (here, there))
                    total = total + weight * _expectation(arrays.xp, formula, one, two, rho, rule)
                value = scale * arrays.numpy(total)
                out[a, b] += value
                off = a != b
                out[b[off], a[off]] += value[off]


def _expectation(xp: Array, formula: Array, one: list[Array], two: list[Array], rho: Array, rule: list[Array]) -> Array:
    """E[σ(α_1 + β_1 Z_1) σ(α_2 + β_2 Z_2)] for pairs (P,); a side: α, β, u = α/β, N_1, N_2, Φ(u), Φ(−u)."""
    zero = xp.zeros_like(rho)
    mean = (xp.maximum(one[0], zero) + one[1] * one[3]) * (xp.maximum(two[0], zero) + two[1] * two[3])
    # where one of them does not move, u is infinite, and what the formula gives is not used
    moves = one[1] * two[1] > 0.0
    sides = [[*side[:2], xp.where(moves, side[2], zero), *side[3:]] for side in (one, two)]
    return xp.maximum(xp.where(moves, formula(xp, *sides, mean, rho, rule), mean), zero)


def _in_the_middle(xp: Array, one: list[Array], two: list[Array], mean: Array, rho: Array, rule: list[Array]) -> Array:
    """mean + β_1 β_2 (ρ Φ(u_1) Φ(u_2) + ∫_0^ρ (ρ − r) φ₂(u_1, u_2; r) dr), the integral over arcsin r."""
    (nodes, weights), h, k = rule, one[2][:, None], two[2][:, None]
    end = xp.asin(rho)
    s = xp.sin(end[:, None] * nodes)
    exponent = (0.5 * (h * h + k * k) - h * k * s) / ((1.0 - s) * (1.0 + s))
    rest = xp.sum(weights * (rho[:, None] - s) * xp.exp(-exponent), axis=1) * end * 0.15915494309189535
    return mean + one[1] * two[1] * (rho * one[5] * two[5] + rest)


def _near(xp: Array, h: Array, k: Array, rho: Array, rule: list[Array]) -> Array:
    """∫_ρ^1 (r − ρ) φ₂(h, k; r) dr for 0 < ρ ≤ 1, over x = √(1 − r²)."""
    nodes, weights = rule
    end = xp.sqrt((1.0 - rho) * (1.0 + rho))
    inside = xp.where(end > 0.0, end, 0.5)
    x = inside[:, None] * nodes
    r = xp.sqrt(1.0 - x * x)
    gap = (h - k)[:, None] / x
    weight = (inside[:, None] - x) * (inside[:, None] + x) / ((r + rho[:, None]) * r)  # (r − ρ)/r
    total = xp.sum(weights * weight * xp.exp(-0.5 * gap * gap - (h * k)[:, None] / (1.0 + r)), axis=1)
    return xp.where(end > 0.0, total * inside * 0.15915494309189535, 0.0)


def _near_one(xp: Array, one: list[Array], two: list[Array], mean: Array, rho: Array, rule: list[Array]) -> Array:
    """The value for ρ = 1 less β_1 β_2 ((1 − ρ) Φ₂ − the integral); `same_sign` of the Numba kernels."""
    del mean
    first = one[2] < two[2]
    (a_1, b_1, u, n_1, n_2), (a_2, b_2, *_) = (
        [xp.where(first, one[n], two[n]) for n in range(5)], [xp.where(first, two[n], one[n]) for n in range(5)]
    )  # fmt: skip
    gap = b_1 * a_2 - b_2 * a_1
    excess = xp.where(gap > 0.0, gap, 0.0)
    value = xp.where(u <= 0.0, b_1 * b_2 * n_2, a_1 * a_2 + b_1 * b_2 * (1.0 - n_2)) + excess * n_1
    rest = (1.0 - rho) * xp.minimum(one[5], two[5]) - _near(xp, one[2], two[2], rho, rule)
    return value - one[1] * two[1] * rest


def _near_minus_one(xp: Array, one: list[Array], two: list[Array], mean: Array, rho: Array, rule: list[Array]) -> Array:
    """The value for ρ = −1 plus β_1 β_2 ((1 + ρ) P(both) + the integral); `opposite_sign` of the Numba kernels."""
    del mean
    product, overlap = one[1] * two[1], two[1] * one[0] + one[1] * two[0]
    value = xp.where(
        one[2] <= 0.0,
        product * (two[4] - one[4]),
        xp.where(two[2] <= 0.0, product * (one[4] - two[4]), one[0] * two[0] - product * (1.0 - (one[4] + two[4]))),
    )
    value = value + overlap * (one[3] + two[3])
    none = (overlap <= 0.0) & ~((one[2] > 0.0) & (two[2] > 0.0))
    value = xp.where(none | (value < 0.0), 0.0, value)
    both = xp.where(
        one[2] + two[2] <= 0.0,
        0.0,
        xp.where(one[2] <= 0.0, one[5] - two[6], xp.where(two[2] <= 0.0, two[5] - one[6], 1.0 - (one[6] + two[6]))),
    )
    return value + product * ((1.0 + rho) * both + _near(xp, one[2], -two[2], -rho, rule))
