"""Audits of ``≲``: the smallest constant that a statement needs, and its trend along what it may not depend on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flint import arb

from theory.statement import Claim
from verify.balls.enclosures import enclose
from verify.balls.numbers import working_precision
from verify.evidence.budget import Context
from verify.evidence.confrontation import PRECISION, Experiment, number
from verify.evidence.domain import Instance
from verify.evidence.growth import FLAT, fitted_law, grows
from verify.evidence.search import Tally, explore, named, witnesses
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
    """Measure the smallest constant of a claim "up to a constant", at any instance and along every axis.

    ``needed(claim)`` compiles to the smallest constant at an instance. ``divergence(claim)`` are the steps of a proof
    that no constant works; its steps must use the claim's own expressions. ``constant``: its name, where the claim has
    several.

    REFUTED with a proof, or where the constant grows beyond every limit as far as can be measured (`Trend.diverges`).
    UNDECIDED where it grows at every step towards no limit, or one above the reference value, or where an instance
    needs more than the reference value; SEARCHED where that value suffices.
    """

    experiment: Experiment
    needed: Callable[[Claim], Needed]
    axes: tuple[Axis, ...]
    divergence: Callable[[Claim], Sequence[Step]] | None = None
    constant: str | None = None
    method: str = "scaling"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Trace the constant along every axis, and search the domain at its reference value."""
        begin = time.perf_counter()
        with working_precision(PRECISION):
            needed = self.needed(claim)
            trends = {axis.parameter: _trend(axis, needed) for axis in self.axes}
        proof = list(self.divergence(claim)) if self.divergence else []
        statuses = [step.check() for step in proof]
        proved = any(not isinstance(step, Cited) for step in proof) and all(
            status is Status.VERIFIED for status in statuses
        )
        evaluate = self.experiment.sides(claim)
        tally = explore(claim, self.experiment, evaluate, context)
        name = hidden_constant(claim, self.constant)
        reference = number(enclose(claim.constants[name].value, {}, precision=PRECISION))
        verdict, summary = _verdict(name, reference, trends, tally, proved=proved)
        smallest = worst = None
        if verdict is Verdict.REFUTED and tally.violations:
            smallest, worst = witnesses(claim, self.experiment, evaluate, tally, context)
        return Evidence(
            method=self.method,
            verdict=verdict,
            summary=summary,
            rests_on=tuple(step.name for step in proof if isinstance(step, Cited)),
            smallest=smallest,
            worst=worst,
            nearest=None if tally.worst is None else tally.worst[1].witness(tally.worst[0]),
            worst_ratio=worst.ratio if worst is not None else tally.ratio,
            experiment=self.experiment.name,
            instances=tally.accepted,
            trends=trends,
            divergence=checked_steps(zip(proof, statuses, strict=True)),
            details={
                "reference constant": reference,
                "accepted": tally.accepted,
                "domain": self.experiment.domain.describe(),
            },
            seconds=time.perf_counter() - begin,
        )


def _verdict(
    name: str, reference: float, trends: Mapping[str, Trend], tally: Tally, *, proved: bool
) -> tuple[Verdict, str]:
    diverging = {parameter: trend for parameter, trend in trends.items() if trend.diverges}
    growing = {parameter: trend for parameter, trend in trends.items() if trend.grows and not trend.diverges}
    grown = "".join(f"; {_growth(name, parameter, trend)}" for parameter, trend in growing.items())
    if proved or diverging:
        how = "no constant works (proved)"
        if not proved:
            how = f"no constant up to {max(trend.largest for trend in diverging.values()):.3g} works"
        along = ", ".join(f"{parameter} (like {parameter}^{trend.slope:.2f})" for parameter, trend in diverging.items())
        return Verdict.REFUTED, how + (f"; grows along {along}" if along else "") + grown
    if tally.accepted == 0:
        return Verdict.VACUOUS, "no instance met the hypotheses"
    if tally.violations:
        return Verdict.UNDECIDED, f"needs {name} above {reference:.6g}" + (grown or "; no growth was found")
    if tally.undefined or any(not math.isfinite(trend.largest) for trend in trends.values()):
        first = f", first {named(tally.unknown)}" if tally.unknown is not None else ""
        return Verdict.UNDECIDED, f"NaN or overflow among the instances{first}" + grown
    tends_below = [trend.law is not None and trend.law.limit <= (1 + FLAT) * reference for trend in growing.values()]
    if not all(tends_below):
        return Verdict.UNDECIDED, f"{name} = {reference:.6g} suffices on {tally.accepted} instances" + grown
    largest = max([reference * (tally.ratio or 0.0), *(trend.largest for trend in trends.values())])
    text = f"{name} = {reference:.6g} suffices on {tally.accepted} instances; largest needed {largest:.6g}"
    return Verdict.SEARCHED, text + (grown or ", no growth")


def _growth(name: str, parameter: str, trend: Trend) -> str:
    text = (
        f"{name} grows along {parameter} at every step, from {trend.constants[0]:.3g} to {trend.constants[-1]:.3g} "
        f"over {parameter} = {trend.values[0]:.3g} … {trend.values[-1]:.3g}"
    )
    law = trend.law
    if law is None:
        return f"{text}, by no law that was tried"
    limit = f", towards {law.limit:.4g}" if math.isfinite(law.limit) else "" if math.isnan(law.limit) else ", no limit"
    return f"{text}, like {law.text}{limit}"


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
    rising = grows(constants)
    law = fitted_law(axis.parameter, axis.values, constants) if rising else None
    unlimited = law is None or not math.isfinite(law.limit)
    span = math.log(axis.values[-1]) - math.log(axis.values[0])
    slope = math.log(last / first) / span if 0 < first < math.inf and 0 < last < math.inf else math.nan
    return Trend(
        values=tuple(map(float, axis.values)),
        constants=tuple(constants),
        slope=slope,
        largest=_largest(constants),
        grows=rising or math.inf in constants,
        diverges=math.inf in constants or (rising and unlimited and last > GROWTH * first),
        law=law,
        text=axis.text,
    )


def _largest(constants: Sequence[float]) -> float:
    """The largest constant; nan where one is, or where there is none (Python's max would drop it)."""
    return math.nan if not constants or any(map(math.isnan, constants)) else max(constants)


def linear_constant(experiment: Experiment, constant: str | None = None) -> Callable[[Claim], Needed]:
    """The smallest constant where it multiplies the whole right side: its reference value · left/right."""

    def compile_claim(claim: Claim) -> Needed:
        evaluate = experiment.sides(claim)
        reference = enclose(claim.constants[hidden_constant(claim, constant)].value, {}, precision=PRECISION)

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
