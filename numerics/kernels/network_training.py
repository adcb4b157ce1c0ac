"""The kernels of one-hidden-layer score networks: mini-batch gradients, SGD and Adam, epoch by epoch; integrals.

One replica is one call. The inner loops run over the points of a batch, so that they are vector loops for every width;
sums over a batch may be reassociated and products contracted to fused multiply–adds (flags "reassoc", "contract"), so
their bits depend on the processor's vector length, but not on the number of replicas or threads. Nothing is
reassociated in the exponential and the sine. NaN and infinities keep their meaning.
"""

import numpy as np

from numerics.kernels.jit import jit_relaxed


@jit_relaxed("contract")
def _decay(y):
    """e^y for y ≤ 0, at least e^{−708}; 2 units in the last place: Chebyshev's degree 11 on |r| ≤ (log 2)/2."""
    y = y if y > -708.0 else -708.0  # NaN too: the caller keeps it
    shifted = y * 1.4426950408889634 + 6755399441055744.0  # 1.5 · 2⁵²: the low bits of the sum hold the integer
    n = shifted - 6755399441055744.0
    r = y - n * 6.93147180369123816490e-01
    r -= n * 1.90821492927058770002e-10
    s = r * r
    q = s * s
    a = (1.0 + r) + s * (0.50000000000000183855 + 0.16666666666666680806 * r)
    b = (0.041666666666488095495 + 0.0083333333333196006109 * r) + s * (
        0.0013888888952314774652 + 0.00019841269890047113707 * r
    )
    c = (0.000024801485482328492419 + 2.7557240918578969823e-6 * r) + s * (
        2.7632639639041029749e-7 + 2.5110037605963777712e-8 * r
    )
    power = np.int64((np.float64(shifted).view(np.int64) + 1023) << 52).view(np.float64)
    return (a + q * (b + q * c)) * power


@jit_relaxed("contract")
def fourier(frequencies, times, out):
    """sin 2πωt and cos 2πωt of frequencies ω (F,) and times (B,) into out (≥ 2F, ≥ B), to 2⁻⁵² of a turn of ωt."""
    count = len(frequencies)
    for f in range(count):
        for s in range(len(times)):
            turns = frequencies[f] * times[s]
            turns -= np.rint(turns)
            quarter = np.rint(4.0 * turns)
            y = turns - 0.25 * quarter
            u = y * y
            sine = 6.2831853071795864572 + u * (
                -41.341702240399636207
                + u * (81.605249275948035209 + u * (-76.705859704274550647 + u * (42.058685020160894047 + u * (
                    -15.093804209987113512 + u * 3.7808689593022955184
                ))))
            )  # fmt: skip
            sine *= y
            cosine = 1.0 + u * (
                -19.739208802178716989
                + u * (64.939394022667957529 + u * (-85.456817206522712487 + u * (60.24464132886729332 + u * (
                    -26.426250908622135959 + u * (7.9030916877516976361 - u * 1.6968494702918826806)
                ))))
            )  # fmt: skip
            odd = abs(quarter) == 1.0
            first = cosine if odd else sine
            second = sine if odd else cosine
            out[f, s] = -first if (quarter == -1.0 or abs(quarter) == 2.0) else first
            out[count + f, s] = -second if quarter == 1.0 or abs(quarter) == 2.0 else second


@jit_relaxed("contract")
def forward(theta, width, dim, inputs, swish, hidden, slopes, out):
    """The network without its last division: inputs (P, B) -> out (dim, B), with hidden units and slopes (width, B).

    ``theta``: W (width, P) by rows, two biases (width,) each, A (dim, width) by rows, a bias (dim,). The activation is
    z/(1 + e^{−z}) or max(z, 0) with slope 0 at 0; NaN stays. No slices: they would be counted references.
    """
    fan, batch = inputs.shape
    shift, top = width * fan, width * (fan + 2)
    for i in range(dim):
        for s in range(batch):
            out[i, s] = theta[top + dim * width + i]
    for j in range(width):
        constant = theta[shift + j] + theta[shift + width + j]
        p = fan % 4
        if p == 1:
            w0 = theta[j * fan]
            for s in range(batch):
                slopes[j, s] = constant + w0 * inputs[0, s]
        else:
            for s in range(batch):
                slopes[j, s] = constant
            for k in range(p):
                w0 = theta[j * fan + k]
                for s in range(batch):
                    slopes[j, s] += w0 * inputs[k, s]
        while p < fan:  # four rows at once: the sum is read and written a quarter as often
            k = j * fan + p
            w0, w1, w2, w3 = theta[k], theta[k + 1], theta[k + 2], theta[k + 3]
            for s in range(batch):
                slopes[j, s] += (w0 * inputs[p, s] + w1 * inputs[p + 1, s]) + (
                    w2 * inputs[p + 2, s] + w3 * inputs[p + 3, s]
                )
            p += 4
        if swish:
            for s in range(batch):
                z = slopes[j, s]
                decay = _decay(-abs(z))
                share = 1.0 / (1.0 + decay)
                gate = (1.0 if z > 0.0 else decay) * share
                hidden[j, s] = z * gate
                slopes[j, s] = gate + z * gate * ((decay if z > 0.0 else 1.0) * share)
        else:
            for s in range(batch):
                z = slopes[j, s]
                hidden[j, s] = 0.0 if z <= 0.0 else z
                slopes[j, s] = 0.0 if z <= 0.0 else 1.0
        for i in range(dim):
            factor = theta[top + i * width + j]
            for s in range(batch):
                out[i, s] += factor * hidden[j, s]


