"""Models of the bounds by suprema over a bounded support: losses of a few features, data with heavy tails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from theory.theorems.places import bound
from theory.vocabulary.objects import Q, Theta, data, p0
from verify.evidence.domain import Choice, Instance, Integer, Real
from verify.models.theorems import quadratics
from verify.models.theorems.attack import Models, generator
from verify.models.theorems.concentration import largest, strongest, variance, widest
from verify.models.theorems.interpretation import World
from verify.models.theorems.samples import Draws, draws

MODELS = Models()


@dataclass(frozen=True)
class Heavy:
    """A law on a half-line with P(‖Y‖ > y) = y^−tail: unbounded, its second moment finite for tail > 2."""

    tail: float

    def image(self, _function: Any) -> Heavy:
        """A map that is linear at infinity keeps the tail."""
        return self


def _finite(measure: Callable[[Any, float], bool]) -> Callable[[Any, float], bool]:
    return lambda sample, limit: not isinstance(sample, Heavy) and measure(sample, limit)


@dataclass(frozen=True)
class Part:
    """A map from a datum, with whether it depends on the data."""

    of: Callable[[Any], Any]
    fixed: bool = True

    def __call__(self, datum: Any) -> Any:
        """Its value."""
        return self.of(datum)


HEADS: dict[str, Callable[..., Any]] = {
    **quadratics.HEADS,
    "NormBound": lambda sample: strongest(sample) if sample.atoms.ndim == 3 else largest(sample),
    "Diameter": widest,
}
FACTS: dict[str, Callable[..., bool]] = {
    **{name: _finite(quadratics.FACTS[name]) for name in ("operator_bounded", "diameter")},
    "square_integrable": lambda y: y.tail > 2 if isinstance(y, Heavy) else bool(np.isfinite(variance(y))),
    "bounded_support": lambda law: isinstance(law, Draws),
    "law": lambda sample, law: np.array_equal(sample.atoms, law.atoms) and np.array_equal(sample.law, law.law),
    "fixed": lambda made, _sample: made.fixed,
}
_FIELDS = {"width": Integer(low=1, high=3), "dim": Integer(low=1, high=2), "n": Integer(low=1, high=2)}


def _world(i: Instance, sample: Any, **values: Any) -> World:
    rng = generator(i)
    q = quadratics.features_loss(rng, i["width"], i["dim"])
    theta = rng.normal(size=(i["dim"], i["width"]))
    names = {"bound": bound, "p0": p0}
    given = {names[name]: item for name, item in values.items()}
    return World(values={Q: q, Theta: theta, data: sample, **given}, heads=HEADS, facts=FACTS)


@MODELS.of("supremum of matrices", "diameter of half-gradients", fields=_FIELDS)
def _suprema(i: Instance) -> World:
    sample = draws(quadratics.points(4), generator(i).dirichlet(np.ones(4)), i["n"])
    return _world(i, sample, p0=sample)


@MODELS.of(
    "bounded matrices are square-integrable",
    fields={**_FIELDS, "tail": Real(low=1, high=4), "kind": Choice(options=("bounded", "heavy"))},
    needs=("operator_bounded",),
    variants=lambda _theorem: {},
)
@MODELS.of(
    "half-gradients of a diameter",
    fields={**_FIELDS, "tail": Real(low=1, high=4), "kind": Choice(options=("bounded", "heavy"))},
    needs=("diameter",),
    variants=lambda _theorem: {},
)
def _square_integrable(i: Instance) -> World:
    if i["kind"] == "heavy":
        return _world(i, Heavy(i["tail"]), bound=100.0)
    return _world(i, draws(quadratics.points(4), generator(i).dirichlet(np.ones(4)), i["n"]), bound=100.0)


@MODELS.of(
    "parts of a fixed quadratic",
    fields={**_FIELDS, "moving": Choice(options=("nothing", "parameters", "quadratic"))},
    needs=("fixed 1", "fixed 2"),
    variants=lambda _theorem: {},
)
def _fixed(i: Instance) -> World:
    """Whether a map is the same for all data is found by computing it for two samples."""
    rng = generator(i)
    theta = rng.normal(size=(i["dim"], i["width"]))
    losses = [quadratics.features_loss(np.random.default_rng(i["seed"] + k), i["width"], i["dim"]) for k in (0, 1)]
    second = losses[1] if i["moving"] == "quadratic" else losses[0]
    moved = 2 * theta if i["moving"] == "parameters" else theta

    def same(one: Any, two: Any) -> bool:
        return all(np.array_equal(one(datum), two(datum)) for datum in quadratics.points(4))

    def matrix(_q: Any) -> Part:
        maps = [quadratics.HEADS["MatrixPart"](q) for q in (losses[0], second)]
        return Part(maps[0], same(*maps))

    def gradient(_q: Any, _theta: Any) -> Part:
        maps = [quadratics.HEADS["GradientPart"](q, at) for q, at in ((losses[0], theta), (second, moved))]
        return Part(maps[0], same(*maps))

    heads = {**HEADS, "MatrixPart": matrix, "GradientPart": gradient}
    parameters = Part(lambda _datum: theta, np.array_equal(theta, moved))
    return World(values={Q: losses[0], Theta: parameters, data: None}, heads=heads, facts=FACTS)
