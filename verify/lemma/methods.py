"""Chooses a lemma's methods by what is given: search, enumeration, certificate, solver, probability, tests, scaling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import numpy as np

from theory.quantifiers import UpToConstant
from verify.evidence.confrontation import Experiment
from verify.evidence.domain import Choice, Domain, Instance, Integer
from verify.evidence.exhaustive import Exhaustive
from verify.evidence.plan import Method
from verify.evidence.search import Search
from verify.evidence.smt import Smt, applies
from verify.evidence.staged import Staged
from verify.lemma.certificate import one_variable
from verify.lemma.parts import Parts
from verify.lemma.reading import ExpectationSides, ProbabilitySides, RelationSides
from verify.lemma.sampling import Checked, CrossCheck, Sampler, means_agree, probabilities_agree
from verify.lemma.trends import scaling

_LISTED = 1000
"""The largest finite domain that is enumerated."""


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
        chosen.append(scaling(parts, experiment))
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
