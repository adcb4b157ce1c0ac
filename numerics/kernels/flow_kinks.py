"""The probability flow of a ReLU network on the line, followed from kink to kink.

Between two kinks the flow is a linear equation, whose steps are exponentials: of order 4, and stable however steep the
score is. The time of a kink comes from parabolas through a step's inputs, to order 3. Numba wins here: every trajectory
has its own kinks, and NumPy would carry all features along at each step.
"""

import math

import numpy as np

from numerics.kernels.jit import jit


@jit
def _parabola(first, middle, last, s):
    """The value at s of the parabola through ``first``, ``middle`` and ``last`` at 0, ½ and 1."""
    return first + s * ((4.0 * middle - 3.0 * first - last) + s * 2.0 * (first - 2.0 * middle + last))


@jit
def _advance(x, h, rate, force, low, high):
    """The solution of x' = rate x + force, parabolas on [0, 1], at s = high from x at s = low, and ∫ rate; h per s."""
    span, centre = h * (high - low), 0.5 * (low + high)
    a0, b0 = _parabola(rate[0], rate[1], rate[2], low), _parabola(force[0], force[1], force[2], low)
    am, bm = _parabola(rate[0], rate[1], rate[2], centre), _parabola(force[0], force[1], force[2], centre)
    a1, b1 = _parabola(rate[0], rate[1], rate[2], high), _parabola(force[0], force[1], force[2], high)
    whole = span * (a0 + 4.0 * am + a1) / 6.0
    until = span * (5.0 * a0 + 8.0 * am - a1) / 24.0  # up to the middle
    inner = math.exp(until) * (x + span / 6.0 * b0) + span / 1.5 * bm
    return math.exp(whole - until) * inner + span / 6.0 * b1, whole


@jit
def _kink(x, speed, end, end_speed, w, b, low):
    """Where w x(s) + b(s) has its sign change in [low, 1], x(s) the cubic with these values and slopes at both ends.

    b is a parabola on [0, 1]. Secants that keep the sign change (the Illinois rule); ``low`` if the sign is wrong
    there.
    """
    span = 1.0 - low
    d0, d1 = speed * span, end_speed * span
    c2, c3 = 3.0 * (end - x) - 2.0 * d0 - d1, 2.0 * (x - end) + d0 + d1
    left, right = low, 1.0
    f_left, f_right = w * x + _parabola(b[0], b[1], b[2], low), w * end + b[2]
    if f_left == 0.0 or (f_left > 0.0) == (f_right > 0.0):
        return low
    for _ in range(60):
        s = right - f_right * (right - left) / (f_right - f_left)
        r = (s - low) / span
        value = w * (x + r * (d0 + r * (c2 + r * c3))) + _parabola(b[0], b[1], b[2], s)
        if (value > 0.0) == (f_right > 0.0):
            f_left *= 0.5
        else:
            left, f_left = right, f_right
        step = abs(s - right)
        right, f_right = s, value
        if value == 0.0 or step < 1e-14:
            break
    return right


@jit
def _load(rate, force, f, half, inputs, slope, intercepts, k):
    """Rate f − ½ g² slope and force −½ g² intercepts·e(t) at the start, middle and end of step k."""
    for j in range(3):
        level = 0.0
        for c in range(intercepts.shape[0]):
            level += intercepts[c] * inputs[2 * k + j, c]
        rate[j] = f[2 * k + j] - half[2 * k + j] * slope
        force[j] = -half[2 * k + j] * level


@jit
def _activate(y, b, w, u, theta, side, intercepts):
    """Fill in the features' sides (±1) at a point and Σ theta_i u_i of the active ones; returns Σ theta_i w_i."""
    slope = 0.0
    intercepts[:] = 0.0
    for i in range(len(w)):
        side[i] = -1.0
        if w[i] * y + b[i] > 0.0:
            side[i] = 1.0
            slope += theta[i] * w[i]
            for c in range(len(intercepts)):
                intercepts[c] += theta[i] * u[i, c]
    return slope


@jit
def follow(x, logs, lengths, f, half, inputs, b, w, u, theta):
    """Move points x (n,) along dx/dt = f x − ½ g² s, in place, and add ∫ (f − ½ g² s') dt to logs (n,).

    lengths (K,): of the steps; f, half = ½ g², inputs = e(t) (·, d_e) and b = U e(t) (·, m) at the 2 K + 1 ends and
    middles of the steps; s = Σ_i theta_i σ(w_i x + b_i). Where features have switched at the end of a step it is cut at
    the earliest of these times, from where the solution for the new set of active features goes on; and so forth.
    """
    m, size = w.shape[0], u.shape[1]
    side, intercepts = np.empty(m), np.empty(size)
    rate, force = np.empty(3), np.empty(3)
    most = 4 * m + 8  # cuts of a step: more come from rounding at a kink only
    for p in range(x.shape[0]):
        y, total = x[p], 0.0
        slope = _activate(y, b[0], w, u, theta, side, intercepts)
        for k in range(lengths.shape[0]):
            h, low, edge = lengths[k], 0.0, b[2 * k + 2]
            end, change = y, 0.0
            _load(rate, force, f, half, inputs, slope, intercepts, k)
            for cuts in range(most + 1):
                end, change = _advance(y, h, rate, force, low, 1.0)
                wrong = 0
                for i in range(m):
                    wrong += (w[i] * end + edge[i]) * side[i] < 0.0
                if wrong == 0 or cuts == most:
                    break
                speed = h * (_parabola(rate[0], rate[1], rate[2], low) * y
                             + _parabola(force[0], force[1], force[2], low))  # fmt: skip
                end_speed = h * (rate[2] * end + force[2])
                first, which = 2.0, 0
                for i in range(m):
                    if (w[i] * end + edge[i]) * side[i] < 0.0:
                        s = _kink(y, speed, end, end_speed, w[i], b[2 * k : 2 * k + 3, i], low)
                        if s < first:
                            first, which = s, i
                if first > low:
                    y, change = _advance(y, h, rate, force, low, first)
                    total += change
                    low = first
                side[which] = -side[which]
                slope += side[which] * theta[which] * w[which]
                for c in range(size):
                    intercepts[c] += side[which] * theta[which] * u[which, c]
                _load(rate, force, f, half, inputs, slope, intercepts, k)
            y, total = end, total + change
        x[p] = y
        logs[p] += total
