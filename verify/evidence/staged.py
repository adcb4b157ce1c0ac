"""Statistical evidence in two stages: pilot samples point at suspect instances, fresh samples decide there.

Looking for the worst of many instances and testing on the same samples would refute true claims; so the streams of the
two stages are independent, and α is split over the instances that are tested.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from flint import arb

from numerics.statistics.sequential import BernoulliTest, BoundedMeanTest
from theory.statement import Claim
from verify.evidence.budget import Context
from verify.evidence.confrontation import Evaluator, Experiment, Sides
from verify.evidence.domain import Array, Choice, Domain, Field, Instance, Integer
from verify.evidence.search import explore
from verify.evidence.statistical import _evidence, _ratio
from verify.evidence.verdict import Evidence, Verdict, Witness

SUSPECTS = 4
_PILOT, _BLOCKS = 400, (64, 8192)
_REPLAYED = 100_000
_SIGMAS = 2.0
_CELLS = 6  # a suspect is another one if it lies in another of these parts of some range


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """The two sides as a few samples show them, the left one lowered by its uncertainty, and how suspect that is."""

    left: float
    right: float
    score: float


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A test's decision at an instance ("supported", "refuted" or "undecided"), the sides, the interval of the left."""

    decision: str
    left: float
    right: float
    interval: tuple[float, float]
    samples: int


class Trials(Protocol):
    """A claim's left side as it can be sampled at an instance."""

    def pilot(self, instance: Instance, rng: np.random.Generator, size: int) -> Pilot:
        """Look at a few samples."""
        ...

    def test(self, instance: Instance, rng: np.random.Generator, alpha: float, samples: int) -> Decided:
        """Sample until an anytime-valid test decides, or the samples are spent."""
        ...

    def estimate(self, instance: Instance, rng: np.random.Generator, size: int) -> Sides:
        """Both sides from ``size`` samples, rounded up to blocks."""
        ...


