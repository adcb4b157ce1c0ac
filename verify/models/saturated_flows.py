"""Flows on two quadratics to their end: what B̂ keeps of B without a ridge, and the noise at B's minimiser."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from theory.statement import Claim
from verify.evidence.measured import Values
from verify.models import ridged_flows
from verify.models.ridged_flows import Pair, _divided, _flow, _made, _one

ERROR = 1e-6
"""Of the eigenvalues and of the solution of the data's equations, in floats."""

SPECIAL = (
    _one(1.0, 1.0, 0.0, 1.0, 0.0, 0.0, tau=50.0),  # the noise alone, at the end
    _one(1.0, 0.25, 0.0, 1.0, 0.0, 0.0, tau=50.0),  # with a quarter of B in B̂
    _one(1.0, 4.0, 0.0, 0.25, 0.0, 0.0, tau=50.0),  # with more than B in B̂
    _one(1.0, 0.25, 0.0, 0.0, 1.0, 0.0, tau=1.0),  # a start without noise, at 4τk̂ = 1
    _one(1.0, 0.01, 0.0, 0.0, 1.0, 0.0, tau=25.0),  # the same, late
)
"""Where the bounds are attained."""


@lru_cache(maxsize=512)
def _measured(index: int, entropy: int) -> tuple[Values, Values]:
    first = len(SPECIAL)
    pair = SPECIAL[index] if index < first else _made(len(ridged_flows.SPECIAL) + index - first, entropy)
    return values_of(pair), {"kind": pair.name, "width": len(pair.values), "tau": pair.tau}


def values_of(pair: Pair) -> Values:
    """Every symbol of CAP:saturation, its limit and its floor."""
    k, tau = pair.values, pair.tau
    best, root = _divided(pair.target, k), 1.0 / np.sqrt(k)
    rates, basis = np.linalg.eigh(pair.hat)
    end = _flow(pair.initial @ basis, np.maximum(rates, 0.0), pair.target_hat @ basis, np.array([tau]))[0] @ basis.T
    fit = (pair.target_hat @ basis / rates) @ basis.T
    inside = np.linalg.eigvalsh(pair.hat * root[:, None] * root)
    return {
        "tau": tau,
        "loss_minimum": 0.0,
        "loss_hat": float(np.sum((end - best) ** 2 * k)),
        "loss_fit": float(np.sum((fit - best) ** 2 * k)),
        "distance_minimiser": float(np.linalg.norm(pair.initial - best)),
        "share_0": float(inside[0]),
        "stretch": float(inside[-1]),
        "noise_minimum": float(np.linalg.norm((best @ pair.hat - pair.target_hat) * root)),
    }


def measure(_claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """A pair of quadratics: `SPECIAL` ones first, then random ones."""
    return _measured(index, int(seed.generate_state(1)[0]))
