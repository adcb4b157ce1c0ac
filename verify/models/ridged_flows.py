"""What the plans of capacity share: flows on two quadratics of random matrices, and what CAP's bounds ask of both.

c_ν and K_B are the best that B̂+ν ⪰ c_ν(B+ν) and B̂ ⪯ K_B allow, so that a ratio near 1 shows that nothing can be gained.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.special import exprel

from theory.statement import Claim
from verify.evidence.measured import Values

ERROR = 2e-5
"""Relative error of the quadrature of the path: panels of 8 nodes, graded towards both ends, kinks of ω_τ inside."""
_NODES, _WEIGHTS = leggauss(8)
_PANELS = 24
Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class Pair:
    """B = VΛVᵀ by its eigenvalues in its own basis, B̂, both targets b and b̂, Θ₀, a comparator, τ and ν."""

    values: Array
    hat: Array
    target: Array
    target_hat: Array
    initial: Array
    comparator: Array
    tau: float
    ridge: float
    name: str = "drawn"

    def measure(self, final: bool) -> Values:
        """Every symbol of CAP:path and CAP:comparator; ``final``: ω_τ with e^{−2τk} in place of e^{−2(τ−s)k}."""
        k, tau, nu = self.values, self.tau, self.ridge
        best = _divided(self.target, k)
        root = 1.0 / np.sqrt(k + nu)
        rates, basis = np.linalg.eigh(self.hat)
        rates = np.maximum(rates, 0.0)
        most = float(rates[-1])
        kept = float(np.linalg.eigvalsh((self.hat + nu * np.eye(len(k))) * root[:, None] * root)[0])
        end_hat = _flow(self.initial @ basis, rates, self.target_hat @ basis, np.array([tau]))[0] @ basis.T
        change, shift = self.hat - np.diag(k), self.target_hat - self.target
        end = _flow(self.initial, k, self.target, np.array([tau]))[0]
        times, weights = _path(tau, max(most, float(k.max())))
        slope = (self.initial * k - self.target) * np.exp(-2.0 * times[:, None, None] * k)
        rate = 2.0 * np.linalg.norm((slope @ change) * root, axis=(1, 2))
        omega = _largest(np.full_like(times, tau) if final else tau - times, times, nu, most)
        excess = [float(np.sum((theta - best) ** 2 * k)) for theta in (end_hat, end, self.comparator)]
        apart = self.initial - self.comparator
        return {
            "tau": tau,
            "nu": nu,
            "share": kept,
            "top_B": float(k.max()),
            "loss_minimum": 0.0,
            "loss_hat": excess[0],
            "loss_tau": excess[1],
            "loss_comparator": excess[2],
            "gain": float(_largest(np.zeros(1), np.array([tau]), nu, most)[0]),
            "noise_end": float(np.linalg.norm((end @ change - shift) * root)),
            "noise_path": float(weights @ (omega * rate)),
            "noise_gap": float(np.linalg.norm((self.comparator @ change - shift) * root)),
            "slope_ridge": float(np.linalg.norm((self.comparator * k - self.target) * root)),
            "distance_initial": float(np.linalg.norm(apart)),
            "distance_ridge": float(np.linalg.norm(apart * root)),
            "decay_four": _decay(4.0 * tau, nu, most),
            "decay_two": _decay(2.0 * tau, nu, most),
        }


def _divided(target: Array, k: Array) -> Array:
    return np.divide(target, k, out=np.zeros_like(target), where=k > 0.0)


def _flow(start: Array, k: Array, target: Array, times: Array) -> Array:
    """Θ(s) = Θ₀ − (Θ₀B − b)φ_s(B) in B's eigenbasis: (times, d, m)."""
    s = times[:, None, None]
    return start - (start * k - target) * 2.0 * s * exprel(-2.0 * s * k)


def _path(end: float, fastest: float) -> tuple[Array, Array]:
    first = min(1e-3 / max(fastest, 1e-300), 1e-2 * end)
    edges = np.unique(
        np.concatenate([[0.0, end], np.geomspace(first, end, _PANELS), end * (1 - np.geomspace(1e-5, 0.5, _PANELS))])
    )
    half = 0.5 * np.diff(edges)
    return (edges[:-1, None] + half[:, None] * (1.0 + _NODES)).ravel(), (half[:, None] * _WEIGHTS).ravel()


