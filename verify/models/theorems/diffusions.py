"""Models of the theorems of diffusion models: points on the line, all data sets from them, and what they teach."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from theory.symbols import T, d, early, n
from theory.theorems.diffusions import THEOREMS
from theory.theorems.places import a, bound, level
from theory.vocabulary import diffusions as df
from theory.vocabulary.objects import data, p0, score
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models import point_diffusions as pd
from verify.models.point_diffusions import Points
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.samples import Draws, draws

MODELS = Models()
_WIDER = next(theorem for theorem in THEOREMS if theorem.id == "more noise, less information").takes[3]
_TIME = next(theorem for theorem in THEOREMS if theorem.id == "information in an empirical law").takes[3]


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """The score of blurred points, cut at ±limit, whose reverse SDE starts from N(shift, 1)."""

    points: Points
    shift: float = 0.0
    limit: float = math.inf

    def score(self, x: np.ndarray, t: float) -> np.ndarray:
        """s(x, t), cut at ±limit."""
        return np.clip(self.points.score(x, t), -self.limit, self.limit)


def _score(fitted: Any) -> pd.Score:
    """The score of what is fitted, or none."""
    return (lambda x, _t: 0.0 * x) if fitted is df.zero else fitted.score


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """What depends on the data: one entry per outcome."""

    items: tuple[Any, ...]


def _each(function: Callable[..., float]) -> Callable[..., Any]:
    """A function of laws and numbers, outcome by outcome where one of them depends on the data."""

    def at(*args: Any) -> Any:
        sizes = [len(arg.items) for arg in args if isinstance(arg, Outcomes)]
        if not sizes:
            return function(*args)
        rows = zip(*(arg.items if isinstance(arg, Outcomes) else [arg] * sizes[0] for arg in args), strict=True)
        return np.array([function(*row) for row in rows])

    return at


def _law(values: np.ndarray) -> Points:
    places, counts = np.unique(values, return_counts=True)
    return Points(tuple((counts / counts.sum()).tolist()), tuple(places.tolist()))


def _empirical(sample: Draws) -> Outcomes:
    return Outcomes(items=tuple(map(_law, sample.values)))


def _trained(rule: Callable[[Points], Any], sample: Draws) -> Outcomes:
    return Outcomes(items=tuple(rule(law) for law in _empirical(sample).items))


def _weight_information(rule: Callable[[Points], Any], sample: Draws) -> float:
    """The mean over i of I(θ; X_i), from the joint law of both."""
    learned = _trained(rule, sample).items
    names = {item: k for k, item in enumerate(dict.fromkeys(learned))}
    total = 0.0
    for column in sample.outcomes.T:
        joint = np.zeros((len(names), len(sample.law)))
        np.add.at(joint, ([names[item] for item in learned], column), sample.chances)
        apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
        seen = joint > 0
        total += float(joint[seen] @ np.log(joint[seen] / apart[seen]))
    return total / sample.size


def _denoising_part(start: float, end: float) -> Callable[[Fitted, Points], np.ndarray]:
    return lambda fitted, law: pd.denoising_by_point(law, fitted.points.score, start, end)


_HEADS: dict[str, Callable[..., Any]] = {
    "EmpiricalLaw": _empirical,
    "Trained": _trained,
    "DenoisingPart": _denoising_part,
    "WeightInformation": _weight_information,
    "Prior": _each(pd.prior),
    "Rate": _each(pd.rate),
    "ChannelInformation": _each(pd.information),
    "LawDivergence": _each(pd.divergence),
    "ExplicitLoss": _each(lambda law, fitted, *ends: pd.explicit_loss(law, _score(fitted), *ends)),
    "DenoisingLoss": _each(lambda law, fitted, *ends: pd.denoising_loss(law, _score(fitted), *ends)),
    "DenoisingFloor": _each(lambda law, *ends: pd.denoising_loss(law, law.score, *ends)),
    "ScoreMismatch": _each(
        lambda law, fitted, t: pd.mean(law, t, lambda x: (fitted.score(x, t) - law.score(x, t)) ** 2)
    ),
    "Channel": _each(pd.channel),
    "FisherAt": _each(lambda law, t: pd.mean(law, t, lambda x: law.score(x, t) ** 2)),
    "EarlyDivergence": _each(
        lambda law, fitted, start, end: pd.generated_divergence(law, fitted.points, start, end, fitted.shift)
    ),
    "MeanLoss": _each(lambda loss, law, learned: float(np.dot(law.weights, loss(learned, law)))),
}
_FACTS: dict[str, Callable[..., bool]] = {
    "second_moment": lambda _law, dim: dim == 1,
    "law": lambda sample, law: law == Points(tuple(sample.law.tolist()), tuple(sample.atoms.tolist())),
    "girsanov_between": lambda _law, fitted, *_ends: fitted.shift == 0,
}
_FIELDS = {
    "atoms": Integer(low=1, high=3),
    "early": Real(low=0.02, high=0.2),
    "span": Real(low=0.1, high=1.5),
    "blur": Real(low=0.2, high=1.0),
    "kind": Choice(options=("true", "other")),
}


def _points(i: Instance) -> tuple[np.random.Generator, Points]:
    rng = generator(i)
    weights = rng.dirichlet(np.full(i["atoms"], 3.0))
    return rng, Points(tuple(weights.tolist()), tuple(np.sort(rng.normal(scale=1.5, size=i["atoms"])).tolist()))


@MODELS.of(
    "divergence of a reverse process that stops early",
    fields=_FIELDS,
    extremal=tuple(
        {"atoms": 0, "early": 0.1, "span": 1.0, "blur": 1.0, "kind": kind} for kind in ("true", "other")
    ),  # the score −x of N(0, 1), for which both sides are KL(p_ε‖π)
    needs=("girsanov_between",),
)
@MODELS.of("denoising score matching", "information along a diffusion", "explicit loss over time", fields=_FIELDS)
@MODELS.of("golden formula along a process", "denoising loss by data", fields=_FIELDS)
@MODELS.of("denoising loss of no score", fields=_FIELDS)
def _laws(i: Instance) -> World:
    _, law = _points({**i, "atoms": i["atoms"] or 1})
    fitted = Points((1.0,), (0.0,)) if i["atoms"] == 0 else _points({**i, "seed": i["seed"] + 1})[1]
    shift = 3.0 if i["kind"] == "other" else 0.0
    values = {
        p0: law,
        score: Fitted(points=fitted.blurred(i["blur"]), shift=shift),
        early: i["early"],
        T: i["early"] + i["span"],
        d: 1,
    }
    return World(values=values, heads=_HEADS, facts=_FACTS)


@MODELS.of(
    "Minkowski, bounded scores",
    "Minkowski, bounded scores over time",
    fields={**_FIELDS, "limit": Real(low=0.5, high=3)},
    extremal=({"atoms": 2, "early": 0.05, "span": 1.0, "blur": 0.3, "kind": "true", "limit": 0.0},),
    needs=("bounded_by",),
)
def _cut(i: Instance) -> World:
    """The law's own score, cut off; what is said to bound it may be too small."""
    _, law = _points(i)
    fitted = Fitted(points=law, limit=i["limit"] * (100.0 if i["kind"] == "other" else 1.0))
    facts: dict[str, Callable[..., bool]] = {"bounded_by": lambda own, limit: own.limit <= limit}
    values = {p0: law, score: fitted, bound: i["limit"], _TIME: i["early"], early: i["early"],
              T: i["early"] + i["span"]}  # fmt: skip
    return World(values=values, heads=_HEADS, facts=facts)


