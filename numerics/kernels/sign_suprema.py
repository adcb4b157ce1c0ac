"""Kernels of the Rademacher module: the supremum over the one-dimensional ReLU class, and enumeration of all signs.

Numba wins here: the walks over the sorted points are recurrences, which NumPy can only do through cumulative sums of
the size of all sign vectors times all points. Sign vectors are walked ``LANES`` at a time, so that each step of the
recurrence is one vector instruction.
"""

import numpy as np

from numerics.kernels.jit import jit


@jit
def _transpose(signs, order, block):
    """block[k, l] = signs[l, order[k]], 0 where order is −1; in tiles that stay in the first cache."""
    N = order.shape[0]
    for start in range(0, N, 128):
        stop = min(start + 128, N)
        for l in range(signs.shape[0]):
            row = signs[l]
            for k in range(start, stop):
                j = order[k]
                block[k, l] = 0 if j < 0 else row[j]


@jit
def _advance(value, count, signs, gap):
    """Step the walk of all lanes over one node: the count of signs passed, and V with it."""
    for l in range(value.shape[0]):
        count[l] += signs[l]
        value[l] += gap * count[l]


@jit
def _collect(top, low, value, scale):
    """Take the candidates scale · V of all lanes into the running extremes."""
    for l in range(value.shape[0]):
        y = scale * value[l]
        top[l] = y if y > top[l] else top[l]
        low[l] = y if y < low[l] else low[l]


@jit
def relu_extremes(signs, order, gaps, scale, peak, lanes, highest, lowest):
    """Largest and smallest value of Σ_j ξ_j σ(w x_j + b) over the corners of the ball, for each sign vector ξ.

    signs (S, n) of int8; order (N,): the index of each node in the data, −1 for the node 0 that is no datum; gaps
    (N − 1,): distances of neighbouring nodes; scale (N,): E/(E + |node|); peak: E. For node k and w > 0 the value is
    scale_k V_k, V_k = Σ_{j > k} ξ_j (x_j − x_k), by V_k = V_{k+1} + gap_k Σ_{j > k} ξ_j from the right; w < 0 mirrors
    it from the left. The other corners have (w, b) = (0, ±E). Results (S,). Each loop over lanes touches three arrays
    at most: with more, LLVM gives up on showing that they do not overlap and leaves the loop scalar.
    """
    S = signs.shape[0]
    N = order.shape[0]
    block = np.zeros((N, lanes), np.int8)
    count, value, top, low = np.empty(lanes), np.empty(lanes), np.empty(lanes), np.empty(lanes)
    for first in range(0, S, lanes):
        used = min(lanes, S - first)
        _transpose(signs[first : first + used], order, block)
        top[:] = 0.0
        low[:] = 0.0
        count[:] = 0.0
        value[:] = 0.0
        for k in range(N - 2, -1, -1):
            _advance(value, count, block[k + 1], gaps[k])
            _collect(top, low, value, scale[k])
        for l in range(lanes):
            value[l] = count[l] + block[0, l]
        _collect(top, low, value, peak)
        count[:] = 0.0
        value[:] = 0.0
        for k in range(1, N):
            _advance(value, count, block[k - 1], gaps[k - 1])
            _collect(top, low, value, scale[k])
        highest[first : first + used] = top[:used]
        lowest[first : first + used] = low[:used]


@jit
def relu_locate(signs, order, gaps, scale, peak, highest, where):
    """A corner at which ``highest`` of `relu_extremes` is attained: the same walks, one sign vector at a time.

    Codes in where (S,): k for w > 0 at node k, N + k for w < 0, 2 N for (w, b) = (0, E), 2 N + 1 for the value 0.
    """
    N = order.shape[0]
    for s in range(signs.shape[0]):
        target = highest[s]
        where[s] = 2 * N + 1
        count = 0.0
        value = 0.0
        for k in range(N - 2, -1, -1):
            count += 0.0 if order[k + 1] < 0 else signs[s, order[k + 1]]
            value += gaps[k] * count
            if target > 0.0 and scale[k] * value == target:
                where[s] = k
        count += 0.0 if order[0] < 0 else signs[s, order[0]]
        if target > 0.0 and peak * count == target:
            where[s] = 2 * N
        count = 0.0
        value = 0.0
        for k in range(1, N):
            count += 0.0 if order[k - 1] < 0 else signs[s, order[k - 1]]
            value += gaps[k - 1] * count
            if target > 0.0 and scale[k] * value == target:
                where[s] = N + k


@jit
def finite_extremes(values, signs, highest, lowest):
    """Largest and smallest of Σ_j ξ_j values_ij over i: values (N, n), signs (n, S) of float64, results (S,)."""
    N, n = values.shape
    S = signs.shape[1]
    total = np.empty(S)
    for i in range(N):
        total[:] = 0.0
        for j in range(n):
            a = values[i, j]
            for s in range(S):
                total[s] += a * signs[j, s]
        if i == 0:
            highest[:] = total
            lowest[:] = total
        else:
            for s in range(S):
                highest[s] = max(highest[s], total[s])
                lowest[s] = min(lowest[s], total[s])


@jit
def enumerate_finite(values, table, first, absolute, sums):
    """Sums over blocks of sign vectors of max_i S_i − min_i S_i, or of 2 max_i |S_i| if ``absolute``; S = values ξ.

    The last sign is +1: −ξ gives the same. table (N, 2^l): the partial sums over the first l signs; the pattern
    first + b of the remaining n − 1 − l signs makes block b, whose sum goes to sums[b]. Integers stay integers.
    """
    N, n = values.shape
    cells = table.shape[1]
    l = 0
    while (1 << l) < cells:
        l += 1
    top = np.empty(cells, values.dtype)
    low = np.empty(cells, values.dtype)
    for b in range(sums.shape[0]):
        pattern = first + b
        for i in range(N):
            base = values[i, n - 1]
            for j in range(l, n - 1):
                if (pattern >> (j - l)) & 1:
                    base += values[i, j]
                else:
                    base -= values[i, j]
            if i == 0:
                for c in range(cells):
                    top[c] = base + table[i, c]
                    low[c] = base + table[i, c]
            else:
                for c in range(cells):
                    s = base + table[i, c]
                    top[c] = s if s > top[c] else top[c]
                    low[c] = s if s < low[c] else low[c]
        total = top[0] - top[0]
        for c in range(cells):
            total += 2 * max(top[c], -low[c]) if absolute else top[c] - low[c]
        sums[b] = total


@jit
def norms(columns, signs, squares):
    """squares[s] = Σ_i (Σ_j ξ_sj columns_ij)²: columns (m, n), signs (n, S) of float64, squares (S,)."""
    m, n = columns.shape
    S = signs.shape[1]
    total = np.empty(S)
    squares[:] = 0.0
    for i in range(m):
        total[:] = 0.0
        for j in range(n):
            a = columns[i, j]
            for s in range(S):
                total[s] += a * signs[j, s]
        for s in range(S):
            squares[s] += total[s] * total[s]
