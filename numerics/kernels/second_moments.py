"""Kernels for the second moments of many ReLU features under a one-dimensional law of any kind.

For a feature Y = a x' + α (x' = x − x₀) everything that a pair needs is in eight numbers, the columns of a *table*:
a, α, the threshold τ = −α/|a| beyond which sign(a) x' makes Y positive, and

    V = E σ(Y),   P = E[x' σ(Y)],   V⁻ = E σ(−Y),   P⁻ = E[x' σ(−Y)],   q = E σ(Y)²/a².

So the m² loop has neither a transcendental function nor a loop over the law's components in it. Numba wins here:
NumPy would pass over an m × m array some ten times per law, and cannot group the data into cells at all.
"""

import math

import numpy as np

from numerics.kernels.jit import jit


@jit
def tail(u):
    """P(z > u), E(z − u)_+ and E(z − u)_+² for z ~ N(0, 1) and u ≥ 0, to about 1e-14 relative.

    Below u = 2 from erfc. Beyond, with ρ_n = I_n / I_{n−1} of the iterated tails (I_{−1} = φ, I_0 = P(z > u)),
    ρ_n = 1/(u + (n + 1) ρ_{n+1}): a continued fraction of positive terms whose truncation at depth N has relative error
    of order exp(−2 u (√N − 2)).
    """
    if u >= 40.0:
        return 0.0, 0.0, 0.0
    phi = 0.3989422804014327 * math.exp(-0.5 * u * u)
    if u < 2.0:
        q = 0.5 * math.erfc(u * 0.7071067811865476)
        return q, phi - u * q, (1.0 + u * u) * q - u * phi
    ratio = 0.0
    for n in range(int((21.0 / u + 2.0) ** 2) + 6, 2, -1):
        ratio = 1.0 / (u + (n + 1) * ratio)
    r2 = 1.0 / (u + 3.0 * ratio)
    r1 = 1.0 / (u + 2.0 * r2)
    r0 = 1.0 / (u + r1)
    return phi * r0, phi * r0 * r1, 2.0 * phi * r0 * r1 * r2


@jit
def tails(u, n1, n2):
    """n1, n2 = E(z − u)_+, E(z − u)_+² elementwise, arrays (n,)."""
    for i in range(u.shape[0]):
        _, n1[i], n2[i] = tail(u[i])


@jit
def mixture_moments(out, slopes, intercepts, weights, means, stds):
    """out (5, m) = E σ(Y), E σ(Y)², E σ(−Y), E σ(−Y)², P(Y > 0) under Σ_k weights_k N(means_k, stds_k²)."""
    for i in range(slopes.shape[0]):
        a, c = slopes[i], intercepts[i]
        e1 = e2 = f1 = f2 = p = 0.0
        for k in range(weights.shape[0]):
            w = weights[k]
            alpha, beta = a * means[k] + c, abs(a) * stds[k]
            size = abs(alpha)
            if beta > 0.0:
                q, n1, n2 = tail(size / beta)
            else:
                q = n1 = n2 = 0.0
            large1, large2 = size + beta * n1, alpha * alpha + beta * beta * (1.0 - n2)
            small1, small2 = beta * n1, beta * beta * n2
            if alpha > 0.0:
                e1, e2, f1, f2, p = e1 + w * large1, e2 + w * large2, f1 + w * small1, f2 + w * small2, p + w * (1 - q)
            else:
                e1, e2, f1, f2, p = e1 + w * small1, e2 + w * small2, f1 + w * large1, f2 + w * large2, p + w * q
        out[0, i], out[1, i], out[2, i], out[3, i], out[4, i] = e1, e2, f1, f2, p


@jit
def fill(table, scale, slopes, alpha, constant, moments):
    """One law's table (8, m), its four expectations times ``scale``; features marked ``constant`` count as slope 0."""
    for i in range(slopes.shape[0]):
        if constant[i]:
            table[0, i], table[1, i] = 0.0, alpha[i]
            table[2, i] = -np.inf if alpha[i] > 0.0 else np.inf
            table[3, i], table[4, i] = scale * max(alpha[i], 0.0), 0.0
            table[5, i], table[6, i] = scale * max(-alpha[i], 0.0), 0.0
            table[7, i] = np.inf
            continue
        a = slopes[i]
        e1, e2, f1, f2 = moments[0, i], moments[1, i], moments[2, i], moments[3, i]
        table[0, i], table[1, i], table[2, i] = a, alpha[i], -alpha[i] / abs(a)
        table[3, i], table[4, i] = scale * e1, scale * ((e2 - alpha[i] * e1) / a)
        table[5, i], table[6, i] = scale * f1, -scale * ((f2 + alpha[i] * f1) / a)
        table[7, i] = e2 / abs(a) / abs(a)


