"""Models of the theorems of divergences: Gaussian laws along linear SDEs, by moment equations and quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.integrate
import scipy.linalg

from theory.symbols import d
from theory.theorems.divergences import THEOREMS
from theory.theorems.places import F, G, X, a, b, c, level
from theory.vocabulary import features as fe
from theory.vocabulary import gaussians as gs
from theory.vocabulary.objects import p0
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems import line
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.interpretation import World
from verify.models.theorems.line import Mixture

MODELS = Models()
_ROUND = 2.0**-30
_WIDE = 12.0
"""Standard deviations beyond which a normal density is below a float's rounding."""
_BY_ID = {theorem.id: theorem for theorem in THEOREMS}
_LAW, _TIME = _BY_ID["divergence of a Gaussian from N(0, I)"].takes[0], _BY_ID["prior term"].takes[1]
_LATER = _BY_ID["convexity of the divergence over starting points"].takes[1]


@dataclass(frozen=True, kw_only=True)
class Gaussian:
    """N(m, vI) in d dimensions, ‖m‖ = ``mean``; it moves by dx = −ax dt + √2 dW with the ``pull`` a."""

    mean: float
    variance: float
    dim: int
    pull: float = 1.0

    def at(self, t: float) -> Gaussian:
        """The law at a time: m' = −am, v' = −2av + 2."""
        a = self.pull
        system = np.array([[-a, 0, 0], [0, -2 * a, 2], [0, 0, 0]])
        mean, variance, _ = scipy.linalg.expm(t * system) @ [self.mean, self.variance, 1.0]
        return Gaussian(mean=float(mean), variance=float(variance), dim=self.dim, pull=a)


def to_normal(law: Gaussian) -> float:
    """KL(law‖N(0, I)), coordinate by coordinate, by quadrature."""
    std = math.sqrt(law.variance)

    def along(mean: float) -> float:
        def density(z: float) -> float:
            x = mean + std * z
            return math.exp(-z * z / 2) / math.sqrt(2 * math.pi) * (x * x / 2 - z * z / 2 - math.log(std))

        return scipy.integrate.quad(density, -_WIDE, _WIDE, points=[0.0])[0]

    return along(law.mean) + (law.dim - 1) * (along(0.0) if law.dim > 1 else 0.0)


def is_gaussian(law: Gaussian, *numbers: float) -> bool:
    """The fact gaussian(law, ‖m‖, v, d)."""
    return bool(np.allclose((law.mean, law.variance, law.dim), numbers, rtol=_ROUND, atol=_ROUND))


_HEADS: dict[str, Callable[..., Any]] = {
    "AtTime": lambda law, t: law.at(t),
    "ToNormal": to_normal,
    "Prior": lambda law, t: _closed(law.at(t)),
}
_FACTS = {"gaussian": is_gaussian, "ornstein_uhlenbeck": lambda law: law.pull == 1.0}


def _closed(law: Gaussian) -> float:
    return (law.mean**2 + law.dim * (law.variance - 1 - math.log(law.variance))) / 2


_FIELDS = {
    "mean": Real(low=0.1, high=3),
    "variance": Real(low=0.1, high=3),
    "dim": Integer(low=1, high=3),
    "t": Real(low=0, high=2),
    "kind": Choice(options=("true", "other law", "other pull")),
}


@MODELS.of("Gaussian along an Ornstein–Uhlenbeck process", fields=_FIELDS, needs=("ornstein_uhlenbeck", "gaussian"))
@MODELS.of("divergence of a Gaussian from N(0, I)", fields=_FIELDS, needs=("gaussian",))
@MODELS.of("prior term", fields=_FIELDS)
def _gaussians(i: Instance) -> World:
    pull = 2.0 if i["kind"] == "other pull" else 1.0
    law = Gaussian(mean=i["mean"], variance=i["variance"], dim=i["dim"], pull=pull)
    stated = law.variance + (0.5 if i["kind"] == "other law" else 0.0)
    values = {p0: law, _LAW: law, X: law.mean, level: stated, d: law.dim, _TIME: i["t"]}
    return World(values=values, heads=_HEADS, facts=_FACTS)


# Mixtures ------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Mixed:
    """A mixture of normal laws on the line; ``actual``, the law that it is, may be another one."""

    weights: tuple[float, ...]
    components: tuple[Gaussian, ...]
    pull: float
    moved: float = 0.0

    @property
    def actual(self) -> Mixture:
        """The law; with ``moved`` its means are not the components'."""
        means = tuple((-1) ** k * each.mean + self.moved for k, each in enumerate(self.components))
        return Mixture(weights=self.weights, means=means, variances=tuple(each.variance for each in self.components))


