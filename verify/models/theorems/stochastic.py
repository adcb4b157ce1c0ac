"""Models of the theorems of stochastic calculus: Gaussian laws with affine scores, mixtures, sampled features."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from theory.symbols import T, m, n
from theory.theorems.places import F, number, rate, time
from theory.vocabulary import objects as o
from theory.vocabulary.objects import Theta, data, features, p0, sampled, score, weight
from theory.vocabulary.statements import Fact, Theorem
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems import bounds, concentration, quadratics
from verify.models.theorems.affine import Affine, drift_divergence, path_divergence
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.line import Line, Mixture, fisher, to_normal
from verify.models.theorems.samples import Draws, draws

MODELS = Models()
_CLOSE = 2.0**-30
Array = np.ndarray


def _continuous(function: Callable[[float], float]) -> bool:
    """No jump at the times where scores of the models jump."""
    return all(
        abs(function(t + _CLOSE) - function(t - _CLOSE)) <= 2.0**-16 * (1 + abs(function(t))) for t in (0.3, 0.5)
    )


def _heads(pair: Affine) -> dict[str, Callable[..., Any]]:
    mean, variance = pair.forward(pair.horizon)
    return {
        "Between": lambda _p, _s, _T, t: pair.between(t),
        "Divergence": lambda _p, _s, _T: pair.between(0.0),
        "PathDivergence": lambda _p, _s, _T: path_divergence(pair),
        "DriftDivergence": lambda _p, _s, _T: drift_divergence(pair),
        "Prior": lambda _p, _t: (variance - 1 - math.log(variance) + mean**2) / 2,
        "MismatchRate": lambda _p, _s, _T, t: pair.mismatch_rate(t),
        "LossRate": lambda _p, _s, _T, t: pair.loss_rate(t),
        "Mismatch": lambda _p, _s, _T: pair.over_time(pair.mismatch_rate) / 2,
        "ScoreLoss": lambda _p, _s, _w, _T: pair.over_time(pair.loss_rate) / pair.horizon,
    }


_AFFINE = {
    "mean": Real(low=-2, high=2),
    "variance": Real(low=0.3, high=2),
    "slope": Real(low=0, high=1.5),
    "shift": Real(low=-1, high=1),
    "horizon": Real(low=0.5, high=1.5),
    "t": Real(low=0.1, high=0.4),
}
_STATIONARY = {"mean": 1.0, "variance": 0.5, "slope": 1.0, "shift": 0.0, "horizon": 1.0, "t": 0.3}
"""With s = −x the law of the reverse equation is N(0, 1) at all times, and nothing is mismatched."""


@MODELS.of("data processing", fields=_AFFINE, extremal=(_STATIONARY,))
@MODELS.of("chain rule of divergence", fields=_AFFINE)
@MODELS.of("entropy of a diffusion against a reverse law", fields=_AFFINE)
@MODELS.of("loss over time", "mismatch over time", "reverse law at the start", "reverse law at the end", fields=_AFFINE)
def _gaussian(i: Instance) -> World:
    pair = Affine(**{name: i[name] for name in ("mean", "variance", "slope", "shift", "horizon")})
    facts = {"girsanov": lambda *_: True, "regular": lambda *_: True}  # an affine score grows linearly
    values = {p0: pair, score: pair, T: pair.horizon, number: i["t"]}
    return World(values=values, heads=_heads(pair), facts=facts)


@MODELS.of("Girsanov", fields={**_AFFINE, "noise": Choice(options=("the same", "other"))}, needs=("girsanov",))
def _girsanov(i: Instance) -> World:
    pair = Affine(**{name: i[name] for name in ("mean", "variance", "slope", "shift", "horizon")})
    noise = 1.1 if i["noise"] == "other" else 1.0
    heads = {**_heads(pair), "DriftDivergence": lambda *_: drift_divergence(pair, noise)}
    values = {p0: pair, score: pair, T: pair.horizon}
    return World(values=values, heads=heads, facts={"girsanov": lambda *_: noise == 1.0})


@MODELS.of(
    "continuity of the mismatch",
    "continuity of the loss",
    fields={**_AFFINE, "kind": Choice(options=("smooth", "jump"))},
    needs=("regular",),
    variants=lambda _theorem: {},
)
def _jumping(i: Instance) -> World:
    pair = Affine(**{name: i[name] for name in ("mean", "variance", "slope", "shift", "horizon")})
    pair = replace(pair, jump=10.0, turn=0.3) if i["kind"] == "jump" else pair
    facts = {"regular": lambda *_: pair.jump == 0.0, "continuous": _continuous}
    return World(values={p0: pair, score: pair, T: pair.horizon}, heads=_heads(pair), facts=facts)


# Mixtures ------------------------------------------------------------

_MIXTURES = {
    "centre": Real(low=0, high=2),
    "variance": Real(low=0.3, high=2),
    "kind": Choice(options=("true", "other pull", "jumps at once")),
    "t": Real(low=0.1, high=1),
}
_SHIFTED = {"centre": 0.0, "variance": 1.0, "kind": "true", "t": 0.3}


@MODELS.of("log-Sobolev", fields=_MIXTURES, extremal=(_SHIFTED,))
@MODELS.of("de Bruijn", fields=_MIXTURES, needs=("ornstein_uhlenbeck",))
@MODELS.of("divergence continuous at 0", fields=_MIXTURES, needs=("ornstein_uhlenbeck",), variants=lambda _theorem: {})
def _mixture(i: Instance) -> World:
    law = Mixture(weights=(0.3, 0.7), means=(-i["centre"], i["centre"]), variances=(i["variance"], i["variance"]))
    if i["centre"] == 0.0:
        law = replace(law, means=(1.0, 1.0))
    pull = 2.0 if i["kind"] == "other pull" else 1.0

    def at(t: float) -> Mixture:
        return law.diffused(t + (1.0 if i["kind"] == "jumps at once" and t > 0 else 0.0), pull)

    def continuous(function: Callable[[float], float]) -> bool:
        return abs(function(_CLOSE) - function(0.0)) <= 2.0**-16

    heads = {"Prior": lambda _p, t: to_normal(at(t)), "RelativeFisher": lambda _p, t: fisher(at(t))}
    facts: dict[str, Callable[..., bool]] = {
        "ornstein_uhlenbeck": lambda _p: i["kind"] == "true",
        "finite_divergence": lambda _p: math.isfinite(to_normal(law)),
        "continuous_at_0": continuous,
    }
    return World(values={p0: law, time: i["t"]}, heads=heads, facts=facts)


@MODELS.of(
    "Grönwall",
    fields={
        "c": Real(low=0, high=3),
        "T": Real(low=0.1, high=3),
        "kind": Choice(options=("equal", "faster", "slower", "jump")),
    },
    needs=("hypothesis", "continuous_at_0"),
)
def _gronwall(i: Instance) -> World:
    speed = i["c"] + {"faster": 0.5, "slower": -0.5}.get(i["kind"], 0.0)
    begin = 0.5 if i["kind"] == "jump" else 1.0

    def f(t: Any) -> Any:
        return np.where(np.asarray(t) == 0.0, begin, np.exp(-speed * np.asarray(t)))

    facts = {"continuous_at_0": lambda function: bool(abs(function(2.0**-40) - function(0.0)) < 2.0**-20)}
    values = {F: f, rate: i["c"], T: i["T"]}
    return World(values=values, facts=facts, ranges={time: np.linspace(0.05, i["T"] + 0.1, 40)})


# Losses of features on the line ------------------------------------------------------------

_LINE = {
    "width": Integer(low=1, high=3),
    "points": Integer(low=1, high=3),
    "n": Integer(low=1, high=2),
    "kind": Choice(options=("true", "point masses", "another law", "moving")),
}


def _line(i: Instance) -> tuple[np.random.Generator, Line]:
    rng = generator(i)
    values, law = rng.normal(size=i["points"]), rng.dirichlet(np.ones(i["points"]))
    return rng, Line(points=values, law=law, inner=rng.normal(size=(i["width"], 2)))


def _same(one: Array, two: Array) -> bool:
    return one.shape == two.shape and bool(np.allclose(one, two, rtol=0, atol=_CLOSE))


def _definite(theorem: Theorem) -> dict[str, Theorem]:
    return {"positive definite": replace(theorem, says=Fact("positive_definite", theorem.says.parts))}


_FEW = {"seed": 2, "width": 3, "points": 1, "n": 1, "kind": "true"}
"""With this seed one of the features is nowhere active."""


@MODELS.of("loss of a network", fields=_LINE)
@MODELS.of("random-feature loss", fields=_LINE, needs=("finite_minimum",), variants=_definite)
@MODELS.of("empirical loss", fields=_LINE, extremal=(_FEW,), variants=_definite)
@MODELS.of("population of the data", fields=_LINE, extremal=({**_FEW, "kind": "moving"},), needs=("law", "fixed"))
def _features(i: Instance) -> World:
    rng, line = _line(i)
    sharp = i["kind"] == "point masses"
    other = replace(line, law=line.law[::-1] if i["points"] > 1 else line.law, points=line.points + 1.0)
    drawn = other if i["kind"] == "another law" else line
    sample = draws(drawn.points, drawn.law, i["n"])
    population, spoilt = line.quadratic(least=math.inf if sharp else None), replace(line, inner=2 * line.inner)
    moving = i["kind"] == "moving"  # the features that the data see depend on them

    def empirical(_q: quadratics.Quadratic, given: Draws) -> quadratics.Quadratic:
        parts = [line.given(x) for x in given.atoms[given.outcomes[0]]]
        matrix, vector, constant = (np.mean(np.stack(each), axis=0) for each in zip(*parts, strict=True))
        return quadratics.Quadratic(matrix=matrix, vector=vector, constant=float(constant))

    def populates(q: quadratics.Quadratic, given: Draws) -> bool:
        parts = [(spoilt if moving else line).given(x) for x in given.atoms]
        means = (sum(w * part[k] for w, part in zip(given.law, parts, strict=True)) for k in (0, 1))
        return all(
            np.allclose(one, two, rtol=0, atol=_CLOSE) for one, two in zip(means, (q.matrix, q.vector), strict=True)
        )

    heads: dict[str, Callable[..., Any]] = {
        "FeatureLoss": lambda *_: population,
        "Score": lambda made, at: lambda x, s: at @ made.features(x, s),
        "ScoreLoss": lambda _p, network, _w, _T: line.loss(network),
        "Value": quadratics.value_at,
        "Empirical": empirical,
        "MatrixPart": lambda _q: bounds.Part(lambda x: x, not moving),
    }
    facts: dict[str, Callable[..., bool]] = {
        "quadratic": lambda q: math.isfinite(q.constant) and quadratics.is_quadratic(q),
        "positive_definite": lambda q: bool(np.linalg.eigvalsh(q.matrix).min() > 2.0**-10),
        "finite_minimum": lambda _p, _T: not sharp,
        "bounded_support": lambda law: bool(np.isfinite(law.points).all()),
        "law": lambda given, law: _same(given.atoms, law.points) and _same(given.law, law.law),
        "fixed": lambda part, _sample: part.fixed,
        "population": populates,
    }
    values = {p0: line, features: line, T: 1.0, data: sample, n: i["n"], Theta: rng.normal(size=(1, i["width"]))}
    return World(values=values, heads=heads, facts=facts)


# Sampled features ------------------------------------------------------------

_SAMPLED = {
    "atoms": Integer(low=2, high=4),
    "m": Integer(low=1, high=3),
    "kind": Choice(options=("true", "tight", "of the sample")),
}


def neurons(rng: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Functions a(v)σ(v·z) with values in the plane, times the root of the weight at a few places z; and v itself."""
    inner = rng.normal(size=(count, 3))
    inner /= np.abs(inner).sum(axis=1, keepdims=True)
    places, root = rng.normal(size=(3, 6)), np.sqrt(rng.dirichlet(np.ones(6)))
    outer = rng.normal(size=(count, 2))
    return outer[:, :, None] * (np.maximum(inner @ places, 0) * root)[:, None, :], inner