@MODELS.of(
    "more noise, less information",
    fields={**_FIELDS, "more": Real(low=1, high=2)},
    extremal=tuple(
        {"atoms": 3, "early": 0.1, "span": 1.0, "blur": 0.3, "kind": kind, "more": more}
        for kind, more in (("true", 1.0), ("other", 2.0))
    ),
    needs=("hypothesis",),
)
@MODELS.of("channel of the Ornstein–Uhlenbeck process", fields=_FIELDS)
def _channels(i: Instance) -> World:
    """Noise of one variance and of a larger one, or of a smaller one."""
    _, law = _points(i)
    factor = i.get("more", 1.0) if i["kind"] == "true" else 1 / i.get("more", 1.0)
    values = {p0: law, a: 0.7, level: i["early"], _WIDER: i["early"] * factor, _TIME: i["span"], d: 1}
    return World(values=values, heads=_HEADS, facts=_FACTS)


# Data sets ------------------------------------------------------------

_SAMPLES = {
    "atoms": Integer(low=2, high=3),
    "n": Integer(low=1, high=3),
    "t": Real(low=0.05, high=1.0),
    "kind": Choice(options=("true", "other law", "short range", "majority")),
}


def _majority(law: Points) -> float:
    return law.places[int(np.argmax(law.weights))]


