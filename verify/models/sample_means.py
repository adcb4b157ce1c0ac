"""Laws of vectors whose mean can be enumerated: its deviation at every level, with the level's exact probability.

A level is a value that is attained; with δ the chance of at least that value, a bound at δ that is below the level is
violated for every slightly smaller δ too. So the levels decide every δ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.special

from theory.statement import Claim
from verify.evidence.measured import Values
from verify.models.finite_laws import compositions

ERROR = 1e-9
"""Of norms and probabilities in floats, whose least is 1e-250."""
_LEAST, _LEVELS = 1e-250, 64
Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class VectorLaw:
    """A law of Y by its atoms (k, d) and their chances, of which n = ``count`` independent copies are drawn."""

    atoms: Array
    chances: Array
    count: int
    kind: str = "drawn"

    def levels(self) -> tuple[Array, Array]:
        """The values of ‖(1/n)ΣY − EY‖, falling, and the chance of at least that; of equal ones, the last's."""
        n, k = self.count, len(self.chances)
        if n == 1:
            counts = np.eye(k)
        elif k == 2:
            counts = np.stack([np.arange(n + 1.0), n - np.arange(n + 1.0)], axis=1)
        else:
            counts = np.array(list(compositions(n, k)), dtype=float)
        norms = np.linalg.norm(counts @ self.atoms / n - self.chances @ self.atoms, axis=1)
        logs = scipy.special.gammaln(n + 1.0) - scipy.special.gammaln(counts + 1.0).sum(axis=1)
        order = np.argsort(-norms, kind="stable")
        norms, chance = norms[order], np.cumsum(np.exp(logs + counts @ np.log(self.chances))[order])
        last = np.append(norms[1:] < norms[:-1] * (1.0 - 1e-12), True)
        return norms[last], np.minimum(chance[last], 1.0)

    def measure(self) -> Values:
        """Every symbol of CAP:sample, at all levels."""
        off = self.atoms - self.chances @ self.atoms
        weighted = off * np.sqrt(self.chances)[:, None]
        norms, delta = self.levels()
        seen = np.flatnonzero(delta >= _LEAST)
        if len(seen) > _LEVELS:
            logs = np.log(delta[seen])
            seen = seen[np.unique(np.searchsorted(logs, np.linspace(logs[0], logs[-1], _LEVELS)))]
        return {
            "n": self.count,
            "delta": delta[seen],
            "mean_deviation": norms[seen],
            "sigma_Y": float(np.linalg.norm(weighted)),
            "weak_Y": float(np.linalg.norm(weighted, ord=2)),
            "radius_Y": float(np.linalg.norm(off, axis=1).max()),
        }


def _coin(chance: float, count: int) -> VectorLaw:
    return VectorLaw(atoms=np.array([[0.0], [1.0]]), chances=np.array([1 - chance, chance]), count=count, kind="coin")


def _axes(dim: int, chance: float) -> VectorLaw:
    """0, or with a chance one of the unit vectors of the axes."""
    atoms = np.concatenate([np.zeros((1, dim)), np.eye(dim)])
    chances = np.concatenate([[1 - chance], np.full(dim, chance / dim)])
    keep = chances > 0
    return VectorLaw(atoms=atoms[keep], chances=chances[keep], count=1, kind="axes")


SPECIAL = (
    _coin(0.5, 1),  # the radius itself
    _coin(0.5, 10**4),  # a Gaussian tail
    _coin(1e-3, 10**3),  # a Poisson tail
    _axes(64, 1.0),  # one of many directions for certain: the spread, not the weak variance
    _axes(256, 0.5),  # one of many directions, or none: what stands beside the weak variance
    VectorLaw(atoms=np.array([[-1.0], [0.0], [1.0]]), chances=np.array([0.005, 0.99, 0.005]), count=1, kind="rare"),
)
"""Where the bounds are attained, or nearly."""


@lru_cache(maxsize=256)
def _measured(index: int, entropy: int) -> tuple[Values, Values]:
    law = SPECIAL[index] if index < len(SPECIAL) else _drawn(np.random.default_rng(entropy))
    return law.measure(), {"kind": law.kind, "atoms": len(law.chances), "n": law.count}


def _drawn(rng: np.random.Generator) -> VectorLaw:
    atoms, dim = int(rng.integers(2, 5)), int(rng.integers(1, 5))
    return VectorLaw(
        atoms=rng.normal(size=(atoms, dim)) * 10.0 ** rng.uniform(-1, 1, (atoms, 1)),
        chances=rng.dirichlet(np.full(atoms, 0.7)),
        count=int(rng.integers(1, 13)),
    )


def measure(_claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """A law of vectors: `SPECIAL` ones first, then random ones."""
    return _measured(index, int(seed.generate_state(1)[0]))
