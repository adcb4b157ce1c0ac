"""Models of the theorems of channels: points on the line, and all data sets from them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from theory.symbols import d, n
from theory.theorems.places import X, time
from theory.vocabulary import channels as ch
from theory.vocabulary.objects import Y, data, p0
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models import noised_points as npt
from verify.models import point_diffusions as pd
from verify.models.point_diffusions import Points
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.diffusions import _each, _empirical
from verify.models.theorems.interpretation import World
from verify.models.theorems.samples import Draws, draws

MODELS = Models()


def _to_normal(law: tuple[float, float]) -> float:
    mean, variance = law
    return (mean**2 + variance - 1 - math.log(variance)) / 2


_HEADS: dict[str, Callable[..., Any]] = {
    "EmpiricalLaw": _empirical,
    "Rate": pd.rate,
    "ChannelInformation": _each(pd.information),
    "LawDivergence": _each(pd.divergence),
    "ScoreSpread": npt.score_spread,
    "Fisher": npt.fisher,
    "MeanSquareError": npt.mean_square_error,
    "LawChiSquare": _each(npt.chi_square),
    "ChannelChiSquare": npt.channel_chi_square,
    "PairInformation": _each(npt.pair_information),
    "ToNormal": _to_normal,
    "Transition": lambda x, t: (math.exp(-t) * x, -math.expm1(-2 * t)),
    "DataMean": lambda law, function: float(np.dot(law.weights, [function(x) for x in law.places])),
}
_FACTS: dict[str, Callable[..., bool]] = {
    "ornstein_uhlenbeck": lambda _law: True,
    "second_moment": lambda _law, dim: dim == 1,
    "finite_chi_square": lambda law, t: math.isfinite(npt.channel_chi_square(law, t)),
    "law": lambda sample, law: law == Points(tuple(sample.law.tolist()), tuple(sample.atoms.tolist())),
    "size": lambda sample, count: sample.size == count,
}
_FIELDS = {"atoms": Integer(low=1, high=3), "t": Real(low=0.3, high=1.5)}


def _points(i: Instance) -> Points:
    rng = generator(i)
    weights = rng.dirichlet(np.full(i["atoms"], 3.0))
    return Points(tuple(weights.tolist()), tuple(np.sort(rng.normal(size=i["atoms"])).tolist()))


@MODELS.of(
    "rate of the Ornstein–Uhlenbeck process",
    "rate of information",
    "spread of the kernel's score",
    "Tweedie",
    fields=_FIELDS,
    extremal=({"atoms": 2, "t": 0.5},),
)
@MODELS.of(
    "divergence by χ²",
    fields=_FIELDS,
    extremal=({"atoms": 0, "t": 0.5},),  # a law that shares little with the other: what it has in common is even
)
def _laws(i: Instance) -> World:
    law = _points(i) if i["atoms"] else Points((0.01, 0.99), (-4.0, 4.0))
    other = _points({**i, "seed": i["seed"] + 1}) if i["atoms"] else Points((1.0,), (-4.0,))
    return World(values={p0: law, ch.other: other, time: i["t"], d: 1}, heads=_HEADS, facts=_FACTS)


_SAMPLES = {
    "atoms": Integer(low=2, high=3),
    "n": Integer(low=1, high=3),
    "t": Real(low=0.1, high=1.0),
    "kind": Choice(options=("true", "other law", "other size")),
}


@MODELS.of("χ² of a data set", fields=_SAMPLES, needs=("law",))
@MODELS.of(
    "information by pairs, from below",
    "information by pairs, from above",
    fields=_SAMPLES,
    extremal=({"atoms": 2, "n": 2, "t": 0.01, "kind": "apart"},),
)
@MODELS.of(
    "information on one of n",
    fields=_SAMPLES,
    extremal=({"atoms": 2, "n": 2, "t": 0.01, "kind": "apart"}, {"atoms": 3, "n": 3, "t": 0.01, "kind": "fewer"}),
    needs=("size",),
)
def _samples(i: Instance) -> World:
    """Data from points; "apart": far from one another, where the information is all that there is."""
    law = _points(i)
    sample = draws(law.places, law.weights, i["n"])
    if i["kind"] in ("apart", "fewer"):
        sample = draws(10 * np.arange(i["atoms"]), np.ones(i["atoms"]), i["n"])
    law = Points(tuple(sample.law.tolist()), tuple(sample.atoms.tolist()))
    if i["kind"] == "other law":
        law = Points((*[0.02] * (len(law.weights) - 1), 1.02 - 0.02 * len(law.weights)), law.places)
    count = i["n"] + {"other size": 1, "fewer": -1}.get(i["kind"], 0)
    return World(values={p0: law, data: sample, n: count, time: i["t"]}, heads=_HEADS, facts=_FACTS, sample=sample)


@MODELS.of("Jensen, logarithm", fields={"atoms": Integer(low=1, high=3)}, extremal=({"atoms": 1},))
def _jensen(i: Instance) -> World:
    sample: Draws = draws(np.arange(i["atoms"]), np.ones(i["atoms"]), 1)
    values = generator(i).uniform(0.1, 5, size=i["atoms"])
    return World(values={X: values, Y: sample}, ranges={Y: (sample,)}, sample=sample)
