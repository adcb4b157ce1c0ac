"""Search for counterexamples: draws at every scale, climbs from the best of them, small witnesses of what they find."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from flint import arb

from theory.statement import Claim, Identity
from verify.balls.numbers import working_precision
from verify.evidence.ascent import Hunt, Over, hunt_down
from verify.evidence.budget import Context
from verify.evidence.chart import Space, scattered
from verify.evidence.conditions import check_beyond
from verify.evidence.confrontation import PRECISION, Evaluator, Experiment, Outcome, number
from verify.evidence.domain import Instance
from verify.evidence.scout import scouted
from verify.evidence.shrink import simplify, smallest
from verify.evidence.verdict import Evidence, Verdict, Witness

_SCOUTED = 128
"""Instances that are evaluated in floats for each step of the optimiser's budget."""


@dataclass
class Tally:
    """What a search has seen: counted instances, the first violation, and the instance nearest to one."""

    accepted: int = 0
    rejected: int = 0
    undefined: int = 0
    equal: int = 0
    violations: int = 0
    unknown: Instance | None = None
    first: Instance | None = None
    worst: tuple[Instance, Outcome] | None = None

    def add(self, instance: Instance, outcome: Outcome) -> None:
        """Count one accepted instance."""
        self.accepted += 1
        self.equal += outcome.equal
        self.violations += outcome.violated
        if outcome.violated and self.first is None:
            self.first = instance
        if math.isnan(outcome.ratio):
            self.undefined += 1
            self.unknown = self.unknown or instance
        elif self.worst is None or _severity(outcome) > _severity(self.worst[1]):
            self.worst = instance, outcome

    @property
    def ratio(self) -> float | None:
        """The largest ratio seen."""
        return None if self.worst is None else self.worst[1].ratio


def _severity(outcome: Outcome) -> tuple[bool, float]:
    return outcome.violated, outcome.ratio


