"""The first order of what data do to a flow, Ȳ with its divided differences, and what of the second order is left."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import exprel

from theory.statement import Claim
from verify.evidence.measured import Values
from verify.models import ridged_flows
from verify.models.ridged_flows import ERROR, Array, Pair, _divided, _flow, _largest, _made, _one, _path

SPECIAL = (
    _one(1.0, 0.05, 0.0, 0.0, 1.0, 0.0, tau=2.0, ridge=1e-3),  # a start that the population forgets and the data do not
    _one(1.0, 0.5, 0.0, 1.0, 0.0, 0.0, tau=10.0, ridge=1e-3),  # noise at rest
    _one(1.0, 0.9, 0.0, 1.0, 0.0, 0.0, tau=10.0, ridge=1e-3),
    _one(1.0, 0.5, 0.0, 1.0, 0.0, 0.0, tau=0.5, ridge=1.0),
    _one(0.01, 0.005, 0.0, 0.01, 1.0, 0.0, tau=1.0, ridge=1.0),
    _one(1.0, 0.5, 0.0, 0.0, 1.0, 0.0, tau=1.0, ridge=1e-3),
    _one(1.0, 0.01, 0.0, 10.0, -0.27, 0.0, tau=2.5e-3, ridge=1e-3),  # more of the first order than of the flow itself:
    _one(1.0, 2.85, 0.0, 0.0, 1.0, 0.0, tau=3.0, ridge=0.09),  # forgotten at the end, not along the path
    _one(1.0, 20.0, 0.0, 0.0, 1.0, 0.0, tau=0.05, ridge=10.0),  # a large ridge
    _one(1.0, 0.99, 0.0, 0.0, 1.0, 0.0, ridge=1e-3),  # hardly any noise, and all of it in B̂
    _one(1.0, 1.01, 0.0, 0.0, 1.0, 0.0, ridge=1e-3),
)
"""Where the bounds are attained, or nearly."""


def values_of(pair: Pair) -> Values:
    """Every symbol of CAP:linear."""
    k, tau, nu = pair.values, pair.tau, pair.ridge
    ridged = np.sqrt(k + nu)
    change, shift = pair.hat - np.diag(k), pair.target_hat - pair.target
    best = _divided(pair.target, k)

    def first(times: Array, diagonal: float = 1.0) -> tuple[Array, Array, Array]:
        """Θ(s), Ȳ(s) and Ȳ'(s) at all times; ``diagonal``: what the diagonal of M is multiplied by."""
        s = times[:, None, None]
        gap, low = np.abs(np.subtract.outer(k, k)), np.minimum.outer(k, k)
        divided = 2 * s * exprel(-2 * s * gap) * np.exp(-2 * s * low)
        divided = divided * (1.0 + (diagonal - 1.0) * np.eye(len(k)))
        force = best @ change - shift
        y = -force * 2 * s * exprel(-2 * s * k) - (pair.initial - best) @ (change * divided)
        here = _flow(pair.initial, k, pair.target, times)
        return here, y, -2 * y * k - 2 * (here @ change - shift)

    rates, basis = np.linalg.eigh(pair.hat)
    rates = np.maximum(rates, 0.0)
    most = float(rates[-1])
    hat = _flow(pair.initial @ basis, rates, pair.target_hat @ basis, np.array([tau]))[0] @ basis.T
    here, y, _ = (each[0] for each in first(np.array([tau])))
    halved = first(np.array([tau]), 0.5)[1][0]
    times, weights = _path(tau, max(most, float(k.max())))
    speed = np.linalg.norm(first(times)[2] * ridged, axis=(1, 2))
    inside = change / ridged / ridged[:, None]
    return {
        "tau": tau,
        "nu": nu,
        "top_B": float(k.max()),
        "share": 1.0 + float(np.linalg.eigvalsh(inside)[0]),
        "deviation_ridge": float(np.linalg.norm(inside, ord=2)),
        "gain": float(_largest(np.zeros(1), np.array([tau]), nu, most)[0]),
        "first_end": float(np.linalg.norm(y * ridged)),
        "first_path": float(weights @ (_largest(tau - times, times, nu, most) * speed)),
        "loss_minimum": 0.0,
        "loss_hat": float(np.sum((hat - best) ** 2 * k)),
        "loss_first": float(np.sum((here + y - best) ** 2 * k)),
        "loss_mirrored": float(np.sum((here - y - best) ** 2 * k)),
        "loss_half_diagonal": float(np.sum((here + halved - best) ** 2 * k)),
    }


@lru_cache(maxsize=512)
def _measured(index: int, entropy: int) -> tuple[Values, Values]:
    first = len(SPECIAL)
    pair = SPECIAL[index] if index < first else _made(len(ridged_flows.SPECIAL) + index - first, entropy)
    return values_of(pair), {"kind": pair.name, "width": len(pair.values), "tau": pair.tau, "nu": pair.ridge}


def measure(_claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """A pair of quadratics: `SPECIAL` ones first, then random ones."""
    return _measured(index, int(seed.generate_state(1)[0]))


__all__ = ["ERROR", "SPECIAL", "measure", "values_of"]