@jit_relaxed("contract", "reassoc")
def gradient(theta, width, dim, inputs, noise, scale, swish, every, hidden, slopes, out, grad):
    """The loss (1/B) Σ ‖net/scale + z‖² of a batch; its gradient into grad, laid out as theta.

    inputs (P, B), noise z (dim, B). ``every``: whether all layers are trained; else only the last one's entries are
    written, the others stay as they are. Overwrites hidden, slopes and out.
    """
    fan, batch = inputs.shape
    shift, top = width * fan, width * (fan + 2)
    forward(theta, width, dim, inputs, swish, hidden, slopes, out)
    loss = 0.0
    factor, inverse = 2.0 / (batch * scale), 1.0 / scale
    for i in range(dim):
        total = 0.0
        for s in range(batch):
            miss = out[i, s] * inverse + noise[i, s]
            loss += miss * miss
            total += miss * factor
            out[i, s] = miss * factor
        grad[top + dim * width + i] = total
    for j in range(width):
        for i in range(dim):
            total = 0.0
            for s in range(batch):
                total += out[i, s] * hidden[j, s]
            grad[top + i * width + j] = total
        if not every:
            continue
        total = 0.0
        for i in range(dim):
            factor = theta[top + i * width + j]
            if i == 0:
                for s in range(batch):
                    hidden[j, s] = factor * out[0, s]
            else:
                for s in range(batch):
                    hidden[j, s] += factor * out[i, s]
        for s in range(batch):
            slopes[j, s] *= hidden[j, s]
            total += slopes[j, s]
        grad[shift + j] = total
        grad[shift + width + j] = total
        p = fan % 4
        for k in range(p):
            total = 0.0
            for s in range(batch):
                total += slopes[j, s] * inputs[k, s]
            grad[j * fan + k] = total
        while p < fan:
            g0, g1, g2, g3 = 0.0, 0.0, 0.0, 0.0
            for s in range(batch):
                back = slopes[j, s]
                g0 += back * inputs[p, s]
                g1 += back * inputs[p + 1, s]
                g2 += back * inputs[p + 2, s]
                g3 += back * inputs[p + 3, s]
            k = j * fan + p
            grad[k], grad[k + 1], grad[k + 2], grad[k + 3] = g0, g1, g2, g3
            p += 4
    return loss / batch


@jit_relaxed("contract")
def descend(theta, grad, first, rate):
    """One step of SGD on the entries from ``first`` on: θ −= rate · g."""
    for k in range(first, len(theta)):
        theta[k] -= rate * grad[k]


@jit_relaxed("contract")
def adapt(theta, grad, first, rate, beta1, beta2, epsilon, mean, square, steps):
    """Step number ``steps`` ≥ 1 of Adam, as PyTorch has it, on the entries from ``first`` on, with its means."""
    size = rate / (1.0 - beta1**steps)
    root = np.sqrt(1.0 - beta2**steps)
    for k in range(first, len(theta)):
        g = grad[k]
        mean[k] += (1.0 - beta1) * (g - mean[k])
        square[k] = beta2 * square[k] + (1.0 - beta2) * (g * g)
        theta[k] -= size * (mean[k] / (np.sqrt(square[k]) / root + epsilon))


@jit_relaxed("contract")
def shuffle(uniforms, order):
    """A uniformly random order of 0, …, n − 1 (up to the rounding of uniforms (n,) in [0, 1)), by Fisher and Yates."""
    for i in range(len(order)):
        order[i] = i
    for i in range(len(order) - 1, 0, -1):
        k = int(uniforms[i] * (i + 1))
        order[i], order[k] = order[k], order[i]


