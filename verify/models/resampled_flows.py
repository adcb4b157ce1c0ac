"""Flows on data that are drawn again and again from a law of finitely many points: thousands of samples at once."""

from __future__ import annotations

import numpy as np

from numerics import Capacity
from numerics.random_features.flow import flow_factor

_EPS = float(np.finfo(float).eps)
_MOST = 1 << 24
"""Entries of all B̂ that are held at once."""


def excess_of_samples(of: Capacity, times: np.ndarray, *, n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """L̃(Θ̂(τ)) − min L̃ for ``draws`` samples of n data each from the nodes of the law: (times, draws).

    A sample is how often each node is drawn, so that B̂ and b̂ are exact means; flows and losses are exact, too.
    """
    law = of.law
    width, out = law.quadratic.width, []
    most = max(_MOST // width**2, 1)
    for begin in range(0, draws, most):
        shares = rng.multinomial(n, law.weights, size=min(most, draws - begin)) / n
        out.append(_excess(of, times, shares))
    return np.concatenate(out, axis=1)


def _excess(of: Capacity, times: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The same for the nodes' shares (draws, N) of each sample, in the eigenbasis of B."""
    law, spectrum = of.law, of.law.quadratic.spectrum
    start = of.initial @ spectrum.vectors  # (d, m)
    hat, target = np.tensordot(shares, law.matrices, axes=1), np.tensordot(shares, law.vectors, axes=1)
    values, basis = np.linalg.eigh(0.5 * (hat + np.swapaxes(hat, 1, 2)))
    kept = values > 4 * values.shape[1] * _EPS * values[:, -1:]
    values = np.where(kept, values, 0.0)
    inverse = np.where(kept, 1.0 / np.where(kept, values, 1.0), 0.0)
    slope = (np.einsum("di,kij->kdj", start, hat) - target) @ basis  # G(0) on each sample's own modes
    factor = flow_factor(times, values.ravel(), inverse.ravel()).reshape(len(times), *values.shape)
    moved = (slope * factor[:, :, None, :]) @ np.swapaxes(basis, 1, 2)  # (times, draws, d, m)
    gap = start - moved - spectrum.slopes * spectrum.inverse
    return np.einsum("tkdi,i->tk", gap**2, spectrum.values)
