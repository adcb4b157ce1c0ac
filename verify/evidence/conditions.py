"""Whether a claim needs the conditions that it states: instances beyond them, at which it must fail."""

from __future__ import annotations

import math

from flint import arb

from theory.statement import Claim, Hypothesis
from verify.evidence.confrontation import Evaluator, Experiment, value_of
from verify.evidence.domain import Instance


def violated(claim: Claim, instance: Instance) -> tuple[Hypothesis, ...]:
    """The checked hypotheses of a claim that do not hold at an instance, whose numbers have the symbols' names."""
    found = []
    for h in claim.hypotheses:
        if h.checked:
            values = {symbol: arb(instance[str(symbol)]) for symbol in h.free_symbols()}
            low, high = value_of(h.lesser, values), value_of(h.greater, values)
            if not bool(low < high if h.strict else low <= high):
                found.append(h)
    return tuple(found)


def check_beyond(claim: Claim, experiment: Experiment, evaluate: Evaluator) -> None:
    """Visit the instances beyond an experiment's domain, where it has any.

    Raises ValueError for a claim that fails at one that all its hypotheses allow (it lacks one, or states one too
    weakly), that holds at one that only a single hypothesis excludes (it does not need it), and for a checked
    hypothesis that no instance violates alone.
    """
    untried = {h.name: h.statement for h in claim.hypotheses if h.checked} if experiment.beyond else {}
    for instance in experiment.beyond:
        missing = violated(claim, instance)
        if len(missing) > 1:
            continue
        outcome = experiment.outcome(claim, evaluate, instance)
        fails = outcome.violated or math.isnan(outcome.ratio)
        if fails and not missing:
            raise ValueError(
                f"hypotheses of {claim.id} allow {dict(instance)}, beyond the domain of {experiment.name}, where it "
                "fails: state what excludes it"
            )
        if missing and not fails:
            raise ValueError(
                f"the hypothesis {missing[0].name!r} of {claim.id} ({missing[0].statement}) is not needed at "
                f"{dict(instance)}, where it holds: leave it out"
            )
        for h in missing:
            untried.pop(h.name, None)
    if untried:
        name, statement = next(iter(untried.items()))
        raise ValueError(
            f"no instance of {experiment.name} violates the hypothesis {name!r} of {claim.id} ({statement}) alone: add "
            "one to beyond="
        )