@jit_relaxed("contract")
def run(
    theta, mean, square, steps, width, data, uniforms, times, mean_scale, std, noise, frequencies, scale, swish, every,
    adam, rate, beta1, beta2, epsilon, batch, slots, saved, losses,
):  # fmt: skip
    """Train one replica in place for E epochs; the number of them before the loss or a parameter was not finite.

    theta, and Adam's mean and square, (p,); steps done before. data (n, d); uniforms, times, mean_scale, std (E, n) and
    noise (E, n, d), in the order in which the points are visited. slots (E,): the row of ``saved`` into which the
    parameters go after each epoch, or −1. losses (E,): the mean over the epoch's points of their batches' losses.
    """
    epochs, n = times.shape
    dim, turns = data.shape[1], len(frequencies)
    fan = dim + 2 * turns
    first = 0 if every else width * (fan + 2)
    order = np.empty(n, np.int64)
    grad = np.zeros(len(theta))
    inputs_, noise_, out_ = np.empty(fan * batch), np.empty(dim * batch), np.empty(dim * batch)
    hidden_, slopes_ = np.empty(width * batch), np.empty(width * batch)
    for e in range(epochs):
        shuffle(uniforms[e], order)
        total = 0.0
        for start in range(0, n, batch):
            b = min(batch, n - start)
            inputs = inputs_[: fan * b].reshape(fan, b)
            z, out = noise_[: dim * b].reshape(dim, b), out_[: dim * b].reshape(dim, b)
            hidden, slopes = hidden_[: width * b].reshape(width, b), slopes_[: width * b].reshape(width, b)
            for s in range(b):
                k = order[start + s]
                for i in range(dim):
                    z[i, s] = noise[e, start + s, i]
                    inputs[i, s] = mean_scale[e, start + s] * data[k, i] + std[e, start + s] * z[i, s]
            fourier(frequencies, times[e, start : start + b], inputs[dim:])
            loss = gradient(theta, width, dim, inputs, z, scale, swish, every, hidden, slopes, out, grad)
            total += loss * b
            if adam:
                steps += 1
                adapt(theta, grad, first, rate, beta1, beta2, epsilon, mean, square, steps)
            else:
                descend(theta, grad, first, rate)
        losses[e] = total / n
        # beyond checks.LARGEST no network can be evaluated: that run blew up, too
        if not (np.isfinite(total) and np.isfinite(theta).all() and np.abs(theta).max() <= 1e60):
            losses[e:] = np.nan
            return e
        if slots[e] >= 0:
            saved[slots[e]] = theta
    return epochs


@jit_relaxed("contract")
def integrals(theta, width, features, edges, nodes, weights, differences, tolerance, values, errors):
    """∫ of a one-dimensional Swish network, without its last division, over each cell of edges (k + 1,), with errors.

    features (F,): the embedded time. The 10/21-point Gauss–Kronrod pair (nodes and Kronrod weights (21,), and their
    differences from Gauss's), halved until the estimated error of a part is below ``tolerance`` or rounding, or the
    cell has 4096 parts, whose errors tell. theta as in `forward`; values and errors (k,) are written.
    """
    count = len(nodes)
    inputs = np.empty((1 + len(features), count))
    for f in range(len(features)):
        inputs[1 + f, :] = features[f]
    hidden, slopes, out = np.empty((width, count)), np.empty((width, count)), np.empty((1, count))
    lows, highs = np.empty(64), np.empty(64)
    for cell in range(len(edges) - 1):
        values[cell], errors[cell] = 0.0, 0.0
        lows[0], highs[0], waiting, parts = edges[cell], edges[cell + 1], 1, 1
        while waiting > 0:
            waiting -= 1
            low, high = lows[waiting], highs[waiting]
            middle, radius = 0.5 * (low + high), 0.5 * (high - low)
            for s in range(count):
                inputs[0, s] = middle + radius * nodes[s]
            forward(theta, width, 1, inputs, True, hidden, slopes, out)
            value, error, size = 0.0, 0.0, 0.0
            for s in range(count):
                value += weights[s] * out[0, s]
                error += differences[s] * out[0, s]
                size += weights[s] * abs(out[0, s])
            level, spread = 0.5 * value, 0.0
            for s in range(count):
                spread += weights[s] * abs(out[0, s] - level)
            error = abs(error)
            if spread > 0.0:
                error = spread * min(1.0, (200.0 * error / spread) ** 1.5)
            floor = 50.0 * 2.0**-52 * size
            coarse = radius * error > max(tolerance, radius * floor)
            if coarse and parts < 4096 and waiting < 62 and radius > 1e-12 * (1.0 + abs(middle)):
                parts += 1
                lows[waiting], highs[waiting] = low, middle
                lows[waiting + 1], highs[waiting + 1] = middle, high
                waiting += 2
            else:
                values[cell] += radius * value
                errors[cell] += radius * max(error, floor)
