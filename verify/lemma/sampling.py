"""What a lemma's sample gives: violations and values for the tests, and a cross-check of what is given exactly."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import sympy as sp
from flint import arb

from numerics.statistics.sequential import BernoulliTest
from theory.statement import Claim
from verify.balls.numbers import working_precision
from verify.evidence.budget import Context
from verify.evidence.confrontation import PRECISION, number, value_of
from verify.evidence.domain import Domain, Instance
from verify.evidence.measured import compare
from verify.evidence.plan import Around
from verify.evidence.staged import Means, Violations
from verify.evidence.verdict import Evidence, Verdict
from verify.lemma.functions import TRUST, FunctionError, Given, at, draw
from verify.lemma.instances import instances
from verify.lemma.reading import ProbabilitySides, Reading, probability_of, refuse_other_left

CHECKED = 4
"""Instances of a cross-check."""
_BLOCK = 1000
_SIGMAS = 8.0
"""Standard errors that a mean may lie off: by the normal law a false alarm once in 10¹⁵."""


def float_of(expr: sp.Expr, reading: Reading, instance: Mapping[str, Any]) -> float:
    """An expression at an instance as a float, by its enclosure."""
    with working_precision(PRECISION):
        return number(value_of(expr, reading(instance)))


@dataclass(frozen=True, kw_only=True)
class Sampler:
    """A sample beside the left side that it speaks of: truth values, values of the left side, or values by symbol."""

    sample: Given
    reading: Reading
    left: sp.Expr

    def counts(self, claim: Claim, instance: Instance) -> Callable[[np.random.Generator, int], tuple[int, int]]:
        """Draws of (certain, possible) violations at an instance."""
        right = claim.right()
        known = {str(symbol) for symbol in (*self.reading.numbers.values(), *self.reading.measure)}
        fixed = all(str(symbol) in known for symbol in right.free_symbols)
        bound = float_of(right, self.reading, instance) if fixed else math.nan

        def drawn(rng: np.random.Generator, size: int) -> tuple[int, int]:
            values = draw(self.sample, instance, rng, size, bound)
            if isinstance(values, dict):
                return self._compared(claim, instance, values)
            refuse_other_left(claim, self.left, "sample")
            if not fixed:
                missing = sorted({str(symbol) for symbol in right.free_symbols} - known)
                raise FunctionError(
                    f"sample must return a dict with the values of {', '.join(missing)} too, for the right side holds "
                    f"{missing[0]}; got an array"
                )
            if values.dtype.kind == "b":
                if "bound" not in self.sample.takes:
                    raise FunctionError(
                        "sample returned truth values and takes no bound: another right side would go unseen; return "
                        "values of the left side, or take bound=, the right side's value"
                    )
                count = int(values.sum())
                return count, count
            slack = TRUST * (np.abs(values) + abs(bound))
            return int((values > bound + slack).sum()), int((values > bound - slack).sum())

        return drawn

    def _compared(self, claim: Claim, instance: Instance, values: dict[str, np.ndarray]) -> tuple[int, int]:
        with working_precision(PRECISION):
            own = {str(symbol): number(ball) for symbol, ball in self.reading(instance).items()}
        found = compare(claim, {**own, **values}, error=TRUST)
        if not found.known.all():
            raise FunctionError(
                f"sample's values must give both sides numbers; got NaN or overflow at {at(instance)}; exclude such "
                "instances with given"
            )
        return int(found.wrong.sum()), int((found.left > found.right - found.slack).sum())

    def violations(self, claim: Claim) -> Violations:
        """The trials of a claim "with probability"."""
        level = 1 - probability_of(claim)
        return Violations(
            draw=lambda instance, rng, size: self.counts(claim, instance)(rng, size),
            level=lambda instance: float_of(level, self.reading, instance),
        )

    def means(self, claim: Claim, limits: tuple[sp.Expr, sp.Expr]) -> Means:
        """The trials of a claim "in expectation", whose left side lies in the range ``limits``."""
        refuse_other_left(claim, self.left, "sample")
        right = claim.right()

        def ends(instance: Instance) -> tuple[float, float, float]:
            low, high, bound = (float_of(expr, self.reading, instance) for expr in (*limits, right))
            return low, high, bound

        def values(instance: Instance, rng: np.random.Generator, size: int) -> np.ndarray:
            found = self.values(instance, rng, size)
            low, high, _ = ends(instance)
            if found.min() < low or found.max() > high:
                raise FunctionError(
                    f"sample must lie in the range ({low:g}, {high:g}) that expectation states; got "
                    f"[{found.min():g}, {found.max():g}] at {at(instance)}; state the true range, the test rests on it"
                )
            return found

        return Means(draw=values, limits=ends)

    def values(self, instance: Instance, rng: np.random.Generator, size: int) -> np.ndarray:
        """Values of the left side."""
        found = draw(self.sample, instance, rng, size)
        if isinstance(found, dict) or found.dtype.kind == "b":
            raise FunctionError(
                f"sample must return an array of values of the left side here; got "
                f"{'a dict' if isinstance(found, dict) else 'truth values'} at {at(instance)}"
            )
        return found


# Cross-check ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CrossCheck:
    """Compare a sample with what is given exactly, at a few instances, before the exact numbers are believed.

    ``compared(instance, seed, samples)`` gives a disagreement in words, or None. The evidence is about the inputs: it
    does not speak for the claim, but where they disagree nothing does.
    """

    domain: Domain
    name: str
    compared: Callable[[Instance, np.random.SeedSequence, int], str | None]
    method: str = "cross-check"
    _found: dict[tuple[str, int], str | None] = field(default_factory=dict, compare=False, repr=False)

    def disagreement(self, context: Context) -> str | None:
        """The first disagreement of sample and exact numbers; the same for every claim that is checked."""
        key = (context.budget.name, context.seed)
        if key not in self._found:
            cell = replace(context, path=("cross-check",))
            rng = np.random.default_rng(cell.at("instances").sequence())
            chosen = instances(self.domain, CHECKED, rng)
            seeds = (cell.at(str(index)).sequence() for index in range(len(chosen)))
            answers = (
                self.compared(instance, seed, context.budget.samples // 10)
                for instance, seed in zip(chosen, seeds, strict=True)
            )
            self._found[key] = next((answer for answer in answers if answer), None)
        return self._found[key]

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Say whether the two agree."""
        begin = time.perf_counter()
        found = self.disagreement(context)
        return Evidence(
            method=self.method,
            verdict=Verdict.UNDECIDED if found else Verdict.SUPPORTED,
            about="inputs",
            error=found,
            summary=found or f"sample and {self.name} agree at {CHECKED} instances",
            seconds=time.perf_counter() - begin,
        )


