"""The kernels that decide which samples leave a box, and that add up directions.

Numba wins here: each is one pass over normals that are still in cache, while NumPy would make several passes and
temporaries. The normals are drawn outside, by NumPy, in pieces. The uniforms of the barrier test are hardly ever
needed: that of a cell is computed when it is, as the output of SplitMix64 (Steele, Lea & Flood 2014) with the cell's
number.
"""

import math

import numpy as np

from numerics.kernels.jit import jit


@jit
def outside_count(normals, shift, std, bound):
    """How many rows of std · normals + shift, normals (s, d), shift (d,), have an entry beyond ±bound."""
    count = 0
    for s in range(normals.shape[0]):
        hits = 0
        for i in range(normals.shape[1]):
            hits += abs(std * normals[s, i] + shift[i]) > bound
        if hits > 0:
            count += 1
    return count


@jit
def add_directions(rows, per_sum, sums):
    """Add rows/‖row‖, rows (s · per_sum, d), to sums (s, d), ``per_sum`` of them to each; a zero row adds nothing."""
    dim = rows.shape[1]
    for k in range(rows.shape[0]):
        square = 0.0
        for i in range(dim):
            square += rows[k, i] * rows[k, i]
        if square > 0.0:
            factor = 1.0 / math.sqrt(square)
            for i in range(dim):
                sums[k // per_sum, i] += rows[k, i] * factor


@jit
def _uniform(key, number):
    """A uniform in [0, 1) with 53 bits: output number ``number`` of SplitMix64 started at ``key``."""
    z = key + (np.uint64(number) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) * 2.0**-53


@jit
def _walk(normals, key, first, stride, x, steps, roots, scale, barrier, bound, crossed):
    """Whether one coordinate of a path, normals (J,), is beyond ``bound`` at a grid time, and ``crossed``.

    Once it is beyond, the walk ends. The cell j has the uniform number first + j · stride of the stream ``key``.
    """
    if scale[0] * abs(x) > bound:
        return True, crossed
    for j in range(len(steps)):
        y = x + roots[j] * normals[j]
        if scale[j + 1] * abs(y) > bound:
            return True, crossed
        if not crossed:
            a = barrier[j]
            if abs(x) >= a or abs(y) >= a:
                crossed = True
            else:
                above, below = 2.0 * (a - x) * (a - y) / steps[j], 2.0 * (a + x) * (a + y) / steps[j]
                if min(above, below) < 38.0:  # two terms of e^{−38} are below 2⁻⁵³
                    crossed = _uniform(key, first + j * stride) < math.exp(-above) + math.exp(-below)
        x = y
    return False, crossed


@jit
def path_counts(normals, key, first, initial, steps, scale, barrier, bound):
    """How many of the paths exceed ``bound`` at a grid time, and how many do so or cross a cell's barrier.

    normals (s, J, d), the first of them having number ``first`` in the stream ``key`` of uniforms; initial (d,); steps
    (J,): increments of the clock; scale (J + 1,): r at the start and at the ends of the cells; barrier (J,):
    bound / max r per cell, for the unscaled path x0 + W. Crossings less likely than 2⁻⁵³ are drawn once per path, with
    the probability J d 2⁻⁵³ that all of them together do not exceed: the upper count stays an upper one.

    With a the barrier of a cell of length Δ, nothing can happen in it while |x| ≤ a − √(19 Δ) at both ends, for then
    2 (a − |x|)(a − |y|)/Δ ≥ 38. So a first pass compares once per normal, and only the paths' coordinates that come
    closer to a barrier are walked with all tests.
    """
    samples, cells, dim = normals.shape
    lower = 0
    upper = 0
    roots = np.sqrt(steps)
    inner = barrier - np.sqrt(19.0 * steps) * (1.0 + 1e-9)
    start = inner[0]
    inner[:-1] = np.minimum(inner[:-1], inner[1:])  # the end of a cell is the start of the next
    for s in range(samples):
        seen = False  # outside the box at a grid time
        crossed = _uniform(~key, first // (cells * dim) + s) < cells * dim * 2.0**-53  # or perhaps between two
        for i in range(dim):
            x = initial[i]
            near = int(abs(x) > start)
            for j in range(cells):
                x += roots[j] * normals[s, j, i]
                near += abs(x) > inner[j]
            if near > 0:
                number = first + s * cells * dim + i
                seen, crossed = _walk(
                    normals[s, :, i], key, number, dim, initial[i], steps, roots, scale, barrier, bound, crossed
                )
                if seen:
                    break
        lower += seen
        upper += seen or crossed
    return lower, upper