@MODELS.of("information in an empirical law", "mean rate of a data set", fields=_SAMPLES, needs=("law",))
@MODELS.of("moment of an empirical law", fields=_SAMPLES)
@MODELS.of(
    "generalization by the information on single data",
    fields=_SAMPLES,
    extremal=tuple(
        {"atoms": 2, "n": 9, "t": 1.0, "kind": kind} for kind in ("majority", "short range", "other law")
    ),  # of nine fair coins what most show, and a loss of 1 for the other side: the information is nearly a square
    needs=("law", "loss_range"),
)
def _samples(i: Instance) -> World:
    rng, law = _points(i)
    if i["n"] > 3:
        law = Points((0.5, 0.5), (-1.0, 1.0))
    sample = draws(law.places, law.weights, i["n"])
    law = Points(tuple(sample.law.tolist()), tuple(sample.atoms.tolist()))
    coins = i["n"] > 3 or i["kind"] == "majority"
    table = {place: 1.0 - np.eye(len(law.places))[k] for k, place in enumerate(law.places)} if coins else {}

    def loss(learned: Any, under: Points) -> np.ndarray:
        row = table[learned] if coins else table.setdefault(learned, rng.uniform(size=len(law.places)))
        return np.array([row[law.places.index(place)] for place in under.places])

    width = 0.5 if i["kind"] == "short range" else 1.0
    values = {
        p0: law,
        data: sample,
        df.rule: (lambda _own: law.places[0]) if i["kind"] == "other law" else _majority if coins else lambda own: own,
        df.loss: loss,
        bound: width,
        n: i["n"],
        T: i["t"],
        _TIME: i["t"],
        d: 1,
    }
    if i["kind"] == "other law":
        values[p0] = replace(law, weights=(*[0.02] * (len(law.weights) - 1), 1.02 - 0.02 * len(law.weights)))
    facts = _FACTS | {"loss_range": lambda _loss, _law, limit: limit >= 1.0}
    return World(values=values, heads=_HEADS, facts=facts, sample=sample)


# Samplers ------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Location:
    """s_θ = −x + e^{−t}x̄ in reverse time from N(0, 1), x̄ the mean of ``count`` data N(mean, 1)."""

    mean: float
    count: int

    def cost(self, reference: float, horizon: float) -> float:
        """½∫2E(s_θ − s̄)²dt against s̄ = −x + e^{−t}c."""
        return -math.expm1(-2 * horizon) / 2 * (1 / self.count + (self.mean - reference) ** 2)

    def divergence(self, reference: float, horizon: float) -> float:
        """KL of paths step by step: normal laws whose means differ by 2(s_θ − s̄)dt, of the variance 2dt."""
        nodes, weights = np.polynomial.legendre.leggauss(20)
        gaps = np.exp(-horizon * (nodes + 1)) * (1 / self.count + (self.mean - reference) ** 2)
        return float(weights @ (2**2 * gaps / (2 * 2)) * horizon / 2)

    def information(self, horizon: float) -> float:
        """½log(1 + signal/noise) of the end given the start; of the path it is the same, for the end is sufficient."""
        kept = -math.expm1(-2 * horizon)
        return 0.5 * math.log1p(kept**2 / self.count / kept)


_SAMPLERS = {
    "mean": Real(low=-2, high=2),
    "count": Integer(low=1, high=200),
    "t": Real(low=0.05, high=3),
    "kind": Choice(options=("true", "knows")),
}
_LIMITS = {"size": Real(low=0.5, high=3), "t": Real(low=0.05, high=3), "kind": Choice(options=("bounded", "too large"))}


@MODELS.of("divergence of two samplers", fields=_SAMPLERS)
@MODELS.of("information of an end and of its path", fields=_SAMPLERS)
@MODELS.of(
    "no score knows no data", fields=_SAMPLERS, loose="it has no hypothesis and no number", variants=lambda _theorem: {}
)
@MODELS.of(
    "information as a least mean divergence",
    fields=_SAMPLERS,
    extremal=tuple({"mean": 1.0, "count": 200, "t": 1.0, "kind": kind} for kind in ("true", "knows")),
    needs=("fixed",),
)
def _samplers(i: Instance) -> World:
    """A reference that knows the data is the learned score itself: nothing diverges from it."""
    sampler, knows = Location(mean=i["mean"], count=i["count"]), i["kind"] == "knows"
    heads: dict[str, Callable[..., Any]] = {
        "SamplerInformation": lambda rule, _data, end: rule.information(end),
        "PathInformation": lambda rule, _data, end: rule.information(end),
        "MeanPathDivergence": lambda rule, _data, to, end: 0.0 if knows else rule.divergence(to, end),
        "PathCost": lambda rule, _data, to, end: 0.0 if knows else rule.cost(to, end),
    }
    facts: dict[str, Callable[..., bool]] = {
        "generates": lambda *_args: True,
        "fixed": lambda reference, _data: reference is df.zero or not knows,
    }
    values = {df.rule: sampler, data: sampler, df.reference: i["mean"], T: i["t"]}
    return World(values=values, heads=heads, facts=facts)


@MODELS.of("cost of a bounded score", fields=_LIMITS, needs=("bounded_score",))
def _limits(i: Instance) -> World:
    """s_θ = ±size by the data, against 0: 2·½∫size² dt, by the mean over both signs."""
    limit = i["size"] * (0.5 if i["kind"] == "too large" else 1.0)
    heads = {"PathCost": lambda size, _data, _to, end: np.mean([(sign * size) ** 2 for sign in (-1, 1)]) * end}
    facts: dict[str, Callable[..., bool]] = {"bounded_score": lambda size, most: size <= most}
    return World(values={df.rule: i["size"], data: None, bound: limit, T: i["t"]}, heads=heads, facts=facts)
