"""Audits of ``≲``: the smallest constant that a statement needs, and its trend along what it may not depend on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flint import arb

from theory.statement import Claim
from verify.balls.enclosures import enclose
from verify.balls.numbers import working_precision
from verify.evidence.budget import Context
from verify.evidence.confrontation import PRECISION, Experiment, number
from verify.evidence.domain import Instance
from verify.evidence.search import explore, witnesses
from verify.evidence.symbolic import Cited, Status, Step, checked_steps
from verify.evidence.verdict import Evidence, Trend, Verdict

GROWTH = 1000.0
"""A constant that grows monotonically by this factor along an axis is refuted up to its last value without a proof."""

Needed = Callable[[Instance], arb]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """A parameter that the constant may not depend on, with a family of instances along it.

    ``family(value)`` gives the instances at a value of the parameter (the largest constant needed there counts);
    their numbers may be balls, so that values beyond floating point are reached.
    """

    parameter: str
    values: tuple[float, ...]
    family: Callable[[float], Sequence[Instance]]
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """Measure the smallest constant K of a claim "up to a constant".

    ``needed(claim)`` compiles to the smallest K at an instance. ``divergence(claim)`` are the steps of a proof that no
    constant works; its steps must use the claim's own expressions.
    """

    experiment: Experiment
    needed: Callable[[Claim], Needed]
    axes: tuple[Axis, ...]
    divergence: Callable[[Claim], Sequence[Step]] | None = None
    method: str = "scaling"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Trace K along every axis, and search the domain at the reference value of K."""
        begin = time.perf_counter()
        with working_precision(PRECISION):
            needed = self.needed(claim)
            trends = {axis.parameter: _trend(axis, needed) for axis in self.axes}
        growing = {name: trend for name, trend in trends.items() if trend.grows}
        proof = list(self.divergence(claim)) if self.divergence else []
        statuses = [step.check() for step in proof]
        proved = any(not isinstance(step, Cited) for step in proof) and all(
            status is Status.VERIFIED for status in statuses
        )
        evaluate = self.experiment.sides(claim)
        tally = explore(claim, self.experiment, evaluate, context)
        reference = float(claim.constants[hidden_constant(claim)].value)
        ratio = tally.best[0][0] if tally.best else None
        smallest = worst = None
        if growing or proved:
            smallest = worst = tally.first
            if tally.violations and not context.first_refutation:
                smallest, worst = witnesses(claim, self.experiment, evaluate, tally, context)
            ratio = worst.ratio if worst else ratio
            how = (
                "no constant works (proved)"
                if proved
                else f"no constant up to {max(trend.largest for trend in growing.values()):.3g} works"
            )
            grown = ", ".join(f"{name} (like {name}^{trend.slope:.2f})" for name, trend in growing.items())
            verdict, summary = Verdict.REFUTED, how + (f"; grows along {grown}" if grown else "")
        elif tally.violations:
            verdict, summary = Verdict.UNDECIDED, f"needs a constant above {reference:.6g}; no growth was found"
        elif tally.accepted == 0:
            verdict, summary = Verdict.VACUOUS, "no instance met the hypotheses"
        elif tally.undefined or any(not math.isfinite(trend.largest) for trend in trends.values()):
            verdict, summary = Verdict.UNDECIDED, "NaN or overflow among the instances"
        else:
            largest = max([reference * (ratio or 0.0), *(trend.largest for trend in trends.values())])
            verdict = Verdict.SEARCHED
            summary = (
                f"{hidden_constant(claim)} = {reference:.6g} suffices on {tally.accepted} instances; "
                f"largest needed {largest:.6g}, no growth"
            )
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            rests_on=tuple(step.name for step in proof if isinstance(step, Cited)),
            smallest=smallest,
            worst=worst,
            worst_ratio=ratio,
            experiment=self.experiment.name,
            trends=trends,
            divergence=checked_steps(zip(proof, statuses, strict=True)),
            details={
                "reference constant": reference,
                "accepted": tally.accepted,
                "domain": self.experiment.domain.describe(),
            },
            seconds=time.perf_counter() - begin,
        )


def hidden_constant(claim: Claim, name: str | None = None) -> str:
    """The name of the constant that a claim "up to a constant" leaves open: the given one, the hidden, or the only one.

    Raises ValueError where the claim does not have it, or has several that it could be.
    """
    hidden = [key for key, constant in claim.constants.items() if constant.hidden]
    candidates = [name] if name is not None else hidden or list(claim.constants)
    if name is None and len(candidates) > 1 and "K" in candidates:
        candidates = ["K"]
    if len(candidates) != 1 or candidates[0] not in claim.constants:
        raise ValueError(
            f"constant must name one of {claim.id}'s constants {sorted(claim.constants) or 'none'}; got {name!r}"
        )
    return candidates[0]


def _trend(axis: Axis, needed: Needed) -> Trend:
    constants = [_largest([number(needed(instance)) for instance in axis.family(value)]) for value in axis.values]
    first, last = constants[0], constants[-1]
    increasing = all(a < b for a, b in pairwise(constants))
    grows = math.inf in constants or (increasing and first > 0 and last > GROWTH * first)
    span = math.log(axis.values[-1]) - math.log(axis.values[0])
    slope = math.log(last / first) / span if 0 < first < math.inf and 0 < last < math.inf else math.nan
    return Trend(
        values=tuple(map(float, axis.values)),
        constants=tuple(constants),
        slope=slope,
        largest=_largest(constants),
        grows=grows,
        text=axis.text,
    )


def _largest(constants: Sequence[float]) -> float:
    """The largest constant; nan where one is, or where there is none (Python's max would drop it)."""
    return math.nan if not constants or any(map(math.isnan, constants)) else max(constants)


def linear_constant(experiment: Experiment) -> Callable[[Claim], Needed]:
    """The smallest K where K multiplies the whole right side: K_ref · left/right."""

    def compile_claim(claim: Claim) -> Needed:
        evaluate = experiment.sides(claim)
        reference = enclose(claim.constants[hidden_constant(claim)].value, {}, precision=PRECISION)

        def needed(instance: Instance) -> arb:
            left, right = evaluate(dict(instance))
            if bool(left <= 0) and bool(right >= 0):
                return arb(0)
            if bool(left > 0) and bool(right <= 0):
                return arb("inf")
            return reference * left / right if bool(right > 0) else arb.nan()

        return needed

    return compile_claim


Violation = Callable[[Instance, arb], tuple[arb, arb]]
"""(violation probability, δ) at an instance and a constant."""


def bisected_constant(violation: Callable[[Claim], Violation]) -> Callable[[Claim], Needed]:
    """The smallest K at which a violation probability that falls with K is at most δ, to seven digits."""

    def compile_claim(claim: Claim) -> Needed:
        evaluate = violation(claim)

        def needed(instance: Instance) -> arb:
            low, high = arb(2) ** -200, arb(2) ** 200
            probability, delta = evaluate(instance, high)
            if not _allowed((probability, delta)):  # refused for certain, or not a number
                return arb("inf") if bool(probability > delta) else arb.nan()
            for _ in range(400):
                middle = (low * high).sqrt().mid()
                low, high = (low, middle) if _allowed(evaluate(instance, middle)) else (middle, high)
                if number(high / low) < 1 + 1e-7:
                    break
            return high

        return needed

    return compile_claim


def _allowed(sides: tuple[arb, arb]) -> bool:
    probability, delta = sides
    return bool(probability <= delta)
