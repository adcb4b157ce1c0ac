"""The divergence of Gaussian mixtures in d dimensions, by Monte Carlo with a finite-sample interval."""

import math

import numpy as np

from numerics.checks.aliases import FloatArray
from numerics.mixtures.mixture import Components, log_sum, posterior_entropy, samples_per_block
from numerics.statistics import intervals, streams
from numerics.statistics.intervals import Estimate
from numerics.statistics.sampling import Sampling
from numerics.statistics.streams import Tag

_LOG_SQUARE = 0.648  # sup_y log²(1 + y)/y = 0.64761…, at y = 3.92
_HALVINGS = 24


def _pairing(p: Components, q: Components, k: int) -> tuple[int, float, float]:
    """For component k of p: its partner j in q, KL(N_k‖N_j) − log v_j, and a bound on E_k log²(q/(v_j N_j)).

    With y = Σ_{i ≠ j} e^{d_i}, d_i = log(v_i N_i/(v_j N_j)): log²(1 + y) ≤ (0.648/s²) Σ_i e^{s d_i} for every s in
    (0, 1], since 1 + y ≤ (1 + y^s)^{1/s} and (Σ y_i)^s ≤ Σ y_i^s. In coordinates z of component k, d_i is a quadratic
    a + b·z − ½ zᵀ M z, and E e^{s d_i} = e^{s a} det(I + sM)^{−½} exp(½ s² bᵀ (I + sM)⁻¹ b) where I + sM is positive.
    """
    inverse = np.linalg.inv(q.factors)
    A = inverse @ p.factors[k]
    c = np.einsum("kij,kj->ki", inverse, p.means[k] - q.means)
    log_v, volumes = np.log(q.weights), q.log_volumes
    squares = (c * c).sum(axis=1)
    own = float(p.log_volumes[k])
    d = p.means.shape[1]
    cost = volumes - own + 0.5 * ((A * A).sum(axis=(1, 2)) + squares - d) - log_v
    j = int(cost.argmin())
    others = np.arange(len(cost)) != j
    if not others.any():
        return j, float(cost[j]), 0.0
    a = (log_v - volumes - 0.5 * squares)[others] - (log_v[j] - volumes[j] - 0.5 * squares[j])
    gram = A.swapaxes(1, 2) @ A
    push = np.einsum("kij,ki->kj", A, c)
    b = push[j] - push[others]
    values, vectors = np.linalg.eigh(gram[others] - gram[j])
    b = np.einsum("kij,ki->kj", vectors, b)
    best = math.inf
    for s in 0.5 ** np.arange(_HALVINGS):
        scale = 1.0 + s * values
        if scale.min() > 1e-3:  # nearer to 0 the moment exists, but is large and rounded
            logs = s * a - 0.5 * np.log(scale).sum(axis=1) + 0.5 * s * s * (b * b / scale).sum(axis=1)
            with np.errstate(over="ignore"):
                best = min(best, _LOG_SQUARE / (s * s) * float(np.exp(logs).sum()))
    return j, float(cost[j]), best


def matched_kl(p: Components, q: Components, sampling: Sampling) -> Estimate:
    """KL(p‖q) = Σ w_k (KL(N_k‖N_j(k)) + log(w_k/v_j(k))) + E[H(posterior) − log(q/(v_j N_j))], the mean by sampling."""
    pairs = [_pairing(p, q, k) for k in range(len(p.weights))]
    partners = np.array([j for j, _, _ in pairs])
    closed = float(p.weights @ (np.log(p.weights) + [cost for _, cost, _ in pairs]))
    # both parts are nonnegative: the square of their difference is at most the sum of their squares
    top = math.log(len(p.weights))
    entropy_square = top * min(top, float(-(p.weights * np.log(p.weights)).sum()))
    moment = entropy_square + float(p.weights @ [bound for _, _, bound in pairs])
    if not math.isfinite(moment):
        raise ValueError(
            "other must have variances comparable to those of mixture for an interval; got a ratio of more than "
            f"2^{_HALVINGS}; use quadrature in one dimension, or widen its components"
        )
    rows = samples_per_block(p, q)

    def run(root: np.random.SeedSequence, block: int, count: int) -> FloatArray:
        labels, x = p.sample(streams.generator(root, Tag.MATCHED_COMPONENTS, block, 0), rows)
        labels, x = labels[:count], x[:count]
        terms = q.log_terms(x)
        excess = log_sum(terms) - terms[np.arange(count), partners[labels]]
        return posterior_entropy(p.log_terms(x)) - excess

    values = sampling.values(run, rows)
    low, high = intervals.variance_interval(values, moment, sampling.alpha)
    return sampling.estimate(closed + float(values.mean()), max(0.0, closed + low), max(0.0, closed + high))