@dataclass(frozen=True, kw_only=True)
class Search:
    """Attack a claim on an experiment's domain.

    REFUTED with a witness; SEARCHED where no instance violates the claim: those at which both sides are equal within
    very narrow balls count as met. UNDECIDED as soon as one instance is undefined (it is named), VACUOUS where none
    meets the hypotheses.
    """

    experiment: Experiment
    method: str = "search"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Visit the extremal instances, explore, climb from the best, and shrink what violates."""
        begin = time.perf_counter()
        evaluate = self.experiment.sides(claim)
        if not context.first_refutation:  # of the claim itself, not of a mutant
            check_beyond(claim, self.experiment, evaluate)
        tally = explore(claim, self.experiment, evaluate, context)
        details: dict[str, Any] = {
            "domain": self.experiment.domain.describe(),
            "accepted": tally.accepted,
            "rejected": tally.rejected,
            "undefined": tally.undefined,
            "equal": tally.equal,
            "measures": self.experiment.measures,
        }
        smallest = worst = None
        nearest = None if tally.worst is None else tally.worst[1].witness(tally.worst[0])
        factor = None if tally.worst is None else supported_factor(tally.worst[1])
        if tally.violations:
            smallest, worst = witnesses(claim, self.experiment, evaluate, tally, context)
            verdict, summary = Verdict.REFUTED, f"violated: ratio {smallest.ratio:.6g} at the smallest witness"
        elif tally.accepted == 0:
            verdict, summary = Verdict.VACUOUS, f"no instance met the hypotheses ({tally.rejected} rejected)"
        elif tally.undefined:
            details["unknown"] = tally.unknown
            verdict = Verdict.UNDECIDED
            summary = (
                f"{tally.undefined} of {tally.accepted} instances gave NaN or overflow, first {named(tally.unknown)}"
            )
        else:
            verdict, summary = Verdict.SEARCHED, f"{tally.accepted} instances"
        if not tally.violations and nearest is not None:
            summary += f" ({tally.equal} equal within the ball)" if tally.equal else ""
            summary += f", worst ratio {nearest.ratio:.6g} at {named(nearest.instance)}"
        if factor is not None:
            digits = max(0, round(-math.log10(factor[0] - factor[1])))
            summary += f"; holds with the right side × {factor[0]:.{digits}f}, refuted with × {factor[1]:.{digits}f}"
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            worst_ratio=worst.ratio if worst is not None else tally.ratio,
            smallest=smallest,
            worst=worst,
            nearest=nearest,
            factor=factor,
            instances=tally.accepted,
            experiment=self.experiment.name,
            details=details,
            seconds=time.perf_counter() - begin,
        )


def named(instance: Instance | None, limit: int = 60) -> str:
    """An instance in a few words: its numbers by name, cut where they are too many."""
    text = ", ".join(f"{name} = {_short(value)}" for name, value in (instance or {}).items())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _short(value: Any) -> str:
    if isinstance(value, (list, tuple, np.ndarray)):
        return "[" + ", ".join(map(_short, value)) + "]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def supported_factor(outcome: Outcome, digits: int = 4) -> tuple[float, float] | None:
    """Factors (holds, refuted) of the right side, one unit of the last digit apart, that an instance lies between.

    With the right side times ``refuted`` the instance violates the claim for certain; with ``holds`` it does not. None
    where the right side is not certainly positive, the left one neither, or no factor tells.
    """
    if not (bool(outcome.left > 0) and bool(outcome.right > 0)):
        return None
    with working_precision(PRECISION):
        ratio = number(outcome.left / outcome.right)
        if not 0 < ratio < math.inf:
            return None
        unit = 10.0 ** (math.floor(math.log10(ratio)) - digits + (1 if ratio < 1 else 0))
        most = math.ceil(ratio / unit)
        for k in (most, most - 1):  # a ratio of a few digits is only nearly a multiple of the unit
            holds, refuted = round(k * unit, 12), round((k - 1) * unit, 12)
            over, under = (bool(outcome.left > arb(factor) * outcome.right) for factor in (refuted, holds))
            if over and not under and refuted > 0:
                return holds, refuted
    return None


def explore(claim: Claim, experiment: Experiment, evaluate: Evaluator, context: Context) -> Tally:
    """Visit extremal instances and draws at every scale, then climb from what came nearest to a violation."""
    tally = Tally()
    known: dict[str, Outcome | None] = {}

    def visit(instance: Instance) -> Outcome | None:
        if context.first_refutation and tally.violations:
            raise Over
        key = repr(instance)
        if key not in known:
            known[key] = met(instance)
        return known[key]

    def met(instance: Instance) -> Outcome | None:
        if not experiment.domain.accepts(instance):
            tally.rejected += 1
            return None
        outcome = experiment.outcome(claim, evaluate, instance)
        tally.add(instance, outcome)
        return outcome

    rng = np.random.default_rng(context.at("ascent").sequence())
    hunt = Hunt(space=Space(experiment.domain), visit=visit, rng=rng)
    with suppress(Over):
        for instance in experiment.extremal:
            hunt.look(dict(instance))
        for _ in range(context.budget.examples):
            hunt.look(scattered(experiment.domain, rng))
        if experiment.closed_form and not isinstance(claim.relation, Identity):
            for instance in scouted(claim, experiment.domain, rng, _SCOUTED * context.budget.polish):
                hunt.look(instance)
    if not isinstance(claim.relation, Identity):  # an identity offers no slope to climb
        hunt_down(hunt, context.budget.polish)
    return tally


def witnesses(
    claim: Claim, experiment: Experiment, evaluate: Evaluator, tally: Tally, context: Context
) -> tuple[Witness, Witness]:
    """The smallest violating instance that shrinking finds, and the worst one seen.

    Where the first refutation is enough, that one is rounded and no more.
    """

    def violates(instance: Instance) -> bool:
        return experiment.domain.accepts(instance) and experiment.outcome(claim, evaluate, instance).violated

    def witness(instance: Instance) -> Witness:
        return experiment.outcome(claim, evaluate, instance).witness(instance)

    seen = tally.worst[0] if tally.worst is not None and tally.worst[1].violated else tally.first
    worst = dict(cast(Instance, seen))
    if context.first_refutation:
        return witness(simplify(experiment.domain, worst, violates)), witness(worst)
    candidates = [worst, *(dict(item) for item in experiment.extremal if violates(dict(item)))]
    return witness(smallest(experiment.domain, candidates, violates, context, key=claim.id)), witness(worst)
