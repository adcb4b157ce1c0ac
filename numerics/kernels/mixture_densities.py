"""Kernels for log-densities of Gaussian mixtures, and for what the posterior of the component adds up to.

Numba wins here: of thousands of components only the few near a point matter, and a loop can stop at them. In one
dimension components are sorted by their means, and a point comes as centre + offset, the centre being some component's
mean, so that narrow components far from the origin are resolved.
"""

import math

import numpy as np

from numerics.kernels.jit import jit


@jit
def _first_above(means, x):
    """The number of means below x: bisection."""
    low, high = 0, means.shape[0]
    while low < high:
        middle = (low + high) // 2
        if means[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low


@jit
def _log_term(k, centre, offset, logs, means, stds):
    z = ((centre - means[k]) + offset) / stds[k]
    return logs[k] - 0.5 * z * z


@jit
def _window(centre, offset, logs, means, stds, widest, largest, cut):
    """Range [low, high) of components whose terms are not all below the largest by ``cut``, and that largest."""
    K = means.shape[0]
    start = _first_above(means, centre + offset)
    top = -math.inf
    low = start
    high = start
    while low > 0 or high < K:
        left = -math.inf
        right = -math.inf
        if low > 0:
            z = ((centre - means[low - 1]) + offset) / widest
            left = largest - 0.5 * z * z  # bounds the term of every component further left
        if high < K:
            z = ((centre - means[high]) + offset) / widest
            right = largest - 0.5 * z * z
        if max(left, right) < top - cut:
            break
        if left >= right:
            low -= 1
            top = max(top, _log_term(low, centre, offset, logs, means, stds))
        else:
            top = max(top, _log_term(high, centre, offset, logs, means, stds))
            high += 1
    return low, high, top


@jit
def log_density(centres, offsets, logs, means, stds, widest, largest, cut, out):
    """out[i, j] = log p(centres[i] + offsets[i, j]): logs[k] = log(weight_k/(std_k √(2π))), sorted means.

    widest ≥ all stds, largest ≥ all logs; terms below the largest one by ``cut`` in total are left out.
    """
    for i in range(offsets.shape[0]):
        for j in range(offsets.shape[1]):
            low, high, top = _window(centres[i], offsets[i, j], logs, means, stds, widest, largest, cut)
            mass = 0.0
            for k in range(low, high):
                mass += math.exp(_log_term(k, centres[i], offsets[i, j], logs, means, stds) - top)
            out[i, j] = top + math.log(mass)


@jit
def excess(d):
    """e^{−d} − 1 + d ≥ 0, without cancellation near 0."""
    if abs(d) < 0.25:
        total = 0.0
        for k in range(14, 1, -1):
            total = (1.0 - total) / k * d  # Horner: the series Σ_{k ≥ 2} (−d)^k / k!
        return total * d
    return math.exp(-d) - 1.0 + d


@jit
def component_density(centres, offsets, log_weights, logs, means, stds, widest, largest, cut, out):
    """out = Σ_k weight_k N_k(x) (d_k + p/N_k − 1), d_k = log(N_k/p): integrates to the information of x on k.

    Every term is nonnegative. Components left out of the window have N_k = 0 and contribute weight_k p each.
    """
    K = means.shape[0]
    for i in range(offsets.shape[0]):
        for j in range(offsets.shape[1]):
            low, high, top = _window(centres[i], offsets[i, j], logs, means, stds, widest, largest, cut)
            mass = 0.0
            weight = 0.0
            for k in range(low, high):
                mass += math.exp(_log_term(k, centres[i], offsets[i, j], logs, means, stds) - top)
                weight += math.exp(log_weights[k])
            log_mass = math.log(mass)
            total = 0.0 if high - low == K else max(1.0 - weight, 0.0)
            for k in range(low, high):
                share = _log_term(k, centres[i], offsets[i, j], logs, means, stds) - top - log_mass  # log posterior
                d = share - log_weights[k]
                if d < -0.25:  # weight_k N_k e^{−d} = weight_k p: no overflow
                    total += math.exp(log_weights[k]) + math.exp(share) * (d - 1.0)
                else:
                    total += math.exp(share) * excess(d)
            out[i, j] = total * math.exp(top + log_mass)


@jit
def divergence_density(log_p, log_q, out):
    """out = p log(p/q) + q − p ≥ 0, elementwise."""
    for i in range(log_p.shape[0]):
        for j in range(log_p.shape[1]):
            d = log_p[i, j] - log_q[i, j]
            p = math.exp(log_p[i, j])
            if d < -0.25:
                out[i, j] = math.exp(log_q[i, j]) + p * (d - 1.0)
            else:
                out[i, j] = p * excess(d)


@jit
def posterior_moments(centres, offsets, logs, means, stds, widest, largest, cut, density, shift, spread):
    """Density p(x), E[mean_k − x | x] and Var[mean_k | x] of the component k, at centres[i] + offsets[i, j].

    The spread is a sum of squares around the shift: nothing cancels.
    """
    shares = np.empty(means.shape[0])
    for i in range(offsets.shape[0]):
        for j in range(offsets.shape[1]):
            low, high, top = _window(centres[i], offsets[i, j], logs, means, stds, widest, largest, cut)
            mass = 0.0
            first = 0.0
            for k in range(low, high):
                shares[k] = math.exp(_log_term(k, centres[i], offsets[i, j], logs, means, stds) - top)
                mass += shares[k]
                first += shares[k] * ((means[k] - centres[i]) - offsets[i, j])
            first /= mass
            second = 0.0
            for k in range(low, high):
                away = ((means[k] - centres[i]) - offsets[i, j]) - first
                second += shares[k] * away * away
            density[i, j] = math.exp(top) * mass
            shift[i, j] = first
            spread[i, j] = second / mass


@jit
def plane_posteriors(x, means, variance, density, divergence, shift, spread):
    """Of equal weights and one isotropic variance in the plane, at points x (N, 2) with means (K, 2).

    density (N,); and of the posterior of the component: KL from the uniform law, mean of mean_k − x (N, 2), and
    Σ_k w_k ‖mean_k − its mean‖². Components whose share is below e^{−28} are left out of the sums.
    """
    K = means.shape[0]
    squares = np.empty(K)
    for i in range(x.shape[0]):
        least = math.inf
        for k in range(K):
            a, b = means[k, 0] - x[i, 0], means[k, 1] - x[i, 1]
            squares[k] = a * a + b * b
            least = min(least, squares[k])
        mass = 0.0
        logs = 0.0
        first = 0.0
        second = 0.0
        farthest = least + 56.0 * variance
        for k in range(K):
            if squares[k] < farthest:
                log_share = -0.5 * (squares[k] - least) / variance
                share = math.exp(log_share)
                squares[k] = share
                mass += share
                logs += share * log_share
                first += share * (means[k, 0] - x[i, 0])
                second += share * (means[k, 1] - x[i, 1])
            else:
                squares[k] = 0.0
        first /= mass
        second /= mass
        total = 0.0
        for k in range(K):
            if squares[k] > 0.0:
                a, b = (means[k, 0] - x[i, 0]) - first, (means[k, 1] - x[i, 1]) - second
                total += squares[k] * (a * a + b * b)
        density[i] = math.exp(-0.5 * least / variance) * mass / (K * 2.0 * math.pi * variance)
        divergence[i] = max(logs / mass + math.log(K / mass), 0.0)
        shift[i, 0] = first
        shift[i, 1] = second
        spread[i] = total / mass


@jit
def log_terms(x, means, factors, logs, out):
    """out[n, k] = logs[k] − ½ ‖L_k⁻¹ (x_n − mean_k)‖² by forward substitution: x (N, d), factors (K, d, d) lower."""
    d = x.shape[1]
    z = np.empty(d)
    for n in range(x.shape[0]):
        for k in range(means.shape[0]):
            total = 0.0
            for i in range(d):
                y = x[n, i] - means[k, i]
                for j in range(i):
                    y -= factors[k, i, j] * z[j]
                z[i] = y / factors[k, i, i]
                total += z[i] * z[i]
            out[n, k] = logs[k] - 0.5 * total
