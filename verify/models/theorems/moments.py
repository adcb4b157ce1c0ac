"""Models of the theorems of moments: truncated moments of normal numbers, and losses along lines."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.integrate
import scipy.stats

from theory.symbols import m, mu
from theory.theorems.moments import OTHER_LEVEL
from theory.theorems.places import X_1, F, G, X, a, b, c, level, number
from theory.vocabulary.features import datum
from theory.vocabulary.moments import IN_A, direction, feature_law, pair_law
from theory.vocabulary.objects import Q, Theta, data, p0
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems import quadratics
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.samples import draws

MODELS = Models()
_STEP = 2.0**-4
"""A second difference of a quadratic is exact at any step."""
_WIDE = 12.0
_PAIRS = {
    **{name: Real(low=-3, high=3) for name in ("mean", "other_mean")},
    **{name: Real(low=0.2, high=3) for name in ("std", "other_std")},
    "correlation": Choice(options=("1", "-1", "0")),
}
_ALIKE = {"mean": 0.5, "std": 1.0, "other_mean": 1.0, "other_std": 2.0}


@dataclass(frozen=True)
class Normal:
    """A normal number, or one with the same mean and standard deviation and equal chances of two values."""

    mean: float
    std: float
    two_values: bool = False

    def moment(self, power: int) -> float:
        """E X^power over X > 0."""
        if self.two_values:
            values = np.array([self.mean - self.std, self.mean + self.std])
            return float(np.where(values > 0, np.maximum(values, 0.0) ** power, 0.0).mean())
        at = self.mean / self.std
        mass, density = float(scipy.stats.norm.cdf(at)), float(scipy.stats.norm.pdf(at))
        first = self.mean * mass + self.std * density
        return (mass, first, self.mean * first + self.std**2 * mass)[power]


@MODELS.of(
    *("probability of activity", "mean of a ReLU", "second moment of a ReLU"),
    fields={
        "mean": Real(low=-3, high=3),
        "std": Real(low=0.2, high=3),
        "kind": Choice(options=("normal", "two values")),
    },
    needs=("normal",),
)
def _relu(i: Instance) -> World:
    law = Normal(i["mean"], i["std"], i["kind"] == "two values")
    names = ("Active", "ReluMean", "ReluSquare")
    heads = {name: lambda law, k=k: law.moment(k) for k, name in enumerate(names)}
    facts = {"normal": lambda law, mean, std: not law.two_values and (law.mean, law.std) == (mean, std)}
    return World(values={feature_law: law, X: law.mean, level: law.std}, heads=heads, facts=facts)


@dataclass(frozen=True)
class Pair:
    """Two numbers μ + s z and μ' + c s'z' of one normal z for c = ±1, of independent ones for c = 0."""

    means: tuple[float, float]
    stds: tuple[float, float]
    correlation: int

    def product(self) -> float:
        """E σ(X)σ(Y): in sections between the kinks."""
        if self.correlation == 0:
            return math.prod(Normal(mean, std).moment(1) for mean, std in zip(self.means, self.stds, strict=True))
        slopes = (self.stds[0], self.correlation * self.stds[1])

        def rate(z: float) -> float:
            values = [max(mean + slope * z, 0.0) for mean, slope in zip(self.means, slopes, strict=True)]
            return math.prod(values) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

        kinks = [-mean / slope for mean, slope in zip(self.means, slopes, strict=True)]
        ends = sorted({-_WIDE, _WIDE, *(kink for kink in kinks if abs(kink) < _WIDE)})
        return sum(scipy.integrate.quad(rate, *each, epsabs=0)[0] for each in itertools.pairwise(ends))


@MODELS.of(
    "product of ReLUs at correlation 1",
    fields=_PAIRS,
    extremal=({**_ALIKE, "correlation": "1"},),
    needs=("aligned_pair",),
)
@MODELS.of(
    "product of ReLUs at correlation −1",
    fields=_PAIRS,
    extremal=({**_ALIKE, "correlation": "-1"},),
    needs=("opposed_pair",),
)
def _pair(i: Instance) -> World:
    law = Pair((i["mean"], i["other_mean"]), (i["std"], i["other_std"]), int(i["correlation"]))

    def at(correlation: int) -> Callable[..., bool]:
        return lambda pair, *numbers: pair == Pair((numbers[0], numbers[2]), (numbers[1], numbers[3]), correlation)

    return World(
        values={pair_law: law, X: i["mean"], level: i["std"], X_1: i["other_mean"], OTHER_LEVEL: i["other_std"]},
        heads={"ReluProduct": lambda pair: pair.product()},
        facts={"aligned_pair": at(1), "opposed_pair": at(-1)},
    )


# Along a line ------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Loss(quadratics.Quadratic):
    """A quadratic, with a multiple of ‖Θ‖⁴."""

    quartic: float = 0.0


def _value(q: _Loss, at: np.ndarray) -> float:
    return quadratics.value_at(q, at) + q.quartic * float((at**2).sum()) ** 2


def _loss(i: Instance) -> tuple[np.random.Generator, _Loss, np.ndarray, np.ndarray]:
    rng = generator(i)
    plain = quadratics.features_loss(rng, i["width"], i["dim"])
    q = _Loss(matrix=plain.matrix, vector=plain.vector, constant=plain.constant)
    theta, way = rng.normal(size=(2, i["dim"], i["width"]))
    return rng, replace(q, quartic=1.0) if i["kind"] == "quartic" else q, theta, way


