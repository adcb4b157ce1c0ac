"""The linear Gaussian autoencoder, coordinate by coordinate: its losses, gaps and the bounds on them, all closed."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from numerics import checks
from numerics.checks import ArrayValue
from numerics.checks.aliases import FloatArray
from numerics.mixtures.information import excess_log
from numerics.statistics.subgaussian import decoupling_bound


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearAutoencoder(ArrayValue):
    """Data N(0, σ_j²), codes z_j ~ N(c_j x_j, s_j²), outputs N(w_j z_j + b_j, v_j), prior N(0, 1) in each coordinate j.

    ``count`` n ≥ 2 data; gains and noises are fixed, and b = (1 − w c) x̄ is learned: the mean of the data that the code
    leaves out. ``data_variance`` σ² > 0, ``encoder_gain`` c, ``encoder_variance`` s² > 0, ``decoder_gain`` w and
    ``decoder_variance`` v > 0: numbers, or vectors of one length (d,). Coordinates are independent, so that divergences
    and informations add up. The loss is −log q(x|z), in nats; every property is a number, an expectation over the data.
    ValueError or TypeError for others. Source: CZS, theorem 5.1, in the case where all is closed (claims IT8).
    """

    data_variance: FloatArray
    encoder_gain: FloatArray
    encoder_variance: FloatArray
    decoder_gain: FloatArray
    decoder_variance: FloatArray
    count: int

    def __post_init__(self):
        names = [item.name for item in fields(self) if item.name != "count"]
        parts = {name: checks.vector(name, getattr(self, name)) for name in names}
        d = max(len(part) for part in parts.values())
        for name, part in parts.items():
            if len(part) not in (1, d):
                raise ValueError(f"{name} must have shape ({d},) as others have; got {part.shape}; pass equal lengths")
            if name.endswith("variance") and part.min() <= 0.0:
                checks.refuse(name, "be greater than 0", float(part.min()), "pass a positive variance")
            object.__setattr__(self, name, np.broadcast_to(part, (d,)))
        checks.integer("count", self.count, minimum=2)

    @classmethod
    def optimal(cls, data_variance: ArrayLike, *, decoder_variance: float, count: int) -> "LinearAutoencoder":
        """The one that maximises the evidence lower bound of endless data: w² = σ² − v, and the posterior as the code.

        Coordinates with σ² ≤ v collapse: w = c = 0, s = 1. ValueError as for the class. Source: Tipping & Bishop 1999.
        """
        v = checks.real("decoder_variance", decoder_variance, above=0.0)
        variance = checks.vector("data_variance", data_variance, minimum=0.0)
        gain = np.sqrt(np.maximum(variance - v, 0.0))
        margin = gain**2 + v
        return cls(
            data_variance=variance, encoder_gain=gain / margin, encoder_variance=v / margin, decoder_gain=gain,
            decoder_variance=np.full(len(variance), v), count=count,
        )  # fmt: skip

    @property
    def dim(self) -> int:
        """The number d of coordinates."""
        return len(self.data_variance)

    # Losses and gaps --------------------------------------------------------------------------------------------------

    @property
    def reconstruction(self) -> float:
        """The loss of the data with their own codes: E (1/n) Σ −log q(x_i|z_i)."""
        return self._loss(self._residual - self._rest)

    @property
    def held_out(self) -> float:
        """The loss of a fresh datum with its own code."""
        return self._loss(self._residual + self._rest)

    @property
    def product(self) -> float:
        """The loss of a fresh datum with a code of the prior: what the theorem calls the population's."""
        return self._loss(self._spread)

    @property
    def gap(self) -> float:
        """``product`` − ``reconstruction``, without cancellation where the code tells nothing."""
        wc, w = self.decoder_gain * self.encoder_gain, self.decoder_gain
        told = wc * (2.0 - wc) * self.data_variance + w**2 * (1.0 - self.encoder_variance)
        return 0.5 * float(((told + 2.0 * self._rest) / self.decoder_variance).sum())

    @property
    def held_out_gap(self) -> float:
        """``held_out`` − ``reconstruction``: Σ κ²σ²/(n v), κ = 1 − w c."""
        return float((self._rest / self.decoder_variance).sum())

    # Informations -----------------------------------------------------------------------------------------------------

    @property
    def rate(self) -> float:
        """E KL(code of X ‖ prior)."""
        code = self.encoder_gain**2 * self.data_variance
        return 0.5 * float((code + _excess(self.encoder_variance)).sum())

    @property
    def code_information(self) -> float:
        """E KL(code of X ‖ mixture of the codes) = I(X; Z), at most the rate."""
        return 0.5 * float(np.log1p(self.encoder_gain**2 * self.data_variance / self.encoder_variance).sum())

    @property
    def weight_information(self) -> float:
        """I(G; X_i) of the decoder and a datum: ½ log(n/(n − 1)) for each coordinate with κ ≠ 0."""
        return -0.5 * float((self._kappa != 0.0).sum()) * math.log1p(-1.0 / self.count)

    @property
    def output_information(self) -> float:
        """I(X̂_i; X_i | Z_i) of one output, which the printed theorem has in place of ``weight_information``: O(n⁻²)."""
        n, code = self.count, self.encoder_gain**2 * self.data_variance + self.encoder_variance
        signal = self._rest * self.encoder_variance / (n * code)
        noise = self.decoder_variance + self._rest * (n - 1) / n
        return 0.5 * float(np.log1p(signal / noise).sum())

    # Bounds on the gap ------------------------------------------------------------------------------------------------

    @property
    def one_sided_std(self) -> float:
        """R with E e^{−λ(f − E f)} ≤ e^{λ²R²/2}, λ ≥ 0, for the loss f of fresh data and codes: its deviation."""
        return math.sqrt(0.5 * float(((self._spread / self.decoder_variance) ** 2).sum()))

    @property
    def earlier_bound(self) -> float:
        """√2 R √rate, without a term of the generator: no bound of ``gap`` where the code tells nothing."""
        return math.sqrt(2.0) * self.one_sided_std * math.sqrt(self.rate)

    @property
    def printed_bound(self) -> float:
        """√2 R (√rate + √output_information), as printed: none either."""
        return self.earlier_bound + math.sqrt(2.0) * self.one_sided_std * math.sqrt(self.output_information)

    @property
    def repaired_bound(self) -> float:
        """√(2R² (rate + weight_information)) ≥ ``gap``."""
        return math.sqrt(2.0 * (self.rate + self.weight_information)) * self.one_sided_std

    @property
    def sharp_bound(self) -> float:
        """inf over λ of (ψ(λ) + rate + weight_information)/λ ≥ ``gap``, ψ the cumulant of the loss from below."""
        ratio = self._spread / self.decoder_variance

        def cumulant(rate: float) -> float:
            return 0.5 * float(excess_log(rate * ratio).sum())

        return decoupling_bound(cumulant, self.rate + self.weight_information)[0]

    @property
    def held_out_bound(self) -> float:
        """The same for ``held_out_gap`` and the loss in excess of that with b = 0, which has the gap's order 1/n.

        The code of a datum is its own on both sides: only ``weight_information`` is paid for.
        """
        return decoupling_bound(self._excess_cumulant(), self.weight_information)[0]

    def _excess_cumulant(self) -> Callable[[float], float]:
        """ψ of ((u − b)² − u²)/2v, u ~ N(0, κ²σ² + w²s²) and b ~ N(0, κ²σ²/n) independent; +inf where it is infinite.

        Σ ½(λm − log(1 + λm − λ²m(κ²σ² + w²s²)/v)), m = κ²σ²/(nv).
        """
        mean = self._rest / self.decoder_variance
        noise = self._residual / self.decoder_variance

        def cumulant(rate: float) -> float:
            inside = rate * mean * (1.0 - rate * noise)
            if not inside.min() > -1.0:
                return math.inf
            return 0.5 * float((excess_log(inside) + rate**2 * mean * noise).sum())

        return cumulant

    # What is generated ------------------------------------------------------------------------------------------------

    @property
    def divergence(self) -> float:
        """E KL(P‖Q) of the data's law from that of outputs of codes of the prior."""
        margin = self.decoder_gain**2 + self.decoder_variance
        return 0.5 * float((_excess(self.data_variance / margin) + self._rest / margin).sum())

    @property
    def elbo_bound(self) -> float:
        """``held_out`` + ``rate`` − H(P) ≥ ``divergence``: the evidence lower bound of a fresh datum."""
        v, variance = self.decoder_variance, self.data_variance
        left = _excess(variance / v) + (self._residual - variance + self._rest) / v
        return self.rate + 0.5 * float(left.sum())

    # Parts ------------------------------------------------------------------------------------------------------------

    @property
    def _kappa(self) -> FloatArray:
        return 1.0 - self.decoder_gain * self.encoder_gain

    @property
    def _rest(self) -> FloatArray:
        """The variance κ²σ²/n of b."""
        return self._kappa**2 * self.data_variance / self.count

    @property
    def _residual(self) -> FloatArray:
        """The variance of x − w z for a datum and its own code."""
        return self._kappa**2 * self.data_variance + self.decoder_gain**2 * self.encoder_variance

    @property
    def _spread(self) -> FloatArray:
        """The variance of x − w z − b for independent x and z."""
        return self.data_variance + self.decoder_gain**2 + self._rest

    def _loss(self, variance: FloatArray) -> float:
        """E −log q for residuals of a variance (d,)."""
        v = self.decoder_variance
        return 0.5 * float((np.log(2.0 * math.pi * v) + variance / v).sum())


def _excess(ratio: FloatArray) -> FloatArray:
    """ρ − 1 − log ρ for ρ > 0."""
    return np.where(np.abs(ratio - 1.0) < 0.5, excess_log(ratio - 1.0), ratio - 1.0 - np.log(ratio))
