"""Laws of (B(x₀), b(x₀)) whose samples are enumerated: the excess loss of the flow on n data, with its probability.

A level is an excess that is attained; with δ the chance of at least that excess, a bound at δ that is below the level
is violated for every slightly smaller δ too. So the levels decide every δ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import factorial, prod

import numpy as np
import scipy.special

from theory.statement import Claim
from verify.evidence.measured import Values
from verify.models.finite_laws import compositions

ERROR = 1e-9
"""Of eigenvalues and probabilities in floats."""
_LEAST = 1e-250
_LEVELS = 64
"""Levels of one law that are looked at, the extremes among them."""
Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class Law:
    """A law of data by the B(x₀) and b(x₀) of its atoms; Θ₀ = Θ* + wB^r, and β of the effective dimension.

    ``coin``: one feature, one B(x₀) and b(x₀) = ±g by a fair coin, so that any n is enumerated. ``late`` is the time τ
    over n^{1/(1+2r+β)}.
    """

    matrices: Array
    vectors: Array
    chances: Array
    source: Array
    power: float
    dimension: float
    count: int
    late: float
    coin: bool = False

    @property
    def tau(self) -> float:
        """The time at which training stops."""
        return self.late * float(self.count) ** (1 / (1 + 2 * self.power + self.dimension))

    def measure(self) -> Values:
        """Every symbol of CAP:saturation-sample, -bounded and CAP:rates, at all levels."""
        matrix, vector = (np.tensordot(self.chances, each, axes=1) for each in (self.matrices, self.vectors))
        rates, basis = np.linalg.eigh(matrix)
        best = vector @ np.linalg.inv(matrix)
        start = best + self.source @ (basis * rates**self.power) @ basis.T
        inverse_root = (basis * rates**-0.5) @ basis.T
        noise = (best @ self.matrices - self.vectors) @ inverse_root
        square = np.tensordot(self.chances, noise.transpose(0, 2, 1) @ noise, axes=1)
        flat = noise.reshape(len(noise), -1)
        excess, chance, kept = self._levels(matrix, best, start, inverse_root)
        order = np.argsort(-excess)
        excess, delta = excess[order], np.minimum(np.cumsum(chance[order]), 1.0)
        ends = np.append(np.diff(excess) != 0.0, True)  # of equal levels the last has the chance of all
        seen = np.flatnonzero(ends & (delta >= _LEAST))
        if len(seen) > _LEVELS:
            seen = seen[np.unique(np.linspace(0, len(seen) - 1, _LEVELS).astype(int))]
        beta = self.dimension
        return {
            "n": self.count,
            "m": len(rates),
            "tau": self.tau,
            "delta": delta[seen],
            "loss_minimum": 0.0,
            "loss_hat": excess[seen],
            "distance_minimiser": float(np.linalg.norm(start - best)),
            "share_0": kept,
            "noise_square": float(np.trace(square)),
            "noise_weak": float(np.linalg.norm(flat * np.sqrt(self.chances)[:, None], ord=2)),
            "noise_radius": float(np.linalg.norm(flat, axis=1).max()),
            "K_B": float(np.linalg.norm(self.matrices, ord=2, axis=(1, 2)).max()),
            "source_power": self.power,
            "source_norm": float(np.linalg.norm(self.source)),
            "capacity_power": beta,
            "capacity_constant": float((rates**beta).sum()) * beta**beta * (1 - beta) ** (1 - beta),
            "noise_std": float(np.sqrt(max(np.linalg.eigvalsh(square)[-1], 0.0))),
        }

    def _levels(self, matrix: Array, best: Array, start: Array, inverse_root: Array) -> tuple[Array, Array, float]:
        """The excess at every sample, its chance, and what every B̂ keeps of B."""
        if self.coin:
            k, low = float(matrix[0, 0]), self.count // 2
            most = min(self.count, low + 8 * int(self.count**0.5) + 8)  # further out no level has a chance to speak of
            heads = np.unique(np.linspace(low, most, 401).astype(int))
            size = (2.0 * heads - self.count) / self.count * float(abs(self.vectors).max())
            fall = np.exp(-2 * self.tau * k)
            excess = (fall * float((start - best)[0, 0]) + size * (1 - fall) / k) ** 2 * k
            sides = 1.0 if np.any(start != best) else 2.0  # without a start as many tails do as much
            return excess, _steps(np.minimum(sides * scipy.special.bdtrc(heads - 1, self.count, 0.5), 1.0)), 1.0
        found = []
        for counts in compositions(self.count, len(self.chances)):
            share = np.array(counts) / self.count
            hat, target = (np.tensordot(share, each, axes=1) for each in (self.matrices, self.vectors))
            rates, basis = np.linalg.eigh(hat)
            fit = target @ np.linalg.inv(hat)
            end = fit + ((start - fit) @ basis * np.exp(-2 * self.tau * rates)) @ basis.T
            ways = factorial(self.count) // prod(map(factorial, counts))
            apart = end - best
            kept = np.linalg.eigvalsh(inverse_root @ hat @ inverse_root)[0]
            found.append((np.trace(apart @ matrix @ apart.T), ways * np.prod(self.chances ** np.array(counts)), kept))
        excess, chance, kept = (np.array(each) for each in zip(*found, strict=True))
        return excess, chance, float(kept.min())


def _steps(tails: Array) -> Array:
    """The chances whose sums from the end are the tails."""
    return -np.diff(tails, append=0.0)


def _coin(k: float, noise: float, source: tuple[float, float], beta: float, *when: float) -> Law:
    """B = k, b(x₀) = ±noise, w and r, β, then n and how late."""
    return Law(
        matrices=np.full((2, 1, 1), k),
        vectors=noise * np.array([1.0, -1.0])[:, None, None],
        chances=np.array([0.5, 0.5]),
        source=np.array([[source[0]]]),
        power=source[1],
        dimension=beta,
        count=int(when[0]),
        late=when[1],
        coin=True,
    )


def _rare(chance: float, late: float) -> Law:
    """A datum that is rarely off the mean."""
    law = _coin(1.0, 1.0, (0.0, 0.0), 1.0, 1, late)
    weights = np.array([chance / 2, chance / 2, 1 - chance])
    vectors = np.array([1.0, -1.0, 0.0])[:, None, None]
    return replace(law, matrices=np.ones((3, 1, 1)), vectors=vectors, chances=weights, coin=False)


ENDED = (
    _coin(1.0, 1.0, (0.0, 0.0), 1.0, 1, 50.0),  # the noise of one datum
    _coin(1.0, 1.0, (0.0, 0.0), 1.0, 100, 5.0),
    _coin(1.0, 1.0, (0.0, 0.0), 1.0, 10**4, 5.0),  # a Gaussian tail
    _rare(2.0**-10, 50.0),
    _rare(2.0**-14, 50.0),
    _coin(0.25, 0.0, (1.0, 0.0), 1.0, 1, 1.0),  # a start, at 4τk = 1
)
"""For CAP:saturation-sample and -bounded."""
STOPPED = (
    _coin(2.5e-5, 0.0, (1.0, 0.0), 1.0, 10**8, 1.0),  # a start, from the slowest source
    _coin(5e-4, 0.0, (1.0, 0.5), 0.0, 10**6, 1.0),
    _coin(5e-5, 1.0, (0.0, 0.0), 1.0, 10**8, 1.0),  # noise, of the largest effective dimension
    _coin(5e-5, 1.0, (0.0, 0.0), 1.0, 10**8, 2.0),
    _coin(1e-2, 1.0, (0.1, 0.25), 0.5, 10**4, 1.5),
)
"""For CAP:rates."""


def _drawn(rng: np.random.Generator) -> Law:
    """A few atoms, so small in B that the hypothesis on n holds at most levels."""
    width, dim, atoms, count = (int(rng.integers(low, high)) for low, high in ((1, 4), (1, 3), (2, 4), (1, 6)))
    factors = rng.normal(size=(atoms, width, width + 1)) * 10.0 ** rng.uniform(-1, 0, (atoms, width, 1))
    matrices = factors @ factors.transpose(0, 2, 1)
    vectors = 10.0 ** rng.uniform(-1, 1) * rng.normal(size=(atoms, dim, width)) @ matrices
    law = Law(
        matrices=matrices,
        vectors=vectors,
        chances=rng.dirichlet(np.full(atoms, 2.0)),
        source=10.0 ** rng.uniform(-1, 1) * rng.normal(size=(dim, width)),
        power=float(rng.uniform(0, 0.5)),
        dimension=float(rng.uniform(0, 1)),
        count=count,
        late=float(rng.uniform(1, 2)),
    )
    size = np.linalg.norm(matrices, ord=2, axis=(1, 2)).max() * 16 * law.tau * np.log(20 * width) / count
    return replace(law, matrices=matrices / size, vectors=vectors / size)


def _measuring(special: tuple[Law, ...], rates: bool) -> Callable[..., tuple[Values, Values]]:
    @lru_cache(maxsize=256)
    def measured(index: int, entropy: int) -> tuple[Values, Values]:
        law = special[index] if index < len(special) else _drawn(np.random.default_rng(entropy))
        found = law.measure()
        if rates:  # levels at which there are data enough
            delta = found["delta"]
            many = 16 * found["K_B"] * found["tau"] * np.log(2 * found["m"] / delta) <= found["n"]
            found = {**found, "delta": delta[many], "loss_hat": found["loss_hat"][many]}
        return found, {"kind": "coin" if law.coin else "drawn", "n": law.count, "r": law.power, "beta": law.dimension}

    def measure(_claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
        return measured(index, int(seed.generate_state(1)[0]))

    return measure


measure_ended, measure_stopped = _measuring(ENDED, False), _measuring(STOPPED, True)