def _second(q: _Loss, way: np.ndarray, coordinates: Any) -> float:
    """D²L[H, H] at 0 by a second difference, in Θ or in A = √m Θ."""
    step = _STEP * way / (np.sqrt(way.shape[1]) if coordinates == IN_A else 1.0)
    return (_value(q, step) - 2 * _value(q, 0 * step) + _value(q, -step)) / _STEP**2


_HEADS: dict[str, Callable[..., Any]] = {
    "Value": _value,
    "Line": lambda at, way, step: at + step * way,
    "Slope": lambda q, at, way: float(np.trace((at @ q.matrix - q.vector) @ way.T)),
    "Form": lambda q, way: float(np.trace(way @ q.matrix @ way.T)),
    "SecondVariation": _second,
}
_FACTS = {"quadratic_form": lambda q: q.quartic == 0.0}
_SIZES = {"width": Integer(low=1, high=3), "dim": Integer(low=1, high=2)}


@MODELS.of(
    "quadratic along a line",
    fields={**_SIZES, "kind": Choice(options=("quadratic", "quartic")), "step": Real(low=-2, high=2)},
    needs=("quadratic_form",),
)
def _line(i: Instance) -> World:
    _, q, theta, way = _loss(i)
    return World(values={Q: q, Theta: theta, direction: way, number: i["step"]}, heads=_HEADS, facts=_FACTS)


@MODELS.of(
    "second variation along a line",
    "second variation along a line of A",
    fields={**_SIZES, "kind": Choice(options=("quadratic", "other form"))},
    needs=("hypothesis",),
)
def _variation(i: Instance) -> World:
    """The coefficients by interpolation at three points: those along H for the first theorem, along H/√m for both."""
    rng, q, theta, way = _loss({**i, "kind": "quadratic"})
    in_a = rng.random() < 0.5
    width = i["width"]
    along = [_value(q, theta + step * way / (np.sqrt(width) if in_a else 1.0)) for step in (-1.0, 0.0, 1.0)]
    form = {a: along[1], b: (along[2] - along[0]) / 2, c: (along[2] + along[0]) / 2 - along[1]}
    if i["kind"] == "other form":
        form[c] += 1.0
    ranges = {number: (-1.5, 0.25, 2.0)}
    return World(
        values={Q: q, Theta: theta, direction: way, m: width, **form}, heads=_HEADS, facts=_FACTS, ranges=ranges
    )


# Means over data ------------------------------------------------------------

_DATA = {
    "width": Integer(low=1, high=3),
    "rare": Real(low=0.001, high=0.5, log=True),
    "kind": Choice(options=("drawn", "other law", "rare")),
}


@MODELS.of("scatter of matrices", fields=_DATA, extremal=({"width": 1, "rare": 0.001, "kind": "rare"},), needs=("law",))
@MODELS.of(
    "monotonicity of a mean over data",
    fields={**_DATA, "order": Choice(options=("equal", "below", "above"))},
    needs=("hypothesis",),
)
def _data(i: Instance) -> World:
    rng = generator(i)
    law = rng.dirichlet(np.ones(3)) if i["kind"] != "rare" else np.array([i["rare"], 1 - i["rare"], 0.0])
    q = quadratics.features_loss(rng, i["width"], 1, law=law)
    if i["kind"] == "rare":  # the matrix vanishes but at one datum
        q = replace(
            q, parts=lambda x: (np.eye(i["width"]) * float(np.array_equal(x, quadratics.points(3)[0])), q.vector)
        )
    given = quadratics.points(3)
    sample = draws(100 * given + 7 if i["kind"] == "other law" else given, law, 1)
    sizes = {x.tobytes(): rng.uniform(1, 2) for x in given}
    shift = {"equal": 0.0, "below": -0.5, "above": 0.5}[i.get("order", "below")]
    heads = {
        **quadratics.HEADS,
        "At": lambda part, x: part(x),
        "FrobeniusNorm": lambda at: float(np.linalg.norm(at)),
        "DataMean": lambda _p, function: float(sum(w * function(x) for w, x in zip(law, given, strict=True))),
    }
    facts = {"law": lambda drawn, _p: np.array_equal(drawn.atoms, given)}
    values = {Q: q, p0: None, data: sample, F: lambda x: sizes[x.tobytes()] + shift, G: lambda x: sizes[x.tobytes()]}
    return World(values=values, heads=heads, facts=facts, ranges={datum: tuple(given)})


@MODELS.of(
    "moments of two modes",
    fields={"mu": Real(low=0, high=3), "weight": Real(low=0, high=1), "kind": Choice(options=("true", "wider"))},
    needs=("two_mode_law",),
)
def _two_modes(i: Instance) -> World:
    """The mean over the law by Gauss's rule, exact for polynomials."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(8)
    std = 1.5 if i["kind"] == "wider" else 1.0

    def mean(_law: Any, function: Callable[[float], float]) -> float:
        modes = ((1 - i["weight"], -i["mu"]), (i["weight"], i["mu"]))
        terms = (q * w * function(a + std * z) for q, a in modes for z, w in zip(nodes, weights, strict=True))
        return float(sum(terms) / np.sqrt(2 * np.pi))

    heads = {"DataMean": mean, "StartSquare": lambda x: x**2}
    values = {p0: None, mu: i["mu"], a: 0.5, b: -0.3, c: 1.0}
    return World(values=values, heads=heads, facts={"two_mode_law": lambda _p, _mu: std == 1.0})