@jit
def _same(row, a_i, alpha_i, tau_i, v_i, p_i, a, alpha, tau, v, p):
    """row_j += E[σ(Y_i) σ(Y_j)] for slopes of one sign: where the later one is active, so is the other."""
    for j in range(row.shape[0]):
        one = a_i * p[j] + alpha_i * v[j]
        two = a[j] * p_i + alpha[j] * v_i
        value = one if tau[j] > tau_i else two
        row[j] += value if value > 0.0 else 0.0


@jit
def _opposite(row, a_i, alpha_i, tau_i, v_i, p_i, w_i, s_i, q_i, a, alpha, tau, v, p, w, s, q):
    """row_j += E[σ(Y_i) σ(Y_j)] for slopes of opposite signs: both are active between the thresholds only.

    E[Y_j σ(Y_i)] + E[Y_i σ(−Y_j)], or the same with i and j exchanged: of these the one whose terms are the smaller,
    so that the rounding error is a few units of (E σ(Y_i)² E σ(Y_j)²)^½.
    """
    for j in range(row.shape[0]):
        one = (alpha[j] * v_i + a[j] * p_i) + (alpha_i * w[j] + a_i * s[j])
        two = (alpha_i * v[j] + a_i * p[j]) + (alpha[j] * w_i + a[j] * s_i)
        value = one if q_i <= q[j] else two
        value = value if tau_i + tau[j] < 0.0 else 0.0
        row[j] += value if value > 0.0 else 0.0


@jit
def add_laws(out, tables, split):
    """Add to the lower triangle of out (m, m) the sum over laws of E[σ(Y) σ(Y)ᵀ]; tables (laws, 8, m).

    The first ``split`` features have slopes ≥ 0, the others < 0. Rows go in groups of 8, so that the rows stay in the
    cache during the loop over the laws, and a law's table during the loop over the rows.
    """
    m = out.shape[0]
    for first in range(0, m, 8):
        for law in range(tables.shape[0]):
            t = tables[law]
            for i in range(first, min(first + 8, m)):
                low = 0 if i < split else split
                _same(
                    out[i, low : i + 1], t[0, i], t[1, i], t[2, i], t[3, i], t[4, i],
                    t[0, low : i + 1], t[1, low : i + 1], t[2, low : i + 1], t[3, low : i + 1], t[4, low : i + 1],
                )  # fmt: skip
                if i >= split:
                    _opposite(
                        out[i, :split], t[0, i], t[1, i], t[2, i], t[3, i], t[4, i], t[5, i], t[6, i], t[7, i],
                        t[0, :split], t[1, :split], t[2, :split], t[3, :split], t[4, :split], t[5, :split],
                        t[6, :split], t[7, :split],
                    )  # fmt: skip


# Sums Σ_i f(y_i − ζ) over n sorted data y and many ζ, f a Gaussian tail or density. The data are grouped into cells of
# half-width h standard deviations; in a cell f is its Taylor series, whose coefficients are Hermite functions, so that
# a cell costs the same whatever the number of its data. Beyond the reach of the Gaussian the sum is a polynomial in ζ,
# known from sums over all the data on one side. With h d ≤ 2 at distance d, 27 terms leave an error below 1e-14.

TERMS = 27


@jit
def cells(y, width, starts, centres, radii):
    """Group sorted y (n,) into cells no wider than ``width``; returns their number; starts needs n + 1 entries."""
    n, count, first = y.shape[0], 0, 0
    while first < n:
        last = first
        while last + 1 < n and y[last + 1] - y[first] <= width:
            last += 1
        starts[count] = first
        radii[count] = 0.5 * (y[last] - y[first])
        centres[count] = y[first] + radii[count]
        count += 1
        first = last + 1
    starts[count] = n
    return count


@jit
def _moments(y, first, last, centre, radius, out):
    """out_p = Σ (y_i − centre)^p / p! over first ≤ i < last."""
    out[:] = 0.0
    if radius == 0.0:
        out[0] = last - first
        return
    for i in range(first, last):
        delta, term = y[i] - centre, 1.0
        for p in range(out.shape[0]):
            out[p] += term
            term *= delta / (p + 1)


@jit
def _window(centres, low, high):
    """The indices first ≤ k < last of the centres within [low, high]."""
    return np.searchsorted(centres, low), np.searchsorted(centres, high, side="right")


