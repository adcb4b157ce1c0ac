"""Laws whose B̂ can be enumerated: what the data keep of B+ν at every level, with its exact probability.

A level is a value that is attained; with δ the chance of at most that value, a bound from below at δ that is above the
level is violated for every slightly smaller δ too. So the levels decide every δ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import factorial, prod

import numpy as np
import scipy.special

from theory.statement import Claim
from verify.evidence.measured import Values
from verify.models.finite_laws import compositions

ERROR = 1e-9
"""Of eigenvalues and probabilities in floats, whose least is 1e-250."""
_LEAST = 1e-250
_LEVELS = 64
"""Levels of one law that are looked at, the extremes among them, even in log δ."""
_ARGUMENTS = np.geomspace(2.0**-4, 2.0**9, 53)
"""At which the Laplace transforms are tried; a number of the law and δ alone chooses the best."""
Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class MatrixLaw:
    """A law of B(x₀) by its atoms and chances; ``kind`` tells how the levels of n data are enumerated."""

    atoms: Array
    chances: Array
    ridge: float
    count: int
    kind: str = "drawn"

    @property
    def width(self) -> int:
        """m."""
        return self.atoms.shape[-1]

    def levels(self, outer: Array) -> tuple[Array, Array]:
        """What is kept, rising, and the chance of at most that."""
        if self.kind == "coin":
            heads = np.arange(self.count + 1)
            small, large = self.atoms[:, 0, 0]
            mean = small + (large - small) * heads / self.count
            return (mean + self.ridge) * outer[0, 0] ** 2, scipy.special.bdtr(heads, self.count, self.chances[1])
        if self.kind == "axes":  # the least count of m equally likely axes
            least = np.arange(self.count // self.width + 1)
            above = np.array([self._all_at_least(int(k) + 1) for k in least])
            return (least / self.count + self.ridge) * outer[0, 0] ** 2, 1.0 - above
        kept, mass = [], []
        for counts in compositions(self.count, len(self.chances)):
            mean = np.tensordot(np.array(counts) / self.count, self.atoms, axes=1) + self.ridge * np.eye(self.width)
            kept.append(np.linalg.eigvalsh(outer @ mean @ outer)[0])
            ways = factorial(self.count) // prod(map(factorial, counts))
            mass.append(ways * float(np.prod(self.chances ** np.array(counts))))
        order = np.argsort(kept)
        return np.array(kept)[order], np.minimum(np.cumsum(np.array(mass)[order]), 1.0)

    def _all_at_least(self, low: int) -> float:
        """P(every axis is drawn so often): the coefficient of zⁿ in n! m^{−n} (Σ_{j >= low} z^j/j!)^m."""
        series = np.array([1.0 / factorial(j) if j >= low else 0.0 for j in range(self.count + 1)])
        whole = np.array([1.0])
        for _ in range(self.width):
            whole = np.convolve(whole, series)[: self.count + 1]
        return float(whole[self.count]) * factorial(self.count) / self.width**self.count

    def measure(self) -> Values:
        """Every symbol of CAP:lower-tail, at all levels."""
        mean = np.tensordot(self.chances, self.atoms, axes=1)
        values, vectors = np.linalg.eigh(mean)
        outer = (vectors * (np.maximum(values, 0.0) + self.ridge) ** -0.5) @ vectors.T
        plain = outer @ self.atoms @ outer
        ridged = outer @ (self.atoms + self.ridge * np.eye(self.width)) @ outer
        spectra, bases = np.linalg.eigh(ridged)
        kept, delta = self.levels(outer)
        seen = np.flatnonzero(delta >= _LEAST)
        if len(seen) > _LEVELS:
            logs = np.log(delta[seen])
            seen = seen[np.unique(np.searchsorted(logs, np.linspace(logs[0], logs[-1], _LEVELS)))]
        kept, delta, omega = kept[seen], delta[seen], float(spectra.min())
        reach, n = float(np.ptp(spectra)), self.count
        logs = np.array([self._log_trace(spectra, bases, at) for at in _ARGUMENTS])
        masters = (np.log(delta)[:, None] - logs) / (_ARGUMENTS * n)
        chords = (1 - omega) * -np.expm1(-_ARGUMENTS * reach) / (_ARGUMENTS * reach)
        chords = chords - np.log(self.width / delta)[:, None] / (_ARGUMENTS * n)
        best = masters.argmax(axis=1)
        return {
            "n": n,
            "m": self.width,
            "nu": self.ridge,
            "delta": delta,
            "kept": kept,
            "omega": omega,
            "ridged_range": reach,
            "whitened_square": self._norm(plain @ plain),
            "whitened_variance": self._norm((ridged - np.eye(self.width)) @ (ridged - np.eye(self.width))),
            "laplace_at": _ARGUMENTS[best],
            "log_laplace": logs[best],
            "laplace_chord": _ARGUMENTS[chords.argmax(axis=1)],
        }

    def _norm(self, squares: Array) -> float:
        return float(np.linalg.eigvalsh(np.tensordot(self.chances, squares, axes=1))[-1])

    def _log_trace(self, spectra: Array, bases: Array, at: float) -> float:
        """log tr(E e^{−ςW})ⁿ, each W taken relative to the least eigenvalue."""
        low = spectra.min()
        falls = (bases * np.exp(-at * (spectra - low))[:, None, :]) @ bases.transpose(0, 2, 1)
        means = np.linalg.eigvalsh(np.tensordot(self.chances, falls, axes=1))
        logs = self.count * np.log(np.maximum(means, _LEAST))
        return float(scipy.special.logsumexp(logs)) - self.count * at * float(low)


def _coin(small: float, chance: float, ridge: float, count: int) -> MatrixLaw:
    atoms = np.array([small, 1.0])[:, None, None]
    return MatrixLaw(atoms=atoms, chances=np.array([1 - chance, chance]), ridge=ridge, count=count, kind="coin")


def _axes(width: int, count: int) -> MatrixLaw:
    eye = np.eye(width)
    atoms = eye[:, :, None] * eye[:, None, :]
    return MatrixLaw(atoms=atoms, chances=np.full(width, 1 / width), ridge=1e-3, count=count, kind="axes")


SPECIAL = (
    _coin(0.1, 0.3, 0.05, 1),  # the lower atom itself: ω, and the transform at large ς
    _coin(0.0, 0.01, 1e-4, 10**4),  # rare large values: the second moment is sharp
    _coin(0.0, 0.99, 1e-3, 1000),  # rare small values: a tail by the centred variance alone is too thin
    _coin(0.0, 0.5, 1e-3, 1000),
    _axes(8, 16),  # a direction that no datum has shown
)
"""Where the bounds are attained, or nearly."""


@lru_cache(maxsize=256)
def _measured(index: int, entropy: int) -> tuple[Values, Values]:
    law = SPECIAL[index] if index < len(SPECIAL) else _drawn(np.random.default_rng(entropy))
    return law.measure(), {"kind": law.kind, "width": law.width, "n": law.count, "nu": law.ridge}


def _drawn(rng: np.random.Generator) -> MatrixLaw:
    width, atoms = int(rng.integers(1, 4)), int(rng.integers(2, 4))
    factors = rng.normal(size=(atoms, width, int(rng.integers(1, 4)))) * 10.0 ** rng.uniform(-1, 1, (atoms, 1, 1))
    return MatrixLaw(
        atoms=factors @ factors.transpose(0, 2, 1),
        chances=rng.dirichlet(np.full(atoms, 0.7)),
        ridge=10.0 ** rng.uniform(-3, 1),
        count=int(rng.integers(1, 9)),
    )


def measure(_claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
    """A law of matrices: `SPECIAL` ones first, then random ones."""
    return _measured(index, int(seed.generate_state(1)[0]))