_MIXTURES = {
    "count": Integer(low=1, high=3),
    "t": Real(low=0.05, high=2),
    "kind": Choice(options=("true", "other law", "other pull")),
}


@MODELS.of(
    "convexity of the divergence of a mixture",
    fields=_MIXTURES,
    extremal=({"count": 1, "t": 0.3, "kind": "true"},),
    needs=("gaussian_mixture",),
)
@MODELS.of("components of a mixture", "second moment of a mixture", fields=_MIXTURES, needs=("gaussian_mixture",))
@MODELS.of(
    "components follow the process", fields=_MIXTURES, needs=("ornstein_uhlenbeck",), variants=lambda _theorem: {}
)
@MODELS.of("mean over components", fields=_MIXTURES)
@MODELS.of(
    "monotonicity of a mean over components",
    fields={**_MIXTURES, "order": Choice(options=("equal", "below", "above"))},
    needs=("hypothesis",),
)
def _mixtures(i: Instance) -> World:
    rng, pull = generator(i), 2.0 if i["kind"] == "other pull" else 1.0
    weights = rng.dirichlet(np.ones(i["count"]))
    components = tuple(
        Gaussian(mean=float(a), variance=float(v), dim=1, pull=pull)
        for a, v in zip(rng.uniform(0.5, 2, i["count"]), rng.uniform(0.3, 2, i["count"]), strict=True)
    )
    law = Mixed(
        weights=tuple(map(float, weights)), components=components, pull=pull, moved=float(i["kind"] == "other law")
    )
    sizes = {component: rng.uniform(1, 2) for component in components}
    shift = {"equal": 0.0, "below": -0.5, "above": 0.5}[i.get("order", "below")]

    def mean(made: Mixed, function: Callable[[Gaussian], float]) -> float:
        return float(sum(w * function(each) for w, each in zip(made.weights, made.components, strict=True)))

    heads: dict[str, Callable[..., Any]] = {
        **_HEADS,
        "Prior": lambda made, t: line.to_normal(made.actual.diffused(t, made.pull)),
        "ComponentMean": mean,
        "MeanNorm": lambda component: component.mean,
        "Spread": lambda component: component.variance,
        "SecondMoment": lambda made: line.second_moment(made.actual),
    }
    facts: dict[str, Callable[..., bool]] = {
        **_FACTS,
        "gaussian_mixture": lambda made, _d: made.moved == 0.0,
        "gaussian": lambda each, *numbers: law.moved == 0.0 and is_gaussian(each, *numbers),
    }
    values = {p0: law, _TIME: i["t"], d: 1, gs.component: components[0], a: 2.0, b: -1.0, c: 0.5}
    values |= {F: lambda each: sizes[each] + shift, G: lambda each: sizes[each]}
    return World(values=values, heads=heads, facts=facts, ranges={gs.component: components})


@MODELS.of(
    "convexity of the divergence over starting points",
    fields=_MIXTURES,
    extremal=({"count": 1, "t": 0.3, "kind": "true"},),
)
@MODELS.of("transition of the Ornstein–Uhlenbeck process", fields=_MIXTURES, needs=("ornstein_uhlenbeck", "hypothesis"))
@MODELS.of("mean of the squared start", fields=_MIXTURES)
def _starts(i: Instance) -> World:
    """Finitely many starting points on the line."""
    rng, pull = generator(i), 2.0 if i["kind"] == "other pull" else 1.0
    law, points = rng.dirichlet(np.ones(i["count"])), rng.uniform(0.5, 2, i["count"])
    starts = Mixture(weights=tuple(law), means=tuple(points), variances=(0.0,) * len(points))
    heads: dict[str, Callable[..., Any]] = {
        **_HEADS,
        "Prior": lambda made, t: line.to_normal(made.diffused(t, pull)),
        "DataMean": lambda _made, function: float(sum(w * function(x) for w, x in zip(law, points, strict=True))),
        "Transition": lambda x, t: Gaussian(mean=float(x), variance=0.0, dim=1, pull=pull).at(t),
        "StartSquare": lambda x: float(x**2),
        "SecondMoment": lambda _made: float(law @ points**2),
    }
    facts = {**_FACTS, "ornstein_uhlenbeck": lambda _made: pull == 1.0, "second_moment": lambda _made, _d: True}
    stated = float(points[0]) + (0.5 if i["kind"] == "other law" else 0.0)
    values = {p0: starts, _LATER: i["t"], d: 1, X: stated, fe.datum: float(points[0]), a: 2.0, b: -1.0}
    return World(values=values, heads=heads, facts=facts)
