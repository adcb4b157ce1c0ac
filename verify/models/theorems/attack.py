"""Attacks on theorems: each must hold in its model, while what is 1 % stronger, or lacks a hypothesis, fails there."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import sympy as sp
from scipy.integrate import IntegrationWarning

from theory.vocabulary.statements import Fact, Rel, Theorem
from theory.vocabulary.terms import Object, Term
from verify.evidence.chart import scattered
from verify.evidence.domain import Choice, Domain, Field, Instance, Integer
from verify.models.theorems.interpretation import World, conclusion, hypotheses

DRAWN = 16
"""Instances drawn beside those that a model names."""
_LESS, _MORE = sp.Rational(99, 100), sp.Rational(101, 100)
Variants = Callable[[Theorem], Mapping[str, Theorem]]


@dataclass(frozen=True, kw_only=True)
class Model:
    """A numeric model of a theorem: instances of ``domain``, each of which ``world`` makes an interpretation.

    ``extremal`` instances, where it is tight or a hypothesis is violated, are visited first. ``loose`` says why no
    instance comes within 1 % of equality; a theorem with it is counted. ``needs`` names the hypotheses without which an
    instance of the model refutes it. ``variants`` are the wrong theorems, where they are not the right side × 0.99.
    """

    theorem: str
    domain: Domain
    world: Callable[[Instance], World]
    extremal: tuple[Instance, ...] = ()
    loose: str = ""
    needs: tuple[str, ...] = ()
    variants: Variants | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a model says of its theorem.

    ``met`` counts the instances with all hypotheses, ``false`` are those of them at which it fails; ``refuted`` has for
    each wrong variant, ``without`` for each hypothesis that an instance alone violates, an instance that refutes it.
    """

    theorem: Theorem
    model: Model
    met: int
    false: tuple[Instance, ...]
    worst: float
    refuted: Mapping[str, Instance | None]
    without: Mapping[str, Instance | None]
    seconds: float

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the theorem or its model, in words."""
        found = [f"is false at {dict(instance)}" for instance in self.false]
        if self.met == 0:
            found.append("met no instance of its model")
        sharp = self.sharp
        if not sharp and not self.model.loose:
            alive = [name for name, instance in self.refuted.items() if instance is None]
            found.append(f"is refuted by no instance as {' or '.join(alive) or 'a variant, for it has none'}")
        if sharp and self.model.loose:
            found.append(f"is called loose ({self.model.loose}), but is refuted with 1 % less")
        found += [f"is not refuted without {name}" for name in self.model.needs if self.without.get(name) is None]
        return tuple(found)

    @property
    def sharp(self) -> bool:
        """Whether an instance refutes what is 1 % stronger, or the conclusion without a hypothesis."""
        kinds: dict[str, list[bool]] = {}
        for name, instance in self.refuted.items():
            kinds.setdefault(name.split(":", maxsplit=1)[0], []).append(instance is not None)
        if not kinds:
            return any(instance is not None for instance in self.without.values())
        return any(all(each) for each in kinds.values())


def attack(theorem: Theorem, model: Model, *, seed: int = 0, drawn: int = DRAWN) -> Finding:
    """Interpret a theorem, its wrong variants and it without a hypothesis at the instances of its model.

    The instances are those that the model names, some with each option of each choice, and ``drawn`` others.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", IntegrationWarning)  # a side that is not finite fulfils nothing
        return _attack(theorem, model, seed, drawn)


def _attack(theorem: Theorem, model: Model, seed: int, drawn: int) -> Finding:
    begin = time.perf_counter()
    variants = dict((model.variants or stronger)(theorem))
    refuted: dict[str, Instance | None] = dict.fromkeys(variants)
    names = _names(theorem)
    without: dict[str, Instance | None] = {}
    met, false, worst = 0, [], math.nan
    for instance in _instances(model, seed, drawn):
        world = model.world(instance)
        if not _admitted(theorem, world):
            continue
        given, where = hypotheses(theorem, world)
        violated = [name for name, holds in zip(names, given, strict=True) if not holds]
        if len(violated) > 1 or not (violated or np.any(where)):
            continue
        holds, ratio = conclusion(theorem, world, where if not violated else True)
        if violated:
            without[violated[0]] = without.get(violated[0]) or (None if holds else instance)
            continue
        met += 1
        worst = ratio if math.isnan(worst) else max(worst, ratio) if not math.isnan(ratio) else worst
        if not holds:
            false.append(instance)
        for name, changed in variants.items():
            if refuted[name] is None and not conclusion(changed, world, where)[0]:
                refuted[name] = instance
    return Finding(
        theorem=theorem,
        model=model,
        met=met,
        false=tuple(false),
        worst=worst,
        refuted=refuted,
        without=without,
        seconds=time.perf_counter() - begin,
    )