@MODELS.of("features have a largest norm", fields=_SAMPLED)
@MODELS.of("features are fixed maps", fields=_SAMPLED, needs=("features",), variants=lambda _theorem: {})
@MODELS.of("Minkowski, sampled features", fields=_SAMPLED, extremal=({"atoms": 2, "m": 1, "kind": "tight"},))
def _sampled(i: Instance) -> World:
    rng = generator(i)
    functions, _ = neurons(rng, i["atoms"])
    flat = functions.reshape(i["atoms"], -1)
    law = rng.dirichlet(np.ones(i["atoms"]))
    limit = law @ flat
    target = limit - 3 * (flat[0] - limit) if i["kind"] == "tight" else rng.normal(size=flat.shape[1])
    sample = draws(np.arange(i["atoms"]), law, i["m"])
    own = i["kind"] != "of the sample"
    made = bounds.Part(lambda k: flat[int(k)] * (1.0 if own else len(flat)), own)

    def error(given: Draws) -> Array:
        return ((flat[given.outcomes].mean(axis=1) - target) ** 2).sum(axis=1)

    heads: dict[str, Callable[..., Any]] = {
        **concentration.HEADS,
        "Neuron": lambda *_: made,
        "NormBound": concentration.largest,
        "FeatureLoss": lambda given, *_: given,
        "SampledWeights": lambda given: given,
        "Value": lambda given, _weights: error(given),
        "LimitLoss": lambda *_: float(((limit - target) ** 2).sum()),
    }
    facts: dict[str, Callable[..., bool]] = {
        **concentration.FACTS,
        "features": lambda _sample: own,
        "fixed": lambda part, _sample: part.fixed,
    }
    values = {sampled: sample, p0: None, weight: o.g_squared, T: 1.0, m: i["m"]}
    return World(values=values, heads=heads, facts=facts, sample=sample)
