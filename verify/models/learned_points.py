"""Scores that are learned from n points ±1, exactly: the mean of every term of a bound over all data sets.

The data are +1 with a probability and −1 else; the score is that of the data blurred by N(0, h²), or of the point that
most of the data show (of +1 where they are balanced). All data sets of one count are alike, and so are all data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import xlogy

from verify.models import point_diffusions as pd
from verify.models.point_diffusions import Points

RULES = ("memorise", "majority")
BEFORE = 1e-4
"""The part of ε at which the divergence is taken that has no early stop."""
ERROR = 1e-9
"""Relative to its terms: twice the nodes in time and space change no term by more (tests)."""


@dataclass(frozen=True, kw_only=True)
class Learning:
    """One way to learn: P(+1), the number of data, the rule, the blur h, and the times ε < T."""

    chance: float = 0.5
    count: int = 2
    rule: str = "memorise"
    blur: float = 0.4
    early: float = 0.05
    horizon: float = 1.0

    @property
    def law(self) -> Points:
        """The data's law."""
        return Points((1 - self.chance, self.chance), (-1.0, 1.0))

    def data(self, ups: int) -> Points:
        """The empirical law of a data set with so many +1."""
        if ups in (0, self.count):
            return Points((1.0,), (1.0 if ups else -1.0,))
        return Points((1 - ups / self.count, ups / self.count), (-1.0, 1.0))

    def learned(self, ups: int) -> Points:
        """The law whose score is learned from it."""
        if self.rule == "memorise":
            return self.data(ups).blurred(self.blur)
        return Points((1.0,), (1.0 if 2 * ups >= self.count else -1.0,), self.blur)

    def chances(self) -> np.ndarray:
        """The binomial law of the number of +1."""
        counts = np.arange(self.count + 1)
        ways = np.array([math.comb(self.count, int(k)) for k in counts], dtype=float)
        return ways * self.chance**counts * (1 - self.chance) ** (self.count - counts)


def weight_information(case: Learning) -> float:
    """I(θ; X_1), which is that of every datum: H(X_1) − E H(X_1 | θ)."""
    joint: dict[Points, np.ndarray] = {}
    for ups, chance in enumerate(case.chances()):
        share = np.array([1 - ups / case.count, ups / case.count])
        joint[case.learned(ups)] = joint.get(case.learned(ups), np.zeros(2)) + chance * share
    entropy = -sum(float(xlogy(part, part / part.sum()).sum()) for part in joint.values())
    own = np.array(case.law.weights)
    return float(-xlogy(own, own).sum()) - entropy


def information_apart(case: Learning, ups: int) -> float:
    """(1/n)ΣKL(E_T(x_i)‖the mixture of the other kernels); 0 for one datum, which has no others."""
    if case.count == 1:
        return 0.0
    total = 0.0
    for place, many in ((1.0, ups), (-1.0, case.count - ups)):
        rest = {1.0: ups, -1.0: case.count - ups}
        rest[place] -= 1
        kept = {at: left / (case.count - 1) for at, left in rest.items() if left > 0}
        others = Points(tuple(kept.values()), tuple(kept))
        total += many / case.count * pd.divergence(Points((1.0,), (place,)), others, case.horizon) if many else 0.0
    return total


@lru_cache(maxsize=64)
def terms(case: Learning) -> dict[str, float]:
    """Every term by the name of its symbol, in the mean over data sets; those of one data set for about half +1."""
    law, ends = case.law, (case.early, case.horizon)
    out = dict.fromkeys(
        ("kl_early", "kl_start", "mean_prior", "mean_explicit", "mean_explicit_population", "denoising_gap"), 0.0
    ) | {"sample_divergence": 0.0, "loss_range": 0.0}
    for ups, chance in enumerate(case.chances()):
        own, fitted = case.data(ups), case.learned(ups)
        by_point = pd.denoising_by_point(law, fitted.score, *ends)
        for name, value in (
            ("kl_early", pd.generated_divergence(law, fitted, *ends)),
            ("kl_start", pd.generated_divergence(law, fitted, BEFORE * case.early, case.horizon)),
            ("mean_prior", pd.prior(own, case.horizon)),
            ("mean_explicit", pd.explicit_loss(own, fitted.score, *ends)),
            ("mean_explicit_population", pd.explicit_loss(law, fitted.score, *ends)),
            ("denoising_gap", float(np.dot(law.weights, by_point)) - pd.denoising_loss(own, fitted.score, *ends)),
            ("sample_divergence", pd.divergence(own, law, case.early)),
        ):
            out[name] += float(chance) * value
        out["loss_range"] = max(out["loss_range"], float(np.ptp(by_point)))
    middle = case.data((case.count + 1) // 2)
    score = case.learned(case.count).score
    return out | {
        "n": case.count,
        "T": case.horizon,
        "early": case.early,
        "kl_prior": pd.prior(law, case.horizon),
        "weight_information": weight_information(case),
        "prior_hat": pd.prior(middle, case.horizon),
        "explicit_hat": pd.explicit_loss(middle, score, *ends),
        "denoising_hat": pd.denoising_loss(middle, score, *ends),
        "rate_hat": pd.rate(middle, case.horizon),
        "information_hat": pd.information(middle, case.early),
        "information_data": pd.information(middle, case.horizon),
        "information_apart": information_apart(case, (case.count + 1) // 2),
    }
