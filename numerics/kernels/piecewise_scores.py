"""Kernels for a log-density whose derivative is continuous and piecewise linear.

Its values at the knots are accumulated from an anchor in double-double arithmetic (a number is an unevaluated sum
hi + lo), because they are differences of sums that may be larger by many orders of magnitude. Numba wins here: these
are recurrences, one step per knot.
"""

import math

from numerics.kernels.jit import jit


@jit
def two_sum(a, b):
    """a + b as hi + lo, exactly."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


@jit
def two_product(a, b):
    """a b as hi + lo, exactly (Dekker's splitting; no overflow below 1e290)."""
    p = a * b
    c = 134217729.0 * a
    a_hi = c - (c - a)
    a_lo = a - a_hi
    c = 134217729.0 * b
    b_hi = c - (c - b)
    b_lo = b - b_hi
    return p, ((a_hi * b_hi - p) + a_hi * b_lo + a_lo * b_hi) + a_lo * b_lo


@jit
def add(a, b):
    """The sum of two double-double numbers, to about 2⁻¹⁰⁴ of the larger."""
    s, e = two_sum(a[0], b[0])
    f, g = two_sum(a[1], b[1])
    s, e = two_sum(s, e + f)
    return two_sum(s, e + g)


@jit
def multiply(a, b):
    """The product of two double-double numbers, to about 2⁻¹⁰²."""
    p, e = two_product(a[0], b[0])
    return two_sum(p, e + (a[0] * b[1] + a[1] * b[0]))


@jit
def dot(a, b):
    """Σ a_i b_i as a double-double number."""
    total = (0.0, 0.0)
    for i in range(len(a)):
        total = add(total, two_product(a[i], b[i]))
    return total


@jit
def tabulate(knots, strength, size, anchor, start, slope, scores, slopes, logs, tails):
    """Scores and log-densities at the knots, both outwards from the knot number ``anchor``.

    The derivative jumps by strength_k size_k at knots_k, is ``slope`` left of the anchor and the score is ``start``
    there (double-double each). Fills scores (n,), slopes (n + 1,), logs and tails (n,): the high and low parts of the
    log-density, 0 at the anchor.
    """
    n = len(knots)
    s, h, a = start, (0.0, 0.0), slope
    scores[anchor] = s[0]
    logs[anchor], tails[anchor] = h
    for k in range(anchor, n):
        a = add(a, two_product(strength[k], size[k]))
        slopes[k + 1] = a[0]
        if k + 1 < n:
            width = two_sum(knots[k + 1], -knots[k])
            change = multiply(a, width)
            h = add(h, multiply(add(s, (0.5 * change[0], 0.5 * change[1])), width))
            s = add(s, change)
            scores[k + 1] = s[0]
            logs[k + 1], tails[k + 1] = h
    s, h, a = start, (0.0, 0.0), slope
    for k in range(anchor, -1, -1):
        if k < anchor:
            jump = two_product(strength[k], size[k])
            a = add(a, (-jump[0], -jump[1]))
        slopes[k] = a[0]
        if k > 0:
            width = two_sum(knots[k - 1], -knots[k])
            change = multiply(a, width)
            h = add(h, multiply(add(s, (0.5 * change[0], 0.5 * change[1])), width))
            s = add(s, change)
            scores[k - 1] = s[0]
            logs[k - 1], tails[k - 1] = h


@jit
def normal_interval(low, high):
    """P(low < Z < high) for a standard normal Z, without cancellation in the tails."""
    if low > 0.0:
        return 0.5 * (math.erfc(low * 0.7071067811865476) - math.erfc(high * 0.7071067811865476))
    if high < 0.0:
        return 0.5 * (math.erfc(-high * 0.7071067811865476) - math.erfc(-low * 0.7071067811865476))
    return 0.5 * (math.erf(high * 0.7071067811865476) - math.erf(low * 0.7071067811865476))


@jit
def bell(z):
    """The standard normal density."""
    return 0.3989422804014327 * math.exp(-0.5 * z * z)


@jit
def small_exp(y):
    """e^y for |y| ≤ 0.06 by its Taylor polynomial of degree 8: the rest is below 3e-17."""
    return 1.0 + y * (1.0 + y * (0.5 + y * (1 / 6 + y * (1 / 24 + y * (1 / 120 + y * (1 / 720 + y * (
        1 / 5040 + y / 40320)))))))  # fmt: skip


@jit
def narrow_integrals(out, width, h_l, h_r, s_l, s_r, a, four, four_weights, few, few_weights, many, many_weights):
    """log ∫ exp(h) over pieces along which the exponent varies little; NaN marks those along which it does not.

    A Gauss–Legendre rule in the exponent's coordinates: error below 1e-16 for the limits given here.
    """
    for k in range(len(width)):
        w = width[k]
        if not w > 0.0:
            out[k] = -math.inf
            continue
        tilt, bend = 0.25 * (s_l[k] + s_r[k]) * w, 0.125 * a[k] * w * w
        total = 0.0
        if abs(tilt) <= 0.05 and abs(bend) <= 5e-4:
            for i in range(len(four)):
                total += four_weights[i] * small_exp(four[i] * (tilt + bend * four[i]))
        elif abs(tilt) <= 0.3 and abs(bend) <= 0.02:
            for i in range(len(few)):
                total += few_weights[i] * math.exp(few[i] * (tilt + bend * few[i]))
        elif abs(tilt) <= 3.0 and abs(bend) <= 1.0:
            for i in range(len(many)):
                total += many_weights[i] * math.exp(many[i] * (tilt + bend * many[i]))
        else:
            out[k] = math.nan
            continue
        out[k] = 0.5 * (h_l[k] + h_r[k]) - bend + math.log(0.5 * w * total)


@jit
def expected_log(
    weights, means, stds, knots, scores, slopes, logs, four, four_weights, few, few_weights, many, many_weights
):
    """E h(X) and E |h(X)| (to first order) for X ~ Σ weights_j N(means_j, stds_j²), h piecewise quadratic.

    Narrow pieces by a Gauss–Legendre rule (with fewer nodes where the exponent hardly varies), wide ones by the
    closed moments of a truncated Gaussian about the end with the higher h. Left out are pieces
    beyond 14 standard deviations (mass 1e-44), and beyond 9.5 (mass 1e-21) where |h| < 1e4.
    """
    n, reach = len(knots), 14.0
    total, absolute = 0.0, 0.0
    for j in range(len(weights)):
        mean, std, part, size = means[j], stds[j], 0.0, 0.0
        low = -math.inf
        for k in range(n + 1):
            left = low
            low = (knots[k] - mean) / std if k < n else math.inf
            right = low
            if right <= -reach or left >= reach or right <= left:
                continue
            far = left > 9.5 or right < -9.5
            if far and 0 < k < n and max(abs(logs[k]), abs(logs[k - 1])) < 1e4:
                continue
            end = k if k == 0 or (k < n and logs[k] > logs[k - 1]) else k - 1
            origin, h, s, a = knots[end], logs[end], scores[end], slopes[k]
            width, middle = right - left, 0.5 * (left + right)
            tilt, bend = 0.5 * abs(middle) * width, 0.125 * width * width
            if tilt <= 3.0 and bend <= 1.0:
                # the ends in x, so that a piece far narrower than its position loses no digits
                centre, radius = 0.5 * (knots[k - 1] + knots[k]) - origin, 0.5 * (knots[k] - knots[k - 1])
                value, mass = 0.0, 0.0
                if tilt <= 0.05 and bend <= 5e-4:
                    z, step = (centre + (origin - mean)) / std, radius / std
                    for i in range(len(four)):
                        u = centre + radius * four[i]
                        y = step * four[i]
                        f = four_weights[i] * small_exp(-y * (z + 0.5 * y))
                        value += f * (h + u * (s + 0.5 * a * u))
                        mass += f
                    step *= bell(z)
                    value *= step
                    mass *= step
                else:
                    nodes, rule = (few, few_weights) if tilt <= 0.3 and bend <= 0.02 else (many, many_weights)
                    for i in range(len(nodes)):
                        u = centre + radius * nodes[i]
                        f = rule[i] * bell((u + (origin - mean)) / std)
                        value += f * (h + u * (s + 0.5 * a * u))
                        mass += f
                    value *= radius / std
                    mass *= radius / std
            else:
                mass = normal_interval(left, right)
                p_l = bell(left) if left > -38.0 else 0.0
                p_r = bell(right) if right < 38.0 else 0.0
                first = p_l - p_r
                second = mass + (left * p_l if p_l > 0.0 else 0.0) - (right * p_r if p_r > 0.0 else 0.0)
                c = (mean - origin) / std
                value = h * mass + s * std * (first + c * mass)
                value += 0.5 * a * std * std * (second + 2.0 * c * first + c * c * mass)
            part += value
            size += abs(value)
        total += weights[j] * part
        absolute += weights[j] * size
    return total, absolute