def _instances(model: Model, seed: int, drawn: int) -> Iterable[Instance]:
    rng = np.random.default_rng([seed, *model.theorem.encode()])
    yield from model.extremal
    options = [(name, entry.options) for name, entry in model.domain.fields.items() if isinstance(entry, Choice)]
    for name, option in ((name, option) for name, entries in options for option in entries):
        yield {**scattered(model.domain, rng), name: option}
    for _ in range(drawn):
        yield scattered(model.domain, rng)


def _admitted(theorem: Theorem, world: World) -> bool:
    """Whether the numbers that the theorem takes lie in the domains of their symbols."""
    numbers = [(symbol, world.values.get(symbol)) for symbol in theorem.takes if isinstance(symbol, sp.Symbol)]
    return all(
        not isinstance(number, (int, float))
        or not ((symbol.is_positive and number <= 0) or (symbol.is_nonnegative and number < 0))
        for symbol, number in numbers
    )


def _names(theorem: Theorem) -> list[str]:
    """Names of the hypotheses: a fact's own, with its place where there are two of that name."""
    plain = [need.name if isinstance(need, Fact) else "hypothesis" for need in theorem.given]
    return [name if plain.count(name) == 1 else f"{name} {k}" for k, name in enumerate(plain, 1)]


# Wrong variants ------------------------------------------------------------


def stronger(theorem: Theorem) -> Mapping[str, Theorem]:
    """The theorem 1 % stronger: the right side × 0.99, × 1.01 too for an equality, the failure, a fact's numbers.

    Of variants whose names begin alike all must be refuted, of the kinds one.
    """
    says = theorem.says
    if isinstance(says, Rel):
        found = {"right side: × 0.99": _right(theorem, _LESS)}
        if says.sign == "=":
            found["right side: × 1.01"] = _right(theorem, _MORE)
        if theorem.failure != 0:
            found["failure: × 0.99"] = replace(theorem, failure=theorem.failure * _LESS)
        return found
    numbers = [k for k, part in enumerate(says.args) if _is_number(part, theorem)]
    return {
        f"argument {k + 1}: × 0.99": replace(
            theorem, says=Fact(says.name, (*says.args[:k], says.args[k] * _LESS, *says.args[k + 1 :]))
        )
        for k in numbers
        if k > 0
    }


def _is_number(part: sp.Basic, theorem: Theorem) -> bool:
    return (
        isinstance(part, sp.Expr) and not isinstance(part, (Object, Term, sp.Lambda)) and part not in theorem.statistics
    )


def _right(theorem: Theorem, factor: sp.Rational) -> Theorem:
    says = theorem.says
    return replace(theorem, says=Rel(says.left, says.sign, factor * says.right))  # type: ignore[union-attr]


def scaled(part: Any, *factors: sp.Rational) -> Variants:
    """Variants with one term of the conclusion multiplied, where it stands on no side alone."""

    def made(theorem: Theorem) -> Mapping[str, Theorem]:
        return {
            f"{part}: × {factor}": replace(
                theorem, says=theorem.says.map(lambda e, f=factor: e.xreplace({part: f * part}))
            )
            for factor in factors or (_LESS,)
        }

    return made


# Registration ------------------------------------------------------------

SEED = Integer(low=0, high=10**6)
"""From which a model makes what it need not name number by number."""


@dataclass(frozen=True)
class Models:
    """The models of a field, gathered by a decorator on functions from an instance to a world."""

    found: dict[str, Model] = field(default_factory=dict)

    def of(
        self,
        *theorems: str,
        fields: Mapping[str, Field] | None = None,
        extremal: Iterable[Instance] = (),
        loose: str = "",
        needs: Iterable[str] = (),
        variants: Variants | None = None,
    ) -> Callable[[Callable[[Instance], World]], Callable[[Instance], World]]:
        """Register a function as the model of theorems; fields beside the seed are those of its instances."""

        def register(world: Callable[[Instance], World]) -> Callable[[Instance], World]:
            domain = Domain(fields={"seed": SEED, **(fields or {})})
            for name in theorems:
                if name in self.found:
                    raise ValueError(f"the theorem {name!r} has two models; remove one")
                self.found[name] = Model(
                    theorem=name,
                    domain=domain,
                    world=world,
                    extremal=tuple({"seed": 0, **each} for each in extremal),
                    loose=loose,
                    needs=tuple(needs),
                    variants=variants,
                )
            return world

        return register


def generator(instance: Instance) -> np.random.Generator:
    """The random stream of an instance's seed."""
    return np.random.default_rng(instance["seed"])
