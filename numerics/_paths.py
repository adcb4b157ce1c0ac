"""The kernel that decides which sampled paths leave a box.

Numba wins here: the barrier test is a loop with early exits over cells and coordinates, while NumPy would need several
temporaries of the size of the whole block of paths. The random numbers are drawn outside, by NumPy.
"""

# ruff: noqa: PLR0917 (kernels are called by position)

import math

from numerics.jit import jit


@jit
def path_counts(normals, uniforms, initial, steps, scale, barrier, bound):
    """How many of the paths exceed `bound` at a grid time, and how many do so or cross a cell's barrier.

    normals, uniforms (s, J, d); initial (d,); steps (J,): increments of the clock; scale (J + 1,): r at the start and
    at the ends of the cells; barrier (J,): bound / max r per cell, for the unscaled path x0 + W.
    """
    samples, cells, dim = normals.shape
    lower = 0
    upper = 0
    for s in range(samples):
        seen = False  # outside the box at a grid time
        crossed = False  # or perhaps between two grid times
        for i in range(dim):
            x = initial[i]
            if scale[0] * abs(x) > bound:
                seen = True
                break
            for j in range(cells):
                y = x + math.sqrt(steps[j]) * normals[s, j, i]
                if scale[j + 1] * abs(y) > bound:
                    seen = True
                    break
                if not crossed:
                    a = barrier[j]
                    if abs(x) >= a or abs(y) >= a:
                        crossed = True
                    else:
                        p = math.exp(-2.0 * (a - x) * (a - y) / steps[j])
                        p += math.exp(-2.0 * (a + x) * (a + y) / steps[j])
                        crossed = uniforms[s, j, i] < p
                x = y
            if seen:
                break
        if seen:
            lower += 1
        if seen or crossed:
            upper += 1
    return lower, upper
