"""Kernels for E[σ(Y_1) σ(Y_2)], σ = ReLU and Y_i = α_i ± β_i Z with one Z ~ N(0, 1); β_i ≥ 0.

A side comes as five numbers: α, β, u = α/β (±inf when β = 0) and the tails N_1, N_2 at |u| of `moments.tails`. So
the m² loop has no transcendental function in it. Numba wins here: NumPy would pass over the m × m array some thirty
times per component.
"""

# ruff: noqa: PLR0917 (kernels are called by position)

from numerics.jit import jit


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
