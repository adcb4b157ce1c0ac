"""Sequential statistical evidence: violation counts and bounded means against a claim, at a stated error level."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from numerics.statistics.sequential import BernoulliTest, BoundedMeanTest, run
from theory.statement import Claim
from verify.evidence.budget import Budget, Context
from verify.evidence.confrontation import Experiment
from verify.evidence.domain import Instance
from verify.evidence.verdict import Evidence, Verdict, Witness

Blocks = Iterator[tuple[int, int]]
Values = Iterator[np.ndarray]
Row = dict[str, Any]
"""What a report says of one test."""


@dataclass(frozen=True, kw_only=True)
class ViolationTest:
    """Test "with probability >= 1−δ" on a list of instances by counting violations.

    ``sample(claim, instance, seed, kind)`` yields (violations, trials) blocks; ``kind`` is "lower" for counts that
    never exceed the truth (used to refute) and "upper" for counts that never fall below it (used to support); exact
    samplers ignore it. ``bound(instance)`` is δ. ``instances`` may depend on the budget. One anytime-valid e-process
    per instance and kind; α is split over them, so that the evidence as a whole errs with probability at most the
    budget's α. ``experiment`` can replay a refutation, on the instance that ``replayed(instance, trials, context)``
    makes of the one refuted.
    """

    instances: Sequence[Instance] | Callable[[Budget], Sequence[Instance]]
    sample: Callable[[Claim, Instance, np.random.SeedSequence, str], Blocks]
    bound: Callable[[Instance], float]
    kinds: tuple[str, ...] = ("exact",)
    experiment: Experiment | None = None
    replayed: Callable[[Instance, int, Context], Instance] = lambda instance, _trials, _context: instance
    method: str = "statistical"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Run the tests, stop at the first refutation."""
        begin = time.perf_counter()
        instances = self.instances(context.budget) if callable(self.instances) else self.instances
        alpha = context.budget.alpha / (len(instances) * len(self.kinds))
        rows: list[Row] = []
        decisions: list[str] = []
        witness: Witness | None = None
        for index, instance in enumerate(instances):
            decided = "undecided"
            for kind in self.kinds:
                delta = self.bound(instance)
                test = BernoulliTest(bound=delta, alpha=alpha)
                seed = context.at(str(index), kind).sequence()
                result = run(test, self.sample(claim, instance, seed, kind), context.budget.samples)
                low, high = result.interval
                rate = test.violations / max(test.trials, 1)
                rows.append(
                    {
                        "instance": dict(instance),
                        "kind": kind,
                        "decision": result.decision,
                        "violations": test.violations,
                        "samples": test.trials,
                        "interval": [low, high],
                        "delta": delta,
                        "alpha": alpha,
                    }
                )
                if result.decision == "refuted" and kind != "upper":
                    decided = "refuted"
                    witness = witness or Witness(
                        instance=self.replayed(instance, test.trials, context),
                        left=rate,
                        right=delta,
                        ratio=_ratio(rate, delta),
                        note=f"violation probability in [{low:.6g}, {high:.6g}] at level {alpha:.1e}",
                    )
                elif result.decision == "supported" and kind != "lower" and decided != "refuted":
                    decided = "supported"
            decisions.append(decided)
            if decided == "refuted":
                break
        found = _evidence(self.method, decisions, rows, witness=witness, alpha=context.budget.alpha, begin=begin)
        return replace(found, experiment=self.experiment.name if self.experiment and witness else None)


@dataclass(frozen=True, kw_only=True)
class MeanTest:
    """Test "in expectation" on a list of instances: left sides in a known range, their mean against the bound.

    ``sample(claim, instance, seed)`` yields arrays of left sides; ``limits(claim, instance)`` gives (lower, upper,
    bound) as floats.
    """

    instances: Sequence[Instance]
    sample: Callable[[Claim, Instance, np.random.SeedSequence], Values]
    limits: Callable[[Claim, Instance], tuple[float, float, float]]
    method: str = "statistical"

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Bet against the claim and against its negation, until one side has won or the samples are spent."""
        begin = time.perf_counter()
        alpha = context.budget.alpha / len(self.instances)
        rows: list[Row] = []
        decisions: list[str] = []
        witness: Witness | None = None
        for index, instance in enumerate(self.instances):
            lower, upper, bound = self.limits(claim, instance)
            test = BoundedMeanTest(lower=lower, upper=upper, bound=bound, alpha=alpha)
            blocks, means = _watched(self.sample(claim, instance, context.at(str(index)).sequence()))
            result = run(test, blocks, context.budget.samples)
            mean = float(np.average([m for m, _ in means], weights=[n for _, n in means]))
            rows.append(
                {
                    "instance": dict(instance),
                    "decision": result.decision,
                    "samples": result.samples,
                    "mean": mean,
                    "interval": list(result.interval),
                    "bound": bound,
                    "range": [lower, upper],
                    "alpha": alpha,
                }
            )
            if test.decision == "refuted":
                witness = witness or Witness(
                    instance=instance,
                    left=mean,
                    right=bound,
                    ratio=_ratio(mean, bound),
                    note=f"mean of {result.samples} samples, level {alpha:.1e}",
                )
            decisions.append(test.decision)
        return _evidence(self.method, decisions, rows, witness=witness, alpha=context.budget.alpha, begin=begin)


def _ratio(left: float, right: float) -> float:
    """How often the left side of a violation (left > right) holds the right one."""
    if right > 0:
        return left / right
    return right / left if left < 0 else math.inf


def _watched(blocks: Values) -> tuple[Values, list[tuple[float, int]]]:
    """The blocks, and a list that fills with their means and sizes as they are drawn."""
    means: list[tuple[float, int]] = []

    def passed() -> Values:
        for block in blocks:
            means.append((float(np.mean(block)), len(block)))
            yield block

    return passed(), means


def _evidence(
    method: str,
    decisions: Sequence[str],
    rows: Sequence[Instance],
    *,
    witness: Witness | None,
    alpha: float,
    begin: float,
) -> Evidence:
    samples = sum(row["samples"] for row in rows)
    supported = sum(decision == "supported" for decision in decisions)
    if witness is not None:
        verdict, summary = Verdict.REFUTED, f"ratio {witness.ratio:.4g}, {witness.note}"
    elif supported == len(decisions):
        verdict = Verdict.SUPPORTED
        summary = f"at {supported} instance{'s' * (supported != 1)}, N = {samples:,}, α = {alpha:.0e}, anytime-valid"
    else:
        undecided = len(decisions) - supported
        verdict = Verdict.UNDECIDED
        summary = f"{undecided} of {len(decisions)} instances undecided after N = {samples:,}"
    return Evidence(
        method=method,
        verdict=verdict,
        summary=summary,
        instances=len(decisions),
        level=alpha,
        details={"alpha": alpha, "tests": list(rows)},
        smallest=witness,
        worst=witness,
        worst_ratio=witness.ratio if witness else None,
        seconds=time.perf_counter() - begin,
    )
