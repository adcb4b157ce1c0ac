"""Kernels for E[σ(Y_1) σ(Y_2)], σ = ReLU and Y_i = α_i ± β_i Z with one Z ~ N(0, 1), or Z_i correlated; β_i ≥ 0.

A side comes as five numbers: α, β, u = α/β (±inf when β = 0) and the tails N_1, N_2 at |u| of `moments.tails`. So
the m² loop has no transcendental function in it. Numba wins here: NumPy would pass over the m × m array some thirty
times per component.
"""

import math

from numerics.kernels.jit import jit


@jit
def same_sign(alpha_1, beta_1, u_1, n1_1, n2_1, alpha_2, beta_2, u_2, n1_2, n2_2):
    """E[σ(α_1 + β_1 Z) σ(α_2 + β_2 Z)]: a sum of nonnegative terms, so nothing cancels.

    With the smaller u = u_2 and D = β_2 α_1 − β_1 α_2 = β_1 β_2 (u_1 − u_2) ≥ 0 it is β_1 β_2 N_2 + D N_1 for u ≤ 0
    and α_1 α_2 + β_1 β_2 (1 − N_2) + D N_1 for u > 0.
    """
    if u_1 < u_2:
        excess = max(beta_1 * alpha_2 - beta_2 * alpha_1, 0.0)
        u, n1, n2 = u_1, n1_1, n2_1
    else:
        excess = max(beta_2 * alpha_1 - beta_1 * alpha_2, 0.0)
        u, n1, n2 = u_2, n1_2, n2_2
    if u <= 0.0:
        return beta_1 * beta_2 * n2 + excess * n1
    return alpha_1 * alpha_2 + beta_1 * beta_2 * (1.0 - n2) + excess * n1


@jit
def opposite_sign(alpha_1, beta_1, u_1, n1_1, n2_1, alpha_2, beta_2, u_2, n1_2, n2_2):
    """E[σ(α_1 + β_1 Z) σ(α_2 − β_2 Z)]: both are active on −u_1 < Z < u_2 only.

    With D = β_2 α_1 + β_1 α_2 = β_1 β_2 (u_1 + u_2) > 0 it is D (N_1 + N_1') plus β_1 β_2 times N_2' − N_2 if u_1 ≤ 0,
    N_2 − N_2' if u_2 ≤ 0, u_1 u_2 − 1 + N_2 + N_2' otherwise. The three cases are what bounds the rounding error by a
    few units of (E σ(Y_1)²  E σ(Y_2)²)^½. Exchanging the sides gives the same bits.
    """
    overlap = beta_2 * alpha_1 + beta_1 * alpha_2
    if overlap <= 0.0 and not (u_1 > 0.0 and u_2 > 0.0):  # two positive constants have overlap 0, and a product
        return 0.0
    if u_1 <= 0.0:
        value = beta_1 * beta_2 * (n2_2 - n2_1)
    elif u_2 <= 0.0:
        value = beta_1 * beta_2 * (n2_1 - n2_2)
    else:
        value = alpha_1 * alpha_2 - beta_1 * beta_2 * (1.0 - (n2_1 + n2_2))
    return max(value + overlap * (n1_1 + n1_2), 0.0)


@jit
def add_gram(out, scale, weights, positive, alpha, beta, u, n1, n2):
    """Add scale · Σ_k weights_k E_k[σ(Y_i) σ(Y_j)] to out (m, m); tables (m, K), positive (m,): sign of the slope."""
    m, K = alpha.shape
    for i in range(m):
        for j in range(i + 1):
            total = 0.0
            if positive[i] == positive[j]:
                for k in range(K):
                    total += weights[k] * same_sign(
                        alpha[i, k], beta[i, k], u[i, k], n1[i, k], n2[i, k],
                        alpha[j, k], beta[j, k], u[j, k], n1[j, k], n2[j, k],
                    )  # fmt: skip
            else:
                for k in range(K):
                    total += weights[k] * opposite_sign(
                        alpha[i, k], beta[i, k], u[i, k], n1[i, k], n2[i, k],
                        alpha[j, k], beta[j, k], u[j, k], n1[j, k], n2[j, k],
                    )  # fmt: skip
            out[i, j] += scale * total
            if i != j:
                out[j, i] += scale * total


@jit
def pairs(out, weights, same, one, two):
    """out[n] = Σ_k weights_k E_k[σ(Y_1) σ(Y_2)] for sides one and two, (5, N, K); same (N,): equal signs of slopes."""
    for n in range(out.shape[0]):
        total = 0.0
        for k in range(weights.shape[0]):
            if same[n]:
                value = same_sign(
                    one[0, n, k], one[1, n, k], one[2, n, k], one[3, n, k], one[4, n, k],
                    two[0, n, k], two[1, n, k], two[2, n, k], two[3, n, k], two[4, n, k],
                )  # fmt: skip
            else:
                value = opposite_sign(
                    one[0, n, k], one[1, n, k], one[2, n, k], one[3, n, k], one[4, n, k],
                    two[0, n, k], two[1, n, k], two[2, n, k], two[3, n, k], two[4, n, k],
                )  # fmt: skip
            total += weights[k] * value
        out[n] = total