@jit
def data_moments(out, points, reach, noise, y, right, left, starts, centres, radii, coefficients, ready):
    """out (6, len(points)) = Σ_i of P, E(·)_+, E(·)_+² of Y_i − ζ, then of ζ − Y_i, ζ in points.

    Y_i ~ N(y_i, noise) with noise 1 or, if every reach is negative, 0. y (n,) sorted; right, left (2, n): Σ_{i≥k}
    (y_i − y_k)^p and Σ_{i≤k} (y_k − y_i)^p for p = 1, 2; reach is the distance beyond which a datum's small tail does
    not count (negative: at every distance). coefficients (cells, terms) are filled where they are needed, and marked
    ``ready``.
    """
    n, K = y.shape[0], coefficients.shape[1]
    for i in range(points.shape[0]):
        zeta = points[i]
        r0 = r1 = r2 = l0 = l1 = l2 = 0.0
        if reach[i] >= 0.0:
            first, last = _window(centres, zeta - reach[i], zeta + reach[i])
            low, high = starts[first], starts[last]
        else:
            first = last = 0
            low, high = np.searchsorted(y, zeta), np.searchsorted(y, zeta, side="right")
        if high < n:
            gap, number = y[high] - zeta, float(n - high)
            r0 += number
            r1 += right[0, high] + gap * number
            r2 += right[1, high] + 2.0 * gap * right[0, high] + (noise + gap * gap) * number
        if low > 0:
            gap, number = zeta - y[low - 1], float(low)
            l0 += number
            l1 += left[0, low - 1] + gap * number
            l2 += left[1, low - 1] + 2.0 * gap * left[0, low - 1] + (noise + gap * gap) * number
        for k in range(first, last):
            mu = coefficients[k]
            if not ready[k]:
                _moments(y, starts[k], starts[k + 1], centres[k], radii[k], mu)
                ready[k] = True
            u = centres[k] - zeta
            sign = 1.0
            if u < 0.0:
                u, sign = -u, -1.0
            q, n1, n2 = tail(u)
            m0, m1, m2 = mu[0], sign * mu[1], mu[2]
            small0, small1, small2 = m0 * q, m0 * n1, m0 * n2
            if radii[k] > 0.0:
                small1 -= m1 * q
                small2 += 2.0 * (m2 * q - m1 * n1)
                # derivatives g of the density φ: g_{p+1} = −u g_p − p g_{p−1}
                g, before, parity = 0.3989422804014327 * math.exp(-0.5 * u * u), 0.0, sign
                for p in range(K - 3):
                    small0 -= parity * mu[p + 1] * g
                    small1 += parity * sign * mu[p + 2] * g
                    small2 -= 2.0 * parity * mu[p + 3] * g
                    g, before = -u * g - p * before, g
                    parity *= sign
            large0, large1 = m0 - small0, (m0 * u + m1) + small1
            large2 = m0 * (1.0 + u * u) + 2.0 * (u * m1 + m2) - small2
            if sign > 0.0:
                r0, r1, r2, l0, l1, l2 = r0 + large0, r1 + large1, r2 + large2, l0 + small0, l1 + small1, l2 + small2
            else:
                r0, r1, r2, l0, l1, l2 = r0 + small0, r1 + small1, r2 + small2, l0 + large0, l1 + large1, l2 + large2
        out[0, i], out[1, i], out[2, i], out[3, i], out[4, i], out[5, i] = r0, r1, r2, l0, l1, l2


@jit
def data_density(out, points, reach, y, starts, centres, radii, coefficients, ready):
    """out (len(points),) = Σ_i φ(y_i − ζ), ζ in points; absolute error below 1e-14 times the number of near data."""
    K = coefficients.shape[1]
    for i in range(points.shape[0]):
        first, last = _window(centres, points[i] - reach, points[i] + reach)
        total = 0.0
        for k in range(first, last):
            mu = coefficients[k]
            if not ready[k]:
                _moments(y, starts[k], starts[k + 1], centres[k], radii[k], mu)
                ready[k] = True
            u = centres[k] - points[i]
            g, before = 0.3989422804014327 * math.exp(-0.5 * u * u), 0.0
            total += mu[0] * g
            if radii[k] > 0.0:
                for p in range(K - 1):
                    g, before = -u * g - p * before, g
                    total += mu[p + 1] * g
        out[i] = total


@jit
def one_sided(x, right, left):
    """right (2, n) = Σ_{i≥k} (x_i − x_k)^p, left (2, n) = Σ_{i≤k} (x_k − x_i)^p, p = 1, 2, for sorted x.

    Every term is positive: the relative error after n additions is below n 2⁻⁵², and of order √n 2⁻⁵².
    """
    n = x.shape[0]
    right[0, n - 1] = right[1, n - 1] = left[0, 0] = left[1, 0] = 0.0
    for k in range(n - 2, -1, -1):
        step, number = x[k + 1] - x[k], float(n - 1 - k)
        right[1, k] = right[1, k + 1] + (2.0 * step * right[0, k + 1] + step * step * number)
        right[0, k] = right[0, k + 1] + step * number
    for k in range(1, n):
        step, number = x[k] - x[k - 1], float(k)
        left[1, k] = left[1, k - 1] + (2.0 * step * left[0, k - 1] + step * step * number)
        left[0, k] = left[0, k - 1] + step * number
