"""A plan: the methods that confront one claim with evidence, and the verdict that the ledger expects of them."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from numerics.checks.extras import MissingExtraError
from theory.statement import Claim
from verify.evidence.budget import Context
from verify.evidence.confrontation import Experiment
from verify.evidence.verdict import Evidence, Verdict


class Method(Protocol):
    """Anything that turns a claim (or a mutant of it) into evidence."""

    @property
    def method(self) -> str:
        """The method's name, e.g. ``search``."""
        ...

    def run(self, claim: Claim, context: Context) -> Evidence:
        """Produce the evidence."""
        ...


@dataclass(frozen=True, kw_only=True)
class Around:
    """The base of a method that runs another one, by whose name and on whose experiment."""

    inner: Method

    @property
    def method(self) -> str:
        """The inner method's name."""
        return self.inner.method

    @property
    def experiment(self) -> Experiment | None:
        """The inner method's experiment."""
        return getattr(self.inner, "experiment", None)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The methods for one claim, cheapest refutation first (mutants stop at the first refutation)."""

    claim: str
    expected: Verdict
    methods: tuple[Method, ...]

    def run(self, claim: Claim, context: Context) -> Iterator[Evidence]:
        """Each method's evidence about the claim (or a mutant of it), when it is asked for, in the plan's order."""
        for index, method in enumerate(self.methods):
            yield run_method(method, claim, context.at(f"{index}:{method.method}"))

    @property
    def experiments(self) -> Mapping[str, Experiment]:
        """The experiments of the plan's methods by name (a witness is replayed on one of them)."""
        found = (getattr(method, "experiment", None) for method in self.methods)
        return {experiment.name: experiment for experiment in found if experiment is not None}


def run_method(method: Method, claim: Claim, context: Context) -> Evidence:
    """One method's evidence; a fault in a method becomes UNDECIDED evidence with the error, never a silent pass.

    A method whose optional part is not installed is SKIPPED, with the remedy.
    """
    begin = time.perf_counter()
    try:
        return method.run(claim, context)
    except MissingExtraError as error:
        return Evidence(
            method=method.method, verdict=Verdict.SKIPPED, seconds=time.perf_counter() - begin, summary=str(error)
        )
    except Exception as error:  # a method's fault must not end the audit of the others
        return Evidence(
            method=method.method,
            verdict=Verdict.UNDECIDED,
            seconds=time.perf_counter() - begin,
            summary=f"{type(error).__name__}: {error}",
            error="".join(traceback.format_exception(error)),
        )
