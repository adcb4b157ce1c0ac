"""Chooses a lemma's methods by what is given: search, enumeration, certificate, solver, probability, tests, scaling."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from theory.quantifiers import UpToConstant, WithProbability
from theory.statement import Claim
from verify.balls.numbers import working_precision
from verify.evidence.confrontation import PRECISION, Experiment, number
from verify.evidence.domain import Choice, Domain, Instance, Integer, Real
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Method
from verify.evidence.scaling import Axis, Scaling, bisected_constant, linear_constant
from verify.evidence.search import Search
from verify.evidence.smt import Smt, applies
from verify.evidence.staged import Staged
from verify.evidence.symbolic import Sign, Status, Step, Tends
from verify.lemma.certificate import one_variable
from verify.lemma.instances import instances
from verify.lemma.ranges import Range
from verify.lemma.reading import AnySides, ExpectationSides, ProbabilitySides, RelationSides
from verify.lemma.sampling import Checked, CrossCheck, Sampler, means_agree, probabilities_agree

_LISTED = 1000
"""The largest finite domain that is enumerated."""
_FAMILY, _POINTS = 8, 13


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a lemma's arguments were read into; ``sides`` is None where only a sample is given."""

    claim: Claim
    domain: Domain
    ranges: Mapping[str, Range]
    sides: AnySides | None
    sampler: Sampler | None
    limits: tuple[sp.Expr, sp.Expr] | None
    measured: tuple[sp.Symbol, ...]
    along: tuple[str, ...]


def methods(parts: Parts) -> tuple[Method, ...]:
    """The methods of a lemma's plan, cheapest refutation first."""
    if parts.sides is None:
        return (_tests(parts),)
    experiment = Experiment(
        name="lemma",
        domain=parts.domain,
        sides=parts.sides,
        measures=_MEASURES.get(type(parts.sides), "left side over right side"),
        closed_form=_closed(parts),
    )
    chosen: list[Any] = []
    if isinstance(parts.claim.quantifier, UpToConstant):
        chosen.append(_scaling(parts, experiment))
    else:
        chosen.append(Search(experiment=experiment))
        listed = _listed(parts.domain, experiment)
        certificate = one_variable(parts.sides.gap, parts.claim, parts.ranges, parts.claim.hypotheses)
        chosen += [item for item in (listed, certificate) if item is not None]
        if listed is None and experiment.closed_form and applies(parts.claim, parts.domain):
            chosen.append(Smt(experiment=experiment))
    if parts.sampler is None:
        return tuple(chosen)
    check = _cross_check(parts, parts.sampler)
    return (check, *(Checked(inner=item, check=check) for item in chosen))


def _closed(parts: Parts) -> bool:
    """Whether both sides are expressions of the domain's own numbers."""
    if not isinstance(parts.sides, RelationSides) or parts.measured:
        return False
    return all(name == str(symbol) for name, symbol in parts.sides.reading.numbers.items())


_MEASURES = {
    ProbabilitySides: "probability that the left side exceeds the right one, over δ",
    ExpectationSides: "expectation of the left side over the right side",
}


def _tests(parts: Parts) -> Staged:
    sampler, limits = parts.sampler, parts.limits
    if sampler is None:
        raise ValueError("sides or sampler must be given")
    if limits is None:
        return Staged(
            domain=parts.domain, trials=sampler.violations, measures="frequency of violations over δ, by fresh samples"
        )
    return Staged(
        domain=parts.domain,
        trials=lambda claim: sampler.means(claim, limits),
        measures="mean of the left side over the right side, by fresh samples",
    )


def _cross_check(parts: Parts, sampler: Sampler) -> CrossCheck:
    sides, claim = parts.sides, parts.claim
    if isinstance(sides, ProbabilitySides):
        return CrossCheck(domain=parts.domain, name="violation", compared=probabilities_agree(claim, sampler, sides))
    if isinstance(sides, ExpectationSides):
        compared = means_agree("expectation", lambda instance: sides(claim)(instance)[0], sampler.values)
        return CrossCheck(domain=parts.domain, name="expectation", compared=compared)
    (symbol,) = parts.measured
    name = f"measure[{symbol}]"
    return CrossCheck(
        domain=parts.domain,
        name=name,
        compared=means_agree(name, lambda instance: sampler.reading(instance)[symbol], sampler.values),
    )


# Enumeration ---------------------------------------------------------------------------------------------------------