@dataclass(frozen=True, kw_only=True)
class Checked(Around):
    """A method whose numbers were cross-checked: where they disagree with the sample, it says nothing."""

    check: CrossCheck

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Run the inner method if sample and exact numbers agree."""
        found = self.check.disagreement(context)
        if found:
            return Evidence(method=self.method, verdict=Verdict.UNDECIDED, summary=f"not run: {found}")
        return self.inner.run(claim, context)


def probabilities_agree(
    claim: Claim, sampler: Sampler, sides: ProbabilitySides
) -> Callable[[Instance, np.random.SeedSequence, int], str | None]:
    """Compare the violations' frequency with their exact probability, at the right side."""

    def compared(instance: Instance, seed: np.random.SeedSequence, samples: int) -> str | None:
        test = {kind: BernoulliTest(bound=0.5, alpha=1e-9) for kind in ("lower", "upper")}
        rng, drawn = np.random.default_rng(seed), sampler.counts(claim, instance)
        while test["lower"].trials < samples:
            certain, possible = drawn(rng, _BLOCK)
            test["lower"].update(certain, _BLOCK)
            test["upper"].update(possible, _BLOCK)
        with working_precision(PRECISION):
            exact, _ = sides(claim)(instance)
        low, high = test["lower"].interval()[0], test["upper"].interval()[1]
        if bool(exact < low) or bool(exact > high):
            return (
                f"violation gives {number(exact):.6g}, the sample [{low:.6g}, {high:.6g}] (level 1e-9), at "
                f"{at(instance)}; one of the two is wrong"
            )
        return None

    return compared


def means_agree(
    name: str, exact: Callable[[Instance], arb], values: Callable[[Instance, np.random.Generator, int], np.ndarray]
) -> Callable[[Instance, np.random.SeedSequence, int], str | None]:
    """Compare a sample's mean with an exact number, by the standard error."""

    def compared(instance: Instance, seed: np.random.SeedSequence, samples: int) -> str | None:
        rng = np.random.default_rng(seed)
        found = np.concatenate([values(instance, rng, _BLOCK) for _ in range(max(samples // _BLOCK, 1))])
        with working_precision(PRECISION):
            wanted = number(exact(instance))
        error = _SIGMAS * float(found.std()) / math.sqrt(len(found)) + TRUST * (
            abs(wanted) + float(np.abs(found).max())
        )
        if abs(float(found.mean()) - wanted) > error:
            return (
                f"{name} gives {wanted:.6g}, the sample's mean is {found.mean():.6g} ± {error:.2g} "
                f"({_SIGMAS:g} standard errors), at {at(instance)}; one of the two is wrong"
            )
        return None

    return compared
