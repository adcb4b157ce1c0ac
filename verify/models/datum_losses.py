"""Flows on the losses of a few data, and what CAP's bounds by the data's own residual ask of them.

c_ν and K_B are the best that B̂+ν ⪰ c_ν(B+ν) and B̂ ⪯ K_B allow, so that a ratio near 1 shows that nothing can be gained.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import exprel

from theory.statement import Claim
from verify.evidence.measured import Values

ERROR = 1e-7
"""Relative error of suprema over k: a grid, then finer ones around the best point; the rest is rounding."""
Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class Losses:
    """B = diag(``values``) and b = ``target``; each datum's B(x_i) (n, m, m) and Θ_i (n, d, m) with b(x_i) = Θ_iB(x_i);
    Θ₀, a comparator, τ and ν.
    """

    values: Array
    target: Array
    matrices: Array
    best: Array
    initial: Array
    comparator: Array
    tau: float
    ridge: float
    name: str = "drawn"

    def measure(self) -> Values:
        """Every symbol of CAP:self."""
        k, nu, apart = self.values, self.ridge, self.initial - self.comparator
        optimum = np.divide(self.target, k, out=np.zeros_like(self.target), where=k > 0.0)
        root, hat = 1.0 / np.sqrt(k + nu), self.matrices.mean(axis=0)
        rates, basis = np.linalg.eigh(hat)
        rates = np.maximum(rates, 0.0)
        most = float(rates[-1])
        gradient = self.comparator @ hat - (self.best @ self.matrices).mean(axis=0)  # Ĝ
        turned = gradient @ basis
        reached = rates > 1e-12 * max(most, 1e-300)
        move = apart @ basis * np.exp(-2.0 * self.tau * rates) - turned * _phi(self.tau, rates)
        end = self.comparator + move @ basis.T
        off = self.comparator - self.best

        def largest(decay: float, power: int) -> float:
            return _largest(lambda at: np.exp(-decay * at) * (at * _phi(self.tau, at) ** 2) ** power, nu, most)

        return {
            "tau": self.tau,
            "nu": nu,
            "n": len(self.matrices),
            "share": float(np.linalg.eigvalsh((hat + nu * np.eye(len(k))) * root[:, None] * root)[0]),
            "top_B": float(k.max()),
            "loss_minimum": 0.0,
            "loss_hat": float(np.sum((end - optimum) ** 2 * k)),
            "loss_comparator": float(np.sum((self.comparator - optimum) ** 2 * k)),
            "distance_initial": float(np.linalg.norm(apart)),
            "distance_ridge": float(np.linalg.norm(apart * root)),
            "decay_four": largest(4.0 * self.tau, 0),
            "decay_two": largest(2.0 * self.tau, 0),
            "gain_residual": largest(0.0, 1),
            "residual_hat": float(np.sum(turned[:, reached] ** 2 / rates[reached])),
            "residual_mean": float(np.mean(np.sum((off @ self.matrices) * off, axis=(1, 2)))),
        }


def _phi(tau: float, k: Array) -> Array:
    """(1 − e^{−2τk})/k."""
    return 2.0 * tau * exprel(-2.0 * tau * k)


def _largest(function: object, nu: float, most: float) -> float:
    """The largest (k+ν)f(k) for 0 <= k <= most."""
    low, high, found = 0.0, most, 0.0
    for power in (3, 1, 1, 1):
        at = low + (high - low) * np.linspace(0.0, 1.0, 129) ** power
        value = (at + nu) * function(at)  # type: ignore[operator]
        top = int(value.argmax())
        found = max(found, float(value[top]))
        low, high = float(at[max(top - 1, 0)]), float(at[min(top + 1, 128)])
    return found


def _one(k: float, hat: float, target: float, best: float, initial: float, *, ridge: float = 0.5, tau: float = 1.0,
         comparator: float = 0.0) -> Losses:  # fmt: skip
    """One feature and one datum."""
    return Losses(
        values=np.array([k]), target=np.array([[target]]), matrices=np.array([[[hat]]]), best=np.array([[[best]]]),
        initial=np.array([[initial]]), comparator=np.array([[comparator]]), tau=tau, ridge=ridge, name="one feature",
    )  # fmt: skip


SPECIAL = (
    _one(1.0, 1.0, 0.0, 1.0, 0.0),  # at rest in the population: the datum's residual alone
    _one(1.0, 0.25, 0.0, 1.0, 0.0),  # the same, with a quarter of B in B̂
    _one(1.0, 1.0, 0.0, 1.0, 0.0, ridge=5.0),  # a ridge above B, and a gain above 1
    _one(1.0, 0.05, 0.0, 0.0, 1.0, ridge=1e-3, tau=2.0),  # a start that the datum does not forget
    _one(
        1.0, 1.0, 0.0, 1.0, 1.0, comparator=1.0
    ),  # a comparator that the datum finds best, and the population does not
    _one(1.0, 0.25, 0.0, 0.0, 1.0),
    _one(1.0, 1.0, 0.0, 0.1, 0.0),  # a small residual
)
"""Where the bounds are attained, or nearly."""


@lru_cache(maxsize=512)
def _measured(index: int, entropy: int) -> tuple[Values, Values]:
    losses = SPECIAL[index] if index < len(SPECIAL) else _drawn(np.random.default_rng(entropy))
    label = {"kind": losses.name, "width": len(losses.values), "n": len(losses.matrices)}
    return losses.measure(), {**label, "tau": losses.tau, "nu": losses.ridge}


def _drawn(rng: np.random.Generator) -> Losses:
    m, d, n = (int(rng.integers(1, high)) for high in (6, 3, 6))
    values = 10.0 ** rng.uniform(-3, 0.5, m)
    factors = rng.normal(size=(n, int(rng.integers(1, m + 1)), m)) * np.sqrt(values)
    target, initial, other = (scale * rng.normal(size=(d, m)) for scale in 10.0 ** rng.uniform(-1, 1, 3))
    return Losses(
        values=values,
        target=target * values,
        matrices=factors.transpose(0, 2, 1) @ factors / factors.shape[1],
        best=target + 10.0 ** rng.uniform(-2, 1) * rng.normal(size=(n, d, m)),
        initial=initial if rng.uniform() < 0.7 else target,
        comparator=other if rng.uniform() < 0.5 else target,
        tau=10.0 ** rng.uniform(-2, 3),
        ridge=10.0 ** rng.uniform(-4, 1),
    )


def measure(_claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """Losses of data: `SPECIAL` ones first, then random ones."""
    return _measured(index, int(seed.generate_state(1)[0]))
