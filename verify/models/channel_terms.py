"""Every term of the prior and of the information at one law of two points, by its symbol, as balls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import sympy as sp
from flint import arb

from theory import symbols as sym
from theory.statement import Claim
from verify.evidence.chart import scattered
from verify.evidence.confrontation import Quantities
from verify.evidence.domain import Choice, Domain, Field, Instance, Integer, Real
from verify.evidence.measured import Measured, Values
from verify.models import noised_points as npt
from verify.models import point_diffusions as pd
from verify.models.point_diffusions import Points

ERROR = 1e-10
"""Relative to 1 or the term: twice the nodes in space and time change no term by more (tests)."""
STEP = 2.0**-6
_STENCIL = (4 / 5, -1 / 5, 4 / 105, -1 / 280)
"""Of the central difference quotient of order 8."""

FIELDS: dict[str, Field] = {
    "chance": Real(low=0.02, high=0.98),
    "size": Real(low=0.25, high=2.5),
    "T": Real(low=0.3, high=2),
    "n": Integer(low=1, high=4),
    "share": Real(low=0.05, high=0.95),
    "kind": Choice(options=("two points", "one point")),
}
"""Points ±size, +size with the chance; ε is a share of T."""
DOMAIN = Domain(fields=FIELDS)


def at(chance: float = 0.5, horizon: float = 0.5, count: int = 2, size: float = 1.0, share: float = 0.1) -> Instance:
    """An instance of two points."""
    return {"chance": chance, "size": size, "T": horizon, "n": count, "share": share, "kind": "two points"}


def law_of(i: Instance) -> Points:
    """The law of the data."""
    if i["kind"] == "one point":
        return Points((1.0,), (i["size"],))
    return Points((1 - i["chance"], i["chance"]), (-i["size"], i["size"]))


def _sets(law: Points, size: int) -> list[tuple[float, Points]]:
    return [(1.0, law)] if len(law.places) == 1 else list(npt.data_sets(law, size))


def _slope(law: Points, t: float, step: float) -> float:
    ends = (pd.information(law, t + k * step) - pd.information(law, t - k * step) for k in (1, 2, 3, 4))
    return sum(w * end for w, end in zip(_STENCIL, ends, strict=True)) / step


def _score(x: np.ndarray, t: float) -> np.ndarray:
    """No law's score."""
    return -x / (1 + t)


@lru_cache(maxsize=4096)
def _law_terms(law: Points, end: float, start: float) -> dict[str, float]:
    squares = float(np.dot(law.weights, np.square(law.places)))
    left = np.exp(-2 * end)
    return {
        "kl_prior": pd.prior(law, end),
        "rate_law": float(np.dot(law.weights, [_kernel_divergence(x, end) for x in law.places])),
        "rate_reversed": float((np.log1p(-left) + (1 + left * squares) / (1 - left) - 1) / 2),
        "information_law": pd.information(law, end),
        "information_early": pd.information(law, start),
        "second_moment": squares,
        "chi_square": npt.channel_chi_square(law, end),
        "fisher_end": npt.fisher(law, end),
        "mmse": npt.mean_square_error(law, end),
    }


def _kernel_divergence(x: float, t: float) -> float:
    """KL(E_T(x)‖π) of the one-point law, by quadrature."""
    return pd.prior(Points((1.0,), (x,)), t)


def values(i: Instance, *, losses: bool = False, sets: bool = False) -> dict[str, float]:
    """The terms by the name of their symbol, those asked for."""
    law, end, count = law_of(i), float(i["T"]), int(i["n"])
    start = end * float(i["share"])
    found = dict(_law_terms(law, end, start))
    if losses:
        found["denoising_law"] = pd.denoising_loss(law, _score, start, end)
        found["explicit_law"] = pd.explicit_loss(law, _score, start, end)
    if sets:
        found |= _data_terms(law, count, end, start)
    if losses and sets:
        own = _typical(law, count)
        found["denoising_hat"] = pd.denoising_loss(own, _score, start, end)
        found["explicit_hat"] = pd.explicit_loss(own, _score, start, end)
    found = {name: max(value, 0.0) if value > -ERROR else value for name, value in found.items()}  # 0 but for rounding
    return found | {"T": end, "early": start, "n": count, "d": 1}


def balls(i: Instance, *, slope: bool = False, **which: bool) -> Quantities:
    """The same by symbol, as balls with the error of the quadrature."""
    exact = {"T", "early", "n", "d"}
    out: dict[sp.Symbol, arb | float] = {
        sym.REGISTRY[name].symbol: arb(value) if name in exact else arb(value, ERROR * (1 + abs(value)))
        for name, value in values(i, **which).items()
    }
    if slope:
        fine, coarse = (_slope(law_of(i), float(i["T"]), step) for step in (STEP / 2, STEP))
        out[sym.information_slope] = arb(fine, abs(fine - coarse) + 256 * ERROR)
    return out


def measured(cases: Sequence[Instance], **which: bool) -> Measured:
    """Both sides at the cases, then at random ones: a violation must exceed the quadrature's error."""

    def measure(_claim: Claim, index: int, seed: np.random.SeedSequence) -> tuple[Values, Values]:
        instance = cases[index] if index < len(cases) else scattered(DOMAIN, np.random.default_rng(seed))
        return dict(values(instance, **which)), dict(instance)

    return Measured(
        measure=measure,
        error=ERROR,
        count=lambda models: len(cases) + 4 * models,
        noun="law",
        many="laws of two points, all data sets",
        note="two points: every term by quadrature",
    )


def _typical(law: Points, size: int) -> Points:
    """One data set: about half of the data at either point."""
    every = _sets(law, size)
    return every[len(every) // 2][1]


def _data_terms(law: Points, size: int, end: float, start: float) -> dict[str, float]:
    def mean(count: int, function: Callable[[Points], float]) -> float:
        return function(law) if len(law.places) == 1 else npt.mean_over_data(law, count, function)

    own = _typical(law, size)
    return {
        "mean_prior": mean(size, lambda each: pd.prior(each, end)),
        "excess_data": mean(size, lambda each: pd.divergence(each, law, end)),
        "mean_information_data": mean(size, lambda each: pd.information(each, end)),
        "batch_information": mean(max(1, size // 2), lambda each: pd.information(each, end)),
        "information_data": pd.information(own, end),
        "information_hat": pd.information(own, start),
        "pair_eighth": npt.pair_information(own, end, 1 / 8),
        "pair_half": npt.pair_information(own, end, 1 / 2),
    }
