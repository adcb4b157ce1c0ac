"""One implicit step of the Fokker–Planck equation p_t = (D p' − b p)' by exponentially fitted finite volumes.

Scharfetter–Gummel (Chang–Cooper) fluxes make the matrix an M-matrix with unit column sums: whatever the step, the
density stays positive and keeps its mass. Numba wins here: the tridiagonal solve is a recurrence.
"""

import math

from numerics.kernels.jit import jit


@jit
def fitted(v, D):
    """D B(v/D) with Bernoulli's function B(z) = z/(e^z − 1); its limit max(−v, 0) as D → 0."""
    if D <= 0.0 or abs(v) > 700.0 * D:
        return max(-v, 0.0)
    z = v / D
    if abs(z) < 1e-3:
        return D * (1.0 - 0.5 * z + z * z / 12.0)
    return v / math.expm1(z)


@jit
def implicit_step(p, b, D, h, dt, absorbing, upper, right):
    """Advance p (N + 1,) at nodes of spacing h by dt, in place; b (N,): mean of the drift between neighbouring nodes.

    The end cells are half as wide. Nothing leaves the interval unless ``absorbing``: then what leaves at the left and
    the right is returned. ``upper``, ``right``: scratch (N + 1,).
    """
    N = len(b)
    ratio = dt / h
    lower, leaving_left, leaving_right = 0.0, 0.0, 0.0
    first_in = 0.0
    last_out = 0.0
    for i in range(N + 1):
        volume = h if 0 < i < N else 0.5 * h
        diagonal = volume
        source = volume * p[i]
        if i > 0:
            diagonal += ratio * first_in  # what the node sends to its left neighbour
        out = 0.0
        back = 0.0
        if i < N:
            v = b[i] * h
            out, back = fitted(-v, D), fitted(v, D)
            diagonal += ratio * out
            if i == 0:
                leaving_left = ratio * back
        else:
            leaving_right = ratio * last_out
        if absorbing:
            if i == 0:
                diagonal += leaving_left
            if i == N:
                diagonal += leaving_right
        if i > 0:
            diagonal += lower * upper[i - 1]
            source -= lower * right[i - 1]
        upper[i] = ratio * back / diagonal
        right[i] = source / diagonal
        lower = -ratio * out
        first_in = back
        last_out = out
    p[N] = right[N]
    for i in range(N - 1, -1, -1):
        p[i] = right[i] + upper[i] * p[i + 1]
    return leaving_left * p[0], leaving_right * p[N]