@dataclass(frozen=True, kw_only=True)
class Violations:
    """Counts of violations: ``draw`` gives the certain and the possible ones, which rounding keeps apart.

    ``level`` is the failure probability δ that the claim allows at the instance.
    """

    draw: Callable[[Instance, np.random.Generator, int], tuple[int, int]]
    level: Callable[[Instance], float]

    def pilot(self, instance: Instance, rng: np.random.Generator, size: int) -> Pilot:
        """The Wilson lower limit of the violations' frequency over δ."""
        certain, _ = self.draw(instance, rng, size)
        level = self.level(instance)
        low = _wilson(certain / size, size)
        return Pilot(left=low, right=level, score=low / level if level > 0 else math.inf * low if low else 0.0)

    def estimate(self, instance: Instance, rng: np.random.Generator, size: int) -> Sides:
        """The frequency of certain violations, and δ."""
        count = -(-size // _BLOCKS[1])
        seen = sum(self.draw(instance, rng, _BLOCKS[1])[0] for _ in range(count))
        return arb(seen / (count * _BLOCKS[1])), arb(self.level(instance))

    def test(self, instance: Instance, rng: np.random.Generator, alpha: float, samples: int) -> Decided:
        """Refute by certain violations, support by possible ones."""
        level = self.level(instance)
        refuting, supporting = (BernoulliTest(bound=level, alpha=alpha / 2) for _ in range(2))
        size = _BLOCKS[0]
        while refuting.trials < samples and refuting.decision != "refuted" and supporting.decision != "supported":
            certain, possible = self.draw(instance, rng, size)
            refuting.update(certain, size)
            supporting.update(possible, size)
            size = min(2 * size, _BLOCKS[1])
        refuted = refuting.decision == "refuted"
        return Decided(
            decision="refuted" if refuted else "supported" if supporting.decision == "supported" else "undecided",
            left=refuting.violations / max(refuting.trials, 1),
            right=level,
            interval=(refuting.interval()[0], supporting.interval()[1]),
            samples=refuting.trials,
        )


@dataclass(frozen=True, kw_only=True)
class Means:
    """Values of the left side in a stated range: ``limits`` gives its ends and the bound on the expectation."""

    draw: Callable[[Instance, np.random.Generator, int], np.ndarray]
    limits: Callable[[Instance], tuple[float, float, float]]

    def pilot(self, instance: Instance, rng: np.random.Generator, size: int) -> Pilot:
        """The mean less its standard errors, against the bound."""
        values = self.draw(instance, rng, size)
        low, high, bound = self.limits(instance)
        left = float(values.mean() - _SIGMAS * values.std() / math.sqrt(size))
        return Pilot(left=left, right=bound, score=(left - bound) / (high - low) if high > low else left - bound)

    def estimate(self, instance: Instance, rng: np.random.Generator, size: int) -> Sides:
        """The mean, and the bound."""
        means = [float(self.draw(instance, rng, _BLOCKS[1]).mean()) for _ in range(-(-size // _BLOCKS[1]))]
        return arb(float(np.mean(means))), arb(self.limits(instance)[2])

    def test(self, instance: Instance, rng: np.random.Generator, alpha: float, samples: int) -> Decided:
        """Bet against the claim and against its negation; a bound outside the range needs no samples."""
        low, high, bound = self.limits(instance)
        if not low < bound < high:
            decision = "supported" if bound >= high else "refuted" if bound < low else "undecided"
            return Decided(
                decision=decision, left=high if bound >= high else low, right=bound, interval=(low, high), samples=0
            )
        test = BoundedMeanTest(lower=low, upper=high, bound=bound, alpha=alpha)
        total, size = 0.0, _BLOCKS[0]
        while test.samples < samples and test.decision == "undecided":
            values = self.draw(instance, rng, size)
            total += float(values.sum())
            test.update(values)
            size = min(2 * size, _BLOCKS[1])
        return Decided(
            decision=test.decision,
            left=total / test.samples,
            right=bound,
            interval=test.interval(),
            samples=test.samples,
        )


@dataclass(frozen=True, kw_only=True)
class Staged:
    """Test a claim "with probability" or "in expectation" where a search on pilot samples finds it most suspect."""

    domain: Domain
    trials: Callable[[Claim], Trials]
    measures: str
    method: str = "statistical"

    @property
    def experiment(self) -> Experiment:
        """The experiment that replays a refutation: the frequency or mean of fresh samples at the instance."""

        def sides(claim: Claim) -> Evaluator:
            trials = self.trials(claim)
            return lambda instance: trials.estimate(instance, np.random.default_rng(0), _REPLAYED)

        return Experiment(name="fresh-samples", domain=self.domain, sides=sides, measures=self.measures)

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Search on pilot samples, then test at the suspects until one is refuted."""
        begin = time.perf_counter()
        trials = self.trials(claim)
        suspects, seen = self._suspects(claim, trials, context)
        rows: list[dict[str, Any]] = []
        decisions: list[str] = []
        witness: Witness | None = None
        alpha = context.budget.alpha / max(len(suspects), 1)
        for index, instance in enumerate(suspects):
            rng = np.random.default_rng(context.at("fresh", str(index)).sequence())
            found = trials.test(instance, rng, alpha, context.budget.samples)
            low, high = found.interval
            rows.append(
                {
                    "instance": dict(instance),
                    "decision": found.decision,
                    "samples": found.samples,
                    "left": found.left,
                    "right": found.right,
                    "interval": [low, high],
                    "alpha": alpha,
                }
            )
            decisions.append(found.decision)
            if found.decision == "refuted":
                witness = Witness(
                    instance=instance,
                    left=found.left,
                    right=found.right,
                    ratio=_ratio(found.left, found.right),
                    note=f"{self.measures}: in [{low:.6g}, {high:.6g}] at level {alpha:.1e}",
                )
                break
        if not suspects:
            return Evidence(
                method=self.method,
                verdict=Verdict.VACUOUS,
                summary="no instance met the hypotheses",
                seconds=time.perf_counter() - begin,
            )
        found = _evidence(self.method, decisions, rows, witness=witness, alpha=context.budget.alpha, begin=begin)
        ratios = [_ratio(row["left"], row["right"]) if row["left"] > 0 else 0.0 for row in rows]
        ratio, row = max(zip(ratios, rows, strict=True), key=lambda pair: pair[0])
        return replace(
            found,
            summary=f"{found.summary}; the most suspect of {seen} instances",
            experiment=self.experiment.name,
            worst_ratio=ratio,
            nearest=Witness(instance=row["instance"], left=row["left"], right=row["right"], ratio=ratio),
            details={**found.details, "domain": self.domain.describe(), "seen": seen},
        )

    def _suspects(self, claim: Claim, trials: Trials, context: Context) -> tuple[list[Instance], int]:
        """The instances with the highest scores, one from each part of the domain, and how many were looked at."""
        seen: list[tuple[float, float, Instance]] = []
        sequence = context.at("pilot").sequence()

        def evaluate(instance: Instance) -> Sides:
            # the same stream at every instance, so that the search climbs a fixed landscape
            found = trials.pilot(instance, np.random.default_rng(sequence), _PILOT)
            seen.append((found.score, found.right, dict(instance)))
            return arb(found.left), arb(found.right)

        experiment = Experiment(name="pilot", domain=self.domain, sides=lambda _claim: evaluate)
        budget = replace(context.budget, polish=max(context.budget.polish // 4, 10))
        explore(claim, experiment, evaluate, replace(context.at("pilot"), budget=budget, first_refutation=False))
        chosen: dict[tuple[Any, ...], Instance] = {}
        for _, _, instance in sorted(seen, key=lambda entry: entry[:2], reverse=True):
            chosen.setdefault(_cell(self.domain, instance), instance)
            if len(chosen) == SUSPECTS:
                break
        return list(chosen.values()), len(seen)


def _wilson(rate: float, size: int) -> float:
    """Wilson's lower limit of a frequency, at two standard deviations."""
    z = _SIGMAS**2 / size
    middle, half = rate + z / 2, math.sqrt(z * (rate * (1 - rate) + z / 4))
    return max((middle - half) / (1 + z), 0.0)


def _cell(domain: Domain, instance: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(_part(entry, instance[name]) for name, entry in domain.fields.items())


def _part(entry: Field, value: Any) -> Any:
    """Which of a few equal parts of its range a value lies in; the average of an array."""
    if isinstance(entry, Choice):
        return value
    scale = entry.element if isinstance(entry, Array) else entry
    number = float(np.mean(value))
    low, high = float(scale.low), float(scale.high)
    if low > 0 and (high > 100 * low if isinstance(scale, Integer) else scale.log):
        low, high, number = math.log(low), math.log(high), math.log(number)
    return round(_CELLS * (number - low) / (high - low)) if high > low else 0