def _largest(decay: Array, times: Array, nu: float, most: float) -> Array:
    """The largest (k+ν)e^{−2·decay·k}φ_s(k) for k up to ``most``: on a grid, then on one around the best point."""
    low, high = np.zeros_like(times), np.full_like(times, most)
    found = np.zeros_like(times)
    for turn in range(3):
        steps = np.linspace(0.0, 1.0, 41)
        k = low[:, None] + (high - low)[:, None] * (steps**3 if turn == 0 else steps)
        s = times[:, None]
        value = (k + nu) * np.exp(-2.0 * decay[:, None] * k) * 2.0 * s * exprel(-2.0 * s * k)
        top = value.argmax(axis=1)[:, None]
        found = np.maximum(found, np.take_along_axis(value, top, 1)[:, 0])
        low, high = (np.take_along_axis(k, np.clip(top + side, 0, 40), 1)[:, 0] for side in (-1, 1))
    return found


def _decay(rate: float, nu: float, most: float) -> float:
    place = min(max(1.0 / rate - nu, 0.0), most)
    return (place + nu) * float(np.exp(-rate * place))


def _one(k: float, hat: float, *data: float, **rest: float) -> Pair:
    """One feature: B and B̂, then b, b̂, Θ₀ and the comparator."""
    target, target_hat, initial, other = data
    return Pair(
        values=np.array([k]),
        hat=np.array([[hat]]),
        target=np.array([[target]]),
        target_hat=np.array([[target_hat]]),
        initial=np.array([[initial]]),
        comparator=np.array([[other]]),
        **{"tau": 0.5, "ridge": 1.0, **rest},
        name="one feature",
    )


SPECIAL = (
    _one(1.0, 1.0, 0.0, 1.0, 0.0, 0.0),  # at rest in the population: ‖ξ(τ)‖ alone, and C > 1
    _one(1.0, 0.25, 0.0, 1.0, 0.0, 0.0),  # the same, with a quarter of B in B̂
    _one(1.0, 0.05, 0.0, 0.0, 1.0, 0.0, tau=2.0, ridge=1e-3),  # a start that the population forgets and the data do not
    _one(1.0, 0.5, 0.0, 0.0, 1.0, 0.0, tau=1.0, ridge=1e-3),
    _one(1.0, 1.0, 0.0, 0.0, 1.0, 1.0),  # B̂ = B: the population's own excess, the comparator's half-gradient
    _one(1.0, 1.0, 0.0, 0.0, 1.0, 1.0, tau=1e-4),
    _one(1.0, 0.25, 0.0, 0.0, 1.0, 0.0, tau=1.0),
    _one(1.0, 0.05, 0.0, -0.95, 1.0, 1.0, tau=2.0, ridge=1e-3),  # Ĝ = G, which B̂ hardly damps
)
"""Where the bounds are attained, or nearly."""


@lru_cache(maxsize=512)
def _made(index: int, entropy: int) -> Pair:
    if index < len(SPECIAL):
        return SPECIAL[index]
    rng = np.random.default_rng(entropy)
    m, d = int(rng.integers(1, 6)), int(rng.integers(1, 3))
    values = 10.0 ** rng.uniform(-3, 0.5, m)
    factor = rng.normal(size=(int(rng.integers(1, 2 * m + 1)), m)) * np.sqrt(values)
    hat = factor.T @ factor / len(factor)
    close = rng.uniform(0, 1)
    hat = close * np.diag(values) + (1 - close) * hat
    target, initial, other = (scale * rng.normal(size=(d, m)) for scale in 10.0 ** rng.uniform(-1, 1, 3))
    noise = 10.0 ** rng.uniform(-2, 1) * rng.normal(size=(d, m))
    return Pair(
        values=values,
        hat=hat,
        target=target * values,
        target_hat=(target + noise) @ hat,
        initial=initial if rng.uniform() < 0.7 else target,
        comparator=other if rng.uniform() < 0.5 else target,
        tau=10.0 ** rng.uniform(-2, 3),
        ridge=10.0 ** rng.uniform(-4, 1),
    )


@lru_cache(maxsize=2048)
def _measured(index: int, entropy: int, final: bool) -> Values:
    return _made(index, entropy).measure(final)


def measure(claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """A pair of quadratics: `SPECIAL` ones first, then random ones."""
    entropy = int(seed.generate_state(1)[0])
    pair = _made(index, entropy)
    label = {"kind": pair.name, "width": len(pair.values), "tau": pair.tau, "nu": pair.ridge}
    return _measured(index, entropy, claim.setting.get("filter") == "final"), label
