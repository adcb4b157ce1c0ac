"""How large the norm of an i.i.d. mean is with high probability, by its spread, its weak variance and its range.

Ranges here are maxima over the nodes of a law. Between them G(x_0) = ΘB(x_0) − b(x_0) is not certified: enclosures of
matrices B(x_0) ⪰ 0 bound what ΘB(x_0) does there (by 2 to 7 % of R at 64 nodes), but b(x_0) has the label of the
datum in it, whose likelihood ratio bounds it by 4 times R only (docs/theorem-1.md).
"""

import math
from dataclasses import dataclass

import numpy as np

from numerics import checks
from numerics.checks.aliases import FloatArray


@dataclass(frozen=True, kw_only=True)
class Noise:
    """An i.i.d. mean's norm: ``spread`` = √D, D = E‖Y−EY‖², ``weak`` = √v, v = ‖Cov Y‖, ``range`` R = sup‖Y−EY‖."""

    spread: float
    weak: float
    range: float

    def __post_init__(self):
        for name in ("spread", "weak", "range"):
            checks.real(name, getattr(self, name), minimum=0.0)

    def quantile(self, n: int, failure: float) -> float:
        """What the norm exceeds with probability ``failure`` at most: the least of five bounds.

        With x = log(1/p): √(D/n) + √(2x(v + 2R√(D/n))/n) + Rx/(3n) (Bousquet); √(D/n) + R√(2x/n) (bounded differences);
        R√(2 log(2/p)/n) (Pinelis); √(D/(np)) (Chebyshev); R.
        """
        x, mean = math.log(1.0 / failure), self.spread / math.sqrt(n)
        return min(
            mean + math.sqrt(2.0 * x * (self.weak**2 + 2.0 * self.range * mean) / n) + self.range * x / (3.0 * n),
            mean + self.range * math.sqrt(2.0 * x / n),
            self.range * math.sqrt(2.0 * math.log(2.0 / failure) / n),
            mean / math.sqrt(failure),
            self.range,
        )

    def leading(self, n: int, failure: float) -> float:
        """√(D/n) + √(2xv/n), which is left of the first for large n, where that is less than `quantile`."""
        x = math.log(1.0 / failure)
        return min(self.spread / math.sqrt(n) + self.weak * math.sqrt(2.0 * x / n), self.quantile(n, failure))


def noise_of(weights: FloatArray, values: FloatArray) -> Noise:
    """The noise of vectors of mean 0 with values (N, …) of probabilities ``weights`` (N,), 0 where only R asks."""
    flat = values.reshape(len(values), -1)
    squares = np.einsum("nk,nk->n", flat, flat)
    weighted = flat * np.sqrt(weights)[:, None]
    gram = weighted @ weighted.T if len(weighted) < flat.shape[1] else weighted.T @ weighted
    return Noise(
        spread=math.sqrt(float(weights @ squares)),
        weak=math.sqrt(max(float(np.linalg.eigvalsh(gram)[-1]), 0.0)),
        range=math.sqrt(float(squares.max())),
    )