@jit
def _near_one(h, k, rho, nodes, node_weights):
    """∫_ρ^1 (r − ρ) φ₂(h, k; r) dr for 0 < ρ ≤ 1, over x = √(1 − r²): the integrand has no singular factor left."""
    end = math.sqrt((1.0 - rho) * (1.0 + rho))
    if end == 0.0:
        return 0.0
    total = 0.0
    for n in range(nodes.shape[0]):
        x = end * nodes[n]
        r = math.sqrt(1.0 - x * x)
        gap = (h - k) / x
        weight = (end - x) * (end + x) / ((r + rho) * r)  # (r − ρ)/r
        total += node_weights[n] * weight * math.exp(-0.5 * gap * gap - h * k / (1.0 + r))
    return total * end * 0.15915494309189535


@jit
def _from_zero(h, k, rho, nodes, node_weights):
    """∫_0^ρ (ρ − r) φ₂(h, k; r) dr, over θ = arcsin r; positive for either sign of ρ."""
    end = math.asin(rho)
    total = 0.0
    for n in range(nodes.shape[0]):
        s = math.sin(end * nodes[n])
        exponent = (0.5 * (h * h + k * k) - h * k * s) / ((1.0 - s) * (1.0 + s))
        total += node_weights[n] * (rho - s) * math.exp(-exponent)
    return total * end * 0.15915494309189535


@jit
def correlated(one, two, rho, rules):
    """E[σ(α_1 + β_1 Z_1) σ(α_2 + β_2 Z_2)] for standard normal Z with correlation ρ in [−1, 1].

    A side: α, β, u = α/β, N_1, N_2, Φ(u), Φ(−u). By Price's theorem the first derivative in ρ is β_1 β_2 Φ₂ and the
    second β_1 β_2 φ₂ (the bivariate normal distribution function and density), so Taylor's formula with remainder about
    ρ = 0 or ±1, where the value is known exactly, leaves one smooth integral. rules: nodes and weights on (0, 1), two
    of Gauss–Legendre and one double exponential.
    """
    alpha_1, beta_1, u_1, n1_1, n2_1, p_1, c_1 = one
    alpha_2, beta_2, u_2, n1_2, n2_2, p_2, c_2 = two
    mean_1, mean_2 = max(alpha_1, 0.0) + beta_1 * n1_1, max(alpha_2, 0.0) + beta_2 * n1_2
    scale = beta_1 * beta_2
    if scale == 0.0:
        return mean_1 * mean_2
    coarse, coarse_w, fine, fine_w, ends, ends_w = rules
    if abs(rho) <= 0.9:
        if max(abs(u_1), abs(u_2)) < 5.0:
            rest = _from_zero(u_1, u_2, rho, coarse, coarse_w)
        else:
            rest = _from_zero(u_1, u_2, rho, fine, fine_w)
        value = mean_1 * mean_2 + scale * (rho * p_1 * p_2 + rest)
    elif rho > 0.0:
        rest = (1.0 - rho) * min(p_1, p_2) - _near_one(u_1, u_2, rho, ends, ends_w)
        value = same_sign(alpha_1, beta_1, u_1, n1_1, n2_1, alpha_2, beta_2, u_2, n1_2, n2_2) - scale * rest
    else:
        if u_1 + u_2 <= 0.0:
            both = 0.0
        elif u_1 <= 0.0:
            both = p_1 - c_2
        elif u_2 <= 0.0:
            both = p_2 - c_1
        else:
            both = 1.0 - (c_1 + c_2)
        rest = (1.0 + rho) * both + _near_one(u_1, -u_2, -rho, ends, ends_w)
        value = opposite_sign(alpha_1, beta_1, u_1, n1_1, n2_1, alpha_2, beta_2, u_2, n1_2, n2_2) + scale * rest
    return max(value, 0.0)


@jit
def _side(tables, i, k):
    return (
        tables[0, i, k], tables[1, i, k], tables[2, i, k], tables[3, i, k], tables[4, i, k], tables[5, i, k],
        tables[6, i, k],
    )  # fmt: skip


@jit
def add_correlated_gram(out, scale, weights, tables, correlation, rules):
    """Add scale · Σ_k weights_k E_k[σ(Y_i) σ(Y_j)] to out (m, m); tables (7, m, K), correlation (m, m) for all k."""
    for i in range(out.shape[0]):
        for j in range(i + 1):
            total = 0.0
            for k in range(weights.shape[0]):
                total += weights[k] * correlated(_side(tables, i, k), _side(tables, j, k), correlation[i, j], rules)
            out[i, j] += scale * total
            if i != j:
                out[j, i] += scale * total