def _listed(domain: Domain, experiment: Experiment) -> Exhaustive | None:
    """An enumeration of a small finite domain."""
    columns = [_options(entry) for entry in domain.fields.values()]
    if any(column is None for column in columns):
        return None
    sizes = [len(column) for column in columns if column is not None]
    if np.prod([float(size) for size in sizes]) > _LISTED:
        return None

    def elements(_size: int) -> Iterable[Instance]:
        made = (dict(zip(domain.fields, values, strict=True)) for values in product(*columns))  # type: ignore[arg-type]
        return (instance for instance in made if domain.accepts(instance))

    ranges = ", ".join(f"{name} {text}" for name, text in domain.describe().items())
    return Exhaustive(experiment=experiment, elements=elements, covers=lambda _size: ranges)


def _options(entry: Any) -> Sequence[Any] | None:
    if isinstance(entry, Choice):
        return entry.options
    return range(entry.low, entry.high + 1) if isinstance(entry, Integer) else None


# Up to a constant ----------------------------------------------------------------------------------------------------


def _scaling(parts: Parts, experiment: Experiment) -> Scaling:
    sides, quantifier = parts.sides, parts.claim.quantifier
    probable = isinstance(quantifier, UpToConstant) and isinstance(quantifier.inner, WithProbability)
    if probable and isinstance(sides, ProbabilitySides):
        needed = bisected_constant(lambda claim: _violation(sides, claim))
    else:
        needed = linear_constant(experiment)
    return Scaling(
        experiment=experiment,
        needed=needed,
        axes=tuple(_axis(parts.domain, name) for name in parts.along),
        divergence=None
        if parts.measured or not isinstance(sides, RelationSides)
        else partial(_divergence, parts.along),
    )


def _divergence(along: Sequence[str], claim: Claim) -> Sequence[Step]:
    """That no constant works: both sides are positive, and right over left tends to 0; nothing where that is unseen."""
    constants = {constant.symbol: sp.S.One for constant in claim.constants.values()}
    left, right = (side.total().subs(constants) for side in (claim.relation.lhs, claim.relation.rhs))
    for symbol in sorted((left / right).free_symbols, key=str):
        steps = (
            Sign(name="left side > 0", expr=left, strict=True),
            Sign(name="right side > 0", expr=right, strict=True),
            Tends(
                name=f"right side over left side → 0 as {symbol} → ∞",
                expr=right / left,
                variable=symbol,
                point=sp.oo,
                value=sp.S.Zero,
            ),
        )
        if str(symbol) in along and all(step.check() is Status.VERIFIED for step in steps):
            return steps
    return ()


def reference(parts: Parts) -> sp.Integer:
    """A power of ten well above the constant that a few instances need; where it suffices is what is looked for."""
    if parts.sides is None:
        return sp.S.One
    scaling = _scaling(parts, Experiment(name="trial", domain=parts.domain, sides=parts.sides))
    ends = [family for axis in scaling.axes for k in (0, -1) for family in axis.family(axis.values[k])[:2]]
    looked_at = [*instances(parts.domain, 3, np.random.default_rng(0)), *ends]
    with working_precision(PRECISION):
        needed = scaling.needed(parts.claim)
        found = [number(needed(instance)) for instance in looked_at]
    largest = max((value for value in found if 0 < value < math.inf), default=1.0)
    return sp.Integer(10) ** max(math.ceil(math.log10(10 * largest)), 0)


def _violation(sides: ProbabilitySides, claim: Claim) -> Any:
    evaluate = sides.with_constants(claim)
    (name,) = (name for name, constant in claim.constants.items() if constant.hidden)
    return lambda instance, constant: evaluate(instance, {name: constant})


def _axis(domain: Domain, name: str) -> Axis:
    """The axis of a field from its low end to its high one, with the same few values of the other fields all along."""
    entry = domain.fields[name]
    if not isinstance(entry, (Real, Integer)):
        raise ValueError(f"along must name numbers; got {name}")
    values = _steps(entry)
    others = instances(domain, _FAMILY, np.random.default_rng(0))

    def family(value: float) -> Sequence[Mapping[str, Any]]:
        exact = int(value) if isinstance(entry, Integer) else value
        moved = ({**instance, name: exact} for instance in others)
        return [instance for instance in moved if domain.accepts(instance)]

    return Axis(parameter=name, values=values, family=family, text=f"at {len(others)} values of the others")


def _steps(entry: Real | Integer) -> tuple[float, ...]:
    low, high = float(entry.low), float(entry.high)
    wide = low > 0 and high >= 100 * low
    points = np.geomspace(low, high, _POINTS) if wide else np.linspace(low, high, _POINTS)
    points = np.clip(np.round(points) if isinstance(entry, Integer) else points, low, high)
    return tuple(dict.fromkeys(float(point) for point in points))


def wide(entry: Any) -> bool:
    """Whether a field is a positive range wide enough to show a trend."""
    return isinstance(entry, (Real, Integer)) and entry.low > 0 and entry.high >= 100 * entry.low
