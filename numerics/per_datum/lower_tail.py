"""How far the data's B̂+ν can fall below the population's B+ν: surely, and with high probability."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from numerics import checks
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray
from numerics.per_datum.datum_law import DatumLaw

_SLOWEST, _DOUBLINGS = 2.0**-4, 18
"""θ of the first matrix moment E e^{−θW}, and how often it is doubled."""
_FLOOR = 1e-280


class Kept(NamedTuple):
    """B̂+ν ⪰ ``share`` (B+ν), share = 1−η, by the branch named."""

    share: float
    branch: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Ridge(ArrayValue):
    """A data law whitened by B_ν = B+ν: W(x_0) = B_ν^{−½}(B(x_0)+ν)B_ν^{−½}, whose mean is the identity.

    ``omega`` = inf λ_min(W) over the support, from below; ``reach`` = sup ‖B_ν^{−½}B(x_0)B_ν^{−½}‖, from above;
    ``variance`` = ‖E(B_ν^{−½}B(x_0)B_ν^{−½})²‖ and ``centred_variance`` = ‖E(W−1)²‖; ``dimension`` = tr BB_ν^{−1}.
    """

    law: DatumLaw
    ridge: float

    def __post_init__(self):
        checks.instance("law", self.law, DatumLaw, "build it with numerics.histogram_datum_law(…)")
        object.__setattr__(self, "ridge", checks.real("ridge", self.ridge, above=0.0))

    @cached_property
    def inverse(self) -> FloatArray:
        """1/(κ+ν), (m,)."""
        return 1.0 / (self.law.quadratic.spectrum.values + self.ridge)

    @property
    def rho(self) -> float:
        """ρ_ν = √(k₁/(k₁+ν)): what ‖eB^½‖ is of ‖eB_ν^½‖ at most."""
        top = float(self.law.quadratic.spectrum.values.max())
        return math.sqrt(top / (top + self.ridge))

    def whitened(self, matrices: FloatArray) -> FloatArray:
        """B_ν^{−½} X B_ν^{−½} of matrices X (…, m, m) in the eigenbasis."""
        root = np.sqrt(self.inverse)
        return matrices * root[:, None] * root

    @cached_property
    def dimension(self) -> float:
        """tr BB_ν^{−1}."""
        return float(np.sum(self.law.quadratic.spectrum.values * self.inverse))

    @cached_property
    def omega(self) -> float:
        """inf λ_min(W(x_0)) over the support, in [0, 1], from below."""
        found = np.linalg.eigvalsh(self.whitened(self.law.lower) + np.diag(self.ridge * self.inverse))
        # the matrices are rounded to 2⁻⁵² of the largest before they are whitened
        gone = 16.0 * np.finfo(float).eps * self.law.largest * float(self.inverse.max())
        return min(max(float(found[:, 0].min()) - gone, 0.0), 1.0)

    @cached_property
    def reach(self) -> float:
        """L = sup ‖B_ν^{−½}B(x_0)B_ν^{−½}‖ over the support, from above."""
        return float(np.linalg.eigvalsh(self.whitened(self.law.upper))[:, -1].max())

    @cached_property
    def _atoms(self) -> tuple[FloatArray, FloatArray]:
        kept = self.law.weights > 0.0
        return self.law.weights[kept], self.whitened(self.law.matrices[kept])

    @cached_property
    def variance(self) -> float:
        """v = ‖E(B_ν^{−½}B(x_0)B_ν^{−½})²‖ <= L."""
        weights, parts = self._atoms
        return float(np.linalg.eigvalsh(np.tensordot(weights, parts @ parts, axes=1))[-1])

    @cached_property
    def centred_variance(self) -> float:
        """‖E(W−1)²‖."""
        weights, parts = self._atoms
        gap = parts - np.tensordot(weights, parts, axes=1)
        return float(np.linalg.eigvalsh(np.tensordot(weights, gap @ gap, axes=1))[-1])

    @cached_property
    def row_squares(self) -> tuple[FloatArray, float, float]:
        """Of X = (B(x_0)−B)B_ν^{−½}: D = diag E XXᵀ, and ‖D^{−½}(E XXᵀ)D^{−½}‖ and ‖D^{−½}XXᵀD^{−½}‖ at most.

        The first is the largest eigenvalue, the second Frobenius' norm: it multiplies what is small already.
        """
        scaled = self.law.centred * np.sqrt(self.inverse)
        squares = scaled @ scaled.transpose(0, 2, 1)
        mean = np.tensordot(self.law.weights, squares, axes=1)
        diagonal = np.diag(mean) + np.finfo(float).eps * float(np.trace(mean)) + 1e-290
        root = 1.0 / np.sqrt(diagonal)
        top = float(np.linalg.eigvalsh(mean * root[:, None] * root)[-1])
        return diagonal, top, float(np.linalg.norm(squares * root[:, None] * root, axis=(1, 2)).max())

    @cached_property
    def _spectra(self) -> list[tuple[float, FloatArray]]:
        """log of the eigenvalues of E e^{−θW} at doubled θ, each W taken relative to its least eigenvalue."""
        weights, parts = self._atoms
        values, vectors = np.linalg.eigh(parts + np.diag(self.ridge * self.inverse))
        found, theta = [], _SLOWEST
        base = max(float(values.min()), 0.0)
        columns = np.moveaxis(vectors, 0, 1).reshape(len(self.inverse), -1)  # the eigenvectors of all nodes, (m, N m)
        root = np.sqrt(weights)[:, None]
        gaps = np.maximum(values - base, 0.0)
        for _ in range(_DOUBLINGS):
            part = columns * (root * np.exp(-0.5 * theta * gaps)).ravel()
            found.append((theta, np.log(np.maximum(np.linalg.eigvalsh(part @ part.T), _FLOOR)) - theta * base))
            theta *= 2.0
        return found

    def kept(self, n: int, failure: float, *, sharpest: bool = True, bounded: bool = True) -> Kept:
        """1−η with B̂+ν ⪰ (1−η)(B+ν) outside an event of probability ``failure``, by the best branch.

        "sure": ω. "moment": η = √(2vℓ/n), ℓ = log(m/p). "Bernstein": η = √(2v'ℓ/n) + (1−ω)ℓ/(3n), v' centred.
        "Chernoff" on W−ω, whose norm is at most L+1−ω: the entropy of 1−η within [ω, 1]. "master": the largest
        (log p − log tr (E e^{−θW})ⁿ)/(θn) over θ; left out unless ``sharpest``. Only Chernoff's asks for a law that is
        ``bounded``, by L.
        """
        log = math.log(len(self.inverse) / failure)
        shares = {
            "sure": self.omega,
            "moment": 1.0 - math.sqrt(2.0 * self.variance * log / n),
            "Bernstein": 1.0 - math.sqrt(2.0 * self.centred_variance * log / n) - (1.0 - self.omega) * log / (3.0 * n),
        }
        if bounded:
            shares["Chernoff"] = self._chernoff(log / n)
        if sharpest:
            shares["master"] = max(
                (math.log(failure) - _log_trace(n * logs)) / (theta * n) for theta, logs in self._spectra
            )
        best = max(shares, key=lambda name: shares[name])
        return Kept(min(max(shares[best], 0.0), 1.0), best)

    def _chernoff(self, level: float) -> float:
        """P(λ_min(W̄) <= ω + (1−ω)(1−t)) <= m (e^{−t}/(1−t)^{1−t})^{n(1−ω)/L}, solved for t."""
        room, reach = 1.0 - self.omega, self.reach + 1.0 - self.omega
        if room <= 0.0:
            return 1.0
        target = level * reach / room
        low, high = 0.0, 1.0
        for _ in range(60):
            t = 0.5 * (low + high)
            rate = t + (1.0 - t) * math.log1p(-t) if t < 1.0 else 1.0
            low, high = (low, t) if rate >= target else (t, high)
        return 1.0 - room * high if target < 1.0 else self.omega


def _log_trace(logs: FloatArray) -> float:
    top = float(logs.max())
    return top + math.log(float(np.exp(logs - top).sum()))
